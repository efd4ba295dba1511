"""Bulk compilation on the command line: its output, and what remains after an interruption."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pty
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import compiler
from compiler.cli.main import main
from compiler.json_io import resources
from tests.cli.test_command_line import MESSAGE, run

GOOD = json.dumps(MESSAGE)
PAYLOAD = compiler.compile(MESSAGE).unwrap()
BAD = json.dumps(MESSAGE | {"tags": ["a", "b"]})


def write_lines(folder: Path, *lines: str | bytes, end: bytes = b"\n") -> str:
    file = folder / "messages.jsonl"
    encoded = [line.encode("utf-8") if isinstance(line, str) else line for line in lines]
    file.write_bytes(end.join(encoded) + (end if lines else b""))
    return str(file)


def numbered_messages(count: int) -> list[str]:
    return [json.dumps(MESSAGE | {"subject": str(number)}) for number in range(count)]


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "compiler", *arguments], **options)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_line_has_an_output_line(tmp_path: Path, jobs: str) -> None:
    name, out = write_lines(tmp_path, GOOD, BAD, "", "{", GOOD), tmp_path / "out.jsonl"
    status, out_text, err = run(name, "-o", str(out), "--jobs", jobs)
    assert (status, out_text) == (1, "")
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [PAYLOAD, None, None, None, PAYLOAD]
    assert err.splitlines() == [
        f"{name}:2: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        "    = hint: keep one tag, or ignore this feature to use the first",
        f"{name}:4: error: InvalidJSON: Expecting property name enclosed in double quotes: line 1, column 2",
        "    = hint: keys stand in double quotes, and no comma before a closing bracket",
        f"{name}: 5 lines: 2 payloads, 2 with errors, 1 blank",
        "    = see: https://payload-compiler.example/diagnostics/",
    ]


def test_json_writes_whole_results(tmp_path: Path) -> None:
    status, out_text, _ = run(write_lines(tmp_path, GOOD, BAD), "--json")
    assert status == 1
    assert [json.loads(line) for line in out_text.splitlines()] == [
        json.loads(json.dumps(compiler.compile_text(line).to_dict())) for line in (GOOD, BAD)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n", [None]),
        (GOOD.encode(), [PAYLOAD]),
        (f"{GOOD}\r\n{GOOD}\r\n".encode(), [PAYLOAD, PAYLOAD]),
        (b"\xff\n" + GOOD.encode(), [None, PAYLOAD]),
        (b'{"subject": "\\ud800"}\n' + GOOD.encode(), [None, PAYLOAD]),
        (json.dumps(MESSAGE | {"body": "x" * 14_000_000}).encode() + b"\n" + GOOD.encode(), None),
    ],
    ids=["empty", "blank", "no line break", "CRLF", "invalid UTF-8", "surrogate", "14 MB"],
)
def test_standard_input_may_contain_any_lines(content: bytes, expected: list[Any] | None, jobs: str) -> None:
    _, out_text, _ = run("-", "-o", "-", "--jobs", jobs, stdin=content)
    results = [json.loads(line) for line in out_text.splitlines()]
    if expected is None:
        assert [len(results[0]["Text-part"]), *results[1:]] == [14_000_000, PAYLOAD]
    else:
        assert results == expected


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_is_written_before_the_next_one_arrives(jobs: str) -> None:
    pipe = subprocess.PIPE
    with start("-", "-o", "-", "--jobs", jobs, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(f"{GOOD}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == PAYLOAD
        process.stdin.close()
        assert process.wait() == 0


def test_an_unmet_requirement_of_a_line_sets_the_exit_status(tmp_path: Path) -> None:
    name = write_lines(tmp_path, GOOD, json.dumps({"to": ["b@example.com"], "template_id": 7}))
    status, out_text, err = run(name)
    assert status == 3
    assert len(out_text.splitlines()) == 2
    assert f"{name}:2: the payload still needs: template_sender (template_id 7)" in err
    assert err.endswith("2 lines: 2 payloads, 1 of them incomplete\n")


def test_option_errors_are_reported_once_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    status, _, err = run(write_lines(tmp_path, GOOD, GOOD), "-o", str(out), "--template-sender", "nobody")
    assert status == 1
    assert err.count("error:") == 1
    assert "--template-sender" in err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["message.json", "-o", "out"], "--output requires one message per line"),
        (["message.json", "--jobs", "2"], "--jobs requires one message per line"),
        (["m.jsonl", "--explain"], "--explain requires a file of one message"),
        (["m.jsonl", "--jobs", "-1"], "--jobs must be 0 (one process per CPU) or a positive integer, got -1"),
        (["m.jsonl", "--resume"], "--resume requires --output FILE"),
        (["m.jsonl", "-o", "out", "--resume", "--overwrite"], "--resume and --overwrite cannot be combined"),
        (["missing.jsonl"], "missing.jsonl: No such file"),
        (["m.jsonl", "--target", "mailgun"], "unknown target 'mailgun'"),
        (["m.jsonl", "-o", "m.jsonl", "--overwrite"], "the output is the input file"),
        (["m.jsonl", "-o", "link.jsonl", "--overwrite"], "the output is the input file"),
        (
            ["m.jsonl", "-o", "full.jsonl"],
            "file exists and is not empty; use --resume to continue or --overwrite to replace it",
        ),
        (["m.jsonl", "-o", "nowhere/out"], "nowhere/out: No such file"),
        (
            ["m.jsonl", "-o", "full.jsonl", "--resume"],
            "cannot resume: the record full.jsonl.state.json is missing; use --overwrite",
        ),
        (["m.jsonl", "-o", "/dev/full"], "No space left on device"),
        (["m.jsonl", "-o", "."], ".: Is a directory"),
        (["-", "-o", "out", "--defaults", "-"], "only one of FILE, --defaults can be standard input"),
        (["m.jsonl", "--defaults", "full.jsonl"], "--defaults is not valid JSON"),
        (["m.jsonl", "--as", "events", "-o", "out"], "--output requires one message per line"),
        (["m.jsonl", "--jobs", "many"], "--jobs: invalid int value"),
    ],
)
def test_usage_errors_are_reported_and_change_no_file(tmp_path: Path, arguments: list[str], message: str) -> None:
    write_lines(tmp_path, GOOD).replace("messages", "m")
    (tmp_path / "messages.jsonl").rename(tmp_path / "m.jsonl")
    (tmp_path / "link.jsonl").symlink_to("m.jsonl")
    (tmp_path / "full.jsonl").write_text("null\n" * 9, encoding="utf-8")
    (tmp_path / "message.json").write_text(GOOD, encoding="utf-8")
    status, out_text, err = run(*arguments, cwd=tmp_path)
    assert (status, out_text) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "m.jsonl").read_text("utf-8") == f"{GOOD}\n"
    assert (tmp_path / "full.jsonl").read_text("utf-8") == "null\n" * 9


def test_overwrite_replaces_an_existing_output(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("null\n" * 99, encoding="utf-8")
    assert run(write_lines(tmp_path, GOOD), "-o", str(out), "--overwrite")[0] == 0
    assert json.loads(out.read_text("utf-8")) == PAYLOAD


@settings(max_examples=40)
@given(cut=st.integers(0, 1_000_000))
def test_a_run_can_be_resumed_after_any_cut(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    check_resumed_output(tmp_path_factory.mktemp("resumed"), cut, "1")


@pytest.mark.parametrize("cut", [0, 200, -1])
def test_a_run_can_be_resumed_in_two_processes(tmp_path: Path, cut: int) -> None:
    check_resumed_output(tmp_path, cut, "2")


def check_resumed_output(folder: Path, cut: int, jobs: str) -> None:
    name, out = write_lines(folder, *numbered_messages(7), BAD, "", GOOD), folder / "out.jsonl"
    assert main([name, "-o", str(out)]) == 1
    complete = out.read_bytes()
    out.write_bytes(complete[: cut % (len(complete) + 1)])
    main([name, "-o", str(out), "--resume", "--jobs", jobs])
    assert out.read_bytes() == complete


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_a_run_stopped_by_a_signal_can_be_resumed(tmp_path: Path, jobs: str, number: signal.Signals) -> None:
    name, out = write_lines(tmp_path, *numbered_messages(30_000)), tmp_path / "out.jsonl"
    with start(name, "-o", str(out), "--jobs", jobs, stderr=subprocess.PIPE) as process:
        wait_until(lambda: out.exists() and out.stat().st_size > 0)
        process.send_signal(number)
        assert process.stderr is not None
        err = process.stderr.read().decode()
        assert process.wait() == 128 + number
    assert "Traceback" not in err
    assert "stopped after" in err
    assert "use --resume to continue" in err
    assert out.stat().st_size > 0
    assert out.read_bytes().endswith(b"\n")
    assert run(name, "-o", str(out), "--resume", "--jobs", jobs)[0] == 0
    assert [json.loads(line)["Subject"] for line in out.read_text("utf-8").splitlines()] == [
        str(number) for number in range(30_000)
    ]


def wait_until(condition: Any) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def children(process: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()]
    return []


def catches(process: int, number: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    caught = int(status.split("SigCgt:")[1].split()[0], 16)
    return bool(caught >> (number - 1) & 1)


def is_alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_killed_worker_leaves_complete_lines(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, *numbered_messages(30_000)), tmp_path / "out.jsonl"
    with start(name, "-o", str(out), "--jobs", "2", stderr=subprocess.PIPE) as process:
        wait_until(lambda: out.exists() and out.stat().st_size > 0)
        os.kill(children(process.pid)[-1], signal.SIGKILL)
        assert process.stderr is not None
        err = process.stderr.read().decode()
        assert process.wait() == 2
    assert "a worker process ended unexpectedly" in err
    assert "use --resume to continue" in err
    assert out.read_bytes().endswith(b"\n")
    assert run(name, "-o", str(out), "--resume")[0] == 0
    assert out.read_bytes().count(b"\n") == 30_000


def test_workers_end_when_the_command_is_killed(tmp_path: Path) -> None:
    with start("-", "-o", "-", "--jobs", "2", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        workers = children(process.pid)
        assert workers
        process.kill()
        process.wait()
        wait_until(lambda: not any(map(is_alive, workers)))


def test_a_full_disk_leaves_complete_lines(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, *numbered_messages(5_000)), tmp_path / "out.jsonl"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    completed = subprocess.run(
        [sys.executable, "-m", "compiler", name, "-o", str(out)], capture_output=True, preexec_fn=limit
    )
    assert completed.returncode == 2
    assert b"File too large" in completed.stderr
    assert b"use --resume to continue" in completed.stderr
    content = out.read_bytes()
    assert 0 < len(content) <= 300_000
    assert content.endswith(b"\n")
    assert run(name, "-o", str(out), "--resume")[0] == 0
    assert out.read_bytes().count(b"\n") == 5_000


@pytest.mark.parametrize("arguments", [(), ("-o", "/dev/stdout")], ids=["standard output", "its name"])
def test_the_reader_may_close_the_pipe_early(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    name = write_lines(tmp_path, *numbered_messages(20_000))
    with start(name, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def run_on_terminal(*arguments: str) -> str:
    """The output of the command to a terminal as stderr."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    with start(*arguments, stderr=slave, stdout=subprocess.DEVNULL, env=os.environ | {"NO_COLOR": "1"}) as process:
        os.close(slave)
        screen = b""
        with suppress(OSError):  # the end, on Linux
            while content := os.read(master, 1 << 16):
                screen += content
        process.wait()
    os.close(master)
    return screen.decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_terminal_shows_a_progress_bar(tmp_path: Path, jobs: str) -> None:
    name = write_lines(tmp_path, *numbered_messages(15_000), BAD, *numbered_messages(5_000), BAD)
    screen = run_on_terminal(name, "--jobs", jobs)
    assert "messages/s" in screen
    shown = [line.rpartition("\r")[2] for line in screen.split("\r\n")]  # the text after a line's last return
    assert [line for line in shown if "error:" in line or "hint:" in line] == [
        f"{name}:15001: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        "    = hint: keep one tag, or ignore this feature to use the first",
        f"{name}:20002: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        "    = hint: keep one tag, or ignore this feature to use the first",
    ]
    assert shown[-3:] == [
        f"{name}: 20,002 lines: 20,000 payloads, 2 with errors",
        "    = see: https://payload-compiler.example/diagnostics/",
        "",
    ]


