"""Many messages, one after the other or spread over processes: results one by one, in the order of the messages.

Each message is compiled by `compile`. For files of messages see `compiler.cli.bulk`.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, overload

from compiler.pipeline.compile import DEFAULT_TARGET, Options, compile, normalize_options, safely  # noqa: A004 - our own
from compiler.pipeline.processes import WorkerError, ordered_map
from compiler.pipeline.targets import Target, named_target
from compiler.results import Result

if TYPE_CHECKING:
    from compiler.documents import Payload, PayloadV31

_CHUNK = 64  # messages that go to another process together


@overload
def compile_many(
    messages: Iterable[object],
    target: Literal["mailjet-v3"] = ...,
    options: Options | Mapping[str, Any] | None = None,
    *,
    jobs: int = 1,
) -> Iterator[Result[Payload]]: ...
@overload
def compile_many(
    messages: Iterable[object],
    target: Literal["mailjet-v3.1"],
    options: Options | Mapping[str, Any] | None = None,
    *,
    jobs: int = 1,
) -> Iterator[Result[PayloadV31]]: ...
@overload
def compile_many(
    messages: Iterable[object],
    target: str | Target,
    options: Options | Mapping[str, Any] | None = None,
    *,
    jobs: int = 1,
) -> Iterator[Result[Any]]: ...
def compile_many(
    messages: Iterable[object],
    target: str | Target = DEFAULT_TARGET,
    options: Options | Mapping[str, Any] | None = None,
    *,
    jobs: int = 1,
) -> Iterator[Result[Any]]:
    """Compiles each message as `compile` does: an iterator of results, in the order of the messages.

    A message on which the compiler itself fails has one error with the code `InternalError`; the others are unaffected.
    Messages are taken from the iterable as results are asked for, so there may be any number of them. With several
    `jobs`, as many processes share the work, and a few hundred messages are read ahead; the program's main module must
    be importable then (`if __name__ == "__main__":`), and messages that cannot be pickled are compiled here. Raises
    what `compile` raises, and ValueError for less than one job, immediately; what the iterable raises, in its turn;
    and RuntimeError if a process is killed.
    """
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        raise ValueError(f"jobs must be a positive integer, got {jobs!r}")
    if isinstance(messages, Mapping | str | bytes):
        raise TypeError(f"messages must be an iterable of messages, not a single {type(messages).__name__}")
    options_mapping = normalize_options(options)
    (target if isinstance(target, Target) else named_target(target)).backend("send")
    if jobs == 1:
        return (_compile_safely(message, target, options_mapping) for message in messages)
    return _compile_parallel(iter(messages), target, options_mapping, jobs)


def _compile_parallel(
    messages: Iterator[object], target: str | Target, options: dict[str, Any], jobs: int
) -> Iterator[Result]:
    raised: list[Exception] = []
    taken: deque[list[bytes | Result]] = deque()

    def chunks() -> Iterator[list[bytes]]:
        chunk_items = (
            _pickle_or_compile_here(message, target, options) for message in _capture_exception(messages, raised)
        )
        while chunk := list(islice(chunk_items, _CHUNK)):
            taken.append(chunk)
            yield [item if isinstance(item, bytes) else b"" for item in chunk]

    try:
        with closing(ordered_map(partial(_compile_chunk, target=target, options=options), chunks(), jobs)) as completed:
            for results in completed:
                for sent, result in zip(taken.popleft(), results, strict=True):
                    if isinstance(sent, Result):
                        yield sent
                    else:  # only this process can unpickle it, for example an object of a class that was defined here
                        yield _compile_unpickled(sent, target, options) if result is None else result
    except WorkerError as error:
        error.add_note('Processes import the main module: is it a file, with its work under if __name__ == "__main__"?')
        raise
    if raised:
        raise raised[0]


def _capture_exception(messages: Iterator[object], raised: list[Exception]) -> Iterator[object]:
    """The messages; an error of the iterator is kept, to be raised after the results of the earlier messages."""
    try:
        yield from messages
    except Exception as error:
        raised.append(error)


def _pickle_or_compile_here(message: object, target: str | Target, options: dict[str, Any]) -> bytes | Result:
    """A message pickled for another process, or, if that fails, its result.

    It is pickled immediately, because the next message may be the same object, modified. Pickling a message can raise
    errors of many types.
    """
    try:
        return pickle.dumps(message)
    except Exception:
        return _compile_safely(message, target, options)


def _compile_safely(message: object, target: str | Target, options: dict[str, Any]) -> Result:
    return safely(lambda: compile(message, target, options))


def _compile_unpickled(sent: bytes, target: str | Target, options: dict[str, Any]) -> Result:
    return safely(lambda: compile(pickle.loads(sent), target, options))  # noqa: S301 - our own


def _compile_chunk(messages: list[bytes], target: str | Target, options: dict[str, Any]) -> list[Result | None]:
    """The results of pickled messages; None for those that cannot be unpickled."""
    return [_compile_pickled(message, target, options) for message in messages]


def _compile_pickled(sent: bytes, target: str | Target, options: dict[str, Any]) -> Result | None:
    try:
        message = pickle.loads(sent)  # noqa: S301 - our own parent's
    except Exception:
        return None
    return _compile_safely(message, target, options)
