"""Receives Mailjet's tracking events and received mail in a Starlette application, and lists them at /.

    WEBHOOK_SECRET=user:password uvicorn --app-dir examples/starlette-webhooks app:app

Mailjet calls http://user:password@HOST/anymail/mailjet/tracking/ and .../anymail/mailjet/inbound/. The list at / is
open to everyone, so do not publish it. Requires `pip install starlette uvicorn`.
"""

import os
from collections import deque
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from compiler.webhooks import Webhooks

secret = os.environ.get("WEBHOOK_SECRET")
if not secret:  # without a secret, the webhooks would accept every caller
    raise SystemExit("set the environment variable WEBHOOK_SECRET to user:password")

# Only what the page shows, and only the newest: a message can be large.
events: deque[dict[str, Any]] = deque(maxlen=100)
messages: deque[dict[str, Any]] = deque(maxlen=100)


async def on_event(event: Mapping[str, Any]) -> None:
    """Receives a tracking event. A coroutine function runs in the application's event loop, so it must not block."""
    events.append({"event_type": event["event_type"], "recipient": event["recipient"]})


def on_message(message: Mapping[str, Any]) -> None:
    """Receives a message that was sent to an address of a parse route. A plain function runs in a thread."""
    messages.append({"subject": message["subject"], "from_email": message["from_email"]})


async def show(_: Request) -> JSONResponse:
    """Lists the events and messages, oldest first."""
    return JSONResponse({"events": list(events), "messages": list(messages)})


webhooks = Webhooks(secret, on_event=on_event, on_message=on_message)
app = Starlette(routes=[Route("/", show)])
app.mount("/anymail", webhooks.asgi)
