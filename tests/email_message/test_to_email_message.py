"""Conversion of received messages to mails: nothing is lost, no recipient is added, no header is injected."""

from __future__ import annotations

import email
import json
from base64 import b64decode, b64encode
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import compiler
from compiler.email_message import from_email_message, to_email_message
from compiler.json_io import resources

SCHEMA = resources.schemas()[resources.BASE + "inbound-message.schema.json"]


def reparse(mail: EmailMessage) -> Any:
    """Parses the bytes of the mail, like a recipient."""
    return email.message_from_bytes(mail.as_bytes(), policy=policy.default)


def convert_and_reparse(**members: Any) -> Any:
    return reparse(to_email_message(members))


def with_headers(*pairs: tuple[str, str], **members: Any) -> Any:
    return convert_and_reparse(headers=[list(pair) for pair in pairs], **members)


def entry(content: bytes = b"x", **members: Any) -> dict[str, Any]:
    return {"content": b64encode(content).decode(), **members}


def media_type_tree(mail: Any) -> Any:
    """The media types of the part tree: a string, or a list that starts with the multipart type."""
    if not mail.is_multipart():
        return mail.get_content_type()
    return [mail.get_content_type(), *map(media_type_tree, mail.iter_parts())]


def address_pairs(mail: Any, name: str) -> list[tuple[str, str]]:
    return [(address.display_name, address.addr_spec) for address in mail[name].addresses]


# --- Accepted types --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [None, [], "From: a@example.com", b"", 5, EmailMessage()])
def test_non_mapping_raises_type_error(other: Any) -> None:
    with pytest.raises(TypeError, match="inbound must be a mapping"):
        to_email_message(other)


@pytest.mark.parametrize(
    ("inbound", "path"),
    [
        ({"htm": ""}, "/htm"),
        ({"subject": 5}, "/subject"),
        ({"text": "\ud800"}, "/text"),
        ({"text": [1] * 1000}, "/text"),
        ({"to": None}, "/to"),
        ({"to": "a@example.com"}, "/to"),
        ({"to": [{"email": "a@example.com"}, {"name": "A"}]}, "/to/1"),
        ({"cc": [{"email": "a@example.com", "nme": "A"}]}, "/cc/0/nme"),
        ({"from_email": "a@example.com"}, "/from_email"),
        ({"headers": {"A": "b"}}, "/headers"),
        ({"headers": [["A", "b"], ["A"]]}, "/headers/1"),
        ({"headers": [["A", 1]]}, "/headers/0/1"),
        ({"attachments": [{"filename": "a.txt"}]}, "/attachments/0"),
        ({"attachments": [entry(), {"content": "YQ"}]}, "/attachments/1/content"),
        ({"attachments": [{"content": "Y Q="}]}, "/attachments/0/content"),
        ({"attachments": [entry(inline="yes")]}, "/attachments/0/inline"),
        ({"date": "yesterday"}, "/date"),
        ({"metadata": []}, "/metadata"),
        ({1: "a"}, "the root"),
        ({"text": b"a"}, "/text"),
    ],
)
def test_invalid_shape_raises_value_error_with_path(inbound: Any, path: str) -> None:
    with pytest.raises(ValueError, match=rf"^invalid inbound message at {path}: .{{10,200}}$"):
        to_email_message(inbound)


def test_empty_message_is_an_empty_mail() -> None:
    mail = to_email_message({})
    assert (mail.items(), mail.as_bytes(), mail.get_content()) == ([], b"\n", "")
    assert from_email_message(mail) == from_email_message(reparse(mail)) == {}


def test_unused_members_may_be_nested_deeply() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert convert_and_reparse(esp_event=deep, metadata={"a": deep}, subject="s")["Subject"] == "s"


@pytest.mark.parametrize("inbound", SCHEMA["examples"], ids=range(len(SCHEMA["examples"])))
def test_schema_examples_are_converted_and_not_modified(inbound: Any) -> None:
    before = json.dumps(inbound)
    first, second = to_email_message(inbound), to_email_message(inbound)
    assert first.as_bytes() == second.as_bytes()
    assert json.dumps(inbound) == before
    assert first.keys()[: len(inbound["headers"])] == [name for name, _ in inbound["headers"]]
    assert first["From"].addresses[0].addr_spec == inbound["from_email"]["email"]


