"""Runs a bulk compilation: one message per line, streamed through one or several processes.

`files` reads and writes, `lines` compiles. Memory is bounded by a few chunks, however long the file is.
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
from compiler.results import DOCUMENTATION

_OUTPUT, _ERRORS, _UNMET = 0, 1, 3
_POLL_INTERVAL = 0.05  # seconds without a new line after which completed lines are written


def run(args: argparse.Namespace) -> int:
    """Compiles the lines of a file, and returns the exit status. Raises UsageError."""
    color = supports_color(sys.stderr)
    settings = _parse_settings(args, color=color)
    if settings is None:
        return _ERRORS
    signals = Signals()
    source_name = escape_control_characters(settings.name)
    output_name = "-" if args.output is None else args.output
    resume_hint = ""
    if output_name != "-":
        resume_hint = f"; use --resume to continue {escape_control_characters(output_name)}"
    completed, counts, has_diagnostics = BulkCounts(), BulkCounts(), False
    try:
        with (
            open_input(args.file) as source,
            signals.handled(),
            closing(
                Output(output_name, source, _digests(settings), resumes=args.resume, overwrites=args.overwrite)
            ) as output,
            _ProgressBar(source, is_shown=not args.no_progress) as progress,
        ):
            completed = output.completed
            work = partial(compile_chunk, settings=settings)
            chunks = output.track_input(read_chunks(source, completed.lines + 1))
            with closing(_compile_chunks(work, chunks, args.jobs or available_cpus(), signals)) as results:
                for chunk in results:
                    # Not deferred for a pipe: its reader may be slow, and a pipe cannot be resumed.
                    with signals.deferred(output.is_regular):
                        counts += chunk.counts
                        has_diagnostics |= chunk.has_diagnostics
                        _write(output, chunk, resume_hint)
                        progress.update(chunk, counts)
    except BrokenPipeError:  # the reader has closed the pipe, which is not an error
        return _OUTPUT
    except WorkerError as error:
        raise UsageError(f"{error}{resume_hint}") from error
    except StoppedError as stopped:
        print_stderr(f"{source_name}: stopped after {_summary(completed, counts)}{resume_hint}")
        return 128 + stopped.number
    print_stderr(f"{source_name}: {_summary(completed, counts)}")
    if has_diagnostics:
        print_stderr(f"    = see: {DOCUMENTATION}diagnostics/")
    total = completed + counts
    return _ERRORS if total.errors else _UNMET if total.unmet else _OUTPUT


def _write(output: Output, chunk: CompiledChunk, resume_hint: str) -> None:
    try:
        output.write(chunk.output)
        output.write_progress(chunk.counts)
    except UsageError as error:
        raise UsageError(f"{error}{resume_hint}") from error


def _compile_chunks(
    work: Callable[[Chunk], CompiledChunk], chunks: Iterable[Chunk], jobs: int, signals: Signals
) -> Generator[CompiledChunk, None, None]:
    """Compiles the chunks in this many processes, and yields the results in order."""
    if jobs == 1:
        yield from map(work, chunks)
        return
    # An interrupt while processes start or end would leave some of them behind.
    with signals.deferred(), closing(ordered_map(work, _read_in_background(chunks, signals), jobs)) as results:
        try:
            yield from results
        except WorkerError:
            signals.check()  # a signal to the process group ends the workers first
            raise


def _parse_settings(args: argparse.Namespace, *, color: bool) -> BulkSettings | None:
    """The settings; None if the options have errors, which are reported once, before anything is written."""
    try:
        target = cached_target(args.target)
        target.backend("send")
        contents = {"file": b"{}"} | ({} if args.defaults is None else {"defaults": read(args.defaults)})
    except (OSError, ValueError, compiler.RulesetError) as error:
        raise UsageError(describe_error(error)) from error
    inputs = parse_inputs(args, contents, color=color)
    errors: list[compiler.Diagnostic] = []
    if inputs.options:  # otherwise skip the imports that checking them needs
        result = compiler.compile({}, target, inputs.options)
        errors = [error for error in result.errors if error.document == "options" and error.rule is None]
        diagnostics = errors + [warning for warning in result.warnings if applies_to_all_lines(warning)]
        if diagnostics:
            from compiler.cli.diagnostics import format_diagnostics

            print_stderr("\n".join(format_diagnostics(diagnostics, inputs.sources, color=color)))
    if errors:
        return None
    name = "standard input" if args.file == "-" else args.file
    return BulkSettings(name, args.target, inputs.options, args.json, color)


def _read_in_background(chunks: Iterable[Chunk], signals: Signals) -> Iterator[Chunk | None]:
    """Reads chunks in a thread; yields None while waiting for input, so that completed chunks can be written."""
    from queue import Empty, Queue
    from threading import Thread

    queue: Queue[Chunk | BaseException | None] = Queue(maxsize=2)

    def fill() -> None:
        try:
            for chunk in chunks:
                queue.put(chunk)
            queue.put(None)
        except BaseException as error:  # raised again in the main thread
            queue.put(error)

    Thread(target=fill, daemon=True).start()
    while True:
        signals.check()
        try:
            item = queue.get(timeout=_POLL_INTERVAL)
        except Empty:
            yield None
            continue
        if isinstance(item, BaseException):
            raise item
        if item is None:
            return
        yield item


class _ProgressBar:
    """A progress bar on the terminal, below the diagnostics, with rate and remaining time."""

    def __init__(self, source: FileIO, *, is_shown: bool) -> None:
        self._bar: Any = None
        if is_shown and sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm

            size = regular_file_size(source)
            self._bar = tqdm(total=size, unit="B", unit_scale=True, dynamic_ncols=True, leave=False)
            self._source, self._is_regular = source, size is not None

    def __enter__(self) -> _ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, chunk: CompiledChunk, counts: BulkCounts) -> None:
        """Prints the diagnostics of a chunk, and advances the bar."""
        if chunk.stderr_text:
            if self._bar is not None:
                self._bar.clear()
            print_stderr(chunk.stderr_text)
        if self._bar is None:
            return
        with suppress(OSError):  # the terminal was closed
            elapsed = self._bar.format_dict["elapsed"] or 1
            rate = f"{counts.lines / elapsed:,.0f} messages/s"
            self._bar.set_postfix_str(f"{counts.lines:,} messages, {rate}", refresh=False)
            self._bar.update(self._source.tell() - self._bar.n if self._is_regular else chunk.size)


def _digests(settings: BulkSettings) -> dict[str, str]:
    """Digests of everything that the output depends on, except the input, by names for error messages."""
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


def _summary(completed: BulkCounts, counts: BulkCounts) -> str:
    earlier = f" (after {completed.lines:,} from earlier runs: {_format_counts(completed)})" if completed.lines else ""
    return f"{counts.lines:,} {'line' if counts.lines == 1 else 'lines'}{earlier}: {_format_counts(counts)}"


def _format_counts(counts: BulkCounts) -> str:
    blank = counts.lines - counts.payloads - counts.errors
    parts = [f"{counts.payloads:,} payloads" if counts.payloads != 1 else "1 payload"]
    parts += [f"{counts.unmet:,} of them incomplete"] if counts.unmet else []
    parts += [f"{counts.errors:,} with errors"] if counts.errors else []
    parts += [f"{blank:,} blank"] if blank else []
    return ", ".join(parts)
