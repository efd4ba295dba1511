"""Parses expressions, values and tests, into the intermediate representation.

The syntax of an operator is derived from its class in `ir`; this module knows only the kinds of arguments, and the
shorthand: strings that refer to values, calls by a function's name, and uses of definitions. For the rules around
expressions see `loader`, and for arguments that are not expressions see `literals`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, replace
from functools import cache, partial
from typing import Any, NamedTuple

from compiler.engine import ir
from compiler.engine.advice import advise_operator
from compiler.engine.expansion import USE, Definition, Place
from compiler.engine.function import Function
from compiler.engine.literals import LITERALS, MAXIMUM_NESTING, parse_choice, parse_pointer_text, parse_row, parse_text
from compiler.engine.rule_files import RuleFile, RulesetError
from compiler.engine.schema import Schema, documented_names
from compiler.json_io.pointer import Tokens

OUT_PREFIX, ABSENT = "out:", "absent"
_REFERENCE = re.compile(r"(/|@\^*(/|$)|out:)\S*")
_MAXIMUM_ITEMS = 15  # items within items; Python allows 20 blocks inside each other


@cache
def operators_by_name(operators: tuple[type[Any], ...]) -> Mapping[str, type[Any]]:
    """The operators by the key that names them."""
    return {ir.keys(operator)[0].metadata["name"]: operator for operator in operators}


class _Argument(NamedTuple):
    """An argument of a definition, with what it can refer to."""

    raw: Any
    place: Place
    scope: Scope


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can refer to.

    `depth` is the number of enclosing items, and `levels` are those that `@`, `@^`, ... mean, outermost first: an
    argument of a definition means the items of where it is written. `arguments` are those of the definition around the
    expression, which can use the first `definitions`.
    """

    depth: int = 0
    levels: tuple[int, ...] = ()
    arguments: Mapping[str, _Argument] = field(default_factory=dict)
    definitions: int | None = None

    def inside(self) -> Scope:
        """The scope inside a further item."""
        return replace(self, depth=self.depth + 1, levels=(*self.levels, self.depth))


