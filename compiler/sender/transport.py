"""Makes HTTP calls, and repeats them where that is safe. The only module that uses requests.

The payload is sent from a reader that records whether reading began, and can be read only once. The connection, TLS and
the headers come before the first read of the body. So if reading never began, the message cannot have arrived; if it
began, the message may have arrived.
"""

from __future__ import annotations

import contextlib
import logging
import os
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import BadStatusLine, RemoteDisconnected
from typing import Any, NamedTuple, TextIO

import requests
from requests.adapters import HTTPAdapter

from compiler.json_io.control_characters import escape_control_characters
from compiler.sender.deadline import (
    NO_DEADLINE,
    Deadline,
    call_deadline,
    can_be_limited,
    current_deadline,
    limit_connections,
)
from compiler.sender.errors import Failure, HttpResponse, MaybeSentError, NetworkError, NotSentError, SettingsError
from compiler.sender.http_dump import format_request, format_response
from compiler.sender.masking import Mask
from compiler.sender.retries import Retries, is_retryable, retry_after
from compiler.sender.settings import SenderSettings

log = logging.getLogger("compiler.sender")
log.addHandler(logging.NullHandler())  # silent unless the application configures logging

_MAX_RESPONSE_BYTES = 16 * 2**20  # a thousand times the response for a hundred recipients
_CHUNK_BYTES = 64 * 2**10

# Message by exception class; the first match wins. The system's error message is appended if there is one.
_ERROR_MESSAGES: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.ConnectTimeout, "no connection within {connect:g} s"),
    (requests.exceptions.ReadTimeout, "no response within {read:g} s"),
    (requests.exceptions.SSLError, "the TLS connection failed"),
    (requests.exceptions.ProxyError, "the proxy did not make the connection"),
    (requests.exceptions.ContentDecodingError, "the compression of the response is invalid"),
    (requests.exceptions.ChunkedEncodingError, "the response was cut off"),
    (requests.exceptions.ConnectionError, "the connection failed"),
)

# Errors that a retry would repeat.
_PERMANENT_ERRORS = (requests.exceptions.SSLError, ValueError)  # ValueError: the request is invalid

# Modules whose exceptions contain nothing but their arguments.
_SYSTEM_MODULES = ("builtins", "http.client", "socket", "ssl")


class _SingleUseBody:
    """Single-use request body: records whether reading began, and refuses to be read twice.

    This keeps a session that repeats calls by itself from sending a message twice.
    """

    def __init__(self, content: bytes, deadline: Deadline = NO_DEADLINE) -> None:
        self._content = content
        self._deadline = deadline
        self._position = 0
        self._is_used = False
        self.started = False

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        yield self.read()

    def read(self, size: int | None = None) -> bytes:
        if self._is_used:
            raise OSError("the message cannot be sent again")
        self._deadline.check()  # an upload can be slow, too
        self.started = True
        end = len(self) if size is None or size < 0 else self._position + size
        chunk = self._content[self._position : end]
        self._position += len(chunk)
        return chunk

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        # requests seeks back before it looks at a redirect, and then reads nothing.
        self._is_used = self.started
        self._position = position
        return position


class Timeouts(NamedTuple):
    """Seconds to wait for a connection, for each read, and for a call in total (None: no limit)."""

    connect: float
    read: float
    total: float | None


@dataclass(frozen=True, slots=True)
class _NoResponse:
    """A call without a response. `cause`: the system error, without the request.

    `started`: whether sending the body began. `is_permanent`: whether a retry would fail too.
    """

    reason: str
    started: bool
    is_permanent: bool
    cause: OSError


