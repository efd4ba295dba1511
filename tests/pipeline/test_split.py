"""Splitting a message that is too large: each part is valid, and together they equal the whole message."""

from __future__ import annotations

import base64
import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import compiler
from compiler.engine.expanded import expand_ruleset
from compiler.frontend.defaults import apply_defaults
from compiler.frontend.fields import FIELDS
from compiler.json_io import resources
from compiler.pipeline.split import split
from compiler.pipeline.targets import named_target
from tests.frontend.policies import STRICT
from tests.pipeline.test_properties import spoil
from tests.strategies.messages import (
    ADDR_SPECS,
    ADDRESSES,
    ANY_MESSAGES,
    ANY_OPTIONS,
    WELL_FORMED_DEFAULTS,
    WELL_FORMED_MESSAGES,
    WELL_FORMED_OPTIONS,
)

MESSAGE = resources.validator("message.schema.json")
RULES = expand_ruleset(named_target("mailjet-v3").ruleset("send"))
BASE = {"from_email": "shop@example.com", "subject": "s", "body": "b"}


def addresses(count: int) -> list[str]:
    return [f"user{number}@example.com" for number in range(count)]


def message(count: int, **fields: Any) -> dict[str, Any]:
    return {**BASE, "to": addresses(count), **fields}


def attachment(size: int, content: bytes = b"x") -> dict[str, Any]:
    return {"filename": "a.bin", "content": base64.b64encode(content * size).decode()}


def code_paths(diagnostics: Any) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in diagnostics]


def split_messages(*arguments: Any, **options: Any) -> list[Any]:
    """The parts of a message, after asserting that each is valid by the schema."""
    result = split(*arguments, **options)
    assert code_paths(result.errors) == []
    for part in result.unwrap():
        assert [error.message for error in MESSAGE.iter_errors(part)] == []
    return list(result.unwrap())


def sizes(parts: list[Any]) -> list[int]:
    return [len(part["to"]) for part in parts]


def without_defaults(options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != "send_defaults"}


def deliveries(payload: Any) -> Iterator[tuple[Any, Any]]:
    """Each recipient, or None for all recipients of a shared message, with the rest of its payload."""
    for payload_message in payload.get("Messages", [payload]):
        others = {name: value for name, value in payload_message.items() if name != "Recipients"}
        for recipient in payload_message.get("Recipients", [None]):
            yield recipient, others


def changed_target(folder: Path, change: Callable[[Any], None]) -> compiler.Target:
    rules = copy.deepcopy(RULES)
    change(rules)
    (folder / "send.json").write_text(json.dumps(rules), encoding="utf-8")
    return compiler.load_target(folder)


def remove_limits(rules: Any) -> None:
    rules["verify"] = [rule for rule in rules["verify"] if "limit" not in rule]


def set_limits(**limits: int) -> Callable[[Any], None]:
    def change(rules: Any) -> None:
        for rule in rules["verify"]:
            rule["at_most"] = limits.get(rule["id"].replace("-", "_"), rule.get("at_most"))
            if rule["at_most"] is None:
                del rule["at_most"]

    return change


def add_limit(**rule: Any) -> Callable[[Any], None]:
    common = {"id": "added", "doc": "A limit of another service.", "source": "this test"}
    return lambda rules: rules["verify"].append({**common, **rule})


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> compiler.Target:
    """The target without its limits."""
    return changed_target(tmp_path_factory.mktemp("unlimited"), remove_limits)


@pytest.fixture(scope="module")
def low_limits(tmp_path_factory: pytest.TempPathFactory) -> compiler.Target:
    """The target with limits so low that small messages have to be split."""
    change = set_limits(recipients_count=3, message_size=12)
    return changed_target(tmp_path_factory.mktemp("narrow"), change)


# --- Splitting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [1]), (100, [100]), (101, [100, 1]), (200, [100, 100]), (320, [100, 100, 100, 20])]
)
def test_a_message_is_split_at_the_limit(count: int, expected: list[int]) -> None:
    parts = split_messages(message(count))
    assert sizes(parts) == expected
    assert [each for part in parts for each in part["to"]] == addresses(count)
    assert all({**part, "to": []} == {**BASE, "to": []} for part in parts)
    assert all(compiler.compile(part).ok for part in parts)


def test_a_message_within_the_limits_only_loses_its_schema() -> None:
    document = message(0, to=["A <a@example.com>, b@example.com"], merge_data={"unknown@example.com": {"x": 1}})
    assert split_messages({"$schema": "message.schema.json", **document}) == [document]


