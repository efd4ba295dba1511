"""Encoded words: decoding, encoding, and addresses that contain them."""

import string
import warnings
from email.charset import Charset
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compiler.mail.encoded_words import (
    decode_encoded_words,
    encode_word,
    format_mailbox,
    format_mailbox_without_comma,
    is_safe_encoded_word_sequence,
)

# Text of tokens of encoded words, besides text of any characters.
PIECES = [
    "=?",
    "?=",
    "utf-8",
    "utf-16-le",
    "iso-2022-jp",
    "utf-7",
    "hex",
    "?q?",
    "?b?",
    "=0A",
    "=C3",
    "=B6",
    "/w==",
    " ",
]
WORDY_TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join)


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("", ""),
        ("plain", "plain"),
        ("two  spaces\tand tab", "two  spaces\tand tab"),
        ("=?utf-8?q?J=C3=B6rg?=", "Jörg"),
        ("=?UTF-8?Q?J=c3=b6rg?=", "Jörg"),
        ("=?utf-8?b?SsO2cmc=?=", "Jörg"),
        ("=?utf-8?B?SsO2cmc?=", "Jörg"),  # padding is often missing
        ("=?utf-8?q?a_b?=", "a b"),
        ("=?utf-8?q?a b?=", "a b"),
        ("=?utf-8?q??=", ""),
        ("=?utf-8?q?a=ZZ=4?=", "a=ZZ=4"),
        ("=?iso-8859-1?q?J=F6rg?=", "Jörg"),
        ("=?iso-8859-1*de?q?J=F6rg?=", "Jörg"),
        ("=?koi8-u?q?=A4?=", "є"),
        ("=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?utf-16-le?q?=0A=00?=", "\n"),
        ("=?utf-7?q?+AAo-?=", "\n"),
        ("Dr. =?utf-8?q?J=C3=B6rg?= X", "Dr. Jörg X"),
        ("(=?utf-8?q?a?=)", "(a)"),
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3F=3D?=", "=?utf-8?q?a?="),  # decoded once only
        # RFC 2047, 8
        ("(=?ISO-8859-1?Q?a?= b)", "(a b)"),
        ("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"),
        ("(=?ISO-8859-1?Q?a?=  \t =?ISO-8859-2?Q?b?=)", "(ab)"),
        ("(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"),
        ("(=?ISO-8859-1?Q?a_b?=)", "(a b)"),
        ("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"),
        ("=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        # a character split over two words
        ("=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?=", "Jörg"),
        ("=?utf-16-le?q?=0A?= =?utf-16-le?q?=00?=", "\n"),
        ("=?utf-8?q?J=C3?= x =?utf-8?q?=B6rg?=", "=?utf-8?q?J=C3?= x =?utf-8?q?=B6rg?="),
        # words that cannot be decoded are kept, with the white space around them
        ("=?x-unknown?q?a?=", "=?x-unknown?q?a?="),
        ("=?unknown-8bit?q?=FF?= =?utf-8?q?b?= =?utf-8?q?c?=", "=?unknown-8bit?q?=FF?= bc"),
        ("=?utf-8?q?a?=  =?utf-8?q?=FF?=  =?utf-8?q?c?=", "a  =?utf-8?q?=FF?=  c"),
        ("=?rot13?q?a?=", "=?rot13?q?a?="),
        ("=?hex?q?61?=", "=?hex?q?61?="),
        ("=?zlib?b?eJwDAAAAAAE=?=", "=?zlib?b?eJwDAAAAAAE=?="),
        ("=?punycode?q?a-?=", "=?punycode?q?a-?="),
        ("=?idna?q?a?=", "=?idna?q?a?="),
        (r"=?unicode_escape?q?\d?=", r"=?unicode_escape?q?\d?="),
        ("=?undefined?q?a?=", "=?undefined?q?a?="),
        ("=?mbcs?q?a?=", "=?mbcs?q?a?="),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("=?utf-8?b?====?=", ""),
        ("=?utf-8?b?YQ!!?=", "=?utf-8?b?YQ!!?="),
        ("=?utf-8?b?Y=Q=?=", "=?utf-8?b?Y=Q=?="),
        ("=?utf-8?b?/w==?=", "=?utf-8?b?/w==?="),
        ("=?utf-8?q?=ED=A0=80?=", "=?utf-8?q?=ED=A0=80?="),
        ("=?utf-7?q?+2AA-?=", "=?utf-7?q?+2AA-?="),  # a lone surrogate
        ("=?utf-8?q?ö?=", "=?utf-8?q?ö?="),
        ("=?utf-8?b?ö?=", "=?utf-8?b?ö?="),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?a", "=?utf-8?q?a"),
        ("=??q?a?=", "=??q?a?="),
        ("=?=?=?=?", "=?=?=?=?"),
    ],
)
def test_decode(text: str, decoded: str) -> None:
    assert decode_encoded_words(text) == decoded


