"""Decides for each mutant of a ruleset whether a case catches it.

A mutant is caught by a difference in the exact conformance comparison, or by an exception. Four optimizations do not
change the verdict: only the rule around the change is loaded again; the front end's result for a case is cached,
because no ruleset changes it; only cases that reach the changed place in the original rules are run, because other
cases cannot behave differently; and of these only the ones in which the changed rule, applied to what the rules before
it have made, has another effect than the original (`effects`). Cases that claim the rule, or that caught its most
recent mutants, are run first.
"""

from __future__ import annotations

import json
import marshal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple
from unittest import mock

from compiler.cli import ruleset_check
from compiler.conformance.case_files import Case
from compiler.conformance.compare import find_differences
from compiler.conformance.outputs import output_schema
from compiler.conformance.run import run_case
from compiler.engine import RulesetError, check, idle_rules, ir, load_ruleset, loader
from compiler.engine.evaluator import Evaluator
from compiler.engine.expanded import expand_ruleset
from compiler.engine.interpreter import _Run
from compiler.engine.ir import PHASES, Ruleset
from compiler.engine.schema import dereference
from compiler.frontend import full as front_end
from compiler.frontend.fields import TargetPolicy
from compiler.frontend.full import canonicalize
from compiler.functions.registry import all_functions
from compiler.json_io import resources
from compiler.json_io.body import read_body
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline import decode
from compiler.pipeline.target_files import validator_of
from compiler.pipeline.targets import Target, named_target, own_target_names
from tests.cases import CASES
from tests.mutation.effects import Effects
from tests.mutation.front_end import TableMutant, Watched, original, replace_table, table_mutants, watch
from tests.mutation.large import large_cases
from tests.mutation.mutants import Mutant, mutants
from tests.test_golden import actual_expectation

_BY_CONTENT = 2
"""The last version of marshal's format that does not depend on reference counts, so equal values are equal bytes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a mutant: `refused` by the loader, `caught` by a case, found by the `checker`, or `survived`."""

    mutant: Mutant | TableMutant
    outcome: str
    by: str = ""


class Suite(NamedTuple):
    """The mutants of one ruleset."""

    target: str
    ruleset: str

    def __str__(self) -> str:
        return self.ruleset if self.target == own_target_names()[0] else f"{self.target}/{self.ruleset}"

    @property
    def original(self) -> Ruleset:
        """The ruleset itself."""
        return named_target(self.target).ruleset(self.ruleset)

    def name(self, mutant: Mutant | TableMutant) -> str:
        """The name of a mutant, different from those of other suites."""
        return mutant.id.replace(self.ruleset, str(self), 1)


def rule_suites() -> Iterator[Suite]:
    """The suites of all rulesets but those that consist of shared files that another suite changes."""
    for target in own_target_names():
        for ruleset in named_target(target).rulesets:
            suite = Suite(target, ruleset)
            if any(rule.file not in _files_of_other_suites(suite) for rule in suite.original.all_rules):
                yield suite


def _files_of_other_suites(suite: Suite) -> set[str]:
    covered = ruleset_check.files_covered_elsewhere(named_target(suite.target), suite.original)
    return covered - {""}


@cache
def document_of(suite: Suite) -> dict[str, Any]:
    """A ruleset as JSON, with its definitions and included files expanded."""
    return expand_ruleset(suite.original)


def rule_mutants(suite: Suite) -> Iterator[Mutant]:
    """The mutants of a ruleset. What is in a definition is changed only in its first use, as it is written once.

    What is written in a shared file is changed in only one suite.
    """
    places = suite.original.places
    files = {rule.id: rule.file for rule in suite.original.all_rules}
    elsewhere = _files_of_other_suites(suite)
    seen = set()
    for mutant in mutants(document_of(suite)):
        rule, *tokens = mutant.place.split("/")
        location = next(
            (at for end in range(len(tokens), -1, -1) if (at := "/".join((f"{rule}#", *tokens[:end]))) in places), None
        )
        place = None if location is None else places[location]
        if (files.get(rule, "") if place is None else place.file) in elsewhere:
            continue
        if place is not None and place.pointer.startswith("/definitions/"):
            inside = mutant.place.removeprefix(location.replace("#", "", 1)) if location is not None else ""
            key = (place.file, place.pointer, inside, mutant.operator, mutant.description)
            if key in seen:
                continue
            seen.add(key)
        yield mutant


