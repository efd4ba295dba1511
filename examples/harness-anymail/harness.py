"""A harness around django-anymail's Mailjet backend and webhooks, for the conformance suite.

It uses the suite's protocol on standard input and output. It passes a message to Anymail as a Django developer would,
posts a webhook's body to Anymail's view, and converts the result to the suite's format. It uses no network: an adapter
of `requests` takes Mailjet's place.

The harness does not judge results. It does not check, correct or add anything for Anymail; hello omits what Anymail's
API does not support.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import mimetypes
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.encoders import encode_base64
from email.errors import MessageError
from email.mime.base import MIMEBase
from email.utils import quote, unquote
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any, NamedTuple

warnings.simplefilter("ignore", DeprecationWarning)  # Django 2.1 imports modules that Python 3.11 deprecates

import django  # noqa: E402 - the filter must come first
import requests  # noqa: E402
from django.conf import settings  # noqa: E402

_LOGIN = "webhook:secret"
_ANYMAIL = {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret", "WEBHOOK_SECRET": _LOGIN}
settings.configure(ANYMAIL=_ANYMAIL, DEFAULT_CHARSET="utf-8")
django.setup()

from anymail.backends.mailjet import EmailBackend, MailjetPayload  # noqa: E402 - Django's settings come first
from anymail.exceptions import (  # noqa: E402
    AnymailAPIError,
    AnymailCancelSend,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from anymail.inbound import AnymailInboundMessage  # noqa: E402
from anymail.message import AnymailMessage, AnymailStatus  # noqa: E402
from anymail.signals import AnymailTrackingEvent, inbound, tracking  # noqa: E402
from anymail.utils import UNSET, EmailAddress  # noqa: E402
from anymail.webhooks.mailjet import MailjetInboundWebhookView, MailjetTrackingWebhookView  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

_RULESETS = ("send", "response", "events", "inbound", "template")

# Omitted, because Anymail does not support it: input (its messages are Python objects, whose types it does not check),
# limits (it leaves them to the service), malformed-events and malformed-parts (it has no warnings), merge-metadata
# (which came with a later version).
_CAPABILITIES = (
    "addresses",
    "attachments",
    "big-integers",
    "content",
    "copies",
    "defaults",
    "encoded-words",
    "envelope-sender",
    "esp-extra",
    "events",
    "failures",
    "from-header",
    "header-injection",
    "headers",
    "idna",
    "ignore-unsupported",
    "inbound",
    "inline-attachments",
    "merge-data",
    "metadata",
    "raw-text",
    "recipients",
    "reply-to",
    "responses",
    "send-at",
    "sender",
    "tags",
    "templates",
    "templates-stored",
    "to-header",
    "tracking",
)

Fields = dict[str, Any]


class UnsupportedError(Exception):
    """Input that Anymail cannot accept; the text is the missing capability."""


class RefusedError(Exception):
    """Input that code before Anymail rejects, such as a function that a developer would call first."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.error = _error(code, **params)


class SenderUnknownError(Exception):
    """Anymail asks Mailjet for the sender of a template, but the case does not give it."""


# The message, as a Django developer would write it


_LISTS_OF_ADDRESSES = ("to", "cc", "bcc", "reply_to")
_SINGLE_ADDRESSES = ("from_email", "envelope_sender")
_WITH_DEFAULTS_OF_DJANGO = ("subject", "body")


def django_fields(message: Mapping[str, Any]) -> Fields:
    """The fields of a message for Django and Anymail: addresses are strings, files are tuples or MIME parts."""
    fields: Fields = {}
    for name, value in message.items():
        if name == "$schema":
            continue
        if value is None:
            fields[name] = None
        elif name in _LISTS_OF_ADDRESSES and isinstance(value, list):
            fields[name] = [_address_text(item) for item in value]
        elif name in _SINGLE_ADDRESSES:
            fields[name] = _address_text(value)
        elif name == "alternatives":
            fields[name] = [(each["content"], each["mimetype"]) for each in value]
        elif name == "attachments":
            fields[name] = [_attachment(each) for each in value]
        else:
            fields[name] = value
    return fields


