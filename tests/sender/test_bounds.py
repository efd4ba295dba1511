"""The emulator's limits: it keeps the newest messages, and rejects too many templates and faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from compiler.sender.emulator import Emulator, PostedEvents
from compiler.sender.emulator.__main__ import main
from compiler.sender.emulator.bounded_history import BoundedHistory
from compiler.sender.emulator.state import FullError, State
from tests.sender.helpers import MESSAGE, sender_to
from tests.sender.webhook_handler import WebhookServer


@pytest.fixture
def small() -> Iterator[Emulator]:
    with Emulator(keep=3) as emulator:
        yield emulator


def get(emulator: Emulator, resource: str) -> requests.Response:
    return requests.get(f"{emulator.page_url}{resource}", timeout=10)


def test_the_newest_messages_are_kept_and_the_others_counted(small: Emulator) -> None:
    with sender_to(small) as sender:
        for number in range(1235):
            if number == 3:
                assert (len(small.messages), small.dropped) == (3, 0)
                assert "dropped" not in get(small, "").text
            small._state.accept([{"FromEmail": "a@b.c"}], "v3", 1, 10)
        sender.send(MESSAGE)
    assert ([message.number for message in small.messages], small.dropped) == ([1234, 1235, 1236], 1233)
    output = get(small, "emulator/messages").json()
    assert ([message["number"] for message in output["messages"]], output["dropped"]) == ([1234, 1235, 1236], 1233)
    assert "1,233 older messages were dropped." in get(small, "").text
    assert get(small, "messages/1").status_code == 404
    small.clear()
    assert (small.messages, small.dropped) == ((), 0)
    small._state.accept([{"FromEmail": "a@b.c"}], "v3", 1, 10)
    assert small.messages[0].number == 1237


@pytest.mark.parametrize(
    ("sizes", "kept", "dropped"),
    [
        ([40, 40], [0, 1], 0),
        ([40, 60, 1], [1, 2], 1),
        ([40, 101], [1], 1),  # the newest is always kept
        ([10, 10, 10, 10], [1, 2, 3], 1),
        ([100, 100, 1], [2], 2),
    ],
)
def test_the_newest_are_so_many_and_so_large_at_most(sizes: list[int], kept: list[int], dropped: int) -> None:
    newest: BoundedHistory[int] = BoundedHistory(3, 100)
    for number, size in enumerate(sizes):
        newest = newest.add([number], size)
    assert (list(newest.items), newest.dropped) == (kept, dropped)


def test_large_messages_are_kept_as_far_as_there_is_room() -> None:
    state = State()
    for call in range(20):
        state.accept([{"FromEmail": "a@b.c"}], "v3", call, 60 * 2**20)
    assert ([message.call for message in state.messages], state.dropped) == ([16, 17, 18, 19], 16)


def test_calls_and_posted_events_are_bounded() -> None:
    state = State()
    for _ in range(1500):
        state.record_posted(PostedEvents(({"Payload": "x" * 1000},), 200))
    assert len(state.posted_events) == 1000
    state.record_posted(PostedEvents(({"Payload": "x" * 2**26},), 200))
    assert len(state.posted_events) == 1


def put(emulator: Emulator, identity: int, template: Any) -> requests.Response:
    return requests.put(f"{emulator.page_url}emulator/templates/{identity}", json=template, timeout=10)


def test_templates_are_rejected_over_a_limit(small: Emulator) -> None:
    for number in range(1000):
        small._state.store_template(str(number), {}, 2)
    assert put(small, 999, {"a": 1}).status_code == 200  # replaces the other
    refused = put(small, 1000, {})
    assert (refused.status_code, refused.text) == (507, "there must be at most 1,000 templates\n")
    refused = put(small, 1, {"a": "x" * 2**24})
    assert refused.status_code == 507
    assert refused.text.startswith("templates must be at most 16,777,216 bytes, got 16,7")
    assert put(small, 1, {}).status_code == 200
    with pytest.raises(ValueError, match=r"^there must be at most 1,000 templates$"):
        Emulator(templates={number: {} for number in range(1001)})


def test_faults_are_rejected_over_a_limit(small: Emulator) -> None:
    small.inject_faults(*["stall"] * 9_999)
    faults = f"{small.page_url}emulator/faults"
    refused = requests.post(faults, json={"faults": ["stall"] * 2}, timeout=10)
    assert (refused.status_code, refused.text) == (507, "at most 10,000 faults may be pending, got 10,001\n")
    with pytest.raises(FullError):
        small.inject_faults("stall", "stall")
    assert requests.post(faults, json={"faults": ["stall"]}, timeout=10).status_code == 200


def test_posts_that_wait_for_the_webhook_are_bounded(webhook: WebhookServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compiler.sender.emulator.application._MAX_PENDING_POSTS", 0)
    with Emulator(webhook=webhook.url()) as emulator, sender_to(emulator) as sender:
        sender.send(MESSAGE)
        (posted,) = emulator.posted_events
    assert (posted.status_code, posted.error) == (None, "0 posts are already pending")
    assert len(posted.events) == 2


@pytest.mark.parametrize("keep", [0, -1])
def test_keep_must_be_at_least_one(keep: int) -> None:
    with pytest.raises(ValueError, match=f"^keep must be at least 1, got {keep}$"):
        Emulator(keep=keep)


@pytest.mark.parametrize("keep", ["0", "-1", "x", ""])
def test_on_the_command_line_too(keep: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", f"--keep={keep}"]) == 2
    assert f"N must be at least 1, got {keep!r}" in capsys.readouterr().err


def test_the_help_names_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "keep the newest N messages, at most 256 MiB in total (default: 1000)" in " ".join(
        capsys.readouterr().out.split()
    )
