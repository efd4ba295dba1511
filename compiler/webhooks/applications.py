"""The webhooks as WSGI and ASGI applications, for frameworks other than Django."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from compiler.webhooks.basic_auth import WebhookSecrets
from compiler.webhooks.calls import (
    KINDS,
    MAX_BODY_BYTES,
    TRACKING,
    Delivery,
    Event,
    WebhookKind,
    WebhookResponse,
    check_call,
    log,
    read_limited,
    too_large,
)
from compiler.webhooks.memory import EventMemory, RecentEvents

Receiver = Callable[[Any], object]
"""A function of one normalized event or message; for ASGI it may be a coroutine function."""

_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    500: "Internal Server Error",
}


class Webhooks:
    """Receives the calls of Mailjet's webhooks, at `mailjet/tracking/` and `mailjet/inbound/` below its mount point.

    `secret`: the accepted `user:password`, or a list of them; None accepts every caller, so use it in tests only.
    `on_event` receives each tracking event (`schemas/tracking-event.schema.json`), `on_message` each received message
    (`schemas/inbound-message.schema.json`); a webhook without a receiver is answered 404. If a receiver raises an
    exception, it is logged, and the call is answered 500, so that Mailjet calls again. `memory` recognizes events that
    were handled before; the default remembers those of this process. Answers: 200, 400 (invalid body), 401 (wrong
    secret), 404, 405, 413 (more than `max_body_bytes`), 500.

    Raises ValueError for an invalid secret, and TypeError for a receiver that cannot be called.
    """

    def __init__(
        self,
        secret: str | list[str] | tuple[str, ...] | None,
        *,
        on_event: Receiver | None = None,
        on_message: Receiver | None = None,
        memory: EventMemory | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._secrets = WebhookSecrets.parse(secret)
        self._receivers = {kind: on_event if kind is TRACKING else on_message for kind in KINDS}
        for receiver in self._receivers.values():
            if receiver is not None and not callable(receiver):
                raise TypeError(f"a receiver must be callable, got {type(receiver).__name__}")
        self._memory = RecentEvents() if memory is None else memory
        self._max_body_bytes = max_body_bytes

    def __repr__(self) -> str:
        return f"<Webhooks: {', '.join(kind.path for kind in KINDS if self._receivers[kind] is not None)}>"

    def wsgi(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application (PEP 3333)."""
        response = self._answer_wsgi(environ)
        body, headers = _encode(response)
        start_response(f"{response.status} {_REASONS[response.status]}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    async def asgi(self, scope: Mapping[str, Any], receive: _Receive, send: _Send) -> None:
        """The ASGI application. Receivers that are not coroutine functions run in threads."""
        if scope["type"] == "lifespan":
            await _answer_lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        response = await self._answer_asgi(scope, receive)
        if response is None:
            return
        body, headers = _encode(response)
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": response.status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer_wsgi(self, environ: Mapping[str, Any]) -> WebhookResponse:
        kind = self._find_kind(environ.get("PATH_INFO", ""))
        if kind is None:
            return self._not_found()
        length = environ.get("CONTENT_LENGTH") or ""
        response = self._check_call(environ["REQUEST_METHOD"], environ.get("HTTP_AUTHORIZATION"), length)
        if response is not None:
            return response
        # Without a length, only some servers say where the body ends; reading on would wait forever.
        limit = self._max_body_bytes + 1
        if not environ.get("wsgi.input_terminated"):
            limit = min(int(length), limit) if length.isascii() and length.isdigit() else 0
        body = read_limited(environ["wsgi.input"], limit)
        if len(body) > self._max_body_bytes:
            return too_large(self._max_body_bytes)
        delivery = Delivery(kind, body, self._memory)
        del body
        receiver = self._receivers[kind]
        for event, fingerprint in delivery.read_events():
            with delivery.handling(fingerprint):
                result = None if receiver is None else receiver(event)
                if inspect.isawaitable(result):
                    asyncio.run(_wait_for(result))
        return _finish(delivery)

    async def _answer_asgi(self, scope: Mapping[str, Any], receive: _Receive) -> WebhookResponse | None:
        # Some servers include the mount point in the path, others do not.
        kind = self._find_kind(scope["path"].removeprefix(scope.get("root_path", ""))) or self._find_kind(scope["path"])
        if kind is None:
            return self._not_found()
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
        response = self._check_call(scope["method"], headers.get("authorization"), headers.get("content-length"))
        if response is not None:
            return response
        chunks: list[bytes] = []
        size = 0
        is_complete = False
        while not is_complete:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._max_body_bytes:
                return too_large(self._max_body_bytes)
            is_complete = not message.get("more_body", False)
        delivery = Delivery(kind, b"".join(chunks), self._memory)
        del chunks
        pending = delivery.read_events()
        # What may take long runs in threads: decoding a large body, the memory, and receivers that are not coroutine
        # functions. Nothing waits in a thread for the event loop, or else receivers could find no free thread.
        while (item := await asyncio.to_thread(next, pending, None)) is not None:
            event, fingerprint = item
            error = await self._receive(kind, event)
            if error is None:
                await asyncio.to_thread(delivery.add_handled, fingerprint)
            else:
                delivery.add_error(error)
        return _finish(delivery)

    async def _receive(self, kind: WebhookKind, event: Event) -> Exception | None:
        """Hands an event to its receiver, and returns the exception that it raised."""
        receiver = self._receivers[kind]

        def call() -> tuple[Any, Exception | None]:
            # The exception is returned: a future cannot carry a StopIteration.
            try:
                return None if receiver is None else receiver(event), None
            except Exception as error:
                return None, error

        result, error = await asyncio.to_thread(call)
        if error is None and inspect.isawaitable(result):
            try:
                await result
            except Exception as failure:
                return failure
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():  # not the receiver's own task, but this call
                    raise
                return RuntimeError("a receiver was cancelled")
        return error

    def _check_call(self, method: str, authorization: str | None, length: str | None) -> WebhookResponse | None:
        return check_call(method, authorization, length, self._secrets, self._max_body_bytes)

    def _find_kind(self, path: str) -> WebhookKind | None:
        path = path.strip("/") + "/"
        return next((kind for kind in KINDS if kind.path == path and self._receivers[kind] is not None), None)

    def _not_found(self) -> WebhookResponse:
        paths = (kind.path for kind in KINDS if self._receivers[kind] is not None)
        return WebhookResponse(404, f"unknown path (available: {', '.join(paths)})")


def _finish(delivery: Delivery) -> WebhookResponse:
    if delivery.errors:
        log.error("a receiver of a %s event failed", delivery.kind.name, exc_info=delivery.errors[0])
    return delivery.response


async def _wait_for(result: Awaitable[object]) -> object:
    return await result


async def _answer_lifespan(receive: _Receive, send: _Send) -> None:
    while (kind := (await receive())["type"]) != "lifespan.shutdown":
        await send({"type": f"{kind}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _encode(response: WebhookResponse) -> tuple[bytes, list[tuple[str, str]]]:
    """The body and the headers of an answer."""
    body = response.text.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return body, [*headers, *response.headers]
