"""Emits Python source: blocks of lines, numbered names, and constants in a namespace.

This is what makes generated code safe. Literals are written with `repr`, names are a letter and a number, and any other
object is a constant in the namespace; only docstrings have texts of rules, without special characters. No text of a
rule gets into the code in any other way.
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
    """Lines and inner blocks, and the values that have been computed when they run.

    What is `known` in a block is known in the blocks inside it.
    """

    outer: Block | None
    depth: int
    parts: list[str | Block] = field(default_factory=list)
    known: dict[Any, Any] = field(default_factory=dict)
    static_condition: bool | None = None  # value of the last constant-folded condition, for the `else:` that follows

    def find(self, key: Any) -> Any:
        """What is known under a key, here or in an outer block; None if nothing is."""
        block: Block | None = self
        while block is not None:
            if key in block.known:
                return block.known[key]
            block = block.outer
        return None

    @property
    def is_empty(self) -> bool:
        """Whether it contains no statements."""
        return all(part.startswith("#") if isinstance(part, str) else part.is_empty for part in self.parts)

    def expression(self, name: str) -> str | None:
        """The expression of a name if the block does nothing but assign it; else None."""
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
    """Emits one function, block by block."""

    def __init__(self) -> None:
        self.block = self.top = Block(None, 1)
        self.namespace: dict[str, Any] = {}
        self.unset_names: list[str] = []
        self._names = 0
        self._constants: dict[Any, str] = {}

    def line(self, text: str) -> None:
        """Emits a line."""
        self.block.parts.append(text)

    def name(self) -> str:
        """A new name."""
        self._names += 1
        return f"v{self._names}"

    def constant(self, value: Any) -> str:
        """The name of an object in the namespace of the code."""
        # Only sets of strings or types are shared when equal: for numbers and booleans, 1 == True == 1.0.
        is_plain = isinstance(value, frozenset) and all(isinstance(item, str | type) for item in value)
        key = value if is_plain else id(value)
        known = self._constants.get(key)
        if known is not None:
            return known
        name = f"c{len(self._constants) + 1}"
        self.namespace[name] = value  # keeps it alive, so that its id is not reused
        self._constants[key] = name
        return name

    def literal(self, value: Any) -> str:
        """A JSON scalar as a Python literal. Raises ValueError for a number that is not finite."""
        if type(value) is float and not isfinite(value):
            raise ValueError(f"not a JSON number: {value}")
        return repr(value)

    def assign(self, text: str) -> str:
        """Emits an assignment of an expression to a new name; returns the name."""
        name = self.name()
        self.line(f"{name} = {text}")
        return name

    @contextmanager
    def inside(self, header: str) -> Iterator[Block]:
        """Emits a block under this header.

        If the condition is constant, neither its header nor that of the `else:` that follows is emitted; the block is
        inlined or discarded.
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
        """Emits into this block, which becomes a part of the current block if it is `attached`."""
        if attached:
            self.block.parts.append(block)
        outer, self.block = self.block, block
        try:
            yield block
        finally:
            self.block = outer


_NOT_IN_DOCSTRINGS = re.compile(r"[^\w .:/#,()-]")


def docstring_text(text: str) -> str:
    """A text of a rule file in a docstring, where it must not end the docstring or begin an escape."""
    return _NOT_IN_DOCSTRINGS.sub("?", text)


_NAME = re.compile(r"\bv[0-9]+\b")
_ASSIGNMENT = re.compile(r"(v[0-9]+) = ")


def eliminate_dead_code(top: Block) -> None:
    """Removes unused assignments, and empty blocks with their headers."""
    while True:
        uses = Counter(name for line in top.lines() for name in _NAME.findall(line))
        if not _prune(top, uses):
            return


def _prune(block: Block, uses: Counter[str]) -> bool:
    """Removes dead code from a block; true if there was any."""
    parts: list[str | Block] = []
    removed = False
    for part in block.parts:
        if isinstance(part, Block):
            removed |= _prune(part, uses)
            if part.is_empty and part.depth == block.depth:
                continue
            if part.is_empty and parts and isinstance(parts[-1], str) and parts[-1].endswith(":"):
                part.parts = ["pass"]
        elif (assigned := _ASSIGNMENT.match(part)) and uses[assigned[1]] == 1:
            removed = True
            continue
        parts.append(part)
    block.parts = _without_empty_blocks(parts, block.depth)
    return removed or len(block.parts) < len(parts)


def _without_empty_blocks(parts: list[str | Block], depth: int) -> list[str | Block]:
    """The parts without empty blocks and their headers, unless an `elif` or `else` follows."""
    remaining: list[str | Block] = []
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        is_empty_block = isinstance(part, Block) and part.depth > depth and part.parts == ["pass"]
        if (
            is_empty_block
            and remaining
            and isinstance(remaining[-1], str)
            and remaining[-1].startswith(("if ", "for ", "else:"))
        ):
            has_alternative = isinstance(following, str) and following.startswith(("elif ", "else:"))
            if not has_alternative:
                remaining.pop()
                continue
        remaining.append(part)
    return remaining