def django_message(fields: Mapping[str, Any], connection: EmailBackend) -> AnymailMessage:
    """The message object, with its backend.

    Django gives every message a subject and a body, and a sender from its settings. If the case does not have them,
    the message gets Anymail's value for that, or for the sender None, as Anymail documents it.
    """
    arguments = dict(fields)
    subtype = arguments.pop("content_subtype", None)
    if "extra_headers" in arguments:
        arguments["headers"] = arguments.pop("extra_headers")
    message = AnymailMessage(connection=connection, **arguments)
    if subtype is not None:
        message.content_subtype = subtype
    for name in _WITH_DEFAULTS_OF_DJANGO:
        if name not in fields:
            setattr(message, name, UNSET)
    for name, value in fields.items():  # Django's constructor treats None as an empty value
        if value is None and name not in ("to", "cc", "bcc", "content_subtype"):
            setattr(message, name, None)
    return message


def _address_text(address: Any) -> Any:
    if not isinstance(address, dict):
        return address
    email, name = address.get("email"), address.get("name")
    return f'"{quote(name)}" <{email}>' if name else email


def _attachment(given: Mapping[str, Any]) -> tuple[str | None, str | bytes, str | None] | MIMEBase:
    name, content, media_type = given.get("filename"), given["content"], given.get("mimetype")
    if given.get("encoding") != "utf-8":
        try:
            content = base64.b64decode(content)
        except binascii.Error:
            raise RefusedError("InvalidValue", reason="base64") from None
    if given.get("disposition") != "inline":
        return name, content, media_type
    guessed = media_type or mimetypes.guess_type(name or "")[0] or "application/octet-stream"
    part = MIMEBase(*guessed.split("/", 1))
    part.set_payload(content.encode() if isinstance(content, str) else content)
    encode_base64(part)
    part.add_header("Content-Disposition", "inline", **({"filename": name} if name else {}))
    identifier = given.get("content_id")
    if identifier is not None:
        part.add_header("Content-ID", identifier if identifier.startswith("<") else f"<{identifier}>")
    return part


# Anymail's backend, and the replacement of Mailjet


class Answer(NamedTuple):
    """A response of Mailjet."""

    body: bytes
    status_code: int = 200
    reason: str | None = None

    def response(self) -> requests.Response:
        """The response in the form of `requests`."""
        made = requests.Response()
        made.status_code, made.reason = self.status_code, self.reason
        made.raw = io.BytesIO(self.body)
        made.headers["Content-Type"] = "application/json; charset=utf-8"
        return made


_ACCEPTED = Answer(b'{"Sent": []}')


class Mailjet(requests.adapters.BaseAdapter):
    """Responds instead of the service, and keeps the request."""

    def __init__(self, to_send: Answer, to_lookup: Answer | None) -> None:
        super().__init__()
        self.sent: str | None = None
        self._to_send = to_send
        self._to_lookup = to_lookup

    def send(self, request: requests.PreparedRequest, **arguments: Any) -> requests.Response:
        """The response to a request."""
        if request.method == "POST":
            body = request.body or ""
            self.sent = body if isinstance(body, str) else body.decode()
            return self._to_send.response()
        if self._to_lookup is None:
            raise SenderUnknownError
        return self._to_lookup.response()

    def close(self) -> None:
        """Does nothing: the adapter has no connections."""


class Backend(EmailBackend):
    """Anymail's backend, which uses our adapter and keeps its last payload."""

    payload: MailjetPayload | None = None

    def __init__(self, mailjet: Mailjet) -> None:
        super().__init__()
        self.open()
        self.session.mount("https://", mailjet)

    def build_message_payload(self, message: AnymailMessage, defaults: Fields) -> MailjetPayload:
        """Anymail's payload."""
        self.payload = super().build_message_payload(message, defaults)
        return self.payload


class Sent(NamedTuple):
    """The result of sending a message."""

    payload: str
    backend: Backend
    message: AnymailMessage
    needs_sender: bool


