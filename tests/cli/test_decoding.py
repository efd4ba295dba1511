"""The command line with --as: decodes and explains bodies, whatever they contain."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import compiler
from compiler.json_io import resources
from compiler.pipeline.explain import explain_decoded

ROOT = Path(__file__).parent.parent.parent
SCHEMA = resources.validator("explanation.schema.json")
DECODED = ("events", "inbound", "response", "template")
MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com", "c@example.com"], "subject": "s", "body": "x"}
EVENTS = [
    {"event": "open", "time": 1, "email": "b@example.com", "ip": "192.0.2.1", "agent": "A"},
    {"event": "click", "time": 2, "email": "c@example.com", "ip": "192.0.2.2", "url": "https://example.com"},
    {"event": "bounce", "time": 3, "email": "d@example.com", "error": "user unknown", "customcampaign": "t"},
]
MAIL = {"Sender": "a@example.com", "Headers": {"Subject": "Grüße"}, "Text-part": "x"}
RESPONSE = {"Sent": [{"Email": "b@example.com", "MessageID": 7, "MessageUUID": "u"}]}
TEMPLATE = {"Data": [{"Headers": {"From": "A <a@example.com>"}}], "Count": 1}
BODIES: dict[str, Any] = {"events": EVENTS, "inbound": MAIL, "response": RESPONSE, "template": TEMPLATE}


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the command, both UTF-8 and without tracebacks."""
    completed = subprocess.run(
        [sys.executable, "-m", "compiler", *arguments], input=stdin, capture_output=True, cwd=ROOT
    )
    out, err = completed.stdout.decode("utf-8"), completed.stderr.decode("utf-8")
    assert "Traceback" not in err
    assert "\x1b" not in out + err
    return completed.returncode, out, err


def decode(kind: str, body: object, *arguments: str) -> tuple[int, str, str]:
    """Runs the command on a body (bytes, or a value to write as JSON) on standard input."""
    stdin = body if isinstance(body, bytes) else json.dumps(body).encode()
    return run("-", "--as", kind, *arguments, stdin=stdin)


def write(file: Path, content: object) -> str:
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


# --- Each document ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DECODED)
def test_a_body_is_decoded(kind: str, tmp_path: Path) -> None:
    expected = getattr(compiler, f"decode_{kind}")(BODIES[kind])
    file = write(tmp_path / "body.json", BODIES[kind])
    status, out, err = run(file, "--as", kind)
    assert (status, json.loads(out), err) == (0, expected.output, "")
    status, out, _ = run(f"--as={kind}", "--json", file)
    assert (status, json.loads(out)) == (0, expected.to_dict())
    assert decode(kind, BODIES[kind])[1] == run(file, "--as", kind)[1]


def test_as_message_is_the_default() -> None:
    file = "examples/order-shipped.json"
    assert run(file, "--as", "message") == run(file)
    assert run("--as", "message", file)[0] == 0


def test_a_warning_is_located_in_the_body(tmp_path: Path) -> None:
    file = write(tmp_path / "webhook.json", '[{"event": "open"},\n {"event": "open", "time": "soon"}]')
    status, out, err = run(file, "--as", "events")
    assert (status, len(json.loads(out)["events"])) == (0, 2)
    assert err.splitlines() == [
        f"{file}:2:28: warning: MalformedEvent at /1/time: must be a time in seconds since 1970",
        '  2 |  {"event": "open", "time": "soon"}]',
        "    |                            ^^^^^^",
        "    = see: https://payload-compiler.example/diagnostics/#malformedevent",
    ]


def test_a_byte_order_mark_does_not_count_as_a_column() -> None:
    _, _, err = decode("events", b'\xef\xbb\xbf[{"time": "soon"}]')
    assert err.startswith("standard input:1:11: warning: MalformedEvent at /0/time: ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "body", "position", "code"),
    [
        ("events", b'[{"event": ]', "1:12", "InvalidBody"),
        ("events", b"", "1:1", "InvalidBody"),
        ("inbound", b'{"Subject":\n "\xff"}', "2:3", "InvalidBody"),
        ("events", b"[1,\n NaN]", "2:2", "InvalidBody"),
        ("inbound", b"\n [1]", "2:2", "InvalidBody"),
        ("response", b'{"Sent": [}', "1:11", "InvalidResponse"),
        ("response", b'{"Sent": [{"Email": "a@example.com", "MessageID": []}]}', "1:51", "InvalidResponse"),
        ("template", b'{"Data": []}', "1:10", "InvalidResponse"),
    ],
)
def test_an_invalid_body_is_located(kind: str, body: bytes, position: str, code: str) -> None:
    status, out, err = decode(kind, body)
    assert (status, out) == (1, "")
    assert err.startswith(f"standard input:{position}: error: {code}")
    status, out, _ = decode(kind, body, "--json")
    assert (status, json.loads(out)["output"], json.loads(out)["errors"][0]["document"]) == (1, None, "body")


