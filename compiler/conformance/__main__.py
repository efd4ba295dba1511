"""The command line: `python -m compiler.conformance --harness COMMAND` tests an integration.

It reads the suite, runs the cases and writes reports. See `judge` for verdicts and `reports` for report formats.
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
from compiler.conformance.reports.json_lines import JsonLinesReport
from compiler.conformance.reports.junit import format_junit
from compiler.conformance.reports.markdown import format_markdown
from compiler.conformance.reports.summary import describe_run, format_summary
from compiler.conformance.reports.tap import format_tap
from compiler.conformance.runner import Run, run
from compiler.conformance.selection import unknown_filters
from compiler.conformance.session import HandshakeError
from compiler.engine import RulesetError
from compiler.json_io import resources
from compiler.json_io.control_characters import escape_control_characters
from compiler.pipeline.target_files import CASES
from compiler.pipeline.targets import Target, load_target, requested_backend

_CONFORMANT, _MISMATCHES, _USAGE, _HANDSHAKE, _INCOMPLETE = 0, 1, 2, 3, 4

_REPORTS: tuple[tuple[str, Callable[[Run, ExpectedFailures], str]], ...] = (
    ("junit", lambda result, _: format_junit(result)),
    ("tap", lambda result, _: format_tap(result)),
    ("markdown", lambda result, _: format_markdown(result)),
    ("badge", lambda result, _: format_badge(result)),
    ("write_expected_failures", format_failure_list),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    args = command_arguments.parse_arguments(arguments)
    previous_handler = signal.signal(signal.SIGTERM, _raise_interrupt)  # so that the harness is ended, too
    try:
        return _run_command(args)
    except HandshakeError as error:
        _print_error(f"{PROGRAM}: handshake failed: {escape_control_characters(str(error))}")
        return _HANDSHAKE
    except BrokenPipeError:  # the reader has closed standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _INCOMPLETE
    except (OSError, ValueError, RulesetError) as error:
        _print_error(f"{PROGRAM}: {escape_control_characters(str(error))}")
        return _USAGE
    except KeyboardInterrupt:
        return _INCOMPLETE
    finally:
        signal.signal(signal.SIGTERM, previous_handler)


def _raise_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _run_command(args: argparse.Namespace) -> int:
    target = _read_target(args)
    folder = resources.golden_folder() if args.cases is None else args.cases
    if not folder.is_dir():
        raise ValueError(f"{folder}: not a folder")
    all_cases = tuple(read_cases(folder))
    if args.cases is not None:
        check_cases(all_cases, folder)
    if args.write_manifest:
        (folder / MANIFEST).write_text(format_manifest(all_cases), encoding="utf-8")
        _print(f"{folder / MANIFEST}: {len(all_cases)} cases")
        return _CONFORMANT
    suite = read_suite_version(folder, all_cases)
    selection = build_selection(args)
    unknown = unknown_filters(selection, all_cases) if all_cases else []
    if unknown:
        raise ValueError("; ".join(unknown))
    cases = [case for case in all_cases if selection.matches(case)]
    if args.list:
        for case in cases:
            _print(f"{case.id}\t{case.title}")
        return _CONFORMANT if cases else _INCOMPLETE
    expected = {} if args.expected_failures is None else read_expected_failures(args.expected_failures, all_cases)
    if not cases:
        _print_error(f"{PROGRAM}: no cases selected: {selection}")
        return _INCOMPLETE
    return _run(args, cases, suite, expected, target)


def _read_target(args: argparse.Namespace) -> Target | None:
    """The target in the folder that --target names, if it names one; its cases are then those to run.

    Raises RulesetError and OSError.
    """
    if args.target_folder is None:
        return None
    args.cases = args.cases or Path(args.target_folder, CASES)
    return load_target(args.target_folder)


def _run(
    args: argparse.Namespace,
    cases: Sequence[Case],
    suite: str,
    expected: ExpectedFailures,
    target: Target | None,
) -> int:
    if args.harness is None and args.harness_per_case is None:  # our own compiler
        requested_backend(os.environ)  # an unknown one is a usage error here
    selection, mode = build_selection(args), build_comparison_mode(args)
    with contextlib.ExitStack() as stack:
        listeners: list[Callable[[Hello, Verdict], None]] = []
        progress = _ProgressLine(len(cases))
        listeners.append(progress.update)
        lines = None
        if args.json_lines is not None:
            lines = JsonLinesReport(stack.enter_context(_open_output(args.json_lines)), suite, selection, mode)
            listeners.append(lines.add)
        for name in ("junit", "tap", "markdown"):  # before the run, so that a wrong path fails immediately
            if getattr(args, name) not in (None, "-"):
                Path(getattr(args, name)).touch()

        def notify(hello: Hello, verdict: Verdict) -> None:
            for listener in listeners:
                listener(hello, verdict)

        result = run(
            cases,
            build_harness_config(args, suite, None if target is None or target.folder is None else target.folder.path),
            mode=mode,
            selection=selection,
            expected=expected,
            schemas=None if target is None else {name: each.output_schema for name, each in target.rulesets.items()},
            jobs=args.jobs,
            on_verdict=notify,
        )
        progress.clear()
        if lines is not None:
            lines.finish(result)
    if not _report(args, result, expected):
        return _USAGE
    if not result.is_complete or not result.judged:
        return _INCOMPLETE
    return _MISMATCHES if count_verdicts(result.verdicts).failed else _CONFORMANT


def _report(args: argparse.Namespace, result: Run, expected: ExpectedFailures) -> bool:
    """Writes the requested reports and prints the summary; False if a file could not be written."""
    all_written = True
    for name, format_report in _REPORTS:
        file = getattr(args, name)
        if file is None:
            continue
        try:
            _write(file, format_report(result, expected))
        except ValueError as error:  # this report needs a complete run
            _print_error(f"{PROGRAM}: {file} was not written: {error}")
        except OSError as error:
            _print_error(f"{PROGRAM}: {escape_control_characters(str(error))}")
            all_written = False
    text = "\n".join(_format_result(args, result))
    names = ("junit", "tap", "json_lines", "markdown", "badge", "write_expected_failures")
    if any(getattr(args, name) == "-" for name in names):
        _print_error(text)
    else:
        _print(text)
    return all_written


def _format_result(args: argparse.Namespace, result: Run) -> Iterator[str]:
    if args.quiet:
        yield from describe_run(result)
        return
    failed = [verdict for verdict in result.verdicts if verdict.status == "failed"]
    for verdict in failed[: args.show]:
        yield f"{format_verdict(verdict)}\n"
    for verdict in failed[args.show :]:
        yield f"FAILED {verdict.case.id}: {verdict.outcome}"
    if len(failed) > args.show:
        yield ""
    yield format_summary(result)


class _ProgressLine:
    """A progress line on a terminal; nothing is written elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = self._failed = 0
        self._last_update = 0.0
        self._is_live = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def update(self, hello: Hello, verdict: Verdict) -> None:
        """Counts a verdict and redraws the line, at most ten times a second."""
        self._done += 1
        self._failed += verdict.status == "failed"
        now = time.monotonic()
        if self._is_live and (now - self._last_update > 0.1 or self._done == self._total):
            self._last_update = now
            sys.stderr.write(f"\r\x1b[K{self._done}/{self._total} cases, {self._failed} failed; {verdict.case.area}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Removes the line."""
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


def _print_error(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
