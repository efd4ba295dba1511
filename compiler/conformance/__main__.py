"""The command line: `python -m compiler.conformance --harness COMMAND` tells whether an integration is right.

It reads the suite, runs it and writes reports. How answers are judged and reports are made is not decided here.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from compiler.conformance import arguments as command_arguments
from compiler.conformance.arguments import PROGRAM, build_comparison_mode, build_harness_config, build_selection
from compiler.conformance.case_files import MANIFEST, Case, check_cases, read_cases
from compiler.conformance.expected_failures import ExpectedFailures, read_expected_failures
from compiler.conformance.judge import Verdict
from compiler.conformance.manifest import format_manifest, read_suite_version
from compiler.conformance.mismatch import format_verdict
from compiler.conformance.protocol import Hello
from compiler.conformance.reports.badge import format_badge
from compiler.conformance.reports.counts import count_verdicts
from compiler.conformance.reports.failure_list import format_failure_list
from compiler.conformance.reports.json_lines import JsonLines
from compiler.conformance.reports.junit import format_junit
from compiler.conformance.reports.markdown import format_markdown
from compiler.conformance.reports.summary import describe_run, format_summary
from compiler.conformance.reports.tap import format_tap
from compiler.conformance.runner import Run, run
from compiler.conformance.selection import unknown_filters
from compiler.conformance.session import HandshakeError
from compiler.engine.codegen.tiering import chosen_backend
from compiler.json_io import resources
from compiler.json_io.control_characters import visible

_CONFORMANT, _MISMATCHES, _USAGE, _HANDSHAKE, _INCOMPLETE = 0, 1, 2, 3, 4

_REPORTS: tuple[tuple[str, Callable[[Run, ExpectedFailures], str]], ...] = (
    ("junit", lambda done, _: format_junit(done)),
    ("tap", lambda done, _: format_tap(done)),
    ("markdown", lambda done, _: format_markdown(done)),
    ("badge", lambda done, _: format_badge(done)),
    ("write_expected_failures", format_failure_list),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit status."""
    given = command_arguments.parse_arguments(arguments)
    before = signal.signal(signal.SIGTERM, _raise_interrupt)  # or the harness would outlive us
    try:
        return _command(given)
    except HandshakeError as error:
        _tell(f"{PROGRAM}: the harness did not get through its hello: {visible(str(error))}")
        return _HANDSHAKE
    except BrokenPipeError:  # whoever read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _INCOMPLETE
    except (OSError, ValueError) as error:
        _tell(f"{PROGRAM}: {visible(str(error))}")
        return _USAGE
    except KeyboardInterrupt:
        return _INCOMPLETE
    finally:
        signal.signal(signal.SIGTERM, before)


def _raise_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _command(given: argparse.Namespace) -> int:
    folder = resources.golden_folder() if given.cases is None else given.cases
    if not folder.is_dir():
        raise ValueError(f"{folder}: no folder of cases")
    everything = tuple(read_cases(folder))
    if given.cases is not None:
        check_cases(everything, folder)
    if given.write_manifest:
        (folder / MANIFEST).write_text(format_manifest(everything), encoding="utf-8")
        _print(f"{folder / MANIFEST}: {len(everything)} cases")
        return _CONFORMANT
    suite = read_suite_version(folder, everything)
    selection = build_selection(given)
    problems = unknown_filters(selection, everything) if everything else []
    if problems:
        raise ValueError("; ".join(problems))
    cases = [case for case in everything if selection.matches(case)]
    if given.list:
        for case in cases:
            _print(f"{case.id}\t{case.title}")
        return _CONFORMANT if cases else _INCOMPLETE
    expected = {} if given.expected_failures is None else read_expected_failures(given.expected_failures, everything)
    if not cases:
        _tell(f"{PROGRAM}: no case is selected: {selection}")
        return _INCOMPLETE
    return _run(given, cases, suite, expected)