@pytest.mark.slow
def test_no_progress_hides_the_progress_bar(tmp_path: Path) -> None:
    name = write_lines(tmp_path, *numbered_messages(5_000))
    assert run_on_terminal(name, "--no-progress") == f"{name}: 5,000 lines: 5,000 payloads\r\n"
    assert run(name)[2] == f"{name}: 5,000 lines: 5,000 payloads\n"


@pytest.mark.slow
@pytest.mark.parametrize(("jobs", "unbuffered"), [("1", ""), ("2", ""), ("1", "1")])
def test_diagnostics_of_all_written_lines_are_reported(tmp_path: Path, jobs: str, unbuffered: str) -> None:
    name, out = write_lines(tmp_path, *[BAD] * 3_000), tmp_path / "out.jsonl"
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with start(name, "-o", str(out), "--jobs", jobs, stderr=subprocess.PIPE, env=environment) as process:
        wait_until(lambda: out.exists() and out.stat().st_size > 0)
        process.terminate()
        assert process.stderr is not None
        err = process.stderr.read().decode()
    complete = out.read_bytes().count(b"\n")
    assert f"stopped after {complete:,} lines: 0 payloads, {complete:,} with errors" in err
    err += run(name, "-o", str(out), "--resume")[2]
    assert re.findall(r":(\d+): error:", err) == [str(number) for number in range(1, 3_001)]