class Transport:
    """Makes calls with the keys of these settings over one connection pool.

    `timeouts`: the limits of each attempt. `debug`: a stream for requests and responses in full, credentials masked. A
    `session` that is passed in stays open. A forked child opens its own connections. Raises SettingsError for a session
    that repeats POST by itself or does not verify TLS.
    """

    def __init__(
        self,
        settings: SenderSettings,
        timeouts: Timeouts,
        session: requests.Session | None,
        retries: Retries,
        debug: TextIO | None,
    ) -> None:
        self.mask = Mask(settings.api_key, settings.secret_key)
        self._settings = settings
        self._timeouts = timeouts
        self._owns_session = session is None
        self._session = requests.Session() if session is None else session
        self._retries = retries
        self._debug = debug
        self._process_id = os.getpid()
        _check_session(self._session, settings)

    def close(self) -> None:
        """Closes the session, unless it was passed in."""
        if self._owns_session:
            self._session.close()

    def endpoint(self, method: str, path: str) -> str:
        """The method and URL of a call, for logs and errors."""
        return f"{method} {self.mask.text(f'{self._settings.api_url}/{path}')}"

    def preview(self, method: str, path: str, body: bytes | None = None) -> str:
        """The request that `call` would make, credentials masked. Nothing is sent."""
        return format_request(self._prepare_request(method, path, body), body, self.mask)

    def call(self, method: str, path: str, body: bytes | None = None) -> HttpResponse:
        """Makes a call and returns its response, whatever its status.

        Raises NotSentError or MaybeSentError if there is no response; without a body always NotSentError.
        """
        attempts = 0
        while True:
            attempts += 1
            outcome = self._attempt(method, path, body, attempts)
            if isinstance(outcome, HttpResponse):
                pause = None
                if is_retryable(method, outcome.status_code):
                    pause = self._retries.pause(attempts, retry_after(outcome))
                if pause is None:
                    return outcome
            else:
                can_retry = not outcome.is_permanent and (body is None or not outcome.started)
                pause = self._retries.pause(attempts) if can_retry else None
                if pause is None:
                    raise self._network_error(outcome, method, path, attempts) from outcome.cause
            time.sleep(pause)

    def _attempt(self, method: str, path: str, body: bytes | None, attempts: int) -> HttpResponse | _NoResponse:
        self._leave_inherited_connections()
        start = time.monotonic()
        outcome: HttpResponse | _NoResponse
        with call_deadline(self._timeouts.total) as deadline:
            single_use = _SingleUseBody(body or b"", deadline)
            try:
                prepared = self._prepare_request(method, path, None if body is None else single_use)
                if self._debug is not None:
                    self._write(format_request(prepared, body, self.mask))
                outcome = self._exchange(prepared, attempts, deadline)
            except Exception as error:  # any error must become a NetworkError
                reason = self._describe_error(error, deadline)
                outcome = _NoResponse(
                    reason, single_use.started, isinstance(error, _PERMANENT_ERRORS), self._system_error(error, reason)
                )
        milliseconds = (time.monotonic() - start) * 1000
        self._log_outcome(outcome, method, path, len(body or b""), milliseconds)
        return outcome

    def _leave_inherited_connections(self) -> None:
        """Drops the connections that a forked child inherits: parent and child would read each other's responses.

        Closes only this process's descriptors, without a TLS close_notify or a shutdown, so the parent's connections
        stay usable.
        """
        if self._process_id == os.getpid():
            return
        self._process_id = os.getpid()
        if self._owns_session:
            self._session = requests.Session()
            return
        for adapter in self._session.adapters.values():
            if isinstance(adapter, HTTPAdapter):
                adapter.close()  # it opens new pools with the same settings

    def _limit_connections(self, prepared: requests.PreparedRequest, environment: Mapping[str, Any]) -> None:
        """Makes the connections for a request keep deadlines, if the adapter is one of requests' own."""
        adapter = self._session.get_adapter(prepared.url or "")
        if not isinstance(adapter, HTTPAdapter):
            return

        def pool() -> Any:
            arguments = {name: environment[name] for name in ("verify", "proxies", "cert")}
            return adapter.get_connection_with_tls_context(prepared, **arguments)

        if can_be_limited(pool()):
            if pool().num_connections:
                adapter.close()  # connections that the caller's session already opened keep no deadline
            limit_connections(pool())

    def _exchange(self, prepared: requests.PreparedRequest, attempts: int, deadline: Deadline) -> HttpResponse:
        url = prepared.url or ""
        # Plain http goes to this machine or an allowed host, never through a proxy.
        proxies = {} if self._settings.uses_tls else {"http": None, "all": None}
        verify = self._session.verify
        verify = verify if isinstance(verify, str) else True  # even if the session has changed since
        environment: dict[str, Any] = dict(
            self._session.merge_environment_settings(url, proxies, True, verify, None)  # type: ignore[arg-type]
        )
        environment["stream"] = True
        # Comes first, so that no hook of the session and no redirect handling reads an unlimited response.
        prepared.hooks["response"].insert(0, _read_body)
        self._limit_connections(prepared, environment)
        timeout = (deadline.limit(self._timeouts.connect), deadline.limit(self._timeouts.read))
        response = self._session.send(prepared, timeout=timeout, allow_redirects=False, **environment)
        with response:
            body = b"".join(_limit_size(response.iter_content(_CHUNK_BYTES)))
            headers = tuple(response.headers.items())
            return HttpResponse(response.status_code, response.reason or "", headers, body, attempts)

    def _prepare_request(self, method: str, path: str, body: bytes | _SingleUseBody | None) -> requests.PreparedRequest:
        import compiler

        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",  # no optional codecs of this machine
            "User-Agent": f"payload-compiler/{compiler.__version__}",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = requests.Request(
            method,
            f"{self._settings.api_url}/{path}",
            headers=headers,
            data=body,
            auth=(self._settings.api_key, self._settings.secret_key),
        )
        return self._session.prepare_request(request)

    def _log_outcome(
        self, outcome: HttpResponse | _NoResponse, method: str, path: str, sent: int, milliseconds: float
    ) -> None:
        endpoint = self.endpoint(method, path)
        if isinstance(outcome, _NoResponse):
            log.warning("%s: %s, after %.0f ms, %d bytes to send", endpoint, outcome.reason, milliseconds, sent)
            self._write(f"< no response: {outcome.reason}")
            return
        status, received = outcome.status_code, len(outcome.body)
        log.info("%s: %d in %.0f ms, %d bytes sent, %d received", endpoint, status, milliseconds, sent, received)
        if self._debug is not None:
            self._write(format_response(outcome, self.mask))

    def _write(self, text: str) -> None:
        if self._debug is not None:
            with contextlib.suppress(OSError, ValueError):  # a failed dump must not lose the response
                self._debug.write(text + "\n")

    def _describe_error(self, error: Exception, deadline: Deadline) -> str:
        template = next((text for kind, text in _ERROR_MESSAGES if isinstance(error, kind)), type(error).__name__)
        causes = tuple(_causes(error))
        if deadline.is_expired:
            template = "no complete response within {total:g} s"
        elif "{" not in template and any(isinstance(cause, TimeoutError) for cause in causes):
            template = "no further data within {read:g} s"
        detail = None if "{" in template else next(filter(None, map(_describe_cause, causes)), None)
        message = template.format(**self._timeouts._asdict())
        return escape_control_characters(message if detail is None else f"{message}: {self.mask.text(detail)}")

    def _system_error(self, error: Exception, reason: str) -> OSError:
        """A copy of the innermost system error: the errors of requests refer to the request and its credentials."""
        causes = [cause for cause in _causes(error) if isinstance(cause, OSError)]
        for cause in reversed(causes):
            is_plain = all(isinstance(argument, int | str) for argument in cause.args)
            if type(cause).__module__ in _SYSTEM_MODULES and is_plain:
                return type(cause)(*map(self.mask.value, cause.args))
        return TimeoutError(reason) if any(isinstance(cause, TimeoutError) for cause in causes) else OSError(reason)

    def _network_error(self, outcome: _NoResponse, method: str, path: str, attempts: int) -> NetworkError:
        may_have_sent = method != "GET" and outcome.started
        endpoint = self.endpoint(method, path)
        failure = Failure(
            f"{'' if may_have_sent else 'nothing was sent: '}no response from {endpoint}: {outcome.reason}",
            may_have_sent=may_have_sent,
            endpoint=endpoint,
            attempts=attempts,
        )
        return MaybeSentError(failure) if may_have_sent else NotSentError(failure)


