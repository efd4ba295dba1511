"""A function that rules may call, as its caller registers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Function(NamedTuple):
    """A registered function: from JSON to JSON, pure and total; None is absent. Its schemas are for the checker.

    `inline` are a condition and an expression, Python with the arguments' names for `{0}` and so on: where
    the condition holds, the expression gives what the function gives, and generated code need not call it.
    """

    name: str
    parameters: tuple[Mapping[str, Any], ...]
    result: Mapping[str, Any]
    apply: Callable[..., Any]
    inline: tuple[str, str] | None = None
