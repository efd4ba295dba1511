"""Decoding what a service sends back: which arguments are accepted, and properties of every body."""

from __future__ import annotations

import base64
import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.conformance.compare import compare_values
from compiler.json_io import resources
from compiler.pipeline.targets import named_target
from compiler.results import Diagnostic, Result
from tests.strategies import bodies
from tests.strategies.messages import VALID_MESSAGES

DIAGNOSTIC = resources.validator("diagnostic.schema.json")
SCHEMAS = {
    "response": "recipient-statuses.schema.json",
    "events": "tracking-events.schema.json",
    "inbound": "inbound-message.schema.json",
    "template": "template-sender.schema.json",
}
MESSAGE = {"from_email": "shop@example.com", "to": ["alice@example.com", "Bob <bob@example.com>"], "body": "Hi"}
TEXTS = st.text(max_size=20) | st.text(st.characters(), max_size=20)  # lone surrogates too


def check_result(name: str, result: Result) -> Result:
    """The result, after asserting that it is valid."""
    assert result.ok == (result.output is not None)
    if result.ok:
        errors = resources.validator(SCHEMAS[name]).iter_errors(result.output)
        assert [f"{error.json_path}: {error.message}" for error in errors] == []
    for diagnostic in (*result.errors, *result.warnings):
        assert [error.message for error in DIAGNOSTIC.iter_errors(diagnostic.to_dict())] == []
        assert diagnostic.document == "body"
    json.dumps(result.to_dict(), ensure_ascii=False).encode("utf-8")
    return result


def code_paths(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in diagnostics]


# --- Arguments --------------------------------------------------------------------------------------------------------

EVENT = {"event": "sent", "MessageID": 19421777835146490003, "email": "ü@example.com"}


@pytest.mark.parametrize(
    "body",
    [
        EVENT,
        json.dumps(EVENT),
        json.dumps(EVENT).encode(),
        json.dumps(EVENT, ensure_ascii=False).encode(),
        b"\xef\xbb\xbf" + json.dumps([EVENT]).encode(),
        bytearray(json.dumps(EVENT).encode()),
        memoryview(json.dumps(EVENT).encode()),
        (EVENT,),
    ],
)
def test_a_body_may_be_bytes_text_or_parsed_json(body: Any) -> None:
    (event,) = compiler.decode_events(body).unwrap()["events"]
    assert (event["message_id"], event["recipient"], event["esp_event"]) == (
        "19421777835146490003", "ü@example.com", EVENT,
    )  # fmt: skip


@pytest.mark.parametrize("body", [None, object(), {1, 2}, 3.5, float("nan"), True, {EVENT["event"]: object()}])
def test_any_python_value_gives_a_result(body: Any) -> None:
    for result in (compiler.decode_events(body), compiler.decode_inbound(body)):
        assert result.ok == isinstance(body, dict)
    for response in (compiler.decode_response(body), compiler.decode_template(body)):
        assert [each.code for each in response.errors] == ["InvalidResponse"]


@pytest.mark.parametrize("status_code", [None, "200", 200.0, True])
def test_a_status_code_is_an_int(status_code: Any) -> None:
    for decode in (compiler.decode_response, compiler.decode_template):
        with pytest.raises(TypeError, match="status_code must be an int, not"):
            decode("", status_code)


def test_a_reason_is_text_and_options_are_a_mapping() -> None:
    reason: Any = b"OK"
    with pytest.raises(TypeError, match="reason must be a str or None, not bytes"):
        compiler.decode_response("", 500, reason)
    options: Any = ["x"]
    with pytest.raises(TypeError, match="options must be a mapping"):
        compiler.decode_response("", message=MESSAGE, options=options)


def test_an_unknown_target_or_ruleset_raises_a_value_error() -> None:
    with pytest.raises(ValueError, match="unknown target 'pigeon'"):
        compiler.decode_events("[]", "pigeon")
    only_send = compiler.Target(
        "half", {"send": compiler.load_target(Path(resources.TARGETS) / "mailjet_v3").ruleset("send")}
    )
    with pytest.raises(ValueError, match="unknown ruleset 'events' of target 'half'"):
        compiler.decode_events("[]", only_send)


