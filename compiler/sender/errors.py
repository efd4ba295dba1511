"""The exceptions of the sender.

Each has a `Failure`, a frozen value that compares by value and is safe to log: keys are masked in all quotes of
requests and responses, and message contents appear only as diagnostics quote them. Its most important field is
`may_have_sent`: True if the service may have accepted the message, so that sending it again could deliver it twice.

    SenderError
    ├── SettingsError             invalid key, URL or session; the message names the setting
    ├── NotCompiledError          the message has errors; nothing was sent
    ├── NetworkError
    │   ├── NotSentError          the network failed before anything was sent
    │   └── MaybeSentError        the network failed after the request may have arrived
    └── ServiceError              the service responded with an error
        ├── AuthenticationError   401
        ├── RejectedError         another 4xx, or a success with an ErrorCode
        ├── RateLimitedError      429, after the last retry
        ├── ServerError           5xx: the message may have been accepted
        ├── InvalidResponseError  a redirect or an unreadable success: the message may have been accepted
        └── NoRecipientAcceptedError   a success that lists no recipient
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.documents import RecipientStatus
from compiler.json_io.control_characters import escape_control_characters
from compiler.results import Diagnostic

_MAX_TEXT_LENGTH = 1000  # characters, so that a log line stays short


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP response; repr omits its contents. `body`: decompressed bytes. `attempts`: the number of calls made."""

    status_code: int
    reason: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    attempts: int = 1

    def header(self, name: str) -> str | None:
        """The value of the first header with this name (case-insensitive)."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """The details of an error.

    `message` and `hint` are for people. `endpoint`: method and URL of the call, None if no call was made; `attempts`:
    the number of calls. `service_code`: the service's `ErrorCode`, else the HTTP status; `service_message`: its error
    message. `retry_after`: the seconds that the service asks to wait, if given. `diagnostics`: the errors of the
    message or of the response. `recipients`, `unexpected` and `warnings`: as in `SendResult`, if the response accepts
    no recipient. `response`: the response, if there is one.
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
    response: HttpResponse | None = field(default=None, repr=False)


class SenderError(Exception):
    """A message was not sent, or may not have been. `failure` has the details; the properties are shortcuts to it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        failure = self.failure
        parts = [_truncate(failure.message)]
        if failure.hint:
            parts.append(f"({_truncate(failure.hint)})")
        if failure.may_have_sent:
            parts.append("- it may have been accepted: check before sending it again")
        return escape_control_characters(" ".join(parts))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, SenderError) and self.failure == other.failure

    def __hash__(self) -> int:
        return hash((type(self), self.failure.message, self.failure.status_code))

    @property
    def may_have_sent(self) -> bool:
        """Whether the service may have accepted the message; sending it again could then deliver it twice."""
        return self.failure.may_have_sent

    @property
    def status_code(self) -> int | None:
        """The HTTP status of the response, if there is one."""
        return self.failure.status_code

    @property
    def service_message(self) -> str | None:
        """The service's error message, if there is one."""
        return self.failure.service_message

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The errors of the message or of the response."""
        return self.failure.diagnostics

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict, without the contents of the response."""
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
            "diagnostics": [diagnostic.to_dict() for diagnostic in failure.diagnostics],
            "requires": [dict(requirement) for requirement in failure.requires],
            "recipients": [dict(recipient) for recipient in failure.recipients],
            "unexpected": [dict(recipient) for recipient in failure.unexpected],
            "warnings": [warning.to_dict() for warning in failure.warnings],
        }


def _truncate(text: str) -> str:
    return text if len(text) <= _MAX_TEXT_LENGTH else f"{text[:_MAX_TEXT_LENGTH]}…"


class SettingsError(SenderError, ValueError):
    """A setting is missing or invalid."""


class NotCompiledError(SenderError):
    """The message has errors, or needs a value that cannot be looked up. Nothing was sent."""


class NetworkError(SenderError):
    """There was no response. `__cause__` is the system error, an OSError without the request."""


class NotSentError(NetworkError):
    """The network failed before anything was sent; sending again is safe."""


class MaybeSentError(NetworkError):
    """The network failed after the request may have arrived; whether the message was accepted is unknown."""


class ServiceError(SenderError):
    """The service responded with an error."""


class AuthenticationError(ServiceError):
    """The service does not accept the API keys."""


class RejectedError(ServiceError):
    """The service rejected the message; `failure.service_code` and `service_message` say why."""


class RateLimitedError(ServiceError):
    """The service limits the rate of calls."""


class ServerError(ServiceError):
    """The service failed, and may have accepted the message first."""


class InvalidResponseError(ServiceError):
    """The response is not one that the service is known to give."""


class NoRecipientAcceptedError(ServiceError):
    """The response lists none of the recipients; `failure` has the status of each."""
