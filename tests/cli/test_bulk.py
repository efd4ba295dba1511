"""Many messages on the command line: what is written line by line, and what holds when it is stopped in the middle."""

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


def written(folder: Path, *lines: str | bytes, end: bytes = b"\n") -> str:
    file = folder / "messages.jsonl"
    encoded = [line.encode("utf-8") if isinstance(line, str) else line for line in lines]
    file.write_bytes(end.join(encoded) + (end if lines else b""))
    return str(file)


def numbered(count: int) -> list[str]:
    return [json.dumps(MESSAGE | {"subject": str(number)}) for number in range(count)]


def command(*arguments: str, **given: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "compiler", *arguments], **given)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_line_has_its_line(tmp_path: Path, jobs: str) -> None:
    name, out = written(tmp_path, GOOD, BAD, "", "{", GOOD), tmp_path / "out.jsonl"
    status, printed, told = run(name, "-o", str(out), "--jobs", jobs)
    assert (status, printed) == (1, "")
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [PAYLOAD, None, None, None, PAYLOAD]
    assert told.splitlines() == [
        f"{name}:2: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        "    = hint: keep one tag, or ignore this feature to use the first",
        f"{name}:4: error: InvalidJSON: Expecting property name enclosed in double quotes: line 1, column 2",
        "    = hint: keys stand in double quotes, and no comma before a closing bracket",
        f"{name}: 5 lines: 2 payloads, 2 with errors, 1 blank",
    ]


def test_whole_results_on_request(tmp_path: Path) -> None:
    status, printed, _ = run(written(tmp_path, GOOD, BAD), "--json")
    assert status == 1
    assert [json.loads(line) for line in printed.splitlines()] == [
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
    ids=["nothing", "blank", "no end", "CRLF", "no UTF-8", "surrogate", "14 MB"],
)
def test_lines_of_any_kind_from_standard_input(content: bytes, expected: list[Any] | None, jobs: str) -> None:
    _, printed, _ = run("-", "-o", "-", "--jobs", jobs, stdin=content)
    found = [json.loads(line) for line in printed.splitlines()]
    if expected is None:
        assert [len(found[0]["Text-part"]), *found[1:]] == [14_000_000, PAYLOAD]
    else:
        assert found == expected


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_is_done_before_the_next_one_comes(jobs: str) -> None:
    pipe = subprocess.PIPE
    with command("-", "-o", "-", "--jobs", jobs, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(f"{GOOD}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == PAYLOAD
        process.stdin.close()
        assert process.wait() == 0


def test_an_unmet_requirement_of_any_line_has_a_status_of_its_own(tmp_path: Path) -> None:
    name = written(tmp_path, GOOD, json.dumps({"to": ["b@example.com"], "template_id": 7}))
    status, printed, told = run(name)
    assert status == 3
    assert len(printed.splitlines()) == 2
    assert f"{name}:2: the payload still needs: template_sender (template_id 7)" in told
    assert told.endswith("2 lines: 2 payloads, 1 of them incomplete\n")


def test_faults_of_the_options_are_told_once_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    status, _, told = run(written(tmp_path, GOOD, GOOD), "-o", str(out), "--template-sender", "nobody")
    assert status == 1
    assert told.count("error:") == 1
    assert "--template-sender" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["message.json", "-o", "out"], "--output requires one message per line"),
        (["message.json", "--jobs", "2"], "--jobs requires one message per line"),
        (["m.jsonl", "--explain"], "--explain requires a file of one message"),
        (["m.jsonl", "--jobs", "-1"], "--jobs must be 0 (one process per CPU) or a positive integer, got -1"),
        (["m.jsonl", "--resume"], "--resume requires --output FILE"),
        (["m.jsonl", "-o", "out", "--resume", "--overwrite"], "--resume and --overwrite cannot be combined"),
        (["missing.jsonl"], "missing.jsonl: No such file"),
        (["m.jsonl", "--target", "mailgun"], "there is no target 'mailgun'"),
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
def test_what_cannot_be_done_is_said_and_destroys_nothing(tmp_path: Path, arguments: list[str], complaint: str) -> None:
    written(tmp_path, GOOD).replace("messages", "m")
    (tmp_path / "messages.jsonl").rename(tmp_path / "m.jsonl")
    (tmp_path / "link.jsonl").symlink_to("m.jsonl")
    (tmp_path / "full.jsonl").write_text("null\n" * 9, encoding="utf-8")
    (tmp_path / "message.json").write_text(GOOD, encoding="utf-8")
    status, printed, told = run(*arguments, cwd=tmp_path)
    assert (status, printed) == (2, "")
    assert complaint in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "m.jsonl").read_text("utf-8") == f"{GOOD}\n"
    assert (tmp_path / "full.jsonl").read_text("utf-8") == "null\n" * 9


