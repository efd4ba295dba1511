"""Reading case files, valid and invalid ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compiler.conformance.case_files import InvalidCase, read_case, read_cases
from compiler.json_io import resources
from tests.cases import CASES

EXAMPLE: dict[str, Any] = resources.schemas()[resources.BASE + "case.schema.json"]["examples"][0]


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_target_ruleset_and_area_of_case(tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE["id"], json.dumps(EXAMPLE))
    (case,) = read_cases(tmp_path)
    assert (case.target, case.ruleset, case.area) == ("mailjet-v3", "send", "tags")
    assert case.expect == EXAMPLE["expect"]
    assert case.capabilities == ("tags",)


def test_cases_are_ordered_by_id() -> None:
    ids = [case.id for case in CASES]
    assert ids == sorted(ids)
    assert len(ids) > 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON: "),
        (
            json.dumps(EXAMPLE | {"id": "mailjet-v3/send/tags/other"}),
            "id must be 'mailjet-v3/send/tags/two-tags', like its path",
        ),
        (json.dumps({"id": EXAMPLE["id"]}), "invalid case: 'title'"),
        ("[]", "invalid case"),
        ('{"id": "a", "id": "b"}', "two-tags.json: "),
    ],
)
def test_invalid_case_file(tmp_path: Path, text: str, message: str) -> None:
    file = write(tmp_path, EXAMPLE["id"], text)
    with pytest.raises(InvalidCase, match=message) as raised:
        read_case(file, tmp_path)
    assert str(file) in str(raised.value)
