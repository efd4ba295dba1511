"""The command `python -m compiler.conformance`: selection, reports and exit status."""

from __future__ import annotations

import json
import os
import pty
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.conformance import read_report
from compiler.conformance.__main__ import main
from compiler.conformance.arguments import build_parser
from compiler.conformance.case_files import MANIFEST
from compiler.conformance.judge import OUTCOMES
from compiler.conformance.manifest import build_manifest, format_manifest
from compiler.json_io import resources
from tests.cases import CASES
from tests.conformance.test_bad_harnesses import ONE, ROOT, harness

TAGS = ("--ruleset", "send", "--area", "tags")
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command in this process; returns exit status, stdout and stderr."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(arguments)
        except SystemExit as error:
            status = int(error.code or 0)
        return status, *capfd.readouterr()

    return run


def test_complete_suite_passes_through_the_protocol() -> None:
    completed = subprocess.run([sys.executable, "-m", "compiler.conformance"], cwd=ROOT, capture_output=True, text=True)
    assert (completed.returncode, completed.stderr) == (0, "")
    assert (
        f"{len(CASES)} passed, 0 failed, 0 expected failures, 0 unsupported, 0 not run, of {len(CASES)}"
        in completed.stdout
    )
    assert "suite 1.2.0, everything; errors exact, warnings exact" in completed.stdout


@pytest.mark.slow
@pytest.mark.parametrize("mode", [("first", "code"), ("code", "ignore"), ("any", "exact")])
def test_suite_passes_in_every_comparison_mode(command: Command, mode: tuple[str, str]) -> None:
    status, out, _ = command("--jobs", "3", "--quiet", "--errors", mode[0], "--warnings", mode[1])
    assert (status, len(out.splitlines())) == (0, 2)
    assert f"errors {mode[0]}, warnings {mode[1]}" in out


@pytest.mark.slow
def test_harness_per_case_gives_the_same_result(command: Command) -> None:
    our_harness = f"{sys.executable} -m compiler.conformance.harness"
    status, out, _ = command("--harness-per-case", our_harness, "--jobs", "2", *TAGS)
    assert status == 0
    assert "10 passed" in out


@pytest.mark.slow
def test_outcomes_and_reports_do_not_depend_on_jobs(command: Command, tmp_path: Path) -> None:
    reports = []
    for jobs in ("1", "3"):
        files = {name: tmp_path / f"{name}-{jobs}" for name in ("tap", "json-lines")}
        reports_to = [word for name, file in files.items() for word in (f"--{name}", str(file))]
        assert command("--harness", harness("wrong-path"), "--jobs", jobs, *reports_to, "--area", "tags")[0] == 1
        rows = {row["id"]: (row["outcome"], row["differences"]) for row in read_report(files["json-lines"])[1:-1]}
        reports.append((files["tap"].read_text(encoding="utf-8"), rows))
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--ruleset", "sned"), "unknown ruleset 'sned' (did you mean send?)"),
        (("--area", "tag"), "unknown area 'tag' (did you mean tags?)"),
        (("--capability", "idn"), "did you mean idna?"),
        (("--target", "postmark"), "unknown target 'postmark' (available: mailjet-v3, mailjet-v3.1)"),
        (("--level", "may"), "invalid choice: 'may'"),
        (("--harness", ""), "command must not be empty"),
        (("--harness", "'x"), "No closing quotation"),
        (("--harness", "x", "--harness-per-case", "y"), "not allowed with argument"),
        (("--jobs", "0"), "must be at least 1, got 0"),
        (("--jobs", "many"), "must be an integer, got 'many'"),
        (("--timeout", "0"), "must be more than 0 and at most 86400 seconds"),
        (("--timeout", "nan"), "must be more than 0 and at most 86400 seconds"),
        (("--timeout", "soon"), "must be a number of seconds, got 'soon'"),
        (("--tap", "-", "--junit", "-"), "only one report can go to standard output, got --junit and --tap"),
        (("--badge", "b.json", *TAGS), "requires a run of the whole suite"),
        (("--write-expected-failures", "f.json", "--id", ONE), "requires a run of the whole suite"),
        (("--badge", "b.json", "--level", "should"), "requires a run of the whole suite"),
        (("--cases", "no-such-folder"), "not a folder"),
        (("--expected-failures", "no-such-file.json"), "No such file"),
        (("--junit", "no/such/folder.xml"), "No such file"),
        (("--frobnicate",), "unrecognized arguments"),
    ],
)
def test_invalid_usage_is_exit_status_2(command: Command, arguments: tuple[str, ...], message: str) -> None:
    status, out, err = command(*arguments)
    assert (status, out) == (2, "")
    assert message in err