def send(message: Any, options: Any, *, answer: Answer = _ACCEPTED, lookup: Answer | None = None) -> Sent:
    """Sends a message. Raises whatever Anymail raises."""
    defaults = django_fields(options.get("send_defaults") or {})
    custom: Fields = {
        "ANYMAIL": {
            **_ANYMAIL,
            "IGNORE_UNSUPPORTED_FEATURES": bool(options.get("ignore_unsupported_features")),  # Anymail: all or none
            "SEND_DEFAULTS": {name: value for name, value in defaults.items() if name != "from_email"},
        },
        "DEFAULT_FROM_EMAIL": defaults.get("from_email"),
    }
    with override_settings(**custom):
        mailjet = Mailjet(answer, lookup)
        backend = Backend(mailjet)
        email = django_message(django_fields(message), backend)
        try:
            count = email.send()
        except SenderUnknownError:
            assert backend.payload is not None  # noqa: S101 - the lookup is made for a payload
            return Sent(backend.payload.serialize_json(backend.payload.data), backend, email, needs_sender=True)
    if mailjet.sent is None or not count:
        raise RefusedError("MissingField")  # Django and Anymail silently ignore a message without recipients
    return Sent(mailjet.sent, backend, email, needs_sender=False)


def _stored_template(sender: Any) -> Answer | None:
    """The response to Anymail's request for the template, which contains this sender."""
    if sender is None:
        return None
    if isinstance(sender, dict):
        headers = {"SenderEmail": sender["email"], "SenderName": sender.get("name") or ""}
    else:
        headers = {"From": sender}
    return Answer(json.dumps({"Count": 1, "Data": [{"Headers": headers}], "Total": 1}).encode())


# The rulesets


def compiled(given: Mapping[str, Any]) -> Fields:
    """`send`: the payload."""
    if "text" in given:
        raise UnsupportedError("input")  # a message is a Python object, never text
    options = given.get("options") or {}
    sent = send(given["message"], options, lookup=_stored_template(options.get("template_sender")))
    payload = json.loads(sent.payload)
    if sent.needs_sender:
        requirement = {"kind": "template_sender", "template_id": payload["Mj-TemplateID"]}
        return {"output": payload, "requires": [requirement]}
    return {"output": payload}


def read_response(given: Mapping[str, Any]) -> Fields:
    """`response`: the status of each recipient, from `message.anymail_status`."""
    answer = Answer(_body(given["body"]), given["status_code"], given.get("reason"))
    if given.get("message") is None:
        status, addresses = _status_of_unknown_message(answer), None
    else:
        sent = send(
            given["message"], given.get("options") or {}, answer=answer, lookup=_stored_template("a@example.com")
        )
        assert sent.backend.payload is not None  # noqa: S101 - it was sent
        status = sent.message.anymail_status
        groups = sent.backend.payload.recipients
        addresses = [each.addr_spec for name in ("to", "cc", "bcc") for each in groups.get(name, ())]
    known = dict.fromkeys(status.recipients if addresses is None else addresses)
    unexpected = [email for email in status.recipients if email not in known]
    in_order = [status.recipients[email] for email in (*known, *unexpected)]
    identifiers = status.message_id if isinstance(status.message_id, set) else {status.message_id}
    return {
        "output": {
            "recipients": [_status(status, email) for email in known],
            "unexpected": [_status(status, email) for email in unexpected],
            # Anymail has sets, which have no order: use the order of the recipients.
            "statuses": list(dict.fromkeys(each.status for each in in_order if each.status in status.status)),
            "message_ids": list(
                dict.fromkeys(each.message_id for each in in_order if each.message_id in identifiers - {None})
            ),
        }
    }


def _status(status: AnymailStatus, email: str) -> Fields:
    found = status.recipients[email]
    return {"email": email, "status": found.status, "message_id": found.message_id, "message_uuid": None}


def _status_of_unknown_message(answer: Answer) -> AnymailStatus:
    backend = Backend(Mailjet(answer, None))
    response = answer.response()
    backend.raise_for_status(response, None, None)
    status = AnymailStatus()
    nobody = SimpleNamespace(recipients={})
    status.set_recipient_status(backend.parse_recipient_status(response, nobody, None))
    return status


def read_template(given: Mapping[str, Any]) -> Fields:
    """`template`: the sender that Anymail takes from a stored template."""
    message = {"from_email": None, "to": ["alice@example.com"], "template_id": "1"}
    answer = Answer(_body(given["body"]), given["status_code"], given.get("reason"))
    payload = json.loads(send(message, {}, lookup=answer).payload)
    return {"output": {"sender": {"email": payload["FromEmail"], "name": payload.get("FromName")}}}


