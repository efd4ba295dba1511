"""Precompiled rulesets: generated code that comes with the package, so that the first message is as fast as others.

`python -m tools.generate` writes the modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

MODULES = ("mailjet_v3_1_send", "mailjet_v3_send")
"""The names of the modules: the target's folder and the ruleset's name."""


@dataclass(frozen=True, slots=True)
class PrecompiledRuleset:
    """The module of a ruleset, imported on first use.

    `find` gives the functions that rules may call, by their names.
    """

    module: str
    find: Callable[[Iterable[str]], Mapping[str, Any]]

    def run_function(self) -> Any:
        """The function that runs the rules on valid documents."""
        module = import_module(self.module)
        return module.link(self.find(module.FUNCTIONS))

    def policy(self) -> Mapping[str, Any]:
        """What the rules ask of the program that makes their input."""
        policy: Mapping[str, Any] = import_module(self.module).POLICY
        return policy

    def fingerprint(self) -> str:
        """The hash of the rule files that the code was generated from; empty for a module of this package."""
        found: str = getattr(import_module(self.module), "FINGERPRINT", "")
        return found


def find_precompiled(name: str, find: Callable[[Iterable[str]], Mapping[str, Any]]) -> PrecompiledRuleset | None:
    """The module of this name; None if there is none."""
    return PrecompiledRuleset(f"{__name__}.{name}", find) if name in MODULES else None