def test_merge_data_follows_its_recipients_with_unchanged_keys() -> None:
    to = ["first@bücher.example", *addresses(100), "last@xn--bcher-kva.example"]
    data = {
        "last@bücher.example": {"n": "last"},
        "first@xn--bcher-kva.example": {"n": "first"},
        "user99@example.com": {"n": 99},
        "USER99@example.com": {"n": "another case"},
        "unknown@example.com": {"n": "unknown"},
    }
    first, second = split_messages(message(0, to=to, merge_data=data, merge_metadata=data))
    assert (len(first["to"]), len(second["to"])) == (100, 2)
    assert first["merge_data"] == {"first@xn--bcher-kva.example": {"n": "first"}}
    assert second["merge_data"] == {"user99@example.com": {"n": 99}, "last@bücher.example": {"n": "last"}}
    assert first["merge_metadata"] == first["merge_data"]
    assert second["merge_metadata"] == second["merge_data"]


def test_a_part_whose_recipients_have_no_data_keeps_the_field_empty() -> None:
    data = {"user0@example.com": {"n": 0}}
    first, second = split_messages(message(101, merge_data=data, merge_metadata=data))
    assert first["merge_data"] == first["merge_metadata"] == data
    assert second["merge_data"] == second["merge_metadata"] == {}


def test_a_recipient_named_twice_is_kept_twice_with_its_data() -> None:
    to = ["twin@example.com", *addresses(100), "twin@example.com", "twin@example.com"]
    parts = split_messages(message(0, to=to, merge_data={"twin@example.com": {"n": 1}}))
    assert [each for part in parts for each in part["to"]] == to
    assert [part["merge_data"] for part in parts] == [{"twin@example.com": {"n": 1}}] * 2


@pytest.mark.parametrize(
    "address_list",
    [
        ", ".join(addresses(150)),
        f"everyone: {', '.join(addresses(150))};",
    ],
)
def test_a_string_of_many_addresses_is_split_between_them(address_list: str) -> None:
    parts = split_messages(message(0, to=["Zoe <zoe@example.com>", address_list]))
    assert sizes(parts) == [100, 51]
    assert parts[0]["to"][:2] == [{"email": "zoe@example.com", "name": "Zoe"}, "user0@example.com"]
    assert parts[1]["to"][-1] == "user149@example.com"


@pytest.mark.parametrize(
    "address",
    [
        '"  spaced " <a@example.com>',
        '" a \\"b\\" \\\\ c" <a@example.com>',
        "a@example.com (Smith, Bob)",
        '"f g"@example.com',
        '"f\\\\\\"g"@example.com',
        "a@[192.0.2.1]",
        "=?utf-8?q?J=C3=B6rg?= <a@bücher.example>",
        {"email": "a@example.com", "name": " Smith, Bob "},
        {"email": "a@example.com", "name": "\u00a0"},
    ],
)
def test_an_address_is_the_same_in_a_part(address: Any, unlimited: compiler.Target) -> None:
    document = message(0, to=[address, *addresses(100)])
    whole = compiler.compile(document, unlimited).unwrap()
    first = compiler.compile(split_messages(document)[0]).unwrap()
    assert first["Recipients"][0] == whole["Recipients"][0]


def test_copied_attachments_limit_the_number_of_recipients() -> None:
    document = message(12, attachments=[attachment(2_999_999)], merge_metadata={"user11@example.com": {"n": 1}})
    assert sizes(split_messages(document)) == [5, 5, 2]
    assert sizes(split_messages({**document, "merge_metadata": {}})) == [12]


def test_the_lower_of_two_limits_applies(low_limits: compiler.Target) -> None:
    metadata = {each: {"n": 1} for each in addresses(9)}
    assert sizes(split_messages(message(9, merge_metadata=metadata, attachments=[attachment(5)]), low_limits)) == [
        2,
        2,
        2,
        2,
        1,
    ]
    assert sizes(split_messages(message(9, merge_metadata=metadata, attachments=[attachment(2)]), low_limits)) == [
        3,
        3,
        3,
    ]


