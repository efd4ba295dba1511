"""Masks credentials in requests, responses and what quotes them, before people or logs see them.

The compiler's diagnostics about a message quote the caller's own text and are not masked.
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
_UNREADABLE = "InvalidResponse"  # its hint can quote a key of the response


def _quotes_response(diagnostic: Diagnostic) -> bool:
    return _SERVICE_MESSAGE in diagnostic.params or diagnostic.code == _UNREADABLE


def _encodings(key: str) -> tuple[str, ...]:
    """A key in plain text, as encoded in URLs, and as encoded in JSON."""
    return key, quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]


class Mask:
    """Replaces the API key, the secret key and their HTTP encodings by `***`."""

    def __init__(self, api_key: str, secret_key: str) -> None:
        pair = base64.b64encode(f"{api_key}:{secret_key}".encode("latin-1")).decode("ascii")
        encodings = {pair, *_encodings(api_key), *_encodings(secret_key)}
        # Longest first: masking a part of a longer one would leave the rest of it.
        self._encodings = tuple(sorted(encodings - {""}, key=len, reverse=True))

    def __repr__(self) -> str:
        return "<Mask>"

    def text(self, text: str) -> str:
        """The text without credentials."""
        for encoding in self._encodings:
            text = text.replace(encoding, MASK)
        return text

    def value(self, value: Any) -> Any:
        """A copy of a JSON value without credentials in its strings."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(inner) for key, inner in value.items()}
        return [self.value(inner) for inner in value] if isinstance(value, list | tuple) else value

    def diagnostics(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The diagnostics of a response, masked where they quote it: in hints and the service's message."""
        return tuple(
            self._mask_diagnostic(diagnostic) if _quotes_response(diagnostic) else diagnostic
            for diagnostic in diagnostics
        )

    def _mask_diagnostic(self, diagnostic: Diagnostic) -> Diagnostic:
        masked = {name: self.value(value) for name, value in diagnostic.params.items() if name == _SERVICE_MESSAGE}
        hint = None if diagnostic.hint is None else self.text(diagnostic.hint)
        return replace(diagnostic, hint=hint, params={**diagnostic.params, **masked})

    def header(self, name: str, value: str) -> str:
        """The value of a header without credentials."""
        if name.lower() not in _SECRET_HEADERS:
            return self.text(value)
        scheme, _, credentials = value.partition(" ")
        return f"{scheme} {MASK}" if credentials and name.lower().endswith("authorization") else MASK
