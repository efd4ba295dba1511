"""The checker: lints a ruleset without running it.

It compares the pointer patterns of rules (`*` is every item or unnamed key) with the schemas. It finds input leaves
that no rule reads or reports, writes that are unknown to the output schema or have the wrong type, second writers that
do not list what they override, and reads of the output before any write. Given the coverage points that test cases hit,
it also finds those that no case hits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from compiler.engine import ir
from compiler.engine.checker.types import AddProblem, Inference, Shapes, alternatives, type_errors
from compiler.engine.checker.usage import is_used, unread_consumptions, used_inputs
from compiler.engine.schema import ANY_KEY, Schema, allowed_types, leaves, pattern_schema, subschema
from compiler.json_io.pointer import Tokens, escape_token, format_pointer


@dataclass(frozen=True, slots=True)
class LintProblem:
    """A problem: its kind, the file, the rule or location it concerns, a message, and a pointer into the file.

    The location is that of an expression in the expanded rules, the pointer that of what was written for it.
    """

    kind: str
    file: str
    location: str
    message: str
    pointer: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        rule = self.location.partition("#")[0]
        where = self.location if self.pointer is None else f"{rule}, at {self.pointer}"
        return f"{self.file}: {where}: {self.kind}: {self.message}"


_MEASURED: Mapping[str, Schema] = {
    "length": {"type": "string"},
    "byte_length": {"type": "string"},
    "count": {"type": "array"},
    "total": {"type": "array", "items": {"type": "integer"}},
}


def check(
    ruleset: ir.Ruleset, hits: Collection[str] | None = None, codes: Collection[str] | None = None
) -> tuple[LintProblem, ...]:
    """Finds the problems of a ruleset.

    `hits` are the coverage points that test cases hit, `codes` those that may be reported; None skips that check.
    """
    problems: dict[LintProblem, None] = {}

    included = {rule.id: rule.file for rule in ruleset.all_rules if rule.file}

    def add_problem(kind: str, location: str, message: str) -> None:
        place = ruleset.places.get(location)
        file = included.get(location.partition("#")[0], ruleset.file) if place is None else place.file
        pointer = None if place is None else place.pointer
        problems.setdefault(LintProblem(kind, file, location, message, pointer))

    _check_types(ruleset, add_problem)
    _check_leaves(ruleset, add_problem)
    _check_writers(ruleset.rules, add_problem)
    _check_required(ruleset.build + ruleset.override, ruleset.built_schema, add_problem)
    if ruleset.built_schema != ruleset.output_schema:
        _check_required(ruleset.fan_out, ruleset.output_schema, add_problem)
    for name in ruleset.unused_definitions:
        add_problem("unused-definition", f"/definitions/{escape_token(name)}", "no rule uses this definition")
    for rule, code in _codes(ruleset) if codes is not None else ():
        if code not in (codes or ()):
            add_problem("unknown-code", rule, f"the code {code!r} is not registered")
    for location in sorted(coverage_points(ruleset) - set(hits)) if hits is not None else ():
        add_problem("never-hit", location, "no test case covers this")
    return tuple(problems)


def coverage_points(ruleset: ir.Ruleset) -> frozenset[str]:
    """All coverage points of a ruleset, as in `RunResult.hits`."""
    points: set[str] = set()
    for rule in ir.all_rules(ruleset.rules):
        if not isinstance(rule, ir.ChooseRules):
            points.add(rule.id)
        match rule:
            case ir.ChooseRules(branches=branches, otherwise=otherwise):
                points.update(branch.location for branch in (*branches, *(() if otherwise is None else (otherwise,))))
            case ir.Limit():
                points.add(f"{rule.id}#/limit")
            case ir.Conform():
                points.add(f"{rule.id}#/conform")
            case ir.Put(invalid=invalid, unsupported=unsupported):
                points.update(() if invalid is None else (f"{rule.id}#/invalid",))
                points.update(() if unsupported is None else _unsupported_coverage_points(rule, unsupported))
            case ir.UnsupportedRule(unsupported=unsupported):
                points.update(_unsupported_coverage_points(rule, unsupported))
        for value in _values_within(rule):
            if isinstance(value, ir.Choose):
                points.update(branch.location for branch in value.branches)
                points.update(() if value.otherwise is None else (f"{value.location}/otherwise",))
    return frozenset(points)


def _unsupported_coverage_points(rule: ir.Rule, unsupported: ir.Unsupported) -> Iterator[str]:
    yield f"{rule.id}#/unsupported"
    if unsupported.ignorable:
        yield f"{rule.id}#/unsupported/fallback"


def _values_within(rule: ir.Rule) -> Iterator[ir.Value]:
    """All values in a rule, at any depth, without those of rules inside it."""
    return (part for part in ir.walk(rule, into_rules=False) if isinstance(part, ir.Value))


def _codes(ruleset: ir.Ruleset) -> Iterator[tuple[str, str]]:
    """Each code that a rule can report, with the rule's id."""
    for rule in ir.all_rules(ruleset.rules):
        match rule:
            case ir.Report(spec=spec) | ir.Put(invalid=ir.InvalidWhen(spec=spec)):
                yield rule.id, spec.code
            case ir.Conform(code=code):
                yield rule.id, code


