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
from compiler.engine.evaluator import Doubtful, Evaluator, Items
from compiler.engine.findings import MAXIMUM_RELATED, MORE, Said, more_findings, note
from compiler.engine.provenance import Trace, Tracer
from compiler.engine.traced_value import (
    Data,
    Mark,
    Node,
    UnknownMembers,
    array,
    child,
    derived,
    identity,
    missing,
    plain,
    poison,
    record,
    replaced,
    traced,
)
from compiler.json_io.issues import MAXIMUM_LISTED
from compiler.json_io.pointer import Origin, Places, Tokens, caseless, origin_of

if TYPE_CHECKING:
    from jsonschema import ValidationError

UNSUPPORTED, DROPPED, EXCEEDED = "UnsupportedFeature", "FeatureDropped", "LimitExceeded"

_MOST_SCHEMA_ERRORS = 10 * MAXIMUM_LISTED  # that are looked at; several may be about the same value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gives. `hits` are the places (rules, branches, fallbacks, limits) that did something.

    `output` is None where an error was said or the input held an invalid value that mattered; `traced` is the same with
    origins, and `trace` what became of what, where that was asked for.
    """

    output: Any
    said: tuple[Said, ...]
    requires: tuple[Mapping[str, Any], ...]
    traced: Node
    hits: frozenset[str]
    trace: Trace | None = None

    @property
    def attempt(self) -> Any:
        """What the rules have written, errors or not; whatever is invalid in it is left out. It is a copy."""
        return None if self.traced.invalid else plain(self.traced)


def run(
    ruleset: ir.Ruleset,
    document: Any,
    invalid: Collection[str] = (),
    ignored: bool | Collection[str] | None = False,
    *,
    explaining: bool = False,
) -> Outcome:
    """Applies the rules to a JSON document.

    `invalid` are pointers to values already reported: they are poisoned. `ignored` are the unsupported features to do
    without (True: all that may be ignored; None: it is not known which, so nothing is said of those). `explaining` asks
    for the trace. The document is not changed, and the output shares nothing with it.
    """
    return _Run(ruleset, traced(document, Places(invalid)), ignored, Tracer() if explaining else None).outcome()


class _Run:
    def __init__(
        self, ruleset: ir.Ruleset, document: Node, ignored: bool | Collection[str] | None, tracer: Tracer | None
    ) -> None:
        self._ruleset = ruleset
        self._evaluate = Evaluator(ruleset, document, tracer)
        self._tracer = tracer
        self._ignored = ignored
        self._features: Collection[str] = () if ignored is None or isinstance(ignored, bool) else ignored
        self._said: dict[Any, Said] = {}
        self._listed: Counter[str] = Counter()
        self._requires: list[Mapping[str, Any]] = []

    def outcome(self) -> Outcome:
        for rule in self._ruleset.build + self._ruleset.override + self._ruleset.verify:
            self._apply(rule)
        said = tuple(self._said.values())
        failed = self._evaluate.output.poisoned or self._listed["error"] > 0
        self._leave_out_empties()
        for rule in () if failed else self._ruleset.fan_out:
            self._apply(rule)
        failed = failed or self._evaluate.output.poisoned
        output = None if failed else plain(self._evaluate.output)
        return Outcome(
            output,
            said,
            tuple(self._requires),
            self._evaluate.output,
            frozenset(self._evaluate.hits),
            None if self._tracer is None else self._tracer.trace(self._evaluate.output),
        )

    def _leave_out_empties(self) -> None:
        """Takes out the empty lists and objects that were merged into the output, unless they are kept."""
        output = self._evaluate.output
        if not self._ruleset.keeps_empty and type(output.data) is dict:
            kept = {name: member for name, member in output.data.items() if not member.empty}
            self._evaluate.output = record(kept, output.origin, output.sources)

    # --- Rules --------------------------------------------------------------------------------------------------------

    def _apply(self, rule: ir.Rule, items: Items = ()) -> None:
        self._evaluate.forget()
        if isinstance(rule, ir.Report) and rule.over is not None:
            for item in self._evaluate.items(self._evaluate.value(rule.over, items)):
                if not item.invalid:
                    self._apply_to(rule, (*items, item))
        else:
            self._apply_to(rule, items)

    def _apply_to(self, rule: ir.Rule, items: Items) -> None:
        applies = True if rule.when is None else self._tested(rule.when, items)
        if applies is not False:
            self._apply_all_of(rule, items, applies)
        if rule.when is not None:
            self._untested()

    def _tested(self, test: ir.Test, items: Items) -> bool | None:
        """Whether a test holds that decides what is done next, up to `_untested`."""
        if self._tracer is not None:
            self._tracer.begin_test()
        held = self._evaluate.test(test, items)
        if self._tracer is not None:
            self._tracer.end_test()
        return held

    def _untested(self) -> None:
        if self._tracer is not None:
            self._tracer.leave()

    def _apply_all_of(self, rule: ir.Rule, items: Items, applies: bool | None) -> None:
        if applies is None:  # it rests on an invalid value: whatever the rule would write is not known
            if isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
                self._write(rule, poison())
            elif isinstance(rule, ir.ChooseRules):
                self._poison_all(rule)
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
                if self._say(rule, rule.severity, rule.finding, items):
                    self._evaluate.hits.add(rule.id)
            case ir.Refuse():
                self._refuse(rule, rule.unsupported, f"{rule.id}#/unsupported", items)
            case ir.Limit():
                self._limit(rule)
            case ir.Require():
                self._require(rule)
            case ir.Conform():
                self._conform(rule)

    def _put(self, rule: ir.Put, items: Items) -> None:
        if rule.invalid is not None:
            refused = self._evaluate.test(rule.invalid.when, items)
            if refused is not False:
                if refused:
                    self._evaluate.hits.add(f"{rule.id}#/invalid")
                    self._say(rule, "error", rule.invalid.finding, items)
                self._write(rule, poison())
                return
        value: Node | None = None
        if rule.unsupported is not None and self._refuse(rule, rule.unsupported, f"{rule.id}#/unsupported", items):
            match rule.unsupported.fallback:
                case ir.Drop():
                    return
                case ir.Value() as instead:
                    value = self._evaluate.value_to_write(instead, items)
        value = self._evaluate.value_to_write(rule.value, items) if value is None else value
        if value.absent or (value.empty and not self._ruleset.keeps_empty):
            return
        self._evaluate.hits.add(rule.id)
        self._write(rule, value)

    def _put_each(self, rule: ir.PutEach, items: Items) -> None:
        source = self._evaluate.value_to_write(rule.over, items)
        if source.absent:
            return
        if source.invalid:
            self._write(rule, poison(source.origin))
            return
        outer = self._evaluate.output
        made = []
        for item in self._evaluate.items(source):
            self._evaluate.output = Node({}, item.origin)
            for inner in () if item.invalid else rule.rules:
                self._apply(inner, (*items, item))
            made.append(poison(item.origin) if item.invalid else self._evaluate.output)
        self._evaluate.output = outer
        if made or self._ruleset.keeps_empty:
            self._evaluate.hits.add(rule.id)
            value = array(made, source.origin)
            # Where it is not known which items there are, it is not known which objects either.
            self._write(rule, replace(value, data=Doubtful(made)) if isinstance(source.data, Doubtful) else value)

    def _write(self, rule: ir.Put | ir.PutEach | ir.MergeInto, value: Node) -> None:
        if self._tracer is not None:
            if not isinstance(rule, ir.MergeInto):
                self._tracer.passed_over(self._evaluate.out(rule.target), value)
            value = self._tracer.claimed(value, rule.id)
        self._evaluate.output = replaced(self._evaluate.output, rule.target, value)

    def _merge_into(self, rule: ir.MergeInto) -> None:
        value = self._evaluate.value_to_write(rule.value, ())
        if value.absent or value.empty:
            return
        if not isinstance(value.data, dict):
            self._write(rule, poison(value.origin))
            return
        self._evaluate.hits.add(rule.id)
        self._write(rule, self._merged(rule, rule.target, self._evaluate.out(rule.target), value, deeper=True))

    def _merged(self, rule: ir.MergeInto, place: Tokens, below: Node, above: Node, *, deeper: bool) -> Node:
        """The members of `above` over those of `below`; objects among them likewise, one level deep."""
        if below.invalid or any(isinstance(each.data, UnknownMembers) for each in (below, above)):
            # which members there are is not known
            return poison(below.origin, (below, above))
        members = dict(below.data) if isinstance(below.data, dict) else {}
        spellings = rule.spellings.get(place)
        there: dict[str, str] = {} if spellings is None else {caseless(name): name for name in sorted(members)}
        for name, value in sorted(above.data.items() if isinstance(above.data, dict) else ()):
            spelled = name if spellings is None else spellings.get(caseless(name), name)
            before = there.get(caseless(spelled), spelled)
            under = members.get(before, missing())
            if before != spelled:
                del members[before]
            there[caseless(spelled)] = spelled
            inner = (*place, spelled)
            merges = under.invalid or isinstance(under.data, dict) or inner in rule.spellings
            merged = deeper and isinstance(value.data, dict) and merges
            if merged:
                value = self._merged(rule, inner, under, value, deeper=False)
            says_nothing = value.empty and not self._ruleset.keeps_empty and type(value.data) is type(under.data)
            if self._tracer is not None and not (merged or says_nothing):
                self._tracer.passed_over(under, value)
            members[spelled] = under if says_nothing else value
        return record(members, below.origin if deeper else below.origin or above.origin, (below, above))

    def _choose_rules(self, rule: ir.ChooseRules, items: Items) -> None:
        ways = rule.ways if rule.otherwise is None else (*rule.ways, rule.otherwise)
        for way in ways:
            holds = True if way.when is None else self._tested(way.when, items)
            if holds is None:
                self._poison_all(rule)
            elif holds:
                self._evaluate.hits.add(way.place)
                for inner in way.rules:
                    self._apply(inner, items)
            if way.when is not None:
                self._untested()
            if holds is not False:
                return

    def _poison_all(self, rule: ir.ChooseRules) -> None:
        """It is not known which way to go: whatever any of them writes is not known either."""
        for way in (*rule.ways, *(() if rule.otherwise is None else (rule.otherwise,))):
            for inner in way.rules:
                if isinstance(inner, ir.Put | ir.PutEach | ir.MergeInto):
                    self._write(inner, poison())
                elif isinstance(inner, ir.ChooseRules):
                    self._poison_all(inner)

    def _refuse(self, rule: ir.Rule, unsupported: ir.Unsupported, place: str, items: Items) -> bool:
        """Says that the feature is not supported, where it is in use; true if it is ignored and the fallback is due."""
        if unsupported.over is not None:
            found = self._evaluate.items(self._evaluate.value(unsupported.over, items))
        else:
            assert unsupported.of is not None  # noqa: S101 - the loader sees to it
            value = self._evaluate.value(unsupported.of, items)
            found = () if value.absent or value.empty else (value,)
        if unsupported.ignorable and self._ignored is None:
            return False
        offenders = tuple(each for each in found if not each.poisoned)
        ignored = unsupported.ignorable and (self._ignored is True or unsupported.feature in self._features)
        for offender in offenders:
            self._add(
                Said(
                    "warning" if ignored else "error",
                    DROPPED if ignored else UNSUPPORTED,
                    _text(offender.origin),
                    {"feature": unsupported.feature},
                    f"not supported: {unsupported.feature}" + ("; ignored, as asked" if ignored else ""),
                    rule.doc if ignored else unsupported.hint or rule.doc,
                    rule.id,
                )
            )
        if offenders:
            self._evaluate.hits.add(f"{place}/fallback" if ignored else place)
            if isinstance(rule, ir.Refuse):
                self._evaluate.hits.add(rule.id)
        return bool(offenders) and ignored

    def _limit(self, rule: ir.Limit) -> None:
        value = self._evaluate.value(rule.of, ())
        data = value.data
        if value.poisoned:  # what is invalid may come to more, or to less
            return
        actual: int
        if (isinstance(data, str) and rule.measure == "length") or (
            isinstance(data, tuple) and rule.measure == "count"
        ):
            actual = len(data)
        elif rule.measure == "total" and isinstance(data, tuple):
            actual = sum(_whole(each.data) for each in data)
        else:
            return
        self._evaluate.hits.add(rule.id)
        if actual > rule.at_most:
            self._evaluate.hits.add(f"{rule.id}#/limit")
            params = {"limit": rule.at_most, "actual": actual}
            what = {"length": "characters long", "count": "items", "total": "in all"}[rule.measure]
            message = f"{actual:,} {what}, and {rule.at_most:,} are allowed"
            origin = value.origin
            if rule.at_largest and isinstance(data, tuple):
                origin = max(data, key=lambda each: _whole(each.data)).origin
            self._add(Said("error", EXCEEDED, _text(origin), params, message, rule.hint or rule.doc, rule.id))

    def _require(self, rule: ir.Require) -> None:
        members = {name: self._evaluate.value(value, ()) for name, value in rule.members}
        if not any(member.poisoned for member in members.values()):
            self._evaluate.hits.add(rule.id)
            self._requires.append(plain(record({name: each for name, each in members.items() if not each.absent})))

    def _conform(self, rule: ir.Conform) -> None:
        self._evaluate.hits.add(rule.id)
        refused = {each.at for each in self._said.values() if each.severity == "error"}
        faulty: dict[Tokens, None] = {}
        # The placeholder for an invalid value is null; what is said of it is said already.
        output = _with_nulls(self._evaluate.output)
        if self._ruleset.judge.accepts(output, rule.exempt):
            return
        errors = (error for error in self._ruleset.judge.errors(output) if error.validator not in rule.exempt)
        for index, error in enumerate(errors):
            if index == _MOST_SCHEMA_ERRORS:
                self._said[MORE["error"]] = more_findings("error", None)
                break
            place = _place_of(error)
            if not place or place in faulty:
                continue
            value = self._evaluate.out(place)
            if value.poisoned or value.origin is None or _is_within(str(value.origin), refused):
                continue
            given = {name: self._evaluate.value(param, ()) for name, param in rule.params}
            if any(each.poisoned for each in given.values()):
                continue
            self._evaluate.hits.add(f"{rule.id}#/conform")
            params = {name: plain(each) for name, each in given.items() if not each.absent}
            problem, hint = self._ruleset.judge.describe(error)
            message = f"{rule.message}: {problem}" if problem else rule.message
            self._add(Said("error", rule.code, str(value.origin), params, message, hint, rule.id))
            faulty[place] = None
        for place in faulty:
            self._poison_at(place)

    def _poison_at(self, place: Tokens) -> None:
        """Poisons what is written at a place, or the list that it is in."""
        found, steps = self._evaluate.output, 0
        while steps < len(place) and isinstance(found.data, dict):
            found, steps = child(found, place[steps]), steps + 1
        self._evaluate.output = replaced(self._evaluate.output, place[:steps], poison(found.origin))

    def _say(self, rule: ir.Rule, severity: str, finding: ir.Finding, items: Items) -> bool:
        """Says it, unless what it is about, or a parameter, rests on an invalid value."""
        at = (
            missing(origin_of(finding.missing or ())) if finding.at is None else self._evaluate.value(finding.at, items)
        )
        params = {name: self._evaluate.value(value, items) for name, value in finding.params}
        if at.invalid or any(value.poisoned for value in params.values()):
            return False
        related = self._evaluate.value(finding.related, items) if finding.related is not None else missing()
        hint = self._evaluate.value(finding.hint, items) if finding.hint is not None else missing()
        self._add(
            Said(
                severity,
                finding.code,
                _text(at.origin),
                {name: plain(value) for name, value in params.items() if not value.absent},
                finding.message,
                hint.data if isinstance(hint.data, str) else None,
                rule.id,
                tuple(
                    str(each.origin)
                    for each in self._evaluate.items(related)[:MAXIMUM_RELATED]
                    if each.origin is not None
                ),
                missing=finding.at is None,
            )
        )
        return True

    def _add(self, said: Said) -> None:
        key = said.severity, said.code, said.at, identity(derived(said.params))
        self._listed[said.severity] += note(self._said, key, said, self._listed[said.severity])


def _text(origin: Origin | None) -> str:
    """The pointer to a place; the whole document where there is none."""
    return "" if origin is None else str(origin)


def _whole(data: Data) -> int:
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


def _place_of(error: ValidationError) -> Tokens:
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


def _with_nulls(node: Node) -> Any:
    if isinstance(node.data, dict):
        return {key: _with_nulls(value) for key, value in node.data.items()}
    if isinstance(node.data, tuple):
        return [_with_nulls(item) for item in node.data]
    return None if isinstance(node.data, Mark) else node.data
