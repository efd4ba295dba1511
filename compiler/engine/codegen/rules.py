"""Translates rules to Python statements.

There is one method for each operator, as in `compiler.engine.interpreter`. The code reports the same warnings. Of a
rule that has an error to report it returns the id; where a value would be poisoned, it bails out by returning None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import (
    CONTAINERS,
    NOTHING,
    Code,
    Item,
    Items,
    Position,
    expression_of_schema,
    has_type,
    is_index,
    items_text,
    no_value_origin,
)
from compiler.engine.codegen.emitter import Block, Emitter, eliminate_dead_code
from compiler.engine.codegen.origins import OriginNotExpressibleError, OriginWriter, has_document_items
from compiler.engine.findings import MAXIMUM_RELATED
from compiler.engine.interpreter import DROPPED
from compiler.json_io.pointer import format_pointer

BAIL_OUT = "return None"


class RuleWriter(OriginWriter):
    """Translates all rules of a ruleset into one function."""

    def __init__(
        self,
        ruleset: ir.Ruleset,
        present: Collection[str] | None = None,
        *,
        assume_valid: bool = False,
        may_take_ownership: bool = False,
    ) -> None:
        document = (
            expression_of_schema("document", ruleset.input_schema) if assume_valid else Code("document", absent=None)
        )
        super().__init__(ruleset, Emitter(), document, may_take_ownership=may_take_ownership)
        self._present = present
        # The output members whose origin a warning may need, each with the variable that holds its last writer.
        self._tracked = {name: self.emitter.name() for name in sorted(set(_reported_output_members(ruleset)))}
        self._rewritten_outputs: set[str] = set()  # outputs that a rule has replaced as a whole
        self._writers: list[tuple[str, ir.Value | None, Items | str]] = []
        self._merges = self._has_findings = self._requires = self._can_fail = False
        self._phase_rule = ""  # the id of the current rule of the phase, also while a rule inside it is translated

    def function(self) -> list[str]:
        """The lines of the function's body."""
        ruleset, emitter = self.ruleset, self.emitter
        for name in dict.fromkeys(_members_read(ruleset)):
            self._read(name)
        body = Block(emitter.top, emitter.top.depth)
        with emitter.at(body, attached=True):
            for phase in (ruleset.build, ruleset.override, ruleset.verify):
                self.output_is_final = phase is ruleset.verify
                for rule in phase:
                    self._phase_rule = rule.id
                    self.rule(rule, ())
            findings_text = "tuple(findings.values()) if findings else ()" if self._has_findings else "()"
            if self._can_fail:
                emitter.line(f"if failed: return None, {findings_text}, (), failed")
            if self._merges and not ruleset.keeps_empty:
                emitter.line(f"output = remove_empty_members(output, {emitter.constant(ruleset.kept_members)})")
            # What is known of the output holds for the first of these rules, unless empty members were removed.
            for index, rule in enumerate(ruleset.fan_out):
                if index or self._merges:
                    self.output_is_final, self.output_kinds = False, None
                    emitter.top.known = {key: code for key, code in emitter.top.known.items() if key[0] != "Out"}
                    body.known = {key: code for key, code in body.known.items() if key[0] != "Out"}
                self.rule(rule, ())
            emitter.line(f"return output, {findings_text}, {'tuple(requires)' if self._requires else '()'}, ()")
        eliminate_dead_code(emitter.top)
        used = set(re.findall(r"\bv[0-9]+\b", "\n".join(emitter.top.lines())))
        started = [
            "output = {}",
            *(["findings = {}"] if self._has_findings else []),
            *(["failed = ()"] if self._can_fail else []),
            *(["requires = []"] if self._requires else []),
        ]
        for names, value in ((emitter.unset_names, "UNSET"), (self._tracked.values(), "None")):
            started += (
                [f"{' = '.join(used_names)} = {value}"]
                if (used_names := [name for name in names if name in used])
                else []
            )
        if "get(" in "".join(line for line in emitter.top.lines() if " = get(" in line):
            has_members = self.document.kinds == {"object"} and self.document.absent is None
            checked = "document.get" if has_members else "document.get if type(document) is dict else {}.get"
            started.insert(0, f"get = {checked}")
        return [f"    {line}" for line in started] + list(emitter.top.lines())

    def _read(self, name: str) -> None:
        """Emits the read of a document member, for all rules."""
        emitter, literal = self.emitter, self.emitter.literal(name)
        if self._present is not None and name not in self._present:
            emitter.top.known["get", name] = NOTHING
            return
        schema = {} if self.document.schema is None else self.document.schema.get("properties", {}).get(name, {})
        if self._present is None and is_index(name) and self.document.kinds != {"object"}:
            code = Code(emitter.assign(f"member(document, {literal}, {int(name)})"))
        elif self._present is None:
            code = expression_of_schema(emitter.assign(f"get({literal}, ABSENT)"), schema, "ABSENT")
        else:
            code = expression_of_schema(emitter.assign(f"document[{literal}]"), schema)
        emitter.top.known["get", name] = code if self.document.schema is not None else replace(code, schema=None)

    # --- Rules --------------------------------------------------------------------------------------------------------

    def rule(self, rule: ir.Rule, items: Items) -> None:
        """Emits a rule, unless it can never apply."""
        is_over_items = isinstance(rule, ir.Report | ir.Limit) and rule.over is not None
        if rule.when is not None and not is_over_items and self.constant_fold_test(rule.when, items) == "False":
            return
        block = Block(self.emitter.block, self.emitter.block.depth)
        with self.emitter.at(block):
            match rule:
                case ir.Report(over=ir.Value()):
                    self._report_over(rule, items)
                case ir.Limit(over=ir.Value()):
                    self._limit_over(rule, items)
                case _:
                    with self._when(rule.when, items):
                        self._rule(rule, items)
        if not block.is_empty:
            self.emitter.line(f"# {self.emitter.literal(rule.id)}")
            self.emitter.block.parts.append(block)
            self.emitter.block.known.update(block.known)

    def _when(self, when: ir.Test | None, items: Items) -> Any:
        """A block that runs if the test holds."""
        return self.emitter.inside("if True:" if when is None else f"if {self.test(when, items)}:")

    def _rule(self, rule: ir.Rule, items: Items) -> None:
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
                self._report(rule, rule.severity, rule.spec, items)
            case ir.UnsupportedRule():
                self._report_unsupported(rule, rule.unsupported, items)
            case ir.Limit():
                self._limit(rule, items)
            case ir.Require():
                members = [(name, self.owned_value(value, ())) for name, value in rule.members]
                self._requires = True
                self.emitter.line(f"requires.append({self._members(members)})")
            case ir.Conform():
                self.emitter.line(f"if not accepts(output, {self.emitter.constant(rule.exempt)}): {BAIL_OUT}")
            case _:
                raise AssertionError(f"unknown rule: {rule}")

    def _put(self, rule: ir.Put, items: Items) -> None:
        if rule.invalid is not None:
            with self._when(rule.invalid.when, items):
                self.emitter.line(BAIL_OUT)
        if rule.unsupported is None:
            self._write_value(rule, rule.value, items)
            return
        if not isinstance(rule.unsupported.fallback, ir.Drop | ir.Value):
            self._report_unsupported(rule, rule.unsupported, items)
            self._write_value(rule, rule.value, items)
            return
        is_dropped = self.emitter.assign("False")
        self._report_unsupported(rule, rule.unsupported, items, is_dropped)
        match rule.unsupported.fallback:
            case ir.Drop():
                with self.emitter.inside(f"if not {is_dropped}:"):
                    self._write_value(rule, rule.value, items)
            case ir.Value() as fallback:
                with self.emitter.inside(f"if {is_dropped}:"):
                    self._write_value(rule, fallback, items)
                with self.emitter.inside("else:"):
                    self._write_value(rule, rule.value, items)

    def _write_value(self, rule: ir.Put, value: ir.Value, items: Items) -> None:
        code = self.owned_value(value, items)
        if not code.kinds:
            return
        name = rule.target[0] if rule.target else ""
        is_first = self.output == "output" and self.output_kinds is not None and name not in self.output_kinds
        is_sure = self.emitter.block.depth == self.emitter.top.depth
        with self.emitter.inside(f"if {self.is_written(code, keeps_empty=rule.keeps_empty)}:"):
            self._write(rule, code, value, items)
        if is_first and is_sure and len(rule.target) == 1 and code.is_scalar:
            self.stored_scalars[name] = code

    def _write(self, rule: ir.Put | ir.PutEach, code: Code, value: ir.Value, items: Items) -> None:
        target = rule.target
        if self.output == "output":
            self.stored_scalars.pop(target[0] if target else "", None)
        is_object = self.output == "output" and self.output_kinds is not None
        if self.output == "output" and self.output_kinds is not None:
            if not target:
                self.output_kinds = None
            else:
                kinds = code.kinds if len(target) == 1 else frozenset({"object"})
                self.output_kinds[target[0]] = self.output_kinds.get(target[0], frozenset()) | kinds
        if len(target) == 1 and self.output not in self._rewritten_outputs:
            self.emitter.line(f"{self.output}[{self.emitter.literal(target[0])}] = {code.text}")
        elif len(target) == 2 and is_object:
            parent, name = map(self.emitter.literal, target)
            members = self.emitter.assign(f"output.get({parent})")
            display = f"{{**{members}, {name}: {code.text}}} if type({members}) is dict else {{{name}: {code.text}}}"
            self.emitter.line(f"output[{parent}] = {display}")
        else:
            self.emitter.line(f"{self.output} = set_at({self.output}, {self.emitter.constant(target)}, {code.text})")
            if not target:  # it may no longer be an object
                self._rewritten_outputs.add(self.output)
        for name, by in self._tracked.items():
            if not items and (target == () or name == target[0]):
                # The origin of the member is not known if only a part of it, or all of the output, is written.
                known_value = value if len(target) == 1 and not isinstance(rule, ir.PutEach) else None
                self._writers.append((by, known_value, ()))
                self.emitter.line(f"{by} = {len(self._writers) - 1}")

    def _put_each(self, rule: ir.PutEach, items: Items) -> None:
        source = self.value(rule.over, items)
        if not source.kinds:
            return
        outer, folded = self.output, self.output_is_final
        list_var = self.emitter.assign("[]")

        def origin(position: Position) -> str | None:
            try:
                return self.item_origin(rule.over, items)(position)
            except OriginNotExpressibleError:
                return None

        def body(inner: Items) -> None:
            self.output = self.emitter.assign("{}")
            for inner_rule in rule.rules:
                self.rule(inner_rule, inner)
            self.emitter.line(f"{list_var}.append({self.output})")

        if source.absent is None:
            self.loop(source, items, body, origin)
        else:
            with self.emitter.inside(f"if {source.is_present}:"):
                self.loop(source, items, body, origin)
        self.output, self.output_is_final = outer, folded
        condition = source.is_present if self.ruleset.keeps_empty else list_var
        with self.emitter.inside(f"if {condition}:"):
            self._write(rule, Code(list_var, frozenset({"array"}), None, is_fresh=True), rule.over, items)

    def _merge_into(self, rule: ir.MergeInto) -> None:
        code = self.owned_value(rule.value, ())
        if not code.kinds:
            return
        self._merges = True
        self.output_kinds = None
        with self.emitter.inside(f"if {code.is_present} and {code.text} not in ([], {{}}):"):
            winners = self.emitter.assign("{}")
            arguments = (
                self.output, self.emitter.constant(rule.target), code.text, self.emitter.constant(rule.spellings),
                str(self.ruleset.keeps_empty), str(rule.deep), winners,
            )  # fmt: skip
            self.emitter.line(f"{self.output} = merge_into({', '.join(arguments)})")
            for name, by in self._tracked.items():
                if rule.target and rule.target[0] != name:
                    continue
                self._writers.append((by, rule.value if not rule.target else None, winners))
                with self.emitter.inside(f"if {self.emitter.literal(name)} in {winners}:"):
                    self.emitter.line(f"{by} = {len(self._writers) - 1}")

    def _choose_rules(self, rule: ir.ChooseRules, items: Items) -> None:
        def write(branches: tuple[ir.RuleBranch, ...]) -> None:
            if not branches:
                for inner in () if rule.otherwise is None else rule.otherwise.rules:
                    self.rule(inner, items)
                return
            assert branches[0].when is not None  # noqa: S101 - only the last has none
            folded = self.constant_fold_test(branches[0].when, items)
            if folded == "False":
                write(branches[1:])
                return
            if folded == "True":
                for inner in branches[0].rules:
                    self.rule(inner, items)
                return
            with self.emitter.inside(f"if {self.test(branches[0].when, items)}:"):
                for inner in branches[0].rules:
                    self.rule(inner, items)
                self.emitter.line("pass")
            with self.emitter.inside("else:"):
                write(branches[1:])

        write(rule.branches)

    # --- Reports ------------------------------------------------------------------------------------------------------

    def _report_over(self, rule: ir.Report, items: Items) -> None:
        """Emits a report for each item; loop-invariant tests are evaluated before the loop."""
        if isinstance(rule.over, ir.Concat):
            for part in rule.over.values:  # the items of each part have their own kind of origin
                self._report_over(replace(rule, over=part), items)
            return
        tests = rule.when.tests if isinstance(rule.when, ir.AllOf) else () if rule.when is None else (rule.when,)
        ahead = [test for test in tests if test.item_independent]
        inside = [test for test in tests if not test.item_independent]
        with self._all_of(ahead, (*items, Item("", lambda: None))):
            assert rule.over is not None  # noqa: S101 - checked by the caller
            if isinstance(rule.over, ir.List):
                for item in rule.over.items:
                    self._report_value(rule, item, inside, items)
            else:
                over = rule.over

                def body(inner: Items) -> None:
                    with self._all_of(inside, inner):
                        self._report(rule, rule.severity, rule.spec, inner)

                def origin(position: Position) -> str | None:
                    try:
                        return self.item_origin(over, items)(position)
                    except OriginNotExpressibleError:
                        return None

                source = self.value(over, items)
                if not source.kinds & {"array", "object"}:
                    return

                def emit_loop() -> None:
                    self.loop(source, items, body, origin, source if has_document_items(over) else None)

                with self.emitter.inside(f"if {source.text}:" if source.kinds <= CONTAINERS else "if True:"):
                    if inside and source.kinds in ({"array"}, {"object"}):
                        self._guarded_report(source, inside, items, emit_loop)
                    else:
                        emit_loop()

    def _guarded_report(self, source: Code, tests: list[ir.Test], items: Items, emit_loop: Callable[[], None]) -> None:
        """Emits the report inside a cheap test whether any item needs it; mostly none does."""
        for haystack in _haystacks(tuple(tests)):
            self.item_keys(haystack, items)
        name = self.emitter.name()
        inner = Block(self.emitter.block, self.emitter.block.depth + 1)
        code = self.unordered_item(source, name, inner)
        with self.emitter.at(inner):
            with self.in_loop():
                condition = self._combine(tuple(tests), (*items, Item(name, no_value_origin, code)), "and", "if {}:")
            with self.emitter.inside(f"if {condition}:"):
                emit_loop()
                self.emitter.line("break")
        self.emitter.line(f"for {name} in {source.text}:")
        self.emitter.block.parts.append(inner)

    def _report_value(self, rule: ir.Report, value: ir.Value, tests: list[ir.Test], items: Items) -> None:
        """Emits the report for one of several values listed in the rule."""
        code = self.value(value, items)
        if not code.kinds:
            return

        def origin() -> str | None:
            try:
                return self.origin(value, items)
            except OriginNotExpressibleError:
                return None

        with self.emitter.inside(f"if {code.is_present}:"):
            name = code.text
            if code.absent == "None" or not name.isidentifier():
                name = self.emitter.assign(name)
            inner = (*items, Item(name, origin, replace(code, text=name, absent=None)))
            with self._all_of(tests, inner):
                self._report(rule, rule.severity, rule.spec, inner)

    def _all_of(self, tests: list[ir.Test], items: Items) -> Any:
        return self.emitter.inside(f"if {self._combine(tuple(tests), items, 'and', 'if {}:')}:")

    def _report(self, rule: ir.Rule, severity: str, spec: ir.ReportSpec, items: Items) -> None:
        if severity == "error":
            self._fail()
            return

        def write() -> None:
            literal = self.emitter.literal
            at = literal(format_pointer(spec.missing or ()))
            if spec.at is not None:
                at = self.origin(spec.at, items)
                at = at if at.startswith(("'", '"')) else f"{at} or ''"
            params = self._members([(name, self.owned_value(value, items)) for name, value in spec.params])
            related = "()"
            if spec.related is not None:
                origins = f"{self.item_origins(spec.related, items)}[:{MAXIMUM_RELATED}]"
                related = f"tuple(each for each in {origins} if each is not None)"
            hint = "None"
            if spec.hint is not None:
                code = self.value(spec.hint, items)
                hint = code.text if code.kinds == {"string"} and not code.absent else f"string_or_none({code.text})"
            texts = (
                literal(severity), literal(spec.code), at, params, literal(spec.message), hint, literal(rule.id),
                related, str(spec.at is None),
            )  # fmt: skip
            self._has_findings = True
            self.emitter.line(f"add_finding(findings, Finding({', '.join(texts)}))")

        self._or_bail_out(write)

    def _report_unsupported(
        self, rule: ir.Rule, unsupported: ir.Unsupported, items: Items, is_dropped: str | None = None
    ) -> None:
        if unsupported.over is not None:
            code = self.value(unsupported.over, items)
            condition = code.text if code.kinds == {"array"} or not code.kinds else items_text(code)
        else:
            assert unsupported.of is not None  # noqa: S101 - the loader sees to it
            code = self.value(unsupported.of, items)
            is_empty = "" if code.is_scalar else f" and {code.text} not in ([], {{}})"
            condition = f"{code.is_present}{is_empty}"
        if not code.kinds:
            return
        with self.emitter.inside(f"if {condition}:"):
            if not unsupported.ignorable:
                self._fail()
                return
            literal = self.emitter.literal
            with self.emitter.inside(f"if ignored is not True and {literal(unsupported.feature)} not in ignored:"):
                self._fail()

            def write() -> None:
                if unsupported.over is not None:
                    origins = self.item_origins(unsupported.over, items)
                else:
                    assert unsupported.of is not None  # noqa: S101 - as above
                    origins = f"[{self.origin(unsupported.of, items)}]"
                origin = self.emitter.name()
                with self.emitter.inside(f"for {origin} in {origins}:"):
                    message = f"not supported: {unsupported.feature}; ignored as requested"
                    texts = (
                        literal("warning"), literal(DROPPED), f"{origin} or ''",
                        f"{{'feature': {literal(unsupported.feature)}}}", literal(message), literal(rule.doc),
                        literal(rule.id),
                    )  # fmt: skip
                    self._has_findings = True
                    self.emitter.line(f"add_finding(findings, Finding({', '.join(texts)}))")

            with self.emitter.inside("else:"):
                if is_dropped is not None:
                    self.emitter.line(f"{is_dropped} = True")
                self._or_bail_out(write)

    def _fail(self) -> None:
        """Emits a statement that adds the current rule of the phase to those with errors to report."""
        self._can_fail = True
        self.emitter.line(f"failed = {{*failed, {self.emitter.literal(self._phase_rule)}}}")

    def _or_bail_out(self, write: Any) -> None:
        """Emits a report, or a bailout if its origin cannot be expressed."""
        block = Block(self.emitter.block, self.emitter.block.depth)
        try:
            with self.emitter.at(block):
                write()
            self.emitter.block.parts.append(block)
        except OriginNotExpressibleError:
            self.emitter.line(BAIL_OUT)

    def _limit_over(self, rule: ir.Limit, items: Items) -> None:
        """Emits a limit for each item."""
        assert rule.over is not None  # noqa: S101 - checked by the caller
        source = self.value(rule.over, items)

        def body(inner: Items) -> None:
            with self._when(rule.when, inner):
                self._limit(rule, inner)

        self.loop(source, items, body)

    def _limit(self, rule: ir.Limit, items: Items) -> None:
        code = self.value(rule.of, items)
        if not code.kinds:
            return
        kind, measured = {
            "length": ("string", f"len({code.text})"),
            "byte_length": ("string", f"byte_length({code.text})"),
            "count": ("array", f"len({code.text})"),
            "total": ("array", f"total({code.text})"),
        }[rule.measure]
        is_it = has_type(self.emitter, code, frozenset({kind}))
        if is_it != "False":
            with self.emitter.inside(f"if {is_it} and {measured} > {rule.at_most}:"):
                self._fail()

    def _members(self, members: list[tuple[str, Code]]) -> str:
        """An expression for an object of the present values, empty ones included."""
        parts = [
            f"{self.emitter.literal(name)}: {code.text}"
            if code.absent is None
            else f"**({{{self.emitter.literal(name)}: {code.text}}} if {code.is_present} else {{}})"
            for name, code in members
            if code.kinds
        ]
        return f"{{{', '.join(parts)}}}"

    def output_origin(self, tokens: tuple[str, ...], items: Items) -> str:
        """Emits the origin of an output member. Raises OriginNotExpressibleError."""
        if len(tokens) != 1 or tokens[0] not in self._tracked or (items and self.output != "output"):
            raise OriginNotExpressibleError
        by = self._tracked[tokens[0]]
        origin = self.emitter.assign("None")
        for number, (name, value, how) in enumerate(self._writers):
            if name != by:
                continue
            with self.emitter.inside(f"if {by} == {number}:"):
                if value is None or (not isinstance(how, str) and self._contains_operator(value, ir.Out)):
                    self.emitter.line(BAIL_OUT)
                    continue
                try:
                    written = self.origin(value, ())
                except OriginNotExpressibleError:  # only a member by this writer bails out
                    self.emitter.line(BAIL_OUT)
                    continue
                if isinstance(how, str):
                    written = self.pointer_below(written, f"{how}[{self.emitter.literal(tokens[0])}]")
                self.emitter.line(f"{origin} = {written}")
        return origin


def _members_read(ruleset: ir.Ruleset) -> Iterator[str]:
    """The members of the document that the rules read."""
    for value in ir.walk(ruleset.rules):
        if isinstance(value, ir.Get) and value.reference.scope is None and value.reference.tokens:
            yield value.reference.tokens[0]


def _reported_output_members(ruleset: ir.Ruleset) -> Iterator[str]:
    """The output members that warnings are about."""
    for rule in ruleset.all_rules:
        reported: list[Any] = []
        if isinstance(rule, ir.Report) and rule.severity == "warning":
            reported = [rule.spec.at, rule.spec.related, rule.over]
        elif isinstance(rule, ir.Put | ir.UnsupportedRule) and rule.unsupported is not None:
            reported = [rule.unsupported.of, rule.unsupported.over]
        for value in ir.walk(tuple(reported)):
            if isinstance(value, ir.Out) and len(value.tokens) == 1:
                yield value.tokens[0]


def _haystacks(part: Any) -> Iterator[ir.Value]:
    """The loop-invariant lists that the tests search for an item."""
    for test in ir.walk(part):
        if isinstance(test, ir.OneOf) and test.pair[1].item_independent and not isinstance(test.pair[1], ir.Const):
            yield test.pair[1]
