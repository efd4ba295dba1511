"""Translates JSON Schemas to validators: Python functions that are much faster than jsonschema.

A validator never accepts a document that jsonschema rejects. When it rejects one, the caller falls back to jsonschema,
which also produces the error. So it may be stricter where that is cheap (3.0 is not an integer), and it rejects
whatever uses a keyword that it does not support. It distinguishes values by their exact Python types.

A validator for `untrusted_python` also rejects values that are not JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from compiler.engine.codegen.code import ALL_KINDS
from compiler.engine.codegen.emitter import Block, Emitter, eliminate_dead_code
from compiler.engine.codegen.expressions import PYTHON_TYPES
from compiler.engine.schema import ANYTHING, Schema, allowed_types, dereference

_REJECT = "return False"
_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$defs", "title", "description", "examples", "default", "contentEncoding", "contentMediaType"}
)
_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern"),
    "array": ("minItems", "maxItems", "items"),
    "object": ("required", "dependentRequired", "properties", "additionalProperties", "propertyNames"),
}
_SUPPORTED_KEYWORDS = frozenset(
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
_SMALL = 7  # longer lists are checked faster as a whole than item by item
_TYPE_INDEPENDENT = frozenset({"$ref", "enum", "const", "allOf", "anyOf", "not", "if"})
# Keywords by which a document fails as a whole, not one of its members.
_WHOLE_DOCUMENT = frozenset({"anyOf", "not", "required"})


_HELPERS = ("have_no_lone_surrogates", "are_plain", "has_no_lone_surrogate", "is_number")


def compile_validator(
    name: str, schemas: Mapping[str, Schema], exempt: Collection[str] = (), *, members_only: bool = False
) -> Callable[[Any], bool]:
    """Compiles the validator of the schema with this `$id`, for plain JSON.

    Keywords in `exempt` are not checked; with `members_only`, neither are those about the document as a whole.
    """
    emitter = ValidatorEmitter(schemas, untrusted_python=False, exempt=exempt)
    source = emitter.functions(name, members_only=members_only)
    namespace = dict(emitter.namespace)
    exec(compile(source, "<validator>", "exec"), namespace)  # noqa: S102 - generated, with only literals in it
    accepts: Callable[[Any], bool] = namespace["accepts"]
    return accepts


def build_validator_module(
    name: str, schemas: Mapping[str, Schema], title: str, helpers: str | None, exempt: Collection[str] = ()
) -> str:
    """The source of a module with the validator of the schema with this `$id`; `title` is for its docstring.

    With `helpers`, the module of the helpers, it is for untrusted Python values; else for plain JSON, with
    `members_only`.
    """
    emitter = ValidatorEmitter(schemas, untrusted_python=helpers is not None, exempt=exempt)
    lines = emitter.functions(name, members_only=helpers is None)
    constants = "".join(
        f"{key} = {_expression(value)}\n"
        for key, value in sorted(emitter.namespace.items(), key=lambda each: int(each[0][1:]))
    )
    used = [
        each
        for each in ("have_no_lone_surrogates", "are_plain", "has_no_lone_surrogate", "is_number")
        if f"{each}(" in lines
    ]
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


class ValidatorEmitter:
    """Emits the validator of one schema."""

    def __init__(self, schemas: Mapping[str, Schema], *, untrusted_python: bool, exempt: Collection[str] = ()) -> None:
        self.emitter = Emitter()
        self._schemas = schemas
        self._untrusted_python = untrusted_python
        self._exempt = frozenset(exempt)
        self._recursive: dict[tuple[str, frozenset[str]], str] = {}
        self._functions: list[str] = []

    @property
    def namespace(self) -> Mapping[str, Any]:
        """The constants of the functions, by name."""
        return self.emitter.namespace

    def functions(self, name: str, *, members_only: bool = False) -> str:
        """The source of the function `accepts(document)` and of the functions it calls."""
        self._check(dereference(name, self._schemas, keeps_recursion=True), "document", members_only=members_only)
        eliminate_dead_code(self.emitter.top)
        free = ["    free = []"] if self._untrusted_python else []
        end = ["    return not free or are_plain(free)"] if self._untrusted_python else ["    return True"]
        lines = "\n".join(["def accepts(document: object) -> bool:", *free, *self.emitter.top.lines(), *end])
        return "\n\n\n".join([*self._functions, lines]) + "\n"

    def _function_of(self, uri: str) -> str:
        """The name of the function for a recursive schema."""
        key = uri, self._exempt
        if key not in self._recursive:
            name = self._recursive[key] = f"f{len(self._recursive) + 1}"
            top = Block(None, 1)
            with self.emitter.at(top):
                self._check(dereference(uri, self._schemas, keeps_recursion=True), "value")
            eliminate_dead_code(top)
            self._functions.append("\n".join([f"def {name}(value):", *top.lines(), "    return True"]))
        return self._recursive[key]

    def _check(self, schema: Schema, value: str, *, members_only: bool = False) -> None:
        """Emits the rejection of an invalid value."""
        keywords = {key for key in schema if key not in _ANNOTATIONS and not key.startswith("x-")} - self._exempt
        if members_only:
            keywords -= _WHOLE_DOCUMENT
        if keywords - _SUPPORTED_KEYWORDS or ("$ref" in keywords and self._untrusted_python):
            self.emitter.line(_REJECT)
            return
        if "$ref" in keywords:
            self.emitter.line(f"if not {self._function_of(schema['$ref'])}({value}): {_REJECT}")
        if "enum" in keywords or "const" in keywords:
            self._check_enum([schema["const"]] if "const" in schema else schema["enum"], value)
        else:
            self._check_types(schema, keywords, value)
        for inner in schema["allOf"] if "allOf" in keywords else ():
            self._check(inner, value, members_only=members_only)
        if "anyOf" in keywords:
            self.emitter.line(
                f"if not ({' or '.join(self._accepts_call(each, value) for each in schema['anyOf'])}): {_REJECT}"
            )
        if "not" in keywords:
            self.emitter.line(f"if {self._exact_condition(schema['not'], value)}: {_REJECT}")
        if "if" in keywords:
            with self.emitter.inside(f"if {self._exact_condition(schema['if'], value)}:"):
                self._check(schema.get("then", {}), value, members_only=members_only)
            with self.emitter.inside("else:"):
                self._check(schema.get("else", {}), value, members_only=members_only)

    def _accepts_call(self, schema: Schema, value: str) -> str:
        """Emits a function that validates a schema; returns its call."""
        name, argument = self.emitter.name(), self.emitter.name()
        exempt, self._exempt = self._exempt, frozenset()  # inside, every keyword counts
        with self.emitter.inside(f"def {name}({argument}):"):
            self._check(schema, argument)
            self.emitter.line("return True")
        self._exempt = exempt
        return f"{name}({value})"

    def _exact_condition(self, schema: Schema, value: str) -> str:
        """A condition that is exactly the validity of a value, which few schemas allow; others reject."""
        if set(schema) == {"required"}:
            return (
                f"(type({value}) is not dict or {' and '.join(f'{each!r} in {value}' for each in schema['required'])})"
            )
        if set(schema) == {"type"} and not allowed_types(schema) & {"integer", "number"}:
            return f"type({value}) in {self.emitter.constant(self._types(allowed_types(schema)))}"
        self.emitter.line(_REJECT)
        return "True"

    @staticmethod
    def _types(kinds: Collection[str]) -> frozenset[type]:
        return frozenset(python for kind in kinds for python in PYTHON_TYPES[kind])

    def _check_enum(self, values: list[Any], value: str) -> None:
        texts = frozenset(each for each in values if type(each) is str)
        checks = [f"(type({value}) is str and {value} in {self.emitter.constant(texts)})"] if texts else []
        checks += [f"{value} is {each}" for each in values if each is None or type(each) is bool]
        checks += [f"(type({value}) is int and {value} == {each})" for each in values if type(each) is int]
        self.emitter.line(f"if not ({' or '.join(checks) or 'False'}): {_REJECT}")

    def _check_types(self, schema: Schema, keywords: set[str], value: str) -> None:
        types = allowed_types(schema)
        kinds = ALL_KINDS if types >= ALL_KINDS else types
        kinds = kinds - {"integer"} if "number" in kinds else kinds
        asked = {kind for kind in kinds if self._has_checks(kind, keywords)}
        free = kinds >= ALL_KINDS
        if free and not asked:
            if self._untrusted_python:
                self.emitter.line(f"free.append({value})")
            return
        word = "if"
        for kind in sorted(asked, key=("string", "object", "array", "number", "integer").index):
            is_it = f"type({value}) is {PYTHON_TYPES[kind][0].__name__}"
            with self.emitter.inside(f"{word} {is_it if kind != 'number' else f'{is_it} or type({value}) is float'}:"):
                self._check_kind(kind, schema, keywords, value)
            word = "elif"
        if free:
            if self._untrusted_python:
                with self.emitter.inside("else:"):
                    self.emitter.line(f"free.append({value})")
            return
        rest = sorted(kinds - asked)
        checks = [f"{value} is not None" if kind == "null" else self._is_not(kind, value) for kind in rest]
        self.emitter.line(
            f"{word} {' and '.join(checks)}: {_REJECT}" if checks else f"else: {_REJECT}" if asked else _REJECT
        )

    @staticmethod
    def _is_not(kind: str, value: str) -> str:
        return " and ".join(f"type({value}) is not {each.__name__}" for each in PYTHON_TYPES[kind])

    def _has_checks(self, kind: str, keywords: set[str]) -> bool:
        """Whether a value of this type needs more checks."""
        if self._untrusted_python and kind in ("string", "number", "integer", "array", "object"):
            return True
        return any(each in keywords for each in _BY_KIND.get(kind, ()))

    def _check_kind(self, kind: str, schema: Schema, keywords: set[str], value: str) -> None:
        if kind in ("number", "integer"):
            self.emitter.line(f"if not is_number({value}): {_REJECT}")
        elif kind == "string":
            self._check_string(schema, keywords, value)
        elif kind == "array":
            self._check_array(schema, keywords, value)
        else:
            self._check_object(schema, keywords, value)

    def _check_string(self, schema: Schema, keywords: set[str], value: str) -> None:
        checks = []
        if self._untrusted_python:
            checks.append(f"not ({value}.isascii() or has_no_lone_surrogate({value}))")
        if "minLength" in keywords:
            checks.append(f"len({value}) < {int(schema['minLength'])}")
        if "maxLength" in keywords:
            checks.append(f"len({value}) > {int(schema['maxLength'])}")
        if "pattern" in keywords:
            checks.append(f"not {self.emitter.constant(re.compile(schema['pattern']))}.search({value})")
        self.emitter.line(f"if {' or '.join(checks)}: {_REJECT}")

    def _check_array(self, schema: Schema, keywords: set[str], value: str) -> None:
        if "minItems" in keywords:
            self.emitter.line(f"if len({value}) < {int(schema['minItems'])}: {_REJECT}")
        if "maxItems" in keywords:
            self.emitter.line(f"if len({value}) > {int(schema['maxItems'])}: {_REJECT}")
        if "items" in keywords:
            self._check_items(schema["items"], value)
        elif self._untrusted_python:
            self.emitter.line(f"free.append({value})")

    def _check_items(self, schema: Schema, values: str) -> None:
        """Checks items one by one if they are few or need more checks, else as a whole."""
        types = allowed_types(schema)
        are_of_types = False
        if set(schema) - _ANNOTATIONS <= {"type"}:
            header, at_once = f"if len({values}) > {_SMALL}:", types
        elif "string" in types and not set(schema) & {*_BY_KIND["string"], *_TYPE_INDEPENDENT}:
            texts = self.emitter.constant(_TEXT)
            header, at_once = f"if len({values}) > {_SMALL} and set(map(type, {values})) == {texts}:", _ONLY_TEXTS
            are_of_types = True
        else:
            self._check_each(schema, values)
            return
        with self.emitter.inside(header):
            self._check_many(at_once, values, are_of_types=are_of_types)
        with self.emitter.inside("else:"):
            self._check_each(schema, values)

    def _check_many(self, types: frozenset[str], values: str, *, are_of_types: bool) -> None:
        """Checks that all values have one of some types, unless that is known already."""
        if self._untrusted_python and types == _ONLY_TEXTS:
            check = (
                f"has_no_lone_surrogate(''.join({values}))" if are_of_types else f"have_no_lone_surrogates({values})"
            )
            self.emitter.line(f"if not {check}: {_REJECT}")
            return
        if not types >= ALL_KINDS:
            allowed = self.emitter.constant(self._types(types))
            self.emitter.line(f"if not {allowed}.issuperset(map(type, {values})): {_REJECT}")
        if self._untrusted_python and types - {"boolean", "null"}:
            self.emitter.line(f"free.extend({values})")

    def _check_each(self, schema: Schema, values: str) -> None:
        item = self.emitter.name()
        with self.emitter.inside(f"for {item} in {values}:"):
            self._check(schema, item)

    def _check_object(self, schema: Schema, keywords: set[str], value: str) -> None:
        properties: Mapping[str, Any] = schema.get("properties", {}) if "properties" in keywords else {}
        extra = schema.get("additionalProperties", True) if "additionalProperties" in keywords else True
        for name in schema["required"] if "required" in keywords else ():
            self.emitter.line(f"if {name!r} not in {value}: {_REJECT}")
        if "dependentRequired" in keywords:
            for name, needed in schema["dependentRequired"].items():
                lacks = " or ".join(f"{each!r} not in {value}" for each in needed)
                self.emitter.line(f"if {name!r} in {value} and ({lacks}): {_REJECT}")
        if not properties and extra is True and "propertyNames" not in keywords:
            if self._untrusted_python:
                self.emitter.line(f"free.append({value})")
            return
        if extra is False:
            self.emitter.line(f"if not {self.emitter.constant(frozenset(properties))}.issuperset({value}): {_REJECT}")
        get = self.emitter.name()
        if properties:
            self.emitter.line(f"{get} = {value}.get")
        for name, inner in properties.items():
            self._check_property(name, inner, get, value)
        if extra is not False or "propertyNames" in keywords:
            self._check_others(schema, properties, extra, value)

    def _check_property(self, name: str, schema: Schema, get: str, value: str) -> None:
        found = self.emitter.assign(f"{get}({name!r})")
        # A missing member is None; if null can be valid, the two must be distinguished.
        takes_null = None in schema["enum"] if "enum" in schema else "null" in allowed_types(schema)
        is_there = "" if takes_null and not set(schema) & _TYPE_INDEPENDENT else f" or {name!r} in {value}"
        with self.emitter.inside(f"if {found} is not None{is_there}:"):
            self._check(schema, found)

    def _check_others(self, schema: Schema, properties: Mapping[str, Any], extra: Any, value: str) -> None:
        """Checks the members that the schema does not name, and the names of all."""
        if self._untrusted_python and extra is not False:
            self.emitter.line(f"if not have_no_lone_surrogates({value}): {_REJECT}")
        if not properties and "propertyNames" not in schema:
            self._check_items(ANYTHING if extra is True else extra, self.emitter.assign(f"{value}.values()"))
            return
        key, member = self.emitter.name(), self.emitter.name()
        with self.emitter.inside(f"for {key}, {member} in {value}.items():"):
            if "propertyNames" in schema:
                self._check(schema["propertyNames"], key)
            if extra is not False:
                named = self.emitter.constant(frozenset(properties))
                with self.emitter.inside(f"if {key} not in {named}:" if properties else "if True:"):
                    if isinstance(extra, Mapping):
                        self._check(extra, member)
                    elif self._untrusted_python:
                        self.emitter.line(f"free.append({member})")
