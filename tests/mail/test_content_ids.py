"""References from HTML to inline attachments."""

from __future__ import annotations

import html
import sys
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.mail.content_ids import find_content_ids, find_unanswered, unescape_html


@pytest.mark.parametrize(
    ("html", "content_id"),
    [
        ('<img src="cid:logo">', "logo"),
        ("<img src='cid:logo'>", "logo"),
        ("<img src=cid:logo>", "logo"),
        ("<img src=CID:logo>", "logo"),
        ("<img src=cid:logo alt=x>", "logo"),
        ("<p style='background: url(cid:logo)'>", "logo"),
        ('<img src="cid:a%40example.com">', "a@example.com"),
        ('<img src="cid:a%40example.com">', "a%40example.com"),
        ('<img src="cid:a&amp;b">', "a&b"),
        ('<img src="cid:a&amp;b">', "a&amp;b"),
        ('<img src="cid:logo (1)">', "logo (1)"),
        ('<img src="cid:logo%20(1)">', "logo (1)"),
        ('<img srcset="cid:a, cid:logo 2x">', "a"),
        ('<img srcset="cid:a, cid:logo 2x">', "logo"),
        ('<img src="cid:logo#part">', "logo"),
        ('<img src="cid:logo?x">', "logo"),
        ('<img src="&#99;id:logo">', "logo"),
        ("see cid:logo", "logo"),
        ('<a href="cid:x"><img src="cid:logo">', "logo"),
    ],
)
def test_a_reference_is_found(html: str, content_id: str) -> None:
    assert content_id in find_content_ids(html)


@pytest.mark.parametrize(
    ("html", "content_id"),
    [
        ("", "logo"),
        ("<img src=logo>", "logo"),
        ('<img src="cid:logo2">', "logo"),
        ('<img src="cid:my-logo">', "logo"),
        ('<img src="cid:LOGO">', "logo"),
        ('<img src="cid:logo.png">', "logo"),
        ('<img src="cid:">', "logo"),
        ('<img src="cid:a.b">', "a?b"),
        ('<img src="cid:axb">', "a.b"),
    ],
)
def test_references_to_other_content_ids_do_not_match(html: str, content_id: str) -> None:
    assert content_id not in find_content_ids(html)


@given(st.text(min_size=1, max_size=20))
def test_percent_encoded_content_ids_are_found(content_id: str) -> None:
    assert content_id in find_content_ids(f'<img src="cid:{quote(content_id, safe="")}">')


@pytest.mark.slow
@pytest.mark.parametrize(
    "html", ["cid:aaaaaaaa" * 100_000, "cid:" * 300_000, '<img src="cid:a">' * 60_000, "&#99;id:a " * 90_000]
)
def test_a_megabyte_of_references_is_read_quickly(html: str) -> None:
    start = time.process_time()
    assert len(find_content_ids(html)) < 1_000
    assert time.process_time() - start < 20  # about one second; quadratic time would be minutes


@given(st.text())
def test_references_in_any_text_are_not_empty(html: str) -> None:
    assert all(find_content_ids(html))


@pytest.mark.parametrize(
    "reference",
    [
        "&#" + "9" * 4301 + ";", "&#" + "0" * 5000 + "99;id", "&#x" + "f" * 5000, "&#1114112;", "&#99999999x",
        "&#" + "0" * 4301 + ";", "&#" + "0" * 4301, "&#x" + "0" * 4301 + ";", "&#00000a", "&#000000X41;", "&#x00000g",
        "&#0;", "&#x110000;", "&#x80;", "&#" + "0" * 20 + "65", "&#X0000000041;",
    ],
)  # fmt: skip
def test_character_references_of_any_length_are_decoded(reference: str) -> None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        expected = html.unescape(reference)
    finally:
        sys.set_int_max_str_digits(limit)
    assert unescape_html(reference) == expected
    assert "a" in find_content_ids(f"{reference} cid:a")


@given(text=st.text(alphabet="&#xX;0123456789abc "))
def test_character_references_are_decoded_as_by_html_unescape(text: str) -> None:
    assert unescape_html(text) == html.unescape(text)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="cid:x">', "<img src='cid:x'>", "<img src=cid:x>", "<IMG\nSRC = 'CID:x'>", '<img src=" cid:x">',
        "<style>p { background: url(cid:x) }</style>", "<p style='background: url( \"cid:x\")'>",
        "<td background='cid:x'>", "<!--[if mso]><v:fill src='cid:x'/><![endif]-->", "<!-- <img src='cid:x'>",
    ],
)  # fmt: skip
def test_urls_without_an_attachment_are_found(html: str) -> None:
    assert find_unanswered(html, ["y"])
    assert find_unanswered(html, ["x", "y"]) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>Customer (cid: 42)</p>", "<a href='https://example.com/?q=cid:5'>", '<p>"cid:7" said</p>',
        "<!-- <img src='cid:gone'> --><p>", "<p>acid:x", "<a href='https://example.com/url/cid:5'>",
    ],
)  # fmt: skip
def test_text_that_is_not_a_cid_url_needs_no_attachment(html: str) -> None:
    assert find_unanswered(html, []) == []
