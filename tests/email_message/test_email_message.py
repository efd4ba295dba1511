"""Conversion of standard library mails to messages: no recipient is added, and nothing is lost."""

from __future__ import annotations

import email
import json
import re
from base64 import b64decode
from email import policy
from email.header import Header
from email.headerregistry import Address, Group
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler import compile as compile_message
from compiler.email_message import from_email_message
from compiler.frontend.full import canonicalize
from compiler.json_io import resources

MESSAGE = resources.validator("message.schema.json")
UNFOLDED = policy.default.clone(max_line_length=0)


def convert(source: str, *, legacy: bool = False) -> Any:
    """Parses the source of a mail (encoded as UTF-8) and converts it to a message."""
    read = email.message_from_bytes(source.encode(), policy=policy.compat32 if legacy else policy.default)
    return from_email_message(read)


def with_header(name: str, *values: Any) -> EmailMessage:
    mail = EmailMessage()
    for value in values:
        mail[name] = value
    return mail


def contents(message: Any) -> list[bytes]:
    return [b64decode(item["content"], validate=True) for item in message["attachments"]]


def canonical_addresses(message: Any, name: str) -> list[tuple[str, str | None]]:
    """The addresses in a field of the canonical message; the field must have no issues."""
    canonical = canonicalize(message, {})
    assert [fault for fault in canonical.diagnostics if fault.path.startswith(f"/{name}")] == []
    return [(item["email"], item.get("name")) for item in canonical.document.get(name, [])]


def error_locations(message: Any) -> list[tuple[str, str]]:
    return [(error.code, error.path) for error in compile_message(message).errors]


BOTH = pytest.mark.parametrize("legacy", [False, True], ids=["new", "legacy"])

# --- Accepted types --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [None, "From: a@example.com", b"", {}, 5])
def test_non_mail_raises_type_error(other: Any) -> None:
    with pytest.raises(TypeError, match=r"email\.message\.Message"):
        from_email_message(other)


def test_an_empty_mail_is_an_empty_message() -> None:
    assert from_email_message(EmailMessage()) == {}
    assert from_email_message(Message()) == {}
    assert convert("") == {}


def test_a_mail_compiles_and_is_not_changed() -> None:
    mail = EmailMessage()
    mail["From"] = "Shop <shop@example.com>"
    mail["To"] = "bob@example.com"
    mail["Subject"] = "Hello"
    mail.set_content("Hi Bob!")
    before = mail.as_bytes()
    message = from_email_message(mail)
    assert mail.as_bytes() == before
    assert message == {
        "from_email": {"email": "shop@example.com", "name": "Shop"},
        "to": ["bob@example.com"],
        "subject": "Hello",
        "body": "Hi Bob!\n",
    }
    assert compile_message(message).unwrap()["Recipients"] == [{"Email": "bob@example.com"}]


# --- Addresses --------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("a@example.com, Bob <b@example.com>", ["a@example.com", {"email": "b@example.com", "name": "Bob"}]),
        ('"Smith, Bob" <b@example.com>', [{"email": "b@example.com", "name": "Smith, Bob"}]),
        ("=?utf-8?q?Smith=2C_J=C3=B6rg?= <b@example.com>", [{"email": "b@example.com", "name": "Smith, Jörg"}]),
        (
            "=?utf-8?q?a=40example=2Ecom=2C?=\r\n =?utf-8?q?_b?= <b@example.com>",
            [{"email": "b@example.com", "name": "a@example.com, b"}],
        ),
        ("Jörg <b@example.com>", [{"email": "b@example.com", "name": "Jörg"}]),
        ("b@example.com (Bob)", [{"email": "b@example.com", "name": "Bob"}]),
        ("Team: a@example.com, b@example.com;", ["a@example.com", "b@example.com"]),
        ("undisclosed-recipients:;", []),
        ('a@example.com, "No, one:;" : ;', ["a@example.com"]),
        ('"b:;" <b@example.com>', [{"email": "b@example.com", "name": "b:;"}]),
        ("", []),
        ("a@bücher.example", ["a@xn--bcher-kva.example"]),
        ("J. Smith <a@example.com>", [{"email": "a@example.com", "name": "J. Smith"}]),
        ("a@example.com,\r\n\tb@example.com,", ["a@example.com", "b@example.com"]),
        ('"f g"@example.com', ['"f g"@example.com']),
    ],
)
def test_recipients(text: str, recipients: Any, legacy: bool) -> None:
    assert convert(f"To: {text}\r\n\r\n", legacy=legacy) == {"to": recipients}


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "Smith, Bob <b@example.com>",
        "bob",
        "a@example.com; b@example.com",
        "a b@example.com",
        "a@example.com,,b@example.com",
        "=?utf-8?q?a=40example=2Ecom=2C?= b@example.com",
        "=?utf-8?q?Bob_=3Cb=40example=2Ecom=3E?=",
        "=?utf-8?q?a=0D=0Ab?= <b@example.com>",
        "jörg@example.com",
        "a@example.com, b:;, (b:;) c",
    ],
)
def test_unparseable_address_list_is_passed_on_unchanged(text: str, legacy: bool) -> None:
    message = convert(f"To: {text}\r\n\r\nHi", legacy=legacy)
    assert message["to"] == [text]
    assert "/to/0" in [path for _, path in error_locations(message)]


