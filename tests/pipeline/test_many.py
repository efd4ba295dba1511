"""Bulk compilation: lazy, in order, in one process or several; an error affects one message only."""

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
from compiler.json_io import resources
from compiler.json_io.resources import validator
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline.processes import WorkerError, ordered_map
from tests.cases import CASES

MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
MESSAGES = [case.input["message"] for case in CASES if case.ruleset == "send" and "message" in case.input][:300]


def endless() -> Iterator[dict[str, Any]]:
    for number in count():
        yield MESSAGE | {"subject": str(number)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_messages_are_consumed_lazily(jobs: int) -> None:
    results = compiler.compile_many(endless(), jobs=jobs)
    assert [each.unwrap()["Subject"] for each in islice(results, 200)] == [str(number) for number in range(200)]
    results.close()  # type: ignore[attr-defined]  # a generator
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_those_of_compile_in_order(jobs: int) -> None:
    options = compiler.Options(send_defaults={"reply_to": ["help@example.com"]})
    results = list(compiler.compile_many(MESSAGES, options=options, jobs=jobs))
    assert [each.to_dict() for each in results] == [
        compiler.compile(each, options=options).to_dict() for each in MESSAGES
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_of_the_iterable_comes_after_its_results(jobs: int) -> None:
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
def test_invalid_arguments_raise_at_the_call(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        compiler.compile_many([MESSAGE], **arguments)


@pytest.mark.parametrize("messages", [MESSAGE, "a message", b"a message"])
def test_a_single_message_raises_a_type_error(messages: Any) -> None:
    with pytest.raises(TypeError, match="messages must be an iterable of messages"):
        compiler.compile_many(messages)


def test_a_custom_target_works_in_worker_processes() -> None:
    target = compiler.load_target(Path(resources.TARGETS) / "mailjet_v3")
    assert next(compiler.compile_many([MESSAGE], target, jobs=2)) == compiler.compile(MESSAGE)


class BoundToProcess(dict[str, Any]):
    """A message that can be pickled, but only unpickled in the process that created it."""

    def __reduce__(self) -> tuple[Any, tuple[int, dict[str, Any]]]:
        return unpickle_in, (os.getpid(), dict(self))


def unpickle_in(process_id: int, content: dict[str, Any]) -> dict[str, Any]:
    if os.getpid() != process_id:
        raise OSError("this is another process")
    return content


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.slow
@pytest.mark.parametrize(
    "unusual",
    [
        {"metadata": {"a": lambda: 1}},
        {"to": (each for each in ["b@example.com"])},
        {"esp_extra": {"a": nested(5_000)}},
        {"metadata": BoundToProcess(a=1)},
    ],
    ids=["lambda", "generator", "deep", "of this process only"],
)
def test_a_message_that_cannot_be_sent_to_a_worker_is_still_compiled(unusual: dict[str, Any]) -> None:
    messages = [MESSAGE, MESSAGE | unusual, *MESSAGES[:70]]
    results = compiler.compile_many(messages, jobs=2)
    assert [each.to_dict() for each in results] == [compiler.compile(each).to_dict() for each in messages]


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_message_object_may_be_reused(jobs: int) -> None:
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
def test_functions_options_and_results_can_be_pickled(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own


def test_a_custom_target_can_be_pickled() -> None:
    target = pickle.loads(pickle.dumps(compiler.load_target(Path(resources.TARGETS) / "mailjet_v3")))  # noqa: S301 - our own
    assert compiler.compile(MESSAGE, target) == compiler.compile(MESSAGE)


def test_a_program_that_workers_cannot_import_gets_an_explanation() -> None:
    program = f"import compiler; list(compiler.compile_many([{MESSAGE!r}], jobs=2))"
    process = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True)
    assert process.returncode == 1
    assert process.stderr.endswith('is it a file, with its work under if __name__ == "__main__"?\n')


def test_a_program_may_exit_before_all_results(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from itertools import repeat\n"
        "import compiler\n"
        "if __name__ == '__main__':\n"
        f"    results = compiler.compile_many(repeat({MESSAGE!r}), jobs=2)\n"
        "    print(next(results).ok)\n"
    )
    process = subprocess.run([sys.executable, str(program)], capture_output=True, text=True)
    assert (process.returncode, process.stdout, process.stderr) == (0, "True\n", "")


def kill_at_three(item: int) -> int:
    if item == 3:
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_killed_worker_raises_and_does_not_hang() -> None:
    with pytest.raises(WorkerError, match="killed"):
        list(ordered_map(kill_at_three, range(100), 2))
    assert not multiprocessing.active_children()


MARK = "hunter2"
BREAKING = MESSAGE | {"subject": MARK}
_try_fast_path = pipeline_compile._try_fast_path


def failing_fast_path(message: Any, *arguments: Any) -> Any:
    """Stands for a part of the compiler that fails for one message."""
    if message.get("subject") == MARK:
        raise MemoryError(MARK) if message.get("tags") else ValueError(MARK)
    return _try_fast_path(message, *arguments)


class BreaksCompiler(dict[str, Any]):
    """A message that breaks the compiler in the process where it is unpickled."""

    def __reduce__(self) -> Any:
        return break_compiler, (dict(self),)


def break_compiler(message: dict[str, Any]) -> dict[str, Any]:
    setattr(pipeline_compile, "_try_fast_path", failing_fast_path)  # noqa: B010 - mypy knows its type
    return message


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_internal_error_affects_one_message_only(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(pipeline_compile, "_try_fast_path", failing_fast_path)
    messages = [MESSAGE, BreaksCompiler(BREAKING), BreaksCompiler(BREAKING | {"tags": ["a"]}), MESSAGE]
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


def test_an_internal_error_is_raised_by_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline_compile, "_try_fast_path", failing_fast_path)
    with pytest.raises(ValueError, match=MARK):
        compiler.compile(BREAKING)


def test_a_keyboard_interrupt_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline_compile, "_try_fast_path", interrupt)
    with pytest.raises(KeyboardInterrupt):
        next(compiler.compile_many([MESSAGE]))


class FailsToUnpickle(dict[str, Any]):
    """A message that can be pickled, but not unpickled."""

    def __reduce__(self) -> Any:
        return int, ("not a number",)


def test_a_message_that_cannot_be_unpickled_affects_only_itself() -> None:
    results = list(compiler.compile_many([MESSAGE, FailsToUnpickle(), MESSAGE], jobs=2))
    assert [each.ok for each in results] == [True, False, True]
    assert results[1].errors[0].code == "InternalError"


def kill_while_sending(item: int) -> bytes:
    """Returns more than a pipe's buffer holds; the process is killed after half of the third result is sent."""
    if item == 2:
        import os
        import signal
        from multiprocessing.connection import Connection

        def send_half(connection: Connection, content: bytes) -> None:
            unsent = memoryview(content)[: len(content) // 2]
            while unsent:
                unsent = unsent[os.write(connection.fileno(), unsent) :]
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send = send_half  # type: ignore[attr-defined]
    return bytes(1 << 20)


def test_a_worker_killed_while_sending_raises_and_does_not_hang() -> None:
    with pytest.raises(WorkerError, match="killed"):
        list(ordered_map(kill_while_sending, range(100), 2))
    assert not multiprocessing.active_children()


def test_results_before_a_worker_was_killed_are_returned() -> None:
    results = ordered_map(kill_at_three, range(100), 2)
    assert list(islice(results, 3)) == [0, 1, 2]
    with pytest.raises(WorkerError, match="killed"):
        next(results)


class TwoPartError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(one + two)


def failing(item: int) -> int:
    if item == 1:
        raise LookupError("the work")
    if item == 2:
        raise TwoPartError(1, 2)
    return item


def test_an_exception_of_the_function_is_raised_in_order_with_a_note() -> None:
    results = ordered_map(failing, range(3), 2)
    assert next(results) == 0
    with pytest.raises(LookupError, match="the work") as caught:
        next(results)
    assert "in failing" in caught.value.__notes__[0]


def test_an_exception_that_cannot_be_pickled_is_described() -> None:
    with pytest.raises(RuntimeError, match=r"cannot be pickled: TwoPartError: 3"):
        next(ordered_map(failing, [2], 1))


def unpicklable_result(item: int) -> object:
    return lambda: item


def test_a_result_that_cannot_be_pickled_is_an_error() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        next(ordered_map(unpicklable_result, [1], 1))
