"""The Send API that applications call, with fault injection.

    POST /v3/send                                 accepts a payload
    GET  /v3/REST/template/{id}/detailcontent     returns a stored template
    POST /v3.1/send                               accepts the messages of a call that are valid

The state counts each call and may name a fault for it; the fault then determines the response. `validation` and
`validation_v3_1` check the payloads.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import socket
import struct
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from compiler.sender.emulator.fault_injection import FAULTS, EmulatorResponse, Ending
from compiler.sender.emulator.mailbox import ReceivedMessage
from compiler.sender.emulator.state import ApiCall, State
from compiler.sender.emulator.validation import Rejection, read_payload
from compiler.sender.emulator.validation_v3_1 import CallError, check_call, error_document

API = "/v3"
API_V3_1 = "/v3.1"

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 seconds: unsent data is discarded

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Outcome = tuple[EmulatorResponse, tuple[ReceivedMessage, ...]]  # and the accepted messages
# Takes the request, the number of the call, and whether the first message fails.
_Resource = Callable[[web.Request, int, bool], Awaitable[_Outcome]]

_NO_MESSAGES: tuple[ReceivedMessage, ...] = ()

_LISTS = ("To", "Cc", "Bcc")

_UNAUTHORIZED = CallError("mj-0015", "emulator: the API key or the secret key is wrong", status_code=401)
_FIRST_FAILS = CallError("send-0008", "emulator: injected fault: the sender is not authorized", ("From",), 403)


class SendApi:
    """The Send API of a state, in both versions; it calls `on_accepted` with the messages of each accepted call."""

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
            web.post(f"{API_V3_1}/send", self._with_faults(self._send_v3_1)),
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
                fails_first = fault is not None and fault.fails_first
                normal, accepted = await self._respond(request, resource, call, fails_first)
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

    async def _respond(self, request: web.Request, resource: _Resource, call: int, fails_first: bool) -> _Outcome:
        if not self._is_authorized(request):
            await request.read()
            if request.path.startswith(f"{API_V3_1}/"):
                return _errors_response(_UNAUTHORIZED, call), _NO_MESSAGES
            return EmulatorResponse(401), _NO_MESSAGES
        response, accepted = await resource(request, call, fails_first)
        if accepted:
            self._on_accepted(accepted)
        return response, accepted

    def _is_authorized(self, request: web.Request) -> bool:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        presented = credentials.strip().encode("utf-8", "replace")
        matches = [hmac.compare_digest(presented, expected) for expected in self._credentials]
        return scheme.lower() == "basic" and any(matches)

    async def _send(self, request: web.Request, call: int, _: bool) -> _Outcome:
        body = await request.read()
        payload, rejection = await asyncio.to_thread(read_payload, body)
        if rejection is not None:
            return _rejection_response(rejection), _NO_MESSAGES
        accepted = self._state.accept(payload.get("Messages", [payload]), "v3", call, len(body))
        sent = [
            {"Email": recipient.email, "MessageID": recipient.message_id, "MessageUUID": recipient.message_uuid}
            for message in accepted
            for recipient in message.recipients
        ]
        return _json_response({"Sent": sent}), accepted

    async def _send_v3_1(self, request: web.Request, call: int, fails_first: bool) -> _Outcome:
        body = await request.read()
        checked = await asyncio.to_thread(check_call, body)
        if checked.error is not None:
            return _errors_response(checked.error, call), _NO_MESSAGES
        errors = list(checked.errors)
        if fails_first and not errors[0]:
            errors[0] = (_FIRST_FAILS,)
        valid = [message for message, found in zip(checked.messages, errors, strict=True) if not found]
        accepted = () if checked.sandbox else self._state.accept(valid, "v3.1", call, len(body))
        host = f"http://{request.host}"
        delivered = iter([_success(message, host) for message in accepted])
        entries = [
            {"Status": "error", "Errors": [error_document(each, _identifier(call)) for each in found]}
            if found
            else (_sandbox_success(message, host) if checked.sandbox else next(delivered))
            for message, found in zip(checked.messages, errors, strict=True)
        ]
        status_code = 200 if valid else errors[0][0].status_code
        return _json_response({"Messages": entries}, status_code), accepted

    async def _template(self, request: web.Request, call: int, _: bool) -> _Outcome:
        template = self._state.template(request.match_info["id"])
        if template is None:
            return _rejection_response(Rejection(404, "Object not found")), _NO_MESSAGES
        return _json_response({"Count": 1, "Data": [template], "Total": 1}), _NO_MESSAGES

    async def _unknown(self, request: web.Request, call: int, _: bool) -> _Outcome:
        await request.read()
        message = (
            f"emulator: unknown resource {request.method} {request.path} "
            f"(available: POST {API}/send, POST {API_V3_1}/send, and templates)"
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


def _success(message: ReceivedMessage, host: str) -> dict[str, Any]:
    """The entry of an accepted message of v3.1."""
    entry: dict[str, Any] = {"Status": "success", "CustomID": message.value("custom_id") or ""}
    for name in _LISTS:
        given = [each["Email"].lower() for each in message.payload.get(name, ())]
        entry[name] = [
            _recipient(recipient.email, recipient.message_id, recipient.message_uuid, host)
            for recipient in message.recipients
            if recipient.email.lower() in given and (recipient.kind in (name.lower(), "private"))
        ]
    return entry


def _sandbox_success(message: Mapping[str, Any], host: str) -> dict[str, Any]:
    """The entry of a message that was only checked."""
    lists = {name: [_recipient(each["Email"], 0, "", host) for each in message.get(name, ())] for name in _LISTS}
    return {"Status": "success", "CustomID": message.get("CustomID", ""), **lists}


def _recipient(email: str, message_id: int, message_uuid: str, host: str) -> dict[str, Any]:
    return {
        "Email": email,
        "MessageUUID": message_uuid,
        "MessageID": message_id,
        "MessageHref": f"{host}{API}/REST/message/{message_id}",
    }


def _errors_response(error: CallError, call: int) -> EmulatorResponse:
    """The response to a call of v3.1 that failed as a whole."""
    return _json_response(error_document(error, _identifier(call)), error.status_code)


def _identifier(call: int) -> str:
    """The identifier of the errors of a call."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:payload-compiler:emulator:call:{call}"))


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
