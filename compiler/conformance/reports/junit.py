"""JUnit XML for build servers, with a test suite for each area."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from compiler.conformance.judge import OUTCOMES, Verdict
from compiler.conformance.mismatch import format_verdict
from compiler.conformance.reports.counts import count_verdicts, counts_by_area
from compiler.conformance.runner import Run

# Characters that XML 1.0 does not allow, not even as character references.
_INVALID_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def format_junit(run: Run) -> str:
    """Formats a run as JUnit XML. Unsupported cases and expected failures are skipped, cases not run are errors."""
    counts = count_verdicts(run.verdicts)
    root = ElementTree.Element(
        "testsuites",
        name=_replace_invalid(f"{run.hello.name} {run.hello.version}"),
        tests=str(counts.total),
        failures=str(counts.failed),
        errors=str(counts.not_run),
        skipped=str(counts.expected_failure + counts.unsupported),
        time=f"{run.seconds:.3f}",
    )
    for area, area_counts in counts_by_area(run).items():
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=area,
            tests=str(area_counts.total),
            failures=str(area_counts.failed),
            errors=str(area_counts.not_run),
            skipped=str(area_counts.expected_failure + area_counts.unsupported),
        )
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in (("suite", run.suite), ("strictness", str(run.mode)), ("counts", str(area_counts))):
            ElementTree.SubElement(properties, "property", name=name, value=value)
        for verdict in run.verdicts:
            if f"{verdict.case.ruleset}/{verdict.case.area}" == area:
                suite.append(_format_case(verdict))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _format_case(verdict: Verdict) -> ElementTree.Element:
    case = verdict.case
    element = ElementTree.Element(
        "testcase",
        name=case.id,
        classname=f"{case.target}.{case.ruleset}.{case.area}",
        time=f"{verdict.seconds:.3f}",
    )
    tags = {"failed": "failure", "not_run": "error", "expected_failure": "skipped", "unsupported": "skipped"}
    if verdict.status in tags:
        message = f"{verdict.outcome}: {OUTCOMES[verdict.outcome]}"
        if verdict.status != "failed" and verdict.detail is not None:
            message += f": {verdict.detail}"
        child = ElementTree.SubElement(element, tags[verdict.status], message=_replace_invalid(message))
        if verdict.status == "failed":
            child.set("type", verdict.outcome)
            child.text = _replace_invalid(format_verdict(verdict))
    return element


def _replace_invalid(text: str) -> str:
    return _INVALID_XML.sub("\N{REPLACEMENT CHARACTER}", text)