@pytest.mark.parametrize(
    "text", ["Smith, Bob <b@example.com>", "bob", "a b@example.com", "a@example.com; b@example.com"]
)
def test_unparseable_address_list_set_by_program_is_passed_on(text: str) -> None:
    assert from_email_message(with_header("To", text)) == {"to": [text]}


def test_decoded_comma_adds_no_recipients() -> None:
    # The newer API decodes the value immediately and parses two addresses; the source is lost.
    mail = with_header("To", "=?utf-8?q?b=40example=2Ecom=2C?= c@example.com")
    assert len(mail["To"].addresses) == 2
    with pytest.raises(ValueError, match=r"'To'.*ambiguous.*Address objects"):
        from_email_message(mail)


ADDRESS_PIECES = [
    "=?utf-8?q?b=40q.com=2C?=",
    "=?utf-8?q?a=2Cb?=",
    "=?utf-8?q?=22?=",
    '"q, r"',
    "a@x.com",
    "<c@y.com>",
    "Bob",
    "J.",
]


@given(st.lists(st.sampled_from([*ADDRESS_PIECES, *ADDRESS_PIECES, *'",<>():;@.', " "]), max_size=8).map(" ".join))
@example("=?utf-8?q?b=40q.com=2C?= c@y.com")
def test_both_apis_give_the_same_recipients(text: str) -> None:
    legacy = Message()
    legacy["To"] = text
    try:
        mail = with_header("To", text)
    except (AttributeError, IndexError, TypeError):  # bugs of the newer API's parser
        return
    read = []
    for candidate in (legacy, mail):
        try:
            canonical = canonicalize(from_email_message(candidate), {})
        except ValueError:
            return
        read.append([recipient and recipient["email"] for recipient in canonical.document["to"]])
        if canonical.diagnostics:
            return
    assert read[0] == read[1]


def test_address_objects_that_contain_other_addresses_are_rejected() -> None:
    hidden = Address("", "a", "example.com>, <b@example.com")
    message = from_email_message(with_header("To", [hidden]))
    assert error_locations(message | {"from_email": "a@example.com", "body": "b"}) == [("InvalidAddress", "/to/0")]
    with pytest.raises(ValueError, match="'To'"):
        from_email_message(with_header("To", [Address("A", "a", "example.com>, <b@example.com")]))


def test_encoded_domain_is_passed_on_and_rejected_by_compile() -> None:
    mail = with_header("To", [Address("", "a", "bücher.example")])
    assert from_email_message(mail) == {"to": ["a@xn--bcher-kva.example"]}
    message = from_email_message(email.message_from_bytes(mail.as_bytes()))
    assert error_locations(message | {"from_email": "a@example.com", "body": "b"}) == [("InvalidAddress", "/to/0")]


def test_groups_of_address_objects() -> None:
    team = Group("Team", (Address("Bob", "b", "example.com"),))
    mail = with_header("Cc", [Address("", "a", "example.com"), team, Group("Nobody")])
    both = {"cc": ["a@example.com", {"email": "b@example.com", "name": "Bob"}]}
    assert from_email_message(mail) == both
    assert from_email_message(email.message_from_bytes(mail.as_bytes())) == both


