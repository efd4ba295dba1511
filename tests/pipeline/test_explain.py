"""Every leaf of a message has a status, and `explain` reports it correctly."""

from __future__ import annotations

import copy
import inspect
import json
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import compiler
from compiler.json_io import resources
from compiler.pipeline.explain import leaves
from compiler.pipeline.targets import named_target
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS, VALID_MESSAGES

EXPLANATION = resources.validator("explanation.schema.json")
MESSAGE: dict[str, Any] = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}


def status_of(path: str, message: dict[str, Any], options: Any = None, document: str = "message") -> tuple[Any, ...]:
    """The status of a leaf, the pointers where it is written, and what overrides it."""
    leaf_status = compiler.explain(MESSAGE | message, options=options).status(path, document)
    return leaf_status.status, leaf_status.at, tuple((by.document, by.path) for by in leaf_status.by)


def test_a_leaf_that_is_copied_is_written() -> None:
    assert status_of("/subject", {}) == ("written", ("/Subject",), ())
    assert status_of("/to/0", {}) == ("written", ("/Recipients/0/Email",), ())


def test_a_string_of_several_addresses_is_one_leaf() -> None:
    assert status_of("/to/0", {"to": ["B <b@example.com>, c@example.com"]})[1] == (
        "/Recipients/0/Email",
        "/Recipients/0/Name",
        "/Recipients/1/Email",
    )


@pytest.mark.parametrize(
    ("path", "message", "by"),
    [
        ("/subject", {"esp_extra": {"subject": "t"}}, "/esp_extra/subject"),
        ("/merge_global_data/a", {"merge_global_data": {"a": 1}, "esp_extra": {"Vars": {"a": 2}}}, "/esp_extra/Vars/a"),
        (
            "/reply_to/0",
            {"reply_to": ["c@example.com"], "extra_headers": {"Reply-To": "d@x.de"}},
            "/extra_headers/Reply-To",
        ),
        (
            "/from_email",
            {"envelope_sender": "e@example.com", "extra_headers": {"From": "f@example.com"}},
            "/extra_headers/From",
        ),
        (
            "/metadata/a",
            {"metadata": {"a": 1}, "merge_metadata": {"b@example.com": {"a": 2}}},
            "/merge_metadata/b@example.com/a",
        ),
        ("/metadata/a", {"metadata": {"a": 1}, "esp_extra": {"Mj-EventPayLoad": ""}}, "/esp_extra/Mj-EventPayLoad"),
    ],
)
def test_an_overridden_leaf_names_what_overrides_it(path: str, message: dict[str, Any], by: str) -> None:
    leaf_status, pointers, others = status_of(path, message)
    assert (leaf_status, pointers) == ("overridden", ())
    assert ("message", by) in others


def test_of_two_html_parts_the_first_is_overridden_and_the_last_written() -> None:
    parts = [{"content": text, "mimetype": "text/html"} for text in ("one", "two")]
    options = {"ignore_unsupported_features": True}
    explained = compiler.explain(MESSAGE | {"alternatives": parts}, options=options)
    assert explained.status("/alternatives/0/content").status == "overridden"
    assert explained.status("/alternatives/0/content").by == (compiler.Location("message", "/alternatives/1"),)
    assert explained.status("/alternatives/1/content").at == ("/Html-part",)
    assert [each.code for each in explained.status("/alternatives/1/mimetype").diagnostics] == ["FeatureDropped"]


@pytest.mark.parametrize("blank", ["", " ", "\xa0", "\u3000", "\t\x1f"])
def test_the_status_of_a_blank_name_is_nothing(blank: str) -> None:
    leaf_status, pointers, others = status_of("/to/0/name", {"to": [{"email": "a@example.com", "name": blank}]})
    assert (leaf_status, pointers, others) == ("nothing", (), ())


