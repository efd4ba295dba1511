"""An emulator for all tests of a module, empty for each of them; and senders that wait for nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compiler.sender import MailjetSender
from compiler.sender.emulator import Emulator
from tests.sender.helpers import TEMPLATES, sender_to


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