# --- Responses --------------------------------------------------------------------------------------------------------


def test_a_response_is_decoded_for_the_recipients_of_the_message(tmp_path: Path) -> None:
    message = write(tmp_path / "message.json", MESSAGE)
    status, out, err = decode("response", RESPONSE, "--message", message)
    assert (status, err) == (0, "")
    statuses = {recipient["email"]: recipient["status"] for recipient in json.loads(out)["recipients"]}
    assert statuses == {"b@example.com": "sent", "c@example.com": "unknown"}


def test_a_message_can_come_from_standard_input(tmp_path: Path) -> None:
    response = write(tmp_path / "response.json", RESPONSE)
    status, out, _ = run(response, "--as", "response", "--message", "-", stdin=json.dumps(MESSAGE).encode())
    assert (status, len(json.loads(out)["recipients"])) == (0, 2)


@pytest.mark.parametrize(
    ("message", "flags"),
    [
        ({"subject": "s", "body": "x"}, ["--defaults", "{defaults}"]),
        (MESSAGE | {"tags": ["a", "b"]}, ["--ignore-unsupported"]),
        ({"to": ["b@example.com", "c@example.com"], "template_id": 7}, ["--template-sender", "a@example.com"]),
    ],
)
def test_options_apply_to_the_sent_message(tmp_path: Path, message: object, flags: list[str]) -> None:
    defaults = write(tmp_path / "defaults.json", {"from_email": "a@example.com", "to": MESSAGE["to"]})
    sent = write(tmp_path / "message.json", message)
    flags = [flag.format(defaults=defaults) for flag in flags]
    status, out, _ = decode("response", RESPONSE, "--message", sent, *flags)
    assert status == 0
    assert [recipient["email"] for recipient in json.loads(out)["recipients"]] == MESSAGE["to"]


@pytest.mark.parametrize("kind", ["response", "template"])
@pytest.mark.parametrize(
    ("flags", "code", "hint"),
    [
        (["--status-code", "401"], "Unauthorized", None),
        (["--status-code", "429"], "RateLimited", None),
        (["--status-code", "400"], "ServiceRejected", "no such thing"),
        (["--status-code=500"], "ServiceFailed", "no such thing"),
    ],
)
def test_a_status_code_selects_the_error(kind: str, flags: list[str], code: str, hint: str | None) -> None:
    status, out, err = decode(kind, {"ErrorMessage": "no such thing"}, *flags)
    assert (status, out) == (1, "")
    assert err.startswith(f"standard input:1:1: error: {code}: ")
    assert hint is None or f"= hint: {hint}" in err


def test_the_reason_phrase_is_used_if_the_body_is_empty() -> None:
    flags = ["--status-code", "500", "--reason", "Null value in Vars"]
    assert "Null value in Vars" in decode("response", b"", *flags)[2]
    status, _, err = decode("template", b"", *flags[:2], "--reason", "two\nlines \x1b[31m")
    assert (status, len(err.splitlines())) == (1, 5)


def test_a_reason_phrase_need_not_be_utf_8() -> None:
    command = [sys.executable, "-m", "compiler", "/dev/null", "--as", "template", "--json", "--status-code=500"]
    completed = subprocess.run([*command, b"--reason=\xff\xfe"], capture_output=True, cwd=ROOT)
    assert completed.returncode == 1
    assert json.loads(completed.stdout.decode("utf-8"))["errors"][0]["code"] == "ServiceFailed"


# --- Invalid usage ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--as", "events", "--defaults", "x"],
            "--defaults requires --as message or --as response, got --as events",
        ),
        (["--as", "inbound", "--ignore-unsupported"], "--ignore-unsupported requires --as message or --as response"),
        (["--as", "template", "--template-sender", ""], "--template-sender requires --as message or --as response"),
        (["--as", "message", "--status-code", "0"], "--status-code requires --as response or --as template"),
        (["--status-code", "200"], "--status-code requires --as response or --as template, got --as message"),
        (["--as", "events", "--reason", ""], "--reason requires --as response or --as template"),
        (["--message", "x"], "--message requires --as response, got --as message"),
        (["--as", "template", "--message", "x"], "--message requires --as response, got --as template"),
        (
            ["--as", "response", "--defaults", "x"],
            "--defaults applies to the message that was sent; add --message FILE",
        ),
        (["--as", "response", "--ignore-unsupported"], "--ignore-unsupported applies to the message that was sent"),
        (["--as", "response", "--message", "-"], "only one of FILE, --message can be standard input"),
        (
            ["--as", "response", "--message", "-", "--defaults", "-"],
            "only one of FILE, --message, --defaults can be standard input",
        ),
        (["--as", "response", "--status-code", "ok"], "argument --status-code: invalid int value: 'ok'"),
        (["--as", "bounces"], "argument --as: invalid choice: 'bounces' (choose from "),
        (["--as", "response", "--message", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["--as", "events", "--target", "nowhere"], "unknown target 'nowhere'"),
    ],
)
def test_incompatible_flags_are_invalid_usage(arguments: list[str], words: str) -> None:
    status, out, err = run("-", *arguments)
    assert (status, out) == (2, "")
    assert words in err.splitlines()[0]


