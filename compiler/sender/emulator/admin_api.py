"""The admin API: shows what the emulator received, and controls it.

GET  /, /messages/N                             the received messages, as HTML pages (see `pages`)
GET  /emulator/messages, /emulator/messages/N   the same as JSON, with the number of dropped messages
GET  /emulator/calls                            the calls of the Send API
GET  /emulator/events                           the events posted to the webhook
POST /emulator/events                           posts an event of a recipient to the webhook
PUT  /emulator/templates/{id}                   stores a template
GET  /emulator/faults                           the available and the pending faults
POST /emulator/faults                           injects faults into the next calls
POST /emulator/refuse                           refuses connections for some seconds
POST /emulator/clear                            deletes what was received
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import quote

from aiohttp import web

from compiler.sender.emulator import events, pages
from compiler.sender.emulator.fault_injection import FAULT_DESCRIPTIONS
from compiler.sender.emulator.mailbox import ReceivedMessage
from compiler.sender.emulator.send_api import API, API_V3_1
from compiler.sender.emulator.state import FullError, PostedEvents, State

_MAX_REFUSE_SECONDS = 3600


class AdminApi:
    """The admin API of a state.

    `webhook`: its URL without credentials, None if there is none; `post` posts events to it.
    `refuse_connections` closes the port for some seconds.
    """

    def __init__(
        self,
        state: State,
        webhook: str | None,
        post: Callable[[Sequence[Mapping[str, Any]]], Awaitable[PostedEvents]],
        refuse_connections: Callable[[float], None],
    ) -> None:
        self._state = state
        self._webhook = webhook
        self._post = post
        self._refuse_connections = refuse_connections

    def routes(self) -> list[web.RouteDef]:
        """The routes of the API."""
        return [
            web.get("/", self._list_page),
            web.get(r"/messages/{number:\d+}", self._message_page),
            web.get(r"/messages/{number:\d+}/html", self._html),
            web.get(r"/messages/{number:\d+}/attachments/{index:\d+}", self._attachment),
            web.get("/emulator/messages", self._list_messages),
            web.get(r"/emulator/messages/{number:\d+}", self._show_message),
            web.get("/emulator/calls", self._list_calls),
            web.get("/emulator/events", self._list_posted),
            web.post("/emulator/events", self._cause_event),
            web.put("/emulator/templates/{id}", self._store_template),
            web.get("/emulator/faults", self._list_faults),
            web.post("/emulator/faults", self._inject_faults),
            web.post("/emulator/refuse", self._refuse),
            web.post("/emulator/clear", self._clear),
        ]

    def _find_message(self, number: str) -> ReceivedMessage:
        for message in self._state.messages:
            if str(message.number) == number:
                return message
        raise web.HTTPNotFound(text=f"unknown message {number}\n")

    async def _list_page(self, request: web.Request) -> web.Response:
        api_url, api_url_v3_1 = (f"http://{request.host}{path}" for path in (API, API_V3_1))
        return _page(
            pages.list_page(
                self._state.messages,
                dropped=self._state.dropped,
                api_url=api_url,
                api_url_v3_1=api_url_v3_1,
                webhook=self._webhook,
            ),
            pages.PAGE_POLICY,
        )

    async def _message_page(self, request: web.Request) -> web.Response:
        message = self._find_message(request.match_info["number"])
        return _page(pages.message_page(message, webhook=self._webhook, events=events.KINDS), pages.PAGE_POLICY)

    async def _html(self, request: web.Request) -> web.Response:
        return _page(pages.html_body(self._find_message(request.match_info["number"])), pages.MAIL_POLICY)

    async def _attachment(self, request: web.Request) -> web.Response:
        attachments = self._find_message(request.match_info["number"]).attachments
        index = int(request.match_info["index"][:9])
        if index >= len(attachments):
            raise web.HTTPNotFound(text=f"unknown attachment {index}\n")
        name = quote(attachments[index].filename or "attachment", safe="", errors="replace")
        headers = {
            "Content-Type": "application/octet-stream",  # downloaded, not shown
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            **_SAFE_HEADERS,
        }
        return web.Response(body=attachments[index].content, headers=headers)

    async def _list_messages(self, _: web.Request) -> web.Response:
        messages = [message.to_dict() for message in self._state.messages]
        return _json({"messages": messages, "dropped": self._state.dropped})

    async def _show_message(self, request: web.Request) -> web.Response:
        return _json(self._find_message(request.match_info["number"]).to_dict())

    async def _list_calls(self, _: web.Request) -> web.Response:
        return _json({"calls": [call.to_dict() for call in self._state.calls]})

    async def _store_template(self, request: web.Request) -> web.Response:
        template = await _read_json(request)
        try:
            self._state.store_template(request.match_info["id"], template, len(await request.read()))
        except FullError as error:
            _insufficient_storage(error)
        return _json(template)

    async def _list_faults(self, _: web.Request) -> web.Response:
        return _json({"next": list(self._state.faults), "faults": dict(FAULT_DESCRIPTIONS)})

    async def _inject_faults(self, request: web.Request) -> web.Response:
        names = (await _read_json(request)).get("faults")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            _bad_request('the body must be {"faults": [NAME, ...]}')
        try:
            self._state.inject_faults(names)
        except FullError as error:
            _insufficient_storage(error)
        except ValueError as error:
            _bad_request(str(error))
        return _json({"next": list(self._state.faults)})

    async def _refuse(self, request: web.Request) -> web.Response:
        seconds = (await _read_json(request)).get("seconds", 1)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _MAX_REFUSE_SECONDS:
            _bad_request(f'the body must be {{"seconds": N}}, with N at most {_MAX_REFUSE_SECONDS}')
        self._refuse_connections(seconds)
        return _json({"seconds": seconds})

    async def _clear(self, request: web.Request) -> web.Response:
        self._state.clear()
        return _form_response(request, "/", {})

    async def _list_posted(self, _: web.Request) -> web.Response:
        return _json({"events": [posted.to_dict() for posted in self._state.posted_events]})

    async def _cause_event(self, request: web.Request) -> web.Response:
        form: Mapping[str, Any]
        form = await _read_json(request) if request.content_type == "application/json" else await request.post()
        if self._webhook is None:
            _bad_request("the emulator has no webhook; start it with one")
        kind, message = form.get("event"), self._find_message(str(form.get("message", "")))
        recipients = [recipient for recipient in message.recipients if recipient.email == form.get("recipient")]
        if kind not in events.KINDS:
            _bad_request(f"event must be one of {', '.join(events.KINDS)}, got {kind!r}")
        if not recipients:
            known = ", ".join(recipient.email for recipient in message.recipients)
            _bad_request(f"message {message.number} has no recipient {form.get('recipient')!r} (available: {known})")
        posted = await self._post([events.build_event(str(kind), message, recipients[0], int(time.time()))])
        return _form_response(request, f"/messages/{message.number}", posted.to_dict())


# A browser must neither guess the type of untrusted content nor cache it.
_SAFE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def _json(value: Any) -> web.Response:
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    body = text.encode("utf-8", "backslashreplace")
    return web.Response(body=body, headers={"Content-Type": "application/json; charset=utf-8", **_SAFE_HEADERS})


def _page(text: str, policy: str) -> web.Response:
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, **_SAFE_HEADERS}
    return web.Response(body=text.encode("utf-8", "replace"), headers=headers)


def _form_response(request: web.Request, page: str, value: Any) -> web.Response:
    """The response to a form: a redirect to a page for a browser, JSON for a program."""
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther(page)
    return _json(value)


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        value = json.loads(await request.read())
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        _bad_request("the body must be a JSON object")
    return value


def _bad_request(text: str) -> NoReturn:
    raise web.HTTPBadRequest(text=text.encode("utf-8", "replace").decode("utf-8") + "\n")


def _insufficient_storage(error: FullError) -> NoReturn:
    raise web.HTTPInsufficientStorage(text=f"{error}\n")
