"""The emulator's pages: their contents, and that nothing in a mail becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from compiler.sender.emulator import pages
from compiler.sender.emulator.mailbox import ReceivedMessage, build_messages
from tests.sender.payloads import HOSTILE, PNG, attachment, payload

API_URL = "http://127.0.0.1:8025/v3"
API_URL_V3_1 = "http://127.0.0.1:8025/v3.1"
HOOK = "http://127.0.0.1:9000/hook"
EVENTS = ("open", "click")


def message(number: int = 1, **properties: Any) -> ReceivedMessage:
    (built,) = build_messages([payload(**properties)], "v3", 1, number)
    return built


def body(html: str, *images: dict[str, str]) -> str:
    return pages.html_body(message(Html_part=html, Inline_attachments=list(images)))


class Page(HTMLParser):
    """The contents of a page: its element names, attributes and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, tag: str, name: str) -> list[str]:
        return [value for element, attribute, value in self.attributes if (element, attribute) == (tag, name)]


def list_page(*messages: ReceivedMessage, webhook: str | None = None) -> Page:
    return Page(pages.list_page(messages, api_url=API_URL, api_url_v3_1=API_URL_V3_1, webhook=webhook))


def message_page(mail: ReceivedMessage, webhook: str | None = None) -> Page:
    return Page(pages.message_page(mail, webhook=webhook, events=EVENTS))


# The pages


def test_an_empty_list_shows_how_to_point_an_application_at_the_emulator() -> None:
    page = list_page()
    for text in (
        "no messages",
        API_URL,
        f"{API_URL_V3_1}/send",
        "MAILJET_API_URL",
        "MAILJET_API_KEY",
        "MAILJET_SECRET_KEY",
    ):
        assert text in page.text
    assert page.values("form", "action") == ["/emulator/clear"]
    assert page.values("form", "method") == ["post"]
    assert page.values("a", "href") == ["/emulator/messages"]


def test_the_list_has_the_newest_message_first() -> None:
    page = list_page(message(1), message(2))
    assert page.values("a", "href") == ["/emulator/messages", "/messages/2", "/messages/1"]


def test_the_list_shows_private_from_shared_and_counts_recipients() -> None:
    page = list_page(message(To=", ".join(f"p{number}@example.com" for number in range(5)), Cc="carol@example.com"))
    assert "shared" in page.text
    assert "private" not in page.text
    assert "p2@example.com" in page.text
    assert "p3@example.com" not in page.text
    assert "and 3 more" in page.text
    assert "private" in list_page(message()).text


def test_a_message_is_shown_with_what_its_payload_holds() -> None:
    page = message_page(
        message(
            3,
            FromName="The team",
            Recipients=[{"Email": "alice@example.com", "Name": "Alice", "Vars": {"order": "Grüße"}}],
            Headers={"X-Room": "12"},
            Mj_campaign="orders",
            Mj_trackopen=2,
            Text_part="\nHello",
            Html_part="<p>Hello",
            Attachments=[attachment("terms.txt")],
            Inline_attachments=[attachment("logo.png", PNG, "image/png")],
        )
    )
    for text in ("The team", "team@example.com", "Minutes", "alice@example.com", "Alice", '{"order": "Grüße"}'):
        assert text in page.text
    for text in ("115292153000000", "X-Room", "12", "Mj-campaign", "orders", "Mj-trackopen", "\n\nHello", "text/plain"):
        assert text in page.text
    assert page.text.count("inline") == 1
    assert page.values("iframe", "src") == ["/messages/3/html"]
    assert page.values("iframe", "sandbox") == [""]
    links = ["/", "/emulator/messages/3", "/messages/3/attachments/0", "/messages/3/attachments/1"]
    assert page.values("a", "href") == links
    assert page.values("form", "action") == []


def test_a_template_s_message_says_where_its_body_comes_from() -> None:
    template = {"FromEmail": "a@example.com", "To": "b@example.com", "Mj-TemplateID": 176375}
    (built,) = build_messages([template], "v3", 1, 1)
    page = message_page(built)
    assert "template 176375" in page.text
    assert "(no subject)" in page.text
    assert "iframe" not in page.elements
    assert "(no subject)" in list_page(built).text


def test_a_message_without_recipients_that_can_be_read_is_shown() -> None:
    mail = message(To="<<<")
    assert mail.recipients == ()
    assert "No valid recipients" in message_page(mail).text
    assert "(0)" in list_page(mail).text


def test_each_recipient_has_a_form_for_events_where_there_is_a_webhook() -> None:
    page = message_page(message(7, To="alice@example.com, bob@example.com"), webhook=HOOK)
    assert page.values("form", "action") == ["/emulator/events"] * 2
    assert page.values("input", "name") == ["message", "recipient"] * 2
    assert page.values("input", "value") == ["7", "alice@example.com", "7", "bob@example.com"]
    assert page.values("select", "name") == ["event"] * 2
    assert page.elements.count("option") == 4
    assert HOOK in page.text
    assert HOOK in list_page(webhook=HOOK).text


def test_contents_and_long_values_are_not_dumped() -> None:
    content = attachment("a", b"\xff" * 100_000)
    mail = message(
        Attachments=[content], Inline_attachments=[content], Vars={"v": "v" * 9000}, Headers={"X-H": "h" * 9000}
    )
    text = message_page(mail).text
    assert len(text) < 20_000
    assert content["content"][:50] not in text
    assert "characters in all" in text
    assert text.count("100.0 kB") == 2


# Hostile values


