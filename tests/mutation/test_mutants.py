"""Every mutant of a ruleset, or of a table of the front end, is caught by a case or listed as equivalent.

Equivalent mutants are listed in `equivalent.json` with a reason. A listed mutant that a case catches, or that no longer
exists, is an error. A mutant that the loader or the checker refuses is not a valid ruleset, and counts as refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mutation.counts import NAME, Counts, count
from tests.mutation.front_end import table_mutants
from tests.mutation.kill_check import (
    MutantChecker,
    Suite,
    TableMutantChecker,
    Verdict,
    cached_front_end,
    rule_mutants,
    rule_suites,
    without_fast_path,
)

LISTED = json.loads((Path(__file__).parent / "equivalent.json").read_text(encoding="utf-8"))
EQUIVALENT = {name for group in LISTED for name in group["mutants"]}
FRONT_END = "front-end"


def verdicts(suite: Suite | None) -> Iterator[Verdict]:
    with without_fast_path():
        if suite is None:
            table_checker = TableMutantChecker()
            yield from map(table_checker.verdict, table_mutants())
            return
        with cached_front_end():
            rule_checker = MutantChecker(suite)
            yield from map(rule_checker.verdict, rule_mutants(suite))


@pytest.mark.slow
@pytest.mark.parametrize("suite", [*rule_suites(), None], ids=str)
def test_every_mutant_is_caught_or_listed_as_equivalent(
    suite: Suite | None, record_property: Callable[[str, object], None]
) -> None:
    survivors = set()
    counts: Counts = {}
    for verdict in verdicts(suite):
        if verdict.outcome == "survived":
            survivors.add(verdict.mutant.id if suite is None else suite.name(verdict.mutant))
        outcome = {"survived": "equivalent", "checker": "refused"}.get(verdict.outcome, verdict.outcome)
        count(counts, verdict.mutant.operator, outcome)
    name = FRONT_END if suite is None else str(suite)
    record_property(NAME, (name, counts))
    listed = {each for each in EQUIVALENT if each.partition(":")[0] == name}
    assert sorted(survivors - listed) == []  # add a case, or a reason why there cannot be one
    assert sorted(listed - survivors) == []  # caught by a case, or no longer generated


def test_each_mutant_is_listed_once_with_a_reason() -> None:
    names = [name for group in LISTED for name in group["mutants"]]
    assert len(names) == len(EQUIVALENT)
    assert all(group["reason"].endswith(".") and group["mutants"] for group in LISTED)
