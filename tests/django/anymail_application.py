"""An application that was written for django-anymail: it uses every attribute of Anymail's "Sending email" pages.

    python -m tests.django.anymail_application anymail URL SERVICE
    python -m tests.django.anymail_application compiler URL SERVICE

It prints as JSON what it observed. Only the backend and the included URLs differ; everything is imported from anymail.
SERVICE is the URL of what was received, which the caller provides.
"""

from __future__ import annotations

import base64
import json
import sys
import warnings
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django.conf import settings

WHICH, URL = sys.argv[1:3]
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
AUTHORIZATION = "Basic " + base64.b64encode(b"user:password").decode()
BACKENDS = {"anymail": "anymail.backends.mailjet.EmailBackend", "compiler": "compiler.django.EmailBackend"}
# The one thing that depends on the API: the names of v3.1 and of v3.
ESP_EXTRA = {"anymail": {"Globals": {"CustomID": "order-1"}}, "compiler": {"Mj-CustomID": "order-1"}}
RECEIVED = {
    "Sender": "alice@example.com",
    "Recipient": "orders@inbound.example.com",
    "Date": "20250822T104029",
    "From": '"Meyer, Alice" <alice@example.com>',
    "Subject": "Re: Your order has shipped",
    "Headers": {
        "From": '"Meyer, Alice" <alice@example.com>',
        "To": "Example Shop <orders@inbound.example.com>",
        "Cc": "bob@example.com",
        "Subject": "Re: Your order has shipped",
        "Date": "Fri, 22 Aug 2025 12:40:29 +0200",
        "Message-ID": "<4711@laptop.example.com>",
    },
    "Parts": [
        {"Headers": {"Content-Type": "text/plain; charset=utf-8"}, "ContentRef": "Text-part"},
        {"Headers": {"Content-Type": "text/html; charset=utf-8"}, "ContentRef": "Html-part"},
        {
            "Headers": {
                "Content-Type": "image/png; name=logo.png",
                "Content-ID": "<logo>",
                "Content-Disposition": "inline; filename=logo.png",
            },
            "ContentRef": "InlineAttachment1",
        },
        {
            "Headers": {
                "Content-Type": "text/plain; name=question.txt",
                "Content-Disposition": "attachment; filename=question.txt",
            },
            "ContentRef": "Attachment1",
        },
    ],
    "Text-part": "Grüße, and thanks!",
    "Html-part": '<p>Grüße, and thanks! <img src="cid:logo"></p>',
    "InlineAttachment1": "iVBORw0KGgo=",
    "Attachment1": "V2hlcmUgaXMgaXQ/",
    "SpamAssassinScore": "0.602",
}

settings.configure(
    SECRET_KEY="a key for tests, as long as Django wants it to be: 0123456789",  # noqa: S106 - a test's
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DEFAULT_FROM_EMAIL="Shop <shop@example.com>",
    INSTALLED_APPS=["anymail"],
    ROOT_URLCONF=__name__,
    EMAIL_BACKEND={"anymail": "anymail.backends.mailjet.EmailBackend", "compiler": "compiler.django.EmailBackend"}[
        WHICH
    ],
    ANYMAIL={
        "MAILJET_API_KEY": "emulator-api-key",
        "MAILJET_SECRET_KEY": "emulator-secret-key",
        "MAILJET_API_URL": URL,
        "WEBHOOK_SECRET": "user:password",
        "SEND_DEFAULTS": {"metadata": {"shop": "example"}, "track_opens": True},
    },
)
django.setup()

from anymail.exceptions import (  # noqa: E402 - the settings come first
    AnymailAPIError,
    AnymailCancelSend,
    AnymailError,
    AnymailInvalidAddress,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from anymail.message import AnymailMessage, attach_inline_image_file  # noqa: E402
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, inbound, post_send, pre_send, tracking  # noqa: E402
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection, send_mail  # noqa: E402
from django.dispatch import receiver  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("anymail/", include({"anymail": "anymail.urls", "compiler": "compiler.django.urls"}[WHICH]))]

observed: list[Any] = []


@receiver(pre_send)
def before(sender: Any, message: Any, esp_name: str, **_: Any) -> None:
    if message.subject == "Cancel":
        raise AnymailCancelSend
    message.extra_headers["X-Checked"] = "yes"
    observed.append(["pre_send", message.subject, esp_name])


