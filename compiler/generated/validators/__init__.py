"""Whether documents fit their schemas, told fast: a generated module for each schema that is asked all the time.

What a guard accepts, jsonschema accepts; what it refuses may still be right, so then jsonschema has the word, which
also says what is wrong. So where nothing is wrong, no schema is read and jsonschema not imported. `plain` is written by
hand: what JSON may hold at all. `python -m compiler.engine guard` writes the rest, and a test sees that it is fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple


class Guarded(NamedTuple):
    """What the guard in a module of this package is for.

    schema: the schema's path under `schemas/`. of_anything: whether the document may hold what is no JSON; where not,
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
