"""Measures how long functions take, turn by turn, so that whatever the machine does meanwhile concerns all of them.

What is measured stands in `cases`; programs, which are too slow for many turns, in `programs`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is spent on one figure.

    rounds: how often each round is gone; other processes have their turn between two rounds. repeats: how many turns
    each function has in a round. shortest: how many seconds one turn takes at least. longest: after how many seconds a
    round of slow functions ends early. size: by what the sizes of documents are multiplied.
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
    """The seconds of one call of each function: the least of one round of turns, A B C A B C …

    The least is what the work takes; all above it is what else the machine did. The garbage collector runs as it does
    in use.
    """
    counts = [_calls_in_a_turn(run, effort.shortest) for run in runs]
    found = [float("inf")] * len(runs)
    end = perf_counter() + effort.longest
    for turn in range(effort.repeats):
        if turn and perf_counter() > end:
            break
        for index, run in enumerate(runs):
            found[index] = min(found[index], _seconds(run, counts[index]) / counts[index])
    return tuple(found)


def _calls_in_a_turn(run: Run, shortest: float) -> int:
    run()  # what is imported or made on the first call is not what is measured
    count = 1
    while (seconds := _seconds(run, count)) < shortest:
        count = max(count * 2, min(count * 100, int(count * shortest / max(seconds, 1e-9))))
    return count


def _seconds(run: Run, count: int) -> float:
    gc.collect()  # so that nobody pays for what was left by another
    start = perf_counter()
    for _ in range(count):
        run()
    return perf_counter() - start
