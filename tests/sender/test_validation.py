"""The emulator accepts exactly what the payload schema accepts."""

from __future__ import annotations

import base64
import copy
import json
from dataclasses import replace
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.json_io import resources
from compiler.pipeline.targets import named_target
from compiler.sender.emulator import Emulator
from compiler.sender.emulator.validation import Rejection, check_payload, read_payload
from tests.cases import CASES
from tests.sender.helpers import MESSAGE
from tests.sender.payloads import HOSTILE, attachment, payload

SCHEMA = resources.validator("mailjet-v3/payload.schema.json")
SENT = [
    case.expect["output"]
    for case in CASES
    if (case.target, case.ruleset) == ("mailjet-v3", "send") and "output" in case.expect
]


def met(output: Any) -> Any:
    """A payload with the stored sender filled in."""
    output = copy.deepcopy(output)
    for message in output.get("Messages", (output,)):
        message.setdefault("FromEmail", "stored@example.com")
    return output


def post(emulator: Emulator, body: bytes, **kwargs: Any) -> requests.Response:
    kwargs = {"auth": (emulator.api_key, emulator.secret_key), **kwargs}
    return requests.post(f"{emulator.url}/send", data=body, timeout=10, **kwargs)


def test_every_payload_that_a_case_expects_is_accepted() -> None:
    assert len(SENT) > 100
    for output in SENT:
        assert check_payload(met(output)) is None, output


# Changes of one property: removed, null, empty, of another type, or with a line break.
CHANGES = st.sampled_from(
    [..., None, "", [], {}, 0, -1, True, 1.5, "x", "a\nb", "x" * 300, ["x"], {"x": None}, "a@b.example"]
)


@given(st.sampled_from(SENT), st.data())
def test_exactly_what_the_schema_accepts_is_accepted(output: Any, data: st.DataObject) -> None:
    changed = met(output)
    for _ in range(data.draw(st.integers(0, 2))):
        container = changed
        while True:
            names = list(container) if isinstance(container, dict) else list(range(len(container)))
            new = ["Cc", "To", "Recipients", "Subject", "Vars"] if isinstance(container, dict) else []
            if not names + new:
                break
            name = data.draw(st.sampled_from(names + new))
            inner = container.get(name) if isinstance(container, dict) else container[name]
            if isinstance(inner, dict | list) and data.draw(st.booleans()):
                container = inner
                continue
            change = data.draw(CHANGES)
            if change is not ...:
                container[name] = copy.deepcopy(change)
            elif name in names:
                del container[name]
            break
    taken = read_payload(json.dumps(changed).encode())[1] is None
    assert taken == SCHEMA.is_valid(changed)  # no change exceeds a limit of the custom keywords


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_value_is_accepted_or_rejected(value: Any) -> None:
    _, refusal = read_payload(json.dumps(value).encode())
    assert isinstance(refusal, Rejection)


@given(st.binary())
def test_bytes_that_are_not_a_payload_are_rejected(body: bytes) -> None:
    _, refusal = read_payload(body)
    assert refusal is not None
    assert refusal.status_code in (400, 500)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"FromEmail": NaN}', b'{"a": 1e999}', b""])
def test_invalid_json_is_rejected(body: bytes, emulator: Emulator) -> None:
    response = post(emulator, body)
    assert response.status_code == 400
    assert response.json()["StatusCode"] == 400


# --- Error messages of the service ------------------------------------------------------------------------------------

SHARED = {"To": "a@example.com"}
MANY = ", ".join(f"a{number}@example.com" for number in range(51))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"FromEmail": "\xff"}', "Invalid characters detected"),
        (json.dumps(payload(Headers=["x"], Text_part="x")).encode(), '"Headers" is not JSON object type'),
        (json.dumps(payload(Headers={"X-A": 1}, Text_part="x")).encode(), "Header [X-A] is not string type"),
        (b'{"FromEmail": "a@example.com", "Text-part": "x"}', 'Missing "To" or "Recipients" property'),
        (
            b'{"FromEmail": "a@example.com", "Text-part": "x", "Cc": "b@example.com"}',
            'Missing "To" or "Recipients" property',
        ),
        (json.dumps(payload(To=MANY, Text_part="x")).encode(), "Too many recipients in To"),
        (json.dumps(payload(**SHARED, Cc=MANY, Text_part="x")).encode(), "Too many recipients in Cc"),
        (json.dumps(payload(**SHARED, Bcc=MANY, Text_part="x")).encode(), "Too many recipients in Bcc"),
        (
            json.dumps({"Messages": [payload(Text_part="x"), payload(To=MANY, Text_part="x")]}).encode(),
            "Too many recipients in To",
        ),
    ],
)
def test_a_rejection_has_the_service_s_message(body: bytes, words: str, emulator: Emulator) -> None:
    response = post(emulator, body)
    assert response.status_code == 400
    assert response.json() == {"ErrorInfo": "", "ErrorMessage": words, "StatusCode": 400}
    assert len(emulator.messages) == 0


@pytest.mark.parametrize("null", [{"Subject": None}, {"Vars": {"a": [None]}}, {"Unknown": None}, {"Messages": None}])
def test_a_null_is_reported_in_the_status_line_only(null: Any, emulator: Emulator) -> None:
    response = post(emulator, json.dumps({**payload(Text_part="x"), **null}).encode())
    assert (response.status_code, response.reason) == (500, "Cannot convert data from Null value")
    assert response.content == b""