def hostile_message() -> ReceivedMessage:
    value = {HOSTILE: [HOSTILE]}
    named = payload(
        FromEmail=HOSTILE,
        FromName=HOSTILE,
        Subject=HOSTILE,
        Recipients=[{"Email": HOSTILE, "Name": HOSTILE, "Vars": value}],
        Headers={HOSTILE: HOSTILE},
        Text_part=HOSTILE,
        Html_part=HOSTILE,
        Mj_campaign=HOSTILE,
        Mj_TemplateID=HOSTILE,
        Attachments=[
            attachment(HOSTILE, media_type=HOSTILE),
            attachment("javascript:alert(1)", media_type="text/html"),
        ],
        Inline_attachments=[attachment("../../" + HOSTILE, media_type="image/svg+xml")],
    )
    (built,) = build_messages([{**named, HOSTILE: value}], "v3", 1, 1)
    return built


def test_nothing_a_mail_holds_becomes_markup() -> None:
    mail = hostile_message()
    tame = message(
        Headers={"a": "b"},
        Text_part="x",
        Html_part="x",
        Mj_campaign="x",
        Mj_TemplateID="x",
        Attachments=[attachment("a"), attachment("b")],
        Inline_attachments=[attachment("c")],
        Vars={"a": "b"},
        FromName="x",
    )
    assert message_page(mail, HOSTILE).elements == message_page(tame, HOOK).elements
    assert list_page(mail, webhook=HOSTILE).elements == list_page(tame, webhook=HOOK).elements
    empty = Page(pages.list_page((), api_url=HOSTILE, api_url_v3_1=HOSTILE, webhook=HOSTILE))
    assert empty.elements == list_page(webhook=HOOK).elements


def test_no_page_has_a_script_or_an_address_that_a_mail_chose() -> None:
    for page in (
        message_page(hostile_message(), "javascript:alert(1)"),
        list_page(hostile_message(), webhook="javascript:alert(1)"),
    ):
        assert "script" not in page.elements
        for tag, name, value in page.attributes:
            assert not name.startswith("on"), tag
            assert name != "style"
            if name in ("href", "src", "action"):
                assert value.startswith("/")
                assert not value.startswith("//")
                assert "alert" not in value


def test_the_recipient_s_address_is_sent_back_as_it_is() -> None:
    mail = message(Recipients=[{"Email": "'\"><b>&amp;@example.com"}])
    assert "'\"><b>&amp;@example.com" in message_page(mail, HOOK).values("input", "value")


def test_a_lone_surrogate_does_not_break_a_page() -> None:
    mail = hostile_message()
    for text in (pages.message_page(mail, webhook=None, events=()), pages.html_body(mail)):
        text.encode("utf-8")
    pages.list_page([mail], api_url=API_URL, api_url_v3_1=API_URL_V3_1, webhook=None).encode("utf-8")


def test_the_policies_allow_no_script_and_no_network() -> None:
    for policy in (pages.PAGE_POLICY, pages.MAIL_POLICY):
        directives = {name: values for name, *values in (directive.split() for directive in policy.split(";"))}
        assert directives["default-src"] == ["'none'"]
        assert directives["base-uri"] == ["'none'"]
        assert directives.keys().isdisjoint({"script-src", "connect-src", "object-src"})
    assert pages.MAIL_POLICY.startswith("sandbox;")
    assert "form-action 'none'" in pages.MAIL_POLICY
    assert "unsafe" not in pages.PAGE_POLICY
    assert "frame-src 'self'" in pages.PAGE_POLICY


# The HTML body

LOGO = attachment("logo.png", b"x", "image/png; name=logo")
SPACED = attachment("my logo.png", b"y", "IMAGE/PNG")
SCRIPT = attachment("e.png", b"", 'image/png"><script>')
TEXT = attachment("t", b"", "text/html")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="cid:logo.png">', '<img src="data:image/png;base64,eA==">'),
        ("<img src=cid:logo.png alt=''>", "<img src=data:image/png;base64,eA== alt=''>"),
        ("<IMG\nSRC = ' CID:logo.png '/>", "<IMG\nSRC = ' data:image/png;base64,eA== '/>"),
        ('<td background="cid:my%20logo.png">', '<td background="data:image/png;base64,eQ==">'),
        ("<td style=\"x: url('cid:logo.png')\">", "<td style=\"x: url('data:image/png;base64,eA==')\">"),
        (
            '<td style="x: url(&quot;cid:logo.png&quot;)">',
            '<td style="x: url(&quot;data:image/png;base64,eA==&quot;)">',
        ),
        ("<style>a{b:url( cid:logo.png )}</style>", "<style>a{b:url( data:image/png;base64,eA== )}</style>"),
    ],
)
def test_references_to_inline_images_become_data(html: str, expected: str) -> None:
    assert body(html, LOGO, SPACED) == expected


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Hello\r\n<unclosed a='",
        "<p>our cid:logo.png is the logo",
        "<img src='cid:other.png'><img src='cid:'><img src=''><img src>",
        "<img src='cid:e.png'><img src='cid:t'>",
        "<img src='cid:logo.png.exe'><img src='http://logo.png/cid:logo.png'>",
    ],
)
def test_everything_else_is_unchanged(html: str) -> None:
    assert body(html, LOGO, SCRIPT, TEXT) == html


def test_an_attachment_that_is_not_inline_is_no_image() -> None:
    html = "<img src='cid:logo.png'>"
    assert pages.html_body(message(Html_part=html, Attachments=[LOGO])) == html


@pytest.mark.slow
def test_a_large_image_with_many_references_does_not_fill_the_memory() -> None:
    large = attachment("l", b"x" * 3_000_000, "image/png")
    assert len(body("<img src=cid:l>" * 1000, large)) < 70_000_000
