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
from compiler.engine.semantics import byte_length, contains_in_sequence
from compiler.json_io.plain import deep_copy

GeneratedResult = tuple[Any, tuple[Finding, ...], tuple[Mapping[str, Any], ...], Collection[str]]
"""The output, the warnings, the requirements, and the ids of rules with errors to report.

If there are any, there is neither an output nor a requirement.
"""

RUNTIME_NAMES: dict[str, Any] = {
    "ABSENT": runtime.ABSENT,
    "EMPTY_TYPES": frozenset({tuple, list, dict}),
    "BailoutError": runtime.BailoutError,
    "Finding": Finding,
    "UNSET": runtime.UNSET,
    "deep_copy": deep_copy,
    **{
        function.__name__: function
        for function in (
            runtime.add_finding, byte_length, contains_in_sequence, runtime.distinct, runtime.flatten,
            runtime.identities, runtime.identity, runtime.item_origins, runtime.items_of, runtime.member,
            runtime.merge, runtime.merge_into, runtime.merge_own,
            runtime.pointer_below, runtime.remove_empty_members, runtime.same, runtime.set_at, runtime.string_or_none,
            runtime.total, runtime.without, runtime.zip_lists,
        )
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GeneratedCode:
    """A ruleset as a function, and its source.

    `run(document, ignored, copy)` returns the result, or None if it bails out to the interpreter. It copies parts of
    the document into the output with `copy`.
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
    """Generates and compiles the code of a ruleset. Its source is registered with linecache, for tracebacks.

    With `assume_valid`, the code is only for documents that are valid against the input schema; with `present`, only
    for those with exactly these members. With `may_take_ownership`, the output may share parts of the document instead
    of copying them. Specialized code is faster.
    """
    rules = RuleWriter(ruleset, present, assume_valid=assume_valid, may_take_ownership=may_take_ownership)
    source = emit_function(rules)
    file = f"<generated {sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace = {**RUNTIME_NAMES, **rules.emitter.namespace, "accepts": ruleset.output_validator.accepts}
    exec(compile(source, file, "exec"), namespace)  # noqa: S102 - generated above
    return GeneratedCode(source, namespace["run"])


def emit_function(rules: RuleWriter) -> str:
    """The source of the function that runs the rules."""
    lines = [
        "def run(document, ignored, copy):",
        "    try:",
        *(f"    {line}" for line in rules.function()),
        "    except BailoutError:",
        "        return None",
    ]
    return "\n".join(lines) + "\n"
