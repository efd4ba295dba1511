"""The tasks: what CONTRIBUTING.md and the hooks of pre-commit name exists, and CI runs all of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from nox import registry

import noxfile
from tests.docs.pages import ROOT, read_page

CI = read_page(".ci/run")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


SESSIONS = registry.get()


def test_the_table_of_tasks_names_sessions() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", read_page("CONTRIBUTING.md"), re.MULTILINE))
    tasks = set(SESSIONS)
    assert named <= tasks
    assert tasks - named == set(noxfile.CHECKS)


def test_ci_runs_every_check() -> None:
    assert {"check", "django", "docs", "slow"} <= set(re.findall(r'"\$bin/nox" -s (\w+)', CI))
    (versions,) = re.findall(r"for version in ([\d. ]+);", CI)
    assert set(versions.split()) == set(noxfile.PYTHONS)


def test_each_version_of_python_that_is_claimed_is_tested() -> None:
    claimed = {
        match[1]
        for each in PROJECT["classifiers"]
        if (match := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each))
    }
    assert set(noxfile.PYTHONS) == claimed
    assert SESSIONS["tests"].python == noxfile.PYTHONS
    assert min(claimed, key=lambda version: int(version[2:])) == PROJECT["requires-python"].removeprefix(">=")


def test_the_hooks_of_pre_commit_are_checks_of_nox() -> None:
    (local,) = yaml.safe_load(read_page(".pre-commit-config.yaml"))["repos"]
    source = read_page("noxfile.py")
    for hook in local["hooks"]:
        module = re.match(r"python -m ([\w.]+)", hook["entry"])
        assert module is not None
        assert f'run_module(session, "{module[1]}"' in source


@pytest.mark.parametrize("file", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda file: file.name)
def test_an_issue_template_is_valid(file: Path) -> None:
    template = yaml.safe_load(file.read_text(encoding="utf-8"))
    if file.name == "config.yml":
        assert all(set(link) == {"name", "url", "about"} for link in template["contact_links"])
        return
    assert {"name", "description", "body"} <= set(template)
    ids = [part["id"] for part in template["body"]]
    assert len(set(ids)) == len(ids)
    assert {part["type"] for part in template["body"]} <= {"textarea", "input", "dropdown", "markdown", "checkboxes"}
    assert all(part["attributes"]["label"] for part in template["body"])