@BOTH
def test_several_headers_of_recipients_are_one_list(legacy: bool) -> None:
    source = "To: a@example.com\r\nTO: Bob <b@example.com>\r\nReply-To: c@example.com\r\nreply-to: bad\r\n\r\n"
    assert convert(source, legacy=legacy) == {
        "to": ["a@example.com", {"email": "b@example.com", "name": "Bob"}],
        "reply_to": ["c@example.com", "bad"],
    }


@BOTH
def test_several_senders_become_one_parseable_string(legacy: bool) -> None:
    message = convert(
        'From: "A, \\"B\\"" <a@example.com>, =?utf-8?q?J=C3=B6rg?= <j@example.com>\r\n\r\n', legacy=legacy
    )
    assert isinstance(message["from_email"], str)
    assert canonical_addresses(message, "from_email") == [("a@example.com", 'A, "B"'), ("j@example.com", "Jörg")]


@BOTH
def test_empty_sender_is_passed_on(legacy: bool) -> None:
    assert convert("From: nobody:;\r\n\r\n", legacy=legacy) == {"from_email": "nobody:;"}
    assert convert("From:\r\n\r\n", legacy=legacy) == {"from_email": ""}


def test_legacy_headers() -> None:
    mail: Any = Message()
    to = Header()
    to.append("Smith, Jörg", "utf-8")
    to.append("<j@example.com>", "us-ascii")
    mail["To"] = to
    mail["Subject"] = Header("Grüße " * 20, "iso-8859-1")
    mail["Cc"] = Header("Jörg <j@example.com>", "utf-8")  # also encodes the address, which makes it invalid
    message = from_email_message(mail)
    assert message["to"] == [{"email": "j@example.com", "name": "Smith, Jörg"}]
    assert message["subject"].strip() == ("Grüße " * 20).strip()
    assert ("InvalidAddress", "/cc/0") in error_locations(message)


# --- Other headers ----------------------------------------------------------------------------------------------------


@BOTH
def test_other_headers_are_decoded_and_mime_headers_left_out(legacy: bool) -> None:
    source = (
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?b?IGFu?= alle\r\n"
        "X-A: one\r\n\ttwo\r\nx-b: =?utf-8?q?J=C3=B6rg?=\r\n"
        "MIME-Version: 1.0\r\nContent-Language: de\r\nSender: =?utf-8?q?a=2Cb?= <s@example.com>\r\n"
        "Errors-To: =?utf-8?q?a=2Cb?= s\r\nX-8bit: Grüße\r\n\r\n"
    )
    assert convert(source, legacy=legacy) == {
        "subject": "Grüße an alle",
        "extra_headers": {
            "X-A": "one\ttwo",
            "x-b": "Jörg",
            "Sender": '"a,b" <s@example.com>',
            "Errors-To": "=?utf-8?q?a=2Cb?= s",
            "X-8bit": "Grüße",
        },
    }


@BOTH
@pytest.mark.parametrize("name", ["From", "Subject", "Date", "Message-ID"])
def test_repeated_unique_header_raises_value_error(name: str, legacy: bool) -> None:
    with pytest.raises(ValueError, match=rf"'{name}' must occur at most once, got 2: delete"):
        convert(f"{name}: a@example.com\r\n{name.upper()}: b@example.com\r\n\r\n", legacy=legacy)


@BOTH
@pytest.mark.parametrize("name", ["Keywords", "Comments", "X-A"])
def test_first_of_other_repeated_headers_is_kept(name: str, legacy: bool) -> None:
    message = convert(f"{name}: one\r\n{name.upper()}: two\r\n\r\n", legacy=legacy)
    assert message["extra_headers"] == {name: "one"}


@BOTH
@pytest.mark.parametrize(("octets", "text"), [(b"a\xfcb", "aüb"), ("aüb".encode(), "aüb"), (b"a\x80b", "a€b")])
@pytest.mark.parametrize("end", [b"\r\n\r\nbody", b"\r\n\r\n", b"\r\n", b""])
def test_eight_bit_headers_are_utf_8_or_else_windows_1252(octets: bytes, text: str, end: bytes, legacy: bool) -> None:
    source = b"From: " + octets + b" <a@example.com>\r\nSubject: " + octets + b"\r\nX-A: " + octets + end
    message = from_email_message(email.message_from_bytes(source, policy=policy.compat32 if legacy else policy.default))
    assert message["from_email"] == {"email": "a@example.com", "name": text}
    assert (message["subject"], message["extra_headers"]) == (text, {"X-A": text})
    assert message.get("body", "") == ("body" if end.endswith(b"body") else "")


