"""Writes values: for each word of the language that gives JSON, the Python that gives the same.

One method for each word, as in `compiler.engine.evaluator`, whose semantics these have where nothing is invalid. What
reads no current item is written before the loops it stands in, and what was written once is known by its name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import ALL_KINDS, NOTHING, SCALARS, Code, Item, fitting, nowhere, nowhere_at_all
from compiler.engine.codegen.emitter import Block, Writer
from compiler.engine.schema import Schema, types_of

Items = tuple[Item, ...]
Part = Callable[[ir.Value, Items], Code]

PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
    "string": (str,),
    "array": (list,),
    "object": (dict,),
}
_COSTLY = (ir.Each, ir.Concat, ir.Index, ir.Distinct, ir.Repeats, ir.Call)


class Values:
    """Writes the values of one ruleset.

    `document` is what they read, `output` what the rules write, and `settled` whether that is finished, so that reads
    of it keep. `owns` says that the output may take over what the document holds.
    """

    def __init__(self, ruleset: ir.Ruleset, writer: Writer, document: Code, *, owns: bool = False) -> None:
        self.ruleset = ruleset
        self.writer = writer
        self.document = document
        self.output = "output"
        self.settled = False
        self.owns = owns
        # What the members of the output may be; None where they may be anything.
        self.written: dict[str, frozenset[str]] | None = {}
        # Those that were written once, from a scalar that is still at hand.
        self.at_hand: dict[str, Code] = {}
        self._loops = 0
        self._found: dict[Any, bool] = {}
        self._settled_tests: dict[int, str | None] = {}
        self._uses = Counter(shape for rule in ruleset.rules for shape in _shapes_in(rule))

    # --- What is known already ----------------------------------------------------------------------------------------

    def value(self, value: ir.Value, items: Items) -> Code:
        """Writes what the value needs, and gives an expression for it. What it holds may be another's."""
        if isinstance(value, ir.Const):
            literal = listed(value.literal)
            text = self.writer.constant(literal) if isinstance(literal, list | dict) else self.writer.literal(literal)
            return Code(text, frozenset({_kind(literal)}), None)
        if self._is_any(value, ir.Out) and not self.settled:
            return self._written(value, items, self.value)
        key = shape_of(value, items)
        known: Code | None = self.writer.block.find(key)
        if known is None and isinstance(value, _COSTLY) and value.closed:
            known = self.late(key, lambda: self._written(value, items, self.value), uses=self._uses[key])
        if known is None:
            known = self._written(value, items, self.value)
            self.writer.block.known[key] = known
        return known

    def fresh(self, value: ir.Value, items: Items) -> Code:
        """As `value`, but nobody else holds what it gives: it may be written."""
        if isinstance(value, ir.Object | ir.List | ir.First | ir.Choose):
            return replace(self._written(value, items, self.fresh), own=True)
        if isinstance(value, ir.Each) and value.value is not None:
            return replace(self._written(value, items, self.fresh), own=True)
        code = self.value(value, items)
        if code.own or code.is_scalar:
            return code
        if self.owns and not self._is_any(value, ir.Out, ir.Names, ir.Lookup, ir.Const):
            return code
        copy = "copy_of" if self._is_any(value, ir.Out, ir.Names, ir.Lookup, ir.Const) else "copied"
        is_text = f"{code.text} if type({code.text}) is str else " if "string" in code.kinds else ""
        text = f"{is_text}{copy}({code.text})"
        return replace(code, text=self.writer.assign(text), own=True)

    def late(self, key: Any, write: Callable[[], Code], *, uses: int = 2) -> Code:
        """What reads no current item: written where it is first needed, and known from then on all over the function.

        Where it is needed again, the code has to see whether it ran through that place.
        """
        if self._loops == 0 and uses < 2:
            code = write()
            self.writer.block.known[key] = code
            return code
        with self.writer.at(Block(self.writer.block, self.writer.block.depth)):
            if not write().kinds:
                return NOTHING
        made: tuple[str, Code] | None = self.writer.top.known.get(("late", key))
        if made is None:
            name = self.writer.name()
            self.writer.unknown.append(name)
            with self.writer.inside(f"if {name} is UNKNOWN:"):
                code = write()
                self.writer.line(f"{name} = {code.text}")
            made = name, replace(code, text=name)
            self.writer.top.known["late", key] = made
        else:
            with self.writer.inside(f"if {made[0]} is UNKNOWN:"):
                self.writer.line(f"{made[0]} = {write().text}")
        self.writer.block.known[key] = made[1]
        return made[1]

    def _is_any(self, value: Any, *words: type[ir.Value]) -> bool:
        """Whether a value, or anything in it, is an application of one of these words."""
        key = id(value), words
        if key not in self._found:
            inner = inner_expressions(value)
            self._found[key] = isinstance(value, words) or any(self._is_any(each, *words) for each in inner)
        return self._found[key]

    def loop(
        self,
        source: Code,
        items: Items,
        body: Callable[[Items], None],
        origin: Callable[[str], str | None] = nowhere,
        container: Code | None = None,
    ) -> None:
        """Writes a loop over the items of a value; `origin` writes where the item with an index came from.

        `container` is the value itself, where its items are what it holds and not what other values hold.
        """
        if not source.kinds & {"array", "object"}:
            return
        writer = self.writer
        name, index = writer.name(), writer.name()
        is_located = False

        def locate() -> str | None:
            nonlocal is_located
            is_located = True
            return origin(index)

        with writer.inside(f"if {source.text}:" if source.absent is not None else "if True:"):
            inner = Block(writer.block, writer.block.depth + 1)
            if source.kinds == {"object"}:
                goes_over = f"sorted({source.text})"
                code = self._member_item(source, name, inner)
            else:
                goes_over = items_text(source)
                code = _item(source, name)
            self._loops += 1
            with writer.at(inner):
                body((*items, Item(name, locate, code, container)))
                if inner.is_empty:
                    writer.line("pass")
            self._loops -= 1
            goes_over = f"enumerate({goes_over})" if is_located else goes_over
            writer.line(f"for {index}, {name} in {goes_over}:" if is_located else f"for {name} in {goes_over}:")
            writer.block.parts.append(inner)

    def quick_item(self, source: Code, name: str, inner: Block) -> Code:
        """The item of a loop in any order, by this name: an object's is that of its keys."""
        return self._member_item(source, name, inner) if source.kinds == {"object"} else _item(source, name)

    def _member_item(self, source: Code, name: str, inner: Block) -> Code:
        """The item that a member of an object is, where the loop's name is that of the member."""
        value = self.writer.name()
        inner.parts.append(f"{value} = {source.text}[{name}]")
        schema = source.schema or {}
        free = {} if "properties" in schema or "patternProperties" in schema else schema.get("additionalProperties", {})
        of_value = fitting(value, free if isinstance(free, Mapping) else {})
        inner.known["item", name, "key"] = Code(name, frozenset({"string"}), None)
        inner.known["item", name, "value"] = of_value
        item: Schema = {
            "type": "object",
            "required": ["key", "value"],
            "properties": {"key": {"type": "string"}, "value": of_value.schema},
            "additionalProperties": False,
        }
        return fitting(f"{{'key': {name}, 'value': {value}}}", item)

    # --- One method for each word -------------------------------------------------------------------------------------

    def _written(self, value: ir.Value, items: Items, part: Part) -> Code:
        match value:
            case ir.Get(reference=reference):
                if reference.up is None:
                    return self._pointed(self.document, reference.tokens, ("get",))
                item = items[-1 - reference.up]
                return self._pointed(item.code, reference.tokens, ("item", item.name))
            case ir.Out(tokens=tokens):
                return self._read_back(tokens)
            case ir.Names(names=names):
                return Code(f"{self.writer.constant(listed(names))}", frozenset({"array"}), None)
            case ir.Object(members=members):
                return self._object([(name, part(each, items)) for name, each in members])
            case ir.List(items=values):
                return self._list([part(each, items) for each in values])
            case ir.Lookup():
                return self._lookup(value, items)
            case ir.At(of=of, key=key):
                return self._at(self.value(of, items), self.value(key, items))
            case ir.First(values=values):
                return self._first(values, items, part)
            case ir.Choose():
                return self._choose(value, items, part)
            case ir.Merge(values=values):
                parts = [code for each in values if (code := self.value(each, items)).kinds]
                if not parts:
                    return NOTHING
                kinds = frozenset({"object"})
                return Code(self.writer.assign(f"merged({_tuple(self.normal(each) for each in parts)})"), kinds)
            case ir.Without(of=of, keys=keys):
                found = self.value(of, items)
                if not found.kinds:
                    return NOTHING
                source = self.normal(found)
                return Code(self.writer.assign(f"without({source}, {self.writer.constant(frozenset(keys))})"))
            case ir.Each():
                return self._each(value, items, part)
            case ir.Concat(values=values):
                return self._concat(values, items)
            case ir.Index(of=of, by=by):
                return self._index(self.value(of, items), by, items)
            case ir.Distinct(of=of):
                repeating = self.value(of, items)
                if not repeating.kinds:
                    return NOTHING
                made = self.writer.assign(f"distinct({items_text(repeating)}) if {repeating.is_there} else ABSENT")
                return Code(made, frozenset({"array"}))
            case ir.Repeats(of=of, by=by):
                return self._repeats(self.value(of, items), by, items)
            case ir.Call():
                return self._call(value, items)
        raise AssertionError(f"an unknown value: {value}")

    def _read_back(self, tokens: tuple[str, ...]) -> Code:
        """The value at a pointer of the output."""
        above = Code(self.output, absent=None)
        if not tokens or self.output != "output" or self.written is None:
            return self._pointed(above, tokens, None)
        name, *below = tokens
        if name not in self.written:
            return NOTHING
        if name in self.at_hand:
            return self._pointed(self.at_hand[name], tuple(below), None)
        found = self.writer.assign(f"output.get({self.writer.literal(name)}, ABSENT)")
        return self._pointed(Code(found, self.written[name]), tuple(below), None)

    def _pointed(self, above: Code, tokens: tuple[str, ...], key: tuple[str, ...] | None) -> Code:
        """The value at a pointer below another."""
        if not tokens:
            return above
        known: Code | None = None if key is None else self.writer.block.find((*key, *tokens))
        if known is not None:
            return known
        *outer, token = tokens
        made = self._member(self._pointed(above, tuple(outer), key), token)
        if key is not None:
            self.writer.block.known[*key, *tokens] = made
        return made

    def _member(self, above: Code, token: str) -> Code:
        """A member or item of a value."""
        literal = self.writer.literal(token)
        if not above.kinds & {"array", "object"}:
            return NOTHING
        if above.schema is not None and above.kinds in ({"array"}, {"object"}):
            return self._member_by_schema(above, above.schema, token)
        if is_index(token):
            return Code(self.writer.assign(f"member({above.text}, {literal}, {int(token)})"))
        is_object = above.absent is None and above.kinds == {"object"}
        check = "" if is_object else f" if type({above.text}) is dict else ABSENT"
        return Code(self.writer.assign(f"{above.text}.get({literal}, ABSENT){check}"))

    def _member_by_schema(self, above: Code, schema: Schema, token: str) -> Code:
        if above.kinds == {"array"}:
            if not is_index(token):
                return NOTHING
            is_long_enough = above.text if token == "0" else f"len({above.text}) > {token}"  # noqa: S105 - an index
            found = f"{above.text}[{int(token)}] if {is_long_enough} else ABSENT"
            return fitting(self.writer.assign(found), _schema(schema.get("items")), "ABSENT")
        properties = schema.get("properties", {})
        if token not in properties and schema.get("additionalProperties") is False:
            return NOTHING
        inner = _schema(properties.get(token, schema.get("additionalProperties")))
        if "patternProperties" in schema and token not in properties:
            inner = {}
        literal = self.writer.literal(token)
        if above.absent is None and token in schema.get("required", ()):
            return fitting(f"{above.text}[{literal}]", inner)
        found = f"{above.text}.get({literal}, ABSENT)"
        if above.absent is not None:
            found = f"{found} if {above.is_there} else ABSENT"
        return fitting(self.writer.assign(found), inner, "ABSENT")

    def _object(self, found: list[tuple[str, Code]]) -> Code:
        """An object, member by member; those that are surely there stand in its display."""
        sure = 0
        while sure < len(found) and self.is_written(found[sure][1]) == "True":
            sure += 1
        display = ", ".join(f"{self.writer.literal(name)}: {code.text}" for name, code in found[:sure])
        made = self.writer.assign(f"{{{display}}}")
        for name, code in found[sure:]:
            with self.writer.inside(f"if {self.is_written(code)}:"):
                self.writer.line(f"{made}[{self.writer.literal(name)}] = {code.text}")
        return Code(made, frozenset({"object"}), None)

    def is_written(self, code: Code) -> str:
        """An expression for whether a value is there, and not an empty list or object that the ruleset leaves out."""
        if self.ruleset.keeps_empty or code.is_scalar:
            return code.is_there
        if not code.kinds & SCALARS:
            return code.text
        some = f"({code.text} or type({code.text}) not in EMPTY_TYPES)"
        return f"{some} and {code.text} is not None" if code.absent == "None" else some

    def _list(self, found: list[Code]) -> Code:
        found = [code for code in found if code.kinds]
        if all(code.absent is None for code in found):
            return Code(self.writer.assign(f"[{', '.join(code.text for code in found)}]"), frozenset({"array"}), None)
        made = self.writer.assign("[]")
        for code in found:
            with self.writer.inside(f"if {code.is_there}:"):
                self.writer.line(f"{made}.append({code.text})")
        return Code(made, frozenset({"array"}), None)

    def _lookup(self, lookup: ir.Lookup, items: Items) -> Code:
        found = self.value(lookup.of, items)
        if not found.kinds:
            return NOTHING if lookup.default is None else self.value(lookup.default, items)
        default = NOTHING if lookup.default is None else self.value(lookup.default, items)
        kinds = frozenset(_kind(right) for _, right in lookup.table) | default.kinds
        otherwise = self.normal(default)
        if all(type(left) is str for left, _ in lookup.table):
            table = {left: listed(right) for left, right in reversed(lookup.table)}
            name = self.writer.constant(table)
            text = f"{name}.get({found.text}, {otherwise}) if type({found.text}) is str else {otherwise}"
        else:
            text = otherwise
            for left, right in reversed(lookup.table):
                is_it = equal_to_constant(self.writer, found, left)
                right_text = self._constant(right)
                text = f"{right_text} if {is_it} else {text}"
        return Code(self.writer.assign(text), kinds, default.absent and "ABSENT")

    def _constant(self, value: Any) -> str:
        literal = listed(value)
        return self.writer.constant(literal) if isinstance(literal, list | dict) else self.writer.literal(literal)

    def _at(self, of: Code, key: Code) -> Code:
        if "object" not in of.kinds or "string" not in key.kinds:
            return NOTHING
        if of.kinds == {"object"} and of.schema is not None and key.kinds == {"string"}:
            schema = of.schema
            free = {} if "properties" in schema or "patternProperties" in schema else schema.get("additionalProperties")
            checks = [code.is_there for code in (of, key) if code.absent is not None]
            check = f" if {' and '.join(checks)} else ABSENT" if checks else ""
            return fitting(self.writer.assign(f"{of.text}.get({key.text}, ABSENT){check}"), _schema(free), "ABSENT")
        is_text = "" if key.kinds == {"string"} and key.absent is None else f" and type({key.text}) is str"
        found = f"{of.text}.get({key.text}, ABSENT) if type({of.text}) is dict{is_text} else ABSENT"
        return Code(self.writer.assign(found))

    def _first(self, values: tuple[ir.Value, ...], items: Items, part: Part) -> Code:
        if not values:
            return NOTHING
        first = part(values[0], items)
        if not first.kinds:
            return self._first(values[1:], items, part)
        rest = values[1:]
        if first.absent is None or not rest:
            return first
        if len(rest) == 1 and isinstance(rest[0], ir.Const) and rest[0].literal is None and first.absent == "None":
            return Code(first.text, first.kinds | {"null"}, None, first.own)
        made = self.writer.name()
        self.writer.line(f"{made} = {first.text}")
        kinds, absent, own, tried = first.kinds, first.absent, first.own, first
        for each in rest:
            with self.writer.inside(f"if {made} is {absent}:"):
                tried = part(each, items)
                if tried.kinds or absent != "ABSENT":
                    self.writer.line(f"{made} = {self.normal(tried)}")
            kinds, own, absent = kinds | tried.kinds, own and tried.own, "ABSENT"
            if tried.absent is None:
                return Code(made, kinds, None, own)
        return Code(made, kinds, "ABSENT", own)

    def _choose(self, choose: ir.Choose, items: Items, part: Part) -> Code:
        settled = self._settled_choice(choose, items)
        if isinstance(settled, ir.Value):
            return part(settled, items)
        if settled is not None:
            return NOTHING
        made = self.writer.name()
        found: list[Code] = []

        def write(cases: tuple[ir.Case, ...]) -> None:
            if not cases:
                found.append(NOTHING if choose.otherwise is None else part(choose.otherwise, items))
                self.writer.line(f"{made} = {self.normal(found[-1])}")
                return
            holds = self.test(cases[0].when, items)
            with self.writer.inside(f"if {holds}:"):
                found.append(part(cases[0].value, items))
                self.writer.line(f"{made} = {self.normal(found[-1])}")
            with self.writer.inside("else:"):
                write(cases[1:])

        write(choose.cases)
        kinds = frozenset().union(*(code.kinds for code in found))
        absent = None if all(code.absent is None for code in found) else "ABSENT"
        return Code(made, kinds, absent, own=all(code.own or code.is_scalar for code in found))

    def _settled_choice(self, choose: ir.Choose, items: Items) -> ir.Value | str | None:
        """What is chosen, as far as that is known already: "nothing" for none of them, None where it is not known."""
        for case in choose.cases:
            holds = self.settled_test(case.when, items)
            if holds == "True":
                return case.value
            if holds is None:
                return None
        return choose.otherwise or "nothing"

    def _each(self, each: ir.Each, items: Items, part: Part) -> Code:
        source = self.value(each.of, items)
        if not source.kinds:
            return NOTHING
        if each.value is None and each.where is None and each.take is None:
            text = f"{items_text(source)}[{each.skip}:]" if each.skip else items_text(source)
            if source.absent is not None:
                text = f"{text} if {source.is_there} else ABSENT"
            if source.kinds == {"array"}:
                return replace(source, text=self.writer.assign(text), absent=source.absent and "ABSENT", own=False)
            return Code(self.writer.assign(text), frozenset({"array"}), source.absent and "ABSENT")
        if each.skip:
            skipped = f"{items_text(source)}[{each.skip}:]"
            source = Code(self.writer.assign(f"{skipped} if {source.is_there} else ABSENT"), frozenset({"array"}))
        if each.take is not None and each.where is None and (only := self._taken(each, source, items, part)):
            return only
        made = self.writer.name()
        if each.take is None:
            self.writer.line(
                f"{made} = []" if source.absent is None else f"{made} = [] if {source.is_there} else ABSENT"
            )
        else:
            self.writer.line(f"{made} = ABSENT")
        result: list[Code] = []
        start = len(self.writer.block.parts) - 1

        def body(inner: Items) -> None:
            if each.where is None:
                keep(inner)
            else:
                with self.writer.inside(f"if {self.test(each.where, inner)}:"):
                    keep(inner)

        def keep(inner: Items) -> None:
            found = inner[-1].code if each.value is None else part(each.value, inner)
            result.append(found)
            stores = [f"{made} = {found.text}"] if each.take else [f"{made}.append({found.text})"]
            stores += ["break"] if each.take == "first" else []
            with self.writer.inside(f"if {found.is_there}:"):
                for line in stores:
                    self.writer.line(line)

        self.loop(source, items, body)
        if each.take is not None:
            return Code(made, result[0].kinds, "ABSENT", result[0].own) if result else NOTHING
        self._tightened(made, start)
        schema = result[0].schema or {"type": sorted(result[0].kinds)} if result and result[0].kinds else {}
        made_of = {"type": "array", "items": schema}
        own = bool(result) and (result[0].own or result[0].is_scalar)
        return Code(made, frozenset({"array"}), source.absent and "ABSENT", own, made_of)

    def _tightened(self, made: str, start: int) -> None:
        """Rewrites a list that grows by one expression for each item as a comprehension."""
        parts = self.writer.block.parts
        if len(parts) != start + 3 or parts[start] != f"{made} = []":
            return
        header, body = parts[start + 1 :]
        only = body.parts[-1] if isinstance(body, Block) else None
        if not isinstance(header, str) or not isinstance(body, Block) or not isinstance(only, str):
            return
        append = f"{made}.append("
        if not (header.startswith("for ") and only.startswith(append)):
            return
        value: str | None = only[len(append) : -1]
        if len(body.parts) > 1:
            body = Block(body.outer, body.depth, body.parts[:-1])
            value = body.expression(value or "")
        if value is not None:
            parts[start:] = [f"{made} = [{value} {header[:-1]}]"]

    def _taken(self, each: ir.Each, source: Code, items: Items, part: Part) -> Code | None:
        """The first or last value, where each item surely has one; else None."""
        if source.kinds != {"array"} or source.absent == "None":
            return None
        item = self.writer.name()
        block = Block(self.writer.block, self.writer.block.depth)
        with self.writer.at(block):
            made = self.writer.assign("ABSENT")
            with self.writer.inside(f"if {source.text}:"):
                self.writer.line(f"{item} = {source.text}[{0 if each.take == 'first' else -1}]")
                inner = (*items, Item(item, nowhere_at_all, _item(source, item)))
                found = inner[-1].code if each.value is None else part(each.value, inner)
                self.writer.line(f"{made} = {found.text}")
        if found.absent is not None:
            return None
        self.writer.block.parts.append(block)
        return replace(found, text=made, absent="ABSENT")

    def _concat(self, values: tuple[ir.Value, ...], items: Items) -> Code:
        found = [code for each in values if (code := self.value(each, items)).kinds]
        if not found:
            return NOTHING
        if len(found) == 1 and found[0].kinds == {"array"}:
            return replace(found[0], own=False)
        made = self.writer.assign("ABSENT")
        for code in found:
            with self.writer.inside(f"if {code.is_there}:"):
                self.writer.line(f"{made} = [*{made}, *{items_text(code)}]")
        return Code(made, frozenset({"array"}))

    def _index(self, source: Code, by: ir.Value, items: Items) -> Code:
        if not source.kinds:
            return NOTHING
        made = self.writer.assign("{}" if source.absent is None else f"{{}} if {source.is_there} else ABSENT")

        def body(inner: Items) -> None:
            key = self.value(by, inner)
            with self.writer.inside(f"if {fits(self.writer, key, frozenset({'string'}))}:"):
                self.writer.line(f"{made}.setdefault({key.text}, {inner[-1].code.text})")

        self.loop(source, items, body)
        return Code(made, frozenset({"object"}), source.absent and "ABSENT")

    def _repeats(self, source: Code, by: ir.Value, items: Items) -> Code:
        if not source.kinds:
            return NOTHING
        made = self.writer.assign("[]" if source.absent is None else f"[] if {source.is_there} else ABSENT")
        seen = self.writer.name()

        def body(inner: Items) -> None:
            key = self.value(by, inner)
            text = key.text if key.kinds == {"string"} else f"identity({key.text})"
            with self.writer.inside(f"if {key.is_there}:"):
                found = text if text == key.text else self.writer.assign(text)
                with self.writer.inside(f"if {found} in {seen}:"):
                    self.writer.line(f"{made}.append({inner[-1].code.text})")
                self.writer.line(f"{seen}.add({found})")

        with self.writer.inside(self._may_repeat(source, by, items)):
            self.writer.line(f"{seen} = set()")
            self.loop(source, items, body)
        return replace(source, text=made, kinds=frozenset({"array"}), absent=source.absent and "ABSENT", own=False)

    def _may_repeat(self, source: Code, by: ir.Value, items: Items) -> str:
        """The header of a block that is entered where two items may have the same key, which is quickly told."""
        if source.kinds != {"array"}:
            return "if True:"
        block = Block(self.writer.block, self.writer.block.depth)
        item = self.writer.name()
        self._loops += 1
        with self.writer.at(block):
            key = self.value(by, (*items, Item(item, nowhere_at_all, _item(source, item))))
        self._loops -= 1
        text = block.expression(key.text)
        if key.kinds != {"string"} or text is None:
            return "if True:"
        return f"if len({source.text}) > 1 and len({{{text} for {item} in {source.text}}}) < len({source.text}):"

    def _call(self, call: ir.Call, items: Items) -> Code:
        function = self.ruleset.functions[call.function]
        arguments = [self.value(each, items) for each in call.arguments]
        checks = [
            check
            for argument, wanted in zip(arguments, function.parameters, strict=True)
            if (check := fits(self.writer, argument, types_of(wanted))) != "True"
        ]
        if "False" in checks:
            return NOTHING
        texts = [argument.text for argument in arguments]
        text = f"{self.writer.constant(function.apply)}({', '.join(texts)})"
        if function.common is not None:
            condition, expression = function.common
            text = f"{expression.format(*texts)} if {condition.format(*texts)} else {text}"
        if checks:
            text = f"{f'({text})' if function.common else text} if {' and '.join(checks)} else None"
        kinds = frozenset("number" if kind == "integer" else kind for kind in types_of(function.result)) - {"null"}
        return Code(self.writer.assign(text), kinds, "None", True, function.result)

    def normal(self, code: Code) -> str:
        """An expression for the value that says ABSENT where it is absent."""
        return f"(ABSENT if {code.text} is None else {code.text})" if code.absent == "None" else code.text

    def test(self, test: ir.Test, items: Items) -> str:
        """Writes a test; what does so stands in `tests`."""
        raise NotImplementedError

    def settled_test(self, test: ir.Test, items: Items) -> str | None:
        """Tells whether it is known already that a test holds."""
        raise NotImplementedError