class ExpressionParser:
    """Parses the expressions of one ruleset. Its state is the current rule, and what the current expression reads."""

    def __init__(self, rule_file: RuleFile, output_schema: Schema, functions: Mapping[str, Function]) -> None:
        self.places: dict[str, Place] = {}
        self.used_definitions: set[str] = set()
        self._definitions = rule_file.definitions
        self._output_schema = output_schema
        self._functions = functions
        self._keeps_empty = rule_file.header.get("empty") == "kept"
        self._rule: str | None = None
        self._nesting = 0
        self._items_read: set[int] = set()
        self._reads_output = False
        self._by_kind: dict[str, Callable[[Any, Place, Scope], Any]] = {
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
            "pointers": self._pointers,
            "table": lambda raw, place, _: self._literals(parse_row, raw, place),
            "texts": lambda raw, place, _: self._literals(parse_text, raw, place),
            "kinds": self._kinds,
            "function": self._function,
            **{kind: self._literal_parser(parse) for kind, parse in LITERALS.items()},
        }

    def _fail(self, place: Place, problem: str) -> RulesetError:
        return RulesetError(place.file, self._rule, place.pointer, problem)

    # --- Arguments ----------------------------------------------------------------------------------------------------

    def _read_arguments(
        self, operator: type[Any], raw: Mapping[str, Any], place: Place, scope: Scope, common: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Reads the arguments of an operator by their kinds. `common` are further keys, which the caller reads."""
        result: dict[str, Any] = {}
        allowed = set(common)
        for argument in ir.keys(operator):
            name, kind = argument.metadata["name"], argument.metadata["kind"]
            if name == "":  # a report spec, whose keys are among those of the rule
                spec_keys = {key.metadata["name"] for key in ir.keys(ir.ReportSpec)}
                allowed |= spec_keys
                spec = {key: value for key, value in raw.items() if key in spec_keys}
                result[argument.name] = self._by_kind[kind](spec, place, scope)
                continue
            allowed.add(name)
            if name not in raw:
                if argument.default is MISSING:
                    raise self._fail(place, f"missing key {name!r}")
                continue
            if kind == "choice":
                result[argument.name] = self._literal(
                    partial(parse_choice, argument.metadata["choices"]), raw[name], place.below(name)
                )
            elif name not in common:
                result[argument.name] = self._by_kind[kind](raw[name], place.below(name), scope)
        for name in raw:
            if name not in allowed:
                raise self._fail(place.below(name), f"unknown key (available: {', '.join(sorted(allowed))})")
        return result

    def _read_struct(self, shape: type[Any], raw: Any, place: Place, scope: Scope) -> Any:
        if not isinstance(raw, dict):
            raise self._fail(place, "expected an object")
        return shape(**self._read_arguments(shape, raw, place, scope))

    def _list(self, raw: Any, place: Place, scope: Scope, read: Callable[[Any, Place, Scope], Any]) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise self._fail(place, "expected a list")
        return tuple(read(item, place.below(index), scope) for index, item in enumerate(raw))

    def _literal(self, parse: Callable[[Any], Any], raw: Any, place: Place) -> Any:
        """An argument that is not an expression."""
        try:
            return parse(raw)
        except ValueError as error:
            raise self._fail(place, str(error)) from error

    def _literals(self, parse: Callable[[Any], Any], raw: Any, place: Place) -> tuple[Any, ...]:
        return self._list(raw, place, Scope(), self._literal_parser(parse))

    def _literal_parser(self, parse: Callable[[Any], Any]) -> Callable[[Any, Place, Scope], Any]:
        return lambda raw, place, _: self._literal(parse, raw, place)

    def _pointers(self, raw: Any, place: Place, _scope: Scope) -> tuple[Tokens, ...]:
        return self._literals(parse_pointer_text, raw, place)

    def _kinds(self, raw: Any, place: Place, _scope: Scope) -> tuple[str, ...]:
        parse = LITERALS["kind"]
        return (self._literal(parse, raw, place),) if isinstance(raw, str) else self._literals(parse, raw, place)

    def _function(self, raw: Any, place: Place, _scope: Scope) -> str:
        if self._literal(parse_text, raw, place) not in self._functions:
            raise self._fail(place, f"unknown function {raw!r} (available: {', '.join(sorted(self._functions))})")
        return str(raw)

    # --- Values and tests ---------------------------------------------------------------------------------------------

    def _location(self, place: Place) -> str:
        location = f"{self._rule}#{place.expanded}"
        self.places[location] = place
        return location

    def _enter(self, place: Place, scope: Scope) -> None:
        self._nesting += 1
        if self._nesting > MAXIMUM_NESTING:
            raise self._fail(place, f"expressions can be nested at most {MAXIMUM_NESTING} levels deep")
        if scope.depth > _MAXIMUM_ITEMS:
            raise self._fail(place, f"items can be nested at most {_MAXIMUM_ITEMS} levels deep")

    def _expression(self, raw: Any, place: Place, scope: Scope, operators: tuple[type[Any], ...], what: str) -> Any:
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

    def _select_operator(
        self, raw: Mapping[str, Any], operators: tuple[type[Any], ...], place: Place, what: str
    ) -> type[Any]:
        """Selects the operator whose naming key the object has."""
        named = operators_by_name(operators)
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

    def _finish(self, operator: type[Any], place: Place, scope: Scope, arguments: Mapping[str, Any]) -> Any:
        """The expression that was read, with what it depends on."""
        item_independent = all(level >= scope.depth for level in self._items_read)
        run_constant = item_independent and not self._reads_output
        return operator(
            location=self._location(place), item_independent=item_independent, run_constant=run_constant, **arguments
        )

    def _call_by_name(self, function: str, raw: Any, place: Place, scope: Scope) -> dict[str, Any]:
        """The arguments of a call by name: a list of values, or the only value."""
        at = Place(place.file, place.below(function).pointer, place.expanded_below("with").expanded)
        if isinstance(raw, list):
            return {"function": function, "arguments": self._list(raw, at, scope, self._value)}
        return {"function": function, "arguments": (self._value(raw, at.expanded_below(0), scope),)}

    def _used_definition(
        self, raw: Mapping[str, Any], place: Place, scope: Scope, operators: tuple[type[Any], ...], what: str
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
        self.used_definitions.add(name)
        arguments = {key: _Argument(raw[key], place.below(key), scope) for key in definition.parameters}
        inner = replace(scope, arguments=arguments, definitions=definition.index)
        body = Place(definition.place.file, definition.place.pointer, place.expanded)
        read = self._value if operators is ir.VALUES else self._test
        self._enter(place, scope)
        result = read(definition.body, body, inner)
        self._nesting -= 1
        return result

    def _value(self, raw: Any, place: Place, scope: Scope) -> ir.Value:
        result: ir.Value
        if isinstance(raw, str):
            result = self._value_of_text(raw, place, scope)
        elif raw is None or isinstance(raw, bool | int | float):
            result = self._leaf(ir.Const, place, literal=raw)
        else:
            result = self._expression(raw, place, scope, ir.VALUES, "value")
        return result

    def _value_of_text(self, text: str, place: Place, scope: Scope) -> ir.Value:
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
            tokens = self._literal(parse_pointer_text, text.removeprefix(OUT_PREFIX), place)
            result = ir.Out(location=self._location(place), item_independent=True, run_constant=False, tokens=tokens)
            self._reads_output = True
        elif text == ABSENT:
            result = self._leaf(ir.First, place, values=())
        else:
            raise self._fail(place, f"expected a value, got the text {text!r}{_advise_literal(text, 'value')}")
        return result

    def _leaf(self, operator: type[Any], place: Place, **arguments: Any) -> Any:
        return operator(location=self._location(place), item_independent=True, run_constant=True, **arguments)

    def _test(self, raw: Any, place: Place, scope: Scope) -> ir.Test:
        result: ir.Test = self._expression(raw, place, scope, ir.TESTS, "test")
        return result

    def _value_or_text(self, raw: Any, place: Place, scope: Scope) -> ir.Value:
        if not isinstance(raw, str | dict):
            raise self._fail(place, "expected a value or text")
        if isinstance(raw, str) and _REFERENCE.fullmatch(raw):
            raise self._fail(
                place,
                f'a string is text here; write {{"get": ...}} for a value, {{"const": ...}} for text like {raw!r}',
            )
        return self._value({"const": raw} if isinstance(raw, str) else raw, place, scope)

    def _members(self, raw: Any, place: Place, scope: Scope) -> tuple[tuple[str, ir.Value], ...]:
        if not isinstance(raw, dict):
            raise self._fail(place, "expected an object of values")
        return tuple((name, self._value(value, place.below(name), scope)) for name, value in raw.items())

    def _pair(self, raw: Any, place: Place, scope: Scope) -> tuple[ir.Value, ...]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise self._fail(place, "expected a list of two values")
        return self._list(raw, place, scope, self._value)

    def _branch(self, raw: Any, place: Place, scope: Scope) -> ir.Branch:
        if not isinstance(raw, dict) or set(raw) != {"when", "value"}:
            raise self._fail(place, "a branch must have 'when' and 'value'")
        return ir.Branch(
            location=self._location(place),
            when=self._test(raw["when"], place.below("when"), scope),
            value=self._value(raw["value"], place.below("value"), scope),
        )

    def _reference(self, raw: Any, place: Place, scope: Scope) -> ir.Reference:
        text = self._literal(parse_text, raw, place)
        if not text.startswith("@"):
            return ir.Reference(None, self._literal(parse_pointer_text, text, place))
        after = text[1:].lstrip("^")
        outward = len(text) - 1 - len(after)
        if outward >= len(scope.levels):
            raise self._fail(place, f"{text!r} refers to an enclosing item, but there is none")
        level = scope.levels[-1 - outward]
        self._items_read.add(level)
        return ir.Reference(scope.depth - 1 - level, self._literal(parse_pointer_text, after, place))


def _advise_literal(raw: Any, what: str) -> str:
    """What to write instead of a literal."""
    if what == "test":
        return ""
    if isinstance(raw, list):
        return '; write {"list": [...]} for a list of values, or {"const": [...]} for a constant'
    return '; write {"const": "..."} for a constant, or begin with / for the input, @ for the item, out: for the output'
