"""Checks a target's rulesets against their schemas, its manifest and its conformance cases.

The checker itself is part of the engine and sees only rules. This module runs each case to find which parts of the
rules the cases cover.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from compiler.conformance.case_files import Case, check_cases, read_cases
from compiler.conformance.run import collect_coverage
from compiler.engine import LintProblem, Ruleset, check, ir
from compiler.json_io import resources
from compiler.pipeline.target_files import CASES, GENERATED, SHARED
from compiler.pipeline.target_schemas import known_reasons
from compiler.pipeline.targets import Target, load_target, named_target, own_target_names


def check_target(target: Target, cases: Iterable[Case] | None = None) -> tuple[LintProblem, ...]:
    """Returns all problems in a target's rulesets; `cases` defaults to those of the target, if it has any."""
    target_cases = read_target_cases(target) if cases is None else tuple(cases)
    if target_cases is None:
        return tuple(_check_rulesets(target, None))
    coverage: dict[str, set[str]] = defaultdict(set)
    for case in target_cases:
        if case.target == target.name and case.ruleset in target.rulesets:
            coverage[case.ruleset] |= collect_coverage(case, target)
    return tuple(_check_rulesets(target, coverage))


def read_target_cases(target: Target) -> tuple[Case, ...] | None:
    """The conformance cases of a target: those of the suite, or those in its folder; None if it has none.

    Raises InvalidCase.
    """
    if target.folder is None or target.name in own_target_names():
        return tuple(read_cases())
    folder = Path(target.folder.path, CASES)
    if not folder.is_dir():
        return None
    cases = tuple(read_cases(folder))
    check_cases(cases, folder)
    return cases


def check_folder(directory: str) -> tuple[LintProblem, ...]:
    """Checks the rulesets in a folder of the user's own. Raises RulesetError, OSError and InvalidCase."""
    return check_target(load_target(directory))


def check_named_target(name: str) -> tuple[LintProblem, ...]:
    """Checks an installed target."""
    return check_target(named_target(name))


def _check_rulesets(target: Target, coverage: Mapping[str, set[str]] | None) -> Iterator[LintProblem]:
    codes = resources.schemas()[resources.BASE + "diagnostic.schema.json"]["$defs"]
    for name, ruleset in target.rulesets.items():
        yield from check(ruleset, None if coverage is None else coverage[name], codes)
        if target.manifest is not None:
            yield from _check_declarations(target, ruleset)
    if target.folder is not None:
        yield from _check_generated_code(target, target.folder.path)


def _check_declarations(target: Target, ruleset: Ruleset) -> Iterator[LintProblem]:
    """Finds reasons and features that the manifest does not declare; those of shared rules are known."""
    manifest = target.manifest
    assert manifest is not None  # noqa: S101 - the caller checks it
    for rule in ruleset.all_rules:
        if rule.file.startswith(SHARED):
            continue
        unsupported = getattr(rule, "unsupported", None)
        if unsupported is not None and unsupported.feature not in manifest.features:
            problem = f"the feature {unsupported.feature!r} must be declared in target.json"
            yield LintProblem("undeclared-feature", ruleset.file, rule.id, problem)
        for code, reason in _reasons(rule):
            if reason not in (*known_reasons(code), *manifest.reasons.get(code, ())):
                problem = f"the reason {reason!r} of {code} must be declared in target.json"
                yield LintProblem("undeclared-reason", ruleset.file, rule.id, problem)


def _reasons(rule: ir.Rule) -> Iterator[tuple[str, str]]:
    """The codes that a rule reports, each with the constant `reason` in its params."""
    match rule:
        case ir.Report(spec=spec) | ir.Put(invalid=ir.InvalidWhen(spec=spec)):
            code, params = spec.code, spec.params
        case ir.Conform(code=code, params=params):
            pass
        case _:
            return
    for name, value in params:
        if name == "reason" and isinstance(value, ir.Const):
            yield code, str(value.literal)


def _check_generated_code(target: Target, folder: str) -> Iterator[LintProblem]:
    """Finds generated code that is not up to date: it would not be used."""
    assert target.folder is not None  # noqa: S101 - the caller checks it
    for name in target.folder.ruleset_names():
        file = Path(folder, GENERATED, f"{name}.py")
        if file.is_file() and target.folder.fingerprint() not in file.read_text(encoding="utf-8"):
            problem = f"the rules have changed since; run: python -m compiler.engine generate {folder}"
            yield LintProblem("stale-code", str(file), os.path.basename(file), problem)