CARRIER = str(ROOT / "examples" / "target-carrier")


def test_the_cases_of_a_targets_folder_are_run_with_its_rules(command: Command, tmp_path: Path) -> None:
    own_harness = shlex.join([sys.executable, "-m", "compiler.conformance.harness", "--target", CARRIER])
    for arguments in ((), ("--harness", own_harness), ("--harness", own_harness, "--jobs", "2")):
        status, out, err = command("--target", CARRIER, *arguments)
        assert (status, err) == (0, "")
        assert "24 passed, 0 failed" in out
    listed = command("--target", CARRIER, "--list", "--area", "limits")[1].splitlines()
    assert [line.split()[0] for line in listed] == [
        "carrier/send/limits/headline-78",
        "carrier/send/limits/headline-79",
        "carrier/send/limits/recipients-501",
    ]
    changed = tmp_path / "carrier"
    shutil.copytree(CARRIER, changed)
    rules = (changed / "send.json").read_text(encoding="utf-8")
    (changed / "send.json").write_text(rules.replace('"at_most": 78', '"at_most": 77'), encoding="utf-8")
    status, out, _ = command("--target", str(changed))
    assert status == 1
    assert "FAILED carrier/send/limits/headline-78" in out


def test_a_target_without_cases_is_invalid_usage(command: Command, tmp_path: Path) -> None:
    shutil.copytree(CARRIER, tmp_path / "carrier", ignore=shutil.ignore_patterns("cases"))
    status, out, err = command("--target", str(tmp_path / "carrier"))
    assert (status, out) == (2, "")
    assert "cases" in err


def test_no_cases_selected_is_exit_status_4(command: Command) -> None:
    status, out, err = command("--id", "mailjet-v3/send/tags/no-such-case")
    assert (status, out) == (4, "")
    assert "no cases selected: id mailjet-v3/send/tags/no-such-case" in err
    assert command("--list", "--id", "no-such-case")[0] == 4


@pytest.mark.slow
def test_default_levels(command: Command) -> None:
    count = {level: sum(case.level == level for case in CASES) for level in ("must", "should")}
    of_v3 = [
        case.level for case in CASES if case.target == "mailjet-v3"
    ]  # the target of a harness, unless it says more
    for options, expected in (
        ((), len(CASES)),
        (("--level", "must"), count["must"]),
        (("--harness", "x"), of_v3.count("must")),
        (("--harness-per-case", "x"), of_v3.count("must")),
        (("--harness", "x", "--level", "all"), len(of_v3)),
        (("--harness", "x", "--level", "should"), of_v3.count("should")),
        (("--harness", "x", "--level", "must", "--level", "should"), len(of_v3)),
    ):
        _, out, _ = command("--list", *options)
        assert len(out.splitlines()) == expected


@pytest.mark.slow
def test_values_of_one_filter_are_alternatives_and_filters_combine(command: Command) -> None:
    def listed(*arguments: str) -> set[str]:
        return {line.split("\t")[0] for line in command("--list", *arguments)[1].splitlines()}

    assert listed("--area", "tags", "--area", "failures") == listed("--area", "tags") | listed("--area", "failures")
    assert listed("--area", "failures", "--ruleset", "template") < listed("--area", "failures")
    assert listed("--capability", "idna") == {case.id for case in CASES if "idna" in case.capabilities}
    assert listed("--id", "*/send/tags/*") == listed("--ruleset", "send", "--area", "tags")
    assert listed("--id", ONE) == {ONE}


