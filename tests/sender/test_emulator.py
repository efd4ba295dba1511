"""The emulator's APIs: they show what it received, control it, and serve this machine only."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
import requests

import compiler
from compiler.json_io import resources
from compiler.sender import MailjetSender, NetworkError, NotSentError
from compiler.sender.emulator import FAULTS, Emulator
from compiler.sender.emulator.events import KINDS
from tests.sender.helpers import MESSAGE, TEMPLATES, sender_to
from tests.sender.payloads import attachment, payload
from tests.sender.webhook_handler import WebhookServer


def get(emulator: Emulator, path: str, **kwargs: Any) -> requests.Response:
    return requests.get(emulator.page_url + path, timeout=10, **kwargs)


def post(emulator: Emulator, path: str, **kwargs: Any) -> requests.Response:
    return requests.post(emulator.page_url + path, timeout=10, **kwargs)


def send(emulator: Emulator, **properties: Any) -> list[dict[str, Any]]:
    response = requests.post(
        f"{emulator.url}/send",
        json=payload(**{"Text_part": "x", **properties}),
        auth=(emulator.api_key, emulator.secret_key),
        timeout=10,
    )
    assert response.status_code == 200, response.text
    sent: list[dict[str, Any]] = response.json()["Sent"]
    return sent


# --- Received messages ------------------------------------------------------------------------------------------------


def test_private_recipients_have_ids_of_their_own_and_shared_ones_one(emulator: Emulator) -> None:
    private = send(emulator, Recipients=[{"Email": "a@example.com"}, {"Email": "b@example.com"}])
    shared = send(emulator, To="a@example.com, B <b@example.com>", Cc="=?utf-8?q?C=2C_D?= <c@example.com>")
    assert [recipient["Email"] for recipient in private + shared] == [f"{name}@example.com" for name in "ababc"]
    ids = [recipient["MessageID"] for recipient in private + shared]
    assert len(set(ids[:2])) == 2
    assert len(set(ids[2:])) == 1
    assert min(ids) > 2**53  # like some ids of Mailjet; a float cannot hold it
    kinds = [(recipient.kind, recipient.name) for recipient in emulator.messages[1].recipients]
    assert kinds == [("to", None), ("to", "B"), ("cc", "C, D")]


def test_a_repeated_address_gets_one_mail(emulator: Emulator) -> None:
    sent = send(emulator, To="a@example.com, A@EXAMPLE.com", Cc="a@example.com, b@example.com")
    assert [recipient["Email"] for recipient in sent] == ["a@example.com", "b@example.com"]


def test_each_of_several_messages_in_a_call_is_one(emulator: Emulator) -> None:
    body = {"Messages": [payload(Text_part="x", Subject="1"), payload(Text_part="x", Subject="2")]}
    auth = (emulator.api_key, emulator.secret_key)
    response = requests.post(f"{emulator.url}/send", json=body, auth=auth, timeout=10)
    assert len(response.json()["Sent"]) == 2
    number = emulator.calls[0].number
    assert [(message.subject, message.call) for message in emulator.messages] == [("1", number), ("2", number)]
    assert emulator.calls[0].messages == tuple(message.number for message in emulator.messages)


def test_received_messages_are_available_as_json(emulator: Emulator) -> None:
    send(emulator, Headers={"X-A": "1"}, Recipients=[{"Email": "a@example.com", "Vars": {"n": 1}}], Vars={"m": 2})
    (listed,) = get(emulator, "emulator/messages").json()["messages"]
    number = emulator.messages[0].number
    assert listed == get(emulator, f"emulator/messages/{number}").json() == emulator.messages[0].to_dict()
    assert listed["recipients"][0]["variables"] == {"m": 2, "n": 1}
    assert listed["recipients"][0]["message_id"].isdigit()
    assert listed["headers"] == {"X-A": "1"}
    assert get(emulator, "emulator/calls").json()["calls"] == [emulator.calls[0].to_dict()]
    assert get(emulator, "emulator/messages/999").status_code == 404
    assert get(emulator, "messages/999").status_code == 404


def test_attachments_are_handed_out_as_they_came_and_are_never_shown(emulator: Emulator) -> None:
    content = b"<script>1</script>\xff"
    send(emulator, Attachments=[attachment('../"\tX: 1.html', content, "text/html")])
    number = emulator.messages[0].number
    response = get(emulator, f"messages/{number}/attachments/0")
    assert response.content == content
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''..%2F%22%09X%3A%201.html"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert get(emulator, f"messages/{number}/attachments/1").status_code == 404


def test_a_lone_surrogate_breaks_no_resource(emulator: Emulator) -> None:
    half = "\ud800"
    send(
        emulator,
        Subject=half,
        FromEmail=half,
        Recipients=[{"Email": half, "Name": half, "Vars": {half: half}}],
        Html_part=half,
        Headers={"X-A": half},
        Attachments=[attachment(half, media_type=half)],
    )
    number = emulator.messages[0].number
    for path in ("", "messages/{}", "messages/{}/html", "messages/{}/attachments/0", "emulator/messages/{}"):
        assert get(emulator, path.format(number)).status_code == 200
    assert post(emulator, "emulator/faults", json={"faults": [half]}).status_code == 400


def test_the_pages_have_their_policies(emulator: Emulator) -> None:
    send(emulator, Html_part="<script>1</script>")
    number = emulator.messages[0].number
    for path, directive in (
        ("", "default-src 'none'"),
        (f"messages/{number}", "frame-src 'self'"),
        (f"messages/{number}/html", "sandbox"),
    ):
        response = get(emulator, path)
        assert response.status_code == 200
        assert directive in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_clearing_forgets_messages_calls_and_faults_but_no_templates(emulator: Emulator, sender: MailjetSender) -> None:
    send(emulator)
    emulator.inject_faults("stall")
    assert post(emulator, "emulator/clear").json() == {}
    assert (emulator.messages, emulator.calls, emulator.posted_events) == ((), (), ())
    assert sender.send({"from_email": None, "to": ["a@example.com"], "template_id": 8}).sent_to_all


# --- Control ----------------------------------------------------------------------------------------------------------


def test_a_template_can_be_stored(emulator: Emulator) -> None:
    auth = (emulator.api_key, emulator.secret_key)
    stored = {"Headers": {"From": "new@example.com"}}
    url = f"{emulator.page_url}emulator/templates/77"
    assert requests.put(url, json=stored, timeout=10).json() == stored
    response = requests.get(f"{emulator.url}/REST/template/77/detailcontent", auth=auth, timeout=10)
    assert response.json() == {"Count": 1, "Data": [stored], "Total": 1}
    assert compiler.decode_template(response.content).output == {"sender": {"email": "new@example.com", "name": None}}
    assert resources.validator("mailjet-v3/template.schema.json").is_valid(response.json())
    assert requests.put(url, json=[], timeout=10).status_code == 400


def test_a_missing_template_and_a_missing_resource_are_reported_as_by_the_service(emulator: Emulator) -> None:
    auth = (emulator.api_key, emulator.secret_key)
    for path, expected in (
        ("REST/template/1/detailcontent", "Object not found"),
        ("REST/contact", "emulator: unknown resource GET /v3/REST/contact"),
    ):
        response = requests.get(f"{emulator.url}/{path}", auth=auth, timeout=10)
        assert response.status_code == 404
        assert response.json()["ErrorMessage"].startswith(expected)
    assert requests.get(f"{emulator.url}/REST/template/8/detailcontent", timeout=10).status_code == 401
    newer = f"{emulator.url}.2/send"
    assert requests.post(newer, json={"Messages": []}, auth=auth, timeout=10).status_code == 404


def test_faults_can_be_injected_over_http(emulator: Emulator, sender: MailjetSender) -> None:
    assert get(emulator, "emulator/faults").json() == {"next": [], "faults": dict(FAULTS)}
    assert post(emulator, "emulator/faults", json={"faults": ["rate-limited"]}).json() == {"next": ["rate-limited"]}
    assert sender.send(MESSAGE).response.attempts == 2
    wrongs: tuple[Any, ...] = ({"faults": ["typo"]}, {"faults": "stall"}, {"faults": [1]}, {}, [], "x")
    for wrong in wrongs:
        response = post(emulator, "emulator/faults", json=wrong)
        assert response.status_code == 400
    assert "unknown fault 'typo'" in post(emulator, "emulator/faults", json={"faults": ["typo"]}).text
    with pytest.raises(ValueError, match=r"unknown fault 'typo' \(available: "):
        emulator.inject_faults("typo")


def test_it_can_refuse_connections_for_a_while() -> None:
    def ends(sender: MailjetSender) -> str:
        try:
            sender.send(MESSAGE)
        except NetworkError as error:  # also MaybeSentError, while the port is being closed
            return type(error).__name__
        return "sent"

    with Emulator() as emulator, sender_to(emulator, retries=None) as sender:
        assert ends(sender) == "sent"
        assert post(emulator, "emulator/refuse", json={"seconds": 0.5}).json() == {"seconds": 0.5}
        for expected in ("NotSentError", "sent"):
            until = time.monotonic() + 10
            while ends(sender) != expected:
                assert time.monotonic() < until
        wrongs: tuple[Any, ...] = ({"seconds": -1}, {"seconds": "x"}, {"seconds": 1e9}, {"seconds": True}, [])
        for wrong in wrongs:
            assert post(emulator, "emulator/refuse", json=wrong).status_code == 400


def test_it_can_be_stopped_while_it_refuses() -> None:
    with Emulator() as emulator:
        post(emulator, "emulator/refuse", json={"seconds": 60})
        time.sleep(0.2)
    with sender_to(emulator, retries=None) as sender, pytest.raises(NotSentError):
        sender.send(MESSAGE)


# --- Access control ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "emulator/messages", "messages/1", "emulator/faults"])
def test_names_that_only_lead_here_are_refused(path: str, emulator: Emulator) -> None:
    for host in (
        "evil.example",
        f"evil.example:{emulator.page_url.rsplit(':', 1)[1].strip('/')}",
        "127.0.0.1.evil.example",
    ):
        assert get(emulator, path, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_a_foreign_page_changes_nothing(origin: str, emulator: Emulator) -> None:
    send(emulator)
    for path in ("emulator/clear", "emulator/faults", "emulator/refuse", "emulator/events"):
        assert post(emulator, path, headers={"Origin": origin}, data="{}").status_code == 403
    assert len(emulator.messages) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "", "192.0.2.1", "example.com", "::"])  # noqa: S104 - they are refused
def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(ValueError, match="this machine"):
        Emulator(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_it_listens_at_every_name_of_this_machine(host: str) -> None:
    try:
        emulator = Emulator(host).__enter__()
    except OSError:
        pytest.skip(f"this machine does not know {host}")
    try:
        with sender_to(emulator) as sender:
            assert sender.send(MESSAGE).sent_to_all
    finally:
        emulator.stop()


def test_a_port_that_is_taken_is_reported_and_nothing_is_left_behind(emulator: Emulator) -> None:
    running = [thread for thread in threading.enumerate() if thread.name == "emulator"]
    port = int(emulator.page_url.rsplit(":", 1)[1].strip("/"))
    with pytest.raises(OSError, match=str(port)), Emulator(port=port):
        pass
    assert [thread for thread in threading.enumerate() if thread.name == "emulator"] == running


# --- Tracking events --------------------------------------------------------------------------------------------------


def test_a_delivery_causes_an_event_for_each_recipient(webhook: WebhookServer) -> None:
    message = {**MESSAGE, "tags": ["orders"], "metadata": {"order": 12}}
    with Emulator(webhook=webhook.url()) as emulator, sender_to(emulator) as sender:
        result = sender.send(message)
        (body,) = webhook.wait_for(1)
    decoded = compiler.decode_events(json.dumps(body))
    assert (decoded.errors, decoded.warnings) == ((), ())
    assert [(event["event_type"], event["recipient"], event["message_id"]) for event in decoded.unwrap()["events"]] == [
        ("delivered", recipient["email"], recipient["message_id"]) for recipient in result.recipients
    ]
    for event in decoded.unwrap()["events"]:
        assert event["tags"] == ["orders"]
        assert event["metadata"] == {"order": 12}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_is_one_that_mailjet_sends(kind: str, webhook: WebhookServer) -> None:
    with Emulator(webhook=webhook.url()) as emulator, sender_to(emulator) as sender:
        sender.send({**MESSAGE, "metadata": {"n": 1}})
        webhook.wait_for(1)
        asked = {"message": 1, "recipient": "bob@example.com", "event": kind}
        posted = post(emulator, "emulator/events", json=asked).json()
        body = webhook.wait_for(2)[1]
        assert posted == {"events": body, "status_code": 200, "error": None}
        assert get(emulator, "emulator/events").json()["events"][1] == posted
        assert emulator.posted_events[1].to_dict() == posted
    assert list(resources.validator("mailjet-v3/events.schema.json").iter_errors(body)) == []
    decoded = compiler.decode_events(json.dumps(body))
    assert (decoded.errors, decoded.warnings) == ((), ())
    (event,) = decoded.unwrap()["events"]
    assert (event["recipient"], event["metadata"]) == ("bob@example.com", {"n": 1})
    assert event["event_type"] != "unknown"


def test_events_can_come_one_by_one_and_with_credentials(webhook: WebhookServer) -> None:
    with Emulator(webhook=webhook.url("m%40il:p%3Ass@"), grouped=False) as emulator, sender_to(emulator) as sender:
        sender.send(MESSAGE)
        assert [event["email"] for event in webhook.wait_for(2)] == ["alice@example.com", "bob@example.com"]
        page = get(emulator, "").text
        assert webhook.url() in page
        assert "m%40il" not in page
    assert requests.auth._basic_auth_str("m@il", "p:ss") == webhook.authorizations[0]


def test_a_webhook_that_fails_or_is_not_there_is_reported(webhook: WebhookServer) -> None:
    webhook.status = 500
    with Emulator(webhook=webhook.url()) as emulator, sender_to(emulator) as sender:
        assert sender.send(MESSAGE).sent_to_all
        webhook.wait_for(1)
        asked = {"message": 1, "recipient": "bob@example.com", "event": "open"}
        assert post(emulator, "emulator/events", json=asked).json()["status_code"] == 500
    with Emulator(webhook="http://127.0.0.1:9/x") as emulator, sender_to(emulator) as sender:
        assert sender.send(MESSAGE).sent_to_all
        posted = post(emulator, "emulator/events", json=asked).json()
        assert (posted["status_code"], posted["error"]) == (None, "ClientConnectorError")


def test_an_invalid_event_is_reported(webhook: WebhookServer, emulator: Emulator) -> None:
    send(emulator)
    response = post(emulator, "emulator/events", json={"message": 1, "recipient": "alice@example.com", "event": "open"})
    assert (response.status_code, response.text) == (400, "the emulator has no webhook; start it with one\n")
    with Emulator(webhook=webhook.url()) as hooked:
        send(hooked)
        right = {"message": 1, "recipient": "alice@example.com", "event": "open"}
        assert post(hooked, "emulator/events", json=right).status_code == 200
        cases: tuple[tuple[dict[str, Any], int], ...] = (
            ({"event": "typo"}, 400),
            ({"recipient": "x@example.com"}, 400),
            ({"message": 2}, 404),
        )
        for wrong, status in cases:
            assert post(hooked, "emulator/events", json=right | wrong).status_code == status


@pytest.mark.parametrize(
    "url", ["http://example.com/hook", "ftp://127.0.0.1/", "127.0.0.1:8000", "http://evil.example#@127.0.0.1/", ""]
)
def test_events_go_to_this_machine_only(url: str) -> None:
    with pytest.raises(ValueError, match="on this machine"):
        Emulator(webhook=url)


def test_templates_of_the_tests_are_templates() -> None:
    for template in TEMPLATES.values():
        assert resources.validator("mailjet-v3/template.schema.json").is_valid(
            {"Count": 1, "Data": [template], "Total": 1}
        )