def test_parse_api_call_to_mail() -> None:
    body = {
        "Headers": {
            "Received": ["from a\tby b", "from c by d"],
            "From": "Smith, Jörg <j@example.com>",
            "To": "Bob <b@example.com>, c@example.com",
            "Reply-To": "Shop, The <r@example.com>",
            "Subject": "Café",
            "Content-Type": "multipart/mixed; boundary=b",
        },
        "Parts": [
            {"Headers": {"Content-Type": "text/plain"}, "ContentRef": "Text-part"},
            {
                "Headers": {"Content-Type": "image/png", "Content-Disposition": "attachment; filename=grün.png"},
                "ContentRef": "Attachment1",
            },
        ],
        "Text-part": "Hello\r\n",
        "Attachment1": "AAEC",
    }
    inbound = compiler.decode_inbound(body).unwrap()
    mail = reparse(compiler.to_email_message(inbound))
    assert mail.get_all("Received") == ["from a\tby b", "from c by d"]
    assert address_pairs(mail, "From") == [("Smith, Jörg", "j@example.com")]
    assert address_pairs(mail, "Reply-To") == [("Shop, The", "r@example.com")]
    assert mail["Subject"] == "Café"
    assert mail.get_body().get_content() == "Hello\r\n"
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [("grün.png", b"\0\1\2")]
    assert from_email_message(mail) == {
        "from_email": {"email": "j@example.com", "name": "Smith, Jörg"},
        "to": [{"email": "b@example.com", "name": "Bob"}, "c@example.com"],
        "reply_to": [{"email": "r@example.com", "name": "Shop, The"}],
        "subject": "Café",
        "body": "Hello\n",
        "attachments": [{"filename": "grün.png", "mimetype": "image/png", "content": "AAEC"}],
    }


# --- Headers ----------------------------------------------------------------------------------------------------------


def test_headers_keep_order_and_repeats_except_mime_headers() -> None:
    mail = with_headers(
        ("Received", "one"),
        ("MIME-Version", "2.0"),
        ("X-A", "a"),
        ("Content-Type", "text/html"),
        ("content-language", "de"),
        ("Received", "two"),
        ("x-a", "b"),
        text="Hi",
    )
    assert [(name, str(value)) for name, value in mail.items()] == [
        ("Received", "one"),
        ("X-A", "a"),
        ("Received", "two"),
        ("x-a", "b"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "base64"),
    ]


@pytest.mark.parametrize("name", ["Date", "Sender", "Reply-To", "Bcc", "Message-ID", "References", "From", "Subject"])
def test_unique_headers_are_not_repeated(name: str) -> None:
    mail = with_headers((name, "a@example.com"), (name.upper(), "b@example.com"))
    assert mail.get_all(name) == ["a@example.com"]
    from_email_message(mail)


def test_fields_replace_their_headers_or_are_appended() -> None:
    mail = with_headers(
        ("SUBJECT", "old"),
        ("X-A", "a"),
        ("to", "old@example.com"),
        ("To", "older@example.com"),
        subject="new",
        to=[{"email": "b@example.com"}],
        cc=[{"email": "c@example.com", "name": "C"}],
        from_email={"email": "a@example.com"},
    )
    assert mail.items() == [
        ("SUBJECT", "new"),
        ("X-A", "a"),
        ("to", "b@example.com"),
        ("From", "a@example.com"),
        ("Cc", "C <c@example.com>"),
    ]


def test_empty_field_keeps_its_header() -> None:
    mail = with_headers(("To", "undisclosed-recipients:;"), ("From", "MAILER-DAEMON"), ("Subject", "s"), subject="")
    assert mail.items() == [("To", "undisclosed-recipients:;"), ("From", "MAILER-DAEMON"), ("Subject", "s")]


@pytest.mark.parametrize("name", ["", "X A", "X:", "X-A\r\nBcc", "X\0", "Größe", "\n"])
def test_invalid_header_name_is_left_out(name: str) -> None:
    assert with_headers((name, "b@example.com"), ("X-B", "b")).items() == [("X-B", "b")]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1e", "\x85", "\u2028", "\0"])
