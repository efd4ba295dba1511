"""Generates and compiles the Python function of a ruleset."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen import runtime
from compiler.engine.codegen.rules import Rules
from compiler.engine.findings import Said

Answer = tuple[Any, tuple[Said, ...], tuple[Mapping[str, Any], ...]]
"""The output, the warnings, and what is still required."""

SUPPORT: dict[str, Any] = {
    "ABSENT": runtime.ABSENT,
    "EMPTY_TYPES": frozenset({tuple, list, dict}),
    "GiveUpError": runtime.GiveUpError,
    "Said": Said,
    "UNKNOWN": runtime.UNKNOWN,
    "copy_of": runtime.copied,
    **{
        each.__name__: each
        for each in (
            runtime.distinct, runtime.identities, runtime.identity, runtime.in_order, runtime.items_of, runtime.member,
            runtime.merged, runtime.merged_into, runtime.place, runtime.places, runtime.same, runtime.say, runtime.text,
            runtime.total, runtime.without, runtime.without_empties, runtime.written,
        )
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GeneratedCode:
    """A ruleset as a function, and its source.

    `run(document, ignored, copied)` gives the answer, or None where the interpreter has to run. `copied` is what copies
    what the output takes over from the document.
    """

    source: str
    run: Callable[[Any, bool | Collection[str], Callable[[Any], Any]], Answer | None] = field(repr=False, compare=False)


def generate(
    ruleset: ir.Ruleset, present: Collection[str] | None = None, *, fits: bool = False, owns: bool = False
) -> GeneratedCode:
    """Writes and compiles a ruleset. Tracebacks through it show its lines, for linecache knows them.

    The code may be for some documents only, and is the faster for it: for those that `fit` the ruleset's input schema,
    and of these for the objects that have exactly the members that are `present`. Code that `owns` the document copies
    nothing that the output takes over from it, and so calls no `copied`.
    """
    rules = Rules(ruleset, present, fits=fits, owns=owns)
    source = function_of(rules)
    file = f"<generated {sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace = {**SUPPORT, **rules.writer.namespace, "accepts": ruleset.judge.accepts}
    exec(compile(source, file, "exec"), namespace)  # noqa: S102 - written above, from nothing but our own words
    return GeneratedCode(source, namespace["run"])


def function_of(rules: Rules) -> str:
    """The source of the function that runs some rules."""
    lines = [
        "def run(document, ignored, copied):",
        "    try:",
        *(f"    {line}" for line in rules.function()),
        "    except GiveUpError:",
        "        return None",
    ]
    return "\n".join(lines) + "\n"
