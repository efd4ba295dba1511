"""The rulesets for what Mailjet sends back, run over samples; and the functions that only they call."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler import _resources, engine
from compiler._decoding_functions import DECODING_FUNCTIONS
from compiler._target import named_target
from tests.strategies import JSON

SCHEMAS = {
    "response": "recipient-statuses.schema.json",
    "events": "tracking-events.schema.json",
    "inbound": "inbound-message.schema.json",
    "template": "template-sender.schema.json",
}


def run(name: str, document: Any) -> engine.Outcome:
    """Runs a ruleset; its output, where there is one, is what its schema promises."""
    outcome = engine.run(named_target("mailjet-v3").ruleset(name), document)
    failed = any(each.severity == "error" for each in outcome.said)
    assert failed is (outcome.output is None)
    if outcome.output is not None:
        errors = _resources.validator(SCHEMAS[name]).iter_errors(outcome.output)
        assert [f"{error.json_path}: {error.message}" for error in errors] == []
    return outcome


def said(outcome: engine.Outcome) -> list[tuple[str, str]]:
    return sorted((each.code, each.at) for each in outcome.said)


def call(name: str, *arguments: Any) -> Any:
    return DECODING_FUNCTIONS[name].apply(*arguments)


def test_all_of_them_are_drafts_that_keep_what_is_empty() -> None:
    for name in SCHEMAS:
        ruleset = named_target("mailjet-v3").ruleset(name)
        assert ruleset.draft
        assert ruleset.keeps_empty
        assert engine.check(ruleset) == ()


def examples() -> Iterator[tuple[str, Any]]:
    for name, schema in (
        ("response", "answer"),
        ("events", "events"),
        ("inbound", "inbound"),
        ("template", "template-answer"),
    ):
        for example in _resources.schemas()[f"{_resources.BASE}mailjet-v3/{schema}.schema.json"]["examples"]:
            yield name, example


@pytest.mark.parametrize(("name", "example"), list(examples()))
def test_the_examples_in_the_schemas(name: str, example: Any) -> None:
    run(name, example)


# --- Response ---------------------------------------------------------------------------------------------------------

BIG = 19421777835146490003  # beyond 2^53 and 2^64
UUID = "6f1d9c5a-3c0e-4c39-9f0b-0f4f5bb0c0a1"


def answer(body: Any, status_code: int = 200, emails: tuple[str, ...] = ("a@x.com", "b@x.com")) -> dict[str, Any]:
    return {"status_code": status_code, "body": body, "recipients": [{"email": email} for email in emails]}


def status(email: str, message_id: str | None, message_uuid: str | None = None, name: str = "sent") -> dict[str, Any]:
    return {"email": email, "status": name, "message_id": message_id, "message_uuid": message_uuid}


@pytest.mark.parametrize(
    ("sent", "emails", "recipients", "unexpected", "statuses", "ids"),
    [
        (
            [{"Email": "a@x.com", "MessageID": BIG, "MessageUUID": UUID}],
            ("a@x.com", "b@x.com"),
            [status("a@x.com", str(BIG), UUID), status("b@x.com", None, name="unknown")],
            [],
            ["sent", "unknown"],
            [str(BIG)],
        ),
        (  # neither the case of an address nor the form of its domain matters
            [{"Email": "A@X.com", "MessageID": 7}, {"Email": "b@bücher.example", "MessageID": 7}],
            ("a@x.com", "B@xn--bcher-kva.example"),
            [status("a@x.com", "7"), status("B@xn--bcher-kva.example", "7")],
            [],
            ["sent"],
            ["7"],
        ),
        (
            [{"Email": "c@x.com", "MessageID": 8, "MessageUUID": UUID, "More": 1}],
            ("a@x.com",),
            [status("a@x.com", None, name="unknown")],
            [status("c@x.com", "8", UUID)],
            ["unknown"],
            [],
        ),
        (
            [{"Email": "a@x.com", "MessageID": 2}, {"Email": "b@x.com", "MessageID": 1, "MessageUUID": None}],
            ("b@x.com", "a@x.com"),
            [status("b@x.com", "1"), status("a@x.com", "2")],
            [],
            ["sent"],
            ["1", "2"],
        ),
        ([], (), [], [], [], []),
    ],
)
def test_statuses(sent: Any, emails: Any, recipients: Any, unexpected: Any, statuses: Any, ids: Any) -> None:
    outcome = run("response", answer({"Sent": sent}, emails=emails))
    expected = {"recipients": recipients, "unexpected": unexpected, "statuses": statuses, "message_ids": ids}
    assert outcome.output == expected
    assert outcome.said == ()


@pytest.mark.parametrize(
    ("given", "code", "params"),
    [
        ({"status_code": 401, "text": "", "reason": "Unauthorized"}, "Unauthorized", {}),
        ({"status_code": 429, "text": "<html>Slow down</html>"}, "RateLimited", {}),
        ({"status_code": 400, "body": {}, "text": "{}"}, "ServiceRejected", {"service_message": None}),
        ({"status_code": 400, "text": ""}, "ServiceRejected", {"service_message": None}),
        (
            {"status_code": 400, "text": "Too many recipients in To", "reason": "Bad Request"},
            "ServiceRejected",
            {"service_message": "Too many recipients in To"},
        ),
        (
            {"status_code": 404, "body": {"ErrorInfo": "", "ErrorMessage": "Object not found", "StatusCode": 404}},
            "ServiceRejected",
            {"service_message": "Object not found"},
        ),
        (
            {"status_code": 200, "body": {"ErrorCode": 400, "Message": "Invalid characters detected"}},
            "ServiceRejected",
            {"service_message": "Invalid characters detected"},
        ),
        (
            {"status_code": 500, "text": "", "reason": "Cannot convert data from Null value"},
            "ServiceFailed",
            {"service_message": "Cannot convert data from Null value"},
        ),
        ({"status_code": 502, "text": "<h1>Bad Gateway</h1>"}, "ServiceFailed", {"service_message": None}),
        ({"status_code": 503, "body": "Unavailable", "reason": None}, "ServiceFailed", {"service_message": None}),
        ({"status_code": 302, "text": ""}, "InvalidResponse", {}),
    ],
)
@pytest.mark.parametrize("name", ["response", "template"])
def test_failures(name: str, given: dict[str, Any], code: str, params: dict[str, Any]) -> None:
    outcome = run(name, given)
    if name == "template" and given["status_code"] == 200:  # nothing of the kind is known of templates
        code, params = "InvalidResponse", {}
    expected = {"status_code": given["status_code"], **params}
    assert [(each.severity, each.code, each.at, each.params) for each in outcome.said] == [
        ("error", code, "/body", expected)
    ]


GOOD = {"Email": "a@x.com", "MessageID": 1}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (None, "/body"),
        ([], "/body"),
        ({}, "/body"),
        ({"Sent": None}, "/body/Sent"),
        ({"Sent": {"a": 1}}, "/body/Sent"),
        ({"Sent": [GOOD, "a@x.com"]}, "/body/Sent/1"),
        ({"Sent": [{"MessageID": 1}]}, "/body/Sent/0"),
        ({"Sent": [{"Email": 5, "MessageID": 1}]}, "/body/Sent/0/Email"),
        ({"Sent": [{"Email": "a@x.com"}]}, "/body/Sent/0"),
        ({"Sent": [{"Email": "a@x.com", "MessageID": None}]}, "/body/Sent/0/MessageID"),
        ({"Sent": [{"Email": "a@x.com", "MessageID": "1"}]}, "/body/Sent/0/MessageID"),
        ({"Sent": [{"Email": "a@x.com", "MessageID": True}]}, "/body/Sent/0/MessageID"),
        ({"Sent": [{"Email": "a@x.com", "MessageID": 1.5}]}, "/body/Sent/0/MessageID"),
        ({"Sent": [{"Email": "a@x.com", "MessageID": -1}]}, "/body/Sent/0/MessageID"),
        ({"Sent": [{**GOOD, "MessageUUID": 1}]}, "/body/Sent/0/MessageUUID"),
    ],
)
def test_a_success_that_is_not_what_was_promised(body: Any, path: str) -> None:
    assert said(run("response", answer(body))) == [("InvalidResponse", path)]


def test_a_success_that_is_no_json() -> None:
    assert said(run("response", {"status_code": 200, "text": "OK"})) == [("InvalidResponse", "/body")]


# --- Template ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "email", "name"),
    [
        ({"From": "noreply@example.com"}, "noreply@example.com", None),
        ({"From": '"Widgets, Inc." <noreply@example.com>'}, "noreply@example.com", "Widgets, Inc."),
        ({"From": "Widgets, Inc. <noreply@example.com>"}, "noreply@example.com", "Widgets, Inc."),
        ({"From": "=?utf-8?q?J=C3=B6rg?= <j@bücher.example>"}, "j@xn--bcher-kva.example", "Jörg"),
        ({"SenderName": "Widgets, Inc.", "SenderEmail": "noreply@example.com"}, "noreply@example.com", "Widgets, Inc."),
        ({"SenderName": "", "SenderEmail": "noreply@example.com"}, "noreply@example.com", None),
        ({"SenderName": None, "SenderEmail": "noreply@example.com"}, "noreply@example.com", None),
        ({"From": None, "SenderEmail": "noreply@example.com"}, "noreply@example.com", None),
        ({"From": "nobody", "SenderName": "N", "SenderEmail": "noreply@example.com"}, "noreply@example.com", "N"),
    ],
)
def test_template_senders(headers: Any, email: str, name: str | None) -> None:
    outcome = run("template", {"status_code": 200, "body": {"Count": 1, "Data": [{"Headers": headers}], "Total": 1}})
    assert outcome.output == {"sender": {"email": email, "name": name}}
    assert outcome.said == ()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (None, "/body"),
        ({}, "/body"),
        ({"Data": None}, "/body/Data"),
        ({"Data": []}, "/body/Data"),
        ({"Data": ["x"]}, "/body/Data/0"),
        ({"Data": [{}]}, "/body/Data/0"),
        ({"Data": [{"Headers": {}}]}, "/body/Data/0/Headers"),
        ({"Data": [{"Headers": {"SenderName": "A"}}]}, "/body/Data/0/Headers"),
        ({"Data": [{"Headers": {"SenderEmail": ""}}]}, "/body/Data/0/Headers/SenderEmail"),
        ({"Data": [{"Headers": {"From": "nobody"}}]}, "/body/Data/0/Headers/From"),
    ],
)
def test_a_template_without_a_sender(body: Any, path: str) -> None:
    assert said(run("template", {"status_code": 200, "body": body})) == [("InvalidResponse", path)]


# --- Events -----------------------------------------------------------------------------------------------------------

NO_EVENT: dict[str, Any] = {
    "event_type": "unknown",
    "timestamp": None,
    "message_id": None,
    "event_id": None,
    "recipient": None,
    "reject_reason": None,
    "mta_response": None,
    "description": None,
    "tags": [],
    "metadata": {},
    "click_url": None,
    "user_agent": None,
}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, {}),
        ({"event": "sent", "smtp_reply": "250 OK"}, {"event_type": "delivered", "mta_response": "250 OK"}),
        ({"event": "open", "agent": "Mozilla"}, {"event_type": "opened", "user_agent": "Mozilla"}),
        ({"event": "click", "url": "https://x"}, {"event_type": "clicked", "click_url": "https://x"}),
        ({"event": "bounce"}, {"event_type": "bounced"}),
        ({"event": "blocked"}, {"event_type": "rejected"}),
        ({"event": "spam", "source": "loop"}, {"event_type": "complained"}),
        ({"event": "unsub"}, {"event_type": "unsubscribed"}),
        ({"event": "new"}, {}),
        ({"event": ""}, {}),
        ({"event": None}, {}),
        # the words of the receiving server, and of Mailjet
        ({"smtp_reply": "", "comment": "550"}, {"mta_response": "550"}),
        ({"smtp_reply": "250", "comment": "550"}, {"mta_response": "250"}),
        ({"error_related_to": "recipient"}, {"description": "recipient"}),
        # what the message was sent with
        ({"customcampaign": "orders"}, {"tags": ["orders"]}),
        ({"customcampaign": ""}, {}),
        ({"Payload": '{"a": [1]}'}, {"metadata": {"a": [1]}}),
        ({"Payload": "[1]"}, {}),
        ({"Payload": "no JSON"}, {}),
        ({"Payload": '{"a": 1, "a": 2}'}, {}),
        ({"Payload": 5}, {}),
        ({"Payload": None}, {}),
        # numbers
        ({"time": 1433333949}, {"timestamp": "2015-06-03T12:19:09Z"}),
        ({"time": "1433333949"}, {"timestamp": "2015-06-03T12:19:09Z"}),
        ({"time": None}, {}),
        ({"time": ""}, {}),
        ({"MessageID": BIG}, {"message_id": str(BIG)}),
        ({"MessageID": None}, {}),
        ({"MessageID": 0}, {}),
        # all fields empty, as seen
        (
            {"event": "bounce", "MessageID": 0, "email": "", "hard_bounce": "", "error": "", "error_related_to": ""},
            {"event_type": "bounced"},
        ),
        # a soft bounce, as seen
        (
            {"event": "bounce", "hard_bounce": False, "error": "", "error_related_to": "", "comment": "452 full"},
            {"event_type": "bounced", "mta_response": "452 full"},
        ),
        (
            {"event": "blocked", "error": "", "error_related_to": "policy issue"},
            {"event_type": "rejected", "description": "policy issue"},
        ),
    ],
)
def test_events(event: Any, expected: dict[str, Any]) -> None:
    outcome = run("events", [event])
    assert outcome.output == {"events": [{**NO_EVENT, **expected, "esp_event": event}]}
    assert outcome.said == ()


REASONS = {
    "bounced": [
        "user unknown",
        "mailbox inactive",
        "quota exceeded",
        "invalid domain",
        "no mail host",
        "relay/access denied",
    ],
    "blocked": ["blacklisted", "sender blocked", "content blocked", "policy issue", "preblocked"],
    "spam": ["spam reporter"],
    "invalid": ["typofix"],
    "other": [
        "greylisted",
        "duplicate in campaign",
        "bad or empty template",
        "error in template language",
        "system issue",
        "protocol issue",
        "connection issue",
        "something new",
    ],
}


@pytest.mark.parametrize(("reason", "error"), [(reason, error) for reason in REASONS for error in REASONS[reason]])
def test_reject_reasons(reason: str, error: str) -> None:
    outcome = run("events", [{"event": "bounce", "hard_bounce": True, "error": error, "error_related_to": "x"}])
    expected = {"event_type": "bounced", "reject_reason": reason, "description": f"x: {error}"}
    assert expected.items() <= outcome.output["events"][0].items()


@pytest.mark.parametrize(
    ("event", "hard_bounce", "expected"),
    [
        ("bounce", {}, "deferred"),
        ("bounce", {"hard_bounce": False}, "deferred"),
        ("bounce", {"hard_bounce": "false"}, "deferred"),
        ("bounce", {"hard_bounce": ""}, "deferred"),
        ("bounce", {"hard_bounce": None}, "deferred"),
        ("bounce", {"hard_bounce": True}, "bounced"),
        ("bounce", {"hard_bounce": "true"}, "bounced"),
        ("blocked", {}, "deferred"),
        ("sent", {}, "delivered"),
        ("spam", {}, "complained"),
    ],
)
def test_greylisted(event: str, hard_bounce: dict[str, Any], expected: str) -> None:
    outcome = run("events", [{"event": event, "error": "greylisted", **hard_bounce}])
    found = outcome.output["events"][0]
    assert (found["event_type"], found["reject_reason"], found["description"]) == (expected, "other", "greylisted")
    assert outcome.said == ()


@pytest.mark.parametrize("body", [None, True, 5, "event", 1.5])
def test_a_body_that_holds_no_events(body: Any) -> None:
    assert said(run("events", body)) == [("InvalidBody", "")]


def test_a_bare_event_and_none_at_all() -> None:
    event = {"event": "open", "time": "soon"}
    outcome = run("events", event)
    assert outcome.output == {"events": [{**NO_EVENT, "event_type": "opened", "esp_event": event}]}
    assert said(outcome) == [("MalformedEvent", "/time")]
    assert run("events", []).output == {"events": []}


def test_a_bad_event_costs_only_itself() -> None:
    bad = ["event", None, [], [{"event": "sent"}], 17]
    outcome = run("events", [{"event": "sent"}, *bad, {"event": "open"}])
    types = [event["event_type"] for event in outcome.output["events"]]
    assert types == ["delivered", *["unknown"] * 5, "opened"]
    assert [event["esp_event"] for event in outcome.output["events"][1:-1]] == bad
    assert said(outcome) == [("MalformedEvent", f"/{index}") for index in range(1, 6)]
    assert {each.severity for each in outcome.said} == {"warning"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, 5) for field in ("event", "email", "customcampaign", "url", "agent", "smtp_reply", "comment")),
        *((field, []) for field in ("event", "error", "error_related_to")),
        ("time", "yesterday"),
        ("time", -1),
        ("time", 10**400),
        ("time", True),
        ("time", [1]),
        ("MessageID", "abc"),
        ("MessageID", -3),
        ("MessageID", 1.5),
        ("MessageID", {"a": 1}),
        ("hard_bounce", 1),
        ("hard_bounce", "perhaps"),
    ],
)
def test_a_field_of_the_wrong_type_is_left_out(field: str, value: Any) -> None:
    outcome = run("events", [{"event": "bounce", "comment": "550", field: value}])
    expected = {**NO_EVENT, "event_type": "bounced", "mta_response": "550"}
    lost: dict[str, Any] = {"event": {"event_type": "unknown"}, "comment": {"mta_response": None}}
    assert outcome.output["events"][0] == {
        **expected,
        **lost.get(field, {}),
        "esp_event": outcome.output["events"][0]["esp_event"],
    }
    assert said(outcome) == [("MalformedEvent", f"/0/{field}")]


# --- Inbound ----------------------------------------------------------------------------------------------------------

NO_MAIL: dict[str, Any] = {
    "envelope_sender": None,
    "envelope_recipient": None,
    "from_email": None,
    "to": [],
    "cc": [],
    "subject": None,
    "date": None,
    "text": None,
    "html": None,
    "html_parts": [],
    "headers": [],
    "attachments": [],
    "spam_detected": None,
    "spam_score": None,
    "metadata": {},
    "custom_id": None,
    "timestamp": None,
    "event_id": None,
}
MUELLER = {"email": "m@x.com", "name": "Müller, Jörg"}
BOB = {"email": "bob@x.com", "name": None}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {}),
        (
            {"Sender": "a@x.com", "Recipient": "b@x.com"},
            {"envelope_sender": "a@x.com", "envelope_recipient": "b@x.com"},
        ),
        ({"From": "Müller, Jörg <m@x.com>"}, {"from_email": MUELLER}),
        (
            {"From": "bob@x.com", "Headers": {"FROM": "Müller, Jörg <m@x.com>"}},
            {"from_email": MUELLER, "headers": [["FROM", "Müller, Jörg <m@x.com>"]]},
        ),
        ({"From": "bob@x.com", "Headers": {"From": "Bob"}}, {"from_email": BOB, "headers": [["From", "Bob"]]}),
        (
            {"Headers": {"to": "Müller, Jörg <m@x.com>,\tbob@x.com", "CC": ["bob@x.com"]}},
            {
                "to": [MUELLER, BOB],
                "cc": [BOB],
                "headers": [["to", "Müller, Jörg <m@x.com>,\tbob@x.com"], ["CC", "bob@x.com"]],
            },
        ),
        (
            {"Headers": {"To": "undisclosed-recipients:;"}},
            {"headers": [["To", "undisclosed-recipients:;"]]},
        ),
        ({"Subject": "Root"}, {"subject": "Root"}),
        ({"Subject": "Root", "Headers": {"subject": ""}}, {"subject": "", "headers": [["subject", ""]]}),
        (
            {"Headers": {"Received": ["by one", "by two"], "X-Odd": [1, None], "A": 5}},
            {"headers": [["Received", "by one"], ["Received", "by two"]]},
        ),
        ({"Date": "20150410T160638"}, {"date": "2015-04-10T16:06:38Z"}),
        ({"Date": "yesterday"}, {}),
        ({"Text-part": ""}, {"text": ""}),
        ({"Html-part": "<p>"}, {"html": "<p>", "html_parts": ["<p>"]}),
        (
            {"Html-part": "", "Html-part10": "cc", "Html-part2": "aaa", "Html-part3": "bbb", "Html-partX": "no"},
            {"html": "aaa", "html_parts": ["", "aaa", "bbb", "cc"]},
        ),
        ({"SpamAssassinScore": "0.602"}, {"spam_score": 0.602}),
        ({"SpamAssassinScore": "-1"}, {"spam_score": -1}),
        ({"SpamAssassinScore": "nan"}, {}),
        ({"SpamAssassinScore": "1e999"}, {}),
        ({"SpamAssassinScore": ""}, {}),
        ({"CustomID": "c", "Payload": '{"a": 1}'}, {"custom_id": "c", "metadata": {"a": 1}}),
        ({"Payload": "text"}, {}),
        ({"Sender": 5, "Subject": [], "Date": {}, "Html-part": None, "CustomID": 1, "Payload": 2}, {}),
        ({"Parts": None}, {}),
        ({"Parts": [], "ContentRef": "Text-part", "Text-part": "Hello"}, {"text": "Hello"}),
        ({"Parts": [{"Headers": {"Content-Type": "multipart/mixed"}}]}, {}),
    ],
)
def test_inbound(body: Any, expected: dict[str, Any]) -> None:
    outcome = run("inbound", body)
    assert outcome.output == {**NO_MAIL, **expected, "esp_event": body}
    assert outcome.said == ()


HELLO = "SGVsbG8="


def attachment(
    filename: str | None = None,
    mimetype: str = "application/octet-stream",
    inline: bool = False,
    content_id: str | None = None,
) -> dict[str, Any]:
    return {
        "filename": filename,
        "mimetype": mimetype,
        "content": HELLO,
        "inline": inline,
        "content_id": content_id,
    }


@pytest.mark.parametrize(
    ("headers", "reference", "expected"),
    [
        ({}, "Attachment1", attachment()),
        (None, "Attachment1", attachment()),
        (
            {"Content-Type": "text/plain; name=b.txt", "Content-Disposition": "attachment; filename=a.txt"},
            "Attachment1",
            attachment("a.txt", "text/plain"),
        ),
        ({"content-type": ["Application/PDF; name=b.pdf"]}, "Attachment1", attachment("b.pdf", "application/pdf")),
        ({"Content-Type": "text"}, "Attachment1", attachment()),
        ({"Content-Disposition": "attachment; filename=my own file.pdf"}, "Attachment1", attachment("my own file.pdf")),
        (
            {"Content-Disposition": "attachment;\tfilename*0*=utf-8''gr%C3%B6;\tfilename*1=sse.pdf"},
            "Attachment1",
            attachment("grösse.pdf"),
        ),
        ({"Content-ID": "<logo>"}, "InlineAttachment1", attachment(inline=True, content_id="logo")),
        (
            {"Content-ID": "<logo>", "Content-Disposition": "attachment"},
            "InlineAttachment1",
            attachment(content_id="logo"),
        ),
        (
            {"Content-ID": "logo", "Content-Disposition": "INLINE; filename=l.png", "Content-Type": "image/png"},
            "Attachment1",
            attachment("l.png", "image/png", inline=True, content_id="logo"),
        ),
        ({"Content-Disposition": "something-else"}, "InlineAttachment1", attachment()),
    ],
)
@pytest.mark.parametrize("single", [False, True])
def test_attachments(headers: Any, reference: str, expected: dict[str, Any], single: bool) -> None:
    part = {"Headers": headers, "ContentRef": reference}
    outcome = run("inbound", {**(part | {"Parts": []} if single else {"Parts": [part]}), reference: HELLO})
    assert outcome.output["attachments"] == [expected]
    assert outcome.said == ()


def test_the_same_content_id_twice_and_content_that_no_part_names() -> None:
    headers = {"Content-ID": "<logo>"}
    parts = [{"Headers": headers, "ContentRef": f"InlineAttachment{number}"} for number in (1, 2)]
    contents = dict.fromkeys(("InlineAttachment1", "InlineAttachment2", "Attachment1", "InlineAttachment3"), HELLO)
    outcome = run("inbound", {"Parts": parts, **contents})
    twice = [attachment(inline=True, content_id="logo")] * 2
    assert outcome.output["attachments"] == [*twice, attachment(), attachment(inline=True)]
    assert run("inbound", {"Parts": None, **contents}).output["attachments"] == [
        attachment(),
        attachment(inline=True),
        attachment(inline=True),
        attachment(inline=True),
    ]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"Headers": []}, ["/Headers"]),
        ({"Parts": "none"}, ["/Parts"]),
        ({"Parts": {"0": {"ContentRef": "Attachment1"}}}, ["/Parts"]),
        ({"Parts": [5, None, {}]}, ["/Parts/0", "/Parts/1"]),
        ({"Parts": [{"Headers": "Content-Type: text/plain"}]}, ["/Parts/0"]),
        ({"Parts": [{"ContentRef": "Attachment2"}]}, ["/Parts/0"]),
        ({"Parts": [{"ContentRef": 7}, {"ContentRef": "Headers"}], "Headers": {}}, ["/Parts/0", "/Parts/1"]),
        ({"Parts": [], "ContentRef": "Text-part"}, [""]),
        ({"Parts": [{"ContentRef": "Attachment1"}], "Attachment1": "no base64!"}, ["/Parts/0"]),
        ({"Parts": [{"ContentRef": "Attachment1"}], "Attachment1": None}, ["/Parts/0"]),
        ({"Attachment1": "no base64!"}, ["/Attachment1"]),
    ],
)
def test_malformed_parts(body: Any, paths: list[str]) -> None:
    outcome = run("inbound", body)
    assert said(outcome) == [("MalformedPart", path) for path in paths]
    assert outcome.output["attachments"] == []


@pytest.mark.parametrize("body", [None, [], [{}], "mail", 5])
def test_a_body_that_is_no_message(body: Any) -> None:
    assert said(run("inbound", body)) == [("InvalidBody", "")]


# --- Any JSON ---------------------------------------------------------------------------------------------------------

FINITE = JSON.filter(lambda value: "nan" not in repr(value) and "inf" not in repr(value))
FIELDS = {
    "events": ["event", "time", "email", "MessageID", "Payload", "customcampaign", "hard_bounce", "error", "comment"],
    "inbound": ["Sender", "Date", "From", "Headers", "Parts", "ContentRef", "Html-part2", "Attachment1", "Payload"],
    "Part": ["Headers", "ContentRef"],
    "Sent": ["Email", "MessageID", "MessageUUID"],
    "Data": ["Headers"],
    "Headers": ["From", "SenderEmail", "SenderName", "To", "Content-Type", "Content-Disposition", "Content-ID"],
}


def objects(name: str, **inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects with fields of these names that hold anything, or what `inner` says."""
    fields = dict.fromkeys(FIELDS[name], FINITE)
    return FINITE | st.fixed_dictionaries({}, optional={**fields, **inner})


