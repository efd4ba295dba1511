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
from compiler.cli.bulk.files import Output, Signals, StoppedError, open_input, read_chunks, regular_file_size
from compiler.cli.bulk.lines import (
    BulkCounts,
    BulkSettings,
    Chunk,
    CompiledChunk,
    applies_to_all_lines,
    cached_target,
    compile_chunk,
    target_digest,
)
from compiler.cli.bulk.record import hash_settings
from compiler.cli.inputs import parse_inputs
from compiler.cli.terminal import describe_error, print_stderr, read, supports_color
from compiler.json_io.control_characters import escape_control_characters
from compiler.pipeline.processes import WorkerError, available_cpus, ordered_map

_OUTPUT, _ERRORS, _USAGE, _UNMET = 0, 1, 2, 3
_WAIT = 0.05  # seconds without a new line after which what is done is written


def run(args: argparse.Namespace) -> int:
    """Compiles the lines of a file, and gives the exit status. Raises UsageError."""
    color = supports_color(sys.stderr)
    settings = _settings(args, color=color)
    if settings is None:
        return _ERRORS
    signals = Signals()
    name = "-" if args.output is None else args.output
    go_on = "" if name == "-" else f"; what was done is in {escape_control_characters(name)}, and --resume goes on"
    before, counts = BulkCounts(), BulkCounts()
    try:
        with (
            open_input(args.file) as source,
            signals.watched(),
            closing(Output(name, source, _digests(settings), resumes=args.resume, overwrites=args.overwrite)) as output,
            _Progress(source, is_shown=not args.no_progress) as progress,
        ):
            before = output.before
            work = partial(compile_chunk, settings=settings)
            jobs = args.jobs or available_cpus()
            lines = output.seen(read_chunks(source, before.lines + 1))
            with closing(_done(work, lines, jobs, signals)) as done:
                for each in done:
                    # Whoever reads a pipe may take a long time, and nobody goes on with what was in it.
                    with signals.deferred(output.is_regular):
                        counts += each.counts
                        _write(output, each, go_on)
                        progress.show(each, counts)
    except BrokenPipeError:  # whoever read it has seen enough
        return _OUTPUT
    except WorkerError as error:
        raise UsageError(f"{error}{go_on}") from error
    except StoppedError as stopped:
        print_stderr(f"{escape_control_characters(settings.name)}: stopped after {_summary(before, counts)}{go_on}")
        return 128 + stopped.number
    print_stderr(f"{escape_control_characters(settings.name)}: {_summary(before, counts)}")
    whole = before + counts
    return _ERRORS if whole.errors else _UNMET if whole.unmet else _OUTPUT


def _write(output: Output, each: CompiledChunk, go_on: str) -> None:
    try:
        output.write(each.output)
        output.keep(each.counts)
    except UsageError as error:
        raise UsageError(f"{error}{go_on}") from error


def _done(
    work: Callable[[Chunk], CompiledChunk], lines: Iterable[Chunk], jobs: int, signals: Signals
) -> Generator[CompiledChunk, None, None]:
    """What becomes of the chunks, in their order, made by so many processes."""
    if jobs == 1:
        yield from map(work, lines)
        return
    # Processes that are half started, or half ended, would be left behind.
    with signals.deferred(), closing(ordered_map(work, _read_in_background(lines, signals), jobs)) as done:
        try:
            yield from done
        except WorkerError:
            signals.check()  # one that all processes got has ended them before us
            raise


def _settings(args: argparse.Namespace, *, color: bool) -> BulkSettings | None:
    """What is asked for; None where the options have faults, which are told once, before anything is written."""
    try:
        target = cached_target(args.target)
        target.backend("send")
        contents = {"file": b"{}"} | ({} if args.defaults is None else {"defaults": read(args.defaults)})
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(describe_error(error)) from error
    inputs = parse_inputs(args, contents, color=color)
    # Where there are none, nothing has to be imported to check them.
    result = compiler.compile({}, target, inputs.options) if inputs.options else None
    faults = [each for each in result.errors if each.document == "options" and each.rule is None] if result else []
    said = faults + [each for each in result.warnings if applies_to_all_lines(each)] if result else []
    if said:
        from compiler.cli.diagnostics import format_diagnostics

        print_stderr("\n".join(format_diagnostics(said, inputs.sources, color=color)))
    if faults:
        return None
    name = "standard input" if args.file == "-" else args.file
    return BulkSettings(name, args.target, inputs.options, args.json, color)


def _read_in_background(lines: Iterable[Chunk], signals: Signals) -> Iterator[Chunk | None]:
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

            self._bar = tqdm(
                total=regular_file_size(source), unit="B", unit_scale=True, dynamic_ncols=True, leave=False
            )
            self._source, self._is_regular = source, self._bar.total is not None

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, done: CompiledChunk, counts: BulkCounts) -> None:
        """Tells what is to be told of a chunk, and moves the bar on."""
        if done.told and self._bar is not None:
            self._bar.clear()
        if done.told:
            print_stderr(done.told)
        if self._bar is None:
            return
        with suppress(OSError):  # the terminal is gone
            elapsed = self._bar.format_dict["elapsed"] or 1
            rate = f"{counts.lines / elapsed:,.0f} messages/s"
            self._bar.set_postfix_str(f"{counts.lines:,} messages, {rate}", refresh=False)
            self._bar.update(self._source.tell() - self._bar.n if self._is_regular else done.size)


def _digests(settings: BulkSettings) -> dict[str, str]:
    """Digests of all that the output depends on but the input, by what people know it as."""
    try:
        target = target_digest(settings.target)
    except OSError as error:
        raise UsageError(describe_error(error)) from error
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
    return hash_settings(values)


def _summary(before: BulkCounts, counts: BulkCounts) -> str:
    earlier = f" (after {before.lines:,} done before: {_came_to(before)})" if before.lines else ""
    return f"{counts.lines:,} {'line' if counts.lines == 1 else 'lines'}{earlier}: {_came_to(counts)}"


def _came_to(counts: BulkCounts) -> str:
    blank = counts.lines - counts.payloads - counts.errors
    parts = [f"{counts.payloads:,} payloads" if counts.payloads != 1 else "1 payload"]
    parts += [f"{counts.unmet:,} of them incomplete"] if counts.unmet else []
    parts += [f"{counts.errors:,} with errors"] if counts.errors else []
    parts += [f"{blank:,} blank"] if blank else []
    return ", ".join(parts)