@given(st.text(st.characters()) | WORDY_TEXT)
def test_decode_never_raises(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        decoded = decode_encoded_words(text)
    decoded.encode(
        "utf-8", "surrogatepass" if any("\ud800" <= character <= "\udfff" for character in text) else "strict"
    )


@given(st.text(st.characters()))
def test_decode_leaves_other_text_alone(text: str) -> None:
    if "=?" not in text:
        assert decode_encoded_words(text) is text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?q?a?=", True),
        ("=?utf-8?Q?J=C3=B6rg?=", True),
        ("=?utf-8?B?SsO2cmc=?=", True),
        ("=?iso-8859-1*de?q?a?=", True),
        ("=?utf-8?q?John_Q._Public?=", True),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", True),
        ("=?utf-8?q?a?=  =?iso-8859-1?b?YQ==?=", True),
        ("=?x-unknown?q?a?=", False),  # unknown charset
        ("", False),
        ("a", False),
        (" =?utf-8?q?a?=", False),
        ("=?utf-8?q?a?= ", False),
        ("=?utf-8?q?a?=\n", False),
        ("=?utf-8?q?a?=\t=?utf-8?q?b?=", False),
        ("=?utf-8?q?a?==?utf-8?q?b?=", False),
        ("=?utf-8?q?a?= b", False),
        ("x=?utf-8?q?a?=", False),
        ("=?utf-8?q??=", False),
        ("=?utf-8?q?a b?=", False),
        ("=?utf-8?q?a,b?=", False),
        ("=?utf-8?q?a<b?=", False),
        ('=?utf-8?q?a"b?=', False),
        ("=?utf-8?q?a(b?=", False),
        ("=?utf-8?q?a:b?=", False),
        ("=?utf-8?q?a;b?=", False),
        ("=?utf-8?q?a@b?=", False),
        ("=?utf-8?q?a\\b?=", False),
        ("=?utf-8?q?a[b?=", False),
        ("=?utf-8?q?a?b?=", False),
        ("=?utf-8?q?ö?=", False),
        ("=?utf-8?b?a_b?=", False),
        ("=?utf-8?b?a,b?=", False),
        ("=?utf,8?q?a?=", False),
        ("=?ütf-8?q?a?=", False),
    ],
)
def test_is_encoded_word(text: str, expected: bool) -> None:
    assert is_safe_encoded_word_sequence(text) is expected


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("Smith, Bob", "=?utf-8?q?Smith=2C_Bob?="),
        ("a,", "=?utf-8?q?a=2C?="),  # the B encoding is equally long
        ("Jörg", "=?utf-8?b?SsO2cmc=?="),
        ("Jörgensen", "=?utf-8?q?J=C3=B6rgensen?="),
        ("日本", "=?utf-8?b?5pel5pys?="),
        ("-!*+/aZ09 ", "=?utf-8?q?-!*+/aZ09_?="),
        ("_", "=?utf-8?q?=5F?="),
        ("?=", "=?utf-8?b?Pz0=?="),
        ("aaaaaaaaa=?", "=?utf-8?q?aaaaaaaaa=3D=3F?="),
        ("a.b'c\"", "=?utf-8?b?YS5iJ2Mi?="),
        ("aaaaaa\n", "=?utf-8?q?aaaaaa=0A?="),
        ("", "=?utf-8?q??="),
        ("Smith, " * 100, "=?utf-8?q?" + "Smith=2C_" * 100 + "?="),
    ],
)
def test_encode(text: str, encoded: str) -> None:
    assert encode_word(text) == encoded