# --- What is not split ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cc", "bcc"])
@pytest.mark.parametrize("where", ["message", "defaults"])
def test_a_message_with_cc_or_bcc_is_not_split(name: str, where: str) -> None:
    copies = {name: ["copy@example.com"]}
    options = {"send_defaults": copies} if where == "defaults" else {}
    message_fields = copies if where == "message" else {}
    assert split_messages(message(50, **message_fields), options=options) == [message(50, **copies)]
    result = split(message(51, **message_fields), options=options)
    assert (result.output, code_paths(result.errors)) == (None, [("LimitExceeded", "/to")])
    assert result.errors == compiler.compile(message(51, **message_fields), options=options).errors
    assert sizes(split_messages(message(101, **{name: []}), options={"send_defaults": {name: []}})) == [100, 1]


def test_only_limits_that_splitting_cannot_satisfy_are_reported() -> None:
    result = split(message(101, subject="s" * 256))
    assert (result.output, code_paths(result.errors)) == (None, [("LimitExceeded", "/subject")])
    one_too_large = message(2, attachments=[attachment(15_000_001)], merge_metadata={"user0@example.com": {"n": 1}})
    assert code_paths(split(one_too_large).errors) == [("LimitExceeded", "/attachments")]


def test_other_errors_and_the_warnings_of_the_whole_are_reported() -> None:
    wrong = message(101, tags=["a", "b"], template_id="name", merge_data={"unknown@example.com": {"x": 1}})
    result = split(wrong)
    assert code_paths(result.errors) == [("InvalidValue", "/template_id"), ("UnsupportedFeature", "/tags/1")]
    assert code_paths(result.warnings) == [("UnusedData", "/merge_data/unknown@example.com")]
    right = {**wrong, "template_id": 7}
    result = split(right, options={"ignore_unsupported_features": True})
    assert len(result.unwrap()) == 2
    assert result.warnings == compiler.compile(right, options={"ignore_unsupported_features": True}).warnings
    assert {each.code for each in result.warnings} == {"UnusedData", "FeatureDropped", "NoEffect"}


def test_an_invalid_recipient_leaves_only_its_own_error() -> None:
    result = split(message(0, to=["bad", *addresses(101)]))
    assert code_paths(result.errors) == [("InvalidAddress", "/to/0")]


@pytest.mark.parametrize("document", [None, [], "x", {"to": 5}, {"to": ["x"] * 101}, {}])
def test_an_invalid_message_gives_the_errors_of_compile(document: Any) -> None:
    assert split(document).errors == compiler.compile(document).errors
    assert split(document).output is None


def test_recipients_that_esp_extra_replaces_are_not_split(tmp_path: Path) -> None:
    extra = {"recipients": [{"Email": "other@example.com"}]}
    assert split_messages(message(101, esp_extra=extra)) == [message(101, esp_extra=extra)]
    many = {"RECIPIENTS": [{"Email": each} for each in addresses(101)]}
    assert code_paths(split(message(101, esp_extra=many)).errors) == [("LimitExceeded", "/esp_extra/RECIPIENTS")]
    # A service that counts its input even if it is overridden: splitting would satisfy the limit, but send twice.
    counting = changed_target(tmp_path, add_limit(limit={"get": "/to"}, measure="count", at_most=5))
    assert sizes(split_messages(message(6), counting)) == [5, 1]
    result = split(message(6, esp_extra=extra), counting)
    assert (result.output, code_paths(result.errors)) == (None, [("LimitExceeded", "/to")])


# --- Limits of other services -----------------------------------------------------------------------------------------


WEIGHT = {"limit": {"each": {"out": "/Recipients"}, "value": {"get": "@/Vars/weight"}}, "measure": "total"}


def weighted_message(*weights: int) -> dict[str, Any]:
    data = {address: {"weight": weight} for address, weight in zip(addresses(len(weights)), weights, strict=True)}
    return message(len(weights), merge_data=data)


def test_parts_with_recipients_of_different_weights_keep_the_limit(tmp_path: Path) -> None:
    target = changed_target(tmp_path, add_limit(**WEIGHT, at_most=10))
    parts = split_messages(weighted_message(1, 1, 1, 9, 2, 10, 1, 1, 1), target)
    assert [each for part in parts for each in part["to"]] == addresses(9)
    assert all(compiler.compile(part, target).ok for part in parts)
    assert max(sizes(parts)) > 1
    result = split(weighted_message(1, 1, 1, 11, 1), target)
    assert (result.output, code_paths(result.errors)) == (None, [("LimitExceeded", "/to")])


def test_part_sizes_grow_again_after_heavy_recipients(tmp_path: Path) -> None:
    target = changed_target(tmp_path, add_limit(**WEIGHT, at_most=10))
    assert sizes(split_messages(weighted_message(*[1] * 10, 5, 5, *[1] * 10), target)) == [7, 4, 6, 5]


