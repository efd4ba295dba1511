"""The benchmarks' command: what it prints and writes. No times are asserted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.benchmarks import page
from tests.benchmarks.__main__ import main
from tests.benchmarks.aims import AIMS, is_met
from tests.benchmarks.anymail import Round
from tests.benchmarks.cases import ANYMAIL, NAMES, OWN_SIZE, case
from tests.benchmarks.comparison import Comparison, compare
from tests.benchmarks.documents import ROOT
from tests.benchmarks.growth import Growth, Point, growth_table, of_attachment, of_recipients
from tests.benchmarks.report import ratio
from tests.benchmarks.timing import QUICK

_POINTS = (Point(1, 0.002, 0.001), Point(10, 0.01, 0.002))
_GROWTH = Growth("recipients", "recipients", _POINTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_case_gives_positive_ratios(name: str) -> None:
    comparisons = compare(case(name, QUICK), QUICK, None)
    assert comparisons[-1].beside == OWN_SIZE
    for comparison in comparisons:
        assert comparison.time is None or comparison.time > 0
        assert comparison.memory is not None
        assert comparison.memory > 0


@pytest.mark.slow
def test_the_command_prints_a_table_and_writes_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    assert main(["--quick", "--case", "simple", "--case", "command-line", "--json", str(file)]) == 0
    printed = capsys.readouterr().out
    for row in ("a simple message +[|] JSON", " +[|] by hand", "the command with one message [|] import json"):
        assert re.search(rf"^[|] {row} +[|] +[\d.,]+ [|] +1?[\d.]* [|] +[\d.,]+ [|] +[|] +(yes|no) [|]$", printed, re.M)
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert {each["case"] for each in figures["comparisons"]} == {"simple", "command-line"}
    assert all(each["memory"] > 0 for each in figures["comparisons"])


@pytest.mark.slow
def test_the_command_draws_how_cost_grows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.setattr("tests.benchmarks.growth.KINDS", (of_recipients, of_attachment))
    assert main(["--quick", "--case", "growth", "--plot", str(tmp_path / "growth.svg")]) == 0
    assert "| 20 recipients |" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "growth.svg").read_text(encoding="utf-8")


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "python -m tests.benchmarks --case simple" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--case", "never"], "invalid choice: 'never'"),
        (["--case", "simple", "--plot"], "add --case growth"),
        (["--page", "pyproject.toml"], "must occur once each"),
        (["--page", "never.md"], "No such file"),
    ],
)
def test_invalid_arguments_are_rejected_before_measuring(
    arguments: list[str], error: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit):
        main(arguments)
    stderr = capsys.readouterr().err
    assert error in stderr
    assert "measuring" not in stderr


def test_anymail_times_are_relative_to_json_in_its_own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    # Everything takes a day there, so Anymail is as fast as JSON in its own interpreter.
    monkeypatch.setattr("tests.benchmarks.anymail.measure", lambda *_, **__: Round(86400.0, 86400.0, 1))
    comparisons = {
        comparison.beside: comparison for comparison in compare(case("simple", QUICK), QUICK, Path("python"))
    }
    time, beside_json = comparisons[ANYMAIL].time, comparisons["JSON"].time
    assert time is not None
    assert beside_json is not None
    assert time > 0.01 * beside_json


def test_aims_are_met_missed_or_absent() -> None:
    assert is_met(Comparison("simple", "", "JSON", 0.99, 5.0)) is True
    assert is_met(Comparison("simple", "", "JSON", 1.01, None)) is False
    assert is_met(Comparison("attachment", "", OWN_SIZE, None, 0.2)) is False
    assert is_met(Comparison("event", "", "JSON", 1.01, None)) is None


def test_every_aim_is_for_a_case() -> None:
    assert {name for name, _ in AIMS} <= {*NAMES, "command-line", "million"}


@pytest.mark.parametrize(("number", "text"), [(1234.5, "1,234"), (1.306, "1.31"), (0.126, "0.13"), (0.0126, "0.013")])
def test_a_ratio_has_significant_digits_only(number: float, text: str) -> None:
    assert ratio(number) == text


def test_growth_is_reported_per_unit() -> None:
    assert growth_table([_GROWTH]).splitlines()[2:] == [
        "| 1 recipients  |             2.00 |                                  1.00 |",
        "| 10 recipients |             5.00 |                                  0.50 |",
    ]


def test_only_the_section_of_the_page_changes(tmp_path: Path) -> None:
    original = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    file = tmp_path / "performance.md"
    file.write_text(original, encoding="utf-8")
    comparison = Comparison("simple", "a simple message", "JSON", 0.5, 1.5)
    page.rewrite(file, [comparison], [_GROWTH], tmp_path / "pictures" / "growth.svg")
    rewritten = file.read_text(encoding="utf-8")
    prefix, _, remainder = original.partition("<!-- benchmarks -->")
    suffix = remainder.partition("<!-- /benchmarks -->")[2]
    assert rewritten.startswith(prefix)
    assert rewritten.endswith(suffix)
    section = rewritten[len(prefix) : -len(suffix)]
    assert "| a simple message | JSON   | 0.50 |" in section
    assert "(pictures/growth.svg)" in section
    page.rewrite(file, [comparison], [_GROWTH], tmp_path / "pictures" / "growth.svg")
    assert file.read_text(encoding="utf-8") == rewritten


def test_a_page_without_the_markers_is_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    file.write_text("<!-- /benchmarks -->\n<!-- benchmarks -->\n", encoding="utf-8")
    with pytest.raises(page.NoSectionError, match="must occur once each"):
        page.rewrite(file, [], [], None)
    assert file.read_text(encoding="utf-8") == "<!-- /benchmarks -->\n<!-- benchmarks -->\n"


def test_the_plot_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from tests.benchmarks.plot import draw

    for name in ("one.svg", "another.svg"):
        draw([_GROWTH, Growth("messages in bulk", "messages", _POINTS)], tmp_path / name)
    svg = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert svg == (tmp_path / "another.svg").read_text(encoding="utf-8")
    assert "messages in bulk" in svg
    assert not re.search(r"<dc:date>|\d{4}-\d\d-\d\dT", svg)