def read_events(given: Mapping[str, Any]) -> Fields:
    """`events`: the events that receivers of Anymail's tracking signal get."""
    events = _posted(MailjetTrackingWebhookView, tracking, _body(given["body"]))
    return {"output": {"events": [_event(event) for event in events]}}


def read_inbound(given: Mapping[str, Any]) -> Fields:
    """`inbound`: the message that receivers of Anymail's inbound signal get."""
    (event,) = _posted(MailjetInboundWebhookView, inbound, _body(given["body"]))
    message: AnymailInboundMessage = event.message
    senders = message.from_email if isinstance(message.from_email, list) else [message.from_email]
    html = [part for part in message.walk() if part.get_content_type() == "text/html" and not part.is_attachment()]
    # Anymail adds two headers to the parts that it makes.
    headers = [[name, str(text)] for name, text in message.items() if name not in ("MIME-Version", "Content-Type")]
    output = {
        "envelope_sender": message.envelope_sender,
        "envelope_recipient": message.envelope_recipient,
        "from_email": None if senders[0] is None else _address(senders[0]),
        "to": [_address(each) for each in message.to],
        "cc": [_address(each) for each in message.cc],
        "subject": message.subject,
        "date": _time(message.date),
        "text": message.text,
        "html": message.html,
        "html_parts": [part.get_content_text() for part in html],
        "headers": headers,
        "attachments": [_file(part) for part in message.attachments]
        + [_file(part) for part in message.inline_attachments.values()],
        "spam_detected": message.spam_detected,
        "spam_score": message.spam_score,
        "metadata": {},  # Anymail does not read either of them
        "custom_id": None,
        "timestamp": _time(event.timestamp),
        "event_id": event.event_id,
        "esp_event": event.esp_event,
    }
    return {"output": output}


def _posted(view: type, signal: Any, body: bytes) -> list[Any]:
    """What the signal's receivers get when the body is posted to the view."""
    told: list[Any] = []

    def receive(sender: Any, event: Any, **arguments: Any) -> None:
        told.append(event)

    login = "Basic " + base64.b64encode(_LOGIN.encode()).decode()
    request = RequestFactory().post("/", data=body, content_type="application/json", HTTP_AUTHORIZATION=login)
    signal.connect(receive)
    try:
        view.as_view()(request)
    finally:
        signal.disconnect(receive)
    return told


def _event(event: AnymailTrackingEvent) -> Fields:
    return {
        "event_type": event.event_type,
        "timestamp": _time(event.timestamp),
        "message_id": event.message_id,
        "event_id": event.event_id,
        "recipient": event.recipient,
        "reject_reason": event.reject_reason,
        "mta_response": event.mta_response,
        "description": event.description,
        "tags": event.tags,
        "metadata": event.metadata,
        "click_url": event.click_url,
        "user_agent": event.user_agent,
        "esp_event": event.esp_event,
    }


def _address(address: EmailAddress) -> Fields:
    return {"email": address.addr_spec, "name": address.display_name or None}


def _file(part: AnymailInboundMessage) -> Fields:
    identifier = part["Content-ID"]
    return {
        "filename": part.get_filename(),
        "mimetype": part.get_content_type(),
        "content": base64.b64encode(part.get_content_bytes()).decode(),
        "inline": part.is_inline_attachment(),
        "content_id": None if identifier is None else unquote(identifier),
    }


def _time(time: datetime | None) -> str | None:
    if time is None:
        return None
    aware = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return aware.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _body(given: Mapping[str, str]) -> bytes:
    if "base64" in given:
        return base64.b64decode(given["base64"])
    return given["text"].encode("utf-8", "surrogatepass")


# Anymail's errors as codes of the suite


_FEATURES = {
    "multiple tags": "multiple tags",
    "multiple html parts": "multiple html parts",
    "multiple from emails": "multiple from emails",
    "alternative part": "alternative part",
    "spoofing `To` header": "spoofed to header",
    "send_at": "send_at",
}