def test_a_limit_with_a_constant_share_is_met_exactly(tmp_path: Path) -> None:
    values = {"concat": [WEIGHT["limit"], {"list": [{"out": "/Vars/base"}]}]}
    target = changed_target(tmp_path, add_limit(limit=values, measure="total", at_most=30))
    document = {**weighted_message(*[1] * 25), "merge_global_data": {"base": 20}}
    assert sizes(split_messages(document, target)) == [10, 10, 5]


# --- Defaults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "defaults", "expected"),
    [
        ({"subject": "own"}, {"subject": "default", "body": "default"}, {"subject": "own", "body": "default"}),
        ({"subject": ""}, {"subject": "default"}, {"subject": ""}),
        ({"subject": None}, {"subject": "default"}, {}),
        ({"subject": "own"}, {"subject": None}, {"subject": "own"}),
        ({"from_email": None}, {"from_email": "a@example.com"}, {}),
        ({"from_email": {"email": "a@x.com"}}, {"from_email": {"email": "b@x.com", "name": "B"}}, "unchanged"),
        ({"tags": ["own"]}, {"tags": ["default"]}, {"tags": ["default", "own"]}),
        ({"tags": []}, {"tags": ["default"]}, {"tags": ["default"]}),
        ({"tags": None}, {"tags": ["default"]}, {}),
        ({}, {"to": ["a@x.com"]}, {"to": ["a@x.com"]}),
        (
            {"extra_headers": {"x-a": "own", "X-B": "own"}},
            {"extra_headers": {"X-A": "default", "X-C": "default"}},
            {"extra_headers": {"x-a": "own", "X-B": "own", "X-C": "default"}},
        ),
        (
            {"esp_extra": {"VARS": {"a": 1}}},
            {"esp_extra": {"Vars": {"b": 1}, "Mj-prio": 1}},
            {"esp_extra": {"VARS": {"a": 1}, "Mj-prio": 1}},
        ),
        ({"metadata": {"a": 1}}, {"metadata": {"A": 2, "a": 2}}, {"metadata": {"a": 1, "A": 2}}),
        (
            {"merge_data": {"a@bücher.example": {"n": 1}}},
            {"merge_data": {"a@xn--bcher-kva.example": {"m": 1}, "A@bücher.example": {"m": 1}}},
            {"merge_data": {"a@bücher.example": {"n": 1}, "A@bücher.example": {"m": 1}}},
        ),
        ({"merge_metadata": {}}, {"merge_metadata": {"a@x.com": {}}}, {"merge_metadata": {"a@x.com": {}}}),
        (
            {"content_subtype": "html"},
            {"body": "<p>", "content_subtype": "plain"},
            {"content_subtype": "html", "body": "<p>"},
        ),
        ({"body": None, "content_subtype": "html"}, {"body": "<p>"}, {"content_subtype": "html"}),
        ({"$schema": "s", "subject": "s"}, {"$schema": "t"}, {"subject": "s"}),
        ({"tags": 5, "typo": 1}, {"tags": ["a"], "typo": 2}, "unchanged"),
        ({"subject": "s"}, None, "unchanged"),
        ({"subject": "s"}, ["not an object"], "unchanged"),
    ],
)
def test_defaults_are_applied_to_a_message(document: Any, defaults: Any, expected: Any) -> None:
    before = copy.deepcopy((document, defaults))
    assert apply_defaults(document, defaults, STRICT) == (document if expected == "unchanged" else expected)
    assert (document, defaults) == before


def test_the_subtype_applies_to_the_default_body() -> None:
    options = {"send_defaults": {"body": "<p>"}}
    document = {"from_email": "a@example.com", "to": ["b@example.com"], "content_subtype": "html"}
    [part] = split_messages(document, options=options)
    assert compiler.compile(part).unwrap()["Html-part"] == "<p>"
    assert compiler.compile(part) == compiler.compile(document, options=options)


def test_each_part_has_the_defaults_and_their_recipients_come_first() -> None:
    defaults = {"to": addresses(60), "tags": ["default"], "merge_data": {"user0@example.com": {"n": 0}}}
    document = message(
        0, to=[f"own-{each}" for each in addresses(60)], merge_data={"own-user50@example.com": {"n": 50}}
    )
    first, second = split_messages(document, options=compiler.Options(send_defaults=defaults))
    assert first["to"] + second["to"] == defaults["to"] + document["to"]
    assert first["tags"] == second["tags"] == ["default"]
    assert (first["merge_data"], second["merge_data"]) == (defaults["merge_data"], document["merge_data"])


