"""The e-mail backend: Django's ways to send, sessions, statuses, signals, errors, threads and forks."""

from __future__ import annotations

import io
import json
import logging
import multiprocessing
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.message import BadHeaderError
from django.core.management import call_command
from django.test import Client, override_settings

import compiler.django as ours
from compiler.django import (
    AnymailAPIError,
    AnymailCancelSend,
    AnymailConfigurationError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailInvalidHeader,
    AnymailInvalidMessage,
    AnymailMessage,
    AnymailRecipientsRefused,
    AnymailRecipientStatus,
    AnymailRequestsAPIError,
    AnymailSerializationError,
    AnymailStatus,
    AnymailUnsupportedFeature,
    EmailBackend,
    post_send,
    pre_send,
)
from compiler.django.exceptions import AnymailConnectionError, AnymailTimeoutError
from compiler.sender.emulator import Emulator
from tests.django.helpers import connected, received


def message(**attributes: Any) -> AnymailMessage:
    return AnymailMessage("Hello", "Hi!", **{"to": ["alice@example.com"], **attributes})


def changed(**anymail: Any) -> override_settings:
    return override_settings(ANYMAIL={**settings.ANYMAIL, **anymail})


def subjects(emulator: Emulator) -> list[str | None]:
    return [each.subject for each in emulator.messages]


# Django's ways to send


def test_send_mail_with_html(project: Emulator) -> None:
    assert mail.send_mail("Hello", "Hi!", "a@example.com", ["b@example.com"], html_message="<p>Hi!</p>") == 1
    (sent,) = project.messages
    assert (sent.sender.email, sent.text, sent.html) == ("a@example.com", "Hi!", "<p>Hi!</p>")


def test_send_mass_mail(project: Emulator) -> None:
    mails = [(f"Mail {number}", "Hi!", None, [f"customer{number}@example.com"]) for number in range(3)]
    assert mail.send_mass_mail(tuple(mails)) == 3
    assert subjects(project) == ["Mail 0", "Mail 1", "Mail 2"]


def test_mail_admins_and_managers(project: Emulator) -> None:
    people: Any = ["admin@example.com"] if settings_have_plain_addresses() else [("Admin", "admin@example.com")]
    with override_settings(ADMINS=people, MANAGERS=people):
        mail.mail_admins("Alarm", "The disk is full.")
        mail.mail_managers("Report", "Sales", html_message="<p>Sales</p>")
    assert subjects(project) == ["[Django] Alarm", "[Django] Report"]
    assert {each.sender.email for each in project.messages} == {"server@example.com"}


def settings_have_plain_addresses() -> bool:
    import django

    return django.VERSION >= (6, 0)


@pytest.mark.parametrize("is_default", [True, False])
def test_shared_delivery_is_one_mail_to_all(project: Emulator, is_default: bool) -> None:
    recipients = ["alice@example.com", "bob@example.com"]
    attributes = {} if is_default else {"delivery": "shared"}
    with changed(**({"SEND_DEFAULTS": {"delivery": "shared"}} if is_default else {})):
        sent = message(to=recipients, **attributes)
        assert sent.send() == 1
    (mail,) = project.messages
    assert mail.payload["To"] == "alice@example.com, bob@example.com"
    assert set(sent.anymail_status.recipients) == set(recipients)


def test_alternatives(project: Emulator) -> None:
    mail = EmailMultiAlternatives("Hello", "Hi!", to=["a@example.com"])
    mail.attach_alternative("<p>Hi!</p>", "text/html")
    assert mail.send() == 1
    (sent,) = project.messages
    assert (sent.text, sent.html) == ("Hi!", "<p>Hi!</p>")


def test_html_body_with_a_text_alternative(project: Emulator) -> None:
    mail = EmailMultiAlternatives("Hello", "<p>Hi!</p>", to=["a@example.com"])
    mail.content_subtype = "html"
    mail.attach_alternative("Hi!", "text/plain")
    assert mail.send() == 1
    (sent,) = project.messages
    assert (sent.text, sent.html) == ("Hi!", "<p>Hi!</p>")