def listed(value: Any) -> Any:
    """A literal of the rules as JSON, with lists for tuples."""
    if isinstance(value, list | tuple):
        return [listed(item) for item in value]
    return {key: listed(member) for key, member in value.items()} if isinstance(value, dict) else value


def _kind(literal: Any) -> str:
    return next(kind for kind, types in PYTHON_TYPES.items() if type(literal) in types and kind != "integer")


def _tuple(texts: Iterable[str]) -> str:
    return "(" + "".join(f"{text}, " for text in texts) + ")"


def _schema(given: Any) -> Schema:
    """A schema: what is true or not given allows anything."""
    return given if isinstance(given, Mapping) else {}


def _item(source: Code, name: str) -> Code:
    """What is known of the items of a value, by this name."""
    if source.schema is not None and source.kinds == {"array"}:
        return fitting(name, _schema(source.schema.get("items")))
    return Code(name, absent=None)


def is_index(name: str) -> bool:
    """Whether a token of a pointer names an item of a list."""
    return name == "0" or (name.isascii() and name.isdigit() and not name.startswith("0") and len(name) <= 18)


def items_text(code: Code) -> str:
    """An expression for the items of a value."""
    if code.kinds == {"array"}:
        return f"({code.text} or ())" if code.absent == "None" else code.text
    return f"({code.text} if type({code.text}) is list else items_of({code.text}))"