def test_an_interrupt_while_workers_start_prints_no_traceback(tmp_path: Path) -> None:
    name = write_lines(tmp_path, *numbered_messages(2_000))
    with start(
        name, "--jobs", "2", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        wait_until(lambda: len(children(process.pid)) > 1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read().decode()
        assert process.wait() == 130


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_process_group_is_not_reported_as_a_killed_worker(
    tmp_path: Path, number: signal.Signals
) -> None:
    name, out = write_lines(tmp_path, *numbered_messages(30_000)), tmp_path / "out.jsonl"
    with start(name, "-o", str(out), "--jobs", "2", stderr=subprocess.PIPE, start_new_session=True) as process:
        wait_until(lambda: out.exists() and out.stat().st_size > 0)
        os.killpg(process.pid, number)
        assert process.stderr is not None
        err = process.stderr.read().decode()
        assert process.wait() == 128 + number
    assert err.count("\n") == 1
    complete = out.read_bytes().count(b"\n")
    assert f"stopped after {complete:,} lines" in err


def test_an_ignored_interrupt_stays_ignored(tmp_path: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    with start("-", "-o", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=ignore) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate(f"{GOOD}\n".encode())[0].count(b"\n") == 1
    assert process.returncode == 0


def test_a_signal_stops_a_run_that_waits_for_a_reader(tmp_path: Path) -> None:
    name, pipe = write_lines(tmp_path, GOOD), tmp_path / "pipe"
    os.mkfifo(pipe)
    with start(name, "-o", str(pipe), stderr=subprocess.PIPE) as process:
        wait_until(lambda: catches(process.pid, signal.SIGTERM))
        process.terminate()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read().decode()
        assert process.wait() == 143


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_stops_a_run_with_a_slow_reader(tmp_path: Path, jobs: str) -> None:
    name = write_lines(tmp_path, *numbered_messages(20_000))
    with start(name, "--jobs", jobs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.terminate()
        assert "stopped after" in process.stderr.read().decode()
        assert process.wait() == 143


def test_standard_output_must_not_be_the_input(tmp_path: Path) -> None:
    name = write_lines(tmp_path, GOOD)
    with open(name, "ab") as out, start(name, stdout=out, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert "standard output: the output is the input file" in process.stderr.read().decode()
        assert process.wait() == 2
    assert Path(name).read_text("utf-8") == f"{GOOD}\n"


def test_a_device_may_be_input_and_output() -> None:
    assert run("-", "-o", "/dev/null", stdin=b"")[0] == 0
    with open("/dev/null", "rb") as nothing:
        completed = subprocess.run(
            [sys.executable, "-m", "compiler", "-", "-o", "/dev/null"], stdin=nothing, capture_output=True
        )
    assert (completed.returncode, completed.stderr) == (0, b"standard input: 0 lines: 0 payloads\n")


def test_two_processes_cannot_write_the_same_output(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, GOOD), str(tmp_path / "out.jsonl")
    with start("-", "-o", out, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        wait_until(lambda: Path(out).exists() and Path(out).stat().st_size > 0)
        status, _, err = run(name, "-o", out, "--resume")
        assert status == 2
        assert "another process is writing to this file" in err
        process.communicate()
    assert run(name, "-o", out, "--resume")[0] == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_nonblocking_pipes_are_supported(tmp_path: Path, jobs: str) -> None:
    lines = "".join(f"{line}\n" for line in numbered_messages(5_000)).encode()
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    for descriptor in (to_read, from_write):
        os.set_blocking(descriptor, False)
    with start("-", "-o", "-", "--jobs", jobs, stdin=to_read, stdout=from_write, stderr=subprocess.PIPE) as process:
        os.close(to_read)
        os.close(from_write)
        with open(from_read, "rb") as payloads:
            os.write(to_write, lines[:1000])
            first = payloads.readline()

            def write_remaining() -> None:
                with open(to_write, "wb") as source:
                    source.write(lines[1000:])

            Thread(target=write_remaining).start()
            remaining = payloads.read()
        assert process.stderr is not None
        assert "5,000 lines: 5,000 payloads" in process.stderr.read().decode()
    assert (first + remaining).count(b"\n") == 5_000


def test_an_internal_error_affects_one_line_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def failing_compile(text: bytes, *arguments: Any) -> compiler.Result:
        if b"hunter2" in text:
            raise LookupError(text)
        return compiler.compile_text(text, *arguments)

    monkeypatch.setattr("compiler.cli.bulk.lines.compile_text", failing_compile)
    name, out = write_lines(tmp_path, GOOD, json.dumps(MESSAGE | {"subject": "hunter2"}), GOOD), tmp_path / "out.jsonl"
    assert main([name, "-o", str(out)]) == 1
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [PAYLOAD, None, PAYLOAD]
    err = capsysbinary.readouterr().err.decode()
    assert f"{name}:2: error: InternalError: the compiler failed on this message (LookupError in compiler/" in err
    assert "hunter2" not in err


UNMET = json.dumps({"to": ["b@example.com"], "template_id": 7})


def read_record_file(out: Path) -> Any:
    return json.loads(Path(f"{out}.state.json").read_text("utf-8"))


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("cut", [1, *(pytest.param(cut, marks=pytest.mark.slow) for cut in (0, 100, -1))])
def test_an_incomplete_last_line_is_compiled_again(tmp_path: Path, cut: int, jobs: str) -> None:
    file, out, fresh = tmp_path / "messages.jsonl", tmp_path / "out.jsonl", tmp_path / "fresh.jsonl"
    complete = f"{GOOD}\n{UNMET}\n{GOOD}\n{BAD}".encode()
    file.write_bytes(complete[: len(GOOD) + 1 + len(UNMET) + 1 + cut % (len(GOOD) + 1)])
    run(str(file), "-o", str(out), "--jobs", jobs)
    for content in (complete, complete + b"\n", complete + f"\n{GOOD}\n".encode()):
        file.write_bytes(content)
        status = run(str(file), "-o", str(out), "--resume", "--jobs", jobs)[0]
        assert status == run(str(file), "-o", str(fresh), "--overwrite")[0] == 1
        assert out.read_bytes() == fresh.read_bytes()
        assert read_record_file(out) == read_record_file(fresh)


@pytest.mark.parametrize(("lines", "expected"), [([GOOD], 0), ([GOOD, BAD], 1), ([UNMET, GOOD], 3), ([UNMET, BAD], 1)])
def test_a_resumed_run_has_the_exit_status_of_a_single_run(tmp_path: Path, lines: list[str], expected: int) -> None:
    name, out = write_lines(tmp_path, *lines), str(tmp_path / "out.jsonl")
    assert main([name, "-o", out]) == expected
    assert main([name, "-o", out, "--resume"]) == expected
    write_lines(tmp_path, *lines, GOOD)
    assert main([name, "-o", out, "--resume"]) == expected


def test_a_summary_includes_earlier_runs(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, GOOD, BAD, UNMET), str(tmp_path / "out.jsonl")
    run(name, "-o", out)
    write_lines(tmp_path, GOOD, BAD, UNMET, GOOD)
    assert run(name, "-o", out, "--resume")[2] == (
        f"{name}: 1 line (after 3 from earlier runs: 2 payloads, 1 of them incomplete, 1 with errors): 1 payload\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([], ["--json"], "--json"),
        (["--template-sender", "a@example.com"], ["--template-sender", "b@example.com"], "--template-sender"),
        ([], ["--ignore-unsupported"], "--ignore-unsupported"),
        (["--defaults", "one.json"], ["--defaults", "two.json"], "--defaults"),
        (["--target", "one"], ["--target", "two"], "--target"),
        (["--json"], ["--ignore-unsupported=send_at"], "--ignore-unsupported, --json"),
    ],
)
def test_changed_options_are_detected(tmp_path: Path, before: list[str], after: list[str], changed: str) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"tags": [name]}), encoding="utf-8")
        shutil.copytree(Path(resources.TARGETS) / "mailjet_v3", tmp_path / name)
    ruleset = tmp_path / "two" / "send.json"
    ruleset.write_text(ruleset.read_text("utf-8") + "\n", encoding="utf-8")
    write_lines(tmp_path, GOOD, GOOD)
    arguments = ["messages.jsonl", "-o", "out.jsonl"]
    assert run(*arguments, *before, cwd=tmp_path)[0] == 0
    previous = (tmp_path / "out.jsonl").read_bytes()
    status, _, err = run(*arguments, *after, "--resume", cwd=tmp_path)
    assert status == 2
    assert f"cannot resume: changed since the earlier run: {changed}; use --overwrite" in err
    assert (tmp_path / "out.jsonl").read_bytes() == previous
    assert run(*arguments, *before, "--resume", cwd=tmp_path)[0] == 0
    assert run(*arguments, *after, "--overwrite", cwd=tmp_path)[0] == 0
    assert run(*arguments, *after, "--resume", cwd=tmp_path)[0] == 0


def test_defaults_may_be_formatted_differently(tmp_path: Path) -> None:
    name, out, defaults = write_lines(tmp_path, GOOD), str(tmp_path / "out.jsonl"), tmp_path / "defaults.json"
    defaults.write_text('{"tags":["a"]}', encoding="utf-8")
    assert main([name, "-o", out, "--defaults", str(defaults)]) == 0
    defaults.write_text('{ "tags": ["a"] }\n', encoding="utf-8")
    assert main([name, "-o", out, "--defaults", str(defaults), "--resume"]) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{BAD}\n{GOOD}\n", "bytes of the input have changed"),
        (f"{GOOD}\n", "bytes shorter than the part already compiled"),
        ("", "bytes shorter than the part already compiled"),
    ],
)
def test_a_changed_input_is_detected(tmp_path: Path, content: str, message: str) -> None:
    out = tmp_path / "out.jsonl"
    name = write_lines(tmp_path, GOOD, BAD)
    run(name, "-o", str(out))
    previous = out.read_bytes(), read_record_file(out)
    Path(name).write_text(content, encoding="utf-8")
    status, _, err = run(name, "-o", str(out), "--resume")
    assert status == 2
    assert message in err
    assert "use --overwrite to compile everything again" in err
    assert (out.read_bytes(), read_record_file(out)) == previous


