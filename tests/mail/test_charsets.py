"""Decoding of charsets by the names that mail uses."""

from __future__ import annotations

import pytest
import webencodings
from hypothesis import given
from hypothesis import strategies as st

from compiler.mail.charsets import decode_charset, find_codec


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "é".encode(), "é"),
        (" UTF8 ", "é".encode(), "é"),
        ("us-ascii", "é".encode(), "é"),
        ("us-ascii", b"\xe9", "é"),
        ("ascii", b"\x93", "“"),
        ("iso-8859-1", b"\x93\xe9\x81", "“é\x81"),
        ("latin1", b"\x80", "€"),
        ("iso-8859-8-i", b"\xf9", "ש"),
        ("gb2312", b"\x81\x40", "丂"),
        ("x-sjis", b"\x87\x40", "①"),
        ("windows-874", b"\xca", "ส"),
        ("x-mac-roman", b"\x8e", "é"),
        ("big5", b"\xa4\xa4", "中"),
        ("ks_c_5601-1987", b"\xb0\xa1", "가"),
        ("unicode-1-1-utf-8", "é".encode(), "é"),
        ("utf-16", b"\xfe\xff\x00a", "a"),
        ("utf-16", b"\xff\xfea\x00", "a"),
        ("utf-16le", b"a\x00", "a"),
        ("utf-16be", b"\x00a", "a"),
        # not in the WHATWG Encoding Standard
        ("utf-7", b"+AOk-", "é"),
        ("cp437", b"\x82", "é"),
        ("iso-2022-kr", b"\x1b$)Ca", "a"),
        ("hz-gb-2312", b"~{VP~}", "中"),
    ],
)
def test_charsets_are_decoded_by_their_mail_names(charset: str, content: bytes, text: str) -> None:
    assert decode_charset(content, charset) == text


@pytest.mark.parametrize(
    "charset", ["", "x-own", "hex", "rot13", "zlib", "base64", "mbcs", "x-user-defined", "ünï", "\0"]
)
def test_unknown_charsets(charset: str) -> None:
    assert find_codec(charset) is None
    assert decode_charset(b"a", charset) is None


@pytest.mark.parametrize(("charset", "content"), [("utf-8", b"\xff"), ("gb2312", b"\xff"), ("utf-16", b"a")])
def test_bytes_that_are_not_text(charset: str, content: bytes) -> None:
    assert decode_charset(content, charset) is None


@given(content=st.binary(), charset=st.sampled_from(sorted(webencodings.labels.LABELS)) | st.text())
def test_any_bytes_and_charset_are_handled(content: bytes, charset: str) -> None:
    text = decode_charset(content, charset)
    assert text is None or text.encode() is not None
