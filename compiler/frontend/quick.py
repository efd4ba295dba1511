"""The front end's fast way: the canonical message in one pass, or nothing where anything is out of the ordinary.

What comes out is what `prepare` gives for the same message, without places, which nobody asks for as long as nothing is
said of a value. It begins where the guard has accepted the message. Whatever would be a fault, and what is rare enough
not to be worth a second way, is left to `prepare`: then there is no document, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from typing import Any

from compiler.generated.validators.message import accepts as fits_message
from compiler.json_io.canonical import number_text
from compiler.json_io.plain import copied
from compiler.mail.addresses import (
    LINE_BREAK,
    AddressError,
    checked_name,
    parse_addr_spec,
    parse_address_list,
)
from compiler.mail.attachments import (
    bare_content_id,
    bare_media_type,
    base64_size,
    default_filename,
    media_type_of,
    text_to_base64,
)
from compiler.mail.headers import SHOWN_RECIPIENTS, valid_header_name

Document = dict[str, Any]

_NO_FEATURES: frozenset[str] = frozenset()


class _UnusualError(Exception):
    """`prepare` has to look at it."""


def quickly_prepared(message: object, options: Mapping[str, Any]) -> tuple[Document, bool | frozenset[str]] | None:
    """The canonical message for a message and options of any content, and the features to do without.

    None where `prepare` has to make it.
    """
    if type(message) is not dict or not fits_message(message):
        return None
    if not options:
        document = quick(message)
        if document is None and None in message.values():
            document = quick({name: value for name, value in message.items() if value is not None})
        return None if document is None else (document, _NO_FEATURES)
    return _with_options(message, options)


def _with_options(
    message: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[Document, bool | frozenset[str]] | None:
    from compiler.generated.validators.options import accepts as fits_options

    if not fits_options(options):
        return None
    defaults, sender = options.get("send_defaults"), options.get("template_sender")
    from compiler.frontend.folded import folded

    document = quick(folded(message, defaults))
    if document is None:
        return None
    if defaults is not None:
        _put_in_order(document, message, defaults)
        # Null in the message drops a default, and then there is nothing at all.
        alone = [name for name in ("cc", "bcc") if defaults.get(name) and message.get(name, []) == []]
        if alone:
            document["from_defaults"] = alone
    if sender is not None:
        try:
            document["template_sender"] = one_address(sender)
        except (_UnusualError, AddressError):
            return None
    ignored = options.get("ignore_unsupported_features")
    return document, frozenset(ignored) if type(ignored) is list else ignored is True or _NO_FEATURES


def _put_in_order(document: Document, message: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Puts the members of objects that both give in the order of `prepare`: those of the defaults first."""
    from compiler.frontend.given import OBJECTS

    for name, key_of in OBJECTS.items():
        made = "headers" if name == "extra_headers" else name
        if made in document and message.get(name) and defaults.get(name):
            keys = map(key_of, (*sorted(defaults[name]), *sorted(message[name])))
            places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
            members = sorted(document[made].items(), key=lambda member: places[key_of(member[0])])
            document[made] = dict(members)


def quick(message: Mapping[str, Any]) -> Document | None:
    """The canonical message for a message that the guard has accepted; None where `prepare` has to make it.

    It shares nothing with the message that could be changed. Null at the top level is left to `prepare` too.
    """
    document: Document = {}
    try:
        for name, value in message.items():
            if value is None:
                return None
            _FIELDS[name](message, document, name, value)
    except (_UnusualError, AddressError):
        return None
    return document


# --- Addresses --------------------------------------------------------------------------------------------------------

# What needs no parser: a bare address, or a name and one in angle brackets. The name is words of letters, digits and
# what an atom may hold, or anything harmless in quotation marks. No question mark is in any of them, so no encoded word
# is either, and nothing that is a line break or, in the address, no ASCII.
_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=^_`{|}~]++"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*+@{_ATOM}(?:\.{_ATOM})*+"
_WORD = r"[\w!#$%&'*+\-/=^`{|}~.]++"
_QUOTED = r"[\w!#$%&'*+\-/=^`{|}~.,;:@()<>\[\]]++"
_QUOTED_WORDS = f"{_QUOTED}(?: ++{_QUOTED})*+"
_MAILBOX = rf'(?:{_ADDRESS}|(?:{_WORD}(?: {_WORD})*+|"{_QUOTED_WORDS}") <{_ADDRESS}>)'
_COMMON = re.compile(rf'^(?:({_ADDRESS})|({_WORD}(?: {_WORD})*+|"{_QUOTED_WORDS}") <({_ADDRESS})>)$', re.MULTILINE)
_BARE = re.compile(_ADDRESS)
_NAME = re.compile(_QUOTED_WORDS)


