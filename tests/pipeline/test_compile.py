"""The public API: what compile returns and raises, and that results share nothing with their input."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import compiler
from compiler.json_io import resources

MESSAGE = {
    "from_email": "Shop <orders@example.com>",
    "to": ["alice@example.com"],
    "subject": "Hello",
    "body": "Hi.",
    "merge_global_data": {"items": [{"name": "Tea"}]},
}


def test_a_message_compiles_to_a_payload() -> None:
    result = compiler.compile(MESSAGE)
    assert result.ok
    assert (result.errors, result.warnings, result.requires) == ((), (), ())
    assert result.payload == result.output == result.unwrap()
    assert result.payload["Recipients"] == [{"Email": "alice@example.com"}]


def test_all_errors_are_reported_together_without_a_payload() -> None:
    result = compiler.compile({"to": ["bad"], "tags": ["a", "b"], "subject": 5})
    assert not result.ok
    assert result.payload is None
    assert [(each.code, each.path) for each in result.errors] == [
        ("InvalidAddress", "/to/0"),
        ("InvalidMessage", "/subject"),
        ("UnsupportedFeature", "/tags/1"),
        ("MissingField", "/from_email"),
        ("MissingField", "/body"),
    ]
    with pytest.raises(compiler.CompileError) as raised:
        result.unwrap()
    assert raised.value.diagnostics == result.errors
    assert "InvalidAddress at message /to/0" in str(raised.value)


def test_unwrap_raises_while_a_requirement_is_unmet() -> None:
    result = compiler.compile({"to": ["a@example.com"], "template_id": 7})
    assert result.ok
    assert result.requires == ({"kind": "template_sender", "template_id": 7},)
    with pytest.raises(compiler.CompileError, match="template_sender") as raised:
        result.unwrap()
    assert (raised.value.diagnostics, raised.value.requires) == ((), result.requires)


def test_the_result_as_a_dict_fits_its_schema() -> None:
    messages: tuple[Any, ...] = (MESSAGE, {"to": ["bad"]}, [], {"to": ["a@example.com"], "template_id": 7})
    for message in messages:
        document = compiler.compile(message).to_dict()
        json.dumps(document)
        assert [error.message for error in resources.validator("result.schema.json").iter_errors(document)] == []


def test_diagnostics_compare_by_their_normative_parts() -> None:
    first = compiler.Diagnostic("error", "InvalidAddress", "/to/0", message="one way to say it")
    second = compiler.Diagnostic("error", "InvalidAddress", "/to/0", message="another", hint="do this", rule="to")
    assert first == second
    assert hash(first) == hash(second)
    assert first != compiler.Diagnostic("error", "InvalidAddress", "/to/1")
    assert first != compiler.Diagnostic("error", "InvalidAddress", "/to/0", document="options")


@pytest.mark.parametrize(
    "options",
    [
        {"send_defaults": {"tags": ["a", "b"]}, "ignore_unsupported_features": ["multiple tags"]},
        compiler.Options(send_defaults={"tags": ["a", "b"]}, ignore_unsupported_features=["multiple tags"]),
        MappingProxyType({"send_defaults": {"tags": ["a", "b"]}, "ignore_unsupported_features": True}),
    ],
)
def test_options_are_a_mapping_or_options(options: Any) -> None:
    result = compiler.compile(MESSAGE, options=options)
    assert result.unwrap()["Mj-campaign"] == "a"
    assert [(each.code, each.document, each.path) for each in result.warnings] == [
        ("FeatureDropped", "options", "/send_defaults/tags/1")
    ]


@pytest.mark.parametrize("options", [5, "x", ["send_defaults"], object()])
def test_options_of_another_type_raise_a_type_error(options: Any) -> None:
    with pytest.raises(TypeError, match=r"options must be a mapping or compiler\.Options"):
        compiler.compile(MESSAGE, options=options)


def test_an_unknown_target_raises_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"unknown target 'mailjet-v4' \(available: mailjet-v3, mailjet-v3\.1\)"):
        compiler.compile(MESSAGE, target="mailjet-v4")


def test_input_and_output_share_nothing_and_the_input_is_unchanged() -> None:
    message, options = copy.deepcopy(MESSAGE), {"send_defaults": {"esp_extra": {"Vars": {"list": [1]}}}}
    payload = compiler.compile(message, options=options).unwrap()
    payload["Vars"]["items"][0]["name"] = "Coffee"
    payload["Vars"]["list"].append(2)
    assert message == MESSAGE
    assert options == {"send_defaults": {"esp_extra": {"Vars": {"list": [1]}}}}
    assert compiler.compile(message, options=options).unwrap()["Vars"] == {"items": [{"name": "Tea"}], "list": [1]}


def test_results_can_be_pickled() -> None:
    for message in (MESSAGE, {"to": ["bad"]}):
        result = compiler.compile(message)
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own pickle
        error = compiler.CompileError(result.errors, result.requires)
        assert pickle.loads(pickle.dumps(error)).diagnostics == result.errors  # noqa: S301


def test_text_and_value_compile_alike() -> None:
    assert compiler.compile_text(json.dumps(MESSAGE)) == compiler.compile(MESSAGE)
    assert compiler.compile_text(json.dumps(MESSAGE).encode()) == compiler.compile(MESSAGE)


def test_invalid_json_text_is_reported_together_with_option_errors() -> None:
    result = compiler.compile_text("{", options={"template_sender": "bad"})
    assert [(each.code, each.document, each.path) for each in result.errors] == [
        ("InvalidJSON", "message", ""),
        ("InvalidAddress", "options", "/template_sender"),
    ]


def test_text_of_another_type_raises_a_type_error() -> None:
    with pytest.raises(TypeError, match="text must be a str or bytes, not bytearray"):
        compiler.compile_text(bytearray(b"{}"))  # type: ignore[call-overload]


@pytest.mark.slow
def test_a_value_of_exponentially_many_shared_parts_is_rejected() -> None:
    value: Any = 1
    for _ in range(64):
        value = {"left": value, "right": value}
    assert [(each.code, each.path) for each in compiler.compile({"metadata": value}).errors] == [("InvalidMessage", "")]


def test_a_deep_message_compiled_deep_in_the_stack_is_too_deep() -> None:
    nested: Any = []
    for _ in range(90):
        nested = [nested]

    def compile_at_depth(steps: int) -> compiler.Result:
        return compile_at_depth(steps - 1) if steps else compiler.compile(MESSAGE | {"esp_extra": {"X": nested}})

    result = compile_at_depth(sys.getrecursionlimit() - 300)
    assert [(each.code, dict(each.params)) for each in result.errors] == [("InvalidJSON", {"reason": "too-deep"})]


def test_the_result_does_not_depend_on_the_hash_seed() -> None:
    message = {"esp_extra": dict.fromkeys("abcdef"), "typo": 1, "other": 2, "extra_headers": {"A": 1, "a": 2}}
    command = f"import compiler, json; print(json.dumps(compiler.compile({message!r}).to_dict()))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", command], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1


def test_importing_the_package_imports_no_large_modules() -> None:
    names = ("jsonschema", "email", "idna", "requests")
    command = f"import sys, compiler; print([name for name in {names} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert process.stdout == "[]\n"


RULES: dict[str, Any] = {
    "target": "postcard",
    "ruleset": "send",
    "doc": "A canonical message becomes a postcard.",
    "input": resources.BASE + "canonical-message.schema.json",
    "output": "https://postcard.example/card.schema.json",
    "build": [
        {
            "id": "words",
            "doc": "A postcard has words.",
            "source": "any postcard",
            "put": "/words",
            "value": {"first": [{"get": "/text"}, {"get": "/subject"}]},
        }
    ],
}
CARD = {"$id": "https://postcard.example/card.schema.json", "properties": {"words": {"type": "string"}}}


def test_a_third_party_can_provide_its_own_target(tmp_path: Path) -> None:
    (tmp_path / "send.json").write_text(json.dumps(RULES), encoding="utf-8")
    (tmp_path / "card.schema.json").write_text(json.dumps(CARD), encoding="utf-8")
    target = compiler.load_target(tmp_path)
    assert target.name == "postcard"
    assert compiler.compile({"subject": "Greetings"}, target=target).unwrap() == {"words": "Greetings"}
    with pytest.raises(ValueError, match=r"unknown ruleset 'events' of target 'postcard' \(available: send\)"):
        target.ruleset("events")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("send.json", "{", "send.json, at /: not valid JSON"),
        ("send.json", json.dumps(RULES | {"build": [{"id": "x"}]}), "send.json, rule 'x', at /build/0/doc: "),
        ("send.json", json.dumps(RULES | {"output": "https://nowhere.example"}), "at /output: unknown schema"),
        ("card.schema.json", "{", "card.schema.json, at /: not valid JSON"),
        ("card.schema.json", "{}", "card.schema.json, at /$id: a schema must have an"),
        ("other.json", json.dumps(RULES | {"target": "letter", "ruleset": "other"}), "rulesets for letter, postcard"),
        (
            "other.json",
            json.dumps(RULES | {"ruleset": "send"}),
            "at /ruleset: must be 'other', like the name of",
        ),
        ("the-other.json", json.dumps(RULES), "the name of the file must be a letter, then letters, digits and "),
    ],
)
def test_an_invalid_target_reports_where_and_why(tmp_path: Path, name: str, content: str, problem: str) -> None:
    (tmp_path / "send.json").write_text(json.dumps(RULES), encoding="utf-8")
    (tmp_path / "card.schema.json").write_text(json.dumps(CARD), encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(compiler.RulesetError) as raised:
        compiler.load_target(tmp_path)
    assert problem in str(raised.value)


def test_a_folder_without_rulesets_is_not_a_target(tmp_path: Path) -> None:
    with pytest.raises(compiler.RulesetError, match="found none"):
        compiler.load_target(tmp_path)


@pytest.mark.parametrize(("size", "errors"), [(14_999_999, 0), (15_000_000, 0), (15_000_001, 1), (20_000_000, 1)])
def test_texts_and_attachments_are_limited_to_fifteen_million_bytes(size: int, errors: int) -> None:
    files = [
        {"filename": "a.bin", "content": base64.b64encode(b"\0" * (size - 30)).decode()},
        {"filename": "b.txt", "content": "0123456789", "encoding": "utf-8"},
    ]
    html = {"content": "0123456789", "mimetype": "text/html"}
    result = compiler.compile(MESSAGE | {"body": "0123456789", "alternatives": [html], "attachments": files})
    actual = [(each.code, each.path, each.params) for each in result.errors]
    assert actual == [("LimitExceeded", "/attachments", {"limit": 15_000_000, "actual": size})] * errors


def test_plain_and_inline_files_count_towards_the_same_limit() -> None:
    plain = {"filename": "a.bin", "content": base64.b64encode(b"\0" * 7_500_000).decode()}
    inline = plain | {"disposition": "inline", "content_id": "a"}
    html = {"content": "", "mimetype": "text/html"}
    errors = compiler.compile(MESSAGE | {"body": "b", "alternatives": [html], "attachments": [plain, inline]}).errors
    assert [(error.path, error.params["actual"]) for error in errors] == [("/attachments", 15_000_001)]


def test_the_repr_of_a_target_has_its_name_and_rulesets() -> None:
    target = compiler.load_target(Path(resources.TARGETS) / "mailjet_v3")
    rulesets = "decompile, events, from_mailjet_v3_1, inbound, response, send, template"
    assert repr(target) == f"<Target 'mailjet-v3': {rulesets}>"


@pytest.mark.parametrize(
    ("extra", "more"),
    [
        ({"Headers": {f"x{index}": 1 for index in range(1_500)}}, {"count": 500}),
        ({"Attachments": [{"Filename": "f"}] * 3_500}, {"count": 2_500}),
        ({"Attachments": [{"Filename": "f"}] * 10_000}, {}),
    ],
)
def test_unlisted_errors_in_esp_extra_are_counted(extra: Any, more: dict[str, int]) -> None:
    *listed, last = compiler.compile(MESSAGE | {"esp_extra": extra}).errors
    assert len(listed) == 1_000
    assert {each.code for each in listed} == {"InvalidValue"}
    assert (last.code, last.params) == ("MoreErrors", more)


def test_unlisted_unknown_features_are_counted() -> None:
    names = [f"feature {index}" for index in range(1_500)]
    warnings = compiler.compile(MESSAGE, options={"ignore_unsupported_features": names}).warnings
    assert [each.params for each in warnings if each.code == "MoreWarnings"] == [{"count": 500}]


def test_a_merge_field_that_some_recipients_lack_gets_its_own_hint() -> None:
    message = MESSAGE | {"to": ["a@example.com", "b@example.com"], "body": "[[var:name]]"}
    warnings = compiler.compile(message | {"merge_data": {"a@example.com": {"name": "A"}}}).warnings
    (hint,) = [each.hint for each in warnings if each.code == "UnknownMergeField"]
    assert hint is not None
    assert hint.startswith("the field is 'name': give every recipient a value")
