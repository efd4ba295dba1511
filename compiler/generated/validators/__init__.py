"""Precompiled schema validators, one module for each schema that is checked often.

A validator never accepts a document that jsonschema rejects. If it rejects one, the caller falls back to jsonschema,
which also produces the errors; so no schema is read and jsonschema is not imported while documents are valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple


class ValidatorSpec(NamedTuple):
    """What the validator in a module of this package is for.

    schema: the schema's path under `schemas/`. untrusted_python: whether the document may hold values that are not
    JSON; if not, only its members are checked. exempt: the keywords that are not checked.
    """

    schema: str
    untrusted_python: bool
    exempt: tuple[str, ...] = ()


VALIDATORS: Mapping[str, ValidatorSpec] = {
    "message": ValidatorSpec("message.schema.json", untrusted_python=True),
    "options": ValidatorSpec("options.schema.json", untrusted_python=True),
    "payload": ValidatorSpec(
        "mailjet-v3/payload.schema.json", untrusted_python=False, exempt=("maxLength", "maxItems")
    ),
    "call": ValidatorSpec("mailjet-v3.1/call.schema.json", untrusted_python=False, exempt=("maxLength", "maxItems")),
}
"""The validators, by the names of their modules."""


def fast_validator(schema: str, exempt: tuple[str, ...] = ()) -> Callable[[Any], bool] | None:
    """The validator of the schema at this path; None if there is none."""
    for name, spec in VALIDATORS.items():
        if (spec.schema, spec.exempt) == (schema, exempt):
            accepts: Callable[[Any], bool] = import_module(f"{__name__}.{name}").accepts
            return accepts
    return None
