"""Compiles a file of messages, a line each, in a Dask cluster: here two processes of this machine.

    python compile_in_dask.py ../newsletter.jsonl

`compiler.compile` goes into the map as it is: it can be pickled, and so can its results, and a process needs no set-up
before its first call. Any other engine that maps a function over a collection is used in the same way. It needs
`pip install 'dask[distributed]'`.
"""

import argparse
import json
from pathlib import Path

from dask.bag import from_sequence
from distributed import Client, LocalCluster

import compiler


def main() -> None:
    """Prints how many messages compile, and what is wrong with the others."""
    parser = argparse.ArgumentParser(description="Compile messages in a Dask cluster of two processes.")
    parser.add_argument("file", type=Path, help="a file of messages, one in each line")
    lines = parser.parse_args().file.read_text(encoding="utf-8").splitlines()
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        # With Client("tcp://scheduler:8786") the same runs on as many machines as there are.
        results = from_sequence(lines, npartitions=2).map(json.loads).map(compiler.compile).compute()
    print(f"{sum(result.ok for result in results)} of {len(results)} messages compile")
    for number, result in enumerate(results, 1):
        for error in result.errors:
            print(f"line {number}: {error.code} at {error.path}")


if __name__ == "__main__":  # the processes import this file too
    main()
