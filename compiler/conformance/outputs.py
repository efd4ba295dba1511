"""The output schema of each ruleset. Its `x-compare` marks name the properties to normalize before comparison."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from compiler.conformance.case_files import Case
from compiler.engine.schema import Schema, dereference
from compiler.json_io import resources

OUTPUTS: Mapping[str, str] = {
    "send": "{target}/payload.schema.json",
    "response": "recipient-statuses.schema.json",
    "events": "tracking-events.schema.json",
    "inbound": "inbound-message.schema.json",
    "template": "template-sender.schema.json",
    "decompile": "messages.schema.json",
    "from_mailjet_v3": "{target}/payloads.schema.json",
    "from_mailjet_v3_1": "{target}/payloads.schema.json",
}
"""The output schema of each ruleset of the suite, as a path under `schemas/`, in which `{target}` is the target."""


def output_schema_path(target: str, ruleset: str) -> str:
    """The path under `schemas/` of the schema of a ruleset's output."""
    return OUTPUTS[ruleset].format(target=target)


def output_schema(case: Case, schemas: Mapping[str, Schema] | None = None) -> Schema | None:
    """The schema with the `x-compare` marks; None for a case whose output is compared without normalization.

    `schemas` are those of another target, by ruleset.
    """
    if case.level == "should":
        return None
    if schemas is not None:
        return schemas.get(case.ruleset)
    return _schema(output_schema_path(case.target, case.ruleset)) if case.ruleset in OUTPUTS else None


@cache
def _schema(path: str) -> Schema:
    return dereference(resources.BASE + path, resources.schemas())
