"""From rule files to the intermediate form, with errors that name the file, the rule and the key.

What an operator looks like is read off its class in `form`; this module knows the kinds of things that can stand under
a key, nothing of what they mean. Whether the rules make sense together is the checker's question.
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
from compiler.engine.schema import Describe, GuardOf, OutputSchema, Schema, dereferenced, documented_names
from compiler.json_io.parse import require_json
from compiler.json_io.pointer import Tokens, caseless, escape, tokens_of

KINDS = ("null", "boolean", "number", "string", "array", "object")
_HEADER = ("$schema", "target", "ruleset", "doc", "input", "output", "empty", *ir.PHASES)
_COMMON = ("id", "doc", "source", "when", "settles")


class RulesetError(Exception):
    """A rule file that cannot be used: in which file, rule (None: outside the rules) and key, and what is wrong."""

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
    guard_of: GuardOf | None = None,
    describe: Describe | None = None,
) -> ir.Ruleset:
    """The ruleset that a file's text holds.

    `schemas` are by `$id`; the file names its input and output by it. `describe` puts what a schema refuses in words.
    Raises RulesetError.
    """

    def fail(key: str, problem: str) -> RulesetError:
        return RulesetError(file, None, key, problem)

    try:
        document = require_json(text)
    except ValueError as error:
        raise fail("", str(error)) from error
    if not isinstance(document, dict):
        raise fail("", "a rule file holds an object")
    for key in document:
        if key not in _HEADER:
            raise fail(f"/{escape(key)}", f"unknown key; known are {', '.join(_HEADER)}")
    for key in ("target", "ruleset", "doc", "input", "output"):
        if not isinstance(document.get(key), str):
            raise fail(f"/{key}", "a string is needed here")
    if document.get("empty", "omitted") not in ("omitted", "kept"):
        raise fail("/empty", "'omitted' or 'kept' is needed here")
    resolved = {}
    for key in ("input", "output"):
        try:
            resolved[key] = dereferenced(document[key], schemas)
        except ValueError as error:
            raise fail(f"/{key}", str(error)) from error
    loader = _Loader(file, resolved["output"], functions)
    phases = {}
    for phase in ir.PHASES:
        rules = document.get(phase, [])
        if not isinstance(rules, list):
            raise fail(f"/{phase}", "a list of rules is needed here")
        phases[phase] = tuple(loader.rule(rule, f"/{phase}/{index}") for index, rule in enumerate(rules))
    for rule in ir.all_rules(phases["verify"]):
        if isinstance(rule, ir.Put | ir.PutEach | ir.MergeInto):
            raise RulesetError(file, rule.id, "/verify", "verify reads the finished output; nothing is written there")
    for rule in ir.all_rules(phases["fan_out"]):
        if not isinstance(rule, ir.Put) or rule.invalid is not None or rule.unsupported is not None:
            problem = "what is said is said before the fan-out; it only puts"
            raise RulesetError(file, rule.id, "/fan_out", problem)
    return ir.Ruleset(
        target=document["target"],
        name=document["ruleset"],
        doc=document["doc"],
        file=file,
        keeps_empty=document.get("empty") == "kept",
        input_schema=resolved["input"],
        output_schema=resolved["output"],
        judge=OutputSchema(document["output"], schemas, guard_of, describe),
        functions=functions,
        **phases,
    )


@cache
def _by_name(operators: tuple[type[Any], ...]) -> Mapping[str, type[Any]]:
    """Operators by the key that names them."""
    return {ir.keys(operator)[0].metadata["name"]: operator for operator in operators}


class _Loader:
    """Reads the rules of one file. It remembers which rule it is in, and what the expression at hand reads."""

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
            "values": lambda given, key, depth: self._list(given, key, depth, self._value),
            "inner value": lambda given, key, depth: self._value(given, key, depth + 1),
            "members": self._members,
            "value or text": self._value_or_text,
            "test": self._test,
            "tests": lambda given, key, depth: self._list(given, key, depth, self._test),
            "inner test": lambda given, key, depth: self._test(given, key, depth + 1),
            "pair": self._pair,
            "cases": lambda given, key, depth: self._list(given, key, depth, self._case),
            "reference": self._reference,
            "pointer": self._pointer,
            "pointers": lambda given, key, depth: self._list(given, key, depth, self._pointer),
            "literal": lambda given, key, depth: given,
            "table": self._table,
            "text": self._text,
            "texts": lambda given, key, depth: self._list(given, key, depth, self._text),
            "pattern": self._pattern,
            "kinds": lambda given, key, depth: self._list(given, key, depth, self._kind),
            "count": self._count,
            "flag": self._flag,
            "function": self._function,
            "unsupported": self._unsupported,
            "fallback": self._fallback,
            "finding": self._finding,
            "refusal": lambda given, key, depth: self._plain(ir.Refusal, given, key, depth),
            "inner rules": lambda given, key, depth: self._rules(given, key, depth + 1),
            "ways": lambda given, key, depth: self._list(given, key, depth, self._way),
            "way": self._last_way,
        }

    def _fail(self, key: str, problem: str) -> RulesetError:
        return RulesetError(self._file, self._rule, key, problem)

    # Rules

    def rule(self, given: Any, key: str, outside: int = 0) -> ir.Rule:
        """One rule; `key` is its pointer in the file, `outside` how many items there are around it."""
        outer = self._rule, self._origin
        self._rule = given.get("id") if isinstance(given, dict) and isinstance(given.get("id"), str) else None
        self._origin = key
        if not isinstance(given, dict):
            raise self._fail(key, "a rule is an object")
        for name in ("id", "doc", "source"):
            if not isinstance(given.get(name), str) or not given[name]:
                raise self._fail(f"{key}/{name}", "every rule has an id, a doc and a source, each a string")
        if given["id"] in self._ids:
            raise self._fail(f"{key}/id", "another rule has this id")
        self._ids.add(given["id"])
        operator = self._operator(given, ir.RULES, key, "rule")
        if outside and operator not in (ir.Put, ir.PutEach, ir.ChooseRules, ir.Report):
            raise self._fail(key, "a rule inside put_each writes in the item's object, chooses or reports")
        depth = outside + 1 if operator is ir.Report and "over" in given else outside
        common = {name: given[name] for name in ("id", "doc", "source")}
        common["settles"] = self._flag(given.get("settles", False), f"{key}/settles", depth)
        when = self._test(given["when"], f"{key}/when", depth) if "when" in given else None
        own = self._own(operator, given, key, depth, _COMMON)
        if operator is ir.MergeInto:
            own["spellings"] = {
                (*own["target"], *tokens): {
                    caseless(name): name for name in documented_names(self._output_schema, (*own["target"], *tokens))
                }
                for tokens in own.get("case_blind", ())
            }
        made: ir.Rule = operator(**common, when=when, **own)
        self._rule, self._origin = outer
        return made

    def _operator(self, given: Mapping[str, Any], operators: tuple[type[Any], ...], key: str, what: str) -> type[Any]:
        """The operator that an object is an application of: the one whose first key it has."""
        named = _by_name(operators)
        # `unsupported` is a rule of its own and a modifier of `put`, which then names the rule.
        found = [name for name in named if name in given]
        if "put" in found and "unsupported" in found:
            found.remove("unsupported")
        if len(found) != 1:
            problem = f"a {what} has exactly one of: {', '.join(named)}"
            raise self._fail(key, problem + (f"; this has {', '.join(found)}" if found else ""))
        return named[found[0]]

    def _own(
        self, operator: type[Any], given: Mapping[str, Any], key: str, depth: int, besides: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The arguments of an operator, each read as its kind asks."""
        made: dict[str, Any] = {}
        allowed = set(besides)
        for argument in ir.keys(operator):
            name, kind = argument.metadata["name"], argument.metadata["kind"]
            if name == "":  # a finding whose keys stand among the rule's own
                inner = {each.metadata["name"] for each in ir.keys(ir.Finding)}
                allowed |= inner
                made[argument.name] = self._finding({k: v for k, v in given.items() if k in inner}, key, depth)
                continue
            allowed.add(name)
            if name not in given:
                if argument.default is MISSING:
                    raise self._fail(key, f"the key {name!r} is missing")
                continue
            place = f"{key}/{escape(name)}"
            if kind == "choice":
                made[argument.name] = self._choice(given[name], place, argument.metadata["choices"])
            else:
                outside = depth - 1 if operator is ir.Report and name == "over" else depth
                made[argument.name] = self._by_kind[kind](given[name], place, outside)
        for name in given:
            if name not in allowed:
                raise self._fail(f"{key}/{escape(name)}", f"unknown key; known are {', '.join(sorted(allowed))}")
        return made

    def _plain(self, shape: type[Any], given: Any, key: str, depth: int) -> Any:
        if not isinstance(given, dict):
            raise self._fail(key, "an object is needed here")
        return shape(**self._own(shape, given, key, depth))

    def _finding(self, given: Any, key: str, depth: int) -> ir.Finding:
        found: ir.Finding = self._plain(ir.Finding, given, key, depth)
        if (found.at is None) == (found.missing is None):
            raise self._fail(key, "either 'at' or 'missing' is needed here")
        return found

    def _unsupported(self, given: Any, key: str, depth: int) -> ir.Unsupported:
        found: ir.Unsupported = self._plain(ir.Unsupported, given, key, depth)
        if (found.of is None) == (found.over is None):
            raise self._fail(key, "either 'of' or 'over' is needed here")
        return found

    def _fallback(self, given: Any, key: str, depth: int) -> ir.Keep | ir.Drop | ir.Value:
        if given == "keep":
            return ir.Keep()
        if given == "drop":
            return ir.Drop()
        return self._value(given, key, depth)

    def _way(self, given: Any, key: str, depth: int) -> ir.Way:
        if not isinstance(given, dict) or set(given) != {"when", "rules"}:
            raise self._fail(key, "a case has a 'when' and 'rules'")
        return ir.Way(
            place=self._place(key),
            when=self._test(given["when"], f"{key}/when", depth),
            rules=self._rules(given["rules"], f"{key}/rules", depth),
        )

    def _last_way(self, given: Any, key: str, depth: int) -> ir.Way:
        return ir.Way(place=self._place(key), when=None, rules=self._rules(given, key, depth))

    def _rules(self, given: Any, key: str, depth: int) -> tuple[ir.Rule, ...]:
        return self._list(given, key, depth, lambda rule, at, _: self.rule(rule, at, depth))

    # Values and tests

    def _place(self, key: str) -> str:
        return f"{self._rule}#{key.removeprefix(self._origin)}"

    def _expression(self, given: Any, key: str, depth: int, operators: tuple[type[Any], ...], what: str) -> Any:
        if not isinstance(given, dict):
            raise self._fail(key, f"a {what} is needed here, as an object")
        operator = self._operator(given, operators, key, what)
        outer, self._items_read = self._items_read, set()
        outer_reads_output, self._reads_output = self._reads_output, operator is ir.Out
        own = self._own(operator, given, key, depth)
        if operator is ir.Names:
            own["names"] = documented_names(self._output_schema, own["tokens"])
        if operator is ir.Call and len(own["arguments"]) != len(self._functions[own["function"]].parameters):
            expected = len(self._functions[own["function"]].parameters)
            raise self._fail(f"{key}/with", f"{own['function']} takes {expected} values")
        closed = all(level >= depth for level in self._items_read)
        fixed = closed and not self._reads_output
        self._items_read |= outer
        self._reads_output |= outer_reads_output
        return operator(place=self._place(key), closed=closed, fixed=fixed, **own)

    def _value(self, given: Any, key: str, depth: int) -> ir.Value:
        found: ir.Value = self._expression(given, key, depth, ir.VALUES, "value")
        return found

    def _test(self, given: Any, key: str, depth: int) -> ir.Test:
        found: ir.Test = self._expression(given, key, depth, ir.TESTS, "test")
        return found

    def _value_or_text(self, given: Any, key: str, depth: int) -> ir.Value:
        return self._value({"const": given} if isinstance(given, str) else given, key, depth)

    def _members(self, given: Any, key: str, depth: int) -> tuple[tuple[str, ir.Value], ...]:
        if not isinstance(given, dict):
            raise self._fail(key, "an object of values is needed here")
        return tuple((name, self._value(value, f"{key}/{escape(name)}", depth)) for name, value in given.items())

    def _pair(self, given: Any, key: str, depth: int) -> tuple[ir.Value, ...]:
        if not isinstance(given, list) or len(given) != 2:
            raise self._fail(key, "two values are needed here")
        return self._list(given, key, depth, self._value)

    def _case(self, given: Any, key: str, depth: int) -> ir.Case:
        if not isinstance(given, dict) or set(given) != {"when", "value"}:
            raise self._fail(key, "a case has a 'when' and a 'value'")
        when = self._test(given["when"], f"{key}/when", depth)
        return ir.Case(place=self._place(key), when=when, value=self._value(given["value"], f"{key}/value", depth))

    def _reference(self, given: Any, key: str, depth: int) -> ir.Reference:
        text = self._text(given, key, depth)
        if not text.startswith("@"):
            return ir.Reference(None, self._pointer(text, key, depth))
        after = text[1:].lstrip("^")
        up = len(text) - 1 - len(after)
        if up >= depth:
            raise self._fail(key, f"there is no such item here: {text!r}")
        self._items_read.add(depth - 1 - up)
        return ir.Reference(up, self._pointer(after, key, depth))

    # Leaves

    def _list(self, given: Any, key: str, depth: int, read: Callable[[Any, str, int], Any]) -> tuple[Any, ...]:
        if not isinstance(given, list):
            raise self._fail(key, "a list is needed here")
        return tuple(read(item, f"{key}/{index}", depth) for index, item in enumerate(given))

    def _pointer(self, given: Any, key: str, depth: int) -> Tokens:
        try:
            return tokens_of(self._text(given, key, depth))
        except ValueError as error:
            raise self._fail(key, str(error)) from error

    def _table(self, given: Any, key: str, depth: int) -> tuple[tuple[Any, Any], ...]:
        for index, row in enumerate(self._list(given, key, depth, lambda row, _key, _depth: row)):
            if not isinstance(row, list) or len(row) != 2:
                raise self._fail(f"{key}/{index}", "a row is a list of two")
        return tuple((left, right) for left, right in given)

    def _text(self, given: Any, key: str, depth: int) -> str:
        if not isinstance(given, str):
            raise self._fail(key, "a string is needed here")
        return given

    def _pattern(self, given: Any, key: str, depth: int) -> re.Pattern[str]:
        try:
            return compile_pattern(self._text(given, key, depth))
        except ValueError as error:
            raise self._fail(key, str(error)) from error

    def _kind(self, given: Any, key: str, depth: int) -> str:
        return self._choice(given, key, KINDS)

    def _choice(self, given: Any, key: str, choices: tuple[str, ...]) -> str:
        if given not in choices:
            raise self._fail(key, f"one of these is needed here: {', '.join(choices)}")
        return str(given)

    def _count(self, given: Any, key: str, depth: int) -> int:
        if not isinstance(given, int) or isinstance(given, bool) or given < 0:
            raise self._fail(key, "a whole number, zero or more, is needed here")
        return given

    def _flag(self, given: Any, key: str, depth: int) -> bool:
        if not isinstance(given, bool):
            raise self._fail(key, "true or false is needed here")
        return given

    def _function(self, given: Any, key: str, depth: int) -> str:
        if self._text(given, key, depth) not in self._functions:
            raise self._fail(key, f"there is no function {given!r}; known are {', '.join(sorted(self._functions))}")
        return str(given)
