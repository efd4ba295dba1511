"""The interpreter: the reference for what a ruleset means.

It is written to be read beside the essay in the package's `__init__`, one branch for each word of the language; speed
is the business of another backend. A run takes a document and gives an outcome; between runs nothing is kept.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from compiler.engine import ir
from compiler.engine.evaluator import Evaluator, IndeterminateList, Items
from compiler.engine.findings import MAXIMUM_RELATED, MORE, Finding, more_findings, record_finding
from compiler.engine.provenance import ProvenanceRecorder, Trace
from compiler.engine.traced_value import (
    Data,
    Mark,
    PartiallyKnownObject,
    TracedValue,
    absent,
    array,
    child,
    constant_value,
    identity,
    poison,
    record,
    to_json,
    trace_document,
    with_value_at,
)
from compiler.json_io.issues import MAXIMUM_LISTED
from compiler.json_io.pointer import Origin, Places, Tokens, caseless, origin_of

if TYPE_CHECKING:
    from jsonschema import ValidationError

UNSUPPORTED, DROPPED, EXCEEDED = "UnsupportedFeature", "FeatureDropped", "LimitExceeded"

_MAX_SCHEMA_ERRORS = 10 * MAXIMUM_LISTED  # that are looked at; several may be about the same value


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run gives. `hits` are the places (rules, branches, fallbacks, limits) that did something.

    `output` is None where an error was said or the input held an invalid value that mattered; `traced` is the same with
    origins, and `trace` what became of what, where that was asked for.
    """

    output: Any
    findings: tuple[Finding, ...]
    requires: tuple[Mapping[str, Any], ...]
    traced_output: TracedValue
    hits: frozenset[str]
    trace: Trace | None = None

    @property
    def partial_output(self) -> Any:
        """What the rules have written, errors or not; whatever is invalid in it is left out. It is a copy."""
        return None if self.traced_output.invalid else to_json(self.traced_output)


def run(
    ruleset: ir.Ruleset,
    document: Any,
    invalid: Collection[str] = (),
    ignored: bool | Collection[str] | None = False,
    *,
    explaining: bool = False,
) -> RunResult:
    """Applies the rules to a JSON document.

    `invalid` are pointers to values already reported: they are poisoned. `ignored` are the unsupported features to do
    without (True: all that may be ignored; None: it is not known which, so nothing is said of those). `explaining` asks
    for the trace. The document is not changed, and the output shares nothing with it.
    """
    return _Run(
        ruleset, trace_document(document, Places(invalid)), ignored, ProvenanceRecorder() if explaining else None
    ).execute()


