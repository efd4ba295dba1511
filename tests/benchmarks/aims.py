"""Aims, and whether they are met. Ratios are the compiler to a baseline, so less is better."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tests.benchmarks.cases import ANYMAIL, BY_HAND, JSON, OWN_SIZE
from tests.benchmarks.comparison import Comparison
from tests.benchmarks.programs import EMPTY, FEW, ONE_PROCESS


class Aim(NamedTuple):
    """Upper bounds of the time and memory ratios; None without an aim."""

    time: float | None = None
    memory: float | None = None


AIMS: Mapping[tuple[str, str], Aim] = MappingProxyType(
    {
        ("simple", JSON): Aim(time=1.0),
        ("simple", BY_HAND): Aim(time=1.3),
        ("simple", ANYMAIL): Aim(time=0.15),
        ("merge-50", JSON): Aim(time=1.3),
        ("merge-50", BY_HAND): Aim(time=1.3),
        ("merge-50", ANYMAIL): Aim(time=0.15),
        ("attachment", JSON): Aim(time=0.3),
        ("attachment", OWN_SIZE): Aim(memory=0.1),
        ("events-10000", JSON): Aim(time=1.5),
        ("million", ONE_PROCESS): Aim(time=1 / 1.7),  # 1.7 times the rate
        ("million", FEW): Aim(memory=1.1),  # equal, within the variation of the measurement
        ("command-line", EMPTY): Aim(time=3.0),
    }
)


def aim_of(comparison: Comparison) -> Aim:
    """The aim of this comparison; an aim without bounds if there is none."""
    return AIMS.get((comparison.case, comparison.beside), Aim())


def is_met(comparison: Comparison) -> bool | None:
    """Whether the comparison meets its aim; None if it has no aim."""
    aim = aim_of(comparison)
    pairs = ((comparison.time, aim.time), (comparison.memory, aim.memory))
    met = [ratio <= limit for ratio, limit in pairs if ratio is not None and limit is not None]
    return all(met) if met else None
