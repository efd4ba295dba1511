"""The front end as a whole: the canonical message, the origin of its values, and every diagnostic."""

from __future__ import annotations

import re
from typing import Any

import pytest

from compiler.frontend.fields import FIELDS, NEUTRAL, TargetPolicy, parse_policy
from compiler.frontend.full import CanonicalResult, canonicalize
from compiler.json_io import resources
from tests.frontend.policies import STRICT

BOB = {"email": "bob@example.com", "name": "Bob"}


def report(message: Any, options: Any = None) -> list[tuple[Any, ...]]:
    """Each diagnostic as code, path and parameter values, preceded by the document unless it is the message."""
    diagnostics = canonicalize(message, options or {}, STRICT).diagnostics
    rows = [
        (diagnostic.document, diagnostic.code, diagnostic.path, *diagnostic.params.values())
        for diagnostic in diagnostics
    ]
    return [row[1:] if row[0] == "message" else row for row in rows]


def canonical_message(message: Any, **defaults: Any) -> Any:
    result = canonicalize(message, {"send_defaults": defaults}, STRICT)
    assert result.diagnostics == ()
    errors = resources.validator("canonical-message.schema.json").iter_errors(result.document)
    assert [error.message for error in errors] == []
    return result.document


def individual(expected: dict[str, Any]) -> dict[str, Any]:
    """A canonical message that is individual unless it says something else."""
    return {"delivery": "individual", **expected}


