"""The functions that rules may call, by name: a closed list, each pure, total and typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compiler.engine import Function


def all_functions() -> Mapping[str, Function]:
    """Every function that rules may call."""
    from compiler.functions.decoding import DECODING_FUNCTIONS
    from compiler.functions.message import MESSAGE_FUNCTIONS

    return {**MESSAGE_FUNCTIONS, **DECODING_FUNCTIONS}


def find_functions(names: Iterable[str]) -> Mapping[str, Function]:
    """The functions of these names, and perhaps more; the modules are imported only if needed."""
    from compiler.functions.message import MESSAGE_FUNCTIONS

    return MESSAGE_FUNCTIONS if MESSAGE_FUNCTIONS.keys() >= set(names) else all_functions()
