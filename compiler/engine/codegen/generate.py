"""Generates and compiles the Python function of a ruleset."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen import runtime
from compiler.engine.codegen.rules import RuleWriter
from compiler.engine.findings import Finding

GeneratedResult = tuple[Any, tuple[Finding, ...], tuple[Mapping[str, Any], ...]]
"""The output, the warnings, and what is still required."""

RUNTIME_NAMES: dict[str, Any] = {
    "ABSENT": runtime.ABSENT,
    "EMPTY_TYPES": frozenset({tuple, list, dict}),
    "BailoutError": runtime.BailoutError,
    "Finding": Finding,
    "UNSET": runtime.UNSET,
    "deep_copy": runtime.deep_copy,
    **{
        each.__name__: each
        for each in (
            runtime.distinct, runtime.identities, runtime.identity, runtime.contains_in_sequence, runtime.items_of, runtime.member,
            runtime.merge, runtime.merge_into, runtime.pointer_below, runtime.item_origins, runtime.same, runtime.add_finding, runtime.string_or_none,
            runtime.total, runtime.without, runtime.remove_empty_members, runtime.set_at,
        )
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GeneratedCode:
    """A ruleset as a function, and its source.

    `run(document, ignored, copy)` gives the answer, or None where the interpreter has to run. `copy` is what copies
    what the output takes over from the document.
    """

    source: str
    run: Callable[[Any, bool | Collection[str], Callable[[Any], Any]], GeneratedResult | None] = field(
        repr=False, compare=False
    )


def generate(
    ruleset: ir.Ruleset,
    present: Collection[str] | None = None,
    *,
    assume_valid: bool = False,
    may_take_ownership: bool = False,
) -> GeneratedCode:
    """Writes and compiles a ruleset. Tracebacks through it show its lines, for linecache knows them.

    The code may be for some documents only, and is the faster for it: for those that `fit` the ruleset's input schema,
    and of these for the objects that have exactly the members that are `present`. Code that `may_take_ownership` the document copies
    nothing that the output takes over from it, and so calls no `copy`.
    """
    rules = RuleWriter(ruleset, present, assume_valid=assume_valid, may_take_ownership=may_take_ownership)
    source = emit_function(rules)
    file = f"<generated {sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace = {**RUNTIME_NAMES, **rules.emitter.namespace, "accepts": ruleset.output_validator.accepts}
    exec(compile(source, file, "exec"), namespace)  # noqa: S102 - written above, from nothing but our own words
    return GeneratedCode(source, namespace["run"])


def emit_function(rules: RuleWriter) -> str:
    """The source of the function that runs some rules."""
    lines = [
        "def run(document, ignored, copy):",
        "    try:",
        *(f"    {line}" for line in rules.function()),
        "    except BailoutError:",
        "        return None",
    ]
    return "\n".join(lines) + "\n"