@given(FINITE | objects("events") | st.lists(objects("events"), max_size=3))
def test_any_events(body: Any) -> None:
    run("events", body)


HEADERS = FINITE | st.dictionaries(st.sampled_from(FIELDS["Headers"]), FINITE | st.text(), max_size=3)
PARTS = FINITE | st.lists(
    objects("Part", Headers=HEADERS, ContentRef=st.sampled_from(["Attachment1", "Text-part", "Parts"])), max_size=3
)


@given(objects("inbound", Headers=HEADERS, Parts=PARTS))
def test_any_inbound_message(body: Any) -> None:
    run("inbound", body)


ANSWERS = FINITE | st.fixed_dictionaries(
    {},
    optional={
        "Sent": FINITE | st.lists(objects("Sent", Email=st.sampled_from(["a@x.com", "c@x.com"])), max_size=3),
        "Data": FINITE | st.lists(objects("Data", Headers=HEADERS), max_size=2),
        "Message": FINITE,
        "ErrorCode": FINITE,
    },
)


@given(ANSWERS, st.sampled_from([200, 202, 302, 400, 401, 404, 429, 500]))
def test_any_answer(body: Any, status_code: int) -> None:
    run("response", answer(body, status_code))
    run("template", {"status_code": status_code, "body": body, "text": "", "reason": None})