# --- Types ------------------------------------------------------------------------------------------------------------


def _check_types(ruleset: ir.Ruleset, add_problem: AddProblem) -> None:
    infer = Inference(ruleset, add_problem)
    for rule in ruleset.build + ruleset.override + ruleset.verify:
        _check_rule(rule, infer, add_problem, ())
    for rule in ruleset.fan_out:
        assert isinstance(rule, ir.Put)  # noqa: S101 - the loader accepts no others
        if rule.when is not None:
            infer.test(rule.when)
        _check_put(rule, infer, add_problem, (), ruleset.output_schema)


def _check_rule(rule: ir.Rule, infer: Inference, add_problem: AddProblem, items: tuple[Shapes, ...]) -> None:
    """Checks a rule and those inside it; `items` are the shapes of the enclosing items."""
    if rule.when is not None and not isinstance(rule, ir.Report | ir.Limit):
        infer.test(rule.when, items)
    match rule:
        case ir.Put():
            _check_put(rule, infer, add_problem, items)
        case ir.PutEach(target=target, over=over, rules=rules):
            target_schema = subschema(infer.output, target)
            if target_schema is None:
                add_problem("unknown-output", rule.id, f"the output schema knows no {format_pointer(target)}")
            elif "array" not in allowed_types(target_schema):
                add_problem("wrong-type", rule.id, f"{format_pointer(target)} is not a list")
            item_schema = None if target_schema is None else pattern_schema(target_schema, (ANY_KEY,))
            item = infer.items_of(infer.value(over, items))
            for inner_rule in rules:
                _check_rule(inner_rule, infer.with_output(item_schema or {}), add_problem, (*items, item))
        case ir.MergeInto(value=value, target=target, case_blind=case_blind):
            for tokens in (target, *(target + suffix for suffix in case_blind)):
                if subschema(infer.output, tokens) is None:
                    add_problem("unknown-output", rule.id, f"the output schema knows no {format_pointer(tokens)}")
            for problem in type_errors(infer.value(value), {"type": "object"}):
                add_problem("wrong-type", value.location, problem)
        case ir.ChooseRules(branches=branches, otherwise=otherwise):
            for branch in (*branches, *(() if otherwise is None else (otherwise,))):
                if branch.when is not None:
                    infer.test(branch.when, items)
                for inner_rule in branch.rules:
                    _check_rule(inner_rule, infer, add_problem, items)
        case ir.Report(spec=spec, over=over):
            inner = items if over is None else (*items, infer.items_of(infer.value(over, items)))
            if rule.when is not None:
                infer.test(rule.when, inner)
            _check_report(spec, rule.id, infer, inner)
        case ir.UnsupportedRule(unsupported=unsupported):
            _check_unsupported(unsupported, infer, items)
        case ir.Limit(of=of, measure=measure, over=over):
            inner = items if over is None else (*items, infer.items_of(infer.value(over, items)))
            if rule.when is not None:
                infer.test(rule.when, inner)
            for problem in type_errors(infer.value(of, inner), _MEASURED[measure]):
                add_problem("wrong-type", of.location, f"{measure}: {problem}")
        case ir.Require(members=values) | ir.Conform(params=values):
            for _, value in values:
                infer.value(value)


