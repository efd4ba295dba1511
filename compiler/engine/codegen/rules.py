"""Writes rules: for each rule of a ruleset the Python that does the same, as long as nothing is an error.

One method for each word, as in `compiler.engine.interpreter`. Where that would say an error, the code gives up by
returning None; where it would say a warning, so does the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import NOTHING, Code, Item, fitting, nowhere_at_all
from compiler.engine.codegen.emitter import Block, Writer, pruned
from compiler.engine.codegen.expressions import Items, fits, items_text, listed
from compiler.engine.codegen.origins import Origins, UntoldError, holds_its_items
from compiler.engine.findings import MAXIMUM_RELATED
from compiler.engine.interpreter import DROPPED
from compiler.json_io.pointer import text_of

GIVE_UP = "return None"
_CONTAINERS = frozenset({"array", "object"})


class Rules(Origins):
    """Writes all rules of a ruleset into one function."""

    def __init__(
        self,
        ruleset: ir.Ruleset,
        present: Collection[str] | None = None,
        *,
        fits: bool = False,
        owns: bool = False,
    ) -> None:
        document = fitting("document", ruleset.input_schema) if fits else Code("document", absent=None)
        super().__init__(ruleset, Writer(), document, owns=owns)
        self._present = present
        # The members of the output whose origin a warning may ask for, and the name that says which rule wrote each.
        self._tracked = {name: self.writer.name() for name in sorted(set(_places_of_output(ruleset)))}
        self._replaced: set[str] = set()  # the outputs that a rule has written as a whole
        self._writers: list[tuple[str, ir.Value | None, Items | str]] = []
        self._merges = self._says = self._requires = False

    def function(self) -> list[str]:
        """The lines of the function's body."""
        ruleset, writer = self.ruleset, self.writer
        for name in dict.fromkeys(_members_read(ruleset)):
            self._read(name)
        body = Block(writer.top, writer.top.depth)
        with writer.at(body, attached=True):
            for rule in ruleset.build + ruleset.override:
                self.rule(rule, ())
            self.settled = True
            for rule in ruleset.verify:
                self.rule(rule, ())
            if self._merges and not ruleset.keeps_empty:
                writer.line("output = without_empties(output)")
            self.settled, self.written = False, None
            writer.top.known = {key: code for key, code in writer.top.known.items() if key[0] != "Out"}
            body.known = {key: code for key, code in body.known.items() if key[0] != "Out"}
            for rule in ruleset.fan_out:
                self.rule(rule, ())
            said = "tuple(said.values()) if said else ()" if self._says else "()"
            writer.line(f"return output, {said}, {'tuple(requires)' if self._requires else '()'}")
        pruned(writer.top)
        used = set(re.findall(r"\bv[0-9]+\b", "\n".join(writer.top.lines())))
        started = [
            "output = {}",
            *(["said = {}"] if self._says else []),
            *(["requires = []"] if self._requires else []),
        ]
        for names, value in ((writer.unknown, "UNKNOWN"), (self._tracked.values(), "None")):
            started += [f"{' = '.join(kept)} = {value}"] if (kept := [name for name in names if name in used]) else []
        if "get(" in "".join(line for line in writer.top.lines() if " = get(" in line):
            has_members = self.document.kinds == {"object"} and self.document.absent is None
            checked = "document.get" if has_members else "document.get if type(document) is dict else {}.get"
            started.insert(0, f"get = {checked}")
        return [f"    {line}" for line in started] + list(writer.top.lines())

    def _read(self, name: str) -> None:
        """Writes what reads a member of the document, for all rules."""
        writer, literal = self.writer, self.writer.literal(name)
        if self._present is not None and name not in self._present:
            writer.top.known["get", name] = NOTHING
            return
        schema = {} if self.document.schema is None else self.document.schema.get("properties", {}).get(name, {})
        if self._present is None:
            found = fitting(writer.assign(f"get({literal}, ABSENT)"), schema, "ABSENT")
        else:
            found = fitting(writer.assign(f"document[{literal}]"), schema)
        writer.top.known["get", name] = found if self.document.schema is not None else replace(found, schema=None)

    # --- Rules --------------------------------------------------------------------------------------------------------

    def rule(self, rule: ir.Rule, items: Items) -> None:
        """Writes a rule, if there is a way for it to apply."""
        is_over_items = isinstance(rule, ir.Report) and rule.over is not None
        if rule.when is not None and not is_over_items and self.settled_test(rule.when, items) == "False":
            return
        block = Block(self.writer.block, self.writer.block.depth)
        with self.writer.at(block):
            match rule:
                case ir.Report(over=ir.Value()):
                    self._report_over(rule, items)
                case _:
                    with self._where(rule.when, items):
                        self._rule(rule, items)
        if not block.is_empty:
            self.writer.line(f"# {self.writer.literal(rule.id)}")
            self.writer.block.parts.append(block)
            self.writer.block.known.update(block.known)

    def _where(self, when: ir.Test | None, items: Items) -> Any:
        """A block that runs where a test holds."""
        return self.writer.inside("if True:" if when is None else f"if {self.test(when, items)}:")

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
                self._say(rule, rule.severity, rule.finding, items)
            case ir.Refuse():
                self._refuse(rule, rule.unsupported, items)
            case ir.Limit():
                self._limit(rule)
            case ir.Require():
                found = [(name, self.fresh(value, ())) for name, value in rule.members]
                self._requires = True
                self.writer.line(f"requires.append({self._members(found)})")
            case ir.Conform():
                self.writer.line(f"if not accepts(output, {self.writer.constant(rule.exempt)}): {GIVE_UP}")
            case _:
                raise AssertionError(f"an unknown rule: {rule}")

    def _put(self, rule: ir.Put, items: Items) -> None:
        if rule.invalid is not None:
            with self._where(rule.invalid.when, items):
                self.writer.line(GIVE_UP)
        if rule.unsupported is None:
            self._write_value(rule, rule.value, items)
            return
        if not isinstance(rule.unsupported.fallback, ir.Drop | ir.Value):
            self._refuse(rule, rule.unsupported, items)
            self._write_value(rule, rule.value, items)
            return
        is_dropped = self.writer.assign("False")
        self._refuse(rule, rule.unsupported, items, is_dropped)
        match rule.unsupported.fallback:
            case ir.Drop():
                with self.writer.inside(f"if not {is_dropped}:"):
                    self._write_value(rule, rule.value, items)
            case ir.Value() as instead:
                with self.writer.inside(f"if {is_dropped}:"):
                    self._write_value(rule, instead, items)
                with self.writer.inside("else:"):
                    self._write_value(rule, rule.value, items)

    def _write_value(self, rule: ir.Put, value: ir.Value, items: Items) -> None:
        code = self.fresh(value, items)
        if not code.kinds:
            return
        name = rule.target[0] if rule.target else ""
        is_first = self.output == "output" and self.written is not None and name not in self.written
        is_sure = self.writer.block.depth == self.writer.top.depth
        with self.writer.inside(f"if {self.is_written(code)}:"):
            self._write(rule, code, value, items)
        if is_first and is_sure and len(rule.target) == 1 and code.is_scalar:
            self.at_hand[name] = code

    def _write(self, rule: ir.Put | ir.PutEach, code: Code, value: ir.Value, items: Items) -> None:
        target = rule.target
        if self.output == "output":
            self.at_hand.pop(target[0] if target else "", None)
        is_object = self.output == "output" and self.written is not None
        if self.output == "output" and self.written is not None:
            if not target:
                self.written = None
            else:
                kinds = code.kinds if len(target) == 1 else frozenset({"object"})
                self.written[target[0]] = self.written.get(target[0], frozenset()) | kinds
        if len(target) == 1 and self.output not in self._replaced:
            self.writer.line(f"{self.output}[{self.writer.literal(target[0])}] = {code.text}")
        elif len(target) == 2 and is_object:
            above, name = map(self.writer.literal, target)
            members = self.writer.assign(f"output.get({above})")
            found = f"{{**{members}, {name}: {code.text}}} if type({members}) is dict else {{{name}: {code.text}}}"
            self.writer.line(f"output[{above}] = {found}")
        else:
            self.writer.line(f"{self.output} = written({self.output}, {self.writer.constant(target)}, {code.text})")
            if not target:  # what is there now need not be an object
                self._replaced.add(self.output)
        for name, by in self._tracked.items():
            if not items and (target == () or name == target[0]):
                # A value below, or all of the output: who asks for the origin of the member gets no answer.
                told = value if len(target) == 1 and not isinstance(rule, ir.PutEach) else None
                self._writers.append((by, told, ()))
                self.writer.line(f"{by} = {len(self._writers) - 1}")

    def _put_each(self, rule: ir.PutEach, items: Items) -> None:
        source = self.value(rule.over, items)
        if not source.kinds:
            return
        outer, settled = self.output, self.settled
        made = self.writer.assign("[]")

        def origin(index: str) -> str | None:
            try:
                return f"{self.places(rule.over, items)}[{index}]"
            except UntoldError:
                return None

        def body(inner: Items) -> None:
            self.output = self.writer.assign("{}")
            for each in rule.rules:
                self.rule(each, inner)
            self.writer.line(f"{made}.append({self.output})")

        if source.absent is None:
            self.loop(source, items, body, origin)
        else:
            with self.writer.inside(f"if {source.is_there}:"):
                self.loop(source, items, body, origin)
        self.output, self.settled = outer, settled
        condition = source.is_there if self.ruleset.keeps_empty else made
        with self.writer.inside(f"if {condition}:"):
            self._write(rule, Code(made, frozenset({"array"}), None, own=True), rule.over, items)

    def _merge_into(self, rule: ir.MergeInto) -> None:
        code = self.fresh(rule.value, ())
        if not code.kinds:
            return
        self._merges = True
        self.written = None
        with self.writer.inside(f"if {code.is_there} and {code.text} not in ([], {{}}):"):
            winners = self.writer.assign("{}")
            arguments = (
                self.output, self.writer.constant(rule.target), code.text, self.writer.constant(rule.spellings),
                str(self.ruleset.keeps_empty), winners,
            )  # fmt: skip
            self.writer.line(f"{self.output} = merged_into({', '.join(arguments)})")
            for name, by in self._tracked.items():
                if rule.target and rule.target[0] != name:
                    continue
                self._writers.append((by, rule.value if not rule.target else None, winners))
                with self.writer.inside(f"if {self.writer.literal(name)} in {winners}:"):
                    self.writer.line(f"{by} = {len(self._writers) - 1}")

    def _choose_rules(self, rule: ir.ChooseRules, items: Items) -> None:
        def write(ways: tuple[ir.Way, ...]) -> None:
            if not ways:
                for inner in () if rule.otherwise is None else rule.otherwise.rules:
                    self.rule(inner, items)
                return
            assert ways[0].when is not None  # noqa: S101 - only the last has none
            settled = self.settled_test(ways[0].when, items)
            if settled == "False":
                write(ways[1:])
                return
            if settled == "True":
                for inner in ways[0].rules:
                    self.rule(inner, items)
                return
            with self.writer.inside(f"if {self.test(ways[0].when, items)}:"):
                for inner in ways[0].rules:
                    self.rule(inner, items)
                self.writer.line("pass")
            with self.writer.inside("else:"):
                write(ways[1:])

        write(rule.ways)

    # --- What is said -------------------------------------------------------------------------------------------------

    def _report_over(self, rule: ir.Report, items: Items) -> None:
        """A report for each item; what its test asks of no item is asked once, before."""
        if isinstance(rule.over, ir.Concat):
            for part in rule.over.values:  # the items of each have their own kind of place
                self._report_over(replace(rule, over=part), items)
            return
        tests = rule.when.tests if isinstance(rule.when, ir.AllOf) else () if rule.when is None else (rule.when,)
        ahead = [test for test in tests if not _reads_item(test)]
        inside = [test for test in tests if _reads_item(test)]
        with self._all_of(ahead, (*items, Item("", lambda: None))):
            assert rule.over is not None  # noqa: S101 - who calls has looked
            if isinstance(rule.over, ir.List):
                for each in rule.over.items:
                    self._report_of(rule, each, inside, items)
            else:
                over = rule.over

                def body(inner: Items) -> None:
                    with self._all_of(inside, inner):
                        self._say(rule, rule.severity, rule.finding, inner)

                def origin(index: str) -> str | None:
                    try:
                        return f"{self.places(over, items)}[{index}]"
                    except UntoldError:
                        return None

                source = self.value(over, items)
                if not source.kinds & {"array", "object"}:
                    return

                def whole() -> None:
                    self.loop(source, items, body, origin, source if holds_its_items(over) else None)

                with self.writer.inside(f"if {source.text}:" if source.kinds <= _CONTAINERS else "if True:"):
                    if inside and source.kinds <= _CONTAINERS:
                        self._probed(source, inside, items, whole)
                    else:
                        whole()

    def _probed(self, source: Code, tests: list[ir.Test], items: Items, whole: Callable[[], None]) -> None:
        """Writes the whole of a report, for where its tests hold for any item; mostly they do for none."""
        for haystack in _haystacks(tuple(tests)):
            self.value_keys(haystack, items)
        name = self.writer.name()
        inner = Block(self.writer.block, self.writer.block.depth + 1)
        code = self.quick_item(source, name, inner)
        with self.writer.at(inner):
            self._loops += 1
            with self._all_of(tests, (*items, Item(name, nowhere_at_all, code))):
                self._loops -= 1
                whole()
                self.writer.line("break")
        self.writer.line(f"for {name} in {source.text}:")
        self.writer.block.parts.append(inner)

    def _report_of(self, rule: ir.Report, value: ir.Value, tests: list[ir.Test], items: Items) -> None:
        """A report for one value out of several that stand in the rule."""
        code = self.value(value, items)
        if not code.kinds:
            return

        def origin() -> str | None:
            try:
                return self.origin(value, items)
            except UntoldError:
                return None

        with self.writer.inside(f"if {code.is_there}:"):
            name = code.text
            if code.absent == "None" or not name.isidentifier():
                name = self.writer.assign(name)
            inner = (*items, Item(name, origin, replace(code, text=name, absent=None)))
            with self._all_of(tests, inner):
                self._say(rule, rule.severity, rule.finding, inner)

    def _all_of(self, tests: list[ir.Test], items: Items) -> Any:
        return self.writer.inside(f"if {self._composed(tuple(tests), items, 'and', 'if {}:')}:")

    def _say(self, rule: ir.Rule, severity: str, finding: ir.Finding, items: Items) -> None:
        if severity == "error":
            self.writer.line(GIVE_UP)
            return

        def write() -> None:
            literal = self.writer.literal
            at = literal(text_of(finding.missing or ()))
            if finding.at is not None:
                at = self.origin(finding.at, items)
                at = at if at.startswith(("'", '"')) else f"{at} or ''"
            params = self._members([(name, self.fresh(value, items)) for name, value in finding.params])
            related = "()"
            if finding.related is not None:
                places = f"{self.places(finding.related, items)}[:{MAXIMUM_RELATED}]"
                related = f"tuple(each for each in {places} if each is not None)"
            hint = "None"
            if finding.hint is not None:
                code = self.value(finding.hint, items)
                hint = code.text if code.kinds == {"string"} and not code.absent else f"text({code.text})"
            texts = (
                literal(severity), literal(finding.code), at, params, literal(finding.message), hint, literal(rule.id),
                related, str(finding.at is None),
            )  # fmt: skip
            self._says = True
            self.writer.line(f"say(said, Said({', '.join(texts)}))")

        self._or_give_up(write)

    def _refuse(self, rule: ir.Rule, unsupported: ir.Unsupported, items: Items, is_dropped: str | None = None) -> None:
        if unsupported.over is not None:
            code = self.value(unsupported.over, items)
            found = code.text if code.kinds == {"array"} or not code.kinds else items_text(code)
        else:
            assert unsupported.of is not None  # noqa: S101 - the loader sees to it
            code = self.value(unsupported.of, items)
            is_empty = "" if code.is_scalar else f" and {code.text} not in ([], {{}})"
            found = f"{code.is_there}{is_empty}"
        if not code.kinds:
            return
        with self.writer.inside(f"if {found}:"):
            if not unsupported.ignorable:
                self.writer.line(GIVE_UP)
                return
            literal = self.writer.literal
            self.writer.line(f"if ignored is not True and {literal(unsupported.feature)} not in ignored: {GIVE_UP}")
            if is_dropped is not None:
                self.writer.line(f"{is_dropped} = True")

            def write() -> None:
                if unsupported.over is not None:
                    origins = self.places(unsupported.over, items)
                else:
                    assert unsupported.of is not None  # noqa: S101 - as above
                    origins = f"[{self.origin(unsupported.of, items)}]"
                origin = self.writer.name()
                with self.writer.inside(f"for {origin} in {origins}:"):
                    message = f"not supported: {unsupported.feature}; ignored, as asked"
                    texts = (
                        literal("warning"), literal(DROPPED), f"{origin} or ''",
                        f"{{'feature': {literal(unsupported.feature)}}}", literal(message), literal(rule.doc),
                        literal(rule.id),
                    )  # fmt: skip
                    self._says = True
                    self.writer.line(f"say(said, Said({', '.join(texts)}))")

            self._or_give_up(write)

    def _or_give_up(self, write: Any) -> None:
        """Writes what says something; where its place cannot be told, the interpreter has to."""
        block = Block(self.writer.block, self.writer.block.depth)
        try:
            with self.writer.at(block):
                write()
            self.writer.block.parts.append(block)
        except UntoldError:
            self.writer.line(GIVE_UP)

    def _limit(self, rule: ir.Limit) -> None:
        code = self.value(rule.of, ())
        if not code.kinds:
            return
        kind, measured = {
            "length": ("str", f"len({code.text})"),
            "count": ("list", f"len({code.text})"),
            "total": ("list", f"total({code.text})"),
        }[rule.measure]
        is_it = fits(self.writer, code, frozenset({"string" if kind == "str" else "array"}))
        if is_it != "False":
            self.writer.line(f"if {is_it} and {measured} > {rule.at_most}: {GIVE_UP}")

    def _members(self, found: list[tuple[str, Code]]) -> str:
        """An object of what is there, empty or not."""
        parts = [
            f"{self.writer.literal(name)}: {code.text}"
            if code.absent is None
            else f"**({{{self.writer.literal(name)}: {code.text}}} if {code.is_there} else {{}})"
            for name, code in found
            if code.kinds
        ]
        return f"{{{', '.join(parts)}}}"

    def written_by(self, tokens: tuple[str, ...], items: Items) -> str:
        """Where what stands at a pointer of the output came from."""
        if len(tokens) != 1 or tokens[0] not in self._tracked or (items and self.output != "output"):
            raise UntoldError
        by = self._tracked[tokens[0]]
        origin = self.writer.assign("None")
        for number, (name, value, how) in enumerate(self._writers):
            if name != by:
                continue
            with self.writer.inside(f"if {by} == {number}:"):
                if value is None or (not isinstance(how, str) and self._is_any(value, ir.Out)):
                    self.writer.line(GIVE_UP)
                elif isinstance(how, str):
                    winner = f"{how}[{self.writer.literal(tokens[0])}]"
                    self.writer.line(f"{origin} = {self.below(self.origin(value, ()), winner)}")
                else:
                    self.writer.line(f"{origin} = {self.origin(value, ())}")
        return origin


