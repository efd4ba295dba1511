"""Emits the origins of values, for the pointers of warnings.

Origins are needed only when a warning is reported, so they are computed there and not tracked. Not every origin can be
expressed in this way; then the code bails out to the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from compiler.engine import ir
from compiler.engine.codegen.code import ALL_KINDS, Code, Item, Items, Position, has_type, items_text
from compiler.engine.codegen.conditions import ConditionWriter
from compiler.engine.codegen.value_numbering import structural_key
from compiler.json_io.pointer import format_pointer


class OriginNotExpressibleError(Exception):
    """Generated code cannot express an origin."""


class OriginWriter(ConditionWriter):
    """Translates values and tests, and emits origins: expressions for a pointer or None."""

    def origin(self, value: ir.Value, items: Items) -> str:
        """Emits the origin of a value. Raises OriginNotExpressibleError."""
        match value:
            case ir.Get(reference=reference):
                if reference.scope is None:
                    return self.emitter.literal(format_pointer(reference.tokens))
                return self._below_item(items[-1 - reference.scope], reference.tokens)
            case ir.Out(tokens=tokens):
                return self.output_origin(tokens, items)
            case ir.Const() | ir.Names():
                return "None"
            case ir.Lookup(of=of):
                return self.origin(of, items)
            case ir.At(of=ir.Get() as of, key=key) if not self._may_be_member(of, items):
                origin, name = self.origin(of, items), self.value(key, items)
                is_name = has_type(self.emitter, name, frozenset({"string"}))
                pointer = self.pointer_below(origin, name.text)
                return pointer if is_name == "True" else f"({pointer} if {is_name} else {origin})"
            case ir.First(values=values):
                return self._first_origin(values, items)
            case ir.Choose():
                return self._choice_origin(value, items)
            case ir.Call(arguments=arguments):
                return self._first_known([self.origin(argument, items) for argument in arguments])
            case ir.Concat(values=values) | ir.Merge(values=values):
                parts = [(self.origin(part, items), self.value(part, items)) for part in values]
                return self._first_known([f"({origin} if {code.is_present} else None)" for origin, code in parts])
            case ir.Each(take="first" | "last"):
                source = self.origin(value.of, items)
                origins = self.item_origins(without_take(value), items)
                return f"({origins}[{0 if value.take == 'first' else -1}] if {origins} else {source})"
        raise OriginNotExpressibleError

    def item_origins(self, value: ir.Value, items: Items) -> str:
        """Emits the list of the origins of a value's items. Raises OriginNotExpressibleError."""
        if not value.item_independent or self._contains_operator(value, ir.Out):
            return self._item_origins(value, items)
        key = ("item origins", structural_key(value, items))
        known: Code | None = self.emitter.block.find(key)
        return (known or self.hoist(key, lambda: Code(self._item_origins(value, items)))).text

    def item_origin(self, value: ir.Value, items: Items) -> Callable[[Position], str]:
        """What emits the origin of the item at a position of a value. Raises OriginNotExpressibleError.

        Unless the value is a part of the document, this emits a list of the origins of all its items.
        """
        kinds = self.value(value, items).kinds if isinstance(value, ir.Get) else ALL_KINDS
        if kinds == {"array"} or (kinds == {"object"} and not self._may_be_member(value, items)):
            origin = self.origin(value, items)
            return lambda position: self.pointer_below(origin, position.key or position.read_index())
        return _listed_origin(self.item_origins(value, items))

    def _may_be_member(self, value: ir.Value, items: Items) -> bool:
        """Whether a value may be a `{key, value}` item: its members have the origin of the item itself."""
        match value:
            case ir.Get(reference=reference):
                if reference.scope is None or reference.tokens:
                    return False
                item = items[-1 - reference.scope]
                return "object" in item.code.kinds and (item.container is None or "object" in item.container.kinds)
            case ir.Each(take="first" | "last"):
                if isinstance(value.value, ir.Get) and value.value.reference.tokens:
                    return False
                is_list = isinstance(value.of, ir.Get) and self.value(value.of, items).kinds == {"array"}
                return "object" in self.value(value, items).kinds and not (is_list and value.value is None)
        return False

    def output_origin(self, tokens: tuple[str, ...], items: Items) -> str:
        """Emits the origin of an output value; see `RuleWriter`. Raises OriginNotExpressibleError."""
        raise OriginNotExpressibleError

    def _below_item(self, item: Item, tokens: tuple[str, ...]) -> str:
        origin = item.origin()
        if origin is None:
            raise OriginNotExpressibleError
        pointer = self.pointer_below(origin, *map(self.emitter.literal, tokens))
        if not tokens or tokens[0] not in ("key", "value"):
            return pointer
        if item.container is None:
            raise OriginNotExpressibleError
        if "object" not in item.container.kinds:
            return pointer
        member_pointer = self.pointer_below(origin, *map(self.emitter.literal, tokens[1:]))
        if item.container.kinds == {"object"}:
            return member_pointer
        return f"({member_pointer} if type({item.container.text}) is dict else {pointer})"

    def pointer_below(self, origin: str, *tokens: str) -> str:
        """An expression for a pointer below another."""
        return f"pointer_below({', '.join((origin, *tokens))})" if tokens else origin

    def _first_known(self, origins: list[str]) -> str:
        """The first of these that is not None."""
        if not origins:
            return "None"
        origin, *others = origins
        if not others or origin.startswith(("'", '"')):
            return origin
        later = self._first_known(others)
        return later if origin == "None" else f"({origin} if {origin} is not None else {later})"

    def _first_origin(self, values: tuple[ir.Value, ...], items: Items) -> str:
        result_var = self.emitter.name()

        def write(index: int, tried: list[str]) -> None:
            if index == len(values):
                self.emitter.line(f"{result_var} = {self._first_known(tried)}")
                return
            code = self.value(values[index], items)
            origin = self.origin(values[index], items)
            with self.emitter.inside(f"if {code.is_present}:"):
                self.emitter.line(f"{result_var} = {origin}")
            if code.absent is not None:
                with self.emitter.inside("else:"):
                    write(index + 1, [*tried, origin])

        write(0, [])
        return result_var

    def _choice_origin(self, choose: ir.Choose, items: Items) -> str:
        result_var = self.emitter.name()

        def write(branches: tuple[ir.Branch, ...]) -> None:
            if not branches:
                origin = "None" if choose.otherwise is None else self.origin(choose.otherwise, items)
                self.emitter.line(f"{result_var} = {origin}")
                return
            with self.emitter.inside(f"if {self.test(branches[0].when, items)}:"):
                self.emitter.line(f"{result_var} = {self.origin(branches[0].value, items)}")
            with self.emitter.inside("else:"):
                write(branches[1:])

        write(choose.branches)
        return result_var

    def _item_origins(self, value: ir.Value, items: Items) -> str:
        match value:
            case ir.Get() | ir.Each(take="first" | "last") if not self._may_be_member(value, items):
                return f"item_origins({self.origin(value, items)}, {self.value(value, items).text})"
            case ir.List(items=values):
                parts = [
                    f"*([{self.origin(part, items)}] if {self.value(part, items).is_present} else ())"
                    for part in values
                ]
                return f"[{', '.join(parts)}]"
            case ir.Concat(values=values):
                return f"[{', '.join(f'*{self.item_origins(part, items)}' for part in values)}]"
            case ir.Call():
                return f"([{self.origin(value, items)}] * len({items_text(self.value(value, items))}))"
            case ir.Merge(values=(only,)):  # an object with the same members, or none
                members = self.value(only, items).text
                return f"({self.item_origins(only, items)} if type({members}) is dict else [])"
            case ir.Choose():
                return self._choice_item_origins(value, items)
            case ir.First(values=values):
                return self._first_item_origins(values, items)
            case ir.Each(take=None):
                return self._each_item_origins(value, items)
            case ir.Duplicates():
                return self._duplicates_item_origins(value, items)
        raise OriginNotExpressibleError

    def _choice_item_origins(self, choose: ir.Choose, items: Items) -> str:
        result_var = self.emitter.assign("[]")

        def write(branches: tuple[ir.Branch, ...]) -> None:
            if not branches:
                if choose.otherwise is not None:
                    self.emitter.line(f"{result_var} = {self.item_origins(choose.otherwise, items)}")
                return
            with self.emitter.inside(f"if {self.test(branches[0].when, items)}:"):
                self.emitter.line(f"{result_var} = {self.item_origins(branches[0].value, items)}")
            with self.emitter.inside("else:"):
                write(branches[1:])

        write(choose.branches)
        return result_var

    def _first_item_origins(self, values: tuple[ir.Value, ...], items: Items) -> str:
        result_var = self.emitter.assign("[]")

        def write(remaining: tuple[ir.Value, ...]) -> None:
            if remaining:
                code = self.value(remaining[0], items)
                with self.emitter.inside(f"if {code.is_present}:"):
                    self.emitter.line(f"{result_var} = {self.item_origins(remaining[0], items)}")
                if code.absent is not None:
                    with self.emitter.inside("else:"):
                        write(remaining[1:])
                        self.emitter.line("pass")

        write(values)
        return result_var

    def _each_item_origins(self, each: ir.Each, items: Items) -> str:
        if each.value is None and each.where is None:
            origins = self.item_origins(each.of, items)
            return f"{origins}[{each.skip}:]" if each.skip else origins
        if isinstance(each.of, ir.Concat) and not each.skip:  # the items of each part have their own kind of origin
            parts = [self._each_item_origins(replace(each, of=part), items) for part in each.of.values]
            return f"[{', '.join(f'*{part}' for part in parts)}]"
        source = self.value(each.of, items)
        if not source.kinds:
            return "[]"
        if each.skip:
            item_origin = _listed_origin(self.emitter.assign(f"{self.item_origins(each.of, items)}[{each.skip}:]"))
            source = Code(self.emitter.assign(f"{items_text(source)}[{each.skip}:]"), frozenset({"array"}), None)
        else:
            item_origin = self.item_origin(each.of, items)
        result_var = self.emitter.assign("[]")

        def body(inner: Items) -> None:
            with self.emitter.inside("if True:" if each.where is None else f"if {self.test(each.where, inner)}:"):
                if each.value is None:
                    self.emitter.line(f"{result_var}.append({inner[-1].origin()})")
                    return
                is_present = self.value(each.value, inner).is_present
                origin = self.origin(each.value, inner)
                with self.emitter.inside(f"if {is_present}:"):
                    self.emitter.line(f"{result_var}.append({origin})")

        container = source if has_document_items(each.of) and not each.skip else None
        self.loop(source, items, body, item_origin, container)
        return result_var

    def _duplicates_item_origins(self, duplicates: ir.Duplicates, items: Items) -> str:
        item_origin = self.item_origin(duplicates.of, items)
        result_var, seen = self.emitter.assign("[]"), self.emitter.assign("set()")

        def body(inner: Items) -> None:
            key = self.value(duplicates.by, inner)
            with self.emitter.inside(f"if {key.is_present}:"):
                identity = self.emitter.assign(f"identity({key.text})")
                with self.emitter.inside(f"if {identity} in {seen}:"):
                    self.emitter.line(f"{result_var}.append({inner[-1].origin()})")
                self.emitter.line(f"{seen}.add({identity})")

        self.loop(self.value(duplicates.of, items), items, body, item_origin)
        return result_var


