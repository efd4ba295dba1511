"""The intermediate representation: a ruleset as immutable values, and the vocabulary of the rule language.

Each operator is one frozen dataclass. The metadata of its fields name the JSON key and the kind of argument; the key of
the first field names the operator. The loader and the schema of rule files are derived from these classes. The
semantics are defined in the docstring of `compiler.engine` and implemented by the interpreter.
"""

# To add an operator, change these places:
#
# Any operator: its class here, listed in VALUES, TESTS or RULES; its meaning in the docstring of `compiler.engine`;
#   `schemas/rules.schema.json` (`python -m compiler.engine schema`). If one of its keys has a new kind of argument:
#   `_by_kind` in `expression_parser` or `loader` (or `literals.LITERALS`), `rules_schema._BY_KIND`, and in
#   `tests/mutation` `sites` (`_ITEMS`, `_SHAPES`, `_parts`) and `mutants` (`OPERATORS`). A kind that is evaluated once
#   per item begins with "inner ".
# A value: `evaluator` (`value` or `_memoized`); `checker/types.py` (`value` or `_list_value`); `checker/usage.py`
#   (`_value`, if it yields what it reads); `codegen/expressions.py` (`_emit`; `_COSTLY` if it should be evaluated once;
#   `owned_value` if its result can share data with the ruleset or the output); `codegen/origins.py` (`origin`,
#   `_item_origins`; otherwise warnings about it bail out to the interpreter). If it reads the output: every use of
#   `ir.Out`. If it contains branches: `coverage_points` in `checker/__init__.py`, and every use of `ir.Choose`.
# A test: `evaluator` (`test` or `_test_scalar`); `checker/types.py` (`test`); `checker/usage.py` (`_test`, and
#   `_absent_when` if its outcome can imply that an input is absent); `codegen/conditions.py` (`test`); `idle_rules`
#   (`_required`, if it does not hold for an absent value).
# A rule: `interpreter` (`_execute`); `checker/__init__.py` (`_check_rule`, `coverage_points`, `_codes` if it reports a
#   code); `checker/usage.py` (`_rule_inputs`); `codegen/rules.py` (`_rule`, and `_reported_output_members` if it can
#   warn about the output); `loader` (`rule`, if it is allowed inside `put_each`).
#   If it writes: `_execute` and `_poison_targets` in `interpreter`, the checks of `verify` and `fan_out` in `loader`,
#   `_check_writers` in `checker/__init__.py`, and `_targets` in `dependencies`. If it contains rules: `all_rules` here,
#   and every use of `ir.ChooseRules` or `ir.PutEach`.
# Documentation: an example in `tools/docs/operators.toml`.
# Tests: `tests/strategies/rulesets.py` must use every operator. When a shipped ruleset uses it, regenerate its module
#   in `compiler/generated/rulesets`.

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, NamedTuple

from compiler.engine.expansion import Place
from compiler.engine.function import Function
from compiler.engine.schema import OutputValidator
from compiler.json_io.pointer import Tokens


def _key(name: str, kind: str, *, default: Any = MISSING, choices: tuple[str, ...] = ()) -> Any:
    """A field that is read from the JSON key `name`; optional if it has a default."""
    metadata = {"name": name, "kind": kind, "choices": choices}
    return field(metadata=metadata) if default is MISSING else field(metadata=metadata, default=default)


def keys(operator: Any) -> tuple[Field[Any], ...]:
    """The fields of an operator that are read from JSON, first the one that names it."""
    return _keys(operator)


@cache
def _keys(operator: Any) -> tuple[Field[Any], ...]:
    return tuple(argument for argument in fields(operator) if "name" in argument.metadata)


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer and its start: the document (`scope` None), the current item (0) or an enclosing one (1, ...)."""

    scope: int | None
    tokens: Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A value or test.

    `location` is its rule's id and a pointer into the rule. `item_independent`: reads no item outside itself (is
    loop-invariant). `run_constant`: also does not read the output, so it is constant during a run.
    """

    location: str
    item_independent: bool
    run_constant: bool


class Value(Expression):
    """An expression that evaluates to JSON, or to nothing (absent)."""

    __slots__ = ()


class Test(Expression):
    """An expression that is true, false, or unknown (if it depends on an invalid value)."""

    __slots__ = ()


