"""Writes guards: for a JSON Schema a Python function that accepts documents, in a small part of jsonschema's time.

What a guard accepts, jsonschema accepts; what it refuses may still be right, so whoever asks has jsonschema look again,
which also says what is wrong. So a guard may be strict where that is cheap (3.0 is no integer to it), and refuses
whatever stands under a keyword that it does not know. It tells values apart by their exact Python types.

A guard `of_anything` is for documents that may hold what is no JSON at all: it also sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from compiler.engine.codegen.code import ALL_KINDS
from compiler.engine.codegen.emitter import Block, Writer, pruned
from compiler.engine.codegen.expressions import PYTHON_TYPES
from compiler.engine.schema import ANYTHING, Schema, dereferenced, types_of

_REFUSE = "return False"
_SAYS_NOTHING = frozenset(
    {"$schema", "$id", "$defs", "title", "description", "examples", "default", "contentEncoding", "contentMediaType"}
)
_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern"),
    "array": ("minItems", "maxItems", "items"),
    "object": ("required", "dependentRequired", "properties", "additionalProperties", "propertyNames"),
}
_KNOWN = frozenset(
    {
        "$ref",
        "type",
        "enum",
        "const",
        "allOf",
        "anyOf",
        "not",
        "if",
        "then",
        "else",
        *(each for some in _BY_KIND.values() for each in some),
    }
)
_TEXT = frozenset({str})
_ONLY_TEXTS = frozenset({"string"})
_FEW = 7  # what is more is told faster all at once than one by one
_JUDGES_ANY_TYPE = frozenset({"$ref", "enum", "const", "allOf", "anyOf", "not", "if"})
# What an instance is refused for as a whole, rather than for one of its members.
_OF_THE_WHOLE = frozenset({"anyOf", "not", "required"})


def guard(
    name: str, schemas: Mapping[str, Schema], exempt: Collection[str] = (), *, members_only: bool = False
) -> Callable[[Any], bool]:
    """The guard for the schema of this `$id`, for plain JSON.

    `exempt` are keywords that do not count; with `members_only`, nor does what the document lacks as a whole.
    """
    writer = GuardWriter(schemas, of_anything=False, exempt=exempt)
    source = writer.functions(name, members_only=members_only)
    namespace = dict(writer.namespace)
    exec(compile(source, "<guard>", "exec"), namespace)  # noqa: S102 - written here, with nothing but literals in it
    accepts: Callable[[Any], bool] = namespace["accepts"]
    return accepts


def guard_module(
    name: str, schemas: Mapping[str, Schema], title: str, helpers: str | None, exempt: Collection[str] = ()
) -> str:
    """The source of a module that holds the guard for the schema of this `$id`, which people know by its title.

    `helpers` is the module of the helpers, for a guard of what may hold anything; without, it is for plain JSON, and
    then, as `guard` with `members_only`, for what a document's members hold.
    """
    writer = GuardWriter(schemas, of_anything=helpers is not None, exempt=exempt)
    lines = writer.functions(name, members_only=helpers is None)
    constants = "".join(
        f"{key} = {_expression(value)}\n"
        for key, value in sorted(writer.namespace.items(), key=lambda each: int(each[0][1:]))
    )
    used = [each for each in ("are_clean", "are_plain", "is_clean", "is_number") if f"{each}(" in lines]
    imports = ["import re\n\n"] if "re.compile(" in constants else []
    imports += [f"from {helpers} import {', '.join(used)}\n\n"] if used else []
    what = "fits" if helpers is not None else f"holds only members that fit (but for {', '.join(sorted(exempt))})"
    return (
        f'"""Whether a document {what} {title}.\n\n'
        "Written by `python -m compiler.engine guard`; not to be changed by hand.\n"
        '"""\n\n'
        f"# fmt: off\n# ruff: noqa\n# mypy: ignore-errors\n\n{''.join(imports)}{constants}\n\n{lines}"
    )


def _expression(value: Any) -> str:
    if isinstance(value, re.Pattern):
        return f"re.compile({value.pattern!r})"
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(sorted(map(_expression, value)))}}})" if value else "frozenset()"
    if isinstance(value, type):
        return value.__name__ if value is not type(None) else "type(None)"
    return repr(value)