# --- The canonical message --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({}, {}),
        (dict.fromkeys(FIELDS), {}),
        ({"$schema": "x"}, {}),
        ({"to": ["Bob <bob@example.com>"]}, {"to": [BOB]}),
        ({"to": [{"email": "bob@example.com", "name": "Bob"}]}, {"to": [BOB]}),
        ({"to": [{"email": "bob@example.com", "name": None}]}, {"to": [{"email": "bob@example.com"}]}),
        ({"to": ["a@x.com, Bob <bob@example.com>"]}, {"to": [{"email": "a@x.com"}, BOB]}),
        ({"from_email": "Bob <bob@example.com>"}, {"from_email": [BOB]}),
        ({"from_email": "a@x.com, b@x.com"}, {"from_email": [{"email": "a@x.com"}, {"email": "b@x.com"}]}),
        ({"envelope_sender": {"email": "b@bücher.de"}}, {"envelope_sender": {"email": "b@xn--bcher-kva.de"}}),
        ({"cc": []}, {"cc": []}),
        ({"subject": ""}, {"subject": ""}),
        ({"body": "x"}, {"text": "x"}),
        ({"body": "x", "content_subtype": "plain"}, {"text": "x"}),
        ({"body": "x", "content_subtype": "html"}, {"html": [{"content": "x"}]}),
        ({"content_subtype": "plain"}, {"content_subtype": "plain"}),
        ({"alternatives": [{"content": "x", "mimetype": "Text/HTML ; charset=x"}]}, {"html": [{"content": "x"}]}),
        (
            {"alternatives": [{"content": "x", "mimetype": "text/x-amp-html"}]},
            {"other_parts": [{"content": "x", "mimetype": "text/x-amp-html"}]},
        ),
        (
            {"extra_headers": {"X-A": 1, "X-B": 2.0, "X-C": 1.5, "X-D": "d"}},
            {"headers": {"X-A": "1", "X-B": "2", "X-C": "1.5", "X-D": "d"}},
        ),
        ({"extra_headers": {"from": "Bob <bob@example.com>"}}, {"header_from": BOB}),
        ({"extra_headers": {"TO": "anybody"}}, {"header_to": "anybody"}),
        (
            {"extra_headers": {"reply-TO": "a@x.com, Bob <bob@example.com>"}},
            {"header_reply_to": [{"email": "a@x.com"}, BOB]},
        ),
        ({"extra_headers": {"Reply-To": " "}}, {}),
        ({"template_id": 7}, {"template_id": "7"}),
        ({"template_id": 7.0}, {"template_id": "7"}),
        ({"template_id": "name"}, {"template_id": "name"}),
        ({"metadata": {"a": None}}, {"metadata": {"a": None}}),
        ({"merge_data": {"b@bücher.de": {"a": 1}}}, {"merge_data": {"b@xn--bcher-kva.de": {"a": 1}}}),
        ({"merge_metadata": {"a@x.com": {"a": None}}}, {"merge_metadata": {"a@x.com": {"a": None}}}),
        (
            {"send_at": "2017-06-01T12:00:00+02:00"},
            {"send_at": {"text": "2017-06-01T12:00:00+02:00", "seconds": 1496311200}},
        ),
        ({"send_at": "2017-02-30"}, {"send_at": {"text": "2017-02-30"}}),
        ({"send_at": 1496311200.9}, {"send_at": {"text": "2017-06-01T10:00:00Z", "seconds": 1496311200}}),
        ({"send_at": -1}, {"send_at": {"seconds": -1}}),
        ({"delivery": "shared"}, {"delivery": "shared"}),
        ({"delivery": "individual", "cc": [], "merge_data": {}}, {"cc": [], "merge_data": {}}),
        ({"cc": ["a@x.com"]}, {"cc": [{"email": "a@x.com"}], "delivery": "shared"}),
        ({"bcc": ["a@x.com"], "delivery": "shared"}, {"bcc": [{"email": "a@x.com"}], "delivery": "shared"}),
        ({"delivery": "shared", "merge_metadata": {}}, {"merge_metadata": {}, "delivery": "shared"}),
        ({"track_opens": False, "track_clicks": True}, {"track_opens": False, "track_clicks": True}),
        ({"esp_extra": {"Mj-prio": 3}}, {"esp_extra": {"Mj-prio": 3}}),
    ],
)
def test_each_field_has_a_canonical_form(message: Any, expected: Any) -> None:
    assert canonical_message(message) == individual(expected)


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        (
            {"filename": "a.txt", "content": "SGk="},
            {"name": "a.txt", "filename": "a.txt", "mimetype": "text/plain", "content": "SGk=", "inline": False},
        ),
        (
            {"content": "Hi", "encoding": "utf-8"},
            {
                "name": "attachment.bin",
                "mimetype": "application/octet-stream",
                "content": "SGk=",
                "inline": False,
            },
        ),
        (
            {"content": "", "mimetype": "application/pdf", "filename": ""},
            {"name": "attachment.pdf", "mimetype": "application/pdf", "content": "", "inline": False},
        ),
        (
            {"content": "", "mimetype": "image/png", "disposition": "inline", "content_id": "<logo>"},
            {"name": "attachment.png", "mimetype": "image/png", "content": "", "inline": True, "content_id": "logo"},
        ),
        (
            {"content": "", "filename": "a.png", "disposition": "inline", "content_id": "logo"},
            {
                "name": "a.png",
                "filename": "a.png",
                "mimetype": "image/png",
                "content": "",
                "inline": True,
                "content_id": "logo",
            },
        ),
        (
            {
                "content": "",
                "filename": "a.png",
                "disposition": None,
                "encoding": None,
                "mimetype": None,
                "content_id": None,
            },
            {"name": "a.png", "filename": "a.png", "mimetype": "image/png", "content": "", "inline": False},
        ),
    ],
)
def test_attachments_get_a_type_and_a_name(attachment: Any, expected: Any) -> None:
    assert canonical_message({"attachments": [attachment]}) == individual({"attachments": [expected]})


@pytest.mark.parametrize(
    ("message", "defaults", "expected"),
    [
        ({"subject": "m"}, {"subject": "d"}, {"subject": "m"}),
        ({}, {"subject": "d"}, {"subject": "d"}),
        ({"subject": None}, {"subject": "d"}, {}),
        ({"subject": ""}, {"subject": "d"}, {"subject": ""}),
        ({"subject": "m"}, {"subject": None}, {"subject": "m"}),
        ({"tags": ["m"]}, {"tags": ["d"]}, {"tags": ["d", "m"]}),
        ({"tags": []}, {"tags": ["d"]}, {"tags": ["d"]}),
        ({"tags": None}, {"tags": ["d"]}, {}),
        (
            {"metadata": {"a": 1, "b": {"x": 1}}},
            {"metadata": {"b": {"y": 2}, "c": 3}},
            {"metadata": {"a": 1, "b": {"x": 1}, "c": 3}},
        ),
        (
            {"extra_headers": {"x-a": "m"}},
            {"extra_headers": {"X-A": "d", "X-B": "d"}},
            {"headers": {"x-a": "m", "X-B": "d"}},
        ),
        ({"esp_extra": {"mj-PRIO": 1}}, {"esp_extra": {"Mj-prio": 2}}, {"esp_extra": {"mj-PRIO": 1}}),
        (
            {"merge_data": {"b@bücher.de": {"a": 1}}},
            {"merge_data": {"b@xn--bcher-kva.de": {"b": 2}}},
            {"merge_data": {"b@xn--bcher-kva.de": {"a": 1}}},
        ),
        ({"to": ["m@x.com"]}, {"to": ["d@x.com"]}, {"to": [{"email": "d@x.com"}, {"email": "m@x.com"}]}),
        ({}, {"cc": ["d@x.com"]}, {"cc": [{"email": "d@x.com"}], "from_defaults": ["cc"], "delivery": "shared"}),
        (
            {"bcc": ["m@x.com"]},
            {"bcc": ["d@x.com"]},
            {"bcc": [{"email": "d@x.com"}, {"email": "m@x.com"}], "delivery": "shared"},
        ),
        ({"body": "m", "content_subtype": "html"}, {"body": "d"}, {"html": [{"content": "m"}]}),
        (
            {"template_id": 0, "track_opens": False},
            {"template_id": 1, "track_opens": True},
            {"template_id": "0", "track_opens": False},
        ),
    ],
)
def test_defaults_combine_with_the_message(message: Any, defaults: Any, expected: Any) -> None:
    assert canonical_message(message, **defaults) == individual(expected)


