"""Keeps credentials out of what goes over the wire, and of what quotes it, where people or logs get to see it.

What the compiler says of a message is the caller's own text, and stays as it is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from compiler.results import Diagnostic

MASK = "***"

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


_SERVICE_MESSAGE = "service_message"
_UNREADABLE = "InvalidResponse"  # its hint can name a key of the answer


def _quotes(diagnostic: Diagnostic) -> bool:
    return _SERVICE_MESSAGE in diagnostic.params or diagnostic.code == _UNREADABLE


def _spellings(key: str) -> tuple[str, ...]:
    """A key as it is, in a URL, and in JSON."""
    return key, quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]


class Mask:
    """Replaces an API key, a secret key, and what is made of them for HTTP, by `***`."""

    def __init__(self, api_key: str, secret_key: str) -> None:
        pair = base64.b64encode(f"{api_key}:{secret_key}".encode("latin-1")).decode("ascii")
        spellings = {pair, *(each for key in (api_key, secret_key) for each in _spellings(key))}
        # The longer first, or what is left of it would stand there.
        self._spellings = tuple(sorted(spellings - {""}, key=len, reverse=True))

    def __repr__(self) -> str:
        return "<Mask>"

    def text(self, text: str) -> str:
        """The text without credentials."""
        for each in self._spellings:
            text = text.replace(each, MASK)
        return text

    def value(self, value: Any) -> Any:
        """A copy of a JSON value without credentials in its strings."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(inner) for key, inner in value.items()}
        return [self.value(inner) for inner in value] if isinstance(value, list | tuple) else value

    def diagnostics(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The diagnostics of an answer, with credentials masked where they quote it: hints and the service's words."""
        return tuple(self._masked(each) if _quotes(each) else each for each in diagnostics)

    def _masked(self, diagnostic: Diagnostic) -> Diagnostic:
        words = {name: self.value(value) for name, value in diagnostic.params.items() if name == _SERVICE_MESSAGE}
        hint = None if diagnostic.hint is None else self.text(diagnostic.hint)
        return replace(diagnostic, hint=hint, params={**diagnostic.params, **words})

    def header(self, name: str, value: str) -> str:
        """The value of a header as it may be shown."""
        if name.lower() not in _SECRET_HEADERS:
            return self.text(value)
        scheme, _, credentials = value.partition(" ")
        return f"{scheme} {MASK}" if credentials and name.lower().endswith("authorization") else MASK
