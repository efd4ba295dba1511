"""Writes Python: blocks of lines, names from counters, constants by way of the namespace.

Whatever is written goes through here, so here is what keeps generated code safe: a literal is written by `repr`, a name
is a letter and a number, any other object is a constant that the code knows by such a name. Nothing of a rule's text
gets into the code in any other way.
"""

from __future__ import annotations

import re
from collections import Counter
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
    static_condition: bool | None = None  # what the test was that last needed no header here

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

    def expression(self, name: str) -> str | None:
        """What the name stands for, where the block does no more than to say that."""
        if self.is_empty:
            return name
        start = f"{name} = "
        only = self.parts[0] if len(self.parts) == 1 else None
        return f"({only[len(start) :]})" if isinstance(only, str) and only.startswith(start) else None

    def lines(self) -> Iterator[str]:
        """The lines, indented."""
        for part in self.parts:
            if isinstance(part, str):
                yield _INDENT * self.depth + part
            else:
                yield from part.lines()


class Emitter:
    """Writes one function, block by block."""

    def __init__(self) -> None:
        self.block = self.top = Block(None, 1)
        self.namespace: dict[str, Any] = {}
        self.unset_names: list[str] = []
        self._names = 0
        self._constants: dict[Any, str] = {}

    def line(self, text: str) -> None:
        """Writes a line."""
        self.block.parts.append(text)

    def name(self) -> str:
        """A fresh name."""
        self._names += 1
        return f"v{self._names}"

    def constant(self, value: Any) -> str:
        """The name of an object that the code gets by way of its namespace."""
        # Sets of names and of types are the same where they are equal, which numbers and truth values are not.
        is_plain = isinstance(value, frozenset) and all(isinstance(each, str | type) for each in value)
        key = value if is_plain else id(value)
        known = self._constants.get(key)
        if known is not None:
            return known
        name = f"c{len(self._constants) + 1}"
        self.namespace[name] = value  # keeps it, so that its identity stays its own
        self._constants[key] = name
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
        """What is written within stands in a block under this header.

        Where it is known whether the test holds, no header is written, nor for the `else:` that follows: what is
        written within stands there as it is, or is thrown away.
        """
        outer = self.block
        static = {"if True:": True, "if False:": False}.get(header)
        holds = static if header != "else:" or outer.static_condition is None else not outer.static_condition
        if holds:
            yield outer
        elif holds is False:
            with self.at(Block(outer, outer.depth + 1)) as block:
                yield block
        else:
            self.line(header)
            with self.at(Block(outer, outer.depth + 1), attached=True) as block:
                yield block
                if block.is_empty:
                    self.line("pass")
        outer.static_condition = static

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


_NAME = re.compile(r"\bv[0-9]+\b")
_ASSIGNMENT = re.compile(r"(v[0-9]+) = ")


def eliminate_dead_code(top: Block) -> None:
    """Takes out what does nothing: values that nobody uses, blocks with nothing in them, their headers."""
    while True:
        uses = Counter(name for line in top.lines() for name in _NAME.findall(line))
        if not _prune(top, uses):
            return


def _prune(block: Block, uses: Counter[str]) -> bool:
    """Takes out what does nothing in a block; tells whether there was such a thing."""
    kept: list[str | Block] = []
    found = False
    for part in block.parts:
        if isinstance(part, Block):
            found |= _prune(part, uses)
            if part.is_empty and part.depth == block.depth:
                continue
            if part.is_empty and kept and isinstance(kept[-1], str) and kept[-1].endswith(":"):
                part.parts.append("pass")
        elif (assigned := _ASSIGNMENT.match(part)) and uses[assigned[1]] == 1:
            found = True
            continue
        kept.append(part)
    block.parts = _without_empty_blocks(kept, block.depth)
    return found or len(block.parts) < len(kept)


def _without_empty_blocks(parts: list[str | Block], depth: int) -> list[str | Block]:
    """Without headers of blocks that do nothing, unless another way hangs on them."""
    kept: list[str | Block] = []
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        is_idle = isinstance(part, Block) and part.depth > depth and part.parts == ["pass"]
        if is_idle and kept and isinstance(kept[-1], str) and kept[-1].startswith(("if ", "for ", "else:")):
            goes_on = isinstance(following, str) and following.startswith(("elif ", "else:"))
            if not goes_on:
                kept.pop()
                continue
        kept.append(part)
    return kept
