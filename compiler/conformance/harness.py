"""Our own compiler as a harness: `python -m compiler.conformance.harness` speaks the protocol on stdin and stdout.

The runner uses it by default.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from typing import IO, Any

import compiler
from compiler.conformance.outputs import OUTPUTS
from compiler.conformance.protocol import PROTOCOL
from compiler.conformance.run import compile_input
from compiler.engine import RulesetError
from compiler.engine.codegen.tiering import Choice
from compiler.json_io import resources
from compiler.pipeline.targets import Target, load_target, named_target, requested_backend


def main() -> int:
    """Answers all requests and returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m compiler.conformance.harness",
        description="Answer the requests of the conformance suite with this compiler: one JSON object per line.",
    )
    parser.add_argument("--target", metavar="DIR", help="the folder of a target, for cases of that target")
    args = parser.parse_args()
    try:
        choice = requested_backend(os.environ)
        target = None if args.target is None else load_target(args.target)
    except (ValueError, OSError, RulesetError) as error:
        parser.error(str(error))
    serve(sys.stdin.buffer, sys.stdout.buffer, choice, target)
    return 0


def serve(
    requests: IO[bytes], responses: IO[bytes], choice: Choice | None = None, target: Target | None = None
) -> None:
    """Reads one request per line and writes a response to each; `target` is another one than that of the request."""
    for line in requests:
        request = json.loads(line)
        if request["cmd"] == "bye":
            return
        response = build_hello(target) if request["cmd"] == "hello" else answer_request(request, choice, target)
        responses.write(json.dumps(response, ensure_ascii=True).encode("ascii") + b"\n")
        responses.flush()


def build_hello(target: Target | None = None) -> dict[str, Any]:
    """The response to hello: our compiler has every ruleset and capability."""
    glossary = resources.schemas()[resources.BASE + "case.schema.json"]["$defs"]["capability"]["oneOf"]
    return {
        "protocol": PROTOCOL,
        "implementation": {"name": "payload-compiler", "version": compiler.__version__, "language": "Python"},
        "rulesets": list(OUTPUTS if target is None else target.rulesets),
        "capabilities": [entry["const"] for entry in glossary],
    }


def answer_request(
    request: dict[str, Any], choice: Choice | None = None, other_target: Target | None = None
) -> dict[str, Any]:
    """The response to a case."""
    try:
        target = named_target(request["target"]) if other_target is None else other_target
        if choice is not None:
            target = replace(target, choice=choice)
        result = compile_input(request["cmd"], request["input"], target)
    except Exception as error:
        return {"seq": request["seq"], "status": "internal_error", "detail": f"{type(error).__name__}: {error}"}
    warnings = {"warnings": [warning.to_dict() for warning in result.warnings]}
    if result.ok:
        requires = [*result.requires]
        return {"seq": request["seq"], "status": "ok", "output": result.output, **warnings, "requires": requires}
    errors = [error.to_dict() for error in result.errors]
    return {"seq": request["seq"], "status": "rejected", "errors": errors, **warnings}


if __name__ == "__main__":
    sys.exit(main())
