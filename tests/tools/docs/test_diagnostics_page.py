"""The page of diagnostics: an entry for each code, with an example that gives it, and one that does not."""

from __future__ import annotations

from typing import Any

import pytest

import compiler
from tests.docs.test_tables import features
from tools.docs.diagnostics_page import entries, registry

ENTRIES = entries()
WITHOUT_EXAMPLE = {"InternalError", "MoreErrors", "MoreWarnings"}  # a fault of ours; thousands of mistakes


def test_every_code_has_an_entry_in_the_order_of_the_registry() -> None:
    assert list(ENTRIES) == list(registry())
    assert {code for code, entry in ENTRIES.items() if entry.example is None} == WITHOUT_EXAMPLE


@pytest.mark.parametrize("code", sorted(set(ENTRIES) - WITHOUT_EXAMPLE))
def test_an_example_gives_the_code_and_mended_it_does_not(code: str) -> None:
    entry = ENTRIES[code]
    assert entry.example is not None
    status, printed = entry.run(entry.example)
    severity = registry()[code]["properties"]["severity"]["const"]
    assert status == (1 if severity == "error" else 0)
    assert f" {severity}: {code}" in printed
    if entry.mended is not None:
        assert entry.run(entry.mended) == (0, "")


@pytest.mark.parametrize("code", ENTRIES)
def test_the_situations_are_those_of_the_registry(code: str) -> None:
    params = registry()[code]["properties"]["params"]["properties"]
    details = set(ENTRIES[code].details)
    if "reason" in params:
        assert details == set(params["reason"]["enum"])
    elif code == "UnsupportedFeature":
        assert details == {*features(), "non-ascii local part"}
    else:
        assert details == set()


OF_V3_1 = ("multiple reply_to addresses", "reserved header")
LETTER: dict[str, Any] = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
IGNORED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "multiple tags": ({"tags": ["one", "two"]}, {"Mj-campaign": "one"}),
    "send_at": ({"send_at": "2030-01-31T12:00:00Z"}, {}),
    "multiple from emails": ({"from_email": "a@example.com, c@example.com"}, {"FromEmail": "a@example.com"}),
    "multiple html parts": (
        {"alternatives": [{"content": f"<p>{text}", "mimetype": "text/html"} for text in ("one", "two")]},
        {"Html-part": "<p>two"},
    ),
    "alternative part": ({"alternatives": [{"content": "{}", "mimetype": "application/json"}]}, {}),
    "spoofed to header": ({"extra_headers": {"To": "c@example.com"}}, {"Recipients": [{"Email": "b@example.com"}]}),
    "cc header": ({"extra_headers": {"Cc": "c@example.com"}}, {}),
    "bcc header": ({"extra_headers": {"Bcc": "c@example.com"}}, {}),
    "multiple reply_to addresses": (
        {"reply_to": ["c@example.com", "d@example.com"]},
        {"ReplyTo": {"Email": "c@example.com"}},
    ),
    "reserved header": ({"extra_headers": {"X-Mailer": "x"}}, {}),
}


def test_what_happens_if_a_feature_is_ignored_has_an_example() -> None:
    assert set(IGNORED) == {name for name, ignorable in features().items() if ignorable}
    assert ENTRIES["UnsupportedFeature"].details["multiple html parts"] == "the last HTML part is used"


@pytest.mark.parametrize("feature", IGNORED)
def test_what_happens_if_a_feature_is_ignored(feature: str) -> None:
    more, expected = IGNORED[feature]
    target = "mailjet-v3.1" if feature in OF_V3_1 else "mailjet-v3"
    without = compiler.compile(LETTER, target).unwrap()
    options = {"ignore_unsupported_features": [feature]}
    payload = compiler.compile({**LETTER, **more}, target, options).unwrap()
    if target == "mailjet-v3.1":
        assert payload == {"Messages": [{**without["Messages"][0], **expected}]}
    else:
        assert payload == {**without, **expected}
