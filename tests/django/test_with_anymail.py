"""An application written for django-anymail, run with its backend and with ours: it observes the same.

django-anymail now uses the v3.1 API, so a small server answers it as Mailjet's v3.1 does; ours sends to the emulator.
What both received is compared as well, in the terms of a mail.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from compiler.mail.addresses import parse_address_list
from compiler.sender.emulator import Emulator
from tests.django.anymail_on_v3_1 import SAME
from tests.migration.meaning import mails_of

ROOT = Path(__file__).parent.parent.parent
KEYS = "Basic " + base64.b64encode(b"emulator-api-key:emulator-secret-key").decode()
NUMBERS = itertools.count(10**18)


class ServiceV31(ThreadingHTTPServer):
    """Answers like the v3.1 API, and keeps the payloads."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HandlerV31)
        self.payloads: list[Any] = []


class HandlerV31(BaseHTTPRequestHandler):
    server: ServiceV31

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer: dict[str, Any]
        status, answer = 401, {"ErrorMessage": "wrong key", "ErrorCode": "x"}
        if self.headers["Authorization"] == KEYS:
            self.server.payloads.append(payload)
            status, answer = (
                200,
                {"Messages": [self.accept(payload["Globals"] | message) for message in payload["Messages"]]},
            )
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def accept(self, message: Mapping[str, Any]) -> dict[str, Any]:
        recipients = {kind: message.get(kind, []) for kind in ("To", "Cc", "Bcc")}
        return {
            "Status": "success",
            **{
                kind: [{"Email": each["Email"], "MessageID": next(NUMBERS)} for each in listed]
                for kind, listed in recipients.items()
            },
        }

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[ServiceV31]:
    with ServiceV31() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(which: str, url: str, folder: Path) -> Any:
    """What the application observed."""
    command = [sys.executable, "-m", "tests.django.anymail_application", which, url, str(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAILJET_", "MJ_"))}
    process = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, env=environment)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_an_application_observes_the_same(service: ServiceV31, tmp_path: Path) -> None:
    theirs = run("anymail", f"http://127.0.0.1:{service.server_address[1]}/", tmp_path)
    with Emulator() as emulator:
        ours = run("compiler", emulator.url, tmp_path)
        received = [mail for message in emulator.messages for mail in mails_v3(message.payload)]
    assert ours["results"] == theirs["results"]
    assert ours["observed"] == theirs["observed"]
    expected = [mail for payload in service.payloads for mail in mails_v31(payload)]
    assert received == expected
    assert len(received) == 9


CONTENT_ID = re.compile(r"[\w.]+@inline")


def anonymized(mail: Mapping[str, Any]) -> Any:
    """The mail without absent values, and with the same content ids, which are random."""
    text = json.dumps({name: value for name, value in mail.items() if value not in (None, "", [], {})})
    ids = {content_id: f"id-{number}" for number, content_id in enumerate(dict.fromkeys(CONTENT_ID.findall(text)))}
    return json.loads(CONTENT_ID.sub(lambda match: ids[match[0]], text))


def mails_v31(payload: Any) -> Iterator[Any]:
    """The mails that a payload of the v3.1 API asks for."""
    for message in payload["Messages"]:
        merged = payload["Globals"] | message
        yield anonymized(
            {
                "from": [merged["From"].get("Name"), merged["From"]["Email"]],
                **{
                    kind: [[each.get("Name"), each["Email"]] for each in merged.get(kind, [])]
                    for kind in ("To", "Cc", "Bcc")
                },
                "envelope sender": merged.get("Sender", {}).get("Email"),
                "reply to": merged.get("ReplyTo", {}).get("Email"),
                "subject": merged.get("Subject"),
                "text": merged.get("TextPart"),
                "html": merged.get("HTMLPart"),
                "headers": merged.get("Headers"),
                "campaign": merged.get("CustomCampaign"),
                "metadata": json.loads(merged.get("EventPayload", "{}")),
                "custom id": merged.get("CustomID"),
                "track": [merged.get(name) for name in ("TrackClicks", "TrackOpens")],
                "template": merged.get("TemplateID"),
                "variables": payload["Globals"].get("Variables", {}) | message.get("Variables", {}),
                "attachments": [
                    [each["ContentType"], each["Filename"], each["Base64Content"]]
                    for each in merged.get("Attachments", [])
                ],
                "inline": [
                    [each["ContentType"], each["ContentID"], each["Base64Content"]]
                    for each in merged.get("InlinedAttachments", [])
                ],
            }
        )


def mails_v3(payload: Any) -> Iterator[Any]:
    """The mails that a payload of the v3 API asks for."""
    headers = dict(payload.get("Headers", {}))
    reply_to = headers.pop("Reply-To", None)
    words = {None: None, 1: "disabled", 2: "enabled"}
    shared = {
        kind: [[each.name, each.email] for each in parse_address_list(payload[kind])] if kind in payload else []
        for kind in ("To", "Cc", "Bcc")
    }
    for recipient in payload.get("Recipients", [{}]):
        yield anonymized(
            {
                "from": [payload.get("FromName"), payload["FromEmail"]],
                **shared,
                **({"To": [[recipient.get("Name"), recipient["Email"]]]} if recipient else {}),
                "envelope sender": payload.get("Sender"),
                "reply to": reply_to,
                "subject": payload.get("Subject"),
                "text": payload.get("Text-part"),
                "html": payload.get("Html-part"),
                "headers": headers,
                "campaign": payload.get("Mj-campaign"),
                "metadata": json.loads(payload.get("Mj-EventPayLoad", "{}")),
                "custom id": payload.get("Mj-CustomID"),
                "track": [words[payload.get(name)] for name in ("Mj-trackclick", "Mj-trackopen")],
                "template": payload.get("Mj-TemplateID"),
                "variables": payload.get("Vars", {}) | recipient.get("Vars", {}),
                "attachments": [
                    [each["Content-type"], each["Filename"], each["content"]] for each in payload.get("Attachments", [])
                ],
                "inline": [
                    [each["Content-type"], each["Filename"], each["content"]]
                    for each in payload.get("Inline_attachments", [])
                ],
            }
        )


SUBCLASSES = """
from django.conf import settings
settings.configure()
import anymail.exceptions, anymail.message, anymail.signals
import compiler.django as ours
for name in ours.__all__:
    for module in (anymail.exceptions, anymail.message, anymail.signals):
        theirs = getattr(module, name, None)
        if theirs is not None and (theirs is getattr(ours, name) or (
            isinstance(theirs, type) and issubclass(getattr(ours, name), theirs)
        )):
            print(name)
"""


def test_ours_are_subclasses_of_django_anymails_and_signals_are_its_own() -> None:
    command = [sys.executable, "-c", SUBCLASSES]
    process = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert sorted(process.stdout.split()) == [
        "AnymailAPIError",
        "AnymailCancelSend",
        "AnymailConfigurationError",
        "AnymailDeprecationWarning",
        "AnymailError",
        "AnymailImproperlyInstalled",
        "AnymailInboundEvent",
        "AnymailInsecureWebhookWarning",
        "AnymailInvalidAddress",
        "AnymailRecipientStatus",
        "AnymailRecipientsRefused",
        "AnymailRequestsAPIError",
        "AnymailSerializationError",
        "AnymailStatus",
        "AnymailTrackingEvent",
        "AnymailUnsupportedFeature",
        "AnymailWarning",
        "AnymailWebhookValidationFailure",
        "inbound",
        "post_send",
        "pre_send",
        "tracking",
    ]


def sent_by(which: str, emulator: Emulator) -> tuple[Any, list[Any]]:
    """The statuses of recipients, and the mails, of all messages sent by a backend."""
    emulator.clear()
    command = [sys.executable, "-m", "tests.django.anymail_on_v3_1", which, emulator.url_v3_1]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout), mails_of({"Messages": [each.payload for each in emulator.messages]}, "mailjet-v3.1")


def test_the_mails_and_statuses_of_v3_1_are_those_of_anymail() -> None:
    with Emulator() as emulator:
        statuses, mails = sent_by("compiler", emulator)
        expected_statuses, expected_mails = sent_by("anymail", emulator)
    assert statuses == expected_statuses
    assert list(statuses) == list(SAME)
    assert len(mails) > len(SAME)
    for mail, expected in zip(mails, expected_mails, strict=True):
        assert mail == expected
