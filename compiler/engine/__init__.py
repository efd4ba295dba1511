"""The rule engine: compiles rule files into a function from one JSON document to another. It knows nothing of mail.

This text defines the semantics of a ruleset. `interpreter` is the reference implementation; every other backend must
agree with it.

**A ruleset** is a file of rules in four phases. *build* reads the input and writes the output. *override* merges
objects that override everything else. *verify* reads the output and checks limits, requirements and effects, whichever
rule wrote the values; it writes nothing. *fan_out* changes the form of the verified output, for example from one
message to several; it only puts, reports nothing, and runs only if there was no error. (It runs last, so that *verify*
reads a single form and each check is written once. If the two forms differ, `before_fan_out` names the schema of the
first, by which the rules before *fan_out* are checked.) Rules run in file order, phase after phase. The language has no
recursion, no variables and no arithmetic, so every run terminates, and a ruleset can be checked without running it
(`check`).

**Shorthand.** Where a value is expected, a string refers to one: `"/a"` to the input, `"@/a"` to the current item,
`"out:/a"` to the output; `"out:"` is all of it, `"@"` the item itself and `{"get": ""}` the whole input. `"absent"` is
nothing; `null`, `true`, `false` and numbers are themselves; text and lists are constants in `{"const": ...}`. `{"f":
x}` or `{"f": [x, y]}` calls the function `f`. *Definitions* name values and tests: `{"use": "name"}` stands for the
definition as if it were written there, so `@` in it is the item of the use. A definition that `takes` parameters
contains them as `"$name"`; arguments mean what they mean where they are written, also inside the items of the
definition. A definition can use only those before it. A rule with `for` stands for a rule for each of several texts,
which replace `$name` in all its texts; several names take their texts together, and an id without any of them gets the
first. All this is expanded when a ruleset is loaded; the size of the expansion is limited.

**Files.** A ruleset can `include` files: their definitions, sources and rules come before its own, in the order of the
includes. Rules name their `source` by a key of the table `sources`; in a ruleset without such a table it is any text.

**Values.** An expression evaluates to JSON or to nothing. *Absent* is not null, and null is not empty. Absence
propagates: a pointer to nothing is absent, a function of an absent argument is absent, an absent member or item is left
out, `merge` skips it, and `put` of an absent value writes nothing. An empty list or object is not written either,
neither as a member nor by a `put`, unless the ruleset, or the `put`, has `"empty": "kept"`; inside a value that is
copied as a whole, empty containers are copied too. In a ruleset with `"absent": "null"`, a `put` of an absent value
writes null where the output schema allows that, unless it has `unsupported`. An empty string is a value and is written.
Values are compared by type and value: true is not 1; 1 is 1.0.

**Items.** `each`, `index`, `duplicates`, `flatten`, `zip` and `put_each` iterate over the items of a list, or over the
members of an object as `{key, value}` items in code-point order of the keys (so the order of keys in the input changes
nothing). Inside, `@` is the current item and `@^` the enclosing one. A report and a limit can also iterate, with
`over`; their `when` is then tested for each item.

**Origins.** Every value knows where in the input it came from. A copied value has the pointer it was copied from, a
computed value that of its first argument that has one, a list made by `each` that of the list it iterates over, and an
absent value the pointer that was read. A constant has no origin. A report names a value (`at`), never a path; only for
something `missing` does it give the pointer where that should be.

**Poison.** An invalid value is reported once. The caller passes pointers to values already found invalid, and a `put`
can reject others. Such a value is poisoned (as in LLVM): every value computed from it is poisoned too, a rule that
would report it, or report because of it, stays silent, and a test of it is neither true nor false but *unknown*. `all`
and `any` follow Kleene: false and unknown is false, true or unknown is true. A list with a poisoned item still has a
known length; if it is unknown whether an item belongs to a list at all (its `where` is unknown), its length is unknown
too. A list of lists that contains an invalid one is invalid when it is flattened, and so are lists that are zipped with
an invalid one, because the items are unknown. If a `put` depends on an unknown test, its target in the output is
poisoned, so that *verify* does not report something that may be there.

**Rules.** `put` writes a value at a pointer. A second writer of a pointer lists the rules it `overrides` (`*`: all of
them, for example to wrap the whole output). `invalid` reports and poisons.
`merge_into` writes the members of an object over those of the output, merging objects among them member by member, in
code-point order of names; objects inside those are replaced as a whole, or merged too if it is `deep`. At the pointers
in `case_blind`, names match without regard to case; the spelling is that of the output schema if it documents the name,
else that of the overriding object. An empty list or object over another of the same type changes nothing; merged over a
value of another type it stays until *verify* has seen it and is then removed, unless a `put` that keeps empty values
writes there.
`put_each` writes a list of objects, one for each item of `over`. The rules inside it run once per item; `@` is the
item, and their output, for `put` and `out` alike, is the item's own object. They may put, report, choose, or contain a
`put_each`. An item for which they write nothing is an empty object; an invalid item is an invalid object.
`choose` applies the first branch whose test holds, else `otherwise`. `report` reports an error or a warning.
`unsupported` names a feature that the output cannot express: an error for each offender. If the caller ignores the
feature and it is `ignorable`, it is a warning for each instead, and the `fallback` applies: `keep` the value, `drop` it
(all of it, also if only some of its items are offenders), or write another value. A feature is in use unless its value
is absent or empty, so false and 0 are uses. After an error the rule's value is written anyway, so that the checks that
read it still run. `limit` rejects a value that is too long, has too many items or too large a sum, unless part of it is
invalid; the error has the `limit` and the `actual` size.
`require` states what else is needed to use the output. `conform` validates the output against its schema; it reports
and poisons the deepest values at fault. Findings with equal severity, code, location and parameters are reported once.
`consumes` names inputs that the checker counts as used even though the rule is conditional or only reports; the rule
must read them.

**Functions** are registered by the caller. They are typed, pure and total: they take plain JSON and return JSON, or
None for absent. If an argument has a type that the function does not take, the result is absent.

**The trace** of a run is recorded only on request. For each value of the output it names the rule that wrote it and
the input leaves it was computed from (for a constant: what was read to choose it). For each input leaf that was
discarded it names what was used instead: a later writer, a later member of a `merge`, an earlier value of a `first`,
another branch of a `choose`, the other end of a `take`.

The operators, each with its keys, are the classes of `ir`.

Modules: `ir` is the intermediate representation and the vocabulary of the rule language. `rule_files` reads rule files
and those they include. `loader` parses their rules into the representation, with `expression_parser` for values and
tests, `literals` for other arguments, `expansion` for what is written once and used in several places, and `advice` for
error messages. `rules_schema` generates their JSON Schema.
`expanded` is the way back: a ruleset as a file without shorthand. `interpreter` runs rules, with the expressions of
`evaluator` on values that know their origin (`traced_value`); it reports `findings` and can record a `provenance`
trace. `codegen` is the second backend; `semantics` is what operators mean in both. `idle_rules` and `dependencies` find
which rules a run of the interpreter needs. `checker` lints a ruleset without running it. `schema`, `pattern` and
`function` are what these share.
"""

from typing import TYPE_CHECKING

from compiler._lazy import attach

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

# Imported lazily: generated code needs almost nothing of this.
__getattr__ = attach(
    __name__,
    {
        ".checker": ("LintProblem", "check"),
        ".ir": ("Ruleset",),
        ".function": ("Function",),
        ".interpreter": ("RunResult", "run"),
        ".loader": ("RulesetError", "load_ruleset"),
        ".findings": ("Finding",),
        ".schema": ("ValidatorFactory",),
        ".provenance": ("Trace", "WrittenValue"),
    },
)
