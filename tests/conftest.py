"""What all tests share: pytester, the counts of mutants printed at the end, and deterministic hypothesis runs in CI."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

pytest_plugins = ["pytester", "tests.mutation.summary"]

# CI runs the same examples each time, so fewer of them lose little; a run at home is what finds new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, max_examples=40)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that nobody waits for it alone at the end."""
    items.sort(key=lambda item: "test_mutants" not in item.nodeid)


def pytest_collection_finish() -> None:
    """Ten thousand collected tests stay until the end: the garbage collector need not look through them each time."""
    gc.collect()
    gc.freeze()
