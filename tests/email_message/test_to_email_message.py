"""Received messages become mails of the standard library: nothing is lost, nobody is added, no header is injected."""

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


def delivered(mail: EmailMessage) -> Any:
    """The mail as somebody reads it who was sent its bytes."""
    return email.message_from_bytes(mail.as_bytes(), policy=policy.default)


def mailed(**members: Any) -> Any:
    return delivered(to_email_message(members))


def with_headers(*pairs: tuple[str, str], **members: Any) -> Any:
    return mailed(headers=[list(pair) for pair in pairs], **members)


def attached(content: bytes = b"x", **members: Any) -> dict[str, Any]:
    return {"content": b64encode(content).decode(), **members}


def structure(mail: Any) -> Any:
    """The media types of the tree: a text, or a list that begins with that of a multipart."""
    if not mail.is_multipart():
        return mail.get_content_type()
    return [mail.get_content_type(), *map(structure, mail.iter_parts())]


def addresses(mail: Any, name: str) -> list[tuple[str, str]]:
    return [(each.display_name, each.addr_spec) for each in mail[name].addresses]


# --- What is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [None, [], "From: a@example.com", b"", 5, EmailMessage()])
def test_anything_but_a_mapping_is_a_type_error(other: Any) -> None:
    with pytest.raises(TypeError, match="inbound is a mapping"):
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
        ({"attachments": [attached(), {"content": "YQ"}]}, "/attachments/1/content"),
        ({"attachments": [{"content": "Y Q="}]}, "/attachments/0/content"),
        ({"attachments": [attached(inline="yes")]}, "/attachments/0/inline"),
        ({"date": "yesterday"}, "/date"),
        ({"metadata": []}, "/metadata"),
        ({1: "a"}, "its root"),
        ({"text": b"a"}, "/text"),
    ],
)
def test_another_shape_is_a_value_error_that_says_where(inbound: Any, path: str) -> None:
    with pytest.raises(ValueError, match=rf"^this is no inbound message, at {path}: .{{10,200}}$"):
        to_email_message(inbound)


def test_no_member_at_all_is_an_empty_mail() -> None:
    mail = to_email_message({})
    assert (mail.items(), mail.as_bytes(), mail.get_content()) == ([], b"\n", "")
    assert from_email_message(mail) == from_email_message(delivered(mail)) == {}


def test_what_is_no_part_of_the_mail_may_be_deeper_than_a_message_may_be() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert mailed(esp_event=deep, metadata={"a": deep}, subject="s")["Subject"] == "s"


@pytest.mark.parametrize("inbound", SCHEMA["examples"], ids=range(len(SCHEMA["examples"])))
def test_the_schemas_examples_become_mails_and_are_not_changed(inbound: Any) -> None:
    before = json.dumps(inbound)
    first, second = to_email_message(inbound), to_email_message(inbound)
    assert first.as_bytes() == second.as_bytes()
    assert json.dumps(inbound) == before
    assert first.keys()[: len(inbound["headers"])] == [name for name, _ in inbound["headers"]]
    assert first["From"].addresses[0].addr_spec == inbound["from_email"]["email"]


def test_a_call_of_the_parse_api_becomes_a_mail() -> None:
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
    mail = delivered(compiler.to_email_message(inbound))
    assert mail.get_all("Received") == ["from a\tby b", "from c by d"]
    assert addresses(mail, "From") == [("Smith, Jörg", "j@example.com")]
    assert addresses(mail, "Reply-To") == [("Shop, The", "r@example.com")]
    assert mail["Subject"] == "Café"
    assert mail.get_body().get_content() == "Hello\r\n"
    assert [(each.get_filename(), each.get_content()) for each in mail.iter_attachments()] == [("grün.png", b"\0\1\2")]
    assert from_email_message(mail) == {
        "from_email": {"email": "j@example.com", "name": "Smith, Jörg"},
        "to": [{"email": "b@example.com", "name": "Bob"}, "c@example.com"],
        "reply_to": [{"email": "r@example.com", "name": "Shop, The"}],
        "subject": "Café",
        "body": "Hello\n",
        "attachments": [{"filename": "grün.png", "mimetype": "image/png", "content": "AAEC"}],
    }