def test_leaves_of_defaults_have_a_status() -> None:
    options = {
        "send_defaults": {
            "subject": "old",
            "body": "old",
            "tags": ["shop"],
            "metadata": {"a": 1, "b": 2},
            "extra_headers": {"X-A": "1"},
            "cc": ["c@example.com"],
        }
    }
    message = {"metadata": {"b": 3}, "extra_headers": {"x-a": "2"}, "cc": None}
    explained = compiler.explain(MESSAGE | message, options=options)
    statuses = {each.location.path: each for each in explained.statuses if each.location.document == "options"}
    assert {path: each.status for path, each in statuses.items()} == {
        "/send_defaults/subject": "overridden",
        "/send_defaults/body": "overridden",
        "/send_defaults/tags/0": "written",
        "/send_defaults/metadata/a": "written",
        "/send_defaults/metadata/b": "overridden",
        "/send_defaults/extra_headers/X-A": "overridden",
        "/send_defaults/cc/0": "overridden",
    }
    assert statuses["/send_defaults/extra_headers/X-A"].by == (compiler.Location("message", "/extra_headers/x-a"),)
    assert statuses["/send_defaults/cc/0"].by == (compiler.Location("message", "/cc"),)


def test_a_qualifying_field_is_written_with_the_field_it_qualifies() -> None:
    file = {"content": "x", "encoding": "utf-8", "disposition": "attachment", "filename": "a.txt"}
    message = {"content_subtype": "html", "attachments": [file]}
    assert status_of("/content_subtype", message)[:2] == ("written", ("/Html-part",))
    assert "/Attachments/0/content" in status_of("/attachments/0/encoding", message)[1]
    assert "/Attachments/0/content" in status_of("/attachments/0/disposition", message)[1]
    options = {"send_defaults": {"body": "old"}}
    without_body = {key: value for key, value in MESSAGE.items() if key != "body"} | {"content_subtype": "html"}
    explained = compiler.explain(without_body, options=options)
    assert (
        explained.status("/content_subtype").at
        == explained.status("/send_defaults/body", "options").at
        == ("/Html-part",)
    )


def test_a_guessed_value_names_the_input_it_was_guessed_from() -> None:
    explained = compiler.explain(MESSAGE | {"attachments": [{"content": "", "filename": "a.pdf"}, {"content": ""}]})
    assert [each.path for each in explained.provenance("/Attachments/0/Content-type").inputs] == [
        "/attachments/0/filename"
    ]
    assert [each.path for each in explained.provenance("/Attachments/1/Filename").inputs] == ["/attachments/1/content"]


def test_the_status_of_null_empty_values_and_schema_is_nothing() -> None:
    message: dict[str, Any] = {"cc": [], "bcc": None, "metadata": {}, "$schema": "x.json"}
    explained = compiler.explain(MESSAGE | message)
    assert {path: explained.status(path).status for path in ("/cc", "/bcc", "/metadata", "/$schema")} == {
        "/cc": "nothing",
        "/bcc": "nothing",
        "/metadata": "nothing",
        "/$schema": "nothing",
    }


def test_errors_make_leaves_diagnosed_or_undecided() -> None:
    explained = compiler.explain(MESSAGE | {"cc": "c@example.com", "reply_to": ["bad"], "tags": ["a", "b"]})
    assert explained.payload == ()
    statuses = {each.location.path: each.status for each in explained.statuses}
    assert statuses["/cc"] == statuses["/reply_to/0"] == statuses["/tags/1"] == "diagnosed"
    assert statuses["/to/0"] == "undecided"
    assert statuses["/subject"] == "written"


def test_invalid_headers_make_sender_and_reply_to_undecided() -> None:
    explained = compiler.explain(MESSAGE | {"extra_headers": "x", "reply_to": ["r@example.com"]})
    statuses = {each.location.path: (each.status, each.by) for each in explained.statuses}
    assert statuses["/extra_headers"] == ("diagnosed", ())
    assert statuses["/from_email"] == statuses["/reply_to/0"] == ("undecided", ())
    explained = compiler.explain(MESSAGE | {"extra_headers": {"Reply-To": "bad"}, "reply_to": ["r@example.com"]})
    assert explained.status("/reply_to/0").status == "undecided"


def test_a_leaf_that_no_rule_reads_is_undecided() -> None:
    target = named_target("mailjet-v3")
    ruleset = target.ruleset("send")
    reduced = replace(ruleset, build=tuple(rule for rule in ruleset.build if rule.id != "track-opens"))
    explained = compiler.explain(MESSAGE | {"track_opens": True}, compiler.Target("maimed", {"send": reduced}))
    assert explained.result.ok
    assert explained.status("/track_opens").status == "undecided"


