"""Reads addresses: most by one pattern, the rest (quoted pairs, comments, groups) token by token."""

from __future__ import annotations

import re
from typing import Any

from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError
from tests.benchmarks.by_hand.names import Address
from tests.benchmarks.by_hand.values import is_line

_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*"
_BARE = re.compile(_SPEC)
_WORD = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+"
_NAMED = re.compile(rf'(?:({_WORD}(?: {_WORD})*)|"([\x20\x21\x23-\x5b\x5d-\x7e]*)") <({_SPEC})>')

_TOKEN = re.compile(
    r"""[ \t]+|(?P<word>[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\U0010ffff]+)|"(?P<quoted>(?:[^"\\]|\\.)*)"
    |(?P<literal>\[(?:IPv6:)?[0-9A-Fa-f:.]+\])|(?P<comment>\()|(?P<special>[<>,:;@])""",
    re.VERBOSE | re.DOTALL,
)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_PAIR = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = re.compile(r'(["\\])')
_NOT_BEFORE_AT = re.compile(r"[\x00-\x1f\x7f,;:<>@]")


def addresses(value: Any) -> list[Address]:
    """The addresses in a string or an object."""
    if type(value) is str:
        if "=?" not in value and "?=" not in value:
            if _BARE.fullmatch(value):
                return [(value, None)]
            named = _NAMED.fullmatch(value)
            if named:
                bare, quoted, email = named.groups()
                name = bare or quoted
                return [(email, name if name.strip() else None)]
        return _Reader(value).addresses()
    if type(value) is not dict or "email" not in value or len(value) > 1 + ("name" in value):
        raise RefusedError
    email, name = value["email"], value.get("name")
    if type(email) is not str:
        raise RefusedError
    if "=?" in email or "?=" in email or not _BARE.fullmatch(email):
        email = _Reader(email.strip(" \t")).only_address()
    if name is not None:
        if not is_line(name):
            raise RefusedError
        if "=?" in name:
            raise NotCoveredError
        name = name.strip() or None
    return [(email, name)]


def one_address(value: Any) -> Address:
    """The one address in a string or an object."""
    result = addresses(value)
    if len(result) > 1:
        raise RefusedError
    return result[0]


def ascii_domain(text: str) -> str:
    """An address with its domain in ASCII, if possible."""
    if text.isascii():
        return text
    local, at, domain = text.rpartition("@")
    converted = _to_ascii(domain)
    return f"{local}{at}{converted}" if at and converted else text


def _to_ascii(domain: str) -> str | None:
    if domain.isascii():
        return domain
    import idna

    if len(domain) > 1000:
        return None
    try:
        converted = idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        return None
    return None if converted.endswith(".") else converted


class _Reader:
    """The tokens of one text, and the position of the next one."""

    def __init__(self, text: str) -> None:
        if not is_line(text):
            raise RefusedError
        if "?=" in text:
            raise NotCoveredError
        self._kinds: list[str] = []
        self._values: list[str] = []
        self._next = 0
        self._spaced = False
        self._split(text)

    def addresses(self) -> list[Address]:
        if "comment" in self._kinds:  # a comment may be a part of the name
            raise NotCoveredError
        mailboxes = []
        grouped = False
        while True:
            words = self._words()
            if words and not grouped and self._take(":"):
                grouped, words = True, self._words()
            mailboxes.append(self._mailbox(words))
            if grouped and self._take(";"):
                grouped = False
                self._comments()
            comma = self._take(",")
            self._comments()
            if not grouped and self._kinds[self._next] == "end":
                return mailboxes
            if not comma:
                raise RefusedError

    def only_address(self) -> str:
        if self._spaced or "comment" in self._kinds:
            raise RefusedError
        email = self._spec(self._words())
        if self._kinds[self._next] != "end":
            raise RefusedError
        return email

    def _split(self, text: str) -> None:
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise RefusedError
            kind, at = match.lastgroup, match.end()
            if kind is None:
                self._spaced = True
                continue
            value = match[kind]
            if kind == "comment":
                end = _end_of_comment(text, match.start())
                value, at = text[at : end - 1], end
            if kind in ("comment", "quoted"):
                value = _PAIR.sub(r"\1", value)
            self._kinds.append(value if kind == "special" else kind)
            self._values.append(value)
        self._kinds.append("end")
        self._values.append("")

    def _take(self, kind: str) -> bool:
        taken = self._kinds[self._next] == kind
        self._next += taken
        return taken

    def _words(self) -> list[int]:
        """The indexes of consecutive words and quoted strings; comments among them are skipped."""
        indexes = []
        while self._kinds[self._next] in ("word", "quoted", "comment"):
            if self._kinds[self._next] != "comment":
                indexes.append(self._next)
            self._next += 1
        return indexes

    def _comments(self) -> str:
        comments = []
        while self._kinds[self._next] == "comment":
            comments.append(self._values[self._next].strip())
            self._next += 1
        return " ".join(filter(None, comments))

    def _mailbox(self, words: list[int]) -> Address:
        if self._take("<"):
            name = " ".join(self._values[each] for each in words)
            email = self._spec(self._words())
            self._comments()
            if not self._take(">"):
                raise RefusedError
            comment = self._comments()
            name = f"{name} ({comment})" if name.strip() and comment else name or comment
        else:
            email, name = self._spec(words), self._comments()
        if "=?" in name:
            raise NotCoveredError
        return email, name if name.strip() else None

    def _spec(self, words: list[int]) -> str:
        if not self._take("@") or len(words) != 1:
            raise RefusedError
        self._comments()
        domain, kind = self._values[self._next], self._kinds[self._next]
        self._next += 1
        if kind == "word":
            domain = _to_ascii(_dotted(domain)) or ""
        if kind not in ("word", "literal") or not domain:
            raise RefusedError
        local = self._values[words[0]]
        if self._kinds[words[0]] == "word":
            _dotted(local)
        elif _NOT_BEFORE_AT.search(local):
            raise RefusedError
        else:
            local = '"' + _ESCAPED.sub(r"\\\1", local) + '"'
        if not local.isascii():
            raise RefusedError
        if "=?" in local or "=?" in domain:
            raise NotCoveredError
        return f"{local}@{domain}"


def _dotted(text: str) -> str:
    if text.startswith(".") or text.endswith(".") or ".." in text:
        raise RefusedError
    return text


def _end_of_comment(text: str, start: int) -> int:
    depth = 0
    for mark in _PARENTHESIS.finditer(text, start):
        depth += (mark[0] == "(") - (mark[0] == ")")
        if depth == 0:
            return mark.end()
    raise RefusedError
