"""No secret in what Django shows or mails about an exception: error pages, reports to admins, logs."""

from __future__ import annotations

import base64
import logging
import sys
from collections.abc import Callable
from secrets import token_hex
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings
from django.views.debug import ExceptionReporter

from compiler.django import AnymailMessage, EmailBackend, pre_send, tracking
from compiler.django.views import MailjetTrackingWebhookView
from compiler.sender.emulator import Emulator
from tests.django.helpers import OPEN, TRACKING, connected

# Made here, so that they are in no line of code, which the pages show.
API_KEY, SECRET_KEY, WEBHOOK = token_hex(), f"{token_hex()}/+", f"webhooks:{token_hex()}"

SECRETS = [API_KEY, SECRET_KEY, quote(SECRET_KEY, safe=""), WEBHOOK, WEBHOOK.split(":")[1]]
SECRETS += [base64.b64encode(pair.encode()).decode() for pair in (f"{API_KEY}:{SECRET_KEY}", WEBHOOK)]


def fail(**_: Any) -> None:
    raise LookupError("a receiver")


def send(**attributes: Any) -> None:
    AnymailMessage("Hello", "Hi!", **{"to": ["alice@example.com"], **attributes}).send()


def build_request() -> Any:
    authorization = f"Basic {base64.b64encode(WEBHOOK.encode()).decode()}"
    return RequestFactory().post(TRACKING, OPEN, "application/json", headers={"Authorization": authorization})


REQUEST = build_request()


def call_webhook() -> None:
    with connected(tracking, fail):
        MailjetTrackingWebhookView.as_view()(REQUEST)


def call_with_failing_receiver() -> None:
    with connected(pre_send, fail):
        send()


def call_with_wrong_setting() -> None:
    with override_settings(
        ANYMAIL={**settings.ANYMAIL, "MAILJET_API_URL": f"https://{API_KEY}:{SECRET_KEY}@x.example"}
    ):
        send()


def call_with_wrong_argument() -> None:
    EmailBackend(api_key=f"{API_KEY}:", secret_key=SECRET_KEY)


CALLS: dict[str, Callable[[], None]] = {
    "error in the message": lambda: send(tags=["a", "b"]),
    "value that is not JSON": lambda: send(metadata={"a": object()}),
    "string for a list": lambda: send(reply_to="x"),
    "failing receiver": call_with_failing_receiver,
    "rejected": send,
    "no response": send,
    "stalled": send,
    "unauthorized": send,
    "wrong setting": call_with_wrong_setting,
    "wrong argument": call_with_wrong_argument,
    "webhook": call_webhook,
}
FAULTS = {
    "rejected": "empty-400",
    "no response": "reset-after-body",
    "stalled": "stall",
    "unauthorized": "unauthorized",
}


@pytest.fixture
def shop() -> Any:
    with Emulator(api_key=API_KEY, secret_key=SECRET_KEY) as emulator:
        anymail = {
            "MAILJET_API_KEY": API_KEY,
            "MAILJET_SECRET_KEY": SECRET_KEY,
            "MAILJET_API_URL": emulator.url,
            "WEBHOOK_SECRET": WEBHOOK,
            "REQUESTS_TIMEOUT": (5, 0.2),
        }
        with override_settings(EMAIL_BACKEND="compiler.django.EmailBackend", ANYMAIL=anymail):
            yield emulator


@pytest.mark.parametrize("name", CALLS)
def test_no_secret_is_shown(shop: Emulator, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    if name in FAULTS:
        shop.inject_faults(FAULTS[name])
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any
        CALLS[name]()
    reporter = ExceptionReporter(
        REQUEST if name == "webhook" else RequestFactory().get("/"), caught.type, caught.value, caught.tb
    )
    pages = [reporter.get_traceback_html(), reporter.get_traceback_text()]
    assert all(caught.type.__name__ in page for page in pages)
    logged = "\n".join(logging.Formatter().format(record) for record in caplog.records if record.name != "urllib3")
    for secret in SECRETS:
        for text in (*pages, logged, str(caught.value), repr(caught.value), repr(vars(caught.value))):
            assert secret not in text


def test_a_secret_would_be_found() -> None:
    """The reports do show local variables: the test above can fail."""
    api_key = API_KEY
    try:
        raise LookupError(len(api_key))
    except LookupError:
        reporter = ExceptionReporter(RequestFactory().get("/"), *sys.exc_info())
    assert API_KEY in reporter.get_traceback_html()
