"""Checks the wording of docs, docstrings, comments, help and messages: `python -m tools.check_wording`.

`phrases.json` is the list: a phrase as a regular expression, and what to write instead. Names in code are not checked.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PHRASES: dict[str, str] = json.loads((Path(__file__).parent / "phrases.json").read_text(encoding="utf-8"))
TEXTS = (
    "SECURITY.md",
    "README.md",
    "CONTRIBUTING.md",
    "golden/*.md",
    "docs/**/*.md",
    "compiler/targets/**/*.json",
    "schemas/**/*.json",
)
CODE = ("compiler/**/*.py", "tools/**/*.py", "examples/**/*.py")
OMITTED = ("compiler/generated/rulesets/", "compiler/documents.py")  # their words are those of rules and schemas

_ANY = re.compile("|".join(rf"(?P<p{index}>\b(?:{phrase})\b)" for index, phrase in enumerate(PHRASES)), re.IGNORECASE)
_CASE_LINK = re.compile(r"\[[\w/.-]+\]\([\w/.-]+\.json\)")  # ids of cases are permanent, whatever their words
_WORD = re.compile(r'"[^" \n]*"')
_KINDS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
"""The tokens with text; since Python 3.12 the text of an f-string is one of its own."""


class Finding(NamedTuple):
    """A phrase to replace."""

    file: str
    line: int
    phrase: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.phrase!r}: write {self.instead!r} or the like"


def find_phrases(root: Path = ROOT) -> Iterator[Finding]:
    """The phrases that are in the project's texts."""
    for pattern in TEXTS:
        for file in sorted(root.glob(pattern)):
            text = file.read_text(encoding="utf-8")
            if file.suffix == ".json":  # a single word is a key or a name
                text = _WORD.sub("", text)
            yield from _in_text(file.relative_to(root).as_posix(), text)
    for pattern in CODE:
        for file in sorted(root.glob(pattern)):
            name = file.relative_to(root).as_posix()
            if not name.startswith(OMITTED):
                yield from in_code(name, file.read_text(encoding="utf-8"))


def in_code(name: str, source: str) -> Iterator[Finding]:
    """The phrases in comments and strings of Python code."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _KINDS and " " in token.string:  # a single word is a key or a name
            yield from _in_text(name, token.string, token.start[0])


def _in_text(name: str, text: str, first_line: int = 1) -> Iterator[Finding]:
    text = _CASE_LINK.sub("", text)
    words = re.sub(r"\s*\n[ #]*", lambda match: " ".ljust(len(match[0])), text)
    joined = re.sub(" +", " ", words)
    offsets = [match.start() for match in re.finditer(" (?! )|[^ ]", words)]  # in the text, of each character joined
    for match in _ANY.finditer(joined):
        line = first_line + text.count("\n", 0, offsets[match.start()])
        phrase = list(PHRASES)[int(str(match.lastgroup)[1:])]
        yield Finding(name, line, match[0], PHRASES[phrase])


def main() -> int:
    """Runs the command and gives its exit status: 1 if anything was found."""
    findings = list(find_phrases())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
