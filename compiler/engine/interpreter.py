"""The interpreter: the reference implementation of the rule language.

It follows the docstring of `compiler.engine`, with one branch for each operator; for speed see `codegen`. Runs share no
state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.engine import ir
from compiler.engine.evaluator import Evaluator, IndeterminateList, Items
from compiler.engine.findings import MAXIMUM_RELATED, MORE, Finding, more_findings, record_finding
from compiler.engine.idle_rules import IdleRules
from compiler.engine.provenance import ProvenanceRecorder, Trace
from compiler.engine.schema import faulty_location
from compiler.engine.semantics import byte_length, match_members
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
from compiler.json_io.pointer import Origin, PointerTree, Tokens, build_origin

UNSUPPORTED, DROPPED, EXCEEDED = "UnsupportedFeature", "FeatureDropped", "LimitExceeded"

_MAX_SCHEMA_ERRORS = 10 * MAXIMUM_LISTED  # processed per document; several can be about the same value


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a run. `hits` are the coverage points (rules, branches, fallbacks, limits) that took effect.

    `output` is None if an error was reported or the output depends on an invalid value; `traced_output` is the output
    with origins, also then. `trace` is None unless it was requested.
    """

    output: Any
    findings: tuple[Finding, ...]
    requires: tuple[Mapping[str, Any], ...]
    traced_output: TracedValue
    hits: frozenset[str]
    trace: Trace | None = None

    @property
    def partial_output(self) -> Any:
        """A copy of what the rules have written, even after errors, without the invalid values in it."""
        return None if self.traced_output.invalid else to_json(self.traced_output)


def run(
    ruleset: ir.Ruleset,
    document: Any,
    invalid: Collection[str] = (),
    ignored: bool | Collection[str] | None = False,
    *,
    explaining: bool = False,
    with_conditions: bool = True,
    idle_rules: IdleRules | None = None,
    rules: Collection[str] | None = None,
) -> RunResult:
    """Applies the rules to a JSON document.

    `invalid` are pointers to values that were already reported; they are poisoned. `ignored` are the unsupported
    features to ignore (True: all that are ignorable; None: unknown, so ignorable features are not reported).
    `explaining` requests the trace; without `with_conditions`, a constant in it has no inputs. `idle_rules` make the
    run faster and change nothing else. `rules` are the ids of those to apply, if not all (see `dependencies`); nested
    rules go with theirs. The document is not changed, and the output shares nothing with it.
    """
    recorder = ProvenanceRecorder(with_conditions=with_conditions) if explaining else None
    return _Run(ruleset, trace_document(document, PointerTree(invalid)), ignored, recorder, idle_rules).execute(rules)


def find_idle_rules(ruleset: ir.Ruleset) -> IdleRules:
    """The rules of a ruleset that do nothing without certain members; see `idle_rules`."""

    def is_idle(rule: ir.Rule) -> bool:
        run = _Run(ruleset, trace_document({}, PointerTree()), False, None, None)
        return run.does_nothing(rule)

    return IdleRules(ruleset, is_idle)