@given(st.text() | st.text(string.ascii_letters + ", ö"))
@example("ö" * 2)
def test_encoded_words_decode_back(text: str) -> None:
    encoded = encode_word(text)
    assert decode_encoded_words(encoded) == text
    assert is_safe_encoded_word_sequence(encoded) or not text
    assert not encoded.strip(string.ascii_letters + string.digits + "=?_-!*+/")
    if text:
        assert str(make_header(decode_header(encoded))) == text


@given(st.text(min_size=1) | st.text(string.ascii_letters + ", ö", min_size=1))
def test_encoding_agrees_with_the_standard_library(text: str) -> None:
    assert encode_word(text) == Charset("utf-8").header_encode(text)


@pytest.mark.parametrize(
    ("name", "to", "reply_to"),
    [
        (None, "a@x.com", None),
        ("", "a@x.com", None),
        (" \t\u00a0", "a@x.com", None),
        ("Bob", "Bob <a@x.com>", None),
        ("Bob O'Neil-Smith #1", "Bob O'Neil-Smith #1 <a@x.com>", None),
        ("Smith, Bob", "=?utf-8?q?Smith=2C_Bob?= <a@x.com>", '"Smith, Bob" <a@x.com>'),
        ('Smith, "Bob"', "=?utf-8?b?U21pdGgsICJCb2Ii?= <a@x.com>", r'"Smith, \"Bob\"" <a@x.com>'),
        ("Müllermann, Hans", "=?utf-8?q?M=C3=BCllermann=2C_Hans?= <a@x.com>", None),
        ("Jörgensen", "=?utf-8?q?J=C3=B6rgensen?= <a@x.com>", None),
        ("\x01aaaa", "=?utf-8?q?=01aaaa?= <a@x.com>", None),
        ("aaaa\x7f", "=?utf-8?q?aaaa=7F?= <a@x.com>", None),
        ("aaaaaa\r\nBcccccccc", "=?utf-8?q?aaaaaa=0D=0ABcccccccc?= <a@x.com>", None),
        *((f"a{special}b", f'"a{special}b" <a@x.com>', None) for special in "()<>@:;.[]"),
        ('a"b', r'"a\"b" <a@x.com>', None),
        (r"a\b", r'"a\\b" <a@x.com>', None),
        (" Bob", '" Bob" <a@x.com>', None),
        ("Bob ", '"Bob " <a@x.com>', None),
        ("Bob  Smith", '"Bob  Smith" <a@x.com>', None),
        ("Bob\tSmith", '"Bob\tSmith" <a@x.com>', None),
        ("=?utf-8?q?Smith=2C_Bob?=", "=?utf-8?q?Smith=2C_Bob?= <a@x.com>", None),
        ("=?utf-8?q?a.b?=", "=?utf-8?q?a.b?= <a@x.com>", None),
        ("Bob =?utf-8?q?J=C3=B6rg?=", "Bob =?utf-8?q?J=C3=B6rg?= <a@x.com>", None),
        # an encoded word beside text that must be encoded or quoted is decoded first
        ("=?utf-8?q?J=C3=B6rgensen?= (Xavier)", "=?utf-8?q?J=C3=B6rgensen_=28Xavier=29?= <a@x.com>", None),
        ("=?utf-8?q?J=C3=B6rgensen?=, X", "=?utf-8?q?J=C3=B6rgensen=2C_X?= <a@x.com>", None),
        ("=?utf-8?q?aaaaaaaaaaaaaaaaaa,<b@y>?=", "=?utf-8?q?aaaaaaaaaaaaaaaaaa=2C=3Cb=40y=3E?= <a@x.com>", None),
    ],
)
def test_headers(name: str | None, to: str, reply_to: str | None) -> None:
    assert format_mailbox_without_comma("a@x.com", name) == to
    assert format_mailbox("a@x.com", name) == (to if reply_to is None else reply_to)


@given(st.text() | WORDY_TEXT)
def test_headers_are_one_printable_line(name: str) -> None:
    for header in (format_mailbox_without_comma("a@x.com", name), format_mailbox("a@x.com", name)):
        assert header.isascii()
        assert header.replace("\t", " ").isprintable()
    assert "," not in format_mailbox_without_comma("a@x.com", name)