# --- Values -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Get(Value):
    """The value at a pointer into the input (`/a`), the current item (`@/a`) or the enclosing item (`@^/a`)."""

    reference: Reference = _key("get", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Out(Value):
    """The value at a pointer into the output written so far."""

    tokens: Tokens = _key("out", "pointer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Const(Value):
    """A JSON literal."""

    literal: Any = _key("const", "literal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Value):
    """The property names that the output schema documents at a pointer, as a list."""

    tokens: Tokens = _key("names", "pointer")
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(Value):
    """An object with these members; a member whose value is absent is left out."""

    members: tuple[tuple[str, Value], ...] = _key("object", "members")
    keeps_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Value):
    """A list of these values; an absent one is left out."""

    items: tuple[Value, ...] = _key("list", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Value):
    """The right side of the first row whose left side equals the value; else the default, else absent."""

    of: Value = _key("lookup", "value")
    table: tuple[tuple[Any, Any], ...] = _key("table", "table")
    default: Value | None = _key("default", "value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class At(Value):
    """The member of an object under a computed key."""

    of: Value = _key("at", "value")
    key: Value = _key("key", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Each(Value):
    """A value for each item of a list, or for each member of an object as `{key, value}`, in the order of the keys."""

    of: Value = _key("each", "value")
    value: Value | None = _key("value", "inner value", default=None)
    where: Test | None = _key("where", "inner test", default=None)
    skip: int = _key("skip", "count", default=0)
    take: str | None = _key("take", "choice", default=None, choices=("first", "last"))


@dataclass(frozen=True, slots=True, kw_only=True)
class First(Value):
    """The first of these that is present."""

    values: tuple[Value, ...] = _key("first", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a choice between values."""

    location: str
    when: Test
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Value):
    """The value of the first branch whose test holds; else the value of `otherwise`, if given."""

    branches: tuple[Branch, ...] = _key("choose", "branches")
    otherwise: Value | None = _key("otherwise", "value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Value):
    """One object with the members of all of these; later ones win; absent ones are skipped."""

    values: tuple[Value, ...] = _key("merge", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Without(Value):
    """An object without the members of these names."""

    of: Value = _key("without", "value")
    keys: tuple[str, ...] = _key("keys", "texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concat(Value):
    """One list with the items of all of these lists; absent ones are skipped."""

    values: tuple[Value, ...] = _key("concat", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBy(Value):
    """The items of a list as an object, keyed by the string `by`; of several with the same key the first is kept.

    With `value`, a member is what that evaluates to for the item; if it is absent, the item is left out.
    """

    of: Value = _key("index", "value")
    by: Value = _key("by", "inner value")
    value: Value | None = _key("value", "inner value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flatten(Value):
    """One list with the items of all lists in a list; what is not a list or object has none."""

    of: Value = _key("flatten", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zip(Value):
    """The items of several lists side by side: objects with the first items, the second ones, up to the longest list.

    A member is left out if its list is shorter, or absent.
    """

    columns: tuple[tuple[str, Value], ...] = _key("zip", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(Value):
    """The items of a list without repetitions."""

    of: Value = _key("distinct", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates(Value):
    """The items of a list for which `by` has the same value as for an earlier item."""

    of: Value = _key("duplicates", "value")
    by: Value = _key("by", "inner value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Value):
    """The result of a registered function for these arguments; absent if an argument is absent."""

    function: str = _key("call", "function")
    arguments: tuple[Value, ...] = _key("with", "values")


# --- Tests ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(Test):
    """The value is not absent; it may be null or empty."""

    of: Value = _key("present", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonempty(Test):
    """The value is not absent, null, or an empty string, list or object."""

    of: Value = _key("nonempty", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equals(Test):
    """Both values are present and equal as JSON; true is not 1."""

    pair: tuple[Value, Value] = _key("equals", "pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Test):
    """The first value is one of the items of the second."""

    pair: tuple[Value, Value] = _key("in", "pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches(Test):
    """The value is a string, and the pattern matches all of it."""

    of: Value = _key("matches", "value")
    pattern: re.Pattern[str] = _key("pattern", "pattern")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains(Test):
    """The value is a string that contains these texts, one after the other."""

    of: Value = _key("contains", "value")
    texts: tuple[str, ...] = _key("texts", "texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Type(Test):
    """The value is present, and its JSON type is one of these (`null boolean number string array object`)."""

    of: Value = _key("type", "value")
    kinds: tuple[str, ...] = _key("is", "kinds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Test):
    """The value is a number, at least `least` and at most `most`."""

    of: Value = _key("between", "value")
    least: int = _key("least", "count")
    most: int = _key("most", "count")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Test):
    """At least one of these holds."""

    tests: tuple[Test, ...] = _key("any", "tests")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Test):
    """All of these hold."""

    tests: tuple[Test, ...] = _key("all", "tests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Test):
    """This does not hold."""

    test: Test = _key("not", "test")


# --- Rules ------------------------------------------------------------------------------------------------------------


class RuleSource(NamedTuple):
    """Where the reason for a rule is documented."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has: an id, its reason (`doc`), where that is documented (`source`), and when it applies.

    `consumes` are pointers to inputs that the checker counts as used even though the rule is conditional or only
    reports (`*` is every item and every key). `urls` are those of the source, and `file` is the included file that the
    rule is from, if any.
    """

    id: str
    doc: str
    source: str
    when: Test | None
    consumes: tuple[Tokens, ...] = ()
    urls: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Fallback: the value is written although the feature is not supported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Fallback: nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A feature the output cannot express; in use if `of` is present and not empty, or once for each item of `over`."""

    feature: str = _key("feature", "text")
    of: Value | None = _key("of", "value", default=None)
    over: Value | None = _key("over", "value", default=None)
    ignorable: bool = _key("ignorable", "flag", default=True)
    fallback: Keep | Drop | Value = _key("fallback", "fallback", default=Drop())
    hint: str | None = _key("hint", "text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpec:
    """The content of a report, and the value it is about (`at`) or the pointer of the value that is `missing`."""

    code: str = _key("code", "text")
    message: str = _key("message", "text")
    at: Value | None = _key("at", "value", default=None)
    missing: Tokens | None = _key("missing", "pointer", default=None)
    params: tuple[tuple[str, Value], ...] = _key("params", "members", default=())
    related: Value | None = _key("related", "value", default=None)
    hint: Value | None = _key("hint", "value or text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidWhen:
    """When the value of a `put` is invalid, and what is then reported; the value is poisoned."""

    when: Test = _key("when", "test")
    spec: ReportSpec = _key("report", "report spec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Put(Rule):
    """Write a value at a pointer of the output; `overrides` names the rules that wrote there before, or is `*`.

    `empty` says whether empty lists and objects are written, if not as in the rest of the ruleset.
    """

    target: Tokens = _key("put", "pointer")
    value: Value = _key("value", "value")
    overrides: tuple[str, ...] = _key("overrides", "texts", default=())
    empty: str | None = _key("empty", "choice", default=None, choices=("omitted", "kept"))
    invalid: InvalidWhen | None = _key("invalid", "invalid when", default=None)
    unsupported: Unsupported | None = _key("unsupported", "unsupported", default=None)
    keeps_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PutEach(Rule):
    """Write a list of objects, one for each item of `over`; inside, `@` is the item and the output is its object."""

    target: Tokens = _key("put_each", "pointer")
    over: Value = _key("over", "value")
    rules: tuple[Rule, ...] = _key("rules", "inner rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeInto(Rule):
    """Write the members of an object over those of the output, merging objects among them member by member.

    Objects inside those are replaced as a whole or, if `deep`, merged too, at any depth.

    At the pointers in `case_blind` (relative to the target) names match without regard to case; a name that the output
    schema documents (`spellings`, per pointer: lower case to documented) is written as documented.
    """

    target: Tokens = _key("merge_into", "pointer")
    value: Value = _key("value", "value")
    case_blind: tuple[Tokens, ...] = _key("case_blind", "pointers", default=())
    deep: bool = _key("deep", "flag", default=False)
    spellings: Mapping[Tokens, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBranch:
    """One branch of a choice between rules; `when` is None for `otherwise`."""

    location: str
    when: Test | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseRules(Rule):
    """Apply the rules of the first branch whose test holds, else those of `otherwise`."""

    branches: tuple[RuleBranch, ...] = _key("choose", "rule branches")
    otherwise: RuleBranch | None = _key("otherwise", "otherwise rules", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Rule):
    """Report an `error` or a `warning`, with `over` once for each item."""

    severity: str = _key("report", "choice", choices=("error", "warning"))
    spec: ReportSpec = _key("", "report spec")
    over: Value | None = _key("over", "value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedRule(Rule):
    """Report that a feature is not supported, without writing anything."""

    unsupported: Unsupported = _key("unsupported", "unsupported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Rule):
    """Reject a string that is too long, a list of too many items, or a list of integers whose sum is too large.

    The `length` of a string is counted in characters, its `byte_length` in bytes of UTF-8. The error is about the
    string or list itself or, with `at_largest`, about the largest item. With `over` the limit holds for each item.
    """

    of: Value = _key("limit", "value")
    measure: str = _key("measure", "choice", choices=("length", "byte_length", "count", "total"))
    at_most: int = _key("at_most", "count")
    over: Value | None = _key("over", "value", default=None)
    at_largest: bool = _key("at_largest", "flag", default=False)
    hint: str | None = _key("hint", "text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Require(Rule):
    """State what else is needed to use the output."""

    members: tuple[tuple[str, Value], ...] = _key("require", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conform(Rule):
    """Report each value below the root of the output that is invalid against the output schema.

    Keywords in `except` are not checked.
    """

    code: str = _key("conform", "text")
    message: str = _key("message", "text")
    params: tuple[tuple[str, Value], ...] = _key("params", "members", default=())
    exempt: tuple[str, ...] = _key("except", "texts", default=())


def children(part: Any) -> Iterator[Any]:
    """The direct parts of a part of a ruleset (or of a tuple of them): rules, branches, specs and expressions."""
    for value in part if isinstance(part, tuple) else (getattr(part, name) for name in _field_names(part.__class__)):
        if isinstance(value, tuple):  # several parts, or a name and a part
            yield from children(value)
        elif isinstance(value, _PARTS):
            yield value


def is_never_absent(value: Value) -> bool:
    """Whether a value is present whatever the input is."""
    match value:
        case Const() | Names() | Object() | List():
            return True
        case Get(reference=Reference(tokens=())):  # the input, or an item
            return True
        case First(values=values):
            return any(map(is_never_absent, values))
        case Choose(branches=branches, otherwise=Value() as otherwise):
            return is_never_absent(otherwise) and all(is_never_absent(branch.value) for branch in branches)
        case Lookup(default=Value() as default):
            return is_never_absent(default)
    return False


def walk(part: Any, *, into_rules: bool = True) -> Iterator[Any]:
    """The part and all parts inside it, depth first; without those of other rules inside a rule if asked for."""
    if isinstance(part, _PARTS):
        yield part
    for child in children(part):
        if into_rules or not isinstance(child, Rule):
            yield from walk(child, into_rules=into_rules)


_PARTS = (Expression, Branch, Rule, RuleBranch, ReportSpec, InvalidWhen, Unsupported)


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def all_rules(rules: Iterable[Rule]) -> Iterator[Rule]:
    """These rules and all rules inside them."""
    for rule in rules:
        yield rule
        if isinstance(rule, PutEach):
            yield from all_rules(rule.rules)
        elif isinstance(rule, ChooseRules):
            for branch in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
                yield from all_rules(branch.rules)


VALUES: tuple[type[Value], ...] = (
    Get, Out, Const, Names, Object, List, Lookup, At, Each, First, Choose, Merge, Without, Concat, Flatten, Zip,
    IndexBy, Distinct, Duplicates, Call,
)  # fmt: skip
TESTS: tuple[type[Test], ...] = (
    Present, Nonempty, Equals, OneOf, Matches, Contains, Type, Between, AnyOf, AllOf, Not,
)  # fmt: skip
RULES: tuple[type[Rule], ...] = (Put, PutEach, MergeInto, ChooseRules, Report, UnsupportedRule, Limit, Require, Conform)
PHASES = ("build", "override", "verify", "fan_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """One loaded ruleset.

    `keeps_empty`: whether empty lists and objects are written. `built_schema` is that of what the rules write before
    `fan_out`, which may give it another form. The references of the schemas are resolved; `input_id`, `output_id` and
    `built_id` are their `$id`s, as the file gives them. `output_validator` is that of `built_schema`. `policy` is what
    the rules ask of the program that makes their input, and `ignores` are pointers to inputs that are lost on purpose.
    `places` are the places in the rule files where the expressions at locations are written. `unused_definitions` are
    names.
    """

    target: str
    name: str
    doc: str
    file: str
    keeps_empty: bool
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any]
    built_schema: Mapping[str, Any]
    output_validator: OutputValidator = field(repr=False, compare=False)
    functions: Mapping[str, Function]
    build: tuple[Rule, ...]
    override: tuple[Rule, ...]
    verify: tuple[Rule, ...]
    fan_out: tuple[Rule, ...] = ()
    input_id: str = ""
    output_id: str = ""
    built_id: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)
    ignores: tuple[Tokens, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, repr=False, compare=False)
    unused_definitions: tuple[str, ...] = ()

    @property
    def kept_members(self) -> frozenset[str]:
        """The members of the output that some rule also writes empty, though the ruleset omits empty ones."""
        puts = (rule for rule in all_rules(self.rules) if isinstance(rule, Put))
        return frozenset(rule.target[0] for rule in puts if rule.keeps_empty and len(rule.target) == 1)

    @property
    def features(self) -> frozenset[str]:
        """The names of the unsupported features."""
        unsupported = (getattr(rule, "unsupported", None) for rule in self.all_rules)
        return frozenset(spec.feature for spec in unsupported if spec is not None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all phases, in the order in which they run."""
        return self.build + self.override + self.verify + self.fan_out

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The same, with the rules inside a rule after it."""
        return tuple(all_rules(self.rules))
