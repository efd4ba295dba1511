"""The checker: what is wrong with a ruleset, found without running it.

Rules denote patterns of pointers (`*` is every item or free key), and the patterns are held against the schemas: a leaf
of the input that no rule reads or reports, a write the output does not know or of the wrong type, a second writer
that does not say what it overrides, a value read from the output before anything writes it. Given the places that test
cases hit, it also names the rules, branches, fallbacks and limits that none of them does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from compiler.engine import ir
from compiler.engine.checker.types import Inference, Note, Shapes, alternatives, misfits
from compiler.engine.checker.usage import reads_of
from compiler.engine.schema import ANY_KEY, Schema, at, leaves, types_of
from compiler.json_io.pointer import Tokens, text_of


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: its kind, the ruleset's file, the rule or place it concerns, and what is wrong."""

    kind: str
    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.kind}: {self.message}"


_MEASURED: Mapping[str, Schema] = {
    "length": {"type": "string"},
    "count": {"type": "array"},
    "total": {"type": "array", "items": {"type": "integer"}},
}


def check(
    ruleset: ir.Ruleset, hits: Collection[str] | None = None, codes: Collection[str] | None = None
) -> tuple[Problem, ...]:
    """All that is wrong with a ruleset.

    `hits` are the places that test cases hit, as the interpreter names them, and `codes` those that reports may say;
    None leaves that question out.
    """
    problems: dict[Problem, None] = {}

    def note(kind: str, place: str, message: str) -> None:
        problems.setdefault(Problem(kind, ruleset.file, place, message))

    _check_types(ruleset, note)
    _check_leaves(ruleset, note)
    _check_writers(ruleset.rules, note)
    for rule, code in _codes(ruleset) if codes is not None else ():
        if code not in (codes or ()):
            note("unknown-code", rule, f"the code {code!r} is not registered")
    for place in sorted(places(ruleset) - set(hits)) if hits is not None else ():
        note("never-hit", place, "no test case makes this do anything")
    return tuple(problems)


def places(ruleset: ir.Ruleset) -> frozenset[str]:
    """Every place of a ruleset that can do something, as the interpreter's `hits` name it."""
    found: set[str] = set()
    for rule in ir.all_rules(ruleset.rules):
        if not isinstance(rule, ir.ChooseRules):
            found.add(rule.id)
        match rule:
            case ir.ChooseRules(ways=ways, otherwise=otherwise):
                found.update(way.place for way in (*ways, *(() if otherwise is None else (otherwise,))))
            case ir.Limit():
                found.add(f"{rule.id}#/limit")
            case ir.Conform():
                found.add(f"{rule.id}#/conform")
            case ir.Put(invalid=invalid, unsupported=unsupported):
                found.update(() if invalid is None else (f"{rule.id}#/invalid",))
                found.update(() if unsupported is None else _unsupported_places(rule, unsupported))
            case ir.Refuse(unsupported=unsupported):
                found.update(_unsupported_places(rule, unsupported))
        for value in _values_within(rule):
            if isinstance(value, ir.Choose):
                found.update(case.place for case in value.cases)
                found.update(() if value.otherwise is None else (f"{value.place}/otherwise",))
    return frozenset(found)


def _unsupported_places(rule: ir.Rule, unsupported: ir.Unsupported) -> Iterator[str]:
    yield f"{rule.id}#/unsupported"
    if unsupported.ignorable:
        yield f"{rule.id}#/unsupported/fallback"


def _values_within(part: object) -> Iterator[ir.Value]:
    """All values in a rule, at any depth, but not those of the rules inside it."""
    if isinstance(part, tuple):
        for each in part:
            yield from () if isinstance(each, ir.Rule) else _values_within(each)
    elif isinstance(part, ir.Way):
        yield from _values_within(part.when)
    elif isinstance(part, ir.Rule | ir.Expression | ir.Case | ir.Finding | ir.Refusal | ir.Unsupported):
        if isinstance(part, ir.Value):
            yield part
        for each in fields(part):
            yield from _values_within(getattr(part, each.name))


def _codes(ruleset: ir.Ruleset) -> Iterator[tuple[str, str]]:
    """Each code that a rule may say, with the rule's id."""
    for rule in ir.all_rules(ruleset.rules):
        match rule:
            case ir.Report(finding=finding) | ir.Put(invalid=ir.Refusal(finding=finding)):
                yield rule.id, finding.code
            case ir.Conform(code=code):
                yield rule.id, code


# --- Types ------------------------------------------------------------------------------------------------------------


def _check_types(ruleset: ir.Ruleset, note: Note) -> None:
    infer = Inference(ruleset, note)
    for rule in ruleset.rules:
        _check_rule(rule, infer, note, ())


