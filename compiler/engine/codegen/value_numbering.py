"""Value numbering: the keys by which generated code knows values that it has computed already."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import Item, Items, no_value_origin, tuples_to_lists


def structural_key(value: Any, items: Items) -> Any:
    """A key that is equal for expressions with the same value in the same scope (value numbering)."""
    if isinstance(value, ir.Reference):
        if value.scope is None or value.scope >= len(items):
            return value.scope, value.tokens
        # An item is identified by its loop variable; an item of a loop inside the value, by its scope.
        return items[-1 - value.scope].name or value.scope, value.tokens
    if isinstance(value, tuple):
        return tuple(structural_key(item, items) for item in value)
    if isinstance(value, ir.Const):
        return "const", json.dumps(tuples_to_lists(value.literal), sort_keys=True)
    if isinstance(value, ir.Expression | ir.Branch):
        kinds = {field.name: field.metadata.get("kind", "") for field in fields(value)}
        names = [name for name in kinds if name not in ("location", "item_independent", "run_constant")]
        deeper = (*items, Item("", no_value_origin))
        within = {name: deeper if kinds[name].startswith("inner ") else items for name in names}
        return type(value).__name__, *((name, structural_key(getattr(value, name), within[name])) for name in names)
    return type(value).__name__, json.dumps(tuples_to_lists(value)) if isinstance(value, list | dict) else value
