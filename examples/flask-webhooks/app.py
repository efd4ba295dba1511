"""Receives Mailjet's tracking events and received mail in a Flask application, and lists them at /.

    WEBHOOK_SECRET=user:password flask --app examples/flask-webhooks/app.py run

Mailjet calls http://user:password@HOST/anymail/mailjet/tracking/ and .../anymail/mailjet/inbound/. The list at / is
open to everyone, so do not publish it. Requires `pip install flask`.
"""

import os
from collections import deque
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from compiler.webhooks import Webhooks

secret = os.environ.get("WEBHOOK_SECRET")
if not secret:  # without a secret, the webhooks would accept every caller
    raise SystemExit("set the environment variable WEBHOOK_SECRET to user:password")

# Only what the page shows, and only the newest: a message can be large.
events: deque[dict[str, Any]] = deque(maxlen=100)
messages: deque[dict[str, Any]] = deque(maxlen=100)

app = Flask(__name__)


def on_event(event: Mapping[str, Any]) -> None:
    """Receives a tracking event. It runs outside Flask's contexts: for `current_app`, enter `app.app_context()`."""
    events.append({"event_type": event["event_type"], "recipient": event["recipient"]})


def on_message(message: Mapping[str, Any]) -> None:
    """Receives a message that was sent to an address of a parse route."""
    messages.append({"subject": message["subject"], "from_email": message["from_email"]})


@app.get("/")
def show() -> dict[str, Any]:
    """Lists the events and messages, oldest first."""
    return {"events": list(events), "messages": list(messages)}


webhooks = Webhooks(secret, on_event=on_event, on_message=on_message)
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/anymail": webhooks.wsgi})  # type: ignore[method-assign]
