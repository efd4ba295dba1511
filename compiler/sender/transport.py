"""One HTTP call, made again where that is safe; and the only module that knows requests.

The payload leaves this process through a reader that remembers whether anything was asked of it, and hands itself out
once only. Connections are made, TLS is negotiated and headers are written before the first byte of a body is read, so
where the reader was never asked the message cannot have arrived; where it was, nobody knows.
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

from compiler.json_io.control_characters import visible
from compiler.sender.deadline import NO_DEADLINE, Deadline, can_be_limited, current_deadline, limit_connections, within
from compiler.sender.errors import Failure, MaybeSentError, NetworkError, NothingSentError, Response, SettingsError
from compiler.sender.http_dump import request_text, response_text
from compiler.sender.masking import Mask
from compiler.sender.retries import Retries, asked_pause, is_worth_repeating
from compiler.sender.settings import Settings

log = logging.getLogger("compiler.sender")
log.addHandler(logging.NullHandler())  # whoever wants to read it says so

_LONGEST_ANSWER = 16 * 2**20  # bytes; a thousand times that of a hundred recipients
_CHUNK = 64 * 2**10

# The first that fits; what it is called for people. The network's own words are added where it has some.
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.ConnectTimeout, "no connection within {connect:g} s"),
    (requests.exceptions.ReadTimeout, "no answer within {read:g} s"),
    (requests.exceptions.SSLError, "the TLS connection failed"),
    (requests.exceptions.ProxyError, "the proxy did not make the connection"),
    (requests.exceptions.ContentDecodingError, "the answer's compression is broken"),
    (requests.exceptions.ChunkedEncodingError, "the answer broke off"),
    (requests.exceptions.ConnectionError, "the connection failed"),
)

# Failures of a connection that would be no other the next time.
_LASTING = (requests.exceptions.SSLError, ValueError)  # ValueError: the request itself will not do


# Where the errors come from that hold nothing but their arguments.
_SYSTEM = ("builtins", "http.client", "socket", "ssl")


class _BodyOnce:
    """A request's body that remembers whether anybody began to read it, and then cannot be read from the start again.

    So not even a session that repeats calls by itself, whatever its adapters do, can send a message twice.
    """

    def __init__(self, content: bytes, deadline: Deadline = NO_DEADLINE) -> None:
        self._content = content
        self._deadline = deadline
        self._position = 0
        self._is_spent = False
        self.begun = False

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        yield self.read()

    def read(self, size: int | None = None) -> bytes:
        if self._is_spent:
            raise OSError("a message is not sent again")
        self._deadline.check()  # an upload can drip, too
        self.begun = True
        end = len(self) if size is None or size < 0 else self._position + size
        read = self._content[self._position : end]
        self._position += len(read)
        return read

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        # requests goes back before it shows where a redirect would lead, and then reads nothing.
        self._is_spent = self.begun
        self._position = position
        return position


class Times(NamedTuple):
    """Seconds: to wait for a connection, for each sign of the other side, and for a call in all (None: no limit)."""

    connect: float
    read: float
    total: float | None


@dataclass(frozen=True, slots=True)
class _Lost:
    """There was no answer: why, whether the body had begun to leave, and whether another try could do better.

    `cause`: what an error can keep of it, without the request.
    """

    why: str
    begun: bool
    lasting: bool
    cause: OSError


class Transport:
    """Makes calls with the keys of these settings over one pool of connections.

    `times`: how long a call may take, where one that is made again counts anew. `debug`: where requests and answers are
    written in full, credentials masked. A session that is handed in stays open. A forked child opens connections of its
    own. Raises SettingsError for a session that would repeat calls by itself, or does not verify TLS.
    """

    def __init__(
        self,
        settings: Settings,
        times: Times,
        session: requests.Session | None,
        retries: Retries,
        debug: TextIO | None,
    ) -> None:
        self.mask = Mask(settings.api_key, settings.secret_key)
        self._settings = settings
        self._times = times
        self._owns_session = session is None
        self._session = requests.Session() if session is None else session
        self._retries = retries
        self._debug = debug
        self._process = os.getpid()
        _check_session(self._session, settings)

    def close(self) -> None:
        """Closes the connections, if they are ours."""
        if self._owns_session:
            self._session.close()

    def endpoint(self, method: str, path: str) -> str:
        """What a call is named in logs and errors."""
        return f"{method} {self.mask.text(f'{self._settings.api_url}/{path}')}"

    def shown(self, method: str, path: str, body: bytes | None = None) -> str:
        """The request as it would be made, credentials masked. Nothing is sent."""
        return request_text(self._prepared(method, path, body), body, self.mask)

    def call(self, method: str, path: str, body: bytes | None = None) -> Response:
        """The answer to a call, whatever its status.

        Raises NothingSentError or MaybeSentError where there is none. Without a body nothing is sent that matters.
        """
        attempts = 0
        while True:
            attempts += 1
            got = self._attempt(method, path, body, attempts)
            if isinstance(got, Response):
                pause = None
                if is_worth_repeating(method, got.status_code):
                    pause = self._retries.pause(attempts, asked_pause(got))
                if pause is None:
                    return got
            else:
                safe = not got.lasting and (body is None or not got.begun)
                pause = self._retries.pause(attempts) if safe else None
                if pause is None:
                    raise self._error(got, method, path, attempts) from got.cause
            time.sleep(pause)

    def _attempt(self, method: str, path: str, body: bytes | None, attempts: int) -> Response | _Lost:
        self._leave_inherited_connections()
        started = time.monotonic()
        got: Response | _Lost
        with within(self._times.total) as deadline:
            once = _BodyOnce(body or b"", deadline)
            try:
                prepared = self._prepared(method, path, None if body is None else once)
                if self._debug is not None:
                    self._write(request_text(prepared, body, self.mask))
                got = self._exchanged(prepared, attempts, deadline)
            except Exception as error:  # whatever it is, the caller has to know what became of the call
                why = self._why(error, deadline)
                got = _Lost(why, once.begun, isinstance(error, _LASTING), self._cause(error, why))
        milliseconds = (time.monotonic() - started) * 1000
        self._told(got, method, path, len(body or b""), milliseconds)
        return got

    def _leave_inherited_connections(self) -> None:
        """Drops the connections that a forked child shares with its parent: each would read the other's answers.

        Only this process's descriptors are closed. Nothing is written, no TLS farewell either, and nothing is shut
        down, so that the parent's connections live on.
        """
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        if self._owns_session:
            self._session = requests.Session()
            return
        for adapter in self._session.adapters.values():
            if isinstance(adapter, HTTPAdapter):
                adapter.close()  # it makes new pools with the same settings

    def _limit_connections(self, prepared: requests.PreparedRequest, environment: Mapping[str, Any]) -> None:
        """Makes the connections for a request keep deadlines, where they are of a kind that requests itself makes."""
        adapter = self._session.get_adapter(prepared.url or "")
        if not isinstance(adapter, HTTPAdapter):
            return

        def pool() -> Any:
            named = {name: environment[name] for name in ("verify", "proxies", "cert")}
            return adapter.get_connection_with_tls_context(prepared, **named)

        if can_be_limited(pool()):
            if pool().num_connections:
                adapter.close()  # what a session of the caller's own has open already would keep none
            limit_connections(pool())

    def _exchanged(self, prepared: requests.PreparedRequest, attempts: int, deadline: Deadline) -> Response:
        url = prepared.url or ""
        # Plain http goes to this machine, or where it was allowed to: in no case by way of somebody else.
        proxies = {} if self._settings.is_encrypted else {"http": None, "all": None}
        own = self._session.verify
        verify = own if isinstance(own, str) else True  # whatever became of the session meanwhile
        environment: dict[str, Any] = dict(
            self._session.merge_environment_settings(url, proxies, True, verify, None)  # type: ignore[arg-type]
        )
        environment["stream"] = True
        # First, so that neither a hook of the session nor its look at a redirect reads the answer without bound.
        prepared.hooks["response"].insert(0, _read_body)
        self._limit_connections(prepared, environment)
        timeout = (deadline.limit(self._times.connect), deadline.limit(self._times.read))
        answer = self._session.send(prepared, timeout=timeout, allow_redirects=False, **environment)
        with answer:
            body = b"".join(_bounded(answer.iter_content(_CHUNK)))
            return Response(answer.status_code, answer.reason or "", tuple(answer.headers.items()), body, attempts)

    def _prepared(self, method: str, path: str, body: bytes | _BodyOnce | None) -> requests.PreparedRequest:
        import compiler

        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",  # whatever else this machine could unpack
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

    def _told(self, got: Response | _Lost, method: str, path: str, sent: int, milliseconds: float) -> None:
        endpoint = self.endpoint(method, path)
        if isinstance(got, _Lost):
            log.warning("%s: %s, after %.0f ms, %d bytes to send", endpoint, got.why, milliseconds, sent)
            self._write(f"< no answer: {got.why}")
            return
        status, received = got.status_code, len(got.body)
        log.info("%s: %d in %.0f ms, %d bytes sent, %d received", endpoint, status, milliseconds, sent, received)
        if self._debug is not None:
            self._write(response_text(got, self.mask))

    def _write(self, text: str) -> None:
        if self._debug is not None:
            with contextlib.suppress(OSError, ValueError):  # a dump that cannot be written costs no answer
                self._debug.write(text + "\n")

    def _why(self, error: Exception, deadline: Deadline) -> str:
        words = next((words for kind, words in _WORDS if isinstance(error, kind)), type(error).__name__)
        causes = tuple(_causes(error))
        if deadline.is_over:
            words = "no complete answer within {total:g} s"
        elif "{" not in words and any(isinstance(each, TimeoutError) for each in causes):
            words = "no more of the answer within {read:g} s"
        said = None if "{" in words else next(filter(None, map(_own_words, causes)), None)
        told = words.format(**self._times._asdict())
        return visible(told if said is None else f"{told}: {self.mask.text(said)}")

    def _cause(self, error: Exception, why: str) -> OSError:
        """The innermost error of the system, made anew: those of requests hold the request, with its credentials."""
        causes = [each for each in _causes(error) if isinstance(each, OSError)]
        for each in reversed(causes):
            simple = all(isinstance(argument, int | str) for argument in each.args)
            if type(each).__module__ in _SYSTEM and simple:
                return type(each)(*(self.mask.text(one) if isinstance(one, str) else one for one in each.args))
        return TimeoutError(why) if any(isinstance(each, TimeoutError) for each in causes) else OSError(why)

    def _error(self, lost: _Lost, method: str, path: str, attempts: int) -> NetworkError:
        may_have_sent = method != "GET" and lost.begun
        failure = Failure(
            f"{'' if may_have_sent else 'nothing was sent: '}no answer from {self.endpoint(method, path)}: {lost.why}",
            may_have_sent=may_have_sent,
            endpoint=self.endpoint(method, path),
            attempts=attempts,
        )
        return MaybeSentError(failure) if may_have_sent else NothingSentError(failure)


class _TooLongError(Exception):
    def __init__(self) -> None:
        super().__init__(f"the answer has more than {_LONGEST_ANSWER} bytes")


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    length = 0
    for chunk in chunks:
        length += len(chunk)
        if length > _LONGEST_ANSWER:
            raise _TooLongError
        yield chunk


def _in_time(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, for connections that keep no deadline by themselves."""
    for chunk in chunks:
        current_deadline().check()
        yield chunk