def test_lone_surrogate_in_header_raises_value_error() -> None:
    mail = Message()
    mail["Subject"] = "\ud83d"
    with pytest.raises(ValueError, match="'Subject' contains a lone surrogate"):
        from_email_message(mail)


def test_encoded_line_break_in_header_is_reported_by_compile() -> None:
    message = convert("To: a@example.com\r\nSubject: =?utf-8?q?a=0D=0ABcc:_b=40example.com?=\r\n\r\nHi")
    assert ("InvalidValue", "/subject") in error_locations(message)


def test_non_string_header_raises_value_error() -> None:
    mail: Any = Message()
    mail["X-A"] = 5
    with pytest.raises(ValueError, match="'X-A' must be a string, got int"):
        from_email_message(mail)


# --- Bodies -----------------------------------------------------------------------------------------------------------


def mime_part(kind: str, content: str, **headers: str) -> str:
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()]
    return f"Content-Type: {kind}\n{''.join(lines)}\n{content}"


def multipart(kind: str, *parts: str, boundary: str = "b", **headers: str) -> str:
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return mime_part(f"multipart/{kind}; boundary={boundary}", f"{inner}--{boundary}--\n", **headers)


TEXT, HTML = mime_part("text/plain", "text"), mime_part("text/html", "<p>html")
CALENDAR = mime_part('text/calendar; method=REQUEST; charset="utf-8"', "BEGIN")
IMAGE = mime_part("image/png", "png", Content_ID="<logo>")
PDF = mime_part("application/pdf", "pdf")


def entry(mimetype: str, content: str, **members: str) -> dict[str, str]:
    from base64 import b64encode

    return {"content": b64encode(content.encode()).decode(), "mimetype": mimetype, **members}


LOGO = entry("image/png", "png", content_id="<logo>")
INLINE = LOGO | {"disposition": "inline"}
HTML_VERSION = {"content": "<p>html", "mimetype": "text/html"}


