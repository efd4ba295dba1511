"""Media types, file names, base64 and content ids of attachments."""

import re
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.mail.attachments import (
    MEDIA_TYPES,
    bare_content_id,
    base64_size,
    default_filename,
    guess_media_type,
    text_to_base64,
)


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("report.pdf", "application/pdf"),
        ("REPORT.PDF", "application/pdf"),
        ("a.b.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.tar.GZ", "application/gzip"),
        ("photo.jpeg", "image/jpeg"),
        ("mail.eml", "message/rfc822"),
        ("invite.ics", "text/calendar"),
        ("größe.png", "image/png"),
        ("C:\\files\\a.txt", "text/plain"),
        ("a.pdf/b", "application/octet-stream"),
        ("a.pdf.", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
        ("pdf", "application/octet-stream"),
        (".pdf", "application/octet-stream"),
        ("", "application/octet-stream"),
        (".", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_media_types(filename: str | None, expected: str) -> None:
    assert guess_media_type(filename) == expected


def test_the_table_is_well_formed_and_cannot_be_changed() -> None:
    assert len(MEDIA_TYPES) > 60
    for extension, media_type in MEDIA_TYPES.items():
        assert re.fullmatch("[a-z0-9]+", extension)
        assert re.fullmatch(r"[a-z]+/[a-zA-Z0-9][a-zA-Z0-9.+-]*", media_type)
    with pytest.raises(TypeError):
        MEDIA_TYPES["pdf"] = "text/plain"  # type: ignore[index]


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/pdf", "attachment.pdf"),
        ("image/jpeg", "attachment.jpg"),
        ("text/plain", "attachment.txt"),
        ("text/html", "attachment.html"),
        ("Text/Plain; charset=utf-8", "attachment.txt"),
        (" text/csv ;header=present", "attachment.csv"),
        ("application/gzip", "attachment.gz"),
        ("application/vnd.ms-excel.sheet.macroEnabled.12", "attachment.xlsm"),
        ("APPLICATION/VND.MS-EXCEL.SHEET.MACROENABLED.12", "attachment.xlsm"),
        ("application/octet-stream", "attachment.bin"),
        ("application/x-nothing", "attachment.bin"),
        ("", "attachment.bin"),
        (";", "attachment.bin"),
    ],
)
def test_default_filenames(media_type: str, expected: str) -> None:
    assert default_filename(media_type) == expected


@pytest.mark.parametrize("media_type", sorted(set(MEDIA_TYPES.values())))
def test_a_default_filename_has_its_media_type(media_type: str) -> None:
    assert guess_media_type(default_filename(media_type)) == media_type


@given(st.text())
def test_any_name_has_a_type_and_any_type_a_name(text: str) -> None:
    assert "/" in guess_media_type(text)
    assert default_filename(text).startswith("attachment.")


LARGE = b64encode(bytes(300_000)).decode()


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", 0),
        ("YQ==", 1),
        ("YWI=", 2),
        ("YWJj", 3),
        ("+/+/", 3),
        ("YR==", 1),  # unused bits
        ("YQ=", None),
        ("YQ", None),
        ("Y===", None),
        ("====", None),
        ("=", None),
        ("YQ==YQ==", None),
        ("YWJjYQ==", 4),
        ("YQ==\n", None),
        ("YW\nJjYQ=", None),
        ("YW J", None),
        (" YWJ", None),
        ("-_-_", None),
        ("YWé=", None),
        ("YW\ud800j", None),
        ("YW\x00j", None),
        (LARGE, 300_000),
        (LARGE[:-1] + "=", 299_999),
        (LARGE[:-1] + "\n", None),
        (LARGE[:-2] + "=A", None),
        ("=" + LARGE[1:], None),
        (LARGE[:65_535] + "*" + LARGE[65_536:], None),
        (LARGE[:65_536] + "*" + LARGE[65_537:], None),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_base64_sizes(text: str, size: int | None) -> None:
    assert base64_size(text) == size


def decoded_size(text: str) -> int | None:
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        return None
    # Before Python 3.13 the decoder accepts surplus padding, which RFC 4648 does not allow.
    return len(decoded) if len(b64encode(decoded)) == len(text) else None


@given(st.one_of(st.text(max_size=12), st.text("YWJj+/=-_ \n", max_size=12)))
def test_base64_size_agrees_with_the_decoder(text: str) -> None:
    assert base64_size(text) == decoded_size(text)


@given(st.binary(max_size=200))
def test_base64_size_of_encoded_bytes(content: bytes) -> None:
    assert base64_size(b64encode(content).decode()) == len(content)


@given(st.text())
def test_text_becomes_base64(text: str) -> None:
    encoded, size = text_to_base64(text)
    assert b64decode(encoded, validate=True).decode() == text
    assert base64_size(encoded) == size == len(text.encode())


def test_a_lone_surrogate_has_no_base64() -> None:
    with pytest.raises(UnicodeEncodeError):
        text_to_base64("\ud800")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("logo", "logo"),
        ("<logo@example.com>", "logo@example.com"),
        (" < logo > ", "logo"),
        ("<<logo>>", "<logo>"),
        ("<logo", "<logo"),
        ("logo>", "logo>"),
        ("<", "<"),
        ("<>", ""),
        ("", ""),
        (" ", ""),
    ],
)
def test_bare_content_ids(text: str, expected: str) -> None:
    assert bare_content_id(text) == expected
