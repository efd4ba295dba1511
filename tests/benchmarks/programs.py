"""Benchmarks of whole processes, from start to end: the command line, and messages in bulk.

Memory is the resident memory of all their processes together, as the kernel reports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.benchmarks.cases import COMPILER, JSON
from tests.benchmarks.comparison import Comparison
from tests.benchmarks.documents import ROOT, simple, write_many
from tests.benchmarks.resident import MemorySampler
from tests.benchmarks.timing import Effort

EMPTY = "import json"
ONE_PROCESS = "one process"
TWO_PROCESSES = "two processes"
FEW = "10,000 messages"

NAMES = ("command-line", "bulk")
MILLION = "million"
_IMPORT = (sys.executable, "-c", "import json")
_ROUND_TRIP = """
import json, sys
with open(sys.argv[1], encoding="utf-8") as source, open(sys.argv[2], "w", encoding="utf-8") as target:
    for line in source:
        target.write(json.dumps(json.loads(line)) + "\\n")
"""
_LONG_INTERVAL, _SHORT_INTERVAL = 0.2, 0.001  # seconds


class ProgramFailedError(Exception):
    """A measured program failed; the text is its command and stderr."""


@dataclass(frozen=True, slots=True)
class ProgramCost:
    """The cost of one program: seconds and peak resident bytes."""

    seconds: float
    memory: int


def fastest(commands: Mapping[str, Sequence[str]], repeats: int, *, brief: bool = False) -> dict[str, ProgramCost]:
    """The shortest time of each program in several turns, A B C A B C …, and its peak memory.

    The memory of brief programs has to be sampled so often that it is measured apart from timing. From the second turn
    on, all programs load bytecode, as installed programs do, even if this process does not write bytecode.
    """
    costs: dict[str, ProgramCost] = {}
    with tempfile.TemporaryDirectory() as bytecode:
        for _ in range(repeats):
            for name, command in commands.items():
                cost = run(command, None if brief else _LONG_INTERVAL, bytecode)
                best = costs.get(name, cost)
                costs[name] = ProgramCost(min(best.seconds, cost.seconds), max(best.memory, cost.memory))
        if brief:
            for name, command in commands.items():
                costs[name] = ProgramCost(costs[name].seconds, run(command, _SHORT_INTERVAL, bytecode).memory)
    return costs


def run(command: Sequence[str], interval: float | None, bytecode: str | None = None) -> ProgramCost:
    """Runs a program and samples its memory at this interval (None: not at all). Raises ProgramFailedError.

    `bytecode` is the folder for the bytecode of the modules it imports.
    """
    environment = dict(os.environ)
    if bytecode is not None:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = bytecode
    with tempfile.TemporaryFile() as stderr:
        start = perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr, cwd=ROOT, env=environment
        )
        sampler = MemorySampler(process.pid, interval or _LONG_INTERVAL)
        with nullcontext() if interval is None else sampler:
            status = process.wait()
        seconds = perf_counter() - start
        if status != 0:
            stderr.seek(0)
            raise ProgramFailedError(f"{' '.join(command)}\n{stderr.read().decode(errors='replace')}")
    return ProgramCost(seconds, sampler.peak)


def command_line(effort: Effort) -> tuple[Comparison, ...]:
    """The command with one message, compared with a Python that imports json and exits."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "message.json")
        file.write_text(json.dumps(simple()), encoding="utf-8")
        commands = {COMPILER: (sys.executable, "-m", "compiler", str(file)), EMPTY: _IMPORT}
        costs = fastest(commands, effort.rounds * effort.repeats, brief=True)
    return (_comparison("command-line", "the command with one message", costs, COMPILER, EMPTY),)


def bulk(effort: Effort) -> tuple[Comparison, ...]:
    """A hundred thousand messages, with one process and with two, compared with a loop over the lines."""
    costs = bulk_times(
        effort.sized(100_000), variants=(JSON, ONE_PROCESS, TWO_PROCESSES), repeats=min(effort.rounds, 2)
    )
    title = "100,000 messages in bulk"
    return (
        _comparison("bulk", title, costs, ONE_PROCESS, JSON),
        _comparison("bulk", f"{title}, two processes", costs, TWO_PROCESSES, ONE_PROCESS),
    )


def million(effort: Effort) -> tuple[Comparison, ...]:
    """A million messages with two processes, compared with one process, and with the memory of ten thousand."""
    few = bulk_times(effort.sized(10_000), variants=(TWO_PROCESSES,), repeats=1)[TWO_PROCESSES]
    costs = bulk_times(effort.sized(1_000_000), variants=(ONE_PROCESS, TWO_PROCESSES), repeats=1)
    title = "1,000,000 messages in bulk, two processes"
    return (
        _comparison(MILLION, title, costs, TWO_PROCESSES, ONE_PROCESS),
        Comparison(MILLION, title, FEW, None, costs[TWO_PROCESSES].memory / max(few.memory, 1)),
    )


def bulk_times(count: int, *, variants: Sequence[str], repeats: int) -> dict[str, ProgramCost]:
    """The cost of this many messages with each variant."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "messages.jsonl"), str(Path(folder, "payloads.jsonl"))
        write_many(source, count)
        compiling = (sys.executable, "-m", "compiler", str(source), "-o", target, "--overwrite", "--jobs")
        commands = {
            JSON: (sys.executable, "-c", _ROUND_TRIP, str(source), target),
            ONE_PROCESS: (*compiling, "1"),
            TWO_PROCESSES: (*compiling, "2"),
        }
        return fastest({variant: commands[variant] for variant in variants}, repeats)


def _comparison(case: str, title: str, costs: Mapping[str, ProgramCost], ours: str, beside: str) -> Comparison:
    own_cost, baseline = costs[ours], costs[beside]
    return Comparison(
        case, title, beside, own_cost.seconds / baseline.seconds, own_cost.memory / max(baseline.memory, 1)
    )
