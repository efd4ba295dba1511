"""Text as the value of a header: what may stand as it is, what becomes encoded words, and how lines are folded.

Everything here gives one line of ASCII or several lines that fold it, so that no text can begin a header of its own.
This is our own, for `email` changes what it folds: a long word, or one that looks encoded, does not come back from it.
Which headers a mail has is decided in `inbound_headers`.
"""

from __future__ import annotations

import re

from compiler.mail.addresses import LINE_BREAK
from compiler.mail.encoded_words import encode_word

_MAX_LINE = 78  # RFC 5322, 2.1.1
_MAX_PIECE = 900  # of what cannot be folded: 998 characters make the longest line that may be sent

# Sixty characters of base64, so that no encoded word is longer than the 75 of RFC 2047, 2.
_MAX_WORD_BYTES = 45
# The most that surely fits a line, whatever else stands in it.
_MAX_LONG_WORD_BYTES = 600

_PLAIN = re.compile(r"[!-~]++(?:[ \t]++[!-~]++)*+")
_PIECE = re.compile(r"[ \t]*+[^ \t]++")


def replace_line_breaks(text: str) -> str:
    """The text with a space for each line break or NUL, of whatever kind: what `str.splitlines` splits at breaks."""
    return LINE_BREAK.sub(" ", text.replace("\r\n", " "))


def is_plain(text: str) -> bool:
    """Whether the text is read as it stands: printable ASCII that looks like no encoded word, with nothing around it.

    So is the empty text. What no line can hold is not plain.
    """
    if not text:
        return True
    if "=?" in text or _PLAIN.fullmatch(text) is None:
        return False
    return max(map(len, _PIECE.findall(text))) <= _MAX_PIECE


def encode_unstructured(text: str) -> str:
    """One line that reads as this text: as it stands where that is plain, or else all of it in encoded words."""
    return text if is_plain(text) else encode_words(text)


def encode_words(text: str, *, long: bool = False) -> str:
    """The text as encoded words, separated by spaces; with `long` as one word, if a line can hold it.

    Short words are the rule (RFC 2047, 2). Long ones are for names: Python up to 3.13.0 reads a space between two words
    of a name that is not there.
    """
    longest = _MAX_LONG_WORD_BYTES if long else _MAX_WORD_BYTES
    words: list[str] = []
    start = size = 0
    for position, character in enumerate(text):
        width = len(character.encode())
        if size + width > longest:
            words.append(encode_word(text[start:position]))
            start, size = position, 0
        size += width
    return " ".join([*words, encode_word(text[start:])]) if text else ""


def fold_header(name: str, text: str) -> str:
    """The value of the header with this name, in lines that are short where white space allows it.

    A line ends before white space, which stays: joined again, the lines are the text.
    """
    lines = [""]
    room = _MAX_LINE - len(name) - len(": ")
    for piece in _PIECE.findall(text):
        if lines[-1] and len(lines[-1]) + len(piece) > room:
            lines.append("")
            room = _MAX_LINE
        lines[-1] += piece
    return "\n".join(lines)
