"""Targets: their manifests, those that other packages install, included files, and generated code."""

from __future__ import annotations

import json
import pickle
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import compiler
from compiler.cli.engine_commands import main as engine_main
from compiler.cli.engine_commands import write_generated_code
from compiler.engine import RulesetError, check
from compiler.json_io import resources
from compiler.pipeline import targets
from compiler.pipeline.target_files import TargetFolder
from compiler.pipeline.target_schemas import build_schemas
from compiler.pipeline.targets import load_target, named_target, target_names

CANONICAL = f"{resources.BASE}canonical-message.schema.json"
PAYLOAD = "https://postbox.example/payload.schema.json"
SCHEMA = {
    "$id": PAYLOAD,
    "type": "object",
    "properties": {"to": {"type": "array", "items": {"type": "string"}}, "title": {"type": "string", "maxLength": 5}},
}
MESSAGE = {"to": ["a@example.com"], "subject": "Hello"}
OUTPUT = {"to": ["a@example.com"], "title": "Hello"}


def rule(name: str, **keys: Any) -> dict[str, Any]:
    return {"id": name, "doc": f"Why {name}.", "source": "page 1", **keys}


def rules(*more: dict[str, Any], **header: Any) -> dict[str, Any]:
    return {
        "target": "postbox",
        "ruleset": "send",
        "doc": "d",
        "input": CANONICAL,
        "output": PAYLOAD,
        "build": [
            rule("to", put="/to", value={"each": "/to", "value": "@/email"}),
            rule("title", put="/title", value="/subject"),
            *more,
        ],
        "verify": [rule("conforms", conform="InvalidValue", message="wrong", params={"reason": {"const": "too-long"}})],
        **header,
    }


PAGES = {"sources": {"page 1": {"title": "The manual, page 1"}}}
MANIFEST = {"name": "postbox", "title": "Postbox API 2", "links": {"API": "https://postbox.example/"}}


