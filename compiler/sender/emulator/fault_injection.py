"""How the emulator misbehaves on request: a table of faults, each an answer, or what is left of one.

A fault says whether the service has taken the message, and what it answers: a whole answer, or bytes, after which the
connection ends in some way. How they get to a socket is the business of `application`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Literal

Ending = Literal["closed", "reset", "held"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `reason`: the phrase of its status line, None for the usual one."""

    status_code: int
    body: bytes = b""
    content_type: str | None = "application/json"
    reason: str | None = None
    location: str | None = None

    @property
    def phrase(self) -> str:
        """The phrase of the status line."""
        return HTTPStatus(self.status_code).phrase if self.reason is None else self.reason

    @property
    def head(self) -> bytes:
        """Status line and headers."""
        lines = [f"HTTP/1.1 {self.status_code} {self.phrase}", f"Content-Length: {len(self.body)}"]
        lines += [] if self.content_type is None or not self.body else [f"Content-Type: {self.content_type}"]
        lines += [] if self.location is None else [f"Location: {self.location}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    @property
    def wire(self) -> bytes:
        """All of it as it goes over the wire."""
        return self.head + self.body


_HTML = "text/html; charset=utf-8"
_ELSEWHERE = "/elsewhere"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave.

    `takes`: whether the message is taken all the same. `answer`: what is answered, given what would be right; bytes are
    written as they are, and then the connection `ends`. `reads`: whether the request's body is read.
    """

    doc: str
    takes: bool
    answer: Callable[[Answer], Answer | bytes]
    ends: Ending = "closed"
    reads: bool = True


def _nothing(good: Answer) -> bytes:
    return b""


def _half_header(good: Answer) -> bytes:
    return good.head[: len(good.head) // 2]


def _half_body(good: Answer) -> bytes:
    return good.head + good.body[: len(good.body) // 2]


def _not_compressed(good: Answer) -> bytes:
    return good.head.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + good.body


def _page(status_code: int, title: str) -> Callable[[Answer], Answer]:
    return _always(Answer(status_code, f"<html><h1>{title}</h1></html>".encode(), _HTML))


def _always(answer: Answer) -> Callable[[Answer], Answer]:
    return lambda good: answer


FAULTS: Mapping[str, Fault] = {
    "reset-before-body": Fault("resets the connection before it reads the body", False, _nothing, "reset", reads=False),
    "reset-after-body": Fault("takes the message, and resets the connection", True, _nothing, "reset"),
    "close-after-body": Fault("takes the message, and closes the connection without a word", True, _nothing),
    "stall": Fault("takes the message, and never answers", True, _nothing, "held"),
    "half-header": Fault("takes the message, and closes in the middle of a header", True, _half_header),
    "half-body": Fault("takes the message, and closes in the middle of its answer", True, _half_body),
    "stall-half-body": Fault("takes the message, and stops in the middle of its answer", True, _half_body, "held"),
    "garbage": Fault("takes the message, and answers what is no HTTP", True, lambda good: b"\x16\x03\x01\0 !\r\n\r\n"),
    "bad-compression": Fault("takes the message, and calls its answer gzip, which it is not", True, _not_compressed),
    "close-silently": Fault("answers as it should, and then closes the connection", True, lambda good: good.wire),
    "wrong-content-type": Fault(
        "answers as it should, but calls it a page", True, lambda good: replace(good, content_type=_HTML)
    ),
    "not-json": Fault("takes the message, and answers 200 with a page", True, _page(200, "Welcome")),
    "see-other": Fault("takes the message, and answers 303", True, _always(Answer(303, location=_ELSEWHERE))),
    "server-error": Fault(
        "takes the message, and answers 500",
        True,
        _always(Answer(500, b'{"ErrorInfo": "", "ErrorMessage": "Unexpected error", "StatusCode": 500}')),
    ),
    "null-value": Fault(
        "answers 500 with the reason in the status line",
        False,
        _always(Answer(500, reason="Cannot convert data from Null value")),
    ),
    "unavailable": Fault("answers 503 with a page", False, _page(503, "Service Unavailable")),
    "redirect": Fault("answers 307, to another URL of its own", False, _always(Answer(307, location=_ELSEWHERE))),
    "unauthorized": Fault("answers 401 with an empty body", False, _always(Answer(401))),
    "rate-limited": Fault("answers 429 with a page", False, _page(429, "Too Many Requests")),
    "empty-400": Fault("answers 400 with an empty body", False, _always(Answer(400))),
    "error-code": Fault(
        "answers 200 with an ErrorCode",
        False,
        _always(Answer(200, b'{"ErrorCode": 17, "Message": "The sender is not active"}')),
    ),
    "nobody": Fault("answers 200, and lists no recipient", False, _always(Answer(200, b'{"Sent": []}'))),
}

DOCS: Mapping[str, str] = {name: fault.doc for name, fault in FAULTS.items()}
"""What each fault is, by its name."""
