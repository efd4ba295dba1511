"""Attachments in detail: media types and file names by a table of our own, base64 and its size, content ids.

These are functions of single strings. Which fields an attachment has, which errors they can have, and how much may be
attached is not known here.
"""

import posixpath
from binascii import b2a_base64
from collections.abc import Mapping
from types import MappingProxyType

_UNKNOWN_TYPE = "application/octet-stream"

# File extension and media type as IANA registers them, else as browsers name them. Of several extensions for a type the
# first is preferred. Not the mimetypes module: it reads system files, and the result must be the same everywhere.
_ROWS = (
    # text
    ("txt", "text/plain"),
    ("text", "text/plain"),
    ("log", "text/plain"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("md", "text/markdown"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("ics", "text/calendar"),
    ("vcf", "text/vcard"),
    # data
    ("json", "application/json"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("sql", "application/sql"),
    ("p7m", "application/pkcs7-mime"),
    ("p7s", "application/pkcs7-signature"),
    # messages
    ("eml", "message/rfc822"),
    ("msg", "application/vnd.ms-outlook"),
    # documents
    ("pdf", "application/pdf"),
    ("ps", "application/postscript"),
    ("eps", "application/postscript"),
    ("rtf", "application/rtf"),
    ("epub", "application/epub+zip"),
    ("doc", "application/msword"),
    ("dot", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template"),
    ("docm", "application/vnd.ms-word.document.macroEnabled.12"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pps", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("odg", "application/vnd.oasis.opendocument.graphics"),
    ("pkpass", "application/vnd.apple.pkpass"),
    # images
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpe", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("svg", "image/svg+xml"),
    ("bmp", "image/bmp"),
    ("tiff", "image/tiff"),
    ("tif", "image/tiff"),
    ("ico", "image/vnd.microsoft.icon"),
    ("psd", "image/vnd.adobe.photoshop"),
    # archives
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
    ("tgz", "application/gzip"),
    ("bz2", "application/x-bzip2"),
    ("xz", "application/x-xz"),
    ("zst", "application/zstd"),
    ("tar", "application/x-tar"),
    ("7z", "application/x-7z-compressed"),
    ("rar", "application/vnd.rar"),
    # audio
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("weba", "audio/webm"),
    ("mid", "audio/midi"),
    ("midi", "audio/midi"),
    # video
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("mkv", "video/x-matroska"),
    ("avi", "video/x-msvideo"),
    ("3gp", "video/3gpp"),
    # fonts
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    # anything
    ("bin", _UNKNOWN_TYPE),
)

# File extension, lower case and without its dot, to media type.
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(dict(_ROWS))

# Media type, in lower case, to preferred extension: from the last row to the first, so that the first row wins.
_EXTENSIONS: Mapping[str, str] = MappingProxyType({kind.lower(): extension for extension, kind in reversed(_ROWS)})

_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CHUNK = 1 << 16


def guess_media_type(filename: str | None) -> str:
    """Guesses the media type from the last extension, in any case: "a.tar.GZ" is "application/gzip".

    Without a name, or an extension we know (".png" alone is a name, not an extension): "application/octet-stream".
    """
    _, extension = posixpath.splitext(filename or "")
    return MEDIA_TYPES.get(extension[1:].lower(), _UNKNOWN_TYPE)


def default_filename(media_type: str) -> str:
    """The name for an attachment without one: "attachment.pdf", or "attachment.bin" if its type is not in our table.

    The type may have parameters ("Text/Plain; charset=utf-8") and any case.
    """
    return f"attachment.{_EXTENSIONS.get(bare_media_type(media_type), 'bin')}"


def bare_media_type(media_type: str) -> str:
    """A media type without its parameters, in lower case: "Text/HTML; charset=utf-8" is "text/html"."""
    return media_type.partition(";")[0].strip().lower()


def base64_size(text: str) -> int | None:
    """The size in bytes of what the text decodes to; None if it is not base64.

    Base64 is RFC 4648, section 4: standard alphabet, padded, without white space or line breaks. The empty text is 0
    bytes. Unused bits of the last character may be anything. Nothing is decoded, and at most a chunk is copied.
    """
    if len(text) % 4 or not text.isascii():
        return None
    padding = 2 if text.endswith("==") else int(text.endswith("="))
    end = len(text) - padding
    for start in range(0, end, _CHUNK):
        if text[start : min(start + _CHUNK, end)].encode("ascii").translate(None, _BASE64_ALPHABET):
            return None
    return len(text) // 4 * 3 - padding


def text_to_base64(text: str) -> tuple[str, int]:
    """Returns the base64 of the text's UTF-8 form, and that form's size in bytes.

    Raises UnicodeEncodeError for a lone surrogate, which `sanitize` refuses.
    """
    content = text.encode("utf-8")
    return b2a_base64(content, newline=False).decode("ascii"), len(content)


def bare_content_id(text: str) -> str:
    """Removes the white space and one pair of angle brackets around a content id: " <logo> " is "logo"."""
    stripped = text.strip()
    if stripped.startswith("<") and stripped.endswith(">"):
        return stripped[1:-1].strip()
    return stripped