@BOTH
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("\nJust text", {"body": "Just text"}),
        (TEXT, {"body": "text"}),
        (HTML, {"body": "<p>html", "content_subtype": "html"}),
        (CALENDAR, {"attachments": [entry("text/calendar; method=REQUEST", "BEGIN")]}),
        (PDF, {"attachments": [entry("application/pdf", "pdf")]}),
        (
            mime_part("text/plain; name=a.txt", "text"),
            {"attachments": [entry("text/plain", "text", filename="a.txt")]},
        ),
        (
            mime_part("text/plain", "text", Content_Disposition="attachment"),
            {"attachments": [entry("text/plain", "text")]},
        ),
        (multipart("alternative", TEXT, HTML), {"body": "text", "alternatives": [HTML_VERSION]}),
        (multipart("alternative", HTML, TEXT), {"body": "text", "alternatives": [HTML_VERSION]}),
        (
            multipart("alternative", TEXT, mime_part("text/x-amp-html", "amp"), HTML, CALENDAR, PDF, TEXT),
            {
                "body": "text",
                "alternatives": [
                    {"content": "amp", "mimetype": "text/x-amp-html"},
                    HTML_VERSION,
                    {"content": "BEGIN", "mimetype": "text/calendar; method=REQUEST"},
                    {"content": "text", "mimetype": "text/plain"},
                ],
                "attachments": [entry("application/pdf", "pdf")],
            },
        ),
        (
            multipart("alternative", HTML, CALENDAR),
            {
                "body": "<p>html",
                "content_subtype": "html",
                "alternatives": [{"content": "BEGIN", "mimetype": "text/calendar; method=REQUEST"}],
            },
        ),
        (
            multipart(
                "related",
                HTML,
                IMAGE,
                mime_part("image/png", "no id"),
                IMAGE.replace("\n\n", "\nContent-Disposition: attachment\n\n"),
            ),
            {
                "body": "<p>html",
                "content_subtype": "html",
                "attachments": [INLINE, entry("image/png", "no id"), LOGO],
            },
        ),
        (
            multipart('related; start="<root>"', IMAGE, HTML.replace("\n\n", "\nContent-ID: <root>\n\n")),
            {"body": "<p>html", "content_subtype": "html", "attachments": [INLINE]},
        ),
        (
            multipart("mixed", HTML, IMAGE.replace("\n\n", "\nContent-Disposition: inline\n\n"), IMAGE),
            {"body": "<p>html", "content_subtype": "html", "attachments": [INLINE, LOGO]},
        ),
        (
            multipart("mixed", PDF, TEXT, HTML, TEXT),
            {
                "body": "text\ntext",
                "attachments": [entry("application/pdf", "pdf"), entry("text/html", "<p>html")],
            },
        ),
        # Apple Mail: text with images between
        (
            multipart("alternative", TEXT, multipart("mixed", HTML, IMAGE, HTML, boundary="c")),
            {
                "body": "text",
                "alternatives": [{"content": "<p>html\n<p>html", "mimetype": "text/html"}],
                "attachments": [LOGO],
            },
        ),
        (
            multipart("mixed", HTML, PDF, HTML, HTML),
            {
                "body": "<p>html\n<p>html\n<p>html",
                "content_subtype": "html",
                "attachments": [entry("application/pdf", "pdf")],
            },
        ),
        (
            multipart("mixed", TEXT, mime_part("text/plain; name=a.txt", "named")),
            {"body": "text", "attachments": [entry("text/plain", "named", filename="a.txt")]},
        ),
        # image first, without a start parameter
        (
            multipart("alternative", TEXT, multipart("related", IMAGE, HTML, boundary="c")),
            {"body": "text", "alternatives": [HTML_VERSION], "attachments": [INLINE]},
        ),
        # image beside the HTML that refers to it
        (
            multipart("mixed", mime_part("text/html", "<img src=cid:logo>"), IMAGE, PDF),
            {
                "body": "<img src=cid:logo>",
                "content_subtype": "html",
                "attachments": [INLINE, entry("application/pdf", "pdf")],
            },
        ),
        (
            multipart(
                "mixed",
                multipart("alternative", TEXT, mime_part("text/html", "<img src=cid:logo>"), boundary="c"),
                IMAGE,
            ),
            {
                "body": "text",
                "alternatives": [{"content": "<img src=cid:logo>", "mimetype": "text/html"}],
                "attachments": [INLINE],
            },
        ),
        (
            multipart(
                "mixed",
                multipart("alternative", TEXT, multipart("related", HTML, IMAGE, boundary="d"), boundary="c"),
                IMAGE,
                multipart("alternative", TEXT, HTML, boundary="e"),
            ),
            {
                "body": "text",
                "alternatives": [HTML_VERSION],
                "attachments": [
                    INLINE,
                    LOGO,
                    entry("text/plain", "text"),
                    entry("text/html", "<p>html"),
                ],
            },
        ),
        (
            multipart("alternative", TEXT, multipart("mixed", HTML, PDF, TEXT, boundary="c")),
            {
                "body": "text",
                "alternatives": [HTML_VERSION],
                "attachments": [entry("application/pdf", "pdf"), entry("text/plain", "text")],
            },
        ),
        (
            multipart("signed", TEXT, mime_part("application/pgp-signature", "sig")),
            {"body": "text", "attachments": [entry("application/pgp-signature", "sig")]},
        ),
        (
            multipart(
                "report", TEXT, mime_part("message/delivery-status", "Reporting-MTA: dns; x\n\nAction: failed\n")
            ),
            {
                "body": "text",
                "attachments": [entry("message/delivery-status", "Reporting-MTA: dns; x\n\nAction: failed\n\n")],
            },
        ),
        (
            multipart("digest", "\nSubject: s\n\ninner"),
            {"attachments": [entry("message/rfc822", "Subject: s\n\ninner")]},
        ),
        (multipart("mixed"), {}),
        (mime_part("multipart/mixed", ""), {}),
        (mime_part("multipart/mixed; boundary=b", " \n\t\n"), {}),
        (multipart("alternative", mime_part("multipart/related; boundary=z", "  "), TEXT), {"body": "text"}),
        (mime_part("TEXT/Plain (a comment)", "text"), {"body": "text"}),
        (mime_part("nonsense", "text"), {"body": "text"}),
        (
            mime_part("text/plain; charset=iso-8859-15", "=A4", Content_Transfer_Encoding="Quoted-Printable"),
            {"body": "€"},
        ),
        (mime_part("text/plain; charset=utf-16", "/v8A4Q==", Content_Transfer_Encoding="base64"), {"body": "á"}),
        (mime_part("text/plain; charset=nonsense", "á"), {"body": "á"}),
        (mime_part("text/plain; charset=us-ascii", "á"), {"body": "á"}),
        *(
            (
                mime_part(f"text/plain; charset={charset}", octets, Content_Transfer_Encoding="quoted-printable"),
                {"body": body},
            )
            for charset, octets, body in (
                ("iso-8859-8-i", "=F9=EC=E5=ED", "שלום"),
                ("gb2312", "=81=40=E7=64", "丂鏳"),
                ("iso-8859-1", "=93q=94 =80", "“q” €"),
                ("x-sjis", "=87=40", "①"),
                ("windows-874", "=CA=C7", "สว"),
                ("x-mac-roman", "=8E", "é"),
                ("ks_c_5601-1987", "=B0=A1", "가"),
                ("utf-7", "+AOk-", "é"),
                ("x-user-defined", "a", "a"),
            )
        ),
        *(
            (mime_part("text/plain", "text", Content_Transfer_Encoding=encoding), {"body": "text"})
            for encoding in ("7-bit", "8bits", "8-Bit", "7 bit", "none", "BINARY;", "")
        ),
        (mime_part("text/plain", "dGV4dA==", Content_Transfer_Encoding="base-64"), {"body": "text"}),
        (mime_part("text/plain", "t=65xt", Content_Transfer_Encoding="quoted_printable"), {"body": "text"}),
        (
            mime_part("text/plain", "begin 644 a.txt\n$=&5X=```\n`\nend\n", Content_Transfer_Encoding="x-uuencode"),
            {"body": "text"},
        ),
        (
            mime_part("text/plain; name=a.txt", "abc", Content_Transfer_Encoding="x-own"),
            {"attachments": [entry("application/octet-stream", "abc", filename="a.txt")]},
        ),
        (mime_part("text/plain", "á\r\nb\r\n"), {"body": "á\nb\n"}),
    ],
)
def test_parts(source: str, message: Any, legacy: bool) -> None:
    assert convert(source, legacy=legacy) == message


