"""Parses rule files into the intermediate representation; errors name the file, the rule and the key.

The syntax of an operator is derived from its class in `ir`; this module knows only the kinds of arguments. For lint
checks of the rules see `checker`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cache
from typing import Any

from compiler.engine import ir
from compiler.engine.function import Function
from compiler.engine.pattern import compile_pattern
from compiler.engine.schema import Describe, OutputValidator, Schema, ValidatorFactory, dereference, documented_names
from compiler.json_io.parse import STRICT, require_json
from compiler.json_io.pointer import Tokens, caseless, escape_token, parse_pointer

KINDS = ("null", "boolean", "number", "string", "array", "object")
_HEADER = ("$schema", "target", "ruleset", "doc", "input", "output", "empty", *ir.PHASES)
_COMMON_KEYS = ("id", "doc", "source", "when", "consumes")


_POLICY = STRICT._replace(maximum_depth=1_000)  # deeper than rules ever are, or Python reads


class RulesetError(Exception):
    """An invalid rule file: the file, the rule (None: outside the rules), the key and the problem."""

    def __init__(self, file: str, rule: str | None, key: str, problem: str) -> None:
        super().__init__(file, rule, key, problem)
        self.file = file
        self.rule = rule
        self.key = key
        self.problem = problem

    def __str__(self) -> str:
        rule = "" if self.rule is None else f", rule {self.rule!r}"
        return f"{self.file}{rule}, at {self.key or '/'}: {self.problem}"


def load_ruleset(
    text: str,
    file: str,
    schemas: Mapping[str, Schema],
    functions: Mapping[str, Function],
    validator_factory: ValidatorFactory | None = None,
    describe: Describe | None = None,
) -> ir.Ruleset:
    """Parses the text of a rule file.

    `schemas` are by `$id`, by which the file names those of its input and output. `describe` returns the message and
    hint for a validation error. Raises RulesetError.
    """

    def fail(key: str, problem: str) -> RulesetError:
        return RulesetError(file, None, key, problem)

    try:
        document = require_json(text, _POLICY)
    except ValueError as error:
        raise fail("", str(error)) from error
    if not isinstance(document, dict):
        raise fail("", "a rule file must be an object")
    for key in document:
        if key not in _HEADER:
            raise fail(f"/{escape_token(key)}", f"unknown key (available: {', '.join(_HEADER)})")
    for key in ("target", "ruleset", "doc", "input", "output"):
        if not isinstance(document.get(key), str):
            raise fail(f"/{key}", "expected a string")
    if document.get("empty", "omitted") not in ("omitted", "kept"):
        raise fail("/empty", "must be 'omitted' or 'kept'")
    resolved = {}
    for key in ("input", "output"):
        try:
            resolved[key] = dereference(document[key], schemas)
        except ValueError as error:
            raise fail(f"/{key}", str(error)) from error
    loader = _Loader(file, resolved["output"], functions)
    phases = {}
    for phase in ir.PHASES:
        rules = document.get(phase, [])
        if not isinstance(rules, list):
            raise fail(f"/{phase}", "expected a list of rules")
        phases[phase] = tuple(loader.rule(rule, f"/{phase}/{index}") for index, rule in enumerate(rules))
    for rule in ir.all_rules(phases["verify"]):
        if isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            raise RulesetError(file, rule.id, "/verify", "rules in verify must not write to the output")
    for rule in ir.all_rules(phases["fan_out"]):
        if not isinstance(rule, ir.Put) or rule.invalid is not None or rule.unsupported is not None:
            problem = "rules in fan_out must be puts without 'invalid' and 'unsupported'"
            raise RulesetError(file, rule.id, "/fan_out", problem)
    return ir.Ruleset(
        target=document["target"],
        name=document["ruleset"],
        doc=document["doc"],
        file=file,
        keeps_empty=document.get("empty") == "kept",
        input_schema=resolved["input"],
        output_schema=resolved["output"],
        output_validator=OutputValidator(document["output"], schemas, validator_factory, describe),
        functions=functions,
        **phases,
    )


@cache
def _by_name(operators: tuple[type[Any], ...]) -> Mapping[str, type[Any]]:
    """The operators by the key that names them."""
    return {ir.keys(operator)[0].metadata["name"]: operator for operator in operators}


class _Loader:
    """Reads the rules of one file. Its state is the current rule, and what the current expression reads."""

    def __init__(self, file: str, output_schema: Schema, functions: Mapping[str, Function]) -> None:
        self._file = file
        self._output_schema = output_schema
        self._functions = functions
        self._rule: str | None = None
        self._origin = ""
        self._ids: set[str] = set()
        self._items_read: set[int] = set()
        self._reads_output = False
        self._by_kind: Mapping[str, Callable[[Any, str, int], Any]] = {
            "value": self._value,
            "values": lambda raw, key, depth: self._list(raw, key, depth, self._value),
            "inner value": lambda raw, key, depth: self._value(raw, key, depth + 1),
            "members": self._members,
            "value or text": self._value_or_text,
            "test": self._test,
            "tests": lambda raw, key, depth: self._list(raw, key, depth, self._test),
            "inner test": lambda raw, key, depth: self._test(raw, key, depth + 1),
            "pair": self._pair,
            "branches": lambda raw, key, depth: self._list(raw, key, depth, self._branch),
            "reference": self._reference,
            "pointer": self._pointer,
            "pointers": lambda raw, key, depth: self._list(raw, key, depth, self._pointer),
            "literal": lambda raw, key, depth: raw,
            "table": self._table,
            "text": self._text,
            "texts": lambda raw, key, depth: self._list(raw, key, depth, self._text),
            "pattern": self._pattern,
            "kinds": lambda raw, key, depth: self._list(raw, key, depth, self._kind),
            "count": self._count,
            "flag": self._flag,
            "function": self._function,
            "unsupported": self._unsupported,
            "fallback": self._fallback,
            "report spec": self._report_spec,
            "invalid when": lambda raw, key, depth: self._read_struct(ir.InvalidWhen, raw, key, depth),
            "inner rules": lambda raw, key, depth: self._rules(raw, key, depth + 1),
            "rule branches": lambda raw, key, depth: self._list(raw, key, depth, self._rule_branch),
            "otherwise rules": self._otherwise_branch,
        }

    def _fail(self, key: str, problem: str) -> RulesetError:
        return RulesetError(self._file, self._rule, key, problem)

    # Rules

    def rule(self, raw: Any, key: str, outer_depth: int = 0) -> ir.Rule:
        """Reads a rule; `key` is its pointer in the file, `outer_depth` the number of enclosing items."""
        outer = self._rule, self._origin
        self._rule = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
        self._origin = key
        if not isinstance(raw, dict):
            raise self._fail(key, "a rule must be an object")
        for name in ("id", "doc", "source"):
            if not isinstance(raw.get(name), str) or not raw[name]:
                raise self._fail(f"{key}/{name}", "a rule must have a non-empty id, doc and source")
        if raw["id"] in self._ids:
            raise self._fail(f"{key}/id", "duplicate rule id")
        self._ids.add(raw["id"])
        operator = self._select_operator(raw, ir.RULES, key, "rule")
        if outer_depth and operator not in (ir.Put, ir.PutEach, ir.ChooseRules, ir.Report):
            raise self._fail(key, "a rule inside put_each must be one of: put, put_each, choose, report")
        depth = outer_depth + 1 if operator is ir.Report and "over" in raw else outer_depth
        common = {name: raw[name] for name in ("id", "doc", "source")}
        common["consumes"] = self._flag(raw.get("consumes", False), f"{key}/consumes", depth)
        when = self._test(raw["when"], f"{key}/when", depth) if "when" in raw else None
        arguments = self._read_arguments(operator, raw, key, depth, _COMMON_KEYS)
        if operator is ir.MergeInto:
            arguments["spellings"] = {
                (*arguments["target"], *tokens): {
                    caseless(name): name
                    for name in documented_names(self._output_schema, (*arguments["target"], *tokens))
                }
                for tokens in arguments.get("case_blind", ())
            }
        result: ir.Rule = operator(**common, when=when, **arguments)
        self._rule, self._origin = outer
        return result

    def _select_operator(
        self, raw: Mapping[str, Any], operators: tuple[type[Any], ...], key: str, what: str
    ) -> type[Any]:
        """Selects the operator whose naming key the object has."""
        named = _by_name(operators)
        # `unsupported` is a rule, but with `put` it is an argument of that.
        present = [name for name in named if name in raw]
        if "put" in present and "unsupported" in present:
            present.remove("unsupported")
        if len(present) != 1:
            problem = f"a {what} must have exactly one of: {', '.join(named)}"
            raise self._fail(key, problem + (f"; got {', '.join(present)}" if present else ""))
        return named[present[0]]

    def _read_arguments(
        self, operator: type[Any], raw: Mapping[str, Any], key: str, depth: int, common_keys: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Reads the arguments of an operator by their kinds."""
        result: dict[str, Any] = {}
        allowed = set(common_keys)
        for argument in ir.keys(operator):
            name, kind = argument.metadata["name"], argument.metadata["kind"]
            if name == "":  # a report spec, whose keys are among those of the rule
                spec_keys = {key.metadata["name"] for key in ir.keys(ir.ReportSpec)}
                allowed |= spec_keys
                result[argument.name] = self._report_spec({k: v for k, v in raw.items() if k in spec_keys}, key, depth)
                continue
            allowed.add(name)
            if name not in raw:
                if argument.default is MISSING:
                    raise self._fail(key, f"missing key {name!r}")
                continue
            argument_key = f"{key}/{escape_token(name)}"
            if kind == "choice":
                result[argument.name] = self._choice(raw[name], argument_key, argument.metadata["choices"])
            else:
                value_depth = depth - 1 if operator is ir.Report and name == "over" else depth
                result[argument.name] = self._by_kind[kind](raw[name], argument_key, value_depth)
        for name in raw:
            if name not in allowed:
                raise self._fail(
                    f"{key}/{escape_token(name)}", f"unknown key (available: {', '.join(sorted(allowed))})"
                )
        return result

    def _read_struct(self, shape: type[Any], raw: Any, key: str, depth: int) -> Any:
        if not isinstance(raw, dict):
            raise self._fail(key, "expected an object")
        return shape(**self._read_arguments(shape, raw, key, depth))

    def _report_spec(self, raw: Any, key: str, depth: int) -> ir.ReportSpec:
        result: ir.ReportSpec = self._read_struct(ir.ReportSpec, raw, key, depth)
        if (result.at is None) == (result.missing is None):
            raise self._fail(key, "expected either 'at' or 'missing'")
        return result

    def _unsupported(self, raw: Any, key: str, depth: int) -> ir.Unsupported:
        result: ir.Unsupported = self._read_struct(ir.Unsupported, raw, key, depth)
        if (result.of is None) == (result.over is None):
            raise self._fail(key, "expected either 'of' or 'over'")
        return result

    def _fallback(self, raw: Any, key: str, depth: int) -> ir.Keep | ir.Drop | ir.Value:
        if raw == "keep":
            return ir.Keep()
        if raw == "drop":
            return ir.Drop()
        return self._value(raw, key, depth)

    def _rule_branch(self, raw: Any, key: str, depth: int) -> ir.RuleBranch:
        if not isinstance(raw, dict) or set(raw) != {"when", "rules"}:
            raise self._fail(key, "a branch must have 'when' and 'rules'")
        return ir.RuleBranch(
            location=self._location(key),
            when=self._test(raw["when"], f"{key}/when", depth),
            rules=self._rules(raw["rules"], f"{key}/rules", depth),
        )

    def _otherwise_branch(self, raw: Any, key: str, depth: int) -> ir.RuleBranch:
        return ir.RuleBranch(location=self._location(key), when=None, rules=self._rules(raw, key, depth))

    def _rules(self, raw: Any, key: str, depth: int) -> tuple[ir.Rule, ...]:
        return self._list(raw, key, depth, lambda rule, at, _: self.rule(rule, at, depth))

    # Values and tests

    def _location(self, key: str) -> str:
        return f"{self._rule}#{key.removeprefix(self._origin)}"

    def _expression(self, raw: Any, key: str, depth: int, operators: tuple[type[Any], ...], what: str) -> Any:
        if not isinstance(raw, dict):
            raise self._fail(key, f"expected a {what} (an object)")
        operator = self._select_operator(raw, operators, key, what)
        outer, self._items_read = self._items_read, set()
        outer_reads_output, self._reads_output = self._reads_output, operator is ir.Out
        arguments = self._read_arguments(operator, raw, key, depth)
        if operator is ir.Names:
            arguments["names"] = documented_names(self._output_schema, arguments["tokens"])
        if operator is ir.Call and len(arguments["arguments"]) != len(
            self._functions[arguments["function"]].parameters
        ):
            expected = len(self._functions[arguments["function"]].parameters)
            raise self._fail(
                f"{key}/with", f"{arguments['function']} takes {expected} values, got {len(arguments['arguments'])}"
            )
        item_independent = all(level >= depth for level in self._items_read)
        run_constant = item_independent and not self._reads_output
        self._items_read |= outer
        self._reads_output |= outer_reads_output
        return operator(
            location=self._location(key), item_independent=item_independent, run_constant=run_constant, **arguments
        )

    def _value(self, raw: Any, key: str, depth: int) -> ir.Value:
        result: ir.Value = self._expression(raw, key, depth, ir.VALUES, "value")
        return result

    def _test(self, raw: Any, key: str, depth: int) -> ir.Test:
        result: ir.Test = self._expression(raw, key, depth, ir.TESTS, "test")
        return result

    def _value_or_text(self, raw: Any, key: str, depth: int) -> ir.Value:
        return self._value({"const": raw} if isinstance(raw, str) else raw, key, depth)

    def _members(self, raw: Any, key: str, depth: int) -> tuple[tuple[str, ir.Value], ...]:
        if not isinstance(raw, dict):
            raise self._fail(key, "expected an object of values")
        return tuple((name, self._value(value, f"{key}/{escape_token(name)}", depth)) for name, value in raw.items())

    def _pair(self, raw: Any, key: str, depth: int) -> tuple[ir.Value, ...]:
        if not isinstance(raw, list) or len(raw) != 2:
            raise self._fail(key, "expected a list of two values")
        return self._list(raw, key, depth, self._value)

    def _branch(self, raw: Any, key: str, depth: int) -> ir.Branch:
        if not isinstance(raw, dict) or set(raw) != {"when", "value"}:
            raise self._fail(key, "a branch must have 'when' and 'value'")
        when = self._test(raw["when"], f"{key}/when", depth)
        return ir.Branch(
            location=self._location(key), when=when, value=self._value(raw["value"], f"{key}/value", depth)
        )

    def _reference(self, raw: Any, key: str, depth: int) -> ir.Reference:
        text = self._text(raw, key, depth)
        if not text.startswith("@"):
            return ir.Reference(None, self._pointer(text, key, depth))
        after = text[1:].lstrip("^")
        scope = len(text) - 1 - len(after)
        if scope >= depth:
            raise self._fail(key, f"{text!r} refers to an enclosing item, but there is none")
        self._items_read.add(depth - 1 - scope)
        return ir.Reference(scope, self._pointer(after, key, depth))

    # Leaves

    def _list(self, raw: Any, key: str, depth: int, read: Callable[[Any, str, int], Any]) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise self._fail(key, "expected a list")
        return tuple(read(item, f"{key}/{index}", depth) for index, item in enumerate(raw))

    def _pointer(self, raw: Any, key: str, depth: int) -> Tokens:
        try:
            return parse_pointer(self._text(raw, key, depth))
        except ValueError as error:
            raise self._fail(key, str(error)) from error

    def _table(self, raw: Any, key: str, depth: int) -> tuple[tuple[Any, Any], ...]:
        for index, row in enumerate(self._list(raw, key, depth, lambda row, _key, _depth: row)):
            if not isinstance(row, list) or len(row) != 2:
                raise self._fail(f"{key}/{index}", "a row must be a list of two")
        return tuple((left, right) for left, right in raw)

    def _text(self, raw: Any, key: str, depth: int) -> str:
        if not isinstance(raw, str):
            raise self._fail(key, "expected a string")
        return raw

    def _pattern(self, raw: Any, key: str, depth: int) -> re.Pattern[str]:
        try:
            return compile_pattern(self._text(raw, key, depth))
        except ValueError as error:
            raise self._fail(key, str(error)) from error

    def _kind(self, raw: Any, key: str, depth: int) -> str:
        return self._choice(raw, key, KINDS)

    def _choice(self, raw: Any, key: str, choices: tuple[str, ...]) -> str:
        if raw not in choices:
            raise self._fail(key, f"must be one of: {', '.join(choices)}")
        return str(raw)

    def _count(self, raw: Any, key: str, depth: int) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
            raise self._fail(key, "expected a non-negative integer")
        return raw

    def _flag(self, raw: Any, key: str, depth: int) -> bool:
        if not isinstance(raw, bool):
            raise self._fail(key, "expected true or false")
        return raw

    def _function(self, raw: Any, key: str, depth: int) -> str:
        if self._text(raw, key, depth) not in self._functions:
            raise self._fail(key, f"unknown function {raw!r} (available: {', '.join(sorted(self._functions))})")
        return str(raw)