# --- Functions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("text", ("",), ""),
        ("text", (None,), None),
        ("text", (5,), None),
        ("filled_text", (" a ",), " a "),
        ("filled_text", (" ",), None),
        ("filled_text", ({},), None),
        ("finite_number", (5,), 5),
        ("finite_number", (0.5,), 0.5),
        ("finite_number", (" +1.5e1 ",), 15.0),
        ("finite_number", (".5",), 0.5),
        ("finite_number", ("1_000",), None),
        ("finite_number", ("\u0661",), None),
        ("finite_number", ("",), None),
        ("finite_number", (True,), None),
        ("finite_number", (math.inf,), None),
        ("finite_number", ("9" * 10000,), None),
        ("decimal_text", (0,), "0"),
        ("decimal_text", (-5,), "-5"),
        ("decimal_text", (2**70,), "1180591620717411303424"),
        ("decimal_text", (3.0,), "3"),
        ("decimal_text", (3.5,), None),
        ("decimal_text", (math.nan,), None),
        ("decimal_text", (False,), None),
        ("decimal_text", ("3",), None),
        ("json_object", ('{"a": 1}',), {"a": 1}),
        ("json_object", ("[]",), None),
        ("json_object", ("",), None),
        ("json_object", ('{"a": NaN}',), None),
        ("json_object", (r'{"a": "\ud800"}',), None),
        ("json_object", ("[" * 100000,), None),
        ("longest", ([],), None),
        ("longest", (["a", "bb", "cc"],), "bb"),
        ("timestamp", (0,), "1970-01-01T00:00:00Z"),
        ("timestamp", (1433333949.9,), "2015-06-03T12:19:09Z"),
        ("timestamp", ("0001433333949",), None),
        ("timestamp", (253402300799,), "9999-12-31T23:59:59Z"),
        ("timestamp", (253402300800,), None),
        ("timestamp", (-1,), None),
        ("timestamp", ("-1",), None),
        ("timestamp", ("²",), None),
        ("timestamp", (math.nan,), None),
        ("timestamp", (True,), None),
        ("timestamp", ([1],), None),
        ("iso_timestamp", ("20150410T160638",), "2015-04-10T16:06:38Z"),
        ("iso_timestamp", (" 2015-04-10 16:06:38Z",), "2015-04-10T16:06:38Z"),
        ("iso_timestamp", ("2015-0410T16:06:38",), None),
        ("iso_timestamp", ("20150431T160638",), None),
        ("iso_timestamp", ("20150410T160638+02:00",), None),
        ("header", ({"a": "1", "A": "2"}, "a"), "2"),
        ("header", ({"A": ["1", "2"]}, "a"), "1"),
        ("header", ({"A": []}, "a"), None),
        ("header", ([], "a"), None),
        ("header_pairs", ({"A": "1", "B": ["2", 3, "4"]},), [["A", "1"], ["B", "2"], ["B", "4"]]),
        ("header_pairs", ("A: 1",), None),
        ("header_value", (" Text/HTML ; charset=utf-8",), "text/html"),
        ("header_value", (";",), None),
        ("content_id", (" <a@b> ",), "a@b"),
        ("content_id", ("<>",), None),
        ("base64", ("SGVs\r\nbG8=",), HELLO),
        ("base64", ("",), ""),
        ("base64", ("SGVsbG8",), None),
        ("display_name", (" =?utf-8?q?a=0Ab?= ",), "a b"),
        ("display_name", (" ",), None),
    ],
)
def test_functions(function: str, arguments: tuple[Any, ...], expected: Any) -> None:
    found = call(function, *arguments)
    assert found == expected
    assert type(found) is type(expected)


