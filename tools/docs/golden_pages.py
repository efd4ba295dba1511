"""Generates `golden/INDEX.md`, and the tables of the pages beside it, from the cases, their schema and other tables.

A case names the requirements that it demonstrates in its `spec`, by their headings in `golden/requirements.md`.
`python -m tools.generate` writes the files; a test checks that they are up to date.
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
from tools.docs.regions import fill_regions, format_table

REQUIREMENTS = resources.golden_folder() / "requirements.md"
SOURCE = "golden/requirements.md"
SCORED = Path(__file__).parent.parent.parent / "examples/harness-anymail/expected-failures.json"
_HEADING = re.compile(r"^## (\d+\. .+)$", re.MULTILINE)


def headings(text: str) -> list[str]:
    """The headings of the requirements in the text, in order."""
    return _HEADING.findall(text)


def group_cases(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases of each requirement, by its heading."""
    cases_by_requirement: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for entry in case.spec:
            if entry["source"] == SOURCE:
                cases_by_requirement[entry["heading"]].append(case)
    return cases_by_requirement


def build_index(requirements: str, cases: tuple[Case, ...]) -> str:
    """The page that lists the cases by requirement, by code and by capability."""
    by_heading = group_cases(cases)
    sections = [
        f"### [{heading}](requirements.md#{_anchor(heading)})\n\n{', '.join(map(_link, by_heading[heading]))}\n"
        for heading in headings(requirements)
    ]
    return f"""# The cases

Written by `python -m tools.generate`.

- [By requirement](#by-requirement)
- [By code](#by-code)
- [By capability](#by-capability)

## By requirement

{chr(10).join(sections)}
## By code

{_code_table(cases)}
## By capability

{_capability_counts(cases)}"""


def fill_readme(page: str) -> str:
    """`golden/README.md` with the table of capabilities."""
    rows = ((f"`{each['const']}`", each["description"]) for each in _capabilities())
    return fill_regions(page, {"capabilities": format_table(("capability", "meaning"), rows)})


def fill_requirements(page: str) -> str:
    """`golden/requirements.md` with the table of media types."""
    return fill_regions(page, {"media-types": _media_types()})


def fill_score(page: str) -> str:
    """`examples/harness-anymail/README.md` with the table of failures."""
    return fill_regions(page, {"scored": _scored()})


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


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
    rows = []
    for (severity, code, detail), code_cases in sorted(cases_by_code.items()):
        more = f", and {len(code_cases) - 3} more" if len(code_cases) > 3 else ""
        rows.append((severity, f"`{code}`", detail, ", ".join(map(_link, code_cases[:3])) + more))
    return format_table(("severity", "code", "reason or feature", "cases"), rows)


def _capabilities() -> list[dict[str, str]]:
    schema = resources.schemas()[resources.BASE + "case.schema.json"]
    listed: list[dict[str, str]] = schema["$defs"]["capability"]["oneOf"]
    return listed


def _capability_counts(cases: tuple[Case, ...]) -> str:
    """A row for each capability: the number of cases per ruleset that require it."""
    rows = []
    for name in (each["const"] for each in _capabilities()):
        counts = Counter(case.ruleset for case in cases if name in case.capabilities)
        rows.append((f"`{name}`", ", ".join(f"{ruleset} {count}" for ruleset, count in sorted(counts.items()))))
    return format_table(("capability", "cases that require it"), rows)


def _media_types() -> str:
    """A row for each media type with its extensions, the preferred one first."""
    extensions: dict[str, list[str]] = defaultdict(list)
    for extension, media_type in MEDIA_TYPES.items():
        extensions[media_type].append(f"`{extension}`")
    rows = ((f"`{media_type}`", ", ".join(names)) for media_type, names in extensions.items())
    return format_table(("type", "extensions"), rows)


def _scored() -> str:
    """A row for each cause of a peer's expected failures, whose reasons have the form `whose: cause`."""
    expected_failures = json.loads(SCORED.read_text(encoding="utf-8"))["expected_failures"]
    by_cause: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in expected_failures:
        whose, _, cause = row["reason"].partition(": ")
        by_cause[row["id"].split("/")[1], cause, whose].append(row["id"])
    rows = []
    for (ruleset, cause, whose), ids in sorted(by_cause.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])):
        area, _, slug = ids[0].rpartition("/")
        link = f"[{area.rpartition('/')[2]}/{slug}](../../golden/{ids[0]}.json)"
        rows.append((ruleset, cause, whose, str(len(ids)), link))
    return format_table(("ruleset", "cause (requirement)", "whose", "cases", "such as"), rows)