class _Run:
    def __init__(
        self,
        ruleset: ir.Ruleset,
        document: TracedValue,
        ignored: bool | Collection[str] | None,
        recorder: ProvenanceRecorder | None,
    ) -> None:
        self._ruleset = ruleset
        self._evaluator = Evaluator(ruleset, document, recorder)
        self._recorder = recorder
        self._ignored = ignored
        self._features: Collection[str] = () if ignored is None or isinstance(ignored, bool) else ignored
        self._findings: dict[Any, Finding] = {}
        self._listed_counts: Counter[str] = Counter()
        self._requires: list[Mapping[str, Any]] = []

    def execute(self) -> RunResult:
        for rule in self._ruleset.build + self._ruleset.override + self._ruleset.verify:
            self._apply(rule)
        said = tuple(self._findings.values())
        failed = self._evaluator.output.poisoned or self._listed_counts["error"] > 0
        self._remove_empty_members()
        for rule in () if failed else self._ruleset.fan_out:
            self._apply(rule)
        failed = failed or self._evaluator.output.poisoned
        output = None if failed else to_json(self._evaluator.output)
        return RunResult(
            output,
            said,
            tuple(self._requires),
            self._evaluator.output,
            frozenset(self._evaluator.hits),
            None if self._recorder is None else self._recorder.trace(self._evaluator.output),
        )

    def _remove_empty_members(self) -> None:
        """Takes out the empty lists and objects that were merged into the output, unless they are kept."""
        output = self._evaluator.output
        if not self._ruleset.keeps_empty and type(output.data) is dict:
            kept = {name: member for name, member in output.data.items() if not member.empty}
            self._evaluator.output = record(kept, output.origin, output.sources)

    # --- Rules --------------------------------------------------------------------------------------------------------

    def _apply(self, rule: ir.Rule, items: Items = ()) -> None:
        self._evaluator.clear_rule_cache()
        if isinstance(rule, ir.Report) and rule.over is not None:
            for item in self._evaluator.items(self._evaluator.value(rule.over, items)):
                if not item.invalid:
                    self._apply_to(rule, (*items, item))
        else:
            self._apply_to(rule, items)

    def _apply_to(self, rule: ir.Rule, items: Items) -> None:
        applies = True if rule.when is None else self._enter_condition(rule.when, items)
        if applies is not False:
            self._execute(rule, items, applies)
        if rule.when is not None:
            self._leave_condition()

    def _enter_condition(self, test: ir.Test, items: Items) -> bool | None:
        """Whether a test holds that decides what is done next, up to `_leave_condition`."""
        if self._recorder is not None:
            self._recorder.begin_condition()
        held = self._evaluator.test(test, items)
        if self._recorder is not None:
            self._recorder.end_condition()
        return held

    def _leave_condition(self) -> None:
        if self._recorder is not None:
            self._recorder.leave_condition()

    def _execute(self, rule: ir.Rule, items: Items, applies: bool | None) -> None:
        if applies is None:  # it rests on an invalid value: whatever the rule would write is not known
            if isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
                self._write(rule, poison())
            elif isinstance(rule, ir.ChooseRules):
                self._poison_targets(rule)
            return
        match rule:
            case ir.Put():
                self._put(rule, items)
            case ir.PutEach():
                self._put_each(rule, items)
            case ir.MergeInto():
                self._merge_into(rule)
            case ir.ChooseRules():
                self._choose_rules(rule, items)
            case ir.Report():
                if self._report(rule, rule.severity, rule.spec, items):
                    self._evaluator.hits.add(rule.id)
            case ir.UnsupportedRule():
                self._report_unsupported(rule, rule.unsupported, f"{rule.id}#/unsupported", items)
            case ir.Limit():
                self._limit(rule)
            case ir.Require():
                self._require(rule)
            case ir.Conform():
                self._conform(rule)

    def _put(self, rule: ir.Put, items: Items) -> None:
        if rule.invalid is not None:
            refused = self._evaluator.test(rule.invalid.when, items)
            if refused is not False:
                if refused:
                    self._evaluator.hits.add(f"{rule.id}#/invalid")
                    self._report(rule, "error", rule.invalid.spec, items)
                self._write(rule, poison())
                return
        value: TracedValue | None = None
        if rule.unsupported is not None and self._report_unsupported(
            rule, rule.unsupported, f"{rule.id}#/unsupported", items
        ):
            match rule.unsupported.fallback:
                case ir.Drop():
                    return
                case ir.Value() as instead:
                    value = self._evaluator.value_to_write(instead, items)
        value = self._evaluator.value_to_write(rule.value, items) if value is None else value
        if value.absent or (value.empty and not self._ruleset.keeps_empty):
            return
        self._evaluator.hits.add(rule.id)
        self._write(rule, value)

    def _put_each(self, rule: ir.PutEach, items: Items) -> None:
        source = self._evaluator.value_to_write(rule.over, items)
        if source.absent:
            return
        if source.invalid:
            self._write(rule, poison(source.origin))
            return
        outer = self._evaluator.output
        made = []
        for item in self._evaluator.items(source):
            self._evaluator.output = TracedValue({}, item.origin)
            for inner in () if item.invalid else rule.rules:
                self._apply(inner, (*items, item))
            made.append(poison(item.origin) if item.invalid else self._evaluator.output)
        self._evaluator.output = outer
        if made or self._ruleset.keeps_empty:
            self._evaluator.hits.add(rule.id)
            value = array(made, source.origin)
            # Where it is not known which items there are, it is not known which objects either.
            self._write(
                rule,
                replace(value, data=IndeterminateList(made)) if isinstance(source.data, IndeterminateList) else value,
            )

    def _write(self, rule: ir.Put | ir.PutEach | ir.MergeInto, value: TracedValue) -> None:
        if self._recorder is not None:
            if not isinstance(rule, ir.MergeInto):
                self._recorder.discard(self._evaluator.out(rule.target), value)
            value = self._recorder.attribute_to(value, rule.id)
        self._evaluator.output = with_value_at(self._evaluator.output, rule.target, value)

    def _merge_into(self, rule: ir.MergeInto) -> None:
        value = self._evaluator.value_to_write(rule.value, ())
        if value.absent or value.empty:
            return
        if not isinstance(value.data, dict):
            self._write(rule, poison(value.origin))
            return
        self._evaluator.hits.add(rule.id)
        self._write(rule, self._merge_objects(rule, rule.target, self._evaluator.out(rule.target), value, deeper=True))

    def _merge_objects(
        self, rule: ir.MergeInto, place: Tokens, below: TracedValue, above: TracedValue, *, deeper: bool
    ) -> TracedValue:
        """The members of `above` over those of `below`; objects among them likewise, one level deep."""
        if below.invalid or any(isinstance(each.data, PartiallyKnownObject) for each in (below, above)):
            # which members there are is not known
            return poison(below.origin, (below, above))
        members = dict(below.data) if isinstance(below.data, dict) else {}
        spellings = rule.spellings.get(place)
        there: dict[str, str] = {} if spellings is None else {caseless(name): name for name in sorted(members)}
        for name, value in sorted(above.data.items() if isinstance(above.data, dict) else ()):
            spelled = name if spellings is None else spellings.get(caseless(name), name)
            before = there.get(caseless(spelled), spelled)
            under = members.get(before, absent())
            if before != spelled:
                del members[before]
            there[caseless(spelled)] = spelled
            inner = (*place, spelled)
            merges = under.invalid or isinstance(under.data, dict) or inner in rule.spellings
            merged = deeper and isinstance(value.data, dict) and merges
            if merged:
                value = self._merge_objects(rule, inner, under, value, deeper=False)
            says_nothing = value.empty and not self._ruleset.keeps_empty and type(value.data) is type(under.data)
            if self._recorder is not None and not (merged or says_nothing):
                self._recorder.discard(under, value)
            members[spelled] = under if says_nothing else value
        return record(members, below.origin if deeper else below.origin or above.origin, (below, above))

    def _choose_rules(self, rule: ir.ChooseRules, items: Items) -> None:
        ways = rule.branches if rule.otherwise is None else (*rule.branches, rule.otherwise)
        for way in ways:
            holds = True if way.when is None else self._enter_condition(way.when, items)
            if holds is None:
                self._poison_targets(rule)
            elif holds:
                self._evaluator.hits.add(way.location)
                for inner in way.rules:
                    self._apply(inner, items)
            if way.when is not None:
                self._leave_condition()
            if holds is not False:
                return

    def _poison_targets(self, rule: ir.ChooseRules) -> None:
        """It is not known which way to go: whatever any of them writes is not known either."""
        for way in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
            for inner in way.rules:
                if isinstance(inner, ir.Put | ir.PutEach | ir.MergeInto):
                    self._write(inner, poison())
                elif isinstance(inner, ir.ChooseRules):
                    self._poison_targets(inner)

    def _report_unsupported(self, rule: ir.Rule, unsupported: ir.Unsupported, place: str, items: Items) -> bool:
        """Says that the feature is not supported, where it is in use; true if it is ignored and the fallback is due."""
        if unsupported.over is not None:
            found = self._evaluator.items(self._evaluator.value(unsupported.over, items))
        else:
            assert unsupported.of is not None  # noqa: S101 - the loader sees to it
            value = self._evaluator.value(unsupported.of, items)
            found = () if value.absent or value.empty else (value,)
        if unsupported.ignorable and self._ignored is None:
            return False
        offenders = tuple(each for each in found if not each.poisoned)
        ignored = unsupported.ignorable and (self._ignored is True or unsupported.feature in self._features)
        for offender in offenders:
            self._add_finding(
                Finding(
                    "warning" if ignored else "error",
                    DROPPED if ignored else UNSUPPORTED,
                    _pointer_text(offender.origin),
                    {"feature": unsupported.feature},
                    f"not supported: {unsupported.feature}" + ("; ignored, as asked" if ignored else ""),
                    rule.doc if ignored else unsupported.hint or rule.doc,
                    rule.id,
                )
            )
        if offenders:
            self._evaluator.hits.add(f"{place}/fallback" if ignored else place)
            if isinstance(rule, ir.UnsupportedRule):
                self._evaluator.hits.add(rule.id)
        return bool(offenders) and ignored

    def _limit(self, rule: ir.Limit) -> None:
        value = self._evaluator.value(rule.of, ())
        data = value.data
        if value.poisoned:  # what is invalid may come to more, or to less
            return
        actual: int
        if (isinstance(data, str) and rule.measure == "length") or (
            isinstance(data, tuple) and rule.measure == "count"
        ):
            actual = len(data)
        elif rule.measure == "total" and isinstance(data, tuple):
            actual = sum(_integral(each.data) for each in data)
        else:
            return
        self._evaluator.hits.add(rule.id)
        if actual > rule.at_most:
            self._evaluator.hits.add(f"{rule.id}#/limit")
            params = {"limit": rule.at_most, "actual": actual}
            what = {"length": "characters long", "count": "items", "total": "in all"}[rule.measure]
            message = f"{actual:,} {what}, and {rule.at_most:,} are allowed"
            origin = value.origin
            if rule.at_largest and isinstance(data, tuple):
                origin = max(data, key=lambda each: _integral(each.data)).origin
            self._add_finding(
                Finding("error", EXCEEDED, _pointer_text(origin), params, message, rule.hint or rule.doc, rule.id)
            )

    def _require(self, rule: ir.Require) -> None:
        members = {name: self._evaluator.value(value, ()) for name, value in rule.members}
        if not any(member.poisoned for member in members.values()):
            self._evaluator.hits.add(rule.id)
            self._requires.append(to_json(record({name: each for name, each in members.items() if not each.absent})))

    def _conform(self, rule: ir.Conform) -> None:
        self._evaluator.hits.add(rule.id)
        refused = {each.at for each in self._findings.values() if each.severity == "error"}
        faulty: dict[Tokens, None] = {}
        # The placeholder for an invalid value is null; what is said of it is said already.
        output = _to_json_with_nulls(self._evaluator.output)
        if self._ruleset.output_validator.accepts(output, rule.exempt):
            return
        errors = (
            error for error in self._ruleset.output_validator.errors(output) if error.validator not in rule.exempt
        )
        for index, error in enumerate(errors):
            if index == _MAX_SCHEMA_ERRORS:
                self._findings[MORE["error"]] = more_findings("error", None)
                break
            place = _faulty_location(error)
            if not place or place in faulty:
                continue
            value = self._evaluator.out(place)
            if value.poisoned or value.origin is None or _is_within(str(value.origin), refused):
                continue
            given = {name: self._evaluator.value(param, ()) for name, param in rule.params}
            if any(each.poisoned for each in given.values()):
                continue
            self._evaluator.hits.add(f"{rule.id}#/conform")
            params = {name: to_json(each) for name, each in given.items() if not each.absent}
            problem, hint = self._ruleset.output_validator.describe(error)
            message = f"{rule.message}: {problem}" if problem else rule.message
            self._add_finding(Finding("error", rule.code, str(value.origin), params, message, hint, rule.id))
            faulty[place] = None
        for place in faulty:
            self._poison_at(place)

    def _poison_at(self, place: Tokens) -> None:
        """Poisons what is written at a place, or the list that it is in."""
        found, steps = self._evaluator.output, 0
        while steps < len(place) and isinstance(found.data, dict):
            found, steps = child(found, place[steps]), steps + 1
        self._evaluator.output = with_value_at(self._evaluator.output, place[:steps], poison(found.origin))

    def _report(self, rule: ir.Rule, severity: str, spec: ir.ReportSpec, items: Items) -> bool:
        """Says it, unless what it is about, or a parameter, rests on an invalid value."""
        at = absent(origin_of(spec.missing or ())) if spec.at is None else self._evaluator.value(spec.at, items)
        params = {name: self._evaluator.value(value, items) for name, value in spec.params}
        if at.invalid or any(value.poisoned for value in params.values()):
            return False
        related = self._evaluator.value(spec.related, items) if spec.related is not None else absent()
        hint = self._evaluator.value(spec.hint, items) if spec.hint is not None else absent()
        self._add_finding(
            Finding(
                severity,
                spec.code,
                _pointer_text(at.origin),
                {name: to_json(value) for name, value in params.items() if not value.absent},
                spec.message,
                hint.data if isinstance(hint.data, str) else None,
                rule.id,
                tuple(
                    str(each.origin)
                    for each in self._evaluator.items(related)[:MAXIMUM_RELATED]
                    if each.origin is not None
                ),
                missing=spec.at is None,
            )
        )
        return True

    def _add_finding(self, finding: Finding) -> None:
        key = finding.severity, finding.code, finding.at, identity(constant_value(finding.params))
        self._listed_counts[finding.severity] += record_finding(
            self._findings, key, finding, self._listed_counts[finding.severity]
        )


