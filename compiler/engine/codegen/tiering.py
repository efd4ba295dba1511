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
    from compiler.engine.codegen.generate import Answer

    Run = Callable[[Any, bool | Collection[str], Callable[[Any], Any]], Answer | None]

VARIABLE = "PAYLOAD_COMPILER_BACKEND"
_CHOICES = ("generated", "interpreter")

# In members and items of documents, for which the interpreter takes some ten microseconds each, and code for all some
# tenths of one more than code for one shape. Once they have cost as much as writing the code does, it is written: so
# nobody pays more than twice what was needed.
_FIRST = 1_000
_OFTEN = 20_000
_MOST = 64  # shapes with code of their own
_NOTED = 1_000  # shapes that are counted


class Backend:
    """What runs one ruleset, and the generated code of it, as far as there is any."""

    def __init__(self, load: Callable[[], ir.Ruleset], written: Callable[[], Run] | None = None) -> None:
        """`load` gives the ruleset; `written` the code for all documents where that has been written before.

        Raises ValueError where the environment chooses a backend that there is not.
        """
        chosen = chosen_backend()
        self._is_off = chosen == "interpreter"
        self._first = 0 if chosen == "generated" else _FIRST
        self._load = load
        self._written = written
        self._weight = 0
        self._general: Run | None = None
        self._uses: dict[tuple[str, ...], int] = {}
        self._runs: dict[tuple[str, ...], Run] = {}

    @property
    def ruleset(self) -> ir.Ruleset:
        """The ruleset itself."""
        return self._load()

    @cached_property
    def features(self) -> frozenset[str]:
        """The names of what the ruleset says is not supported."""
        return self.ruleset.features

    def run(self, document: Any) -> Run | None:
        """What runs the ruleset on a document of any content; None where the interpreter has to, be it for now."""
        return self._general or self._made(document, fits=False)

    def run_fitting(self, document: Mapping[str, Any]) -> Run | None:
        """What runs it on a document that fits the input schema, and that the output may take over.

        None where the interpreter has to, be it for now. Of one ruleset either this is asked for or `run`.
        """
        shape = tuple(document)
        run = self._runs.get(shape)
        if run is not None:
            return run
        general = self._general or self._made(document, fits=True)
        if general is None or len(self._runs) >= _MOST:
            return general
        uses = self._uses[shape] = self._uses.get(shape, 0) + _weight(document)
        if uses < _OFTEN:
            if len(self._uses) > _NOTED:  # so many shapes come once, and never again
                self._uses = {}
            return general
        self._runs[shape] = self._generated(shape, fits=True)
        return self._runs[shape]

    def general_fitting(self, document: Mapping[str, Any]) -> Run | None:
        """The same, for a document of which the output may take over nothing."""
        return self._general or self._made(document, fits=True)

    def _made(self, document: Any, *, fits: bool) -> Run | None:
        """The code for all documents, if it is time for it."""
        if self._is_off:
            return None
        if self._written is not None:
            self._general = self._written()
            return self._general
        self._weight += _weight(document)
        if self._weight >= self._first:
            self._general = self._generated(None, fits=fits)
        return self._general

    def _generated(self, present: Collection[str] | None, *, fits: bool) -> Run:
        from compiler.engine.codegen.generate import generate

        return generate(self.ruleset, present, fits=fits, owns=present is not None).run


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