@pytest.mark.parametrize("key", ["²", "007", "1" * 5000, "a/b", "~"])
def test_any_key_can_occur_in_a_pointer(key: str) -> None:
    explained = compiler.explain(MESSAGE | {"metadata": {"b": 1, key: 1, "a": 2}})
    inputs = [each.path for each in explained.provenance("/Mj-EventPayLoad").inputs]
    assert [path for path, _ in leaves({"metadata": {"b": 1, key: 1, "a": 2}})] == inputs


def test_explaining_with_a_nearly_full_stack_gives_a_result() -> None:
    deep: Any = "x"
    for _ in range(90):
        deep = [deep]

    def explain_at_depth(frames: int) -> compiler.Result:
        return explain_at_depth(frames - 1) if frames else compiler.explain(MESSAGE | {"metadata": {"a": deep}}).result

    room = sys.getrecursionlimit() - len(inspect.stack())
    codes = {each.code for frames in range(room - 300, room - 60, 12) for each in explain_at_depth(frames).errors}
    assert codes <= {"InvalidJSON"}


def test_every_leaf_of_a_document_that_is_not_a_message_is_diagnosed() -> None:
    assert {each.status for each in compiler.explain([1, {"a": "x"}]).statuses} == {"diagnosed"}


def test_every_value_of_the_payload_has_its_rule_and_inputs() -> None:
    message = MESSAGE | {"template_id": 7, "merge_metadata": {"b@example.com": {"a": 1}}, "metadata": {"c": 1}}
    explained = compiler.explain(message)
    assert [each.rule for each in explained.provenance("/Messages/0/Subject").reasons] == ["subject"]
    payload = explained.provenance("/Messages/0/Mj-EventPayLoad")
    assert [each.rule for each in payload.reasons] == ["own-messages"]
    assert payload.reasons[0].doc
    assert payload.reasons[0].source
    assert [each.path for each in payload.inputs] == ["/merge_metadata/b@example.com/a", "/metadata/c"]
    language = explained.provenance("/Messages/0/Mj-TemplateLanguage")
    assert (language.value, [each.path for each in language.inputs]) == (True, ["/template_id"])
    recipients = explained.provenance("/Messages/0/Recipients")
    assert [each.path for each in recipients.inputs] == ["/to/0"]
    with pytest.raises(KeyError):
        explained.provenance("/Messages/1")
    with pytest.raises(KeyError):
        explained.status("/nowhere")


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_explaining_changes_nothing_and_covers_every_leaf(message: Any, options: Any) -> None:
    explained = compiler.explain(message, options=options)
    assert explained.result.to_dict() == compiler.compile(message, options=options).to_dict()
    assert list(EXPLANATION.iter_errors(explained.to_dict())) == []
    locations = [(each.location.document, each.location.path) for each in explained.statuses]
    assert len(set(locations)) == len(locations)
    # Python values may contain NaN and keys that are not strings; these have no leaf or no pointer.
    if not {"InvalidJSON", "InvalidMessage", "InvalidValue"} & {each.code for each in explained.result.errors}:
        expected = [("message", path) for path, _ in leaves(message)]
        if options.get("send_defaults") is not None:
            expected += [("options", path) for path, _ in leaves(options["send_defaults"], "/send_defaults")]
        assert locations == expected


@given(VALID_MESSAGES)
def test_every_value_of_a_payload_is_explained(pair: tuple[Any, Any]) -> None:
    message, options = pair
    explained = compiler.explain(message, options=options)
    if not explained.result.ok:
        return
    provenance = {each.pointer: each for each in explained.payload}
    for pointer, value in leaves(explained.result.payload):
        assert json.dumps(provenance[pointer].value) == json.dumps(value)
        assert len(provenance[pointer].reasons) == 1, pointer
        assert provenance[pointer].inputs, pointer
    for written in explained.payload:
        for location in written.inputs:
            document = {"message": message, "options": options}[location.document]
            resolve(document, location.path)


def resolve(document: Any, path: str) -> Any:
    """The value that a pointer refers to. Raises if there is none."""
    for token in path.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def with_value_at(document: Any, path: str, value: Any) -> Any:
    """A copy of the document with another value at a pointer."""
    changed = copy.deepcopy(document)
    parent, _, token = path.rpartition("/")
    key = token.replace("~1", "/").replace("~0", "~")
    container = resolve(changed, parent)
    container[int(key) if isinstance(container, list) else key] = value
    return changed


