"""Writes where values came from, for the warnings that name a place.

Only when something is said does anybody ask, so nothing is kept while values are made: the code that tells a place
stands where it is told. Not every place can be told in this way; then the run is left to the interpreter.
"""

from __future__ import annotations

from compiler.engine import ir
from compiler.engine.codegen.code import Code, Item
from compiler.engine.codegen.conditions import Tests
from compiler.engine.codegen.expressions import Items, fits, items_text, shape_of
from compiler.json_io.pointer import text_of


class UntoldError(Exception):
    """A place that generated code cannot tell."""


class Origins(Tests):
    """Writes the values and tests of one ruleset, and where they came from: expressions for a pointer or None."""

    def origin(self, value: ir.Value, items: Items) -> str:
        """Writes what is needed to tell where a value came from. Raises UntoldError."""
        match value:
            case ir.Get(reference=reference):
                if reference.up is None:
                    return self.writer.literal(text_of(reference.tokens))
                return self._below_item(items[-1 - reference.up], reference.tokens)
            case ir.Out(tokens=tokens):
                return self.written_by(tokens, items)
            case ir.Const() | ir.Names():
                return "None"
            case ir.Lookup(of=of):
                return self.origin(of, items)
            case ir.At(of=ir.Get() as of, key=key):
                origin, name = self.origin(of, items), self.value(key, items)
                is_name = fits(self.writer, name, frozenset({"string"}))
                below = self.below(origin, name.text)
                return below if is_name == "True" else f"({below} if {is_name} else {origin})"
            case ir.First(values=values):
                return self._of_first(values, items)
            case ir.Choose():
                return self._of_choice(value, items)
            case ir.Call(arguments=arguments):
                return self._first_known([self.origin(each, items) for each in arguments])
            case ir.Each(take="first" | "last"):
                source = self.origin(value.of, items)
                found = self.places(form_without_take(value), items)
                return f"({found}[{0 if value.take == 'first' else -1}] if {found} else {source})"
        raise UntoldError

    def places(self, value: ir.Value, items: Items) -> str:
        """Writes what is needed to tell where the items of a value came from, as a list. Raises UntoldError."""
        if not value.closed or self._is_any(value, ir.Out):
            return self._places(value, items)
        key = ("places", shape_of(value, items))
        known: Code | None = self.writer.block.find(key)
        return (known or self.late(key, lambda: Code(self._places(value, items)))).text

    def written_by(self, tokens: tuple[str, ...], items: Items) -> str:
        """Where what stands at a pointer of the output came from; who writes rules knows."""
        raise UntoldError

    def _below_item(self, item: Item, tokens: tuple[str, ...]) -> str:
        origin = item.origin()
        if origin is None:
            raise UntoldError
        below = self.below(origin, *map(self.writer.literal, tokens))
        if not tokens or tokens[0] not in ("key", "value"):
            return below
        if item.container is None:
            raise UntoldError
        if "object" not in item.container.kinds:
            return below
        of_member = self.below(origin, *map(self.writer.literal, tokens[1:]))
        if item.container.kinds == {"object"}:
            return of_member
        return f"({of_member} if type({item.container.text}) is dict else {below})"

    def below(self, origin: str, *tokens: str) -> str:
        """An expression for a pointer below another."""
        return f"place({', '.join((origin, *tokens))})" if tokens else origin

    def _first_known(self, origins: list[str]) -> str:
        """The first of these that is not None."""
        if not origins:
            return "None"
        origin, *rest = origins
        if not rest or origin.startswith(("'", '"')):
            return origin
        later = self._first_known(rest)
        return later if origin == "None" else f"({origin} if {origin} is not None else {later})"

    def _of_first(self, values: tuple[ir.Value, ...], items: Items) -> str:
        made = self.writer.name()

        def write(index: int, tried: list[str]) -> None:
            if index == len(values):
                self.writer.line(f"{made} = {self._first_known(tried)}")
                return
            code = self.value(values[index], items)
            origin = self.origin(values[index], items)
            with self.writer.inside(f"if {code.is_there}:"):
                self.writer.line(f"{made} = {origin}")
            if code.absent is not None:
                with self.writer.inside("else:"):
                    write(index + 1, [*tried, origin])

        write(0, [])
        return made

    def _of_choice(self, choose: ir.Choose, items: Items) -> str:
        made = self.writer.name()

        def write(cases: tuple[ir.Case, ...]) -> None:
            if not cases:
                origin = "None" if choose.otherwise is None else self.origin(choose.otherwise, items)
                self.writer.line(f"{made} = {origin}")
                return
            with self.writer.inside(f"if {self.test(cases[0].when, items)}:"):
                self.writer.line(f"{made} = {self.origin(cases[0].value, items)}")
            with self.writer.inside("else:"):
                write(cases[1:])

        write(choose.cases)
        return made

    def _places(self, value: ir.Value, items: Items) -> str:
        match value:
            case ir.Get() | ir.Each(take="first" | "last"):
                return f"places({self.origin(value, items)}, {self.value(value, items).text})"
            case ir.List(items=values):
                parts = [
                    f"*([{self.origin(each, items)}] if {self.value(each, items).is_there} else ())" for each in values
                ]
                return f"[{', '.join(parts)}]"
            case ir.Concat(values=values):
                return f"[{', '.join(f'*{self.places(each, items)}' for each in values)}]"
            case ir.Call():
                return f"([{self.origin(value, items)}] * len({items_text(self.value(value, items))}))"
            case ir.Choose():
                return self._places_of_choice(value, items)
            case ir.Each(take=None):
                return self._places_of_each(value, items)
            case ir.Repeats():
                return self._places_of_repeats(value, items)
        raise UntoldError

    def _places_of_choice(self, choose: ir.Choose, items: Items) -> str:
        made = self.writer.assign("[]")

        def write(cases: tuple[ir.Case, ...]) -> None:
            if not cases:
                if choose.otherwise is not None:
                    self.writer.line(f"{made} = {self.places(choose.otherwise, items)}")
                return
            with self.writer.inside(f"if {self.test(cases[0].when, items)}:"):
                self.writer.line(f"{made} = {self.places(cases[0].value, items)}")
            with self.writer.inside("else:"):
                write(cases[1:])

        write(choose.cases)
        return made

    def _places_of_each(self, each: ir.Each, items: Items) -> str:
        found = self.places(each.of, items)
        if each.value is None and each.where is None:
            return f"{found}[{each.skip}:]" if each.skip else found
        source = self.value(each.of, items)
        if each.skip:
            found = self.writer.assign(f"{found}[{each.skip}:]")
            source = Code(self.writer.assign(f"{items_text(source)}[{each.skip}:]"), frozenset({"array"}), None)
        made = self.writer.assign("[]")

        def body(inner: Items) -> None:
            with self.writer.inside("if True:" if each.where is None else f"if {self.test(each.where, inner)}:"):
                origin, is_there = inner[-1].origin(), "True"
                if each.value is not None:
                    is_there = self.value(each.value, inner).is_there
                    origin = self.origin(each.value, inner)
                with self.writer.inside(f"if {is_there}:"):
                    self.writer.line(f"{made}.append({origin})")

        container = source if holds_its_items(each.of) and not each.skip else None
        self.loop(source, items, body, lambda index: f"{found}[{index}]", container)
        return made

    def _places_of_repeats(self, repeats: ir.Repeats, items: Items) -> str:
        found = self.places(repeats.of, items)
        made, seen = self.writer.assign("[]"), self.writer.assign("set()")

        def body(inner: Items) -> None:
            key = self.value(repeats.by, inner)
            with self.writer.inside(f"if {key.is_there}:"):
                identity = self.writer.assign(f"identity({key.text})")
                with self.writer.inside(f"if {identity} in {seen}:"):
                    self.writer.line(f"{made}.append({inner[-1].origin()})")
                self.writer.line(f"{seen}.add({identity})")

        self.loop(self.value(repeats.of, items), items, body, lambda index: f"{found}[{index}]")
        return made


def holds_its_items(value: ir.Value | None) -> bool:
    """Whether a value is one of the document's own, so that its items are what it holds."""
    if isinstance(value, ir.Choose):
        return all(holds_its_items(case.value) for case in value.cases) and holds_its_items(value.otherwise)
    if isinstance(value, ir.Each) and value.take is not None:  # an item of the document, or a member of one
        return isinstance(value.of, ir.Get) and holds_its_items(value.value)
    return value is None or isinstance(value, ir.Get)


def form_without_take(each: ir.Each) -> ir.Each:
    """The list that an `each` takes its first or last value from."""
    return ir.Each(
        place=each.place,
        closed=each.closed,
        fixed=each.fixed,
        of=each.of,
        value=each.value,
        where=each.where,
        skip=each.skip,
    )
