"""Which cases a run is about: by target, ruleset, area, capability, level and id."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from compiler.conformance.case_files import Case, read_cases

LEVELS = ("must", "should", "draft")


@dataclass(frozen=True, slots=True)
class Selection:
    """A case is selected where it has one of the words in each of these that is not empty.

    `ids` are ids or patterns of them (`mailjet-v3/send/tags/*`).
    """

    targets: tuple[str, ...] = ()
    rulesets: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def matches(self, case: Case) -> bool:
        """Whether a case is selected."""
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
        """Whether nothing of a level is left out."""
        return self == Selection(levels=self.levels) and (not self.levels or "must" in self.levels)

    def __str__(self) -> str:
        named = (
            ("target", self.targets),
            ("ruleset", self.rulesets),
            ("area", self.areas),
            ("capability", self.capabilities),
            ("level", self.levels),
            ("id", self.ids),
        )
        return "; ".join(f"{name} {', '.join(words)}" for name, words in named if words) or "everything"


def unknown_filters(selection: Selection, cases: Iterable[Case]) -> list[str]:
    """What is wrong with a selection: words that no case has, each with the word that may have been meant."""
    known = list(cases)
    kinds: tuple[tuple[str, tuple[str, ...], Collection[str]], ...] = (
        ("target", selection.targets, {case.target for case in known}),
        ("ruleset", selection.rulesets, {case.ruleset for case in known}),
        ("area", selection.areas, {case.area for case in known}),
        ("capability", selection.capabilities, {name for case in known for name in case.capabilities}),
        ("level", selection.levels, LEVELS),
    )
    found = []
    for kind, words, those in kinds:
        for word in words:
            if word not in those:
                meant = get_close_matches(word, those, 1) or sorted(those)
                found.append(f"no case has the {kind} {word!r}; did you mean {' or '.join(meant)}?")
    return found


def cases(
    *,
    target: str | Iterable[str] = (),
    ruleset: str | Iterable[str] = (),
    area: str | Iterable[str] = (),
    capability: str | Iterable[str] = (),
    level: str | Iterable[str] = "must",
    id: str | Iterable[str] = (),  # noqa: A002 - it is what a case calls it
    having: Iterable[str] | None = None,
    folder: Path | None = None,
) -> tuple[Case, ...]:
    """The conformance cases as values, in the order of their ids, for `pytest.mark.parametrize` and the like.

    Each argument is a word or several, of which a case has to have one; none is all. `level` is `must` unless it says
    otherwise. `id` takes patterns (`mailjet-v3/send/tags/*`). `having`: only cases that need no other capabilities than
    these. `folder`: a suite other than the one that comes with the package. Raises ValueError for a word that no case
    has (InvalidCase for a file that is no case), so that a slip of the pen does not test nothing.
    """
    selection = Selection(_words(target), _words(ruleset), _words(area), _words(capability), _words(level), _words(id))
    known = tuple(read_cases(folder))
    problems = unknown_filters(selection, known)
    if problems:
        raise ValueError("; ".join(problems))
    held = None if having is None else frozenset(having)
    return tuple(
        case for case in known if selection.matches(case) and (held is None or held.issuperset(case.capabilities))
    )


def _words(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _matches_any(word: str, words: tuple[str, ...]) -> bool:
    return not words or word in words