def different_value(value: Any) -> Any:
    """A value with another meaning."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return 0 if value else 1
    if isinstance(value, str):
        return f"{value}x"
    return "x" if value is None else ["x"] if value == [] else {"x": "x"}


def summarize(result: compiler.Result) -> Any:
    """The normative parts of a result, as JSON text."""
    diagnostics = [
        (diagnostic.severity, diagnostic.code, diagnostic.document, diagnostic.path, sorted(diagnostic.params.items()))
        for diagnostic in (*result.errors, *result.warnings)
    ]
    return json.dumps([result.payload, sorted(diagnostics), list(result.requires)], sort_keys=True)


@given(VALID_MESSAGES, st.data())
def test_no_leaf_can_change_without_effect_unless_explain_says_so(pair: tuple[Any, Any], data: st.DataObject) -> None:
    message, options = pair
    explained = compiler.explain(message, options=options)
    assume(explained.result.ok)
    leaf_status = data.draw(st.sampled_from(explained.statuses))
    if leaf_status.status in ("overridden", "diagnosed") or any(
        each.code == "NoEffect" for each in leaf_status.diagnostics
    ):
        return
    assert leaf_status.status in ("written", "nothing")
    changed_message, changed_options = message, options
    if leaf_status.location.document == "message":
        changed_message = with_value_at(
            message, leaf_status.location.path, different_value(resolve(message, leaf_status.location.path))
        )
    else:
        changed_options = with_value_at(
            options, leaf_status.location.path, different_value(resolve(options, leaf_status.location.path))
        )
    changed = compiler.explain(changed_message, options=changed_options)
    if summarize(changed.result) == summarize(
        explained.result
    ):  # a leaf with the status "nothing" may now be overridden
        assert leaf_status.status == "nothing"
        within = [each for each in changed.statuses if each.location.path.startswith(leaf_status.location.path)]
        assert {each.status for each in within} <= {"overridden", "diagnosed", "nothing"}, leaf_status
    if leaf_status.status == "nothing":
        document = {"message": message, "options": options}[leaf_status.location.document]
        leaf = resolve(document, leaf_status.location.path)
        assert leaf in (None, [], {}) or not leaf.strip().strip(" <>")


@given(VALID_MESSAGES)
def test_ignoring_features_loses_only_what_the_dropped_features_cover(pair: tuple[Any, Any]) -> None:
    message, options = pair
    explained = compiler.explain(message, options=options)
    assume(explained.result.ok)
    dropped = {each.params["feature"] for each in explained.result.warnings if each.code == "FeatureDropped"}
    for leaf_status in explained.statuses:
        if leaf_status.status == "diagnosed":
            codes = {each.code for each in leaf_status.diagnostics}
            assert codes & {"FeatureDropped", "NoEffect", "UnusedData", "CaseMismatch", "UnknownProperty"}, leaf_status
        if leaf_status.status == "overridden" and leaf_status.location.path.startswith("/alternatives"):
            others = [by.path for by in leaf_status.by]
            assert "multiple html parts" in dropped or any(by.startswith("/esp_extra/") for by in others)
    if not dropped:
        strict_result = compiler.compile(message, options=options | {"ignore_unsupported_features": False})
        assert summarize(strict_result) == summarize(explained.result)


@given(VALID_MESSAGES)
def test_ignoring_features_equals_removing_their_fields(pair: tuple[Any, Any]) -> None:
    message, _ = pair
    ignoring = compiler.compile(message, options={"ignore_unsupported_features": True})
    assume(ignoring.ok)
    strict = compiler.compile(without_features(message))
    assert strict.payload == ignoring.payload


def without_features(message: Any) -> Any:
    """The message without the features that Mailjet does not support."""
    reduced = {key: value for key, value in message.items() if key != "send_at"}
    if "tags" in reduced:
        reduced["tags"] = reduced["tags"][:1]
    if "extra_headers" in reduced:
        reduced["extra_headers"] = {
            key: value for key, value in reduced["extra_headers"].items() if key.lower() != "to"
        }
    html = [part for part in reduced.get("alternatives", []) if part["mimetype"].lower() == "text/html"]
    if "alternatives" in reduced:
        reduced["alternatives"] = html[-1:]
    if html and reduced.get("content_subtype") == "html":
        del reduced["body"], reduced["content_subtype"]
    return reduced