@cache
def _lines() -> re.Pattern[str]:
    """A mailbox on each line; compiled where there are several."""
    return re.compile(rf"{_MAILBOX}(?:\n{_MAILBOX})*+")


def addresses(items: list[Any]) -> list[dict[str, str]]:
    """The addresses in texts that hold one or several each, or in objects. Raises AddressError."""
    if len(items) == 1:
        return _addresses(items[0])
    try:
        lines = "\n".join(items)  # many at once, each on a line of its own; then each of them has to be a match
    except TypeError:
        lines = ""
    if _lines().fullmatch(lines) is None or lines.count("\n") >= len(items):
        return [each for item in items for each in _addresses(item)]
    rows = []
    for item in items:
        if item[-1] != ">":
            rows.append({"email": item})
        else:
            name, _, email = item.rpartition(" <")
            rows.append({"email": email[:-1], "name": name if name[0] != '"' else name[1:-1]})
    return rows


def _addresses(item: Any) -> list[dict[str, str]]:
    if type(item) is dict:
        return [_of_object(item)]
    match = _COMMON.fullmatch(item)
    if match is None:
        return [_canonical(each.email, each.name) for each in parse_address_list(item)]
    bare, name, email = match.groups()
    return [{"email": bare} if bare else _named(name, email)]


def _named(name: str, email: str) -> dict[str, str]:
    return {"email": email, "name": name[1:-1] if name[0] == '"' else name}


def _canonical(email: str, name: str | None) -> dict[str, str]:
    return {"email": email} if name is None else {"email": email, "name": name}


def _of_object(given: Mapping[str, Any]) -> dict[str, str]:
    email, name = given["email"], given.get("name")
    if _BARE.fullmatch(email) is None:
        email = parse_addr_spec(email)
    if name is not None and _NAME.fullmatch(name) is None:
        name = checked_name(name)
    return _canonical(email, name)


def _address_list(message: Mapping[str, Any], document: Document, name: str, value: list[Any]) -> None:
    document[name] = addresses(value) if value else []


def _from_email(message: Mapping[str, Any], document: Document, name: str, value: Any) -> None:
    document[name] = found = _addresses(value)
    if len(found) > 1 and "extra_headers" in message:  # beside a From header there may be only one
        raise _UnusualError


def one_address(value: Any) -> dict[str, str]:
    """The one address in a text or object. Raises AddressError, and `_UnusualError` where there are more."""
    found = _addresses(value)
    if len(found) != 1:
        raise _UnusualError
    return found[0]


def _one_address(message: Mapping[str, Any], document: Document, name: str, value: Any) -> None:
    document[name] = one_address(value)


# --- Bodies and attachments -------------------------------------------------------------------------------------------


def _body(message: Mapping[str, Any], document: Document, name: str, value: str) -> None:
    if message.get("content_subtype") != "html":
        document["text"] = value
    elif "alternatives" not in message:  # which come after it
        document["html"] = [{"content": value}]


def _subtype(message: Mapping[str, Any], document: Document, name: str, value: str) -> None:
    if message.get("body") is None:
        document[name] = value


def _alternatives(message: Mapping[str, Any], document: Document, name: str, value: list[Any]) -> None:
    html: list[Any] = []
    others: list[Any] = []
    has_text = False
    if message.get("body") is not None:
        has_text = message.get("content_subtype") != "html"
        if not has_text:
            html.append({"content": message["body"]})
    for part in value:
        mimetype = part["mimetype"]
        media_type = mimetype if mimetype == "text/html" else bare_media_type(mimetype)
        if media_type == "text/html":
            html.append({"content": part["content"]})
        elif media_type == "text/plain" and "text" not in document and not has_text:
            document["text"] = part["content"]
        else:
            others.append({"content": part["content"], "mimetype": mimetype})
    if html:
        document["html"] = html
    if others:
        document["other_parts"] = others


def _attachments(message: Mapping[str, Any], document: Document, name: str, value: list[Any]) -> None:
    document[name] = [_attachment(each) for each in value]


def _attachment(given: Mapping[str, Any]) -> dict[str, Any]:
    content, filename = given["content"], given.get("filename") or ""
    mimetype, content_id = given.get("mimetype"), given.get("content_id") or ""
    _one_line(filename + (mimetype or "") + content_id)
    if given.get("encoding") == "utf-8":
        content, _ = text_to_base64(content)
    elif base64_size(content) is None:
        raise _UnusualError
    inline = given.get("disposition") == "inline"
    content_id = bare_content_id(content_id)
    if inline and not content_id:
        raise _UnusualError
    if not mimetype:
        mimetype = media_type_of(filename or None)
    made: dict[str, Any] = {"mimetype": mimetype, "content": content, "inline": inline}
    if filename or not inline:
        made["filename"] = filename or default_filename(mimetype)
    if content_id:
        made["content_id"] = content_id
    return made


