"""How cost grows: the same kind of message in sizes from small to large, beside reading and writing it as JSON."""

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
    """A size, and the seconds that the compiler and JSON took."""

    size: int
    ours: float
    json: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Points from small to large; unit says what the sizes count."""

    title: str
    unit: str
    points: tuple[Point, ...]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """For each size: the time as a ratio to JSON's, and the time for one unit as a ratio to the smallest size's."""
        first = self.points[0]
        for point in self.points:
            for_one = (point.ours / point.size) / (first.ours / first.size)
            yield f"{point.size:,} {self.unit}", ratio(point.ours / point.json), ratio(for_one)


def of_recipients(effort: Effort) -> Growth:
    """Merge recipients; beyond a hundred the message is cut."""
    sizes = _sizes((1, 10, 100, 1_000, 10_000), effort)
    return Growth("recipients", "recipients", tuple(_point(size, documents.merged(size), effort) for size in sizes))


def of_attachment(effort: Effort) -> Growth:
    """One attachment."""
    sizes = _sizes((10_000, 100_000, 1_000_000, 10_000_000), effort)
    return Growth("attachment", "bytes", tuple(_point(size, documents.attached(size), effort) for size in sizes))


def of_bulk(effort: Effort) -> Growth:
    """Messages in bulk, with one process; its start counts, and is most of what the first sizes take."""
    points = []
    for size in _sizes((100, 1_000, 10_000, 100_000), effort):
        found = programs.bulk_times(size, ways=(JSON, programs.ONE_PROCESS), repeats=1)
        points.append(Point(size, found[programs.ONE_PROCESS].seconds, found[JSON].seconds))
    return Growth("messages in bulk", "messages", tuple(points))


KINDS: tuple[Callable[[Effort], Growth], ...] = (of_recipients, of_attachment, of_bulk)


def _sizes(sizes: Sequence[int], effort: Effort) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(effort.sized, sizes)))


def _point(size: int, message: documents.Message, effort: Effort) -> Point:
    def in_parts() -> None:
        for part in compiler.split(message).unwrap():
            compiler.compile(part).unwrap()

    def whole() -> None:
        compiler.compile(message).unwrap()

    ours: Run = in_parts if len(message["to"]) > 100 else whole
    times = fastest([ours, cases.round_trip(message)], replace(effort, repeats=effort.repeats * 2))
    return Point(size, *times)


def growth_table(growths: Sequence[Growth]) -> str:
    """The points of all of them in one table."""
    rows = [row for growth in growths for row in growth.rows()]
    return table(("size", f"time beside {JSON}", "time for one, beside the first size's"), rows)