def write(folder: Path, **files: Any) -> Path:
    """Writes a target; names of files have an underscore for the period."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"send": rules(), "payload_schema": SCHEMA, "target": MANIFEST, **files}
    for name, content in contents.items():
        if content is not None:
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / f"{name.replace('_', '.')}.json").write_text(text, encoding="utf-8")
    return folder


# --- A folder ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_a_target_with_a_manifest(tmp_path: Path) -> None:
    target = load_target(write(tmp_path))
    assert compiler.compile(MESSAGE, target).output == OUTPUT
    assert target.manifest is not None
    assert (target.manifest.name, target.manifest.title) == ("postbox", "Postbox API 2")
    assert target.manifest.links == {"API": "https://postbox.example/"}
    assert pickle.loads(pickle.dumps(target)).manifest == target.manifest  # noqa: S301 - our own


def test_the_manifest_is_optional(tmp_path: Path) -> None:
    target = load_target(write(tmp_path, target=None))
    assert (target.name, target.manifest) == ("postbox", None)


@pytest.mark.parametrize(
    ("manifest", "place", "problem"),
    [
        ("{", "target.json, at /", "not valid JSON"),
        ([], "target.json, at /", "must be an object"),
        ({"name": "postbox"}, "target.json, at /", "'title' is a required property"),
        ({**MANIFEST, "name": "Post Box"}, "target.json, at /name", "does not match"),
        ({**MANIFEST, "links": {"a": "javascript:x"}}, "target.json, at /links/a", "does not match"),
        ({**MANIFEST, "reasons": {"MissingField": {"a": "b"}}}, "target.json, at /reasons", "is not one of"),
        ({**MANIFEST, "color": "red"}, "target.json, at /", "'color' was unexpected"),
        ({**MANIFEST, "name": "other"}, ", at /name", "the rulesets are for 'postbox', but target.json names"),
    ],
)
def test_a_wrong_manifest_is_refused(tmp_path: Path, manifest: Any, place: str, problem: str) -> None:
    with pytest.raises(RulesetError) as caught:
        load_target(write(tmp_path, target=manifest))
    assert place in str(caught.value)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["../secret.json", "/etc/secret.json", "a/../../secret.json", "..\\secret.json", "link.json", "a.txt", "a\0.json",
     "shared:../mailjet_v3/send.json", "shared:/etc/a.json", "missing.json", "folder.json"],
)  # fmt: skip
def test_a_file_outside_the_folder_cannot_be_included(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "postbox", send=rules(include=[name]))
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "folder.json").mkdir()
    (folder / "a.txt").write_text("{}", encoding="utf-8")
    with pytest.raises(
        RulesetError, match=re.escape("at /include/0: cannot include") + "|not valid JSON|Is a directory"
    ):
        TargetFolder(str(folder)).load_ruleset("send")


def test_files_in_the_folder_and_shared_ones_can_be_included(tmp_path: Path) -> None:
    folder = write(tmp_path, send=rules(include=["shared:content.json", "include/more.json"], **PAGES))
    (folder / "include").mkdir()
    (folder / "include/more.json").write_text(json.dumps({"definitions": {"x": 1}}), encoding="utf-8")
    loaded = load_target(folder).ruleset("send")
    assert {each.file for each in loaded.rules} == {"", "shared:content.json"}


def test_a_problem_in_an_included_file_names_it(tmp_path: Path) -> None:
    folder = write(tmp_path, send=rules(include=["include/more.json"], **PAGES))
    (folder / "include").mkdir()
    more = {"id": "more", "doc": "d", "source": "page 1", "put": "/unknown", "value": {"use": "wrong"}}
    included = {"definitions": {"wrong": "/subjekt"}, "build": [more]}
    (folder / "include/more.json").write_text(json.dumps(included), encoding="utf-8")
    problems = {problem.kind: str(problem) for problem in check(load_target(folder).ruleset("send"))}
    assert problems["unknown-output"].startswith("include/more.json: more: ")
    assert problems["unknown-input"].startswith("include/more.json: more, at /definitions/wrong: ")


def test_a_policy_of_a_target_is_that_of_its_messages(tmp_path: Path) -> None:
    message = {"to": ["jörg@example.com"], "subject": "Hello", "merge_data": {"a@example.com": {"x": None}}}
    assert compiler.compile(message, load_target(write(tmp_path / "a"))).ok
    strict = rules(policy={"ascii_local_parts": True, "refuse_null": ["merge_data"]})
    result = compiler.compile(message, load_target(write(tmp_path / "b", send=strict)))
    assert [(error.code, error.path) for error in result.errors] == [
        ("UnsupportedFeature", "/to/0"),
        ("InvalidValue", "/merge_data/a@example.com/x"),
    ]
    with pytest.raises(RulesetError, match="at /policy: unknown member 'ascii'"):
        load_target(write(tmp_path / "c", send=rules(policy={"ascii": True})))


def test_recipients_are_located_as_the_policy_reads_them() -> None:
    message = {"from_email": "a@example.com", "to": ["a@x.com, jörg@x.com", "b@x.com", "b@x.com"], "body": "Hi!"}
    result = compiler.compile(message)
    assert [(each.code, each.path) for each in (*result.errors, *result.warnings)][:2] == [
        ("UnsupportedFeature", "/to/0"),
        ("DuplicateRecipient", "/to/2"),
    ]


def test_declared_reasons_are_valid_in_results(tmp_path: Path) -> None:
    target = load_target(write(tmp_path, target={**MANIFEST, "reasons": {"InvalidValue": {"too-long": "a title"}}}))
    (error,) = compiler.compile({**MESSAGE, "subject": "Hello, world"}, target).errors
    schemas = build_schemas(target)
    from jsonschema import Draft202012Validator

    def problems(schema: Any) -> list[str]:
        return [each.message for each in Draft202012Validator(schema).iter_errors(error.to_dict())]

    assert problems(schemas[f"{resources.BASE}diagnostic.schema.json"]) == []
    assert problems(resources.schemas()[f"{resources.BASE}diagnostic.schema.json"]) != []


@pytest.mark.parametrize(
    ("more", "manifest", "kind"),
    [
        ((), {}, "undeclared-reason"),
        ((rule("x", unsupported={"feature": "colors", "of": "/tags"}),), {}, "undeclared-feature"),
        ((rule("x", unsupported={"feature": "tags", "of": "/tags"}),), {}, None),
        ((rule("x", unsupported={"feature": "colors", "of": "/tags"}),), {"features": {"colors": "c"}}, None),
    ],
)
def test_the_checker_finds_what_the_manifest_does_not_declare(
    tmp_path: Path, more: Any, manifest: Any, kind: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = {} if kind == "undeclared-reason" else {"reasons": {"InvalidValue": {"too-long": "a title"}}}
    folder = write(tmp_path, send=rules(*more), target={**MANIFEST, **reasons, **manifest})
    assert engine_main(["check", str(folder)]) == 1
    found = set(re.findall(r": (undeclared-\w+): ", capsys.readouterr().out))
    assert found == ({kind} if kind else set())


@pytest.mark.parametrize(
    ("files", "place", "problem"),
    [
        ({"copy": {**rules(), "ruleset": "send"}}, "/ruleset", "must be 'copy', like the name of the file, got 'send'"),
        ({"z_schema": SCHEMA}, "/$id", f"another schema of this folder has the $id {PAYLOAD!r}"),
        ({"z_schema": {"$id": "z", "anyOf": 5}}, "/anyOf", "invalid schema: 5 is not of type 'array'"),
        ({"z_schema": {"$id": "z", "items": {"type": 5}}}, "/items/type", "invalid schema: 5 is not valid"),
        ({"z_schema": {"$id": "z", "pattern": "^(a+)+$"}}, "/pattern", "invalid pattern: only characters and classes"),
        ({"z_schema": {"$id": "z", "pattern": "^a*b*$"}}, "/pattern", "invalid pattern: only one part may match"),
        ({"z_schema": {"$id": "z", "pattern": "a*b"}}, "/pattern", "invalid pattern: it must begin with ^"),
        ({"z_schema": {"$id": "z", "patternProperties": {"(a+)+": {}}}}, "/patternProperties/(a+)+", "invalid pattern"),
        ({"z_schema": {"$id": "z", "pattern": "^a?b?c?d?e?$"}}, "/pattern", "invalid pattern: at most 4 parts may be"),
        ({"z_schema": {"$id": "z", "pattern": "^(a+|b)$"}}, "/pattern", "invalid pattern: only characters and classes"),
        ({"z_schema": {"$id": "z#"}}, "/$id", "a schema must have an $id, a URI without a fragment"),
        ({"z_schema": {"$id": "z", "items": {"$anchor": "a"}}}, "/items/$anchor", "$anchor is not supported here"),
        ({"z_schema": {"$id": "z", "$defs": {"a": {"$id": "b"}}}}, "/$defs/a/$id", "$id is not supported here"),
        ({"z_schema": {"$id": "z", "not": {"$dynamicRef": "#a"}}}, "/not/$dynamicRef", "$dynamicRef is not supported"),
        ({"z_schema": {"$id": "z", "pattern": "("}}, "/pattern", "invalid schema: '(' is not a 'regex'"),
    ],
)
def test_files_that_contradict_each_other_or_are_wrong_are_refused(
    tmp_path: Path, files: Any, place: str, problem: str
) -> None:
    with pytest.raises(RulesetError) as caught:
        load_target(write(tmp_path, **files))
    assert caught.value.key == place
    assert caught.value.problem.startswith(problem)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z]+$",
        "^a{3}[0-9]*(?![\\s\\S])",
        "^x",
        r"^\d{3}$",
        r"^\w+$",
        r"\S",
        "^-?[0-9]+$",
        "^(?:foo|b[a-z]r)$",
        r"^US\$",
        r"^[\d\]]+$",
        "abc",
        "[0-9]{4}-[0-9]{2}",
        "^[^,]*\\Z",
        "",
    ],
)
def test_patterns_of_schemas_that_take_linear_time_are_allowed(tmp_path: Path, pattern: str) -> None:
    schema = {**SCHEMA, "properties": {"to": {}, "title": {"type": "string", "pattern": pattern}}}
    assert load_target(write(tmp_path, payload_schema=schema)).name == "postbox"


def test_names_and_values_in_schemas_are_not_schemas(tmp_path: Path) -> None:
    schema = {
        "$id": "z",
        "properties": {
            "patternProperties": True,
            "pattern": {"type": "string"},
            "$anchor": {},
            "const": {"pattern": "^x"},
        },
        "default": {"patternProperties": 5, "pattern": "(a+)+"},
        "const": {"pattern": "(a+)+", "$id": "y"},
    }
    assert load_target(write(tmp_path, z_schema=schema)).name == "postbox"
    schema["properties"]["const"] = {"pattern": "(a+)+"}  # type: ignore[index]
    with pytest.raises(RulesetError, match="at /properties/const/pattern: invalid pattern"):
        load_target(write(tmp_path, z_schema=schema))


def test_included_files_have_one_spelling_and_no_loops(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "include").mkdir()
    (folder / "include/more.json").write_text("{}", encoding="utf-8")
    (folder / "loop.json").symlink_to(folder / "loop.json")
    for name, problem in (
        ("./include/more.json", "an included file must be a .json file in the folder"),
        ("include//more.json", "an included file must be a .json file in the folder"),
        ("loop.json", "cannot include 'loop.json': "),
        ("send.json", "'send.json' includes itself"),
    ):
        (folder / "send.json").write_text(json.dumps(rules(include=[name], **PAGES)), encoding="utf-8")
        with pytest.raises(RulesetError, match=re.escape(problem)) as caught:
            TargetFolder(str(folder)).load_ruleset("send")
        assert caught.value.key == "/include/0"


def test_a_policy_does_not_change_the_schema_of_another_input(tmp_path: Path) -> None:
    own = {"$id": "own", "type": "object", "properties": {"merge_data": {"type": "string"}, "to": {}, "subject": {}}}
    header = {"input": "own", "policy": {"refuse_null": ["merge_data"]}}
    ruleset = load_target(write(tmp_path, own_schema=own, send=rules(**header))).ruleset("send")
    assert ruleset.input_schema["properties"] == own["properties"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (
            {"report": "error", "code": "RecipientsVisible"},
            "wrong-severity: RecipientsVisible must not have the severity error",
        ),
        ({"report": "warning", "code": "NoEffect"}, "wrong-params: NoEffect must have the param 'reason'"),
        (
            {"report": "warning", "code": "CaseMismatch", "params": {"x": 1}},
            "wrong-params: CaseMismatch must not have the param 'x'",
        ),
        (
            {"report": "warning", "code": "NoEffect", "params": {"reason": {"first": ["/subject", {"const": "odd"}]}}},
            "undeclared-reason: the reason 'odd' of NoEffect must be declared in reasons of target.json",
        ),
        ({"report": "warning", "code": "DuplicateRecipient"}, ""),
    ],
)
def test_reports_are_those_of_their_code(
    tmp_path: Path, keys: Any, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = {"reasons": {"InvalidValue": {"too-long": "a title"}}}
    folder = write(tmp_path, send=rules(rule("x", at="/to", message="m", **keys)), target={**MANIFEST, **reasons})
    engine_main(["check", str(folder)])
    out = capsys.readouterr().out
    assert re.findall(r"x: ((?:wrong-|undeclared-).*)", out) == ([found] if found else [])


def test_a_declared_feature_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine_main(["check", str(write(tmp_path, target={**MANIFEST, "features": {"colors": "none"}}))])
    assert "target.json: /features/colors: unused-feature: no rule names it" in capsys.readouterr().out


ANSWER = "https://postbox.example/answer.schema.json"
STATUSES = f"{resources.BASE}recipient-statuses.schema.json"


@pytest.mark.parametrize(
    ("file", "header", "members", "found"),
    [
        ("send", {"input": STATUSES}, (), {"wrong-input: must be "}),
        ("response", {"input": ANSWER, "output": STATUSES}, ("status_code", "body"), set()),
        ("response", {"input": ANSWER, "output": STATUSES}, ("accepted",), {"wrong-input: a response is an object "}),
        ("response", {"input": ANSWER, "output": PAYLOAD}, ("body",), {"wrong-output: must be "}),
        ("events", {"input": ANSWER, "output": STATUSES}, ("accepted",), {"wrong-output: must be "}),
    ],
)
def test_a_ruleset_reads_and_writes_the_documents_of_its_name(
    tmp_path: Path,
    file: str,
    header: Any,
    members: tuple[str, ...],
    found: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = {"$id": ANSWER, "type": "object", "properties": {name: {} for name in members}}
    folder = write(tmp_path, answer_schema=answer, **{file: {**rules(), "ruleset": file, **header}})
    assert engine_main(["check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert set(re.findall(r"(wrong-(?:in|out)put: (?:must be|a response is an object) )", out)) == found


# --- Installed targets ------------------------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a target in a package that is installed: on the path, with the metadata of a distribution."""
    package = write(tmp_path / "acme_postbox")
    (package / "__init__.py").write_text("", encoding="utf-8")
    register(tmp_path, "postbox = acme_postbox")
    monkeypatch.syspath_prepend(str(tmp_path))
    named_target.cache_clear()
    yield package
    named_target.cache_clear()
    for name in [name for name in sys.modules if name.startswith("acme_postbox")]:
        del sys.modules[name]


