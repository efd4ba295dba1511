"""The views of the webhooks: signals, authentication, repeated events, failing receivers, bad bodies."""

from __future__ import annotations

import base64
import logging
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied, SuspiciousOperation
from django.core.management import call_command
from django.db import OperationalError, connections
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.test.client import FakePayload

from compiler.django import AnymailInsecureWebhookWarning, AnymailTrackingEvent, inbound, tracking
from compiler.django.views import MailjetInboundWebhookView, MailjetTrackingWebhookView
from tests.django.helpers import INBOUND, OPEN, TRACKING, connected, post, received
from tests.django.project import AUTHORIZATION

ROOT = Path(__file__).parent.parent.parent


def changed(**anymail: Any) -> override_settings:
    return override_settings(ANYMAIL={**settings.ANYMAIL, **anymail})


def test_the_attributes_of_a_tracking_event() -> None:
    body = {
        "event": "bounce",
        "time": 1433333949,
        "MessageID": 19421777835146490,
        "email": "alice@example.com",
        "customcampaign": "orders",
        "Payload": '{"order":1234}',
        "hard_bounce": True,
        "error_related_to": "recipient",
        "error": "user unknown",
        "comment": "550 no such user",
    }
    with received(tracking) as calls:
        assert post(body).status_code == 200
    ((call),) = calls
    event = call["event"]
    assert isinstance(event, AnymailTrackingEvent)
    assert (call["sender"], call["esp_name"]) == (MailjetTrackingWebhookView, "Mailjet")
    assert event.event_type == "bounced"
    assert event.timestamp == datetime(2015, 6, 3, 12, 19, 9, tzinfo=UTC)
    assert (event.message_id, event.event_id) == ("19421777835146490", None)
    assert (event.recipient, event.tags, event.metadata) == ("alice@example.com", ["orders"], {"order": 1234})
    assert (event.reject_reason, event.bounce_type, event.mta_response) == ("bounced", "hard", "550 no such user")
    assert (event.description, event.click_url, event.user_agent) == ("recipient: user unknown", None, None)
    assert event.esp_event == body
    assert len(event.fingerprint) == 64
    assert repr(event) == "<AnymailTrackingEvent bounced 19421777835146490>"


def test_an_event_without_anything() -> None:
    with received(tracking) as calls:
        assert post([{}, 17, None]).status_code == 200
    assert [(call["event"].event_type, call["event"].timestamp) for call in calls] == [("unknown", None)] * 3


# Authentication and methods


def test_several_secrets() -> None:
    def basic(pair: str) -> str:
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    with changed(WEBHOOK_SECRET=["old:password", "new:password"]):
        answers = [post(OPEN, authorization=basic(f"{user}:password")).status_code for user in ("old", "new", "x")]
    assert answers == [200, 200, 401]


@pytest.mark.parametrize("authorization", [None, "", "Basic x", "Bearer x", "Basic dXNlcjp3cm9uZw=="])
@pytest.mark.parametrize("path", [TRACKING, INBOUND])
def test_wrong_secrets(path: str, authorization: str | None) -> None:
    with received(tracking) as calls, received(inbound) as messages:
        response = post(OPEN, path, authorization)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="webhooks", charset="UTF-8"'
    assert b"check the user and password" in response.content
    assert calls == messages == []


def test_without_a_secret_every_call_is_accepted_with_a_warning() -> None:
    with (
        override_settings(ANYMAIL={}),
        received(tracking) as calls,
        pytest.warns(AnymailInsecureWebhookWarning, match="WEBHOOK_SECRET"),
    ):
        assert post(OPEN, authorization=None).status_code == 200
    assert len(calls) == 1


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "trace"])
def test_other_methods(method: str) -> None:
    response = getattr(Client(), method)(TRACKING, headers={"Authorization": AUTHORIZATION})
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST, HEAD, OPTIONS"


def test_head_and_options() -> None:
    for response in (Client().head(TRACKING), Client().options(INBOUND)):
        assert (response.status_code, response.content) == (200, b"")


def test_calls_need_neither_a_csrf_token_nor_a_login() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(TRACKING, OPEN, content_type="application/json", headers={"Authorization": AUTHORIZATION})
    assert response.status_code == 200


# Repeated events and failing receivers


def test_a_repeated_event_is_not_handled_again() -> None:
    with received(tracking) as calls:
        assert [post(OPEN).status_code, post([OPEN]).status_code, post([OPEN, OPEN | {"time": 5}]).status_code] == [
            200,
            200,
            200,
        ]
    assert [call["event"].esp_event["time"] for call in calls] == [OPEN["time"], 5]


def test_a_repeated_message_is_not_handled_again() -> None:
    body = (ROOT / "examples/inbound.json").read_bytes()
    with received(inbound) as calls:
        assert [post(body, INBOUND).status_code, post(body, INBOUND).status_code] == [200, 200]
    ((call),) = calls
    assert call["sender"] is MailjetInboundWebhookView


def test_a_receiver_that_fails_is_called_again() -> None:
    seen: list[int] = []

    def fail_once(event: AnymailTrackingEvent, **_: Any) -> None:
        seen.append(event.esp_event["time"])
        if event.esp_event["time"] == 1 and seen.count(1) == 1:
            raise LookupError("a receiver")

    events = [OPEN | {"time": number} for number in range(3)]
    with connected(tracking, fail_once):
        assert [post(events).status_code for _ in range(3)] == [500, 200, 200]
    assert seen == [0, 1, 2, 1]