@pytest.mark.parametrize(
    "auth", [None, ("emulator-api-key", "wrong"), ("", ""), ("emulator-secret-key", "emulator-api-key")]
)
def test_a_wrong_key_is_reported_by_an_empty_401(auth: Any, emulator: Emulator) -> None:
    body = json.dumps(payload(Text_part="x")).encode()
    responses = [post(emulator, body, auth=auth)]
    responses += [
        post(emulator, body, auth=None, headers={"Authorization": value})
        for value in ("", "Basic", "Basic \xfc", "x y")
    ]
    for response in responses:
        assert (response.status_code, response.content) == (401, b"")
    assert len(emulator.messages) == 0


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"Subject": "x" * 256}, "/Subject must be"),
        ({"Text-part": ""}, "A nonempty text body or HTML body, or a template."),
        ({"Mj-deduplicatecampaign": 1}, "Mj-campaign"),
        ({"To": "a@example.com"}, "must be"),
        ({"Attachments": [{"Filename": "a"}]}, "/Attachments/0: 'Content-type' is a required property"),
    ],
)
def test_other_errors_have_a_message_of_the_emulator(wrong: Any, expected: str, emulator: Emulator) -> None:
    message = post(emulator, json.dumps({**payload(Text_part="x"), **wrong}).encode()).json()["ErrorMessage"]
    assert message.startswith("emulator: ")
    assert expected in message
    assert len(message) < 400


def test_a_rejection_does_not_echo_the_payload() -> None:
    refusal = check_payload(payload(Text_part="", Subject=HOSTILE * 1000))
    assert refusal is not None
    assert refusal.message is not None
    assert "script" not in refusal.message


# --- Limits of the compiler and of the emulator -----------------------------------------------------------------------


def addresses(count: int) -> list[str]:
    return [f"a{number}@example.com" for number in range(count)]


def megabytes(count: int, extra: int = 0) -> str:
    return base64.b64encode(bytes(count * 1_000_000 + extra)).decode()


def file(content: str, **fields: Any) -> dict[str, Any]:
    return {"filename": "a.bin", "mimetype": "application/octet-stream", "content": content, **fields}


LIMITS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # a message within each limit, and one beyond it
    "Cc": ({"cc": addresses(50), "to": ["b@example.com"]}, {"cc": addresses(51), "to": ["b@example.com"]}),
    "Bcc": ({"bcc": addresses(50), "to": ["b@example.com"]}, {"bcc": addresses(51), "to": ["b@example.com"]}),
    "To": ({"cc": ["b@example.com"], "to": addresses(50)}, {"cc": ["b@example.com"], "to": addresses(51)}),
    "a repeated address": (
        {"cc": ["b@example.com"], "to": [*addresses(50), "A0@EXAMPLE.com"]},
        {"cc": ["b@example.com"], "to": [*addresses(50), "A0@EXAMPLE.com", "c@example.com"]},
    ),
    "Recipients": ({"to": addresses(100)}, {"to": addresses(101)}),
    "Subject": ({"subject": "x" * 255}, {"subject": "x" * 256}),
    "Attachments": (
        {"attachments": [file(megabytes(7)), file(megabytes(8, -len(MESSAGE["body"])))]},
        {"attachments": [file(megabytes(7)), file(megabytes(8, 1))]},
    ),
    "Texts": (
        {"body": "x" * 7_000_000, "alternatives": [{"content": "é" * 4_000_000, "mimetype": "text/html"}]},
        {"body": "x" * 7_000_001, "alternatives": [{"content": "é" * 4_000_000, "mimetype": "text/html"}]},
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_the_limits_are_those_of_the_compiler(limit: str) -> None:
    just, over = ({**MESSAGE, **fields} for fields in LIMITS[limit])
    compiled = compiler.compile(just)
    assert compiled.errors == ()
    assert check_payload(compiled.output) is None
    refused = compiler.compile(over)
    assert [error.code for error in refused.errors] == ["LimitExceeded"]
    assert check_payload(unlimited(over)) is not None


def unlimited(message: dict[str, Any]) -> Any:
    """The payload that would be sent without limits."""
    target = named_target("mailjet-v3")

    ruleset = target.ruleset("send")
    without = replace(ruleset, verify=tuple(rule for rule in ruleset.verify if not hasattr(rule, "at_most")))
    return compiler.compile(message, compiler.Target(target.name, {**target.rulesets, "send": without})).output


def test_a_call_s_limits_count_over_all_its_messages() -> None:
    message = payload(Text_part="x", Recipients=[{"Email": address} for address in addresses(50)])
    assert check_payload({"Messages": [message, message]}) is None
    assert check_payload({"Messages": [message, message, payload(Text_part="x")]}) is not None
    large = payload(Text_part="x", Attachments=[attachment("a", bytes(7_499_999))])
    assert check_payload({"Messages": [large, large]}) is None
    small = payload(Text_part="x", Inline_attachments=[attachment("a", b"x")])
    assert check_payload({"Messages": [large, large, small]}) is not None
    assert check_payload({"Messages": [payload(Text_part="x")] * 100}) is None
    assert check_payload({"Messages": [payload(To="a@example.com", Text_part="x")] * 101}) is not None
