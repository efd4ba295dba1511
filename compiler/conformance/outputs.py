"""The schemas of what each ruleset gives, by whose marks (`x-compare`) some properties are compared by meaning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from compiler.conformance.case_files import Case
from compiler.engine.schema import Schema, dereferenced
from compiler.json_io import resources

OUTPUTS: Mapping[str, str] = {
    "send": "mailjet-v3/payload.schema.json",
    "response": "recipient-statuses.schema.json",
    "events": "tracking-events.schema.json",
    "inbound": "inbound-message.schema.json",
    "template": "template-sender.schema.json",
}
"""The schema of what each ruleset gives, by its path under `schemas/`."""


def output_schema(case: Case) -> Schema | None:
    """The schema by whose marks an answer is compared by meaning; None for a case that is compared to the letter."""
    return None if case.level == "should" or case.ruleset not in OUTPUTS else _schema(case.ruleset)


@cache
def _schema(ruleset: str) -> Schema:
    return dereferenced(resources.BASE + OUTPUTS[ruleset], resources.schemas())
