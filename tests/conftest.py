"""What all tests share: pytester, counts of mutants at the end, deterministic hypothesis runs in CI, and signals."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from compiler.pipeline.targets import Target, requested_backend

pytest_plugins = ["pytester", "tests.mutation.summary"]

# CI runs the same examples each time, so fewer of them lose little; a run at home is what finds new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, max_examples=40)
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=200)


def pytest_configure(config: pytest.Config) -> None:
    """Chooses how many examples hypothesis tries: a few, or many where the slow tests run too."""
    here = "quick" if config.option.markexpr == "not slow" else "thorough"
    settings.load_profile("ci" if os.environ.get("CI") else here)
    Target.__init__.__defaults__ = (requested_backend(os.environ),)  # so that the whole suite runs on either backend


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that nobody waits for it alone at the end."""
    items.sort(key=lambda item: "test_mutants" not in item.nodeid)


def pytest_collection_finish() -> None:
    """Ten thousand collected tests stay until the end: the garbage collector need not look through them each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def signals_reach_child_processes() -> Iterator[None]:
    """A shell ignores SIGINT for what it starts in the background, and a child process inherits that.

    It does not inherit a handler: this one does nothing here, and child processes begin with the default.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
