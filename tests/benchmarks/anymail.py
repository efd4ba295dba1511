"""django-anymail 4.1 in an environment of its own: made with pip, and asked for one round at a time.

What is measured there, `anymail_side` does.
"""

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
    """What one round of Anymail took, and of the same message as JSON in the same process."""

    seconds: float
    json_seconds: float
    memory: int | None


def make_environment(folder: Path) -> Path:
    """Makes the environment where it is not there yet, with the packages from pip's index; gives its interpreter."""
    interpreter = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    return interpreter


def measured(interpreter: Path, message: Message, effort: Effort, *, with_memory: bool) -> Round:
    """One round of Anymail with this message."""
    ran = subprocess.run(
        [interpreter, "-m", "tests.benchmarks.anymail_side"],
        input=json.dumps({"message": message, "effort": asdict(effort), "with_memory": with_memory}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found = json.loads(ran.stdout)
    return Round(found["seconds"], found["json_seconds"], found.get("memory"))