def _check_rule(rule: ir.Rule, infer: Inference, note: Note, items: tuple[Shapes, ...]) -> None:
    """Checks a rule and those inside it; `items` are the shapes of the items around it."""
    if rule.when is not None and not isinstance(rule, ir.Report):
        infer.test(rule.when, items)
    match rule:
        case ir.Put():
            _check_put(rule, infer, note, items)
        case ir.PutEach(target=target, over=over, rules=rules):
            there = at(infer.output, target)
            if there is None:
                note("unknown-output", rule.id, f"the output schema knows no {text_of(target)}")
            elif "array" not in types_of(there):
                note("wrong-type", rule.id, f"{text_of(target)} is no list")
            made = None if there is None else at(there, (ANY_KEY,))
            item = infer.items_of(infer.value(over, items))
            for each in rules:
                _check_rule(each, infer.within(made or {}), note, (*items, item))
        case ir.MergeInto(value=value, target=target, case_blind=case_blind):
            for tokens in (target, *(target + below for below in case_blind)):
                if at(infer.output, tokens) is None:
                    note("unknown-output", rule.id, f"the output schema knows no {text_of(tokens)}")
            for problem in misfits(infer.value(value), {"type": "object"}):
                note("wrong-type", value.place, problem)
        case ir.ChooseRules(ways=ways, otherwise=otherwise):
            for way in (*ways, *(() if otherwise is None else (otherwise,))):
                if way.when is not None:
                    infer.test(way.when, items)
                for each in way.rules:
                    _check_rule(each, infer, note, items)
        case ir.Report(finding=finding, over=over):
            inner = items if over is None else (*items, infer.items_of(infer.value(over, items)))
            if rule.when is not None:
                infer.test(rule.when, inner)
            _check_finding(finding, rule.id, infer, inner)
        case ir.Refuse(unsupported=unsupported):
            _check_unsupported(unsupported, infer, items)
        case ir.Limit(of=of, measure=measure):
            for problem in misfits(infer.value(of), _MEASURED[measure]):
                note("wrong-type", of.place, f"{measure}: {problem}")
        case ir.Require(members=values) | ir.Conform(params=values):
            for _, value in values:
                infer.value(value)


def _check_put(rule: ir.Put, infer: Inference, note: Note, items: tuple[Shapes, ...]) -> None:
    there = at(infer.output, rule.target)
    if there is None:
        note("unknown-output", rule.id, f"the output schema knows no {text_of(rule.target)}")
    values = [rule.value]
    if rule.unsupported is not None and isinstance(rule.unsupported.fallback, ir.Value):
        values.append(rule.unsupported.fallback)
    for each in values:
        for problem in misfits(infer.value(each, items), there or {}):
            note("wrong-type", each.place, f"{text_of(rule.target)}: {problem}")
    if rule.unsupported is not None:
        _check_unsupported(rule.unsupported, infer, items)
    if rule.invalid is not None:
        infer.test(rule.invalid.when, items)
        _check_finding(rule.invalid.finding, rule.id, infer, items)


def _check_unsupported(unsupported: ir.Unsupported, infer: Inference, items: tuple[Shapes, ...]) -> None:
    for value in (unsupported.of, unsupported.over):
        if value is not None:
            infer.value(value, items)


def _check_finding(finding: ir.Finding, place: str, infer: Inference, items: tuple[Shapes, ...]) -> None:
    if finding.missing is not None:
        infer.pointer(finding.missing, place)
    for value in (finding.at, finding.related, finding.hint, *(param for _, param in finding.params)):
        if value is not None:
            infer.value(value, items)


# --- Leaves -----------------------------------------------------------------------------------------------------------


def _check_leaves(ruleset: ir.Ruleset, note: Note) -> None:
    read = reads_of(ruleset)
    for shape in alternatives(ruleset.input_schema):
        for leaf in leaves(shape):
            if not any(_covers(pattern, leaf) for pattern in read):
                note("unread", text_of(leaf), "no rule reads or reports this, at least in one branch of a choice")


def _covers(pattern: Tokens, leaf: Tokens) -> bool:
    """Whether reading the pattern reads the leaf: all above it, or any key of it where it is an object of free keys."""
    shorter = min(len(pattern), len(leaf))
    if pattern[:shorter] != leaf[:shorter]:
        return False
    return len(pattern) <= len(leaf) or pattern[shorter] == ANY_KEY


# --- Writers ----------------------------------------------------------------------------------------------------------


def _check_writers(rules: Iterable[ir.Rule], note: Note) -> None:
    """Checks rules that write to one output; those inside a `put_each` write to one of their own."""
    written: list[tuple[Tokens, str, Tokens]] = []
    for rule, way in _with_ways(rules, ()):
        for value in _values_within(rule):
            if isinstance(value, ir.Out) and not any(_overlap(value.tokens, earlier) for earlier, _, _ in written):
                note("read-before-written", value.place, f"no rule before this one writes {text_of(value.tokens)}")
        if not isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            continue
        if isinstance(rule, ir.PutEach):
            _check_writers(rule.rules, note)
        overrides = rule.overrides if isinstance(rule, ir.Put) else ()
        if not isinstance(rule, ir.MergeInto) and overrides != ("*",):  # what merges overrides by its nature
            for tokens, earlier, earlier_way in written:
                if _overlap(tokens, rule.target) and not _exclusive(way, earlier_way) and earlier not in overrides:
                    note("overrides", rule.id, f"{earlier!r} writes {text_of(tokens)} already; say so in 'overrides'")
            for name in overrides:
                if not any(earlier == name and _overlap(tokens, rule.target) for tokens, earlier, _ in written):
                    note("overrides", rule.id, f"no earlier rule {name!r} writes there")
        written.append((rule.target, rule.id, way))


def _with_ways(rules: Iterable[ir.Rule], way: Tokens) -> Iterator[tuple[ir.Rule, Tokens]]:
    for rule in rules:
        yield rule, way
        if isinstance(rule, ir.ChooseRules):
            for each in (*rule.ways, *(() if rule.otherwise is None else (rule.otherwise,))):
                yield from _with_ways(each.rules, (*way, rule.id, each.place))


def _overlap(left: Tokens, right: Tokens) -> bool:
    shorter = min(len(left), len(right))
    return left[:shorter] == right[:shorter]


def _exclusive(left: Tokens, right: Tokens) -> bool:
    """Whether two rules stand in different cases of the same choice."""
    pairs = list(zip(left, right, strict=False))
    choices, cases = pairs[::2], pairs[1::2]
    return any(a == b and c != d for (a, b), (c, d) in zip(choices, cases, strict=False))
