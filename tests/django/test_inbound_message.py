"""Received mail with Anymail's accessors."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.django import AnymailInboundMessage, EmailAddress

EXAMPLE = json.loads((Path(__file__).parent.parent.parent / "examples/inbound.json").read_bytes())


def receive(body: Any) -> AnymailInboundMessage:
    return AnymailInboundMessage.from_normalized(compiler.decode_inbound(body).unwrap())


def test_the_accessors() -> None:
    message = receive(EXAMPLE)
    assert message.from_email == EmailAddress("Meyer, Alice", "alice@example.com")
    assert message.to == [EmailAddress("Example Shop", "orders@inbound.example.com")]
    assert (message.cc, message.bcc) == ([], [])
    assert message.subject == "Re: Your order has shipped"
    assert message.date == datetime(2025, 8, 22, 10, 40, 29, tzinfo=UTC)
    assert message.text == "Grüße, and thanks!\n"
    assert message.html == compiler.decode_inbound(EXAMPLE).unwrap()["html"]
    assert (message.envelope_sender, message.envelope_recipient) == (EXAMPLE["Sender"], EXAMPLE["Recipient"])
    assert (message.spam_detected, message.spam_score) == (None, float(EXAMPLE["SpamAssassinScore"]))
    assert (message.stripped_text, message.stripped_html) == (None, None)
    assert message["Subject"] == "Re: Your order has shipped"
    assert isinstance(message, EmailMessage)
    assert "custom_id" in message.normalized


def test_attachments() -> None:
    message = receive(EXAMPLE)
    (attachment,) = message.attachments
    assert isinstance(attachment, AnymailInboundMessage)
    assert (attachment.get_filename(), attachment.get_content_type()) == ("my question.txt", "text/plain")
    content = base64.b64decode(EXAMPLE["Attachment1"])
    assert attachment.get_content_bytes() == content
    assert attachment.get_content_text() == content.decode()
    assert (attachment.is_attachment(), attachment.is_inline()) == (True, False)
    uploaded = attachment.as_uploaded_file()
    assert isinstance(uploaded, SimpleUploadedFile)
    assert (uploaded.name, uploaded.content_type, uploaded.read()) == ("my question.txt", "text/plain", content)
    ((content_id, inline),) = message.inline_attachments.items()
    assert content_id == "logo"
    assert message.content_id_map == message.inline_attachments
    assert message.inlines == [inline]
    assert (inline.is_inline(), inline.is_inline_attachment()) == (True, True)


def test_a_message_without_anything() -> None:
    message = receive({})
    assert (message.from_email, message.to, message.subject, message.date) == (None, [], None, None)
    assert (message.text, message.html, message.attachments, message.inline_attachments) == (None, None, [], {})
    assert message.as_uploaded_file() is None
    assert message.get_content_bytes() == b""


def test_a_message_of_parts_has_no_content_of_its_own() -> None:
    with pytest.raises(ValueError, match="use as_bytes"):
        receive(EXAMPLE).get_content_bytes()


def test_text_is_decoded_by_its_charset_with_lf_line_endings() -> None:
    part = {"Headers": {"Content-Type": "text/csv; charset=iso-8859-1; name=a.csv"}, "ContentRef": "Attachment1"}
    part["Headers"]["Content-Disposition"] = "attachment"  # type: ignore[index]
    message = receive({"Parts": [part], "Attachment1": base64.b64encode(b"\xe9\r\n1\r2\n").decode()})
    (attachment,) = message.attachments
    assert attachment.get_content_text("iso-8859-1") == "é\n1\n2\n"
    assert attachment.get_content_text("utf-8") == "\ufffd\n1\n2\n"


def test_other_headers() -> None:
    headers = {"Bcc": "Bob <bob@example.com>, carol@example.com", "Resent-Date": "Fri, 10 Apr 2015 18:06:38 +0200"}
    message = receive({"Headers": headers})
    assert message.bcc == [EmailAddress("Bob", "bob@example.com"), EmailAddress("", "carol@example.com")]
    assert message.get_date_header("Resent-Date") == datetime(2015, 4, 10, 16, 6, 38, tzinfo=UTC)
    assert message.get_date_header("X-Date") is None
    assert message.get_address_header("X-To") == []


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (EmailAddress("", "a@example.com"), "a@example.com"),
        (EmailAddress("Bob", "b@example.com"), "Bob <b@example.com>"),
        (EmailAddress("Smith, Bob", "b@example.com"), '"Smith, Bob" <b@example.com>'),
        (EmailAddress("Zoë", "z@example.com"), "Zoë <z@example.com>"),
    ],
)
def test_addresses(address: EmailAddress, text: str) -> None:
    assert str(address) == address.address == text
    assert f"{address.username}@{address.domain}" == address.addr_spec


def test_an_address_without_a_domain() -> None:
    address = EmailAddress("", "postmaster")
    assert (address.username, address.domain) == ("postmaster", "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["From", "Subject", "To", "Headers", "Parts", "Text-part", "Html-part", "Date", "SpamAssassinScore"]


@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_any_message_can_be_read(body: dict[str, Any]) -> None:
    message = receive(body)
    for name in ("from_email", "to", "cc", "bcc", "subject", "date", "text", "html", "attachments", "inlines"):
        getattr(message, name)
    assert message.inline_attachments == {}
    message.as_bytes()
