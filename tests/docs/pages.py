"""The pages whose commands and examples are tested, and their fenced blocks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASH = shutil.which("bash") or "/bin/bash"
ROOT = Path(__file__).parent.parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "golden/README.md",
    *sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("examples/target-*/README.md")),
    *sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").glob("*.md")),
)
DJANGO = ("docs/django.md", "docs/coming-from-anymail.md")
"""The pages whose Python needs a project; `tests/django/test_docs.py` runs it."""

_BLOCK = re.compile(
    r'^(?P<indent> *)```(?P<language>\w*)(?: title="(?P<title>[^"\n]+)")?\n(?P<text>.*?)^(?P=indent)```$',
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the number of its first line, its language, title and text.

    `following` is the language and text of the next block; `files` are the titled blocks before it, the last of each
    title: the files that a reader has made by then.
    """

    page: str
    line: int
    language: str
    title: str | None
    text: str
    following: tuple[str, str] | None
    files: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def read_page(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text(encoding="utf-8")


def read_blocks(name: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    page = read_page(name)
    found = list(_BLOCK.finditer(page))
    texts = [(match["language"], _dedent(match["text"], match["indent"])) for match in found]
    files: dict[str, str] = {}
    for match, (language, text), following in zip(found, texts, [*texts[1:], None], strict=False):
        line = page.count("\n", 0, match.start()) + 2
        yield Block(name, line, language, match["title"], text, following, tuple(files.items()))
        if match["title"] is not None:
            files[match["title"]] = text


def _dedent(text: str, indent: str) -> str:
    return re.sub(f"^{indent}", "", text, flags=re.MULTILINE)


def read_session(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown."""
    session = [(match[1], match[2]) for match in _COMMAND.finditer(text)]
    assert "".join(f"$ {command}\n{shown}" for command, shown in session) == text
    return session


def write_files(block: Block, folder: Path) -> None:
    """Gives a folder what a reader of the page has: files of the checkout that pages name, and those of the page."""
    for name in ("examples", "golden", "schemas"):
        (folder / name).symlink_to(ROOT / name)
    for name, text in block.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def run_command(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command in a folder as a reader would; both outputs are in `stdout`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAILJET_", "MJ_"))}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    return subprocess.run(
        [BASH, "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=folder,
        env=environment,
        timeout=120,
    )