# --- Headers ----------------------------------------------------------------------------------------------------------


_SPECIAL = frozenset({"from", "reply-to", *SHOWN_RECIPIENTS})


def _headers(message: Mapping[str, Any], document: Document, name: str, value: Mapping[str, Any]) -> None:
    headers: dict[str, Any] = {}
    if len(value) > 1 and len({spelling.lower() for spelling in value}) < len(value):
        raise _UnusualError  # two names that mean the same
    for spelling in sorted(value) if len(value) > 1 else value:
        text = value[spelling]
        if not valid_header_name(spelling):
            raise _UnusualError
        if type(text) is not str:
            text = number_text(text)
        else:
            _one_line(text)
        key = spelling.lower()
        if key not in _SPECIAL:
            headers[spelling] = text
        elif key == "from":
            document["header_from"] = one_address(text)
        elif key in SHOWN_RECIPIENTS:
            document[SHOWN_RECIPIENTS[key]] = text
        elif text.strip():
            document["header_reply_to"] = _addresses(text)
    if headers:
        document["headers"] = headers


# --- The rest ---------------------------------------------------------------------------------------------------------


def _one_line(text: str) -> None:
    if "=?" in text or (not text.isprintable() and LINE_BREAK.search(text) is not None):
        raise _UnusualError  # an encoded word may hide a line break


def _copy(message: Mapping[str, Any], document: Document, name: str, value: Any) -> None:
    document[name] = value


def _subject(message: Mapping[str, Any], document: Document, name: str, value: str) -> None:
    _one_line(value)
    document[name] = value


def _tags(message: Mapping[str, Any], document: Document, name: str, value: list[str]) -> None:
    _one_line("".join(value))
    document[name] = value.copy()


def _template_id(message: Mapping[str, Any], document: Document, name: str, value: Any) -> None:
    document[name] = value if type(value) is str else number_text(value)


def _in_order(message: Mapping[str, Any], document: Document, name: str, value: Mapping[str, Any]) -> None:
    document[name] = {key: copied(value[key]) for key in sorted(value)}


def _global_data(message: Mapping[str, Any], document: Document, name: str, value: Mapping[str, Any]) -> None:
    _no_nulls([value])
    _in_order(message, document, name, value)


def _recipient_data(message: Mapping[str, Any], document: Document, name: str, value: Mapping[str, Any]) -> None:
    if not "".join(value).isascii():  # a domain may have to be converted
        raise _UnusualError
    members = list(value.values())
    if not set(map(type, members)) <= _OBJECT:
        raise _UnusualError
    if set(map(type, chain.from_iterable(map(dict.values, members)))) <= _SCALARS:
        document[name] = dict(zip(value, map(dict.copy, members), strict=True))
        return
    if name == "merge_data":
        _no_nulls(members)
    document[name] = copied(value)


def _esp_extra(message: Mapping[str, Any], document: Document, name: str, value: Mapping[str, Any]) -> None:
    if len({key.lower() for key in value}) < len(value):
        raise _UnusualError  # two names that mean the same
    _in_order(message, document, name, value)


_NULL = type(None)
_OBJECT = frozenset({dict})
_SCALARS = frozenset({str, int, float, bool})


def _no_nulls(containers: list[Any]) -> None:
    """No merge value is null, however deep it stands."""
    while containers:
        inner: list[Any] = []
        for container in containers:
            inner += container.values() if type(container) is dict else container
        kinds = set(map(type, inner))
        if _NULL in kinds:
            raise _UnusualError
        containers = [] if kinds <= _SCALARS else [each for each in inner if type(each) is dict or type(each) is list]


def _nothing(message: Mapping[str, Any], document: Document, name: str, value: Any) -> None:
    pass


_FIELDS: Mapping[str, Callable[[Mapping[str, Any], Document, str, Any], None]] = {
    "$schema": _nothing,
    "from_email": _from_email,
    "to": _address_list,
    "cc": _address_list,
    "bcc": _address_list,
    "reply_to": _address_list,
    "subject": _subject,
    "body": _body,
    "content_subtype": _subtype,
    "alternatives": _alternatives,
    "attachments": _attachments,
    "extra_headers": _headers,
    "envelope_sender": _one_address,
    "metadata": _in_order,
    "send_at": _copy,
    "tags": _tags,
    "track_clicks": _copy,
    "track_opens": _copy,
    "template_id": _template_id,
    "merge_data": _recipient_data,
    "merge_global_data": _global_data,
    "merge_metadata": _recipient_data,
    "esp_extra": _esp_extra,
}
