"""The e-mail backend: sends Django's messages with `compiler.sender`."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import requests
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from requests.structures import CaseInsensitiveDict

from compiler.django.anymail_classes import find_in_anymail
from compiler.django.compatibility import SPLIT, apply_compatibility, name_settings
from compiler.django.exceptions import (
    AnymailCancelSend,
    AnymailConfigurationError,
    AnymailConnectionError,
    AnymailError,
    AnymailInvalidMessage,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailTimeoutError,
    AnymailUnsupportedFeature,
    choose_class,
    describe,
    format_diagnostics,
)
from compiler.django.message import AnymailRecipientStatus, AnymailStatus
from compiler.django.normalize import normalized
from compiler.django.settings import MERGE_HEADERS, HiddenSettings, read_backend_settings
from compiler.django.signals import check_results, post_send, pre_send
from compiler.documents import RecipientStatus
from compiler.results import Diagnostic
from compiler.sender import (
    AuthenticationError,
    HttpResponse,
    MailjetSender,
    NetworkError,
    NoRecipientAcceptedError,
    NotCompiledError,
    Receipt,
    SenderError,
    SettingsError,
)

log = logging.getLogger("compiler.django")

# Receivers may raise django-anymail's own, which ours extend.
_ANYMAIL_ERROR: type[Exception] = find_in_anymail("exceptions", "AnymailError", AnymailError)
_CANCEL_SEND: type[Exception] = find_in_anymail("exceptions", "AnymailCancelSend", AnymailCancelSend)


class EmailBackend(BaseEmailBackend):
    """Sends messages by Mailjet's Send API. For `EMAIL_BACKEND = "compiler.django.EmailBackend"`.

    The settings are those of `compiler.django.settings`; arguments override them, with the names `api_key`,
    `secret_key`, `api_url`, `target`, `send_defaults`, `timeout`, `ignore_unsupported_features`,
    `ignore_recipient_status`, `debug_api_requests` and `compatibility`. `fail_silently` silences the errors of messages
    and of sending, not those of settings. Any number of threads may share a backend: each has its own connections,
    which `open` keeps for that thread until `close`. A forked child opens its own.

    Raises AnymailConfigurationError, which names the setting.
    """

    esp_name = "Mailjet"

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        self._arguments = HiddenSettings(kwargs)
        self._settings = read_backend_settings(kwargs)
        super().__init__(**kwargs)
        self.fail_silently = fail_silently
        self._local = threading.local()

    def __reduce__(self) -> tuple[Any, ...]:
        # Messages that were sent keep their backend, and are copied and pickled by queues. The settings are read again,
        # so that a copy has no key, unless it was an argument.
        return _create, (type(self), self.fail_silently, dict(self._arguments))

    def open(self) -> bool:
        """Opens a session for the messages of this thread. Returns whether it is new: then call `close`."""
        if getattr(self._local, "sender", None) is not None:
            return False
        settings = self._settings
        try:
            self._local.sender = MailjetSender(
                settings.api_key,
                settings.secret_key,
                settings.api_url,
                settings.timeout,
                target=settings.target,
                debug=sys.stdout if settings.debug_api_requests else None,
            )
        except SettingsError as error:
            raise AnymailConfigurationError(str(error)) from None
        return True

    def close(self) -> None:
        """Closes the session of this thread."""
        sender: MailjetSender | None = getattr(self._local, "sender", None)
        self._local.sender = None
        if sender is not None:
            sender.close()

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Sends messages in one session, and returns how many were sent. Each gets `anymail_status`.

        Raises the exceptions of `compiler.django.exceptions`; messages after one with an error are not sent, unless
        `fail_silently` is set.
        """
        messages = list(email_messages or ())  # some of Django's callers pass None
        if not messages:
            return 0
        is_new = self.open()
        try:
            return sum(map(self._send_silently, messages))
        finally:
            if is_new:
                self.close()

    def _send_silently(self, message: EmailMessage) -> bool:
        try:
            return self._send(message)
        except _ANYMAIL_ERROR:
            if not self.fail_silently:
                raise
            return False

    def _send(self, message: EmailMessage) -> bool:
        """Sends a message, unless it is cancelled or has no recipients. Raises AnymailError."""
        status = AnymailStatus()
        message.anymail_status = status  # type: ignore[attr-defined]  # Anymail adds it to Django's messages
        try:
            check_results(pre_send.send(type(self), message=message, esp_name=self.esp_name))
        except _CANCEL_SEND:
            return False
        if not message.recipients():
            return False
        self.open()  # again, if a receiver closed it
        try:
            failure = self._post(message, status)
        except AnymailError as error:
            failure = error
        if status.recipients:
            self._run_post_send(message, status, failure)
        if failure is not None:
            failure.email_message, failure.backend = message, self
            raise failure
        return True

    def _post(self, message: EmailMessage, status: AnymailStatus) -> AnymailError | None:
        """Sends a message in one or several calls, and fills in its status. Returns the error of a call.

        Raises AnymailError for a message that cannot be sent.
        """
        receipts = self._send_tolerantly(self._drop_merge_headers(normalized(message), status))
        for receipt in receipts:
            _add_receipt(status, receipt)
        for warning in status.warnings:
            # Otherwise every message would log a warning about its defaults.
            level = logging.INFO if warning.document == "options" else logging.WARNING
            log.log(level, "%s", describe(warning, self._settings.default_places))
        return _call_error(receipts, ignores_refusal=self._settings.ignore_recipient_status)

    def _send_tolerantly(self, document: Mapping[str, Any]) -> Sequence[Receipt]:
        """The outcome of each call, after what COMPATIBILITY allows was changed. Raises AnymailError."""
        defaults = self._settings.send_defaults
        tolerated: set[str] = set()
        while True:
            try:
                return self._send_document(document, defaults, split=SPLIT in tolerated)
            except NotCompiledError as error:
                enabled = self._settings.compatibility - tolerated
                errors = error.failure.diagnostics
                changed, changed_defaults, used = apply_compatibility(document, defaults, errors, enabled)
                if not used:
                    raise self._message_error(error, name_settings(document, defaults, errors)) from None
                document, defaults, tolerated = changed, changed_defaults, tolerated | used

    def _send_document(
        self, document: Mapping[str, Any], defaults: Mapping[str, Any], *, split: bool
    ) -> Sequence[Receipt]:
        """The outcome of each call. Raises NotCompiledError."""
        sender: MailjetSender = self._local.sender
        options = {**self._settings.compile_options(), "send_defaults": defaults}
        if split:
            (result,) = sender.send_many([document], options)
            if isinstance(result.error, NotCompiledError):
                raise result.error
            return result.receipts
        try:
            return [Receipt(document, sender.send(document, options), None)]
        except NotCompiledError:
            raise
        except SenderError as error:
            return [Receipt(document, None, error)]

    def _drop_merge_headers(self, document: dict[str, Any], status: AnymailStatus) -> dict[str, Any]:
        """The message without headers for single recipients. Raises AnymailUnsupportedFeature."""
        if document.pop(MERGE_HEADERS, None) is None:
            return document
        is_ignored = self._settings.is_ignored(MERGE_HEADERS)
        diagnostic = Diagnostic(
            "warning" if is_ignored else "error",
            "FeatureDropped" if is_ignored else "UnsupportedFeature",
            f"/{MERGE_HEADERS}",
            params={"feature": MERGE_HEADERS},
            message=f"not supported: {MERGE_HEADERS}",
            hint="send a message to each recipient, or ignore this feature",
        )
        if not is_ignored:
            raise AnymailUnsupportedFeature(format_diagnostics([diagnostic]), diagnostics=[diagnostic])
        status.warnings = (diagnostic,)
        return document

    def _message_error(
        self, error: NotCompiledError, diagnostics: Sequence[Diagnostic]
    ) -> AnymailError | AnymailConfigurationError:
        """The exception for a message that has errors, or needs the sender of a template that has no number.

        If the defaults alone have errors, for a setting.
        """
        if not diagnostics:
            return AnymailInvalidMessage(str(error))
        diagnostics = tuple(map(self._add_hint_for_django, diagnostics))
        text = format_diagnostics(diagnostics, self._settings.default_places)
        error_class = choose_class(diagnostics)
        of_defaults = all(each.document == "options" for each in diagnostics)
        if of_defaults and error_class is not AnymailUnsupportedFeature:
            configuration_error = AnymailConfigurationError(text)
            configuration_error.diagnostics = diagnostics
            return configuration_error
        return error_class(text, diagnostics=diagnostics)

    def _add_hint_for_django(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic with a hint for what Django's users meet."""
        hint = diagnostic.hint
        if diagnostic.params.get("reason") == "not-json":
            hint = hint or "convert it to a string or a number first"
        if diagnostic.params.get("feature") == "multiple tags" and self._settings.send_defaults.get("tags"):
            hint = f"{hint}; the tags of {self._settings.default_places['tags']} count too"
        return replace(diagnostic, hint=hint)

    def _run_post_send(self, message: EmailMessage, status: AnymailStatus, failure: AnymailError | None) -> None:
        """Calls all receivers, and then raises the first exception of one, unless a call failed or it is silenced."""
        results = post_send.send_robust(type(self), message=message, status=status, esp_name=self.esp_name)
        errors = [outcome for _, outcome in results if isinstance(outcome, Exception)]
        try:
            check_results(results)
        except TypeError as not_run:
            errors.append(not_run)
        for error in errors:
            if isinstance(error, _ANYMAIL_ERROR):
                # The message of this signal was sent.
                error.may_have_sent = True  # type: ignore[attr-defined]  # django-anymail's class does not declare it
        for error in errors:
            if failure is None and not (self.fail_silently and isinstance(error, _ANYMAIL_ERROR)):
                raise error
            log.error("a receiver of post_send failed", exc_info=error)


def _create(backend_class: type[EmailBackend], fail_silently: bool, arguments: dict[str, Any]) -> EmailBackend:
    """A copy of a backend."""
    return backend_class(fail_silently=fail_silently, **arguments)


def _add_receipt(status: AnymailStatus, receipt: Receipt) -> None:
    """Adds what a call tells about recipients."""
    recipients: Sequence[RecipientStatus] = ()
    response: HttpResponse | None = None
    if receipt.result is not None:
        recipients, response = receipt.result.recipients, receipt.result.response
        status.warnings += receipt.result.warnings
    elif receipt.error is not None:
        recipients, response = receipt.error.failure.recipients, receipt.error.failure.response
        status.warnings += receipt.error.failure.warnings
    if response is not None:
        status.esp_response = _build_response(response)
    if recipients:
        status.set_recipient_status(
            {each["email"]: AnymailRecipientStatus(each["message_id"], each["status"]) for each in recipients}
        )


def _call_error(receipts: Sequence[Receipt], *, ignores_refusal: bool) -> AnymailError | None:
    """The exception for the first call that failed, None if there is none."""
    some_sent = any(receipt.result is not None for receipt in receipts)
    all_errors = [receipt.error for receipt in receipts if receipt.error is not None]
    errors = [each for each in all_errors if not (ignores_refusal and isinstance(each, NoRecipientAcceptedError))]
    if not errors:
        return None
    error, failure = errors[0], errors[0].failure
    error_class: type[AnymailError] = AnymailRequestsAPIError
    if isinstance(error, NotCompiledError):
        error_class = choose_class(failure.diagnostics) if failure.diagnostics else AnymailInvalidMessage
    elif all(isinstance(each, NoRecipientAcceptedError) for each in all_errors) and not some_sent:
        error_class = AnymailRecipientsRefused
    elif isinstance(error, NetworkError):
        error_class = AnymailTimeoutError if isinstance(error.__cause__, TimeoutError) else AnymailConnectionError
    may_have_sent = some_sent or any(each.failure.may_have_sent for each in all_errors)
    text = str(error)
    if isinstance(error, AuthenticationError):
        text += "; check MAILJET_API_KEY and MAILJET_SECRET_KEY"
    if some_sent:
        text += "; other recipients of the message were accepted"
    elif may_have_sent and not failure.may_have_sent:
        text += "; other parts of the message may have been sent"
    result = error_class(
        text,
        diagnostics=failure.diagnostics,
        may_have_sent=may_have_sent,
        status_code=failure.status_code,
        response=None if failure.response is None else _build_response(failure.response),
    )
    result.__cause__ = error
    return result


def _build_response(response: HttpResponse) -> requests.Response:
    """A response as requests has it, for receivers that read it, without the request, which has the keys."""
    built = requests.Response()
    built.status_code = response.status_code
    built.reason = response.reason
    built.headers = CaseInsensitiveDict(response.headers)
    built.encoding = "utf-8"
    built._content = response.body
    return built
