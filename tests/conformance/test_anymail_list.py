"""The expected failures of django-anymail: each entry is a must case with a category and a reason."""

from __future__ import annotations

from compiler.conformance.case_files import read_cases
from compiler.conformance.expected_failures import read_expected_failures
from tools.docs.golden_pages import SCORED

CASES = {case.id: case for case in read_cases()}


def test_every_failure_has_a_category_and_a_reason() -> None:
    listed = read_expected_failures(SCORED, CASES.values())
    assert len(listed) > 400
    for entry in listed.values():
        category, _, cause = entry.reason.partition(": ")
        assert category in ("peer", "decision", "interface"), entry
        assert len(cause) > 10, entry
        assert CASES[entry.id].level == "must", entry
