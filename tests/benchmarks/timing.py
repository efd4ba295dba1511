"""Measures how long functions take, in turns, so that other load of the machine affects all of them.

See `cases` for what is measured, and `programs` for programs, which are too slow for many turns.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much time is spent on one figure.

    rounds: the number of rounds; other processes run between two rounds. repeats: the number of turns of each function
    in a round. shortest: the minimum seconds of one turn. longest: the seconds after which a round of slow functions
    ends early. size: the factor for the sizes of documents.
    """

    rounds: int
    repeats: int
    shortest: float
    longest: float
    size: float

    def sized(self, count: int) -> int:
        """A size or count at this effort, at least one."""
        return max(1, round(count * self.size))


FULL = Effort(rounds=4, repeats=4, shortest=0.02, longest=3, size=1)
QUICK = Effort(rounds=1, repeats=2, shortest=0.001, longest=1, size=0.002)


def fastest(runs: Sequence[Run], effort: Effort) -> tuple[float, ...]:
    """The seconds of one call of each function: the minimum of one round of turns, A B C A B C …

    The minimum is the time of the work itself; anything above it is other load. The garbage collector is enabled.
    """
    counts = [_calls_per_turn(run, effort.shortest) for run in runs]
    minimums = [float("inf")] * len(runs)
    end = perf_counter() + effort.longest
    for turn in range(effort.repeats):
        if turn and perf_counter() > end:
            break
        for index, run in enumerate(runs):
            minimums[index] = min(minimums[index], _seconds(run, counts[index]) / counts[index])
    return tuple(minimums)


def _calls_per_turn(run: Run, shortest: float) -> int:
    run()  # warm-up: imports and caches do not count
    count = 1
    while (seconds := _seconds(run, count)) < shortest:
        count = max(count * 2, min(count * 100, int(count * shortest / max(seconds, 1e-9))))
    return count


def _seconds(run: Run, count: int) -> float:
    gc.collect()  # so that garbage of other functions is not counted
    start = perf_counter()
    for _ in range(count):
        run()
    return perf_counter() - start
