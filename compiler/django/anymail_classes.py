"""django-anymail's classes, where it is installed: ours extend them, so that existing code recognizes ours."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

_Class = TypeVar("_Class", bound=type)
_T = TypeVar("_T")


def find_in_anymail(module: str, name: str, default: _T) -> _T:
    """An attribute of a module of django-anymail, or the default if it is not installed or has no such attribute."""
    try:
        found: _T = getattr(import_module(f"anymail.{module}"), name, default)
    except ImportError:
        return default
    return found


def extends_anymail(module: str) -> Callable[[_Class], _Class]:
    """A class decorator: makes django-anymail's class of the same name a base as well, where it is installed.

    Methods of a decorated class must not use `super()` without arguments, because the class is created again.
    """

    def extend(own: _Class) -> _Class:
        base: Any = find_in_anymail(module, own.__name__, None)
        if base is None:
            return own
        members = {name: value for name, value in vars(own).items() if name not in ("__dict__", "__weakref__")}
        bases = list(own.__bases__)
        # Before the bases that it shares with ours, or else there is no method resolution order.
        position = next((index for index, known in enumerate(bases) if issubclass(base, known)), len(bases))
        if bases[position:] == [object]:
            bases.pop()
        bases.insert(position, base)
        extended: Any = type(own)(own.__name__, tuple(bases), members)
        result: _Class = extended
        return result

    return extend
