"""The example of a Django project, run as its README says: with its real server and the emulator, over HTTP."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.sender.emulator import Emulator

ROOT = Path(__file__).parent.parent
PROJECT = ROOT / "examples/django-shop"
SECRET = "mailjet:a password"  # noqa: S105 - a test's
TRACKING = "/anymail/mailjet/tracking/"
LIMIT = 90  # seconds, for a busy machine

pytestmark = pytest.mark.slow


class PortTakenError(Exception):
    pass


@dataclass(frozen=True)
class Shop:
    """The running project, and the emulator that it sends to."""

    port: int
    emulator: Emulator
    environment: Mapping[str, str]

    def manage(self, *arguments: str) -> str:
        """Runs a management command, and returns what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        process = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=PROJECT, env=self.environment)
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def call(self, method: str, path: str, body: bytes | None = None, secret: str | None = None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
        return call(self.port, method, path, body, headers)

    def ship(self) -> tuple[int, dict[str, Any]]:
        status, body = self.call("POST", "/orders/ship/")
        return status, json.loads(body)

    def post_event(self, event: Mapping[str, Any]) -> int:
        """Posts an event to the webhook as Mailjet does, and returns the status of the answer."""
        return self.call("POST", TRACKING, json.dumps([event]).encode(), SECRET)[0]

    def orders(self) -> dict[str, dict[str, Any]]:
        """The orders by number."""
        status, body = self.call("GET", "/orders/")
        assert status == 200
        return {order["number"]: order for order in json.loads(body)["orders"]}

    def wait_for(self, numbers: list[str], **expected: Any) -> None:
        """Waits until these orders have these values."""

        def has_changed() -> bool:
            orders = self.orders()
            return all(expected.items() <= orders[number].items() for number in numbers)

        wait_until(has_changed, lambda: f"{expected} in {self.orders()}, after {self.emulator.posted_events}")

    def make_orders(self) -> list[str]:
        """Creates two orders, and returns their numbers."""
        return [line.partition(":")[0] for line in self.manage("make_orders").splitlines()]


def wait_until(condition: Callable[[], bool], describe: Callable[[], str]) -> None:
    until = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {describe()}"
        time.sleep(0.02)


def call(
    port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of an answer of a server on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    with contextlib.closing(connection):
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def running_shop(folder: Path) -> Iterator[Shop]:
    """Runs the emulator and the project. Raises PortTakenError if another program took the port meanwhile."""
    port = free_port()
    with Emulator(webhook=f"http://{SECRET.replace(' ', '%20')}@127.0.0.1:{port}{TRACKING}") as emulator:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "DATABASE": str(folder / "db.sqlite3"),
            "MAILJET_API_URL": emulator.url,
            "MAILJET_API_KEY": emulator.api_key,
            "MAILJET_SECRET_KEY": emulator.secret_key,
            "WEBHOOK_SECRET": SECRET,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
        }
        shop = Shop(port, emulator, environment)
        shop.manage("migrate")
        log = folder / f"server-{port}.log"
        with log.open("wb") as output, running_server(shop, output) as server:
            wait_until(lambda: answers(port) or server.poll() is not None, lambda: f"the server: {read(log)}")
            if server.poll() is not None:
                raise PortTakenError(read(log))
            yield shop


@contextlib.contextmanager
def running_server(shop: Shop, output: Any) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{shop.port}"]
    with subprocess.Popen(command, stdout=output, stderr=output, cwd=PROJECT, env=shop.environment) as server:
        try:
            yield server
        finally:
            server.kill()


def answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        return call(port, "GET", "/orders/") == (200, b'{"orders": []}')
    return False


def read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with contextlib.ExitStack() as stack:
        for attempts in range(1, 6):
            try:
                running = stack.enter_context(running_shop(tmp_path_factory.mktemp("shop")))
                break
            except PortTakenError:
                if attempts == 5:
                    raise
        yield running


def test_the_project_has_no_faults(shop: Shop) -> None:
    assert "no issues" in shop.manage("check", "--fail-level", "WARNING")
    assert "No changes" in shop.manage("makemigrations", "--check", "--dry-run")


def test_a_missing_setting_is_named(shop: Shop) -> None:
    environment = {name: value for name, value in shop.environment.items() if name != "MAILJET_API_KEY"}
    command = [sys.executable, "manage.py", "check"]
    process = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=PROJECT, env=environment)
    assert process.returncode == 1
    assert "payload_compiler.E001" in process.stderr
    assert "MAILJET_API_KEY is not set" in process.stderr