# --- Headers ----------------------------------------------------------------------------------------------------------


def test_headers_keep_their_order_and_repeats_and_those_of_mime_are_its_own() -> None:
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
def test_what_a_mail_has_once_is_there_once(name: str) -> None:
    mail = with_headers((name, "a@example.com"), (name.upper(), "b@example.com"))
    assert mail.get_all(name) == ["a@example.com"]
    from_email_message(mail)


def test_fields_stand_where_their_headers_stood_or_at_the_end() -> None:
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


def test_a_field_that_holds_nothing_leaves_its_header() -> None:
    mail = with_headers(("To", "undisclosed-recipients:;"), ("From", "MAILER-DAEMON"), ("Subject", "s"), subject="")
    assert mail.items() == [("To", "undisclosed-recipients:;"), ("From", "MAILER-DAEMON"), ("Subject", "s")]


@pytest.mark.parametrize("name", ["", "X A", "X:", "X-A\r\nBcc", "X\0", "Größe", "\n"])
def test_a_header_with_an_impossible_name_is_left_out(name: str) -> None:
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
        attachments=[attached(filename=f"a{line_break}b", inline=True, content_id=f"a{line_break}b", mimetype=text)],
    )
    line = "a Bcc: b@example.com"
    assert (mail["X-A"], mail["Subject"], mail["Reply-To"]) == (line, line, "r@example.com")
    assert addresses(mail, "To") == [(line, "c@example.com")]
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
def test_any_text_of_one_line_comes_back_as_a_header(text: str) -> None:
    mail = to_email_message({"headers": [["X-A", text]], "subject": text})
    assert max(map(len, mail.as_bytes().split(b"\n"))) < 998
    for each in (mail, delivered(mail), email.message_from_string(mail.as_string(), policy=policy.default)):
        assert each["X-A"] == text
        assert each.get("Subject", "") == text
        message = from_email_message(each)
        assert message["extra_headers"] == {"X-A": text}
        assert message.get("subject", "") == text


def test_white_space_around_a_subject_is_kept_and_around_other_headers_left_out() -> None:
    mail = with_headers(("X-A", "\t a "), subject=" s ")
    assert (mail["X-A"], mail["Subject"]) == ("a", " s ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Smith, Jörg <j@example.com>, b@example.com", [("Smith, Jörg", "j@example.com"), ("", "b@example.com")]),
        ("Widgets, Inc. <a@example.com>", [("Widgets, Inc.", "a@example.com")]),
        ("A <a@example.com>,\tb@example.com", [("A", "a@example.com"), ("", "b@example.com")]),
        ('Team: "A, B" <a@example.com>;', [("A, B", "a@example.com")]),
        ("j@bücher.example", [("", "j@xn--bcher-kva.example")]),
    ],
)
@pytest.mark.parametrize("name", ["Reply-To", "Bcc", "Resent-To"])
def test_other_address_headers_get_their_quotation_marks_back(name: str, text: str, found: Any) -> None:
    assert addresses(with_headers((name, text)), name) == found


@pytest.mark.parametrize("name", ["Reply-To", "Sender", "To", "From", "Date", "Message-ID", "Resent-From"])
@pytest.mark.parametrize(
    "text", ["nobody", "jetzt, später", "a b, ; <", '"', "(" * 5000, "[", "<", "@", "a@", "=?a", "\\", "\x01", ":;,"]
)
def test_what_cannot_be_read_stands_there_as_text(name: str, text: str) -> None:
    mail = to_email_message({"headers": [[name, text]]})
    for each in (mail, delivered(mail)):
        assert each.keys() == [name]
        assert getattr(each[name], "addresses", ()) == () or not each[name].addresses[0].domain
        from_email_message(each)
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
def test_names_come_back(name: str) -> None:
    rows = [{"email": "b@example.com", "name": name}, {"email": "c@example.com", "name": None}]
    mail = to_email_message({"to": rows, "from_email": rows[0]})
    for each in (mail, delivered(mail)):
        assert addresses(each, "To") == [(name, "b@example.com"), ("", "c@example.com")]
        assert from_email_message(each) == {
            "from_email": {"email": "b@example.com", "name": name},
            "to": [{"email": "b@example.com", "name": name}, "c@example.com"],
        }


