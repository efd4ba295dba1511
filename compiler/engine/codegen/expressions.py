"""Translates the value operators to Python expressions.

There is one method for each operator, as in `compiler.engine.evaluator`, with the same semantics for valid values.
Loop-invariant values are hoisted, and common subexpressions are computed once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import (
    ALL_KINDS,
    CONTAINERS,
    NOTHING,
    SCALARS,
    Code,
    Item,
    Items,
    Position,
    equal_to_constant,
    expression_of_schema,
    has_type,
    is_index,
    item_of,
    items_text,
    kind_of_literal,
    no_origin,
    no_value_origin,
    tuples_to_lists,
)
from compiler.engine.codegen.emitter import Block, Emitter
from compiler.engine.codegen.value_numbering import structural_key
from compiler.engine.schema import Schema, allowed_types, guaranteed_items, guaranteed_member, guaranteed_members

EmitValue = Callable[[ir.Value, Items], Code]

_COSTLY = (ir.Each, ir.Concat, ir.Flatten, ir.Zip, ir.IndexBy, ir.Distinct, ir.Duplicates, ir.Call)


class ExpressionWriter(ABC):
    """Translates the values of one ruleset.

    `document` is the input, `output` the variable that the rules write, and `output_is_final` whether it is finished,
    so that reads of it can be cached. With `may_take_ownership` the output may share parts of the document.
    """

    def __init__(
        self, ruleset: ir.Ruleset, emitter: Emitter, document: Code, *, may_take_ownership: bool = False
    ) -> None:
        self.ruleset = ruleset
        self.emitter = emitter
        self.document = document
        self.output = "output"
        self.output_is_final = False
        self.may_take_ownership = may_take_ownership
        # The types of the output's members; None if unknown.
        self.output_kinds: dict[str, frozenset[str]] | None = {}
        # The members that were written once, from a scalar that is still stored in a variable.
        self.stored_scalars: dict[str, Code] = {}
        self._loops = 0
        self._contains_cache: dict[Any, bool] = {}
        self._folded_tests: dict[int, str | None] = {}
        self._uses = Counter(shape for rule in ruleset.rules for shape in _structural_keys(rule))

    # --- What is known already ----------------------------------------------------------------------------------------

    def value(self, value: ir.Value, items: Items) -> Code:
        """Emits what the value needs; returns an expression, whose containers may be shared."""
        if isinstance(value, ir.Const):
            literal = tuples_to_lists(value.literal)
            text = self.emitter.constant(literal) if isinstance(literal, list | dict) else self.emitter.literal(literal)
            return Code(text, frozenset({kind_of_literal(literal)}), None)
        if self._contains_operator(value, ir.Out) and not self.output_is_final:
            return self._emit(value, items, self.value)
        key = structural_key(value, items)
        known: Code | None = self.emitter.block.find(key)
        if known is None and isinstance(value, _COSTLY) and value.item_independent:
            known = self.hoist(key, lambda: self._emit(value, items, self.value), uses=self._uses[key])
        if known is None:
            known = self._emit(value, items, self.value)
            self.emitter.block.known[key] = known
        return known

    def owned_value(self, value: ir.Value, items: Items) -> Code:
        """As `value`, but its containers are not shared, so that it can be written to the output."""
        if isinstance(value, ir.Object | ir.List | ir.First | ir.Choose):
            return replace(self._emit(value, items, self.owned_value), is_fresh=True)
        if isinstance(value, ir.Each | ir.IndexBy) and value.value is not None:
            return replace(self._emit(value, items, self.owned_value), is_fresh=True)
        if isinstance(value, ir.Merge) and (merged := self._owned_merge(value, items)) is not None:
            return merged
        code = self.value(value, items)
        if code.is_fresh or code.is_scalar or self._may_take(value):
            return code
        copy = "deep_copy" if self._contains_operator(value, ir.Out, ir.Names, ir.Lookup, ir.Const) else "copy"
        is_text = f"{code.text} if type({code.text}) is str else " if "string" in code.kinds else ""
        text = f"{is_text}{copy}({code.text})"
        return replace(code, text=self.emitter.assign(text), is_fresh=True)

    def _may_take(self, value: ir.Value) -> bool:
        """Whether the output may contain a value itself, because it is a part of the document."""
        return self.may_take_ownership and not self._contains_operator(value, ir.Out, ir.Names, ir.Lookup, ir.Const)

    def _is_output(self, value: ir.Value) -> bool:
        """Whether a value is all of the output."""
        return isinstance(value, ir.Out) and not value.tokens and self.output == "output"

    def _owned_merge(self, value: ir.Merge, items: Items) -> Code | None:
        """Emits a merge of a value that is shared and one that is not: copies only what is left of the former.

        None for any other merge.
        """
        present = [part for part in value.values if isinstance(part, ir.Object) or self.value(part, items).kinds]
        last = present[-1] if present else None
        if last is None or not (isinstance(last, ir.Object) or self.value(last, items).kinds == {"object"}):
            return None
        if len(present) == 1:
            return self.owned_value(last, items)
        if len(present) != 2 or not (isinstance(last, ir.Object) or self._may_take(last)):
            return None
        shared = self.value(present[0], items)
        if isinstance(last, ir.Object) and shared.text == "output" and self.output_kinds is not None:
            return self._output_with(last, self.output_kinds, items)
        own = self.owned_value(last, items)
        call = f"merge_own({self.absent_as_sentinel(shared)}, {self.absent_as_sentinel(own)})"
        absent = None if shared.absent is None or own.absent is None else "ABSENT"
        return Code(self.emitter.assign(call), frozenset({"object"}), absent, is_fresh=True)

    def _output_with(self, value: ir.Object, output_kinds: Mapping[str, frozenset[str]], items: Items) -> Code:
        """Emits an object with the members of the output and, over them, these; nothing in it is shared."""
        members = [(name, self.owned_value(member, items)) for name, member in value.members]
        written = {name: self.is_written(code, keeps_empty=value.keeps_empty) for name, code in members}
        sure = [f"{self.emitter.literal(name)}: {code.text}" for name, code in members if written[name] == "True"]
        result_var = self.emitter.assign(f"{{{', '.join(('**output', *sure))}}}")
        for name, code in members:
            if code.kinds and written[name] != "True":
                with self.emitter.inside(f"if {written[name]}:"):
                    self.emitter.line(f"{result_var}[{self.emitter.literal(name)}] = {code.text}")
        for name, kinds in output_kinds.items():
            if kinds & CONTAINERS and written.get(name) != "True":
                literal = self.emitter.literal(name)
                is_shared = f"{literal} in output" + (f" and not {written[name]}" if name in written else "")
                with self.emitter.inside(f"if {is_shared}:"):
                    self.emitter.line(f"{result_var}[{literal}] = deep_copy(output[{literal}])")
        return Code(result_var, frozenset({"object"}), None, is_fresh=True)

    def hoist(self, key: Any, write: Callable[[], Code], *, uses: int = 2) -> Code:
        """Hoists a loop-invariant value into a variable that is computed where it is first needed.

        Later uses check at run time whether it was computed.
        """
        if self._loops == 0 and uses < 2:
            code = write()
            self.emitter.block.known[key] = code
            return code
        with self.emitter.at(Block(self.emitter.block, self.emitter.block.depth)):
            if not write().kinds:
                return NOTHING
        hoisted: tuple[str, Code] | None = self.emitter.top.known.get(("hoisted", key))
        if hoisted is None:
            name = self.emitter.name()
            self.emitter.unset_names.append(name)
            with self.emitter.inside(f"if {name} is UNSET:"):
                code = write()
                self.emitter.line(f"{name} = {code.text}")
            hoisted = name, replace(code, text=name)
            self.emitter.top.known["hoisted", key] = hoisted
        else:
            with self.emitter.inside(f"if {hoisted[0]} is UNSET:"):
                self.emitter.line(f"{hoisted[0]} = {write().text}")
        self.emitter.block.known[key] = hoisted[1]
        return hoisted[1]

    def _contains_operator(self, value: Any, *words: type[ir.Value]) -> bool:
        """Whether an expression or one inside it has one of these operators."""
        key = id(value), words
        if key not in self._contains_cache:
            self._contains_cache[key] = isinstance(value, words) or any(
                self._contains_operator(child, *words) for child in ir.children(value)
            )
        return self._contains_cache[key]

    def loop(
        self,
        source: Code,
        items: Items,
        body: Callable[[Items], None],
        origin: Callable[[Position], str | None] = no_origin,
        container: Code | None = None,
    ) -> None:
        """Emits a loop over the items of a value; `origin` emits the origin of the item at a position.

        `container` is the value itself if its items are its own members, not items collected from other values.
        """
        if not source.kinds & {"array", "object"}:
            return
        emitter = self.emitter
        name, index = emitter.name(), emitter.name()
        position = Position(index, name if source.kinds == {"object"} else None)
        with emitter.inside(f"if {source.text}:" if source.absent is not None else "if True:"):
            inner = Block(emitter.block, emitter.block.depth + 1)
            if source.kinds == {"object"}:
                iterable = f"sorted({source.text})"
                code = self._member_item(source, name, inner)
            else:
                iterable = items_text(source)
                code = item_of(source, name)
            with emitter.at(inner), self.in_loop():
                body((*items, Item(name, lambda: origin(position), code, container)))
                if inner.is_empty:
                    emitter.line("pass")
            emitter.line(
                f"for {index}, {name} in enumerate({iterable}):"
                if position.is_counted
                else f"for {name} in {iterable}:"
            )
            emitter.block.parts.append(inner)

    @contextmanager
    def in_loop(self) -> Iterator[None]:
        """While the code of a loop is emitted; values that do not depend on the item are hoisted."""
        self._loops += 1
        try:
            yield
        finally:
            self._loops -= 1

    def unordered_item(self, source: Code, name: str, inner: Block) -> Code:
        """The item of a loop variable; an object is iterated by its keys, in any order."""
        return self._member_item(source, name, inner) if source.kinds == {"object"} else item_of(source, name)

    def _member_item(self, source: Code, name: str, inner: Block) -> Code:
        """The `{key, value}` item of a member, if the loop variable is its key."""
        value = self.emitter.name()
        inner.parts.append(f"{value} = {source.text}[{name}]")
        of_value = expression_of_schema(value, guaranteed_members(source.schema or {}))
        inner.known["item", name, "key"] = Code(name, frozenset({"string"}), None)
        inner.known["item", name, "value"] = of_value
        item: Schema = {
            "type": "object",
            "required": ["key", "value"],
            "properties": {"key": {"type": "string"}, "value": of_value.schema},
            "additionalProperties": False,
        }
        return expression_of_schema(f"{{'key': {name}, 'value': {value}}}", item)

    # --- One method for each word -------------------------------------------------------------------------------------

    def _emit(self, value: ir.Value, items: Items, part: EmitValue) -> Code:
        match value:
            case ir.Get(reference=reference):
                if reference.scope is None:
                    return self._follow(self.document, reference.tokens, ("get",))
                item = items[-1 - reference.scope]
                return self._follow(item.code, reference.tokens, ("item", item.name))
            case ir.Out(tokens=tokens):
                return self._read_output(tokens)
            case ir.Names(names=names):
                return Code(f"{self.emitter.constant(tuples_to_lists(names))}", frozenset({"array"}), None)
            case ir.Object(members=members, keeps_empty=keeps_empty):
                return self._object([(name, part(member, items)) for name, member in members], keeps_empty=keeps_empty)
            case ir.List(items=values):
                return self._list([part(item, items) for item in values])
            case ir.Lookup():
                return self._lookup(value, items)
            case ir.At(of=of, key=key):
                return self._at(self.value(of, items), self.value(key, items))
            case ir.First(values=values):
                return self._first(values, items, part)
            case ir.Choose():
                return self._choose(value, items, part)
            case ir.Merge(values=values):
                parts = [code for operand in values if (code := self.value(operand, items)).kinds]
                if not parts:
                    return NOTHING
                kinds = frozenset({"object"})
                return Code(
                    self.emitter.assign(f"merge({_tuple(self.absent_as_sentinel(operand) for operand in parts)})"),
                    kinds,
                )
            case ir.Without(of=of, keys=keys):
                code = self.value(of, items)
                if not code.kinds:
                    return NOTHING
                if self._is_output(of) and self.output_kinds is not None and not self.output_kinds.keys() & set(keys):
                    return code
                source = self.absent_as_sentinel(code)
                return Code(self.emitter.assign(f"without({source}, {self.emitter.constant(frozenset(keys))})"))
            case ir.Each():
                return self._each(value, items, part)
            case ir.Concat(values=values):
                return self._concat(values, items)
            case ir.Flatten(of=of):
                nested = self.value(of, items)
                if not nested.kinds:
                    return NOTHING
                text = f"flatten({items_text(nested)})" + (
                    "" if nested.absent is None else f" if {nested.is_present} else ABSENT"
                )
                return Code(self.emitter.assign(text), frozenset({"array"}), nested.absent and "ABSENT")
            case ir.Zip(columns=columns):
                return self._zip(
                    [(name, code) for name, column in columns if (code := self.value(column, items)).kinds]
                )
            case ir.IndexBy(of=of):
                return self._index_by(value, self.value(of, items), items, part)
            case ir.Distinct(of=of):
                repeating = self.value(of, items)
                if not repeating.kinds:
                    return NOTHING
                result_var = self.emitter.assign(
                    f"distinct({items_text(repeating)}) if {repeating.is_present} else ABSENT"
                )
                return Code(result_var, frozenset({"array"}))
            case ir.Duplicates(of=of, by=by):
                return self._duplicates(self.value(of, items), by, items)
            case ir.Call():
                return self._call(value, items)
        raise AssertionError(f"unknown value: {value}")

    def _read_output(self, tokens: tuple[str, ...]) -> Code:
        """Emits a read of the output."""
        has_kinds = self.output == "output" and self.output_kinds is not None
        parent = Code(self.output, frozenset({"object"}) if has_kinds else ALL_KINDS, absent=None)
        if not tokens or self.output != "output" or self.output_kinds is None:
            return self._follow(parent, tokens, None)
        name, *remaining = tokens
        if name not in self.output_kinds:
            return NOTHING
        if name in self.stored_scalars:
            return self._follow(self.stored_scalars[name], tuple(remaining), None)
        member_var = self.emitter.assign(f"output.get({self.emitter.literal(name)}, ABSENT)")
        return self._follow(Code(member_var, self.output_kinds[name]), tuple(remaining), None)

    def _follow(self, parent: Code, tokens: tuple[str, ...], key: tuple[str, ...] | None) -> Code:
        """Emits a read of a pointer below a value."""
        if not tokens:
            return parent
        known: Code | None = None if key is None else self.emitter.block.find((*key, *tokens))
        if known is not None:
            return known
        *outer, token = tokens
        code = self._member(self._follow(parent, tuple(outer), key), token)
        if key is not None:
            self.emitter.block.known[*key, *tokens] = code
        return code

    def _member(self, parent: Code, token: str) -> Code:
        """Emits a read of a member or item."""
        literal = self.emitter.literal(token)
        if not parent.kinds & {"array", "object"}:
            return NOTHING
        if parent.schema is not None and parent.kinds in ({"array"}, {"object"}):
            return self._member_by_schema(parent, parent.schema, token)
        if is_index(token):
            return Code(self.emitter.assign(f"member({parent.text}, {literal}, {int(token)})"))
        is_object = parent.absent is None and parent.kinds == {"object"}
        check = "" if is_object else f" if type({parent.text}) is dict else ABSENT"
        return Code(self.emitter.assign(f"{parent.text}.get({literal}, ABSENT){check}"))

    def _member_by_schema(self, parent: Code, schema: Schema, token: str) -> Code:
        if parent.kinds == {"array"}:
            if not is_index(token):
                return NOTHING
            is_long_enough = parent.text if token == "0" else f"len({parent.text}) > {token}"  # noqa: S105 - an index
            expression = f"{parent.text}[{int(token)}] if {is_long_enough} else ABSENT"
            return expression_of_schema(self.emitter.assign(expression), guaranteed_items(schema), "ABSENT")
        inner = guaranteed_member(schema, token)
        if inner is None:
            return NOTHING
        literal = self.emitter.literal(token)
        if parent.absent is None and token in schema.get("required", ()):
            return expression_of_schema(f"{parent.text}[{literal}]", inner)
        expression = f"{parent.text}.get({literal}, ABSENT)"
        if parent.absent is not None:
            expression = f"{expression} if {parent.is_present} else ABSENT"
        return expression_of_schema(self.emitter.assign(expression), inner, "ABSENT")

    def _zip(self, columns: list[tuple[str, Code]]) -> Code:
        """Emits the items of several lists side by side."""
        if not columns:
            return NOTHING
        parts = (
            f"({self.emitter.literal(name)}, {items_text(code)})"
            if code.absent is None
            else f"({self.emitter.literal(name)}, {items_text(code)} if {code.is_present} else ABSENT)"
            for name, code in columns
        )
        return Code(self.emitter.assign(f"zip_lists(({''.join(f'{part}, ' for part in parts)}))"), frozenset({"array"}))

    def _object(self, members: list[tuple[str, Code]], *, keeps_empty: bool) -> Code:
        """Emits an object; the leading members that are always present are in its display."""
        sure = 0
        while sure < len(members) and self.is_written(members[sure][1], keeps_empty=keeps_empty) == "True":
            sure += 1
        display = ", ".join(f"{self.emitter.literal(name)}: {code.text}" for name, code in members[:sure])
        result_var = self.emitter.assign(f"{{{display}}}")
        for name, code in members[sure:]:
            with self.emitter.inside(f"if {self.is_written(code, keeps_empty=keeps_empty)}:"):
                self.emitter.line(f"{result_var}[{self.emitter.literal(name)}] = {code.text}")
        return Code(result_var, frozenset({"object"}), None)

    def is_written(self, code: Code, *, keeps_empty: bool) -> str:
        """An expression for whether a value is written: present, and not an empty container unless those are kept."""
        if keeps_empty or code.is_scalar or code.is_nonempty:
            return code.is_present
        if not code.kinds & SCALARS:
            return code.text
        is_not_empty = f"({code.text} or type({code.text}) not in EMPTY_TYPES)"
        return f"{is_not_empty} and {code.text} is not None" if code.absent == "None" else is_not_empty

    def _list(self, codes: list[Code]) -> Code:
        codes = [code for code in codes if code.kinds]
        if all(code.absent is None for code in codes):
            display = self.emitter.assign(f"[{', '.join(code.text for code in codes)}]")
            return Code(display, frozenset({"array"}), None, is_nonempty=bool(codes))
        result_var = self.emitter.assign("[]")
        for code in codes:
            with self.emitter.inside(f"if {code.is_present}:"):
                self.emitter.line(f"{result_var}.append({code.text})")
        return Code(result_var, frozenset({"array"}), None)

    def _lookup(self, lookup: ir.Lookup, items: Items) -> Code:
        code = self.value(lookup.of, items)
        if not code.kinds:
            return NOTHING if lookup.default is None else self.value(lookup.default, items)
        default = NOTHING if lookup.default is None else self.value(lookup.default, items)
        kinds = frozenset(kind_of_literal(right) for _, right in lookup.table) | default.kinds
        otherwise = self.absent_as_sentinel(default)
        if all(type(constant) is str for constant, _ in lookup.table):
            table = {constant: tuples_to_lists(replacement) for constant, replacement in reversed(lookup.table)}
            name = self.emitter.constant(table)
            text = f"{name}.get({code.text}, {otherwise}) if type({code.text}) is str else {otherwise}"
        else:
            text = otherwise
            for constant, replacement in reversed(lookup.table):
                is_it = equal_to_constant(self.emitter, code, constant)
                right_text = self._constant(replacement)
                text = f"{right_text} if {is_it} else {text}"
        return Code(self.emitter.assign(text), kinds, default.absent and "ABSENT")

    def _constant(self, value: Any) -> str:
        literal = tuples_to_lists(value)
        return self.emitter.constant(literal) if isinstance(literal, list | dict) else self.emitter.literal(literal)

    def _at(self, of: Code, key: Code) -> Code:
        if "object" not in of.kinds or "string" not in key.kinds:
            return NOTHING
        if of.kinds == {"object"} and of.schema is not None and key.kinds == {"string"}:
            checks = [code.is_present for code in (of, key) if code.absent is not None]
            check = f" if {' and '.join(checks)} else ABSENT" if checks else ""
            return expression_of_schema(
                self.emitter.assign(f"{of.text}.get({key.text}, ABSENT){check}"),
                guaranteed_members(of.schema),
                "ABSENT",
            )
        is_text = "" if key.kinds == {"string"} and key.absent is None else f" and type({key.text}) is str"
        expression = f"{of.text}.get({key.text}, ABSENT) if type({of.text}) is dict{is_text} else ABSENT"
        return Code(self.emitter.assign(expression))

    def _first(self, values: tuple[ir.Value, ...], items: Items, part: EmitValue) -> Code:
        if not values:
            return NOTHING
        first = part(values[0], items)
        if not first.kinds:
            return self._first(values[1:], items, part)
        others = values[1:]
        if first.absent is None or not others:
            return first
        if (
            len(others) == 1
            and isinstance(others[0], ir.Const)
            and others[0].literal is None
            and first.absent == "None"
        ):
            return Code(first.text, first.kinds | {"null"}, None, first.is_fresh)
        result_var = self.emitter.name()
        self.emitter.line(f"{result_var} = {first.text}")
        kinds, absent, is_fresh, tried = first.kinds, first.absent, first.is_fresh, first
        for other in others:
            with self.emitter.inside(f"if {result_var} is {absent}:"):
                tried = part(other, items)
                if tried.kinds or absent != "ABSENT":
                    self.emitter.line(f"{result_var} = {self.absent_as_sentinel(tried)}")
            kinds, is_fresh, absent = kinds | tried.kinds, is_fresh and tried.is_fresh, "ABSENT"
            if tried.absent is None:
                return Code(result_var, kinds, None, is_fresh)
        return Code(result_var, kinds, "ABSENT", is_fresh)

    def _choose(self, choose: ir.Choose, items: Items, part: EmitValue) -> Code:
        folded = self._fold_choice(choose, items)
        if isinstance(folded, ir.Value):
            return part(folded, items)
        if folded is not None:
            return NOTHING
        result_var = self.emitter.name()
        codes: list[Code] = []

        def write(branches: tuple[ir.Branch, ...]) -> None:
            if not branches:
                codes.append(NOTHING if choose.otherwise is None else part(choose.otherwise, items))
                self.emitter.line(f"{result_var} = {self.absent_as_sentinel(codes[-1])}")
                return
            holds = self.test(branches[0].when, items)
            with self.emitter.inside(f"if {holds}:"):
                codes.append(part(branches[0].value, items))
                self.emitter.line(f"{result_var} = {self.absent_as_sentinel(codes[-1])}")
            with self.emitter.inside("else:"):
                write(branches[1:])

        write(choose.branches)
        kinds = frozenset().union(*(code.kinds for code in codes))
        absent = None if all(code.absent is None for code in codes) else "ABSENT"
        return Code(result_var, kinds, absent, is_fresh=all(code.is_fresh or code.is_scalar for code in codes))

    def _fold_choice(self, choose: ir.Choose, items: Items) -> ir.Value | str | None:
        """The value of a constant-folded choice, "nothing" if it is absent, None if it is not constant."""
        for branch in choose.branches:
            holds = self.constant_fold_test(branch.when, items)
            if holds == "True":
                return branch.value
            if holds is None:
                return None
        return choose.otherwise or "nothing"

    def _each(self, each: ir.Each, items: Items, part: EmitValue) -> Code:
        source = self.value(each.of, items)
        if not source.kinds:
            return NOTHING
        if each.value is None and each.where is None and each.take is None:
            text = f"{items_text(source)}[{each.skip}:]" if each.skip else items_text(source)
            if source.absent is not None:
                text = f"{text} if {source.is_present} else ABSENT"
            if source.kinds == {"array"}:
                return replace(
                    source, text=self.emitter.assign(text), absent=source.absent and "ABSENT", is_fresh=False
                )
            return Code(self.emitter.assign(text), frozenset({"array"}), source.absent and "ABSENT")
        if each.skip:
            skipped = f"{items_text(source)}[{each.skip}:]"
            source = Code(self.emitter.assign(f"{skipped} if {source.is_present} else ABSENT"), frozenset({"array"}))
        if each.take is not None and each.where is None and (only := self._take_one(each, source, items, part)):
            return only
        result_var = self.emitter.name()
        if each.take is None:
            self.emitter.line(
                f"{result_var} = []"
                if source.absent is None
                else f"{result_var} = [] if {source.is_present} else ABSENT"
            )
        else:
            self.emitter.line(f"{result_var} = ABSENT")
        result: list[Code] = []
        start = len(self.emitter.block.parts) - 1

        def body(inner: Items) -> None:
            if each.where is None:
                keep(inner)
            else:
                with self.emitter.inside(f"if {self.test(each.where, inner)}:"):
                    keep(inner)

        def keep(inner: Items) -> None:
            code = inner[-1].code if each.value is None else part(each.value, inner)
            result.append(code)
            stores = [f"{result_var} = {code.text}"] if each.take else [f"{result_var}.append({code.text})"]
            stores += ["break"] if each.take == "first" else []
            with self.emitter.inside(f"if {code.is_present}:"):
                for line in stores:
                    self.emitter.line(line)

        self.loop(source, items, body)
        if each.take is not None:
            return Code(result_var, result[0].kinds, "ABSENT", result[0].is_fresh) if result else NOTHING
        self._to_comprehension(result_var, start)
        schema = result[0].schema or {"type": sorted(result[0].kinds)} if result and result[0].kinds else {}
        list_schema = {"type": "array", "items": schema}
        is_fresh = bool(result) and (result[0].is_fresh or result[0].is_scalar)
        return Code(result_var, frozenset({"array"}), source.absent and "ABSENT", is_fresh, list_schema)

    def _to_comprehension(self, result_var: str, start: int) -> None:
        """Rewrites a loop that appends one expression per item as a comprehension."""
        parts = self.emitter.block.parts
        if len(parts) != start + 3 or parts[start] != f"{result_var} = []":
            return
        header, body = parts[start + 1 :]
        only = body.parts[-1] if isinstance(body, Block) else None
        if not isinstance(header, str) or not isinstance(body, Block) or not isinstance(only, str):
            return
        append = f"{result_var}.append("
        if not (header.startswith("for ") and only.startswith(append)):
            return
        value: str | None = only[len(append) : -1]
        if len(body.parts) > 1:
            body = Block(body.outer, body.depth, body.parts[:-1])
            value = body.expression(value or "")
        if value is not None:
            parts[start:] = [f"{result_var} = [{value} {header[:-1]}]"]

    def _take_one(self, each: ir.Each, source: Code, items: Items, part: EmitValue) -> Code | None:
        """Emits the first or last value if every item has one; else None."""
        if source.kinds != {"array"} or source.absent == "None":
            return None
        item = self.emitter.name()
        block = Block(self.emitter.block, self.emitter.block.depth)
        with self.emitter.at(block):
            result_var = self.emitter.assign("ABSENT")
            with self.emitter.inside(f"if {source.text}:"):
                self.emitter.line(f"{item} = {source.text}[{0 if each.take == 'first' else -1}]")
                inner = (*items, Item(item, no_value_origin, item_of(source, item)))
                code = inner[-1].code if each.value is None else part(each.value, inner)
                self.emitter.line(f"{result_var} = {code.text}")
        if code.absent is not None:
            return None
        self.emitter.block.parts.append(block)
        return replace(code, text=result_var, absent="ABSENT")

    def _concat(self, values: tuple[ir.Value, ...], items: Items) -> Code:
        codes = [code for part in values if (code := self.value(part, items)).kinds]
        if not codes:
            return NOTHING
        if len(codes) == 1 and codes[0].kinds == {"array"}:
            return replace(codes[0], is_fresh=False)
        result_var = self.emitter.assign("ABSENT")
        for code in codes:
            with self.emitter.inside(f"if {code.is_present}:"):
                self.emitter.line(f"{result_var} = [*{result_var}, *{items_text(code)}]")
        return Code(result_var, frozenset({"array"}))

    def _index_by(self, index: ir.IndexBy, source: Code, items: Items, part: EmitValue) -> Code:
        if not source.kinds:
            return NOTHING
        result_var = self.emitter.assign("{}" if source.absent is None else f"{{}} if {source.is_present} else ABSENT")

        def body(inner: Items) -> None:
            key = self.value(index.by, inner)
            is_key = has_type(self.emitter, key, frozenset({"string"}))
            if index.value is None:
                with self.emitter.inside(f"if {is_key}:"):
                    self.emitter.line(f"{result_var}.setdefault({key.text}, {inner[-1].code.text})")
                return
            with self.emitter.inside(f"if {is_key} and {key.text} not in {result_var}:"):
                member = part(index.value, inner)
                members.append(member)
                with self.emitter.inside(f"if {member.is_present}:"):
                    self.emitter.line(f"{result_var}[{key.text}] = {member.text}")

        members: list[Code] = []
        self.loop(source, items, body)
        is_fresh = all(member.is_fresh or member.is_scalar for member in members) and bool(members)
        return Code(result_var, frozenset({"object"}), source.absent and "ABSENT", is_fresh)

    def _duplicates(self, source: Code, by: ir.Value, items: Items) -> Code:
        if not source.kinds:
            return NOTHING
        result_var = self.emitter.assign("[]" if source.absent is None else f"[] if {source.is_present} else ABSENT")
        seen = self.emitter.name()

        def body(inner: Items) -> None:
            key = self.value(by, inner)
            text = key.text if key.kinds == {"string"} else f"identity({key.text})"
            with self.emitter.inside(f"if {key.is_present}:"):
                key_text = text if text == key.text else self.emitter.assign(text)
                with self.emitter.inside(f"if {key_text} in {seen}:"):
                    self.emitter.line(f"{result_var}.append({inner[-1].code.text})")
                self.emitter.line(f"{seen}.add({key_text})")

        with self.emitter.inside(self._may_have_duplicates(source, by, items)):
            self.emitter.line(f"{seen} = set()")
            self.loop(source, items, body)
        return replace(
            source, text=result_var, kinds=frozenset({"array"}), absent=source.absent and "ABSENT", is_fresh=False
        )

    def _may_have_duplicates(self, source: Code, by: ir.Value, items: Items) -> str:
        """The header of a block that is entered if two items may have the same key: a cheap test before the loop."""
        if source.kinds != {"array"}:
            return "if True:"
        block = Block(self.emitter.block, self.emitter.block.depth)
        item = self.emitter.name()
        with self.emitter.at(block), self.in_loop():
            key = self.value(by, (*items, Item(item, no_value_origin, item_of(source, item))))
        text = block.expression(key.text)
        if key.kinds != {"string"} or text is None:
            return "if True:"
        return f"if len({source.text}) > 1 and len({{{text} for {item} in {source.text}}}) < len({source.text}):"

    def _call(self, call: ir.Call, items: Items) -> Code:
        function = self.ruleset.functions[call.function]
        arguments = [self.value(argument, items) for argument in call.arguments]
        checks = [
            check
            for argument, required in zip(arguments, function.parameters, strict=True)
            if (check := has_type(self.emitter, argument, allowed_types(required))) != "True"
        ]
        if "False" in checks:
            return NOTHING
        texts = [argument.text for argument in arguments]
        text = f"{self.emitter.constant(function.apply)}({', '.join(texts)})"
        if function.inline is not None:
            condition, expression = function.inline
            text = f"{expression.format(*texts)} if {condition.format(*texts)} else {text}"
        if checks:
            text = f"{f'({text})' if function.inline else text} if {' and '.join(checks)} else None"
        kinds = frozenset("number" if kind == "integer" else kind for kind in allowed_types(function.result)) - {"null"}
        return Code(self.emitter.assign(text), kinds, "None", True, function.result)

    def absent_as_sentinel(self, code: Code) -> str:
        """An expression for the value with the sentinel ABSENT."""
        return f"(ABSENT if {code.text} is None else {code.text})" if code.absent == "None" else code.text

    @abstractmethod
    def test(self, test: ir.Test, items: Items) -> str:
        """Emits a test; see `ConditionWriter`."""

    @abstractmethod
    def constant_fold_test(self, test: ir.Test, items: Items) -> str | None:
        """Constant-folds a test; see `ConditionWriter`."""


def _tuple(texts: Iterable[str]) -> str:
    return "(" + "".join(f"{text}, " for text in texts) + ")"


def _structural_keys(part: Any) -> Iterator[Any]:
    """The structural keys of all costly loop-invariant values in a rule."""
    return (
        structural_key(operand, ())
        for operand in ir.walk(part)
        if isinstance(operand, _COSTLY) and operand.item_independent
    )
