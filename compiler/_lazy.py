"""Names of a package that are imported when they are first used, because importing them costs time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def attach(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """A `__getattr__` for a package: it imports a name from the module that the table gives, and keeps it."""
    found_in = {name: module for module, names in modules.items() for name in names}

    def get_attribute(name: str) -> Any:
        if name not in found_in:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        attribute = getattr(import_module(found_in[name], package), name)
        setattr(sys.modules[package], name, attribute)
        return attribute

    return get_attribute
