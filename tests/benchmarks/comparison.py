"""Measures one case: the compiler's time and memory as ratios to each baseline. See `aims` for the aims."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import anymail
from tests.benchmarks.cases import ANYMAIL, COMPILER, OWN_SIZE, Case
from tests.benchmarks.memory import extra_bytes
from tests.benchmarks.timing import Effort, fastest

_WITH_JSON_OUTPUT = "the compiler, with JSON output"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The compiler compared with a baseline: ratios of time and memory, None where not measured."""

    case: str
    title: str
    beside: str
    time: float | None
    memory: float | None


def compare(case: Case, effort: Effort, interpreter: Path | None) -> tuple[Comparison, ...]:
    """The comparisons of a case, including Anymail if there is an interpreter for it."""
    message = case.message if interpreter is not None else None
    variants = dict(case.variants)
    if message is not None and case.with_json_output is not None:
        variants[_WITH_JSON_OUTPUT] = case.with_json_output
    seconds = dict.fromkeys(variants, float("inf"))
    memory: dict[str, int] = {}
    anymail_seconds = anymail_json_seconds = float("inf")
    for round_number in range(effort.rounds):
        for name, variant_seconds in zip(variants, fastest(list(variants.values()), effort), strict=True):
            seconds[name] = min(seconds[name], variant_seconds)
        if message is not None and interpreter is not None:
            round_figures = anymail.measure(interpreter, message, effort, with_memory=round_number == 0)
            anymail_seconds, anymail_json_seconds = (
                min(anymail_seconds, round_figures.seconds),
                min(anymail_json_seconds, round_figures.json_seconds),
            )
            memory[ANYMAIL] = round_figures.memory or memory[ANYMAIL]
    # Last, because the compiler generates code once it has been used for a while.
    memory |= {name: extra_bytes(run) for name, run in variants.items()}
    comparisons = [
        _comparison(case, name, seconds[COMPILER] / seconds[name], memory[COMPILER], memory[name])
        for name in case.variants
        if name != COMPILER
    ]
    if message is not None:
        # Each relative to JSON in its own interpreter, so that the Python version does not matter.
        ratio = (seconds[_WITH_JSON_OUTPUT] / seconds["JSON"]) / (anymail_seconds / anymail_json_seconds)
        comparisons.append(_comparison(case, ANYMAIL, ratio, memory[_WITH_JSON_OUTPUT], memory[ANYMAIL]))
    share = memory[COMPILER] / len(case.text)
    return (*comparisons, Comparison(case.name, case.title, OWN_SIZE, None, share))


def _comparison(case: Case, beside: str, time: float, memory: int, other_memory: int) -> Comparison:
    return Comparison(case.name, case.title, beside, time, memory / max(other_memory, 1))