def test_a_resumed_input_may_be_a_pipe(tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    lines = [*numbered_messages(3_000), BAD]
    content = "".join(f"{line}\n" for line in lines).encode()
    assert run("-", "-o", out, stdin=content[:500_000])[0] == 1  # the last line is incomplete
    assert run("-", "-o", out, "--resume", stdin=content)[0] == 1
    assert run(write_lines(tmp_path, *lines), "-o", out, "--resume")[2].startswith(
        f"{tmp_path}/messages.jsonl: 0 lines"
    )
    assert Path(out).read_bytes().count(b"\n") == 3_001


def test_a_killed_run_is_resumed_from_its_record(tmp_path: Path) -> None:
    name = write_lines(tmp_path, *numbered_messages(20_000), BAD)
    out, fresh = tmp_path / "out.jsonl", tmp_path / "fresh.jsonl"
    for _ in range(3):
        size = out.stat().st_size if out.exists() else 0
        with start(name, "-o", str(out), "--resume", stderr=subprocess.PIPE) as process:
            wait_until(lambda size=size: out.exists() and out.stat().st_size > size)
            process.kill()
        assert read_record_file(out)["output"]["bytes"] <= out.stat().st_size
    assert run(name, "-o", str(out), "--resume")[0] == run(name, "-o", str(fresh))[0] == 1
    assert out.read_bytes() == fresh.read_bytes()


def test_the_record_contains_only_digests_of_messages_and_options(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, GOOD, BAD, UNMET, ""), tmp_path / "out.jsonl"
    out.touch(mode=0o640)
    out.chmod(0o640)
    assert main([name, "-o", str(out), "--template-sender", "shop@example.com"]) == 1
    record = Path(f"{out}.state.json")
    assert record.stat().st_mode & 0o777 == 0o640
    assert "example.com" not in record.read_text("utf-8")
    record_content = read_record_file(out)
    assert record_content["input"] == {
        "bytes": Path(name).stat().st_size,
        "sha256": hashlib.sha256(Path(name).read_bytes()).hexdigest(),
    }
    assert record_content["output"] == {"bytes": out.stat().st_size}
    assert record_content["counts"] == {"lines": 4, "payloads": 2, "unmet": 0, "errors": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "messages.jsonl",
        "out.jsonl",
        "out.jsonl.state.json",
    ]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "1", "\xff", '{"kind": "payload-compiler bulk run", "version": 1}']
)
@pytest.mark.parametrize("flags", [[], ["--resume"], ["--overwrite"]])
def test_a_file_that_is_not_a_record_is_not_overwritten(tmp_path: Path, content: str, flags: list[str]) -> None:
    out, record = tmp_path / "out.jsonl", tmp_path / "out.jsonl.state.json"
    if flags:
        out.write_text("null\n", encoding="utf-8")
    record.write_text(content, encoding="latin-1")
    status, _, err = run(write_lines(tmp_path, GOOD), "-o", str(out), *flags)
    assert status == 2
    assert "is not the record of an earlier run; move it away" in err
    assert record.read_text("latin-1") == content
    assert out.read_text("utf-8") == ("null\n" if flags else "")


