"""Parses addresses: RFC 5322 text to pairs of e-mail address and display name.

This module has the parser, its error, and the checks on names and domains. For encoded words, and for writing
addresses, see `encoded_words`. How many addresses a field may contain is decided by the front end.

The parser is our own. `email.utils` gives different results in different patch releases of Python and glues words
together (`a b@x.com` becomes `ab@x.com`); `email.headerregistry` decodes encoded words and can crash on odd input. This
one reads its text once, without recursion, and either parses all of it or reports an error.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from compiler.mail.encoded_words import decodings, holds_part_of_encoded_word

# NUL, and the characters at which `str.splitlines` splits.
LINE_BREAK = re.compile("[\0\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

_SURROGATE = re.compile("[\ud800-\udfff]")

# Dots are part of a word: neither a local part nor a domain may have white space around them. An atom (RFC 5322,
# 3.2.3; also non-ASCII characters) is written as a complement, which is compiled in a tenth of the time.
_TOKEN = re.compile(
    r"""(?P<space>[ \t]++)
    |(?P<word>[^\x00-\x20"(),:;<>@\[\\\]\x7f]++)
    |"(?P<quoted>[^"\\]*+(?:\\.[^"\\]*+)*+)"
    |(?P<literal>\[(?:IPv6:)?[0-9A-Fa-f:.]++\])
    |(?P<comment>\()
    |(?P<special>[<>,:;@])
    """,
    re.VERBOSE | re.DOTALL,
)
_UNREADABLE = {
    '"': "a quotation mark has no partner",
    "[": "a bracket has no partner, or encloses something else than an IP address",
    "]": "a bracket has no partner",
    ")": "a parenthesis has no partner",
}
_UNREADABLE_OTHER = "a backslash or control character stands outside quotation marks"
_COMMENT_MARK = re.compile(r"\\.|[()]", re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_QUOTE_OR_BACKSLASH = re.compile(r'["\\]')
_LIST_CHARACTER = re.compile("[,;:<>@]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Far over the 253 characters of a domain name, as some characters vanish in the conversion. It bounds idna's work.
_LONGEST_DOMAIN = 1000

Reason = Literal["address", "line-break", "local-part"]

# What needs no parser: a bare address, or a name and one in angle brackets. The name is words of letters, digits and
# characters of an atom, or anything harmless in quotation marks. None of them contains a question mark, so none
# contains an encoded word, and none contains a line break or, in the address, a non-ASCII character.
_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=^_`{|}~]++"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*+@{_ATOM}(?:\.{_ATOM})*+"
_WORD = r"[\w!#$%&'*+\-/=^`{|}~.]++"
_QUOTED = r"[\w!#$%&'*+\-/=^`{|}~.,;:@()<>\[\]]++"
_QUOTED_WORDS = f"{_QUOTED}(?: ++{_QUOTED})*+"
MAILBOX = re.compile(rf'^(?:({_ADDRESS})|({_WORD}(?: {_WORD})*+|"{_QUOTED_WORDS}") <({_ADDRESS})>)$', re.MULTILINE)
"""A common mailbox, whole: the bare address, or the name (quotation marks included) and the address."""

ADDRESS = re.compile(_ADDRESS)
"""A common bare address."""

QUOTED_WORDS = re.compile(_QUOTED_WORDS)
"""A common display name, unquoted."""


@cache
def mailbox_lines() -> re.Pattern[str]:
    """The pattern of common mailboxes, each on its own line; compiled only if a list has several."""
    mailbox = rf'(?:{_ADDRESS}|(?:{_WORD}(?: {_WORD})*+|"{_QUOTED_WORDS}") <{_ADDRESS}>)'
    return re.compile(rf"{mailbox}(?:\n{mailbox})*+")


class Mailbox(NamedTuple):
    """An e-mail address, its domain in ASCII form, and its display name: unquoted, encoded words left as they are."""

    email: str
    name: str | None


class AddressError(ValueError):
    """A text that is not an address, or not one that can be delivered to.

    reason: `line-break` for NUL or a line break in the text or a decoded name, `local-part` for a non-ASCII local part,
    `address` for anything else; message: what is wrong, for people.
    """

    reason: Reason
    message: str

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


def parse_address_list(text: str, *, allow_utf8: bool = False) -> tuple[Mailbox, ...]:
    """Parses comma-separated addresses and groups: `a@x.com, B <b@x.com>` gives two, at least one.

    With `allow_utf8`, a local part can have characters beyond ASCII (RFC 6532). Raises AddressError. Source: RFC 5322,
    3.4, without source routes, empty items and empty groups.
    """
    _check_characters(text)
    addresses = _Parser(_tokens(text)).addresses()
    return tuple(_check_deliverable(address, allow_utf8=allow_utf8) for address in addresses)


def parse_addr_spec(text: str, *, allow_utf8: bool = False) -> str:
    """Checks a bare `local@domain`, without name, angle brackets or comments; returns it with its domain in ASCII.

    White space around it is dropped, none is allowed inside. `allow_utf8` is as in `parse_address_list`. Raises
    AddressError.
    """
    _check_characters(text)
    address = _Parser(_tokens(text.strip(" \t"), bare=True)).bare_address()
    return _check_deliverable(address, allow_utf8=allow_utf8).email


def validate_display_name(text: str) -> str | None:
    """Returns a display name without surrounding white space; None if it is blank, as it is or decoded.

    Raises AddressError("line-break") if the name contains a line break, as it is or as any reader may decode it.
    """
    problem = find_line_break(text)
    if problem is not None:
        raise AddressError("line-break", f"a display name must not hold {problem}")
    *_, decoded = decodings(text)
    return text.strip() if decoded.strip() else None


def find_line_break(text: str) -> str | None:
    """Describes the line break in a text that should be one line; None if there is none.

    It may be hidden in encoded words, also in those that only a generous reader decodes, or in nested ones.
    """
    if has_line_break(text):
        return "a line break or NUL"
    if "=?" not in text:
        return None
    try:
        is_hidden = any(map(has_line_break, decodings(text, generous=True)))
    except ValueError as error:
        return f"{error}, where a line break could be hidden"
    return "a line break or NUL in an encoded word" if is_hidden else None


def ascii_domain(email: str) -> str:
    """Returns the address with its domain in ASCII form, or unchanged if there is no such form. Never raises."""
    local, at, domain = email.rpartition("@")
    return f"{local}@{_ascii_form(domain) or domain}" if at else email


def has_line_break(text: str) -> bool:
    """Whether the text contains NUL or a character at which `str.splitlines` splits."""
    return LINE_BREAK.search(text) is not None


class _Token(NamedTuple):
    kind: str  # "word", "quoted", "literal", "comment", "end", or the special character itself
    value: str
    position: int


class _Parser:
    """A parser of one text, with one token of lookahead. It does not check the content of names and local parts."""

    def __init__(self, tokens: Iterator[_Token]) -> None:
        self._tokens = tokens
        self._token = next(tokens)

    def addresses(self) -> list[Mailbox]:
        addresses: list[Mailbox] = []
        in_group = False
        comments: list[_Token] = []  # before the first word
        while True:
            words = comments + self._phrase()
            if not in_group and any(map(_is_word, words)) and self._accept(":"):
                in_group = True
                words = self._phrase()
            addresses.append(self._mailbox(words))
            if in_group and self._accept(";"):
                in_group = False
                self._collect("comment")
            has_comma = self._accept(",")
            comments = self._collect("comment")
            if self._token.kind == "end" and not in_group:
                return addresses
            if not has_comma:
                separator = "comma, or a semicolon at the group's end," if in_group else "comma between two addresses"
                raise self._error(f"a {separator} is missing, or text follows an address")

    def bare_address(self) -> Mailbox:
        email = self._addr_spec(self._phrase(), [])
        if self._token.kind != "end":
            raise self._error("nothing may follow a bare address (local@domain)")
        return Mailbox(email, None)

    def _mailbox(self, phrase: list[_Token]) -> Mailbox:
        """An address and its name. Comments are part of the name; without other words they are the name."""
        comments: list[_Token] = []
        if not self._accept("<"):
            email = self._addr_spec(phrase, comments)
            comments += self._collect("comment")
            return Mailbox(email, _join(comment.value.strip() for comment in comments))
        email = self._addr_spec(self._phrase(), comments)
        comments += self._collect("comment")
        if not self._accept(">"):
            raise self._error('">" is missing after the address')
        comments += self._collect("comment")
        words = " ".join(token.value for token in phrase if _is_word(token))
        if not words.strip():
            spoken = (token for token in (*phrase, *comments) if not _is_word(token))
            return Mailbox(email, words or _join(token.value.strip() for token in spoken))
        name = (token.value if _is_word(token) else _comment(token) for token in (*phrase, *comments))
        return Mailbox(email, " ".join(word for word in name if word is not None))

    def _addr_spec(self, phrase: list[_Token], comments: list[_Token]) -> str:
        """An address; the comments in and beside it are added to `comments`."""
        words = list(filter(_is_word, phrase))
        comments += (token for token in phrase if not _is_word(token))
        if not words:
            raise self._error("an address is missing")
        if not self._accept("@"):
            raise self._error('"@" is missing (a name with a comma or other special characters needs quotation marks)')
        if len(words) > 1:
            raise _error_at(words[1].position, 'unquoted words before "@"')
        comments += self._collect("comment")
        domain = self._collect("word", "literal", at_most=1)
        if not domain:
            raise self._error('a domain is missing after "@"')
        return f"{_local_part(words[0])}@{_domain(domain[0])}"

    def _phrase(self) -> list[_Token]:
        """Words, and the comments among them."""
        return self._collect("word", "quoted", "comment")

    def _accept(self, kind: str) -> bool:
        return bool(self._collect(kind, at_most=1))

    def _collect(self, *kinds: str, at_most: float = float("inf")) -> list[_Token]:
        taken: list[_Token] = []
        while self._token.kind in kinds and len(taken) < at_most:
            taken.append(self._token)
            self._token = next(self._tokens)  # "end" is the last token, and is never collected
        return taken

    def _error(self, message: str) -> AddressError:
        return _error_at(self._token.position, message)


def _is_word(token: _Token) -> bool:
    return token.kind != "comment"


def _comment(token: _Token) -> str | None:
    """A comment as part of a name with other words; None for an empty one."""
    text = token.value.strip()
    return f"({text})" if text else None


def _join(texts: Iterable[str]) -> str | None:
    return " ".join(filter(None, texts)) or None


def _tokens(text: str, *, bare: bool = False) -> Iterator[_Token]:
    """Yields the tokens of a text, "end" last; if it must be `bare`, white space and comments are errors."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _error_at(position, _UNREADABLE.get(text[position], _UNREADABLE_OTHER))
        kind, end = match.lastgroup, match.end()
        value = match[kind]
        if bare and kind in ("space", "comment"):
            raise _error_at(position, "white space and comments are not allowed in a bare address")
        if kind == "comment":
            end = _comment_end(text, position)
            value = text[position + 1 : end - 1]
        if kind in ("quoted", "comment"):
            value = _QUOTED_PAIR.sub(r"\1", value)
        if kind != "space":
            yield _Token(value if kind == "special" else kind, value, position)
        position = end
    yield _Token("end", "", position)


def _comment_end(text: str, start: int) -> int:
    depth = 0
    for mark in _COMMENT_MARK.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if depth == 0:
            return mark.end()
    raise _error_at(start, "a comment is not closed")


def _local_part(token: _Token) -> str:
    if token.kind == "word":
        _check_dots(token)
        return token.value
    if _CONTROL.search(token.value):
        raise _error_at(token.position, 'a control character stands before "@"')
    if _LIST_CHARACTER.search(token.value):
        raise _error_at(
            token.position, 'one of , ; : < > @ stands before "@"; a service might read that as two addresses'
        )
    return '"' + _QUOTE_OR_BACKSLASH.sub(r"\\\g<0>", token.value) + '"'


def _domain(token: _Token) -> str:
    if token.kind == "literal":
        return token.value
    _check_dots(token)
    domain = _ascii_form(token.value)
    if domain is None:
        raise _error_at(token.position, "the international domain name is not valid (IDNA 2008)")
    return domain


def _ascii_form(domain: str) -> str | None:
    """Returns an ASCII domain as it is, another in its ASCII form; None if it has none."""
    if domain.isascii():
        return domain
    if len(domain) > _LONGEST_DOMAIN:
        return None
    import idna

    try:
        converted = idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:  # idna.IDNAError is one
        return None
    return None if converted.endswith(".") else converted


def _check_dots(token: _Token) -> None:
    if token.value.startswith(".") or token.value.endswith(".") or ".." in token.value:
        raise _error_at(token.position, "a dot stands at the beginning, at the end or beside another dot")


def _check_characters(text: str) -> None:
    if has_line_break(text):
        raise AddressError("line-break", "an address must not hold a line break or NUL")
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise _error_at(surrogate.start(), "a lone surrogate is not a character")


def _check_deliverable(address: Mailbox, *, allow_utf8: bool) -> Mailbox:
    name = address.name if address.name and validate_display_name(address.name) else None
    # Only now, so that a text that does not parse is always reported as such.
    if not allow_utf8 and not address.email.isascii():
        raise AddressError("local-part", 'non-ASCII characters before "@" cannot be delivered')
    # RFC 2047, 5 (3), forbids it: decoded, alone or with the text that follows, it could be another address.
    if holds_part_of_encoded_word(address.email):
        raise AddressError("address", "the address itself contains an encoded word; only names can be encoded")
    return Mailbox(address.email, name)


def _error_at(position: int, message: str) -> AddressError:
    return AddressError("address", f"{message} (at character {position + 1})")