def test_huge_integers_become_text() -> None:
    limit = sys.get_int_max_str_digits()
    assert call("decimal_text", 10**5000) == "1" + "0" * 5000
    assert call("decimal_text", -(10**limit)) == "-1" + "0" * limit
    assert call("timestamp", 10**5000) is None
    assert call("timestamp", "9" * 5000) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attachment; filename=b.txt", "b.txt"),
        ("attachment; filename=my own file.pdf; size=3", "my own file.pdf"),
        ('attachment; FileName = "a; b.txt"', "a; b.txt"),
        (r'attachment; filename="say \"hi\".txt"', 'say "hi".txt'),
        ("attachment; filename*=UTF-8''na%C3%AFve%20file.txt; filename=x", "naïve file.txt"),
        ("attachment; filename=x; filename*=iso-8859-1'en'%A3.txt", "£.txt"),
        ("attachment; filename*=''%C3%A4", "ä"),
        ("attachment; filename*=%C3%A4", "ä"),
        ("attachment; filename*=unheard-of''%C3%A4", "ä"),
        ("attachment; filename*=us-ascii''%FF", "\ufffd"),
        ("a; filename*0*=utf-8'en'%e2%82; filename*1*=%ac%20; filename*2=\"x%20.txt\"", "€ x%20.txt"),
        ("a; filename*1=b; filename*0=a; filename*3=d", "ab"),
        ('a; filename="=?utf-8?q?J=C3=B6rg.txt?="', "Jörg.txt"),
        ('a; filename="two\r\n lines.txt"', "two lines.txt"),
        ("a; filename*=utf-8''two%0Alines.txt", "two lines.txt"),
        ('a; filename="never closed', "never closed"),
        ('a; name="x; filename=wrong.txt"', None),
        ("filename=first.txt", None),
        ("a; filename=", None),
        ("a; filename", None),
    ],
)
def test_header_parameters(text: str, expected: str | None) -> None:
    assert call("header_parameter", text, "Filename") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x.com", [("a@x.com", None)]),
        ('"A, B" <a@x.com>, C <c@x.com>', [("a@x.com", "A, B"), ("c@x.com", "C")]),
        (
            "A, B <a@x.com>, c@x.com, D, E, F <d@x.com>",
            [("a@x.com", "A, B"), ("c@x.com", None), ("d@x.com", "D, E, F")],
        ),
        ('"A, B" <ü@x.com>, "C \\"c\\"" <c@x.com>', [("ü@x.com", "A, B"), ("c@x.com", 'C "c"')]),
        ("a@x.com; b@x.com", [("a@x.com", None), ("b@x.com", None)]),
        ("semi; colon <a@x.com>", [("a@x.com", "semi; colon")]),
        ("Team: a@x.com, b@x.com;", [("a@x.com", None), ("b@x.com", None)]),
        ("nobody, b@x.com", [("b@x.com", None)]),
        ("A\t<a@bücher.example>,\r\n b@x.com", [("a@xn--bcher-kva.example", "A"), ("b@x.com", None)]),
        ("=?utf-8?q?J=C3=B6rg=0A?= <j@x.com>", [("j@x.com", "Jörg")]),
        ("undisclosed-recipients:;", None),
        ("<>", None),
        ("a@, @x.com, a b", None),
        ("", None),
    ],
)
def test_loose_addresses(text: str, expected: list[tuple[str, str | None]] | None) -> None:
    found = call("loose_addresses", text)
    assert (found and [(each["email"], each["name"]) for each in found]) == expected


