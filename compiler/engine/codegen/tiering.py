"""Selects the backend of a ruleset: the interpreter at first, generated code once the ruleset is hot.

Code generation costs about as much as interpreting a few dozen documents, so a ruleset is compiled only once it is hot:
first generic code for all documents, then specialized code for document shapes that recur. A precompiled module is used
from the start, and then the ruleset need not be loaded. A caller can force either backend.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from compiler.engine import ir
    from compiler.engine.codegen.generate import GeneratedResult
    from compiler.engine.dependencies import RuleDependencies
    from compiler.engine.findings import Finding
    from compiler.engine.idle_rules import IdleRules

    RunFunction = Callable[[Any, bool | Collection[str], Callable[[Any], Any]], GeneratedResult | None]

Choice = Literal["generated", "interpreter"]


class Precompiled(Protocol):
    """A module with the generic code of a ruleset."""

    def run_function(self) -> RunFunction:
        """The code, linked with the functions it calls."""

    def policy(self) -> Mapping[str, Any]:
        """The policy of the ruleset."""


# Thresholds in members and items of documents: about ten microseconds each in the interpreter; generic code takes some
# tenths of a microsecond more than specialized code. Code is compiled once the runs without it have cost as much as the
# compilation, so the total cost is at most twice the optimum.
_COMPILE_THRESHOLD = 1_000
_SPECIALIZE_THRESHOLD = 20_000
_MAX_SPECIALIZATIONS = 64  # shapes with specialized code
_MAX_TRACKED_SHAPES = 1_000  # shapes whose weight is counted


class Backend:
    """One ruleset, and its generated code as far as it has been compiled."""

    def __init__(
        self,
        load: Callable[[], ir.Ruleset],
        precompiled: Precompiled | None = None,
        *,
        choice: Choice | None = None,
        parse_policy: Callable[[Mapping[str, Any]], Any] = dict,
    ) -> None:
        """`load` returns the ruleset; `precompiled` is its generic code, if there is a module of it.

        `parse_policy` parses the policy of the ruleset, which the engine does not know. `choice` forces one of the two:
        the interpreter, or code that is generated for the first document.
        """
        self._is_off = choice == "interpreter"
        self._threshold = 0 if choice == "generated" else _COMPILE_THRESHOLD
        self._load = load
        self._parse_policy = parse_policy
        self._precompiled = precompiled
        self._weight = 0
        self._generic_code: RunFunction | None = None
        self._shape_weights: dict[tuple[str, ...], int] = {}
        self._specialized: dict[tuple[str, ...], RunFunction] = {}

    @property
    def ruleset(self) -> ir.Ruleset:
        """The ruleset itself."""
        return self._load()

    @cached_property
    def policy(self) -> Any:
        """What the ruleset asks of the program that makes its input, as `parse_policy` returned it."""
        policy = self._precompiled.policy() if self._precompiled is not None else self.ruleset.policy
        return self._parse_policy(policy)

    @cached_property
    def features(self) -> frozenset[str]:
        """The names of the unsupported features."""
        return self.ruleset.features

    @cached_property
    def idle_rules(self) -> IdleRules:
        """The rules that the interpreter can skip."""
        from compiler.engine.interpreter import find_idle_rules

        return find_idle_rules(self.ruleset)

    @cached_property
    def _dependencies(self) -> RuleDependencies:
        from compiler.engine.dependencies import RuleDependencies

        return RuleDependencies(self.ruleset)

    def errors_of(self, rules: Collection[str], document: Any, ignored: bool | Collection[str]) -> tuple[Finding, ...]:
        """The errors of the rules that generated code returned as those with errors to report."""
        if not rules:
            return ()
        from compiler.engine.interpreter import run

        needed = self._dependencies.including(rules)
        found = run(self.ruleset, document, (), ignored, idle_rules=self.idle_rules, rules=needed).findings
        errors = tuple(finding for finding in found if finding.severity == "error")
        if not errors:  # without it, the result would have neither an output nor an error
            raise AssertionError(f"the backends disagree about the errors of {', '.join(sorted(rules))}")
        return errors

    def select(self, document: Any) -> RunFunction | None:
        """The code to run on any document; None for the interpreter."""
        return self._generic_code or self._compile_if_hot(document, assume_valid=False)

    def select_for_valid_input(self, document: Mapping[str, Any]) -> RunFunction | None:
        """The code to run on a document that is valid and may become part of the output; None for the interpreter.

        For one backend, use either this or `select`, never both.
        """
        shape = tuple(document)
        run = self._specialized.get(shape)
        if run is not None:
            return run
        generic_code = self._generic_code or self._compile_if_hot(document, assume_valid=True)
        if generic_code is None or len(self._specialized) >= _MAX_SPECIALIZATIONS:
            return generic_code
        uses = self._shape_weights[shape] = self._shape_weights.get(shape, 0) + _weight(document)
        if uses < _SPECIALIZE_THRESHOLD:
            if len(self._shape_weights) > _MAX_TRACKED_SHAPES:  # most of them never recur
                self._shape_weights = {}
            return generic_code
        self._specialized[shape] = self._generate(shape, assume_valid=True)
        return self._specialized[shape]

    def select_for_shared_input(self, document: Mapping[str, Any]) -> RunFunction | None:
        """The same for a document that must not become part of the output."""
        return self._generic_code or self._compile_if_hot(document, assume_valid=True)

    def _compile_if_hot(self, document: Any, *, assume_valid: bool) -> RunFunction | None:
        """The generic code, compiled if the ruleset is hot; else None."""
        if self._is_off:
            return None
        if self._precompiled is not None:
            self._generic_code = self._precompiled.run_function()
            return self._generic_code
        self._weight += _weight(document)
        if self._weight >= self._threshold:
            self._generic_code = self._generate(None, assume_valid=assume_valid)
        return self._generic_code

    def _generate(self, present: Collection[str] | None, *, assume_valid: bool) -> RunFunction:
        from compiler.engine.codegen.generate import generate

        return generate(self.ruleset, present, assume_valid=assume_valid, may_take_ownership=present is not None).run


def _weight(document: Any) -> int:
    """The number of members and items of a document, down to the second level."""
    if not isinstance(document, dict | list):
        return 1
    members = document.values() if isinstance(document, dict) else document
    return 1 + len(members) + sum([len(member) for member in members if isinstance(member, dict | list)])
