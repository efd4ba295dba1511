"""The command line, run as people run it: what it prints, where, and how it exits."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import compiler
from compiler.cli.arguments import parse
from compiler.json_io import resources

ROOT = Path(__file__).parent.parent.parent
MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "Grüße", "body": "x"}


def run(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `python -m compiler` with these arguments."""
    ran = subprocess.run([sys.executable, "-m", "compiler", *arguments], input=stdin, capture_output=True, cwd=cwd)
    return ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")


def write(folder: Path, message: object) -> str:
    file = folder / "message.json"
    file.write_text(json.dumps(message), encoding="utf-8")
    return str(file)


def test_a_payload_goes_to_stdout_and_nothing_to_stderr(tmp_path: Path) -> None:
    status, out, err = run(write(tmp_path, MESSAGE))
    assert (status, err) == (0, "")
    assert json.loads(out)["Subject"] == "Grüße"
    assert "Grüße" in out


def test_a_dash_is_standard_input() -> None:
    status, out, _ = run("-", stdin=json.dumps(MESSAGE).encode())
    assert status == 0
    assert json.loads(out)["FromEmail"] == "a@example.com"


def test_errors_go_to_stderr_with_place_line_and_hint(tmp_path: Path) -> None:
    file = write(tmp_path, {})
    Path(file).write_text(
        '{"from_email": "a@example.com",\n "to": ["b@example.com"],\n "subject": "s",\n "body": "x",\n'
        ' "tags": ["a",\n    "b"],\n "$schema": "message.schema.json"}',
        encoding="utf-8",
    )
    status, out, err = run(file)
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        f"{file}:6:5: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        '  6 |     "b"],',
        "    |     ^^^",
        "    = hint: keep one tag, or ignore this feature to use the first",
    ]


def test_warnings_go_to_stderr_beside_the_payload(tmp_path: Path) -> None:
    status, out, err = run(write(tmp_path, MESSAGE | {"subject": None}))
    assert status == 0
    assert json.loads(out)
    assert ": warning: MissingSubject at /subject: " in err


def test_an_unmet_requirement_has_a_status_of_its_own(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, out, err = run(file)
    assert status == 3
    assert json.loads(out)["Mj-TemplateID"] == 7
    assert err == (
        f"{file}: the payload still needs: template_sender (template_id 7)\n"
        "    = hint: give it as --template-sender ADDRESS, or give from_email\n"
    )
    status, out, err = run(file, "--template-sender", "Shop <orders@example.com>")
    assert (status, err) == (0, "")
    assert json.loads(out)["FromName"] == "Shop"


def test_json_prints_the_whole_result(tmp_path: Path) -> None:
    status, out, _ = run(write(tmp_path, MESSAGE | {"tags": ["a", "b"]}), "--json")
    assert status == 1
    assert resources.validator("result.schema.json").is_valid(json.loads(out))
    assert json.loads(out)["errors"][0]["rule"] == "tag"


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        (["--ignore-unsupported"], 0),
        (["--ignore-unsupported=multiple tags", "--ignore-unsupported=send_at"], 0),
        (["--ignore-unsupported=multiple tags"], 1),
    ],
)
def test_unsupported_features_are_ignored_all_or_by_name(tmp_path: Path, flags: list[str], status: int) -> None:
    file = write(tmp_path, MESSAGE | {"tags": ["a", "b"], "send_at": 0})
    assert run(*flags, file)[0] == status
    assert run(file, *flags)[0] == status


