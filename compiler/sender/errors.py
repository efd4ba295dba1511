"""What can go wrong with a send, as a small hierarchy of exceptions.

Each carries a `Failure`, a frozen value that compares, and is safe to log: keys are masked in all that quotes a request
or an answer, and of contents it has only what diagnostics quote. What every caller has to know first is
`may_have_sent`: whether the service may have taken the message all the same, so that sending again could send twice.

    SenderError
    ├── SettingsError             a key, the URL or the session will not do; it says what to set
    ├── NotCompiledError          the message has errors; nothing was sent
    ├── NetworkError
    │   ├── NothingSentError      the network failed before anything was sent
    │   └── MaybeSentError        it failed after the request may have arrived
    └── ServiceError              the service answered, and not with a success
        ├── WrongKeyError         401
        ├── RefusedError          another 4xx, or a success with an ErrorCode: its code and words
        ├── RateLimitedError      429, also after the retries
        ├── ServiceFailedError    5xx: it may have taken the message
        ├── UnreadableAnswerError a redirect, or a success that says nothing: likewise
        └── NoRecipientAcceptedError   a success that lists no recipient
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.documents import RecipientStatus
from compiler.json_io.control_characters import visible
from compiler.results import Diagnostic

_LONGEST_TEXT = 1000  # characters; a service can say any number of words, and a log wants one line


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came, not shown by repr. `body`: its bytes, decompressed. `attempts`: the calls it took."""

    status_code: int
    reason: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    attempts: int = 1

    def header(self, name: str) -> str | None:
        """The value of the first header of this name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong.

    `message` and `hint` are for people. `endpoint`: method and URL of the call, None where there was none; `attempts`:
    how many calls were made. `service_code` and `service_message`: the service's own code (its `ErrorCode`, else the
    status) and words. `retry_after`: the seconds that the service asks to wait, where it says so. `diagnostics`: the
    errors of the message or of the answer. `recipients`, `unexpected` and `warnings`: those of an answer that accepts
    nobody, as in `SendResult`. `response`: the answer, where there is one.
    """

    message: str
    hint: str | None = None
    may_have_sent: bool = False
    endpoint: str | None = None
    attempts: int = 0
    status_code: int | None = None
    service_code: int | str | None = None
    service_message: str | None = None
    retry_after: float | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    requires: tuple[Mapping[str, Any], ...] = ()
    recipients: tuple[RecipientStatus, ...] = ()
    unexpected: tuple[RecipientStatus, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    response: Response | None = field(default=None, repr=False)


class SenderError(Exception):
    """A message was not sent, or nobody knows. `failure` has the details, the properties the most wanted of them."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        failure = self.failure
        told = [_clipped(failure.message)]
        if failure.hint:
            told.append(f"({_clipped(failure.hint)})")
        if failure.may_have_sent:
            told.append("- it may have been accepted: look before you send it again")
        return visible(" ".join(told))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, SenderError) and self.failure == other.failure

    def __hash__(self) -> int:
        return hash((type(self), self.failure.message, self.failure.status_code))

    @property
    def may_have_sent(self) -> bool:
        """Whether the service may have taken the message: then sending again can send twice."""
        return self.failure.may_have_sent

    @property
    def status_code(self) -> int | None:
        """The HTTP status of the answer, where there was one."""
        return self.failure.status_code

    @property
    def service_message(self) -> str | None:
        """The service's own words, where it said any."""
        return self.failure.service_message

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The errors of the message, or of the answer."""
        return self.failure.diagnostics

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict without the response's contents."""
        failure = self.failure
        return {
            "error": type(self).__name__,
            "message": failure.message,
            "hint": failure.hint,
            "may_have_sent": failure.may_have_sent,
            "endpoint": failure.endpoint,
            "attempts": failure.attempts,
            "status_code": failure.status_code,
            "service_code": failure.service_code,
            "service_message": failure.service_message,
            "retry_after": failure.retry_after,
            "diagnostics": [each.to_dict() for each in failure.diagnostics],
            "requires": [dict(each) for each in failure.requires],
            "recipients": [dict(each) for each in failure.recipients],
            "unexpected": [dict(each) for each in failure.unexpected],
            "warnings": [each.to_dict() for each in failure.warnings],
        }


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


class SettingsError(SenderError, ValueError):
    """A setting is missing or will not do."""


class NotCompiledError(SenderError):
    """The message has errors, or needs what nobody can look up. Nothing was sent."""


class NetworkError(SenderError):
    """There was no answer. `__cause__` is what the system said, as an OSError without the request."""


class NothingSentError(NetworkError):
    """The network failed before anything was sent: sending again is safe."""


class MaybeSentError(NetworkError):
    """The network failed after the request may have arrived. Nobody knows whether the service took the message."""


class ServiceError(SenderError):
    """The service answered, and not with a success."""


class WrongKeyError(ServiceError):
    """The service does not know this pair of keys."""


class RefusedError(ServiceError):
    """The service refused the message: `failure.service_code` and `service_message` are its code and words."""


class RateLimitedError(ServiceError):
    """The service asks for fewer calls."""


class ServiceFailedError(ServiceError):
    """The service failed, and may have taken the message before."""


class UnreadableAnswerError(ServiceError):
    """The answer is none that the service is known to give."""


class NoRecipientAcceptedError(ServiceError):
    """The service answered with a success that lists none of the recipients: `failure` has the status of each."""
