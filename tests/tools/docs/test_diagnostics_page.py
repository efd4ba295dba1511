"""The page of diagnostics: an entry for each code, with an example that gives it, and one that does not."""

from __future__ import annotations

import pytest

from tests.docs.test_tables import features
from tools.docs.diagnostics_page import entries, registry

ENTRIES = entries()
WITHOUT_EXAMPLE = {"InternalError", "MoreErrors", "MoreWarnings"}  # a fault of ours; thousands of mistakes


def test_every_code_has_an_entry_in_the_order_of_the_registry() -> None:
    assert list(ENTRIES) == list(registry())
    assert {code for code, entry in ENTRIES.items() if entry.example is None} == WITHOUT_EXAMPLE


@pytest.mark.parametrize("code", sorted(set(ENTRIES) - WITHOUT_EXAMPLE))
def test_an_example_gives_the_code_and_mended_it_does_not(code: str) -> None:
    entry = ENTRIES[code]
    assert entry.example is not None
    status, printed = entry.run(entry.example)
    severity = registry()[code]["properties"]["severity"]["const"]
    assert status == (1 if severity == "error" else 0)
    assert f" {severity}: {code}" in printed
    if entry.mended is not None:
        assert entry.run(entry.mended) == (0, "")


@pytest.mark.parametrize("code", ENTRIES)
def test_the_situations_are_those_of_the_registry(code: str) -> None:
    params = registry()[code]["properties"]["params"]["properties"]
    details = set(ENTRIES[code].details)
    if "reason" in params:
        assert details == set(params["reason"]["enum"])
    elif code == "UnsupportedFeature":
        assert details == {*features(), "non-ascii local part"}
    else:
        assert details == set()
