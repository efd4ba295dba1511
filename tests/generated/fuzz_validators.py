"""Fuzzes the validators against jsonschema with nearly valid documents.

`python -m tests.generated.fuzz_validators 1000000`.

What a guard accepts, jsonschema has to accept, and `sanitize` to copy without a fault. The documents are those of the
conformance cases, changed in a few places: a value of another type, a member too many or too few, an edge of what JSON
may hold.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from compiler.conformance.case_files import read_cases
from compiler.generated.validators import VALIDATORS, fast_validator
from compiler.json_io import resources
from compiler.json_io.sanitize import sanitize


class _Text(str):
    """No exact built-in type."""

    __slots__ = ()


_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3.0, 0.5, math.nan, math.inf, 10**30, "", " ", "a", "a\n", "a\r\nb",
    "\ud800", "é", "text/html", "text/html ", "/html", "html", "plain", "inline", "utf-8",
    "a@example.com", "2026-01-01", "YW=J", "2026-01-01\n",
    "२०२६-०१-०१", "YWJj", "YWJj\n", b"a", (), ("a",), [], ["a"], [None], [[]], {}, {"a": 1},
    {1: "a"}, {"\udfff": 1}, {"email": "a@example.com"}, {"email": None}, {"name": None}, {"email": "a", "x": 1},
    {"content": "a", "mimetype": "text/html"}, _Text("a"), {_Text("a"): 1}, object(), {None: 1}, 1e308, -0.0,
    [{"a": [{"b": ["\ud800"]}]}], [{"a": {"b": (1,)}}], [f"{n}@example.com" for n in range(30)],
    [*(f"{n}@example.com" for n in range(30)), _Text("a")], {f"a{n}": n for n in range(30)},
    {f"a{n}": {"b": [n] * 3} for n in range(30)}, {f"a{n}": {"b": [math.nan]} for n in range(30)},
)  # fmt: skip


@cache
def documents(guard: str) -> tuple[Any, ...]:
    """Documents to begin with, most of them valid."""
    found: list[Any] = []
    for case in read_cases():
        if case.ruleset == "send":
            given = case.input.get("message")
            options = case.input.get("options") or {"send_defaults": given}
            found.append({"message": given, "options": options, "payload": case.expect.get("output")}[guard])
    return tuple(each for each in found if each is not None)


def changed(document: Any, random: Random) -> Any:
    """The document with a few changes."""
    whole = [deepcopy(document)]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        container, key = random.choice(list(_places(whole)))
        value = deepcopy(random.choice(_VALUES))
        how = random.random()
        if how < 0.6:
            container[key] = value
        elif how < 0.7 and container is not whole:
            del container[key]
        elif isinstance(container[key], dict):
            names = ("x", "to", "email", "name", "content", "Email", "Vars", "$schema", "\ud800", 7)
            container[key][random.choice(names)] = value
        elif isinstance(container[key], list):
            container[key].extend([value] * random.choice((1, 9)))
        elif isinstance(container[key], str):
            container[key] += random.choice(("\n", "\r", "\u2028", "\ud800", " ", "é"))
    return whole[0]


def _places(container: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in list(container.items() if isinstance(container, dict) else enumerate(container)):
        yield container, key
        if isinstance(value, dict | list):
            yield from _places(value)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the guard and jsonschema accept a document."""

    guard: bool
    schema: bool


def checked(name: str, document: Any) -> Checked:
    """What the guard of this name says of a document, and what jsonschema and `sanitize` say of it."""
    spec = VALIDATORS[name]
    accepts: Callable[[Any], bool] | None = fast_validator(spec.schema, spec.exempt)
    assert accepts is not None
    copied, faults, _ = sanitize(document)
    if not spec.untrusted_python:  # it is for what is plain JSON already
        document = copied
    errors = resources.validator(spec.schema).iter_errors(copied)
    if not spec.untrusted_python:
        whole = ("anyOf", "not", "required")  # of the document as a whole, which this guard leaves to others
        errors = (
            each
            for each in errors
            if each.validator not in spec.exempt and not (not each.absolute_path and each.validator in whole)
        )
    fits = next(iter(errors), None) is None and (not faults or not spec.untrusted_python)
    return Checked(accepts(document), fits)


def main(number: int) -> int:
    """Says how many documents were held against both, and gives 1 where a guard accepts what jsonschema refuses."""
    random = Random(number)  # noqa: S311 - the same documents each time
    wrong = 0
    for name in VALIDATORS:
        counts = {"accepted by both": 0, "refused by both": 0, "refused by the guard alone": 0}
        for _ in range(number):
            document = changed(random.choice(documents(name)), random)
            both = checked(name, document)
            if both.guard and not both.schema:
                sys.stdout.write(f"{name}: the guard accepts {document!r}\n")
                wrong += 1
            elif both.guard == both.schema:
                counts["accepted by both" if both.guard else "refused by both"] += 1
            else:
                counts["refused by the guard alone"] += 1
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        sys.stdout.write(f"{name}: {number:,} documents: {told}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