LINK = "{{ protocol }}://{{ domain }}/{% url 'password_reset_confirm' uid token %}"
PASSWORD_RESET = {
    "registration/password_reset_form.html": "{{ form }}",
    "registration/password_reset_done.html": "done",
    "registration/password_reset_subject.txt": "Password reset on {{ site_name }}",
    "registration/password_reset_email.html": LINK,
}


def test_password_reset_mail(project: Emulator) -> None:
    call_command("migrate", verbosity=0)
    User.objects.filter(username="alice").delete()
    User.objects.create_user("alice", "alice@example.com", "a password")
    loader = ("django.template.loaders.locmem.Loader", PASSWORD_RESET)
    templates = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [loader]}},
    ]
    with override_settings(ROOT_URLCONF="django.contrib.auth.urls", TEMPLATES=templates):
        response = Client(headers={"Host": "shop.example"}).post("/password_reset/", {"email": "alice@example.com"})
    assert response.status_code == 302
    (sent,) = project.messages
    assert [recipient.email for recipient in sent.recipients] == ["alice@example.com"]
    assert sent.subject == "Password reset on shop.example"
    assert str(sent.text).startswith("http://shop.example/")


def test_attachments_arrive(project: Emulator) -> None:
    mail = message()
    mail.attach("a.txt", "é", "text/plain")
    mail.attach("b.pdf", b"\x00\x01", "application/pdf")
    assert mail.send() == 1
    (sent,) = project.messages
    assert [(each.filename, each.media_type, each.content) for each in sent.attachments] == [
        ("a.txt", "text/plain", "é".encode()),
        ("b.pdf", "application/pdf", b"\x00\x01"),
    ]


def test_a_message_without_recipients_is_not_sent(project: Emulator) -> None:
    assert message(to=[]).send() == 0
    assert EmailBackend().send_messages([message(to=[]), message(to=[""]), message()]) == 1
    assert EmailBackend().send_messages([]) == 0
    assert len(project.messages) == 1


# Sessions


def test_open_returns_whether_the_session_is_new(project: Emulator) -> None:
    backend = EmailBackend()
    assert backend.open() is True
    assert backend.open() is False
    backend.close()
    backend.close()
    assert backend.open() is True
    backend.close()


def test_one_session_for_many_messages(project: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions: list[requests.Session] = []
    create = requests.Session.__init__

    def count(self: requests.Session) -> None:
        sessions.append(self)
        create(self)

    monkeypatch.setattr(requests.Session, "__init__", count)
    with get_connection() as connection:
        connection.send_messages([message(), message()])
        connection.send_messages([message()])
    assert len(sessions) == 1
    assert EmailBackend().send_messages([message(), message()]) == 2
    assert len(sessions) == 2
    assert len(project.messages) == 5


def test_a_session_is_closed_after_an_error(project: Emulator) -> None:
    backend = EmailBackend()
    with pytest.raises(AnymailInvalidAddress):
        backend.send_messages([message(to=["alice"])])
    assert backend._local.sender is None


# Statuses


def test_the_status_of_a_message(project: Emulator) -> None:
    mail = message(to=["alice@example.com", "Bob <bob@example.com>"], tags=["a"])
    assert mail.anymail_status.status is None
    mail.send()
    status = mail.anymail_status
    ids = [str(recipient.message_id) for recipient in project.messages[0].recipients]
    assert status.status == {"sent"}
    assert status.message_id == set(ids)
    assert status.recipients == {
        "alice@example.com": AnymailRecipientStatus(ids[0], "sent"),
        "bob@example.com": AnymailRecipientStatus(ids[1], "sent"),
    }
    assert isinstance(status.esp_response, requests.Response)
    assert status.esp_response.status_code == 200
    assert status.esp_response.ok
    assert len(status.esp_response.json()["Sent"]) == 2
    assert status.esp_response.request is None


def test_one_recipient_has_one_message_id(project: Emulator) -> None:
    mail = EmailMessage("Hello", "Hi!", to=["alice@example.com"])
    mail.send()
    status: AnymailStatus = mail.anymail_status  # type: ignore[attr-defined]
    assert status.message_id == str(project.messages[0].recipients[0].message_id)
    assert repr(status) == "AnymailStatus<status=['sent'], 1 recipients>"


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="status must be one of sent, queued"):
        AnymailRecipientStatus("1", "gone")


