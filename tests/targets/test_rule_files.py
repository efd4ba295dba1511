"""The rule files of our own targets: nothing is written twice, and every source is used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.json_io import resources

FILES = sorted(file for file in Path(resources.TARGETS).rglob("*.json") if file.name != "target.json")
SMALL = 10  # JSON values in an expression that may be repeated


def parts(value: Any) -> Iterator[Any]:
    """A JSON value and all values in it."""
    yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(part)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(resources.TARGETS).as_posix())
def test_no_large_expression_is_written_twice(file: Path) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    expressions = (part for part in parts(document) if isinstance(part, dict | list))
    counts = Counter(json.dumps(part, sort_keys=True) for part in expressions if len(list(parts(part))) > SMALL)
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_source_is_named_by_a_rule() -> None:
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in FILES]
    rules = [part for document in documents for part in parts(document) if isinstance(part, dict) and "doc" in part]
    named = {name for rule in rules for name in parts(rule.get("source", [])) if isinstance(name, str)}
    named |= {name for rule in rules for name in rule.get("for", {}).get("source", ())}
    sources = {name for document in documents for name in document.get("sources", {})}
    assert sources - named == set()
