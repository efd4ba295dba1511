"""Shared by the tests of `compiler.django`: a Django project, the emulator, and a project that sends to it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from compiler.sender.emulator import Emulator
from tests.django.project import SECRET, set_up

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of Django's own settings, which tests use on purpose
    set_up()

from django.core.cache import cache
from django.test import override_settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Django 6.1 deprecates settings and arguments that applications still use."""
    for item in items:
        if "tests/django" in item.nodeid:
            for name in ("RemovedInNextVersionWarning", "RemovedAfterNextVersionWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore::django.utils.deprecation.{name}"))


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    template = {"Headers": {"From": "Template Shop <template@example.com>"}}
    with Emulator(templates={176375: template}) as emulator:
        yield emulator


@pytest.fixture
def project(emulator: Emulator) -> Iterator[Emulator]:
    """The emulator, to which the project sends."""
    anymail = {
        "MAILJET_API_KEY": emulator.api_key,
        "MAILJET_SECRET_KEY": emulator.secret_key,
        "MAILJET_API_URL": emulator.url,
        "WEBHOOK_SECRET": SECRET,
    }
    with override_settings(EMAIL_BACKEND="compiler.django.EmailBackend", ANYMAIL=anymail):
        yield emulator


@pytest.fixture(autouse=True)
def no_remembered_events() -> Iterator[None]:
    yield
    cache.clear()