def fits(writer: Writer, code: Code, types: frozenset[str]) -> str:
    """An expression for whether a value is there and of one of these JSON types."""
    wanted = types - {"integer"} if "number" in types else types
    if wanted >= ALL_KINDS or code.kinds <= wanted:
        return code.is_there
    if not code.kinds & {"number" if kind == "integer" else kind for kind in wanted}:
        return "False"
    python = [each for kind in sorted(wanted) for each in PYTHON_TYPES[kind]]
    if python == [type(None)]:
        return "False" if code.absent == "None" else f"{code.text} is None"
    if len(python) == 1:
        return f"type({code.text}) is {python[0].__name__}"
    # Where None says that there is nothing, it is no null.
    none = f"{code.text} is not None and " if code.absent == "None" and type(None) in python else ""
    return f"{none}type({code.text}) in {writer.constant(frozenset(python))}"


def equal_to_constant(writer: Writer, code: Code, literal: Any) -> str:
    """An expression for whether a value is the same JSON as a literal."""
    if _kind(literal) not in code.kinds or (literal is None and code.absent == "None"):
        return "False"
    if literal is None or isinstance(literal, bool):
        return f"{code.text} is {literal}"
    if isinstance(literal, str):
        return f"{code.text} == {writer.literal(literal)}"
    if isinstance(literal, int | float):
        return f"({code.text} == {writer.literal(literal)} and type({code.text}) is not bool)"
    return f"same({code.text}, {writer.constant(listed(literal))})"