def register(root: Path, line: str) -> None:
    info = root / "acme_postbox-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-postbox\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{targets.ENTRY_POINTS}]\n{line}\n", encoding="utf-8")


def test_another_package_can_install_a_target(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert target_names() == ("mailjet-v3", "mailjet-v3.1", "postbox")
    assert compiler.compile(MESSAGE, "postbox").output == OUTPUT
    assert "acme_postbox" not in sys.modules  # none of its code runs
    assert engine_main(["list"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "postbox: Postbox API 2 (from the package acme_postbox)",
        "  API: https://postbox.example/",
    ]
    again = pickle.loads(pickle.dumps(named_target("postbox")))  # noqa: S301 - our own
    assert compiler.compile(MESSAGE, again).output == OUTPUT


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("postbox = acme_missing", "its entry point must name a package with the target's files, got 'acme_missing'"),
        ("postbox = acme_missing.inner", "must name a package"),
        ("postbox = json", None),
        ("postbox = acme_postbox:load", "got 'acme_postbox:load'"),
        ("other = acme_postbox", "must have a target.json with this name, found one for 'postbox'"),
    ],
)
def test_a_wrong_entry_point_is_an_error_that_names_it(installed: Path, line: str, problem: str | None) -> None:
    register(installed.parent, line)
    name = line.partition(" ")[0]
    expected = problem or "must have a target.json with this name, found no target.json"
    with pytest.raises(ValueError, match=re.escape(f"invalid target '{name}'")) as caught:
        named_target(name)
    assert expected in str(caught.value)
    assert compiler.compile({"to": ["x"]}).ok is False  # our own target is not affected


