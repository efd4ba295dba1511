"""`MailjetSender`: compiles messages, looks up missing template senders, posts payloads, and decodes the responses.

It has no rules about payloads or responses: it sends what `compiler.compile` returns, and reads responses with
`compiler.decode_response`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

import compiler
from compiler.pipeline.compile import normalize_options, safely
from compiler.sender.errors import (
    AuthenticationError,
    Failure,
    HttpResponse,
    InvalidResponseError,
    NoRecipientAcceptedError,
    NotCompiledError,
    RateLimitedError,
    RejectedError,
    SenderError,
    ServerError,
    ServiceError,
    SettingsError,
)
from compiler.sender.results import BulkSendResult, Receipt, SendResult
from compiler.sender.retries import NO_RETRIES, Retries, retry_after
from compiler.sender.settings import DEFAULT_TARGET, SenderSettings, load_settings

if TYPE_CHECKING:
    import requests

    from compiler.sender.transport import Transport

_Options = compiler.Options | Mapping[str, Any] | None

_CompileFunction = Callable[..., compiler.Result]  # compiler.compile or compiler.split, or its non-raising form

_SEND = "send"

# The properties of a call that is only checked, for the targets that have such calls. Property names match without
# regard to case, so `esp_extra` cannot set another one.
_SANDBOX: Mapping[str, Mapping[str, Any]] = {"mailjet-v3.1": {"SandboxMode": True}}
_MAX_TEMPLATE_ID = 2**63 - 1

# For each diagnostic code: the error, and whether the service may have accepted the message.
_ERRORS: Mapping[str, tuple[type[ServiceError], bool]] = {
    "Unauthorized": (AuthenticationError, False),
    "RateLimited": (RateLimitedError, False),
    "ServiceRejected": (RejectedError, False),
    "ServiceFailed": (ServerError, True),
    "InvalidResponse": (InvalidResponseError, True),
}
_REDIRECTS = range(300, 400)
_NOT_PROCESSED = (307, 308)  # RFC 9110: the request must be repeated at the new URL


class MailjetSender:
    """Sends messages by Mailjet's Send API, over one connection pool; a context manager.

    `api_key`, `secret_key`, `api_url`: read from the environment if omitted (`compiler.sender.settings`). `target`:
    `mailjet-v3` or `mailjet-v3.1`, the version of the API. `sandbox`: with v3.1, nothing is delivered; the service only
    checks each call, whatever a message says. `timeout`: the seconds to wait for a connection and for each read, or a
    pair (connect, read), as in requests. `total_timeout`: the seconds for one call in total; None for no limit.
    `session`: your own `requests.Session`, which stays open; a custom adapter checks `total_timeout` only between
    chunks of a body. `retries`: how to repeat calls that cannot have arrived or whose response is 429; None for never.
    `allow_plain_http`: allows http:// to other machines. `debug`: a text stream for requests and responses in full,
    credentials masked. Use a sender from one thread at a time; a forked child may use its parent's sender, over its own
    connections.

    Raises SettingsError, which names the setting, and ImportError without the extra `sender`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        secret_key: str | None = None,
        api_url: str | None = None,
        timeout: float | tuple[float, float] = 30,
        session: requests.Session | None = None,
        *,
        target: str = DEFAULT_TARGET,
        sandbox: bool = False,
        total_timeout: float | None = 120,
        retries: Retries | None = Retries(),  # noqa: B008 - it is frozen
        allow_plain_http: bool = False,
        debug: TextIO | None = None,
    ) -> None:
        connect, read = check_timeout(timeout)
        if total_timeout is not None and not _is_duration(total_timeout):
            message = f"total_timeout must be a positive number of seconds or None, got {total_timeout!r}"
            raise SettingsError(Failure(message, "the default is 120"))
        settings = load_settings(api_key, secret_key, api_url, target=target, allow_plain_http=allow_plain_http)
        if sandbox and target not in _SANDBOX:
            message = f"sandbox requires a target with a sandbox, got {target}"
            raise SettingsError(Failure(message, f"choose the target {', '.join(_SANDBOX)}"))
        self._target = target
        self._call_properties = _SANDBOX[target] if sandbox else {}
        self._api_url = settings.api_url
        self._transport = _create_transport(
            settings, (connect, read, total_timeout), session, NO_RETRIES if retries is None else retries, debug
        )
        self._template_senders: dict[int | str, Any] = {}
        self._is_closed = False

    def __repr__(self) -> str:
        return f"<MailjetSender for {self._transport.mask.text(self._api_url)}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections; the sender cannot be used afterwards."""
        self._is_closed = True
        self._transport.close()

    def send(self, message: object, options: _Options = None) -> SendResult:
        """Sends a message in one call and returns the status of each recipient.

        `message` and `options` are those of `compiler.compile`. If the payload needs the sender of a stored template,
        it is looked up by the template's numeric id, and cached. Raises SenderError, whose `may_have_sent` says whether
        the message may have been accepted; RuntimeError if the sender is closed; and TypeError as `compile` does.
        """
        return self._send_one(message, options, compiler.compile)

    def send_many(self, messages: Iterable[object], options: _Options = None) -> Iterator[BulkSendResult]:
        """Sends messages lazily, one for each result requested, and yields the results in order.

        An error with one message does not affect the others. A message for too many recipients is split if possible
        (`compiler.split`), and has a receipt for each call. If the compiler itself fails, the error is a
        NotCompiledError with the diagnostic code `InternalError`. Raises as `send` does, except SenderError.
        """
        normalize_options(options)
        for index, message in enumerate(messages):
            self._check_open()
            receipt = self._receipt(message, options)
            if not isinstance(receipt.error, NotCompiledError):
                yield BulkSendResult(index, (receipt,))
                continue
            try:
                parts, part_options = self._split_message(receipt.error, message, options, _split_safely)
            except NotCompiledError as error:
                yield BulkSendResult(index, error=error)
            else:
                yield BulkSendResult(index, tuple(self._receipt(part, part_options) for part in parts))

    def preview(self, message: object, options: _Options = None) -> tuple[str, ...]:
        """The HTTP requests that sending a message would make, as text with credentials masked. Nothing is sent.

        If a template's sender must be looked up, that request comes first, and the payload is without the sender.
        Raises NotCompiledError as `send` does.
        """
        result: compiler.Result = compiler.compile(message, self._target, options)
        results = [result]
        if not result.ok:
            parts, options = self._split_message(self._not_compiled_error(result), message, options, compiler.split)
            results = [compiler.compile(part, self._target, options) for part in parts]
        previews: list[str] = []
        for result in results:
            for requirement in result.requires:
                lookup = self._transport.preview("GET", _template_path(requirement["template_id"]))
                if lookup not in previews:
                    previews.append(lookup)
            previews.append(self._transport.preview("POST", _SEND, self._encode_body(result)))
        return tuple(previews)

    def _send_one(self, message: object, options: _Options, compile_message: _CompileFunction) -> SendResult:
        self._check_open()
        result, options = self._compile_with_sender(message, options, compile_message)
        return self._post(message, options, result)

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("the sender is closed")

    def _receipt(self, message: Any, options: _Options) -> Receipt:
        try:
            return Receipt(message, self._send_one(message, options, _compile_safely), None)
        except SenderError as error:
            return Receipt(message, None, error)

    def _compile_with_sender(
        self, message: object, options: _Options, compile_message: _CompileFunction
    ) -> tuple[compiler.Result, _Options]:
        """Compiles a message and looks up what it requires. Returns the result and the options used."""
        result = compile_message(message, self._target, options)
        if not result.ok:
            raise self._not_compiled_error(result)
        for requirement in result.requires:
            if requirement["kind"] != "template_sender":
                raise self._not_compiled_error(result)
            options = {
                **normalize_options(options),
                "template_sender": self._template_sender(requirement["template_id"]),
            }
        if result.requires:
            result = compile_message(message, self._target, options)
            if not result.ok or result.requires:
                raise self._not_compiled_error(result)
        return result, options

    def _split_message(
        self, error: NotCompiledError, message: object, options: _Options, split_message: _CompileFunction
    ) -> tuple[Sequence[Any], _Options]:
        """Splits a message that does not compile; returns the parts and their options. Raises NotCompiledError."""
        split = split_message(message, self._target, options)
        if not split.ok:
            raise self._not_compiled_error(split)
        parts = split.unwrap()
        if len(parts) == 1:
            raise error
        return parts, {name: value for name, value in normalize_options(options).items() if name != "send_defaults"}

    def _not_compiled_error(self, result: compiler.Result) -> NotCompiledError:
        # Not masked: this quotes the caller's own text, and a short key could match anywhere in it.
        kinds = ", ".join(requirement["kind"] for requirement in result.requires)
        count = f" ({len(result.errors)} errors)" if len(result.errors) > 1 else ""
        message = f"the message does not compile{count}" if result.errors else f"the payload still requires: {kinds}"
        hint = str(result.errors[0]) if result.errors else None
        return NotCompiledError(Failure(message, hint, diagnostics=result.errors, requires=result.requires))

    def _template_sender(self, template_id: int | str) -> Any:
        """The sender stored with a template, cached. Raises SenderError; then nothing was sent."""
        if template_id not in self._template_senders:
            path = _template_path(template_id)
            response = self._transport.call("GET", path)
            decoded = safely(
                lambda: compiler.decode_template(
                    response.body, response.status_code, reason=response.reason, target=self._target
                ),
                "body",
            )
            if not decoded.ok:
                raise self._service_error(decoded, response, "GET", path)
            sender = decoded.unwrap()["sender"]
            self._template_senders[template_id] = {name: value for name, value in sender.items() if value is not None}
        return self._template_senders[template_id]

    def _post(self, message: object, options: _Options, result: compiler.Result) -> SendResult:
        response = self._transport.call("POST", _SEND, self._encode_body(result))
        # The request was sent: every error from here on must say that the message may have been sent.
        decoded = safely(
            lambda: compiler.decode_response(
                response.body, response.status_code, response.reason, message, options, self._target
            ),
            "body",
        )
        if not decoded.ok:
            raise self._service_error(decoded, response, "POST", _SEND)
        output = decoded.unwrap()
        sent = SendResult(
            tuple(output["recipients"]),
            tuple(output["unexpected"]),
            tuple(output["message_ids"]),
            (*result.warnings, *self._transport.mask.diagnostics(decoded.warnings)),
            response,
        )
        if "sent" in output["statuses"]:
            return sent
        failure = Failure(
            "the service accepted none of the recipients",
            "the response gives no reason; check the account's statistics",
            may_have_sent=bool(sent.unexpected),
            endpoint=self._transport.endpoint("POST", _SEND),
            attempts=response.attempts,
            status_code=response.status_code,
            recipients=sent.recipients,
            unexpected=tuple(self._transport.mask.value(sent.unexpected)),
            warnings=sent.warnings,
            response=response,
        )
        raise NoRecipientAcceptedError(failure)

    def _encode_body(self, result: compiler.Result) -> bytes:
        payload = {**(result.output or {}), **self._call_properties}
        return json.dumps(payload, ensure_ascii=False, allow_nan=False).encode("utf-8")

    def _service_error(self, decoded: compiler.Result, response: HttpResponse, method: str, path: str) -> ServiceError:
        diagnostics = self._transport.mask.diagnostics(decoded.errors)
        first = diagnostics[0]
        error_class, may_have_sent = _ERRORS.get(first.code, (InvalidResponseError, True))
        may_have_sent = may_have_sent and method == "POST" and response.status_code not in _NOT_PROCESSED
        outcome = "the message may have been sent" if may_have_sent else "the message was not sent"
        outcome += "" if method == "POST" else ", because its template's sender could not be looked up"
        service_code = _service_code(response)
        code = f", code {service_code}" if isinstance(service_code, str) else ""
        message, hint = (
            f"{outcome}: {first.message} (status {response.status_code}{self._transport.mask.text(code)})",
            first.hint,
        )
        if response.status_code in _REDIRECTS:
            location = self._transport.mask.text(response.header("Location") or "no location")
            message = f"{outcome}: the service responded with a redirect ({response.status_code}) to {location}"
            hint = "redirects are not followed; if the API has moved, set MAILJET_API_URL"
        failure = Failure(
            message,
            hint,
            may_have_sent=may_have_sent,
            endpoint=self._transport.endpoint(method, path),
            attempts=response.attempts,
            status_code=response.status_code,
            service_code=self._transport.mask.value(service_code),
            service_message=first.params.get("service_message"),
            retry_after=retry_after(response),
            diagnostics=diagnostics,
            response=response,
        )
        return error_class(failure)


