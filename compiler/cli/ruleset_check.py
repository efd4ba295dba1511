"""Checks a target's rulesets against their schemas and the conformance cases.

The checker itself is part of the engine and sees only rules. This module runs each case to find which parts of the
rules the cases cover.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from compiler.conformance.case_files import Case, read_cases
from compiler.conformance.run import collect_coverage
from compiler.engine import LintProblem, check
from compiler.json_io import resources
from compiler.pipeline.targets import Target, load_target, named_target


def check_target(target: Target, cases: Iterable[Case] | None = None) -> tuple[LintProblem, ...]:
    """Returns all problems in a target's rulesets; `cases` defaults to the suite's cases for the target."""
    coverage: dict[str, set[str]] = defaultdict(set)
    for case in read_cases() if cases is None else cases:
        if case.target == target.name and case.ruleset in target.rulesets:
            coverage[case.ruleset] |= collect_coverage(case, target)
    return _check_rulesets(target, coverage)


def check_folder(directory: str) -> tuple[LintProblem, ...]:
    """Checks the rulesets in a folder of the user's own, for which there are no cases.

    Raises RulesetError, and OSError if the folder cannot be read.
    """
    return _check_rulesets(load_target(directory), None)


def _check_rulesets(target: Target, coverage: Mapping[str, set[str]] | None) -> tuple[LintProblem, ...]:
    codes = resources.schemas()[resources.BASE + "diagnostic.schema.json"]["$defs"]
    return tuple(
        problem
        for name, ruleset in target.rulesets.items()
        for problem in check(ruleset, None if coverage is None else coverage[name], codes)
    )


def check_named_target(name: str) -> tuple[LintProblem, ...]:
    """Checks a target that comes with the package."""
    return check_target(named_target(name))