def test_orders_are_shipped_with_one_message(shop: Shop) -> None:
    shop.emulator.clear()
    numbers = shop.make_orders()
    assert shop.ship() == (200, {"orders": numbers, "remaining": 0})
    (sent,) = shop.emulator.calls
    assert (sent.method, sent.path, sent.status_code) == ("POST", "/v3/send", 200)
    messages = shop.emulator.messages
    assert [message.payload["Recipients"] for message in messages] == [
        [{"Email": "alice@example.com", "Name": "Alice Meyer", "Vars": {"name": "Alice Meyer", "order": numbers[0]}}],
        [
            {
                "Email": "bob@example.com",
                "Name": "Zoë, Bob & Co.",
                "Vars": {"name": "Zoë, Bob & Co.", "order": numbers[1]},
            }
        ],
    ]
    assert [json.loads(message.payload["Mj-EventPayLoad"]) for message in messages] == [
        {"order": number} for number in numbers
    ]
    assert {message.payload["Mj-campaign"] for message in messages} == {"shop"}
    orders = shop.orders()
    assert [orders[number]["message_id"] for number in numbers] == [
        str(recipient.message_id) for message in messages for recipient in message.recipients
    ]
    assert all(orders[number]["shipped"] for number in numbers)
    assert shop.ship() == (200, {"orders": [], "remaining": 0})
    assert len(shop.emulator.calls) == 1


def test_a_message_has_one_order_for_each_address(shop: Shop) -> None:
    first, second = shop.make_orders(), shop.make_orders()
    assert shop.ship() == (200, {"orders": first, "remaining": 2})
    assert shop.ship() == (200, {"orders": second, "remaining": 0})


def test_tracking_events_change_the_orders(shop: Shop) -> None:
    shop.emulator.clear()
    numbers = shop.make_orders()
    shop.ship()
    shop.wait_for(numbers, delivery_status="delivered", opens=0)
    first, second = shop.emulator.messages
    cause_event(shop.emulator, first.number, "alice@example.com", "open")
    shop.wait_for(numbers[:1], delivery_status="opened", opens=1)
    assert shop.orders()[numbers[0]]["last_event"] is not None

    posted = [event for call in shop.emulator.posted_events for event in call.events]
    (opened,) = [event for event in posted if event["event"] == "open"]
    later = {**opened, "time": opened["time"] + 60}
    assert shop.post_event(later) == 200
    shop.wait_for(numbers[:1], opens=2)
    assert shop.post_event(later) == 200  # repeated
    assert shop.orders()[numbers[0]]["opens"] == 2

    earlier = {**later, "event": "sent", "time": later["time"] - 3600}
    assert shop.post_event(earlier) == 200
    assert shop.orders()[numbers[0]]["delivery_status"] == "opened"
    cause_event(shop.emulator, second.number, "bob@example.com", "bounce")
    shop.wait_for(numbers[1:], delivery_status="bounced", opens=0)


def cause_event(emulator: Emulator, message: int, recipient: str, kind: str) -> None:
    """Lets the emulator post an event."""
    body = json.dumps({"message": message, "recipient": recipient, "event": kind}).encode()
    port = int(emulator.page_url.rstrip("/").rpartition(":")[2])
    status, answer = call(port, "POST", "/emulator/events", body, {"Content-Type": "application/json"})
    assert status == 200, answer


def test_nobody_else_can_post_events(shop: Shop) -> None:
    body = (ROOT / "examples/webhook.json").read_bytes()
    assert shop.call("POST", TRACKING, body, "mailjet:another password")[0] == 401
    assert shop.call("POST", TRACKING, body)[0] == 401
    assert shop.call("POST", TRACKING, body, SECRET)[0] == 200  # events of no order are no error


def test_received_mail_is_stored(shop: Shop) -> None:
    body = (ROOT / "examples/inbound.json").read_bytes()
    path = "/anymail/mailjet/inbound/"
    assert shop.call("POST", path, body, "mailjet:another password")[0] == 401
    assert json.loads(shop.call("GET", "/replies/")[1]) == {"replies": []}
    assert shop.call("POST", path, body, SECRET)[0] == 200
    assert shop.call("POST", path, body, SECRET)[0] == 200  # repeated
    (reply,) = json.loads(shop.call("GET", "/replies/")[1])["replies"]
    assert reply["sender"] == "alice@example.com"
    assert reply["subject"].split() == ["Re:", "Your", "order", "has", "shipped"]
    assert reply["text"].strip() == "Grüße, and thanks!"


def test_after_an_error_orders_are_shipped_again_unless_they_may_have_been_sent(shop: Shop) -> None:
    shop.emulator.clear()
    numbers = shop.make_orders()
    shop.emulator.inject_faults(
        "unauthorized", "server-error"
    )  # the first does not accept the message, the second does
    status, answer = shop.ship()
    assert (status, answer["orders"], answer["may_have_sent"]) == (502, numbers, False)
    orders = shop.orders()
    assert not any(orders[number]["shipped"] for number in numbers)

    status, answer = shop.ship()
    assert (status, answer["orders"], answer["may_have_sent"]) == (502, numbers, True)
    assert shop.ship() == (200, {"orders": [], "remaining": 0})
    # No message id is known, but the events have the order's number.
    shop.wait_for(numbers, shipped=True, message_id="", delivery_status="delivered")
