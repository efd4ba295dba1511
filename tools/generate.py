"""Writes every generated file: `python -m tools.generate`. With `--check` it writes nothing and names what is stale.

The table `FILES` is the list of them. Run it after a change of schemas, rules, registered functions or cases.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from compiler.cli.engine_commands import ruleset_source, validator_source
from compiler.conformance.case_files import read_cases
from compiler.conformance.manifest import format_manifest
from compiler.engine.rules_schema import rules_schema
from compiler.generated.rulesets import MODULES
from compiler.generated.validators import VALIDATORS
from compiler.json_io.resources import BASE
from compiler.pipeline.targets import named_target, own_target_names, target_folder
from tools.docs.command_page import fill_command_line
from tools.docs.diagnostics_page import fill_diagnostics
from tools.docs.golden_pages import REQUIREMENTS, build_index, fill_readme, fill_requirements, fill_score
from tools.docs.message_page import EXAMPLE, fill_message
from tools.docs.migrating_page import fill_migrating
from tools.docs.rule_language_page import fill_rule_language
from tools.docs.target_page import fill_target_page
from tools.documents import documents_source

ROOT = Path(__file__).parent.parent


def _documents() -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", "compiler/documents.py", "-"]
    run = subprocess.run(  # noqa: S603 - our own command
        command, input=documents_source(), capture_output=True, text=True, check=True, cwd=ROOT
    )
    return run.stdout


def _message_schema() -> str:
    """The schema of messages, with the first example of each field in its description: editors show only that."""
    schema = json.loads((ROOT / "schemas/message.schema.json").read_text(encoding="utf-8"))
    for field in (*schema["properties"].values(), schema["$defs"]["address"]):
        _describe_example(field)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _describe_example(schema: dict[str, Any]) -> None:
    if "$ref" in schema:
        return
    if "examples" not in schema:
        raise ValueError(f"{schema.get('title', schema)!r} in message.schema.json must have examples")
    description = schema["description"].partition(EXAMPLE)[0]
    schema["description"] = f"{description}{EXAMPLE}{json.dumps(schema['examples'][0], ensure_ascii=False)}"
    values = [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    for inner in (*schema.get("properties", {}).values(), *values):
        _describe_example(inner)


def _options_schema() -> str:
    """The schema of options, whose defaults are the fields of a message but `content_subtype`."""
    file = ROOT / "schemas/options.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    fields = json.loads((ROOT / "schemas/message.schema.json").read_text(encoding="utf-8"))["properties"]
    schema["properties"]["send_defaults"]["properties"] = {
        name: {"$ref": f"message.schema.json#/properties/{name}"} for name in fields if name != "content_subtype"
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _rules_schema() -> str:
    return json.dumps(rules_schema(f"{BASE}rules.schema.json"), indent=2, ensure_ascii=False) + "\n"


def _validator(name: str) -> Callable[[], str]:
    return lambda: validator_source(name)


def _ruleset(module: str) -> Callable[[], str]:
    folder, _, ruleset = module.rpartition("_")
    targets = {Path(target_folder(name)[0].path).name: name for name in own_target_names()}
    return lambda: ruleset_source(named_target(targets[folder]), ruleset)


def _page(name: str, fill: Callable[[str], str]) -> Callable[[], str]:
    return lambda: fill((ROOT / name).read_text(encoding="utf-8"))


PAGES: Mapping[str, Callable[[str], str]] = {
    "docs/command-line.md": fill_command_line,
    "docs/diagnostics.md": fill_diagnostics,
    "docs/message.md": fill_message,
    "docs/migrating.md": fill_migrating,
    "docs/rule-language.md": fill_rule_language,
    "docs/writing-a-target.md": fill_target_page,
    "golden/README.md": fill_readme,
    "golden/requirements.md": fill_requirements,
    "examples/harness-anymail/README.md": fill_score,
}
"""The pages with generated regions, each with the function that fills them."""

FILES: Mapping[str, Callable[[], str]] = {
    "schemas/message.schema.json": _message_schema,
    "schemas/options.schema.json": _options_schema,
    "compiler/documents.py": _documents,
    **{f"compiler/generated/validators/{name}.py": _validator(name) for name in VALIDATORS},
    "schemas/rules.schema.json": _rules_schema,
    **{f"compiler/generated/rulesets/{module}.py": _ruleset(module) for module in MODULES},
    "golden/manifest.json": lambda: format_manifest(read_cases()),
    "golden/INDEX.md": lambda: build_index(REQUIREMENTS.read_text(encoding="utf-8"), tuple(read_cases())),
    **{name: _page(name, fill) for name, fill in PAGES.items()},
}
"""What each generated file should hold, in the order in which they are written: the later are made with the earlier."""


def find_stale(root: Path = ROOT) -> list[str]:
    """The generated files that are not what they should be."""
    return [name for name, build in FILES.items() if _read(root / name) != build()]


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and gives its exit status: 0 all is fresh, 1 something is stale (with --check)."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate",
        description="Write everything that is generated: types, validators, precompiled rulesets, schema of rules, "
        "manifest and index of the cases, tables in pages.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if anything is stale")
    if parser.parse_args(arguments).check:
        stale = find_stale()
        for name in stale:
            print(f"{name} is stale: run python -m tools.generate")
        return 1 if stale else 0
    for name, build in FILES.items():
        text = build()
        if _read(ROOT / name) != text:
            (ROOT / name).write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
