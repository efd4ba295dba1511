"""Checks a target's rulesets against their schemas, its manifest and its conformance cases.

The checker itself is part of the engine and sees only rules. This module runs each case to find which parts of the
rules the cases cover.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from compiler.conformance.case_files import Case, check_cases, read_cases
from compiler.conformance.outputs import OUTPUTS
from compiler.conformance.run import collect_coverage
from compiler.engine import LintProblem, Ruleset, check, ir
from compiler.json_io import resources
from compiler.json_io.pointer import escape_token
from compiler.pipeline.target_files import CASES, GENERATED, MANIFEST, SHARED
from compiler.pipeline.target_schemas import known_features, known_reasons
from compiler.pipeline.targets import Target, named_target, own_target_names, target_folder

_CANONICAL = f"{resources.BASE}canonical-message.schema.json"
_DECOMPILED = "decompiled.schema.json"  # what the rules write; the messages are joined afterwards
_READ_RESPONSES = ("response", "template")
_RESPONSE = ("status_code", "reason", "body", "text", "payload")
"""What rulesets for responses read, as `pipeline.decode` makes it."""


def check_target(target: Target, cases: Iterable[Case] | None) -> tuple[LintProblem, ...]:
    """Returns all problems in a target's rulesets, with what no case covers; None for the cases skips that check."""
    if cases is None:
        return tuple(_check_rulesets(target, None))
    coverage: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        if case.target == target.name and case.ruleset in target.rulesets:
            coverage[case.ruleset] |= collect_coverage(case, target)
    return tuple(_check_rulesets(target, coverage))


def read_target_cases(target: Target) -> tuple[Case, ...]:
    """The conformance cases of a target: those of the suite, or those in its folder.

    Raises InvalidCase, and ValueError if there are none.
    """
    if target.folder is None or _is_own(target):
        return tuple(read_cases())
    folder = Path(target.folder.path, CASES)
    if not folder.is_dir():
        raise ValueError(f"{folder}: not a folder with cases")
    cases = tuple(read_cases(folder))
    check_cases(cases, folder)
    return cases


def _is_own(target: Target) -> bool:
    """Whether a target comes with the package."""
    own = (target_folder(name)[0].path for name in own_target_names())
    return target.folder is not None and any(os.path.samefile(target.folder.path, path) for path in own)


def check_named_target(name: str) -> tuple[LintProblem, ...]:
    """Checks a target that comes with the package, and the coverage of its rules by the suite."""
    target = named_target(name)
    return check_target(target, read_target_cases(target))


def _check_rulesets(target: Target, coverage: Mapping[str, set[str]] | None) -> Iterator[LintProblem]:
    for name, ruleset in target.rulesets.items():
        problems = check(ruleset, None if coverage is None else coverage[name], _codes())
        covered = files_covered_elsewhere(target, ruleset)
        shared = {rule.id for rule in ruleset.all_rules if rule.file in covered}
        yield from (each for each in problems if not (each.kind == "never-hit" and _rule_of(each) in shared))
        yield from _check_documents(ruleset)
        yield from _check_reports(ruleset)
        if target.manifest is not None:
            yield from _check_declarations(target, ruleset)
    if target.manifest is not None:
        used = {_feature(rule) for ruleset in target.rulesets.values() for rule in ruleset.all_rules}
        for feature in target.manifest.features:
            if feature not in used:
                yield LintProblem("unused-feature", MANIFEST, f"/features/{escape_token(feature)}", "no rule names it")
    if target.folder is not None:
        yield from _check_generated_code(target, target.folder.path)


def files_covered_elsewhere(target: Target, ruleset: Ruleset) -> set[str]:
    """The shared files of a ruleset that the cases of another target cover: one that comes with the package."""
    shared = {rule.file for rule in ruleset.all_rules if rule.file.startswith(SHARED)}
    own = own_target_names()
    if target.name not in own or not _is_own(target):
        return shared
    earlier = map(named_target, own[: own.index(target.name)])
    others = (each.ruleset(ruleset.name) for each in earlier if ruleset.name in each.rulesets)
    return shared & {rule.file for other in others for rule in other.all_rules}