class GuardWriter:
    """Writes the guard for one schema."""

    def __init__(self, schemas: Mapping[str, Schema], *, of_anything: bool, exempt: Collection[str] = ()) -> None:
        self.writer = Writer()
        self._schemas = schemas
        self._of_anything = of_anything
        self._exempt = frozenset(exempt)
        self._recursive: dict[tuple[str, frozenset[str]], str] = {}
        self._functions: list[str] = []

    @property
    def namespace(self) -> Mapping[str, Any]:
        """What the functions need, by name."""
        return self.writer.namespace

    def functions(self, name: str, *, members_only: bool = False) -> str:
        """The source of the function `accepts(document)` for a schema, and of those that it calls."""
        self._check(dereferenced(name, self._schemas, keeps_recursion=True), "document", members_only=members_only)
        pruned(self.writer.top)
        free = ["    free = []"] if self._of_anything else []
        end = ["    return not free or are_plain(free)"] if self._of_anything else ["    return True"]
        lines = "\n".join(["def accepts(document: object) -> bool:", *free, *self.writer.top.lines(), *end])
        return "\n\n\n".join([*self._functions, lines]) + "\n"

    def _function_of(self, uri: str) -> str:
        """The name of the function for a schema that refers to itself."""
        key = uri, self._exempt
        if key not in self._recursive:
            name = self._recursive[key] = f"f{len(self._recursive) + 1}"
            top = Block(None, 1)
            with self.writer.at(top):
                self._check(dereferenced(uri, self._schemas, keeps_recursion=True), "value")
            pruned(top)
            self._functions.append("\n".join([f"def {name}(value):", *top.lines(), "    return True"]))
        return self._recursive[key]

    def _check(self, schema: Schema, value: str, *, members_only: bool = False) -> None:
        """Writes what refuses a value that does not fit."""
        keywords = {key for key in schema if key not in _SAYS_NOTHING and not key.startswith("x-")} - self._exempt
        if members_only:
            keywords -= _OF_THE_WHOLE
        if keywords - _KNOWN or ("$ref" in keywords and self._of_anything):
            self.writer.line(_REFUSE)
            return
        if "$ref" in keywords:
            self.writer.line(f"if not {self._function_of(schema['$ref'])}({value}): {_REFUSE}")
        if "enum" in keywords or "const" in keywords:
            self._check_enum([schema["const"]] if "const" in schema else schema["enum"], value)
        else:
            self._check_types(schema, keywords, value)
        for inner in schema["allOf"] if "allOf" in keywords else ():
            self._check(inner, value, members_only=members_only)
        if "anyOf" in keywords:
            self.writer.line(
                f"if not ({' or '.join(self._answer(each, value) for each in schema['anyOf'])}): {_REFUSE}"
            )
        if "not" in keywords:
            self.writer.line(f"if {self._exact_answer(schema['not'], value)}: {_REFUSE}")
        if "if" in keywords:
            with self.writer.inside(f"if {self._exact_answer(schema['if'], value)}:"):
                self._check(schema.get("then", {}), value, members_only=members_only)
            with self.writer.inside("else:"):
                self._check(schema.get("else", {}), value, members_only=members_only)

    def _answer(self, schema: Schema, value: str) -> str:
        """Writes a function that accepts what fits, and gives its call."""
        name, argument = self.writer.name(), self.writer.name()
        exempt, self._exempt = self._exempt, frozenset()  # inside, every keyword counts
        with self.writer.inside(f"def {name}({argument}):"):
            self._check(schema, argument)
            self.writer.line("return True")
        self._exempt = exempt
        return f"{name}({value})"

    def _exact_answer(self, schema: Schema, value: str) -> str:
        """Likewise where it also counts that what does not fit is refused; for few schemas that can be said."""
        if set(schema) == {"required"}:
            return (
                f"(type({value}) is not dict or {' and '.join(f'{each!r} in {value}' for each in schema['required'])})"
            )
        if set(schema) == {"type"} and not types_of(schema) & {"integer", "number"}:
            return f"type({value}) in {self.writer.constant(self._types(types_of(schema)))}"
        self.writer.line(_REFUSE)
        return "True"

    @staticmethod
    def _types(kinds: Collection[str]) -> frozenset[type]:
        return frozenset(python for kind in kinds for python in PYTHON_TYPES[kind])

    def _check_enum(self, values: list[Any], value: str) -> None:
        texts = frozenset(each for each in values if type(each) is str)
        checks = [f"(type({value}) is str and {value} in {self.writer.constant(texts)})"] if texts else []
        checks += [f"{value} is {each}" for each in values if each is None or type(each) is bool]
        checks += [f"(type({value}) is int and {value} == {each})" for each in values if type(each) is int]
        self.writer.line(f"if not ({' or '.join(checks) or 'False'}): {_REFUSE}")

    def _check_types(self, schema: Schema, keywords: set[str], value: str) -> None:
        types = types_of(schema)
        kinds = ALL_KINDS if types >= ALL_KINDS else types
        kinds = kinds - {"integer"} if "number" in kinds else kinds
        asked = {kind for kind in kinds if self._asks(kind, keywords)}
        free = kinds >= ALL_KINDS
        if free and not asked:
            if self._of_anything:
                self.writer.line(f"free.append({value})")
            return
        word = "if"
        for kind in sorted(asked, key=("string", "object", "array", "number", "integer").index):
            is_it = f"type({value}) is {PYTHON_TYPES[kind][0].__name__}"
            with self.writer.inside(f"{word} {is_it if kind != 'number' else f'{is_it} or type({value}) is float'}:"):
                self._check_kind(kind, schema, keywords, value)
            word = "elif"
        if free:
            if self._of_anything:
                with self.writer.inside("else:"):
                    self.writer.line(f"free.append({value})")
            return
        rest = sorted(kinds - asked)
        checks = [f"{value} is not None" if kind == "null" else self._is_not(kind, value) for kind in rest]
        self.writer.line(
            f"{word} {' and '.join(checks)}: {_REFUSE}" if checks else f"else: {_REFUSE}" if asked else _REFUSE
        )

    @staticmethod
    def _is_not(kind: str, value: str) -> str:
        return " and ".join(f"type({value}) is not {each.__name__}" for each in PYTHON_TYPES[kind])

    def _asks(self, kind: str, keywords: set[str]) -> bool:
        """Whether there is more to ask of a value of this type."""
        if self._of_anything and kind in ("string", "number", "integer", "array", "object"):
            return True
        return any(each in keywords for each in _BY_KIND.get(kind, ()))

    def _check_kind(self, kind: str, schema: Schema, keywords: set[str], value: str) -> None:
        if kind in ("number", "integer"):
            self.writer.line(f"if not is_number({value}): {_REFUSE}")
        elif kind == "string":
            self._check_string(schema, keywords, value)
        elif kind == "array":
            self._check_array(schema, keywords, value)
        else:
            self._check_object(schema, keywords, value)

    def _check_string(self, schema: Schema, keywords: set[str], value: str) -> None:
        checks = []
        if self._of_anything:
            checks.append(f"not ({value}.isascii() or is_clean({value}))")
        if "minLength" in keywords:
            checks.append(f"len({value}) < {int(schema['minLength'])}")
        if "maxLength" in keywords:
            checks.append(f"len({value}) > {int(schema['maxLength'])}")
        if "pattern" in keywords:
            checks.append(f"not {self.writer.constant(re.compile(schema['pattern']))}.search({value})")
        self.writer.line(f"if {' or '.join(checks)}: {_REFUSE}")

    def _check_array(self, schema: Schema, keywords: set[str], value: str) -> None:
        if "minItems" in keywords:
            self.writer.line(f"if len({value}) < {int(schema['minItems'])}: {_REFUSE}")
        if "maxItems" in keywords:
            self.writer.line(f"if len({value}) > {int(schema['maxItems'])}: {_REFUSE}")
        if "items" in keywords:
            self._check_items(schema["items"], value)
        elif self._of_anything:
            self.writer.line(f"free.append({value})")

    def _check_items(self, schema: Schema, values: str) -> None:
        """One by one where they are few or have to be looked into, else all at once."""
        types = types_of(schema)
        are_of_types = False
        if set(schema) - _SAYS_NOTHING <= {"type"}:
            header, at_once = f"if len({values}) > {_FEW}:", types
        elif "string" in types and not set(schema) & {*_BY_KIND["string"], *_JUDGES_ANY_TYPE}:
            texts = self.writer.constant(_TEXT)
            header, at_once = f"if len({values}) > {_FEW} and set(map(type, {values})) == {texts}:", _ONLY_TEXTS
            are_of_types = True
        else:
            self._check_each(schema, values)
            return
        with self.writer.inside(header):
            self._check_many(at_once, values, are_of_types=are_of_types)
        with self.writer.inside("else:"):
            self._check_each(schema, values)

    def _check_many(self, types: frozenset[str], values: str, *, are_of_types: bool) -> None:
        """Whether values are all of some types, of which nothing more is asked; or that is known already."""
        if self._of_anything and types == _ONLY_TEXTS:
            check = f"is_clean(''.join({values}))" if are_of_types else f"are_clean({values})"
            self.writer.line(f"if not {check}: {_REFUSE}")
            return
        if not types >= ALL_KINDS:
            allowed = self.writer.constant(self._types(types))
            self.writer.line(f"if not {allowed}.issuperset(map(type, {values})): {_REFUSE}")
        if self._of_anything and types - {"boolean", "null"}:
            self.writer.line(f"free.extend({values})")

    def _check_each(self, schema: Schema, values: str) -> None:
        item = self.writer.name()
        with self.writer.inside(f"for {item} in {values}:"):
            self._check(schema, item)

    def _check_object(self, schema: Schema, keywords: set[str], value: str) -> None:
        properties: Mapping[str, Any] = schema.get("properties", {}) if "properties" in keywords else {}
        extra = schema.get("additionalProperties", True) if "additionalProperties" in keywords else True
        for name in schema["required"] if "required" in keywords else ():
            self.writer.line(f"if {name!r} not in {value}: {_REFUSE}")
        if "dependentRequired" in keywords:
            for name, needed in schema["dependentRequired"].items():
                lacks = " or ".join(f"{each!r} not in {value}" for each in needed)
                self.writer.line(f"if {name!r} in {value} and ({lacks}): {_REFUSE}")
        if not properties and extra is True and "propertyNames" not in keywords:
            if self._of_anything:
                self.writer.line(f"free.append({value})")
            return
        if extra is False:
            self.writer.line(f"if not {self.writer.constant(frozenset(properties))}.issuperset({value}): {_REFUSE}")
        get = self.writer.name()
        if properties:
            self.writer.line(f"{get} = {value}.get")
        for name, inner in properties.items():
            self._check_property(name, inner, get, value)
        if extra is not False or "propertyNames" in keywords:
            self._check_others(schema, properties, extra, value)

    def _check_property(self, name: str, schema: Schema, get: str, value: str) -> None:
        found = self.writer.assign(f"{get}({name!r})")
        # What is not there is None; where null is no value of it, that has to be told apart.
        takes_null = None in schema["enum"] if "enum" in schema else "null" in types_of(schema)
        is_there = "" if takes_null and not set(schema) & _JUDGES_ANY_TYPE else f" or {name!r} in {value}"
        with self.writer.inside(f"if {found} is not None{is_there}:"):
            self._check(schema, found)

    def _check_others(self, schema: Schema, properties: Mapping[str, Any], extra: Any, value: str) -> None:
        """The members that the schema does not name, and the names of all."""
        if self._of_anything and extra is not False:
            self.writer.line(f"if not are_clean({value}): {_REFUSE}")
        if not properties and "propertyNames" not in schema:
            self._check_items(ANYTHING if extra is True else extra, self.writer.assign(f"{value}.values()"))
            return
        key, member = self.writer.name(), self.writer.name()
        with self.writer.inside(f"for {key}, {member} in {value}.items():"):
            if "propertyNames" in schema:
                self._check(schema["propertyNames"], key)
            if extra is not False:
                named = self.writer.constant(frozenset(properties))
                with self.writer.inside(f"if {key} not in {named}:" if properties else "if True:"):
                    if isinstance(extra, Mapping):
                        self._check(extra, member)
                    elif self._of_anything:
                        self.writer.line(f"free.append({member})")
