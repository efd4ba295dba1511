"""Hypothesis strategies: any JSON, messages that mostly compile, and messages in which anything may stand anywhere."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from compiler.message.guard import FIELDS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)

_LOCALS = st.sampled_from(["alice", "bob", "Carol", "dave.d", "erin+x", '"f g"'])
_DOMAINS = st.sampled_from(["example.com", "Example.COM", "bücher.example", "xn--bcher-kva.example", "[192.0.2.1]"])
ADDR_SPECS = st.builds("{}@{}".format, _LOCALS, _DOMAINS)
NAMES = st.one_of(
    st.sampled_from(["Bob", "Smith, Bob", 'Q "X" (y)', "Jörg", "=?utf-8?q?J=C3=B6rg?=", " spaced  out ", "a\\b", ""]),
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12),
)
ADDRESSES = st.one_of(
    ADDR_SPECS,
    ADDR_SPECS.map("Bob <{}>".format),
    ADDR_SPECS.map('"Smith, Bob" <{}>'.format),
    st.fixed_dictionaries({"email": ADDR_SPECS}, optional={"name": st.none() | NAMES}),
)
_TEXTS = st.sampled_from(["", "x", "Dear [[var:name]]", "Hi {{var:name}}", "Grüße", "a, b", "}} {{"])
_SAFE_JSON = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_VALUES = st.dictionaries(_TEXTS, _SAFE_JSON, max_size=3)
_EXTRA = {
    "Mj-prio": st.integers(0, 3),
    "MJ-customid": _TEXTS,
    "subject": _TEXTS,
    "Headers": st.dictionaries(st.sampled_from(["X-A", "x-a", "reply-to"]), ADDR_SPECS, max_size=2),
    "vars": _VALUES,
    "Mj-New": _SAFE_JSON,
    "FromEmail": ADDR_SPECS,
    "Mj-campaign": _TEXTS,
    "Mj-deduplicatecampaign": st.sampled_from([0, 1]),
    "Recipients": st.lists(st.fixed_dictionaries({"Email": ADDR_SPECS}), max_size=2),
    "To": ADDR_SPECS,
}

LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "from_email": st.none() | ADDRESSES,
    "to": st.lists(ADDRESSES, min_size=1, max_size=4),
    "cc": st.just([]) | st.lists(ADDRESSES, max_size=2),
    "bcc": st.just([]) | st.lists(ADDRESSES, max_size=2),
    "subject": _TEXTS,
    "body": _TEXTS,
    "content_subtype": st.sampled_from(["plain", "html"]),
    "alternatives": st.lists(
        st.fixed_dictionaries({"content": _TEXTS, "mimetype": st.sampled_from(["text/html", "TEXT/html", "text/amp"])}),
        max_size=2,
    ),
    "tags": st.lists(_TEXTS, max_size=2),
    "send_at": st.sampled_from([0, 1.5, "2017-06-01"]),
    "template_id": st.sampled_from([7, "0176375", "name", 9007199254740993]),
    "merge_data": st.dictionaries(ADDR_SPECS, _VALUES, max_size=3),
    "merge_global_data": _VALUES,
    "esp_extra": st.fixed_dictionaries({}, optional=_EXTRA),
}
LIKELY_MESSAGES = st.fixed_dictionaries(
    {name: LIKELY[name] for name in ("from_email", "to", "body")},
    optional={name: strategy for name, strategy in LIKELY.items() if name not in ("from_email", "to", "body")},
)
LIKELY_DEFAULTS = st.fixed_dictionaries(
    {}, optional={name: strategy for name, strategy in LIKELY.items() if name != "content_subtype"}
)
LIKELY_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "send_defaults": LIKELY_DEFAULTS,
        "ignore_unsupported_features": st.sampled_from([True, True, False, ["multiple tags"]]),
        "template_sender": ADDRESSES,
    },
)


def _anything(name: str) -> st.SearchStrategy[Any]:
    return LIKELY[name] | JSON if name in LIKELY else JSON


ANY_MESSAGES = JSON | st.fixed_dictionaries(
    {}, optional={name: _anything(name) for name in (*FIELDS, "$schema", "typo")}
)
ANY_OPTIONS = LIKELY_OPTIONS | st.fixed_dictionaries(
    {},
    optional={
        "send_defaults": ANY_MESSAGES,
        "ignore_unsupported_features": JSON,
        "template_sender": JSON,
        "typo": JSON,
    },
)