def test_defaults_come_from_a_file_and_faults_in_them_name_it(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.json"
    defaults.write_text('{"from_email": "d@example.com", "subject": 5}', encoding="utf-8")
    file = write(tmp_path, {"to": ["b@example.com"], "body": "x", "subject": "s"})
    status, _, err = run(file, "--defaults", str(defaults))
    assert status == 1
    assert err.startswith(f"{defaults}:1:44: error: InvalidMessage at /subject: must be a string or null, got a number")
    assert err.splitlines()[1] == '  1 | {"from_email": "d@example.com", "subject": 5}'


def test_faults_in_a_flag_name_it_and_show_its_value(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, _, err = run(file, "--template-sender", "Shop, Example")
    assert status == 1
    assert err.startswith("--template-sender: error: InvalidAddress: ")
    assert err.splitlines()[1:3] == ["    | Shop, Example", "    | ^^^^^^^^^^^^^"]


def test_defaults_that_are_no_json_say_where(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.json"
    defaults.write_text('{"from_email": "d@example.com",\n "subject": }', encoding="utf-8")
    status, out, err = run(write(tmp_path, MESSAGE), "--defaults", str(defaults))
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "python -m compiler: the defaults are no JSON",
        f"{defaults}:2:13: error: InvalidJSON: Expecting value",
        '  2 |  "subject": }',
        "    |             ^",
    ]


def test_a_folder_of_rulesets_is_a_target_of_ones_own(tmp_path: Path) -> None:
    status, out, _ = run(write(tmp_path, MESSAGE), "--target", str(Path(resources.TARGETS) / "mailjet_v3"))
    assert status == 0
    assert json.loads(out)["FromEmail"] == "a@example.com"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-file.json"], "no-such-file.json: No such file or directory"),
        (["examples"], "examples: Is a directory"),
        (["examples/order-shipped.json", "--target", "mailjet-v9"], "there is no target 'mailjet-v9'"),
        (["examples/order-shipped.json", "--target", "examples"], "unknown key (available:"),
        (["examples/order-shipped.json", "--defaults", "README.md"], "README.md:1:1: error: InvalidJSON: "),
        (["examples/order-shipped.json", "--defaults", "nowhere.json"], "nowhere.json: No such file or directory"),
        (["-", "--defaults", "-"], "only one of FILE, --defaults can be standard input"),
        ([""], "'': No such file or directory"),
        (["\x1b[31m"], "\\x1b[31m: No such file or directory"),
        (["examples/order-shipped.json", "--print-completion", "fish"], "(choose from "),
        (["examples/order-shipped.json", "--wrong"], "unrecognized arguments: --wrong"),
        ([], "the following arguments are required: FILE"),
        ([], "usage: python -m compiler "),
        ([], "python -m compiler --help shows examples"),
    ],
)
def test_wrong_usage_and_unreadable_files_exit_with_2(arguments: list[str], words: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("content", "reason", "position"),
    [
        (b"", "syntax", "1:1"),
        (b"{", "syntax", "1:2"),
        (b'{"subject": "\xff"}', "encoding", "1:14"),
        (b"\xef\xbb\xbf{}", "encoding", "1:1"),
        (b'{"to": [], "to": []}', "duplicate-key", "1:12"),
        (b'{"send_at": NaN}', "non-finite", "1:13"),
        (b"[" * 100_000, "too-deep", "1:101"),
    ],
)
def test_a_file_that_is_no_json_is_an_error_of_the_message(
    tmp_path: Path, content: bytes, reason: str, position: str
) -> None:
    file = tmp_path / "message.json"
    file.write_bytes(content)
    status, out, err = run(str(file), "--json")
    assert status == 1
    assert json.loads(out)["errors"][0]["params"] == {"reason": reason}
    assert err.startswith(f"{file}:{position}: error: InvalidJSON: ")


