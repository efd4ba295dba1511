"""Parses rules into the intermediate representation; errors name the file, the rule and the key.

The syntax of an operator is derived from its class in `ir`; this module knows only the kinds of arguments, and the
shorthand: strings that refer to values, calls by a function's name, and uses of definitions (see `expansion`). Files
and their headers are read by `rule_files`; for lint checks of the rules see `checker`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

from compiler.engine import ir
from compiler.engine.advice import advise_operator
from compiler.engine.expansion import (
    FOR,
    MAXIMUM_EXPANSION,
    MAXIMUM_TEXT,
    USE,
    Definition,
    ExpansionError,
    Place,
    expand_for,
    expanded_size,
    text_size,
)
from compiler.engine.function import Function
from compiler.engine.pattern import compile_pattern
from compiler.engine.rule_files import ReadInclude, RuleFile, RulesetError, read_rule_file
from compiler.engine.schema import (
    ANY_KEY,
    Describe,
    OutputValidator,
    Schema,
    ValidatorFactory,
    allows_null,
    dereference,
    documented_names,
    pattern_schema,
    subschema,
)
from compiler.json_io.pointer import Tokens, caseless, escape_token, parse_pointer

__all__ = ["KINDS", "RulesetError", "load_ruleset"]

KINDS = ("null", "boolean", "number", "string", "array", "object")
NarrowInput = Callable[[Mapping[str, Any], str, Schema], Schema]
OUT_PREFIX, ABSENT = "out:", "absent"
_COMMON_KEYS = ("id", "doc", "source", "when", "consumes")
_REFERENCE = re.compile(r"(/|@\^*(/|$)|out:)\S*")
_NEEDS_ID = "a rule must have a non-empty id, doc and source"
_MAXIMUM_RULES_NESTING = 30  # Python has at most 100 levels of indentation
_MAXIMUM_NESTING = 100  # of expressions and rules
_MAXIMUM_ITEMS = 15  # items within items; Python allows 20 blocks inside each other


def load_ruleset(
    text: str,
    file: str,
    schemas: Mapping[str, Schema],
    functions: Mapping[str, Function],
    validator_factory: ValidatorFactory | None = None,
    describe: Describe | None = None,
    read_include: ReadInclude | None = None,
    narrow_input: NarrowInput | None = None,
) -> ir.Ruleset:
    """Parses the text of a rule file.

    `schemas` are by `$id`, by which the file names those of its input and output. `describe` returns the message and
    hint for a validation error, and `read_include` the text of an included file; it raises ValueError if the file must
    not be included. `narrow_input` returns the schema of the input, with this `$id`, under the ruleset's policy; it
    raises ValueError for an invalid policy. Raises RulesetError, and ValueError for a function with the name of an
    operator.
    """
    reserved = sorted(functions.keys() & {USE, *_by_name(ir.VALUES), *_by_name(ir.TESTS)})
    if reserved:
        raise ValueError(f"a function must not have the name of an operator, got {', '.join(map(repr, reserved))}")
    rule_file = read_rule_file(text, file, read_include)
    header = rule_file.header
    resolved = {}
    for key in ("input", "output"):
        try:
            resolved[key] = dereference(header[key], schemas)
        except ValueError as error:
            raise RulesetError(file, None, f"/{key}", str(error)) from error
    if narrow_input is not None:
        try:
            resolved["input"] = narrow_input(header.get("policy", {}), header["input"], resolved["input"])
        except ValueError as error:
            raise RulesetError(file, None, "/policy", str(error)) from error
    loader = _Loader(rule_file, file, resolved["output"], functions)
    phases = {
        phase: tuple(rule for raw, place in rules for rule in loader.rules(raw, place))
        for phase, rules in rule_file.phases.items()
    }
    for rule in ir.all_rules(phases["verify"]):
        if isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            raise RulesetError(rule.file or file, rule.id, "/verify", "rules in verify must not write to the output")
    for rule in ir.all_rules(phases["fan_out"]):
        if not isinstance(rule, ir.Put) or rule.invalid is not None or rule.unsupported is not None:
            problem = "rules in fan_out must be puts without 'invalid' and 'unsupported'"
            raise RulesetError(rule.file or file, rule.id, "/fan_out", problem)
    return ir.Ruleset(
        target=header["target"],
        name=header["ruleset"],
        doc=header["doc"],
        file=file,
        keeps_empty=header.get("empty") == "kept",
        input_schema=resolved["input"],
        output_schema=resolved["output"],
        output_validator=OutputValidator(header["output"], schemas, validator_factory, describe),
        functions=functions,
        input_id=header["input"],
        output_id=header["output"],
        policy=header.get("policy", {}),
        ignores=tuple(_read_ignored(file, header.get("ignores", {}))),
        places=loader.places,
        unused_definitions=loader.unused_definitions(),
        **phases,
    )


def _read_ignored(file: str, ignores: Mapping[str, Any]) -> Iterator[Tokens]:
    """The pointers that a ruleset ignores, each with a reason in the file."""
    for pointer, reason in ignores.items():
        key = f"/ignores/{escape_token(pointer)}"
        if not isinstance(reason, str) or not reason:
            raise RulesetError(file, None, key, "expected the reason, a string that is not empty")
        try:
            yield parse_pointer(pointer)
        except ValueError as error:
            raise RulesetError(file, None, key, str(error)) from error


@cache
def _by_name(operators: tuple[type[Any], ...]) -> Mapping[str, type[Any]]:
    """The operators by the key that names them."""
    return {ir.keys(operator)[0].metadata["name"]: operator for operator in operators}


class _Argument(NamedTuple):
    """An argument of a definition, with what it can refer to."""

    raw: Any
    place: Place
    scope: _Scope


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an expression can refer to.

    `depth` is the number of enclosing items, and `levels` are those that `@`, `@^`, ... mean, outermost first: an
    argument of a definition means the items of where it is written. `arguments` are those of the definition around the
    expression, which can use the first `definitions`.
    """

    depth: int = 0
    levels: tuple[int, ...] = ()
    arguments: Mapping[str, _Argument] = field(default_factory=dict)
    definitions: int | None = None

    def inside(self) -> _Scope:
        """The scope inside a further item."""
        return replace(self, depth=self.depth + 1, levels=(*self.levels, self.depth))


