"""The intermediate form: a ruleset as immutable values, and with it the vocabulary of the rule language.

Each operator is one frozen dataclass. Its fields say, in their metadata, under which key they stand in the JSON and
what kind of thing stands there; the first field's key names the operator. The loader, the schema of rule files and
the reference in the essay are drawn from these classes, so a word is added here and nowhere else.

What the words mean is told in the package's opening essay and done by the interpreter; this module only holds the
shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any

from compiler.engine.function import Function
from compiler.engine.schema import OutputValidator
from compiler.json_io.pointer import Tokens


def _key(name: str, kind: str, *, default: Any = MISSING, choices: tuple[str, ...] = ()) -> Any:
    """A field that stands under the key `name` in the JSON; optional if it has a default."""
    metadata = {"name": name, "kind": kind, "choices": choices}
    return field(metadata=metadata) if default is MISSING else field(metadata=metadata, default=default)


def keys(operator: Any) -> tuple[Field[Any], ...]:
    """The fields of an operator that stand in the JSON, the one that names it first."""
    return _keys(operator)


@cache
def _keys(operator: Any) -> tuple[Field[Any], ...]:
    return tuple(each for each in fields(operator) if "name" in each.metadata)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a `get` begins (`scope` is None for the document, 0 for the current item, 1 for the one outside) and goes."""

    scope: int | None
    tokens: Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """What every value and test knows of itself: its place in the ruleset, and what it does not read.

    `item_independent`: no current item. `run_constant`: nor the output so far, so that it is the same all through a run.
    """

    location: str
    item_independent: bool
    run_constant: bool


class Value(Expression):
    """An expression that gives JSON, or nothing."""

    __slots__ = ()


class Test(Expression):
    """An expression that gives true, false, or unknown where it rests on an invalid value."""

    __slots__ = ()


