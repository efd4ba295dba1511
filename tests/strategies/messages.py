"""Hypothesis strategies: any JSON, messages that mostly compile, and messages with any JSON in any field."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from compiler.frontend.fields import FIELDS

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
_TEXTS = st.sampled_from(
    ["", "x", '<img src="cid:logo">', "Dear [[var:name]]", "Hi {{var:name}}", "Grüße", "a, b", "}} {{", "²", "007"]
)
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
    "Sender": ADDR_SPECS,
    "Mj-EventPayLoad": _TEXTS,
    "mj-trackopen": st.sampled_from([0, 1, 2]),
    "Attachments": st.lists(
        st.fixed_dictionaries({"Content-type": st.just("text/plain"), "Filename": _TEXTS, "content": st.just("YQ==")}),
        max_size=2,
    ),
}
_HEADERS = st.dictionaries(
    st.sampled_from(["X-A", "x-b", "X-MJ-CustomID", "X-Mailjet-TrackOpen", "Subject"]),
    _TEXTS | st.integers(),
    max_size=2,
)
_SPECIAL_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "from": ADDR_SPECS | ADDR_SPECS.map('"Widgets, Inc." <{}>'.format),
        "reply-TO": ADDR_SPECS
        | st.sampled_from(["", "  "])
        | st.lists(ADDR_SPECS, min_size=1, max_size=2).map(", ".join),
        "To": _TEXTS,
    },
)
_CONTENT_IDS = st.sampled_from(["logo", "<logo>", "logo@example.com", "a b", ""])
_ATTACHMENTS = st.one_of(
    st.fixed_dictionaries(
        {"content": st.sampled_from(["", "YQ==", "iVBORw0KGgo="])},
        optional={
            "filename": st.none() | st.sampled_from(["a.pdf", "A.PNG", "noextension", "", "Grüße, b.txt"]),
            "mimetype": st.none() | st.sampled_from(["image/png", "text/plain; charset=utf-8", "x/odd", ""]),
            "encoding": st.just("base64"),
            "disposition": st.sampled_from([None, "attachment"]),
            "content_id": st.none() | _CONTENT_IDS,
        },
    ),
    st.fixed_dictionaries({"content": _TEXTS, "encoding": st.just("utf-8"), "filename": st.just("a.txt")}),
    st.fixed_dictionaries(
        {"content": st.just("YQ=="), "disposition": st.just("inline"), "content_id": _CONTENT_IDS.filter(bool)},
        optional={"filename": st.sampled_from(["a.png", ""]), "mimetype": st.just("image/png")},
    ),
)

VALID_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "from_email": st.none() | ADDRESSES,
    "to": st.lists(ADDRESSES, min_size=1, max_size=4),
    "cc": st.just([]) | st.lists(ADDRESSES, max_size=2),
    "bcc": st.just([]) | st.lists(ADDRESSES, max_size=2),
    "reply_to": st.lists(ADDRESSES, max_size=2),
    "subject": _TEXTS,
    "body": _TEXTS,
    "content_subtype": st.sampled_from(["plain", "html"]),
    "alternatives": st.lists(
        st.fixed_dictionaries({"content": _TEXTS, "mimetype": st.sampled_from(["text/html", "TEXT/html", "text/amp"])}),
        max_size=2,
    ),
    "attachments": st.lists(_ATTACHMENTS, max_size=3),
    "extra_headers": st.builds(lambda plain, special: plain | special, _HEADERS, _SPECIAL_HEADERS),
    "envelope_sender": ADDRESSES,
    "metadata": _VALUES,
    "track_clicks": st.booleans(),
    "track_opens": st.booleans(),
    "tags": st.lists(_TEXTS, max_size=2),
    "send_at": st.sampled_from([0, 1.5, "2017-06-01"]),
    "template_id": st.sampled_from([7, "0176375", "name", 9007199254740993]),
    "merge_data": st.dictionaries(ADDR_SPECS, _VALUES, max_size=3),
    "merge_global_data": _VALUES,
    "merge_metadata": st.dictionaries(ADDR_SPECS, _VALUES, max_size=3),
    "esp_extra": st.fixed_dictionaries({}, optional=_EXTRA),
}
"""Each field with values that are valid by themselves; fields may still conflict."""

WELL_FORMED_MESSAGES = st.fixed_dictionaries(
    {name: VALID_FIELDS[name] for name in ("from_email", "to", "body")},
    optional={name: strategy for name, strategy in VALID_FIELDS.items() if name not in ("from_email", "to", "body")},
)
WELL_FORMED_DEFAULTS = st.fixed_dictionaries(
    {}, optional={name: strategy for name, strategy in VALID_FIELDS.items() if name != "content_subtype"}
)
WELL_FORMED_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "send_defaults": WELL_FORMED_DEFAULTS,
        "ignore_unsupported_features": st.sampled_from([True, True, False, ["multiple tags"]]),
        "template_sender": ADDRESSES,
    },
)


def _any_value(name: str) -> st.SearchStrategy[Any]:
    return VALID_FIELDS[name] | JSON if name in VALID_FIELDS else JSON


ANY_MESSAGES = JSON | st.fixed_dictionaries(
    {}, optional={name: _any_value(name) for name in (*FIELDS, "$schema", "typo")}
)
ANY_OPTIONS = WELL_FORMED_OPTIONS | st.fixed_dictionaries(
    {},
    optional={
        "send_defaults": ANY_MESSAGES,
        "ignore_unsupported_features": JSON,
        "template_sender": JSON,
        "typo": JSON,
    },
)


def _without_common_conflicts(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    """Removes the most common conflicts from a message and its options, so that most pairs compile."""
    message, options = pair
    defaults = options.get("send_defaults", {})
    documents = (message, defaults)
    copies = any(document.get(name) for document in documents for name in ("cc", "bcc"))
    metadata = any(document.get("merge_metadata") for document in documents)
    for document in documents:
        extra = document.get("esp_extra", {})
        extra.pop("Mj-deduplicatecampaign", None)
        if copies or metadata:
            extra.pop("Recipients", None)
        if not copies or metadata:
            extra.pop("To", None)
        for name in ("merge_data", "merge_metadata"):
            if copies:
                document.pop(name, None)
            if name in document:
                document[name] = {
                    key.replace("bücher", "xn--bcher-kva"): value for key, value in document[name].items()
                }
        if "Headers" in extra:
            extra["Headers"] = {name.lower(): value for name, value in extra["Headers"].items()}
        if document.get("template_id") == "name":
            document["template_id"] = 7
    if not any(document.get("from_email") for document in documents):
        message["from_email"] = "shop@example.com"
    if not message.get("body"):
        message["body"] = "x"
    options["ignore_unsupported_features"] = True
    return message, options


VALID_MESSAGES = st.tuples(WELL_FORMED_MESSAGES, WELL_FORMED_OPTIONS).map(_without_common_conflicts)
"""Pairs of a message and options, most of which compile."""
