"""Formats requests and responses in full, for `debug` and `--dry-run`. Credentials are masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from compiler.json_io.control_characters import escape_control_characters
from compiler.sender.errors import HttpResponse
from compiler.sender.masking import Mask

if TYPE_CHECKING:
    import requests


def format_request(request: requests.PreparedRequest, body: bytes | None, mask: Mask) -> str:
    """Formats a request: method and URL, headers, and body."""
    headers = [
        (name, value if isinstance(value, str) else value.decode("latin-1")) for name, value in request.headers.items()
    ]
    return _format(">", f"{request.method} {request.url}", headers, body or b"", mask)


def format_response(response: HttpResponse, mask: Mask) -> str:
    """Formats a response: status, headers, and decompressed body."""
    return _format("<", f"{response.status_code} {response.reason}", response.headers, response.body, mask)


def _format(prefix: str, first_line: str, headers: Iterable[tuple[str, str]], body: bytes, mask: Mask) -> str:
    def lines() -> Iterator[str]:
        yield mask.text(first_line)
        for name, value in headers:
            yield f"{mask.text(name)}: {mask.header(name, value)}"
        if body:
            yield ""
            yield from mask.text(body.decode("utf-8", "replace")).split("\n")

    return "\n".join(f"{prefix} {escape_control_characters(line)}".rstrip() for line in lines())
