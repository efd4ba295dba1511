"""The exceptions of sending, with the names and bases of django-anymail's, and with more details.

    AnymailError
    ├── AnymailUnsupportedFeature (ValueError)   Mailjet cannot do what the message asks for
    ├── AnymailInvalidAddress (ValueError)
    ├── AnymailSerializationError (TypeError)    a value is not JSON
    ├── AnymailInvalidMessage (ValueError)       any other error in the message
    │   └── AnymailInvalidHeader                 a line break in a header: also Django's BadHeaderError
    ├── AnymailRecipientsRefused                 no recipient was accepted
    ├── AnymailAPIError
    │   └── AnymailRequestsAPIError              the call failed; also a requests.HTTPError
    └── AnymailCancelSend                        raised by a receiver of pre_send
    AnymailConfigurationError (ImproperlyConfigured)   a setting; not silenced by fail_silently

`diagnostics` are the errors of the message or of the response. `may_have_sent` is True if Mailjet may have accepted the
message, so that sending it again could deliver it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import requests
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.mail.message import BadHeaderError

from compiler.django.anymail_classes import extends_anymail
from compiler.json_io.pointer import parse_pointer
from compiler.results import Diagnostic

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

_MAX_SHOWN = 10


@extends_anymail("exceptions")
class AnymailError(Exception):
    """The base of the errors of sending, which `fail_silently` silences.

    `email_message` is the message; `status_code` and `response` (a `requests.Response` without its request) are those
    of the call, None if there is none.
    """

    def __init__(
        self,
        message: str = "",
        *,
        diagnostics: Sequence[Diagnostic] = (),
        may_have_sent: bool = False,
        email_message: EmailMessage | None = None,
        payload: Any = None,
        status_code: int | None = None,
        response: requests.Response | None = None,
        backend: Any = None,
        esp_name: str = "Mailjet",
    ) -> None:
        Exception.__init__(self, message)
        self.diagnostics = tuple(diagnostics)
        self.may_have_sent = may_have_sent
        self.email_message = email_message
        self.payload = payload
        self.status_code = status_code
        self.response = response
        self.backend = backend
        self.esp_name = esp_name

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        # Task queues pickle exceptions; a backend has connections, and its settings have keys.
        return type(self), self.args, {**self.__dict__, "backend": None}


@extends_anymail("exceptions")
class AnymailAPIError(AnymailError):
    """Mailjet, or the way to it, failed."""


@extends_anymail("exceptions")
class AnymailRequestsAPIError(AnymailAPIError, requests.HTTPError):
    """The call to Mailjet's API failed. `request` is None, because a request has the keys."""

    request = None


class AnymailConnectionError(AnymailRequestsAPIError, requests.ConnectionError):
    """There was no response."""


class AnymailTimeoutError(AnymailRequestsAPIError, requests.Timeout):
    """There was no response in time."""


@extends_anymail("exceptions")
class AnymailRecipientsRefused(AnymailError):
    """No recipient was accepted."""


@extends_anymail("exceptions")
class AnymailInvalidAddress(AnymailError, ValueError):
    """An address is invalid."""


@extends_anymail("exceptions")
class AnymailUnsupportedFeature(AnymailError, ValueError):
    """Mailjet cannot do what the message asks for."""


@extends_anymail("exceptions")
class AnymailSerializationError(AnymailError, TypeError):
    """A value of the message cannot be represented in JSON, such as a Decimal or a date in metadata."""


@extends_anymail("exceptions")
class AnymailCancelSend(AnymailError):
    """Raise it in a receiver of `pre_send` to cancel the message without an error."""


class AnymailInvalidMessage(AnymailError, ValueError):
    """The message has another error: Mailjet would reject it, or send it wrongly. django-anymail has no such class."""


class AnymailInvalidHeader(AnymailInvalidMessage, BadHeaderError):
    """A subject, a header, an address or a tag has a line break, which could add a header."""


@extends_anymail("exceptions")
class AnymailConfigurationError(ImproperlyConfigured):
    """A setting is missing or invalid. The message names it."""

    diagnostics: tuple[Diagnostic, ...] = ()
    may_have_sent = False


@extends_anymail("exceptions")
class AnymailImproperlyInstalled(AnymailConfigurationError, ImportError):
    """Not raised: a name of django-anymail's, for code that catches it."""

    def __init__(self, *args: Any) -> None:
        Exception.__init__(self, *args)  # django-anymail's makes a text of the name of a package


@extends_anymail("exceptions")
class AnymailWebhookValidationFailure(AnymailError, SuspiciousOperation):
    """Not raised, because a wrong secret is answered 401: a name of django-anymail's, for code that catches it."""


@extends_anymail("exceptions")
class AnymailWarning(Warning):
    """The base of the warnings."""


@extends_anymail("exceptions")
class AnymailDeprecationWarning(AnymailWarning, DeprecationWarning):
    """Not issued: a name of django-anymail's."""


@extends_anymail("exceptions")
class AnymailInsecureWebhookWarning(AnymailWarning):
    """The webhooks accept every caller, because there is no WEBHOOK_SECRET."""


_CLASSES: dict[str, type[AnymailError]] = {
    "UnsupportedFeature": AnymailUnsupportedFeature,
    "IncompatibleFields": AnymailUnsupportedFeature,
    "InvalidAddress": AnymailInvalidAddress,
}
_CLASSES_BY_REASON: dict[tuple[str, str], type[AnymailError]] = {
    ("InvalidMessage", "not-json"): AnymailSerializationError,
    ("InvalidValue", "line-break"): AnymailInvalidHeader,
}


def choose_class(diagnostics: Sequence[Diagnostic]) -> type[AnymailError]:
    """The exception for the errors of a message: that of the first."""
    first = diagnostics[0]
    by_reason = _CLASSES_BY_REASON.get((first.code, first.params.get("reason", "")))
    return by_reason or _CLASSES.get(first.code, AnymailInvalidMessage)


def format_diagnostics(diagnostics: Sequence[Diagnostic], places: Mapping[str, str] = MappingProxyType({})) -> str:
    """The errors of a message for people, a line each. `places`: the setting of each default."""
    lines = [describe(diagnostic, places) for diagnostic in diagnostics[:_MAX_SHOWN]]
    if len(diagnostics) > _MAX_SHOWN:
        lines.append(f"and {len(diagnostics) - _MAX_SHOWN} more errors")
    return "\n".join(["the message was not sent:", *lines])


def describe(diagnostic: Diagnostic, places: Mapping[str, str] = MappingProxyType({})) -> str:
    """A diagnostic as text; the place of a default is that of its setting."""
    if diagnostic.document != "options":
        return str(diagnostic)
    option, *tokens = parse_pointer(diagnostic.path) or ("",)
    place = option.upper()
    if option == "send_defaults" and tokens:
        place = places.get(tokens[0], place)
    place += "".join(f"[{token}]" if token.isdigit() else f'["{token}"]' for token in tokens)
    hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
    return f"{diagnostic.severity}: {diagnostic.code} at {place}: {diagnostic.message}{hint}"
