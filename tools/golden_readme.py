"""The lists and tables in `golden/README.md` that are drawn from data: cases, their schema, the table of types.

A case names the requirements it shows in its `spec`, by their headings there. `python -m tools.generate` writes the
lists; a test compares them with the file.
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
_DRAWN = re.compile(r"(?P<begin><!-- (?P<name>[a-z-]+) -->\n)[\s\S]*?(?P<end><!-- /(?P=name) -->)")


def headings(text: str) -> list[str]:
    """The headings of the requirements in the text, in order."""
    return [match["heading"] for match in _SECTION.finditer(text)]


def cases_of(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases that name each requirement."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for entry in case.spec:
            if entry["source"] == SOURCE:
                found[entry["heading"]].append(case)
    return found


def drawn(text: str, cases: tuple[Case, ...]) -> str:
    """The text with its lists as the cases say."""
    by_heading = cases_of(cases)

    def section(match: re.Match[str]) -> str:
        links = ", ".join(map(_link, by_heading[match["heading"]]))
        return f"### {match['heading']}\n\n{match['text']}\nCases: {links}"

    tables = {
        "codes": _code_table(cases),
        "capabilities": _glossary(cases),
        "media-types": _media_types(),
        "scored": _scored(),
    }
    return _DRAWN.sub(lambda match: match["begin"] + tables[match["name"]] + match["end"], _SECTION.sub(section, text))


def _link(case: Case) -> str:
    return f"[{case.area}/{case.id.rpartition('/')[2]}]({case.id}.json)"


def _code_table(cases: tuple[Case, ...]) -> str:
    """Each code, with its reason or feature, and the cases that expect it."""
    found: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        for severity in ("errors", "warnings"):
            for said in case.expect.get(severity, ()):
                params = said.get("params", {})
                key = severity[:-1], said["code"], params.get("reason", params.get("feature", ""))
                if case not in found[key]:
                    found[key].append(case)
    rows = ["| severity | code | reason or feature | cases |", "|---|---|---|---|"]
    for (severity, code, what), those in sorted(found.items()):
        more = f", and {len(those) - 3} more" if len(those) > 3 else ""
        rows.append(f"| {severity} | `{code}` | {what} | {', '.join(map(_link, those[:3]))}{more} |")
    return "\n".join(rows) + "\n"


def _glossary(cases: tuple[Case, ...]) -> str:
    """Each capability, what it is, and how many cases of which rulesets need it."""
    schema = resources.schemas()[resources.BASE + "case.schema.json"]
    rows = ["| capability | meaning | cases that require it |", "|---|---|---|"]
    for each in schema["$defs"]["capability"]["oneOf"]:
        counts = Counter(case.ruleset for case in cases if each["const"] in case.capabilities)
        needed = ", ".join(f"{ruleset} {count}" for ruleset, count in sorted(counts.items()))
        rows.append(f"| `{each['const']}` | {each['description']} | {needed} |")
    return "\n".join(rows) + "\n"


def _media_types() -> str:
    """Each media type with its extensions, the preferred one first."""
    extensions: dict[str, list[str]] = defaultdict(list)
    for extension, media_type in MEDIA_TYPES.items():
        extensions[media_type].append(f"`{extension}`")
    rows = [f"| `{media_type}` | {', '.join(those)} |" for media_type, those in extensions.items()]
    return "\n".join(["| type | extensions |", "|---|---|", *rows]) + "\n"


def _scored() -> str:
    """What a peer fails, by cause: from its list of expected failures, whose reasons are `whose: cause`."""
    listed = json.loads(SCORED.read_text(encoding="utf-8"))["expected_failures"]
    by_cause: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in listed:
        whose, _, cause = row["reason"].partition(": ")
        by_cause[row["id"].split("/")[1], cause, whose].append(row["id"])
    rows = ["| ruleset | cause (requirement) | whose | cases | such as |", "|---|---|---|---:|---|"]
    for (ruleset, cause, whose), ids in sorted(by_cause.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])):
        area, _, slug = ids[0].rpartition("/")
        link = f"[{area.rpartition('/')[2]}/{slug}]({ids[0]}.json)"
        rows.append(f"| {ruleset} | {cause} | {whose} | {len(ids)} | {link} |")
    return "\n".join(rows) + "\n"