def without_fast_path() -> Any:
    """Disables the fast path: the mutants are those of the full driver and the interpreter."""
    return mock.patch.object(pipeline_compile, "_try_fast_path", return_value=None)


def is_caught_by(case: Case, target: Target) -> bool:
    """Whether the result of a case with this target differs from its expectation."""
    try:
        found = find_differences(case.expect, actual_expectation(case, target), output_schema(case))
        return next(found, None) is not None
    except Exception:
        return True


class MutantChecker:
    """Checks the mutants of one ruleset, within `without_fast_path` and `cached_front_end`."""

    def __init__(self, suite: Suite) -> None:
        self._name = suite.ruleset
        self._target = named_target(suite.target)
        self._original = suite.original
        cases = tuple(case for case in CASES if (case.target, case.ruleset) == suite)
        cases += large_cases(cases[0]) if suite.ruleset == "send" else ()
        self._cases = {case.id: case for case in cases}
        self._cases_by_place: dict[str, list[str]] = defaultdict(list)
        for case in self._cases.values():
            for place in _reached_places(case, self._target):
                if "/large/" not in case.id or place.startswith(case.rules):
                    self._cases_by_place[place].append(case.id)
        self._recent: dict[str, list[str]] = defaultdict(list)
        self._effects = {case.id: Effects(case, self._target, self._original) for case in cases}
        self._problems = {(each.kind, each.location, each.message) for each in check(self._original)}

    def verdict(self, mutant: Mutant) -> Verdict:
        """The outcome of a mutant."""
        try:
            changed = self._load_mutant(mutant)
        except RulesetError as error:
            return Verdict(mutant, "refused", error.problem)
        target = Target(self._target.name, {**self._target.rulesets, self._name: changed})
        rule = mutant.place.partition("/")[0]
        keeps_others = changed.kept_members != self._original.kept_members
        for name in self._ordered_cases(mutant.reached, rule):
            may_differ = keeps_others or self._effects[name].differ(mutant, changed)
            if may_differ and is_caught_by(self._cases[name], target):
                recent = self._recent[rule]
                recent[:] = [name, *(each for each in recent if each != name)]
                return Verdict(mutant, "caught", name)
        for each in check(changed):
            if (each.kind, each.location, each.message) not in self._problems:
                return Verdict(mutant, "checker", str(each))
        return Verdict(mutant, "survived")

    def _ordered_cases(self, place: str, rule: str) -> Iterator[str]:
        reaching = self._cases_by_place[place] if place in self._cases_by_place else () if place else list(self._cases)
        claiming = [name for name in reaching if rule in self._cases[name].rules]
        known = set(reaching)
        recent = [name for name in self._recent[rule] if name in known]
        yield from dict.fromkeys((*recent, *claiming, *reaching))

    def _load_mutant(self, mutant: Mutant) -> Ruleset:
        phase = mutant.path[0]
        if phase not in PHASES or len(mutant.path) == 1:
            return _load(mutant.document)
        rules = getattr(self._original, str(phase))
        index = int(mutant.path[1])
        if mutant.operator == "drop-rule" and len(mutant.path) == 2:
            replacement: tuple[Any, ...] = ()
        else:
            alone = {key: value for key, value in mutant.document.items() if key not in PHASES}
            replacement = getattr(_load(alone | {phase: [mutant.document[phase][index]]}), str(phase))
        changed: dict[str, Any] = {str(phase): (*rules[:index], *replacement, *rules[index + 1 :])}
        return replace(self._original, **changed)


def _load(document: Any) -> Ruleset:
    with mock.patch.object(loader, "dereference", _dereference_cached):
        return load_ruleset(json.dumps(document), "mutant", resources.schemas(), all_functions(), validator_of)


@cache
def _dereference_by_name(name: str) -> Any:
    return dereference(name, resources.schemas())


def _dereference_cached(name: str, schemas: Any) -> Any:
    return _dereference_by_name(name)


