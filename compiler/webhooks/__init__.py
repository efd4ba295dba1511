"""Receives Mailjet's webhook calls: tracking events and received mail. For Django, use `compiler.django.urls`.

    from compiler.webhooks import Webhooks

    webhooks = Webhooks(secret="user:password", on_event=print, on_message=print)
    webhooks.wsgi  # a WSGI application, for example for Flask
    webhooks.asgi  # an ASGI application, for example for FastAPI and Starlette

`calls` handles one call, without a framework: it checks the caller and the size, decodes the body, and hands on each
event once. `basic_auth` checks the caller; `memory` recognizes events that were handled before. `applications` is the
WSGI and the ASGI application. Nothing here opens a socket: the web server does.
"""

from compiler.webhooks.applications import Webhooks
from compiler.webhooks.basic_auth import WebhookSecrets
from compiler.webhooks.calls import Delivery, WebhookKind, WebhookResponse
from compiler.webhooks.memory import EventMemory, RecentEvents

__all__ = [
    "Delivery",
    "EventMemory",
    "RecentEvents",
    "WebhookKind",
    "WebhookResponse",
    "WebhookSecrets",
    "Webhooks",
]