def _compile_safely(message: object, target: str, options: _Options) -> compiler.Result:
    return safely(lambda: compiler.compile(message, target, options))


def _split_safely(message: object, target: str, options: _Options) -> compiler.Result[list[compiler.Message]]:
    return safely(lambda: compiler.split(message, target, options))


def check_timeout(timeout: object, source: str = "timeout") -> tuple[float, float]:
    """The seconds to wait for a connection and for each read. Raises SettingsError, which names the source."""
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(map(_is_duration, pair)):
        message = f"{source} must be a positive number of seconds or a pair (connect, read), got {timeout!r}"
        raise SettingsError(Failure(message, "the default is 30"))
    return pair


def _is_duration(seconds: object) -> bool:
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= threading.TIMEOUT_MAX


def _create_transport(
    settings: SenderSettings,
    timeouts: tuple[float, float, float | None],
    session: requests.Session | None,
    retries: Retries,
    debug: TextIO | None,
) -> Transport:
    try:
        from compiler.sender.transport import (
            Timeouts,
            Transport,
        )  # imported late, because requests is slow to import and optional
    except ModuleNotFoundError as error:
        if error.name != "requests":
            raise
        raise ImportError("compiler.sender needs requests: pip install 'payload-compiler[sender]'") from None
    return Transport(settings, Timeouts(*timeouts), session, retries, debug)


