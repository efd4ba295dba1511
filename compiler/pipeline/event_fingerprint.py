"""Recognizes a tracking event that is delivered a second time.

A service calls a webhook again if its first call was not answered in time, and may group the events differently. If
events have no id, a repeated event is recognized by its content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def event_fingerprint(event: Mapping[str, Any]) -> str:
    """64 hexadecimal digits, the same for two events exactly if the service reported the same content for them.

    `event` is one of the normalized events that `decode_events` gives. The recipe, for other languages: the SHA-256 of
    `esp_event` as JSON text in UTF-8, keys sorted by code point, without spaces, integral numbers without a fraction,
    as in `Mj-EventPayLoad`. The order of keys and the grouping of events do not matter. Two real events that are
    equal to the second, such as two clicks on one link, count as one. Raises TypeError if the event is not a mapping,
    and ValueError if it has no `esp_event`, or one that is not valid JSON.
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
