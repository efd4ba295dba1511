"""Encodes text as a header value: plain text or encoded words, in folded lines.

The result is always one ASCII line or its folded lines, so that no text can inject a header. `email` is not used for
this, because it changes long words and words that look encoded. See `inbound_headers` for the headers of a mail.
"""

from __future__ import annotations

import re

from compiler.mail.addresses import LINE_BREAK
from compiler.mail.encoded_words import encode_word

_MAX_LINE = 78  # RFC 5322, 2.1.1
_MAX_PIECE = 900  # characters without white space; a line may have at most 998 (RFC 5322, 2.1.1)

# 60 characters of base64, so that no encoded word exceeds 75 characters (RFC 2047, 2).
_MAX_WORD_BYTES = 45
# Always fits in a line, whatever else is in it.
_MAX_LONG_WORD_BYTES = 600

_PLAIN = re.compile(r"[!-~]++(?:[ \t]++[!-~]++)*+")
_PIECE = re.compile(r"[ \t]*+[^ \t]++")


def replace_line_breaks(text: str) -> str:
    """Replaces each line break (as for `str.splitlines`) and each NUL by a space."""
    return LINE_BREAK.sub(" ", text.replace("\r\n", " "))


def is_plain(text: str) -> bool:
    """Whether the text needs no encoding: it is empty, or printable ASCII without surrounding white space.

    Text that looks like an encoded word, or that cannot be folded, is not plain.
    """
    if not text:
        return True
    if "=?" in text or _PLAIN.fullmatch(text) is None:
        return False
    return max(map(len, _PIECE.findall(text))) <= _MAX_PIECE


def encode_unstructured(text: str) -> str:
    """Encodes text as one line of an unstructured header: unchanged if it is plain, or else as encoded words."""
    return text if is_plain(text) else encode_words(text)


def encode_words(text: str, *, long: bool = False) -> str:
    """Encodes text as encoded words, separated by spaces; with `long` as one word, if it fits in a line.

    RFC 2047, 2, requires short words. Long ones are for names: Python up to 3.13.0 inserts a space between two encoded
    words of a name.
    """
    limit = _MAX_LONG_WORD_BYTES if long else _MAX_WORD_BYTES
    words: list[str] = []
    start = size = 0
    for position, character in enumerate(text):
        width = len(character.encode())
        if size + width > limit:
            words.append(encode_word(text[start:position]))
            start, size = position, 0
        size += width
    return " ".join([*words, encode_word(text[start:])]) if text else ""


def fold_header(name: str, text: str) -> str:
    """Folds the value of the header with this name, at white space. The joined lines are the text."""
    lines = [""]
    room = _MAX_LINE - len(name) - len(": ")
    for piece in _PIECE.findall(text):
        if lines[-1] and len(lines[-1]) + len(piece) > room:
            lines.append("")
            room = _MAX_LINE
        lines[-1] += piece
    return "\n".join(lines)
