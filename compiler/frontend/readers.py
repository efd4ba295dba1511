"""Readers: one function for each kind of field. They turn a value of the message into its canonical form.

A reader of a whole field takes the canonical message, the value and the message, and writes its part of the canonical
message; it may read many items together. A reader of one item or member is what the field's reader uses for each, and
what the full driver calls item by item to learn what is wrong. Both raise `Invalid`. Types and shapes were checked
before, by the schema; which fields there are is in `fields`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any, Literal, NamedTuple

from compiler.json_io.canonical import number_text
from compiler.json_io.plain import deep_copy
from compiler.mail.addresses import (
    ADDRESS,
    LINE_BREAK,
    MAILBOX,
    QUOTED_WORDS,
    AddressError,
    find_line_break,
    has_line_break,
    mailbox_lines,
    parse_addr_spec,
    parse_address_list,
    validate_display_name,
)
from compiler.mail.attachments import (
    bare_content_id,
    bare_media_type,
    base64_size,
    default_filename,
    guess_media_type,
    text_to_base64,
)
from compiler.mail.headers import SHOWN_RECIPIENTS, is_header_name
from compiler.mail.times import format_time, parse_time

Message = Mapping[str, Any]
Canonical = dict[str, Any]
NO_MEMBERS: Collection[str] = ()

_ADDRESS_HINT = (
    "write it as local@domain, with a name as Name <local@domain>; a name with a comma needs quotation marks"
)
_LINE_BREAK_HINT = "a line break or NUL would let the value run into the next header"


class Issue(NamedTuple):
    """One thing wrong with a value; `subpath` leads from the value to what is at fault."""

    code: str
    reason: str | None
    message: str
    hint: str | None = None
    subpath: tuple[str | int, ...] = ()
    feature: str | None = None


class Invalid(Exception):  # noqa: N818 - it reads well: raise Invalid
    """A value that cannot be used, and every reason why; without reasons it was refused before."""

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        super().__init__()
        self.issues = issues


Merge = Literal["replace", "append", "merge"]
Reader = Callable[[Canonical, Any, Message], None]


def build_reader(name: str, read_item: Callable[[Any], Any], merge: Merge, key_of: Callable[[str], str]) -> Reader:
    """The reader of a whole field: its value is read by `read_item`, or each of its items or members is."""

    def read_value(canonical: Canonical, value: Any, message: Message) -> None:
        canonical[name] = read_item(value)

    def read_items(canonical: Canonical, value: list[Any], message: Message) -> None:
        canonical[name] = [read_item(item) for item in value]

    def read_members(canonical: Canonical, value: Mapping[str, Any], message: Message) -> None:
        if key_of is not str and len(set(map(key_of, value))) < len(value):
            raise Invalid  # two names of one member
        canonical[name] = {key: read_item(value[key]) for key in sorted(value)}

    return {"replace": read_value, "append": read_items, "merge": read_members}[merge]


# --- Addresses --------------------------------------------------------------------------------------------------------


class AddressReader:
    """Reads addresses; with `ascii_only`, a local part beyond ASCII is refused, as by a service without SMTPUTF8."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._parse_list = partial(parse_address_list, allow_utf8=not ascii_only)
        self._parse_one = partial(parse_addr_spec, allow_utf8=not ascii_only)

    def read_addresses(self, item: Any, refused: Collection[str] = NO_MEMBERS) -> list[dict[str, str]]:
        """Reads the addresses of one text, or the address of an object; `refused` are members known to be invalid."""
        if type(item) is dict:
            return [self._read_object(item, refused)]
        match = MAILBOX.fullmatch(item)
        if match is None:
            try:
                return [_address(mailbox.email, mailbox.name) for mailbox in self._parse_list(item)]
            except AddressError as error:
                raise Invalid((_address_issue(error),)) from None
        bare, name, email = match.groups()
        return [{"email": bare} if bare else {"email": email, "name": name[1:-1] if name[0] == '"' else name}]

    def _read_object(self, item: Mapping[str, Any], refused: Collection[str]) -> dict[str, str]:
        email, name = item.get("email"), item.get("name")
        if not refused and ADDRESS.fullmatch(email or "") and (name is None or QUOTED_WORDS.fullmatch(name)):
            return _address(email or "", name)
        issues: list[Issue] = []
        email = _read_part(self._parse_one, email, "email", refused, issues)
        name = _read_part(validate_display_name, name, "name", refused, issues)
        if issues or refused:
            raise Invalid(issues)
        return _address(email, name)

    def read_one_address(
        self, item: Any, refused: Collection[str] = NO_MEMBERS, what: str = "expected exactly one address"
    ) -> dict[str, str]:
        """Reads a text or object with exactly one address."""
        addresses = self.read_addresses(item, refused)
        if len(addresses) != 1:
            raise Invalid((Issue("InvalidAddress", None, f"{what}, got {len(addresses)}"),))
        return addresses[0]

    def _read_items(self, items: list[Any]) -> list[dict[str, str]]:
        """Reads items of one or several addresses each; many common ones are matched together, each on its own line."""
        if len(items) == 1:
            return self.read_addresses(items[0])
        try:
            lines = "\n".join(items)
        except TypeError:
            lines = ""
        if mailbox_lines().fullmatch(lines) is None or lines.count("\n") >= len(items):
            return [address for item in items for address in self.read_addresses(item)]
        addresses = []
        for item in items:
            if item[-1] != ">":
                addresses.append({"email": item})
            else:
                name, _, email = item.rpartition(" <")
                addresses.append({"email": email[:-1], "name": name if name[0] != '"' else name[1:-1]})
        return addresses

    def list_reader(self, name: str) -> Reader:
        """The reader of a field whose items contain one or several addresses each."""

        def read(canonical: Canonical, value: list[Any], message: Message) -> None:
            canonical[name] = self._read_items(value) if value else []

        return read

    def read_header(self, name: str, value: Any) -> Any:
        """Reads the value of a header; None for a blank Reply-To, which counts as none."""
        if not is_header_name(name):
            if has_line_break(name):
                message = "the header's name contains a line break or NUL"
                raise Invalid((Issue("InvalidValue", "line-break", message, _LINE_BREAK_HINT),))
            hint = "a header's name is visible ASCII characters, without colons and spaces (RFC 5322)"
            raise Invalid((Issue("InvalidMessage", "header-name", "invalid header field name", hint),))
        text = read_line(value) if type(value) is str else number_text(value)
        key = name.lower()
        if key == "from":
            return self.read_one_address(text, what="a From header must hold exactly one address")
        if key == "reply-to":
            return self.read_addresses(text) if text.strip() else None
        return text

    def read_headers(self, canonical: Canonical, value: Mapping[str, Any], message: Message) -> None:
        """`extra_headers`: those that name someone become members of their own, the others `headers`."""
        if len(value) > 1 and len({name.lower() for name in value}) < len(value):
            raise Invalid
        headers: dict[str, Any] = {}
        for name in sorted(value) if len(value) > 1 else value:
            text = self.read_header(name, value[name])
            member = _SPECIAL.get(name.lower())
            if member is None:
                headers[name] = text
            elif text is not None:
                canonical[member] = text
        if headers:
            canonical["headers"] = headers


