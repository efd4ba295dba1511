"""Decodes the body of a tracking webhook; each event is read by itself, and a bad one does not affect others."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError

_TYPES = {
    "sent": "delivered",
    "open": "opened",
    "click": "clicked",
    "bounce": "bounced",
    "blocked": "rejected",
    "spam": "complained",
    "unsub": "unsubscribed",
}
_REASONS = {
    "user unknown": "bounced",
    "mailbox inactive": "bounced",
    "quota exceeded": "bounced",
    "invalid domain": "bounced",
    "no mail host": "bounced",
    "relay/access denied": "bounced",
    "blacklisted": "blocked",
    "sender blocked": "blocked",
    "content blocked": "blocked",
    "policy issue": "blocked",
    "preblocked": "blocked",
    "spam reporter": "spam",
    "typofix": "invalid",
}
_NONE = type(None)
_KINDS: dict[str, frozenset[type]] = {
    **dict.fromkeys(
        (
            "event", "email", "Message_GUID", "customcampaign", "CustomID", "mj_message_id", "smtp_reply", "ip", "geo",
            "agent", "url", "error_related_to", "error", "comment", "source",
        ),
        frozenset((str, _NONE)),
    ),
    **dict.fromkeys(("mj_campaign_id", "mj_contact_id", "mj_list_id"), frozenset((int, float, _NONE))),
    **dict.fromkeys(("hard_bounce", "blocked"), frozenset((bool, _NONE))),
    "Payload": frozenset((str, int, float, _NONE)),
}  # fmt: skip
_WORDS = {
    **dict.fromkeys(("mj_campaign_id", "mj_contact_id", "mj_list_id"), ("",)),
    **dict.fromkeys(("hard_bounce", "blocked"), ("true", "false", "")),
}
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_ID = re.compile("[1-9][0-9]*")
_LAST_SECOND = 253402300799
_EPOCH = datetime(1970, 1, 1)
_EXACT = 2.0**53
_DEEPEST = 50


def events_by_hand(body: str | bytes) -> tuple[list[dict[str, Any]], bool]:
    """The events, and whether something in them is malformed. Raises RefusedError for an invalid body."""
    try:
        text = body.decode() if isinstance(body, bytes) else body
        text = text.removeprefix("\ufeff")
        _check_pairs(text)
        reader = _Reader()
        value = reader.read(text)
    except RecursionError:
        raise NotCoveredError from None
    except ValueError:
        raise RefusedError from None
    if type(value) is dict:
        value = [value]
    if type(value) is not list:
        raise RefusedError
    malformed = reader.repeated
    events = []
    for each in value:
        event, is_malformed = _event(each)
        events.append(event)
        malformed = malformed or is_malformed
    return events, malformed


def _check_pairs(text: str) -> None:
    """Raises NotCoveredError if there may be a lone surrogate."""
    if ("\\u" in text or not text.isascii()) and _LONE_SURROGATE.search(text):
        raise NotCoveredError


class _Reader:
    """Reads JSON, and records whether an object had a duplicate key."""

    def __init__(self) -> None:
        self.repeated = False

    def read(self, text: str) -> Any:
        try:
            return json.loads(text, object_pairs_hook=self._object, parse_constant=_reject, parse_float=_exact)
        except (json.JSONDecodeError, RefusedError):
            raise
        except ValueError as error:  # more digits than Python converts
            raise NotCoveredError from error

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            self.repeated = True
        return result


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise RefusedError
    return result


def _reject(text: str) -> Any:
    raise RefusedError(text)


def _exact(text: str) -> Any:
    number = float(text)
    if -_EXACT < number < _EXACT:
        return number
    if not isfinite(number):
        return text
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else number


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else float(_reject(text))


def _event(raw: Any) -> tuple[dict[str, Any], bool]:
    is_object = type(raw) is dict
    fields = raw if is_object else {}
    get = fields.get
    error, kind = _text(get("error")), get("event")
    related = _text(get("error_related_to"))
    campaign = _text(get("customcampaign"))
    time, moment = get("time"), _timestamp(get("time"))
    number = get("MessageID")
    digits = _digits(number)
    return {
        "event_type": _type_of(kind, error, get("hard_bounce")),
        "timestamp": moment,
        "message_id": digits or _id(number) or _id(get("mj_message_id")),
        "event_id": None,
        "recipient": _text(get("email")),
        "reject_reason": None if error is None else _REASONS.get(error, "other"),
        "mta_response": _text(get("smtp_reply")) or _text(get("comment")),
        "description": f"{related}: {error}" if related and error else related or error,
        "tags": [] if campaign is None else [campaign],
        "metadata": _metadata(get("Payload")),
        "click_url": _text(get("url")),
        "user_agent": _text(get("agent")),
        "bounce_type": _bounce_type(kind, get("hard_bounce")),
        "esp_event": raw,
    }, (
        not is_object
        or (time not in (None, "") and moment is None)
        or (digits is None and (type(number) is bool or number not in (None, "", 0)))
        or _has_odd_fields(fields)
    )


def _type_of(kind: Any, error: str | None, hard_bounce: Any) -> str:
    if type(kind) is not str:
        return "unknown"
    if error == "greylisted" and (
        kind == "blocked" or (kind == "bounce" and hard_bounce is not True and hard_bounce != "true")
    ):
        return "deferred"
    return _TYPES.get(kind, "unknown")


def _bounce_type(kind: Any, hard_bounce: Any) -> str | None:
    if kind not in ("bounce", "blocked") or type(hard_bounce) not in (bool, str):
        return None
    return {True: "hard", "true": "hard", False: "soft", "false": "soft"}.get(hard_bounce)


def _text(value: Any) -> str | None:
    return value if type(value) is str and value else None


def _timestamp(value: Any) -> str | None:
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if type(value) not in (int, float) or not 0 <= value <= _LAST_SECOND:
        return None
    return (_EPOCH + timedelta(seconds=int(value))).isoformat() + "Z"


def _digits(value: Any) -> str | None:
    if type(value) is float and value.is_integer():
        value = int(value)
    return str(value) if type(value) is int and value > 0 else None


def _id(value: Any) -> str | None:
    return value if type(value) is str and _ID.fullmatch(value) else None


_PAYLOADS = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_constant=_reject, parse_float=_finite)


def _metadata(payload: Any) -> dict[str, Any]:
    if type(payload) is not str or not payload:
        return {}
    _check_pairs(payload)
    try:
        value = _PAYLOADS.decode(payload)
    except ValueError as error:
        if not isinstance(error, json.JSONDecodeError | RefusedError):
            raise NotCoveredError from error
        return {}
    if type(value) is not dict:
        return {}
    _check_depth(value, 1)
    return value


def _has_odd_fields(fields: dict[str, Any]) -> bool:
    odd = False
    for name, value in fields.items():
        kind, kinds = type(value), _KINDS.get(name)
        if kinds is not None and kind not in kinds and value not in _WORDS.get(name, ()):
            odd = True
        if kind is dict or kind is list:
            _check_depth(value, 1)
    return odd


def _check_depth(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise NotCoveredError
    for each in value.values() if type(value) is dict else value:
        if type(each) is dict or type(each) is list:
            _check_depth(each, depth + 1)