def test_the_hint_says_why_a_body_is_not_valid_json() -> None:
    (error,) = compiler.decode_events('[{"event": "sent",}]').errors
    assert (error.code, error.path, error.message) == (
        "InvalidBody", "", "the body must be an event or a list of events",
    )  # fmt: skip
    assert error.hint is not None
    assert "line 1, column" in error.hint
    (error,) = compiler.decode_response("<h1>Bad Gateway</h1>", 502, "Bad Gateway").errors
    assert error.hint == "the service gives no reason"


def test_an_invalid_message_still_provides_its_recipients() -> None:
    sent = {"Sent": [{"Email": "alice@example.com", "MessageID": 7}]}
    result = compiler.decode_response(sent, message={"to": ["alice@example.com", "bob@example.com"], "subject": 5})
    assert result.errors == ()
    assert [(each["email"], each["status"]) for each in result.unwrap()["recipients"]] == [
        ("alice@example.com", "sent"), ("bob@example.com", "unknown"),
    ]  # fmt: skip


def test_a_wrong_message_argument_is_an_error_of_the_message() -> None:
    sent = {"Sent": [{"Email": "alice@example.com", "MessageID": 7}]}
    result = compiler.compile(MESSAGE)
    invalid_message: Any
    for invalid_message in (
        [],
        5,
        result,
        result.payload,
        json.dumps(MESSAGE),
        {"to": 5},
        {"to": "bob"},
        {"esp_extra": {"To": 5}},
    ):
        decoded = compiler.decode_response(sent, message=invalid_message)
        assert decoded.output is None
        assert {each.document for each in decoded.errors} == {"message"}
        assert decoded.errors == compiler.compile(invalid_message).errors
        rejected = compiler.decode_response("", 401, message=invalid_message)
        assert code_paths(rejected.errors) == [("Unauthorized", "")]


def test_a_decoded_template_sender_can_be_passed_to_compile() -> None:
    body = {"Data": [{"Headers": {"From": "Widgets, Inc. <noreply@example.com>"}}]}
    sender = compiler.decode_template(body).unwrap()["sender"]
    message = {**MESSAGE, "from_email": None, "template_id": 7}
    payload = compiler.compile(message, options={"template_sender": sender}).unwrap()
    assert (payload["FromEmail"], payload["FromName"]) == ("noreply@example.com", "Widgets, Inc.")


def test_a_reason_phrase_may_contain_any_text() -> None:
    (error,) = check_result("response", compiler.decode_response("", 500, "Caf\ud83d\ude00 \ud83d")).errors
    assert error.params["service_message"] == "Caf😀 \ufffd"


def test_a_nearly_full_stack_is_an_error_of_the_body() -> None:
    body = "[" * 90 + "]" * 90

    def decode_at_depth(levels: int) -> list[Result]:
        if levels:
            return decode_at_depth(levels - 1)
        return [compiler.decode_events(body), compiler.decode_response(body, 200)]

    results = []
    for levels in range(0, 1000, 20):
        try:
            results.append(decode_at_depth(levels))
        except RecursionError:
            break
    events_ok = [result.ok or code_paths(result.errors) == [("InvalidBody", "")] for result, _ in results]
    assert len(events_ok) > 10
    assert all(events_ok)
    assert all(code_paths(result.errors) == [("InvalidResponse", "")] for _, result in results)


@pytest.mark.parametrize("levels", [99, 100, 5000, 100_000])
def test_an_event_nested_too_deeply_does_not_affect_others(levels: int) -> None:
    deep = f'{{"event": "open", "odd": {"[" * levels}{"]" * levels}}}'
    result = compiler.decode_events(f'[{{"event": "sent"}}, {deep}, {{"event": "click"}}]')
    assert [each["event_type"] for each in result.unwrap()["events"]] == ["delivered", "opened", "clicked"]
    assert code_paths(result.warnings) == [("MalformedEvent", "/1/odd" + "/0" * 98)]
    assert (
        compiler.decode_events(f"[{deep.replace(levels * '[', 98 * '[').replace(levels * ']', 98 * ']')}]").warnings
        == ()
    )


def test_large_bodies_are_read() -> None:
    events = compiler.decode_events(json.dumps([EVENT] * 10_000)).unwrap()["events"]
    assert len(events) == 10_000
    content = base64.b64encode(bytes(7_500_000)).decode()
    body = {"Parts": [{"Headers": {"Content-Type": "image/png"}, "ContentRef": "Attachment1"}], "Attachment1": content}
    (attachment,) = compiler.decode_inbound(json.dumps(body)).unwrap()["attachments"]
    assert attachment["content"] == content


# --- Properties -------------------------------------------------------------------------------------------------------