@pytest.mark.parametrize(
    ("pointer", "location"),
    [
        ("/to/0/email", ("options", "/send_defaults/to/0")),
        ("/to/1", ("message", "/to/0")),
        ("/to/2/name", ("message", "/to/0")),
        ("/to/3/email", ("message", "/to/1/email")),
        ("/to", ("message", "/to")),
        ("/html/0/content", ("message", "/alternatives/0")),
        ("/headers/X-A", ("options", "/send_defaults/extra_headers/X-A")),
        ("/header_from/email", ("message", "/extra_headers/FROM")),
        ("/merge_data/b@xn--bcher-kva.de/deep/0", ("message", "/merge_data/b@bücher.de/deep/0")),
        ("/subject", ("message", "/subject")),
        ("/tags/0", ("options", "/send_defaults/tags/0")),
        ("/tags/1", ("message", "/tags/0")),
    ],
)
def test_every_canonical_value_has_a_location(pointer: str, location: tuple[str, str]) -> None:
    message = {
        "to": ["a@x.com, B <b@x.com>", {"email": "c@x.com"}],
        "alternatives": [{"content": "x", "mimetype": "text/html"}],
        "extra_headers": {"FROM": "f@x.com"},
        "merge_data": {"b@bücher.de": {"deep": [1]}},
        "tags": ["own"],
    }
    defaults = {"to": ["d@x.com"], "tags": ["shop"], "extra_headers": {"X-A": "1"}}
    assert canonicalize(message, {"send_defaults": defaults}).locator.locate(pointer) == location


def test_a_missing_value_is_located_in_the_message() -> None:
    result = canonicalize({}, {"send_defaults": {"to": []}})
    assert result.locator.locate("/to") == ("options", "/send_defaults/to")
    assert result.locator.locate_missing("/to") == ("message", "/to")
    assert result.locator.locate_missing("/text") == ("message", "/body")