def _read_part(parse: Callable[[str], Any], value: Any, key: str, refused: Collection[str], issues: list[Issue]) -> Any:
    if value is None or key in refused:
        return None
    try:
        return parse(value)
    except AddressError as error:
        issues.append(_address_issue(error, (key,)))
        return None


def _address(email: str, name: str | None) -> dict[str, str]:
    return {"email": email} if name is None else {"email": email, "name": name}


def _address_issue(error: AddressError, subpath: tuple[str, ...] = ()) -> Issue:
    if error.reason == "line-break":
        return Issue("InvalidValue", "line-break", error.message, _LINE_BREAK_HINT, subpath)
    if error.reason == "local-part":
        hint = "such an address cannot be delivered to; ask for one in ASCII"
        return Issue("UnsupportedFeature", None, error.message, hint, subpath, feature="non-ascii local part")
    return Issue("InvalidAddress", None, error.message, _ADDRESS_HINT, subpath)


def check_senders(canonical: Canonical) -> None:
    """Checks that `from_email` is one address if there is a From header: then it is the envelope sender."""
    if "header_from" in canonical and len(canonical.get("from_email") or ()) > 1:
        message = "beside a From header this is the envelope sender, which must be one address"
        raise Invalid((Issue("InvalidAddress", None, message),))


def decide_delivery(canonical: Canonical) -> None:
    """Sets `delivery`, if the message does not: copies make it shared, as they show who else gets the message.

    Individual messages have no copies, and a shared message has no data of single recipients.
    """
    copies = next((name for name in ("cc", "bcc") if canonical.get(name)), None)
    given = canonical.get("delivery")
    if given is None:
        canonical["delivery"] = "individual" if copies is None else "shared"
    elif given == "individual" and copies is not None:
        message = (
            f"with individual delivery each recipient gets a message of their own, but {copies} needs a shared one"
        )
        hint = f"leave delivery out, or send the copies in {copies} as a separate message"
        raise Invalid((Issue("IncompatibleFields", None, message, hint),))
    elif given == "shared":
        data = (
            "merge_data" if "merge_data" in canonical else "merge_metadata" if canonical.get("merge_metadata") else ""
        )
        if data:
            message = f"a shared message is the same for all recipients, but {data} needs one for each"
            raise Invalid((Issue("IncompatibleFields", None, message, f"leave delivery out, or {data}"),))


