"""Invalid files, texts and Python values give diagnostics and an exit status, never a traceback."""

from __future__ import annotations

import datetime
import decimal
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import compiler
from compiler.frontend.fields import FIELDS
from compiler.json_io import resources

ROOT = Path(__file__).parent.parent.parent
MESSAGE: dict[str, Any] = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "x"}


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, list[str]]:
    """Exit status, stdout and the lines of stderr of the command, without a traceback."""
    completed = subprocess.run(
        [sys.executable, "-m", "compiler", *arguments], input=stdin, capture_output=True, cwd=ROOT
    )
    err = completed.stderr.decode("utf-8")
    assert "Traceback" not in err
    assert "\x1b" not in err
    return completed.returncode, completed.stdout.decode("utf-8"), err.splitlines()


def run_text(text: str | bytes, *arguments: str) -> tuple[int, str, list[str]]:
    return run("-", *arguments, stdin=text if isinstance(text, bytes) else text.encode("utf-8"))


def errors_of(result: compiler.Result) -> list[tuple[str, str]]:
    return [(error.code, error.path) for error in result.errors]


# Files


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-file.json", "no-such-file.json: No such file or directory"),
        ("examples", "examples: Is a directory"),
        ("README.md/message.json", "README.md/message.json: Not a directory"),
        ("x" * 5000, "File name too long"),
        ("/proc/self/mem", "Input/output error"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name: str, words: str) -> None:
    status, out, err = run(name)
    assert (status, out, len(err)) == (2, "", 1)
    assert err[0].startswith("python -m compiler: ")
    assert err[0].endswith(words)


def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_text("{}", encoding="utf-8")
    file.chmod(0)
    # Root without the two Linux capabilities to read any file; other users do not have them.
    code = """
import ctypes, os, sys
for capability in (1, 2):
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "compiler", sys.argv[1]])
"""
    completed = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, cwd=ROOT)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert completed.stderr == f"python -m compiler: {file}: Permission denied\n"


# Texts

NESTED = "[" * 5000 + "]" * 5000


@pytest.mark.parametrize(
    ("text", "reason", "position", "line"),
    [
        ("", "syntax", "1:1", ""),
        ("hello", "syntax", "1:1", "hello"),
        ("{'to': []}", "syntax", "1:2", "{'to': []}"),
        ('{"to": [],\n "cc": [}', "syntax", "2:9", ' "cc": [}'),
        ('{"to": ["a@b.c"]', "syntax", "1:17", '{"to": ["a@b.c"]'),
        ('{"subject": "a\nb"}', "syntax", "1:15", '{"subject": "a'),
        ('{"subject": "a\x1b[31m"}', "syntax", "1:15", '{"subject": "a\\x1b[31m"}'),
        ("{} {}", "syntax", "1:4", "{} {}"),
        (b'{"to": [],\n "subject": "Gr\xfc\xdfe"}', "encoding", "2:16", ' "subject": "Gr\ufffd\ufffde"}'),
        ('{"to": []}'.encode("utf-16"), "encoding", "1:1", "\ufffd\ufffd" + "".join(f"{c}\\x00" for c in '{"to": []}')),
        ('\ufeff{"to": []}', "encoding", "1:1", '\\ufeff{"to": []}'),
        ('{"to": [],\n "subject": "s",\n "to": []}', "duplicate-key", "3:2", ' "to": []}'),
        ('{"merge_data": {"a": {"x": 1,\n "x": 2}}}', "duplicate-key", "2:2", ' "x": 2}}}'),
        ('{"send_at": NaN}', "non-finite", "1:13", '{"send_at": NaN}'),
        ('{"send_at": -Infinity}', "non-finite", "1:13", '{"send_at": -Infinity}'),
        ('{"send_at": 1e999}', "non-finite", "1:13", '{"send_at": 1e999}'),
        (NESTED, "too-deep", "1:101", "…" + "[" * 100 + "…"),
        ('{"merge_global_data": {"a": ' + NESTED + "}}", "too-deep", "1:127", "…" + "[" * 100 + "…"),
    ],
)
def test_invalid_json_is_located(text: str | bytes, reason: str, position: str, line: str) -> None:
    status, out, err = run_text(text)
    assert (status, out) == (1, "")
    assert err[0].startswith(f"standard input:{position}: error: InvalidJSON")
    assert err[1] == f"  1 | {line}".replace("  1", f"{position.split(':')[0]:>3}").rstrip()
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    assert compiler.compile_text(content).errors[0].params == {"reason": reason}


@pytest.mark.slow
@pytest.mark.parametrize("text", ["[]", '"x"', "5", "null", "true", "[{}]"])
def test_a_message_must_be_an_object(text: str) -> None:
    status, _, err = run_text(text)
    assert status == 1
    assert err[0].startswith("standard input:1:1: error: InvalidMessage: ")
    assert err[2] == "    | " + "^" * len(text)