def test_a_line_break_becomes_a_space(line_break: str) -> None:
    text = f"a{line_break}Bcc: b@example.com"
    mail = with_headers(
        ("X-A", text),
        ("Reply-To", f"r@example.com{line_break}"),
        ("Message-ID", text),
        subject=text,
        to=[{"email": "c@example.com", "name": text}],
        attachments=[entry(filename=f"a{line_break}b", inline=True, content_id=f"a{line_break}b", mimetype=text)],
    )
    expected = "a Bcc: b@example.com"
    assert (mail["X-A"], mail["Subject"], mail["Reply-To"]) == (expected, expected, "r@example.com")
    assert address_pairs(mail, "To") == [(expected, "c@example.com")]
    assert mail.keys() == ["X-A", "Reply-To", "Message-ID", "To", "Subject", "MIME-Version", "Content-Type"]
    [part] = mail.iter_parts()
    assert (part.get_filename(), part["Content-ID"], part.get_content_type()) == (
        "a b",
        None,
        "application/octet-stream",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Grüße",
        "a\tb  c",
        "a\x01\x7f\x1b",
        "=?utf-8?q?a?=",
        "=?x-unknown?q?=FF?= =?utf-8?b?a?=",
        "x=?utf-8?q?=0D=0ABcc:_b=40example.com?=y",
        "Grüße " * 500 + "x",
        "x" * 5000,
        "word " * 500 + "x",
        "<" + "a" * 200 + "@example.com>",
        "😀" * 100,
        "\ufeff",
        "ffi",
        "",
        "a" + " " * 2000 + "b",
    ],
)
def test_single_line_text_round_trips_as_header(text: str) -> None:
    mail = to_email_message({"headers": [["X-A", text]], "subject": text})
    assert max(map(len, mail.as_bytes().split(b"\n"))) < 998
    for candidate in (mail, reparse(mail), email.message_from_string(mail.as_string(), policy=policy.default)):
        assert candidate["X-A"] == text
        assert candidate.get("Subject", "") == text
        message = from_email_message(candidate)
        assert message["extra_headers"] == {"X-A": text}
        assert message.get("subject", "") == text


def test_surrounding_white_space_is_kept_in_subject_only() -> None:
    mail = with_headers(("X-A", "\t a "), subject=" s ")
    assert (mail["X-A"], mail["Subject"]) == ("a", " s ")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Smith, Jörg <j@example.com>, b@example.com", [("Smith, Jörg", "j@example.com"), ("", "b@example.com")]),
        ("Widgets, Inc. <a@example.com>", [("Widgets, Inc.", "a@example.com")]),
        ("A <a@example.com>,\tb@example.com", [("A", "a@example.com"), ("", "b@example.com")]),
        ('Team: "A, B" <a@example.com>;', [("A, B", "a@example.com")]),
        ("j@bücher.example", [("", "j@xn--bcher-kva.example")]),
    ],
)
@pytest.mark.parametrize("name", ["Reply-To", "Bcc", "Resent-To"])
def test_names_in_other_address_headers_are_quoted_again(name: str, text: str, pairs: Any) -> None:
    assert address_pairs(with_headers((name, text)), name) == pairs


@pytest.mark.parametrize("name", ["Reply-To", "Sender", "To", "From", "Date", "Message-ID", "Resent-From"])
@pytest.mark.parametrize(
    "text", ["nobody", "jetzt, später", "a b, ; <", '"', "(" * 5000, "[", "<", "@", "a@", "=?a", "\\", "\x01", ":;,"]
)
def test_unparseable_header_becomes_text(name: str, text: str) -> None:
    mail = to_email_message({"headers": [[name, text]]})
    for candidate in (mail, reparse(mail)):
        assert candidate.keys() == [name]
        assert getattr(candidate[name], "addresses", ()) == () or not candidate[name].addresses[0].domain
        from_email_message(candidate)
    mail.as_string()


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Bob",
        "Smith, Bob",
        'Bob "the" \\ B.',
        "Jörg",
        "Müller, Jörg <x@example.com>",
        "a@example.com, b",
        "=?utf-8?q?a=40b?=",
        "two  spaces",
        "a\tb",
        "\x01",
        "田中" * 40,
        "word " * 100 + "end",
        "(comment)",
        "a:b;",
    ],
)
def test_names_round_trip(name: str) -> None:
    recipients = [{"email": "b@example.com", "name": name}, {"email": "c@example.com", "name": None}]
    mail = to_email_message({"to": recipients, "from_email": recipients[0]})
    for candidate in (mail, reparse(mail)):
        assert address_pairs(candidate, "To") == [(name, "b@example.com"), ("", "c@example.com")]
        assert from_email_message(candidate) == {
            "from_email": {"email": "b@example.com", "name": name},
            "to": [{"email": "b@example.com", "name": name}, "c@example.com"],
        }