def _run(given: argparse.Namespace, cases: Sequence[Case], suite: str, expected: ExpectedFailures) -> int:
    if given.harness is None and given.exec is None:  # it is our own compiler
        chosen_backend()
    selection, mode = build_selection(given), build_comparison_mode(given)
    with contextlib.ExitStack() as stack:
        listeners: list[Callable[[Hello, Verdict], None]] = []
        progress = _Progress(len(cases))
        listeners.append(progress.tell)
        lines = None
        if given.json_lines is not None:
            lines = JsonLines(stack.enter_context(_open_output(given.json_lines)), suite, selection, mode)
            listeners.append(lines.tell)
        for name in ("junit", "tap", "markdown"):  # before the run, so that a wrong path costs nothing
            if getattr(given, name) not in (None, "-"):
                Path(getattr(given, name)).touch()

        def tell(hello: Hello, verdict: Verdict) -> None:
            for listener in listeners:
                listener(hello, verdict)

        done = run(
            cases,
            build_harness_config(given, suite),
            mode=mode,
            selection=selection,
            expected=expected,
            jobs=given.jobs,
            tell=tell,
        )
        progress.end()
        if lines is not None:
            lines.end(done)
    if not _report(given, done, expected):
        return _USAGE
    if not done.is_complete or not done.judged:
        return _INCOMPLETE
    return _MISMATCHES if count_verdicts(done.verdicts).failed else _CONFORMANT


def _report(given: argparse.Namespace, done: Run, expected: ExpectedFailures) -> bool:
    """Writes what was asked for and shows the summary; False where a file could not be written."""
    is_written = True
    for name, made in _REPORTS:
        file = getattr(given, name)
        if file is None:
            continue
        try:
            _write(file, made(done, expected))
        except ValueError as error:  # there is no such report of this run
            _tell(f"{PROGRAM}: {file} is not written: {error}")
        except OSError as error:
            _tell(f"{PROGRAM}: {visible(str(error))}")
            is_written = False
    text = "\n".join(_shown(given, done))
    names = ("junit", "tap", "json_lines", "markdown", "badge", "write_expected_failures")
    if any(getattr(given, name) == "-" for name in names):
        _tell(text)
    else:
        _print(text)
    return is_written


def _shown(given: argparse.Namespace, done: Run) -> Iterator[str]:
    if given.quiet:
        yield from describe_run(done)
        return
    failed = [verdict for verdict in done.verdicts if verdict.status == "failed"]
    for verdict in failed[: given.show]:
        yield f"{format_verdict(verdict)}\n"
    for verdict in failed[given.show :]:
        yield f"FAILED {verdict.case.id}: {verdict.outcome}"
    if len(failed) > given.show:
        yield ""
    yield format_summary(done)


class _Progress:
    """A line on a terminal that says how far the run is; nothing anywhere else."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = self._failed = 0
        self._shown = 0.0
        self._is_live = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def tell(self, hello: Hello, verdict: Verdict) -> None:
        """StatusCounts a verdict, and shows the line anew ten times a second at most."""
        self._done += 1
        self._failed += verdict.status == "failed"
        now = time.monotonic()
        if self._is_live and (now - self._shown > 0.1 or self._done == self._total):
            self._shown = now
            sys.stderr.write(f"\r\x1b[K{self._done}/{self._total} cases, {self._failed} failed; {verdict.case.area}")
            sys.stderr.flush()

    def end(self) -> None:
        """Takes the line away."""
        if self._is_live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextlib.contextmanager
def _open_output(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdout
        return
    with open(name, "w", encoding="utf-8") as file:
        yield file


def _write(name: str, text: str) -> None:
    if name == "-":
        _print(text.removesuffix("\n"))
        return
    Path(name).write_text(text, encoding="utf-8", errors="backslashreplace")


def _print(text: str) -> None:
    if sys.stdout is None:
        raise OSError("standard output is closed")
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _tell(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
