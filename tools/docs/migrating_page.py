"""Fills the tables of `docs/migrating.md`: what becomes of each property, found by migrating an example of it.

The properties and their examples are those of the payload schemas, and what cannot be migrated is in the cases, so that
a new rule, property or case appears by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import compiler
from compiler.conformance.case_files import read_cases
from compiler.engine.schema import Schema, dereference
from compiler.json_io import resources
from compiler.pipeline.migrate import translation_ruleset
from compiler.pipeline.targets import named_target
from tools.docs.regions import fill_regions, format_table

V3, V3_1 = "mailjet-v3", "mailjet-v3.1"

_LONGEST = 200  # characters of a value in a table

_BASES: Mapping[str, Mapping[str, Any]] = {
    V3: {
        "FromEmail": "shop@example.com",
        "Recipients": [{"Email": "erin@example.com"}],
        "Subject": "Hello",
        "Text-part": "Hello!",
    },
    V3_1: {
        "From": {"Email": "shop@example.com"},
        "To": [{"Email": "erin@example.com"}],
        "Subject": "Hello",
        "TextPart": "Hello!",
    },
}

_CONTEXTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    V3: {
        **{name: {"Recipients": [], "To": "erin@example.com"} for name in ("To", "Cc", "Bcc")},
        **{name: {"Mj-TemplateLanguage": True} for name in ("MJ-TemplateErrorReporting", "MJ-TemplateErrorDeliver")},
        **{name: {"Html-part": "<p>Hello!"} for name in ("Mj-trackopen", "Mj-trackclick")},
        "Mj-TemplateID": {"Mj-TemplateLanguage": True},
        "Mj-deduplicatecampaign": {"Mj-campaign": "orders"},
        "Inline_attachments": {"Html-part": '<img src="cid:logo">'},
    },
    V3_1: {
        **{name: {"TemplateLanguage": True} for name in ("TemplateErrorReporting", "TemplateErrorDeliver")},
        **{name: {"HTMLPart": "<p>Hello!"} for name in ("TrackOpens", "TrackClicks")},
        "TemplateID": {"TemplateLanguage": True},
        "DeduplicateCampaign": {"CustomCampaign": "orders"},
        "InlinedAttachments": {"HTMLPart": '<img src="cid:logo">'},
    },
}
"""What a property needs beside it."""


_UNREADABLE = ("payload-schema", ": ")
"""The ends of the subjects of errors that are not the target's: values that decompiling cannot read."""


def fill_migrating(page: str) -> str:
    """`docs/migrating.md` with its generated regions."""
    return fill_regions(
        page,
        {
            "to-v-three-one": format_table(("in v3", "in v3.1"), _properties(V3, V3_1)),
            "not-in-v-three-one": format_table(("in v3", "diagnostic"), _errors(V3, V3_1)),
            "to-v-three": format_table(("in v3.1", "in v3"), _properties(V3_1, V3)),
            "features": format_table(("feature", "what happens if it is ignored"), _features()),
            "not-in-v-three": format_table(("in v3.1", "diagnostic"), _errors(V3_1, V3)),
        },
    )


_MORE: Mapping[str, tuple[tuple[str, Any], ...]] = {
    V3: (
        ("Recipients", [{"Email": "alice@example.com", "Name": "Alice", "Vars": {"order": 1234}}]),
        ("Headers", {"Reply-To": "help@example.com"}),
    ),
    V3_1: (),
}
"""Further examples of properties."""


def _properties(source: str, target: str) -> Iterator[tuple[str, str]]:
    """Each property with an example, and what it becomes."""
    schema = dereference(f"{resources.BASE}{source}/payload.schema.json#/$defs/message", resources.schemas())
    for name, value in (*_examples(schema["properties"]), *_MORE[source]):
        message = {**_BASES[source], **_CONTEXTS[source].get(name, {})}
        without = _migrated(message, source, target)
        migrated = _migrated({**message, name: value}, source, target)
        changed = {key: member for key, member in migrated.items() if without.get(key) != member}
        yield _code(name, value), "<br>".join(_code(key, member) for key, member in changed.items()) or "-"


def _examples(properties: Mapping[str, Schema]) -> Iterator[tuple[str, Any]]:
    for name, schema in properties.items():
        yield name, schema["examples"][0]


def _migrated(message: Mapping[str, Any], source: str, target: str) -> dict[str, Any]:
    """The one message that a message becomes; the diagnostic, by an empty name, if there is none."""
    payload = {"Messages": [dict(message)]} if source == V3_1 else dict(message)
    result = compiler.migrate(payload, source, target)
    if result.output is None:
        return {"": f"{result.errors[0].code}: {_subject(dict(result.errors[0].params))}"}
    (output,) = result.output
    migrated: dict[str, Any] = output["Messages"][0] if target == V3_1 else output
    return migrated


def _errors(source: str, target: str) -> Iterator[tuple[str, str]]:
    """What cannot be migrated: the cases with an error of the target, one for each."""
    titles: dict[str, str] = {}
    for case in read_cases():
        errors = case.expect.get("errors", ())
        if (case.target, case.ruleset) != (target, translation_ruleset(source)) or len(errors) != 1:
            continue
        subject = f"`{errors[0]['code']}`: {_subject(errors[0].get('params', {}))}"
        if subject not in titles or len(case.title) < len(titles[subject]):
            titles[subject] = case.title
    yield from ((title, subject) for subject, title in titles.items() if not subject.endswith(_UNREADABLE))


def _features() -> Iterator[tuple[str, str]]:
    """The features that only migrating has, as the manifests describe them, and those that cannot be ignored."""
    for source, target in ((V3, V3_1), (V3_1, V3)):
        loaded = named_target(target)
        assert loaded.manifest is not None  # noqa: S101 - ours have one
        for rule in loaded.ruleset(translation_ruleset(source)).all_rules:
            unsupported = getattr(rule, "unsupported", None)
            if unsupported is not None and unsupported.feature not in loaded.ruleset("send").features:
                meaning = loaded.manifest.features[unsupported.feature]
                yield (
                    f"`{unsupported.feature}`",
                    meaning if unsupported.ignorable else f"{meaning} It cannot be ignored.",
                )


def _subject(params: Mapping[str, Any]) -> str:
    """What a diagnostic is about, by its params."""
    return str(
        params.get("feature", params.get("reason", ", ".join(f"{key} {value}" for key, value in params.items())))
    )


def _code(name: str, value: Any) -> str:
    """A property with its value, as code; an error, if it has no name."""
    text = json.dumps(value, ensure_ascii=False)
    if not name:
        return f"error: {value}"
    return f"`{name}`: `{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"