def test_warnings_are_logged(project: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    mail = message(merge_data={"carol@example.com": {"name": "Carol"}})
    with caplog.at_level(logging.INFO):
        mail.send()
    assert [warning.code for warning in mail.anymail_status.warnings] == ["UnusedData"]
    lines = [record.getMessage() for record in caplog.records if record.name == "compiler.django"]
    assert lines == [str(warning) for warning in mail.anymail_status.warnings]
    assert lines[0].startswith("warning: UnusedData at message /merge_data/carol@example.com: ")


def test_a_default_without_effect_is_no_warning(project: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), changed(MAILJET_SEND_DEFAULTS={"track_opens": True}):
        message().send()
    (record,) = [record for record in caplog.records if record.name == "compiler.django"]
    place = 'NoEffect at ANYMAIL["MAILJET_SEND_DEFAULTS"]["track_opens"]: '
    assert (record.levelno, place in record.getMessage()) == (logging.INFO, True)


# Signals


def test_pre_send_and_post_send(project: Emulator) -> None:
    mail = message()
    with received(pre_send) as before, received(post_send) as after:
        mail.send()
    for call in (*before, *after):
        assert (call["sender"], call["message"], call["esp_name"]) == (EmailBackend, mail, "Mailjet")
    assert [call["status"] for call in after] == [mail.anymail_status]
    assert len(before) == 1


def test_pre_send_may_change_the_message(project: Emulator) -> None:
    def change(**arguments: Any) -> None:
        arguments["message"].subject = "Changed"

    with connected(pre_send, change):
        message().send()
    assert subjects(project) == ["Changed"]


def test_pre_send_may_cancel(project: Emulator) -> None:
    def cancel(**arguments: Any) -> None:
        if arguments["message"].subject == "Cancel":
            raise AnymailCancelSend

    cancelled = message()
    cancelled.subject = "Cancel"
    with connected(pre_send, cancel), received(post_send) as after:
        assert EmailBackend().send_messages([cancelled, message()]) == 1
    assert cancelled.anymail_status.status is None
    assert len(project.messages) == len(after) == 1


def test_an_exception_in_a_receiver_is_raised(project: Emulator) -> None:
    def fail(**arguments: Any) -> None:
        raise LookupError("a receiver")

    with connected(pre_send, fail), pytest.raises(LookupError):
        message().send()
    assert project.messages == ()
    with connected(post_send, fail), received(post_send) as after, pytest.raises(LookupError):
        message().send()
    assert len(after) == len(project.messages) == 1


# Errors


@pytest.mark.parametrize(
    ("attributes", "error", "bases", "code"),
    [
        ({"tags": ["a", "b"]}, AnymailUnsupportedFeature, (AnymailError, ValueError), "UnsupportedFeature"),
        ({"cc": ["b@example.com"], "merge_data": {}}, AnymailUnsupportedFeature, (ValueError,), "IncompatibleFields"),
        ({"to": ["alice"]}, AnymailInvalidAddress, (AnymailError, ValueError), "InvalidAddress"),
        ({"metadata": {"a": {1}}}, AnymailSerializationError, (AnymailError, TypeError), "InvalidMessage"),
        ({"template_id": "name"}, AnymailInvalidMessage, (AnymailError, ValueError), "InvalidValue"),
        ({"tags": ["a\nb"]}, AnymailInvalidHeader, (AnymailInvalidMessage, BadHeaderError), "InvalidValue"),
        ({"headers": {"X-A": "a\r\nBcc: x"}}, AnymailInvalidHeader, (BadHeaderError,), "InvalidValue"),
        ({"to": [f"a{n}@example.com" for n in range(101)]}, AnymailInvalidMessage, (ValueError,), "LimitExceeded"),
    ],
)
def test_errors_in_messages(
    project: Emulator, attributes: dict[str, Any], error: type[Exception], bases: tuple[type, ...], code: str
) -> None:
    mail = message(**attributes)
    with pytest.raises(AnymailError) as caught:
        mail.send()
    assert type(caught.value) is error
    assert all(isinstance(caught.value, base) for base in bases)
    assert caught.value.diagnostics[0].code == code
    assert caught.value.diagnostics[0].message in str(caught.value)
    assert (caught.value.may_have_sent, caught.value.email_message) == (False, mail)
    assert isinstance(caught.value.backend, EmailBackend)
    assert project.calls == ()


def test_a_line_break_in_the_subject(project: Emulator) -> None:
    with pytest.raises(BadHeaderError):
        mail.send_mail("Hello\nBcc: everybody@example.com", "Hi!", None, ["alice@example.com"])
    assert project.calls == ()


def test_all_errors_are_in_one_exception(project: Emulator) -> None:
    with pytest.raises(AnymailInvalidAddress) as caught:
        message(to=["alice", "bob"], tags=["a", "b"], send_at=5, metadata={"a": b""}).send()
    paths = {diagnostic.path for diagnostic in caught.value.diagnostics}
    assert paths == {"/to/0", "/to/1", "/tags/1", "/send_at", "/metadata/a"}
    assert all(path in str(caught.value) for path in paths)


def test_ignored_features(project: Emulator) -> None:
    with changed(IGNORE_UNSUPPORTED_FEATURES=["multiple tags"]):
        assert message(tags=["a", "b"]).send() == 1
        with pytest.raises(AnymailUnsupportedFeature):
            message(send_at=5).send()
    with changed(IGNORE_UNSUPPORTED_FEATURES=True):
        mail = message(tags=["a", "b"], send_at=5, merge_headers={"alice@example.com": {"X-A": "b"}})
        assert mail.send() == 1
    dropped = {warning.params["feature"] for warning in mail.anymail_status.warnings}
    assert dropped == {"merge_headers", "send_at", "multiple tags"}


def test_merge_headers_are_unsupported(project: Emulator) -> None:
    headers = {"alice@example.com": {"List-Unsubscribe": "<https://example.com/a>"}}
    with pytest.raises(AnymailUnsupportedFeature) as caught:
        message(merge_headers=headers).send()
    assert [(each.code, each.path, each.params) for each in caught.value.diagnostics] == [
        ("UnsupportedFeature", "/merge_headers", {"feature": "merge_headers"})
    ]
    with changed(IGNORE_UNSUPPORTED_FEATURES=["merge_headers"]):
        assert message(merge_headers=headers).send() == 1
    assert message(merge_headers={}).send() == 1
    assert len(project.messages) == 2


@pytest.mark.parametrize(
    ("fault", "error", "status_code", "may_have_sent"),
    [
        ("empty-400", AnymailRequestsAPIError, 400, False),
        ("server-error", AnymailRequestsAPIError, 500, True),
        ("not-json", AnymailRequestsAPIError, 200, True),
        ("half-body", AnymailConnectionError, None, True),
    ],
)
def test_errors_of_calls(
    project: Emulator, fault: str, error: type[AnymailError], status_code: int | None, may_have_sent: bool
) -> None:
    project.inject_faults(fault)
    mail = message()
    with received(post_send) as after, pytest.raises(AnymailAPIError) as caught:
        mail.send()
    assert type(caught.value) is error
    assert isinstance(caught.value, requests.HTTPError)
    assert (caught.value.status_code, caught.value.may_have_sent) == (status_code, may_have_sent)
    response = caught.value.response
    assert (None if response is None else response.status_code) == status_code
    assert mail.anymail_status.status is None
    assert after == []


def test_wrong_keys(project: Emulator) -> None:
    wrong = {"MAILJET_SECRET_KEY": "wrong-secret-key"}
    with changed(**wrong), pytest.raises(AnymailRequestsAPIError) as caught:
        message().send()
    assert (caught.value.status_code, caught.value.may_have_sent) == (401, False)
    assert "wrong-secret-key" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"


def test_no_connection(project: Emulator) -> None:
    with project.connection_refused(), pytest.raises(requests.ConnectionError) as caught:
        EmailBackend(timeout=(0.2, 0.2)).send_messages([message()])
    assert isinstance(caught.value, AnymailConnectionError)
    assert not caught.value.may_have_sent


def test_a_timeout(project: Emulator) -> None:
    project.inject_faults("stall")
    with changed(REQUESTS_TIMEOUT=(5, 0.2)), pytest.raises(requests.Timeout) as caught:
        message().send()
    assert isinstance(caught.value, AnymailTimeoutError)
    assert caught.value.may_have_sent


def test_no_recipient_is_accepted(project: Emulator) -> None:
    project.inject_faults("nobody")
    mail = message()
    with received(post_send) as after, pytest.raises(AnymailRecipientsRefused) as caught:
        mail.send()
    assert caught.value.status_code == 200
    assert mail.anymail_status.status == {"unknown"}
    assert len(after) == 1
    project.inject_faults("nobody")
    with changed(IGNORE_RECIPIENT_STATUS=True):
        mail = message()
        assert mail.send() == 1
    assert mail.anymail_status.recipients == {"alice@example.com": AnymailRecipientStatus(None, "unknown")}


def test_fail_silently(project: Emulator) -> None:
    project.inject_faults("server-error")
    backend = EmailBackend(fail_silently=True)
    assert backend.send_messages([message(), message(to=["alice"]), message()]) == 1
    assert [call.status_code for call in project.calls] == [500, 200]
    assert mail.send_mail("Hello", "Hi!", None, ["alice"], fail_silently=True) == 0


def test_messages_after_an_error_are_not_sent(project: Emulator) -> None:
    with pytest.raises(AnymailInvalidAddress):
        EmailBackend().send_messages([message(), message(to=["alice"]), message()])
    assert len(project.messages) == 1


def test_a_bare_string_is_a_type_error_even_if_silent(project: Emulator) -> None:
    mail = message()
    mail.reply_to = "alice@example.com"  # type: ignore[assignment]
    with pytest.raises(TypeError, match='"reply_to" attribute must be a list'):
        EmailBackend(fail_silently=True).send_messages([mail])


def test_exceptions_can_be_pickled(project: Emulator) -> None:
    project.inject_faults("empty-400")
    for each in (message(tags=["a", "b"]), message()):
        with pytest.raises(AnymailError) as caught:
            EmailBackend().send_messages([each])
        copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
        assert type(copy) is type(caught.value)
        assert (str(copy), copy.diagnostics, copy.status_code) == (
            str(caught.value),
            caught.value.diagnostics,
            caught.value.status_code,
        )
        assert copy.backend is None


def test_every_exception_has_its_bases() -> None:
    names = [name for name in ours.__all__ if isinstance(getattr(ours, name), type)]
    errors = {name: getattr(ours, name) for name in names if issubclass(getattr(ours, name), Exception)}
    outside = {"AnymailConfigurationError", "AnymailImproperlyInstalled"} | {
        name for name in errors if "Warning" in name
    }
    assert all(issubclass(error, AnymailError) for name, error in errors.items() if name not in outside)
    assert issubclass(errors["AnymailConfigurationError"], ImproperlyConfigured)
    for name, error in errors.items():
        assert str(error("text")) == "text", name
        if issubclass(error, AnymailError | AnymailConfigurationError):
            assert error().diagnostics == ()
        assert str(error()) == "", name


class ReceiverError(AnymailInvalidAddress):
    pass


@pytest.mark.parametrize("error", [ReceiverError, AnymailCancelSend])
def test_an_error_of_a_receiver_after_sending_says_so(project: Emulator, error: type[AnymailError]) -> None:
    inner = message()

    def fail(**_: Any) -> None:
        raise error("inner", email_message=inner)

    with connected(post_send, fail):
        with pytest.raises(error) as caught:
            message().send()
        assert EmailBackend(fail_silently=True).send_messages([message()]) == 1
    assert caught.value.may_have_sent
    assert caught.value.email_message is inner
    assert len(project.messages) == 2


def test_a_failed_call_is_not_hidden_by_a_receiver(project: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: Any) -> None:
        raise LookupError("a receiver")

    project.inject_faults("nobody")
    with connected(post_send, fail), pytest.raises(AnymailRecipientsRefused):
        message().send()
    assert "a receiver of post_send failed" in [record.getMessage() for record in caplog.records]


def test_a_receiver_that_closes_the_session_does_not_affect_other_messages(project: Emulator) -> None:
    backend = EmailBackend()

    def send_another(**arguments: Any) -> None:
        if arguments["message"].subject == "Hello":
            with backend:
                backend.send_messages([AnymailMessage("Inner", "Hi!", to=["bob@example.com"])])

    with connected(post_send, send_another):
        assert backend.send_messages([message(), message(), message()]) == 3
    assert subjects(project) == ["Hello", "Inner"] * 3


def test_a_receiver_of_pre_send_that_closes_the_session(project: Emulator) -> None:
    backend = EmailBackend()
    with connected(pre_send, lambda **_: backend.close()):
        assert backend.send_messages([message(), message()]) == 2


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_pickle_has_a_key_of_the_settings(project: Emulator, protocol: int) -> None:
    rejected = message(to=["alice"])
    with pytest.raises(AnymailInvalidAddress) as caught:
        rejected.send()
    for value in (rejected, caught.value, EmailBackend()):
        pickled = pickle.dumps(value, protocol)
        assert project.secret_key.encode() not in pickled
        assert project.api_key.encode() not in pickled
    own: Any = EmailBackend(api_key=project.api_key, secret_key=project.secret_key, fail_silently=True)
    again = pickle.loads(pickle.dumps(own, protocol))  # noqa: S301 - our own
    with changed(MAILJET_API_KEY="other"):
        assert again.send_messages([message()]) == 1
    assert again.fail_silently


def test_attributes_of_exceptions() -> None:
    assert AnymailRequestsAPIError("x").request is None
    assert (AnymailConfigurationError("x").may_have_sent, AnymailConfigurationError("x").diagnostics) == (False, ())


def test_no_messages_at_all(project: Emulator) -> None:
    assert EmailBackend().send_messages(None) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("fail_silently", [False, True])
def test_a_default_is_named_by_its_setting(project: Emulator, fail_silently: bool) -> None:
    own = {"esp_extra": {"CustomCampaign": "a"}}
    defaults = changed(SEND_DEFAULTS={"tgas": ["a"]}, MAILJET_SEND_DEFAULTS=own)
    with defaults, pytest.raises(AnymailConfigurationError) as caught:
        EmailBackend(fail_silently=fail_silently).send_messages([message()])
    assert 'UnknownField at ANYMAIL["SEND_DEFAULTS"]["tgas"]: ' in str(caught.value)
    assert 'InvalidValue at ANYMAIL["MAILJET_SEND_DEFAULTS"]["esp_extra"]["CustomCampaign"]: ' in str(caught.value)
    assert [each.code for each in caught.value.diagnostics] == ["UnknownField", "InvalidValue"]


def test_an_unsupported_default(project: Emulator) -> None:
    defaults = {"send_at": 5, "merge_headers": {"alice@example.com": {"X-A": "b"}}}
    with changed(SEND_DEFAULTS={"send_at": 5}), pytest.raises(AnymailUnsupportedFeature):
        message().send()
    with changed(SEND_DEFAULTS=defaults, IGNORE_UNSUPPORTED_FEATURES=True):
        assert message().send() == 1


def test_hints_for_users_of_django(project: Emulator) -> None:
    with changed(SEND_DEFAULTS={"tags": ["a"]}), pytest.raises(AnymailUnsupportedFeature) as two_tags:
        message(tags=["b"]).send()
    assert str(two_tags.value).endswith('; the tags of ANYMAIL["SEND_DEFAULTS"] count too)')
    with pytest.raises(AnymailSerializationError) as decimal:
        message(metadata={"price": Decimal("1.5")}).send()
    assert str(decimal.value).endswith("Decimal is not JSON (convert it to a string or a number first)")
    wrong = {"MAILJET_SECRET_KEY": "wrong"}
    with changed(**wrong), pytest.raises(AnymailRequestsAPIError) as keys:
        message().send()
    assert str(keys.value).endswith("check MAILJET_API_KEY and MAILJET_SECRET_KEY")


@pytest.mark.parametrize("copy", [deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301
def test_messages_and_exceptions_can_be_copied(project: Emulator, copy: Any) -> None:
    """Queues of mail and of tasks do that."""
    sent, rejected = message(), message(to=["alice"])
    sent.send()
    again: Any = copy(sent)
    assert again.anymail_status.recipients == sent.anymail_status.recipients
    assert again.anymail_status.esp_response.json()["Sent"][0]["Email"] == "alice@example.com"
    assert again.send() == 1
    with pytest.raises(AnymailInvalidAddress) as caught:
        rejected.send()
    error = copy(caught.value)
    assert (type(error), str(error), error.diagnostics) == (
        AnymailInvalidAddress,
        str(caught.value),
        caught.value.diagnostics,
    )
    error.email_message.to = ["alice@example.com"]
    assert error.email_message.send() == 1
    with EmailBackend() as backend:
        assert copy(backend).send_messages([message()]) == 1


# Debugging


def test_debug_api_requests_print_without_keys(project: Emulator) -> None:
    output = io.StringIO()
    with redirect_stdout(output), changed(DEBUG_API_REQUESTS=True):
        message().send()
    assert "> POST " in output.getvalue()
    assert "< 200" in output.getvalue()
    assert "Authorization: Basic ***" in output.getvalue()
    assert project.secret_key not in output.getvalue()


# Threads and forks


def test_many_threads_share_a_backend(project: Emulator) -> None:
    backend = EmailBackend()

    def send(number: int) -> str:
        mail = message(to=[f"customer{number}@example.com"], metadata={"number": number})
        assert backend.send_messages([mail]) == 1
        (recipient,) = mail.anymail_status.recipients
        return recipient

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(send, range(64))) == [f"customer{number}@example.com" for number in range(64)]
    sent = {each.recipients[0].email: json.loads(each.payload["Mj-EventPayLoad"]) for each in project.messages}
    assert sent == {f"customer{number}@example.com": {"number": number} for number in range(64)}


def test_closing_in_one_thread_does_not_affect_another(project: Emulator) -> None:
    backend = EmailBackend()
    backend.open()

    def work() -> None:
        with backend:
            backend.send_messages([message()])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert backend.send_messages([message()]) == 1
    backend.close()
    assert len(project.messages) == 2


def test_a_forked_worker_has_its_own_connection(project: Emulator) -> None:
    backend = EmailBackend()
    backend.open()
    assert backend.send_messages([message()]) == 1
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()

    def work() -> None:
        results.put(backend.send_messages([message(), message()]))

    workers = [context.Process(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert backend.send_messages([message()]) == 1
    assert [results.get() for _ in workers] == [2, 2, 2]
    for worker in workers:
        worker.join()
    assert backend.send_messages([message()]) == 1
    backend.close()
    assert len(project.messages) == 9
