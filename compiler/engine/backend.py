"""Which backend runs a ruleset: the interpreter at first, generated code once it pays.

Writing code costs as much as interpreting some dozen documents, so it is written when that much has been seen: first
for all documents, then, for shapes that come again and again, code of their own. The environment variable
PAYLOAD_COMPILER_BACKEND set to `interpreter` or `generated` when a ruleset is loaded decides otherwise, for tests.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.engine import form
    from compiler.engine.generated import Answer

    Run = Callable[[Any, bool | Collection[str], Callable[[Any], Any]], Answer | None]

VARIABLE = "PAYLOAD_COMPILER_BACKEND"

# In members and items of documents, for which the interpreter takes some ten microseconds each. Once they have cost as
# much as writing the code does, it is written: so nobody pays more than twice what was needed.
_FIRST = 1000
_OFTEN = 20  # uses of the code for all, until a shape gets its own
_MOST = 64  # shapes with code of their own


class Backend:
    """The generated code of one ruleset, as far as it has been written."""

    def __init__(self) -> None:
        self._chosen = os.environ.get(VARIABLE)
        self._weight = 0
        self._general: Run | None = None
        self._uses: dict[tuple[str, ...], int] = {}
        self._runs: dict[tuple[str, ...], Run] = {}

    def __reduce__(self) -> tuple[type[Backend], tuple[()]]:
        return Backend, ()  # elsewhere, code is written anew

    def run(self, ruleset: form.Ruleset, document: Any) -> Run | None:
        """What runs the ruleset on a document of any content; None where the interpreter has to, be it for now."""
        if self._general is None and self._pays(document):
            self._general = _written(ruleset, None, fits=False)
        return self._general

    def run_fitting(self, ruleset: form.Ruleset, document: Mapping[str, Any]) -> Run | None:
        """What runs it on a document that fits the input schema, and that the output may take over.

        None where the interpreter has to, be it for now. Of one ruleset either this is asked for or `run`.
        """
        shape = tuple(document)
        run = self._runs.get(shape)
        if run is not None:
            return run
        if self._general is None:
            if not self._pays(document):
                return None
            self._general = _written(ruleset, None, fits=True)
        uses = self._uses[shape] = self._uses.get(shape, 0) + 1
        if uses < _OFTEN or len(self._runs) >= _MOST:
            if len(self._uses) > _MOST * _OFTEN:  # so many shapes come once, and never again
                self._uses = {}
            return self._general
        self._runs[shape] = _written(ruleset, shape, fits=True)
        return self._runs[shape]

    @property
    def general(self) -> Run | None:
        """What runs any document, and copies what the output takes over; None where there is no code yet."""
        return self._general

    def _pays(self, document: Any) -> bool:
        if self._chosen == "interpreter":
            return False
        self._weight += _weight(document)
        return self._weight >= _FIRST or self._chosen == "generated"


def _written(ruleset: form.Ruleset, present: Collection[str] | None, *, fits: bool) -> Run:
    from compiler.engine.generated import generate

    return generate(ruleset, present, fits=fits, owns=present is not None).run


def _weight(document: Any) -> int:
    """How many members and items a document has, down to the second level."""
    if not isinstance(document, Mapping | list):
        return 1
    members = list(document.values()) if isinstance(document, Mapping) else document
    return 1 + len(members) + sum(len(each) for each in members if isinstance(each, Mapping | list))
