"""The command line, run as a subprocess: stdout, stderr and exit status."""

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
from compiler.cli.arguments import parse_arguments
from compiler.cli.engine_commands import main as engine_main
from compiler.json_io import resources

ROOT = Path(__file__).parent.parent.parent
MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "Grüße", "body": "x"}


def run(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `python -m compiler` with these arguments."""
    completed = subprocess.run(
        [sys.executable, "-m", "compiler", *arguments], input=stdin, capture_output=True, cwd=cwd
    )
    return completed.returncode, completed.stdout.decode("utf-8"), completed.stderr.decode("utf-8")


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


def test_errors_go_to_stderr_with_position_line_and_hint(tmp_path: Path) -> None:
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
        "    = see: https://payload-compiler.example/diagnostics/#unsupportedfeature",
    ]


def test_warnings_go_to_stderr_beside_the_payload(tmp_path: Path) -> None:
    status, out, err = run(write(tmp_path, MESSAGE | {"subject": None}))
    assert status == 0
    assert json.loads(out)
    assert ": warning: MissingSubject at /subject: " in err


def test_an_unmet_requirement_has_its_own_exit_status(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, out, err = run(file)
    assert status == 3
    assert json.loads(out)["Mj-TemplateID"] == 7
    assert err == (
        f"{file}: the payload still needs: template_sender (template_id 7)\n"
        "    = hint: pass --template-sender ADDRESS, or set from_email\n"
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
def test_unsupported_features_are_ignored_by_name_or_all_together(
    tmp_path: Path, flags: list[str], status: int
) -> None:
    file = write(tmp_path, MESSAGE | {"tags": ["a", "b"], "send_at": 0})
    assert run(*flags, file)[0] == status
    assert run(file, *flags)[0] == status


def test_errors_in_the_defaults_name_their_file(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.json"
    defaults.write_text('{"from_email": "d@example.com", "subject": 5}', encoding="utf-8")
    file = write(tmp_path, {"to": ["b@example.com"], "body": "x", "subject": "s"})
    status, _, err = run(file, "--defaults", str(defaults))
    assert status == 1
    assert err.startswith(f"{defaults}:1:44: error: InvalidMessage at /subject: must be a string or null, got a number")
    assert err.splitlines()[1] == '  1 | {"from_email": "d@example.com", "subject": 5}'


def test_errors_in_a_flag_show_its_value(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, _, err = run(file, "--template-sender", "Shop, Example")
    assert status == 1
    assert err.startswith("--template-sender: error: InvalidAddress: ")
    assert err.splitlines()[1:3] == ["    | Shop, Example", "    | ^^^^^^^^^^^^^"]


def test_invalid_json_in_the_defaults_is_located(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.json"
    defaults.write_text('{"from_email": "d@example.com",\n "subject": }', encoding="utf-8")
    status, out, err = run(write(tmp_path, MESSAGE), "--defaults", str(defaults))
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "python -m compiler: --defaults is not valid JSON",
        f"{defaults}:2:13: error: InvalidJSON: Expecting value",
        '  2 |  "subject": }',
        "    |             ^",
        "    = see: https://payload-compiler.example/diagnostics/#invalidjson",
    ]


def test_a_folder_of_rulesets_is_a_target(tmp_path: Path) -> None:
    status, out, _ = run(write(tmp_path, MESSAGE), "--target", str(Path(resources.TARGETS) / "mailjet_v3"))
    assert status == 0
    assert json.loads(out)["FromEmail"] == "a@example.com"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-file.json"], "no-such-file.json: No such file or directory"),
        (["examples"], "examples: Is a directory"),
        (["examples/order-shipped.json", "--target", "mailjet-v9"], "unknown target 'mailjet-v9'"),
        (
            ["examples/order-shipped.json", "--target", "examples"],
            "at /: the name of the file must be",
        ),
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
def test_invalid_usage_and_unreadable_files_exit_with_2(arguments: list[str], words: str) -> None:
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
def test_invalid_json_is_an_error_of_the_message(tmp_path: Path, content: bytes, reason: str, position: str) -> None:
    file = tmp_path / "message.json"
    file.write_bytes(content)
    status, out, err = run(str(file), "--json")
    assert status == 1
    assert json.loads(out)["errors"][0]["params"] == {"reason": reason}
    assert err.startswith(f"{file}:{position}: error: InvalidJSON: ")


def test_lone_surrogates_are_escaped(tmp_path: Path) -> None:
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
        ("{python} -m compiler --help >&-", 2, b"standard output is closed"),
        ("{python} -m compiler {file} >&-", 2, b"standard output is closed"),
        ("{python} -m compiler - <&-", 2, b"standard input is closed"),
        ("{python} -m compiler {file} >/dev/null 2>&-", 0, b""),
        ("{python} -m compiler {broken} 2>/dev/full", 1, b""),
        ("{python} -m compiler {broken} 2>&1 | true", 1, b""),
        ("{python} -m compiler -- {file} >/dev/null", 0, b""),
    ],
)
def test_closed_or_full_streams_print_no_traceback(tmp_path: Path, line: str, status: int, words: bytes) -> None:
    file = write(tmp_path, MESSAGE | {"body": "x" * 1_000_000})
    broken = tmp_path / "broken.json"
    broken.write_text("[]", encoding="utf-8")
    small = tmp_path / "small.json"
    small.write_text(json.dumps(MESSAGE), encoding="utf-8")
    command = line.format(small=f'"{small}"', python=f'"{sys.executable}"', file=f'"{file}"', broken=f'"{broken}"')
    completed = subprocess.run(
        ["/bin/bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        cwd=ROOT,
    )
    assert completed.returncode == status
    assert words in completed.stderr
    assert b"Traceback" not in completed.stderr
    assert b"Exception ignored" not in completed.stderr


def test_a_key_cannot_forge_a_line_or_color_the_terminal(tmp_path: Path) -> None:
    _, _, err = run(write(tmp_path, MESSAGE | {"a\nmessage.json: error: Fake": 1, "\x1b[31mred": 1}))
    assert len([line for line in err.splitlines() if not line.startswith(" ")]) == 2
    assert "\x1b" not in err


def run_on_terminals(*arguments: str, **environment: str) -> tuple[str, str]:
    """Stdout and stderr of the command, each on its own terminal."""
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
        os.write(slave, b"\x04")  # ends the reading, even if nothing was written
    written = []
    for master, slave in zip(masters, slaves, strict=True):
        content = b""
        while not content.endswith(b"\x04"):
            content += os.read(master, 65536)
        written.append(content.removesuffix(b"\x04").decode("utf-8"))
        os.close(slave)
        os.close(master)
    return written[0], written[1]


def test_stderr_is_colored_on_terminals_that_allow_it(tmp_path: Path) -> None:
    broken = write(tmp_path, MESSAGE | {"tags": ["a", "b"]})
    _, colored = run_on_terminals(broken)
    assert "\x1b[1;31merror:\x1b[0m" in colored
    for setting in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        _, err = run_on_terminals(broken, **setting)
        assert "\x1b" not in err
        assert ": error: UnsupportedFeature" in err
    assert "\x1b" in run_on_terminals(broken, NO_COLOR="")[1]


def test_stdout_is_colored_for_explanations_only(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE)
    assert "\x1b" not in run_on_terminals(file)[0]
    assert "\x1b" not in run_on_terminals(file, "--json")[0]
    assert "\x1b[1m/Subject:\x1b[0m" in run_on_terminals(file, "--explain")[0]
    assert "\x1b" not in run_on_terminals(file, "--explain", NO_COLOR="1")[0]


def test_explain_shows_each_property_and_the_unused_inputs(tmp_path: Path) -> None:
    file = write(tmp_path, MESSAGE | {"cc": [], "tags": ["a", "b"]})
    status, out, err = run(file, "--explain", "--ignore-unsupported")
    assert status == 0
    blocks = {block.splitlines()[0]: block.splitlines()[1:] for block in out.split("\n\n")}
    assert blocks['/Subject: "Grüße"'][0] == "  rule    subject"
    assert blocks['/Subject: "Grüße"'][-1] == "  from    /subject"
    assert "  /tags/1: not written: FeatureDropped" in blocks["Not written:"]
    assert ": warning: FeatureDropped at /tags/1: " in err


def test_explain_shows_unused_inputs_without_a_payload(tmp_path: Path) -> None:
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


def test_explain_reports_unmet_requirements(tmp_path: Path) -> None:
    file = write(tmp_path, {"to": ["b@example.com"], "template_id": 7})
    status, out, err = run(file, "--explain")
    assert status == 3
    assert "/Mj-TemplateID: 7\n" in out
    assert "the payload still needs: template_sender" in err


def test_an_interrupt_prints_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "message.json"
    os.mkfifo(pipe)
    process = subprocess.Popen([sys.executable, "-m", "compiler", str(pipe)], stderr=subprocess.PIPE, cwd=ROOT)
    with pipe.open("wb"):  # blocks until it is opened for reading
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


def imported_packages(*arguments: str) -> set[str]:
    """The top-level packages that the command imports."""
    code = "import sys; from compiler.cli.main import main; main(); print(*sys.modules, file=sys.stderr)"
    completed = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT)
    return {name.partition(".")[0] for name in completed.stderr.splitlines()[-1].split()}


def test_help_imports_no_slow_modules() -> None:
    heavy = {"jsonschema", "referencing", "idna", "shtab", "hypothesis", "email", "decimal"}
    assert "compiler" in imported_packages("--help")
    assert not (heavy - {"email", "decimal"}) & imported_packages("--help")  # which looks for installed targets
    assert not heavy & imported_packages("examples/order-shipped.json")
    assert "jsonschema" in imported_packages("examples/four-mistakes.json")
    assert "shtab" not in imported_packages("examples/order-shipped.json")


def test_the_package_installs_a_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["payload-compiler"].partition(":")
    code = f"import sys; from {module} import {function}; sys.argv[0] = 'payload-compiler'; sys.exit({function}())"
    completed = subprocess.run([sys.executable, "-c", code, "nowhere.json"], capture_output=True, text=True, cwd=ROOT)
    assert (completed.returncode, completed.stderr) == (
        2,
        "payload-compiler: nowhere.json: No such file or directory\n",
    )


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version") == (0, f"payload-compiler {compiler.__version__}\n", "")


def test_bash_completes_flags_and_files(tmp_path: Path) -> None:
    status, script, err = run("--print-completion", "bash")
    assert (status, err) == (0, "")
    (tmp_path / "completion.bash").write_text(script, encoding="utf-8")
    (tmp_path / "message.json").touch()
    script = """
        source completion.bash
        read -r _ _ function _ <<< "$(complete -p payload-compiler | sed 's/.*-F /- - /')"
        for word in mess --expl; do
            COMP_WORDS=(payload-compiler "$word") COMP_CWORD=1 COMP_LINE="payload-compiler $word"
            COMPREPLY=() && "$function" payload-compiler "$word" payload-compiler && echo "${COMPREPLY[@]}"
        done
    """
    completed = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert completed.stdout.split() == ["message.json", "--explain"], completed.stderr


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_zsh_and_tcsh_have_completion(shell: str) -> None:
    status, script, err = run("--print-completion", shell)
    assert (status, err) == (0, "")
    assert "payload-compiler" in script
    assert "explain" in script


def test_completion_without_shtab_names_the_package_to_install() -> None:
    code = "import sys; sys.modules['shtab'] = None; from compiler.cli.main import main; sys.exit(main())"
    completed = subprocess.run(
        [sys.executable, "-c", code, "--print-completion", "bash"], capture_output=True, text=True, cwd=ROOT
    )
    assert (completed.returncode, completed.stdout) == (2, "")
    assert "pip install 'payload-compiler[completion]'" in completed.stderr
    assert "Traceback" not in completed.stderr


@pytest.mark.parametrize("file", ["message.json", "-", "", "messages.jsonl"])
def test_a_single_file_argument_parses_as_with_the_full_parser(file: str) -> None:
    assert parse_arguments([file]) == parse_arguments(["--", file])


def test_help_has_examples() -> None:
    status, out, _ = run("--help")
    assert status == 0
    for words in ("python -m compiler message.json --explain", "--ignore-unsupported=", "exit status:", "mailjet-v3"):
        assert words in out


@pytest.mark.slow
def test_the_checker_is_a_command() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "compiler.engine", "check", "mailjet-v3"], capture_output=True, text=True, cwd=ROOT
    )
    assert (completed.returncode, completed.stdout) == (0, "mailjet-v3: 0 problems found\n")


def test_the_checker_takes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = {"target": "postbox", "ruleset": "send", "doc": "d", "build": []}
    rules |= {"input": f"{resources.BASE}template-sender.schema.json", "output": f"{resources.BASE}options.schema.json"}
    (tmp_path / "send.json").write_text(json.dumps(rules), encoding="utf-8")
    assert engine_main(["check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "/sender/email: unread: " in out
    assert "never-hit" not in out  # there are no cases for it
    (tmp_path / "send.json").write_text("{", encoding="utf-8")
    for folder, message in (
        (tmp_path, "send.json, at /: not valid JSON"),
        (tmp_path / "missing", "(available: mailjet-v3, mailjet-v3.1, or a folder)"),
    ):
        assert engine_main(["check", str(folder)]) == 2
        err = capsys.readouterr().err
        assert message in err
        assert err.startswith("python -m compiler.engine: error: ")  # no usage: the command line is right


@pytest.mark.parametrize("arguments", [("schema",), ("show", "mailjet-v3", "send", "--module"), ("guard", "message")])
def test_the_reader_of_an_engine_command_may_close_the_pipe_early(arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "compiler.engine", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
