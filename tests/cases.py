"""The conformance cases, read once for all tests; and by area, because a test for each case costs more time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from compiler.conformance.case_files import Case, read_cases

CASES = tuple(read_cases())


def each_area(is_included: Callable[[Case], bool] = lambda _: True) -> pytest.MarkDecorator:
    """Parametrizes a test with the `cases` of each area, of which some may be left out."""
    areas: dict[str, list[Case]] = {}
    for case in CASES:
        if is_included(case):
            areas.setdefault(case.id.rpartition("/")[0], []).append(case)
    return pytest.mark.parametrize("cases", list(areas.values()), ids=list(areas))


@contextmanager
def about(case: Case) -> Iterator[None]:
    """Adds the case's id to an error."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in {case.id}")
        raise