def test_large_numbers_are_kept_exactly() -> None:
    number = 2**53 + 1
    message = MESSAGE | {"merge_global_data": {"n": number}, "template_id": number}
    status, out, _ = run_text(json.dumps(message))
    assert status == 0
    assert json.loads(out)["Mj-TemplateID"] == number
    assert json.loads(out)["Vars"] == {"n": number}


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('{"subject": "\\ud800"}', "1:13"),
        ('{"merge_global_data": {\n "\\udfff": 1}}', "1:2"),
        ('{"to": ["a@b.c", "\\udc00@b.c"]}', "1:18"),
    ],
)
def test_lone_surrogates_are_reported_and_never_printed(text: str, position: str) -> None:
    status, _, err = run_text(text)
    assert status == 1
    line = next(line for line in err if ": error: InvalidValue at " in line)
    assert line.startswith(f"standard input:{position}: ") or "merge_global_data" in line


# Values from Python


class StrSubclass(str):
    """A subclass of a built-in type."""


def build_cyclic_list() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def build_nested_list(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (decimal.Decimal("1.5"), "/merge_global_data/a"),
        (datetime.datetime(2017, 6, 1, tzinfo=datetime.UTC), "/merge_global_data/a"),
        (b"bytes", "/merge_global_data/a"),
        ({"a", "b"}, "/merge_global_data/a"),
        (object(), "/merge_global_data/a"),
        (float("nan"), "/merge_global_data/a"),
        (float("-inf"), "/merge_global_data/a"),
        pytest.param(10**5000, "/merge_global_data/a", id="10**5000"),
        ({1: "x"}, "/merge_global_data/a"),
        ({None: "x", ("a", "b"): 1}, "/merge_global_data/a"),
        (build_cyclic_list(), "/merge_global_data/a/0"),
        ([1, {"b": 1j}], "/merge_global_data/a/1/b"),
    ],
)
def test_a_python_value_without_json_form_is_reported_at_its_path(value: Any, path: str) -> None:
    assert errors_of(compiler.compile(MESSAGE | {"merge_global_data": {"a": value}})) == [("InvalidMessage", path)]


@pytest.mark.parametrize("depth", [100, 5000])
def test_a_deeply_nested_python_value_is_rejected(depth: int) -> None:
    result = compiler.compile(MESSAGE | {"merge_global_data": {"a": build_nested_list(depth)}})
    assert errors_of(result) == [("InvalidJSON", "")]
    assert result.errors[0].params == {"reason": "too-deep"}


@pytest.mark.parametrize("message", [None, [], "text", 5, 1.5, True, b"{}", object(), [MESSAGE], {"message"}])
def test_a_message_must_be_a_mapping(message: object) -> None:
    assert errors_of(compiler.compile(message)) == [("InvalidMessage", "")]


def test_subclasses_and_tuples_are_accepted() -> None:
    result = compiler.compile(MESSAGE | {"subject": StrSubclass("s"), "to": ("b@example.com",)})
    assert result.payload == compiler.compile(MESSAGE).payload


# Fields

VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "x", ",", "a@example.com", [], [None], [5], [""], ["x"], [[]], [{}],
    {}, {"": ""}, {"a": None}, {"a": "x"}, {"a": {"b": 1}}, {"email": 5}, [{"email": ""}], {"email": None, "name": ""},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("field", FIELDS)
def test_any_value_in_any_field_gives_a_payload_or_diagnostics(field: str, value: Any) -> None:
    result = compiler.compile(MESSAGE | {field: value})
    assert resources.validator("result.schema.json").is_valid(result.to_dict())
    assert result.ok is (result.payload is not None)
    if not resources.validator("message.schema.json").is_valid({field: value}):
        assert [code for code, path in errors_of(result) if path.startswith(f"/{field}") and code != "MissingField"]
    as_default = compiler.compile(MESSAGE, options={"send_defaults": {field: value}})
    assert as_default.ok is (as_default.payload is not None)
    assert compiler.explain(MESSAGE | {field: value}).result.to_dict() == result.to_dict()


