"""Type inference: the JSON Schema of what an expression can evaluate to, from the input schema.

It can miss an error. It does not know what the test of a branch says of a value's type, which can give a false one.
Whether a value is *absent* is not part of its shape.

Generated code needs the opposite, facts that always hold, also about absence and about one shape of document; so the
generator derives its own while it writes an expression (see `codegen.code`). Both read schemas with `engine.schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from compiler.engine import ir
from compiler.engine.schema import ANY_KEY, ANYTHING, Schema, allowed_types, free_members, member_schema
from compiler.json_io.pointer import format_pointer

Shapes = tuple[Schema, ...]
"""The alternative schemas of a value."""

_LONGEST_MESSAGE = 200

AddProblem = Callable[[str, str, str], None]
"""Adds a problem: its kind, location and message."""


def alternatives(schema: Schema) -> Shapes:
    """The alternatives of a schema, flattened; keywords beside `anyOf` are part of each."""
    if "anyOf" not in schema:
        return (schema,)
    beside = {key: value for key, value in schema.items() if key != "anyOf"}
    return tuple(inner for alternative in schema["anyOf"] for inner in alternatives(_intersect(beside, alternative)))


def _intersect(one: Schema, other: Schema) -> Schema:
    properties = {**one.get("properties", {}), **other.get("properties", {})}
    return {**one, **other, **({"properties": properties} if properties else {})}


def union(shapes: Iterable[Schema]) -> Schema:
    """These alternatives as one schema."""
    distinct: list[Schema] = []
    for shape in shapes:
        if shape not in distinct:
            distinct.append(shape)
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


class Inference:
    """Infers the shapes of expressions, and reports unknown pointers and arguments of the wrong type."""

    def __init__(self, ruleset: ir.Ruleset, add_problem: AddProblem, output: Schema | None = None) -> None:
        self._ruleset = ruleset
        self._add_problem = add_problem
        self.output = ruleset.built_schema if output is None else output

    def with_output(self, output: Schema) -> Inference:
        """The same for rules whose output has this schema."""
        return Inference(self._ruleset, self._add_problem, output)

    def value(self, value: ir.Value, items: tuple[Shapes, ...] = ()) -> Shapes:
        """The shapes of a value; `items` are those of the enclosing items, outermost first."""
        match value:
            case ir.Get(reference=reference):
                roots = (self._ruleset.input_schema,) if reference.scope is None else items[-1 - reference.scope]
                shapes = self._resolve(roots, reference.tokens)
                if not shapes:
                    advice = "; * is a key, use each for all items" if ANY_KEY in reference.tokens else ""
                    problem = f"the input schema knows no {format_pointer(reference.tokens)}{advice}"
                    self._add_problem("unknown-input", value.location, problem)
                return shapes or (ANYTHING,)
            case ir.Out(tokens=tokens):
                shapes = self._resolve((self.output,), tokens)
                if not shapes:
                    problem = f"the output schema knows no {format_pointer(tokens)}"
                    self._add_problem("unknown-output", value.location, problem)
                return shapes or (ANYTHING,)
            case ir.Const(literal=literal):
                return ({"const": literal},)
            case ir.Names(tokens=tokens):
                if not self._resolve((self.output,), tokens):
                    problem = f"the output schema knows no {format_pointer(tokens)}"
                    self._add_problem("unknown-output", value.location, problem)
                return ({"type": "array", "items": {"type": "string"}},)
            case ir.Object(members=members):
                properties = {name: union(self.value(member, items)) for name, member in members}
                return ({"type": "object", "properties": properties, "additionalProperties": False},)
            case ir.List(items=values):
                return ({"type": "array", "items": self._value_union(values, items)},)
            case ir.First(values=values):
                return alternatives(self._value_union(values, items))
            case ir.Choose(branches=branches, otherwise=otherwise):
                for branch in branches:
                    self.test(branch.when, items)
                values = tuple(branch.value for branch in branches) + (() if otherwise is None else (otherwise,))
                return alternatives(self._value_union(values, items))
            case ir.Lookup():
                return self._lookup(value, items)
            case ir.At(of=of, key=key):
                self.value(key, items)
                return self._members(self.value(of, items), key)
            case ir.Call():
                return self._call(value, items)
            case ir.Without(of=of, keys=left_out):
                return tuple(_without(shape, left_out) for shape in self.value(of, items))
            case ir.Merge(values=values):
                return (self._merge_shapes(tuple(self.value(part, items) for part in values)),)
            case _:
                return self._list_value(value, items)

    def pointer(self, tokens: tuple[str, ...], location: str) -> None:
        """Reports a pointer that is unknown to the input schema."""
        if not self._resolve((self._ruleset.input_schema,), tokens):
            self._add_problem("unknown-input", location, f"the input schema knows no {format_pointer(tokens)}")

    def test(self, test: ir.Test, items: tuple[Shapes, ...] = ()) -> None:
        """Checks the values that a test reads."""
        match test:
            case ir.AnyOf(tests=tests) | ir.AllOf(tests=tests):
                for operand in tests:
                    self.test(operand, items)
            case ir.Not(test=inner):
                self.test(inner, items)
            case ir.Equals(pair=pair):
                for value in pair:
                    self.value(value, items)
            case ir.OneOf(pair=(needle, haystack)):
                self.value(needle, items)
                self._items_of(haystack, items)
            case (
                ir.Present(of=of)
                | ir.Nonempty(of=of)
                | ir.Matches(of=of)
                | ir.Contains(of=of)
                | ir.Type(of=of)
                | ir.Between(of=of)
            ):
                self.value(of, items)

    def items_of(self, shapes: Shapes) -> Shapes:
        """The shapes of the items of values of these shapes."""
        item_shapes: list[Schema] = []
        for shape in shapes:
            if "const" in shape and isinstance(shape["const"], list | tuple):
                item_shapes.extend({"const": item} for item in shape["const"])
            if "array" in allowed_types(shape) and "const" not in shape:
                item_shapes.extend(alternatives(shape.get("items", ANYTHING)))
            if "object" in allowed_types(shape) and "const" not in shape and (shape.get("type") or not item_shapes):
                free = free_members(shape)
                named = tuple(shape.get("properties", {}).values())
                values = union((*named, *(() if free is None else (free,))) or (ANYTHING,))
                item_shapes.append({"type": "object", "properties": {"key": {"type": "string"}, "value": values}})
        return tuple(item_shapes) or (ANYTHING,)

    def _resolve(self, roots: Shapes, tokens: tuple[str, ...]) -> Shapes:
        shapes = [inner for root in roots for inner in alternatives(root)]
        for token in tokens:
            members = [member_schema(shape, token) for shape in shapes]
            shapes = [inner for member in members if member is not None for inner in alternatives(member)]
        return tuple(shapes)

    def _items_of(self, of: ir.Value, items: tuple[Shapes, ...]) -> Shapes:
        shapes = self.value(of, items)
        if not any(allowed_types(shape) & {"array", "object"} for shape in shapes):
            self._add_problem("wrong-type", of.location, "a scalar has no items")
        return self.items_of(shapes)

    def _value_union(self, values: tuple[ir.Value, ...], items: tuple[Shapes, ...]) -> Schema:
        return union(shape for value in values for shape in self.value(value, items))

    def _lookup(self, lookup: ir.Lookup, items: tuple[Shapes, ...]) -> Shapes:
        keys = [left for left, _ in lookup.table]
        for shape in self.value(lookup.of, items):
            left_out = [value for value in _all_values(shape) or () if not any(_same(value, key) for key in keys)]
            if lookup.default is None and (_all_values(shape) is None or left_out):
                what = f"leaves out {left_out}" if left_out else "cannot have all values of its input"
                problem = f'the table {what}; add "default": "absent" if nothing should be written then'
                self._add_problem("uncovered-lookup", lookup.location, problem)
        default = () if lookup.default is None else self.value(lookup.default, items)
        return tuple({"const": right} for _, right in lookup.table) + default

    def _members(self, shapes: Shapes, key: ir.Value) -> Shapes:
        if isinstance(key, ir.Const):
            return self._resolve(shapes, (str(key.literal),)) or (ANYTHING,)
        free = [free_members(shape) for shape in shapes if "object" in allowed_types(shape)]
        return tuple(inner for member in free if member is not None for inner in alternatives(member)) or (ANYTHING,)

    def _call(self, call: ir.Call, items: tuple[Shapes, ...]) -> Shapes:
        function = self._ruleset.functions[call.function]
        for index, (argument, parameter) in enumerate(zip(call.arguments, function.parameters, strict=True)):
            for problem in type_errors(self.value(argument, items), parameter):
                self._add_problem("wrong-type", f"{call.location}/with/{index}", f"{call.function}: {problem}")
        return alternatives(function.result)

    def _merge_shapes(self, parts: tuple[Shapes, ...]) -> Schema:
        properties: dict[str, Schema] = {}
        free: list[Schema] = []
        for shapes in parts:
            for shape in shapes:
                properties.update(shape.get("properties", {}))
                extra = free_members(shape)
                free.extend(() if extra is None else (extra,))
        return {"type": "object", "properties": properties, "additionalProperties": union(free) if free else False}

    def _list_value(self, value: ir.Value, items: tuple[Shapes, ...]) -> Shapes:
        match value:
            case ir.Each(of=of, value=inner, where=where, take=take):
                item = self._items_of(of, items)
                if where is not None:
                    self.test(where, (*items, item))
                result = item if inner is None else self.value(inner, (*items, item))
                return result if take is not None else ({"type": "array", "items": union(result)},)
            case ir.Concat(values=values):
                parts = (self.items_of(self.value(part, items)) for part in values)
                return ({"type": "array", "items": union(shape for part in parts for shape in part)},)
            case ir.Flatten(of=of):
                inner_items = self.items_of(self._items_of(of, items))
                return ({"type": "array", "items": union(inner_items)},)
            case ir.Zip(columns=columns):
                properties = {name: union(self._items_of(column, items)) for name, column in columns}
                row = {"type": "object", "properties": properties, "additionalProperties": False}
                return ({"type": "array", "items": row},)
            case ir.IndexBy(of=of, by=by, value=inner):
                item = self._items_of(of, items)
                self.value(by, (*items, item))
                result = item if inner is None else self.value(inner, (*items, item))
                return ({"type": "object", "additionalProperties": union(result)},)
            case ir.Duplicates(of=of, by=by):
                item = self._items_of(of, items)
                self.value(by, (*items, item))
                return ({"type": "array", "items": union(item)},)
            case ir.Distinct(of=of):
                return ({"type": "array", "items": union(self.items_of(self.value(of, items)))},)
        raise AssertionError(f"unknown value: {value}")


def _without(shape: Schema, names: tuple[str, ...]) -> Schema:
    properties = {name: inner for name, inner in shape.get("properties", {}).items() if name not in names}
    return {**shape, "properties": properties} if "properties" in shape else shape


def type_errors(shapes: Shapes, target: Schema) -> list[str]:
    """Why values of these shapes do not conform to the target's schema; empty if they may."""
    return [problem for shape in shapes for problem in _shape_errors(shape, target)]


