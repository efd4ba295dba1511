"""`Emulator`: runs the server in its own thread."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Coroutine, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from compiler.sender.emulator.application import Application
from compiler.sender.emulator.mailbox import ReceivedMessage
from compiler.sender.emulator.send_api import API, API_V3_1
from compiler.sender.emulator.state import KEEP, ApiCall, PostedEvents, State
from compiler.sender.emulator.webhook import parse_webhook_url
from compiler.sender.settings import is_loopback

API_KEY = "emulator-api-key"
SECRET_KEY = "emulator-secret-key"  # noqa: S105 - of this emulator only

_SHUTDOWN = 0.1  # seconds, for stalled requests


class Emulator:
    """An emulator of the Send API on this machine; a context manager that stops it at the end.

    `port`: 0 for any free port. `templates`: the contents of stored templates by id, as the template resource returns
    them: `{176375: {"Headers": {"From": "Shop <shop@example.com>"}}}`. `webhook`: a URL on this machine for tracking
    events; `grouped`: whether they are posted in lists. `keep`: the number of newest messages to keep, within 256 MiB;
    `dropped` counts the others.

    Raises ValueError for a host or webhook that is not this machine, a `keep` below 1 or too many templates, and
    OSError for a port in use.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        api_key: str = API_KEY,
        secret_key: str = SECRET_KEY,
        templates: Mapping[int, Mapping[str, Any]] | Mapping[str, Mapping[str, Any]] | None = None,
        webhook: str | None = None,
        grouped: bool = True,
        keep: int = KEEP,
    ) -> None:
        if not is_loopback(host):
            raise ValueError(f"host must be on this machine (127.0.0.1, ::1 or localhost), got {host!r}")
        self.api_key, self.secret_key = api_key, secret_key
        self._host, self._port = host, port
        self._state = State(keep)
        for identity, template in (templates or {}).items():
            self._state.store_template(str(identity), template, len(json.dumps(template)))
        parsed_webhook = None if webhook is None else parse_webhook_url(webhook, grouped=grouped)
        self._application = Application(self._state, api_key, secret_key, parsed_webhook, self._listen)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="emulator", daemon=True)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    def __repr__(self) -> str:
        return f"<Emulator at {self.url}>"

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._run(self._start())
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The API URL of Send API v3, without a trailing slash."""
        return f"{self.page_url.rstrip('/')}{API}"

    @property
    def url_v3_1(self) -> str:
        """The API URL of Send API v3.1."""
        return f"{self.page_url.rstrip('/')}{API_V3_1}"

    @property
    def page_url(self) -> str:
        """The URL of the page of received messages."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    @property
    def messages(self) -> tuple[ReceivedMessage, ...]:
        """The messages that were accepted and not dropped, oldest first."""
        return self._state.messages

    @property
    def dropped(self) -> int:
        """The number of messages dropped since the last `clear`."""
        return self._state.dropped

    @property
    def calls(self) -> tuple[ApiCall, ...]:
        """The newest calls of the Send API, at most 10,000."""
        return self._state.calls

    @property
    def posted_events(self) -> tuple[PostedEvents, ...]:
        """The newest calls of the webhook, at most 1,000."""
        return self._state.posted_events

    def clear(self) -> None:
        """Deletes what was received and the pending faults."""
        self._state.clear()

    def inject_faults(self, *faults: str) -> None:
        """Injects faults (see `FAULTS`) into the next calls, one for each call. Raises ValueError for unknown names."""
        self._state.inject_faults(faults)

    @contextlib.contextmanager
    def connection_refused(self) -> Iterator[None]:
        """A context in which the port is closed and existing connections are dropped."""
        self._run(self._listen(False))
        try:
            yield
        finally:
            self._run(self._listen(True))

    def stop(self) -> None:
        """Stops the server; it cannot be restarted."""
        if self._thread.is_alive():
            self._run(self._cleanup())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _start(self) -> None:
        self._runner = web.AppRunner(self._application.build(), access_log=None, shutdown_timeout=_SHUTDOWN)
        await self._runner.setup()
        await self._listen(True)

    async def _listen(self, listening: bool) -> None:
        """Opens or closes the port; closing it also ends the connections."""
        assert self._runner is not None  # noqa: S101 - _start sets it first
        if listening and self._site is None:
            self._site = web.TCPSite(self._runner, self._host, self._port)
            await self._site.start()
            self._port = self._runner.addresses[-1][1]
        elif not listening and self._site is not None:
            await self._site.stop()
            self._site = None
            for connection in self._runner.server.connections if self._runner.server else ():
                connection.force_close()

    async def _cleanup(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