def test_very_long_name_is_split_into_several_words() -> None:
    mail = to_email_message({"cc": [{"email": "b@example.com", "name": "é" * 5000}]})
    assert max(map(len, mail.as_bytes().split(b"\n"))) < 998
    assert from_email_message(reparse(mail)) == {"cc": [{"email": "b@example.com", "name": "é" * 5000}]}


def test_international_domain_is_ascii_and_local_part_utf_8() -> None:
    mail = to_email_message({"to": [{"email": "b@bücher.example", "name": "é"}]})
    assert mail.as_bytes() == b"To: =?utf-8?b?w6k=?= <b@xn--bcher-kva.example>\n\n"
    mail = to_email_message({"to": [{"email": "jörg@bücher.example", "name": "é"}]})
    assert mail.as_bytes() == "To: =?utf-8?b?w6k=?= <jörg@xn--bcher-kva.example>\n\n".encode()
    assert mail.as_string().encode() == mail.as_bytes()
    assert address_pairs(mail, "To") == [("é", "jörg@xn--bcher-kva.example")]
    assert from_email_message(reparse(mail)) == {"to": ["=?utf-8?b?w6k=?= <jörg@xn--bcher-kva.example>"]}


@pytest.mark.parametrize("address", ["a..b@example.com", ".a@example.com", "a.@example.com", "a@b_c"])
def test_nonconforming_address_is_unchanged(address: str) -> None:
    assert address_pairs(convert_and_reparse(to=[{"email": address, "name": "A"}]), "To") == [("A", address)]


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com, b@example.com",
        "a@example.com> <b@example.com",
        "b@example.com>",
        "a@example.com\r\nBcc: b@example.com",
        "a b@example.com",
        '"a, <b@example.com>"@example.com',
        "=?utf-8?q?b?=@example.com",
        "bob",
        "a\x01@example.com",
        "a" * 1000 + "@example.com",
        "",
    ],
)
@pytest.mark.parametrize("name", [None, "Bob"])
def test_invalid_address_adds_no_recipient(address: str, name: str | None) -> None:
    mail = to_email_message({"to": [{"email": address, "name": name}]})
    for candidate in (mail, reparse(mail)):
        assert candidate.keys() == (["To"] if address or name else [])
        assert [
            pair for pair in (address_pairs(candidate, "To") if candidate.keys() else ()) if pair[1].endswith("m")
        ] == []
        assert all(
            isinstance(address, str) and address.startswith("=?")
            for address in from_email_message(candidate).get("to", ())
        )


# --- Content ----------------------------------------------------------------------------------------------------------

IMAGE = entry(b"png", filename="a.png", mimetype="image/png", inline=True, content_id="logo")
PDF = entry(b"pdf", filename="a.pdf", mimetype="application/pdf")


