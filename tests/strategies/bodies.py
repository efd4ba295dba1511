"""Hypothesis strategies: bodies that a service sends back, mostly well-formed, or with any JSON in any field."""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import strategies as st

from tests.strategies.messages import ADDR_SPECS, JSON

IDS = st.integers(0, 2**80) | st.just(0) | st.none() | st.sampled_from(["", "19", 1.5])
_WORDS = st.sampled_from(["", "greylisted", "user unknown", "typofix", "policy issue", "something new", "recipient"])
_PAYLOADS = st.sampled_from([None, "", "{}", '{"a": 1}', "[1]", "text", 7, '{"a": 1, "a": 2}']) | JSON
_EVENT: dict[str, st.SearchStrategy[Any]] = {
    "event": st.sampled_from(["sent", "open", "click", "bounce", "blocked", "spam", "unsub", "new", ""]),
    "time": st.integers() | st.sampled_from([None, "", "1433333949", 1433333949.5]),
    "email": ADDR_SPECS | st.just(""),
    "MessageID": IDS,
    "mj_message_id": st.sampled_from(["", "19", "x"]),
    "Message_GUID": st.text(max_size=4),
    "mj_campaign_id": st.integers() | st.just(""),
    "customcampaign": st.text(max_size=4),
    "Payload": _PAYLOADS,
    "error": _WORDS,
    "error_related_to": _WORDS,
    "hard_bounce": st.sampled_from([True, False, "true", "false", "", None, 1]),
    "comment": st.text(max_size=4),
    "smtp_reply": st.text(max_size=4),
    "url": st.text(max_size=4),
    "agent": st.text(max_size=4),
    "extra": JSON,
}
EVENTS = st.fixed_dictionaries({}, optional=_EVENT)
ANY_EVENTS = (
    JSON | EVENTS | st.fixed_dictionaries({}, optional={name: JSON | strategy for name, strategy in _EVENT.items()})
)
EVENT_BODIES = ANY_EVENTS | st.lists(ANY_EVENTS, max_size=4)

CONTENTS = st.binary(max_size=20).map(lambda content: base64.b64encode(content).decode())
_HEADER_TEXTS = st.one_of(
    ADDR_SPECS,
    st.sampled_from(
        [
            "Smith, Bob <bob@example.com>, carol@example.com",
            "undisclosed-recipients:;",
            "=?utf-8?q?J=C3=B6rg?= <j@example.com>",
            "=?unheard-of?q?x?=",
            "a long\tline",
            "attachment; filename=my file.pdf",
            "inline; filename*0*=utf-8''gr%C3%B6; filename*1=sse.pdf",
            "image/png; name=a.png",
            "multipart/mixed; boundary=x",
            "text/plain",
            "<logo>",
            "Fri, 10 Apr 2015 18:06:38 +0200",
            "",
        ]
    ),
    st.text(max_size=8),
)
HEADER_NAMES = st.sampled_from(
    ["From", "To", "Cc", "Subject", "Date", "Received", "received", "Content-Type", "content-disposition", "Content-ID"]
)
HEADERS = st.dictionaries(HEADER_NAMES, _HEADER_TEXTS | st.lists(_HEADER_TEXTS, max_size=3), max_size=5)
_ANY_HEADERS = JSON | HEADERS | st.dictionaries(HEADER_NAMES | st.text(max_size=4), JSON | _HEADER_TEXTS, max_size=4)
_REFERENCES = st.sampled_from(
    ["Text-part", "Html-part", "Attachment1", "Attachment2", "InlineAttachment1", "Parts", ""]
)
_PARTS = st.fixed_dictionaries({"Headers": HEADERS}, optional={"ContentRef": _REFERENCES})
_ANY_PARTS = JSON | st.lists(
    JSON | _PARTS | st.fixed_dictionaries({}, optional={"Headers": _ANY_HEADERS, "ContentRef": JSON | _REFERENCES}),
    max_size=3,
)
_TEXTS = st.text(max_size=10)
_INBOUND: dict[str, st.SearchStrategy[Any]] = {
    "Sender": ADDR_SPECS,
    "Recipient": ADDR_SPECS,
    "Date": st.sampled_from(["20150410T160638", "2015", ""]),
    "From": _HEADER_TEXTS,
    "Subject": _TEXTS,
    "Headers": HEADERS,
    "Parts": st.lists(_PARTS, max_size=4) | st.none(),
    "ContentRef": _REFERENCES,
    "Text-part": _TEXTS,
    "Html-part": _TEXTS,
    "Html-part2": _TEXTS,
    "Html-part10": _TEXTS,
    "Attachment1": CONTENTS,
    "Attachment2": CONTENTS,
    "InlineAttachment1": CONTENTS,
    "SpamAssassinScore": st.sampled_from(["0.6", "-1", "nan", "", "1e999"]),
    "CustomID": _TEXTS,
    "Payload": _PAYLOADS,
}
INBOUND = st.fixed_dictionaries({}, optional=_INBOUND)
INBOUND_BODIES = (
    JSON
    | INBOUND
    | st.fixed_dictionaries(
        {},
        optional={name: JSON | strategy for name, strategy in _INBOUND.items()}
        | {"Headers": _ANY_HEADERS, "Parts": _ANY_PARTS},
    )
)

_SENT = st.fixed_dictionaries(
    {"Email": ADDR_SPECS, "MessageID": st.integers(0, 2**80)}, optional={"MessageUUID": st.text(max_size=4)}
)
_ANY_SENT = JSON | _SENT | st.fixed_dictionaries({}, optional={"Email": JSON, "MessageID": IDS, "MessageUUID": JSON})
_SENDERS = st.dictionaries(st.sampled_from(["From", "SenderEmail", "SenderName"]), JSON | _HEADER_TEXTS, max_size=3)
RESPONSES = JSON | st.fixed_dictionaries(
    {},
    optional={
        "Sent": st.lists(_SENT, max_size=3) | st.lists(_ANY_SENT, max_size=3) | JSON,
        "ErrorCode": st.sampled_from([0, 400, "", None]) | JSON,
        "Message": JSON | _TEXTS,
        "ErrorMessage": JSON | _TEXTS,
        "Data": JSON | st.lists(JSON | st.fixed_dictionaries({"Headers": JSON | _SENDERS}), max_size=2),
    },
)
STATUS_CODES = st.sampled_from([200, 200, 200, 201, 302, 400, 401, 404, 429, 500, 503]) | st.integers()