def test_invalid_json_in_the_sent_message_is_invalid_usage(tmp_path: Path) -> None:
    message = write(tmp_path / "message.json", '{"to": []\n "cc": []}')
    status, out, err = decode("response", RESPONSE, "--message", message, "--json")
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "python -m compiler: --message is not valid JSON",
        f"{message}:2:2: error: InvalidJSON: Expecting ',' delimiter",
        '  2 |  "cc": []}',
        "    |  ^",
        "    = see: https://payload-compiler.example/diagnostics/#invalidjson",
    ]


def copy_ruleset(name: str, folder: Path) -> None:
    """Copies one ruleset of our target, with the files it includes."""
    target = Path(resources.TARGETS) / "mailjet_v3"
    shutil.copy(target / f"{name}.json", folder)
    shutil.copytree(target / "include", folder / "include")


def test_a_custom_target_need_not_decode(tmp_path: Path) -> None:
    copy_ruleset("send", tmp_path)
    status, _, err = decode("events", EVENTS, "--target", str(tmp_path))
    assert (status, "unknown ruleset 'events' of target 'mailjet-v3'" in err) == (2, True)
    assert decode("events", EVENTS, "--target", str(Path(resources.TARGETS) / "mailjet_v3"))[0] == 0


def test_a_custom_target_need_not_compile(tmp_path: Path) -> None:
    copy_ruleset("response", tmp_path)
    assert decode("response", RESPONSE, "--target", str(tmp_path))[0] == 0
    status, _, err = decode("response", RESPONSE, "--target", str(tmp_path), "--message", "examples/invoice.json")
    assert (status, "unknown ruleset 'send' of target 'mailjet-v3'" in err) == (2, True)


# --- Hostile bodies ---------------------------------------------------------------------------------------------------

HOSTILE = {
    "every byte": bytes(range(256)) * 40,
    "utf-16": json.dumps(EVENTS).encode("utf-16"),
    "brackets": b"[" * 200_000,
    "deep": b"[" * 5000 + b"]" * 5000,
    "surrogates": rb'[{"event": "\ud800", "\udfff": "\u001b[31m"}]',
    "numbers": b'[{"MessageID": ' + b"9" * 5000 + b', "time": 1e999, "MessageID": -0.0}]',
    "controls": '{"Sent": [{"Email": "\u202e"}], "Text-part": "\u0085\u2028"}'.encode(),
    "scalar": b"5",
    "null": b"null",
    "odd types": b'[[], null, 5, "x", {"event": {}, "email": [], "Payload": 5}]',
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", DECODED)
@pytest.mark.parametrize("name", HOSTILE)
def test_any_body_has_a_result(kind: str, name: str) -> None:
    status, out, err = decode(kind, HOSTILE[name], "--explain", "--json")
    result = json.loads(out)["result"]
    assert result == getattr(compiler, f"decode_{kind}")(HOSTILE[name]).to_dict()
    assert status == (0 if result["ok"] else 1)
    assert bool(err) == bool(result["errors"] or result["warnings"])
    status_of_text, text, err_of_text = decode(kind, HOSTILE[name], "--explain")
    assert (status_of_text, err_of_text) == (status, err)
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.slow
def test_large_bodies_are_decoded() -> None:
    assert decode("events", bytes(range(256)) * 40_000)[0] == 1
    status, out, err = decode("inbound", b'{"Text-part": "' + "é".encode() * 5_000_000 + b'"}')
    assert (status, len(json.loads(out)["text"]), err) == (0, 5_000_000, "")


# --- Explanations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DECODED)
def test_an_explanation_as_json_equals_the_api_result(kind: str) -> None:
    status, out, _ = decode(kind, BODIES[kind], "--explain", "--json")
    assert status == 0
    assert json.loads(out) == explain_decoded(kind, BODIES[kind], status_code=200).to_dict()
    assert [error.message for error in SCHEMA.iter_errors(json.loads(out))] == []


def test_a_template_is_explained_in_full() -> None:
    status, out, err = decode("template", TEMPLATE, "--explain")
    sender = next(
        rule for rule in compiler.load_target(Path(resources.TARGETS) / "mailjet_v3").ruleset("template").build
    )
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        '/sender: {"email": "a@example.com", "name": "A"}',
        "  rule    sender",
        f"  why     {sender.doc}",
        f"  source  {sender.source}",
        *(f"{'  link    ' if index == 0 else ' ' * 10}{url}" for index, url in enumerate(sender.urls)),
        "  file    shared:mailjet/template.json",
        "  from    /Data/0/Headers/From",
        "",
        "Not in the output:",
        "  /Count: not represented in the output",
    ]


