"""JUnit XML, for build servers: a suite for each area."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from compiler.conformance.judge import OUTCOMES, Verdict
from compiler.conformance.mismatch import format_verdict
from compiler.conformance.reports.counts import count_verdicts, counts_by_area
from compiler.conformance.runner import Run

# What XML 1.0 cannot hold, not even as a character reference.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def format_junit(run: Run) -> str:
    """The run as JUnit XML. Unsupported cases and expected failures are skipped ones, those not run are errors."""
    counts = count_verdicts(run.verdicts)
    root = ElementTree.Element(
        "testsuites",
        name=_text(f"{run.hello.name} {run.hello.version}"),
        tests=str(counts.total),
        failures=str(counts.failed),
        errors=str(counts.not_run),
        skipped=str(counts.expected_failure + counts.unsupported),
        time=f"{run.seconds:.3f}",
    )
    for area, of_area in counts_by_area(run).items():
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=area,
            tests=str(of_area.total),
            failures=str(of_area.failed),
            errors=str(of_area.not_run),
            skipped=str(of_area.expected_failure + of_area.unsupported),
        )
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in (("suite", run.suite), ("strictness", str(run.mode)), ("counts", str(of_area))):
            ElementTree.SubElement(properties, "property", name=name, value=value)
        for verdict in run.verdicts:
            if f"{verdict.case.ruleset}/{verdict.case.area}" == area:
                suite.append(_case(verdict))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(verdict: Verdict) -> ElementTree.Element:
    case = verdict.case
    element = ElementTree.Element(
        "testcase",
        name=case.id,
        classname=f"{case.target}.{case.ruleset}.{case.area}",
        time=f"{verdict.seconds:.3f}",
    )
    tags = {"failed": "failure", "not_run": "error", "expected_failure": "skipped", "unsupported": "skipped"}
    if verdict.status in tags:
        told = f"{verdict.outcome}: {OUTCOMES[verdict.outcome]}"
        if verdict.status != "failed" and verdict.detail is not None:
            told = f"{told}: {verdict.detail}"
        inner = ElementTree.SubElement(element, tags[verdict.status], message=_text(told))
        if verdict.status == "failed":
            inner.set("type", verdict.outcome)
            inner.text = _text(format_verdict(verdict))
    return element


def _text(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
