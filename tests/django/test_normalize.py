"""`normalized`: Django's messages, with Anymail's attributes, as ours."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from email import message_from_string
from email.message import EmailMessage as StandardMessage
from email.message import MIMEPart
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any
from uuid import UUID

import django
import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.django import (
    AnymailInvalidHeader,
    AnymailMessage,
    AnymailMessageMixin,
    AnymailSerializationError,
    EmailAddress,
    attach_inline_image,
    attach_inline_image_file,
    normalized,
)
from compiler.django.message import ATTRIBUTES

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_every_attribute_is_declared_for_type_checkers() -> None:
    assert set(AnymailMessageMixin.__annotations__) == {*ATTRIBUTES, "anymail_status"}


def test_a_simple_message() -> None:
    message = EmailMessage("Hello", "Hi!", to=["alice@example.com"])
    assert normalized(message) == {
        "from_email": "shop@example.com",
        "to": ["alice@example.com"],
        "subject": "Hello",
        "body": "Hi!",
    }


def test_every_attribute() -> None:
    message = AnymailMessage(
        "Hello",
        "Hi!",
        "a@example.com",
        ["b@example.com"],
        cc=["c@example.com"],
        bcc=("d@example.com",),
        delivery="shared",
        reply_to=["e@example.com"],
        headers={"X-Order": 5},
        alternatives=[("<p>Hi!</p>", "text/html")],
        attachments=[("a.bin", b"\x00", None)],
        esp_extra={"Mj-prio": 3},
        envelope_sender="f@example.com",
        metadata={"order": 1},
        send_at=1893456000,
        tags=["a"],
        track_clicks=True,
        track_opens=False,
        template_id=5,
        merge_data={},
        merge_global_data={"a": "b"},
        merge_metadata={"b@example.com": {"c": 1}},
    )
    document = normalized(message)
    assert document == {
        "from_email": "a@example.com",
        "to": ["b@example.com"],
        "cc": ["c@example.com"],
        "bcc": ["d@example.com"],
        "delivery": "shared",
        "reply_to": ["e@example.com"],
        "subject": "Hello",
        "body": "Hi!",
        "alternatives": [{"content": "<p>Hi!</p>", "mimetype": "text/html"}],
        "attachments": [{"filename": "a.bin", "mimetype": "application/octet-stream", "content": "AA=="}],
        "extra_headers": {"X-Order": 5},
        "envelope_sender": "f@example.com",
        "metadata": {"order": 1},
        "send_at": 1893456000,
        "tags": ["a"],
        "track_clicks": True,
        "track_opens": False,
        "template_id": 5,
        "merge_data": {},
        "merge_global_data": {"a": "b"},
        "merge_metadata": {"b@example.com": {"c": 1}},
        "esp_extra": {"Mj-prio": 3},
    }
    assert {error.code for error in compiler.compile(document).errors} == {"UnsupportedFeature", "IncompatibleFields"}


def test_the_message_is_not_changed() -> None:
    message = AnymailMessage(
        "Hello", "Hi!", to=["a@example.com"], metadata={"a": [1]}, merge_data={"a@example.com": {}}
    )
    before = {name: repr(value) for name, value in vars(message).items()}
    normalized(message)["metadata"]["a"].append(2)
    assert {name: repr(value) for name, value in vars(message).items()} == before


def test_lazy_strings_become_strings() -> None:
    class Status(TextChoices):
        PAID = "paid", gettext_lazy("Paid")

    class Number(IntegerChoices):
        ONE = 1, "One"

    lazy = gettext_lazy("shop@example.com")
    message = AnymailMessage(
        lazystr("Hello"),
        mark_safe("Hi!"),
        lazy,
        [lazystr("alice@example.com")],
        reply_to=[SimpleLazyObject(lambda: "support@example.com")],
        headers={lazystr("X-Status"): Status.PAID},
        alternatives=[(lazystr("<p>"), lazystr("text/html"))],
        tags=[lazy],
        metadata={"label": Status.PAID.label, "status": Status.PAID, "list": (lazy,), "number": Number.ONE},
        merge_data={lazystr("alice@example.com"): {"name": lazystr("Alice")}},
        template_id=lazystr("5"),
        envelope_sender=lazy,
    )
    message.attach(lazystr("a.txt"), lazystr("text"), "text/plain")  # type: ignore[call-overload]
    document = normalized(message)
    assert document == {
        "from_email": "shop@example.com",
        "to": ["alice@example.com"],
        "reply_to": ["support@example.com"],
        "subject": "Hello",
        "body": "Hi!",
        "alternatives": [{"content": "<p>", "mimetype": "text/html"}],
        "attachments": [{"filename": "a.txt", "mimetype": "text/plain", "content": "text", "encoding": "utf-8"}],
        "extra_headers": {"X-Status": "paid"},
        "envelope_sender": "shop@example.com",
        "metadata": {"label": "Paid", "status": "paid", "list": ["shop@example.com"], "number": 1},
        "tags": ["shop@example.com"],
        "template_id": "5",
        "merge_data": {"alice@example.com": {"name": "Alice"}},
    }
    assert [error for error in compiler.compile(document).errors if error.code == "InvalidMessage"] == []


@pytest.mark.parametrize(
    "to",
    [
        ("a@example.com", "b@example.com"),
        {"b@example.com", "a@example.com"},
        frozenset({"a@example.com", "b@example.com"}),
        {"a@example.com": 1, "b@example.com": 2}.keys(),
        iter(["a@example.com", "b@example.com"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_tuples_sets_and_iterables_become_lists(to: Any) -> None:
    message = EmailMessage("Hello", "Hi!")
    message.to = to
    assert normalized(message)["to"] == ["a@example.com", "b@example.com"]


@pytest.mark.parametrize("name", ["to", "cc", "bcc", "reply_to", "tags", "attachments", "alternatives"])
@pytest.mark.parametrize("value", ["alice@example.com", lazystr("alice@example.com"), b"alice", 5])
def test_a_string_where_a_list_belongs_is_a_type_error(name: str, value: Any) -> None:
    message = EmailMultiAlternatives("Hello", "Hi!")
    setattr(message, name, value)
    with pytest.raises(TypeError, match=rf'^"{name}" attribute must be a list or other iterable, got '):
        normalized(message)


def test_django_refuses_a_string_where_a_list_belongs() -> None:
    with pytest.raises(TypeError, match='"to" argument must be a list or tuple'):
        EmailMessage("Hello", "Hi!", to="alice@example.com")


def test_none_and_empty_values() -> None:
    message = AnymailMessage(tags=None, metadata=None, merge_data={})
    message.from_email = message.to = None  # type: ignore[assignment]
    assert normalized(message) == {
        "from_email": None,
        "to": None,
        "subject": None,
        "body": None,
        "tags": None,
        "metadata": None,
        "merge_data": {},
    }


def test_html_is_the_body() -> None:
    message = EmailMessage("Hello", "<p>Hi!</p>", to=["a@example.com"])
    message.content_subtype = "html"
    assert normalized(message)["content_subtype"] == "html"
    message.body = ""
    assert "content_subtype" not in normalized(message)


# Attachments


def attached(*arguments: Any, encoding: str | None = None, **keywords: Any) -> dict[str, Any]:
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.encoding = encoding
    message.attach(*arguments, **keywords)
    (attachment,) = normalized(message)["attachments"]
    result = compiler.compile(normalized(message))
    assert result.ok, result.errors
    return dict(attachment)


@pytest.mark.parametrize(
    ("arguments", "mimetype", "content", "encoding"),
    [
        (("a.txt", "é", "text/plain"), "text/plain", "é", "utf-8"),
        (("a.txt", b"abc"), "text/plain", "abc", "utf-8"),
        (("a.txt", b"\xff"), "application/octet-stream", "/w==", None),
        (("a.txt", "{}", "application/json"), "application/json", "{}", "utf-8"),
        (("a.txt", b"\x00\x01", "application/pdf"), "application/pdf", "AAE=", None),
        (("a.txt", bytearray(b"\x00"), "a/b"), "a/b", "AA==", None),
        (("a.txt", memoryview(b"\x00"), "a/b"), "a/b", "AA==", None),
        ((None, b"\x00", "image/png"), "image/png", "AA==", None),
    ],
)
def test_content_as_text_or_bytes(
    arguments: tuple[Any, ...], mimetype: str, content: str, encoding: str | None
) -> None:
    expected = {"filename": arguments[0], "mimetype": mimetype, "content": content, "encoding": encoding}
    assert attached(*arguments) == {name: value for name, value in expected.items() if value is not None}


def test_text_in_another_charset() -> None:
    expected = {"filename": "a.csv", "mimetype": "text/csv; charset=iso-8859-1", "content": "6Q=="}
    assert attached("a.csv", "é", "text/csv", encoding="iso-8859-1") == expected
    fallback = {"filename": "a.csv", "mimetype": "text/csv; charset=utf-8", "content": "€", "encoding": "utf-8"}
    assert attached("a.csv", "€", "text/csv", encoding="iso-8859-1") == fallback


def test_pairs_and_triples() -> None:
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [("a.bin", b"\x00"), ["b.bin", b"\x01", None]]
    assert normalized(message)["attachments"] == [
        {"filename": "a.bin", "content": "AA=="},
        {"filename": "b.bin", "content": "AQ=="},
    ]


def test_attach_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attach_file(str(tmp_path / "a.png"))
    assert normalized(message)["attachments"] == [
        {"filename": "a.png", "mimetype": "image/png", "content": base64.b64encode(PNG).decode()}
    ]


def test_mime_parts() -> None:
    text = MIMEText("é", "csv", "iso-8859-1")
    text.add_header("Content-Disposition", "attachment", filename="a.csv")
    legacy = MIMEBase("application", "pdf")
    legacy.set_payload(b"\x00")
    legacy.add_header("Content-Disposition", "attachment", filename="ü.pdf")
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [text, legacy]
    document = normalized(message)
    assert [(each.get("filename"), each["mimetype"]) for each in document["attachments"]] == [
        ("a.csv", "text/csv; charset=iso-8859-1"),
        ("ü.pdf", "application/pdf"),
    ]
    assert document["attachments"][0]["content"] == "6Q=="


def test_modern_mime_parts() -> None:
    part = MIMEPart()
    part.set_content(PNG, "image", "png", filename="a.png", disposition="attachment")
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [part]
    if django.VERSION >= (6, 0):
        message.attachments = []
        message.attach(part)
    assert normalized(message)["attachments"] == [
        {"filename": "a.png", "mimetype": "image/png", "content": base64.b64encode(PNG).decode()}
    ]


def test_messages_as_attachments() -> None:
    ours = EmailMessage("Inner", "Body", "b@example.com", ["c@example.com"])
    standard = StandardMessage()
    standard["Subject"] = "Inner"
    standard.set_content("Body")
    for content in (ours, standard, ours.message(), standard.as_string()):
        attachment = attached("a.eml", content, "message/rfc822")
        raw = attachment["content"]
        mail = raw.encode() if "encoding" in attachment else base64.b64decode(raw)
        assert attachment["mimetype"] == "message/rfc822"
        assert b"Subject: Inner" in mail
        assert b"Body" in mail


@pytest.mark.parametrize(
    ("attachment", "message"),
    [
        (("a.bin", None, "a/b"), "the content of an attachment must be text or bytes, got NoneType"),
        (("a.bin", 5, "a/b"), "the content of an attachment must be text or bytes, got int"),
        (("a.bin", open, "a/b"), "the content of an attachment must be text or bytes, got builtin_function_or_method"),
        ("a.bin", "an attachment must be a part of a mail or (file name, content, media type), got str"),
        (5, "an attachment must be a part of a mail or (file name, content, media type), got int"),
        ((), "an attachment must be a part of a mail or (file name, content, media type), got tuple"),
    ],
)
def test_an_attachment_of_the_wrong_type(attachment: Any, message: str) -> None:
    mail = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    mail.attachments = [("ok.bin", b"", "a/b"), attachment]
    with pytest.raises(AnymailSerializationError) as caught:
        normalized(mail)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.params) == ("InvalidMessage", {"reason": "not-json"})
    assert diagnostic.path.startswith("/attachments/1")
    assert diagnostic.message == message


def test_an_attachment_that_cannot_be_decoded() -> None:
    part = MIMEBase("application", "pdf")
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload("ä" * 5)
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [part]
    result: Any
    try:
        result = compiler.compile(normalized(message))
    except AnymailSerializationError as error:
        result = error
    assert result


# Inline images


@pytest.mark.parametrize("subtype", [None, "png"])
def test_inline_images(subtype: str | None, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PNG)
    message = AnymailMessage("Hello", "Hi!", to=["a@example.com"])
    ids = [
        message.attach_inline_image(PNG, "a.png", subtype),
        message.attach_inline_image_file(str(tmp_path / "logo.png"), subtype, idstring="logo"),
        attach_inline_image(message, PNG, None, subtype, "other", "example.com"),
        attach_inline_image_file(message, tmp_path / "logo.png"),
    ]
    message.attach_alternative("".join(f'<img src="cid:{identity}">' for identity in ids), "text/html")
    document = normalized(message)
    content = base64.b64encode(PNG).decode()
    assert document["attachments"] == [
        {"mimetype": "image/png", "content": content, "disposition": "inline", "content_id": f"<{identity}>"}
        for identity in ids
    ]
    result = compiler.compile(document)
    assert [image["Filename"] for image in result.unwrap()["Inline_attachments"]] == ids
    assert result.warnings == ()
    assert ids[2].endswith("@example.com")


def test_an_unknown_image_needs_a_subtype() -> None:
    with pytest.raises(TypeError, match="subtype"):
        AnymailMessage().attach_inline_image(b"no image")
    with pytest.raises(TypeError, match="content must be the bytes of an image, got str"):
        AnymailMessage().attach_inline_image("text")  # type: ignore[arg-type]


def test_a_content_id_without_disposition_is_inline() -> None:
    image = MIMEImage(PNG)
    image.add_header("Content-ID", "<logo>")
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [image]
    (attachment,) = normalized(message)["attachments"]
    assert (attachment["disposition"], attachment["content_id"]) == ("inline", "<logo>")


# Dates


@pytest.mark.parametrize(
    ("send_at", "expected"),
    [
        (datetime(2030, 1, 31, 12, 0, tzinfo=UTC), "2030-01-31T12:00:00+00:00"),
        (datetime(2030, 1, 31, 12, 0, tzinfo=timezone(timedelta(hours=2))), "2030-01-31T10:00:00+00:00"),
        (datetime(2030, 1, 31, 12, 0, 0, 5), "2030-01-31T11:00:00.000005+00:00"),  # naive: in Paris
        (datetime(2030, 7, 31, 12, 0), "2030-07-31T10:00:00+00:00"),
        (date(2030, 1, 31), "2030-01-30T23:00:00+00:00"),
        (1893456000, 1893456000),
        (1893456000.5, 1893456000.5),
        ("2030-01-31", "2030-01-31"),
        (None, None),
    ],
)
def test_dates(send_at: Any, expected: Any) -> None:
    document = normalized(AnymailMessage("Hello", "Hi!", to=["a@example.com"], send_at=send_at))
    assert document["send_at"] == expected
    result = compiler.compile(document)
    assert {error.code for error in result.errors} == ({"UnsupportedFeature"} if expected else set())


@given(st.datetimes(timezones=st.none() | st.timezones()) | st.dates())
def test_every_date_is_one_that_compile_reads(send_at: Any) -> None:
    document = normalized(AnymailMessage("Hello", "Hi!", to=["a@example.com"], send_at=send_at))
    assert {error.code for error in compiler.compile(document).errors} == {"UnsupportedFeature"}


# What JSON cannot represent


@pytest.mark.parametrize("field", ["metadata", "merge_global_data", "esp_extra", "extra_headers"])
@pytest.mark.parametrize("value", [Decimal("1.5"), UUID(int=1), datetime(2030, 1, 1), {1}, b"x", object()])
def test_other_values_are_left_to_compile_which_names_their_type(field: str, value: Any) -> None:
    message = AnymailMessage("Hello", "Hi!", to=["a@example.com"])
    setattr(message, field, {"Key": value})
    (error,) = [error for error in compiler.compile(normalized(message)).errors if error.code == "InvalidMessage"]
    assert error.path == f"/{field}/Key"
    assert type(value).__name__ in error.message


def test_values_that_contain_themselves() -> None:
    metadata: dict[str, Any] = {"a": [lazystr("b")]}
    metadata["self"] = metadata
    message = AnymailMessage("Hello", "Hi!", to=["a@example.com"], metadata=metadata)
    assert {error.code for error in compiler.compile(normalized(message)).errors} == {"InvalidMessage"}


class Row(Mapping[str, Any]):
    """Makes new values on each access, as a mapping over a database does."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getitem__(self, key: str) -> Any:
        return {"customer": self.name}

    def __iter__(self) -> Iterator[str]:
        return iter(["order"])

    def __len__(self) -> int:
        return 1


