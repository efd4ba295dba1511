"""Hostile input: time and memory grow at most linearly with its size, and nothing raises.

Memory is measured by tracemalloc and work by the number of Python lines that run, both as the ratio of one size to four
times that size, so the results do not depend on the machine. There is one structure for each kind of bad document.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

import compiler
from compiler.pipeline.targets import named_target

MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
LOGO = {"content": "aGk=", "mimetype": "image/png", "disposition": "inline", "content_id": "x"}


def compile_with(**fields: Any) -> Callable[[], Any]:
    return lambda: compiler.compile(MESSAGE | fields)


def decode_json(kind: str, body: Any) -> Callable[[], Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return lambda: getattr(compiler, f"decode_{kind}")(text)


def to_email(*headers: list[str]) -> Callable[[], Any]:
    return lambda: compiler.to_email_message({"headers": list(headers)})


def repeated_keys(n: int) -> str:
    """Objects with duplicate keys, below a long key."""
    return '{"' + "k" * (n // 2) + '": [' + ",".join(['{"a":1,"a":2}'] * (n // 28)) + "]}"


# Each builds a document of about n characters.
STRUCTURES: dict[str, Callable[[int], Callable[[], Any]]] = {
    "digits": lambda n: compile_with(body=f"&#{'9' * n};", content_subtype="html", attachments=[LOGO]),
    "digits of a number": lambda n: lambda: compiler.compile_text('{"metadata": {"a": ' + "9" * n + "}}"),
    "repeated keys below a long key": lambda n: lambda: compiler.compile_text('{"metadata": ' + repeated_keys(n) + "}"),
    "repeated keys in a payload": lambda n: decode_json("events", [{"Payload": repeated_keys(n)}]),
    "surrogates below a long key": lambda n: compile_with(metadata={"k" * (n // 2): ["\ud800"] * (n // 18)}),
    "nulls below a long key": lambda n: compile_with(merge_global_data={"k" * (n // 2): [None] * (n // 12)}),
    "values below a long key": lambda n: compile_with(metadata={"k" * (n // 2): [1] * (n // 4)}, track_opens=True),
    "values below a long key of an error": lambda n: compile_with(metadata={"k" * (n // 2): [1] * (n // 4)}, to=[]),
    "values below a long key, explained": lambda n: (
        lambda: compiler.explain(MESSAGE | {"metadata": {"k" * (n // 2): [1] * (n // 4)}})
    ),
    "wrong types": lambda n: compile_with(to=[1] * (n // 3)),
    "unknown fields": lambda n: compile_with(**{f"field{number}": 1 for number in range(n // 15)}),
    "bad addresses": lambda n: compile_with(to=["x"] * (n // 5)),
    "addresses": lambda n: compile_with(to=["a@example.com," * (n // 14)]),
    "addresses with comments": lambda n: compile_with(to=[f"{'(' * (n // 2)}{')' * (n // 2)}a@example.com"]),
    "comments": lambda n: compile_with(to=[f"a@example.com {'(a) ' * (n // 4)}"]),
    "encoded words": lambda n: compile_with(to=[{"email": "a@example.com", "name": "=?utf-8?q?a?= " * (n // 15)}]),
    "nested encoded words": lambda n: compile_with(
        to=[{"email": "a@example.com", "name": f"{'=?l1?q' * (n // 9)}{'??=' * (n // 9)}"}]
    ),
    "nested encoded words received": lambda n: decode_json(
        "inbound", {"Headers": {"From": f"{'=?l1?q' * (n // 9)}{'??=' * (n // 9)} <a@example.com>"}}
    ),
    "headers": lambda n: compile_with(extra_headers={f"X-{number}": "v" for number in range(n // 12)}),
    "headers, explained": lambda n: (
        lambda: compiler.explain(MESSAGE | {"extra_headers": {f"X-{number}": "v" for number in range(n // 12)}})
    ),
    "recipients, explained": lambda n: lambda: compiler.explain(MESSAGE | {"to": ["a@example.com"] * (n // 17)}),
    "HTML alternatives": lambda n: compile_with(alternatives=[{"content": "x", "mimetype": "text/html"}] * (n // 43)),
    "HTML alternatives, explained": lambda n: (
        lambda: compiler.explain(MESSAGE | {"alternatives": [{"content": "x", "mimetype": "text/html"}] * (n // 43)})
    ),
    "other alternatives": lambda n: compile_with(
        alternatives=[{"content": "x", "mimetype": f"text/x{number}"} for number in range(n // 43)]
    ),
    "recipients of esp_extra": lambda n: compile_with(esp_extra={"Recipients": [1] * (n // 3)}),
    "merge fields": lambda n: compile_with(body="".join(f"[[var:a{number}]]" for number in range(n // 13))),
    "unterminated merge fields": lambda n: compile_with(body="[[var:" * (n // 6)),
    "spaces in a merge field": lambda n: compile_with(body="[[" + " " * n),
    "data without recipients": lambda n: compile_with(
        merge_data={f"u{number}@example.com": {} for number in range(n // 24)}
    ),
    "references": lambda n: compile_with(
        body="".join(f"<img src='cid:a{number}'>" for number in range(n // 22)), content_subtype="html"
    ),
    "nesting": lambda n: lambda: compiler.compile_text("[" * n),
    "nesting received": lambda n: decode_json("inbound", "[" * (n // 2) + "]" * (n // 2)),
    "invalid events": lambda n: decode_json("events", [1] * (n // 3)),
    "empty events": lambda n: decode_json("events", [{}] * (n // 4)),
    "invalid recipients": lambda n: decode_json("response", {"Sent": [5] * (n // 3)}),
    "parts with one content": lambda n: decode_json(
        "inbound",
        {"Parts": [{"ContentRef": "Attachment1"}] * (n // 60), "Attachment1": "A" * (n // 8 * 4)},
    ),
    "invalid parts": lambda n: decode_json("inbound", {"Parts": [5] * (n // 3)}),
    "pieces of HTML": lambda n: decode_json("inbound", {f"Html-part{number}": "<p>x" for number in range(n // 22)}),
    "unterminated styles": lambda n: decode_json(
        "inbound", {"Html-part": "<style>" * (n // 14), "Html-part2": "<!--" * (n // 8)}
    ),
    "received headers": lambda n: decode_json("inbound", {"Headers": {f"X-{number}": 5 for number in range(n // 12)}}),
    "parameters": lambda n: decode_json(
        "inbound",
        {"Headers": {"Content-Disposition": ";a=b" * (n // 4)}, "ContentRef": "Attachment1", "Attachment1": "AAAA"},
    ),
    "addresses of a mail": lambda n: to_email(*[["Resent-To", "a@example.com, " * 60 + "b@example.com"]] * (n // 915)),
    "odd addresses of a mail": lambda n: to_email(*[["Resent-To", ".a@example.com, " * 60]] * (n // 960)),
    "dates of a mail": lambda n: to_email(*[["Resent-Date", "Mon " * 225]] * (n // 900)),
}
SMALL = 3_000
LONG = ("invalid recipients", "recipients of esp_extra", "bad addresses", "wrong types")  # slow to trace


@pytest.fixture(autouse=True, scope="module")
def _generated_code() -> None:
    """The decoders' code, so that it is not generated while lines are counted."""
    for name in ("response", "events", "inbound", "template"):
        named_target("mailjet-v3").backend(name).select([0] * 2_000)


def peak_memory(run: Callable[[], Any]) -> int:
    """The peak number of allocated bytes."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def count_lines(run: Callable[[], Any]) -> int:
    """The number of Python lines that run."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(previous)
    return count


@pytest.mark.parametrize(
    "structure", [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in STRUCTURES]
)
def test_work_and_memory_grow_no_faster_than_the_document(structure: str) -> None:
    make = STRUCTURES[structure]
    small, large = make(SMALL), make(4 * SMALL)
    small()  # fills caches, imports modules and generates code
    large()
    assert count_lines(large) < 5 * count_lines(small) + 20_000
    assert peak_memory(large) < 5 * peak_memory(small) + 500_000


@pytest.mark.slow
@pytest.mark.parametrize("structure", STRUCTURES)
def test_memory_is_a_small_multiple_of_the_document(structure: str) -> None:
    size = 50_000
    run = STRUCTURES[structure](size)
    assert peak_memory(run) < 250 * size
