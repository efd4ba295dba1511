"""The schemas of results for one target: those of the package, with what the target declares, and its own."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from compiler.json_io import resources
from compiler.pipeline.targets import Target, own_target_names, target_folder

_DIAGNOSTIC = f"{resources.BASE}diagnostic.schema.json"


def build_schemas(target: Target) -> Mapping[str, Mapping[str, Any]]:
    """The schemas that results of a target conform to, by `$id`.

    In that of diagnostics, `reason` has the values that the target declares in its manifest.
    """
    own = {} if target.folder is None else target.folder.schemas
    schemas: dict[str, Mapping[str, Any]] = {**resources.schemas(), **own}
    if target.manifest is not None and target.manifest.reasons and _DIAGNOSTIC not in own:
        schemas[_DIAGNOSTIC] = _with_reasons(schemas[_DIAGNOSTIC], target.manifest.reasons)
    return schemas


def known_reasons(code: str) -> tuple[str, ...]:
    """The values of the param `reason` that the suite knows for a code."""
    return tuple(_reason(resources.schemas()[_DIAGNOSTIC], code).get("enum", ()))


def known_features() -> frozenset[str]:
    """The names of unsupported features that every target may use: fields, and those of the package's own targets."""
    from compiler.frontend.fields import FIELDS

    manifests = (target_folder(name)[0].manifest for name in own_target_names())
    return frozenset(FIELDS).union(*(manifest.features for manifest in manifests if manifest is not None))


def _with_reasons(schema: Mapping[str, Any], reasons: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    changed = copy.deepcopy(dict(schema))
    for code, added in reasons.items():
        reason = _reason(changed, code)
        reason["enum"] = list(dict.fromkeys((*reason["enum"], *added)))
    return changed


def _reason(schema: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The schema of the param `reason` of a code; empty if it has none."""
    found: dict[str, Any] = schema["$defs"].get(code, {}).get("properties", {}).get("params", {})
    reason: dict[str, Any] = found.get("properties", {}).get("reason", {})
    return reason
