"""Parses rulesets into the intermediate representation; errors name the file, the rule and the key.

Files and their headers are read by `rule_files`, and the expressions in rules by `expression_parser`; this module
parses the rules themselves. For lint checks see `checker`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.engine import ir
from compiler.engine.expansion import (
    FOR,
    MAXIMUM_EXPANSION,
    MAXIMUM_TEXT,
    USE,
    ExpansionError,
    Place,
    expand_for,
    expanded_size,
    text_size,
)
from compiler.engine.expression_parser import ExpressionParser, Scope, operators_by_name
from compiler.engine.function import Function
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

__all__ = ["RulesetError", "load_ruleset"]

NarrowInput = Callable[[Mapping[str, Any], str, Schema], Schema]
_COMMON_KEYS = ("id", "doc", "source", "when", "consumes")
_NEEDS_ID = "a rule must have a non-empty id, doc and source"
_MAXIMUM_RULES_NESTING = 30  # Python has at most 100 levels of indentation


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
    reserved = sorted(functions.keys() & {USE, *operators_by_name(ir.VALUES), *operators_by_name(ir.TESTS)})
    if reserved:
        raise ValueError(f"a function must not have the name of an operator, got {', '.join(map(repr, reserved))}")
    rule_file = read_rule_file(text, file, read_include)
    header = rule_file.header
    built_id = header.get("before_fan_out", header["output"])
    resolved = {}
    for key, name in (("input", header["input"]), ("output", header["output"]), ("before_fan_out", built_id)):
        try:
            resolved[key] = dereference(name, schemas)
        except ValueError as error:
            raise RulesetError(file, None, f"/{key}", str(error)) from error
    if narrow_input is not None:
        try:
            resolved["input"] = narrow_input(header.get("policy", {}), header["input"], resolved["input"])
        except ValueError as error:
            raise RulesetError(file, None, "/policy", str(error)) from error
    parser = _RuleParser(rule_file, file, resolved["before_fan_out"], functions)
    phases = {
        phase: tuple(rule for raw, place in rules for rule in parser.rules(raw, place))
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
        built_schema=resolved["before_fan_out"],
        output_validator=OutputValidator(built_id, schemas, validator_factory, describe),
        functions=functions,
        input_id=header["input"],
        output_id=header["output"],
        built_id=built_id,
        policy=header.get("policy", {}),
        ignores=tuple(_read_ignored(file, header.get("ignores", {}))),
        places=parser.places,
        unused_definitions=parser.unused_definitions(),
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


class _RuleParser(ExpressionParser):
    """Parses the rules of one ruleset. Its state is also what the rule around the current one says."""

    def __init__(
        self, rule_file: RuleFile, file: str, output_schema: Schema, functions: Mapping[str, Function]
    ) -> None:
        super().__init__(rule_file, output_schema, functions)
        self._sources = rule_file.sources
        self._absent_is_null = rule_file.header.get("absent") == "null"
        self._ruleset_keeps_empty = self._keeps_empty
        self._file = file
        self._output: Schema | None = output_schema  # of the object that the current rules write
        self._ids: set[str] = set()
        self._sizes = rule_file.sizes
        self._text_size = self._expanded_size = 0
        self._within_for = False
        self._rules_nesting = 0
        self._by_kind |= {
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
        return tuple(definition.name for definition in own if definition.name not in self.used_definitions)

    def rules(self, raw: Any, place: Place, outer: Scope | None = None) -> Iterator[ir.Rule]:
        """Reads a rule, or those that a rule with `for` stands for; `outer` is the scope of the rule around it."""
        scope = Scope() if outer is None else outer
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

    def _read_rule(self, raw: Any, place: Place, outer_scope: Scope) -> ir.Rule:
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
        is_over_items = operator in _OVER_ITEMS and "over" in raw
        scope = outer_scope.inside() if is_over_items else outer_scope
        common: dict[str, Any] = {name: raw[name] for name in ("id", "doc")}
        common["source"], common["urls"] = self._source(raw.get("source"), place.below("source"))
        common["consumes"] = self._pointers(raw.get("consumes", []), place.below("consumes"), scope)
        common["file"] = "" if place.file == self._file else place.file
        outer_keeps_empty = self._keeps_empty
        self._keeps_empty = raw["empty"] == "kept" if "empty" in raw else self._ruleset_keeps_empty
        when = self._test(raw["when"], place.below("when"), scope) if "when" in raw else None
        with_null = self._with_null(raw, place, scope) if operator is ir.Put and self._absent_is_null else {}
        outer_output = self._output
        if operator is ir.PutEach:
            self._output = self._schema_at(raw.get("put_each"), ANY_KEY)
        read_here = (*_COMMON_KEYS, "over") if is_over_items else _COMMON_KEYS
        arguments = self._read_arguments(operator, raw, place, scope, read_here) | with_null
        self._output = outer_output
        if is_over_items:  # outside the items
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

    def _with_null(self, raw: Mapping[str, Any], place: Place, scope: Scope) -> dict[str, Any]:
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

    def _report_spec(self, raw: Any, place: Place, scope: Scope) -> ir.ReportSpec:
        result: ir.ReportSpec = self._read_struct(ir.ReportSpec, raw, place, scope)
        if (result.at is None) == (result.missing is None):
            raise self._fail(place, "expected either 'at' or 'missing'")
        return result

    def _unsupported(self, raw: Any, place: Place, scope: Scope) -> ir.Unsupported:
        result: ir.Unsupported = self._read_struct(ir.Unsupported, raw, place, scope)
        if (result.of is None) == (result.over is None):
            raise self._fail(place, "expected either 'of' or 'over'")
        return result

    def _fallback(self, raw: Any, place: Place, scope: Scope) -> ir.Keep | ir.Drop | ir.Value:
        if raw == "keep":
            return ir.Keep()
        if raw == "drop":
            return ir.Drop()
        return self._value(raw, place, scope)

    def _rule_branch(self, raw: Any, place: Place, scope: Scope) -> ir.RuleBranch:
        if not isinstance(raw, dict) or set(raw) != {"when", "rules"}:
            raise self._fail(place, "a branch must have 'when' and 'rules'")
        return ir.RuleBranch(
            location=self._location(place),
            when=self._test(raw["when"], place.below("when"), scope),
            rules=self._rules(raw["rules"], place.below("rules"), scope),
        )

    def _otherwise_branch(self, raw: Any, place: Place, scope: Scope) -> ir.RuleBranch:
        return ir.RuleBranch(location=self._location(place), when=None, rules=self._rules(raw, place, scope))

    def _rules(self, raw: Any, place: Place, scope: Scope) -> tuple[ir.Rule, ...]:
        self._enter(place, scope)
        self._rules_nesting += 1
        if self._rules_nesting > _MAXIMUM_RULES_NESTING:
            raise self._fail(place, f"rules can be nested at most {_MAXIMUM_RULES_NESTING} levels deep")
        lists = self._list(raw, place, scope, lambda rule, at, _: tuple(self.rules(rule, at, scope)))
        self._rules_nesting -= 1
        self._nesting -= 1
        return tuple(rule for rules in lists for rule in rules)


_OVER_ITEMS = (ir.Report, ir.Limit)
"""The rules that can apply to each item of `over`."""