@receiver(post_send)
def after(sender: Any, message: Any, status: Any, esp_name: str, **_: Any) -> None:
    observed.append(["post_send", message.subject, sorted(status.status), esp_name, status is message.anymail_status])


@receiver(tracking)
def handle_tracking(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    attributes = (
        "event_type",
        "recipient",
        "message_id",
        "tags",
        "metadata",
        "click_url",
        "user_agent",
        "reject_reason",
    )
    values = {name: getattr(event, name) for name in (*attributes, "event_id", "esp_event")}
    values["timestamp"] = event.timestamp.isoformat()
    observed.append(["tracking", esp_name, isinstance(event, AnymailTrackingEvent), values])


@receiver(inbound)
def handle_inbound(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    message = event.message
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        inline = message.inline_attachments
    observed.append(
        [
            "inbound",
            esp_name,
            isinstance(event, AnymailInboundEvent),
            event.event_type,
            event.timestamp,
            event.event_id,
            event.esp_event,
            str(message.from_email),
            message.from_email.display_name,
            message.from_email.addr_spec,
            [address.addr_spec for address in message.to],
            [str(address) for address in message.cc],
            message.subject,
            message.date.timestamp(),
            message.text,
            message.html,
            message["Subject"],
            message["Message-ID"],
            [
                [
                    each.get_filename(),
                    each.get_content_type(),
                    each.get_content_text(),
                    each.as_uploaded_file().read().decode(),
                ]
                for each in message.attachments
            ],
            {
                content_id: [each.get_content_type(), len(each.get_content_bytes())]
                for content_id, each in inline.items()
            },
            message.envelope_sender,
            message.envelope_recipient,
            message.spam_detected,
            message.spam_score,
            message.stripped_text,
        ]
    )


def status_of(message: Any) -> Any:
    """What an application reads from `anymail_status`, without the numbers of messages."""
    status = message.anymail_status
    ids = [recipient.message_id for recipient in status.recipients.values()]
    return {
        "status": sorted(status.status or []),
        "recipients": {email: recipient.status for email, recipient in sorted(status.recipients.items())},
        "ids are strings": all(isinstance(each, str) and each.isdigit() for each in ids),
        "message_id": isinstance(status.message_id, str | set),
        "response": None if status.esp_response is None else status.esp_response.status_code,
    }


def send(message: Any) -> Any:
    return [message.send(), status_of(message)]


def simple() -> Any:
    return send_mail("Simple", "Hello", None, ["alice@example.com"], html_message="<p>Hello</p>")


def every_attribute() -> Any:
    message = EmailMultiAlternatives(
        "Everything",
        "Text",
        "Sender <sender@example.com>",
        ["Alice <alice@example.com>"],
        cc=["carol@example.com"],
        bcc=["dave@example.com"],
        reply_to=["support@example.com"],
        headers={"X-Order": "1234"},
    )
    message.attach("terms.txt", "Terms", "text/plain")
    message.attach("data.bin", b"\x00\x01", "application/octet-stream")
    message.metadata = {"order": 1234}  # type: ignore[attr-defined]
    message.tags = ["orders"]  # type: ignore[attr-defined]
    message.envelope_sender = "bounces@example.com"  # type: ignore[attr-defined]
    message.track_clicks = False  # type: ignore[attr-defined]
    message.track_opens = True  # type: ignore[attr-defined]
    message.esp_extra = ESP_EXTRA[WHICH]  # type: ignore[attr-defined]
    message.attach_alternative("<p>HTML</p>", "text/html")
    return send(message)


def constructor_arguments() -> Any:
    message = AnymailMessage(
        subject="Arguments",
        body="Text",
        to=("Alice <alice@example.com>", "bob@example.com"),
        tags=("one",),
        metadata={"a": [1, 2]},
        merge_data={"alice@example.com": {"name": "Alice"}, "bob@example.com": {"name": "Bob"}},
        merge_global_data={"site": "Shop"},
        merge_metadata={"alice@example.com": {"user": 1}},
    )
    return send(message)


def stored_template() -> Any:
    message = EmailMessage(to=["alice@example.com"])
    message.template_id = "176375"  # type: ignore[attr-defined]
    message.merge_global_data = {"ship_date": "May 15"}  # type: ignore[attr-defined]
    return send(message)


def inline_image(folder: str = "/tmp") -> Any:  # noqa: S108 - replaced below
    file = Path(folder) / "logo.gif"
    message = AnymailMessage("Inline", "Text", to=["alice@example.com"])
    ids = [attach_inline_image_file(message, str(file)), message.attach_inline_image(GIF, "other.gif")]
    message.attach_alternative("".join(f'<img src="cid:{each}">' for each in ids), "text/html")
    return send(message)


def cancelled() -> Any:
    return send(EmailMessage("Cancel", "Text", to=["alice@example.com"]))


def without_recipients() -> Any:
    return EmailMessage("No recipients", "Text").send()


def wrong_key() -> Any:
    connection = get_connection(api_key="wrong")
    return EmailMessage("Wrong key", "Text", to=["alice@example.com"], connection=connection).send()


def scheduled() -> Any:
    return AnymailMessage("Later", "Text", to=["alice@example.com"], send_at=datetime(2030, 1, 1)).send()


def ignored_features() -> Any:
    connection = get_connection(ignore_unsupported_features=True)
    message = AnymailMessage("Ignored", "Text", to=["alice@example.com"], connection=connection)
    message.tags = ["a", "b"]
    message.send_at = datetime(2030, 1, 1)
    return send(message)


def html_body() -> Any:
    message = EmailMessage("HTML", "<p>HTML</p>", to=["alice@example.com"])
    message.content_subtype = "html"
    return send(message)


def attached_file() -> Any:
    message = EmailMessage("File", "Text", to=["alice@example.com"])
    message.attach_file(str(EXAMPLES / "pytest" / "test_mailer.py"), "text/x-python")
    return send(message)


def two_tags() -> Any:
    return AnymailMessage("Tags", "Text", to=["alice@example.com"], tags=["a", "b"]).send()


def invalid_address() -> Any:
    return EmailMessage("Invalid", "Text", to=["alice@"]).send()


def decimal_metadata() -> Any:
    return AnymailMessage("Decimal", "Text", to=["alice@example.com"], metadata={"price": Decimal("1.5")}).send()


def bare_string() -> Any:
    message = EmailMessage("String", "Text", to=["alice@example.com"])
    message.reply_to = "support@example.com"  # type: ignore[assignment]
    return message.send()


def silent_failure() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return send_mail("Invalid", "Text", None, ["alice@"], fail_silently=True)


def post(where: str, body: bytes, authorization: str | None = AUTHORIZATION) -> Any:
    headers: Any = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    response = Client(raise_request_exception=False).post(
        f"/anymail/mailjet/{where}/", body, content_type="application/json", **headers
    )
    return 200 <= response.status_code < 300


def tracking_events() -> Any:
    return post("tracking", (EXAMPLES / "webhook.json").read_bytes())


def inbound_message() -> Any:
    return post("inbound", json.dumps(RECEIVED).encode())


def wrong_secret() -> Any:
    return [post("tracking", b"[]", authorization) for authorization in (None, "Basic dXNlcjp4")]


# The most specific class first, as in an application.
EXPECTED = (
    AnymailUnsupportedFeature,
    AnymailInvalidAddress,
    AnymailSerializationError,
    AnymailAPIError,
    AnymailError,
    TypeError,
)


def outcome(step: Callable[[], Any]) -> Any:
    """The result of a step, or the class of django-anymail that catches its exception."""
    try:
        return step()
    except EXPECTED as error:
        caught = next(kind for kind in EXPECTED if isinstance(error, kind))
        bases = [base.__name__ for base in (ValueError, TypeError, OSError) if isinstance(error, base)]
        return {"caught": caught.__name__, "bases": bases, "status_code": getattr(error, "status_code", None)}


def main() -> None:
    folder = sys.argv[3]
    (Path(folder) / "logo.gif").write_bytes(GIF)
    steps: list[Callable[[], Any]] = [
        simple,
        every_attribute,
        constructor_arguments,
        stored_template,
        cancelled,
        without_recipients,
        wrong_key,
        scheduled,
        ignored_features,
        html_body,
        attached_file,
        two_tags,
        invalid_address,
        decimal_metadata,
        bare_string,
        silent_failure,
        tracking_events,
        inbound_message,
        wrong_secret,
    ]
    results = {step.__name__: outcome(step) for step in steps}
    results["inline_image"] = outcome(lambda: inline_image(folder))
    sys.stdout.write(json.dumps({"results": results, "observed": observed}, indent=1, default=str))


if __name__ == "__main__":
    main()