def _check_put(
    rule: ir.Put, infer: Inference, add_problem: AddProblem, items: tuple[Shapes, ...], output: Schema | None = None
) -> None:
    """Checks a put; `output` is the schema of what it writes to, if that is not what the rules read."""
    target_schema = subschema(infer.output if output is None else output, rule.target)
    if target_schema is None:
        add_problem("unknown-output", rule.id, f"the output schema knows no {format_pointer(rule.target)}")
    values = [rule.value]
    if rule.unsupported is not None and isinstance(rule.unsupported.fallback, ir.Value):
        values.append(rule.unsupported.fallback)
    for value in values:
        for problem in type_errors(infer.value(value, items), target_schema or {}):
            add_problem("wrong-type", value.location, f"{format_pointer(rule.target)}: {problem}")
    if rule.unsupported is not None:
        _check_unsupported(rule.unsupported, infer, items)
        if _drops_more_than_the_offenders(rule.value, rule.unsupported):
            problem = (
                "the offenders are some of the items, but the fallback 'drop' leaves out the whole value; write 'keep'"
            )
            add_problem("drops-more", rule.id, f"{problem}, or the value to write instead")
    if rule.invalid is not None:
        infer.test(rule.invalid.when, items)
        _check_report(rule.invalid.spec, rule.id, infer, items)


def _drops_more_than_the_offenders(written: ir.Value, unsupported: ir.Unsupported) -> bool:
    """Whether a fallback loses items that are not offenders: `over` are some items of a list that the value reads."""
    match unsupported:
        case ir.Unsupported(ignorable=True, fallback=ir.Drop(), over=ir.Each(of=ir.Get(reference=reference)) as over):
            read = [value.reference for value in ir.walk(written) if isinstance(value, ir.Get)]
            size = len(reference.tokens)
            is_of_list = any((each.scope, each.tokens[:size]) == (reference.scope, reference.tokens) for each in read)
            return is_of_list and (over.skip > 0 or over.where is not None)
    return False


def _check_unsupported(unsupported: ir.Unsupported, infer: Inference, items: tuple[Shapes, ...]) -> None:
    for value in (unsupported.of, unsupported.over):
        if value is not None:
            infer.value(value, items)


def _check_report(spec: ir.ReportSpec, location: str, infer: Inference, items: tuple[Shapes, ...]) -> None:
    if spec.missing is not None:
        infer.pointer(spec.missing, location)
    for value in (spec.at, spec.related, spec.hint, *(param for _, param in spec.params)):
        if value is not None:
            infer.value(value, items)


# --- Leaves -----------------------------------------------------------------------------------------------------------


def _check_leaves(ruleset: ir.Ruleset, add_problem: AddProblem) -> None:
    for shape in alternatives(ruleset.input_schema):
        read = used_inputs(ruleset, shape)
        for leaf in leaves(shape):
            if not is_used(leaf, read):
                add_problem(
                    "unread", format_pointer(leaf), "no rule reads or reports this, at least in one branch of a choice"
                )
    for pattern in ruleset.ignores:
        if not any(_is_described(shape, pattern) for shape in alternatives(ruleset.input_schema)):
            pointer = format_pointer(pattern)
            add_problem("unknown-input", f"/ignores/{escape_token(pointer)}", f"the input schema knows no {pointer}")
    for rule, pattern in unread_consumptions(ruleset):
        add_problem("unread-consumption", rule, f"it consumes {format_pointer(pattern)} but does not read it")


