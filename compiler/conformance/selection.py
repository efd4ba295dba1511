"""Selects cases by target, ruleset, area, capability, level and id."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from compiler.conformance.case_files import Case, read_cases

LEVELS = ("must", "should", "draft")
DEFAULT_TARGET = "mailjet-v3"
"""The target of the cases that a harness gets, unless others are selected."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters for cases: a case must match one value of each filter that is not empty.

    `ids` are case ids or patterns (`mailjet-v3/send/tags/*`).
    """

    targets: tuple[str, ...] = ()
    rulesets: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def matches(self, case: Case) -> bool:
        """Whether the case is selected."""
        return (
            _matches_any(case.target, self.targets)
            and _matches_any(case.ruleset, self.rulesets)
            and _matches_any(case.area, self.areas)
            and _matches_any(case.level, self.levels)
            and (not self.capabilities or any(name in self.capabilities for name in case.capabilities))
            and (not self.ids or any(fnmatchcase(case.id, pattern) for pattern in self.ids))
        )

    @property
    def is_unfiltered(self) -> bool:
        """Whether all cases of the targets and levels are selected, and level must is one of them."""
        is_whole = self == Selection(targets=self.targets, levels=self.levels)
        return is_whole and (not self.levels or "must" in self.levels)

    def __str__(self) -> str:
        filters = (
            ("target", self.targets),
            ("ruleset", self.rulesets),
            ("area", self.areas),
            ("capability", self.capabilities),
            ("level", self.levels),
            ("id", self.ids),
        )
        return "; ".join(f"{name} {', '.join(values)}" for name, values in filters if values) or "everything"


def unknown_filters(selection: Selection, cases: Iterable[Case]) -> list[str]:
    """Messages for filter values that match no case, each with a suggestion."""
    all_cases = list(cases)
    kinds: tuple[tuple[str, tuple[str, ...], Collection[str]], ...] = (
        ("target", selection.targets, {case.target for case in all_cases}),
        ("ruleset", selection.rulesets, {case.ruleset for case in all_cases}),
        ("area", selection.areas, {case.area for case in all_cases}),
        ("capability", selection.capabilities, {name for case in all_cases for name in case.capabilities}),
        ("level", selection.levels, LEVELS),
    )
    messages = []
    for kind, values, available in kinds:
        for value in values:
            if value not in available:
                close = get_close_matches(value, available, 1)
                hint = f"did you mean {close[0]}?" if close else f"available: {', '.join(sorted(available))}"
                messages.append(f"unknown {kind} {value!r} ({hint})")
    return messages


def cases(
    *,
    target: str | Iterable[str] | None = None,
    ruleset: str | Iterable[str] = (),
    area: str | Iterable[str] = (),
    capability: str | Iterable[str] = (),
    level: str | Iterable[str] = "must",
    id: str | Iterable[str] = (),  # noqa: A002 - the name of the member in a case
    having: Iterable[str] | None = None,
    folder: Path | None = None,
) -> tuple[Case, ...]:
    """The conformance cases, ordered by id, for `pytest.mark.parametrize` and similar functions.

    Each argument is one value or several, of which a case must match one; an empty one matches all cases. The default
    target is `mailjet-v3`, unless there are ids or a folder. `id` takes patterns (`mailjet-v3/send/tags/*`). `having`:
    only cases that need no other capabilities than these. `folder`: the folder of another suite. Raises ValueError for
    a value that matches no case, so that a typo does not skip tests silently, and InvalidCase for an invalid case file.
    """
    if target is None:
        target = () if id or folder is not None else DEFAULT_TARGET
    selection = Selection(_tuple(target), _tuple(ruleset), _tuple(area), _tuple(capability), _tuple(level), _tuple(id))
    all_cases = tuple(read_cases(folder))
    unknown = unknown_filters(selection, all_cases)
    if unknown:
        raise ValueError("; ".join(unknown))
    supported = None if having is None else frozenset(having)
    return tuple(
        case
        for case in all_cases
        if selection.matches(case) and (supported is None or supported.issuperset(case.capabilities))
    )


def _tuple(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _matches_any(value: str, values: tuple[str, ...]) -> bool:
    return not values or value in values