def test_the_template_sender_remains_an_option() -> None:
    options = {"template_sender": "stored@example.com", "send_defaults": {"from_email": "a@example.com"}}
    document = {"from_email": None, "to": addresses(101), "template_id": 7}
    parts = split_messages(document, options=options)
    payloads = [compiler.compile(part, options=without_defaults(options)).unwrap() for part in parts]
    assert [each["FromEmail"] for each in payloads] == ["stored@example.com"] * 2
    # Each part still requires that its sender is looked up.
    [(requirement,), _] = [compiler.compile(part).requires for part in split_messages(document)]
    assert requirement == {"kind": "template_sender", "template_id": 7}


_NAMES = st.sampled_from(["X-A", "x-a", "From", "Reply-To", "to", "subject"])
_ATTACHMENTS = st.fixed_dictionaries(
    {"content": st.sampled_from(["", "eHh4", "eHh4eHh4"])},
    optional={
        "filename": st.sampled_from(["a.txt", "", None]),
        "disposition": st.sampled_from(["inline", "attachment"]),
        "content_id": st.sampled_from(["x", "<y>"]),
    },
)
_MORE_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "reply_to": st.lists(ADDRESSES, max_size=2),
    "attachments": st.lists(_ATTACHMENTS, max_size=2),
    "extra_headers": st.dictionaries(_NAMES, ADDR_SPECS | st.integers(), max_size=2),
    "envelope_sender": ADDRESSES,
    "metadata": st.dictionaries(st.sampled_from(["a", "b"]), st.integers(), max_size=2),
    "track_opens": st.booleans(),
    "merge_metadata": st.dictionaries(ADDR_SPECS, st.dictionaries(st.text(max_size=2), st.integers()), max_size=2),
}


def _full(likely: st.SearchStrategy[Any], *names: str) -> st.SearchStrategy[Any]:
    """Messages of all fields, some of them null."""
    more = st.fixed_dictionaries({}, optional=_MORE_FIELDS)
    nulls: st.SearchStrategy[list[str]] = st.just([]) | st.lists(st.sampled_from(names), max_size=3)
    return st.builds(lambda first, second, third: {**first, **second, **dict.fromkeys(third)}, likely, more, nulls)


FULL_MESSAGES = _full(WELL_FORMED_MESSAGES, *(name for name in FIELDS if name not in ("to", "body")))
FULL_DEFAULTS = _full(WELL_FORMED_DEFAULTS, *(name for name in FIELDS if name != "content_subtype"))


def codes(diagnostics: Any) -> Counter[str]:
    """The codes except `RecipientsVisible`, which depends on whether copies come from defaults."""
    return Counter(each.code for each in diagnostics if each.code != "RecipientsVisible")


@given(FULL_MESSAGES, WELL_FORMED_OPTIONS, FULL_DEFAULTS)
def test_applying_the_defaults_first_gives_the_same_payload(document: Any, options: Any, defaults: Any) -> None:
    separate = compiler.compile(document, options={**options, "send_defaults": defaults})
    combined = compiler.compile(apply_defaults(document, defaults, STRICT), options=without_defaults(options))
    assert combined.payload == separate.payload
    assert codes(combined.errors) == codes(separate.errors)
    assert codes(combined.warnings) == codes(separate.warnings)
    assert combined.requires == separate.requires


# --- Every message ----------------------------------------------------------------------------------------------------


def assert_parts_equal_whole(
    document: Any, options: Any, target: str | compiler.Target, unlimited: compiler.Target
) -> None:
    result = split(document, target, options)
    whole = compiler.compile(document, unlimited, options)
    limited = compiler.compile(document, target, options)
    assert set(result.errors) <= set(limited.errors)
    assert result.warnings == limited.warnings
    assert result.ok == (not result.errors) == (result.output is not None)
    if not result.ok:
        return
    parts = [compiler.compile(part, target, without_defaults(options)) for part in result.unwrap()]
    assert all(part.ok and part.requires == whole.requires for part in parts)
    assert [each for part in parts for each in deliveries(part.payload)] == list(deliveries(whole.payload))
    assert limited.ok == (len(parts) == 1)


def without_conflicts(fields: Any) -> Any:
    """The fields without most of what cannot be compiled or split."""
    extra = {name: value for name, value in (fields.get("esp_extra") or {}).items() if name not in ("Recipients", "To")}
    more = {"cc": [], "template_id": 7, "envelope_sender": None, "extra_headers": {"X-A": "a"}, "esp_extra": extra}
    return {**fields, **{name: value for name, value in more.items() if name in fields}, "bcc": None}


