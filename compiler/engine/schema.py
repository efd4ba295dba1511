"""JSON Schema for the engine: resolves references, finds the subschema at a pointer, validates output.

Subschemas are found by the structural keywords (`type`, `properties`, `items`, `additionalProperties`,
`patternProperties`); for validation see `codegen.validators` and jsonschema.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

from compiler.json_io.pointer import Tokens, parse_pointer

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

Schema = Mapping[str, Any]
ValidatorFactory = Callable[[str, tuple[str, ...]], Callable[[Any], bool] | None]
"""Returns a precompiled validator of the members of documents, by schema `$id` and exempt keywords; None if none."""
Describe = Callable[["ValidationError"], tuple[str, str | None]]
"""Returns the message and the hint for a validation error."""

_MAXIMUM_VALUES = 200_000
_MAXIMUM_DEPTH = 200

ANYTHING: Schema = {}
_OF_SCHEMAS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
"""Keywords whose values have schemas by name."""

_OF_VALUES = frozenset({"const", "default", "enum", "examples"})
"""Keywords whose values are not schemas."""

_NOTHING: Schema = {"not": {}}
ANY_KEY = "*"
"""The token of a pattern for every item of a list and every unnamed key of an object."""

ASTERISK = "'*'"
"""The token of a pattern for a key that is an asterisk."""


def dereference(name: str, schemas: Mapping[str, Schema], *, keeps_recursion: bool = False) -> Schema:
    """The schema with this `$id`, with every `$ref` replaced by what it refers to.

    A recursive reference is dropped, so that it allows anything, or kept as an absolute URI. Raises ValueError for a
    reference that cannot be resolved, and for a schema that becomes too large or is nested too deeply.
    """
    resolved: Schema = _Resolver(schemas, keeps_recursion).resolve(_find(name, schemas), urldefrag(name).url, (name,))
    if not isinstance(resolved, Mapping):
        raise ValueError(f"schema {name} must be an object")
    return resolved


class OutputValidator:
    """Validates documents against a schema. Validators are created on first use and cached."""

    def __init__(
        self,
        name: str,
        schemas: Mapping[str, Schema],
        validator_factory: ValidatorFactory | None = None,
        describe: Describe | None = None,
    ) -> None:
        self._name = name
        self._describe = describe
        self._schemas = schemas
        self._validator_factory = validator_factory
        self._validator: Draft202012Validator | None = None
        self._validators: dict[tuple[str, ...], Callable[[Any], bool]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_validator": None, "_validators": {}}  # generated functions cannot be pickled

    def accepts(self, document: Any, exempt: tuple[str, ...] = ()) -> bool:
        """True if every member of the document is valid, apart from these keywords; false if it may not be."""
        if exempt not in self._validators:
            validator = None if self._validator_factory is None else self._validator_factory(self._name, exempt)
            if validator is None:
                from compiler.engine.codegen.validators import compile_validator

                validator = compile_validator(self._name, self._schemas, exempt, members_only=True)
            self._validators[exempt] = validator
        return self._validators[exempt](document)

    def describe(self, error: ValidationError) -> tuple[str, str | None]:
        """The message and hint for an error; empty and None if the caller gave no `describe`."""
        return ("", None) if self._describe is None else self._describe(error)

    def errors(self, document: Any) -> Iterator[ValidationError]:
        """The validation errors that jsonschema reports for a document."""
        if self._validator is None:
            from jsonschema import Draft202012Validator
            from referencing.jsonschema import DRAFT202012, SchemaRegistry

            registry: SchemaRegistry = SchemaRegistry().with_resources(
                (name, DRAFT202012.create_resource(schema)) for name, schema in self._schemas.items()
            )
            self._validator = Draft202012Validator(dict(self._schemas[self._name]), registry=registry)
        return self._validator.iter_errors(document)


def faulty_location(error: ValidationError) -> Tokens:
    """The pointer of the deepest value at fault; empty if only the document as a whole can be named."""
    location = tuple(str(token) for token in error.absolute_path)
    instance: Any = error.instance
    required: Any = error.validator_value
    if "propertyNames" in error.absolute_schema_path and isinstance(instance, str):
        return (*location, instance)
    if not location and error.validator == "dependentRequired":
        incomplete = (name for name in required if name in instance and not set(required[name]) <= set(instance))
        return tuple(itertools.islice(incomplete, 1))
    return location


_ABOUT_NULL = frozenset({"allOf", "oneOf", "not", "if", "$ref", "$dynamicRef"})
"""Keywords beside `type`, `enum`, `const` and `anyOf` by which null may be invalid."""


@dataclass(slots=True)
class _Resolver:
    schemas: Mapping[str, Schema]
    keeps_recursion: bool
    values: int = 0

    def resolve(self, part: Any, base: str, within: tuple[str, ...], depth: int = 0) -> Any:
        self.values += 1
        if self.values > _MAXIMUM_VALUES:
            raise ValueError(f"schema {within[0]} has more than {_MAXIMUM_VALUES:,} values with all its references")
        if depth > _MAXIMUM_DEPTH:
            raise ValueError(f"schema {within[0]} nests more than {_MAXIMUM_DEPTH} levels with all its references")
        if isinstance(part, list):
            return [self.resolve(item, base, within, depth + 1) for item in part]
        if not isinstance(part, Mapping):
            return part
        reference = part.get("$ref")
        siblings = {
            key: self.resolve(_without_booleans(key, value), base, within, depth + 1)
            for key, value in part.items()
            if key not in ("$ref", "$defs")
        }
        if not isinstance(reference, str):
            return siblings
        uri = urljoin(base, reference)
        if uri in within:
            return {**siblings, "$ref": uri} if self.keeps_recursion else siblings
        target = self.resolve(_find(uri, self.schemas), urldefrag(uri).url, (*within, uri), depth + 1)
        return {**target, **siblings}


def subschemas(schema: Schema) -> Iterator[tuple[Tokens, Schema]]:
    """A schema and all schemas inside it, with their places; values such as those of `const` are not schemas."""
    pending: list[tuple[Tokens, Any]] = [((), schema)]
    while pending:
        tokens, part = pending.pop()
        if not isinstance(part, Mapping):
            continue
        yield tokens, part
        for keyword, value in part.items():
            if keyword in _OF_SCHEMAS and isinstance(value, Mapping):
                pending.extend(((*tokens, keyword, name), inner) for name, inner in value.items())
            elif isinstance(value, list) and keyword not in _OF_VALUES:
                pending.extend(((*tokens, keyword, str(index)), inner) for index, inner in enumerate(value))
            elif keyword not in _OF_VALUES:
                pending.append(((*tokens, keyword), value))


def _without_booleans(keyword: str, value: Any) -> Any:
    """The value of a keyword, with objects for the schemas true and false in it, apart from the usual places."""
    if keyword in ("properties", "patternProperties") and isinstance(value, Mapping):
        return {name: _as_object(schema) for name, schema in value.items()}
    if keyword in ("anyOf", "oneOf", "allOf") and isinstance(value, list):
        return [_as_object(schema) for schema in value]
    return _as_object(value) if keyword in ("items", "not") else value


def _as_object(schema: Any) -> Any:
    return ANYTHING if schema is True else _NOTHING if schema is False else schema


def _find(uri: str, schemas: Mapping[str, Schema]) -> Any:
    document, fragment = urldefrag(uri)
    try:
        part: Any = schemas[document]
        for token in parse_pointer(unquote(fragment)):
            part = part[int(token)] if isinstance(part, list) else part[token]
    except (KeyError, ValueError, IndexError, TypeError):
        raise ValueError(f"unknown schema {uri}") from None
    return part


def allowed_types(schema: Schema) -> frozenset[str]:
    """The JSON types that the schema allows; `number` includes `integer`."""
    declared = schema.get("type")
    if declared is None:
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if values is not None:
            return frozenset(_json_type_of_literal(value) for value in values)
        return frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
    types = frozenset((declared,) if isinstance(declared, str) else declared)
    return types | {"integer"} if "number" in types else types


def _json_type_of_literal(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {type(None): "null", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def allows_null(schema: Schema) -> bool:
    """Whether a document can be null under a schema."""
    if not _ABOUT_NULL.isdisjoint(schema):
        from jsonschema import Draft202012Validator

        return Draft202012Validator(dict(schema)).is_valid(None)
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return (
        "null" in allowed_types(schema)
        and (values is None or None in values)
        and ("anyOf" not in schema or any(allows_null(_schema(each)) for each in schema["anyOf"]))
    )


def member_schema(schema: Schema, token: str) -> Schema | None:
    """The schema of a member or item; None if the schema does not describe it."""
    properties = schema.get("properties", {})
    if token in properties:
        return _schema(properties[token])
    types = allowed_types(schema)
    if "array" in types and token.isdigit():
        return _schema(schema.get("items", ANYTHING))
    if "object" not in types or (properties and not isinstance(schema.get("additionalProperties"), Mapping)):
        return None  # an object that names its properties can allow others, but describes only those
    return free_members(schema)


def free_members(schema: Schema) -> Schema | None:
    """The schema of the members that the schema does not name; None if it allows none."""
    extra = schema.get("additionalProperties", ANYTHING)
    if extra is False:
        patterns = schema.get("patternProperties", {})
        return _schema(next(iter(patterns.values()))) if patterns else None
    return _schema(extra)


def guaranteed_member(schema: Schema, token: str) -> Schema | None:
    """What a member of an object surely conforms to, if it is present; None if it cannot be."""
    properties = schema.get("properties", {})
    if token in properties:
        return _schema(properties[token])
    if "patternProperties" in schema:
        return ANYTHING
    extra = schema.get("additionalProperties")
    return None if extra is False else _schema(extra)


def guaranteed_members(schema: Schema) -> Schema:
    """What every member of an object surely conforms to, whatever its name."""
    is_uniform = "properties" not in schema and "patternProperties" not in schema
    return _schema(schema.get("additionalProperties")) if is_uniform else ANYTHING


def guaranteed_items(schema: Schema) -> Schema:
    """What every item of a list surely conforms to."""
    return ANYTHING if "prefixItems" in schema else _schema(schema.get("items"))


def _schema(raw: Any) -> Schema:
    return raw if isinstance(raw, Mapping) else ANYTHING


def subschema(schema: Schema, tokens: Tokens) -> Schema | None:
    """The schema at a pointer; None if the schema does not describe it."""
    current: Schema | None = schema
    for token in tokens:
        if current is None:
            return None
        current = member_schema(current, token)
    return current


def pattern_schema(schema: Schema, pattern: Tokens) -> Schema | None:
    """The schema of what a pattern of pointers stands for; None if the schema does not describe it."""
    current: Schema | None = schema
    for token in pattern:
        if current is None:
            return None
        is_item = token == ANY_KEY and "array" in allowed_types(current)
        current = _schema(current.get("items")) if is_item else member_schema(current, as_key(token))
    return current


def as_pattern(tokens: Tokens) -> Tokens:
    """The pattern for the one value at a pointer."""
    return tuple(ASTERISK if token == ANY_KEY else token for token in tokens) if ANY_KEY in tokens else tokens


def as_key(token: str) -> str:
    """The key that a token of a pattern stands for, if it stands for one."""
    return ANY_KEY if token == ASTERISK else token


def leaves(schema: Schema, tokens: Tokens = ()) -> Iterator[Tokens]:
    """The pointers of all leaves: scalars, and objects with unnamed keys, which count as one leaf each."""
    properties = schema.get("properties", {})
    if properties:
        for key, value in properties.items():
            yield from leaves(_schema(value), (*tokens, *as_pattern((key,))))
    elif isinstance(schema.get("items"), Mapping):
        yield from leaves(schema["items"], (*tokens, ANY_KEY))
    else:
        yield tokens


def documented_names(schema: Schema, tokens: Tokens) -> tuple[str, ...]:
    """The property names that the schema documents at a pointer."""
    described = subschema(schema, tokens)
    return tuple(described.get("properties", {})) if described is not None else ()
