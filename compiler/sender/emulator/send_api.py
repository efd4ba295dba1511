"""The resources of the Send API that an application calls, and how they go wrong on request.

    POST {api}/send                                 takes a payload
    GET  {api}/REST/template/{id}/detailcontent     a stored template

Each call is counted, and may be told by the state to go wrong: then a fault says what is answered. Whether a payload is
taken is the business of `acceptance`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from compiler.sender.emulator.fault_injection import FAULTS, EmulatorResponse, Ending
from compiler.sender.emulator.mailbox import ReceivedMessage
from compiler.sender.emulator.state import ApiCall, State
from compiler.sender.emulator.validation import Rejection, read_payload

API = "/v3"

_RESET = struct.pack("ii", 1, 0)  # linger for no time at all: what is not sent yet is thrown away

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Response = tuple[EmulatorResponse, tuple[ReceivedMessage, ...]]  # and the messages that were taken
_Resource = Callable[[web.Request, int], Awaitable[_Response]]  # of a request, and the number of the call

_NO_MESSAGES: tuple[ReceivedMessage, ...] = ()


class SendApi:
    """Answers calls out of a state; `delivered` hears of the messages that were taken."""

    def __init__(
        self, state: State, api_key: str, secret_key: str, delivered: Callable[[Sequence[ReceivedMessage]], None]
    ) -> None:
        self._state = state
        # RFC 7617 leaves the encoding open, and clients take either.
        pair = f"{api_key}:{secret_key}"
        self._credentials = [base64.b64encode(pair.encode(each, "replace")) for each in ("utf-8", "latin-1")]
        self._on_accepted = delivered

    def routes(self) -> list[web.RouteDef]:
        """Its resources; of other versions of the API, and where a redirect leads, there are none."""
        return [
            web.post(f"{API}/send", self._with_faults(self._send)),
            web.get(f"{API}/REST/template/{{id}}/detailcontent", self._with_faults(self._template)),
            web.route("*", f"{API}{{rest:.*}}", self._with_faults(self._unknown)),
            web.route("*", "/elsewhere", self._with_faults(self._unknown)),
        ]

    def _with_faults(self, resource: _Resource) -> _Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            call, name = self._state.begin_call()
            fault = None if name is None else FAULTS[name]
            good, taken = EmulatorResponse(200), _NO_MESSAGES
            if fault is None or fault.accepts:
                good, taken = await self._respond(request, resource, call)
            elif fault.reads_body:
                await request.read()
            answer = good if fault is None else fault.respond(good)
            status = None if isinstance(answer, bytes) else answer.status_code
            self._state.record_call(
                ApiCall(call, request.method, request.path, status, name, tuple(message.number for message in taken))
            )
            if isinstance(answer, bytes):
                await _break_connection(request, answer, "closed" if fault is None else fault.ending)
                return web.Response()  # nobody gets it, for the connection is no more
            return _response(answer)

        return handler

    async def _respond(self, request: web.Request, resource: _Resource, call: int) -> _Response:
        if not self._is_authorized(request):
            await request.read()
            return EmulatorResponse(401), _NO_MESSAGES
        answer, taken = await resource(request, call)
        if taken:
            self._on_accepted(taken)
        return answer, taken

    def _is_authorized(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        given = given.strip()
        known = [hmac.compare_digest(given.encode("utf-8", "replace"), each) for each in self._credentials]
        return scheme.lower() == "basic" and any(known)

    async def _send(self, request: web.Request, call: int) -> _Response:
        body = await request.read()
        payload, refusal = await asyncio.to_thread(read_payload, body)
        if refusal is not None:
            return _rejection_response(refusal), _NO_MESSAGES
        taken = self._state.take(payload, call, len(body))
        sent = [
            {"Email": one.email, "MessageID": one.message_id, "MessageUUID": one.message_uuid}
            for message in taken
            for one in message.recipients
        ]
        return _json_response({"Sent": sent}), taken

    async def _template(self, request: web.Request, call: int) -> _Response:
        stored = self._state.template(request.match_info["id"])
        if stored is None:
            return _rejection_response(Rejection(404, "Object not found")), _NO_MESSAGES
        return _json_response({"Count": 1, "Data": [stored], "Total": 1}), _NO_MESSAGES

    async def _unknown(self, request: web.Request, call: int) -> _Response:
        await request.read()
        told = f"emulator: there is no {request.method} {request.path}; there is POST {API}/send, and templates"
        return _rejection_response(Rejection(404, told)), _NO_MESSAGES


async def _break_connection(request: web.Request, wire: bytes, ends: Ending) -> None:
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


def _rejection_response(refusal: Rejection) -> EmulatorResponse:
    if refusal.message is None:
        return EmulatorResponse(refusal.status_code, reason=refusal.reason)
    told = {"ErrorInfo": "", "ErrorMessage": refusal.message, "StatusCode": refusal.status_code}
    return _json_response(told, refusal.status_code)


def _json_response(value: Any, status_code: int = 200) -> EmulatorResponse:
    return EmulatorResponse(status_code, json.dumps(value).encode())


def _response(answer: EmulatorResponse) -> web.Response:
    headers = {} if answer.content_type is None or not answer.body else {"Content-Type": answer.content_type}
    headers |= {} if answer.location is None else {"Location": answer.location}
    return web.Response(status=answer.status_code, reason=answer.phrase, body=answer.body, headers=headers)