def test_the_exception_of_a_receiver_reaches_django() -> None:
    def fail(**_: Any) -> None:
        raise LookupError("a receiver")

    client = Client()
    with connected(tracking, fail), pytest.raises(LookupError, match="a receiver"):
        client.post(TRACKING, OPEN, content_type="application/json", headers={"Authorization": AUTHORIZATION})


@pytest.mark.parametrize("atomic", [False, True])
@pytest.mark.parametrize("alias", ["default", "other"])
def test_a_failing_event_does_not_undo_what_was_done_for_others(atomic: bool, alias: str) -> None:
    call_command("migrate", verbosity=0, database=alias)
    groups = Group.objects.using(alias)
    groups.all().delete()
    failures = [1]

    def create_group(event: AnymailTrackingEvent, **_: Any) -> None:
        number = event.esp_event["time"]
        groups.create(name=f"event {number}")
        if number in failures:
            failures.remove(number)
            groups.create(name=f"event {number}")  # an IntegrityError

    events = [OPEN | {"time": number} for number in range(3)]
    options = connections.settings[alias]
    options["ATOMIC_REQUESTS"] = atomic
    try:
        with connected(tracking, create_group):
            assert post(events).status_code == 500
            names = {group.name for group in groups.all()}
            assert names == {"event 0", "event 2"} | (set() if atomic else {"event 1"})
            groups.filter(name="event 1").delete()
            assert post(events).status_code == 200
    finally:
        options["ATOMIC_REQUESTS"] = False
    assert {group.name for group in groups.all()} == {"event 0", "event 1", "event 2"}


@pytest.mark.parametrize("error", [Http404, PermissionDenied, BadRequest, SuspiciousOperation, ValueError])
def test_every_exception_of_a_receiver_is_answered_500(error: type[Exception]) -> None:
    def fail(**_: Any) -> None:
        raise error("a receiver")

    with connected(tracking, fail):
        assert post(OPEN).status_code == 500


def test_a_database_that_is_down() -> None:
    def fail(**_: Any) -> None:
        raise OperationalError("could not connect to the server")

    events = [OPEN | {"time": number} for number in range(50)]
    with connected(tracking, fail):
        assert post(events).status_code == 500
    with received(tracking) as later:
        assert post(events).status_code == 200
    assert [call["event"].esp_event for call in later] == events


def test_a_cache_that_is_down(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError("the cache is down")

    for name in ("get_many", "set"):
        monkeypatch.setattr(type(cache._connections["default"]), name, fail)  # type: ignore[attr-defined]
    with received(tracking) as calls:
        assert post(OPEN).status_code == 200
    assert len(calls) == 1
    assert [record.name for record in caplog.records] == ["compiler.webhooks", "compiler.webhooks"]


def test_another_cache() -> None:
    caches = {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
        for name in ("default", "x")
    }
    with override_settings(CACHES=caches), changed(WEBHOOK_CACHE="x"), received(tracking) as calls:
        post(OPEN)
        cache.clear()
        post(OPEN)
    assert len(calls) == 1


# Bodies


@pytest.mark.parametrize("body", [b"", b"{", b"5", b"\xff\xfe", b"<html>", b"[" * 100_000, b"\x00" * 1000])
@pytest.mark.parametrize("path", [TRACKING, INBOUND])
def test_invalid_bodies(path: str, body: bytes) -> None:
    with received(tracking) as calls, received(inbound) as messages:
        response = post(body, path)
    assert response.status_code == 400
    assert response.content.startswith(b"the body is invalid: ")
    assert calls == messages == []


def test_a_large_body_is_not_read() -> None:
    class Unread(FakePayload):
        def read(self, num_bytes: int | None = None) -> bytes:
            raise AssertionError("the body is read")

    environ = {"CONTENT_LENGTH": 100 * 2**20, "wsgi.input": Unread(), "HTTP_AUTHORIZATION": AUTHORIZATION}
    request = RequestFactory().post(TRACKING, content_type="application/json", **environ)  # type: ignore[arg-type]
    assert MailjetTrackingWebhookView.as_view()(request).status_code == 413


def test_a_body_over_the_limit_is_rejected() -> None:
    with changed(WEBHOOK_MAX_BODY_BYTES=1000), received(tracking) as calls:
        assert post(b" " * 1000).status_code == 400
        assert post(b" " * 1001).status_code == 413
    assert calls == []


def test_a_body_over_djangos_limit_for_forms_is_accepted() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 2_621_440
    events = [OPEN | {"time": number, "agent": "x" * 10_000} for number in range(300)]
    with received(tracking) as calls:
        assert post(events).status_code == 200
    assert len(calls) == 300


def test_wrong_settings_are_an_error_of_the_server() -> None:
    with changed(WEBHOOK_SECRET="x"):  # noqa: S106 - a test's
        assert post(OPEN).status_code == 500
        with pytest.raises(ImproperlyConfigured, match='ANYMAIL\\["WEBHOOK_SECRET"\\] must have the form'):
            Client().post(TRACKING, OPEN, content_type="application/json")


def test_logs_have_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = base64.b64decode(AUTHORIZATION.split()[1]).decode()
    post(OPEN, authorization="Basic dXNlcjp3cm9uZw==")
    post(OPEN)
    post(b"{")
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "a webhook call was rejected: wrong basic authentication" in text
    for part in (secret, AUTHORIZATION.split()[1], "dXNlcjp3cm9uZw", "user:wrong"):
        assert part not in text


def test_calls_in_many_threads() -> None:
    with received(tracking) as calls:
        bodies = [[OPEN | {"time": number}] for number in range(40)]
        threads = [threading.Thread(target=post, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {call["event"].esp_event["time"] for call in calls} == set(range(40))
