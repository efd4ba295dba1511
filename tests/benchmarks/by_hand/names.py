"""Addresses in a header: with a bare or quoted name, or an encoded word."""

from __future__ import annotations

import base64
import re

Address = tuple[str, str | None]  # e-mail address and display name

_SAFE = re.compile(r"[A-Za-z0-9'_-]+(?: [A-Za-z0-9'_-]+)*")
_NEEDS_QUOTES = re.compile(r'[()<>@:;.\\"\[\]\t,]|^ | $|  ')
_NEEDS_ENCODING = re.compile(r"[^\t\x20-\x7e]")
_ESCAPED = re.compile(r'(["\\])')
_BARE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-!*+/")


def in_header(address: Address, *, encode_commas: bool) -> str:
    """An address for a header; in address lists of a payload, commas have to be encoded."""
    email, name = address
    if name is None:
        return email
    if _SAFE.fullmatch(name):
        return f"{name} <{email}>"
    if _NEEDS_ENCODING.search(name) or (encode_commas and "," in name):
        return f"{_encode_word(name)} <{email}>"
    if _NEEDS_QUOTES.search(name):
        escaped = _ESCAPED.sub(r"\\\1", name)
        return f'"{escaped}" <{email}>'
    return f"{name} <{email}>"


def _encode_word(name: str) -> str:
    octets = name.encode()
    in_q = "".join(chr(each) if each in _BARE else "_" if each == 32 else f"={each:02X}" for each in octets)
    in_b = base64.b64encode(octets).decode("ascii")
    return f"=?utf-8?b?{in_b}?=" if len(in_b) < len(in_q) else f"=?utf-8?q?{in_q}?="
