"""What to write instead: the operator that does a job, for error messages about one that does not exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from compiler.json_io.suggestions import find_nearest

_JOBS: Mapping[str, Mapping[str, str]] = {
    "value": {
        "if": "choose", "case": "choose", "switch": "choose", "when": "choose",
        "map": "each (with value)", "filter": "each (with where)", "for_each": "each (with value)",
        "select": "each (with where)", "last": "each (with take)", "nth": "get",
        "default": "first", "coalesce": "first", "or": "first",
        "flat": "flatten", "flat_map": "flatten", "chain": "concat", "append": "concat", "extend": "concat",
        "unique": "distinct", "from_entries": "index (with by and value)", "group_by": "index",
        "to_object": "index (with by and value)", "dict": "object", "array": "list",
        "entries": "each, which gives {key, value} for each member of an object", "keys": "each (with value @/key)",
        "values": "each (with value @/value)", "map_values": "index (with by and value)",
        "omit": "without", "pick": "object", "update": "merge", "assign": "merge",
        "value": "const", "literal": "const", "text": "const", "string": "const", "null": "null itself",
        "path": "get", "input": "get", "read": "get", "var": "get", "ref": "get or use",
        "output": "out", "written": "out", "map_table": "lookup", "table": "lookup", "translate": "lookup",
        "len": "limit (a rule)", "not": "choose (a value) with not (a test)", "none": "absent itself",
    },
    "test": {
        "if": "all", "and": "all", "or": "any", "eq": "equals", "is": "type (with is)", "ne": "not with equals",
        "exists": "present", "absent": "not with present", "empty": "not with nonempty", "missing": "not with present",
        "one_of": "in", "not_in": "not with in", "regex": "matches (with pattern)", "match": "matches (with pattern)",
        "pattern": "matches (with pattern)", "starts_with": "matches (with pattern)", "range": "between",
        "gt": "between", "lt": "between", "min": "between", "max": "between", "every": "not with nonempty of each",
        "some": "nonempty of each (with where)", "has": "present",
    },
    "rule": {
        "set": "put", "write": "put", "copy": "put", "map": "put with a value of each", "for_each": "put_each",
        "each": "put_each", "merge": "merge_into", "update": "merge_into", "if": "choose, or when",
        "error": 'report with "report": "error"', "warning": 'report with "report": "warning"',
        "warn": 'report with "report": "warning"', "fail": 'report with "report": "error"', "check": "report, or limit",
        "max": "limit", "at_most": "limit", "validate": "conform", "need": "require", "drop": "unsupported",
    },
}  # fmt: skip
"""For words that a reader may guess: the operators that do what they mean, for each kind of expression."""


def advise_operator(
    raw: Mapping[str, Any],
    what: str,
    operators: Collection[str],
    functions: Iterable[str],
    definitions: Iterable[str],
) -> str:
    """The end of an error message about an object that names no operator; empty without advice."""
    for key in raw:
        job = _JOBS[what].get(key)
        if job is not None:
            return f"; for {key!r} use {job}"
        other = _other_kind(key, what)
        if other is not None:
            return f"; {key!r} is a {other}, where a {what} is expected"
    known = [*operators, *(functions if what == "value" else ()), "use"]
    defined = set(definitions)
    for key in raw:
        if key in defined:
            return f'; for the definition write {{"use": "{key}"}}'
        near = find_nearest(key, known)
        if near is not None:
            return f"; did you mean {near!r}, not {key!r}?"
    return ""


def _other_kind(key: str, what: str) -> str | None:
    """The kind of an operator that is not of the kind that is expected."""
    from compiler.engine import ir

    for kind, operators in (("value", ir.VALUES), ("test", ir.TESTS)):
        if kind != what and any(key == ir.keys(operator)[0].metadata["name"] for operator in operators):
            return kind
    return None
