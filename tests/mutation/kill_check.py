"""Decides for each mutant of a ruleset whether a case catches it, as fast as that can be told without guessing.

A case is caught by what the conformance comparison finds, exactly, or by an exception. Three things make it fast, and
none of them changes the answer: only the rule around the change is loaded anew; what the front end makes of a case is
kept, for no ruleset changes it; and only cases are run that reach the changed place in the rules as they stand, since
a run that does not come there goes as before. Those that claim the rule, or caught its last mutants, go first.
"""

from __future__ import annotations

import json
import marshal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from compiler.conformance.case_files import Case, read_cases
from compiler.conformance.compare import differences
from compiler.conformance.outputs import output_schema
from compiler.conformance.run import run_case
from compiler.engine import RulesetError, check, load_ruleset, loader
from compiler.engine.evaluator import Evaluator
from compiler.engine.interpreter import _Run
from compiler.engine.ir import PHASES, Ruleset
from compiler.engine.schema import dereference
from compiler.frontend import full as front_end
from compiler.frontend.full import canonicalize
from compiler.functions.registry import all_functions
from compiler.json_io import resources
from compiler.json_io.body import read_body
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline import decode
from compiler.pipeline.targets import Target, named_target, validator_of
from tests.mutation.front_end import TableMutant, original, put, watch
from tests.mutation.large import large_cases
from tests.mutation.mutants import Mutant
from tests.test_golden import answer

TARGET = named_target("mailjet-v3")
CASES = tuple(read_cases())

_BY_CONTENT = 2
"""The last version of marshal's format that writes equal values equally, however often they are held."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: `refused` by the loader, `caught` by a case, found by the `checker`, or `survived`."""

    mutant: Mutant | TableMutant
    outcome: str
    by: str = ""


@cache
def document_of(ruleset: str) -> dict[str, Any]:
    """A ruleset of the target as parsed JSON."""
    file = Path(resources.TARGETS) / "mailjet_v3" / f"{ruleset}.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def without_fast_path() -> Any:
    """While it is open, messages are compiled by the full driver and the interpreter, whose mutants these are."""
    return mock.patch.object(pipeline_compile, "_try_fast_path", return_value=None)


def is_caught_by(case: Case, target: Target) -> bool:
    """Whether a case tells the target's rules from those that it was written for."""
    try:
        return bool(differences(case.expect, answer(case, target), output_schema(case)))
    except Exception:
        return True


class Judge:
    """Judges the mutants of one ruleset; to be used within `without_fast_path` and `front_end_kept`."""

    def __init__(self, ruleset: str) -> None:
        self._name = ruleset
        self._original = TARGET.ruleset(ruleset)
        cases = tuple(case for case in CASES if case.ruleset == ruleset)
        cases += large_cases(cases[0]) if ruleset == "send" else ()
        self._cases = {case.id: case for case in cases}
        self._reaching: dict[str, list[str]] = defaultdict(list)
        for case in self._cases.values():
            for place in _reached_by(case):
                if "/large/" not in case.id or place.startswith(case.rules):
                    self._reaching[place].append(case.id)
        self._lately: dict[str, list[str]] = defaultdict(list)
        self._problems = {(each.kind, each.location, each.message) for each in check(self._original)}

    def verdict(self, mutant: Mutant) -> Verdict:
        """What becomes of a mutant."""
        try:
            changed = self._loaded(mutant)
        except RulesetError as error:
            return Verdict(mutant, "refused", error.problem)
        target = Target(TARGET.name, {**TARGET.rulesets, self._name: changed})
        rule = mutant.place.partition("/")[0]
        for name in self._in_order(mutant.reached, rule):
            if is_caught_by(self._cases[name], target):
                lately = self._lately[rule]
                lately[:] = [name, *(each for each in lately if each != name)]
                return Verdict(mutant, "caught", name)
        for each in check(changed):
            if (each.kind, each.location, each.message) not in self._problems:
                return Verdict(mutant, "checker", str(each))
        return Verdict(mutant, "survived")

    def _in_order(self, place: str, rule: str) -> Iterator[str]:
        reaching = self._reaching[place] if place in self._reaching else () if place else list(self._cases)
        claiming = [name for name in reaching if rule in self._cases[name].rules]
        known = set(reaching)
        lately = [name for name in self._lately[rule] if name in known]
        yield from dict.fromkeys((*lately, *claiming, *reaching))

    def _loaded(self, mutant: Mutant) -> Ruleset:
        phase = mutant.path[0]
        if phase not in PHASES or len(mutant.path) == 1:
            return _load(mutant.document)
        rules = getattr(self._original, str(phase))
        index = int(mutant.path[1])
        if mutant.operator == "drop-rule" and len(mutant.path) == 2:
            made: tuple[Any, ...] = ()
        else:
            alone = {key: value for key, value in mutant.document.items() if key not in PHASES}
            made = getattr(_load(alone | {phase: [mutant.document[phase][index]]}), str(phase))
        changed: dict[str, Any] = {str(phase): (*rules[:index], *made, *rules[index + 1 :])}
        return replace(self._original, **changed)


