"""Converts Django's messages to ours. Nothing here knows Mailjet: `compile` checks what comes out.

`_CONVERTERS` has a function for each attribute of a message, Django's and Anymail's. It changes only what Django allows
and JSON cannot represent: lazy strings, tuples and sets, attachments, dates. Other values that are not JSON, such as a
Decimal in metadata, are left for `compile`, which names them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError
from django.utils.functional import LazyObject, Promise, empty
from django.utils.timezone import get_current_timezone, is_naive, make_aware

from compiler.django.exceptions import AnymailInvalidHeader, AnymailSerializationError, format_diagnostics
from compiler.django.message import UNSET
from compiler.email_message import read_attachment
from compiler.results import Diagnostic

_UTF_8 = ("utf-8", "utf8", "us-ascii", "ascii")


def normalized(message: EmailMessage) -> dict[str, Any]:
    """Converts one of Django's messages, with Anymail's attributes, to a message for `compile`.

    Shape: `schemas/message.schema.json`. An attribute that is None is null, which drops a default. An empty subject or
    body is null too, because Django does not distinguish it from one that is omitted, which a stored template provides.
    A naive date is in the current time zone, a date without a time at midnight. Messages of ours have no
    `merge_headers`: if a message has some, the result has them too, and `compile` reports an unknown field.

    Raises TypeError for a string where a list belongs, as Django does, AnymailSerializationError for an attachment that
    is neither text nor bytes nor a part of a mail, and AnymailInvalidHeader for a line break in an attached message.
    """
    encoding = getattr(message, "encoding", None) or settings.DEFAULT_CHARSET
    document: dict[str, Any] = {}
    for name in _CONVERTERS:
        value = getattr(message, name, UNSET)
        if value is not UNSET:
            document[name] = normalize_attribute(name, value, str(encoding).lower())
    for name in _NULL_IF_EMPTY:
        document[name] = document.get(name) or None
    for name in _OMITTED_IF_EMPTY:
        if document.get(name) in ([], {}):
            del document[name]
    if document["body"] and message.content_subtype != "plain":
        document["content_subtype"] = message.content_subtype
    return document


def normalize_attribute(name: str, value: Any, charset: str = "utf-8") -> Any:
    """Converts the value of an attribute, of a message or of its defaults. Raises as `normalized` does."""
    value = resolve_lazy(value)
    return None if value is None else _CONVERTERS.get(name, _convert_nested)(name, value, charset)


def _convert_nested(name: str, value: Any, charset: str) -> Any:
    """A copy of nested dicts, lists and tuples in which lazy strings are strings; other values are the same."""
    # By identity, so that a value that contains itself is copied as such. With the value, so that it stays alive: or
    # else another one could get its identity.
    copies: dict[int, tuple[Any, Any]] = {}
    pending: list[tuple[Any, Any]] = []

    def copy(item: Any) -> Any:
        item = resolve_lazy(item)
        if not isinstance(item, Mapping | list | tuple):
            return item
        if id(item) not in copies:
            copies[id(item)] = (item, {} if isinstance(item, Mapping) else [])
            pending.append(copies[id(item)])
        return copies[id(item)][1]

    result = copy(value)
    while pending:
        source, target = pending.pop()
        if isinstance(source, Mapping):
            target.update((resolve_lazy(key), copy(item)) for key, item in source.items())
        else:
            target.extend(map(copy, source))
    return result


def resolve_lazy(value: Any) -> Any:
    """What a lazy object stands for, the string of a lazy string; other values are the same."""
    while issubclass(type(value), LazyObject):  # by type: its class is that of what it stands for
        if value._wrapped is empty:
            value._setup()
        value = value._wrapped
    return str(value) if isinstance(value, Promise) else value


def _items(name: str, value: Any) -> Iterable[tuple[int, Any]]:
    """The items of a list, a tuple, a set or another iterable, numbered. Raises TypeError."""
    if isinstance(value, str | bytes | Promise) or not isinstance(value, Iterable):
        kind = "a string" if isinstance(value, str | Promise) else type(value).__name__
        raise TypeError(f'"{name}" attribute must be a list or other iterable, got {kind}')
    return enumerate(sorted(value, key=str) if isinstance(value, set | frozenset) else value)


def _convert_list(name: str, value: Any, charset: str) -> list[Any]:
    return [resolve_lazy(item) for _, item in _items(name, value)]


def _convert_alternatives(name: str, value: Any, charset: str) -> list[dict[str, Any]]:
    alternatives = []
    for index, item in _items(name, value):
        if not isinstance(item, list | tuple) or len(item) != 2:
            raise _not_json(f"/alternatives/{index}", "an alternative", "a pair of content and media type", item)
        content, mimetype = map(resolve_lazy, item)
        if isinstance(content, bytes):  # another encoding is replaced, but such an alternative is not HTML
            content = content.decode("utf-8", "replace")
        alternatives.append({"content": content, "mimetype": mimetype})
    return alternatives


def _convert_simple(name: str, value: Any, charset: str) -> Any:
    return value  # not lazy any more


def _convert_date(name: str, value: Any, charset: str) -> Any:
    if isinstance(value, datetime | date):
        if not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)
        if is_naive(value):
            value = make_aware(value, get_current_timezone())
        try:
            return value.astimezone(UTC).isoformat()
        except OverflowError:  # the first or the last day that there is
            return value.isoformat()
    return value


def _convert_attachments(name: str, value: Any, charset: str) -> list[dict[str, Any]]:
    return [_convert_attachment(item, f"/{name}/{index}", charset) for index, item in _items(name, value)]


def _convert_attachment(item: Any, path: str, charset: str) -> dict[str, Any]:
    """An attachment: a part of a mail (MIMEBase, MIMEPart), or file name, content and media type."""
    if isinstance(item, Message):
        try:
            part: dict[str, Any] = dict(read_attachment(item))
        except ValueError as error:
            raise _serialization_error(path, f"the attachment cannot be read: {error}") from None
        if part.get("disposition") == "inline" and "content_id" in part:
            part.pop("filename", None)  # the HTML refers to it by its content id, so its name is not used
        return part
    if not isinstance(item, list | tuple) or not 1 < len(item) <= 3:
        raise _not_json(path, "an attachment", "a part of a mail or (file name, content, media type)", item)
    filename, content, mimetype = map(resolve_lazy, [*item, None][:3])
    if isinstance(content, EmailMessage | Message):
        content = _serialize(content, f"{path}/content")
        mimetype = mimetype or "message/rfc822"
    attachment = {"filename": filename} if filename is not None else {}
    if mimetype is not None:
        attachment["mimetype"] = mimetype
    if isinstance(content, str):
        is_text = isinstance(mimetype, str) and mimetype.lower().startswith("text/")
        if not is_text or charset in _UTF_8:
            return {**attachment, "content": content, "encoding": "utf-8"}
        try:
            content = content.encode(charset)
        except (UnicodeEncodeError, LookupError):
            return {**attachment, "content": content, "encoding": "utf-8", "mimetype": f"{mimetype}; charset=utf-8"}
        attachment["mimetype"] = f"{mimetype}; charset={charset}"
    if not isinstance(content, bytes | bytearray | memoryview):
        raise _not_json(f"{path}/content", "the content of an attachment", "text or bytes", content)
    return {**attachment, "content": b64encode(bytes(content)).decode("ascii")}


def _serialize(message: EmailMessage | Message, path: str) -> bytes:
    """A message as bytes, with CRLF line endings."""
    buffer = BytesIO()
    try:
        mail = message.message() if isinstance(message, EmailMessage) else message
        BytesGenerator(buffer, mangle_from_=False, policy=mail.policy.clone(linesep="\r\n")).flatten(mail)
    except Exception as error:  # `email` raises many kinds
        text = f"the attached message cannot be written: {error}"
        if isinstance(error, BadHeaderError) and not isinstance(error, UnicodeError):
            diagnostic = Diagnostic("error", "InvalidValue", path, params={"reason": "line-break"}, message=text)
            raise AnymailInvalidHeader(format_diagnostics([diagnostic]), diagnostics=[diagnostic]) from None
        raise _serialization_error(path, text) from None
    return buffer.getvalue()


def _not_json(path: str, subject: str, expected: str, value: object) -> AnymailSerializationError:
    return _serialization_error(path, f"{subject} must be {expected}, got {type(value).__name__}")


def _serialization_error(path: str, message: str) -> AnymailSerializationError:
    diagnostic = Diagnostic("error", "InvalidMessage", path, params={"reason": "not-json"}, message=message)
    return AnymailSerializationError(format_diagnostics([diagnostic]), diagnostics=[diagnostic])


_CONVERTERS: Mapping[str, Callable[[str, Any, str], Any]] = {
    "from_email": _convert_simple,
    "to": _convert_list,
    "cc": _convert_list,
    "bcc": _convert_list,
    "delivery": _convert_simple,
    "reply_to": _convert_list,
    "subject": _convert_simple,
    "body": _convert_simple,
    "alternatives": _convert_alternatives,
    "attachments": _convert_attachments,
    "extra_headers": _convert_nested,
    "envelope_sender": _convert_simple,
    "metadata": _convert_nested,
    "send_at": _convert_date,
    "tags": _convert_list,
    "track_clicks": _convert_simple,
    "track_opens": _convert_simple,
    "template_id": _convert_simple,
    "merge_data": _convert_nested,
    "merge_global_data": _convert_nested,
    "merge_headers": _convert_nested,
    "merge_metadata": _convert_nested,
    "esp_extra": _convert_nested,
}
_NULL_IF_EMPTY = ("subject", "body")
# Django's own attributes, which every message has, and what has no effect if it is empty. Not merge_data: even if it is
# empty, it asks for a message of its own for each recipient.
_OMITTED_IF_EMPTY = ("to", "cc", "bcc", "reply_to", "alternatives", "attachments", "extra_headers", "merge_headers")