def _shape_errors(shape: Schema, target: Schema) -> list[str]:
    if "const" in shape:
        from jsonschema import Draft202012Validator

        error = next(Draft202012Validator(target).iter_errors(shape["const"]), None)
        return [] if error is None else [_clip(error.message)]
    targets = alternatives(target)
    if len(targets) > 1:
        return (
            []
            if any(not _shape_errors(shape, alternative) for alternative in targets)
            else [f"{_format_types(shape)} fits no alternative"]
        )
    surplus = allowed_types(shape) - allowed_types(target)
    if surplus:
        return [f"{_format_types(shape)} where {_format_types(target)} is expected"]
    problems = []
    allowed = [target["const"]] if "const" in target else target.get("enum")
    if allowed is not None and not set(map(repr, shape.get("enum", [None, object()]))) <= set(map(repr, allowed)):
        problems.append(f"anything of type {_format_types(shape)} where one of {allowed} is expected")
    if shape.get("additionalProperties") is False:
        lacking = [name for name in target.get("required", ()) if name not in shape.get("properties", {})]
        problems.extend(f"the property {name!r} is missing" for name in lacking)
    for name, inner in shape.get("properties", {}).items():
        target_member = member_schema(target, name)
        if target_member is None:
            problems.append(f"the property {name!r} is not known there")
        else:
            problems.extend(f"{name}: {problem}" for problem in type_errors(alternatives(inner), target_member))
    free, free_there = free_members(shape), free_members(target)
    if "object" in allowed_types(shape) and shape.get("type") and free is not None and free_there is not None:
        problems.extend(f"{ANY_KEY}: {problem}" for problem in type_errors(alternatives(free), free_there))
    if "array" in allowed_types(shape) and "items" in target:
        inner_problems = type_errors(alternatives(shape.get("items", ANYTHING)), target["items"])
        problems.extend(f"{ANY_KEY}: {problem}" for problem in inner_problems)
    return problems


def _clip(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…"


def _format_types(schema: Schema) -> str:
    types = sorted(allowed_types(schema))
    return "anything" if len(types) == 7 else " or ".join(types)


def _all_values(shape: Schema) -> list[Any] | None:
    """All values of a finite shape; None if it is infinite."""
    if "const" in shape:
        return [shape["const"]]
    if "enum" in shape:
        return list(shape["enum"])
    finite: dict[str, list[Any]] = {"boolean": [True, False], "null": [None]}
    types = allowed_types(shape)
    return [value for kind in types for value in finite[kind]] if types <= set(finite) else None


def _same(left: Any, right: Any) -> bool:
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)
