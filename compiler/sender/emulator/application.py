"""Joins the emulator's resources to an aiohttp application, and does what they ask for in the background.

`send_api` is what applications call, `inspection` what was received. A page of somebody else, open in the same browser,
gets nothing from here and changes nothing: names other than this machine's and foreign origins are refused.
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
_MAX_PENDING_POSTS = 100  # that wait for the webhook's answer
_CLOSE_DELAY = 0.05  # seconds, for the answer to get away first

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Application:
    """Answers requests out of a state; `webhook`: where events go, if anywhere; `listen`: opens or closes the port."""

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
        shown = None if webhook is None else webhook.display_url
        self._send_api = SendApi(state, api_key, secret_key, self._on_accepted)
        self._inspection = AdminApi(
            state, shown, self._post, lambda seconds: self._start_task(self._close_port(seconds))
        )

    def made(self) -> web.Application:
        """The application for a server."""
        made = web.Application(middlewares=[_local_only], client_max_size=_MAX_REQUEST_BYTES)
        made.add_routes([*self._send_api.routes(), *self._inspection.routes()])
        made.on_cleanup.append(self._cancel_tasks)
        return made

    def _start_task(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _cancel_tasks(self, _: web.Application) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _close_port(self, seconds: float) -> None:
        await asyncio.sleep(_CLOSE_DELAY)
        await self._listen(False)
        await asyncio.sleep(seconds)
        await self._listen(True)

    def _on_accepted(self, messages: Sequence[ReceivedMessage]) -> None:
        if self._webhook is not None:
            now = int(time.time())
            made = [events.event("sent", each, one, now) for each in messages for one in each.recipients]
            if len(self._tasks) < _MAX_PENDING_POSTS:
                self._start_task(self._post(made))
            else:
                self._state.record_posted(
                    PostedEvents(tuple(made), None, f"{_MAX_PENDING_POSTS} posts were waiting already")
                )

    async def _post(self, made: Sequence[Mapping[str, Any]]) -> PostedEvents:
        assert self._webhook is not None  # noqa: S101 - who calls has looked
        posted = await self._webhook.post(made)
        self._state.record_posted(posted)
        return posted


@web.middleware
async def _local_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuses names that only lead here, and what a foreign page asks for."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    origin = request.headers.get("Origin")
    if not is_loopback(host) or origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden(text="this is for programs and pages of this machine only\n")
    try:
        return await handler(request)
    except ConnectionError:  # whoever asked is gone, in the middle of it
        return web.Response()