@given(st.binary() | TEXTS, bodies.STATUS_CODES, st.none() | TEXTS)
def test_any_bytes_and_any_text_give_a_result(body: Any, status_code: int, reason: str | None) -> None:
    check_result("events", compiler.decode_events(body))
    check_result("inbound", compiler.decode_inbound(body))
    check_result("response", compiler.decode_response(body, status_code, reason, MESSAGE))
    check_result("template", compiler.decode_template(body, status_code, reason=reason))


@given(bodies.EVENT_BODIES)
def test_any_events_give_a_valid_result(body: Any) -> None:
    result = check_result("events", compiler.decode_events(body))
    assert result.ok == isinstance(body, list | dict)
    if result.ok:
        assert len(result.unwrap()["events"]) == (len(body) if isinstance(body, list) else 1)


@given(bodies.INBOUND_BODIES)
def test_any_received_mail_gives_a_valid_result(body: Any) -> None:
    result = check_result("inbound", compiler.decode_inbound(body))
    assert result.ok == isinstance(body, dict)


@given(bodies.RESPONSES, bodies.STATUS_CODES, st.none() | TEXTS, VALID_MESSAGES)
def test_any_response_gives_a_valid_result(body: Any, code: int, reason: str | None, pair: tuple[Any, Any]) -> None:
    message, options = pair
    result = check_result("response", compiler.decode_response(body, code, reason, message, options))
    if result.ok:
        assert 200 <= code <= 299
        assert len(result.unwrap()["unexpected"]) <= len(body["Sent"])
    sender = check_result("template", compiler.decode_template(body, code, reason=reason))
    if sender.ok:
        assert 200 <= code <= 299


@given(st.lists(bodies.ANY_EVENTS, max_size=4))
def test_each_event_is_decoded_independently(events: list[Any]) -> None:
    together = compiler.decode_events(events)
    alone = [compiler.decode_events([event]) for event in events]
    assert together.unwrap()["events"] == [each.unwrap()["events"][0] for each in alone]
    assert sorted(code_paths(together.warnings)) == sorted(
        (code, f"/{index}{path.removeprefix('/0')}")
        for index, each in enumerate(alone)
        for code, path in code_paths(each.warnings)
    )


@given(bodies.EVENTS)
def test_a_bare_event_is_a_list_of_one(event: Any) -> None:
    assert compiler.decode_events(event).output == compiler.decode_events([event]).output


@given(bodies.EVENT_BODIES, bodies.INBOUND_BODIES)
def test_parsed_json_and_its_text_decode_alike(event: Any, mail: Any) -> None:
    for decode, body in ((compiler.decode_events, event), (compiler.decode_inbound, mail)):
        text = json.dumps(body)
        if isinstance(body, str):  # a str is read as JSON text
            continue
        if not any(
            name in text for name in ("NaN", "Infinity", "e+")
        ):  # the digits of a float of e+16 differ from its text
            assert decode(text).to_dict() == decode(body).to_dict() == decode(text.encode()).to_dict()


@given(bodies.EVENT_BODIES, bodies.INBOUND_BODIES, bodies.RESPONSES)
def test_the_input_is_unchanged_and_results_share_nothing(event: Any, mail: Any, response: Any) -> None:
    for decode, body in (
        (compiler.decode_events, event), (compiler.decode_inbound, mail), (compiler.decode_response, response),
    ):  # fmt: skip
        before = copy.deepcopy(body)
        first = decode(body)
        assert repr(body) == repr(before)
        untouched = copy.deepcopy(first.to_dict())
        _clear_containers(decode(body).output)
        assert first.to_dict() == untouched
        assert repr(body) == repr(before)


def _clear_containers(value: Any) -> None:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _clear_containers(inner)
    if isinstance(value, dict | list):
        value.clear()


@given(st.lists(bodies.EVENTS, max_size=3), bodies.INBOUND)
def test_key_order_matters_only_for_headers(events: Any, mail: Any) -> None:
    def reverse_keys(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: reverse_keys(value[key]) for key in reversed(value)}
        return [reverse_keys(item) for item in value] if isinstance(value, list) else value

    assert compiler.decode_events(reverse_keys(events)).to_dict() == compiler.decode_events(events).to_dict()
    original, reordered = (dict(compiler.decode_inbound(each).output or {}) for each in (mail, reverse_keys(mail)))
    headers: Any = original.pop("headers"), reordered.pop("headers")
    assert sorted(headers[0]) == sorted(headers[1])
    assert original == reordered