def _is_described(schema: Schema, tokens: Tokens) -> bool:
    return pattern_schema(schema, tokens) is not None


# --- Writers ----------------------------------------------------------------------------------------------------------


def _check_writers(rules: Iterable[ir.Rule], add_problem: AddProblem) -> None:
    """Checks the rules that write to one output; those inside a `put_each` write to another."""
    written: list[tuple[Tokens, str, Tokens]] = []
    for rule, branch_path in _with_branch_path(rules, ()):
        for value in _values_within(rule):
            if isinstance(value, ir.Out) and not any(_overlaps(value.tokens, earlier) for earlier, _, _ in written):
                add_problem(
                    "read-before-written",
                    value.location,
                    f"no rule before this one writes {format_pointer(value.tokens)}",
                )
        if not isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            continue
        if isinstance(rule, ir.PutEach):
            _check_writers(rule.rules, add_problem)
        overrides = rule.overrides if isinstance(rule, ir.Put) else ()
        if not isinstance(rule, ir.MergeInto) and overrides != ("*",):  # merging always overrides
            for tokens, earlier, earlier_path in written:
                if (
                    _overlaps(tokens, rule.target)
                    and not _are_exclusive(branch_path, earlier_path)
                    and earlier not in overrides
                ):
                    add_problem(
                        "overrides",
                        rule.id,
                        f"{earlier!r} already writes {format_pointer(tokens)}; add it to 'overrides'",
                    )
            for name in overrides:
                if not any(earlier == name and _overlaps(tokens, rule.target) for tokens, earlier, _ in written):
                    add_problem("overrides", rule.id, f"no earlier rule {name!r} writes there")
        written.append((rule.target, rule.id, branch_path))


def _check_required(rules: Iterable[ir.Rule], schema: Schema, add_problem: AddProblem, within: str = "") -> None:
    """Finds members that the output schema requires and no rule writes; `within` is the `put_each` around the rules."""
    writers: list[Tokens] = []
    for rule, _ in _with_branch_path(rules, ()):
        if isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            writers.append(rule.target)
        if isinstance(rule, ir.PutEach):
            items = pattern_schema(subschema(schema, rule.target) or {}, (ANY_KEY,))
            _check_required(rule.rules, items or {}, add_problem, rule.id)
    for tokens in _required_members(schema, (), writers):
        if not any(_overlaps(tokens, written) for written in writers):
            pointer = format_pointer(tokens)
            add_problem("unwritten", within or pointer, f"no rule writes {pointer}, which the output schema requires")


def _required_members(schema: Schema, tokens: Tokens, writers: list[Tokens]) -> Iterator[Tokens]:
    """The required members of an object that is written member by member, at any depth."""
    if any(written == tokens[: len(written)] for written in writers):
        return
    for name in schema.get("required", ()):
        yield (*tokens, name)
        yield from _required_members(subschema(schema, (name,)) or {}, (*tokens, name), writers)


def _with_branch_path(rules: Iterable[ir.Rule], branch_path: Tokens) -> Iterator[tuple[ir.Rule, Tokens]]:
    for rule in rules:
        yield rule, branch_path
        if isinstance(rule, ir.ChooseRules):
            for branch in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
                yield from _with_branch_path(branch.rules, (*branch_path, rule.id, branch.location))


def _overlaps(left: Tokens, right: Tokens) -> bool:
    shorter = min(len(left), len(right))
    return left[:shorter] == right[:shorter]


def _are_exclusive(left: Tokens, right: Tokens) -> bool:
    """Whether two rules are in different branches of the same choice."""
    pairs = list(zip(left, right, strict=False))
    choices, cases = pairs[::2], pairs[1::2]
    return any(a == b and c != d for (a, b), (c, d) in zip(choices, cases, strict=False))
