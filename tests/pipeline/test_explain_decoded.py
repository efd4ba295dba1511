"""Explanations of decoded bodies: each value of the output, and each leaf of the body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler import Location
from compiler.json_io import resources
from compiler.pipeline.decode import decode
from compiler.pipeline.explain import explain_decoded, leaves
from tests.strategies.messages import JSON

SCHEMA = resources.validator("explanation.schema.json")
MESSAGE = {"from_email": "a@example.com", "to": ["B <b@example.com>", "c@example.com"], "subject": "s", "body": "x"}
RESPONSE = {
    "Sent": [
        {"Email": "b@example.com", "MessageID": 7, "MessageUUID": "u"},
        {"Email": "d@example.com", "MessageID": 8, "MessageUUID": ""},
    ],
    "Count": 2,
}
BOUNCE = {
    "event": "bounce",
    "time": 1,
    "MessageID": 5,
    "ip": "192.0.2.1",
    "error": "user unknown",
    "error_related_to": "recipient",
    "Payload": '{"a": {"b": 1}}',
}


def explain_response(
    body: Any, status_code: int = 200, message: Any = None, options: Any = None
) -> compiler.Explanation:
    return explain_decoded("response", body, status_code=status_code, message=message, options=options)


def inputs(explanation: compiler.Explanation, pointer: str) -> list[tuple[str, str]]:
    return [(each.document, each.path) for each in explanation.provenance(pointer).inputs]


def status_of(explanation: compiler.Explanation, path: str) -> tuple[Any, ...]:
    leaf_status = explanation.status(path, "body")
    return leaf_status.status, leaf_status.at, tuple(by.path for by in leaf_status.by)


# --- Each value of the output -----------------------------------------------------------------------------------------


def test_an_event_value_has_its_rule_and_its_location_in_the_body() -> None:
    explained = explain_decoded("events", [{"event": "open"}, BOUNCE])
    written = explained.provenance("/events/1/message_id")
    assert (written.value, [each.rule for each in written.reasons]) == ("5", ["event-message-id"])
    assert written.inputs == (Location("body", "/1/MessageID"),)
    assert inputs(explained, "/events/1/description") == [("body", "/1/error"), ("body", "/1/error_related_to")]
    assert inputs(explained, "/events/1/event_id") == []


def test_inputs_of_a_bare_event_are_at_the_top_level() -> None:
    assert inputs(explain_decoded("events", BOUNCE), "/events/0/reject_reason") == [("body", "/error")]


def test_response_values_come_from_the_body_and_recipients_from_the_message() -> None:
    explained = explain_response(RESPONSE, message=MESSAGE)
    assert inputs(explained, "/recipients/0/email") == [("message", "/to/0")]
    assert inputs(explained, "/recipients/0/message_id") == [("body", "/Sent/0/MessageID")]
    assert inputs(explained, "/recipients")[-2:] == [("message", "/to/0"), ("message", "/to/1")]
    assert {("body", "/Sent/0/Email"), ("message", "/to/0")} <= set(inputs(explained, "/recipients/0/status"))
    assert inputs(explained, "/unexpected/0/email") == [("body", "/Sent/1/Email")]


@pytest.mark.parametrize(
    ("changed", "options", "pointer", "expected"),
    [
        ({"cc": ["d@example.com"]}, None, "/recipients/0/email", [("message", "/to/0"), ("message", "/to/1")]),
        ({"cc": ["d@example.com"]}, None, "/recipients/2/email", [("message", "/cc/0")]),
        ({"merge_metadata": {"b@example.com": {"a": 1}}}, None, "/recipients/1/email", [("message", "/to/1")]),
        ({"to": [{"email": "e@example.com"}]}, None, "/recipients/0/email", [("message", "/to/0/email")]),
        ({"esp_extra": {"To": "e@x.de", "Recipients": []}}, None, "/recipients/0/email", [("message", "")]),
        (
            {"to": []},
            {"send_defaults": {"to": ["e@example.com"]}},
            "/recipients/0/email",
            [("options", "/send_defaults/to/0")],
        ),
        ({"tags": ["a", "b"]}, None, "/recipients/1/email", [("message", "")]),  # which is an error
    ],
)
def test_the_input_of_a_recipient_is_the_field_that_names_it(
    changed: dict[str, Any], options: Any, pointer: str, expected: list[tuple[str, str]]
) -> None:
    assert inputs(explain_response(RESPONSE, message=MESSAGE | changed, options=options), pointer) == expected


def test_without_a_message_recipients_come_from_the_body() -> None:
    assert inputs(explain_response(RESPONSE), "/recipients/1/email") == [("body", "/Sent/1/Email")]


def test_a_template_sender_names_its_header() -> None:
    body = {"Data": [{"Headers": {"From": "A <a@example.com>", "SenderEmail": "b@example.com", "Subject": "s"}}]}
    explained = explain_decoded("template", body, status_code=200)
    assert inputs(explained, "/sender/email") == [("body", "/Data/0/Headers/From")]
    assert status_of(explained, "/Data/0/Headers/SenderEmail") == ("overridden", (), ("/Data/0/Headers/From",))
    assert status_of(explained, "/Data/0/Headers/Subject") == ("nothing", (), ())


def test_a_value_of_many_inputs_names_their_container() -> None:
    headers = {f"X-{number}": "a" for number in range(20)}
    explained = explain_decoded("inbound", {"Headers": headers | {"To": "a@example.com"}, "Sender": "b@example.com"})
    assert inputs(explained, "/to/0/email") == [("body", "/Headers")]
    assert inputs(explained, "/esp_event/Headers/X-7") == [("body", "/Headers/X-7")]
    assert inputs(explained, "/esp_event") == [("body", "")]
    assert "/headers" in explained.status("/Headers/X-7", "body").at
    few = explain_decoded("inbound", {"Headers": {"X-0": "a", "To": "a@example.com"}})
    assert inputs(few, "/to/0/email") == [("body", "/Headers/X-0"), ("body", "/Headers/To")]


def test_an_explanation_of_many_headers_stays_small() -> None:
    body = {"Headers": {f"X-{number}": "a" for number in range(300)}}
    assert len(json.dumps(explain_decoded("inbound", body).to_dict())) < 600_000


# --- Each leaf of the body --------------------------------------------------------------------------------------------


def test_an_event_leaf_is_in_its_decoded_field_and_in_esp_event() -> None:
    explained = explain_decoded("events", [BOUNCE])
    assert status_of(explained, "/0/MessageID")[:2] == (
        "written",
        ("/events/0/message_id", "/events/0/esp_event/MessageID"),
    )
    assert status_of(explained, "/0/ip")[:2] == ("written", ("/events/0/esp_event/ip",))
    assert "/events/0/metadata/a/b" in status_of(explained, "/0/Payload")[1]


def test_a_leaf_names_the_warnings_about_it() -> None:
    leaf_status = explain_decoded("events", [BOUNCE | {"time": "soon"}]).status("/0/time", "body")
    assert (leaf_status.at, [each.code for each in leaf_status.diagnostics]) == (
        ("/events/0/esp_event/time",),
        ["MalformedEvent"],
    )


def test_the_status_of_unused_response_fields_is_nothing() -> None:
    explained = explain_response(RESPONSE, message=MESSAGE)
    assert status_of(explained, "/Count") == ("nothing", (), ())
    assert (
        "/recipients/0/status" in status_of(explained, "/Sent/0/Email")[1]
    )  # the address by which the status was found
    assert {"/recipients/0/message_id", "/message_ids/0"} <= set(status_of(explained, "/Sent/0/MessageID")[1])


def test_an_empty_list_contains_no_leaf_of_its_source_list() -> None:
    explained = explain_response({"Sent": RESPONSE["Sent"][:1]}, message=MESSAGE)  # type: ignore[index]
    assert explained.provenance("/unexpected").value == []
    assert "/unexpected" not in status_of(explained, "/Sent/0/Email")[1]
    assert status_of(explain_decoded("events", []), "") == ("written", ("/events",), ())


def test_with_errors_nothing_is_written() -> None:
    rejected = explain_response({"ErrorMessage": "no", "Sent": []}, 400, MESSAGE)
    assert (rejected.result.output, rejected.payload) == (None, ())
    assert [(each.location.path, each.status) for each in rejected.statuses] == [
        ("/ErrorMessage", "diagnosed"),
        ("/Sent", "diagnosed"),
    ]
    malformed = explain_response({"Sent": [{"Email": "b@example.com", "MessageID": []}]}, 200, MESSAGE)
    assert [(each.location.path, each.status) for each in malformed.statuses] == [
        ("/Sent/0/Email", "undecided"),
        ("/Sent/0/MessageID", "diagnosed"),
    ]


@pytest.mark.parametrize(
    ("name", "body"), [("events", b"["), ("events", b""), ("inbound", b"\xff"), ("response", "<h1>"), ("template", "?")]
)
def test_a_body_of_invalid_json_is_one_leaf(name: str, body: str | bytes) -> None:
    explained = explain_decoded(name, body, status_code=200)
    assert not explained.result.ok
    assert [(each.location, each.status) for each in explained.statuses] == [(Location("body", ""), "diagnosed")]


# --- For any body -----------------------------------------------------------------------------------------------------

_TEXTS = st.sampled_from(["", "a", "b@example.com", "C <c@example.com>, d@example.com", '{"a": [1, {}]}', "YQ==", "1"])
_VALUES = _TEXTS | st.integers(0, 9) | st.booleans() | st.none() | JSON
_EVENT_FIELDS = ["event", "time", "MessageID", "email", "error", "error_related_to", "comment", "smtp_reply", "Payload"]
_EVENTS = st.dictionaries(st.sampled_from([*_EVENT_FIELDS, "url", "x~/"]), _VALUES, max_size=12) | _VALUES
_HEADERS = st.dictionaries(
    st.sampled_from(["From", "from", "To", "Subject", "Content-Type", "Content-ID", "X"]),
    _VALUES | st.lists(_TEXTS, max_size=3),
    max_size=7,
)
_PARTS = st.fixed_dictionaries({"Headers": _HEADERS}, optional={"ContentRef": st.just("Attachment1") | _VALUES})
_MAILS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("Sender", "From", "Date", "Text-part", "Html-part", "Html-part2", "Attachment1"), _VALUES)
    | {"Headers": _HEADERS | _VALUES, "Parts": st.lists(_PARTS | _VALUES, max_size=3)},
)
_SENT = st.fixed_dictionaries(
    {},
    optional={"Email": _TEXTS, "MessageID": st.integers(1, 9) | _VALUES, "MessageUUID": _TEXTS, "x": _VALUES},
)
_RESPONSES = st.fixed_dictionaries({}, optional={"Sent": st.lists(_SENT | _VALUES, max_size=4), "x": _VALUES})
_TEMPLATES = st.fixed_dictionaries(
    {
        "Data": st.lists(
            st.fixed_dictionaries(
                {
                    "Headers": st.fixed_dictionaries(
                        {}, optional=dict.fromkeys(("From", "SenderEmail", "SenderName", "Subject"), _VALUES)
                    )
                }
            ),
            max_size=2,
        )
    }
)
_BODIES = {
    "events": _EVENTS | st.lists(_EVENTS, max_size=4),
    "inbound": _MAILS,
    "response": _RESPONSES,
    "template": _TEMPLATES,
}
_MISSING = object()


def resolve(document: Any, pointer: str) -> Any:
    """The value that a pointer refers to, or _MISSING."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(key, _MISSING)
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return _MISSING
    return document