class _Loader:
    """Reads the rules of one ruleset. Its state is the current rule, and what the current expression reads."""

    def __init__(
        self, rule_file: RuleFile, file: str, output_schema: Schema, functions: Mapping[str, Function]
    ) -> None:
        self._definitions = rule_file.definitions
        self._sources = rule_file.sources
        self._absent_is_null = rule_file.header.get("absent") == "null"
        self._ruleset_keeps_empty = self._keeps_empty = rule_file.header.get("empty") == "kept"
        self._file = file
        self._output_schema = output_schema
        self._output: Schema | None = output_schema  # of the object that the current rules write
        self._functions = functions
        self._rule: str | None = None
        self._ids: set[str] = set()
        self._used: set[str] = set()
        self._sizes = rule_file.sizes
        self._text_size = self._expanded_size = 0
        self._within_for = False
        self._nesting = self._rules_nesting = 0
        self._items_read: set[int] = set()
        self._reads_output = False
        self.places: dict[str, Place] = {}
        self._by_kind: Mapping[str, Callable[[Any, Place, _Scope], Any]] = {
            "value": self._value,
            "values": lambda raw, place, scope: self._list(raw, place, scope, self._value),
            "inner value": lambda raw, place, scope: self._value(raw, place, scope.inside()),
            "members": self._members,
            "value or text": self._value_or_text,
            "test": self._test,
            "tests": lambda raw, place, scope: self._list(raw, place, scope, self._test),
            "inner test": lambda raw, place, scope: self._test(raw, place, scope.inside()),
            "pair": self._pair,
            "branches": lambda raw, place, scope: self._list(raw, place, scope, self._branch),
            "reference": self._reference,
            "pointer": self._pointer,
            "pointers": lambda raw, place, scope: self._list(raw, place, scope, self._pointer),
            "literal": self._literal,
            "table": self._table,
            "text": self._text,
            "texts": lambda raw, place, scope: self._list(raw, place, scope, self._text),
            "pattern": self._pattern,
            "kinds": self._kinds,
            "count": self._count,
            "flag": self._flag,
            "function": self._function,
            "unsupported": self._unsupported,
            "fallback": self._fallback,
            "report spec": self._report_spec,
            "invalid when": lambda raw, place, scope: self._read_struct(ir.InvalidWhen, raw, place, scope),
            "inner rules": lambda raw, place, scope: self._rules(raw, place, scope.inside()),
            "rule branches": lambda raw, place, scope: self._list(raw, place, scope, self._rule_branch),
            "otherwise rules": self._otherwise_branch,
        }

    def unused_definitions(self) -> tuple[str, ...]:
        """The definitions of the file itself that no rule uses."""
        own = (definition for definition in self._definitions.values() if definition.place.file == self._file)
        return tuple(definition.name for definition in own if definition.name not in self._used)

    def _fail(self, place: Place, problem: str) -> RulesetError:
        return RulesetError(place.file, self._rule, place.pointer, problem)

    # Rules

    def rules(self, raw: Any, place: Place, outer: _Scope | None = None) -> Iterator[ir.Rule]:
        """Reads a rule, or those that a rule with `for` stands for; `outer` is the scope of the rule around it."""
        scope = _Scope() if outer is None else outer
        if not isinstance(raw, dict) or FOR not in raw:
            yield self._read_rule(raw, place, scope)
            return
        around, self._rule = self._rule, raw["id"] if isinstance(raw.get("id"), str) else None
        if self._rule is None:
            raise self._fail(place.below("id"), _NEEDS_ID)
        self._text_size += text_size(raw)
        if self._text_size > MAXIMUM_TEXT:
            problem = f"the rules with 'for' expand to {self._text_size:,} characters, at most {MAXIMUM_TEXT:,} allowed"
            raise self._fail(place.below(FOR), problem)
        try:
            expanded = tuple(expand_for(raw))
        except ExpansionError as error:
            raise self._fail(place.below(*error.tokens), error.problem) from error
        if not self._within_for:  # a name of a definition may have been among the texts
            self._expanded_size += sum(expanded_size(rule, self._sizes).own for rule in expanded)
        if self._expanded_size > MAXIMUM_EXPANSION:
            problem = f"the rules with 'for' expand to {self._expanded_size:,} values"
            raise self._fail(place.below(FOR), f"{problem}, at most {MAXIMUM_EXPANSION:,} allowed")
        self._rule = around
        outer_for, self._within_for = self._within_for, True
        for rule in expanded:
            yield self._read_rule(rule, place, scope)
        self._within_for = outer_for

    def _read_rule(self, raw: Any, place: Place, outer_scope: _Scope) -> ir.Rule:
        outer = self._rule
        self._rule = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
        place = place._replace(expanded="")
        if not isinstance(raw, dict):
            raise self._fail(place, "a rule must be an object")
        for name in ("id", "doc"):
            if not isinstance(raw.get(name), str) or not raw[name]:
                raise self._fail(place.below(name), _NEEDS_ID)
        if raw["id"] in self._ids:
            raise self._fail(place.below("id"), "duplicate rule id")
        self._ids.add(raw["id"])
        operator = self._select_operator(raw, ir.RULES, place, "rule")
        if outer_scope.depth and operator not in (ir.Put, ir.PutEach, ir.ChooseRules, ir.Report):
            raise self._fail(place, "a rule inside put_each must be one of: put, put_each, choose, report")
        scope = outer_scope.inside() if operator in _OVER_ITEMS and "over" in raw else outer_scope
        common: dict[str, Any] = {name: raw[name] for name in ("id", "doc")}
        common["source"], common["urls"] = self._source(raw.get("source"), place.below("source"))
        common["consumes"] = self._list(raw.get("consumes", []), place.below("consumes"), scope, self._pointer)
        common["file"] = "" if place.file == self._file else place.file
        outer_keeps_empty = self._keeps_empty
        self._keeps_empty = raw["empty"] == "kept" if "empty" in raw else self._ruleset_keeps_empty
        when = self._test(raw["when"], place.below("when"), scope) if "when" in raw else None
        with_null = self._with_null(raw, place, scope) if operator is ir.Put and self._absent_is_null else {}
        outer_output = self._output
        if operator is ir.PutEach:
            self._output = self._schema_at(raw.get("put_each"), ANY_KEY)
        arguments = self._read_arguments(operator, raw, place, scope, _COMMON_KEYS) | with_null
        self._output = outer_output
        if operator in _OVER_ITEMS and "over" in raw:
            arguments["over"] = self._value(raw["over"], place.below("over"), outer_scope)
        if operator is ir.MergeInto:
            arguments["spellings"] = {
                (*arguments["target"], *tokens): {
                    caseless(name): name
                    for name in documented_names(self._output_schema, (*arguments["target"], *tokens))
                }
                for tokens in arguments.get("case_blind", ())
            }
        if operator is ir.Put:
            arguments["keeps_empty"] = self._keeps_empty
        result: ir.Rule = operator(**common, when=when, **arguments)
        self._rule, self._keeps_empty = outer, outer_keeps_empty
        return result

    def _source(self, raw: Any, place: Place) -> tuple[str, tuple[str, ...]]:
        """The text of a rule's source, and the URLs of the sources that it names."""
        names = [raw] if isinstance(raw, str) else raw
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            raise self._fail(place, _NEEDS_ID)
        if self._sources is None:
            return "; ".join(names), ()
        for index, name in enumerate(names):
            if name not in self._sources:
                at = place if isinstance(raw, str) else place.below(index)
                known = ", ".join(self._sources) or "none"
                raise self._fail(at, f"unknown source {name!r} (available: {known}); add it to sources")
        sources = [self._sources[name] for name in names]
        return "; ".join(source.title for source in sources), tuple(s.url for s in sources if s.url is not None)

    def _with_null(self, raw: Mapping[str, Any], place: Place, scope: _Scope) -> dict[str, Any]:
        """The value of a `put` that writes null for an absent value; empty if it cannot, or if it is never absent."""
        target = self._schema_at(raw["put"])
        if "value" not in raw or "unsupported" in raw or target is None or not allows_null(target):
            return {}
        value_place = place.below("value")
        if ir.is_never_absent(self._value(raw["value"], value_place, scope)):
            return {}
        written = raw["value"]
        is_first = isinstance(written, dict) and written.keys() == {"first"} and isinstance(written["first"], list)
        parts = written["first"] if is_first else [written]
        at = value_place.below("first") if is_first else value_place.expanded_below("first")
        values = [
            self._value(part, at.below(index) if is_first else at.expanded_below(index), scope)
            for index, part in enumerate(parts)
        ]
        values.append(self._value(None, at.expanded_below(len(parts)), scope))
        first = ir.First(
            location=self._location(value_place),
            item_independent=all(part.item_independent for part in values),
            run_constant=all(part.run_constant for part in values),
            values=tuple(values),
        )
        return {"value": first}

    def _schema_at(self, pointer: Any, *tokens: str) -> Schema | None:
        """The schema of a part of the output that the current rules write; None if there is none."""
        try:
            described = None if self._output is None else subschema(self._output, parse_pointer(pointer))
            return None if described is None else pattern_schema(described, tokens)
        except (ValueError, TypeError, AttributeError):  # not a pointer, which is reported when it is read
            return None

    def _select_operator(
        self, raw: Mapping[str, Any], operators: tuple[type[Any], ...], place: Place, what: str
    ) -> type[Any]:
        """Selects the operator whose naming key the object has."""
        named = _by_name(operators)
        # `unsupported` is a rule, but with `put` it is an argument of that.
        present = [name for name in named if name in raw]
        if "put" in present and "unsupported" in present:
            present.remove("unsupported")
        if len(present) != 1:
            problem = f"a {what} must have exactly one of: {', '.join(named)}"
            if what == "value" and not present and len(raw) == 1:
                problem = f"unknown operator or function {next(iter(raw))!r} (operators: {', '.join(named)})"
            advice = "" if present else advise_operator(raw, what, named, self._functions, self._definitions)
            raise self._fail(place, problem + (f"; got {', '.join(present)}" if present else advice))
        return named[present[0]]

    def _read_arguments(
        self, operator: type[Any], raw: Mapping[str, Any], place: Place, scope: _Scope, common: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Reads the arguments of an operator by their kinds."""
        result: dict[str, Any] = {}
        allowed = set(common)
        for argument in ir.keys(operator):
            name, kind = argument.metadata["name"], argument.metadata["kind"]
            if name == "":  # a report spec, whose keys are among those of the rule
                spec_keys = {key.metadata["name"] for key in ir.keys(ir.ReportSpec)}
                allowed |= spec_keys
                spec = {key: value for key, value in raw.items() if key in spec_keys}
                result[argument.name] = self._report_spec(spec, place, scope)
                continue
            allowed.add(name)
            if name not in raw:
                if argument.default is MISSING:
                    raise self._fail(place, f"missing key {name!r}")
                continue
            if kind == "choice":
                result[argument.name] = self._choice(raw[name], place.below(name), argument.metadata["choices"])
            elif not (operator in _OVER_ITEMS and name == "over"):  # outside the items, so read by the caller
                result[argument.name] = self._by_kind[kind](raw[name], place.below(name), scope)
        for name in raw:
            if name not in allowed:
                raise self._fail(place.below(name), f"unknown key (available: {', '.join(sorted(allowed))})")
        return result

    def _read_struct(self, shape: type[Any], raw: Any, place: Place, scope: _Scope) -> Any:
        if not isinstance(raw, dict):
            raise self._fail(place, "expected an object")
        return shape(**self._read_arguments(shape, raw, place, scope))

    def _report_spec(self, raw: Any, place: Place, scope: _Scope) -> ir.ReportSpec:
        result: ir.ReportSpec = self._read_struct(ir.ReportSpec, raw, place, scope)
        if (result.at is None) == (result.missing is None):
            raise self._fail(place, "expected either 'at' or 'missing'")
        return result

    def _unsupported(self, raw: Any, place: Place, scope: _Scope) -> ir.Unsupported:
        result: ir.Unsupported = self._read_struct(ir.Unsupported, raw, place, scope)
        if (result.of is None) == (result.over is None):
            raise self._fail(place, "expected either 'of' or 'over'")
        return result

    def _fallback(self, raw: Any, place: Place, scope: _Scope) -> ir.Keep | ir.Drop | ir.Value:
        if raw == "keep":
            return ir.Keep()
        if raw == "drop":
            return ir.Drop()
        return self._value(raw, place, scope)

    def _rule_branch(self, raw: Any, place: Place, scope: _Scope) -> ir.RuleBranch:
        if not isinstance(raw, dict) or set(raw) != {"when", "rules"}:
            raise self._fail(place, "a branch must have 'when' and 'rules'")
        return ir.RuleBranch(
            location=self._location(place),
            when=self._test(raw["when"], place.below("when"), scope),
            rules=self._rules(raw["rules"], place.below("rules"), scope),
        )

    def _otherwise_branch(self, raw: Any, place: Place, scope: _Scope) -> ir.RuleBranch:
        return ir.RuleBranch(location=self._location(place), when=None, rules=self._rules(raw, place, scope))

    def _rules(self, raw: Any, place: Place, scope: _Scope) -> tuple[ir.Rule, ...]:
        self._enter(place, scope)
        self._rules_nesting += 1
        if self._rules_nesting > _MAXIMUM_RULES_NESTING:
            raise self._fail(place, f"rules can be nested at most {_MAXIMUM_RULES_NESTING} levels deep")
        lists = self._list(raw, place, scope, lambda rule, at, _: tuple(self.rules(rule, at, scope)))
        self._rules_nesting -= 1
        self._nesting -= 1
        return tuple(rule for rules in lists for rule in rules)

    # Values and tests

    def _location(self, place: Place) -> str:
        location = f"{self._rule}#{place.expanded}"
        self.places[location] = place
        return location

    def _enter(self, place: Place, scope: _Scope) -> None:
        self._nesting += 1
        if self._nesting > _MAXIMUM_NESTING:
            raise self._fail(place, f"expressions can be nested at most {_MAXIMUM_NESTING} levels deep")
        if scope.depth > _MAXIMUM_ITEMS:
            raise self._fail(place, f"items can be nested at most {_MAXIMUM_ITEMS} levels deep")

    def _expression(self, raw: Any, place: Place, scope: _Scope, operators: tuple[type[Any], ...], what: str) -> Any:
        if isinstance(raw, dict) and USE in raw:
            return self._used_definition(raw, place, scope, operators, what)
        if not isinstance(raw, dict):
            raise self._fail(place, f"expected a {what} (an object)" + _advise_literal(raw, what))
        self._enter(place, scope)
        function = next(iter(raw)) if len(raw) == 1 else None
        is_call = operators is ir.VALUES and function in self._functions
        operator = ir.Call if is_call else self._select_operator(raw, operators, place, what)
        outer, self._items_read = self._items_read, set()
        outer_reads_output, self._reads_output = self._reads_output, operator is ir.Out
        if is_call:
            assert function is not None  # noqa: S101 - it is among the functions
            arguments = self._call_by_name(function, raw[function], place, scope)
        else:
            arguments = self._read_arguments(operator, raw, place, scope)
        if operator is ir.Object:
            arguments["keeps_empty"] = self._keeps_empty
        if operator is ir.Names:
            arguments["names"] = documented_names(self._output_schema, arguments["tokens"])
        if operator is ir.Call:
            expected = len(self._functions[arguments["function"]].parameters)
            if len(arguments["arguments"]) != expected:
                at = place.below(arguments["function"] if is_call else "with")
                values = "value" if expected == 1 else "values"
                problem = f"{arguments['function']} takes {expected} {values}, got {len(arguments['arguments'])}"
                raise self._fail(at, problem)
        result = self._finish(operator, place, scope, arguments)
        self._items_read |= outer
        self._reads_output |= outer_reads_output
        self._nesting -= 1
        return result

    def _finish(self, operator: type[Any], place: Place, scope: _Scope, arguments: Mapping[str, Any]) -> Any:
        """The expression that was read, with what it depends on."""
        item_independent = all(level >= scope.depth for level in self._items_read)
        run_constant = item_independent and not self._reads_output
        return operator(
            location=self._location(place), item_independent=item_independent, run_constant=run_constant, **arguments
        )

    def _call_by_name(self, function: str, raw: Any, place: Place, scope: _Scope) -> dict[str, Any]:
        """The arguments of a call by name: a list of values, or the only value."""
        at = Place(place.file, place.below(function).pointer, place.expanded_below("with").expanded)
        if isinstance(raw, list):
            return {"function": function, "arguments": self._list(raw, at, scope, self._value)}
        return {"function": function, "arguments": (self._value(raw, at.expanded_below(0), scope),)}

    def _used_definition(
        self, raw: Mapping[str, Any], place: Place, scope: _Scope, operators: tuple[type[Any], ...], what: str
    ) -> Any:
        """The expression of a definition, with the arguments of its use."""
        name = raw[USE]
        known_definition = self._definitions.get(name) if isinstance(name, str) else None
        if known_definition is None:
            available = tuple(self._definitions)[: scope.definitions]
            problem = f"unknown definition {name!r} (available: {', '.join(available) or 'none'})"
            raise self._fail(place.below(USE), problem)
        if scope.definitions is not None and known_definition.index >= scope.definitions:
            raise self._fail(place.below(USE), f"a definition can use only those before it, and {name!r} is not")
        definition: Definition = known_definition
        for key in raw:
            if key not in (USE, *definition.parameters):
                known = ", ".join(definition.parameters) or "none"
                raise self._fail(place.below(key), f"unknown parameter of definition {name!r} (available: {known})")
        for parameter in definition.parameters:
            if parameter not in raw:
                raise self._fail(place, f"missing key {parameter!r}, a parameter of definition {name!r}")
        self._used.add(name)
        arguments = {key: _Argument(raw[key], place.below(key), scope) for key in definition.parameters}
        inner = replace(scope, arguments=arguments, definitions=definition.index)
        body = Place(definition.place.file, definition.place.pointer, place.expanded)
        read = self._value if operators is ir.VALUES else self._test
        self._enter(place, scope)
        result = read(definition.body, body, inner)
        self._nesting -= 1
        return result

    def _value(self, raw: Any, place: Place, scope: _Scope) -> ir.Value:
        result: ir.Value
        if isinstance(raw, str):
            result = self._value_of_text(raw, place, scope)
        elif raw is None or isinstance(raw, bool | int | float):
            result = self._leaf(ir.Const, place, literal=raw)
        else:
            result = self._expression(raw, place, scope, ir.VALUES, "value")
        return result

    def _value_of_text(self, text: str, place: Place, scope: _Scope) -> ir.Value:
        """What a string refers to: a pointer, a parameter, or nothing."""
        result: ir.Value
        if text.startswith("$"):
            argument = scope.arguments.get(text[1:])
            if argument is None:
                known = ", ".join(f"${name}" for name in scope.arguments) or "none"
                raise self._fail(place, f"unknown parameter {text!r} (available: {known})")
            result = self._value(
                argument.raw,
                argument.place._replace(expanded=place.expanded),
                replace(argument.scope, depth=scope.depth),
            )
        elif text.startswith(("/", "@")):
            outer, self._items_read = self._items_read, set()
            reference = self._reference(text, place, scope)
            outer_reads_output, self._reads_output = self._reads_output, False
            result = self._finish(ir.Get, place, scope, {"reference": reference})
            self._items_read |= outer
            self._reads_output = outer_reads_output
        elif text.startswith(OUT_PREFIX):
            tokens = self._pointer(text.removeprefix(OUT_PREFIX), place, scope)
            result = ir.Out(location=self._location(place), item_independent=True, run_constant=False, tokens=tokens)
            self._reads_output = True
        elif text == ABSENT:
            result = self._leaf(ir.First, place, values=())
        else:
            raise self._fail(place, f"expected a value, got the text {text!r}{_advise_literal(text, 'value')}")
        return result

    def _leaf(self, operator: type[Any], place: Place, **arguments: Any) -> Any:
        return operator(location=self._location(place), item_independent=True, run_constant=True, **arguments)

    def _test(self, raw: Any, place: Place, scope: _Scope) -> ir.Test:
        result: ir.Test = self._expression(raw, place, scope, ir.TESTS, "test")
        return result

    def _value_or_text(self, raw: Any, place: Place, scope: _Scope) -> ir.Value:
        if not isinstance(raw, str | dict):
            raise self._fail(place, "expected a value or text")
        if isinstance(raw, str) and _REFERENCE.fullmatch(raw):
            raise self._fail(
                place,
                f'a string is text here; write {{"get": ...}} for a value, {{"const": ...}} for text like {raw!r}',
            )
        return self._value({"const": raw} if isinstance(raw, str) else raw, place, scope)

    def _members(self, raw: Any, place: Place, scope: _Scope) -> tuple[tuple[str, ir.Value], ...]:
        if not isinstance(raw, dict):
            raise self._fail(place, "expected an object of values")
        return tuple((name, self._value(value, place.below(name), scope)) for name, value in raw.items())

    def _pair(self, raw: Any, place: Place, scope: _Scope) -> tuple[ir.Value, ...]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise self._fail(place, "expected a list of two values")
        return self._list(raw, place, scope, self._value)

    def _branch(self, raw: Any, place: Place, scope: _Scope) -> ir.Branch:
        if not isinstance(raw, dict) or set(raw) != {"when", "value"}:
            raise self._fail(place, "a branch must have 'when' and 'value'")
        return ir.Branch(
            location=self._location(place),
            when=self._test(raw["when"], place.below("when"), scope),
            value=self._value(raw["value"], place.below("value"), scope),
        )

    def _reference(self, raw: Any, place: Place, scope: _Scope) -> ir.Reference:
        text = self._text(raw, place, scope)
        if not text.startswith("@"):
            return ir.Reference(None, self._pointer(text, place, scope))
        after = text[1:].lstrip("^")
        outward = len(text) - 1 - len(after)
        if outward >= len(scope.levels):
            raise self._fail(place, f"{text!r} refers to an enclosing item, but there is none")
        level = scope.levels[-1 - outward]
        self._items_read.add(level)
        return ir.Reference(scope.depth - 1 - level, self._pointer(after, place, scope))

    # Leaves

    def _list(
        self, raw: Any, place: Place, scope: _Scope, read: Callable[[Any, Place, _Scope], Any]
    ) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise self._fail(place, "expected a list")
        return tuple(read(item, place.below(index), scope) for index, item in enumerate(raw))

    def _pointer(self, raw: Any, place: Place, scope: _Scope) -> Tokens:
        try:
            return parse_pointer(self._text(raw, place, scope))
        except ValueError as error:
            raise self._fail(place, str(error)) from error

    def _literal(self, raw: Any, place: Place, _scope: _Scope) -> Any:
        """Any JSON value, if it is not nested too deeply to be written as code, or compared."""
        level, depth = [raw], 0
        while containers := [value for value in level if isinstance(value, list | dict)]:
            level = [item for container in containers for item in _members(container)]
            depth += 1
            if depth > _MAXIMUM_NESTING:
                raise self._fail(place, f"a constant can be nested at most {_MAXIMUM_NESTING} levels deep")
        return raw

    def _table(self, raw: Any, place: Place, scope: _Scope) -> tuple[tuple[Any, Any], ...]:
        for index, row in enumerate(self._list(raw, place, scope, self._literal)):
            if not isinstance(row, list) or len(row) != 2:
                raise self._fail(place.below(index), "a row must be a list of two")
        return tuple((left, right) for left, right in raw)

    def _text(self, raw: Any, place: Place, scope: _Scope) -> str:
        if not isinstance(raw, str):
            raise self._fail(place, "expected a string")
        return raw

    def _pattern(self, raw: Any, place: Place, scope: _Scope) -> re.Pattern[str]:
        try:
            return compile_pattern(self._text(raw, place, scope))
        except ValueError as error:
            raise self._fail(place, str(error)) from error

    def _kinds(self, raw: Any, place: Place, scope: _Scope) -> tuple[str, ...]:
        if isinstance(raw, str):
            return (self._choice(raw, place, KINDS),)
        return self._list(raw, place, scope, lambda kind, at, _: self._choice(kind, at, KINDS))

    def _choice(self, raw: Any, place: Place, choices: tuple[str, ...]) -> str:
        if raw not in choices:
            raise self._fail(place, f"must be one of: {', '.join(choices)}")
        return str(raw)

    def _count(self, raw: Any, place: Place, scope: _Scope) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
            raise self._fail(place, "expected a non-negative integer")
        return raw

    def _flag(self, raw: Any, place: Place, scope: _Scope) -> bool:
        if not isinstance(raw, bool):
            raise self._fail(place, "expected true or false")
        return raw

    def _function(self, raw: Any, place: Place, scope: _Scope) -> str:
        if self._text(raw, place, scope) not in self._functions:
            raise self._fail(place, f"unknown function {raw!r} (available: {', '.join(sorted(self._functions))})")
        return str(raw)


_OVER_ITEMS = (ir.Report, ir.Limit)
"""The rules that can apply to each item of `over`."""


def _members(value: list[Any] | dict[str, Any]) -> Iterable[Any]:
    return value if isinstance(value, list) else value.values()


def _advise_literal(raw: Any, what: str) -> str:
    """What to write instead of a literal."""
    if what == "test":
        return ""
    if isinstance(raw, list):
        return '; write {"list": [...]} for a list of values, or {"const": [...]} for a constant'
    return '; write {"const": "..."} for a constant, or begin with / for the input, @ for the item, out: for the output'