def split_blocks(out: str) -> dict[str, list[str]]:
    """The blocks of an explanation, by their first line."""
    return {block.splitlines()[0]: block.splitlines()[1:] for block in out.split("\n\n")}


def test_events_are_explained_together() -> None:
    status, out, _ = decode("events", EVENTS, "--explain")
    blocks = split_blocks(out)
    assert status == 0
    assert blocks['/events/*/event_type: "opened" … (3 values)'][0] == "  rule    event-type"
    assert (
        blocks["/events/*/event_id: null … (3 values)"][-1]
        == "  from    no value of the body: the rule always writes it"
    )
    assert blocks['/events/*/recipient: "b@example.com" … (3 values)'][-3:] == [
        "  from    /0/email",
        "          /1/email",
        "          /2/email",
    ]
    (original,) = (lines for name, lines in blocks.items() if "esp_event" in name)
    assert original[-1] == "  from    /0/event … /2/customcampaign (15 values)"
    assert list(blocks)[-1] == "All values of the body are in the output."


def test_an_explanation_of_many_events_stays_short() -> None:
    status, out, _ = decode("events", EVENTS * 50, "--explain")
    assert status == 0
    assert "  from    /0/email … /149/email (150 values)\n" in out
    assert len(out.splitlines()) < 150
    assert max(map(len, out.splitlines())) < 150


def test_a_recipient_is_explained_by_the_message(tmp_path: Path) -> None:
    message = write(tmp_path / "message.json", MESSAGE)
    status, out, _ = decode("response", RESPONSE, "--explain", "--message", message)
    assert status == 0
    lines = split_blocks(out)['/recipients/*/email: "b@example.com" … (2 values)']
    assert lines[-2:] == [f"  from    {message} /to/0", f"          {message} /to/1"]


def test_an_explanation_without_output_says_so() -> None:
    assert decode("response", {"ErrorMessage": "no"}, "--explain", "--status-code", "400")[1].splitlines() == [
        "There is no output: the body has errors.",
        "",
        "Not in the output:",
        "  /ErrorMessage: not written: ServiceRejected",
        "",
        "See:",
        "  ServiceRejected  https://payload-compiler.example/diagnostics/#servicerejected",
    ]
    status, out, err = decode("events", b"[", "--explain")
    assert (status, out.splitlines()[-4]) == (1, "  the body as a whole: not written: InvalidBody")
    texts = (out + err).replace(compiler.results.DOCUMENTATION, "")
    assert "payload" not in texts
    assert "message" not in texts


# --- Help and completion ----------------------------------------------------------------------------------------------


def test_help_shows_how_to_decode() -> None:
    out = " ".join(run("--help")[1].split())
    for words in (
        "webhook.json --as events",
        "response.json --as response --message message.json",
        "--as {message,events,inbound,response,template}",
        "--status-code N",
        "0 there is output",
    ):
        assert words in out


def test_bash_completes_documents_and_the_message(tmp_path: Path) -> None:
    (tmp_path / "completion.bash").write_text(run("--print-completion", "bash")[1], encoding="utf-8")
    (tmp_path / "sent.json").touch()
    script = """
        source completion.bash
        read -r _ _ function _ <<< "$(complete -p payload-compiler | sed 's/.*-F /- - /')"
        ask() {
            COMP_WORDS=(payload-compiler "$@") COMP_CWORD=$# COMP_LINE="payload-compiler $*"
            COMPREPLY=() && "$function" payload-compiler "${@: -1}" "${@: -2:1}" && echo "${COMPREPLY[@]}"
        }
        ask --as ""; ask --as inb; ask --message se
    """
    completed = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert completed.stdout.splitlines() == ["message events inbound response template", "inbound", "sent.json"], (
        completed.stderr
    )