class Rows(Row):
    def __getitem__(self, key: str) -> Any:
        return Row(key)

    def __iter__(self) -> Iterator[str]:
        return iter([f"u{number}@example.com" for number in range(50)])


def test_values_that_are_made_on_access_belong_to_their_own_recipient() -> None:
    document = normalized(AnymailMessage("Hello", "Hi!", to=list(Rows("")), merge_data=Rows("")))
    assert document["merge_data"] == {address: {"order": {"customer": address}} for address in Rows("")}


def test_lazy_objects() -> None:
    message = AnymailMessage("Hello", "Hi!", to=["a@example.com"])
    message.tags = SimpleLazyObject(lambda: None)
    message.metadata = SimpleLazyObject(lambda: {"a": SimpleLazyObject(lambda: [1])})  # type: ignore[assignment]
    message.attachments = [("a.bin", SimpleLazyObject(lambda: b"x"), "a/b")]
    document = normalized(message)
    assert (document["tags"], document["metadata"]) == (None, {"a": [1]})
    assert document["attachments"][0]["content"] == "eA=="


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (EmailMessage("a\nb", "Body", "a@example.com", ["b@example.com"]), AnymailInvalidHeader),
        (message_from_string("Subject: é\n\nhé"), AnymailSerializationError),
    ],
)
def test_an_attached_message_that_cannot_be_written(content: Any, error: type[Exception]) -> None:
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [("a.eml", content, "message/rfc822")]
    with pytest.raises(error, match="the attached message cannot be written"):
        normalized(message)


