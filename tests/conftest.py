"""Shared by all tests: pytester, counts of mutants, hypothesis profiles (deterministic in CI), and signals."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from compiler.pipeline.targets import Target, requested_backend

pytest_plugins = ["pytester", "tests.mutation.summary"]

# CI runs the same examples each time, so few are enough; local runs try new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, max_examples=40)
settings.register_profile("ci-brief", settings.get_profile("ci"), max_examples=10)  # for other versions of Python
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=200)


def pytest_configure(config: pytest.Config) -> None:
    """Chooses the number of hypothesis examples, unless an option does: few, or many if the slow tests run too."""
    if not config.getoption("--hypothesis-profile"):
        local_profile = "quick" if config.option.markexpr == "not slow" else "thorough"
        settings.load_profile("ci" if os.environ.get("CI") else local_profile)
    Target.__init__.__defaults__ = (
        requested_backend(os.environ),
        None,
    )  # the whole suite runs on the requested backend


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs the slowest tests first, so that they do not run alone at the end."""
    items.sort(key=lambda item: "test_mutants" not in item.nodeid)


def pytest_collection_finish() -> None:
    """Excludes the ten thousand collected tests from garbage collection, because they stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def signals_reach_child_processes() -> Iterator[None]:
    """Restores the default signal handling in child processes, which would inherit ignored signals.

    A shell ignores SIGINT for background processes. Handlers are not inherited, so a handler that does nothing is set.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)
