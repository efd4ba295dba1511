"""How a request and its answer are shown in full: for `debug`, and for `--dry-run`. Credentials are masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from compiler.json_io.control_characters import visible
from compiler.sender.errors import Response
from compiler.sender.masking import Mask

if TYPE_CHECKING:
    import requests


def request_text(request: requests.PreparedRequest, body: bytes | None, mask: Mask) -> str:
    """The request: its line with the whole URL, its headers, and its body as it is."""
    headers = [
        (name, value if isinstance(value, str) else value.decode("latin-1")) for name, value in request.headers.items()
    ]
    return _text(">", f"{request.method} {request.url}", headers, body or b"", mask)


def response_text(response: Response, mask: Mask) -> str:
    """The answer: status, headers, and its body as it is, decompressed."""
    return _text("<", f"{response.status_code} {response.reason}", response.headers, response.body, mask)


def _text(mark: str, first: str, headers: Iterable[tuple[str, str]], body: bytes, mask: Mask) -> str:
    def lines() -> Iterator[str]:
        yield mask.text(first)
        for name, value in headers:
            yield f"{mask.text(name)}: {mask.header(name, value)}"
        if body:
            yield ""
            yield from mask.text(body.decode("utf-8", "replace")).split("\n")

    return "\n".join(f"{mark} {visible(line)}".rstrip() for line in lines())
