"""The requirements of the suite: there is a case for each requirement and for each diagnostic."""

from __future__ import annotations

from compiler.json_io import resources
from tests.cases import CASES
from tools.docs import golden_pages

TEXT = golden_pages.REQUIREMENTS.read_text(encoding="utf-8")


def test_every_requirement_has_cases_and_every_case_a_requirement() -> None:
    headings = golden_pages.headings(TEXT)
    assert len(headings) == TEXT.count("\n## ") - 1
    assert set(golden_pages.group_cases(CASES)) == set(headings)
    for case in CASES:
        assert any(entry["source"] == golden_pages.SOURCE for entry in case.spec), case.id


def test_every_code_and_reason_has_a_case() -> None:
    registry = resources.schemas()[resources.BASE + "diagnostic.schema.json"]["$defs"]
    registered = {
        (code, reason)
        for code, schema in registry.items()
        for reason in schema["properties"]["params"]["properties"].get("reason", {}).get("enum", [None])
    }
    expected = {
        (diagnostic["code"], diagnostic.get("params", {}).get("reason"))
        for case in CASES
        for diagnostic in (*case.expect.get("errors", ()), *case.expect.get("warnings", ()))
    }
    # Not expressible in other languages, not caused by any input, or too large for the suite.
    without_case = {
        ("InvalidMessage", "not-json"),
        ("InternalError", None),
        ("MoreErrors", None),
        ("MoreWarnings", None),
    }
    assert registered - expected == without_case


def test_every_unsupported_feature_is_refused_and_dropped_in_some_case() -> None:
    features: dict[str, set[str]] = {"UnsupportedFeature": set(), "FeatureDropped": set()}
    for case in CASES:
        for diagnostic in (*case.expect.get("errors", ()), *case.expect.get("warnings", ())):
            if diagnostic["code"] in features:
                features[diagnostic["code"]].add(diagnostic["params"]["feature"])
    assert features["UnsupportedFeature"] - features["FeatureDropped"] == {"non-ascii local part", "sandbox mode"}
    assert features["FeatureDropped"] == {
        "URL tags",
        "advance error handling",
        "alternative part",
        "bcc header",
        "cc header",
        "multiple from emails",
        "multiple html parts",
        "multiple reply_to addresses",
        "multiple tags",
        "reserved header",
        "send_at",
        "sender name without address",
        "spoofed to header",
    }
