"""What the engine asks of a JSON Schema: references resolved, and the subschema at a pointer.

Only the structural keywords matter here (`type`, `properties`, `items`, `additionalProperties`, `patternProperties`);
judging a document by a schema is left to jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from compiler.json_io.pointer import Tokens, tokens_of

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

Schema = Mapping[str, Any]
ValidatorFactory = Callable[[str, tuple[str, ...]], Callable[[Any], bool] | None]
"""Gives the guard that is at hand for the members of a schema's documents, by its `$id` and the keywords exempt."""
Describe = Callable[["ValidationError"], tuple[str, str | None]]
"""Puts an error in words: what is wrong, and what to do about it."""

ANYTHING: Schema = {}
ANY_KEY = "*"
"""The token that stands for every item of a list and every free key of an object."""


def dereference(name: str, schemas: Mapping[str, Schema], *, keeps_recursion: bool = False) -> Schema:
    """The schema with this `$id`, every `$ref` replaced by what it refers to.

    A reference that leads back to itself becomes the schema that allows anything, or is kept, as a whole URI. Raises
    ValueError for one that leads nowhere.
    """
    found: Schema = _Resolver(schemas, keeps_recursion).resolve(_at(name, schemas), urldefrag(name).url, (name,))
    return found


class OutputValidator:
    """A schema as a judge of documents. Its validator is made when it is first asked, and kept."""

    def __init__(
        self,
        name: str,
        schemas: Mapping[str, Schema],
        validator_factory: ValidatorFactory | None = None,
        describe: Describe | None = None,
    ) -> None:
        """`describe` puts an error in words: what is wrong, and what to do."""
        self._name = name
        self._describe = describe
        self._schemas = schemas
        self._validator_factory = validator_factory
        self._validator: Draft202012Validator | None = None
        self._validators: dict[tuple[str, ...], Callable[[Any], bool]] = {}

    def accepts(self, document: Any, exempt: tuple[str, ...] = ()) -> bool:
        """Whether surely nothing is wrong with any member of a document, but for these keywords."""
        if exempt not in self._validators:
            found = None if self._validator_factory is None else self._validator_factory(self._name, exempt)
            if found is None:
                from compiler.engine.codegen.validators import compile_validator

                found = compile_validator(self._name, self._schemas, exempt, members_only=True)
            self._validators[exempt] = found
        return self._validators[exempt](document)

    def describe(self, error: ValidationError) -> tuple[str, str | None]:
        """What is wrong in words, and what to do about it; empty and None where nobody knows words."""
        return ("", None) if self._describe is None else self._describe(error)

    def errors(self, document: Any) -> Iterator[ValidationError]:
        """What jsonschema finds wrong with a document."""
        if self._validator is None:
            from jsonschema import Draft202012Validator
            from referencing.jsonschema import DRAFT202012, SchemaRegistry

            registry: SchemaRegistry = SchemaRegistry().with_resources(
                (name, DRAFT202012.create_resource(schema)) for name, schema in self._schemas.items()
            )
            self._validator = Draft202012Validator(dict(self._schemas[self._name]), registry=registry)
        return self._validator.iter_errors(document)


@dataclass(frozen=True, slots=True)
class _Resolver:
    schemas: Mapping[str, Schema]
    keeps_recursion: bool

    def resolve(self, part: Any, base: str, within: tuple[str, ...]) -> Any:
        if isinstance(part, list):
            return [self.resolve(item, base, within) for item in part]
        if not isinstance(part, Mapping):
            return part
        reference = part.get("$ref")
        own = {key: self.resolve(value, base, within) for key, value in part.items() if key not in ("$ref", "$defs")}
        if not isinstance(reference, str):
            return own
        uri = urljoin(base, reference)
        if uri in within:
            return {**own, "$ref": uri} if self.keeps_recursion else own
        found = self.resolve(_at(uri, self.schemas), urldefrag(uri).url, (*within, uri))
        return {**found, **own}


def _at(uri: str, schemas: Mapping[str, Schema]) -> Any:
    document, fragment = urldefrag(uri)
    try:
        part: Any = schemas[document]
        for token in tokens_of(fragment):
            part = part[int(token)] if isinstance(part, list) else part[token]
    except (KeyError, ValueError, IndexError, TypeError):
        raise ValueError(f"there is no schema {uri}") from None
    return part


def allowed_types(schema: Schema) -> frozenset[str]:
    """The JSON types that the schema allows; `number` holds `integer`."""
    given = schema.get("type")
    if given is None:
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if values is not None:
            return frozenset(_json_type_of_literal(value) for value in values)
        return frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
    types = frozenset((given,) if isinstance(given, str) else given)
    return types | {"integer"} if "number" in types else types


def _json_type_of_literal(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {type(None): "null", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def member_schema(schema: Schema, token: str) -> Schema | None:
    """The schema of a member or item; None where the schema does not know it."""
    properties = schema.get("properties", {})
    if token in properties:
        return _schema(properties[token])
    types = allowed_types(schema)
    if "array" in types and (token == ANY_KEY or token.isdigit()):
        return _schema(schema.get("items", ANYTHING))
    if "object" not in types or (properties and not isinstance(schema.get("additionalProperties"), Mapping)):
        return None  # an object that names its properties may allow others, but knows only those
    return free_members(schema)


def free_members(schema: Schema) -> Schema | None:
    """The schema of the members whose keys the schema does not name; None where it allows none."""
    extra = schema.get("additionalProperties", ANYTHING)
    if extra is False:
        patterns = schema.get("patternProperties", {})
        return _schema(next(iter(patterns.values()))) if patterns else None
    return _schema(extra)


def _schema(given: Any) -> Schema:
    return given if isinstance(given, Mapping) else ANYTHING


def subschema(schema: Schema, tokens: Tokens) -> Schema | None:
    """The schema at a pointer; None where the schema does not know it."""
    found: Schema | None = schema
    for token in tokens:
        if found is None:
            return None
        found = member_schema(found, token)
    return found


def leaves(schema: Schema, tokens: Tokens = ()) -> Iterator[Tokens]:
    """The pointers of all leaves: scalars, and objects of free keys, which count as one leaf each."""
    properties = schema.get("properties", {})
    if properties:
        for key, value in properties.items():
            yield from leaves(_schema(value), (*tokens, key))
    elif isinstance(schema.get("items"), Mapping):
        yield from leaves(schema["items"], (*tokens, ANY_KEY))
    else:
        yield tokens


def documented_names(schema: Schema, tokens: Tokens) -> tuple[str, ...]:
    """The property names that the schema lists at a pointer."""
    found = subschema(schema, tokens)
    return tuple(found.get("properties", {})) if found is not None else ()
