"""Five rulesets that together use every operator, with the schemas of a library and its shelves."""

from __future__ import annotations

from typing import Any

from tests.engine.helpers import const, get, invalid_when, out, rule, rule_file

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
ANY_VALUE: dict[str, Any] = {}

LIBRARY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": TEXT,
        "lent": {"type": "boolean"},
        "kind": {"enum": ["novel", "atlas"]},
        "pages": {"type": "array", "items": NUMBER},
        "authors": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": TEXT, "born": NUMBER}, "additionalProperties": False},
        },
        "shelf": TEXT,
        "notes": {"type": "object", "additionalProperties": TEXT},
        "extra": {"type": "object"},
    },
    "additionalProperties": False,
}
CARD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Title": {"type": "string", "maxLength": 5, "title": "Title", "description": "On the spine."},
        "Colour": {"enum": ["red", "blue"]},
        "Pages": {"type": "array", "items": NUMBER},
        "Authors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"Name": TEXT, "Born": NUMBER},
                "required": ["Name"],
                "additionalProperties": False,
            },
        },
        "Shelf": TEXT,
        "Notes": {"type": "object", "additionalProperties": TEXT},
        "Any": ANY_VALUE,
    },
    "dependentRequired": {"Shelf": ["Title"]},
}

_NAMES = {"each": get("/authors"), "value": get("@/name")}
_LONG_NAME = {"between": {"call": "length_of", "with": [get("@/name")]}, "least": 4, "most": 99}
_EXTRA_WITHOUT_B = {"without": get("/extra"), "keys": ["b"]}

CATALOGUE = rule_file(
    rule(
        "title",
        put="/Title",
        value={"first": [{"call": "upper", "with": [get("/title")]}, get("/shelf"), const("?")]},
        invalid=invalid_when(get("/title"), {"matches": get("/title"), "pattern": "[ ]*"}),
    ),
    rule(
        "colour",
        put="/Colour",
        value={"lookup": get("/lent"), "table": [[True, "red"], [1, "blue"], [None, {"deep": [1]}]]},
        unsupported={"feature": "colours", "of": get("/kind"), "fallback": const("blue"), "hint": "none"},
    ),
    rule(
        "shape",
        put="/Shape",
        value={"choose": [{"when": {"present": get("/kind")}, "value": get("/kind")}], "otherwise": get("/shelf")},
        unsupported={"feature": "pages", "over": {"each": get("/pages"), "skip": 1}, "fallback": "keep"},
    ),
    rule(
        "way",
        choose=[
            {
                "when": {"all": [{"nonempty": get("/authors")}, {"not": {"equals": [get("/lent"), const(True)]}}]},
                "rules": [rule("names", put="/Any/names", value={"call": "join", "with": [_NAMES, const(", ")]})],
            },
            {
                "when": {"any": [{"contains": get("/title"), "texts": ["a", "b"]}, {"in": [const(1), get("/pages")]}]},
                "rules": [rule("pages", put="/Pages", value={"concat": [get("/pages"), get("/notes"), const([7])]})],
            },
        ],
        otherwise=[rule("rest", put="/Any", value={"merge": [get("/notes"), _EXTRA_WITHOUT_B, const({"a": 1})]})],
    ),
    rule(
        "authors",
        put="/Authors",
        value={
            "each": get("/authors"),
            "where": {"type": get("@"), "is": ["object", "string"]},
            "value": {
                "object": {
                    "Name": get("@/name"),
                    "Born": get("@/born"),
                    "note": {"at": get("/notes"), "key": get("@/name")},
                    "tags": {"each": get("@/tags"), "value": {"list": [get("@"), get("@^/name")]}, "take": "last"},
                }
            },
        },
    ),
    rule("index", put="/Notes", value={"index": get("/authors"), "by": get("@/name")}),
    rule("once", put="/Once", value={"distinct": {"concat": [_NAMES, get("/pages")]}}),
    rule("twice", over={"duplicates": get("/authors"), "by": get("@/name")}, when=_LONG_NAME,
         report="warning", code="Twice",
         at=get("@/name"), message="named twice", params={"name": get("@/name")}, related=get("/authors"),
         hint={"call": "upper", "with": [get("@/name")]}),
    rule("known", put="/Known", value={"names": ""}),
    override=[rule("extra", merge_into="", value=get("/extra"), case_blind=["", "/Notes"])],
    verify=[
        rule("length", limit=out("/Title"), measure="length", at_most=3),
        rule("count", limit=out("/Authors"), measure="count", at_most=2),
        rule("total", limit=get("/pages"), measure="total", at_most=100),
        rule("needs", when={"present": out("/Shelf")}, require={"kind": const("key"), "shelf": get("/shelf")}),
        rule("whole", conform="Wrong", message="wrong", params={"pages": get("/pages")}, **{"except": ["minLength"]}),
    ],
)  # fmt: skip

