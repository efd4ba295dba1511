"""Writes tests: for each word of the language that is true or false, the Python that says the same.

One branch for each word, as in `compiler.engine.evaluator`, where nothing is invalid and so nothing unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import Code
from compiler.engine.codegen.emitter import Block
from compiler.engine.codegen.expressions import Items, Values, equal_to_constant, fits, items_text, listed, shape_of
from compiler.engine.schema import Schema, types_of

_OPPOSITE = {"True": "False", "False": "True"}


class Tests(Values):
    """Writes the values and tests of one ruleset."""

    def test(self, test: ir.Test, items: Items) -> str:
        """Writes what the test needs, and gives an expression for whether it holds."""
        match test:
            case ir.AllOf(tests=tests):
                return self._composed(tests, items, "and", "if {}:")
            case ir.AnyOf(tests=tests):
                return self._composed(tests, items, "or", "if not {}:")
            case ir.Not(test=inner):
                held = self.test(inner, items)
                if held in _OPPOSITE:
                    return _OPPOSITE[held]
                return f"not {held}" if held.isidentifier() or held.startswith("(") else f"not ({held})"
            case ir.Equals(pair=pair):
                return self._equal(pair, items)
            case ir.In(pair=(needle, haystack)):
                return self._in(self.value(needle, items), haystack, items)
            case ir.Present(of=of):
                return self.value(of, items).is_there
            case ir.Nonempty(of=of):
                found = self.value(of, items)
                if not found.kinds:
                    return "False"
                if found.absent is None and found.kinds <= {"number", "boolean"}:
                    return "True"
                # Among what is false in Python, only numbers and false are there and not empty.
                return f"({found.text} or {found.text} == 0)" if found.kinds & {"number", "boolean"} else found.text
            case ir.Matches(of=of, pattern=pattern):
                found = self.value(of, items)
                check = f"{self.writer.constant(pattern)}.fullmatch({found.text}) is not None"
                return self._of_text(found, check)
            case ir.Contains(of=of, texts=texts):
                found = self.value(of, items)
                check = f"in_order({self.writer.constant(texts)}, {found.text})"
                first = f"{self.writer.literal(texts[0])} in {found.text} and " if texts else ""
                return self._of_text(found, f"{first}{check}")
            case ir.Type(of=of, kinds=kinds):
                fitted = fits(self.writer, self.value(of, items), frozenset(kinds))
                return fitted if fitted in _OPPOSITE else f"({fitted})"
            case ir.Between(of=of, least=least, most=most):
                found = self.value(of, items)
                is_number = fits(self.writer, found, frozenset({"number"}))
                if is_number in ("True", "False"):
                    return is_number if is_number == "False" else f"({least} <= {found.text} <= {most})"
                return f"({is_number} and {least} <= {found.text} <= {most})"
        raise AssertionError(f"an unknown test: {test}")

    def settled_test(self, test: ir.Test, items: Items) -> str | None:
        """Whether a test holds, "True" or "False", where that is known already. Nothing is written for it."""
        keeps = test.closed and not self._is_any(test, ir.Out)
        if keeps and id(test) in self._settled_tests:
            return self._settled_tests[id(test)]
        with self.writer.at(Block(self.writer.block, self.writer.block.depth)):
            text = self.test(test, items)
        settled = text if text in _OPPOSITE else None
        if keeps:
            self._settled_tests[id(test)] = settled
        return settled

    def _of_text(self, found: Code, check: str) -> str:
        is_text = fits(self.writer, found, frozenset({"string"}))
        return is_text if is_text == "False" else f"({check})" if is_text == "True" else f"({is_text} and {check})"

    def _composed(self, tests: tuple[ir.Test, ...], items: Items, word: str, header: str) -> str:
        """All or any of these: as one expression as long as nothing has to be written between them."""
        neutral = "True" if word == "and" else "False"
        known = [self.settled_test(test, items) for test in tests]
        if _OPPOSITE[neutral] in known:
            return _OPPOSITE[neutral]
        tests = tuple(test for test, text in zip(tests, known, strict=True) if text != neutral)
        texts: list[str] = []
        for index, test in enumerate(tests):
            block = Block(self.writer.block, self.writer.block.depth)
            with self.writer.at(block):
                text = self.test(test, items)
            if block.is_empty or not texts:
                self.writer.block.parts.append(block)
                self.writer.block.known.update(block.known)
                texts.append(text)
                continue
            held = self.writer.assign(f" {word} ".join(texts))
            with self.writer.inside(header.format(held)):
                text = self._composed(tests[index:], items, word, header)
                self.writer.line(f"{held} = {text}")
            return held
        if not texts:
            return neutral
        return texts[0] if len(texts) == 1 else f"({f' {word} '.join(texts)})"

    def _equal(self, pair: tuple[ir.Value, ir.Value], items: Items) -> str:
        left, right = pair
        for one, other in ((left, right), (right, left)):
            if isinstance(other, ir.Const):
                return equal_to_constant(self.writer, self.value(one, items), listed(other.literal))
        first, second = self.value(left, items), self.value(right, items)
        if not first.kinds & second.kinds:
            return "False"
        if first.kinds == {"string"} or second.kinds == {"string"}:
            text, another = (first, second) if first.kinds == {"string"} else (second, first)
            return f"({text.is_there} and {text.text} == {another.text})"
        return f"same({self.normal(first)}, {self.normal(second)})"

    def _in(self, needle: Code, haystack: ir.Value, items: Items) -> str:
        if isinstance(haystack, ir.Const) and isinstance(haystack.literal, list | tuple):
            return self._in_constant(needle, list(haystack.literal))

        if not needle.kinds or not self._is_anything(haystack, items):
            return "False"
        keys = self.value_keys(haystack, items)
        text = needle.text if needle.kinds == {"string"} else f"identity({needle.text})"
        return f"({text} in {keys.text})" if needle.absent is None else f"({needle.is_there} and {text} in {keys.text})"

    def value_keys(self, haystack: ir.Value, items: Items) -> Code:
        """Writes the set of what identifies the items of a value; once, where that is the same everywhere."""

        def write() -> Code:
            found = self.value(haystack, items)
            are_texts = found.schema is not None and types_of(_items_of(found.schema)) == {"string"}
            gather = "set" if are_texts and found.kinds == {"array"} else "identities"
            return Code(self.writer.assign(f"{gather}({items_text(found)})"))

        key = ("identities", shape_of(haystack, items))
        keeps = haystack.closed and (self.settled or not self._is_any(haystack, ir.Out))
        return self.late(key, write) if keeps and self._keys_known(key) is None else self._keys_known(key) or write()

    def _is_anything(self, value: ir.Value, items: Items) -> bool:
        """Whether there may be something in a value; what it takes to find that out is written nowhere."""
        with self.writer.at(Block(self.writer.block, self.writer.block.depth)):
            return bool(self.value(value, items).kinds & {"array", "object"})

    def _keys_known(self, key: Any) -> Code | None:
        found: Code | None = self.writer.block.find(key)
        return found

    def _in_constant(self, needle: Code, literals: list[Any]) -> str:
        texts = [each for each in literals if isinstance(each, str)]
        checks = []
        if texts:
            check = f"{needle.text} in {self.writer.constant(frozenset(texts))}"
            is_text = fits(self.writer, needle, frozenset({"string"}))
            checks += [] if is_text == "False" else [check if is_text == "True" else f"{is_text} and {check}"]
        others = [each for each in literals if not isinstance(each, str)]
        checks += [equal_to_constant(self.writer, needle, listed(each)) for each in others]
        checks = [check for check in checks if check != "False"]
        return f"({' or '.join(checks)})" if checks else "False"


def _items_of(schema: Schema) -> Schema:
    items = schema.get("items")
    return items if isinstance(items, Mapping) else {}
