"""Messages that django-anymail and our backend send to Send API v3.1 in the same way.

    python -m tests.django.anymail_on_v3_1 anymail URL
    python -m tests.django.anymail_on_v3_1 compiler URL

sends them, and prints the statuses of the recipients of each as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives


def build(kind: type[EmailMessage] = EmailMessage, **attributes: Any) -> EmailMessage:
    """A message with attributes, of which Django knows some and Anymail the others."""
    own = {"subject": "s", "body": "b", "from_email": "Shop <shop@example.com>", "to": ["alice@example.com"]}
    of_django = {name for name in attributes if name in ("to", "cc", "bcc", "reply_to", "headers", "from_email")}
    built = kind(**{**own, **{name: attributes[name] for name in of_django}})
    for name in attributes.keys() - of_django:
        setattr(built, name, attributes[name])
    return built


def with_html(**attributes: Any) -> EmailMessage:
    built = build(EmailMultiAlternatives, **attributes)
    built.attach_alternative("<p>b</p>", "text/html")  # type: ignore[attr-defined] # of EmailMultiAlternatives
    return built


BOTH = ["alice@example.com", "Bob <bob@example.com>"]
SAME: dict[str, Callable[[], EmailMessage]] = {
    "plain": build,
    "html": with_html,
    "names": lambda: build(to=['"Müller, Jörg" <alice@example.com>'], from_email="Grüße <shop@example.com>"),
    "reply-to": lambda: build(reply_to=["Help <help@example.com>"]),
    "headers": lambda: build(headers={"X-Trace": "1"}),
    "copies": lambda: build(to=BOTH, cc=["carol@example.com"], bcc=["dave@example.com"]),
    "merge data": lambda: build(to=BOTH, merge_data={"alice@example.com": {"n": 1}}),
    # Not beside merge_data: django-anymail leaves it to Mailjet what Globals do then.
    "global data": lambda: build(to=BOTH, merge_data={}, merge_global_data={"n": 0}),
    "merge data and copies": lambda: build(
        to=BOTH, cc=["carol@example.com"], merge_data={"alice@example.com": {"n": 1}}
    ),
    "merge metadata": lambda: build(
        to=BOTH, metadata={"a": 1}, merge_metadata={"alice@example.com": {"b": 2}}, merge_data={}
    ),
    "tracking": lambda: with_html(track_opens=True, track_clicks=False),
    "tags and metadata": lambda: build(tags=["one"], metadata={"order": 5}),
    "envelope sender": lambda: build(envelope_sender="bounces@example.com"),
    "template": lambda: build(template_id="176375", merge_global_data={"a": 1}),
}


def main(which: str, url: str) -> None:
    """Sends all messages, in their order."""
    import django
    from django.conf import settings

    backends = {"anymail": "anymail.backends.mailjet.EmailBackend", "compiler": "compiler.django.EmailBackend"}
    anymail = {
        "MAILJET_API_KEY": "emulator-api-key",
        "MAILJET_SECRET_KEY": "emulator-secret-key",
        "MAILJET_API_URL": url,
        "MAILJET_TARGET": "mailjet-v3.1",
    }
    settings.configure(EMAIL_BACKEND=backends[which], ANYMAIL=anymail)
    django.setup()
    statuses = {}
    for name, build_message in SAME.items():
        message = build_message()
        assert message.send() == 1
        found = message.anymail_status.recipients  # type: ignore[attr-defined] # Anymail sets it
        statuses[name] = {email: each.status for email, each in found.items()}
    sys.stdout.write(json.dumps(statuses))


if __name__ == "__main__":
    main(*sys.argv[1:])