def _reached_places(case: Case, target: Target) -> set[str]:
    """The ids of the rules that a case applies, and the places of the expressions that it evaluates."""
    reached: set[str] = {""}

    def record_calls(method: Callable[..., Any], key: str) -> Callable[..., Any]:
        def recorded(self: Any, part: Any, *others: Any) -> Any:
            reached.add(getattr(part, key))
            return method(self, part, *others)

        return recorded

    with (
        mock.patch.object(Evaluator, "value", record_calls(Evaluator.value, "location")),
        mock.patch.object(Evaluator, "test", record_calls(Evaluator.test, "location")),
        mock.patch.object(_Run, "_apply", record_calls(_Run._apply, "id")),
        mock.patch.object(_Run, "_can_skip", return_value=False),  # a mutant may do something where the rule does not
    ):
        run_case(case, target)
    return reached


@contextmanager
def cached_front_end() -> Iterator[None]:
    """Caches what the front end makes of a message or a body before any rule runs, and what is found for each rule."""
    with (
        mock.patch.object(front_end, "canonicalize", _memoize(canonicalize)),
        mock.patch.object(decode, "read_body", _memoize(read_body)),
        mock.patch.object(decode, "run_send_rules", _memoize(pipeline_compile.run_send_rules)),
        mock.patch.object(idle_rules, "_reads", _memoize_by_identity(idle_rules._reads)),
        mock.patch.object(idle_rules, "_required", _memoize_by_identity(idle_rules._required)),
    ):
        yield


def _memoize_by_identity(function: Callable[[ir.Rule], Any]) -> Callable[[ir.Rule], Any]:
    """For a function of rules, of which all but one are the same for all mutants."""
    known: dict[int, tuple[ir.Rule, Any]] = {}

    def memoized(rule: ir.Rule) -> Any:
        if id(rule) not in known:
            known[id(rule)] = rule, function(rule)  # with the rule, so that no other gets its identity
        return known[id(rule)][1]

    return memoized


def _memoize(function: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[bytes, Any] = {}

    def memoized(*arguments: Any) -> Any:
        plain = [each for each in arguments if not isinstance(each, Target | TargetPolicy)]  # of one target
        key = marshal.dumps(plain, _BY_CONTENT)
        if key not in known:
            known[key] = function(*arguments)
        return known[key]

    return memoized


class TableMutantChecker:
    """Checks the mutants of the front end's tables with the cases that access the table.

    Used within `without_fast_path`.
    """

    def __init__(self) -> None:
        # The front end is the same for all targets, so the cases of one are enough.
        self._target = named_target(own_target_names()[0])
        self._cases = {case.id: case for case in CASES if case.target == self._target.name}
        self._recent: list[str] = []
        self._table = ("", "")
        self._accessing = self._cases_accessing_tables()

    def verdict(self, mutant: TableMutant) -> Verdict:
        """The outcome of a mutant."""
        if (mutant.module, mutant.table) != self._table:
            self._table, self._recent = (mutant.module, mutant.table), []
        accessing = self._accessing.get(self._table, tuple(self._cases))
        with replace_table(mutant, mutant.value):
            for name in dict.fromkeys((*self._recent, *accessing)):
                if is_caught_by(self._cases[name], self._target):
                    self._recent = [name, *(each for each in self._recent if each != name)]
                    return Verdict(mutant, "caught", name)
        return Verdict(mutant, "survived")

    def _cases_accessing_tables(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """For each table that can be watched, the cases that access it."""
        watched: dict[tuple[str, str], Watched] = {}
        accessing: dict[tuple[str, str], list[str]] = {}
        with ExitStack() as stack:
            for mutant in {(each.module, each.table): each for each in table_mutants()}.values():
                table = watch(original(mutant))
                if table is not None:
                    watched[mutant.module, mutant.table] = table
                    stack.enter_context(replace_table(mutant, table))
            for case in self._cases.values():
                for table in watched.values():
                    table.accessed = False
                run_case(case, self._target)
                for name, table in watched.items():
                    if table.accessed:
                        accessing.setdefault(name, []).append(case.id)
        return {name: tuple(accessing.get(name, ())) for name in watched}
