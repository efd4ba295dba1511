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

from compiler.engine.generated.code import ALL_KINDS
from compiler.engine.generated.values import PYTHON_TYPES
from compiler.engine.generated.writer import Writer
from compiler.engine.schema import Schema, types_of

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
# What an instance is refused for as a whole, rather than for one of its members.
_OF_THE_WHOLE = frozenset({"anyOf", "not", "required"})


def guard(schema: Schema, exempt: Collection[str] = (), *, members_only: bool = False) -> Callable[[Any], bool]:
    """The guard for a schema without references, for plain JSON.

    `exempt` are keywords that do not count; with `members_only`, nor does what the document lacks as a whole.
    """
    writer = GuardWriter(of_anything=False, exempt=exempt)
    source = writer.function(schema, members_only=members_only)
    namespace = dict(writer.writer.namespace)
    exec(compile(source, "<guard>", "exec"), namespace)  # noqa: S102 - written here, with nothing but literals in it
    accepts: Callable[[Any], bool] = namespace["accepts"]
    return accepts


def guard_module(schema: Schema, name: str) -> str:
    """The source of a module that holds the guard for a schema, for documents that may hold anything."""
    writer = GuardWriter(of_anything=True)
    lines = writer.function(schema)
    constants = (
        f"{key} = {_expression(value)}\n"
        for key, value in sorted(writer.writer.namespace.items(), key=lambda each: int(each[0][1:]))
    )
    uses_patterns = any(isinstance(value, re.Pattern) for value in writer.writer.namespace.values())
    return (
        f'"""Whether a document fits schemas/{name} and is plain JSON.\n\n'
        f"Written by `python -m compiler.engine guard {name}`; not to be changed by hand.\n"
        '"""\n\n'
        "# fmt: off\n# ruff: noqa\n# mypy: ignore-errors\n\n"
        + ("import re\n\n" if uses_patterns else "")
        + "from compiler.message.plain import are_plain, is_clean, is_number\n\n"
        + "".join(constants)
        + f"\n\n{lines}"
    )


def _expression(value: Any) -> str:
    if isinstance(value, re.Pattern):
        return f"re.compile({value.pattern!r})"
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(sorted(map(repr, value)))}}})" if value else "frozenset()"
    return repr(value)


class GuardWriter:
    """Writes the guard for one schema."""

    def __init__(self, *, of_anything: bool, exempt: Collection[str] = ()) -> None:
        self.writer = Writer()
        self._of_anything = of_anything
        self._exempt = frozenset(exempt)

    def function(self, schema: Schema, *, members_only: bool = False) -> str:
        """The source of the function `accepts(document)`."""
        self._check(schema, "document", members_only=members_only)
        free = ["    free = []"] if self._of_anything else []
        end = ["    return not free or are_plain(free)"] if self._of_anything else ["    return True"]
        return "\n".join(["def accepts(document):", *free, *self.writer.top.lines(), *end]) + "\n"

    def _check(self, schema: Schema, value: str, *, members_only: bool = False) -> None:
        """Writes what refuses a value that does not fit."""
        keywords = {key for key in schema if key not in _SAYS_NOTHING and not key.startswith("x-")} - self._exempt
        if members_only:
            keywords -= _OF_THE_WHOLE
        if keywords - _KNOWN:
            self.writer.line(_REFUSE)
            return
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
        item = self.writer.name()
        if "items" in keywords:
            with self.writer.inside(f"for {item} in {value}:"):
                self._check(schema["items"], item)
                self.writer.line("pass")
        elif self._of_anything:
            self.writer.line(f"free.append({value})")

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
        says_more = set(schema) & {"allOf", "anyOf", "not", "if", "const"}
        if takes_null and not says_more:
            with self.writer.inside(f"if {found} is not None:"):
                self._check(schema, found)
                self.writer.line("pass")
        else:
            with self.writer.inside(f"if {found} is not None or {name!r} in {value}:"):
                self._check(schema, found)
                self.writer.line("pass")

    def _check_others(self, schema: Schema, properties: Mapping[str, Any], extra: Any, value: str) -> None:
        """The members that the schema does not name, and the names of all."""
        key, member = self.writer.name(), self.writer.name()
        if self._of_anything and extra is not False:
            self.writer.line(f"free.extend({value})")  # keys have to be strings that can be written
            self.writer.line(f"if not all(type({key}) is str for {key} in {value}): {_REFUSE}")
        with self.writer.inside(f"for {key}, {member} in {value}.items():"):
            if "propertyNames" in schema:
                self._check(schema["propertyNames"], key)
            if extra is not False:
                with self.writer.inside(
                    f"if {key} not in {self.writer.constant(frozenset(properties))}:" if properties else "if True:"
                ):
                    if isinstance(extra, Mapping):
                        self._check(extra, member)
                    elif self._of_anything:
                        self.writer.line(f"free.append({member})")
                    self.writer.line("pass")
            self.writer.line("pass")