def inner_expressions(value: Any) -> Iterator[Any]:
    """The values, tests and cases that one is made of."""
    for each in value.__dataclass_fields__:
        inner = getattr(value, each)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(part, ir.Expression | ir.Case):
                yield part
            elif isinstance(part, tuple):  # a member of an object, with its name
                yield from (each for each in part if isinstance(each, ir.Expression))


def _shapes_in(part: Any) -> Iterator[Any]:
    """The shapes of all costly values in a rule that read no current item."""
    if isinstance(part, _COSTLY) and part.closed:
        yield shape_of(part, ())
    if isinstance(part, tuple):
        for each in part:
            yield from _shapes_in(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _shapes_in(getattr(part, field.name))


def shape_of(value: Any, items: Items) -> Any:
    """What two expressions share that mean the same wherever both are in sight."""
    if isinstance(value, ir.Reference):
        if value.up is None or value.up >= len(items):
            return value.up, value.tokens
        # An item is known by the name of its loop's variable; one of a loop inside the value, by how far out it is.
        return items[-1 - value.up].name or value.up, value.tokens
    if isinstance(value, tuple):
        return tuple(shape_of(each, items) for each in value)
    if isinstance(value, ir.Const):
        return "const", json.dumps(listed(value.literal), sort_keys=True)
    if isinstance(value, ir.Expression | ir.Case):
        kinds = {field.name: field.metadata.get("kind", "") for field in fields(value)}
        names = [each for each in kinds if each not in ("place", "closed", "fixed")]
        deeper = (*items, Item("", nowhere_at_all))
        within = {each: deeper if kinds[each].startswith("inner ") else items for each in names}
        return type(value).__name__, *((each, shape_of(getattr(value, each), within[each])) for each in names)
    return type(value).__name__, json.dumps(listed(value)) if isinstance(value, list | dict) else value
