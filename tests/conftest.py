"""What all tests share: pytester, the counts of mutants printed at the end, and deterministic hypothesis runs in CI."""

from __future__ import annotations

import os

from hypothesis import settings

pytest_plugins = ["pytester", "tests.mutation.summary"]

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")