def test_a_very_long_name_is_written_in_several_words() -> None:
    mail = to_email_message({"cc": [{"email": "b@example.com", "name": "é" * 5000}]})
    assert max(map(len, mail.as_bytes().split(b"\n"))) < 998
    assert from_email_message(delivered(mail)) == {"cc": [{"email": "b@example.com", "name": "é" * 5000}]}


def test_an_international_domain_is_ascii_and_an_address_that_ascii_cannot_write_is_utf_8() -> None:
    mail = to_email_message({"to": [{"email": "b@bücher.example", "name": "é"}]})
    assert mail.as_bytes() == b"To: =?utf-8?b?w6k=?= <b@xn--bcher-kva.example>\n\n"
    mail = to_email_message({"to": [{"email": "jörg@bücher.example", "name": "é"}]})
    assert mail.as_bytes() == "To: =?utf-8?b?w6k=?= <jörg@xn--bcher-kva.example>\n\n".encode()
    assert mail.as_string().encode() == mail.as_bytes()
    assert addresses(mail, "To") == [("é", "jörg@xn--bcher-kva.example")]
    assert from_email_message(delivered(mail)) == {"to": ["=?utf-8?b?w6k=?= <jörg@xn--bcher-kva.example>"]}


@pytest.mark.parametrize("address", ["a..b@example.com", ".a@example.com", "a.@example.com", "a@b_c"])
def test_an_address_that_only_breaks_a_rule_stands_as_it_is(address: str) -> None:
    assert addresses(mailed(to=[{"email": address, "name": "A"}]), "To") == [("A", address)]


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
def test_what_is_no_address_addresses_nobody(address: str, name: str | None) -> None:
    mail = to_email_message({"to": [{"email": address, "name": name}]})
    for each in (mail, delivered(mail)):
        assert each.keys() == (["To"] if address or name else [])
        assert [found for found in (addresses(each, "To") if each.keys() else ()) if found[1].endswith("m")] == []
        assert all(
            isinstance(found, str) and found.startswith("=?") for found in from_email_message(each).get("to", ())
        )


# --- Content ----------------------------------------------------------------------------------------------------------

IMAGE = attached(b"png", filename="a.png", mimetype="image/png", inline=True, content_id="logo")
PDF = attached(b"pdf", filename="a.pdf", mimetype="application/pdf")


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
            {"attachments": [attached(mimetype="text/plain", inline=True)]},
            ["multipart/mixed", "text/plain", "text/plain"],
        ),
    ],
)
def test_the_tree(inbound: Any, tree: Any) -> None:
    mail = to_email_message(inbound)
    assert structure(mail) == structure(delivered(mail)) == tree


@pytest.mark.parametrize(
    "text", ["", "a", "a\n", "a\r\nb\rc\n\n", "\r", "\ufeffGrüße\u2028\0", "From a\n--b\n.\n" * 50]
)
def test_text_and_html_come_back_character_for_character(text: str) -> None:
    mail = mailed(text=text, html=text, attachments=[IMAGE])
    assert mail.get_body(("plain",)).get_content() == text
    assert mail.get_body(("html",)).get_content() == text


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("kind", ["message/rfc822", "Message/Delivery-Status", "multipart/mixed", "text/plain", "a/b"])
def test_attachments_of_any_type_come_back_byte_for_byte(kind: str, inline: bool) -> None:
    content = b"Subject: s\r\n\r\nFrom a\r--b\xff\0\n"
    mail = mailed(text="t", attachments=[attached(content, mimetype=kind, inline=inline)])
    _, part = mail.iter_parts()
    assert part.get_payload(decode=True) == content
    assert part.get_content_type() == (kind if kind in ("text/plain", "a/b") else "application/octet-stream")
    assert part.get_content_disposition() == ("inline" if inline else "attachment")