@pytest.mark.slow
def test_expected_failures_pass_until_a_result_changes(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "failures.json"
    wrong = ("--harness", harness("wrong-path"))
    status, out, _ = command(*wrong, "--write-expected-failures", str(file), "--quiet")
    assert status == 1
    assert "failures: " in out
    written = json.loads(file.read_text(encoding="utf-8"))
    assert {row["reason"] for row in written["expected_failures"]} == {"not explained yet"}
    assert resources.validator("expected-failures.schema.json").is_valid(written)

    for row in written["expected_failures"]:
        row |= {"reason": "index from the end", "link": "https://example.com/issues/7"}
    file.write_text(json.dumps(written), encoding="utf-8")
    listed = ("--expected-failures", str(file))
    status, out, _ = command(*wrong, *listed, "--quiet")
    assert status == 0
    assert f"0 failed, {len(written['expected_failures'])} expected failures" in out

    # Rewriting the list keeps reasons and links.
    assert command(*wrong, *listed, "--write-expected-failures", str(file), "--quiet")[0] == 0
    assert json.loads(file.read_text(encoding="utf-8")) == written

    # A listed case that passes, or fails with another outcome, fails the run.
    status, out, _ = command(*listed, *TAGS)
    assert status == 1
    assert "listed as wrong_errors (index from the end), but got passed: remove it from the list" in out
    status, out, _ = command("--harness", harness("always-accepts"), *listed, *TAGS)
    assert status == 1
    assert "but got wrongly_accepted: check which is right" in out


ROW = {"id": ONE, "outcome": "crash", "reason": "known bug"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            json.dumps({"expected_failures": [ROW | {"id": "mailjet-v3/send/tags/no-such-case"}]}),
            "unknown case 'mailjet-v3",
        ),
        (json.dumps({"expected_failures": [ROW | {"id": "mailjet-v3/send/tags/*"}]}), "$.expected_failures[0].id"),
        (json.dumps({"expected_failures": [ROW, ROW]}), "duplicate case"),
        (json.dumps({"expected_failures": [ROW | {"outcome": "passed"}]}), "$.expected_failures[0].outcome"),
        (json.dumps({"expected_failures": [{"id": ONE, "outcome": "crash"}]}), "'reason' is a required property"),
        (json.dumps({"expected_failures": [ROW | {"reason": ""}]}), "$.expected_failures[0].reason"),
        (json.dumps([ROW]), "is not of type 'object'"),
        ("{", "not valid JSON"),
    ],
)
def test_invalid_list_of_expected_failures_is_exit_status_2(
    command: Command, tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "failures.json"
    file.write_text(text, encoding="utf-8")
    status, out, err = command("--expected-failures", str(file), "--id", ONE)
    assert (status, out) == (2, "")
    assert message in err
    assert str(file) in err


def test_schema_of_expected_failures_has_all_outcomes() -> None:
    schema = resources.schemas()[resources.BASE + "expected-failures.schema.json"]
    listed = schema["properties"]["expected_failures"]["items"]["properties"]["outcome"]["enum"]
    assert [*OUTCOMES] == ["passed", *listed[:6], "unsupported", *listed[6:], "not_run"]


@pytest.mark.parametrize("flag", ["--junit", "--tap", "--markdown", "--json-lines"])
def test_report_on_stdout_moves_summary_to_stderr(command: Command, flag: str) -> None:
    status, out, err = command(flag, "-", "--id", ONE)
    assert status == 0
    assert "1 passed" in err
    assert ONE in out
    assert "area  " not in out


@pytest.mark.slow
def test_badge_requires_a_complete_run(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    assert command("--badge", str(file), "--quiet")[0] == 0
    assert json.loads(file.read_text(encoding="utf-8"))["message"] == f"{len(CASES)}/{len(CASES)} passed"
    file.unlink()
    failures = tmp_path / "failures.json"
    status, _, err = command(
        "--harness",
        harness("hangs"),
        "--timeout",
        "0.01",
        "--badge",
        str(file),
        "--write-expected-failures",
        str(failures),
    )
    assert status == 4
    assert (file.exists(), failures.exists()) == (False, False)
    assert "badge.json was not written" in err
    assert "failures.json was not written: run incomplete" in err


@pytest.mark.slow
def test_summary_is_printed_if_a_report_cannot_be_written(command: Command, tmp_path: Path) -> None:
    status, out, err = command("--badge", str(tmp_path / "no/such/folder.json"), "--quiet")
    assert status == 2
    assert f"{len(CASES)} passed" in out
    assert "No such file" in err


def test_closed_stdout_is_reported() -> None:
    line = f'"{sys.executable}" -m compiler.conformance --id {ONE} >&-'
    completed = subprocess.run(["/bin/sh", "-c", line], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert (completed.returncode, completed.stderr) == (
        2,
        "python -m compiler.conformance: standard output is closed\n",
    )


def test_unknown_names_in_hello_are_reported(command: Command) -> None:
    _, out, _ = command("--harness", harness("hello-with-unknown-names"), *TAGS)
    assert "note: hello names an unknown ruleset: sent" in out
    assert "note: hello names an unknown capability: tag" in out


def test_manifest_matches_the_files() -> None:
    text = (resources.golden_folder() / MANIFEST).read_text(encoding="utf-8")
    assert text == format_manifest(CASES), "run python -m compiler.conformance --write-manifest"
    assert json.loads(text) == build_manifest(CASES)
    assert [error.message for error in resources.validator("manifest.schema.json").iter_errors(json.loads(text))] == []
    assert max(case.since for case in CASES) <= build_manifest(CASES)["suite"]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite of one area."""
    area = Path("mailjet-v3/send/tags")
    shutil.copytree(resources.golden_folder() / area, tmp_path / area)
    return tmp_path


def test_external_suite_runs_with_and_without_a_manifest(command: Command, suite: Path) -> None:
    status, out, _ = command("--cases", str(suite))
    assert status == 0
    assert "10 passed" in out
    assert command("--cases", str(suite), "--write-manifest")[0] == 0
    assert command("--cases", str(suite))[0] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda file: file.unlink(), f"{ONE} is listed but missing"),
        (lambda file: file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8"), f"{ONE} was changed"),
        (lambda file: file.write_text("{", encoding="utf-8"), "not valid JSON"),
        (lambda file: file.rename(file.with_name("other.json")), "like its path"),
        (lambda file: file.write_text(file.read_text(encoding="utf-8").replace('"must"', '"may"')), "$.level"),
        (lambda file: file.write_text(file.read_text(encoding="utf-8").replace('"output"', '"outputs"')), "$.expect"),
    ],
)
def test_suite_that_differs_from_its_manifest_is_exit_status_2(
    command: Command, suite: Path, change: Callable[[Path], object], message: str
) -> None:
    assert command("--cases", str(suite), "--write-manifest")[0] == 0
    change(suite / f"{ONE}.json")
    status, out, err = command("--cases", str(suite))
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"suite": "1.0.0", "protocol": 2, "cases": []}'])
def test_invalid_manifest_is_exit_status_2(command: Command, suite: Path, text: str) -> None:
    (suite / MANIFEST).write_text(text, encoding="utf-8")
    status, _, err = command("--cases", str(suite))
    assert status == 2
    assert MANIFEST in err


def test_progress_is_shown_on_a_terminal_and_removed() -> None:
    master, terminal = pty.openpty()
    process = subprocess.run(
        [sys.executable, "-m", "compiler.conformance", *TAGS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=os.environ | {"TERM": "xterm"},
    )
    os.close(terminal)
    message = os.read(master, 65536).decode()
    os.close(master)
    assert process.returncode == 0
    assert "17/17 cases, 0 failed" in message
    assert message.endswith("\r\x1b[K")


def test_help_has_examples_and_exit_statuses(command: Command) -> None:
    status, out, _ = command("--help")
    assert status == 0
    assert all(f"  {number}  " in out for number in range(5))
    assert '--harness "node harness.js"' in out
    assert all(action.help for action in build_parser()._actions)
