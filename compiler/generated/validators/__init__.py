"""Precompiled schema validators, one module for each schema that is checked often.

A validator never accepts a document that jsonschema rejects. If it rejects one, the caller falls back to jsonschema,
which also produces the errors; so no schema is read and jsonschema is not imported while documents are valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple


class Guarded(NamedTuple):
    """What the guard in a module of this package is for.

    schema: the schema's path under `schemas/`. of_anything: whether the document may hold what is not JSON; if not,
    only what stands in its members counts. exempt: the keywords that do not count.
    """

    schema: str
    of_anything: bool
    exempt: tuple[str, ...] = ()


GUARDS: Mapping[str, Guarded] = {
    "message": Guarded("message.schema.json", of_anything=True),
    "options": Guarded("options.schema.json", of_anything=True),
    "payload": Guarded("mailjet-v3/payload.schema.json", of_anything=False, exempt=("maxLength", "maxItems")),
}
"""The guards, by the names of their modules."""


def guard_of(schema: str, exempt: tuple[str, ...] = ()) -> Callable[[Any], bool] | None:
    """The guard for the schema at this path; None where there is none."""
    for name, guarded in GUARDS.items():
        if (guarded.schema, guarded.exempt) == (schema, exempt):
            accepts: Callable[[Any], bool] = import_module(f"{__name__}.{name}").accepts
            return accepts
    return None
