"""One webhook call, without a framework: what is checked before the body is read, and what becomes of its events.

    response = check_call(method, authorization, content_length, secrets, limit)   # None: read the body
    delivery = Delivery(kind, body, memory)
    for event, fingerprint in delivery.read_events():
        with delivery.handling(fingerprint):
            receive(event)
    delivery.response

A call is answered 200 if all its events were handled. If a receiver fails, the other events are still handled, and the
answer is 500, so that Mailjet calls again; then only the event that failed is handled again.
"""

from __future__ import annotations

import contextlib
import logging
import time
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

import compiler
from compiler.webhooks.basic_auth import WebhookSecrets
from compiler.webhooks.memory import EventMemory

log = logging.getLogger("compiler.webhooks")
log.addHandler(logging.NullHandler())  # silent unless the application configures logging

MAX_BODY_BYTES = 64 * 2**20
_METHODS = ("POST", "HEAD", "OPTIONS")

_ALLOW = ("Allow", ", ".join(_METHODS))
_CHUNK_BYTES = 64 * 2**10
_MAX_ERRORS = 10
_MAX_FAILING_SECONDS = 30  # receivers that wait for a database that is down must not hold a worker for hours
_MAX_LOGGED_WARNINGS = 10

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WebhookKind:
    """A kind of webhook. `path`: below the webhooks' URL; `decode`: from a body to a result with the events."""

    name: str
    path: str
    decode: Callable[[object], compiler.Result]
    events: Callable[[Any], list[Event]]


TRACKING = WebhookKind(
    "tracking", "mailjet/tracking/", lambda body: compiler.decode_events(body), lambda output: output["events"]
)
INBOUND = WebhookKind(
    "inbound", "mailjet/inbound/", lambda body: compiler.decode_inbound(body), lambda output: [output]
)
KINDS = (TRACKING, INBOUND)


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """The answer to a call: a status, a text for people, and further headers."""

    status: int
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def check_call(
    method: str,
    authorization: str | None,
    content_length: str | None,
    secrets: WebhookSecrets,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> WebhookResponse | None:
    """The answer to a call whose body need not be read, None for any other."""
    if method not in _METHODS:
        return WebhookResponse(
            405, f"the method must be POST, got {_describe_method(method)}", (("Allow", ", ".join(_METHODS)),)
        )
    if method == "OPTIONS":
        return WebhookResponse(200, "", (("Allow", ", ".join(_METHODS)),))
    if method == "HEAD":
        return WebhookResponse(200)
    if not secrets.allow(authorization):
        log.warning("a webhook call was rejected: %s basic authentication", "wrong" if authorization else "no")
        challenge = ("WWW-Authenticate", 'Basic realm="webhooks", charset="UTF-8"')
        return WebhookResponse(
            401, "basic authentication is missing or wrong: check the user and password", (challenge,)
        )
    length = content_length or ""
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > max_body_bytes):
        return too_large(max_body_bytes)
    return None


