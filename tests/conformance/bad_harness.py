"""Harnesses that do something wrong, each in its own way: `python bad_harness.py HABIT`.

A habit is a function that answers hello and cases however it likes; `test_bad_harnesses` says what the runner makes of
each. Those that need right answers get them from our own compiler.
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


def say(value: object) -> None:
    write(json.dumps(value).encode() + b"\n")


def write(text: bytes) -> None:
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def requests() -> Iterator[Request]:
    for line in sys.stdin.buffer:
        yield json.loads(line)


def right(request: Request) -> dict[str, Any]:
    from compiler.conformance.harness import answer_request

    return answer_request(request)


def accepted(request: Request) -> dict[str, Any]:
    return {"seq": request["seq"], "status": "ok", "output": {}}


def answering(answer: Callable[[Request], object], hello: object = HELLO) -> Callable[[], None]:
    """A habit that says hello as it should, and gives these answers; what is None is not written."""

    def habit() -> None:
        for request in requests():
            if request["cmd"] == "bye":
                return
            given = hello if request["cmd"] == "hello" else answer(request)
            if given is not None:
                write(given) if isinstance(given, bytes) else say(given)

    return habit


def always_rejects(request: Request) -> object:
    return {"seq": request["seq"], "status": "rejected", "errors": [{"code": "InvalidMessage", "path": ""}]}


def wrong_path(request: Request) -> object:
    answer = right(request)
    for said in answer.get("errors", []):
        said["path"] += "/0"
    return answer


def hangs(request: Request) -> object:
    time.sleep(FOREVER)
    return None


def crashes_on_the_third(request: Request) -> object:
    # The number counts cases, however often the process was started anew.
    if request["seq"] == 3:
        sys.stderr.write("Segmentation fault, as it were\n")
        os._exit(139)
    return right(request)


def prints_a_banner() -> None:
    write(b"Welcome to the widget mailer\n")
    answering(right)()


def echoes() -> None:
    for line in sys.stdin.buffer:
        write(line)


def half_a_line(request: Request) -> object:
    write(b'{"seq": 1, "stat')
    os._exit(0)


def half_a_line_and_hangs(request: Request) -> object:
    write(b'{"seq": 1, "stat')
    time.sleep(FOREVER)
    return None


def enormous_line(request: Request) -> object:
    return b'{"seq": 1, "status": "' + b"x" * 100_000_000 + b'"}\n'


def floods(request: Request) -> object:
    while True:
        say(accepted({"seq": request["seq"] + 1}))


def noisy(request: Request) -> object:
    sys.stderr.write("noise \x1b[2J " * 100_000)
    return right(request)


def closes_output(request: Request) -> object:
    os.close(1)
    time.sleep(FOREVER)
    return None


def closes_input(request: Request) -> object:
    if request["seq"] == 1:
        answer = json.dumps(right(request)).encode() + b"\n"
        os.close(0)
        write(answer)
        time.sleep(FOREVER)
    return right(request)


def forks(then: Callable[[], object]) -> Callable[[Request], object]:
    """A child that holds all pipes and writes down its number, then whatever the harness itself does."""

    def answer(request: Request) -> object:
        child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({FOREVER})"])
        with open(os.environ["CHILDREN"], "a", encoding="utf-8") as file:
            file.write(f"{child.pid}\n")
        return then() or right(request)

    return answer


def works_once() -> None:
    """Gets through its first hello only."""
    marker = os.environ["CHILDREN"]
    if os.path.exists(marker):
        sys.exit("no licence for a second process")
    with open(marker, "w", encoding="utf-8"):
        answering(hangs_up)()


def hangs_up(request: Request) -> object:
    sys.exit(1)


def ends_badly() -> None:
    answering(right)()
    sys.exit(7)


def ignores_its_input() -> None:
    say(HELLO)
    time.sleep(FOREVER)


def changed(**members: object) -> Callable[[Request], object]:
    return lambda request: right(request) | members


def output_of(output: object) -> Callable[[Request], object]:
    return lambda request: accepted(request) | {"output": output}


HABITS: dict[str, Callable[[], None]] = {
    "always-accepts": answering(accepted),
    "always-rejects": answering(always_rejects),
    "wrong-path": answering(wrong_path),
    "hangs": answering(hangs),
    "crashes-on-the-third": answering(crashes_on_the_third),
    "prints-a-banner": prints_a_banner,
    "echoes": echoes,
    "echoes-cases": answering(lambda request: request),
    "half-a-line": answering(half_a_line),
    "half-a-line-and-hangs": answering(half_a_line_and_hangs),
    "enormous-line": answering(enormous_line),
    "floods": answering(floods),
    "noisy": answering(noisy),
    "closes-output": answering(closes_output),
    "closes-input": answering(closes_input),
    "forks-and-answers": answering(forks(lambda: None)),
    "forks-and-crashes": answering(forks(lambda: os._exit(1))),
    "forks-and-hangs": answering(forks(lambda: time.sleep(FOREVER))),
    "works-once": works_once,
    "ends-badly": ends_badly,
    "ignores-its-input": ignores_its_input,
    "wrong-seq": answering(changed(seq=99)),
    "true-for-seq": answering(changed(seq=True)),
    "no-seq": answering(lambda request: {"status": "ok", "output": {}}),
    "unknown-status": answering(changed(status="fine")),
    "list-for-status": answering(changed(status=["ok"])),
    "no-output": answering(lambda request: {"seq": request["seq"], "status": "ok"}),
    "no-errors": answering(lambda request: {"seq": request["seq"], "status": "rejected"}),
    "text-for-errors": answering(lambda request: {"seq": request["seq"], "status": "rejected", "errors": ["bad"]}),
    "no-object": answering(lambda request: [request["seq"], "ok"]),
    "not-json": answering(lambda request: b"ok\n"),
    "no-utf-8": answering(lambda request: b'{"seq": 1, "status": "\xff"}\n'),
    "not-a-number": answering(lambda request: b'{"seq": 1, "status": "ok", "output": NaN}\n'),
    "key-twice": answering(lambda request: b'{"seq": 1, "seq": 1, "status": "ok", "output": {}}\n'),
    "too-deep": answering(lambda request: b'{"seq": 1, "output": ' + b"[" * 9999 + b"]" * 9999 + b"}\n"),
    "deep": answering(lambda request: b'{"seq": 1, "output": ' + b"[" * 300 + b"]" * 300 + b"}\n"),
    "beyond-measure": answering(lambda request: b'{"seq": 1, "status": "ok", "output": 1e99999999999999999999}\n'),
    "empty-line": answering(lambda request: b"\n"),
    "internal-error": answering(lambda request: {"seq": request["seq"], "status": "internal_error", "detail": "oops"}),
    "takes-back": answering(lambda request: {"seq": request["seq"], "status": "unsupported", "capability": "tags"}),
    "lacks-all": answering(lambda request: {"seq": request["seq"], "status": "unsupported", "capability": "magic"}),
    "large-text": answering(output_of({"Subject": "x" * LARGE})),
    "large-key": answering(output_of({"x" * LARGE: 1})),
    "large-list": answering(output_of({"Recipients": [0] * MANY})),
    "many-keys": answering(output_of({str(number): 0 for number in range(MANY)})),
    "large-error": answering(changed(status="rejected", errors=[{"code": "InvalidEmail", "path": "x" * LARGE}])),
    "many-errors": answering(changed(status="rejected", errors=[{}] * MANY)),
    "large-seq": answering(changed(seq="x" * LARGE)),
    "large-status": answering(changed(status="x" * LARGE)),
    "large-capability": answering(changed(status="unsupported", capability="x" * LARGE)),
    "large-detail": answering(changed(status="internal_error", detail="x" * LARGE)),
    "large-key-twice": answering(lambda request: b'{"%s": 1, "%s": 2}\n' % (b"x" * LARGE, b"x" * LARGE)),
    "large-hello": answering(right, hello=HELLO | {"capabilities": ["x" * LARGE]}),
    "hello-hangs": answering(right, hello=None),
    "hello-ends": hangs_up.__get__({}),
    "hello-of-another-protocol": answering(right, hello=HELLO | {"protocol": 2}),
    "hello-without-name": answering(right, hello=HELLO | {"implementation": {"version": "1"}}),
    "hello-without-rulesets": answering(right, hello=HELLO | {"rulesets": "send"}),
    "hello-with-slips": answering(right, hello=HELLO | {"rulesets": ["send", "sent"], "capabilities": ["tag"]}),
    "hello-of-nothing": answering(right, hello=HELLO | {"capabilities": []}),
}


def one_shot(habit: str) -> None:
    """The habits of a harness that is started for each request."""
    request = next(requests())
    if request["cmd"] == "hello":
        say(HELLO)
    elif habit == "pretty":
        write(json.dumps(right(request), indent=2).encode())
    elif habit == "fails":
        say(right(request))
        sys.exit(3)
    elif habit == "silent":
        sys.exit(0)
    elif habit == "hangs":
        time.sleep(FOREVER)
    elif habit == "answers-and-hangs":
        say(right(request))
        os.close(1)
        time.sleep(FOREVER)
    elif habit == "two-answers":
        say(right(request))
        say(right(request))
    elif habit == "forks":
        forks(lambda: time.sleep(FOREVER))(request)
    elif habit == "closes-input":
        os.close(0)
        time.sleep(0.6)
        say(right(request))


if __name__ == "__main__":
    if sys.argv[1] == "one-shot":
        one_shot(sys.argv[2])
    else:
        HABITS[sys.argv[1]]()