@pytest.mark.parametrize(
    "kind", ["", "pdf", "a/b/c", "*/*", "a/b; c=d", "text/plain\r\nBcc: b", "ä/b", f"a/{'b' * 128}"]
)
def test_what_is_no_media_type_is_unknown(kind: str) -> None:
    [part] = mailed(attachments=[attached(mimetype=kind)]).iter_parts()
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
def test_file_names_come_back(filename: str) -> None:
    mail = to_email_message({"attachments": [attached(filename=filename)]})
    assert max(map(len, mail.as_bytes().split(b"\n"))) <= 78
    for each in (mail, delivered(mail)):
        assert [part.get_filename() for part in each.iter_parts()] == [filename]
        assert from_email_message(each)["attachments"][0]["filename"] == filename


@pytest.mark.parametrize("content_id", ["a<b", "a>b", "a\r\nBcc: b", "größe", "=?utf-8?q?a?=", " ", "a" * 1000])
def test_a_content_id_that_no_header_can_hold_is_left_out(content_id: str) -> None:
    mail = mailed(html="<p>", attachments=[IMAGE | {"content_id": content_id}])
    _, part = mail.iter_parts()
    assert (part["Content-ID"], part.get_content_disposition()) == (None, "inline")


def test_a_mail_within_a_mail_of_the_same_kind_can_be_told_apart() -> None:
    inner, outer = (to_email_message({"subject": name, "text": name, "attachments": [PDF]}) for name in "io")
    outer.add_attachment(inner)
    text, _, attachment = delivered(outer).iter_parts()
    assert (text.get_content(), attachment.get_content()["Subject"]) == ("o", "i")
    assert structure(attachment.get_content()) == ["multipart/mixed", "text/plain", "application/pdf"]


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


def pieces(*more: str) -> st.SearchStrategy[str]:
    """Text of all sorts, with what is special in headers more often than chance would have it."""
    return st.lists(st.sampled_from([*SPECIAL, *more]) | st.text(CHARACTERS, max_size=8), max_size=8).map("".join)


def line(text: str) -> str:
    """What decoders give: text on one line, with nothing around it."""
    return " ".join(text.replace("\0", " ").splitlines()).strip()


LINE = pieces().map(line)
NAME = LINE.map(lambda text: text or None)
EMAIL = st.builds(
    "{}@{}".format,
    st.sampled_from(["a", "b.c", "d+e", '"f g"', "x'y", "{h}", '"\\""']),
    st.sampled_from(["example.com", "[1.2.3.4]", "xn--bcher-kva.example", "a-b.example"]),
)
ADDRESS = st.fixed_dictionaries({"email": EMAIL, "name": NAME})
BODY = st.none() | pieces("\n", "\r\n", "\r", "cid:", "\n--")
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


def expected(inbound: Any) -> Any:
    """The addresses, the subject, the bodies and the attachments, told from what came in."""
    html = inbound.get("html")
    rows = [
        (
            each["content"],
            each["filename"],
            each["mimetype"],
            each["inline"] and each["content_id"] is not None,
            each["content_id"],
        )
        for each in inbound.get("attachments", [])
    ]
    return {
        **{name: [(each["email"], each["name"]) for each in inbound.get(name, [])] for name in ("to", "cc")},
        "from": [(each["email"], each["name"]) for each in [inbound.get("from_email")] if each],
        "subject": inbound.get("subject") or "",
        "text": None if inbound.get("text") is None else inbound["text"].replace("\r\n", "\n"),
        "html": None if html is None else html.replace("\r\n", "\n"),
        "attachments": sorted(rows, key=lambda row: not (row[3] and html is not None)),
    }


