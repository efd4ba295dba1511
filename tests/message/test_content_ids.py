"""References from HTML to inline attachments."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.message.content_ids import refers_to_content_id


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
        ("see cid:logo", "logo"),
        ('<a href="cid:x"><img src="cid:logo">', "logo"),
    ],
)
def test_a_reference_is_found(html: str, content_id: str) -> None:
    assert refers_to_content_id(html, content_id)


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
def test_what_refers_to_another_or_to_nothing_is_none(html: str, content_id: str) -> None:
    assert not refers_to_content_id(html, content_id)


@given(st.text(min_size=1).filter(str.strip))
def test_any_content_id_can_be_referred_to_percent_encoded(content_id: str) -> None:
    assert refers_to_content_id(f'<img src="cid:{quote(content_id, safe="")}">', content_id)


@given(st.text(), st.text())
def test_any_two_texts_can_be_asked_about(html: str, content_id: str) -> None:
    assert refers_to_content_id(html, content_id) in (True, False)
