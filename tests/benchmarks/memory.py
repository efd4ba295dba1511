"""Measures the peak memory of a function. See `programs` for that of other processes."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable


def extra_bytes(run: Callable[[], object]) -> int:
    """The peak number of bytes allocated during one call, including its result.

    Not to be used while timing, because tracing is slow.
    """
    run()  # warm-up: imported modules and caches do not count
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        result = run()
        _, peak = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return peak - before