# --- Single values ----------------------------------------------------------------------------------------------------


def check_lines(*lines: tuple[str, tuple[str | int, ...]]) -> None:
    """Checks texts of one line for line breaks, also those hidden in encoded words; `lines` are texts and subpaths."""
    issues = []
    for text, subpath in lines:
        problem = find_line_break(text)
        if problem is not None:
            message = f"the value must be one line, got {problem}"
            issues.append(Issue("InvalidValue", "line-break", message, _LINE_BREAK_HINT, subpath))
    if issues:
        raise Invalid(issues)


def may_break(text: str) -> bool:
    """Whether a text may contain a line break, in any form; true for a concatenation if it is true for a part."""
    return "=?" in text or (not text.isprintable() and LINE_BREAK.search(text) is not None)


def read_line(value: str, refused: Collection[str] = NO_MEMBERS) -> str:
    """Reads a text of one line."""
    if may_break(value):
        check_lines((value, ()))
    return value


def read_as_is(value: Any, refused: Collection[str] = NO_MEMBERS) -> Any:
    """Reads a value that is canonical already."""
    return value


def read_send_at(value: Any, refused: Collection[str] = NO_MEMBERS) -> dict[str, Any]:
    """Reads a time, as text and as whole seconds since 1970; of one that does not exist only the text is known."""
    if type(value) is str:
        seconds = parse_time(value)
        return {"text": value} if seconds is None else {"text": value, "seconds": seconds}
    seconds = math.floor(value)
    text = format_time(seconds)
    return {"seconds": seconds} if text is None else {"text": text, "seconds": seconds}


def read_template_id(value: Any, refused: Collection[str] = NO_MEMBERS) -> str:
    """Reads a text, or a number as its text."""
    return value if type(value) is str else number_text(value)


# --- Bodies -----------------------------------------------------------------------------------------------------------

Source = tuple[str | int, ...]


def assign_parts(
    message: Message, is_invalid: Callable[..., bool] = lambda *_: False
) -> Iterator[tuple[str, Source, bool]]:
    """What `body` and each alternative become: `text`, `html` or `other_parts`; their source; whether it is valid.

    The first plain text is the text; HTML is a list, because the last one counts; other types stay alternatives.
    `is_invalid(*tokens)` is whether the schema refused a value.
    """
    has_text = False
    if message.get("body") is not None or is_invalid("body"):
        is_open = is_invalid("content_subtype")  # then the body may be text or HTML
        is_html = message.get("content_subtype") == "html" and not is_open
        has_text = not is_html
        if has_text:
            yield "text", ("body",), not is_open and not is_invalid("body")
        if is_html or is_open:
            yield "html", ("body",), not is_open and not is_invalid("body")
    for index, part in enumerate(message.get("alternatives") or ()):
        source = ("alternatives", index)
        if is_invalid(*source) or type(part) is not dict or is_invalid(*source, "mimetype"):
            yield "html", source, False
            continue
        kind = _part_kind(part["mimetype"], has_text)
        has_text = has_text or kind == "text"
        yield kind, source, not is_invalid(*source, "content")


def _part_kind(mimetype: str, has_text: bool) -> str:
    if mimetype == "text/html":
        return "html"
    media_type = bare_media_type(mimetype)
    if media_type == "text/plain" and not has_text:  # the text of which the HTML is another version
        return "text"
    return "html" if media_type == "text/html" else "other_parts"


def read_part(message: Message, kind: str, source: Source) -> Any:
    """The canonical form of the body or of an alternative that becomes a part of this kind."""
    if source == ("body",):
        return message["body"] if kind == "text" else {"content": message["body"]}
    part = message["alternatives"][source[1]]
    if kind == "text":
        return part["content"]
    return {key: part[key] for key in (("content",) if kind == "html" else ("content", "mimetype"))}


def read_body(canonical: Canonical, value: str, message: Message) -> None:
    """`body`: the text, or the first HTML; if there are alternatives, they are read together."""
    if message.get("content_subtype") != "html":
        canonical["text"] = value
    elif message.get("alternatives") is None:
        canonical["html"] = [{"content": value}]


def read_content_subtype(canonical: Canonical, value: str, message: Message) -> None:
    """`content_subtype`: it says how the body is meant; without a body it stays."""
    if message.get("body") is None:
        canonical["content_subtype"] = value


def read_alternatives(canonical: Canonical, value: list[Any], message: Message) -> None:
    """`alternatives`: by their media type."""
    body = message.get("body")
    is_html = message.get("content_subtype") == "html"
    has_text = body is not None and not is_html
    if body is not None and is_html:
        canonical["html"] = [{"content": body}]
    for part in value:
        kind = _part_kind(part["mimetype"], has_text)
        if kind == "html":
            canonical.setdefault("html", []).append({"content": part["content"]})
        elif kind == "text":
            canonical["text"], has_text = part["content"], True
        else:
            other = {"content": part["content"], "mimetype": part["mimetype"]}
            canonical.setdefault("other_parts", []).append(other)


