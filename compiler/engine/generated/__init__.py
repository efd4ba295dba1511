"""The second backend: a ruleset as Python source, made once and then run in place of the interpreter.

It does what the interpreter does, as long as nothing is an error; where something is, or where a warning's place cannot
be told, it gives up and says nothing, and the caller runs the interpreter, which says everything. So it has no origins,
no poison and no trace, and its values are plain JSON. Both agree on whatever the generated code does not give up on.

Modules: `writer` writes blocks of lines; `values`, `tests`, `origins` and `rules` write what each word of the language
means, one on top of the other; `code` is what is known of a piece; `module` makes a file of it all, and `guards` writes
checks of documents. What is too long to be written out, the code calls: `compiler.engine.support`.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from compiler.engine import form, support
from compiler.engine.generated.rules import Rules
from compiler.engine.said import Said

Answer = tuple[Any, tuple[Said, ...], tuple[Mapping[str, Any], ...]]
"""The output, the warnings, and what is still required."""

SUPPORT: dict[str, Any] = {
    "ABSENT": support.ABSENT,
    "EMPTY_TYPES": frozenset({tuple, list, dict}),
    "GiveUpError": support.GiveUpError,
    "Said": Said,
    "UNKNOWN": support.UNKNOWN,
    "copy_of": support.copied,
    **{
        each.__name__: each
        for each in (
            support.distinct, support.identities, support.identity, support.in_order, support.items_of, support.member,
            support.merged, support.merged_into, support.place, support.places, support.same, support.say, support.text,
            support.total, support.without, support.without_empties, support.written,
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
    ruleset: form.Ruleset, present: Collection[str] | None = None, *, fits: bool = False, owns: bool = False
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
