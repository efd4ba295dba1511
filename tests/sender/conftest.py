"""Fixtures: an emulator for each module, cleared for each test; a sender with short pauses; and a webhook."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from compiler.sender import MailjetSender
from compiler.sender.emulator import Emulator
from tests.sender.helpers import TEMPLATES, sender_to
from tests.sender.webhook_handler import WebhookServer


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator(templates=TEMPLATES) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.clear()
    return running


@pytest.fixture
def sender(emulator: Emulator) -> Iterator[MailjetSender]:
    with sender_to(emulator) as sender:
        yield sender


@pytest.fixture
def webhook() -> Iterator[WebhookServer]:
    with WebhookServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
