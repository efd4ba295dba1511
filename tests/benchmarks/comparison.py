"""One case measured: the compiler's time and memory as ratios to each other way's. The aims stand in `aims`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import anymail
from tests.benchmarks.cases import ANYMAIL, COMPILER, OWN_SIZE, Case
from tests.benchmarks.memory import extra_bytes
from tests.benchmarks.timing import Effort, fastest

_WRITTEN = "the compiler, written"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the compiler does beside another way: ratios of time and of memory, None where there is nothing to tell."""

    case: str
    title: str
    beside: str
    time: float | None
    memory: float | None


def compared(case: Case, effort: Effort, interpreter: Path | None) -> tuple[Comparison, ...]:
    """The case's comparisons; with Anymail's where there is an interpreter that has it."""
    message = case.message if interpreter is not None else None
    ways = dict(case.ways)
    if message is not None and case.written is not None:
        ways[_WRITTEN] = case.written
    seconds = dict.fromkeys(ways, float("inf"))
    memory: dict[str, int] = {}
    there = there_json = float("inf")
    for number in range(effort.rounds):
        for name, found in zip(ways, fastest(list(ways.values()), effort), strict=True):
            seconds[name] = min(seconds[name], found)
        if message is not None and interpreter is not None:
            gone = anymail.measured(interpreter, message, effort, with_memory=number == 0)
            there, there_json = min(there, gone.seconds), min(there_json, gone.json_seconds)
            memory[ANYMAIL] = gone.memory or memory[ANYMAIL]
    # Only now, for the compiler goes another way once it has been used for a while.
    memory |= {name: extra_bytes(run) for name, run in ways.items()}
    compared = [
        _comparison(case, name, seconds[COMPILER] / seconds[name], memory[COMPILER], memory[name])
        for name in case.ways
        if name != COMPILER
    ]
    if message is not None:
        # Each in round trips of its own interpreter, so that another Python there is no advantage.
        ratio = (seconds[_WRITTEN] / seconds["JSON"]) / (there / there_json)
        compared.append(_comparison(case, ANYMAIL, ratio, memory[_WRITTEN], memory[ANYMAIL]))
    share = memory[COMPILER] / len(case.text)
    return (*compared, Comparison(case.name, case.title, OWN_SIZE, None, share))


def _comparison(case: Case, beside: str, time: float, memory: int, other_memory: int) -> Comparison:
    return Comparison(case.name, case.title, beside, time, memory / max(other_memory, 1))
