"""Generates `docs/diagnostics.md`: an entry for each code, from the schema of diagnostics and `diagnostics.toml`.

The output of each example is what the command line prints for it.
"""

from __future__ import annotations

import contextlib
import io
import shlex
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from compiler.cli.main import main
from compiler.json_io import resources
from tools.docs.regions import fill_regions, format_table

DATA = Path(__file__).parent / "diagnostics.toml"
_FILES = {"events": "webhook.json", "inbound": "mail.json", "response": "response.json"}
_SEVERITIES = ("error", "warning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the page says of a code beyond its description; see `diagnostics.toml` for the members."""

    meaning: str
    mend: str
    example: str | None = None
    mended: str | None = None
    flags: str = ""
    defaults: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of the example's file."""
        arguments = shlex.split(self.flags)
        return _FILES[arguments[arguments.index("--as") + 1]] if "--as" in arguments else "message.json"

    @property
    def command(self) -> str:
        """The command that reports the example."""
        return f"python -m compiler {self.file} {self.flags}".rstrip()

    def run(self, document: str) -> tuple[int, str]:
        """The exit status of the command for a document, and what it writes to stderr."""
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            Path(self.file).write_text(document, encoding="utf-8")
            if self.defaults is not None:
                Path("shop.json").write_text(self.defaults, encoding="utf-8")
            out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main([self.file, *shlex.split(self.flags)])
            err.seek(0)
            return status, err.read()


@cache
def registry() -> Mapping[str, Any]:
    """The schemas of all codes, errors first."""
    codes: Mapping[str, Any] = resources.schemas()[resources.BASE + "diagnostic.schema.json"]["$defs"]
    return codes


@cache
def entries() -> Mapping[str, Entry]:
    """The entries by code. Raises TypeError for an unknown or missing member."""
    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {code: Entry(**table) for code, table in tables.items()}


def fill_diagnostics(page: str) -> str:
    """`docs/diagnostics.md` with its table and its entries."""
    sections = {
        f"{severity}s": "\n".join(_format_entry(code, entries()[code]) for code in _codes(severity))
        for severity in _SEVERITIES
    }
    rows = (
        (f"[`{code}`](#{code.lower()})", _severity(code), schema["description"]) for code, schema in registry().items()
    )
    return fill_regions(page, {"codes": format_table(("code", "severity", "meaning"), rows), **sections})


def _severity(code: str) -> str:
    return str(registry()[code]["properties"]["severity"]["const"])


def _codes(severity: str) -> Iterator[str]:
    return (code for code in registry() if _severity(code) == severity)


def _format_entry(code: str, entry: Entry) -> str:
    schema = registry()[code]
    params = schema["properties"]["params"]["properties"]
    blocks = [f"### {code}", schema["description"], entry.meaning.strip()]
    described = {name: param for name, param in params.items() if not entry.details or name not in _DISTINGUISHING}
    if described:
        rows = ((f"`{name}`", param["description"]) for name, param in described.items())
        blocks.append(format_table(("param", "meaning"), rows).rstrip())
    if entry.details:
        (name,) = (name for name in _DISTINGUISHING if name in params)
        head = (name, "what happens if it is ignored") if name == "feature" else (name, "situation")
        blocks.append(format_table(head, ((f"`{key}`", text) for key, text in entry.details.items())).rstrip())
    if entry.example is not None:
        if entry.defaults is not None:
            blocks.append(_format_file("shop.json", entry.defaults))
        blocks.append(_format_file(entry.file, entry.example))
        status, printed = entry.run(entry.example)
        command = entry.command if status else f"{entry.command} > output.json"
        blocks.append(f"```console\n$ {command}\n{printed}```")
    blocks.append(f"**How to mend it.** {entry.mend.strip()}")
    if entry.mended is not None:
        blocks.append(_format_file(entry.file, entry.mended))
    return "\n\n".join(blocks) + "\n"


_DISTINGUISHING = ("reason", "feature")
"""The params whose values distinguish situations."""


def _format_file(name: str, text: str) -> str:
    language = "json" if text.lstrip().startswith(("{", "[")) else "text"
    return f'```{language} title="{name}"\n{text.lstrip()}```'
