"""Random rulesets over the orders of a shop, and orders that conform to their schema.

The rules report, and write lists of objects; expressions nest, read items of items, and iterate lists and objects.
Those of `rulesets.py` use every operator instead.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.engine.helpers import const, get, rule, rule_file

_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_PART = {
    "type": "object",
    "properties": {"sku": _TEXT, "tags": _TEXTS, "box": {"type": "object", "additionalProperties": _TEXT}},
    "additionalProperties": False,
}
ORDER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "tags": _TEXTS,
        "prices": {"type": "object", "additionalProperties": {"type": "integer"}},
        "lines": {"type": "array", "items": _PART},
        "parts": {"type": "object", "additionalProperties": _PART},
        "either": {"type": ["array", "object"]},
        "any": {},
    },
    "additionalProperties": False,
}

_NAMES = st.sampled_from(["a", "b", "a/b", "~x", "0", "key", "value"])
_NAME_LISTS = st.lists(_NAMES, max_size=3)
_PARTS = st.fixed_dictionaries(
    {}, optional={"sku": _NAMES, "tags": _NAME_LISTS, "box": st.dictionaries(_NAMES, _NAMES, max_size=2)}
)
_EITHER = _NAME_LISTS | st.lists(_PARTS, max_size=2) | st.dictionaries(_NAMES, _NAMES | _PARTS, max_size=2)
DOCUMENTS = _EITHER
"""Documents of any type that has members or items."""

ORDERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "name": _NAMES,
        "tags": _NAME_LISTS,
        "prices": st.dictionaries(_NAMES, st.integers(0, 2), max_size=3),
        "lines": st.lists(_PARTS, max_size=3),
        "parts": st.dictionaries(_NAMES, _PARTS, max_size=3),
        "either": _EITHER,
        "any": _EITHER | st.none() | st.integers(0, 1) | _NAMES,
    },
)

_OF_DOCUMENT = [  # most often what is a list or an object
    "/name",
    "/tags",
    "/prices",
    "/lines",
    "/parts",
    "/either",
    "/either",
    "/either",
    "/any",
    "/lines/0/box",
    "/parts/a",
    "/tags/0",
    "/0",
    "/0/sku",
    "/a",
]
_OF_ITEM = ["", "/key", "/value", "/sku", "/tags", "/box", "/tags/0", "/value/sku", "/value/tags", "/value/box"]


@st.composite
def _reads(draw: st.DrawFn, depth: int) -> Any:
    """A value read from the document or, within a loop, mostly from an item."""
    if depth and draw(st.integers(0, 3)):
        outward = "^" * draw(st.integers(0, min(depth, 2) - 1))
        return get("@" + outward + draw(st.sampled_from(_OF_ITEM)))
    return get(draw(st.sampled_from(_OF_DOCUMENT)))


@st.composite
def _tests(draw: st.DrawFn, depth: int) -> Any:
    value = draw(_reads(depth))
    match draw(st.integers(0, 6)):
        case 0:
            return {"nonempty": value}
        case 1:
            return {"equals": [value, draw(_reads(depth))]}
        case 2:
            return {"in": [value, draw(_lists(depth, 1))]}
        case 3:
            return {"not": draw(_tests(depth))}
        case 4:
            return {draw(st.sampled_from(["all", "any"])): [draw(_tests(depth)), draw(_tests(depth))]}
        case _:
            return {"present": value}


@st.composite
def _lists(draw: st.DrawFn, depth: int, nesting: int = 2) -> Any:
    """A value that can have items."""
    if not nesting:
        return draw(_reads(depth))
    inner = _lists(depth, nesting - 1)
    match draw(st.integers(0, 9)):
        case 9:
            return {"zip": {"a": draw(inner), "name": draw(inner)}}
        case 0:
            return {"concat": [draw(inner), draw(inner)]}
        case 5:
            return {"flatten": draw(inner)}
        case 6:
            index = {"index": draw(inner), "by": draw(_reads(depth + 1))}
            if draw(st.booleans()):
                index["value"] = draw(_values(depth + 1, nesting - 1))
            return index
        case 1:
            return {"list": [draw(_reads(depth)), draw(_reads(depth))]}
        case 2:
            return {"duplicates": draw(inner), "by": draw(_reads(depth + 1) | st.just(const(1)))}
        case 3:
            return {"distinct": draw(inner)}
        case 4:
            each = {"each": draw(inner)}
            if draw(st.booleans()):
                each["value"] = draw(_values(depth + 1, nesting - 1))
            if draw(st.booleans()):
                each["where"] = draw(_tests(depth + 1))
            if draw(st.booleans()):
                each["skip"] = draw(st.integers(1, 2))
            if draw(st.booleans()):
                each["take"] = draw(st.sampled_from(["first", "last"]))
            return each
        case _:
            return draw(_reads(depth))


@st.composite
def _values(draw: st.DrawFn, depth: int, nesting: int = 2) -> Any:
    if not nesting:
        return draw(_reads(depth))
    inner = _values(depth, nesting - 1)
    match draw(st.integers(0, 6)):
        case 0:
            return {"first": [draw(inner), draw(inner)]}
        case 1:
            return {"choose": [{"when": draw(_tests(depth)), "value": draw(inner)}], "otherwise": draw(inner)}
        case 2:
            return {"at": draw(_reads(depth)), "key": draw(_reads(depth) | st.just(const("value")))}
        case 3:
            return draw(_lists(depth, nesting))
        case _:
            return draw(_reads(depth))


@st.composite
def _reports(draw: st.DrawFn, depth: int, number: int) -> Any:
    keys: dict[str, Any] = {"report": "warning", "code": "Odd", "message": "odd"}
    if draw(st.booleans()):
        keys["over"] = draw(_reads(depth) | _lists(depth))
    inner = depth + ("over" in keys)
    keys["at"] = draw(_values(inner))
    if draw(st.booleans()):
        keys["related"] = draw(_lists(inner))
    if draw(st.booleans()):
        keys["when"] = draw(_tests(inner))
    if draw(st.booleans()):
        keys["params"] = {"param": draw(_values(inner, 1))}
    return rule(f"report-{number}", **keys)


@st.composite
def _limits(draw: st.DrawFn, number: int) -> Any:
    keys: dict[str, Any] = {"over": draw(_lists(0)), "limit": draw(_values(1)), "at_most": draw(st.integers(0, 2))}
    keys["measure"] = draw(st.sampled_from(["length", "byte_length", "count", "total"]))
    if draw(st.booleans()):
        keys["when"] = draw(_tests(1))
    return rule(f"limit-{number}", **keys)


@st.composite
def random_rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule file."""
    rules = []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["report", "limit", "list"]))
        if kind == "report":
            rules.append(draw(_reports(0, number)))
        elif kind == "limit":
            rules.append(draw(_limits(number)))
        else:
            inner = [draw(_reports(1, number))]
            if draw(st.booleans()):
                inner.append(rule(f"put-{number}", put="/Value", value=draw(_values(1))))
            rules.append(rule(f"each-{number}", put_each=f"/List{number}", over=draw(_lists(0)), rules=inner))
    return rule_file(*rules, empty=draw(st.sampled_from(["kept", "omitted"])))
