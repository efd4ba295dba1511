"""Explanations: what `compiler.explain` returns. These are plain values without logic.

They are apart from `results` because most runs need none, and dataclasses take time to create.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal

from compiler.results import Diagnostic, Location, OutputT_co, Result


@dataclass(frozen=True, slots=True)
class RuleReference:
    """A rule that wrote something: its id, why it is so, and where that is documented.

    `urls` are those of the source. `file` is the file with the rule, if the ruleset includes it, as the ruleset names
    it; else None.
    """

    rule: str
    doc: str
    source: str
    urls: tuple[str, ...] = ()
    file: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready copy; without a `file` that is None."""
        file = {} if self.file is None else {"file": self.file}
        return {"rule": self.rule, "doc": self.doc, "source": self.source, "urls": list(self.urls), **file}


@dataclass(frozen=True, slots=True)
class Provenance:
    """One value of the payload, at `pointer`: why it is there, and what in the message (or options) it is made of.

    A value that is not a list or object has one reason; others have those of all rules that wrote to them, in order.
    `inputs` are in the order of the message, then of the defaults, then other options; a constant has those that were
    read to choose it, or that made its rule apply. For a decoded body, these are the values of the output; `inputs` are
    then in the order of the body, followed by the message that was sent, and its options. A value made of all leaves of
    a list or object of the body that has more than ten of them has that list or object as its input instead.
    """

    pointer: str
    value: Any
    reasons: tuple[RuleReference, ...]
    inputs: tuple[Location, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready copy."""
        return {
            "pointer": self.pointer,
            "value": self.value,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "inputs": [location.to_dict() for location in self.inputs],
        }


LeafStatusName = Literal["written", "overridden", "diagnosed", "nothing", "undecided"]


@dataclass(frozen=True, slots=True)
class LeafStatus:
    """What became of one leaf (a string, number, boolean, null, or empty list or object) of the input.

    `written`: it is in the payload, at the pointers in `at`; if there are errors, it would be there, in one message.
    `overridden`: something else was used instead, from the locations in `by`. `diagnosed`: it is not written, and
    the diagnostics report it. `nothing`: it has no content to write: null, empty, blank, or the `$schema` for editors.
    `undecided`: unknown because of the errors. `diagnostics` are all that concern it, with any status.

    The leaves of a body have the same statuses; with errors there is no output, so none is `written`. One that
    is in all leaves of a list or object with more than ten of them has that list or object in `at` instead. `nothing`
    is also the status of a value that has no counterpart in the output, such as the subject of a stored template.
    """

    location: Location
    status: LeafStatusName
    at: tuple[str, ...] = ()
    by: tuple[Location, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready copy; its diagnostics only by code, because the result contains them."""
        return {
            **self.location.to_dict(),
            "fate": self.status,
            "at": list(self.at),
            "by": [location.to_dict() for location in self.by],
            "codes": [diagnostic.code for diagnostic in self.diagnostics],
        }


@dataclass(frozen=True)  # no slots, as `Result`
class Explanation(Generic[OutputT_co]):
    """The result, each value of the payload with its reasons, and each leaf of the message with its status.

    `payload` is in the order of the payload, a list or object before what is in it, the payload as a whole left out; it
    is empty if there are errors. `statuses` are in the order of the message, then of the defaults. For a body,
    `payload` is what it decodes to, and `statuses` are those of its leaves. In JSON they are called `fates`.
    """

    result: Result[OutputT_co]
    payload: tuple[Provenance, ...]
    statuses: tuple[LeafStatus, ...]

    def provenance(self, pointer: str) -> Provenance:
        """The value at this pointer of the payload. Raises KeyError."""
        for value in self.payload:
            if value.pointer == pointer:
                return value
        raise KeyError(pointer)

    def status(self, path: str, document: str = "message") -> LeafStatus:
        """The status of the leaf at this pointer of the message, or of another document. Raises KeyError."""
        for status in self.statuses:
            if (status.location.document, status.location.path) == (document, path):
                return status
        raise KeyError(path)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict, of the shape of `schemas/explanation.schema.json`."""
        return {
            "result": self.result.to_dict(),
            "payload": [value.to_dict() for value in self.payload],
            "fates": [status.to_dict() for status in self.statuses],
        }