def test_a_message_attached_to_itself() -> None:
    message = EmailMessage("Hello", "Hi!", to=["a@example.com"])
    message.attachments = [("a.eml", message, "message/rfc822")]
    with pytest.raises(AnymailSerializationError):
        normalized(message)


def test_memory_that_is_not_contiguous() -> None:
    assert attached("a.bin", memoryview(b"abcd")[::2], "a/b")["content"] == "YWM="


def test_deep_and_shared_values() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    shared: Any = ["x"]
    for _ in range(60):
        shared = [shared, shared]
    for value in (deep, shared):
        message = AnymailMessage("Hello", "Hi!", to=["a@example.com"], metadata={"a": value})
        assert not compiler.compile(normalized(message)).ok


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4))
def test_json_is_unchanged(metadata: dict[str, Any]) -> None:
    document = normalized(AnymailMessage("Hello", "Hi!", to=["a@example.com"], metadata=metadata))
    assert document["metadata"] == metadata


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.dates()
    | st.decimals()
    | st.builds(lazystr, st.text(max_size=3)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.tuples(inner, inner)
        | st.tuples(inner, inner, inner)
    ),
    max_leaves=8,
)
NAMES = [
    "from_email",
    "to",
    "cc",
    "reply_to",
    "subject",
    "body",
    "alternatives",
    "attachments",
    "extra_headers",
    "envelope_sender",
    "metadata",
    "send_at",
    "tags",
    "track_opens",
    "template_id",
    "merge_data",
    "merge_metadata",
    "esp_extra",
]