@given(VALID_MESSAGES)
def test_metadata_and_tag_come_back_in_the_event(pair: tuple[Any, Any]) -> None:
    message, options = pair
    payload = compiler.compile(message, options=options).payload
    if payload is None or "esp_extra" in str(message) or "esp_extra" in str(options):
        return
    for part in payload.get("Messages", [payload]):
        event = {"event": "sent", "Payload": part.get("Mj-EventPayLoad"), "customcampaign": part.get("Mj-campaign", "")}
        (decoded,) = compiler.decode_events(json.dumps([event])).unwrap()["events"]
        defaults = options.get("send_defaults") or {}
        tags = [*(defaults.get("tags") or []), *(message.get("tags") or [])]
        assert decoded["tags"] == [tag for tag in tags[:1] if tag]
        if "Messages" not in payload:
            sent = {**(defaults.get("metadata") or {}), **(message.get("metadata") or {})}
            assert (
                compare_values(sent, decoded["metadata"]) == []
            )  # as exact decimals: an integral float comes back as an int
        assert compiler.decode_inbound({"Payload": event["Payload"]}).unwrap()["metadata"] == decoded["metadata"]


@given(st.integers(1) | st.integers(1, 2**200) | st.integers(4290, 5000).map(lambda digits: 10**digits + 7))
def test_a_message_id_of_any_size_survives_exactly(number: int) -> None:
    digits = _digits(number)
    for spelled in (number, digits):  # parsed, and as text
        for body in ({"event": "sent", "MessageID": spelled}, f'{{"event": "sent", "MessageID": {digits}}}'):
            result = compiler.decode_events(body)
            assert result.unwrap()["events"][0]["message_id"] == digits
    sent = compiler.decode_response(f'{{"Sent": [{{"Email": "a@example.com", "MessageID": {digits}}}]}}')
    assert sent.unwrap()["message_ids"] == [digits]
    assert (
        compiler.decode_events({"event": "sent", "mj_message_id": digits}).unwrap()["events"][0]["message_id"] == digits
    )


def _digits(number: int) -> str:
    digits = ""
    while number:
        number, remainder = divmod(number, 10**1000)
        digits = f"{remainder:01000}{digits}"
    return digits.lstrip("0")


@given(st.integers() | st.integers(0, 253402300799))
def test_a_timestamp_is_utc_and_valid_for_every_integer_or_null(seconds: int) -> None:
    (event,) = compiler.decode_events(f'[{{"time": {seconds}}}]').unwrap()["events"]
    if event["timestamp"] is None:
        assert not 0 <= seconds <= 253402300799
    else:
        moment = datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert moment.timestamp() == seconds


@given(st.lists(st.binary(), max_size=3), st.sampled_from(["Attachment", "InlineAttachment"]))
def test_attachments_come_back_byte_for_byte(contents: list[bytes], prefix: str) -> None:
    texts = {f"{prefix}{n}": base64.encodebytes(content).decode() for n, content in enumerate(contents)}
    parts = [{"Headers": {"Content-Transfer-Encoding": "8bit"}, "ContentRef": name} for name in texts]
    attachments = compiler.decode_inbound(json.dumps({"Parts": parts, **texts})).unwrap()["attachments"]
    assert [base64.b64decode(each["content"], validate=True) for each in attachments] == contents


@given(st.dictionaries(st.text("ABab-", min_size=1), st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=3)))
def test_order_and_repetition_of_headers_are_kept(headers: dict[str, Any]) -> None:
    lists = {name: value if isinstance(value, list) else [value] for name, value in headers.items()}
    expected = [[name, each] for name, values in lists.items() for each in values]
    assert compiler.decode_inbound(json.dumps({"Headers": headers})).unwrap()["headers"] == expected