@pytest.mark.parametrize(
    ("inbound", "tree"),
    [
        ({"text": "a"}, "text/plain"),
        ({"html": "a"}, "text/html"),
        ({"text": "", "html": "a"}, ["multipart/alternative", "text/plain", "text/html"]),
        ({"attachments": [PDF]}, ["multipart/mixed", "application/pdf"]),
        ({"text": "a", "attachments": [IMAGE]}, ["multipart/mixed", "text/plain", "image/png"]),
        ({"html": "a", "attachments": [IMAGE]}, ["multipart/related", "text/html", "image/png"]),
        (
            {"html": "a", "attachments": [IMAGE | {"content_id": None}, PDF | {"content_id": "logo"}]},
            ["multipart/mixed", "text/html", "image/png", "application/pdf"],
        ),
        (
            {"text": "a", "html": "a", "attachments": [PDF, IMAGE]},
            [
                "multipart/mixed",
                ["multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"]],
                "application/pdf",
            ],
        ),
        (
            {"attachments": [entry(mimetype="text/plain", inline=True)]},
            ["multipart/mixed", "text/plain", "text/plain"],
        ),
    ],
)
def test_part_tree(inbound: Any, tree: Any) -> None:
    mail = to_email_message(inbound)
    assert media_type_tree(mail) == media_type_tree(reparse(mail)) == tree


@pytest.mark.parametrize(
    "text", ["", "a", "a\n", "a\r\nb\rc\n\n", "\r", "\ufeffGrüße\u2028\0", "From a\n--b\n.\n" * 50]
)
def test_text_and_html_round_trip(text: str) -> None:
    mail = convert_and_reparse(text=text, html=text, attachments=[IMAGE])
    assert mail.get_body(("plain",)).get_content() == text
    assert mail.get_body(("html",)).get_content() == text


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("kind", ["message/rfc822", "Message/Delivery-Status", "multipart/mixed", "text/plain", "a/b"])
def test_attachments_round_trip(kind: str, inline: bool) -> None:
    content = b"Subject: s\r\n\r\nFrom a\r--b\xff\0\n"
    mail = convert_and_reparse(text="t", attachments=[entry(content, mimetype=kind, inline=inline)])
    _, part = mail.iter_parts()
    assert part.get_payload(decode=True) == content
    assert part.get_content_type() == (kind if kind in ("text/plain", "a/b") else "application/octet-stream")
    assert part.get_content_disposition() == ("inline" if inline else "attachment")


@pytest.mark.parametrize(
    "kind", ["", "pdf", "a/b/c", "*/*", "a/b; c=d", "text/plain\r\nBcc: b", "ä/b", f"a/{'b' * 128}"]
)
def test_invalid_media_type_becomes_octet_stream(kind: str) -> None:
    [part] = convert_and_reparse(attachments=[entry(mimetype=kind)]).iter_parts()
    assert part.get_content_type() == "application/octet-stream"
    assert part.keys() == ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]


@pytest.mark.parametrize(
    "filename",
    [
        "a.pdf",
        "two  words.pdf",
        'a "b"\\ c%20;\'d.pdf',
        "größe 😀.pdf",
        "größe" * 100,
        "a" * 300,
        "=?utf-8?q?a?=.pdf",
        "utf-8''a.pdf",
        "../a\x01",
    ],
)
def test_file_names_round_trip(filename: str) -> None:
    mail = to_email_message({"attachments": [entry(filename=filename)]})
    assert max(map(len, mail.as_bytes().split(b"\n"))) <= 78
    for candidate in (mail, reparse(mail)):
        assert [part.get_filename() for part in candidate.iter_parts()] == [filename]
        assert from_email_message(candidate)["attachments"][0]["filename"] == filename


@pytest.mark.parametrize("content_id", ["a<b", "a>b", "a\r\nBcc: b", "größe", "=?utf-8?q?a?=", " ", "a" * 1000])
def test_unrepresentable_content_id_is_left_out(content_id: str) -> None:
    mail = convert_and_reparse(html="<p>", attachments=[IMAGE | {"content_id": content_id}])
    _, part = mail.iter_parts()
    assert (part["Content-ID"], part.get_content_disposition()) == (None, "inline")


def test_nested_mail_has_another_boundary() -> None:
    inner, outer = (to_email_message({"subject": name, "text": name, "attachments": [PDF]}) for name in "io")
    outer.add_attachment(inner)
    text, _, attachment = reparse(outer).iter_parts()
    assert (text.get_content(), attachment.get_content()["Subject"]) == ("o", "i")
    assert media_type_tree(attachment.get_content()) == ["multipart/mixed", "text/plain", "application/pdf"]


# --- Properties -------------------------------------------------------------------------------------------------------