# --- Diagnostics ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", [[], "x", 5, None, True, 1.5, b"x", object()])
def test_a_value_that_is_not_an_object_is_not_a_message(message: Any) -> None:
    reason = "not-json" if type(message) in (bytes, object) else "type"
    assert report(message) == [("InvalidMessage", "", reason)]


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "content_subtype"])
def test_a_field_of_the_wrong_type_is_reported_at_the_field(field: str) -> None:
    wrong = [1] if field not in ("to", "cc", "bcc", "reply_to", "alternatives", "attachments", "tags") else {"a": 1}
    assert report({field: wrong}) == [("InvalidMessage", f"/{field}", "type")]
    expected = [("options", "InvalidMessage", f"/send_defaults/{field}", "type")]
    assert report({}, {"send_defaults": {field: wrong}}) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"content_subtype": "markdown"}, [("InvalidMessage", "/content_subtype", "value")]),
        ({"to": [5, "bad", "a@x.com"]}, [("InvalidMessage", "/to/0", "type"), ("InvalidAddress", "/to/1")]),
        ({"to": [{}]}, [("InvalidMessage", "/to/0", "missing")]),
        ({"to": [{"email": 5}]}, [("InvalidMessage", "/to/0/email", "type")]),
        ({"to": [{"email": "bad"}]}, [("InvalidAddress", "/to/0/email")]),
        ({"to": [{"email": "a@x.com", "nam": "A"}]}, [("UnknownField", "/to/0/nam")]),
        ({"to": ["a@x.com\n"]}, [("InvalidValue", "/to/0", "line-break")]),
        ({"to": [{"email": "a@x.com", "name": "A\u2028B"}]}, [("InvalidValue", "/to/0/name", "line-break")]),
        ({"to": ["ä@x.com"]}, [("UnsupportedFeature", "/to/0", "non-ascii local part")]),
        ({"to": ["a@x.com"], "cc": ["ä@x.com, bad"]}, [("InvalidAddress", "/cc/0")]),
        ({"from_email": ""}, [("InvalidAddress", "/from_email")]),
        ({"envelope_sender": "a@x.com, b@x.com"}, [("InvalidAddress", "/envelope_sender")]),
        ({"subject": "a\x00b"}, [("InvalidValue", "/subject", "line-break")]),
        ({"subject": "\ud800"}, [("InvalidValue", "/subject", "surrogate")]),
        ({"tags": ["a", "b\r"]}, [("InvalidValue", "/tags/1", "line-break")]),
        ({"merge_data": {"a@x.com": None}}, [("InvalidValue", "/merge_data/a@x.com", "null")]),
        ({"merge_data": {"a@x.com": {"a": [{"b": None}]}}}, [("InvalidValue", "/merge_data/a@x.com/a/0/b", "null")]),
        ({"merge_global_data": {"a": None}}, [("InvalidValue", "/merge_global_data/a", "null")]),
        ({"merge_data": {"a@x.com": 5}}, [("InvalidMessage", "/merge_data/a@x.com", "type")]),
        ({"merge_metadata": {"a@x.com": None}}, [("InvalidMessage", "/merge_metadata/a@x.com", "type")]),
        (
            {"merge_metadata": {"b@bücher.de": {}, "b@xn--bcher-kva.de": {}}},
            [("IncompatibleFields", "/merge_metadata/b@bücher.de")],
        ),
        ({"esp_extra": {"A": 1, "a": 2, "b": 3}}, [("IncompatibleFields", "/esp_extra/A")]),
        ({"extra_headers": {"X": "1", "x": "2"}}, [("IncompatibleFields", "/extra_headers/X")]),
        ({"delivery": "individual", "cc": ["a@x.com"]}, [("IncompatibleFields", "/delivery")]),
        (
            {"delivery": "individual", "bcc": ["bad"]},
            [("InvalidAddress", "/bcc/0"), ("IncompatibleFields", "/delivery")],
        ),
        ({"delivery": "shared", "merge_data": {}}, [("IncompatibleFields", "/delivery")]),
        ({"delivery": "shared", "merge_metadata": {"a@x.com": {}}}, [("IncompatibleFields", "/delivery")]),
        ({"delivery": "both", "cc": ["a@x.com"]}, [("InvalidMessage", "/delivery", "value")]),
        ({"extra_headers": {"X": True}}, [("InvalidMessage", "/extra_headers/X", "type")]),
        ({"extra_headers": {"X": "a\nb"}}, [("InvalidValue", "/extra_headers/X", "line-break")]),
        ({"extra_headers": {"X\n": "a"}}, [("InvalidValue", "/extra_headers/X\n", "line-break")]),
        ({"extra_headers": {"X Y": "a"}}, [("InvalidMessage", "/extra_headers/X Y", "header-name")]),
        ({"extra_headers": {"": "a"}}, [("InvalidMessage", "/extra_headers/", "header-name")]),
        ({"extra_headers": {"From": "a@x.com, b@x.com"}}, [("InvalidAddress", "/extra_headers/From")]),
        ({"extra_headers": {"From": ""}}, [("InvalidAddress", "/extra_headers/From")]),
        ({"extra_headers": {"Reply-To": "bad"}}, [("InvalidAddress", "/extra_headers/Reply-To")]),
        (
            {"from_email": "a@x.com, b@x.com", "extra_headers": {"From": "c@x.com"}},
            [("InvalidAddress", "/from_email")],
        ),
        ({"attachments": [{"content": "a b="}]}, [("InvalidValue", "/attachments/0/content", "base64")]),
        ({"attachments": [{"filename": "a"}]}, [("InvalidMessage", "/attachments/0", "missing")]),
        (
            {"attachments": [{"content": "", "disposition": "inline"}]},
            [("MissingField", "/attachments/0/content_id")],
        ),
        (
            {"attachments": [{"content": "", "filename": "a\nb", "content_id": "<\r>"}]},
            [
                ("InvalidValue", "/attachments/0/content_id", "line-break"),
                ("InvalidValue", "/attachments/0/filename", "line-break"),
            ],
        ),
        (
            {"attachments": [{"content": "", "mimetype": "text"}]},
            [("InvalidMessage", "/attachments/0/mimetype", "value")],
        ),
        ({"alternatives": [{"content": "x"}]}, [("InvalidMessage", "/alternatives/0", "missing")]),
        (
            {"alternatives": [{"content": 5, "mimetype": "text/html"}]},
            [("InvalidMessage", "/alternatives/0/content", "type")],
        ),
        ({"send_at": "tomorrow"}, [("InvalidMessage", "/send_at", "value")]),
        ({"send_at": "2017-06-01\n"}, [("InvalidMessage", "/send_at", "value")]),
        ({"merge_dta": 1, "Subject": "x"}, [("UnknownField", "/Subject"), ("UnknownField", "/merge_dta")]),
        ({"tags": ("a",), "metadata": {1: 2}}, [("InvalidMessage", "/metadata", "not-json")]),
        ({"metadata": {"when": object()}}, [("InvalidMessage", "/metadata/when", "not-json")]),
        ({"metadata": {"a/b~c": {1, 2}}}, [("InvalidMessage", "/metadata/a~1b~0c", "not-json")]),
    ],
)
def test_diagnostics(message: Any, expected: list[tuple[Any, ...]]) -> None:
    assert report(message) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"ignore_unsupported": True}, [("options", "UnknownField", "/ignore_unsupported")]),
        (
            {"ignore_unsupported_features": "all"},
            [("options", "InvalidMessage", "/ignore_unsupported_features", "type")],
        ),
        (
            {"ignore_unsupported_features": [1]},
            [("options", "InvalidMessage", "/ignore_unsupported_features/0", "type")],
        ),
        ({"send_defaults": []}, [("options", "InvalidMessage", "/send_defaults", "type")]),
        (
            {"send_defaults": {"content_subtype": "html"}},
            [("options", "UnknownField", "/send_defaults/content_subtype")],
        ),
        ({"send_defaults": {"to": ["bad"]}}, [("options", "InvalidAddress", "/send_defaults/to/0")]),
        ({"template_sender": "a@x.com, b@x.com"}, [("options", "InvalidAddress", "/template_sender")]),
        ({"template_sender": {"email": "bad"}}, [("options", "InvalidAddress", "/template_sender/email")]),
        ({"template_sender": {"email": 5}}, [("options", "InvalidMessage", "/template_sender/email", "type")]),
        ({"template_sender": 5}, [("options", "InvalidMessage", "/template_sender", "type")]),
        ({"template_sender": None, "send_defaults": None}, []),
        ({1: 2}, [("options", "InvalidMessage", "", "not-json")]),
        ({"template_sender": [[]], "send_defaults": 5, "\ud800": 1}, [("options", "InvalidValue", "", "surrogate")]),
    ],
)
def test_diagnostics_of_options(options: Any, expected: list[tuple[Any, ...]]) -> None:
    assert report({}, options) == expected