def _template_path(template_id: object) -> str:
    """The path of a template's content. Raises NotCompiledError if the id is not a number.

    Other ids could address another resource, for example with `..`, in any encoding.
    """
    if isinstance(template_id, str) and template_id.isascii() and template_id.isdigit():
        is_number = len(template_id) <= len(str(_MAX_TEMPLATE_ID))
    else:
        is_number = type(template_id) is int and 0 <= template_id <= _MAX_TEMPLATE_ID
    if not is_number:
        is_huge = isinstance(template_id, int) and abs(template_id) > _MAX_TEMPLATE_ID
        got = f"a number outside 0 to {_MAX_TEMPLATE_ID}" if is_huge else repr(template_id)
        raise NotCompiledError(
            Failure(
                f"looking up the sender of a template requires its numeric id, got {got}",
                "set from_email in the message, or the option template_sender",
            )
        )
    return f"REST/template/{template_id}/detailcontent"


def _service_code(response: HttpResponse) -> int | str:
    """The first `ErrorCode` of a response or of its messages, else its HTTP status."""
    try:
        body = json.loads(response.body)
    except (ValueError, RecursionError):
        body = None
    code = next(_error_codes(body), None)
    return code if isinstance(code, int | str) and code else response.status_code


def _error_codes(body: Any) -> Iterator[Any]:
    """The values of `ErrorCode` in a body, in its messages, and in their errors."""
    if isinstance(body, dict):
        if "ErrorCode" in body:
            yield body["ErrorCode"]
        for name in ("Messages", "Errors"):
            for each in body[name] if isinstance(body.get(name), list) else ():
                yield from _error_codes(each)
