"""Generates the lists and tables in `golden/README.md` from the cases, their schema and the table of media types.

A case names the requirements that it demonstrates in its `spec`, by their headings in the README.
`python -m tools.generate` writes the file; a test checks that it is up to date.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from compiler.conformance.case_files import Case
from compiler.json_io import resources
from compiler.mail.attachments import MEDIA_TYPES

README = resources.golden_folder() / "README.md"
SOURCE = "golden/README.md"
SCORED = Path(__file__).parent.parent / "examples/harness-anymail/expected-failures.json"
_SECTION = re.compile(r"^### (?P<heading>\d+\. .+)\n\n(?P<text>(?:(?!Cases: |#).*\n)+)\nCases: .*$", re.MULTILINE)
_GENERATED = re.compile(r"(?P<begin><!-- (?P<name>[a-z-]+) -->\n)[\s\S]*?(?P<end><!-- /(?P=name) -->)")


def headings(text: str) -> list[str]:
    """The headings of the requirements in the text, in order."""
    return [match["heading"] for match in _SECTION.finditer(text)]


def group_cases(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases of each requirement, by its heading."""
    cases_by_requirement: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for entry in case.spec:
            if entry["source"] == SOURCE:
                cases_by_requirement[entry["heading"]].append(case)
    return cases_by_requirement


def build_readme(text: str, cases: tuple[Case, ...]) -> str:
    """The text with its lists and tables replaced by those of the cases."""
    by_heading = group_cases(cases)

    def format_section(match: re.Match[str]) -> str:
        links = ", ".join(map(_link, by_heading[match["heading"]]))
        return f"### {match['heading']}\n\n{match['text']}\nCases: {links}"

    tables = {
        "codes": _code_table(cases),
        "capabilities": _glossary(cases),
        "media-types": _media_types(),
        "scored": _scored(),
    }
    return _GENERATED.sub(
        lambda match: match["begin"] + tables[match["name"]] + match["end"], _SECTION.sub(format_section, text)
    )


def _link(case: Case) -> str:
    return f"[{case.area}/{case.id.rpartition('/')[2]}]({case.id}.json)"


def _code_table(cases: tuple[Case, ...]) -> str:
    """A row for each code with its reason or feature, and the cases that expect it."""
    cases_by_code: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        for severity in ("errors", "warnings"):
            for diagnostic in case.expect.get(severity, ()):
                params = diagnostic.get("params", {})
                key = severity[:-1], diagnostic["code"], params.get("reason", params.get("feature", ""))
                if case not in cases_by_code[key]:
                    cases_by_code[key].append(case)
    rows = ["| severity | code | reason or feature | cases |", "|---|---|---|---|"]
    for (severity, code, detail), code_cases in sorted(cases_by_code.items()):
        more = f", and {len(code_cases) - 3} more" if len(code_cases) > 3 else ""
        rows.append(f"| {severity} | `{code}` | {detail} | {', '.join(map(_link, code_cases[:3]))}{more} |")
    return "\n".join(rows) + "\n"


def _glossary(cases: tuple[Case, ...]) -> str:
    """A row for each capability: its description, and the number of cases per ruleset that need it."""
    schema = resources.schemas()[resources.BASE + "case.schema.json"]
    rows = ["| capability | meaning | cases that require it |", "|---|---|---|"]
    for capability in schema["$defs"]["capability"]["oneOf"]:
        counts = Counter(case.ruleset for case in cases if capability["const"] in case.capabilities)
        counts_text = ", ".join(f"{ruleset} {count}" for ruleset, count in sorted(counts.items()))
        rows.append(f"| `{capability['const']}` | {capability['description']} | {counts_text} |")
    return "\n".join(rows) + "\n"


def _media_types() -> str:
    """A row for each media type with its extensions, the preferred one first."""
    extensions: dict[str, list[str]] = defaultdict(list)
    for extension, media_type in MEDIA_TYPES.items():
        extensions[media_type].append(f"`{extension}`")
    rows = [f"| `{media_type}` | {', '.join(names)} |" for media_type, names in extensions.items()]
    return "\n".join(["| type | extensions |", "|---|---|", *rows]) + "\n"


def _scored() -> str:
    """A row for each cause of a peer's expected failures, whose reasons have the form `whose: cause`."""
    expected_failures = json.loads(SCORED.read_text(encoding="utf-8"))["expected_failures"]
    by_cause: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in expected_failures:
        whose, _, cause = row["reason"].partition(": ")
        by_cause[row["id"].split("/")[1], cause, whose].append(row["id"])
    rows = ["| ruleset | cause (requirement) | whose | cases | such as |", "|---|---|---|---:|---|"]
    for (ruleset, cause, whose), ids in sorted(by_cause.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])):
        area, _, slug = ids[0].rpartition("/")
        link = f"[{area.rpartition('/')[2]}/{slug}]({ids[0]}.json)"
        rows.append(f"| {ruleset} | {cause} | {whose} | {len(ids)} | {link} |")
    return "\n".join(rows) + "\n"
