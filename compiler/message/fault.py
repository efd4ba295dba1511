"""What the front end finds wrong, as values. Turning a fault into a diagnostic is the business of whoever asked."""

from __future__ import annotations

from typing import Literal, NamedTuple

Document = Literal["message", "options"]


class Fault(NamedTuple):
    """One thing wrong with a document.

    path and related are JSON Pointers that UTF-8 can always carry; reason and feature are the diagnostic's parameters
    of those names; message and hint are for people.
    """

    code: str
    path: str
    reason: str | None
    message: str
    hint: str | None = None
    document: Document = "message"
    related: tuple[str, ...] = ()
    feature: str | None = None

    @property
    def params(self) -> dict[str, str]:
        """The diagnostic's parameters."""
        given = {"reason": self.reason, "feature": self.feature}
        return {name: value for name, value in given.items() if value is not None}