def _read_body(answer: requests.Response, **_: Any) -> None:
    """Reads an answer's body within bounds, as a hook. `answer.content` is what was read from then on."""
    try:
        answer._content = b"".join(_bounded(_in_time(answer.iter_content(_CHUNK))))  # nothing public sets it
    except BaseException:
        answer.close()
        raise


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an error was caused by, however it is wrapped: requests hands on urllib3's errors as arguments."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            inner = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
            waiting += [one for one in inner if isinstance(one, BaseException)]


def _own_words(error: BaseException) -> str | None:
    """What the system, requests or this module says of an error: texts that hold nothing of the request."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate verify failed: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return error.reason or error.strerror
    if isinstance(error, RemoteDisconnected):
        return "the other side closed it without an answer"
    if isinstance(error, BadStatusLine):
        return "what came is no HTTP"
    if type(error) is OSError and error.errno is None:  # requests: a file of certificates that is not there
        return str(error)
    if isinstance(error, OSError):
        return error.strerror
    return str(error) if isinstance(error, _TooLongError) else None


def _check_session(session: requests.Session, settings: Settings) -> None:
    if session.verify is False:
        hint = "leave session.verify as it is, or let it name the file of your own authority's certificates"
        raise SettingsError(Failure("the session does not verify TLS certificates", hint))
    adapter = session.get_adapter(settings.api_url)
    retries = getattr(adapter, "max_retries", None) if isinstance(adapter, HTTPAdapter) else None
    if retries is None or not (retries.total or retries.total is None):
        return
    if not retries.allowed_methods or "POST" in {each.upper() for each in retries.allowed_methods}:
        hint = "leave POST out of the allowed_methods of its Retry; the sender repeats what is safe to repeat"
        raise SettingsError(Failure("the session repeats POST by itself, and could send a message twice", hint))
