"""Payloads written by hand, also ones that the compiler would never send."""

from __future__ import annotations

import base64
from typing import Any

HOSTILE = "</title></pre>'\"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\u202e\ud800&lt;"

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4IScHRAwQCgAfJgQRoo8irwAAAABJRU5ErkJggg=="
)  # 2 by 2 pixels


def attachment(name: str, content: bytes = b"x", media_type: str = "text/plain") -> dict[str, str]:
    return {"Filename": name, "Content-type": media_type, "content": base64.b64encode(content).decode("ascii")}


def payload(**properties: Any) -> dict[str, Any]:
    """Builds a payload; `Text_part` becomes Text-part and so on, except Inline_attachments."""
    named = {
        name if name == "Inline_attachments" else name.replace("_", "-"): value for name, value in properties.items()
    }
    private = {} if "To" in named else {"Recipients": [{"Email": "alice@example.com"}]}
    return {"FromEmail": "team@example.com", "Subject": "Minutes", **private, **named}