def _load(document: Any) -> Ruleset:
    with mock.patch.object(loader, "dereference", _dereferenced):
        return load_ruleset(json.dumps(document), "mutant", resources.schemas(), all_functions(), validator_of)


@cache
def _dereferenced_once(name: str) -> Any:
    return dereference(name, resources.schemas())


def _dereferenced(name: str, schemas: Any) -> Any:
    return _dereferenced_once(name)


def _reached_by(case: Case) -> set[str]:
    """The rules that a case applies and the expressions that it evaluates, as the engine names them."""
    found: set[str] = {""}

    def noting(method: Callable[..., Any], key: str) -> Callable[..., Any]:
        def noted(self: Any, part: Any, *others: Any) -> Any:
            found.add(getattr(part, key))
            return method(self, part, *others)

        return noted

    with (
        mock.patch.object(Evaluator, "value", noting(Evaluator.value, "place")),
        mock.patch.object(Evaluator, "test", noting(Evaluator.test, "place")),
        mock.patch.object(_Run, "_apply", noting(_Run._apply, "id")),
    ):
        run_case(case, TARGET)
    return found


@contextmanager
def front_end_kept() -> Iterator[None]:
    """While it is open, what is made of a message or a body before any rule runs is made once, and kept."""
    with (
        mock.patch.object(front_end, "canonicalize", _kept(canonicalize)),
        mock.patch.object(decode, "read_body", _kept(read_body)),
        mock.patch.object(decode, "run_send_rules", _kept(pipeline_compile.run_send_rules)),
    ):
        yield


def _kept(function: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[bytes, Any] = {}

    def keeping(*given: Any) -> Any:
        key = marshal.dumps([each for each in given if not isinstance(each, Target)], _BY_CONTENT)
        if key not in known:
            known[key] = function(*given)
        return known[key]

    return keeping


class FrontEndJudge:
    """Judges the mutants of the front end's tables, with the cases in whose runs the table is looked at.

    To be used within `without_fast_path`.
    """

    def __init__(self) -> None:
        self._cases = {case.id: case for case in CASES}
        self._lately: list[str] = []
        self._looking: tuple[str, ...] = ()
        self._table = ("", "")

    def verdict(self, mutant: TableMutant) -> Verdict:
        """What becomes of a mutant."""
        if (mutant.module, mutant.table) != self._table:
            self._table, self._lately = (mutant.module, mutant.table), []
            self._looking = self._cases_looking_at(mutant)
        with put(mutant, mutant.value):
            for name in dict.fromkeys((*self._lately, *self._looking)):
                if is_caught_by(self._cases[name], TARGET):
                    self._lately = [name, *(each for each in self._lately if each != name)]
                    return Verdict(mutant, "caught", name)
        return Verdict(mutant, "survived")

    def _cases_looking_at(self, mutant: TableMutant) -> tuple[str, ...]:
        watched = watch(original(mutant))
        if watched is None:
            return tuple(self._cases)
        looking = []
        with put(mutant, watched):
            for name, case in self._cases.items():
                watched.looked_at = False
                run_case(case, TARGET)
                looking += [name] if watched.looked_at else []
        return tuple(looking)