def test_an_output_is_begun_anew_on_request(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("null\n" * 99, encoding="utf-8")
    assert run(written(tmp_path, GOOD), "-o", str(out), "--overwrite")[0] == 0
    assert json.loads(out.read_text("utf-8")) == PAYLOAD


@settings(max_examples=40)
@given(cut=st.integers(0, 1_000_000))
def test_whatever_is_there_of_an_output_it_can_be_gone_on_with(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    gone_on_with(tmp_path_factory.mktemp("resumed"), cut, "1")


@pytest.mark.parametrize("cut", [0, 200, -1])
def test_in_two_processes_too(tmp_path: Path, cut: int) -> None:
    gone_on_with(tmp_path, cut, "2")


def gone_on_with(folder: Path, cut: int, jobs: str) -> None:
    name, out = written(folder, *numbered(7), BAD, "", GOOD), folder / "out.jsonl"
    assert main([name, "-o", str(out)]) == 1
    whole = out.read_bytes()
    out.write_bytes(whole[: cut % (len(whole) + 1)])
    main([name, "-o", str(out), "--resume", "--jobs", jobs])
    assert out.read_bytes() == whole


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_stopped_in_the_middle_it_goes_on_where_it_stopped(tmp_path: Path, jobs: str, number: signal.Signals) -> None:
    name, out = written(tmp_path, *numbered(30_000)), tmp_path / "out.jsonl"
    with command(name, "-o", str(out), "--jobs", jobs, stderr=subprocess.PIPE) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        process.send_signal(number)
        assert process.stderr is not None
        told = process.stderr.read().decode()
        assert process.wait() == 128 + number
    assert "Traceback" not in told
    assert "stopped after" in told
    assert "use --resume to continue" in told
    assert out.stat().st_size > 0
    assert out.read_bytes().endswith(b"\n")
    assert run(name, "-o", str(out), "--resume", "--jobs", jobs)[0] == 0
    assert [json.loads(line)["Subject"] for line in out.read_text("utf-8").splitlines()] == [
        str(number) for number in range(30_000)
    ]


def wait_for(holds: Any) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)


def children(process: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()]
    return []


def catches(process: int, number: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    caught = int(status.split("SigCgt:")[1].split()[0], 16)
    return bool(caught >> (number - 1) & 1)


def is_alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_killed_process_leaves_whole_lines(tmp_path: Path) -> None:
    name, out = written(tmp_path, *numbered(30_000)), tmp_path / "out.jsonl"
    with command(name, "-o", str(out), "--jobs", "2", stderr=subprocess.PIPE) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        os.kill(children(process.pid)[-1], signal.SIGKILL)
        assert process.stderr is not None
        told = process.stderr.read().decode()
        assert process.wait() == 2
    assert "a worker process ended unexpectedly" in told
    assert "use --resume to continue" in told
    assert out.read_bytes().endswith(b"\n")
    assert run(name, "-o", str(out), "--resume")[0] == 0
    assert out.read_bytes().count(b"\n") == 30_000


def test_when_the_command_is_killed_its_processes_end(tmp_path: Path) -> None:
    with command("-", "-o", "-", "--jobs", "2", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        workers = children(process.pid)
        assert workers
        process.kill()
        process.wait()
        wait_for(lambda: not any(map(is_alive, workers)))


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    name, out = written(tmp_path, *numbered(5_000)), tmp_path / "out.jsonl"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    ran = subprocess.run(
        [sys.executable, "-m", "compiler", name, "-o", str(out)], capture_output=True, preexec_fn=limit
    )
    assert ran.returncode == 2
    assert b"File too large" in ran.stderr
    assert b"use --resume to continue" in ran.stderr
    content = out.read_bytes()
    assert 0 < len(content) <= 300_000
    assert content.endswith(b"\n")
    assert run(name, "-o", str(out), "--resume")[0] == 0
    assert out.read_bytes().count(b"\n") == 5_000


def test_who_has_seen_enough_may_close_the_pipe(tmp_path: Path) -> None:
    name = written(tmp_path, *numbered(20_000))
    with command(name, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def on_a_terminal(*arguments: str) -> str:
    """What the command writes to a terminal on stderr."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    with command(*arguments, stderr=theirs, stdout=subprocess.DEVNULL, env=os.environ | {"NO_COLOR": "1"}) as process:
        os.close(theirs)
        seen = b""
        with suppress(OSError):  # the end, on Linux
            while content := os.read(ours, 1 << 16):
                seen += content
        process.wait()
    os.close(ours)
    return seen.decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_terminal_sees_how_far_it_is(tmp_path: Path, jobs: str) -> None:
    name = written(tmp_path, *numbered(15_000), BAD, *numbered(5_000), BAD)
    seen = on_a_terminal(name, "--jobs", jobs)
    assert "messages/s" in seen
    shown = [re.split("\r", line)[-1] for line in seen.split("\r\n")]  # after a line's last return stands what is seen
    assert [line for line in shown if "error:" in line or "hint:" in line] == [
        f"{name}:15001: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        "    = hint: keep one tag, or ignore this feature to use the first",
        f"{name}:20002: error: UnsupportedFeature at /tags/1: not supported: multiple tags",
        "    = hint: keep one tag, or ignore this feature to use the first",
    ]
    assert shown[-2:] == [f"{name}: 20,002 lines: 20,000 payloads, 2 with errors", ""]


@pytest.mark.slow
def test_who_wants_no_bar_sees_none(tmp_path: Path) -> None:
    name = written(tmp_path, *numbered(5_000))
    assert on_a_terminal(name, "--no-progress") == f"{name}: 5,000 lines: 5,000 payloads\r\n"
    assert run(name)[2] == f"{name}: 5,000 lines: 5,000 payloads\n"


@pytest.mark.slow
@pytest.mark.parametrize(("jobs", "unbuffered"), [("1", ""), ("2", ""), ("1", "1")])
def test_of_lines_that_were_written_everything_is_told(tmp_path: Path, jobs: str, unbuffered: str) -> None:
    name, out = written(tmp_path, *[BAD] * 3_000), tmp_path / "out.jsonl"
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with command(name, "-o", str(out), "--jobs", jobs, stderr=subprocess.PIPE, env=environment) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        process.terminate()
        assert process.stderr is not None
        told = process.stderr.read().decode()
    whole = out.read_bytes().count(b"\n")
    assert f"stopped after {whole:,} lines: 0 payloads, {whole:,} with errors" in told
    told += run(name, "-o", str(out), "--resume")[2]
    assert re.findall(r":(\d+): error:", told) == [str(number) for number in range(1, 3_001)]


def test_an_interrupt_of_all_processes_while_they_start_is_quiet(tmp_path: Path) -> None:
    name = written(tmp_path, *numbered(2_000))
    with command(
        name, "--jobs", "2", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        wait_for(lambda: len(children(process.pid)) > 1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read().decode()
        assert process.wait() == 130


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_processes_is_none_that_killed_one(tmp_path: Path, number: signal.Signals) -> None:
    name, out = written(tmp_path, *numbered(30_000)), tmp_path / "out.jsonl"
    with command(name, "-o", str(out), "--jobs", "2", stderr=subprocess.PIPE, start_new_session=True) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        os.killpg(process.pid, number)
        assert process.stderr is not None
        told = process.stderr.read().decode()
        assert process.wait() == 128 + number
    assert told.count("\n") == 1
    whole = out.read_bytes().count(b"\n")
    assert f"stopped after {whole:,} lines" in told


def test_an_interrupt_that_is_ignored_stays_so(tmp_path: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    with command("-", "-o", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=ignore) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate(f"{GOOD}\n".encode())[0].count(b"\n") == 1
    assert process.returncode == 0


def test_a_signal_stops_who_waits_for_a_reader(tmp_path: Path) -> None:
    name, pipe = written(tmp_path, GOOD), tmp_path / "pipe"
    os.mkfifo(pipe)
    with command(name, "-o", str(pipe), stderr=subprocess.PIPE) as process:
        wait_for(lambda: catches(process.pid, signal.SIGTERM))
        process.terminate()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read().decode()
        assert process.wait() == 143


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_stops_who_waits_for_a_slow_reader(tmp_path: Path, jobs: str) -> None:
    name = written(tmp_path, *numbered(20_000))
    with command(name, "--jobs", jobs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.terminate()
        assert "stopped after" in process.stderr.read().decode()
        assert process.wait() == 143


def test_a_pipe_by_name_may_be_closed_too(tmp_path: Path) -> None:
    name = written(tmp_path, *numbered(20_000))
    with command(name, "-o", "/dev/stdout", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_file_is_not_appended_to_itself(tmp_path: Path) -> None:
    name = written(tmp_path, GOOD)
    with open(name, "ab") as out, command(name, stdout=out, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert "standard output: the output is the input file" in process.stderr.read().decode()
        assert process.wait() == 2
    assert Path(name).read_text("utf-8") == f"{GOOD}\n"


def test_what_is_no_file_may_be_input_and_output() -> None:
    assert run("-", "-o", "/dev/null", stdin=b"")[0] == 0
    with open("/dev/null", "rb") as nothing:
        ran = subprocess.run(
            [sys.executable, "-m", "compiler", "-", "-o", "/dev/null"], stdin=nothing, capture_output=True
        )
    assert (ran.returncode, ran.stderr) == (0, b"standard input: 0 lines: 0 payloads\n")


def test_nobody_else_writes_the_same_output(tmp_path: Path) -> None:
    name, out = written(tmp_path, GOOD), str(tmp_path / "out.jsonl")
    with command("-", "-o", out, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(f"{GOOD}\n".encode())
        process.stdin.flush()
        wait_for(lambda: Path(out).exists() and Path(out).stat().st_size > 0)
        status, _, told = run(name, "-o", out, "--resume")
        assert status == 2
        assert "another process is writing to this file" in told
        process.communicate()
    assert run(name, "-o", out, "--resume")[0] == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_pipes_that_do_not_block_are_waited_for(tmp_path: Path, jobs: str) -> None:
    lines = "".join(f"{line}\n" for line in numbered(5_000)).encode()
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    for each in (to_read, from_write):
        os.set_blocking(each, False)
    with command("-", "-o", "-", "--jobs", jobs, stdin=to_read, stdout=from_write, stderr=subprocess.PIPE) as process:
        os.close(to_read)
        os.close(from_write)
        with open(from_read, "rb") as payloads:
            os.write(to_write, lines[:1000])
            first = payloads.readline()

            def give_the_rest() -> None:
                with open(to_write, "wb") as source:
                    source.write(lines[1000:])

            Thread(target=give_the_rest).start()
            rest = payloads.read()
        assert process.stderr is not None
        assert "5,000 lines: 5,000 payloads" in process.stderr.read().decode()
    assert (first + rest).count(b"\n") == 5_000


def test_a_fault_of_the_compiler_costs_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def broken(text: bytes, *given: Any) -> compiler.Result:
        if b"hunter2" in text:
            raise LookupError(text)
        return compiler.compile_text(text, *given)

    monkeypatch.setattr("compiler.cli.bulk.lines.compile_text", broken)
    name, out = written(tmp_path, GOOD, json.dumps(MESSAGE | {"subject": "hunter2"}), GOOD), tmp_path / "out.jsonl"
    assert main([name, "-o", str(out)]) == 1
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [PAYLOAD, None, PAYLOAD]
    told = capsysbinary.readouterr().err.decode()
    assert f"{name}:2: error: InternalError: the compiler failed on this message (LookupError in compiler/" in told
    assert "hunter2" not in told


UNMET = json.dumps({"to": ["b@example.com"], "template_id": 7})


def record_of(out: Path) -> Any:
    return json.loads(Path(f"{out}.state.json").read_text("utf-8"))


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("cut", [1, *(pytest.param(cut, marks=pytest.mark.slow) for cut in (0, 100, -1))])
def test_a_last_line_that_was_still_being_written_is_done_again(tmp_path: Path, cut: int, jobs: str) -> None:
    file, out, fresh = tmp_path / "messages.jsonl", tmp_path / "out.jsonl", tmp_path / "fresh.jsonl"
    whole = f"{GOOD}\n{UNMET}\n{GOOD}\n{BAD}".encode()
    file.write_bytes(whole[: len(GOOD) + 1 + len(UNMET) + 1 + cut % (len(GOOD) + 1)])
    run(str(file), "-o", str(out), "--jobs", jobs)
    for content in (whole, whole + b"\n", whole + f"\n{GOOD}\n".encode()):
        file.write_bytes(content)
        status = run(str(file), "-o", str(out), "--resume", "--jobs", jobs)[0]
        assert status == run(str(file), "-o", str(fresh), "--overwrite")[0] == 1
        assert out.read_bytes() == fresh.read_bytes()
        assert record_of(out) == record_of(fresh)


@pytest.mark.parametrize(("lines", "expected"), [([GOOD], 0), ([GOOD, BAD], 1), ([UNMET, GOOD], 3), ([UNMET, BAD], 1)])
def test_the_status_of_a_resumed_run_is_that_of_the_whole(tmp_path: Path, lines: list[str], expected: int) -> None:
    name, out = written(tmp_path, *lines), str(tmp_path / "out.jsonl")
    assert main([name, "-o", out]) == expected
    assert main([name, "-o", out, "--resume"]) == expected
    written(tmp_path, *lines, GOOD)
    assert main([name, "-o", out, "--resume"]) == expected


def test_a_summary_says_what_earlier_runs_came_to(tmp_path: Path) -> None:
    name, out = written(tmp_path, GOOD, BAD, UNMET), str(tmp_path / "out.jsonl")
    run(name, "-o", out)
    written(tmp_path, GOOD, BAD, UNMET, GOOD)
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
def test_options_that_have_changed_are_noticed(
    tmp_path: Path, before: list[str], after: list[str], changed: str
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"tags": [name]}), encoding="utf-8")
        shutil.copytree(Path(resources.TARGETS) / "mailjet_v3", tmp_path / name)
    ruleset = tmp_path / "two" / "send.json"
    ruleset.write_text(ruleset.read_text("utf-8") + "\n", encoding="utf-8")
    written(tmp_path, GOOD, GOOD)
    asked = ["messages.jsonl", "-o", "out.jsonl"]
    assert run(*asked, *before, cwd=tmp_path)[0] == 0
    kept = (tmp_path / "out.jsonl").read_bytes()
    status, _, told = run(*asked, *after, "--resume", cwd=tmp_path)
    assert status == 2
    assert f"cannot resume: changed since the earlier run: {changed}; use --overwrite" in told
    assert (tmp_path / "out.jsonl").read_bytes() == kept
    assert run(*asked, *before, "--resume", cwd=tmp_path)[0] == 0
    assert run(*asked, *after, "--overwrite", cwd=tmp_path)[0] == 0
    assert run(*asked, *after, "--resume", cwd=tmp_path)[0] == 0


def test_the_same_defaults_may_be_written_differently(tmp_path: Path) -> None:
    name, out, defaults = written(tmp_path, GOOD), str(tmp_path / "out.jsonl"), tmp_path / "defaults.json"
    defaults.write_text('{"tags":["a"]}', encoding="utf-8")
    assert main([name, "-o", out, "--defaults", str(defaults)]) == 0
    defaults.write_text('{ "tags": ["a"] }\n', encoding="utf-8")
    assert main([name, "-o", out, "--defaults", str(defaults), "--resume"]) == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (f"{BAD}\n{GOOD}\n", "bytes of the input have changed"),
        (f"{GOOD}\n", "bytes shorter than the part already compiled"),
        ("", "bytes shorter than the part already compiled"),
    ],
)
def test_an_input_that_has_changed_is_noticed(tmp_path: Path, content: str, complaint: str) -> None:
    out = tmp_path / "out.jsonl"
    name = written(tmp_path, GOOD, BAD)
    run(name, "-o", str(out))
    kept, record = out.read_bytes(), record_of(out)
    Path(name).write_text(content, encoding="utf-8")
    status, _, told = run(name, "-o", str(out), "--resume")
    assert status == 2
    assert complaint in told
    assert "use --overwrite to compile everything again" in told
    assert (out.read_bytes(), record_of(out)) == (kept, record)


def test_the_input_may_come_by_a_pipe_when_it_is_gone_on_with(tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    lines = [*numbered(3_000), BAD]
    content = "".join(f"{line}\n" for line in lines).encode()
    assert run("-", "-o", out, stdin=content[:500_000])[0] == 1  # the last line is cut
    assert run("-", "-o", out, "--resume", stdin=content)[0] == 1
    assert run(written(tmp_path, *lines), "-o", out, "--resume")[2].startswith(f"{tmp_path}/messages.jsonl: 0 lines")
    assert Path(out).read_bytes().count(b"\n") == 3_001


def test_killed_at_once_it_goes_on_with_what_the_record_says(tmp_path: Path) -> None:
    name, out, fresh = written(tmp_path, *numbered(20_000), BAD), tmp_path / "out.jsonl", tmp_path / "fresh.jsonl"
    for _ in range(3):
        size = out.stat().st_size if out.exists() else 0
        with command(name, "-o", str(out), "--resume", stderr=subprocess.PIPE) as process:
            wait_for(lambda size=size: out.exists() and out.stat().st_size > size)
            process.kill()
        assert record_of(out)["output"]["bytes"] <= out.stat().st_size
    assert run(name, "-o", str(out), "--resume")[0] == run(name, "-o", str(fresh))[0] == 1
    assert out.read_bytes() == fresh.read_bytes()


def test_the_record_says_nothing_of_messages_and_options_but_digests(tmp_path: Path) -> None:
    name, out = written(tmp_path, GOOD, BAD, UNMET, ""), tmp_path / "out.jsonl"
    out.touch(mode=0o640)
    out.chmod(0o640)
    assert main([name, "-o", str(out), "--template-sender", "shop@example.com"]) == 1
    record = Path(f"{out}.state.json")
    assert record.stat().st_mode & 0o777 == 0o640
    assert "example.com" not in record.read_text("utf-8")
    found = record_of(out)
    assert found["input"] == {
        "bytes": Path(name).stat().st_size,
        "sha256": hashlib.sha256(Path(name).read_bytes()).hexdigest(),
    }
    assert found["output"] == {"bytes": out.stat().st_size}
    assert found["counts"] == {"lines": 4, "payloads": 2, "unmet": 0, "errors": 1}
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "messages.jsonl",
        "out.jsonl",
        "out.jsonl.state.json",
    ]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "1", "\xff", '{"kind": "payload-compiler bulk run", "version": 1}']
)
@pytest.mark.parametrize("flags", [[], ["--resume"], ["--overwrite"]])
def test_what_is_no_record_is_not_lost(tmp_path: Path, content: str, flags: list[str]) -> None:
    out, record = tmp_path / "out.jsonl", tmp_path / "out.jsonl.state.json"
    if flags:
        out.write_text("null\n", encoding="utf-8")
    record.write_text(content, encoding="latin-1")
    status, _, told = run(written(tmp_path, GOOD), "-o", str(out), *flags)
    assert status == 2
    assert "is not the record of an earlier run; move it away" in told
    assert record.read_text("latin-1") == content
    assert out.read_text("utf-8") == ("null\n" if flags else "")


def test_where_no_record_can_be_written_nothing_is_lost(tmp_path: Path) -> None:
    name, out = written(tmp_path, GOOD), tmp_path / "out.jsonl"
    out.write_text("null\n", encoding="utf-8")
    Path(f"{out}.state.json.part").mkdir()  # where the new record is written first
    status, _, told = run(name, "-o", str(out), "--overwrite")
    assert status == 2
    assert f"{out}.state.json: Is a directory" in told
    assert out.read_text("utf-8") == "null\n"


def test_what_is_no_file_by_name_has_no_record(tmp_path: Path) -> None:
    name, out = written(tmp_path, GOOD), tmp_path / "out.jsonl"
    with out.open("wb") as file, command(name, stdout=file, stderr=subprocess.DEVNULL) as process:
        assert process.wait() == 0
    assert [each.name for each in tmp_path.iterdir() if "state" in each.name] == []
    with out.open("wb") as file, command(name, "-o", "/dev/stdout", stdout=file, stderr=subprocess.PIPE) as process:
        assert process.wait() == 0
    assert record_of(out)["counts"]["lines"] == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_unknown_feature_to_ignore_is_told_once(tmp_path: Path, jobs: str) -> None:
    name, out = written(tmp_path, "", BAD, *[GOOD] * 3), str(tmp_path / "out.jsonl")
    told = run(name, "-o", out, "--ignore-unsupported=send_att", "--jobs", jobs)[2]
    assert told.count("NoEffect at ") == 1
    assert "did you mean 'send_at'" in told


def test_an_output_that_is_shorter_than_its_record_is_compiled_again(tmp_path: Path) -> None:
    name, out = written(tmp_path, GOOD, GOOD), tmp_path / "out.jsonl"
    run(name, "-o", str(out))
    whole = out.read_bytes()
    out.write_bytes(whole[:10])
    status, _, told = run(name, "-o", str(out), "--resume")
    assert status == 0
    assert f"{out}: the file is shorter than recorded; compiling everything again" in told
    assert out.read_bytes() == whole
