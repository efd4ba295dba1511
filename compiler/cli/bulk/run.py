"""Many messages on the command line: a line of a file each, streamed through one process or several.

Here the parts are put together: `bulk_files` reads and writes, `bulk_lines` compiles. Memory is that of a few chunks,
however long the file is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from functools import partial
from io import FileIO
from typing import Any

import compiler
from compiler.cli.arguments import UsageError
from compiler.cli.bulk.files import Output, Signals, StoppedError, chunks, opened_input, size_of
from compiler.cli.bulk.lines import (
    Chunk,
    Compiled,
    Counts,
    Settings,
    compiled,
    is_of_every_line,
    target_digest,
    target_of,
)
from compiler.cli.bulk.record import digests_of
from compiler.cli.inputs import inputs_of
from compiler.cli.terminal import has_colour, read, reason, tell
from compiler.json_io.control_characters import visible
from compiler.pipeline.processes import WorkerError, in_order, usable_processors

_OUTPUT, _ERRORS, _USAGE, _UNMET = 0, 1, 2, 3
_WAIT = 0.05  # seconds without a new line after which what is done is written


def run(given: argparse.Namespace) -> int:
    """Compiles the lines of a file, and gives the exit status. Raises UsageError."""
    colour = has_colour(sys.stderr)
    settings = _settings(given, colour=colour)
    if settings is None:
        return _ERRORS
    signals = Signals()
    name = "-" if given.output is None else given.output
    go_on = "" if name == "-" else f"; what was done is in {visible(name)}, and --resume goes on"
    before, counts = Counts(), Counts()
    try:
        with (
            opened_input(given.file) as source,
            signals.watched(),
            closing(
                Output(name, source, _digests(settings), resumes=given.resume, overwrites=given.overwrite)
            ) as output,
            _Progress(source, is_shown=not given.no_progress) as progress,
        ):
            before = output.before
            work = partial(compiled, settings=settings)
            jobs = given.jobs or usable_processors()
            lines = output.seen(chunks(source, before.lines + 1))
            with closing(_done(work, lines, jobs, signals)) as done:
                for each in done:
                    # Whoever reads a pipe may take a long time, and nobody goes on with what was in it.
                    with signals.held(output.is_regular):
                        counts += each.counts
                        _write(output, each, go_on)
                        progress.show(each, counts)
    except BrokenPipeError:  # whoever read it has seen enough
        return _OUTPUT
    except WorkerError as error:
        raise UsageError(f"{error}{go_on}") from error
    except StoppedError as stopped:
        tell(f"{visible(settings.name)}: stopped after {_summary(before, counts)}{go_on}")
        return 128 + stopped.number
    tell(f"{visible(settings.name)}: {_summary(before, counts)}")
    whole = before + counts
    return _ERRORS if whole.errors else _UNMET if whole.unmet else _OUTPUT


def _write(output: Output, each: Compiled, go_on: str) -> None:
    try:
        output.write(each.output)
        output.keep(each.counts)
    except UsageError as error:
        raise UsageError(f"{error}{go_on}") from error


def _done(
    work: Callable[[Chunk], Compiled], lines: Iterable[Chunk], jobs: int, signals: Signals
) -> Generator[Compiled, None, None]:
    """What becomes of the chunks, in their order, made by so many processes."""
    if jobs == 1:
        yield from map(work, lines)
        return
    # Processes that are half started, or half ended, would be left behind.
    with signals.held(), closing(in_order(work, _as_they_come(lines, signals), jobs)) as done:
        try:
            yield from done
        except WorkerError:
            signals.check()  # one that all processes got has ended them before us
            raise


def _settings(given: argparse.Namespace, *, colour: bool) -> Settings | None:
    """What is asked for; None where the options have faults, which are told once, before anything is written."""
    try:
        target = target_of(given.target)
        target.backend("send")
        contents = {"file": b"{}"} | ({} if given.defaults is None else {"defaults": read(given.defaults)})
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(reason(error)) from error
    inputs = inputs_of(given, contents, colour=colour)
    # Where there are none, nothing has to be imported to check them.
    result = compiler.compile({}, target, inputs.options) if inputs.options else None
    faults = [each for each in result.errors if each.document == "options" and each.rule is None] if result else []
    said = faults + [each for each in result.warnings if is_of_every_line(each)] if result else []
    if said:
        from compiler.cli.diagnostics import shown_diagnostics

        tell("\n".join(shown_diagnostics(said, inputs.sources, colour=colour)))
    if faults:
        return None
    name = "standard input" if given.file == "-" else given.file
    return Settings(name, given.target, inputs.options, given.json, colour)


def _as_they_come(lines: Iterable[Chunk], signals: Signals) -> Iterator[Chunk | None]:
    """Chunks, read by a thread; None while none comes, so that what is done need not wait for it."""
    from queue import Empty, Queue
    from threading import Thread

    queue: Queue[Chunk | BaseException | None] = Queue(maxsize=2)

    def fill() -> None:
        try:
            for each in lines:
                queue.put(each)
            queue.put(None)
        except BaseException as error:  # raised again where somebody listens
            queue.put(error)

    Thread(target=fill, daemon=True).start()
    while True:
        signals.check()
        try:
            found = queue.get(timeout=_WAIT)
        except Empty:
            yield None
            continue
        if isinstance(found, BaseException):
            raise found
        if found is None:
            return
        yield found


class _Progress:
    """A bar on the terminal, with rate and time left, and what is to be said of lines above it."""

    def __init__(self, source: FileIO, *, is_shown: bool) -> None:
        self._bar: Any = None
        if is_shown and sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=size_of(source), unit="B", unit_scale=True, dynamic_ncols=True, leave=False)
            self._source, self._is_regular = source, self._bar.total is not None

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, done: Compiled, counts: Counts) -> None:
        """Tells what is to be told of a chunk, and moves the bar on."""
        if done.told and self._bar is not None:
            self._bar.clear()
        if done.told:
            tell(done.told)
        if self._bar is None:
            return
        with suppress(OSError):  # the terminal is gone
            elapsed = self._bar.format_dict["elapsed"] or 1
            rate = f"{counts.lines / elapsed:,.0f} messages/s"
            self._bar.set_postfix_str(f"{counts.lines:,} messages, {rate}", refresh=False)
            self._bar.update(self._source.tell() - self._bar.n if self._is_regular else done.size)


def _digests(settings: Settings) -> dict[str, str]:
    """Digests of all that the output depends on but the input, by what people know it as."""
    try:
        target = target_digest(settings.target)
    except OSError as error:
        raise UsageError(reason(error)) from error
    options = settings.options
    ignored = options.get("ignore_unsupported_features", [])
    values = {
        "compiler version": compiler.__version__,
        "--target": target,
        "--defaults": options.get("send_defaults"),
        "--ignore-unsupported": ignored if ignored is True else sorted(set(ignored)),
        "--template-sender": options.get("template_sender"),
        "--json": settings.whole_results,
    }
    return digests_of(values)


def _summary(before: Counts, counts: Counts) -> str:
    earlier = f" (after {before.lines:,} done before: {_came_to(before)})" if before.lines else ""
    return f"{counts.lines:,} {'line' if counts.lines == 1 else 'lines'}{earlier}: {_came_to(counts)}"


def _came_to(counts: Counts) -> str:
    blank = counts.lines - counts.payloads - counts.errors
    parts = [f"{counts.payloads:,} payloads" if counts.payloads != 1 else "1 payload"]
    parts += [f"{counts.unmet:,} of them incomplete"] if counts.unmet else []
    parts += [f"{counts.errors:,} with errors"] if counts.errors else []
    parts += [f"{blank:,} blank"] if blank else []
    return ", ".join(parts)
