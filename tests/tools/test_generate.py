"""Generated files are fresh, and the command says which are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import generate


@pytest.mark.parametrize("name", generate.FILES)
def test_generated_files_are_fresh(name: str) -> None:
    assert (generate.ROOT / name).read_text(encoding="utf-8") == generate.FILES[name](), "run python -m tools.generate"


def test_stale_and_missing_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("fresh", encoding="utf-8")
    (tmp_path / "b.txt").write_text("old", encoding="utf-8")
    files = {"a.txt": lambda: "fresh", "b.txt": lambda: "new", "c.txt": lambda: "new"}
    monkeypatch.setattr(generate, "FILES", files)
    assert generate.find_stale(tmp_path) == ["b.txt", "c.txt"]


def test_check_writes_nothing_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "FILES", {"a.txt": lambda: "new"})
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "find_stale", lambda: ["a.txt"])
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out == "a.txt is stale: run python -m tools.generate\n"
    assert not (tmp_path / "a.txt").exists()
    assert generate.main([]) == 0
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "new"
