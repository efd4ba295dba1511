"""The Send API that applications call, with fault injection.

    POST {api}/send                                 accepts a payload
    GET  {api}/REST/template/{id}/detailcontent     returns a template template

The state counts each call and may name a fault for it; the fault then determines the response. `validation` checks the
payloads.
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

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 seconds: unsent data is discarded

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Outcome = tuple[EmulatorResponse, tuple[ReceivedMessage, ...]]  # and the accepted messages
_Resource = Callable[[web.Request, int], Awaitable[_Outcome]]  # takes the request and the number of the call

_NO_MESSAGES: tuple[ReceivedMessage, ...] = ()


class SendApi:
    """The Send API of a state; it calls `on_accepted` with the messages of each accepted payload."""

    def __init__(
        self, state: State, api_key: str, secret_key: str, on_accepted: Callable[[Sequence[ReceivedMessage]], None]
    ) -> None:
        self._state = state
        # RFC 7617 leaves the encoding open, and clients use either.
        pair = f"{api_key}:{secret_key}"
        self._credentials = [base64.b64encode(pair.encode(encoding, "replace")) for encoding in ("utf-8", "latin-1")]
        self._on_accepted = on_accepted

    def routes(self) -> list[web.RouteDef]:
        """The routes of the API; other versions and the target of redirects respond 404."""
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
            normal, accepted = EmulatorResponse(200), _NO_MESSAGES
            if fault is None or fault.accepts:
                normal, accepted = await self._respond(request, resource, call)
            elif fault.reads_body:
                await request.read()
            response = normal if fault is None else fault.respond(normal)
            status = None if isinstance(response, bytes) else response.status_code
            self._state.record_call(
                ApiCall(call, request.method, request.path, status, name, tuple(message.number for message in accepted))
            )
            if isinstance(response, bytes):
                await _break_connection(request, response, "closed" if fault is None else fault.ending)
                return web.Response()  # not sent, because the connection has ended
            return _response(response)

        return handler

    async def _respond(self, request: web.Request, resource: _Resource, call: int) -> _Outcome:
        if not self._is_authorized(request):
            await request.read()
            return EmulatorResponse(401), _NO_MESSAGES
        response, accepted = await resource(request, call)
        if accepted:
            self._on_accepted(accepted)
        return response, accepted

    def _is_authorized(self, request: web.Request) -> bool:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        presented = credentials.strip().encode("utf-8", "replace")
        matches = [hmac.compare_digest(presented, expected) for expected in self._credentials]
        return scheme.lower() == "basic" and any(matches)

    async def _send(self, request: web.Request, call: int) -> _Outcome:
        body = await request.read()
        payload, rejection = await asyncio.to_thread(read_payload, body)
        if rejection is not None:
            return _rejection_response(rejection), _NO_MESSAGES
        accepted = self._state.accept(payload, call, len(body))
        sent = [
            {"Email": recipient.email, "MessageID": recipient.message_id, "MessageUUID": recipient.message_uuid}
            for message in accepted
            for recipient in message.recipients
        ]
        return _json_response({"Sent": sent}), accepted

    async def _template(self, request: web.Request, call: int) -> _Outcome:
        template = self._state.template(request.match_info["id"])
        if template is None:
            return _rejection_response(Rejection(404, "Object not found")), _NO_MESSAGES
        return _json_response({"Count": 1, "Data": [template], "Total": 1}), _NO_MESSAGES

    async def _unknown(self, request: web.Request, call: int) -> _Outcome:
        await request.read()
        message = (
            f"emulator: unknown resource {request.method} {request.path} (available: POST {API}/send and templates)"
        )
        return _rejection_response(Rejection(404, message)), _NO_MESSAGES


async def _break_connection(request: web.Request, wire: bytes, ending: Ending) -> None:
    """Writes these bytes, then ends the connection."""
    transport = request.transport
    if transport is not None:
        transport.write(wire)
        if ending == "held":
            while request.transport is not None and not transport.is_closing():
                await asyncio.sleep(0.02)
        elif ending == "reset":
            with contextlib.suppress(OSError):
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()
        else:
            transport.close()


def _rejection_response(rejection: Rejection) -> EmulatorResponse:
    if rejection.message is None:
        return EmulatorResponse(rejection.status_code, reason=rejection.reason)
    error = {"ErrorInfo": "", "ErrorMessage": rejection.message, "StatusCode": rejection.status_code}
    return _json_response(error, rejection.status_code)


def _json_response(value: Any, status_code: int = 200) -> EmulatorResponse:
    return EmulatorResponse(status_code, json.dumps(value).encode())


def _response(response: EmulatorResponse) -> web.Response:
    headers = {} if response.content_type is None or not response.body else {"Content-Type": response.content_type}
    headers |= {} if response.location is None else {"Location": response.location}
    return web.Response(status=response.status_code, reason=response.phrase, body=response.body, headers=headers)
