"""The expected failures of django-anymail: each entry is a must case with a category and a reason."""

from __future__ import annotations

from compiler.conformance.expected_failures import read_expected_failures
from tests.cases import CASES
from tools.docs.golden_pages import SCORED

CASES_BY_ID = {case.id: case for case in CASES}


def test_every_failure_has_a_category_and_a_reason() -> None:
    listed = read_expected_failures(SCORED, CASES_BY_ID.values())
    assert len(listed) > 400
    for entry in listed.values():
        category, _, cause = entry.reason.partition(": ")
        assert category in ("peer", "decision", "interface"), entry
        assert len(cause) > 10, entry
        assert CASES_BY_ID[entry.id].level == "must", entry
