"""Django: an e-mail backend for Mailjet and webhooks, as Anymail's Mailjet page describes them. Extra `django`.

    INSTALLED_APPS = [..., "compiler.django"]               # system checks
    EMAIL_BACKEND = "compiler.django.EmailBackend"
    ANYMAIL = {"MAILJET_API_KEY": "...", "MAILJET_SECRET_KEY": "...", "WEBHOOK_SECRET": "user:password"}

    path("anymail/", include("compiler.django.urls"))       # mailjet/tracking/ and mailjet/inbound/

Sending: `backend` sends messages, with `settings` (read from Django's), `normalize` (Django's message to ours),
`compatibility` (leniency for those who switch from Anymail), `message` (`AnymailMessage`, `AnymailStatus`) and
`exceptions`. Receiving: `urls` and `views` over `compiler.webhooks`, with `events` (what receivers get),
`inbound_message` (received mail) and `event_cache` (recognizes repeated events). Both: `signals`, `checks` (system
checks) and `apps`.

With django-anymail installed, exceptions, events and statuses are subclasses of its own, and its signals are used
(`anymail_classes`), so that existing `except` clauses and receivers work; nothing here requires it.
"""

from typing import TYPE_CHECKING

from compiler._lazy import attach

if TYPE_CHECKING:
    from compiler.django.backend import EmailBackend
    from compiler.django.events import AnymailInboundEvent, AnymailTrackingEvent, EventType, RejectReason
    from compiler.django.exceptions import (
        AnymailAPIError,
        AnymailCancelSend,
        AnymailConfigurationError,
        AnymailDeprecationWarning,
        AnymailError,
        AnymailImproperlyInstalled,
        AnymailInsecureWebhookWarning,
        AnymailInvalidAddress,
        AnymailInvalidHeader,
        AnymailInvalidMessage,
        AnymailRecipientsRefused,
        AnymailRequestsAPIError,
        AnymailSerializationError,
        AnymailUnsupportedFeature,
        AnymailWarning,
        AnymailWebhookValidationFailure,
    )
    from compiler.django.inbound_message import AnymailInboundMessage, EmailAddress
    from compiler.django.message import (
        AnymailMessage,
        AnymailMessageMixin,
        AnymailRecipientStatus,
        AnymailStatus,
        attach_inline_image,
        attach_inline_image_file,
    )
    from compiler.django.normalize import normalized
    from compiler.django.signals import inbound, post_send, pre_send, tracking

__all__ = [
    "AnymailAPIError",
    "AnymailCancelSend",
    "AnymailConfigurationError",
    "AnymailDeprecationWarning",
    "AnymailError",
    "AnymailImproperlyInstalled",
    "AnymailInboundEvent",
    "AnymailInboundMessage",
    "AnymailInsecureWebhookWarning",
    "AnymailInvalidAddress",
    "AnymailInvalidHeader",
    "AnymailInvalidMessage",
    "AnymailMessage",
    "AnymailMessageMixin",
    "AnymailRecipientStatus",
    "AnymailRecipientsRefused",
    "AnymailRequestsAPIError",
    "AnymailSerializationError",
    "AnymailStatus",
    "AnymailTrackingEvent",
    "AnymailUnsupportedFeature",
    "AnymailWarning",
    "AnymailWebhookValidationFailure",
    "EmailAddress",
    "EmailBackend",
    "EventType",
    "RejectReason",
    "attach_inline_image",
    "attach_inline_image_file",
    "inbound",
    "normalized",
    "post_send",
    "pre_send",
    "tracking",
]

# Imported lazily: Django imports this package for its settings, before its apps are ready.
__getattr__ = attach(
    __name__,
    {
        "compiler.django.backend": ("EmailBackend",),
        "compiler.django.events": ("AnymailInboundEvent", "AnymailTrackingEvent", "EventType", "RejectReason"),
        "compiler.django.exceptions": (
            "AnymailAPIError",
            "AnymailCancelSend",
            "AnymailConfigurationError",
            "AnymailDeprecationWarning",
            "AnymailError",
            "AnymailImproperlyInstalled",
            "AnymailInsecureWebhookWarning",
            "AnymailInvalidAddress",
            "AnymailInvalidHeader",
            "AnymailInvalidMessage",
            "AnymailRecipientsRefused",
            "AnymailRequestsAPIError",
            "AnymailSerializationError",
            "AnymailUnsupportedFeature",
            "AnymailWarning",
            "AnymailWebhookValidationFailure",
        ),
        "compiler.django.inbound_message": ("AnymailInboundMessage", "EmailAddress"),
        "compiler.django.message": (
            "AnymailMessage",
            "AnymailMessageMixin",
            "AnymailRecipientStatus",
            "AnymailStatus",
            "attach_inline_image",
            "attach_inline_image_file",
        ),
        "compiler.django.normalize": ("normalized",),
        "compiler.django.signals": ("inbound", "post_send", "pre_send", "tracking"),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