def told(message: Any) -> Any:
    """The same, told from the message that the mail becomes."""

    def row(item: Any) -> tuple[str, str | None]:
        return (item, None) if isinstance(item, str) else (item["email"], item["name"])

    versions = [each["content"] for each in message.get("alternatives", [])]
    is_html = message.get("content_subtype") == "html"
    return {
        **{name: [row(each) for each in message.get(name, [])] for name in ("to", "cc")},
        "from": [row(message["from_email"])] if "from_email" in message else [],
        "subject": message.get("subject", ""),
        "text": None if is_html else message.get("body"),
        "html": message["body"] if is_html else next(iter(versions), None),
        "attachments": [
            (
                each["content"],
                each.get("filename"),
                each["mimetype"],
                each.get("disposition") == "inline",
                each["content_id"][1:-1] if "content_id" in each else None,
            )
            for each in message.get("attachments", [])
        ],
    }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(INBOUND)
@example({"attachments": [attached(mimetype="text/plain", inline=True, filename=None, content_id="a")]})
def test_what_goes_in_comes_out_of_the_mail_and_of_its_bytes(inbound: Any) -> None:
    mail: Any = to_email_message(inbound)
    read = delivered(mail)
    wanted = expected(inbound)
    unnamed = [each for each in inbound.get("attachments", []) if not each["filename"] and each["inline"]]
    for each in (mail, read):
        found = told(from_email_message(each))
        for header, field in (("To", "to"), ("Subject", "subject")):
            if not wanted[field] and header in each:  # then the header is kept as it is
                found[field] = wanted[field]
        if unnamed and found["text"] == "" and wanted["html"] is None:  # stands before what is no body
            wanted["text"] = wanted["text"] or None
            found["text"] = wanted["text"]
        assert found == wanted
        for name in ("to", "cc"):
            if wanted[name]:
                assert [address for _, address in addresses(each, name)] == [address for address, _ in wanted[name]]
        if wanted["subject"]:
            assert each["Subject"] == wanted["subject"]
        for kind, field in (("plain", "text"), ("html", "html")):
            if inbound.get(field) is not None:
                assert each.get_body((kind,)).get_content() == inbound[field]
    assert read.items() == mail.items()


ANY_TEXT = pieces("\r\n", "\nBcc: b@x.com", "\v", "\0", "\x85", "From", "[", "]", "@", "..", "\ud800", "=?x?q?=FF?=")
NAMES = ["From", "To", "Subject", "Reply-To", "Date", "Message-ID", "Sender", "Content-Type", "Resent-Cc", "X-A"]
ANY_ADDRESS = st.fixed_dictionaries({"email": ANY_TEXT}, optional={"name": st.none() | ANY_TEXT})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)
NEARLY: dict[str, st.SearchStrategy[Any]] = {
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
    st.fixed_dictionaries({}, optional=NEARLY)
    | st.dictionaries(st.sampled_from([*NEARLY, "a"]), JSON, max_size=3)
    | st.fixed_dictionaries({"headers": NEARLY["headers"]}, optional={name: NEARLY[name] for name in ("to", "cc")})
)
def test_any_mapping_of_json_becomes_a_mail_or_a_value_error(inbound: Any) -> None:
    try:
        mail: Any = to_email_message(inbound)
    except ValueError as refused:
        reason = str(refused)
        assert reason.startswith("this is no inbound message, at ")
        return
    asked = {name.lower() for name, _ in inbound.get("headers", [])} | {"from", "to", "cc", "subject", "mime-version"}
    for each in (mail, delivered(mail), email.message_from_string(mail.as_string(), policy=policy.default)):
        assert len(each.items()) == len(mail.items())
        assert {name for name in map(str.lower, each.keys()) if not name.startswith("content-")} <= asked
        for part in each.walk():
            assert not part.is_multipart() or part.get_content_maintype() == "multipart"
            known = ("content-type", "content-disposition", "content-id", "content-transfer-encoding")
            assert part is each or {name.lower() for name in part} <= set(known)
        written = [b64decode(str(part.get_payload())) for part in each.walk() if "base64" in part.values()]
        for given_file in inbound.get("attachments", []):
            assert b64decode(given_file["content"]) in written
        from_email_message(each)