def _listed_origin(origins: str) -> Callable[[Position], str]:
    """What emits an origin from a list of them."""
    return lambda position: f"{origins}[{position.read_index()}]"


def has_document_items(value: ir.Value | None) -> bool:
    """Whether a value is a part of the document, so that its items are its own members."""
    if isinstance(value, ir.Choose):
        return all(has_document_items(branch.value) for branch in value.branches) and has_document_items(
            value.otherwise
        )
    if isinstance(value, ir.Each) and value.take is not None:  # an item of the document, or a member of one
        lists = value.of.values if isinstance(value.of, ir.Concat) else (value.of,)
        return all(map(_is_of_document, lists)) and has_document_items(value.value)
    if isinstance(value, ir.Merge) and len(value.values) == 1:
        return has_document_items(value.values[0])
    return value is None or isinstance(value, ir.Get)


def _is_of_document(value: ir.Value) -> bool:
    return isinstance(value, ir.Get) or (isinstance(value, ir.Merge) and has_document_items(value))


def without_take(each: ir.Each) -> ir.Each:
    """An `each` without its `take`."""
    return ir.Each(
        location=each.location,
        item_independent=each.item_independent,
        run_constant=each.run_constant,
        of=each.of,
        value=each.value,
        where=each.where,
        skip=each.skip,
    )