def test_undecodable_body_piece_becomes_attachment() -> None:
    raw = b"\n".join(
        (
            b"From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b",
            b"Content-Type: text/plain\n\none\n--b",
            b"Content-Type: text/plain; charset=nope\nContent-Transfer-Encoding: 8bit\n\n\xff\xfe\n--b--\n",
        )
    )
    message = from_email_message(email.message_from_bytes(raw, policy=policy.default))
    assert message["body"] == "one"
    assert [item["content"] for item in message["attachments"]] == ["//4="]


def test_nested_mail_is_attached_complete() -> None:
    inner = with_header(
        "Subject", "A subject that is rather long, so that it would be folded if it were written again, " * 2
    )
    inner.set_content("inner")
    mail = EmailMessage()
    mail.set_content("outer")
    mail.add_attachment(inner)
    raw = inner.as_bytes(policy=UNFOLDED)
    for candidate in (
        mail,
        *(
            email.message_from_bytes(mail.as_bytes(policy=UNFOLDED), policy=p)
            for p in (policy.default, policy.compat32)
        ),
    ):
        message = from_email_message(candidate)
        assert message["body"] == "outer\n"
        assert message["attachments"][0]["mimetype"] == "message/rfc822"
        read = email.message_from_bytes(contents(message)[0])
        assert (read["Subject"], read.get_payload()) == (str(inner["Subject"]), "inner\n")
        assert contents(message)[0].splitlines()[0].strip() == raw.splitlines()[0].strip()


def test_encoded_nested_mail_is_decoded() -> None:
    source = mime_part("message/rfc822", "U3ViamVjdDogcwoKaW5uZXI=", Content_Transfer_Encoding="base64")
    assert contents(convert(source)) == [b"Subject: s\n\ninner"]


@BOTH
@pytest.mark.parametrize(
    ("headers", "filename"),
    [
        ("Content-Disposition: attachment; filename*=utf-8''gr%C3%BCn%2C.txt", "grün,.txt"),
        ('Content-Disposition: attachment; filename*0="a b"; filename*1=".txt"', "a b.txt"),
        ('Content-Disposition: attachment; filename="=?utf-8?q?gr=C3=BCn.txt?="', "grün.txt"),
        ('Content-Disposition: attachment;\r\n filename="a \\"b\\".txt"', 'a "b".txt'),
        ("Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment", "a.txt"),
        ("Content-Disposition: attachment; filename=grün.txt", "grün.txt"),
    ],
)
def test_file_names(headers: str, filename: str, legacy: bool) -> None:
    assert convert(f"{headers}\r\n\r\nx", legacy=legacy)["attachments"][0]["filename"] == filename