# --- Values -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Get(Value):
    """The value at a pointer into the input (`/a`), the current item (`@/a`) or the item outside it (`@^/a`)."""

    reference: Reference = _key("get", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Out(Value):
    """The value at a pointer into the output so far."""

    tokens: Tokens = _key("out", "pointer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Const(Value):
    """This JSON, as it stands."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Value):
    """A list of these values; an absent one is left out."""

    items: tuple[Value, ...] = _key("list", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Value):
    """The right side of the first row whose left side is the same JSON; else the default, else nothing."""

    of: Value = _key("lookup", "value")
    table: tuple[tuple[Any, Any], ...] = _key("table", "table")
    default: Value | None = _key("default", "value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class At(Value):
    """The member of an object whose key is computed."""

    of: Value = _key("at", "value")
    key: Value = _key("key", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Each(Value):
    """A value for each item of a list, or of an object as `{key, value}` items in the order of their keys."""

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
    """The value of the first case whose test holds; else the value of `otherwise`, if there is one."""

    branches: tuple[Branch, ...] = _key("choose", "branches")
    otherwise: Value | None = _key("otherwise", "value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Value):
    """One object of the members of all of these; the later wins; an absent one is skipped."""

    values: tuple[Value, ...] = _key("merge", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Without(Value):
    """An object without the members under these keys."""

    of: Value = _key("without", "value")
    keys: tuple[str, ...] = _key("keys", "texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concat(Value):
    """One list of the items of all of these lists; an absent one is skipped."""

    values: tuple[Value, ...] = _key("concat", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBy(Value):
    """The items of a list as an object, each under the text that `by` gives; the first of the same text is kept."""

    of: Value = _key("index", "value")
    by: Value = _key("by", "inner value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(Value):
    """The items of a list, each once."""

    of: Value = _key("distinct", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates(Value):
    """The items of a list for which `by` gives what it gave for an earlier one."""

    of: Value = _key("duplicates", "value")
    by: Value = _key("by", "inner value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Value):
    """What a registered function makes of these values; absent where one of them is."""

    function: str = _key("call", "function")
    arguments: tuple[Value, ...] = _key("with", "values")


# --- Tests ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(Test):
    """There is a value, be it null or empty."""

    of: Value = _key("present", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonempty(Test):
    """There is a value, and it is neither null nor an empty string, list or object."""

    of: Value = _key("nonempty", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equals(Test):
    """Both are present and the same JSON; true is not 1."""

    pair: tuple[Value, Value] = _key("equals", "pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Test):
    """The first is one of the items of the second."""

    pair: tuple[Value, Value] = _key("in", "pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches(Test):
    """The value is a string, and the pattern describes the whole of it."""

    of: Value = _key("matches", "value")
    pattern: re.Pattern[str] = _key("pattern", "pattern")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains(Test):
    """The value is a string that holds these texts, one after the other."""

    of: Value = _key("contains", "value")
    texts: tuple[str, ...] = _key("texts", "texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Type(Test):
    """There is a value, and its JSON type is one of these (`null boolean number string array object`)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has: an id, why it is so (`doc`), where that is documented (`source`), and when it applies.

    `consumes`: the rule is all that need become of what it reads, though it may not always apply, or only warns.
    """

    id: str
    doc: str
    source: str
    when: Test | None
    consumes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Fallback: the value is written although its feature is not supported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Fallback: nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A feature the output cannot carry: in use where `of` is there and not empty, or once for each item of `over`."""

    feature: str = _key("feature", "text")
    of: Value | None = _key("of", "value", default=None)
    over: Value | None = _key("over", "value", default=None)
    ignorable: bool = _key("ignorable", "flag", default=True)
    fallback: Keep | Drop | Value = _key("fallback", "fallback", default=Drop())
    hint: str | None = _key("hint", "text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpec:
    """What a report says, and of which value (`at`), or of which that is not there (`missing`)."""

    code: str = _key("code", "text")
    message: str = _key("message", "text")
    at: Value | None = _key("at", "value", default=None)
    missing: Tokens | None = _key("missing", "pointer", default=None)
    params: tuple[tuple[str, Value], ...] = _key("params", "members", default=())
    related: Value | None = _key("related", "value", default=None)
    hint: Value | None = _key("hint", "value or text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidWhen:
    """When the value of a `put` is invalid, and what is then said; the value is poisoned."""

    when: Test = _key("when", "test")
    spec: ReportSpec = _key("report", "report spec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Put(Rule):
    """Write a value at a pointer of the output; `overrides` names the rules that wrote there before, or is `*`."""

    target: Tokens = _key("put", "pointer")
    value: Value = _key("value", "value")
    overrides: tuple[str, ...] = _key("overrides", "texts", default=())
    invalid: InvalidWhen | None = _key("invalid", "invalid when", default=None)
    unsupported: Unsupported | None = _key("unsupported", "unsupported", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutEach(Rule):
    """Write a list of objects, one for each item of `over`; inside, `@` is the item and the output its own object."""

    target: Tokens = _key("put_each", "pointer")
    over: Value = _key("over", "value")
    rules: tuple[Rule, ...] = _key("rules", "inner rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeInto(Rule):
    """Write the members of an object over those of the output, objects among them member by member.

    At the pointers in `case_blind` (from the target on) names match without regard to case; where the output schema
    documents such a name (`spellings`, per pointer: lower case to documented), it is written as documented.
    """

    target: Tokens = _key("merge_into", "pointer")
    value: Value = _key("value", "value")
    case_blind: tuple[Tokens, ...] = _key("case_blind", "pointers", default=())
    spellings: Mapping[Tokens, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBranch:
    """One branch of a choice between rules; `when` is None in the last, for all that is left."""

    location: str
    when: Test | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseRules(Rule):
    """Apply the rules of the first case whose test holds, else those of `otherwise`."""

    branches: tuple[RuleBranch, ...] = _key("choose", "rule branches")
    otherwise: RuleBranch | None = _key("otherwise", "otherwise rules", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Rule):
    """Say that something is wrong (`error`), or worth knowing (`warning`)."""

    severity: str = _key("report", "choice", choices=("error", "warning"))
    spec: ReportSpec = _key("", "report spec")
    over: Value | None = _key("over", "value", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedRule(Rule):
    """Say that a feature is not supported, where nothing of it could be written anyway."""

    unsupported: Unsupported = _key("unsupported", "unsupported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Rule):
    """Reject a string that is too long, a list of too many items, or a list of whole numbers whose sum is too large.

    It is said of the string or list itself or, with `at_largest`, of the item that adds most to the sum.
    """

    of: Value = _key("limit", "value")
    measure: str = _key("measure", "choice", choices=("length", "count", "total"))
    at_most: int = _key("at_most", "count")
    at_largest: bool = _key("at_largest", "flag", default=False)
    hint: str | None = _key("hint", "text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Require(Rule):
    """Say what the output still needs before it can be used."""

    members: tuple[tuple[str, Value], ...] = _key("require", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conform(Rule):
    """Report each value below the output's root that the output schema refuses, but for the keywords in `except`."""

    code: str = _key("conform", "text")
    message: str = _key("message", "text")
    params: tuple[tuple[str, Value], ...] = _key("params", "members", default=())
    exempt: tuple[str, ...] = _key("except", "texts", default=())


def all_rules(rules: Iterable[Rule]) -> Iterator[Rule]:
    """These rules, and those inside the choices and lists among them."""
    for rule in rules:
        yield rule
        if isinstance(rule, PutEach):
            yield from all_rules(rule.rules)
        elif isinstance(rule, ChooseRules):
            for branch in (*rule.branches, *(() if rule.otherwise is None else (rule.otherwise,))):
                yield from all_rules(branch.rules)


VALUES: tuple[type[Value], ...] = (
    Get, Out, Const, Names, Object, List, Lookup, At, Each, First, Choose, Merge, Without, Concat, IndexBy, Distinct,
    Duplicates, Call,
)  # fmt: skip
TESTS: tuple[type[Test], ...] = (
    Present, Nonempty, Equals, OneOf, Matches, Contains, Type, Between, AnyOf, AllOf, Not,
)  # fmt: skip
RULES: tuple[type[Rule], ...] = (Put, PutEach, MergeInto, ChooseRules, Report, UnsupportedRule, Limit, Require, Conform)
PHASES = ("build", "override", "verify", "fan_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """One loaded ruleset.

    `keeps_empty`: whether empty lists and objects are written. The input and output schemas are resolved; `output_validator` is
    the latter as a validator.
    """

    target: str
    name: str
    doc: str
    file: str
    keeps_empty: bool
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any]
    output_validator: OutputValidator = field(repr=False, compare=False)
    functions: Mapping[str, Function]
    build: tuple[Rule, ...]
    override: tuple[Rule, ...]
    verify: tuple[Rule, ...]
    fan_out: tuple[Rule, ...] = ()

    @property
    def features(self) -> frozenset[str]:
        """The names of what the rules say is not supported."""
        found = (getattr(rule, "unsupported", None) for rule in self.all_rules)
        return frozenset(each.feature for each in found if each is not None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all phases, in the order in which they run."""
        return self.build + self.override + self.verify + self.fan_out

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Likewise, with the rules inside choices and lists after the choice or list itself."""
        return tuple(all_rules(self.rules))
