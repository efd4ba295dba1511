"""No mutant of a ruleset, or of a table of the front end, goes unnoticed: a case catches it, or it is equivalent.

The equivalent ones are listed, each with the reason, in `equivalent.json`; one that a case catches after all, or that
is no more, has no place there. What the loader or the checker refuses is no ruleset, and counts as refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mutation.counts import NAME, Counts, count
from tests.mutation.front_end import table_mutants
from tests.mutation.kill_check import (
    TARGET,
    FrontEndJudge,
    Judge,
    Verdict,
    document_of,
    front_end_kept,
    without_fast_path,
)
from tests.mutation.mutants import mutants

LISTED = json.loads((Path(__file__).parent / "equivalent.json").read_text(encoding="utf-8"))
EQUIVALENT = {name for group in LISTED for name in group["mutants"]}
FRONT_END = "front-end"


def verdicts(where: str) -> Iterator[Verdict]:
    with without_fast_path():
        if where == FRONT_END:
            of_tables = FrontEndJudge()
            yield from map(of_tables.verdict, table_mutants())
            return
        with front_end_kept():
            of_rules = Judge(where)
            yield from map(of_rules.verdict, mutants(document_of(where)))


@pytest.mark.slow
@pytest.mark.parametrize("where", [*TARGET.rulesets, FRONT_END])
def test_every_mutant_is_caught_or_listed_as_equivalent(
    where: str, record_property: Callable[[str, object], None]
) -> None:
    survivors = set()
    counts: Counts = {}
    for verdict in verdicts(where):
        if verdict.outcome == "survived":
            survivors.add(verdict.mutant.id)
        outcome = {"survived": "equivalent", "checker": "refused"}.get(verdict.outcome, verdict.outcome)
        count(counts, verdict.mutant.operator, outcome)
    record_property(NAME, (where, counts))
    listed = {name for name in EQUIVALENT if name.partition(":")[0] == where}
    assert sorted(survivors - listed) == []  # a case is missing, or a reason why none can be
    assert sorted(listed - survivors) == []  # caught after all, or no more


def test_each_mutant_is_listed_once_with_a_reason() -> None:
    names = [name for group in LISTED for name in group["mutants"]]
    assert len(names) == len(EQUIVALENT)
    assert all(group["reason"].endswith(".") and group["mutants"] for group in LISTED)
