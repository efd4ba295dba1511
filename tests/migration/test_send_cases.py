"""A message compiled for v3.1 is what Mailjet's migration table makes of the payload of the same message for v3."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import compiler
from compiler.conformance.case_files import Case
from compiler.conformance.compare import differences
from compiler.conformance.outputs import output_schema_path
from compiler.engine.schema import dereference
from compiler.json_io import resources
from tests.cases import CASES
from tests.migration.by_hand import ROWS, migrate_by_hand

SCHEMA = dereference(resources.BASE + output_schema_path("mailjet-v3.1", "send"), resources.schemas())

SEND_CASES = [
    case
    for case in CASES
    if (case.target, case.ruleset) == ("mailjet-v3", "send") and "output" in case.expect and "message" in case.input
]

OTHERWISE = {
    "a property of esp_extra is one of a version": "esp_extra",
    "a template's own sender is not looked up": "template_sender",
    "a call has at most 50 messages": "LimitExceeded",
    "an attachment must not be empty": "empty-attachment",
    "there is one address for replies": "multiple reply_to addresses",
    "a header must not be forbidden": "reserved header",
}
"""What the table does not cover, or v3.1 cannot say: the reason, and what shows it in a case or in the errors."""


def reason_of_difference(case: Case, errors: tuple[compiler.Diagnostic, ...]) -> str | None:
    """Why the table does not apply to a case; None if it has to."""
    options = case.input.get("options", {})
    texts = {error.params.get("feature", error.params.get("reason", error.code)) for error in errors}
    texts |= {"template_sender"} if "template_sender" in options else set()
    defaults = options.get("send_defaults") or {}
    texts |= {"esp_extra"} if case.input["message"].get("esp_extra") or defaults.get("esp_extra") else set()
    return next((reason for reason, text in OTHERWISE.items() if text in texts), None)


def with_content_ids_as_names(payload: Any) -> Any:
    """The payload with each inline attachment as the table has it: its name is what the HTML refers to."""
    changed = copy.deepcopy(payload)
    for message in changed["Messages"]:
        for file in message.get("InlinedAttachments", ()):
            file["Filename"] = file.pop("ContentID")
    return changed


@pytest.fixture(scope="module")
def compared() -> dict[str, int]:
    """The number of cases for each reason not to apply the table; the others agree."""
    counts: dict[str, int] = {}
    for case in SEND_CASES:
        result = compiler.compile(case.input["message"], "mailjet-v3.1", case.input.get("options"))
        reason = reason_of_difference(case, result.errors)
        if reason is None:
            expected = {"output": migrate_by_hand(case.expect["output"])}
            assert result.ok, case.id
            actual = {"output": with_content_ids_as_names(result.unwrap())}
            assert differences(expected, actual, SCHEMA) == (), case.id
        counts[reason or "agrees"] = counts.get(reason or "agrees", 0) + 1
    return counts


def test_every_message_agrees_with_the_table(compared: dict[str, int]) -> None:
    assert compared["agrees"] > 250
    assert compared.keys() == {*OTHERWISE, "agrees"}


def test_every_row_that_a_message_can_reach_is_compared() -> None:
    payloads = [case.expect["output"] for case in SEND_CASES if reason_of_difference(case, ()) is None]
    reached = {name for payload in payloads for message in payload.get("Messages", [payload]) for name in message}
    only_in_esp_extra = {
        "MJ-TemplateErrorReporting", "MJ-TemplateErrorDeliver", "Mj-prio", "Mj-deduplicatecampaign", "Mj-CustomID",
        "Mj-MonitoringCategory",
    }  # fmt: skip
    assert reached == {*ROWS, "FromEmail", "FromName", "Recipients", "Headers"} - only_in_esp_extra
