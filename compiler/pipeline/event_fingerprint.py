"""How a tracking event that comes a second time is recognized.

A service calls a webhook again where its first call was not answered in time, and may group the events otherwise. Where
it gives events no id, what tells a repeat is that it says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def event_fingerprint(event: Mapping[str, Any]) -> str:
    """64 hexadecimal digits that two events share exactly when the service says the same of them.

    `event` is one of the normalized events that `decode_events` gives. The recipe, for other languages: the SHA-256 of
    `esp_event` as JSON text in UTF-8, keys sorted by code point, without spaces, integral numbers without a fraction,
    as in `Mj-EventPayLoad`. The order of keys, and how events were grouped, change nothing. Two events that really
    happened twice and are alike to the second, such as two clicks on one link, count as one. Raises TypeError for what
    is not a mapping, and ValueError for one without `esp_event`, or with something there that is not JSON.
    """
    from hashlib import sha256

    from compiler.json_io.canonical import json_text
    from compiler.json_io.sanitize import sanitize

    if not isinstance(event, Mapping):
        raise TypeError(f"an event is a mapping, not {type(event).__name__}")
    if "esp_event" not in event:
        raise ValueError("the event has no 'esp_event'")
    original, faults, _ = sanitize(event["esp_event"])
    if faults:
        place = f"/esp_event{faults[0].path}"
        raise ValueError(f"the event is not valid JSON, at {place}: {faults[0].message}")
    return sha256(json_text(original).encode()).hexdigest()