CHARACTERS = st.characters(exclude_categories=["Cs"])
SPECIAL = [
    "=?utf-8?q?a?=",
    "=?",
    '"',
    "\\",
    ",",
    "<b@x.com>",
    "a@x.com",
    ";",
    ":",
    " ",
    "\t",
    "é",
    "😀",
    "(",
    "\x01",
    "'",
]


def text_pieces(*more: str) -> st.SearchStrategy[str]:
    """Arbitrary text, with special header syntax over-represented."""
    return st.lists(st.sampled_from([*SPECIAL, *more]) | st.text(CHARACTERS, max_size=8), max_size=8).map("".join)


def to_single_line(text: str) -> str:
    """Text as decoders return it: on one line, stripped."""
    return " ".join(text.replace("\0", " ").splitlines()).strip()


LINE = text_pieces().map(to_single_line)
NAME = LINE.map(lambda text: text or None)
EMAIL = st.builds(
    "{}@{}".format,
    st.sampled_from(["a", "b.c", "d+e", '"f g"', "x'y", "{h}", '"\\""']),
    st.sampled_from(["example.com", "[1.2.3.4]", "xn--bcher-kva.example", "a-b.example"]),
)
ADDRESS = st.fixed_dictionaries({"email": EMAIL, "name": NAME})
BODY = st.none() | text_pieces("\n", "\r\n", "\r", "cid:", "\n--")
ATTACHMENT = st.fixed_dictionaries(
    {
        "filename": NAME,
        "mimetype": st.sampled_from(["text/plain", "text/html", "image/png", "application/octet-stream", "font/x+y"]),
        "content": st.binary(max_size=100).map(lambda content: b64encode(content).decode()),
        "inline": st.booleans(),
        "content_id": st.sampled_from([None, "logo", "a.b@example.com", "a b"]),
    }
)
INBOUND: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "from_email": ADDRESS,
        "to": st.lists(ADDRESS, max_size=3),
        "cc": st.lists(ADDRESS, max_size=2),
        "subject": LINE,
        "text": BODY,
        "html": BODY,
        "headers": st.lists(
            st.tuples(st.sampled_from(["Received", "To", "Subject"]), LINE).map(list)
            | LINE.map(lambda text: ["X-A", text]),
            unique_by=lambda pair: pair[0],
        ),
        "attachments": st.lists(ATTACHMENT, max_size=3),
    },
)


def expected_fields(inbound: Any) -> Any:
    """The addresses, the subject, the bodies and the attachments that a received message should give."""
    html = inbound.get("html")
    attachments = [
        (
            item["content"],
            item["filename"],
            item["mimetype"],
            item["inline"] and item["content_id"] is not None,
            item["content_id"],
        )
        for item in inbound.get("attachments", [])
    ]
    return {
        **{name: [(address["email"], address["name"]) for address in inbound.get(name, [])] for name in ("to", "cc")},
        "from": [(sender["email"], sender["name"]) for sender in [inbound.get("from_email")] if sender],
        "subject": inbound.get("subject") or "",
        "text": None if inbound.get("text") is None else inbound["text"].replace("\r\n", "\n"),
        "html": None if html is None else html.replace("\r\n", "\n"),
        "attachments": sorted(attachments, key=lambda item: not (item[3] and html is not None)),
    }


def message_fields(message: Any) -> Any:
    """The same fields, read from the message converted back from the mail."""

    def address_pair(item: Any) -> tuple[str, str | None]:
        return (item, None) if isinstance(item, str) else (item["email"], item["name"])

    versions = [item["content"] for item in message.get("alternatives", [])]
    is_html = message.get("content_subtype") == "html"
    return {
        **{name: [address_pair(item) for item in message.get(name, [])] for name in ("to", "cc")},
        "from": [address_pair(message["from_email"])] if "from_email" in message else [],
        "subject": message.get("subject", ""),
        "text": None if is_html else message.get("body"),
        "html": message["body"] if is_html else next(iter(versions), None),
        "attachments": [
            (
                item["content"],
                item.get("filename"),
                item["mimetype"],
                item.get("disposition") == "inline",
                item["content_id"][1:-1] if "content_id" in item else None,
            )
            for item in message.get("attachments", [])
        ],
    }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(INBOUND)
