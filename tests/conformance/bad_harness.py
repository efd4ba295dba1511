"""Faulty harnesses: `python bad_harness.py HABIT`.

A habit is a function that answers hello and cases; `test_bad_harnesses` tests the outcome of each. Correct responses
come from our own compiler.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

FOREVER = 3600
LARGE = 3_000_000  # bytes
MANY = 20_000
HELLO = {
    "protocol": 1,
    "implementation": {"name": "bad", "version": "1", "language": "Python"},
    "rulesets": ["send"],
    "capabilities": ["tags", "ignore-unsupported", "defaults", "esp-extra", "header-injection", "send-at"],
}
Request = dict[str, Any]


def write_json(value: object) -> None:
    write(json.dumps(value).encode() + b"\n")


def write(text: bytes) -> None:
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def requests() -> Iterator[Request]:
    for line in sys.stdin.buffer:
        yield json.loads(line)


def correct_response(request: Request) -> dict[str, Any]:
    from compiler.conformance.harness import answer_request

    return answer_request(request)


def accept(request: Request) -> dict[str, Any]:
    return {"seq": request["seq"], "status": "ok", "output": {}}


def line_by_line(answer: Callable[[Request], object], hello: object = HELLO) -> Callable[[], None]:
    """A habit with a valid hello and these responses; None is not written."""

    def habit() -> None:
        for request in requests():
            if request["cmd"] == "bye":
                return
            response = hello if request["cmd"] == "hello" else answer(request)
            if response is not None:
                write(response) if isinstance(response, bytes) else write_json(response)

    return habit


def always_rejects(request: Request) -> object:
    return {"seq": request["seq"], "status": "rejected", "errors": [{"code": "InvalidMessage", "path": ""}]}


def wrong_path(request: Request) -> object:
    response = correct_response(request)
    for error in response.get("errors", []):
        error["path"] += "/0"
    return response


def hangs(request: Request) -> object:
    time.sleep(FOREVER)
    return None


def crashes_on_the_third(request: Request) -> object:
    # seq counts cases, even if the process was restarted.
    if request["seq"] == 3:
        sys.stderr.write("Segmentation fault, as it were\n")
        os._exit(139)
    return correct_response(request)


def prints_a_banner() -> None:
    write(b"Welcome to the widget mailer\n")
    line_by_line(correct_response)()


def echoes() -> None:
    for line in sys.stdin.buffer:
        write(line)


def partial_line(request: Request) -> object:
    write(b'{"seq": 1, "stat')
    os._exit(0)


def partial_line_and_hangs(request: Request) -> object:
    write(b'{"seq": 1, "stat')
    time.sleep(FOREVER)
    return None


def enormous_line(request: Request) -> object:
    return b'{"seq": 1, "status": "' + b"x" * 100_000_000 + b'"}\n'


def floods(request: Request) -> object:
    while True:
        write_json(accept({"seq": request["seq"] + 1}))


def noisy(request: Request) -> object:
    sys.stderr.write("noise \x1b[2J " * 100_000)
    return correct_response(request)


def closes_output(request: Request) -> object:
    os.close(1)
    time.sleep(FOREVER)
    return None


def closes_input(request: Request) -> object:
    if request["seq"] == 1:
        answer = json.dumps(correct_response(request)).encode() + b"\n"
        os.close(0)
        write(answer)
        time.sleep(FOREVER)
    return correct_response(request)


def forks(then: Callable[[], object]) -> Callable[[Request], object]:
    """Starts a child that holds all pipes, records its process id, and continues with `then`."""

    def answer(request: Request) -> object:
        child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({FOREVER})"])
        with open(os.environ["CHILDREN"], "a", encoding="utf-8") as file:
            file.write(f"{child.pid}\n")
        return then() or correct_response(request)

    return answer


def works_once() -> None:
    """Only the first handshake succeeds."""
    marker = os.environ["CHILDREN"]
    if os.path.exists(marker):
        sys.exit("no license for a second process")
    with open(marker, "w", encoding="utf-8"):
        line_by_line(hangs_up)()


def hangs_up(request: Request) -> object:
    sys.exit(1)


def ends_badly() -> None:
    line_by_line(correct_response)()
    sys.exit(7)


def ignores_its_input() -> None:
    write_json(HELLO)
    time.sleep(FOREVER)


def with_members(**members: object) -> Callable[[Request], object]:
    return lambda request: correct_response(request) | members


def with_output(output: object) -> Callable[[Request], object]:
    return lambda request: accept(request) | {"output": output}


HABITS: dict[str, Callable[[], None]] = {
    "always-accepts": line_by_line(accept),
    "always-rejects": line_by_line(always_rejects),
    "wrong-path": line_by_line(wrong_path),
    "hangs": line_by_line(hangs),
    "crashes-on-the-third": line_by_line(crashes_on_the_third),
    "prints-a-banner": prints_a_banner,
    "echoes": echoes,
    "echoes-cases": line_by_line(lambda request: request),
    "half-a-line": line_by_line(partial_line),
    "half-a-line-and-hangs": line_by_line(partial_line_and_hangs),
    "enormous-line": line_by_line(enormous_line),
    "floods": line_by_line(floods),
    "noisy": line_by_line(noisy),
    "closes-output": line_by_line(closes_output),
    "closes-input": line_by_line(closes_input),
    "forks-and-answers": line_by_line(forks(lambda: None)),
    "forks-and-crashes": line_by_line(forks(lambda: os._exit(1))),
    "forks-and-hangs": line_by_line(forks(lambda: time.sleep(FOREVER))),
    "works-once": works_once,
    "ends-badly": ends_badly,
    "ignores-its-input": ignores_its_input,
    "wrong-seq": line_by_line(with_members(seq=99)),
    "true-for-seq": line_by_line(with_members(seq=True)),
    "no-seq": line_by_line(lambda request: {"status": "ok", "output": {}}),
    "unknown-status": line_by_line(with_members(status="fine")),
    "list-for-status": line_by_line(with_members(status=["ok"])),
    "no-output": line_by_line(lambda request: {"seq": request["seq"], "status": "ok"}),
    "no-errors": line_by_line(lambda request: {"seq": request["seq"], "status": "rejected"}),
    "text-for-errors": line_by_line(lambda request: {"seq": request["seq"], "status": "rejected", "errors": ["bad"]}),
    "not-an-object": line_by_line(lambda request: [request["seq"], "ok"]),
    "not-json": line_by_line(lambda request: b"ok\n"),
    "not-utf-8": line_by_line(lambda request: b'{"seq": 1, "status": "\xff"}\n'),
    "not-a-number": line_by_line(lambda request: b'{"seq": 1, "status": "ok", "output": NaN}\n'),
    "duplicate-key": line_by_line(lambda request: b'{"seq": 1, "seq": 1, "status": "ok", "output": {}}\n'),
    "too-deep": line_by_line(lambda request: b'{"seq": 1, "output": ' + b"[" * 9999 + b"]" * 9999 + b"}\n"),
    "deep": line_by_line(lambda request: b'{"seq": 1, "output": ' + b"[" * 300 + b"]" * 300 + b"}\n"),
    "out-of-range": line_by_line(lambda request: b'{"seq": 1, "status": "ok", "output": 1e99999999999999999999}\n'),
    "empty-line": line_by_line(lambda request: b"\n"),
    "internal-error": line_by_line(
        lambda request: {"seq": request["seq"], "status": "internal_error", "detail": "oops"}
    ),
    "takes-back": line_by_line(lambda request: {"seq": request["seq"], "status": "unsupported", "capability": "tags"}),
    "lacks-all": line_by_line(lambda request: {"seq": request["seq"], "status": "unsupported", "capability": "magic"}),
    "large-text": line_by_line(with_output({"Subject": "x" * LARGE})),
    "large-key": line_by_line(with_output({"x" * LARGE: 1})),
    "large-list": line_by_line(with_output({"Recipients": [0] * MANY})),
    "many-keys": line_by_line(with_output({str(number): 0 for number in range(MANY)})),
    "large-error": line_by_line(
        with_members(status="rejected", errors=[{"code": "InvalidEmail", "path": "x" * LARGE}])
    ),
    "many-errors": line_by_line(with_members(status="rejected", errors=[{}] * MANY)),
    "large-seq": line_by_line(with_members(seq="x" * LARGE)),
    "large-status": line_by_line(with_members(status="x" * LARGE)),
    "large-capability": line_by_line(with_members(status="unsupported", capability="x" * LARGE)),
    "large-detail": line_by_line(with_members(status="internal_error", detail="x" * LARGE)),
    "large-key-twice": line_by_line(lambda request: b'{"%s": 1, "%s": 2}\n' % (b"x" * LARGE, b"x" * LARGE)),
    "large-hello": line_by_line(correct_response, hello=HELLO | {"capabilities": ["x" * LARGE]}),
    "hello-hangs": line_by_line(correct_response, hello=None),
    "hello-ends": hangs_up.__get__({}),
    "hello-of-another-protocol": line_by_line(correct_response, hello=HELLO | {"protocol": 2}),
    "hello-without-name": line_by_line(correct_response, hello=HELLO | {"implementation": {"version": "1"}}),
    "hello-without-rulesets": line_by_line(correct_response, hello=HELLO | {"rulesets": "send"}),
    "hello-with-unknown-names": line_by_line(
        correct_response, hello=HELLO | {"rulesets": ["send", "sent"], "capabilities": ["tag"]}
    ),
    "hello-without-capabilities": line_by_line(correct_response, hello=HELLO | {"capabilities": []}),
}


def one_shot(habit: str) -> None:
    """The habits of a harness with a process per case."""
    request = next(requests())
    if request["cmd"] == "hello":
        write_json(HELLO)
    elif habit == "pretty":
        write(json.dumps(correct_response(request), indent=2).encode())
    elif habit == "fails":
        write_json(correct_response(request))
        sys.exit(3)
    elif habit == "silent":
        sys.exit(0)
    elif habit == "hangs":
        time.sleep(FOREVER)
    elif habit == "answers-and-hangs":
        write_json(correct_response(request))
        os.close(1)
        time.sleep(FOREVER)
    elif habit == "two-answers":
        write_json(correct_response(request))
        write_json(correct_response(request))
    elif habit == "forks":
        forks(lambda: time.sleep(FOREVER))(request)
    elif habit == "closes-input":
        os.close(0)
        time.sleep(0.6)
        write_json(correct_response(request))


if __name__ == "__main__":
    if sys.argv[1] == "one-shot":
        one_shot(sys.argv[2])
    else:
        HABITS[sys.argv[1]]()
