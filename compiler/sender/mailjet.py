"""Compiles messages, meets what their payloads still need, posts them, and decodes the answers.

No rule about payloads or answers stands here: what is sent is what `compiler.compile` gives, and what an answer means
is what `compiler.decode_response` says.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

import compiler
from compiler.pipeline.compile import mapping_of, safely
from compiler.sender.errors import (
    Failure,
    NoRecipientAcceptedError,
    NotCompiledError,
    RateLimitedError,
    RefusedError,
    Response,
    SenderError,
    ServiceError,
    ServiceFailedError,
    SettingsError,
    UnreadableAnswerError,
    WrongKeyError,
)
from compiler.sender.results import Receipt, Sending, SendResult
from compiler.sender.retries import NO_RETRIES, Retries, asked_pause
from compiler.sender.settings import Settings, settings_of

if TYPE_CHECKING:
    import requests

    from compiler.sender.transport import Transport

_Options = compiler.Options | Mapping[str, Any] | None

_Compile = Callable[..., compiler.Result]  # compiler.compile or compiler.split, as it is or kept from raising

_SEND = "send"
_LARGEST_ID = 2**63 - 1

# For each code of a failed answer: the error, and whether the service may have taken the message all the same.
_ERRORS: Mapping[str, tuple[type[ServiceError], bool]] = {
    "Unauthorized": (WrongKeyError, False),
    "RateLimited": (RateLimitedError, False),
    "ServiceRejected": (RefusedError, False),
    "ServiceFailed": (ServiceFailedError, True),
    "InvalidResponse": (UnreadableAnswerError, True),
}
_REDIRECTS = range(300, 400)
_NOT_ACTED_UPON = (307, 308)  # RFC 9110: the same request is to be made elsewhere


class MailjetSender:
    """Sends messages by Mailjet's Send API v3, over one pool of connections; a context manager.

    `api_key`, `secret_key`, `api_url`: else from the environment (`compiler.sender.settings`). `timeout`: the seconds
    to wait for a connection, and then for each sign of the service, or a pair of both, as in requests. `total_timeout`:
    the seconds for one call in all, however its answer drips; None for no limit. `session`: a `requests.Session` of
    your own, which stays open; adapters that are not requests' own keep `total_timeout` only between parts of a body.
    `retries`: how often a call is repeated that cannot have arrived, or was answered 429; None for never.
    `allow_plain_http`: also to other machines. `debug`: a text stream for requests and answers in full, credentials
    masked. One thread at a time may use a sender; a forked child may use its parent's, over connections of its own.

    Raises SettingsError, which names what to set, and ImportError without the extra `sender`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        secret_key: str | None = None,
        api_url: str | None = None,
        timeout: float | tuple[float, float] = 30,
        session: requests.Session | None = None,
        *,
        total_timeout: float | None = 120,
        retries: Retries | None = Retries(),  # noqa: B008 - it is frozen
        allow_plain_http: bool = False,
        debug: TextIO | None = None,
    ) -> None:
        connect, read = _check_timeout(timeout)
        if total_timeout is not None and not _is_duration(total_timeout):
            told = f"total_timeout must be a number of seconds over 0, or None, got {total_timeout!r}"
            raise SettingsError(Failure(told, "120 is the default"))
        settings = settings_of(api_key, secret_key, api_url, allow_plain_http=allow_plain_http)
        self._api_url = settings.api_url
        self._transport = _transport(
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
        """Closes the connections; nothing can be sent any more."""
        self._is_closed = True
        self._transport.close()

    def send(self, message: object, options: _Options = None) -> SendResult:
        """Sends a message in one call: what became of it for each recipient.

        `message` and `options` are those of `compiler.compile`. Where the payload needs the sender of a stored
        template, that is looked up by the template's numeric id, once for as long as the sender lives. Raises
        SenderError, of which each kind says what happened, and `may_have_sent` whether the message may have been
        accepted all the same; RuntimeError for a sender that is closed, and TypeError as `compile` does.
        """
        return self._sent(message, options, compiler.compile)

    def send_many(self, messages: Iterable[object], options: _Options = None) -> Iterator[Sending]:
        """Sends messages one after the other, each when its result is asked for: the results, in order.

        A message that goes wrong costs no other. One for more recipients than a call may have is split where it can be
        (`compiler.split`), and has a receipt for each call. One on which the compiler itself fails has a
        NotCompiledError whose diagnostic has the code `InternalError`. Raises as `send` does, but for SenderError.
        """
        mapping_of(options)
        for index, message in enumerate(messages):
            self._check_open()
            whole = self._receipt(message, options)
            if not isinstance(whole.error, NotCompiledError):
                yield Sending(index, (whole,))
                continue
            try:
                parts, part_options = self._parts(whole.error, message, options, _split_safely)
            except NotCompiledError as error:
                yield Sending(index, error=error)
            else:
                yield Sending(index, tuple(self._receipt(part, part_options) for part in parts))

    def shown(self, message: object, options: _Options = None) -> tuple[str, ...]:
        """The HTTP requests that sending a message would make, credentials masked, as texts. Nothing is sent.

        Where a template's sender has to be looked up first, the request for that comes first, and the payload is
        without it. Raises NotCompiledError as `send` does.
        """
        result = compiler.compile(message, options=options)
        results = [result]
        if not result.ok:
            parts, options = self._parts(self._not_compiled(result), message, options, compiler.split)
            results = [compiler.compile(part, options=options) for part in parts]
        shown: list[str] = []
        for each in results:
            lookups = (self._transport.shown("GET", _template_path(one["template_id"])) for one in each.requires)
            shown += [lookup for lookup in lookups if lookup not in shown]
            shown.append(self._transport.shown("POST", _SEND, _body(each)))
        return tuple(shown)

    def _sent(self, message: object, options: _Options, compile_: _Compile) -> SendResult:
        self._check_open()
        result, options = self._compiled(message, options, compile_)
        return self._posted(message, options, result)

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("the sender is closed")

    def _receipt(self, message: Any, options: _Options) -> Receipt:
        try:
            return Receipt(message, self._sent(message, options, _compiled_safely), None)
        except SenderError as error:
            return Receipt(message, None, error)

    def _compiled(self, message: object, options: _Options, compile_: _Compile) -> tuple[compiler.Result, _Options]:
        """A result without errors and unmet requirements, and the options that gave it."""
        result = compile_(message, options=options)
        if not result.ok:
            raise self._not_compiled(result)
        for requirement in result.requires:
            if requirement["kind"] != "template_sender":
                raise self._not_compiled(result)
            options = {**mapping_of(options), "template_sender": self._template_sender(requirement["template_id"])}
        if result.requires:
            result = compile_(message, options=options)
            if not result.ok or result.requires:
                raise self._not_compiled(result)
        return result, options

    def _parts(
        self, whole: NotCompiledError, message: object, options: _Options, split_: _Compile
    ) -> tuple[Sequence[Any], _Options]:
        """What a message that does not compile is cut into, and the options for the parts; raises where that fails."""
        split = split_(message, options=options)
        if not split.ok:
            raise self._not_compiled(split)
        if len(split.output) == 1:
            raise whole
        return split.output, {name: value for name, value in mapping_of(options).items() if name != "send_defaults"}

    def _not_compiled(self, result: compiler.Result) -> NotCompiledError:
        # Nothing is masked: these are the caller's own words, and a short key would be found everywhere in them.
        needed = ", ".join(f"{each['kind']}" for each in result.requires)
        told = f", with {len(result.errors)} errors" if len(result.errors) > 1 else ""
        message = f"the message does not compile{told}" if result.errors else f"the payload still needs: {needed}"
        first = str(result.errors[0]) if result.errors else None
        return NotCompiledError(Failure(message, first, diagnostics=result.errors, requires=result.requires))

    def _template_sender(self, template_id: int | str) -> Any:
        """The address stored with a template, looked up once. Raises SenderError; nothing was sent then."""
        if template_id not in self._template_senders:
            path = _template_path(template_id)
            answer = self._transport.call("GET", path)
            decoded = safely(
                lambda: compiler.decode_template(answer.body, answer.status_code, reason=answer.reason), "body"
            )
            if not decoded.ok:
                raise self._service_error(decoded, answer, "GET", path)
            sender = decoded.output["sender"]
            given = {name: value for name, value in sender.items() if value is not None}
            self._template_senders[template_id] = given
        return self._template_senders[template_id]

    def _posted(self, message: object, options: _Options, result: compiler.Result) -> SendResult:
        answer = self._transport.call("POST", _SEND, _body(result))
        # The request is out: whatever fails now must say that the message may have been sent.
        decoded = safely(
            lambda: compiler.decode_response(answer.body, answer.status_code, answer.reason, message, options), "body"
        )
        if not decoded.ok:
            raise self._service_error(decoded, answer, "POST", _SEND)
        output = decoded.output
        sent = SendResult(
            tuple(output["recipients"]),
            tuple(output["unexpected"]),
            tuple(output["message_ids"]),
            (*result.warnings, *self._transport.mask.diagnostics(decoded.warnings)),
            answer,
        )
        if "sent" in output["statuses"]:
            return sent
        failure = Failure(
            "the service accepted none of the recipients",
            "it says no more; the account's statistics may",
            may_have_sent=bool(sent.unexpected),
            endpoint=self._transport.endpoint("POST", _SEND),
            attempts=answer.attempts,
            status_code=answer.status_code,
            recipients=sent.recipients,
            unexpected=tuple(self._transport.mask.value(sent.unexpected)),
            warnings=sent.warnings,
            response=answer,
        )
        raise NoRecipientAcceptedError(failure)

    def _service_error(self, decoded: compiler.Result, answer: Response, method: str, path: str) -> ServiceError:
        diagnostics = self._transport.mask.diagnostics(decoded.errors)
        told = diagnostics[0]
        kind, may_have_sent = _ERRORS.get(told.code, (UnreadableAnswerError, True))
        may_have_sent = may_have_sent and method == "POST" and answer.status_code not in _NOT_ACTED_UPON
        what = "it is not known whether the message was sent" if may_have_sent else "the message was not sent"
        what += "" if method == "POST" else ", for its template's sender could not be looked up"
        message, hint = f"{what}: {told.message} (status {answer.status_code})", told.hint
        if answer.status_code in _REDIRECTS:
            where = self._transport.mask.text(answer.header("Location") or "nowhere")
            message = f"{what}: the service answers with a redirect ({answer.status_code}) to {where}"
            hint = "the keys are not sent there; set the API URL (MAILJET_API_URL) if it has moved"
        failure = Failure(
            message,
            hint,
            may_have_sent=may_have_sent,
            endpoint=self._transport.endpoint(method, path),
            attempts=answer.attempts,
            status_code=answer.status_code,
            service_code=self._transport.mask.value(_service_code(answer)),
            service_message=told.params.get("service_message"),
            retry_after=asked_pause(answer),
            diagnostics=diagnostics,
            response=answer,
        )
        return kind(failure)


def _compiled_safely(message: object, *, options: _Options) -> compiler.Result:
    return safely(lambda: compiler.compile(message, options=options))


def _split_safely(message: object, *, options: _Options) -> compiler.Result:
    return safely(lambda: compiler.split(message, options=options))


def _check_timeout(timeout: object) -> tuple[float, float]:
    """The seconds to wait for a connection, and for each sign. Raises SettingsError."""
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(map(_is_duration, pair)):
        told = f"timeout must be a number of seconds over 0, or a pair (connect, read) of them, got {timeout!r}"
        raise SettingsError(Failure(told, "30 is the default"))
    return pair


def _is_duration(seconds: object) -> bool:
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= threading.TIMEOUT_MAX


def _transport(
    settings: Settings,
    times: tuple[float, float, float | None],
    session: requests.Session | None,
    retries: Retries,
    debug: TextIO | None,
) -> Transport:
    try:
        from compiler.sender.transport import Times, Transport  # lazily, for what it imports costs
    except ModuleNotFoundError as error:
        if error.name != "requests":
            raise
        raise ImportError("compiler.sender needs requests: pip install 'payload-compiler[sender]'") from None
    return Transport(settings, Times(*times), session, retries, debug)


def _body(result: compiler.Result) -> bytes:
    return json.dumps(result.output, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _template_path(template_id: object) -> str:
    """The path that a template's sender is looked up at. Raises NotCompiledError for an id that is not a number.

    Other ids could lead to another resource: whoever normalizes a URL takes `..` for a way up, however it is written.
    """
    if isinstance(template_id, str) and template_id.isascii() and template_id.isdigit():
        is_number = len(template_id) <= len(str(_LARGEST_ID))
    else:
        is_number = type(template_id) is int and 0 <= template_id <= _LARGEST_ID
    if not is_number:
        is_huge = isinstance(template_id, int) and abs(template_id) > _LARGEST_ID
        got = f"a number out of 0 to {_LARGEST_ID}" if is_huge else repr(template_id)
        raise NotCompiledError(
            Failure(
                f"the sender of a template can only be looked up by the template's numeric id, got {got}",
                "give from_email in the message, or the option template_sender",
            )
        )
    return f"REST/template/{template_id}/detailcontent"


def _service_code(answer: Response) -> int | str:
    """The service's own code, where it gives one, else the status."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    code = body.get("ErrorCode") if isinstance(body, dict) else None
    return code if isinstance(code, int | str) and code else answer.status_code