@pytest.mark.parametrize("name", _BODIES)
@given(st.data())
def test_explaining_changes_nothing_and_every_pointer_resolves(name: str, data: st.DataObject) -> None:
    body = data.draw(_BODIES[name] | JSON)
    status_code = data.draw(st.sampled_from([200, 200, 200, 400]))
    message = data.draw(st.sampled_from([None, MESSAGE, MESSAGE | {"cc": ["d@example.com"]}, {}]))
    explained = explain_decoded(name, body, status_code=status_code, message=message)
    decoded = decode(name, body, "mailjet-v3", status_code, None, message)
    assert explained.result.to_dict() == decoded.result.to_dict()
    output, body_value = explained.result.output, decoded.body.value
    for written in explained.payload:
        assert resolve(output, written.pointer) == written.value
        assert written.reasons
        for each in written.inputs:
            assert resolve(body_value if each.document == "body" else message, each.path) is not _MISSING
    assert bool(explained.payload) == explained.result.ok
    assert [each.location for each in explained.statuses] == [Location("body", path) for path, _ in leaves(body_value)]
    for leaf_status in explained.statuses:
        assert all(resolve(output, pointer) is not _MISSING for pointer in leaf_status.at)
        assert all(
            each.document == "message" or resolve(body_value, each.path) is not _MISSING for each in leaf_status.by
        )
        assert leaf_status.status != "undecided" or not explained.result.ok
        if name in ("events", "inbound") and explained.result.ok:
            assert leaf_status.status == "written"
    assert [error.message for error in SCHEMA.iter_errors(explained.to_dict())] == []


@given(_BODIES["events"])
def test_esp_event_contains_every_leaf_of_an_event(body: Any) -> None:
    explained = explain_decoded("events", body)
    output = explained.result.output
    for leaf_status in explained.statuses if explained.result.ok and body != [] else ():
        leaf = resolve(decode("events", body).body.value, leaf_status.location.path)
        originals = [pointer for pointer in leaf_status.at if "/esp_event" in pointer]
        assert originals
        assert leaf in [resolve(output, pointer) for pointer in originals] or any(
            isinstance(resolve(output, pointer), dict | list) for pointer in originals
        )