def _pointer_text(origin: Origin | None) -> str:
    """The pointer to a place; the whole document where there is none."""
    return "" if origin is None else str(origin)


def _integral(data: Data) -> int:
    """What counts of an item in a total: whole numbers, and 1.0 is one."""
    if isinstance(data, float):
        return int(data) if data.is_integer() else 0
    return data if isinstance(data, int) and not isinstance(data, bool) else 0


def _is_within(pointer: str, refused: Collection[str]) -> bool:
    """Whether the pointer, or anything it is part of, was refused; the whole document is no part in that sense."""
    while pointer not in refused:
        pointer = pointer.rpartition("/")[0]
        if not pointer:
            return False
    return True


def _faulty_location(error: ValidationError) -> Tokens:
    """The deepest value at fault; the output as a whole where none can be named."""
    place = tuple(str(token) for token in error.absolute_path)
    there: Any = error.instance
    needs: Any = error.validator_value
    if "propertyNames" in error.absolute_schema_path and isinstance(there, str):
        return (*place, there)
    if not place and error.validator == "dependentRequired":
        needy = (name for name in needs if name in there and not set(needs[name]) <= set(there))
        return tuple(itertools.islice(needy, 1))
    return place


def _to_json_with_nulls(node: TracedValue) -> Any:
    if isinstance(node.data, dict):
        return {key: _to_json_with_nulls(value) for key, value in node.data.items()}
    if isinstance(node.data, tuple):
        return [_to_json_with_nulls(item) for item in node.data]
    return None if isinstance(node.data, Mark) else node.data
