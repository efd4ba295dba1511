"""Writes Python: blocks of lines, names from counters, constants by way of the namespace.

Whatever is written goes through here, so here is what keeps generated code safe: a literal is written by `repr`, a name
is a letter and a number, any other object is a constant that the code knows by such a name. Nothing of a rule's text
gets into the code in any other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

_INDENT = "    "


@dataclass(eq=False, slots=True)
class Block:
    """Some lines and inner blocks, and the values that are known by name while they run.

    What is known in a block is known in those inside it.
    """

    outer: Block | None
    depth: int
    parts: list[str | Block] = field(default_factory=list)
    known: dict[Any, Any] = field(default_factory=dict)

    def find(self, key: Any) -> Any:
        """What is known under a key, here or further out; None where nothing is."""
        block: Block | None = self
        while block is not None:
            if key in block.known:
                return block.known[key]
            block = block.outer
        return None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(isinstance(part, str) or not part.is_empty for part in self.parts)

    def lines(self) -> Iterator[str]:
        """The lines, indented."""
        for part in self.parts:
            if isinstance(part, str):
                yield _INDENT * self.depth + part
            else:
                yield from part.lines()


class Writer:
    """Writes one function, block by block."""

    def __init__(self) -> None:
        self.block = self.top = Block(None, 1)
        self.namespace: dict[str, Any] = {}
        self.unknown: list[str] = []
        self._names = 0
        self._constants: dict[int, str] = {}

    def line(self, text: str) -> None:
        """Writes a line."""
        self.block.parts.append(text)

    def name(self) -> str:
        """A fresh name."""
        self._names += 1
        return f"v{self._names}"

    def constant(self, value: Any) -> str:
        """The name of an object that the code gets by way of its namespace."""
        known = self._constants.get(id(value))
        if known is not None:
            return known
        name = f"c{len(self._constants) + 1}"
        self.namespace[name] = value  # keeps it, so that its identity stays its own
        self._constants[id(value)] = name
        return name

    def literal(self, value: Any) -> str:
        """A JSON scalar as it is written in Python."""
        if type(value) is float and not isfinite(value):
            raise ValueError("no JSON number")
        return repr(value)

    def assign(self, text: str) -> str:
        """Gives the value of an expression a name."""
        name = self.name()
        self.line(f"{name} = {text}")
        return name

    @contextmanager
    def inside(self, header: str) -> Iterator[Block]:
        """What is written within stands in a block under this header; without one where the header is always true."""
        if header == "if True:":
            yield self.block
            return
        self.line(header)
        with self.at(Block(self.block, self.block.depth + 1), attached=True) as block:
            yield block
            if block.is_empty:
                self.line("pass")

    @contextmanager
    def at(self, block: Block, *, attached: bool = False) -> Iterator[Block]:
        """What is written within goes to this block; it becomes part of the block at hand if it is `attached`."""
        if attached:
            self.block.parts.append(block)
        before, self.block = self.block, block
        try:
            yield block
        finally:
            self.block = before