def test_diagnostics_follow_the_order_of_the_field_table() -> None:
    message = {"esp_extra": [], "tags": [5], "to": ["bad"], "from_email": "bad", "zzz": 1, "aaa": 1}
    paths = [path for _, path, *_ in report(message)]
    assert paths == ["/from_email", "/to/0", "/tags/0", "/esp_extra", "/aaa", "/zzz"]


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("merge_dta", "did you mean 'merge_data'?"),
        ("headers", "it is called 'extra_headers' here"),
        ("From", "it is called 'from_email' here"),
        ("reply-to", "it is called 'reply_to' here"),
        ("xyzzy", "the fields are "),
    ],
)
def test_an_unknown_field_gets_a_hint(field: str, hint: str) -> None:
    (diagnostic,) = canonicalize({field: 1}, {}).diagnostics
    assert diagnostic.hint is not None
    assert diagnostic.hint.startswith(hint)


def test_no_diagnostic_quotes_the_invalid_value() -> None:
    private = "hunter2-hunter2"
    message = {"to": [private], "subject": [private], "metadata": private, "attachments": [{"content": private + "!"}]}
    for diagnostic in canonicalize(message, {"template_sender": private}).diagnostics:
        assert private not in f"{diagnostic.message} {diagnostic.hint}"


def test_an_invalid_value_keeps_its_position_and_is_poisoned() -> None:
    result: CanonicalResult = canonicalize({"to": ["a@x.com", "bad", "c@x.com"]}, {})
    assert len(result.document["to"]) == 3
    assert result.poisoned == {"/to/1"}


