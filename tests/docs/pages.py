"""The pages whose commands and examples are tested, and their fenced blocks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = ("README.md", "golden/README.md")
_BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the number of its first line, the language, the text; `following` is the next block."""

    page: str
    line: int
    language: str
    text: str
    following: tuple[str, str] | None

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
    for match, (language, text), following in zip(found, texts, [*texts[1:], None], strict=True):
        yield Block(name, page.count("\n", 0, match.start()) + 2, language, text, following)


def _dedent(text: str, indent: str) -> str:
    return re.sub(f"^{indent}", "", text, flags=re.MULTILINE)


def run_command(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command as a reader would, in a folder beside which the examples are; both outputs are in `stdout`."""
    for name in ("examples", "golden", "schemas"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAILJET_", "MJ_"))}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    return subprocess.run(
        ["/bin/sh", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=folder,
        env=environment,
    )