def test_what_cannot_be_printed_is_escaped(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE | {"tags": ["\ud800"], "\udfff": 1})
    status, out, err = run(file, "--json")
    assert status == 1
    assert {each["code"] for each in json.loads(out)["errors"]} == {"InvalidValue"}
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("{python} -m compiler {file} | head -c 1", 0, b""),
        ("{python} -m compiler {file} | head -0", 0, b""),
        ("{python} -m compiler {file} --explain | head -0", 0, b""),
        ("{python} -m compiler --help | head -0", 0, b""),
        ("{python} -m compiler {file} > /dev/full", 2, b"standard output: No space left on device"),
        ("{python} -m compiler {small} > /dev/full", 2, b"standard output: No space left on device"),
        ("{python} -m compiler --help > /dev/full", 2, b"standard output: No space left on device"),
        ("{python} -m compiler --help >&-", 2, b"standard output: it is closed"),
        ("{python} -m compiler {file} >&-", 2, b"standard output: it is closed"),
        ("{python} -m compiler - <&-", 2, b"standard input is closed"),
        ("{python} -m compiler {file} >/dev/null 2>&-", 0, b""),
        ("{python} -m compiler {broken} 2>/dev/full", 1, b""),
        ("{python} -m compiler {broken} 2>&1 | true", 1, b""),
        ("{python} -m compiler -- {file} >/dev/null", 0, b""),
    ],
)
def test_streams_that_are_closed_or_full_are_no_traceback(tmp_path: Path, line: str, status: int, words: bytes) -> None:
    file = write(tmp_path, MESSAGE | {"body": "x" * 1_000_000})
    broken = tmp_path / "broken.json"
    broken.write_text("[]", encoding="utf-8")
    small = tmp_path / "small.json"
    small.write_text(json.dumps(MESSAGE), encoding="utf-8")
    command = line.format(small=f'"{small}"', python=f'"{sys.executable}"', file=f'"{file}"', broken=f'"{broken}"')
    ran = subprocess.run(
        ["/bin/bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        cwd=ROOT,
    )
    assert ran.returncode == status
    assert words in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert b"Exception ignored" not in ran.stderr


def test_a_key_cannot_forge_a_line_or_colour_the_terminal(tmp_path: Path) -> None:
    _, _, err = run(write(tmp_path, MESSAGE | {"a\nmessage.json: error: Fake": 1, "\x1b[31mred": 1}))
    assert len([line for line in err.splitlines() if not line.startswith(" ")]) == 2
    assert "\x1b" not in err


def on_a_terminal(*arguments: str, **environment: str) -> tuple[str, str]:
    """What the command writes to stdout and to stderr where each is a terminal of its own."""
    masters, slaves = zip(*(pty.openpty() for _ in range(2)), strict=True)
    variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    subprocess.run(
        [sys.executable, "-m", "compiler", *arguments],
        stdout=slaves[0],
        stderr=slaves[1],
        cwd=ROOT,
        env=variables | environment,
    )
    for slave in slaves:
        os.write(slave, b"\x04")  # so that reading ends, even where nothing was written
    written = []
    for master, slave in zip(masters, slaves, strict=True):
        content = b""
        while not content.endswith(b"\x04"):
            content += os.read(master, 65536)
        written.append(content.removesuffix(b"\x04").decode("utf-8"))
        os.close(slave)
        os.close(master)
    return written[0], written[1]


def test_colours_are_for_terminals_whose_owners_like_them(tmp_path: Path) -> None:
    broken = write(tmp_path, MESSAGE | {"tags": ["a", "b"]})
    _, coloured = on_a_terminal(broken)
    assert "\x1b[1;31merror:\x1b[0m" in coloured
    for setting in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        _, err = on_a_terminal(broken, **setting)
        assert "\x1b" not in err
        assert ": error: UnsupportedFeature" in err
    assert "\x1b" in on_a_terminal(broken, NO_COLOR="")[1]


def test_stdout_is_coloured_for_explanations_only(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE)
    assert "\x1b" not in on_a_terminal(file)[0]
    assert "\x1b" not in on_a_terminal(file, "--json")[0]
    assert "\x1b[1m/Subject:\x1b[0m" in on_a_terminal(file, "--explain")[0]
    assert "\x1b" not in on_a_terminal(file, "--explain", NO_COLOR="1")[0]


def test_explain_tells_each_property_and_what_was_not_written(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE | {"cc": [], "tags": ["a", "b"]})
    status, out, err = run(file, "--explain", "--ignore-unsupported")
    assert status == 0
    blocks = {block.splitlines()[0]: block.splitlines()[1:] for block in out.split("\n\n")}
    assert blocks['/Subject: "Grüße"'][0] == "  rule    subject"
    assert blocks['/Subject: "Grüße"'][-1] == "  from    /subject"
    assert "  /tags/1: not written: FeatureDropped" in blocks["Given, but not written:"]
    assert ": warning: FeatureDropped at /tags/1: " in err


def test_explain_tells_the_fates_where_there_is_no_payload(tmp_path: Path) -> None:
    status, out, err = run(write(tmp_path, MESSAGE | {"tags": ["a", "b"]}), "--explain")
    assert status == 1
    assert out.startswith("There is no payload: the message has errors.\n")
    assert "  /tags/1: not written: UnsupportedFeature\n" in out
    assert ": error: UnsupportedFeature at /tags/1: " in err


def test_explain_of_many_recipients_stays_short(tmp_path: Path) -> None:
    addresses = [f"r{number}@example.com" for number in range(90)]
    data = {address: {"name": address} for address in addresses}
    status, out, _ = run(write(tmp_path, MESSAGE | {"to": addresses, "merge_data": data}), "--explain")
    assert status == 0
    assert "/to/0 … /to/89 (90 values)" in out
    assert len(out.splitlines()) < 60


def test_explain_as_json_is_the_explanation(tmp_path: Path) -> None:
    status, out, _ = run(write(tmp_path, MESSAGE), "--explain", "--json")
    assert status == 0
    assert json.loads(out) == compiler.explain(MESSAGE).to_dict()
    file = tmp_path / "broken.json"
    file.write_text("[", encoding="utf-8")
    status, out, err = run(str(file), "--explain", "--json")
    assert status == 1
    assert json.loads(out)["result"]["errors"][0]["code"] == "InvalidJSON"
    assert run(str(file), "--explain") == (1, "", err)


def test_an_unmet_requirement_is_one_for_explain_too(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, out, err = run(file, "--explain")
    assert status == 3
    assert "/Mj-TemplateID: 7\n" in out
    assert "the payload still needs: template_sender" in err


def test_an_interrupt_is_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "message.json"
    os.mkfifo(pipe)
    process = subprocess.Popen([sys.executable, "-m", "compiler", str(pipe)], stderr=subprocess.PIPE, cwd=ROOT)
    with pipe.open("wb"):  # which waits until it is opened for reading
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


def imported(*arguments: str) -> set[str]:
    """The modules that the command has imported when it ends."""
    code = "import sys; from compiler.cli.main import main; main(); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT)
    return {name.partition(".")[0] for name in ran.stderr.splitlines()[-1].split()}


def test_help_imports_nothing_that_takes_time() -> None:
    heavy = {"jsonschema", "referencing", "idna", "shtab", "hypothesis", "email", "decimal"}
    assert "compiler" in imported("--help")
    assert not heavy & imported("--help")
    assert not heavy & imported("examples/order-shipped.json")
    assert "jsonschema" in imported("examples/four-mistakes.json")
    assert "shtab" not in imported("examples/order-shipped.json")


def test_the_command_has_a_name_of_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["payload-compiler"].partition(":")
    code = f"import sys; from {module} import {function}; sys.argv[0] = 'payload-compiler'; sys.exit({function}())"
    ran = subprocess.run([sys.executable, "-c", code, "nowhere.json"], capture_output=True, text=True, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (2, "payload-compiler: nowhere.json: No such file or directory\n")


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version") == (0, f"payload-compiler {compiler.__version__}\n", "")


def test_bash_completes_flags_and_files(tmp_path: Path) -> None:
    status, script, err = run("--print-completion", "bash")
    assert (status, err) == (0, "")
    (tmp_path / "completion.bash").write_text(script, encoding="utf-8")
    (tmp_path / "message.json").touch()
    asked = """
        source completion.bash
        read -r _ _ function _ <<< "$(complete -p payload-compiler | sed 's/.*-F /- - /')"
        for word in mess --expl; do
            COMP_WORDS=(payload-compiler "$word") COMP_CWORD=1 COMP_LINE="payload-compiler $word"
            COMPREPLY=() && "$function" payload-compiler "$word" payload-compiler && echo "${COMPREPLY[@]}"
        done
    """
    ran = subprocess.run(["/bin/bash", "-c", asked], capture_output=True, text=True, cwd=tmp_path)
    assert ran.stdout.split() == ["message.json", "--explain"], ran.stderr


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_have_completion_too(shell: str) -> None:
    status, script, err = run("--print-completion", shell)
    assert (status, err) == (0, "")
    assert "payload-compiler" in script
    assert "explain" in script


def test_completion_without_shtab_says_what_to_install() -> None:
    code = "import sys; sys.modules['shtab'] = None; from compiler.cli.main import main; sys.exit(main())"
    ran = subprocess.run(
        [sys.executable, "-c", code, "--print-completion", "bash"], capture_output=True, text=True, cwd=ROOT
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install 'payload-compiler[completion]'" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("file", ["message.json", "-", "", "messages.jsonl"])
def test_a_file_alone_is_what_the_parser_makes_of_it(file: str) -> None:
    assert parse([file]) == parse(["--", file])


def test_help_teaches_by_example() -> None:
    status, out, _ = run("--help")
    assert status == 0
    for words in ("python -m compiler message.json --explain", "--ignore-unsupported=", "exit status:", "mailjet-v3"):
        assert words in out


@pytest.mark.slow
def test_the_checker_is_a_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "compiler.engine", "check", "mailjet-v3"], capture_output=True, text=True, cwd=ROOT
    )
    assert (ran.returncode, ran.stdout) == (0, "mailjet-v3: 0 problems found\n")


@pytest.mark.parametrize("arguments", [("schema",), ("show", "mailjet-v3", "send", "--module"), ("guard", "message")])
def test_the_reader_of_what_the_engine_prints_may_stop_early(arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "compiler.engine", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
