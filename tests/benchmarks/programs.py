"""What is measured from outside, process by process from start to end: the command line, and messages in bulk.

Their memory is what the kernel says is resident, of all processes together.
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
from tests.benchmarks.resident import Watch
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
with open(sys.argv[1], encoding="utf-8") as given, open(sys.argv[2], "w", encoding="utf-8") as made:
    for line in given:
        made.write(json.dumps(json.loads(line)) + "\\n")
"""
_SELDOM, _OFTEN = 0.2, 0.001  # seconds


class ProgramFailedError(Exception):
    """A program that should be measured ended with another exit status than 0; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one program took: seconds, and the most resident bytes."""

    seconds: float
    memory: int


def fastest(commands: Mapping[str, Sequence[str]], repeats: int, *, brief: bool = False) -> dict[str, Ran]:
    """The least seconds that each program took in several turns, A B C A B C …, and the most memory.

    The memory of brief programs has to be looked at so often that it is done apart from timing. From the second turn on
    all find their modules as bytecode, as programs that are installed do, whatever this process is told of bytecode.
    """
    found: dict[str, Ran] = {}
    with tempfile.TemporaryDirectory() as bytecode:
        for _ in range(repeats):
            for name, command in commands.items():
                ran = run(command, None if brief else _SELDOM, bytecode)
                before = found.get(name, ran)
                found[name] = Ran(min(before.seconds, ran.seconds), max(before.memory, ran.memory))
        if brief:
            for name, command in commands.items():
                found[name] = Ran(found[name].seconds, run(command, _OFTEN, bytecode).memory)
    return found


def run(command: Sequence[str], pause: float | None, bytecode: str | None = None) -> Ran:
    """Runs a program and waits for it, looking at its memory with such a pause. Raises ProgramFailedError.

    `bytecode` is a folder where it finds and leaves that of the modules it imports.
    """
    environment = dict(os.environ)
    if bytecode is not None:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = bytecode
    with tempfile.TemporaryFile() as said:
        start = perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, cwd=ROOT, env=environment
        )
        watch = Watch(process.pid, pause or _SELDOM)
        with nullcontext() if pause is None else watch:
            status = process.wait()
        seconds = perf_counter() - start
        if status != 0:
            said.seek(0)
            raise ProgramFailedError(f"{' '.join(command)}\n{said.read().decode(errors='replace')}")
    return Ran(seconds, watch.most)


def command_line(effort: Effort) -> tuple[Comparison, ...]:
    """The command with one message beside a Python that imports json and ends."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "message.json")
        file.write_text(json.dumps(simple()), encoding="utf-8")
        commands = {COMPILER: (sys.executable, "-m", "compiler", str(file)), EMPTY: _IMPORT}
        found = fastest(commands, effort.rounds * effort.repeats, brief=True)
    return (_comparison("command-line", "the command with one message", found, COMPILER, EMPTY),)


def bulk(effort: Effort) -> tuple[Comparison, ...]:
    """A hundred thousand messages, a line each, with one process and with two, beside a loop over the lines."""
    found = bulk_times(effort.sized(100_000), ways=(JSON, ONE_PROCESS, TWO_PROCESSES), repeats=min(effort.rounds, 2))
    title = "100,000 messages in bulk"
    return (
        _comparison("bulk", title, found, ONE_PROCESS, JSON),
        _comparison("bulk", f"{title}, two processes", found, TWO_PROCESSES, ONE_PROCESS),
    )


def million(effort: Effort) -> tuple[Comparison, ...]:
    """A million messages with two processes beside one, and beside ten thousand, whose memory should do."""
    few = bulk_times(effort.sized(10_000), ways=(TWO_PROCESSES,), repeats=1)[TWO_PROCESSES]
    found = bulk_times(effort.sized(1_000_000), ways=(ONE_PROCESS, TWO_PROCESSES), repeats=1)
    title = "1,000,000 messages in bulk, two processes"
    return (
        _comparison(MILLION, title, found, TWO_PROCESSES, ONE_PROCESS),
        Comparison(MILLION, title, FEW, None, found[TWO_PROCESSES].memory / max(few.memory, 1)),
    )


def bulk_times(count: int, *, ways: Sequence[str], repeats: int) -> dict[str, Ran]:
    """What so many messages take in each way."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "messages.jsonl"), str(Path(folder, "payloads.jsonl"))
        write_many(given, count)
        compiling = (sys.executable, "-m", "compiler", str(given), "-o", made, "--overwrite", "--jobs")
        commands = {
            JSON: (sys.executable, "-c", _ROUND_TRIP, str(given), made),
            ONE_PROCESS: (*compiling, "1"),
            TWO_PROCESSES: (*compiling, "2"),
        }
        return fastest({way: commands[way] for way in ways}, repeats)


def _comparison(case: str, title: str, found: Mapping[str, Ran], ours: str, beside: str) -> Comparison:
    one, other = found[ours], found[beside]
    return Comparison(case, title, beside, one.seconds / other.seconds, one.memory / max(other.memory, 1))
