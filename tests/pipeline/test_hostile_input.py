"""Hostile input: whatever it holds, time and memory grow with its size and not faster, and nothing raises.

Memory is measured by tracemalloc, work by the lines of Python that run, both as ratios of one size to four times it.
So the tests say the same on any machine, however busy it is. One structure for each way in which a document can be bad.
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

MESSAGE = {"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"}
LOGO = {"content": "aGk=", "mimetype": "image/png", "disposition": "inline", "content_id": "x"}


def compiled(**fields: Any) -> Callable[[], Any]:
    return lambda: compiler.compile(MESSAGE | fields)


def decoded(kind: str, body: Any) -> Callable[[], Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return lambda: getattr(compiler, f"decode_{kind}")(text)


def mailed(*headers: list[str]) -> Callable[[], Any]:
    return lambda: compiler.to_email_message({"headers": list(headers)})


def repeated_keys(n: int) -> str:
    """Objects that have a key twice, below a long key."""
    return '{"' + "k" * (n // 2) + '": [' + ",".join(['{"a":1,"a":2}'] * (n // 28)) + "]}"


# Each makes a document of about so many characters.
STRUCTURES: dict[str, Callable[[int], Callable[[], Any]]] = {
    "digits": lambda n: compiled(body=f"&#{'9' * n};", content_subtype="html", attachments=[LOGO]),
    "digits of a number": lambda n: lambda: compiler.compile_text('{"metadata": {"a": ' + "9" * n + "}}"),
    "repeated keys below a long key": lambda n: lambda: compiler.compile_text('{"metadata": ' + repeated_keys(n) + "}"),
    "repeated keys in a payload": lambda n: decoded("events", [{"Payload": repeated_keys(n)}]),
    "surrogates below a long key": lambda n: compiled(metadata={"k" * (n // 2): ["\ud800"] * (n // 18)}),
    "nulls below a long key": lambda n: compiled(merge_global_data={"k" * (n // 2): [None] * (n // 12)}),
    "values below a long key": lambda n: compiled(metadata={"k" * (n // 2): [1] * (n // 4)}, track_opens=True),
    "values below a long key of an error": lambda n: compiled(metadata={"k" * (n // 2): [1] * (n // 4)}, to=[]),
    "values below a long key, explained": lambda n: (
        lambda: compiler.explain(MESSAGE | {"metadata": {"k" * (n // 2): [1] * (n // 4)}})
    ),
    "wrong types": lambda n: compiled(to=[1] * (n // 3)),
    "unknown fields": lambda n: compiled(**{f"field{number}": 1 for number in range(n // 15)}),
    "bad addresses": lambda n: compiled(to=["x"] * (n // 5)),
    "addresses": lambda n: compiled(to=["a@example.com," * (n // 14)]),
    "addresses with comments": lambda n: compiled(to=[f"{'(' * (n // 2)}{')' * (n // 2)}a@example.com"]),
    "comments": lambda n: compiled(to=[f"a@example.com {'(a) ' * (n // 4)}"]),
    "encoded words": lambda n: compiled(to=[{"email": "a@example.com", "name": "=?utf-8?q?a?= " * (n // 15)}]),
    "nested encoded words": lambda n: compiled(
        to=[{"email": "a@example.com", "name": f"{'=?l1?q' * (n // 9)}{'??=' * (n // 9)}"}]
    ),
    "nested encoded words received": lambda n: decoded(
        "inbound", {"Headers": {"From": f"{'=?l1?q' * (n // 9)}{'??=' * (n // 9)} <a@example.com>"}}
    ),
    "headers": lambda n: compiled(extra_headers={f"X-{number}": "v" for number in range(n // 12)}),
    "recipients of esp_extra": lambda n: compiled(esp_extra={"Recipients": [1] * (n // 3)}),
    "merge fields": lambda n: compiled(body="".join(f"[[var:a{number}]]" for number in range(n // 13))),
    "merge fields that do not end": lambda n: compiled(body="[[var:" * (n // 6)),
    "spaces in a merge field": lambda n: compiled(body="[[" + " " * n),
    "data of nobody": lambda n: compiled(merge_data={f"u{number}@example.com": {} for number in range(n // 24)}),
    "references": lambda n: compiled(
        body="".join(f"<img src='cid:a{number}'>" for number in range(n // 22)), content_subtype="html"
    ),
    "nesting": lambda n: lambda: compiler.compile_text("[" * n),
    "nesting received": lambda n: decoded("inbound", "[" * (n // 2) + "]" * (n // 2)),
    "events that are none": lambda n: decoded("events", [1] * (n // 3)),
    "empty events": lambda n: decoded("events", [{}] * (n // 4)),
    "recipients that are none": lambda n: decoded("response", {"Sent": [5] * (n // 3)}),
    "parts with one content": lambda n: decoded(
        "inbound",
        {"Parts": [{"ContentRef": "Attachment1"}] * (n // 60), "Attachment1": "A" * (n // 8 * 4)},
    ),
    "parts that are none": lambda n: decoded("inbound", {"Parts": [5] * (n // 3)}),
    "pieces of HTML": lambda n: decoded("inbound", {f"Html-part{number}": "<p>x" for number in range(n // 22)}),
    "styles that do not end": lambda n: decoded(
        "inbound", {"Html-part": "<style>" * (n // 14), "Html-part2": "<!--" * (n // 8)}
    ),
    "received headers": lambda n: decoded("inbound", {"Headers": {f"X-{number}": 5 for number in range(n // 12)}}),
    "parameters": lambda n: decoded(
        "inbound",
        {"Headers": {"Content-Disposition": ";a=b" * (n // 4)}, "ContentRef": "Attachment1", "Attachment1": "AAAA"},
    ),
    "addresses of a mail": lambda n: mailed(*[["Resent-To", "a@example.com, " * 60 + "b@example.com"]] * (n // 915)),
    "odd addresses of a mail": lambda n: mailed(*[["Resent-To", ".a@example.com, " * 60]] * (n // 960)),
    "dates of a mail": lambda n: mailed(*[["Resent-Date", "Mon " * 225]] * (n // 900)),
}
SMALL = 3_000
LONG = ("recipients that are none", "recipients of esp_extra", "bad addresses", "wrong types")  # to trace


def memory(run: Callable[[], Any]) -> int:
    """The most bytes that are taken at once."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def lines_run(run: Callable[[], Any]) -> int:
    """How many lines of Python run."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "structure", [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in STRUCTURES]
)
def test_work_and_memory_grow_no_faster_than_the_document(structure: str) -> None:
    make = STRUCTURES[structure]
    small, large = make(SMALL), make(4 * SMALL)
    small()  # imports, caches, and the code that is written once
    large()
    assert lines_run(large) < 5 * lines_run(small) + 20_000
    assert memory(large) < 5 * memory(small) + 500_000


@pytest.mark.slow
@pytest.mark.parametrize("structure", STRUCTURES)
def test_memory_is_a_small_multiple_of_the_document(structure: str) -> None:
    size = 300_000
    run = STRUCTURES[structure](size)
    assert memory(run) < 250 * size
