"""Lines of messages: each compiles as it would alone, whatever it contains and however the lines are read."""

from __future__ import annotations

import json
import subprocess
import sys
from io import FileIO
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.cli.bulk.files import read_chunks
from compiler.cli.bulk.lines import BulkCounts, BulkSettings, compile_chunk
from compiler.cli.main import main
from tests.cli.test_command_line import MESSAGE

ODD = [
    b"",
    b" \t\r",
    b"\x0c",
    b"\x00",
    b"{",
    b"null",
    b"[" * 5_000,
    b'"\xff"',
    '"\u2028\x85"'.encode(),
    b"\xef\xbb\xbf{}",
    json.dumps(MESSAGE | {"subject": "Gr\u00fc\u00dfe\u2028\x85"}, ensure_ascii=False).encode(),
    json.dumps(MESSAGE | {"esp_extra": {"\ud800": "\ud800"}}).encode(),
    json.dumps(MESSAGE | {"esp_extra": {"number": 10**3_000}}).encode(),
    json.dumps(MESSAGE | {"tags": ["a", "b"]}).encode(),
    json.dumps({"to": ["b@example.com"], "template_id": 7}).encode(),
]
LINES = st.lists(
    st.sampled_from([json.dumps(MESSAGE).encode(), *ODD])
    | st.binary(max_size=9).map(lambda each: each.replace(b"\n", b""))
)


class SlowFile(FileIO):
    """A file whose reads return at most the given numbers of bytes, like a pipe."""

    def __init__(self, name: Path, sizes: list[int]) -> None:
        super().__init__(name)
        self._sizes = chain(sizes, repeat(1 << 18))

    def read(self, size: int | None = -1, /) -> Any:
        """The next bytes."""
        return super().read(min(size or -1, next(self._sizes)))


def compile_line(line: bytes, *, whole: bool) -> bytes:
    """The output line for a single line."""
    if not line.strip(b" \t\r"):
        return b"null"
    result = compiler.compile_text(line)
    text = json.dumps(result.to_dict() if whole else result.output, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


@given(
    lines=LINES,
    is_ended=st.booleans(),
    sizes=st.lists(st.integers(1, 400)),
    first=st.integers(1, 9),
    whole=st.booleans(),
)
def test_a_line_compiles_the_same_in_any_chunk(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[bytes],
    is_ended: bool,
    sizes: list[int],
    first: int,
    whole: bool,
) -> None:
    file = tmp_path_factory.getbasetemp() / "lines.jsonl"
    file.write_bytes(b"\n".join(lines) + (b"\n" if is_ended and lines else b""))
    expected = [compile_line(line, whole=whole) for line in lines]
    if lines and not is_ended and not lines[-1]:
        expected.pop()  # the text after the last line break is not a line
    settings = BulkSettings("lines.jsonl", "mailjet-v3", {}, whole, color=False)
    output, counts, firsts = b"", BulkCounts(), []
    with SlowFile(file, sizes) as source:
        for chunk in read_chunks(source, first):
            firsts.append((chunk.first, first + counts.lines))
            compiled = compile_chunk(chunk, settings)
            output += compiled.output
            counts += compiled.counts
    assert output.split(b"\n")[:-1] == expected
    assert counts.lines == len(expected)
    assert all(first == number for first, number in firsts)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_compiles_the_same_in_several_processes(tmp_path: Path, jobs: str) -> None:
    long = json.dumps(MESSAGE | {"body": "x" * 300_000}).encode()
    lines = [each for odd in ODD for each in (odd, json.dumps(MESSAGE).encode(), long)]
    file, out = tmp_path / "lines.jsonl", tmp_path / "out.jsonl"
    file.write_bytes(b"\n".join(lines))
    assert main([str(file), "-o", str(out), "--jobs", jobs]) == 1
    assert out.read_bytes().split(b"\n") == [*(compile_line(line, whole=False) for line in lines), b""]


def test_valid_lines_import_neither_engine_nor_diagnostics(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps(MESSAGE), encoding="utf-8")
    needless = {
        "compiler.cli.diagnostics",
        "compiler.engine.evaluator",
        "jsonschema",
        "multiprocessing",
        "tqdm",
    }
    code = f"import sys; from compiler.cli.main import main; main(); print({needless!r} & set(sys.modules))"
    completed = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True)
    assert completed.stdout.splitlines()[1:] == ["set()"]
