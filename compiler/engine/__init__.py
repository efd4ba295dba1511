"""The engine: rules in, function out. It turns one JSON document into another and has never heard of mail.

This essay fixes what a ruleset means. The interpreter (`interpret`) is its reference; any other way of running a
ruleset has to agree with it.

**A ruleset** is a file of rules in four phases. *build* reads the input and writes the output; *override* merges what
overrides everything else; *verify* reads the output for limits, requirements and effects, whoever wrote the value;
*fan_out* only puts, and says nothing, and only where nothing was an error: it gives what is verified another form,
one output as several. (It comes last so that *verify* reads one form only, and each rule there is written once.)
Rules run in the order of the file, phase after phase. There is no recursion, there are no variables, no arithmetic
and no functions of the user's, so every run ends, and a ruleset can be checked before it ever runs (`check`).

**Values.** An expression gives JSON or nothing. *Absent* is not null, and null is not empty. Absent propagates: a
pointer to nothing is absent, a function of something absent is absent, a member or item that is absent is left out, a
`merge` skips it, and a `put` of it writes nothing. An empty list or object writes nothing either, neither as a member
nor by a `put`, unless the ruleset says `"empty": "kept"`; what lies deeper in a value that is copied whole is copied
as it is. An empty string is a value and is written. Values are compared by type and value: true is not 1; 1 is 1.0.

**Items.** `each`, `index`, `repeats` and `put_each` go over the items of a list, or over the members of an object as
`{key, value}` items in the code-point order of their keys (so that the order of keys in the input changes nothing).
Inside, `@` is the current item and `@^` the one outside it. A report may go `over` the items of something in the same
way.

**Origins.** Every value knows where in the input it came from: a copied value its pointer, a computed one that of its
first argument, a list made by `each` that of the list it went over, an absent value the pointer that was asked for. A
report names a value (`at`), never a path; only of what is `missing` does it say where that would stand. A constant
has no origin.

**Poison.** An invalid value is reported once. The caller hands in pointers to values already found invalid; a `put`
may refuse another. Such a value is poisoned: whatever is computed from it is poisoned as well, a rule that would say
something of it, or because of it, stays silent, and a test of it is neither true nor false but *unknown*. `all` and
`any` follow Kleene: false and unknown is false, true or unknown is true. A list with a poisoned item is still a list
of so many items; but where it is not known whether an item belongs to a list at all (its `where` is unknown), neither
is their number. Where a `put` depends on an unknown test, its place in the output is poisoned, so that *verify* does
not complain of what may well be there.

**Rules.** `put` writes a value at a pointer; a second writer of a pointer says which rules it `overrides` (`*`: all
of them, as where the output is wrapped as a whole); `invalid` reports and poisons. `merge_into` writes an object's
members over those of the output, objects among them member by member, in the code-point order of names; at the
pointers in `case_blind` names match without regard to case, and the spelling is the output schema's where it
documents the name, else the overriding one's. An empty list or object over another says nothing; merged over
something of another kind it stays until *verify* has seen it, and is then left out.
`put_each` writes a list of objects, one for each item of `over`. The rules inside it run for each item, which is their
`@`; their output is the item's own object, for `put` and `out` alike, and they put, report or choose, or have lists of
their own. An item for which they write nothing is an empty object, an invalid one an invalid object.
`choose` applies the first case that holds, else `otherwise`. `report` says something. `unsupported` names a feature
that the output cannot carry: an error for each offender, or, where the caller ignores that feature and it is
`ignorable`, a warning for each, and then the `fallback` holds: `keep` the value, `drop` it, or another value. On an
error the rule's value is written all the same, so that the checks that read it still run. `limit` refuses what is too
long, too many or too much, unless something in it is invalid. `require` says what is still needed. `conform` holds
the output against its schema, and reports and poisons the deepest values at fault. What is equal in severity, code,
place and parameters is said once. In *verify* nothing is written, in *fan_out* nothing is said. `settles` says that a
rule is all that need become of what it reads, though it may not always apply, or only warns; the checker asks for that.

**Functions** are registered by the caller, closed and typed, pure and total: plain JSON in, JSON or None (absent)
out. An argument of another type than the function takes gives nothing.

**The trace** of a run, made only when asked for, says of each value of the output which rule wrote it and what leaves
of the input it is made of (a constant: what was read to choose it), and of the leaves that came to nothing what was
taken instead: a later writer, a later member of a `merge`, an earlier value of a `first`, another way of a `choose`,
the other end of a `take`.

The words, each with its keys, are the classes of `form`. Modules: `pointer`, `schema` and `pattern` are the small
tools; `node` the values that know their origin; `form` the immutable intermediate form; `load` reads files into it;
`interpret` runs it, with the values of `evaluate`, and `trace` listens, and all it says is `said`; `generated` is the
second way of running it, whose code calls `support`, and `backend` says when which of the two does; `checker` judges it
before it runs, with what `reads` finds and the types inferred in `shape`; `grammar` draws the JSON Schema of rule files
from `form`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.engine.checker import LintProblem, check
    from compiler.engine.findings import Finding
    from compiler.engine.function import Function
    from compiler.engine.interpreter import RunResult, run
    from compiler.engine.ir import Ruleset
    from compiler.engine.loader import RulesetError, load_ruleset
    from compiler.engine.provenance import Trace, WrittenValue
    from compiler.engine.schema import ValidatorFactory

__all__ = [
    "Finding",
    "Function",
    "LintProblem",
    "Ruleset",
    "RulesetError",
    "RunResult",
    "Trace",
    "ValidatorFactory",
    "WrittenValue",
    "check",
    "load_ruleset",
    "run",
]

# Each is imported when it is first asked for: generated code needs next to none of it.
_LATER = {
    "checker": ("LintProblem", "check"),
    "ir": ("Ruleset",),
    "function": ("Function",),
    "interpreter": ("RunResult", "run"),
    "loader": ("RulesetError", "load_ruleset"),
    "findings": ("Finding",),
    "schema": ("ValidatorFactory",),
    "provenance": ("Trace", "WrittenValue"),
}


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            from importlib import import_module

            found = globals()[name] = getattr(import_module(f"compiler.engine.{module}"), name)
            return found
    raise AttributeError(f"module 'compiler.engine' has no attribute {name!r}")
