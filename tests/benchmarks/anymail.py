"""Runs django-anymail 4.1 in a virtual environment of its own, one round at a time. See `anymail_side`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.documents import ROOT, Message
from tests.benchmarks.timing import Effort

REQUIREMENTS = ("django-anymail[mailjet]==4.1", "Django>=2.1,<2.2")


@dataclass(frozen=True, slots=True)
class Round:
    """The cost of one round of Anymail, and of the same message as JSON in the same process."""

    seconds: float
    json_seconds: float
    memory: int | None


def make_environment(folder: Path) -> Path:
    """Creates the virtual environment if it does not exist; returns its interpreter."""
    interpreter = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    return interpreter


def measure(interpreter: Path, message: Message, effort: Effort, *, with_memory: bool) -> Round:
    """Measures one round of Anymail with this message."""
    process = subprocess.run(
        [interpreter, "-m", "tests.benchmarks.anymail_side"],
        input=json.dumps({"message": message, "effort": asdict(effort), "with_memory": with_memory}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
    )
    figures = json.loads(process.stdout)
    return Round(figures["seconds"], figures["json_seconds"], figures.get("memory"))
