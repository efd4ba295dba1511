"""The front end as a whole: the canonical message, the origin of its values, and every diagnostic."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.frontend.fields import FIELDS
from compiler.frontend.full import CanonicalResult, canonicalize
from compiler.json_io import resources

BOB = {"email": "bob@example.com", "name": "Bob"}


def report(message: Any, options: Any = None) -> list[tuple[Any, ...]]:
    """Each diagnostic as code, path and parameter values, preceded by the document unless it is the message."""
    diagnostics = canonicalize(message, options or {}).diagnostics
    rows = [
        (diagnostic.document, diagnostic.code, diagnostic.path, *diagnostic.params.values())
        for diagnostic in diagnostics
    ]
    return [row[1:] if row[0] == "message" else row for row in rows]


def canonical_message(message: Any, **defaults: Any) -> Any:
    result = canonicalize(message, {"send_defaults": defaults})
    assert result.diagnostics == ()
    errors = resources.validator("canonical-message.schema.json").iter_errors(result.document)
    assert [error.message for error in errors] == []
    return result.document


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
        ({"send_at": "2017-06-01T12:00:00+02:00"}, {"send_at": "2017-06-01T12:00:00+02:00"}),
        ({"track_opens": False, "track_clicks": True}, {"track_opens": False, "track_clicks": True}),
        ({"esp_extra": {"Mj-prio": 3}}, {"esp_extra": {"Mj-prio": 3}}),
    ],
)
def test_each_field_has_a_canonical_form(message: Any, expected: Any) -> None:
    assert canonical_message(message) == expected


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        (
            {"filename": "a.txt", "content": "SGk="},
            {"filename": "a.txt", "mimetype": "text/plain", "content": "SGk=", "inline": False},
        ),
        (
            {"content": "Hi", "encoding": "utf-8"},
            {
                "filename": "attachment.bin",
                "mimetype": "application/octet-stream",
                "content": "SGk=",
                "inline": False,
            },
        ),
        (
            {"content": "", "mimetype": "application/pdf", "filename": ""},
            {"filename": "attachment.pdf", "mimetype": "application/pdf", "content": "", "inline": False},
        ),
        (
            {"content": "", "mimetype": "image/png", "disposition": "inline", "content_id": "<logo>"},
            {"mimetype": "image/png", "content": "", "inline": True, "content_id": "logo"},
        ),
        (
            {"content": "", "filename": "a.png", "disposition": "inline", "content_id": "logo"},
            {
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
            {"filename": "a.png", "mimetype": "image/png", "content": "", "inline": False},
        ),
    ],
)
def test_attachments_get_a_type_and_a_name(attachment: Any, expected: Any) -> None:
    assert canonical_message({"attachments": [attachment]}) == {"attachments": [expected]}


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
        ({}, {"cc": ["d@x.com"]}, {"cc": [{"email": "d@x.com"}], "from_defaults": ["cc"]}),
        ({"bcc": ["m@x.com"]}, {"bcc": ["d@x.com"]}, {"bcc": [{"email": "d@x.com"}, {"email": "m@x.com"}]}),
        ({"body": "m", "content_subtype": "html"}, {"body": "d"}, {"html": [{"content": "m"}]}),
        (
            {"template_id": 0, "track_opens": False},
            {"template_id": 1, "track_opens": True},
            {"template_id": "0", "track_opens": False},
        ),
    ],
)
def test_defaults_combine_with_the_message(message: Any, defaults: Any, expected: Any) -> None:
    assert canonical_message(message, **defaults) == expected


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