def _check_documents(ruleset: Ruleset) -> Iterator[LintProblem]:
    """Finds rulesets for other documents than those that the compiler gives them, or expects of them."""
    if ruleset.name == "send" and ruleset.input_id != _CANONICAL:
        yield LintProblem("wrong-input", ruleset.file, "/input", f"must be {_CANONICAL}, got {ruleset.input_id}")
    if ruleset.name in _READ_RESPONSES:
        for member in ruleset.input_schema.get("properties", {}):
            if member not in _RESPONSE:
                problem = f"a response is an object with the members {', '.join(_RESPONSE)}, not {member!r}"
                yield LintProblem("wrong-input", ruleset.file, "/input", problem)
    output = _DECOMPILED if ruleset.name == "decompile" else OUTPUTS.get(ruleset.name, "")
    if output and "{target}" not in output and ruleset.output_id != f"{resources.BASE}{output}":
        problem = f"must be {resources.BASE}{output}, got {ruleset.output_id}"
        yield LintProblem("wrong-output", ruleset.file, "/output", problem)


def _rule_of(problem: LintProblem) -> str:
    return problem.location.partition("#")[0]


def _check_declarations(target: Target, ruleset: Ruleset) -> Iterator[LintProblem]:
    """Finds reasons and features that the manifest does not declare; those of shared rules are known."""
    manifest = target.manifest
    assert manifest is not None  # noqa: S101 - the caller checks it
    known = known_features()
    for rule in ruleset.all_rules:
        if rule.file.startswith(SHARED):
            continue
        feature = _feature(rule)
        if feature is not None and feature not in known.union(manifest.features):
            problem = f"the feature {feature!r} must be declared in features of target.json"
            yield LintProblem("undeclared-feature", ruleset.file, rule.id, problem)
        for code, _, params in _reports(rule):
            for reason in _constants(params["reason"]) if "reason" in params else ():
                if reason not in (*known_reasons(code), *manifest.reasons.get(code, ())):
                    problem = f"the reason {reason!r} of {code} must be declared in reasons of target.json"
                    yield LintProblem("undeclared-reason", ruleset.file, rule.id, problem)


def _constants(value: ir.Value) -> Iterator[Any]:
    """The constants that a value can be."""
    match value:
        case ir.Const(literal=literal):
            yield literal
        case ir.Lookup(table=table, default=default):
            yield from (right for _, right in table)
            yield from () if default is None else _constants(default)
        case ir.First(values=values):
            for part in values:
                yield from _constants(part)
        case ir.Choose(branches=branches, otherwise=otherwise):
            for branch in branches:
                yield from _constants(branch.value)
            yield from () if otherwise is None else _constants(otherwise)


def _feature(rule: ir.Rule) -> str | None:
    """The unsupported feature that a rule names."""
    unsupported: ir.Unsupported | None = getattr(rule, "unsupported", None)
    return None if unsupported is None else unsupported.feature


def _reports(rule: ir.Rule) -> Iterator[tuple[str, str, Mapping[str, ir.Value]]]:
    """What a rule can report by a code of its choice: the code, the severity and the params."""
    match rule:
        case ir.Report(spec=spec, severity=severity):
            yield spec.code, severity, dict(spec.params)
        case ir.Put(invalid=ir.InvalidWhen(spec=spec)):
            yield spec.code, "error", dict(spec.params)
        case ir.Conform(code=code, params=params):
            yield code, "error", dict(params)


def _codes() -> Mapping[str, Any]:
    """The schemas of diagnostics by their codes."""
    codes: Mapping[str, Any] = resources.schemas()[f"{resources.BASE}diagnostic.schema.json"]["$defs"]
    return codes


def _check_reports(ruleset: Ruleset) -> Iterator[LintProblem]:
    """Finds reports whose severity or params are not those of their code, as results are described."""
    for rule in ruleset.all_rules:
        for code, severity, params in _reports(rule):
            described = _codes().get(code, {}).get("properties", {})
            severities = described.get("severity", {})
            if severity not in severities.get("enum", [severities.get("const", severity)]):
                problem = f"{code} must not have the severity {severity}"
                yield LintProblem("wrong-severity", ruleset.file, rule.id, problem)
            required = described.get("params", {}).get("required", ())
            known = described.get("params", {}).get("properties", {})
            problems = [f"{code} must have the param {name!r}" for name in required if name not in params]
            problems += [f"{code} must not have the param {name!r}" for name in params if name not in known]
            for problem in problems if described else ():
                yield LintProblem("wrong-params", ruleset.file, rule.id, problem)


def _check_generated_code(target: Target, folder: str) -> Iterator[LintProblem]:
    """Finds generated code that is not up to date: it would not be used."""
    assert target.folder is not None  # noqa: S101 - the caller checks it
    for name in target.folder.ruleset_names():
        file = Path(folder, GENERATED, f"{name}.py")
        if file.is_file() and target.folder.fingerprint().encode() not in file.read_bytes():
            problem = f"the rules have changed since; run: python -m compiler.engine generate {folder}"
            yield LintProblem("stale-code", str(file), os.path.basename(file), problem)