def _expressions(part: Any) -> Iterator[Any]:
    """All values and tests in a part of a ruleset."""
    if isinstance(part, ir.Expression):
        yield part
    if isinstance(part, tuple):
        for each in part:
            yield from _expressions(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _expressions(getattr(part, field.name))


def _members_read(ruleset: ir.Ruleset) -> Iterator[str]:
    """The members of the document that the rules read."""
    for each in _expressions(ruleset.rules):
        if isinstance(each, ir.Get) and each.reference.up is None and each.reference.tokens:
            yield each.reference.tokens[0]


def _places_of_output(ruleset: ir.Ruleset) -> Iterator[str]:
    """The members of the output that something is said of."""
    for rule in ruleset.all_rules:
        told: list[Any] = []
        if isinstance(rule, ir.Report) and rule.severity == "warning":
            told = [rule.finding.at, rule.finding.related, rule.over]
        elif isinstance(rule, ir.Put | ir.Refuse) and rule.unsupported is not None:
            told = [rule.unsupported.of, rule.unsupported.over]
        for each in _expressions(tuple(told)):
            if isinstance(each, ir.Out) and len(each.tokens) == 1:
                yield each.tokens[0]


def _haystacks(part: Any) -> Iterator[ir.Value]:
    """What the tests look for an item in, where that is the same for all items."""
    for each in _expressions(part):
        if isinstance(each, ir.In) and each.pair[1].closed and not isinstance(each.pair[1], ir.Const):
            yield each.pair[1]


def _reads_item(test: ir.Test) -> bool:
    """Whether a test reads the current item, or one outside it."""
    return not test.closed


__all__ = ["Rules", "listed"]
