"""Which backend runs a ruleset: the interpreter at first, generated code once it pays.

Writing code costs as much as interpreting some dozen documents, so it is written when that much has been seen: first
for all documents, then, for shapes that come again and again, code of their own. Code that is there already, as a
module, runs from the start, and then a ruleset need not even be loaded. The environment variable
PAYLOAD_COMPILER_BACKEND set to `interpreter` or `generated` when a backend is made decides otherwise, for tests; empty
counts as unset.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.engine import ir
    from compiler.engine.codegen.generate import GeneratedResult

    RunFunction = Callable[[Any, bool | Collection[str], Callable[[Any], Any]], GeneratedResult | None]

VARIABLE = "PAYLOAD_COMPILER_BACKEND"
_CHOICES = ("generated", "interpreter")

# In members and items of documents, for which the interpreter takes some ten microseconds each, and code for all some
# tenths of one more than code for one shape. Once they have cost as much as writing the code does, it is precompiled: so
# nobody pays more than twice what was needed.
_COMPILE_THRESHOLD = 1_000
_SPECIALIZE_THRESHOLD = 20_000
_MAX_SPECIALIZATIONS = 64  # shapes with code of their own
_MAX_TRACKED_SHAPES = 1_000  # shapes that are counted


class Backend:
    """What runs one ruleset, and the generated code of it, as far as there is any."""

    def __init__(self, load: Callable[[], ir.Ruleset], precompiled: Callable[[], RunFunction] | None = None) -> None:
        """`load` gives the ruleset; `precompiled` the code for all documents where that has been written before.

        Raises ValueError where the environment chooses a backend that there is not.
        """
        chosen = chosen_backend()
        self._is_off = chosen == "interpreter"
        self._threshold = 0 if chosen == "generated" else _COMPILE_THRESHOLD
        self._load = load
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
    def features(self) -> frozenset[str]:
        """The names of what the ruleset says is not supported."""
        return self.ruleset.features

    def select(self, document: Any) -> RunFunction | None:
        """What runs the ruleset on a document of any content; None where the interpreter has to, be it for now."""
        return self._generic_code or self._compile_if_hot(document, assume_valid=False)

    def select_for_valid_input(self, document: Mapping[str, Any]) -> RunFunction | None:
        """What runs it on a document that fits the input schema, and that the output may take over.

        None where the interpreter has to, be it for now. Of one ruleset either this is asked for or `run`.
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
            if len(self._shape_weights) > _MAX_TRACKED_SHAPES:  # so many shapes come once, and never again
                self._shape_weights = {}
            return generic_code
        self._specialized[shape] = self._generate(shape, assume_valid=True)
        return self._specialized[shape]

    def select_for_shared_input(self, document: Mapping[str, Any]) -> RunFunction | None:
        """The same, for a document of which the output may take over nothing."""
        return self._generic_code or self._compile_if_hot(document, assume_valid=True)

    def _compile_if_hot(self, document: Any, *, assume_valid: bool) -> RunFunction | None:
        """The code for all documents, if it is time for it."""
        if self._is_off:
            return None
        if self._precompiled is not None:
            self._generic_code = self._precompiled()
            return self._generic_code
        self._weight += _weight(document)
        if self._weight >= self._threshold:
            self._generic_code = self._generate(None, assume_valid=assume_valid)
        return self._generic_code

    def _generate(self, present: Collection[str] | None, *, assume_valid: bool) -> RunFunction:
        from compiler.engine.codegen.generate import generate

        return generate(self.ruleset, present, assume_valid=assume_valid, may_take_ownership=present is not None).run


def chosen_backend() -> str | None:
    """The backend that the environment chooses, None where it leaves the choice. Raises ValueError for another."""
    chosen = os.environ.get(VARIABLE) or None
    if chosen is not None and chosen not in _CHOICES:
        raise ValueError(f"unknown {VARIABLE} {chosen!r} (available: {', '.join(_CHOICES)})")
    return chosen


def _weight(document: Any) -> int:
    """How many members and items a document has, down to the second level."""
    if not isinstance(document, dict | list):
        return 1
    members = document.values() if isinstance(document, dict) else document
    return 1 + len(members) + sum([len(each) for each in members if isinstance(each, dict | list)])