def test_our_own_target_cannot_be_replaced(installed: Path) -> None:
    register(installed.parent, "mailjet-v3 = acme_postbox")
    assert named_target("mailjet-v3").manifest is not None
    assert named_target("mailjet-v3").ruleset("send").target == "mailjet-v3"


def test_generated_code_is_used_until_the_rules_change(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert engine_main(["generate", str(installed)]) == 0
    written = capsys.readouterr().out.splitlines()
    assert [Path(line.removeprefix("wrote ")).name for line in written] == [
        "__init__.py", "_send_output1.py", "send.py",
    ]  # fmt: skip
    assert compiler.compile(MESSAGE, "postbox").output == OUTPUT
    assert "acme_postbox.generated.send" in sys.modules
    (error,) = compiler.compile({**MESSAGE, "subject": "Hello, world"}, "postbox").errors
    assert (error.code, error.path) == ("InvalidValue", "/subject")
    assert "stale-code" not in check_output(installed, capsys)

    changed = rules()
    changed["build"][1]["value"] = {"const": "Other"}
    write(installed, send=changed)
    named_target.cache_clear()
    assert compiler.compile(MESSAGE, "postbox").output == {**OUTPUT, "title": "Other"}
    assert "stale-code: the rules have changed since; run: python -m compiler.engine generate" in check_output(
        installed, capsys
    )


def check_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    engine_main(["check", str(folder)])
    return capsys.readouterr().out


def test_code_is_generated_only_for_a_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert engine_main(["generate", str(write(tmp_path))]) == 2
    assert "must be a Python package: add an __init__.py" in capsys.readouterr().err


def test_the_code_of_a_folder_that_is_not_installed_is_never_run(tmp_path: Path) -> None:
    folder = write(tmp_path / "evil")
    (folder / "__init__.py").write_text("raise SystemExit('run')", encoding="utf-8")
    (folder / "generated").mkdir()
    (folder / "generated/send.py").write_text("raise SystemExit('run')", encoding="utf-8")
    assert compiler.compile(MESSAGE, load_target(folder)).output == OUTPUT


HOSTILE = '"""\nimport os\nos.abort()\n"""'


def test_a_hostile_ruleset_puts_no_code_into_generated_modules(tmp_path: Path) -> None:
    schema = {**SCHEMA, "$id": f"https://postbox.example/{HOSTILE}"}
    hostile = rules(
        rule(f"x{HOSTILE}", put="/title", value={"const": HOSTILE}, overrides=["title"]),
        target=HOSTILE,
        output=schema["$id"],
        policy={"case_blind": []},
    )
    hostile["verify"][0]["except"] = [HOSTILE]
    folder = write(tmp_path / "evil", send=hostile, payload_schema=schema, target=None)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    for file in write_generated_code(str(folder)):
        compile_source = compile(Path(file).read_text(encoding="utf-8"), file, "exec")
        assert "os" not in compile_source.co_names


# --- Commands ---------------------------------------------------------------------------------------------------------


def test_show_prints_a_folders_rules_without_shorthand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "a", send=rules(definitions={"d": "/subject"}, ignores={"/tags": "not needed"}))
    assert engine_main(["show", str(folder), "send", "--expanded"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["build"][0]["value"] == {"each": {"get": "/to"}, "value": {"get": "@/email"}}
    shutil.copytree(folder, tmp_path / "b")
    write(tmp_path / "b", send=document)
    assert compiler.compile(MESSAGE, load_target(tmp_path / "b")).output == OUTPUT


def test_show_prints_the_code_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert engine_main(["show", str(write(tmp_path)), "send"]) == 0
    assert "def run(document, ignored, copy):" in capsys.readouterr().out
