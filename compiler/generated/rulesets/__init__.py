"""Precompiled rulesets: generated code that comes with the package, so that the first message is as fast as others.

`python -m tools.generate` writes the modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

MODULES = ("mailjet_v3_send",)
"""The names of the modules: the target's and the ruleset's."""


def code_of(name: str, find: Callable[[Iterable[str]], Mapping[str, Any]]) -> Callable[[], Any] | None:
    """What gives the function of the module of this name; None where there is no such module.

    `find` gives the functions that rules may call, by their names.
    """
    if name not in MODULES:
        return None

    def link() -> Any:
        module = import_module(f"{__name__}.{name}")
        return module.link(find(module.FUNCTIONS))

    return link
