"""How cost grows: the same kind of message in increasing sizes, compared with reading and writing it as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import compiler
from tests.benchmarks import cases, documents, programs
from tests.benchmarks.cases import JSON
from tests.benchmarks.report import ratio, table
from tests.benchmarks.timing import Effort, Run, fastest


@dataclass(frozen=True, slots=True)
class Point:
    """A size, and the seconds of the compiler and of JSON."""

    size: int
    ours: float
    json: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Points in increasing size; `unit` is the unit of the sizes."""

    title: str
    unit: str
    points: tuple[Point, ...]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """For each size: the time relative to JSON, and the time per unit relative to the smallest size."""
        first = self.points[0]
        for point in self.points:
            per_unit = (point.ours / point.size) / (first.ours / first.size)
            yield f"{point.size:,} {self.unit}", ratio(point.ours / point.json), ratio(per_unit)


def of_recipients(effort: Effort) -> Growth:
    """Merge recipients; a message for more than a hundred is split."""
    sizes = _sizes((1, 10, 100, 1_000, 10_000), effort)
    return Growth("recipients", "recipients", tuple(_point(size, documents.merged(size), effort) for size in sizes))


def of_attachment(effort: Effort) -> Growth:
    """One attachment."""
    sizes = _sizes((10_000, 100_000, 1_000_000, 10_000_000), effort)
    return Growth("attachment", "bytes", tuple(_point(size, documents.attached(size), effort) for size in sizes))


def of_bulk(effort: Effort) -> Growth:
    """Messages in bulk, with one process; its start-up dominates the smallest sizes."""
    points = []
    for size in _sizes((100, 1_000, 10_000, 100_000), effort):
        runs = programs.bulk_times(size, variants=(JSON, programs.ONE_PROCESS), repeats=1)
        points.append(Point(size, runs[programs.ONE_PROCESS].seconds, runs[JSON].seconds))
    return Growth("messages in bulk", "messages", tuple(points))


KINDS: tuple[Callable[[Effort], Growth], ...] = (of_recipients, of_attachment, of_bulk)


def _sizes(sizes: Sequence[int], effort: Effort) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(effort.sized, sizes)))


def _point(size: int, message: documents.Message, effort: Effort) -> Point:
    def compile_parts() -> None:
        for part in compiler.split(message).unwrap():
            compiler.compile(part).unwrap()

    def compile_message() -> None:
        compiler.compile(message).unwrap()

    ours: Run = compile_parts if len(message["to"]) > 100 else compile_message
    times = fastest([ours, cases.round_trip(message)], replace(effort, repeats=effort.repeats * 2))
    return Point(size, *times)


def growth_table(growths: Sequence[Growth]) -> str:
    """The points of all growths in one table."""
    rows = [row for growth in growths for row in growth.rows()]
    return table(("size", f"time beside {JSON}", "time for one, beside the first size's"), rows)