def test_a_text_attachment_keeps_its_charset_and_its_bytes() -> None:
    mail = EmailMessage()
    mail.set_content("body")
    mail.add_attachment("Zürich\r\n", subtype="csv", charset="iso-8859-1", filename="a.csv", cte="base64")
    mail.add_attachment("Zürich\n", filename="b.txt")
    message = from_email_message(mail)
    assert [item["mimetype"] for item in message["attachments"]] == ["text/csv; charset=iso-8859-1", "text/plain"]
    assert contents(message) == ["Zürich\n".encode("latin-1"), "Zürich\n".encode()]


def test_unencoded_text_is_unchanged() -> None:
    read = email.message_from_string("Content-Type: text/plain; charset=utf-8\n\nżółw é")
    assert from_email_message(read) == {"body": "żółw é"}
    read = email.message_from_string(
        mime_part("text/plain; charset=iso-8859-2", "żółw", Content_Disposition="attachment")
    )
    assert contents(from_email_message(read)) == ["żółw".encode("iso-8859-2")]
    assert from_email_message(email.message_from_string(mime_part("text/plain; charset=iso-8859-1", "é"))) == {
        "body": "é"
    }


def test_legacy_mails() -> None:
    mail = MIMEMultipart("alternative", _subparts=[MIMEText("Grüße"), MIMEText("<p>Grüße", "html", "iso-8859-1")])
    assert from_email_message(mail) == {
        "body": "Grüße",
        "alternatives": [{"content": "<p>Grüße", "mimetype": "text/html"}],
    }
    image = Message()
    image["Content-Type"] = "image/png"
    image.set_payload(b"\x89PNG\xff")
    assert contents(from_email_message(image)) == [b"\x89PNG\xff"]


def bytes_mail(source: bytes) -> Message:
    return email.message_from_bytes(source)


def surrogate_mail() -> Message:
    mail = EmailMessage()
    mail.set_payload("\ud800")
    return mail


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        (
            bytes_mail(b"Content-Type: text/plain; charset=utf-8\n\n\xff\xfe"),
            r"the content \(text/plain\).*set its charset",
        ),
        (bytes_mail(b"Content-Type: text/html; charset=x-own\n\n\xff"), r"text/html.*x-own"),
        (bytes_mail(b"Content-Transfer-Encoding: base64\n\nabcde"), "cannot be decoded.*invalid base64"),
        (bytes_mail(b"Content-Type: multipart/mixed\n\nabcde"), "boundary is missing"),
        (surrogate_mail(), "cannot be decoded"),
    ],
)
def test_undecodable_part_raises_value_error(mail: Message, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        from_email_message(mail)


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822"])
def test_nesting_limit(kind: str) -> None:
    def nested(depth: int) -> Message:
        mail: Message = MIMEText("deep")
        for _ in range(depth):
            outer = Message()
            outer["Content-Type"] = kind
            outer.attach(mail)
            mail = outer
        return mail

    for depth in (101, 3000):
        with pytest.raises(ValueError, match=r"nested at most|cannot be serialized"):
            from_email_message(nested(depth))
    assert from_email_message(nested(30))


def test_recursive_mail_raises_value_error() -> None:
    mail = MIMEMultipart()
    mail.attach(mail)
    with pytest.raises(ValueError, match=r"nested at most"):
        from_email_message(mail)


# --- Any mail ---------------------------------------------------------------------------------------------------------

# The standard library does not encode other line breaks and control characters, and parses them differently.
CHARACTERS = st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]) | st.sampled_from(' ,"<>@()\\;:.')
NAMES = st.text(CHARACTERS, max_size=12).map(lambda text: " ".join(text.split()))
LOCALS = st.sampled_from(["a", "b.c", "d+e", "f g"])
ADDRESSES = st.builds(
    Address, NAMES.filter(lambda name: "=?" not in name), LOCALS, st.sampled_from(["x.com", "y.example"])
)
LINES = st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=10), max_size=3)
TEXTS = LINES.map("\n".join).map(lambda text: text.rstrip("\n"))
FILES = st.tuples(st.binary(max_size=20), st.none() | st.sampled_from(["a.bin", "grün.txt", 'a "b", c;.pdf']))


