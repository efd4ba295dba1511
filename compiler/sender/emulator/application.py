"""The emulator's HTTP resources, as an aiohttp application.

    POST {api}/send                                 takes a payload
    GET  {api}/REST/template/{id}/detailcontent     a stored template
    GET  /                                          what was received, for a browser; /messages/N is one of them
    GET  /emulator/messages, …/N, /emulator/calls   the same as JSON; /emulator/events: what went to the webhook
    POST /emulator/events                           lets a recipient do something: its event goes to the webhook
    PUT  /emulator/templates/{id}                   stores a template
    POST /emulator/faults                           lets the next calls go wrong; GET tells how they can
    POST /emulator/refuse                           takes no connections for some seconds
    POST /emulator/clear                            forgets what was received

What is accepted is the business of `acceptance`, what it looks like that of `pages`. A page of somebody else, open in
the same browser, gets nothing from here and changes nothing: names other than this machine's and foreign origins are
refused.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import quote

from aiohttp import web

from compiler.sender.emulator import events, pages
from compiler.sender.emulator.acceptance import Refusal, read_payload
from compiler.sender.emulator.faults import DOCS, FAULTS, Answer, Ending
from compiler.sender.emulator.mailbox import Message
from compiler.sender.emulator.state import Call, PostedEvents, State
from compiler.sender.emulator.webhook import Webhook
from compiler.sender.settings import is_loopback

API = "/v3"

_LONGEST_REQUEST = 64 * 2**20  # bytes; 15 MB of attachments are 20 MB of base64
_LONGEST_REFUSAL = 3600  # seconds
_MOMENT = 0.05  # seconds, for the answer to get away first
_RESET = struct.pack("ii", 1, 0)  # linger for no time at all: what is not sent yet is thrown away

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Answered = tuple[Answer, tuple[Message, ...]]  # and the messages that were taken
_Resource = Callable[[web.Request, int], Awaitable[_Answered]]  # of a request, and the number of the call

_NOTHING: tuple[Message, ...] = ()


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
        self._listen = listen
        # RFC 7617 leaves the encoding open, and clients take either.
        pair = f"{api_key}:{secret_key}"
        self._credentials = [base64.b64encode(pair.encode(each, "replace")) for each in ("utf-8", "latin-1")]
        self._webhook = webhook
        self._tasks: set[asyncio.Task[None]] = set()

    def made(self) -> web.Application:
        """The application for a server."""
        made = web.Application(middlewares=[_only_from_here], client_max_size=_LONGEST_REQUEST)
        made.add_routes(
            [
                web.post(f"{API}/send", self._api(self._send)),
                web.get(f"{API}/REST/template/{{id}}/detailcontent", self._api(self._template)),
                web.route("*", f"{API}{{rest:.*}}", self._api(self._unknown)),
                web.route("*", "/v3.1{rest:.*}", self._api(self._unknown)),
                web.route("*", "/elsewhere", self._api(self._unknown)),
                web.get("/", self._list_page),
                web.get(r"/messages/{number:\d+}", self._message_page),
                web.get(r"/messages/{number:\d+}/html", self._html),
                web.get(r"/messages/{number:\d+}/attachments/{index:\d+}", self._attachment),
                web.get("/emulator/messages", self._messages),
                web.get(r"/emulator/messages/{number:\d+}", self._message),
                web.get("/emulator/calls", self._calls),
                web.get("/emulator/events", self._posted),
                web.post("/emulator/events", self._cause),
                web.put("/emulator/templates/{id}", self._store),
                web.get("/emulator/faults", self._faults),
                web.post("/emulator/faults", self._misbehave),
                web.post("/emulator/refuse", self._refuse),
                web.post("/emulator/clear", self._clear),
            ]
        )
        made.on_cleanup.append(self._finish)
        return made

    def _begin(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, _: web.Application) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- The API ------------------------------------------------------------------------------------------------------

    def _api(self, resource: _Resource) -> _Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            call, name = self._state.begin_call()
            fault = None if name is None else FAULTS[name]
            good, taken = Answer(200), _NOTHING
            if fault is None or fault.takes:
                good, taken = await self._answered(request, resource, call)
            elif fault.reads:
                await request.read()
            answer = good if fault is None else fault.answer(good)
            status = None if isinstance(answer, bytes) else answer.status_code
            self._state.end_call(Call.of(call, request.method, request.path, status, name, taken))
            if isinstance(answer, bytes):
                await _broken_off(request, answer, "closed" if fault is None else fault.ends)
                return web.Response()  # nobody gets it, for the connection is no more
            return _response(answer)

        return handler

    async def _answered(self, request: web.Request, resource: _Resource, call: int) -> _Answered:
        if not self._is_authorized(request):
            await request.read()
            return Answer(401), _NOTHING
        answer, taken = await resource(request, call)
        if taken and self._webhook is not None:
            self._begin(self._delivered(taken))
        return answer, taken

    def _is_authorized(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        given = given.strip()
        known = [hmac.compare_digest(given.encode("utf-8", "replace"), each) for each in self._credentials]
        return scheme.lower() == "basic" and any(known)

    async def _send(self, request: web.Request, call: int) -> _Answered:
        payload, refusal = await asyncio.to_thread(read_payload, await request.read())
        if refusal is not None:
            return _refused(refusal), _NOTHING
        taken = self._state.take(payload, call)
        sent = [
            {"Email": one.email, "MessageID": one.message_id, "MessageUUID": one.message_uuid}
            for message in taken
            for one in message.recipients
        ]
        return _json_answer({"Sent": sent}), taken

    async def _template(self, request: web.Request, call: int) -> _Answered:
        stored = self._state.templates.get(request.match_info["id"])
        if stored is None:
            return _refused(Refusal(404, "Object not found")), _NOTHING
        return _json_answer({"Count": 1, "Data": [stored], "Total": 1}), _NOTHING

    async def _unknown(self, request: web.Request, call: int) -> _Answered:
        await request.read()
        told = f"emulator: there is no {request.method} {request.path}; there is POST {API}/send, and templates"
        return _refused(Refusal(404, told)), _NOTHING

    # --- What it received ---------------------------------------------------------------------------------------------

    def _found(self, number: int | str) -> Message:
        found = next((each for each in self._state.messages if str(each.number) == str(number)), None)
        if found is None:
            raise web.HTTPNotFound(text=f"there is no message {number}\n")
        return found

    async def _list_page(self, request: web.Request) -> web.Response:
        webhook = None if self._webhook is None else self._webhook.shown
        api_url = f"http://{request.host}{API}"
        return _page(pages.list_page(self._state.messages, api_url=api_url, webhook=webhook), pages.PAGE_POLICY)

    async def _message_page(self, request: web.Request) -> web.Response:
        message = self._found(request.match_info["number"])
        webhook = None if self._webhook is None else self._webhook.shown
        return _page(pages.message_page(message, webhook=webhook, events=events.KINDS), pages.PAGE_POLICY)

    async def _html(self, request: web.Request) -> web.Response:
        return _page(pages.html_body(self._found(request.match_info["number"])), pages.MAIL_POLICY)

    async def _attachment(self, request: web.Request) -> web.Response:
        attachments = self._found(request.match_info["number"]).attachments
        index = int(request.match_info["index"][:9])
        if index >= len(attachments):
            raise web.HTTPNotFound(text="there is no such attachment\n")
        name = quote(attachments[index].filename or "attachment", safe="")
        headers = {
            "Content-Type": "application/octet-stream",  # to be kept, not to be shown
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            **_NO_GUESSING,
        }
        return web.Response(body=attachments[index].content, headers=headers)

    async def _messages(self, _: web.Request) -> web.Response:
        return _json({"messages": [each.to_dict() for each in self._state.messages]})

    async def _message(self, request: web.Request) -> web.Response:
        return _json(self._found(request.match_info["number"]).to_dict())

    async def _calls(self, _: web.Request) -> web.Response:
        return _json({"calls": [each.to_dict() for each in self._state.calls]})

    # --- What it is to do ---------------------------------------------------------------------------------------------

    async def _store(self, request: web.Request) -> web.Response:
        stored = await _given(request)
        self._state.templates[request.match_info["id"]] = stored
        return _json(stored)

    async def _faults(self, _: web.Request) -> web.Response:
        return _json({"next": list(self._state.faults), "faults": dict(DOCS)})

    async def _misbehave(self, request: web.Request) -> web.Response:
        names = (await _given(request)).get("faults")
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            _bad('give {"faults": [NAME, ...]}')
        try:
            self._state.misbehave(names)
        except ValueError as error:
            _bad(str(error))
        return _json({"next": list(self._state.faults)})

    async def _refuse(self, request: web.Request) -> web.Response:
        seconds = (await _given(request)).get("seconds", 1)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_REFUSAL:
            _bad(f'give {{"seconds": N}}, at most {_LONGEST_REFUSAL}')
        self._begin(self._closed(seconds))
        return _json({"seconds": seconds})

    async def _closed(self, seconds: float) -> None:
        await asyncio.sleep(_MOMENT)
        await self._listen(False)
        await asyncio.sleep(seconds)
        await self._listen(True)

    async def _clear(self, request: web.Request) -> web.Response:
        self._state.clear()
        return _done(request, "/", {})

    async def _posted(self, _: web.Request) -> web.Response:
        return _json({"events": [each.to_dict() for each in self._state.posted]})

    async def _cause(self, request: web.Request) -> web.Response:
        given: Mapping[str, Any]
        given = await _given(request) if request.content_type == "application/json" else await request.post()
        if self._webhook is None:
            _bad("there is no webhook: start the emulator with one")
        kind, message = given.get("event"), self._found(str(given.get("message", "")))
        recipients = [each for each in message.recipients if each.email == given.get("recipient")]
        if kind not in events.KINDS or not recipients:
            _bad(f"give message, recipient and event: one of {', '.join(events.KINDS)}")
        posted = await self._post([events.event(str(kind), message, recipients[0], int(time.time()))])
        return _done(request, f"/messages/{message.number}", posted.to_dict())

    async def _delivered(self, messages: Sequence[Message]) -> None:
        now = int(time.time())
        await self._post([events.event("sent", each, one, now) for each in messages for one in each.recipients])

    async def _post(self, made: list[dict[str, Any]]) -> PostedEvents:
        assert self._webhook is not None  # noqa: S101 - who calls has looked
        posted = await self._webhook.post(made)
        self._state.note_posted(posted)
        return posted


# Whatever a page or a file holds, a browser takes it for what it is said to be, and keeps no copy.
_NO_GUESSING = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


@web.middleware
async def _only_from_here(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuses names that only lead here, and what a foreign page asks for."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    origin = request.headers.get("Origin")
    if not is_loopback(host) or origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden(text="this is for programs and pages of this machine only\n")
    try:
        return await handler(request)
    except ConnectionError:  # whoever asked is gone, in the middle of it
        return web.Response()


async def _broken_off(request: web.Request, wire: bytes, ends: Ending) -> None:
    """Writes these bytes, and ends the connection in that way."""
    transport = request.transport
    if transport is not None:
        transport.write(wire)
        if ends == "held":
            while request.transport is not None and not transport.is_closing():
                await asyncio.sleep(0.02)
        elif ends == "reset":
            with contextlib.suppress(OSError):
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()
        else:
            transport.close()


def _refused(refusal: Refusal) -> Answer:
    if refusal.message is None:
        return Answer(refusal.status_code, reason=refusal.reason)
    told = {"ErrorInfo": "", "ErrorMessage": refusal.message, "StatusCode": refusal.status_code}
    return _json_answer(told, refusal.status_code)


def _json_answer(value: Any, status_code: int = 200) -> Answer:
    return Answer(status_code, json.dumps(value).encode())


def _response(answer: Answer) -> web.Response:
    headers = {} if answer.content_type is None or not answer.body else {"Content-Type": answer.content_type}
    headers |= {} if answer.location is None else {"Location": answer.location}
    return web.Response(status=answer.status_code, reason=answer.phrase, body=answer.body, headers=headers)


def _json(value: Any) -> web.Response:
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    body = text.encode("utf-8", "backslashreplace")
    return web.Response(body=body, headers={"Content-Type": "application/json; charset=utf-8", **_NO_GUESSING})


def _page(text: str, policy: str) -> web.Response:
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, **_NO_GUESSING}
    return web.Response(body=text.encode("utf-8", "replace"), headers=headers)


def _done(request: web.Request, page: str, value: Any) -> web.Response:
    """What a program gets, or where a browser goes on, after a form."""
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther(page)
    return _json(value)


async def _given(request: web.Request) -> dict[str, Any]:
    try:
        value = json.loads(await request.read())
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        _bad("give a JSON object")
    return value


def _bad(text: str) -> NoReturn:
    raise web.HTTPBadRequest(text=text + "\n")