COPY_WITH_OVERRIDES = rule_file(
    rule("whole", put="", value=get("")),
    rule("maybe", when={"nonempty": get("/title")}, put="/authors/0", value=get("/authors/0/name"),
         overrides=["whole"]),
    rule("pairs", over=get(""), report="warning", code="Pair", at=get("@/value"), message="a pair",
         params={"value": get("@/value"), "key": get("@/key")}),
    rule("no", when={"type": get("/kind"), "is": ["null", "array"]},
         unsupported={"feature": "kinds", "over": get("/kind"), "ignorable": False}),
    override=[rule("notes", merge_into="/notes", value=get("/extra"), case_blind=[""])],
    verify=[rule("conforms", conform="Wrong", message="wrong")],
    empty="kept",
)  # fmt: skip

LISTS = rule_file(
    rule(
        "listed",
        put_each="/Listed",
        over=get("/authors"),
        rules=[
            rule("listed-name", put="/Name", value=get("@/name")),
            rule(
                "listed-tags",
                put_each="/Tags",
                over=get("@/tags"),
                rules=[rule("tag", put="/Tag", value={"list": [get("@"), get("@^/name"), out("/Tag")]})],
            ),
            rule(
                "listed-way",
                choose=[
                    {
                        "when": {"type": get("@/born"), "is": ["number"]},
                        "rules": [rule("born", put="/Born", value=get("@/born"))],
                    }
                ],
                otherwise=[rule("unborn", report="warning", code="Unborn", at=get("@"), message="when?")],
            ),
            rule(
                "listed-odd",
                over=get("@/tags"),
                when={"equals": [get("@"), get("@^/name")]},
                report="warning",
                code="Odd",
                at=get("@"),
                message="odd",
            ),
        ],
    ),
)

PLAIN_CARD = rule_file(
    rule("title", put="/Title", value=get("/title")),
    rule("lent", put="/Colour", value={"lookup": get("/lent"), "table": [[True, "red"], [False, "blue"]]}),
    rule("pages", put="/Pages", value=get("/pages")),
    rule(
        "authors",
        put="/Authors",
        value={"each": get("/authors"), "value": {"object": {"Name": get("@/name"), "Born": get("@/born")}}},
    ),
    rule("shelf", put="/Shelf", value=get("/shelf")),
    rule("notes", put="/Notes", value=get("/notes")),
    rule(
        "kind",
        put="/Any",
        value={"lookup": get("/kind"), "table": [["novel", 1], ["atlas", 2]]},
    ),
    override=[rule("extra", merge_into="", value=get("/extra"))],
    verify=[rule("long", limit=out("/Title"), measure="length", at_most=5)],
)
"""A ruleset without lint problems."""

SHORTHAND = rule_file(
    rule("title", put="/Title", value={"upper": "/title"}),
    rule(
        "count-$member",
        for_={"member": ["authors", "notes"]},
        put="/Any/$member",
        value={"each": "/$member", "value": {"use": "first-of", "this": "@/name", "that": "@/key"}},
        empty="kept",
    ),
    rule("born", put="/Born", value={"index": "/authors", "by": "@/name", "value": {"object": {"Born": "@/born"}}}),
    rule("tags", put="/Tags", value={"flatten": {"each": "/authors", "value": "@/tags"}}),
    rule("pairs", put="/Pairs", value={"each": {"zip": {"author": "/authors", "note": "/notes"}},
                                       "value": {"list": ["@/author/name", "@/note/value"]}}),
    rule("nothing", put="/Colour", value={"object": {"a": "absent", "b": {"list": []}}}, empty="kept"),
    rule("null", put="/Nullable", value={"use": "first-of", "this": "/shelf", "that": "out:/Title"}),
    override=[rule("extra", merge_into="", value="/extra", deep=True)],
    verify=[
        rule("bytes", limit="out:/Title", measure="byte_length", at_most=3),
        rule("each", over="/authors", when={"use": "is-long", "text": "@/name"}, limit={"upper": "@/name"},
             measure="length", at_most=4),
        rule("notes", over="/notes", limit="@/value", measure="length", at_most=2),
    ],
    absent="null",
    definitions={
        "first-of": {"takes": ["this", "that"], "first": ["$this", "$that"]},
        "is-long": {"takes": ["text"], "between": {"length_of": "$text"}, "least": 3, "most": 99},
    },
)  # fmt: skip

ALL: dict[str, dict[str, Any]] = {
    "catalogue": CATALOGUE,
    "shorthand": SHORTHAND,
    "everything": COPY_WITH_OVERRIDES,
    "lists": LISTS,
    "plain": PLAIN_CARD,
}
