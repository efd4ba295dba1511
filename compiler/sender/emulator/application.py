"""Combines `send_api` and `admin_api` into an aiohttp application, and runs their background tasks.

Requests with another host name than this machine's or with a foreign origin are rejected, so that a foreign page in the
same browser can neither read nor change anything.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

from aiohttp import web

from compiler.sender.emulator import events
from compiler.sender.emulator.admin_api import AdminApi
from compiler.sender.emulator.mailbox import ReceivedMessage
from compiler.sender.emulator.send_api import SendApi
from compiler.sender.emulator.state import PostedEvents, State
from compiler.sender.emulator.webhook import Webhook
from compiler.sender.settings import is_loopback

_MAX_REQUEST_BYTES = 64 * 2**20  # bytes; 15 MB of attachments are 20 MB of base64
_MAX_PENDING_POSTS = 100  # posts to the webhook at a time
_CLOSE_DELAY = 0.05  # seconds, so that the response is sent first

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Application:
    """The web application of a state. `webhook`: where to post events, or None; `listen`: opens or closes the port."""

    def __init__(
        self,
        state: State,
        api_key: str,
        secret_key: str,
        webhook: Webhook | None,
        listen: Callable[[bool], Awaitable[None]],
    ) -> None:
        self._state = state
        self._webhook = webhook
        self._listen = listen
        self._tasks: set[asyncio.Task[Any]] = set()
        webhook_url = None if webhook is None else webhook.display_url
        self._send_api = SendApi(state, api_key, secret_key, self._on_accepted)
        self._admin_api = AdminApi(state, webhook_url, self._post, self._refuse_connections)

    def build(self) -> web.Application:
        """The application for a server."""
        application = web.Application(middlewares=[_local_only], client_max_size=_MAX_REQUEST_BYTES)
        application.add_routes([*self._send_api.routes(), *self._admin_api.routes()])
        application.on_cleanup.append(self._cancel_tasks)
        return application

    def _start_task(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _cancel_tasks(self, _: web.Application) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _refuse_connections(self, seconds: float) -> None:
        self._start_task(self._close_port(seconds))

    async def _close_port(self, seconds: float) -> None:
        await asyncio.sleep(_CLOSE_DELAY)
        await self._listen(False)
        await asyncio.sleep(seconds)
        await self._listen(True)

    def _on_accepted(self, messages: Sequence[ReceivedMessage]) -> None:
        if self._webhook is not None:
            now = int(time.time())
            sent = [
                events.build_event("sent", message, recipient, now)
                for message in messages
                for recipient in message.recipients
            ]
            if len(self._tasks) < _MAX_PENDING_POSTS:
                self._start_task(self._post(sent))
            else:
                self._state.record_posted(
                    PostedEvents(tuple(sent), None, f"{_MAX_PENDING_POSTS} posts are already pending")
                )

    async def _post(self, posted_events: Sequence[Mapping[str, Any]]) -> PostedEvents:
        assert self._webhook is not None  # noqa: S101 - the callers check it
        posted = await self._webhook.post(posted_events)
        self._state.record_posted(posted)
        return posted


@web.middleware
async def _local_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Rejects other host names that resolve to this machine, and requests of foreign pages."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    origin = request.headers.get("Origin")
    if not is_loopback(host) or origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden(text="only programs and pages of this machine may use the emulator\n")
    try:
        return await handler(request)
    except ConnectionError:  # the client has disconnected
        return web.Response()
    except web.RequestPayloadError as error:  # the body is not compressed as the request says
        return web.Response(status=400, text=f"emulator: the body cannot be read: {error}\n")