def address_pairs(addresses: list[Address]) -> list[tuple[str, str | None]]:
    return [(address.addr_spec, address.display_name.strip() or None) for address in addresses]


@given(
    to=st.lists(ADDRESSES, min_size=1, max_size=3),
    sender=ADDRESSES,
    subject=NAMES,
    text=TEXTS,
    html=st.none() | TEXTS,
    image=st.none() | st.binary(max_size=20),
    files=st.lists(FILES, max_size=2),
)
def test_round_trip_of_mail_content(
    to: list[Address],
    sender: Address,
    subject: str,
    text: str,
    html: str | None,
    image: bytes | None,
    files: list[tuple[bytes, str | None]],
) -> None:
    mail = EmailMessage()
    mail["To"], mail["From"], mail["Subject"] = to, sender, subject
    mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype="html")
        if image is not None:
            list(mail.iter_parts())[1].add_related(image, "image", "png", cid="<logo>")
    for content, filename in files:
        mail.add_attachment(content, "application", "x-any", filename=filename)
    raw = mail.as_bytes(policy=UNFOLDED)
    for candidate in (mail, email.message_from_bytes(raw, policy=policy.default), email.message_from_bytes(raw)):
        message = from_email_message(candidate)
        assert [error.message for error in MESSAGE.iter_errors(message)] == []
        assert canonical_addresses(message, "to") == address_pairs(to)
        assert canonical_addresses(message, "from_email") == address_pairs([sender])
        assert message["subject"] == subject
        assert message["body"] == text + "\n"
        assert [part["content"] for part in message.get("alternatives", [])] == ([] if html is None else [html + "\n"])
        inline = [] if html is None or image is None else [(image, None, "inline")]
        assert [
            (b64decode(part["content"]), part.get("filename"), part.get("disposition"))
            for part in message.get("attachments", [])
        ] == [*inline, *((content, filename, None) for content, filename in files)]


SYNTAX = """From: |To: |Subject: |X-A: |Content-Type: |Content-Type: multipart/mixed; boundary=b|Content-ID: <|--b|--b--
Content-Type: text/html; charset=|Content-Disposition: attachment; filename*0*=|Content-Transfer-Encoding: base64
Content-Transfer-Encoding: |Content-Type: message/rfc822|=?utf-8?q?|?=|a@x.com|,|utf-16|message/delivery-status
"""
MAIL_PIECES = st.sampled_from(
    [b"\n", b"\n\n", b"\r\n ", b"\r", b"\xff", *(piece.encode() for piece in re.split(r"[|\n]", SYNTAX))]
)
SOURCES = st.binary(max_size=40) | st.lists(MAIL_PIECES | st.binary(max_size=3), max_size=14).map(b"".join)


@given(SOURCES, st.sampled_from([policy.default, policy.compat32]))
def test_any_bytes_become_a_message_or_a_value_error(source: bytes, kind: Any) -> None:
    mail = email.message_from_bytes(source, policy=kind)
    try:
        message = from_email_message(mail)
    except ValueError:
        return
    assert [error.message for error in MESSAGE.iter_errors(message)] == []
    json.dumps(message, ensure_ascii=False).encode()  # no surrogates


def test_transport_headers_are_left_out() -> None:
    way = "Return-Path: <b@x.com>\nReceived: by a\nReceived: by b\nDKIM-Signature: v=1\n"
    source = f"{way}Content-Description: gr\xfc\xdfe\nFrom: a@example.com\nTo: b@example.com\nX-Order: 17\n\nHello"
    mail = email.message_from_bytes(source.encode("latin-1"), policy=policy.default)
    assert from_email_message(mail) == {
        "from_email": "a@example.com",
        "to": ["b@example.com"],
        "body": "Hello",
        "extra_headers": {"X-Order": "17"},
    }


def test_named_file_referenced_by_html_is_inline() -> None:
    mail = EmailMessage()
    mail.set_content("text")
    mail.add_alternative('<img src="cid:logo@x">', subtype="html")
    html: Any = mail.get_payload(1)
    html.add_related(b"png", "image", "png", cid="<logo@x>", filename="logo.png")
    html.add_related(b"png", "image", "png", cid="<other@x>", filename="other.png")
    logo, other = from_email_message(mail)["attachments"]
    assert (logo["filename"], logo["disposition"], "disposition" in other) == ("logo.png", "inline", False)
