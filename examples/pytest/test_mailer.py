"""A Python integration that tests itself with the conformance suite: `python -m pytest examples/pytest`.

`answer` stands for the integration. It supports senders, recipients, text and tags, so only the cases that require
nothing else are used. Add each further capability to `HAVING` to include the cases that require it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from compiler import conformance

HAVING = {"tags"}


def answer(given: Mapping[str, Any]) -> dict[str, Any]:
    """The payload for a message, or the errors."""
    message = given["message"]
    tags = message.get("tags") or []
    feature = {"feature": "multiple tags"}
    errors = [{"code": "UnsupportedFeature", "path": f"/tags/{n}", "params": feature} for n in range(1, len(tags))]
    if errors:
        return {"errors": errors}
    payload = {
        "FromEmail": message["from_email"],
        "Recipients": [{"Email": email} for email in message["to"]],
        "Subject": message["subject"],
        "Text-part": message["body"],
    }
    return {"output": payload | ({"Mj-campaign": tags[0]} if tags else {})}


@pytest.mark.parametrize("case", conformance.cases(ruleset="send", having=HAVING), ids=str)
def test_conformance(case: conformance.Case) -> None:
    """The integration does what the case expects."""
    conformance.assert_case(case, answer(case.input))