class _ResponseTooLargeError(Exception):
    def __init__(self) -> None:
        super().__init__(f"the response has more than {_MAX_RESPONSE_BYTES} bytes")


def _limit_size(chunks: Iterator[bytes]) -> Iterator[bytes]:
    length = 0
    for chunk in chunks:
        length += len(chunk)
        if length > _MAX_RESPONSE_BYTES:
            raise _ResponseTooLargeError
        yield chunk


def _check_deadline(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Checks the deadline between chunks, for connections that do not keep it themselves."""
    for chunk in chunks:
        current_deadline().check()
        yield chunk


def _read_body(response: requests.Response, **_: Any) -> None:
    """Response hook that reads the body within its limits; `response.content` returns it afterwards."""
    try:
        response._content = b"".join(_limit_size(_check_deadline(response.iter_content(_CHUNK_BYTES))))
    except BaseException:
        response.close()
        raise


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all its causes, also those passed as arguments, as requests passes urllib3's errors."""
    queue, seen = [error], set()
    while queue:
        current = queue.pop(0)
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            inner = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
            queue += [cause for cause in inner if isinstance(cause, BaseException)]


def _describe_cause(error: BaseException) -> str | None:
    """The message of an error of the system, requests or this module; it contains nothing of the request."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate verify failed: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return error.reason or error.strerror
    if isinstance(error, RemoteDisconnected):
        return "the server closed it without a response"
    if isinstance(error, BadStatusLine):
        return "the response is not valid HTTP"
    if type(error) is OSError and error.errno is None:  # requests: a missing certificate file
        return str(error)
    if isinstance(error, OSError):
        return error.strerror
    return str(error) if isinstance(error, _ResponseTooLargeError) else None


def _check_session(session: requests.Session, settings: SenderSettings) -> None:
    if session.verify is False:
        hint = "set session.verify to True or to the file of your CA certificates"
        raise SettingsError(Failure("the session must verify TLS certificates", hint))
    adapter = session.get_adapter(settings.api_url)
    retries = getattr(adapter, "max_retries", None) if isinstance(adapter, HTTPAdapter) else None
    if retries is None or not (retries.total or retries.total is None):
        return
    if not retries.allowed_methods or "POST" in {method.upper() for method in retries.allowed_methods}:
        hint = "remove POST from the allowed_methods of its Retry; the sender makes the safe retries itself"
        raise SettingsError(Failure("the session must not retry POST, which could send a message twice", hint))
