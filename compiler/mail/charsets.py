"""Charsets by the names that mail uses, read as the WHATWG Encoding Standard reads them.

So `gb2312` is GBK and `iso-8859-1` is windows-1252, as every mail program reads them. Charsets that the standard leaves
out (utf-7, cp437) are read by Python's codecs. What happens to a text that cannot be decoded is decided by the caller.
"""

from __future__ import annotations

# Charsets Python knows without an alias, and codecs that are Python's or one system's rather than charsets.
_CHARSETS_WITHOUT_ALIAS = frozenset({"cp720", "cp737", "cp874", "koi8_t", "utf_8_sig"})
_NOT_CHARSETS = frozenset({"ansi", "dbcs", "mbcs"})

# What the standard reads as windows-1252. In mail such text is often unlabelled UTF-8.
_ASCII = frozenset({"us-ascii", "ascii", "ansi_x3.4-1968"})

# The standard's own codecs ignore a byte order mark.
_UTF_16 = {"utf-16": "utf-16", "utf16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}

# The standard refuses to decode these, for web pages; in mail they are left to Python's codecs.
_NOT_FOR_MAIL = frozenset({"replacement", "x-user-defined"})

_WINDOWS_1252 = "cp1252"
# Five bytes of windows-1252 are undefined; the standard maps them to the control characters of their numbers.
_C1 = {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def decode_charset(content: bytes, charset: str) -> str | None:
    """Decodes bytes in this charset; None if it is unknown or the bytes are not valid in it.

    Names are case-insensitive. US-ASCII is read as UTF-8 if the bytes are valid in it, else as windows-1252. Never
    raises.
    """
    label = charset.strip().lower()
    if label in _ASCII:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return _decode_windows_1252(content)
    codec = find_codec(label)
    if codec is None:
        return None
    if codec == _WINDOWS_1252:
        return _decode_windows_1252(content)
    try:
        text = content.decode(codec)
        text.encode("utf-8")  # some codecs let lone surrogates through
    except ValueError:  # UnicodeError is one
        return None
    return text


def find_codec(charset: str) -> str | None:
    """The name of Python's codec for a charset with this name; None if it is not a charset. Never raises."""
    label = charset.strip().lower()
    if label in _UTF_16:
        return _UTF_16[label]
    import webencodings

    encoding = webencodings.lookup(label) if label.isascii() else None
    if encoding is not None and encoding.name not in _NOT_FOR_MAIL:
        return str(encoding.codec_info.name)
    return _find_python_codec(label)


def _find_python_codec(label: str) -> str | None:
    # Asking Python for any name would search the disk for a module of that name and cache each result forever.
    from encodings import normalize_encoding
    from encodings.aliases import aliases

    name = normalize_encoding(label).lower()
    if name in _NOT_CHARSETS or not (name in aliases or name in aliases.values() or name in _CHARSETS_WITHOUT_ALIAS):
        return None
    try:
        b"a".decode(name)
    except LookupError:  # a codec between bytes, such as hex, or one that this system does not have
        return None
    except ValueError:  # "a" alone is not text in all charsets
        pass
    return name


def _decode_windows_1252(content: bytes) -> str:
    return content.decode(_WINDOWS_1252, "surrogateescape").translate(_C1)