def refusal(error: Exception, ruleset: str) -> list[Fields] | None:
    """The errors that an exception stands for; None for an unexpected exception."""
    if isinstance(error, RefusedError):
        return [error.error]
    if isinstance(error, AnymailAPIError):
        return [_error(_code_of_answer(error), "body", status_code=error.status_code)]
    if ruleset == "template" and isinstance(error, AnymailInvalidAddress):  # the address is in the response
        return [_error("InvalidResponse", "body", status_code=200)]
    if ruleset in ("events", "inbound"):
        is_refused = isinstance(error, AnymailError | json.JSONDecodeError | UnicodeDecodeError)
        return [_error("InvalidBody", "body")] if is_refused else None
    return _refused_message(error)


def _refused_message(error: Exception) -> list[Fields] | None:
    text = str(error)
    if isinstance(error, AnymailUnsupportedFeature):
        name = text.splitlines()[0].partition(" does not support ")[2]
        known = (feature for beginning, feature in _FEATURES.items() if name.startswith(beginning))
        return [_error("UnsupportedFeature", feature=next(known, name))]
    if isinstance(error, NotImplementedError):  # for merge data together with copies
        return [_error("IncompatibleFields")]
    if isinstance(error, AnymailCancelSend | AnymailRecipientsRefused | AnymailSerializationError):
        return [_error("InvalidMessage")]
    if "CR or LF" in text or "newline" in text.lower():
        return [_error("InvalidValue", reason="line-break")]
    if isinstance(error, AnymailInvalidAddress | MessageError | UnicodeError):  # the last two: email and idna of Python
        return [_error("InvalidAddress")]
    if isinstance(error, TypeError) and "must be a list" in text:  # Django's and Anymail's error for a string
        return [_error("InvalidMessage")]
    if isinstance(error, TypeError) and "unexpected keyword argument" in text:
        return [_error("UnknownField")]
    return None


def _code_of_answer(error: AnymailAPIError) -> str:
    code = error.status_code
    named = {401: "Unauthorized", 429: "RateLimited"}
    if code in named:
        return named[code]
    if code is not None and 400 <= code <= 499:
        return "ServiceRejected"
    if code is not None and 500 <= code <= 599:
        return "ServiceFailed"
    if code == 200 and not str(error).startswith("Invalid "):  # Anymail reports only the error in the body
        return "ServiceRejected"
    return "InvalidResponse"


def _error(code: str, document: str = "message", **params: Any) -> Fields:
    return {"code": code, "document": document, "path": "", "params": params}


# The protocol


_HANDLERS: Mapping[str, Callable[[Mapping[str, Any]], Fields]] = {
    "send": compiled,
    "response": read_response,
    "events": read_events,
    "inbound": read_inbound,
    "template": read_template,
}


def hello() -> Fields:
    """How this harness describes itself."""
    implementation = {
        "name": "django-anymail",
        "version": f"{version('django-anymail')}, Django {django.get_version()}",
        "language": "Python",
    }
    return {
        "protocol": 1,
        "implementation": implementation,
        "rulesets": list(_RULESETS),
        "capabilities": list(_CAPABILITIES),
    }


def answered(request: Mapping[str, Any]) -> Fields:
    """The response to a case."""
    ruleset = request["cmd"]
    try:
        return {"status": "ok", **_HANDLERS[ruleset](request["input"])}
    except UnsupportedError as error:
        return {"status": "unsupported", "capability": str(error)}
    except Exception as error:  # any exception of Anymail is the result of the case
        errors = refusal(error, ruleset)
        if errors is None:
            return {"status": "internal_error", "detail": f"{type(error).__name__}: {error}"}
        return {"status": "rejected", "errors": errors}


def main(lines: Iterable[str]) -> None:
    """Responds to requests until the input ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # output of libraries must not mix with responses
    for line in lines:
        request = json.loads(line)
        if request["cmd"] == "bye":
            break
        answer = hello() if request["cmd"] == "hello" else {"seq": request["seq"], **answered(request)}
        answers.write(_line(answer))
        answers.flush()


def _line(answer: Fields) -> str:
    try:
        return json.dumps(answer, allow_nan=False) + "\n"
    except ValueError as error:  # Anymail's result has values that JSON cannot represent
        return json.dumps({"seq": answer["seq"], "status": "internal_error", "detail": str(error)}) + "\n"


if __name__ == "__main__":
    main(sys.stdin)
