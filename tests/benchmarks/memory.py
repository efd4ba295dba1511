"""Measures how much memory a function needs at most. What other processes need is measured in `programs`."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable


def extra_bytes(run: Callable[[], object]) -> int:
    """The most bytes that are allocated during one call beyond what was before, its result included.

    To be called apart from all timing: tracing makes everything slow.
    """
    run()  # what stays after a first call, such as imported modules, is not this call's
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        result = run()
        _, most = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return most - before