PIECES = st.sampled_from([*"<>()[]@,:;.\\\"'* \t\n=%?", "a", "x.com", "a@x.com", "=?utf-8?q?=0A?=", "utf-8''", "*0*="])
ANY_TEXT = st.text(st.characters()) | st.lists(PIECES, max_size=30).map("".join)  # lone surrogates too


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_never_raises(text: str, other: str) -> None:
    for function in DECODING_FUNCTIONS.values():
        if function.name == "longest":
            assert function.apply([text, other]) in (text, other)
        elif len(function.parameters) == 1:
            function.apply(text)
    for name in ("filename", other):
        call("header_parameter", f"attachment; filename*={text}; filename*0*={text};filename={text}", name)
        call("header", {text: other, other: [text]}, name)


@given(JSON)
def test_any_json_never_raises(value: Any) -> None:
    for function in DECODING_FUNCTIONS.values():
        if function.parameters == ({},):
            function.apply(value)
    call("header", value, "a")
    call("header", {"a": value}, "a")


@pytest.mark.parametrize("piece", ['"\\', "<", '"', "a,", ';a="\\', "; ", "=?a?b?", ";a*0*=%", "a@"])
def test_long_text_takes_no_long_time(piece: str) -> None:
    text = piece * 20000
    call("loose_addresses", text)
    call("header_parameter", text, "a")
