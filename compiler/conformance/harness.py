"""Our own compiler as a harness: `python -m compiler.conformance.harness` speaks the protocol on stdin and stdout.

It is what the runner runs where it is given no other.
"""

from __future__ import annotations

import json
import sys
from typing import IO, Any

import compiler
from compiler.conformance.protocol import PROTOCOL
from compiler.conformance.run import compile_input
from compiler.engine.codegen.tiering import chosen_backend
from compiler.json_io import resources
from compiler.pipeline.targets import named_target


def main() -> int:
    """Answers requests until there are no more, and gives the exit status."""
    try:
        chosen_backend()
    except ValueError as error:
        sys.stderr.write(f"python -m compiler.conformance.harness: {error}\n")
        return 2
    serve(sys.stdin.buffer, sys.stdout.buffer)
    return 0


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Reads a request a line and writes an answer to each."""
    for line in requests:
        request = json.loads(line)
        if request["cmd"] == "bye":
            return
        answer = hello() if request["cmd"] == "hello" else answer_request(request)
        answers.write(json.dumps(answer, ensure_ascii=True).encode("ascii") + b"\n")
        answers.flush()


def hello() -> dict[str, Any]:
    """What our compiler says of itself: it has everything."""
    glossary = resources.schemas()[resources.BASE + "case.schema.json"]["$defs"]["capability"]["oneOf"]
    return {
        "protocol": PROTOCOL,
        "implementation": {"name": "payload-compiler", "version": compiler.__version__, "language": "Python"},
        "rulesets": ["send", "response", "events", "inbound", "template"],
        "capabilities": [each["const"] for each in glossary],
    }


def answer_request(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a case."""
    try:
        result = compile_input(request["cmd"], request["input"], named_target(request["target"]))
    except Exception as error:
        return {"seq": request["seq"], "status": "internal_error", "detail": f"{type(error).__name__}: {error}"}
    said = {"warnings": [each.to_dict() for each in result.warnings]}
    if result.ok:
        return {"seq": request["seq"], "status": "ok", "output": result.output, **said, "requires": [*result.requires]}
    return {"seq": request["seq"], "status": "rejected", "errors": [each.to_dict() for each in result.errors], **said}


if __name__ == "__main__":
    sys.exit(main())
