"""Fuzzes the validators against jsonschema with nearly valid documents.

`python -m tests.generated.fuzz_validators 1000000`.

Every document that a validator accepts must be valid for jsonschema, and `sanitize` must copy it without issues. The
documents are those of the conformance cases with a few changes: a value of another type, a member too many or too few,
an edge case of JSON.
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

from compiler.generated.validators import VALIDATORS, fast_validator
from compiler.json_io import resources
from compiler.json_io.sanitize import sanitize
from tests.cases import CASES


class _Text(str):
    """Not an exact built-in type."""

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
    """The documents to change, most of them valid."""
    all_documents: list[Any] = []
    for case in CASES:
        if case.ruleset == "send":
            message = case.input.get("message")
            options = case.input.get("options") or {"send_defaults": message}
            output = case.expect.get("output")
            payload = output if case.target == "mailjet-v3" else None
            call = (output or {"Messages": [None]})["Messages"][0] if case.target == "mailjet-v3.1" else None
            all_documents.append({"message": message, "options": options, "payload": payload, "call": call}[guard])
    return tuple(document for document in all_documents if document is not None)


def mutate(document: Any, random: Random) -> Any:
    """A copy of the document with a few changes."""
    holder = [deepcopy(document)]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        container, key = random.choice(list(_positions(holder)))
        value = deepcopy(random.choice(_VALUES))
        choice = random.random()
        if choice < 0.6:
            container[key] = value
        elif choice < 0.7 and container is not holder:
            del container[key]
        elif isinstance(container[key], dict):
            names = ("x", "to", "email", "name", "content", "Email", "Vars", "$schema", "\ud800", 7)
            container[key][random.choice(names)] = value
        elif isinstance(container[key], list):
            container[key].extend([value] * random.choice((1, 9)))
        elif isinstance(container[key], str):
            container[key] += random.choice(("\n", "\r", "\u2028", "\ud800", " ", "é"))
    return holder[0]


def _positions(container: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in list(container.items() if isinstance(container, dict) else enumerate(container)):
        yield container, key
        if isinstance(value, dict | list):
            yield from _positions(value)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether the generated validator and jsonschema accept a document."""

    guard: bool
    schema: bool


def check_document(name: str, document: Any) -> Acceptance:
    """Checks a document with the validator of this name, and with jsonschema and `sanitize`."""
    spec = VALIDATORS[name]
    accepts: Callable[[Any], bool] | None = fast_validator(spec.schema, spec.exempt)
    assert accepts is not None
    copied, issues, _ = sanitize(document)
    if not spec.untrusted_python:  # this validator is only for plain JSON
        document = copied
    errors = resources.validator(spec.schema).iter_errors(copied)
    if not spec.untrusted_python:
        whole_keywords = ("anyOf", "not", "required")  # of the whole document, which this validator does not check
        errors = (
            error
            for error in errors
            if error.validator not in spec.exempt
            and not (not error.absolute_path and error.validator in whole_keywords)
        )
    fits = next(iter(errors), None) is None and (not issues or not spec.untrusted_python)
    return Acceptance(accepts(document), fits)


def main(number: int) -> int:
    """Prints the counts; returns 1 if a validator accepts a document that jsonschema rejects."""
    random = Random(number)  # noqa: S311 - the same documents each time
    unsound = 0
    for name in VALIDATORS:
        counts = {"accepted by both": 0, "rejected by both": 0, "rejected by the validator alone": 0}
        for _ in range(number):
            document = mutate(random.choice(documents(name)), random)
            accepted = check_document(name, document)
            if accepted.guard and not accepted.schema:
                sys.stdout.write(f"{name}: the validator accepts {document!r}\n")
                unsound += 1
            elif accepted.guard == accepted.schema:
                counts["accepted by both" if accepted.guard else "rejected by both"] += 1
            else:
                counts["rejected by the validator alone"] += 1
        summary = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        sys.stdout.write(f"{name}: {number:,} documents: {summary}\n")
    return 1 if unsound else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
