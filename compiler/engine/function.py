"""A function that rules can call, as the caller registers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Function(NamedTuple):
    """A registered function from JSON to JSON, pure and total; None means absent.

    It must neither change its arguments nor return parts of them: generated code passes parts of the document, and
    writes what is returned without copying it. It is called only with arguments of its parameters' types; otherwise the
    schemas are for the checker. `inline` is an inlining template: a condition and an expression, Python source with
    `{0}`, `{1}`, ... for the arguments. Where the condition holds, the expression must equal the call; generated code
    evaluates it instead of calling. `doc` says what the result is.
    """

    name: str
    parameters: tuple[Mapping[str, Any], ...]
    result: Mapping[str, Any]
    apply: Callable[..., Any]
    inline: tuple[str, str] | None = None
    doc: str = ""
