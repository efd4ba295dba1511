"""Compiles a file with one message per line in a Dask cluster: here two processes of this machine.

    python compile_in_dask.py ../newsletter.jsonl

`compiler.compile` works directly as the map function: it and its results can be pickled, and a process needs no setup
before its first call. Any other engine that maps a function over a collection works in the same way. This example
requires `pip install 'dask[distributed]'`.
"""

import argparse
import json
import sys
from pathlib import Path

from dask.bag import from_sequence
from distributed import Client, LocalCluster

import compiler


def main() -> None:
    """Prints how many messages compile, and the errors of the others."""
    parser = argparse.ArgumentParser(
        description="Compile messages in a Dask cluster of two processes, and print how many compile.",
        epilog="Empty lines are skipped. Exit status: 0 if all messages compile, otherwise 1.",
    )
    parser.add_argument("file", type=Path, help="a file with one message per line, such as ../newsletter.jsonl")
    # Not splitlines(): JSON strings may contain other characters that it treats as line ends.
    lines = parser.parse_args().file.read_text(encoding="utf-8").split("\n")
    numbers = [number for number, line in enumerate(lines, 1) if line.strip()]
    messages = [json.loads(lines[number - 1]) for number in numbers]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        # With Client("tcp://scheduler:8786") the same code runs on many machines.
        results = from_sequence(messages, npartitions=8).map(compiler.compile).compute()
    print(f"{sum(result.ok for result in results)} of {len(results)} messages compile")
    for number, result in zip(numbers, results, strict=True):
        for error in result.errors:
            print(f"line {number}: {error.code} at {error.path}: {error.message}")
    sys.exit(not all(result.ok for result in results))


if __name__ == "__main__":  # the processes import this file too
    main()
