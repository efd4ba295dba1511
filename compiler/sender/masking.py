"""Keeps credentials out of everything that people or logs get to see."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from compiler._result import Diagnostic

MASK = "***"

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


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
        """The diagnostics of an answer, which may quote it."""
        return tuple(
            replace(
                each,
                message=self.text(each.message),
                hint=None if each.hint is None else self.text(each.hint),
                params=self.value(dict(each.params)),
            )
            for each in diagnostics
        )

    def header(self, name: str, value: str) -> str:
        """The value of a header as it may be shown."""
        if name.lower() not in _SECRET_HEADERS:
            return self.text(value)
        scheme, _, credentials = value.partition(" ")
        return f"{scheme} {MASK}" if credentials and name.lower().endswith("authorization") else MASK