# --- Attachments ------------------------------------------------------------------------------------------------------

ATTACHMENT_MEMBERS = ("filename", "content", "encoding", "mimetype", "disposition", "content_id")


def read_attachment(item: Mapping[str, Any], refused: Collection[str] = NO_MEMBERS) -> dict[str, Any]:
    """Reads an attachment: its content as base64, with a media type and a name; `filename` only if it is given."""
    if refused:
        raise Invalid
    content, filename = item["content"], item.get("filename") or ""
    mimetype, content_id = item.get("mimetype"), item.get("content_id") or ""
    issues: list[Issue] = []
    if may_break(filename + (mimetype or "") + content_id):
        try:
            check_lines((filename, ("filename",)), (mimetype or "", ("mimetype",)), (content_id, ("content_id",)))
        except Invalid as error:
            issues += error.issues
    if item.get("encoding") == "utf-8":
        content, _ = text_to_base64(content)
    elif base64_size(content) is None:
        hint = "base64 is RFC 4648, padded, without white space; for plain text set encoding to utf-8"
        issues.append(Issue("InvalidValue", "base64", "must be valid base64", hint, ("content",)))
    inline = item.get("disposition") == "inline"
    content_id = bare_content_id(content_id)
    if inline and not content_id:
        hint = "the HTML refers to an inline attachment by its content_id, as cid:…"
        issues.append(Issue("MissingField", None, "an inline attachment needs a content_id", hint, ("content_id",)))
    if issues:
        raise Invalid(issues)
    if not mimetype:
        mimetype = guess_media_type(filename or None)
    name = filename or default_filename(mimetype)
    attachment: dict[str, Any] = {"mimetype": mimetype, "content": content, "inline": inline, "name": name}
    if filename:
        attachment["filename"] = filename
    if content_id:
        attachment["content_id"] = content_id
    return attachment


# --- Headers ----------------------------------------------------------------------------------------------------------

_SPECIAL: Mapping[str, str] = {"from": "header_from", "reply-to": "header_reply_to", **SHOWN_RECIPIENTS}
SPECIAL_HEADERS = tuple(_SPECIAL.values())
"""The members of the canonical message for the headers that name someone. They are removed from `headers`."""


def header_member(name: str) -> str | None:
    """The member of the canonical message that a header becomes; None for one that stays among `headers`."""
    return _SPECIAL.get(name.lower()) if name.isascii() else None


# --- Objects ----------------------------------------------------------------------------------------------------------

_NULL = type(None)
_OBJECT = frozenset({dict})
_SCALARS = frozenset({str, int, float, bool})


def read_merge_member(value: Any) -> Any:
    """Reads a member of merge data, in which no value may be null, at any depth."""
    if _has_null([[value]]):
        raise Invalid(_null_issues(value, []))
    return deep_copy(value)


def read_recipient_member(value: Any) -> Any:
    """Reads the data of one recipient, in which values may be null, but which must not be null itself."""
    if value is None:
        raise Invalid(_null_issues(value, []))
    return deep_copy(value)


def _has_null(containers: list[Any]) -> bool:
    """Whether null is in these lists and objects, or deeper in them."""
    while containers:
        inner: list[Any] = []
        for container in containers:
            inner += container.values() if type(container) is dict else container
        kinds = set(map(type, inner))
        if _NULL in kinds:
            return True
        containers = [] if kinds <= _SCALARS else [item for item in inner if type(item) is dict or type(item) is list]
    return False


def _null_issues(value: Any, tokens: list[str | int]) -> Iterator[Issue]:
    if value is None:
        hint = "leave the variable out, or give it an empty string"
        yield Issue("InvalidValue", "null", "a merge value must not be null", hint, tuple(tokens))
    elif isinstance(value, dict | list):
        for key, inner in sorted(value.items()) if isinstance(value, dict) else enumerate(value):
            tokens.append(key)
            yield from _null_issues(inner, tokens)
            tokens.pop()


def recipient_data(name: str, *, has_nulls: bool) -> Reader:
    """The reader of an object whose keys are addresses and whose members are objects."""

    def read(canonical: Canonical, value: Mapping[str, Any], message: Message) -> None:
        if not "".join(value).isascii():  # a domain may have to be converted
            raise Invalid
        objects = list(value.values())
        if not set(map(type, objects)) <= _OBJECT:
            raise Invalid
        if set(map(type, chain.from_iterable(map(dict.values, objects)))) <= _SCALARS:
            canonical[name] = dict(zip(value, map(dict.copy, objects), strict=True))
            return
        if not has_nulls and _has_null(objects):
            raise Invalid
        canonical[name] = deep_copy(value)

    return read