@example({"attachments": [entry(mimetype="text/plain", inline=True, filename=None, content_id="a")]})
def test_inbound_message_round_trips(inbound: Any) -> None:
    mail: Any = to_email_message(inbound)
    read = reparse(mail)
    expected = expected_fields(inbound)
    unnamed = [item for item in inbound.get("attachments", []) if not item["filename"] and item["inline"]]
    for candidate in (mail, read):
        actual = message_fields(from_email_message(candidate))
        for header, field in (("To", "to"), ("Subject", "subject")):
            if not expected[field] and header in candidate:  # then the header is unchanged
                actual[field] = expected[field]
        # An empty text was added so that the attachment is not read as the body.
        if unnamed and actual["text"] == "" and expected["html"] is None:
            expected["text"] = expected["text"] or None
            actual["text"] = expected["text"]
        assert actual == expected
        for name in ("to", "cc"):
            if expected[name]:
                assert [address for _, address in address_pairs(candidate, name)] == [
                    address for address, _ in expected[name]
                ]
        if expected["subject"]:
            assert candidate["Subject"] == expected["subject"]
        for kind, field in (("plain", "text"), ("html", "html")):
            if inbound.get(field) is not None:
                assert candidate.get_body((kind,)).get_content() == inbound[field]
    assert read.items() == mail.items()


ANY_TEXT = text_pieces(
    "\r\n", "\nBcc: b@x.com", "\v", "\0", "\x85", "From", "[", "]", "@", "..", "\ud800", "=?x?q?=FF?="
)
NAMES = ["From", "To", "Subject", "Reply-To", "Date", "Message-ID", "Sender", "Content-Type", "Resent-Cc", "X-A"]
ANY_ADDRESS = st.fixed_dictionaries({"email": ANY_TEXT}, optional={"name": st.none() | ANY_TEXT})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)
NEARLY_VALID: dict[str, st.SearchStrategy[Any]] = {
    "from_email": st.none() | ANY_ADDRESS,
    "to": st.lists(ANY_ADDRESS, max_size=2),
    "cc": st.lists(ANY_ADDRESS, max_size=2),
    "subject": ANY_TEXT,
    "text": ANY_TEXT,
    "html": ANY_TEXT,
    "headers": st.lists(st.tuples(st.sampled_from(NAMES) | ANY_TEXT, ANY_TEXT).map(list), max_size=5),
    "attachments": st.lists(
        st.fixed_dictionaries(
            {"content": st.sampled_from(["", "AAEC", "A", "\n"])},
            optional={"filename": ANY_TEXT, "mimetype": ANY_TEXT, "content_id": ANY_TEXT, "inline": st.booleans()},
        ),
        max_size=2,
    ),
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries({}, optional=NEARLY_VALID)
    | st.dictionaries(st.sampled_from([*NEARLY_VALID, "a"]), JSON, max_size=3)
    | st.fixed_dictionaries(
        {"headers": NEARLY_VALID["headers"]}, optional={name: NEARLY_VALID[name] for name in ("to", "cc")}
    )
)
def test_any_mapping_of_json_becomes_a_mail_or_a_value_error(inbound: Any) -> None:
    try:
        mail: Any = to_email_message(inbound)
    except ValueError as error:
        reason = str(error)
        assert reason.startswith("invalid inbound message at ")
        return
    requested = {"from", "to", "cc", "subject", "mime-version"}
    requested |= {name.lower() for name, _ in inbound.get("headers", [])}
    for candidate in (mail, reparse(mail), email.message_from_string(mail.as_string(), policy=policy.default)):
        assert len(candidate.items()) == len(mail.items())
        assert {name for name in map(str.lower, candidate.keys()) if not name.startswith("content-")} <= requested
        for part in candidate.walk():
            assert not part.is_multipart() or part.get_content_maintype() == "multipart"
            known = ("content-type", "content-disposition", "content-id", "content-transfer-encoding")
            assert part is candidate or {name.lower() for name in part} <= set(known)
        contents = [b64decode(str(part.get_payload())) for part in candidate.walk() if "base64" in part.values()]
        for attachment in inbound.get("attachments", []):
            assert b64decode(attachment["content"]) in contents
        from_email_message(candidate)