@pytest.mark.parametrize("field", FIELDS)
def test_null_is_the_same_as_an_absent_field(field: str) -> None:
    without = {name: value for name, value in MESSAGE.items() if name != field}
    assert compiler.compile(MESSAGE | {field: None}).to_dict() == compiler.compile(without).to_dict()


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("merge_dta", "did you mean 'merge_data'?"),
        ("Subject", "did you mean 'subject'?"),
        ("from", "it is called 'from_email' here"),
        ("headers", "it is called 'extra_headers' here"),
        ("html", "it is called 'alternatives' here"),
        ("attachment", "it is called 'attachments' here"),
        ("zzz", "the fields are "),
    ],
)
def test_an_unknown_field_gets_a_suggestion(field: str, hint: str) -> None:
    text = json.dumps(MESSAGE | {field: None}, indent=1)
    status, _, err = run_text(text)
    assert status == 1
    assert err[0].startswith(f"standard input:8:2: error: UnknownField at /{field}: ")
    assert err[1:3] == [f'  8 |  "{field}": null', "    |  " + "^" * len(f'"{field}"')]
    assert err[3].startswith(f"    = hint: {hint}")


# Sizes


def test_an_attachment_of_20_megabytes_is_too_large() -> None:
    attachment = {"filename": "a.bin", "mimetype": "application/octet-stream", "content": "AAAA" * 6_666_667}
    result = compiler.compile(MESSAGE | {"attachments": [attachment]})
    assert errors_of(result) == [("LimitExceeded", "/attachments")]


@pytest.mark.slow
def test_a_hundred_thousand_recipients_are_too_many() -> None:
    result = compiler.compile(MESSAGE | {"to": [f"r{number}@example.com" for number in range(100_000)]})
    assert errors_of(result) == [("LimitExceeded", "/to")]


def test_at_most_a_thousand_diagnostics_are_shown() -> None:
    status, _, err = run_text(json.dumps(MESSAGE | {"to": [f"r{number}" for number in range(2000)]}))
    assert status == 1
    assert len([line for line in err if ": error: InvalidAddress at /to/" in line]) == 1000
    assert any("error: MoreErrors: 1,000 more errors are not listed" in line for line in err)
    assert max(len(line) for line in err if line.startswith("  1 | ")) == len("  1 | ……") + 100


# Common mistakes


@pytest.mark.parametrize(
    ("text", "arguments", "status", "expected"),
    [
        (
            '{\n "from_email": "a@example.com",\n "to": ["b@example.com"],\n "subjet": "Hello",\n "body": "Hi"\n}',
            [],
            1,
            ["standard input:4:2: error: UnknownField", '  4 |  "subjet": "Hello",', "did you mean 'subject'?"],
        ),
        (
            '{\n "to": ["b@example.com"],\n "subject": "Hello",\n "body": "Hi"\n}',
            [],
            1,
            ["standard input:1:1: error: MissingField at /from_email", "  1 | {", "give from_email"],
        ),
        (
            '{\n "from_email": "a@example.com",\n "to": ["b@example.com"],\n "body": "Hi", "subject": "s",\n'
            ' "tags": ["a",\n  "b"]\n}',
            [],
            1,
            ["standard input:6:3: error: UnsupportedFeature at /tags/1", '  6 |   "b"]', "keep one tag"],
        ),
        (
            '{\n "from_email": "a@example.com",\n "to": ["Smith, Bob <b@example.com>"],\n'
            ' "cc": ["c@example.com"],\n "body": "Hi", "subject": "s"\n}',
            [],
            1,
            [
                "standard input:3:9: error: InvalidAddress at /to/0",
                '  3 |  "to": ["Smith, Bob <b@example.com>"],',
                "a name with a comma needs quotation marks",
            ],
        ),
        (
            '{\n "from_email": "a@example.com",\n "to": ["b@example.com"],\n "template_id": "order-shipped"\n}',
            [],
            1,
            [
                "standard input:4:17: error: InvalidValue at /template_id",
                '  4 |  "template_id": "order-shipped"',
                "a template id must be a number",
                "Template ID",
            ],
        ),
        (
            '{\n "to": ["b@example.com"],\n "template_id": 7\n}',
            [],
            3,
            ["the payload still needs: template_sender", "--template-sender ADDRESS"],
        ),
        (
            '{\n "to": ["b@example.com"],\n "template_id": 7\n}',
            ["--template-sender", "Shop, Example <a@example.com>"],
            1,
            ["--template-sender: error: InvalidAddress: ", "quotation marks"],
        ),
        (
            '{\n "from_email": "a@example.com",\n "to": ["b@example.com", "c@example.com"],\n "subject": "s",\n'
            ' "body": "x",\n "cc": ["d@example.com"],\n "merge_data": {}\n}',
            [],
            1,
            [
                "standard input:6:8: error: IncompatibleFields at /cc",
                '  6 |  "cc": ["d@example.com"],',
                "also: standard input:7:16 (/merge_data)",
                "omit merge_data",
            ],
        ),
    ],
)
def test_a_common_mistake_is_shown_with_a_hint(
    text: str, arguments: list[str], status: int, expected: list[str]
) -> None:
    actual_status, _, err = run_text(text, *arguments)
    assert actual_status == status
    for words in expected:
        assert any(words in line for line in err), err
