"""Many messages: lazily, in order, in one process or several, and whatever is wrong is wrong for one only."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

import compiler
from compiler.conformance.case_files import read_cases
from compiler.json_io import resources
from compiler.json_io.resources import validator
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline.processes import WorkerError, ordered_map

MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
CASES = [case.input["message"] for case in read_cases() if case.ruleset == "send" and "message" in case.input][:300]


def endless() -> Iterator[dict[str, Any]]:
    for number in count():
        yield MESSAGE | {"subject": str(number)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_messages_are_taken_as_results_are_asked_for(jobs: int) -> None:
    results = compiler.compile_many(endless(), jobs=jobs)
    assert [each.output["Subject"] for each in islice(results, 200)] == [str(number) for number in range(200)]
    results.close()  # type: ignore[attr-defined]  # a generator
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_those_of_compile_in_order(jobs: int) -> None:
    options = compiler.Options(send_defaults={"reply_to": ["help@example.com"]})
    results = list(compiler.compile_many(CASES, options=options, jobs=jobs))
    assert [each.to_dict() for each in results] == [compiler.compile(each, options=options).to_dict() for each in CASES]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_iterable_raises_comes_after_what_it_gave(jobs: int) -> None:
    def messages() -> Iterator[object]:
        yield from [MESSAGE] * 70
        raise LookupError("the end")

    results = compiler.compile_many(messages(), jobs=jobs)
    assert all(each.ok for each in islice(results, 70))
    with pytest.raises(LookupError, match="the end"):
        next(results)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"jobs": 0}, ValueError),
        ({"jobs": -1}, ValueError),
        ({"jobs": True}, ValueError),
        ({"jobs": "2"}, ValueError),
        ({"target": "mailgun"}, ValueError),
        ({"options": ["multiple tags"]}, TypeError),
    ],
)
def test_what_a_programmer_does_wrong_is_said_at_the_call(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        compiler.compile_many([MESSAGE], **arguments)


@pytest.mark.parametrize("messages", [MESSAGE, "a message", b"a message"])
def test_one_message_is_not_many(messages: Any) -> None:
    with pytest.raises(TypeError, match="messages must be an iterable of messages"):
        compiler.compile_many(messages)


def test_a_target_of_ones_own_goes_to_the_processes_too() -> None:
    target = compiler.load_target(Path(resources.TARGETS) / "mailjet_v3")
    assert next(compiler.compile_many([MESSAGE], target, jobs=2)) == compiler.compile(MESSAGE)


class Unreadable(dict[str, Any]):
    """What can be pickled, but only be read where it was made."""

    def __reduce__(self) -> tuple[Any, tuple[int, dict[str, Any]]]:
        return only_in, (os.getpid(), dict(self))


def only_in(process: int, content: dict[str, Any]) -> dict[str, Any]:
    if os.getpid() != process:
        raise OSError("this is another process")
    return content


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.slow
@pytest.mark.parametrize(
    "odd",
    [
        {"metadata": {"a": lambda: 1}},
        {"to": (each for each in ["b@example.com"])},
        {"esp_extra": {"a": nested(5_000)}},
        {"metadata": Unreadable(a=1)},
    ],
    ids=["lambda", "generator", "deep", "of this process only"],
)
def test_a_message_that_cannot_be_sent_to_a_process_is_compiled_all_the_same(odd: dict[str, Any]) -> None:
    messages = [MESSAGE, MESSAGE | odd, *CASES[:70]]
    results = compiler.compile_many(messages, jobs=2)
    assert [each.to_dict() for each in results] == [compiler.compile(each).to_dict() for each in messages]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_message_may_be_changed_for_the_next_one(jobs: int) -> None:
    def messages() -> Iterator[object]:
        message: dict[str, Any] = dict(MESSAGE)
        for number in range(200):
            message["to"] = [f"customer{number}@example.com"]
            yield message

    results = [each.unwrap() for each in compiler.compile_many(messages(), jobs=jobs)]
    assert [each["Recipients"][0]["Email"] for each in results] == [
        f"customer{each}@example.com" for each in range(200)
    ]


@pytest.mark.parametrize(
    "value",
    [
        compiler.compile,
        compiler.Options(True, {"to": []}, "a@example.com"),
        compiler.compile({"to": ["x"], "tags": ["a", "b"]}, options={"ignore_unsupported_features": True}),
        compiler.compile({"to": ["b@example.com"], "template_id": 7}),
        compiler.compile({"to": "nobody"}),
    ],
)
def test_what_a_distributed_engine_sends_around_can_be_pickled(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own


def test_a_target_of_ones_own_can_be_pickled() -> None:
    target = pickle.loads(pickle.dumps(compiler.load_target(Path(resources.TARGETS) / "mailjet_v3")))  # noqa: S301 - our own
    assert compiler.compile(MESSAGE, target) == compiler.compile(MESSAGE)


def test_a_program_that_processes_cannot_import_is_told_so() -> None:
    program = f"import compiler; list(compiler.compile_many([{MESSAGE!r}], jobs=2))"
    ran = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.endswith('is it a file, with its work under if __name__ == "__main__"?\n')


def test_a_program_may_end_before_the_results_do(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from itertools import repeat\n"
        "import compiler\n"
        "if __name__ == '__main__':\n"
        f"    results = compiler.compile_many(repeat({MESSAGE!r}), jobs=2)\n"
        "    print(next(results).ok)\n"
    )
    ran = subprocess.run([sys.executable, str(program)], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "True\n", "")


def killed(item: int) -> int:
    if item == 3:
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_killed_process_is_an_error_and_no_hang() -> None:
    with pytest.raises(WorkerError, match="killed"):
        list(ordered_map(killed, range(100), 2))
    assert not multiprocessing.active_children()


MARK = "hunter2"
BREAKING = MESSAGE | {"subject": MARK}
_try_fast_path = pipeline_compile._try_fast_path


def broken_result(message: Any, *given: Any) -> Any:
    """Stands for a part of the compiler with a fault that one message brings out."""
    if message.get("subject") == MARK:
        raise MemoryError(MARK) if message.get("tags") else ValueError(MARK)
    return _try_fast_path(message, *given)


class Sabotage(dict[str, Any]):
    """A message that breaks the compiler in the process where it is unpickled."""

    def __reduce__(self) -> Any:
        return sabotaged, (dict(self),)


def sabotaged(message: dict[str, Any]) -> dict[str, Any]:
    setattr(pipeline_compile, "_try_fast_path", broken_result)  # noqa: B010 - mypy knows its type
    return message


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_the_compiler_costs_one_message(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(pipeline_compile, "_try_fast_path", broken_result)
    messages = [MESSAGE, Sabotage(BREAKING), Sabotage(BREAKING | {"tags": ["a"]}), MESSAGE]
    results = list(compiler.compile_many(messages, jobs=jobs))
    assert [each.ok for each in results] == [True, False, False, True]
    for result, kind in zip(results[1:3], ("ValueError", "MemoryError"), strict=True):
        (error,) = result.errors
        assert (error.severity, error.code, error.document, error.path) == ("error", "InternalError", "message", "")
        assert re.fullmatch(
            rf"the compiler failed on this message \({kind} in compiler/pipeline/compile.py, line \d+\)", error.message
        )
        assert MARK not in str(error)
        assert not list(validator("diagnostic.schema.json").iter_errors(error.to_dict()))


def test_a_fault_of_the_compiler_is_seen_where_one_message_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline_compile, "_try_fast_path", broken_result)
    with pytest.raises(ValueError, match=MARK):
        compiler.compile(BREAKING)


def test_what_is_no_fault_of_the_compiler_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline_compile, "_try_fast_path", interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(compiler.compile_many([MESSAGE]))


class NeverRead(dict[str, Any]):
    """A message that can be pickled, and nowhere be unpickled."""

    def __reduce__(self) -> Any:
        return int, ("no number",)


def test_a_message_that_no_process_can_unpickle_costs_one_message() -> None:
    results = list(compiler.compile_many([MESSAGE, NeverRead(), MESSAGE], jobs=2))
    assert [each.ok for each in results] == [True, False, True]
    assert results[1].errors[0].code == "InternalError"


def killed_in_its_answer(item: int) -> bytes:
    """An answer larger than a pipe's buffer; the process is killed when half of the third one is written."""
    if item == 2:
        import os
        import signal
        from multiprocessing.connection import Connection

        def half(connection: Connection, content: bytes) -> None:
            left = memoryview(content)[: len(content) // 2]
            while left:
                left = left[os.write(connection.fileno(), left) :]
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send = half  # type: ignore[attr-defined]
    return bytes(1 << 20)


def test_a_process_killed_while_it_answers_is_an_error_and_no_hang() -> None:
    with pytest.raises(WorkerError, match="killed"):
        list(ordered_map(killed_in_its_answer, range(100), 2))
    assert not multiprocessing.active_children()


def test_what_was_done_before_a_process_was_killed_is_given() -> None:
    done = ordered_map(killed, range(100), 2)
    assert list(islice(done, 3)) == [0, 1, 2]
    with pytest.raises(WorkerError, match="killed"):
        next(done)


class TwoPartError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(one + two)


def failing(item: int) -> int:
    if item == 1:
        raise LookupError("the work")
    if item == 2:
        raise TwoPartError(1, 2)
    return item


def test_what_the_work_raises_comes_in_its_turn_and_says_where() -> None:
    done = ordered_map(failing, range(3), 2)
    assert next(done) == 0
    with pytest.raises(LookupError, match="the work") as caught:
        next(done)
    assert "in failing" in caught.value.__notes__[0]


def test_an_error_that_cannot_be_pickled_is_told_all_the_same() -> None:
    with pytest.raises(RuntimeError, match=r"cannot be pickled: TwoPartError: 3"):
        next(ordered_map(failing, [2], 1))


def unwritable(item: int) -> object:
    return lambda: item


def test_an_answer_that_cannot_be_pickled_is_an_error() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        next(ordered_map(unwritable, [1], 1))