def test_the_output_is_kept_if_the_record_cannot_be_written(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, GOOD), tmp_path / "out.jsonl"
    out.write_text("null\n", encoding="utf-8")
    Path(f"{out}.state.json.part").mkdir()  # the new record is first written to this path
    status, _, err = run(name, "-o", str(out), "--overwrite")
    assert status == 2
    assert f"{out}.state.json: Is a directory" in err
    assert out.read_text("utf-8") == "null\n"


def test_only_an_output_file_opened_by_name_has_a_record(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, GOOD), tmp_path / "out.jsonl"
    with out.open("wb") as file, start(name, stdout=file, stderr=subprocess.DEVNULL) as process:
        assert process.wait() == 0
    assert [path.name for path in tmp_path.iterdir() if "state" in path.name] == []
    with (
        out.open("wb") as file,
        start(name, "-o", "/dev/stdout", stdout=file, stderr=subprocess.PIPE) as process,
    ):
        assert process.wait() == 0
    assert read_record_file(out)["counts"]["lines"] == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_unknown_feature_is_reported_once(tmp_path: Path, jobs: str) -> None:
    name, out = write_lines(tmp_path, "", BAD, *[GOOD] * 3), str(tmp_path / "out.jsonl")
    err = run(name, "-o", out, "--ignore-unsupported=send_att", "--jobs", jobs)[2]
    assert err.count("NoEffect at ") == 1
    assert "did you mean 'send_at'" in err


def test_an_output_shorter_than_recorded_is_compiled_again(tmp_path: Path) -> None:
    name, out = write_lines(tmp_path, GOOD, GOOD), tmp_path / "out.jsonl"
    run(name, "-o", str(out))
    complete = out.read_bytes()
    out.write_bytes(complete[:10])
    status, _, err = run(name, "-o", str(out), "--resume")
    assert status == 0
    assert f"{out}: the file is shorter than recorded; compiling everything again" in err
    assert out.read_bytes() == complete