# --- What a target asks for -------------------------------------------------------------------------------------------


def test_a_target_that_asks_for_nothing_gets_what_others_refuse() -> None:
    message = {
        "to": ["ä@x.com"],
        "reply_to": [{"email": "ö@bücher.de"}],
        "extra_headers": {"From": "ü@x.com"},
        "merge_data": {"ä@x.com": {"a": None, "b": [None]}},
        "merge_global_data": {"a": None},
        "esp_extra": {"Tag": 1, "tag": 2},
    }
    assert [code for code, *_ in report(message)] == [
        "UnsupportedFeature", "UnsupportedFeature", "UnsupportedFeature", "InvalidValue", "InvalidValue",
        "InvalidValue", "IncompatibleFields",
    ]  # fmt: skip
    result = canonicalize(message, {"send_defaults": {"esp_extra": {"TAG": 3, "Tag": 4}}})
    assert result.diagnostics == ()
    assert result.document == individual(
        {
            "to": [{"email": "ä@x.com"}],
            "reply_to": [{"email": "ö@xn--bcher-kva.de"}],
            "header_from": {"email": "ü@x.com"},
            "merge_data": message["merge_data"],
            "merge_global_data": {"a": None},
            "esp_extra": {"TAG": 3, "Tag": 1, "tag": 2},
        }
    )
    assert result.locator.locate("/esp_extra/TAG") == ("options", "/send_defaults/esp_extra/TAG")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"case": []}, "unknown member 'case' (available: case_blind, refuse_null, ascii_local_parts)"),
        ({"case_blind": "esp_extra"}, "case_blind must be a list of fields"),
        (
            {"case_blind": ["to"]},
            "unknown field in case_blind 'to' (available: metadata, merge_global_data, esp_extra)",
        ),
        ({"refuse_null": ["metadata"]}, "unknown field in refuse_null 'metadata' (available: merge_data,"),
        ({"refuse_null": [1]}, "unknown field in refuse_null 1"),
        ({"ascii_local_parts": 1}, "ascii_local_parts must be true or false"),
    ],
)
def test_a_wrong_policy_is_refused(raw: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse_policy(raw)


def test_a_policy_is_parsed() -> None:
    raw = {"case_blind": ["esp_extra"], "refuse_null": ["merge_data"], "ascii_local_parts": True}
    assert parse_policy(raw) == TargetPolicy(
        frozenset({"esp_extra"}), frozenset({"merge_data"}), ascii_local_parts=True
    )
    assert parse_policy({}) == NEUTRAL


# --- Delivery ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "defaults", "delivery", "names"),
    [
        ({}, {"delivery": "shared"}, "shared", None),
        ({"delivery": "individual"}, {"delivery": "shared"}, "individual", None),
        ({"delivery": None}, {"delivery": "shared"}, "individual", None),
        ({}, {"cc": ["a@x.com"]}, "shared", ["cc"]),
        ({"delivery": "shared"}, {"cc": ["a@x.com"]}, "shared", None),
        ({}, {"cc": ["a@x.com"], "delivery": "shared"}, "shared", None),
        ({"delivery": None}, {"cc": ["a@x.com"], "delivery": "shared"}, "shared", ["cc"]),
    ],
)
def test_delivery_can_be_a_default(message: Any, defaults: Any, delivery: str, names: Any) -> None:
    document = canonical_message(message, **defaults)
    assert (document["delivery"], document.get("from_defaults")) == (delivery, names)


@pytest.mark.parametrize(
    ("message", "is_unknown"),
    [
        ({"cc": 5}, True),
        ({"cc": ["bad"]}, False),
        ({"cc": 5, "bcc": ["a@x.com"]}, False),
        ({"cc": 5, "delivery": "shared"}, True),
        ({"delivery": 5}, True),
        ({"delivery": 5, "cc": ["a@x.com"]}, True),
    ],
)
def test_delivery_is_unknown_if_what_decides_it_is_invalid(message: Any, is_unknown: bool) -> None:
    assert ("/delivery" in canonicalize(message, {}).poisoned) is is_unknown