@given(st.dictionaries(st.sampled_from(NAMES), anything, max_size=4))
def test_any_attribute_gives_a_result_or_a_type_error(attributes: dict[str, Any]) -> None:
    message = AnymailMessage("Hello", "Hi!", to=["a@example.com"])
    for name, value in attributes.items():
        setattr(message, name, value)
    try:
        document = normalized(message)
    except TypeError:
        return
    compiler.compile(document)


# The mail that Django would hand to an SMTP server


names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
addresses = st.builds(
    lambda name, number: (
        f"a{number}@example.com" if name is None else str(EmailAddress(name, f"a{number}@example.com"))
    ),
    st.none() | names.filter(lambda name: "=?" not in name and name.strip() == name),
    st.integers(0, 99),
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(
    str.strip
)
contents = st.one_of(
    st.tuples(st.just("text/plain"), texts), st.tuples(st.just("application/pdf"), st.binary(max_size=20))
)


@given(
    texts.map(lambda text: " ".join(text.split())).filter(lambda text: "=?" not in text and "[[" not in text),
    texts,
    st.lists(addresses, min_size=1, max_size=3, unique=True),
    st.lists(addresses, max_size=2, unique=True),
    st.none() | texts,
    st.lists(contents, max_size=2),
)
def test_the_payload_says_what_the_mail_says(
    subject: str, body: str, to: list[str], cc: list[str], html: str | None, files: list[tuple[str, Any]]
) -> None:
    message = EmailMultiAlternatives(subject, body, "Shop <shop@example.com>", to, cc=cc, reply_to=to[:1])
    if html is not None:
        message.attach_alternative(html, "text/html")
    for number, (mimetype, content) in enumerate(files):
        message.attach(f"file-{number}", content, mimetype)
    ours = compiler.compile(normalized(message))
    mail = compiler.compile(compiler.from_email_message(message.message()))
    assert ours.ok == mail.ok
    if ours.ok:
        assert comparable(ours.unwrap()) == comparable(mail.unwrap())


def comparable(payload: Any) -> dict[str, Any]:
    """A payload without the headers that Django adds, and without the line break that Django 6.0 adds to a text."""
    files = [
        each | {"content": base64.b64decode(each["content"]).removesuffix(b"\n")}
        for each in payload.get("Attachments", [])
    ]
    texts = {name: payload[name].removesuffix("\n") for name in ("Text-part", "Html-part") if name in payload}
    return {**payload, **texts, "Headers": payload["Headers"]["Reply-To"], "Attachments": files}