class BodyStream(Protocol):
    """What has a body to read."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


def read_limited(stream: BodyStream, limit: int) -> bytes:
    """At most `limit` bytes of a stream, read in small pieces: one large read could reserve memory in advance."""
    chunks: list[bytes] = []
    while limit > 0 and (chunk := stream.read(min(limit, _CHUNK_BYTES))):
        chunks.append(chunk)
        limit -= len(chunk)
    return b"".join(chunks)


def too_large(max_body_bytes: int) -> WebhookResponse:
    """The answer to a body over the limit."""
    log.warning("a webhook call was rejected: its body has more than %d bytes", max_body_bytes)
    return WebhookResponse(413, f"the body must have at most {max_body_bytes} bytes")


@dataclass(slots=True)
class Delivery:
    """The events of a body, handed on one by one. Equal events count as one (see `compiler.event_fingerprint`).

    `errors`: the first ten of receivers. `handled`: the fingerprints of events that were handled, now or before.
    `invalid`: why the body has no events. `read_only`: if the body has more events than are read, how many are read.
    `failing_since`: when receivers began to fail without a success since, in seconds of the monotonic clock.
    """

    kind: WebhookKind
    body: bytes = field(repr=False)
    memory: EventMemory | None
    errors: list[Exception] = field(default_factory=list, init=False)
    handled: set[str] = field(default_factory=set, init=False)
    invalid: str | None = field(default=None, init=False)
    read_only: int | None = field(default=None, init=False)
    failing_since: float | None = field(default=None, init=False)

    def read_events(self) -> Iterator[tuple[Event, str]]:
        """The events that were not handled before, with their fingerprints. To be called once.

        It ends early if receivers fail for 30 seconds, without one success.
        """
        result = self.kind.decode(self.body)
        self.body = b""  # not needed any more, and large
        _log_warnings(self.kind, result.warnings)
        if not result.ok:
            self._reject(result.errors[0].message)
            return
        pairs = [(event, compiler.event_fingerprint(event)) for event in self.kind.events(result.output)]
        if self.kind is TRACKING and any(_is_received_mail(event["esp_event"]) for event, _ in pairs):
            self._reject(f"it is a received message, not events: its URL ends with {INBOUND.path}")
            return
        # `decode_events` reports the first event beyond its limit, by its index.
        if any(warning.path == f"/{len(pairs)}" for warning in result.warnings):
            self.read_only = len(pairs)
        self.handled |= self._find_handled([fingerprint for _, fingerprint in pairs])
        for event, fingerprint in pairs:
            if fingerprint in self.handled:
                log.info("a repeated %s event was skipped", self.kind.name)
            elif self.failing_since is not None and time.monotonic() > self.failing_since + _MAX_FAILING_SECONDS:
                log.error("receivers keep failing, so the call was given up; Mailjet will send its other events again")
                return
            else:
                yield event, fingerprint

    @contextlib.contextmanager
    def handling(self, fingerprint: str) -> Iterator[None]:
        """The block in which a receiver handles an event. Keeps an exception in `errors`, and remembers a success."""
        try:
            yield
        except Exception as error:  # whatever a receiver raises must not lose the other events
            self.add_error(error)
        except CancelledError:  # of the work of a coroutine function: nothing cancels this call
            self.add_error(RuntimeError("a receiver was cancelled"))
        else:
            self.add_handled(fingerprint)

    def add_error(self, error: Exception) -> None:
        """A receiver failed. Keeps and logs the first errors; the very first is for the caller to raise or log."""
        if self.failing_since is None:
            self.failing_since = time.monotonic()
        if 0 < len(self.errors) < _MAX_ERRORS:
            log.error("a receiver of a %s event failed", self.kind.name, exc_info=error)
        if len(self.errors) < _MAX_ERRORS:
            self.errors.append(error)

    def add_handled(self, fingerprint: str) -> None:
        """An event was handled: remembers its fingerprint."""
        self.failing_since = None
        self.handled.add(fingerprint)
        if self.memory is not None:
            try:
                self.memory.add(self._key(fingerprint))
            except Exception:
                log.exception("a handled %s event could not be remembered, and may be reported again", self.kind.name)

    @property
    def response(self) -> WebhookResponse:
        """The answer, once all events were handed on."""
        if self.invalid is not None:
            return WebhookResponse(400, f"the body is invalid: {self.invalid}")
        if self.errors:
            return WebhookResponse(500, "a receiver failed; call again")
        if self.read_only is not None:
            log.error("a webhook call has too many events; the first %d were handled", self.read_only)
            return WebhookResponse(413, f"too many events; the first {self.read_only} were handled")
        return WebhookResponse(200)

    def _key(self, fingerprint: str) -> str:
        """The name of an event in the memory: one body may reach both webhooks."""
        return f"{self.kind.name}-{fingerprint}"

    def _reject(self, reason: str) -> None:
        log.warning("a webhook call was rejected: %s", reason)
        self.invalid = reason

    def _find_handled(self, fingerprints: list[str]) -> Set[str]:
        if self.memory is None:
            return frozenset()
        try:
            keys = {self._key(fingerprint): fingerprint for fingerprint in fingerprints}
            return {keys[key] for key in self.memory.find(list(keys)) if key in keys}
        except Exception:
            log.exception("repeated %s events cannot be recognized", self.kind.name)
            return frozenset()


def _is_received_mail(event: object) -> bool:
    """Whether an event is the body of an inbound webhook, whose URL is wrong."""
    return isinstance(event, dict) and "event" not in event and bool(event.keys() & {"Headers", "Parts", "Text-part"})


def _log_warnings(kind: WebhookKind, warnings: tuple[compiler.Diagnostic, ...]) -> None:
    """Logs what could not be read, by code and place only: a body has personal data."""
    for warning in warnings[:_MAX_LOGGED_WARNINGS]:
        log.warning("%s webhook: %s at %s", kind.name, warning.code, warning.path)
    if len(warnings) > _MAX_LOGGED_WARNINGS:
        log.warning("%s webhook: %d more warnings", kind.name, len(warnings) - _MAX_LOGGED_WARNINGS)


def _describe_method(method: str) -> str:
    return method[:20] if method.isascii() and method.isalpha() else "another"