@given(FULL_MESSAGES, FULL_DEFAULTS | st.none(), WELL_FORMED_OPTIONS, st.lists(ADDRESSES, max_size=8), st.booleans())
def test_parts_of_small_messages_equal_the_whole(
    low_limits: compiler.Target,
    unlimited: compiler.Target,
    document: Any,
    defaults: Any,
    options: Any,
    more: Any,
    unrestricted: bool,
) -> None:
    document = {**document, "to": document["to"] + more}
    if not unrestricted:
        document = {**without_conflicts(document), "from_email": "shop@example.com", "body": "b"}
        defaults = defaults and without_conflicts(defaults)
        options = {**options, "ignore_unsupported_features": True}
    assert_parts_equal_whole(document, {**options, "send_defaults": defaults}, low_limits, unlimited)


@st.composite
def large_messages(draw: Any) -> Any:
    """Messages for many recipients, one or several per string; every n-th recipient has data and metadata."""
    count, group = draw(st.integers(95, 320)), draw(st.sampled_from([1, 3, 110]))
    recipients = [f"user{number}@{('example.com', 'bücher.example')[number % 2]}" for number in range(count)]
    recipients += recipients[: draw(st.integers(0, 2))]
    addressed = [each if number % 3 else f'"Us, er" <{each}>' for number, each in enumerate(recipients)]
    built: dict[str, Any] = {
        **BASE,
        "to": [", ".join(addressed[start : start + group]) for start in range(0, count, group)],
    }
    for name in ("merge_data", "merge_metadata"):
        step = draw(st.sampled_from([None, 1, 7, 150]))
        if step:
            built[name] = {each: {"n": each} for each in [*recipients[::step], "unknown@example.com"]}
    built["metadata"] = draw(st.sampled_from([{}, {"shared": 1}]))
    built["attachments"] = draw(st.sampled_from([[], [attachment(400_000)]]))
    return built


@pytest.mark.slow
@settings(max_examples=8)
@given(large_messages(), st.sampled_from([{}, {"to": addresses(9), "cc": [], "metadata": {"n": 0}}]))
def test_parts_of_large_messages_equal_the_whole(unlimited: compiler.Target, document: Any, defaults: Any) -> None:
    assert_parts_equal_whole(document, {"send_defaults": defaults}, "mailjet-v3", unlimited)


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_any_json_document_gives_a_result(document: Any, options: Any) -> None:
    result = split(document, options=options)
    assert result.ok == (not result.errors) == (result.output is not None)


def test_an_invalid_field_beside_too_many_recipients_gives_a_result(low_limits: compiler.Target) -> None:
    for name in FIELDS:
        for value in (5, [5], {"a": 5}, "x", ["user0@example.com", None], {"user0@example.com": 5}):
            defaults = {"send_defaults": {name: value}}
            for result in (split({**message(4), name: value}, low_limits), split(message(4), low_limits, defaults)):
                assert result.ok == (result.output is not None)


@settings(max_examples=30)
@given(FULL_MESSAGES, FULL_DEFAULTS)
def test_inputs_are_unchanged_and_nothing_mutable_is_shared(
    low_limits: compiler.Target, document: Any, defaults: Any
) -> None:
    document, options = (
        {**document, "to": document["to"] * 4},
        {"send_defaults": defaults, "ignore_unsupported_features": True},
    )
    before = json.dumps([document, options])
    first = split(document, low_limits, options)
    first_text = json.dumps(first.to_dict())
    spoil(split(document, low_limits, options).output)
    assert json.dumps([document, options]) == before
    assert json.dumps(split(document, low_limits, options).to_dict()) == first_text
    for index, part in enumerate(first.output or ()):
        others = json.dumps(first.unwrap()[index + 1 :])
        spoil(part)
        assert json.dumps(first.unwrap()[index + 1 :]) == others
    spoil(document)
    spoil(defaults)
    assert json.dumps(split(json.loads(before)[0], low_limits, json.loads(before)[1]).to_dict()) == first_text


def test_only_invalid_arguments_raise() -> None:
    with pytest.raises(ValueError, match="unknown target"):
        split({}, target="no-such-service")
    with pytest.raises(TypeError, match="options must be"):
        split({}, options=["x"])  # type: ignore[arg-type]