@given(VALID_MESSAGES, st.data())
def test_every_recipient_of_the_message_has_a_status(pair: tuple[Any, Any], data: st.DataObject) -> None:
    message, options = pair
    payload = compiler.compile(message, options=options).payload
    if payload is None:
        return
    private = [each["Email"] for one in payload.get("Messages", [payload]) for each in one.get("Recipients", [])]
    shared = compiler.decode_response({"Sent": []}, message=message, options=options).unwrap()["recipients"]
    assert [each["email"] for each in shared][: len(private)] == private
    assert private or len(shared) >= 1
    accepted = data.draw(st.lists(st.sampled_from([each["email"] for each in shared]), unique=True))
    sent = [{"Email": email.upper(), "MessageID": 2**60 + number} for number, email in enumerate(accepted)]
    output = compiler.decode_response({"Sent": sent}, message=message, options=options).unwrap()
    known = {email.upper() for email in accepted}
    assert output["unexpected"] == []
    for each in output["recipients"]:
        assert (each["status"] == "sent") == (each["email"].upper() in known) == (each["message_id"] is not None)
    assert set(output["message_ids"]) <= {str(2**60 + number) for number in range(len(sent))}


@given(st.lists(bodies.INBOUND, max_size=1))
def test_a_received_message_round_trips_through_an_email_message(mails: list[Any]) -> None:
    for body in mails:
        inbound = compiler.decode_inbound(body).unwrap()
        message = compiler.from_email_message(compiler.to_email_message(inbound))
        addresses = [each["email"] for each in inbound["to"]]
        if addresses and "".join(addresses).isascii():  # others are kept as they are in the header
            assert [_email_of(each) for each in message["to"]] == addresses
        texts = [inbound["text"], inbound["html"]]
        written = {message.get("body"), *(each["content"] for each in message.get("alternatives", []))}
        assert {"\n".join(text.splitlines()) for text in texts if text} <= {
            "\n".join((text or "").splitlines()) for text in written
        }
        assert len(message.get("attachments", [])) == len(inbound["attachments"])


def _email_of(address: Any) -> Any:
    return address["email"] if isinstance(address, dict) else address


# --- Repeats ----------------------------------------------------------------------------------------------------------


@given(bodies.ANY_EVENTS, bodies.ANY_EVENTS)
def test_only_repeats_of_an_event_have_the_same_fingerprint(first: Any, second: Any) -> None:
    def fingerprints(*events: Any) -> list[str]:
        return [compiler.event_fingerprint(each) for each in compiler.decode_events(list(events)).unwrap()["events"]]

    assert (
        fingerprints(first, second) == fingerprints(first) + fingerprints(second) == fingerprints(second, first)[::-1]
    )
    reordered = dict(reversed(first.items())) if isinstance(first, dict) else first
    assert fingerprints(reordered) == fingerprints(first)
    originals = [each["esp_event"] for each in compiler.decode_events([first, second]).unwrap()["events"]]
    if isinstance(first, dict) and isinstance(second, dict):
        assert (fingerprints(first) == fingerprints(second)) == (_canonical(originals[0]) == _canonical(originals[1]))
        assert fingerprints({**first, "ip": "192.0.2.77"}) != fingerprints({**first, "ip": "192.0.2.78"})


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_canonical(each) for each in value]
    return (type(value) is bool, value)


def test_a_fingerprint_is_computed_as_documented() -> None:
    from hashlib import sha256

    (event,) = compiler.decode_events('{"time": 1.0, "event": "sent", "email": "ü@example.com"}').unwrap()["events"]
    text = '{"email":"ü@example.com","event":"sent","time":1}'
    assert compiler.event_fingerprint(event) == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("event", "error", "words"),
    [
        (5, TypeError, "an event is a mapping, not int"),
        ({}, ValueError, "the event has no 'esp_event'"),
        ({"esp_event": [object()]}, ValueError, "the event is not valid JSON, at /esp_event/0"),
    ],
)
def test_a_fingerprint_of_an_invalid_event_raises(event: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        compiler.event_fingerprint(event)


def test_a_response_with_too_many_recipients_is_invalid() -> None:
    sent = [{"Email": "a@example.com", "MessageID": 1, "MessageUUID": "1"}] * 10_001
    (error,) = compiler.decode_response(json.dumps({"Sent": sent}), 200).errors
    assert (error.code, error.message) == (
        "InvalidResponse",
        "the response does not have the form that the service documents",
    )
    assert error.hint is not None
    assert "at most 10,000 items" in error.hint


@pytest.mark.parametrize("name", ["events", "inbound", "response", "template"])
def test_short_bodies_need_no_truncation(name: str) -> None:
    """A body below two thousand characters cannot contain a list that is too long (`decode._FEWEST_BOUNDED`)."""
    schema = json.dumps(named_target("mailjet-v3").ruleset(name).input_schema)
    bounds = re.findall(r'"maxItems": ([0-9]+)', schema)
    assert bounds
    assert min(map(int, bounds)) >= 1_000
