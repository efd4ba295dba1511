"""RFC 2047 encoded words in display names, and the spelling of an address in a header.

This module decodes, encodes and recognizes encoded words, and formats addresses in two ways: for a payload's To,
Cc and Bcc, and for a Reply-To header. For reading addresses see `addresses`.

The decoder is our own: `email.header.decode_header` splits its input at line breaks, raises on bad base64 and accepts
codecs that are not charsets. So is the encoder: `email.charset` gives the same text (a test compares them), but from a
registry that any library may change, and importing `email` costs more than these few lines.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from compiler.mail.charsets import decode_charset

# Generous in what is decoded: anything a mail program might decode must be seen by the check for line breaks.
_ENCODED_WORD = re.compile(r"=\?([\w.:+-]++)(?:\*[^?\s]*+)?\?([bBqQ])\?([^?]*+)\?=", re.ASCII)

# Strict in what passes as it is: such a word is an atom (with dots), so it can neither end a name nor begin an address.
_SAFE_WORD = r"=\?[\w.+-]++(?:\*[\w-]++)?\?(?:[bB]\?[A-Za-z0-9+/=]++|[qQ]\?[\w!#$%&'*+\-/=^`{|}~.]++)\?="
_ONLY_SAFE_WORDS = re.compile(rf"{_SAFE_WORD}(?: +{_SAFE_WORD})*+", re.ASCII)

_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_Q_BARE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-!*+/")
_Q_SPELLING = ["_" if byte == 0x20 else chr(byte) if byte in _Q_BARE else f"={byte:02X}" for byte in range(256)]

# Tab is white space, which a quoted string can contain; no name can contain the other control characters unencoded.
_MUST_BE_ENCODED = re.compile(r"[^\t\x20-\x7e]")
_MUST_BE_QUOTED = re.compile(r'[()<>@:;.\\"\[\]\t,]|^ | $|  ')
_NEEDS_NOTHING = re.compile(
    "[A-Za-z0-9'_-]++(?: [A-Za-z0-9'_-]++)*+"
)  # most names; it excludes what the two patterns above match
_QUOTE_OR_BACKSLASH = re.compile(r'["\\]')

# What a name may not contain unencoded, unless all of it is encoded words: some readers treat a word that begins in one
# name and ends in the next as one word, and lose what is between them.
_MARK = re.compile(r"=\?|\?=")

# What in an address itself could be read as an encoded word, or as the beginning or the end of one.
_PART_OF_A_WORD = re.compile(r"=\?[^?\s]*+\?[bBqQ]\?|\?=")

# How deep encoded words may be nested. Real mail does not nest them; each level costs another reading of the text.
_DEEPEST = 5

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class _Word(NamedTuple):
    before: str  # the text between the previous word, or the beginning, and this one
    raw: str
    charset: str
    content: bytes | None  # None if the word cannot be decoded


def holds_part_of_encoded_word(text: str) -> bool:
    """Whether anything in the text might be read as an encoded word, or as the beginning or the end of one."""
    return _PART_OF_A_WORD.search(text) is not None


def decodings(text: str, *, generous: bool = False) -> Iterator[str]:
    """Yields what readers may make of the text: as written, decoded once, decoded twice, and so on.

    A `generous` reader omits or replaces the invalid parts of words that cannot be decoded. Words may be nested five
    deep. Raises ValueError if they are nested deeper.
    """
    yield text
    for _ in range(_DEEPEST + 1):
        decoded = _decode(text, generous=generous) if "=?" in text else text
        if decoded == text:
            return
        text = decoded
        yield text
    raise ValueError(f"encoded words are nested more than {_DEEPEST} deep")


def decode_encoded_words(text: str) -> str:
    """Decodes the RFC 2047 encoded words in a text: `=?utf-8?q?J=C3=B6rg?= X` gives `Jörg X`.

    White space between two decoded words vanishes (RFC 2047, 6.2). A word that cannot be decoded (unknown charset, bad
    base64, bytes that are not text) stays as it is. Never raises.
    """
    return _decode(text, generous=False) if "=?" in text else text


def _decode(text: str, *, generous: bool) -> str:
    words = []
    end = 0
    for match in _ENCODED_WORD.finditer(text):
        charset, encoding, content = match.groups()
        octets = _content(encoding, content, generous=generous)
        words.append(_Word(text[end : match.start()], match[0], charset.lower(), octets))
        end = match.end()

    parts = []
    after_decoded = False
    for before, part, is_decoded in _decoded(words, generous=generous):
        if not (after_decoded and is_decoded and not before.strip(" \t\r\n")):
            parts.append(before)
        parts.append(part)
        after_decoded = is_decoded
    parts.append(text[end:])
    return "".join(parts)


def is_safe_encoded_word_sequence(text: str) -> bool:
    """Whether the whole text is one encoded word, or several separated by spaces, each of them valid in a header.

    Each of them can be decoded.
    """
    return _ONLY_SAFE_WORDS.fullmatch(text) is not None and _ENCODED_WORD.search(_decode(text, generous=False)) is None


def encode_word(text: str) -> str:
    """Encodes a text as one encoded word in UTF-8, never folded: `Smith, Bob` gives `=?utf-8?q?Smith=2C_Bob?=`.

    Q or B, whichever is shorter, Q on a tie. Raises UnicodeEncodeError for a lone surrogate.
    """
    content = text.encode()
    in_q = "".join(map(_Q_SPELLING.__getitem__, content))
    in_b = binascii.b2a_base64(content, newline=False).decode("ascii")
    return f"=?utf-8?b?{in_b}?=" if len(in_b) < len(in_q) else f"=?utf-8?q?{in_q}?="


def format_mailbox_without_comma(email: str, name: str | None) -> str:
    """Formats an address for a reader that separates addresses at every comma: `bob@x.com` or `name <bob@x.com>`.

    A name that is an encoded word is unchanged; one with a comma, a control or a non-ASCII character is encoded, and so
    is one that contains a part of an encoded word, or an encoded word that cannot be decoded; one with another special
    character, or white space that a parser would change, is quoted. Both must have been checked by `addresses`: only
    there are line breaks hidden in encoded words found. Raises UnicodeEncodeError for a lone surrogate in the name.
    """
    return _format(email, name, encode_commas=True)


def format_mailbox(email: str, name: str | None) -> str:
    """Formats an address as RFC 5322 does: as `format_mailbox_without_comma`, but a name with a comma is quoted."""
    return _format(email, name, encode_commas=False)


def _format(email: str, name: str | None, *, encode_commas: bool) -> str:
    if name is None:
        return email
    if _NEEDS_NOTHING.fullmatch(name):
        return f"{name} <{email}>"
    if not name.strip():
        return email
    return f"{_format_name(name, encode_commas=encode_commas)} <{email}>"


def _format_name(name: str, *, encode_commas: bool) -> str:
    if is_safe_encoded_word_sequence(name):
        return name
    must_be_encoded = _MUST_BE_ENCODED.search(name) is not None or (encode_commas and "," in name)
    if not must_be_encoded and _MARK.search(name):
        words = [word for word in name.split(" ") if _MARK.search(word)]
        must_be_encoded = not all(map(is_safe_encoded_word_sequence, words)) or _MUST_BE_QUOTED.search(name) is not None
    if not must_be_encoded and not _MUST_BE_QUOTED.search(name):
        return name
    # Encoded words among other text would be encoded twice: decode them first.
    return encode_word(decode_encoded_words(name)) if must_be_encoded else quote_name(name)


def build_message_address(email: str, name: str | None) -> str | dict[str, str]:
    """An address in the form of a message, which is read as the same address: an object if there is a name.

    White space around a name is kept in a quoted name, and dropped in an object; a blank name counts as absent.
    """
    if name is None or not name.strip():
        return email
    return {"email": email, "name": name} if name == name.strip() else f"{quote_name(name)} <{email}>"


def quote_name(text: str) -> str:
    """The text as a quoted string (RFC 5322, 3.2.4): quotation marks and backslashes in it get a backslash."""
    return '"' + _QUOTE_OR_BACKSLASH.sub(r"\\\g<0>", text) + '"'


def _decoded(words: Iterable[_Word], *, generous: bool) -> Iterator[tuple[str, str, bool]]:
    """Yields the text before a word, the word's text, and whether it was decoded.

    Some programs split a character between two words. So if a word cannot be decoded by itself, its neighbours of
    the same charset are tried together with it.
    """
    for charset, group in groupby(_number_adjacent_words(words), key=lambda item: (item[0], item[1].charset)):
        run = [word for _, word in group]
        texts = [_text(word.content, word.charset) for word in run]
        if None in texts and len(run) > 1 and all(word.content is not None for word in run):
            together = _text(b"".join(word.content or b"" for word in run), charset[1])
            if together is not None:
                yield run[0].before, together, True
                continue
        for word, text in zip(run, texts, strict=True):
            if text is None and generous:
                text = _read_generously(word)
            yield word.before, word.raw if text is None else text, text is not None


def _number_adjacent_words(words: Iterable[_Word]) -> Iterator[tuple[int, _Word]]:
    """Yields each word with the number of its run: a run is words with only white space between them."""
    run = 0
    for word in words:
        run += bool(word.before.strip(" \t\r\n"))
        yield run, word


def _content(encoding: str, encoded: str, *, generous: bool) -> bytes | None:
    if not encoded.isascii() and not generous:
        return None
    content = encoded.encode("utf-8", "replace")
    if encoding in "qQ":
        return _Q_ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode("ascii")), content.replace(b"_", b" "))
    content = content.strip().rstrip(b"=")  # padding is often missing
    if generous:
        content = _NOT_BASE64.sub(b"", content)
        content = content[: len(content) - (len(content) % 4 == 1)]
    try:
        return binascii.a2b_base64(content + b"=" * (-len(content) % 4), strict_mode=True)
    except binascii.Error:
        return None


def _text(content: bytes | None, charset: str) -> str | None:
    return None if content is None else decode_charset(content, charset)


def _read_generously(word: _Word) -> str | None:
    """What a reader may show for a word that cannot be decoded: invalid bytes are replaced."""
    if word.content is None:
        return None
    from compiler.mail.charsets import find_codec

    codec = find_codec(word.charset)
    if codec is None:  # of an unknown charset the ASCII characters are the likeliest to be what they look like
        return word.content.decode("ascii", "replace")
    return word.content.decode(codec, "replace").encode("utf-8", "replace").decode("utf-8")
