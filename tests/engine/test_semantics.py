"""What both backends share, against definitions that are slow and plain."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from compiler.engine.semantics import contains_in_sequence, match_members
from compiler.json_io.pointer import caseless

NAMES = st.text("aAbBé", min_size=1, max_size=2)


@given(texts=st.lists(st.text("ab", max_size=2), max_size=3), value=st.text("ab", max_size=6))
def test_texts_in_sequence_are_a_regular_expression(texts: list[str], value: str) -> None:
    expected = re.search(".*".join(map(re.escape, texts)), value) is not None
    assert contains_in_sequence(tuple(texts), value) is expected


@given(members=st.dictionaries(NAMES, st.integers(1, 9)), names=st.lists(NAMES, unique=True))
def test_without_spellings_names_are_compared_as_they_are(members: dict[str, int], names: list[str]) -> None:
    expected = [(name, name, members.get(name, 0)) for name in sorted(names)]
    assert list(match_members(members, names, None, 0)) == expected


@given(
    members=st.lists(NAMES, unique_by=caseless).map(lambda names: dict.fromkeys(names, "old")),
    names=st.lists(NAMES, unique=True),
)
def test_with_spellings_names_are_compared_without_case_and_written_as_documented(
    members: dict[str, str], names: list[str]
) -> None:
    documented = {"a": "A", "ab": "aB"}
    expected = {caseless(name): (name, "old") for name in members}
    for name, spelling, previous in match_members(members, names, documented, "absent"):
        assert previous == expected.get(caseless(name), ("", "absent"))[1]
        assert spelling == documented.get(caseless(name), name)
        expected[caseless(name)] = spelling, "new"
        members[spelling] = "new"
    assert members == dict(expected.values())
