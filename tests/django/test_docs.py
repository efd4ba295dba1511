"""The pages about Django: examples do what is shown, and tables equal the code."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

import compiler.django as ours
from compiler.django.compatibility import COMPATIBILITY
from compiler.django.events import EventType
from compiler.django.message import ATTRIBUTES
from compiler.django.settings import _ARGUMENTS, BACKEND_NAMES, WEBHOOK_NAMES, read_backend_settings
from compiler.django.signals import inbound, post_send, pre_send, tracking
from compiler.sender.emulator import Emulator
from compiler.webhooks.applications import _REASONS
from tests.docs.pages import DJANGO, Block, read_blocks, read_page

PAGE, SWITCH = (read_page(name) for name in DJANGO)
NONE = "\N{EN DASH}"
EXAMPLES, CHANGES = ([block for block in read_blocks(name) if block.language == "python"] for name in DJANGO)


@pytest.mark.parametrize("block", EXAMPLES, ids=str)
def test_an_example_does_what_is_shown(project: Emulator, block: Block) -> None:
    receivers = {signal: list(signal.receivers) for signal in (pre_send, post_send, tracking, inbound)}
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(block.text, {"__name__": "example"})  # noqa: S102 - the page's own example
    finally:
        for signal, before in receivers.items():
            signal.receivers = before
            signal.sender_receivers_cache.clear()
    assert printed.getvalue() == (block.following[1] if block.following and block.following[0] == "text" else "")


def test_the_settings_of_the_page_are_valid() -> None:
    settings: dict[str, Any] = {}
    exec(EXAMPLES[0].text, settings)  # noqa: S102
    assert settings["EMAIL_BACKEND"] == "compiler.django.EmailBackend"
    with override_settings(ANYMAIL=settings["ANYMAIL"]):
        assert read_backend_settings({}).api_key == "<your API key>"
    exec(CHANGES[0].text, settings)  # noqa: S102
    with override_settings(ANYMAIL=settings["ANYMAIL"]), pytest.raises(ImproperlyConfigured, match="MAILJET_API_KEY"):
        read_backend_settings({})


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    table = page.split(f"{heading}\n", 1)[1]
    match = re.search(r"^\|.*\|\n\|[-|]+\|\n((?:\|.*\|\n)+)", table, re.MULTILINE)
    assert match is not None
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in match[1].splitlines()]


def test_the_table_of_settings() -> None:
    documented = {row[0].strip("`"): row[1].strip("`") for row in rows(PAGE, "## Settings")}
    assert list(documented) == [*BACKEND_NAMES, *WEBHOOK_NAMES]
    arguments = {name: (_ARGUMENTS.get(name, (name.lower(),)) or (NONE,))[0] for name in BACKEND_NAMES}
    assert documented == {**arguments, **dict.fromkeys(WEBHOOK_NAMES, NONE)}


def test_the_table_of_compatibility() -> None:
    documented = {name.strip("`"): text for name, text in rows(SWITCH, "### More errors before sending")}
    assert documented == {name: each.description for name, each in COMPATIBILITY.items()}


def test_the_table_of_exceptions() -> None:
    for name, base, *_ in rows(PAGE, "## Errors"):
        error = getattr(ours, name.strip("`"))
        bases = {each.__name__ for each in error.__mro__} | {"requests.HTTPError"}
        if base not in (NONE, "`BadHeaderError`"):
            assert base.strip("`") in bases
    documented = {name.strip("`") for name, *_ in rows(PAGE, "## Errors")}
    inner = {"AnymailError", "AnymailAPIError", "AnymailCancelSend"}
    inner |= {"AnymailImproperlyInstalled", "AnymailWebhookValidationFailure"}  # kept for imports
    exported = {
        name
        for name in ours.__all__
        if isinstance(getattr(ours, name), type)
        and issubclass(getattr(ours, name), Exception)
        and not issubclass(getattr(ours, name), Warning)
    }
    assert documented == exported - inner


def test_the_table_of_answers() -> None:
    documented = {int(status) for status, _ in rows(PAGE, "## Webhooks")}
    assert documented == set(_REASONS) - {404}


def test_every_attribute_and_event_is_named() -> None:
    assert [name for name in ATTRIBUTES if f"`{name}`" not in PAGE] == []
    values = {value for name, value in vars(EventType).items() if name.isupper()}
    assert [value for value in values - {"inbound"} if f"`{value}`" not in PAGE] == []


def test_every_name_in_the_pages_exists() -> None:
    for name in re.findall(r"`(Anymail\w+)`", PAGE + SWITCH):
        assert name in ours.__all__, name
