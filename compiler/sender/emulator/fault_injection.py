"""Fault injection: the table of faults that the emulator can inject into a call.

A fault says whether the emulator accepts the message, and what it responds: a response, or raw bytes and how the
connection ends after them. `send_api` writes them to the socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Literal

Ending = Literal["closed", "reset", "held"]


@dataclass(frozen=True, slots=True)
class EmulatorResponse:
    """An HTTP response. `reason`: the reason phrase of its status line, None for the default."""

    status_code: int
    body: bytes = b""
    content_type: str | None = "application/json"
    reason: str | None = None
    location: str | None = None

    @property
    def phrase(self) -> str:
        """The reason phrase of the status line."""
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
        """The response as bytes on the wire."""
        return self.head + self.body


_HTML = "text/html; charset=utf-8"
_REDIRECT_PATH = "/elsewhere"

_Respond = Callable[[EmulatorResponse], EmulatorResponse | bytes]


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """One fault.

    `accepts`: whether the message is accepted. `respond`: builds the faulty response from the normal one; bytes are
    written as they are, then the connection ends as `ending` says. `reads_body`: whether the request's body is read.
    `fails_first`: whether the first message of the call is rejected, as v3.1 can do.
    """

    description: str
    accepts: bool
    respond: _Respond
    ending: Ending = "closed"
    reads_body: bool = True
    fails_first: bool = False


def _no_bytes(response: EmulatorResponse) -> bytes:
    return b""


def _half_header(response: EmulatorResponse) -> bytes:
    return response.head[: len(response.head) // 2]


def _half_body(response: EmulatorResponse) -> bytes:
    return response.head + response.body[: len(response.body) // 2]


def _false_gzip(response: EmulatorResponse) -> bytes:
    return response.head.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + response.body


def _always(status_code: int, body: bytes = b"", *, reason: str | None = None, location: str | None = None) -> _Respond:
    return lambda _: EmulatorResponse(status_code, body, reason=reason, location=location)


def _page(status_code: int, title: str) -> _Respond:
    return lambda _: EmulatorResponse(status_code, f"<html><h1>{title}</h1></html>".encode(), _HTML)


FAULTS: Mapping[str, InjectedFault] = {
    "reset-before-body": InjectedFault(
        "resets the connection before reading the body", False, _no_bytes, "reset", reads_body=False
    ),
    "reset-after-body": InjectedFault("accepts the message, then resets the connection", True, _no_bytes, "reset"),
    "close-after-body": InjectedFault("accepts the message, then closes without a response", True, _no_bytes),
    "stall": InjectedFault("accepts the message, never responds", True, _no_bytes, "held"),
    "half-header": InjectedFault("accepts the message, closes in the middle of a header", True, _half_header),
    "half-body": InjectedFault("accepts the message, closes in the middle of the response", True, _half_body),
    "stall-half-body": InjectedFault(
        "accepts the message, stalls in the middle of the response", True, _half_body, "held"
    ),
    "garbage": InjectedFault(
        "accepts the message, responds with bytes that are not HTTP", True, lambda _: b"\x16\x03\x01\0 !\r\n\r\n"
    ),
    "bad-compression": InjectedFault("accepts the message, labels its response as gzip", True, _false_gzip),
    "close-silently": InjectedFault(
        "responds normally, then closes the connection", True, lambda response: response.wire
    ),
    "wrong-content-type": InjectedFault(
        "responds normally, but as text/html", True, lambda response: replace(response, content_type=_HTML)
    ),
    "not-json": InjectedFault("accepts the message, responds 200 with an HTML page", True, _page(200, "Welcome")),
    "see-other": InjectedFault("accepts the message, responds 303", True, _always(303, location=_REDIRECT_PATH)),
    "server-error": InjectedFault(
        "accepts the message, responds 500",
        True,
        _always(500, b'{"ErrorInfo": "", "ErrorMessage": "Unexpected error", "StatusCode": 500}'),
    ),
    "null-value": InjectedFault(
        "responds 500 with the reason in the status line",
        False,
        _always(500, reason="Cannot convert data from Null value"),
    ),
    "unavailable": InjectedFault("responds 503 with an HTML page", False, _page(503, "Service Unavailable")),
    "redirect": InjectedFault(
        "responds 307, to another path of the emulator", False, _always(307, location=_REDIRECT_PATH)
    ),
    "unauthorized": InjectedFault("responds 401 with an empty body", False, _always(401)),
    "rate-limited": InjectedFault("responds 429 with an HTML page", False, _page(429, "Too Many Requests")),
    "empty-400": InjectedFault("responds 400 with an empty body", False, _always(400)),
    "error-code": InjectedFault(
        "responds 200 with an ErrorCode",
        False,
        _always(200, b'{"ErrorCode": 17, "Message": "The sender is not active"}'),
    ),
    "first-message-fails": InjectedFault(
        "v3.1: rejects the first message of the call; v3: has no effect",
        True,
        lambda response: response,
        fails_first=True,
    ),
    "nobody": InjectedFault("responds 200 without recipients", False, _always(200, b'{"Sent": []}')),
}

FAULT_DESCRIPTIONS: Mapping[str, str] = {name: fault.description for name, fault in FAULTS.items()}
"""The description of each fault, by name."""