class _Run:
    def __init__(
        self,
        ruleset: ir.Ruleset,
        document: TracedValue,
        ignored: bool | Collection[str] | None,
        recorder: ProvenanceRecorder | None,
        idle_rules: IdleRules | None,
    ) -> None:
        self._ruleset = ruleset
        self._members = document.data if type(document.data) is dict else None
        self._idle_rules = idle_rules if self._members is not None and recorder is None else None
        self._evaluator = Evaluator(ruleset, document, recorder)
        self._recorder = recorder
        self._ignored = ignored
        self._features: Collection[str] = () if ignored is None or isinstance(ignored, bool) else ignored
        self._findings: dict[Any, Finding] = {}
        self._listed_counts: Counter[str] = Counter()
        self._requires: list[Mapping[str, Any]] = []

    def execute(self, rules: Collection[str] | None) -> RunResult:
        for rule in self._ruleset.build + self._ruleset.override + self._ruleset.verify:
            if (rules is None or rule.id in rules) and not self._can_skip(rule):
                self._apply(rule)
        findings = tuple(self._findings.values())
        failed = self._evaluator.output.poisoned or self._listed_counts["error"] > 0
        self._remove_empty_members()
        for rule in () if failed else self._ruleset.fan_out:
            self._apply(rule)
        failed = failed or self._evaluator.output.poisoned
        output = None if failed else to_json(self._evaluator.output)
        return RunResult(
            output,
            findings,
            tuple(self._requires),
            self._evaluator.output,
            frozenset(self._evaluator.hits),
            None if self._recorder is None else self._recorder.trace(self._evaluator.output),
        )

    def does_nothing(self, rule: ir.Rule) -> bool:
        """Applies one rule, and returns whether that had no effect."""
        self._apply(rule)
        output = self._evaluator.output
        is_unchanged = type(output.data) is dict and not output.data and not output.poisoned
        return is_unchanged and not self._findings and not self._requires and not self._evaluator.hits

    def _can_skip(self, rule: ir.Rule) -> bool:
        if self._idle_rules is None or self._members is None:
            return False
        output = self._evaluator.output.data
        return type(output) is dict and self._idle_rules.can_skip(rule, self._members, output)

    def _remove_empty_members(self) -> None:
        """Removes the empty lists and objects that were merged into the output, unless they are kept."""
        output = self._evaluator.output
        if not self._ruleset.keeps_empty and type(output.data) is dict:
            kept = self._ruleset.kept_members
            members = {name: member for name, member in output.data.items() if not member.empty or name in kept}
            self._evaluator.output = record(members, output.origin, output.sources)

    # --- Rules --------------------------------------------------------------------------------------------------------

    def _apply(self, rule: ir.Rule, items: Items = ()) -> None:
        self._evaluator.clear_rule_cache()
        if isinstance(rule, ir.Report | ir.Limit) and rule.over is not None:
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
        """Evaluates a test on which everything up to `_leave_condition` depends."""
        if self._recorder is not None:
            self._recorder.begin_condition()
        holds = self._evaluator.test(test, items)
        if self._recorder is not None:
            self._recorder.end_condition()
        return holds

    def _leave_condition(self) -> None:
        if self._recorder is not None:
            self._recorder.leave_condition()

    def _execute(self, rule: ir.Rule, items: Items, applies: bool | None) -> None:
        if applies is None:  # depends on an invalid value: what the rule would write is unknown
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
                self._limit(rule, items)
            case ir.Require():
                self._require(rule)
            case ir.Conform():
                self._conform(rule)

    def _put(self, rule: ir.Put, items: Items) -> None:
        if rule.invalid is not None:
            is_invalid = self._evaluator.test(rule.invalid.when, items)
            if is_invalid is not False:
                if is_invalid:
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
                case ir.Value() as fallback:
                    value = self._evaluator.value_to_write(fallback, items)
        value = self._evaluator.value_to_write(rule.value, items) if value is None else value
        if value.absent or (value.empty and not rule.keeps_empty):
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
        objects = []
        for item in self._evaluator.items(source):
            self._evaluator.output = TracedValue({}, item.origin)
            for inner in () if item.invalid else rule.rules:
                self._apply(inner, (*items, item))
            objects.append(poison(item.origin) if item.invalid else self._evaluator.output)
        self._evaluator.output = outer
        if objects or self._ruleset.keeps_empty:
            self._evaluator.hits.add(rule.id)
            value = array(objects, source.origin)
            # If it is unknown which items exist, it is unknown which objects do.
            self._write(
                rule,
                value._replace(data=IndeterminateList(objects))
                if isinstance(source.data, IndeterminateList)
                else value,
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
        self._write(rule, self._merge_objects(rule, rule.target, self._evaluator.out(rule.target), value))

    def _merge_objects(
        self, rule: ir.MergeInto, location: Tokens, base: TracedValue, overlay: TracedValue, *, inside: bool = False
    ) -> TracedValue:
        """The members of `overlay` over those of `base`; objects among them are merged too, one level or `deep`."""
        if base.invalid or any(isinstance(value.data, PartiallyKnownObject) for value in (base, overlay)):
            # it is unknown which members there are
            return poison(base.origin, (base, overlay))
        members = dict(base.data) if isinstance(base.data, dict) else {}
        added = overlay.data if isinstance(overlay.data, dict) else {}
        for name, spelling, previous in match_members(members, added, rule.spellings.get(location), absent()):
            value, inner = added[name], (*location, spelling)
            is_mergeable = previous.invalid or isinstance(previous.data, dict) or inner in rule.spellings
            is_merged = (rule.deep or not inside) and isinstance(value.data, dict) and is_mergeable
            if is_merged:
                value = self._merge_objects(rule, inner, previous, value, inside=True)
            is_no_change = value.empty and not self._ruleset.keeps_empty and type(value.data) is type(previous.data)
            if self._recorder is not None and not (is_merged or is_no_change):
                self._recorder.discard(previous, value)
            members[spelling] = previous if is_no_change else value
        return record(members, base.origin or overlay.origin if inside else base.origin, (base, overlay))

    def _choose_rules(self, rule: ir.ChooseRules, items: Items) -> None:
        branches = rule.branches if rule.otherwise is None else (*rule.branches, rule.otherwise)
        for branch in branches:
            holds = True if branch.when is None else self._enter_condition(branch.when, items)
            if holds is None:
                self._poison_targets(rule)
            elif holds:
                self._evaluator.hits.add(branch.location)
                for inner in branch.rules:
                    self._apply(inner, items)
            if branch.when is not None:
                self._leave_condition()
            if holds is not False:
                return

    def _poison_targets(self, rule: ir.ChooseRules) -> None:
        """Poisons everything that any branch would write, because it is unknown which branch applies."""
        for branch in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
            for inner in branch.rules:
                if isinstance(inner, ir.Put | ir.PutEach | ir.MergeInto):
                    self._write(inner, poison())
                elif isinstance(inner, ir.ChooseRules):
                    self._poison_targets(inner)

    def _report_unsupported(self, rule: ir.Rule, unsupported: ir.Unsupported, point: str, items: Items) -> bool:
        """Reports that the feature is not supported, if it is in use; true if the fallback applies."""
        if unsupported.over is not None:
            used = self._evaluator.items(self._evaluator.value(unsupported.over, items))
        else:
            assert unsupported.of is not None  # noqa: S101 - the loader checks it
            value = self._evaluator.value(unsupported.of, items)
            used = () if value.absent or value.empty else (value,)
        if unsupported.ignorable and self._ignored is None:
            return False
        offenders = tuple(value for value in used if not value.poisoned)
        ignored = unsupported.ignorable and (self._ignored is True or unsupported.feature in self._features)
        for offender in offenders:
            self._add_finding(
                Finding(
                    "warning" if ignored else "error",
                    DROPPED if ignored else UNSUPPORTED,
                    _pointer_text(offender.origin),
                    {"feature": unsupported.feature},
                    f"not supported: {unsupported.feature}" + ("; ignored as requested" if ignored else ""),
                    rule.doc if ignored else unsupported.hint or rule.doc,
                    rule.id,
                )
            )
        if offenders:
            self._evaluator.hits.add(f"{point}/fallback" if ignored else point)
            if isinstance(rule, ir.UnsupportedRule):
                self._evaluator.hits.add(rule.id)
        return bool(offenders) and ignored

    def _limit(self, rule: ir.Limit, items: Items) -> None:
        value = self._evaluator.value(rule.of, items)
        data = value.data
        if value.poisoned:  # its true size is unknown
            return
        actual: int
        if (isinstance(data, str) and rule.measure == "length") or (
            isinstance(data, tuple) and rule.measure == "count"
        ):
            actual = len(data)
        elif rule.measure == "byte_length" and isinstance(data, str):
            actual = byte_length(data)
        elif rule.measure == "total" and isinstance(data, tuple):
            actual = sum(_integral(item.data) for item in data)
        else:
            return
        self._evaluator.hits.add(rule.id)
        if actual > rule.at_most:
            self._evaluator.hits.add(f"{rule.id}#/limit")
            params = {"limit": rule.at_most, "actual": actual}
            what = {"length": "characters", "byte_length": "bytes", "count": "items", "total": "in total"}[rule.measure]
            message = f"{actual:,} {what}, at most {rule.at_most:,} allowed"
            origin = value.origin
            if rule.at_largest and isinstance(data, tuple):
                origin = max(data, key=lambda item: _integral(item.data)).origin
            self._add_finding(
                Finding("error", EXCEEDED, _pointer_text(origin), params, message, rule.hint or rule.doc, rule.id)
            )

    def _require(self, rule: ir.Require) -> None:
        members = {name: self._evaluator.value(value, ()) for name, value in rule.members}
        if not any(member.poisoned for member in members.values()):
            self._evaluator.hits.add(rule.id)
            self._requires.append(
                to_json(record({name: member for name, member in members.items() if not member.absent}))
            )

    def _conform(self, rule: ir.Conform) -> None:
        self._evaluator.hits.add(rule.id)
        rejected = {finding.at for finding in self._findings.values() if finding.severity == "error"}
        faulty: dict[Tokens, None] = {}
        # Null stands for an invalid value, which has been reported already.
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
            location = faulty_location(error)
            if not location or location in faulty:
                continue
            value = self._evaluator.out(location)
            if value.poisoned or value.origin is None or _is_within(str(value.origin), rejected):
                continue
            params = {name: self._evaluator.value(param, ()) for name, param in rule.params}
            if any(param.poisoned for param in params.values()):
                continue
            self._evaluator.hits.add(f"{rule.id}#/conform")
            plain_params = {name: to_json(param) for name, param in params.items() if not param.absent}
            problem, hint = self._ruleset.output_validator.describe(error)
            message = f"{rule.message}: {problem}" if problem else rule.message
            self._add_finding(Finding("error", rule.code, str(value.origin), plain_params, message, hint, rule.id))
            faulty[location] = None
        for location in faulty:
            self._poison_at(location)

    def _poison_at(self, location: Tokens) -> None:
        """Poisons the value at a location of the output, or the list that contains it."""
        value, depth = self._evaluator.output, 0
        while depth < len(location) and isinstance(value.data, dict):
            value, depth = child(value, location[depth]), depth + 1
        self._evaluator.output = with_value_at(self._evaluator.output, location[:depth], poison(value.origin))

    def _report(self, rule: ir.Rule, severity: str, spec: ir.ReportSpec, items: Items) -> bool:
        """Reports a finding, unless its value or a parameter is invalid; true if it did."""
        at = absent(build_origin(spec.missing or ())) if spec.at is None else self._evaluator.value(spec.at, items)
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
                    str(value.origin)
                    for value in self._evaluator.items(related)[:MAXIMUM_RELATED]
                    if value.origin is not None
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
    """The pointer of an origin; that of the whole document for None."""
    return "" if origin is None else str(origin)


def _integral(data: Data) -> int:
    """The integer that an item adds to a total: 1.0 counts, other values are 0."""
    if isinstance(data, float):
        return int(data) if data.is_integer() else 0
    return data if isinstance(data, int) and not isinstance(data, bool) else 0


def _is_within(pointer: str, rejected: Collection[str]) -> bool:
    """Whether the pointer or an ancestor other than the root is among the rejected ones."""
    while pointer not in rejected:
        pointer = pointer.rpartition("/")[0]
        if not pointer:
            return False
    return True


def _to_json_with_nulls(value: TracedValue) -> Any:
    if isinstance(value.data, dict):
        return {key: _to_json_with_nulls(member) for key, member in value.data.items()}
    if isinstance(value.data, tuple):
        return [_to_json_with_nulls(item) for item in value.data]
    return None if isinstance(value.data, Mark) else value.data
