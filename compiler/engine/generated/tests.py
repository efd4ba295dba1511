"""Writes tests: for each word of the language that is true or false, the Python that says the same.

One branch for each word, as in `compiler.engine.evaluate`, where nothing is invalid and so nothing unknown.
"""

from __future__ import annotations

from typing import Any

from compiler.engine import form
from compiler.engine.generated.code import Code
from compiler.engine.generated.values import Items, Values, equal_to_constant, fits, items_text, listed, shape_of
from compiler.engine.generated.writer import Block


class Tests(Values):
    """Writes the values and tests of one ruleset."""

    def test(self, test: form.Test, items: Items) -> str:
        """Writes what the test needs, and gives an expression for whether it holds."""
        match test:
            case form.AllOf(tests=tests):
                return self._composed(tests, items, "and", "if {}:")
            case form.AnyOf(tests=tests):
                return self._composed(tests, items, "or", "if not {}:")
            case form.Not(test=inner):
                held = self.test(inner, items)
                return f"not {held}" if held.isidentifier() or held.startswith("(") else f"not ({held})"
            case form.Equals(pair=pair):
                return self._equal(pair, items)
            case form.In(pair=(needle, haystack)):
                return self._in(self.value(needle, items), haystack, items)
            case form.Present(of=of):
                return self.value(of, items).is_there
            case form.Nonempty(of=of):
                found = self.value(of, items)
                # Among what is false in Python, only numbers and false are there and not empty.
                return f"({found.text} or {found.text} == 0)" if found.kinds & {"number", "boolean"} else found.text
            case form.Matches(of=of, pattern=pattern):
                found = self.value(of, items)
                check = f"{self.writer.constant(pattern)}.fullmatch({found.text}) is not None"
                return self._of_text(found, check)
            case form.Contains(of=of, texts=texts):
                found = self.value(of, items)
                check = f"in_order({self.writer.constant(texts)}, {found.text})"
                first = f"{self.writer.literal(texts[0])} in {found.text} and " if texts else ""
                return self._of_text(found, f"{first}{check}")
            case form.Type(of=of, kinds=kinds):
                return f"({fits(self.writer, self.value(of, items), frozenset(kinds))})"
            case form.Between(of=of, least=least, most=most):
                found = self.value(of, items)
                is_number = fits(self.writer, found, frozenset({"number"}))
                return f"({is_number} and {least} <= {found.text} <= {most})"
        raise AssertionError(f"an unknown test: {test}")

    def _of_text(self, found: Code, check: str) -> str:
        return f"({fits(self.writer, found, frozenset({'string'}))} and {check})"

    def _composed(self, tests: tuple[form.Test, ...], items: Items, word: str, header: str) -> str:
        """All or any of these: as one expression as long as nothing has to be written between them."""
        if not tests:
            return "True" if word == "and" else "False"
        texts: list[str] = []
        for index, test in enumerate(tests):
            block = Block(self.writer.block, self.writer.block.depth)
            with self.writer.at(block):
                text = self.test(test, items)
            if block.is_empty or index == 0:
                self.writer.block.parts.append(block)
                self.writer.block.known.update(block.known)
                texts.append(text)
                continue
            held = self.writer.assign(f" {word} ".join(texts))
            with self.writer.inside(header.format(held)):
                text = self._composed(tests[index:], items, word, header)
                self.writer.line(f"{held} = {text}")
            return held
        return texts[0] if len(texts) == 1 else f"({f' {word} '.join(texts)})"

    def _equal(self, pair: tuple[form.Value, form.Value], items: Items) -> str:
        left, right = pair
        for one, other in ((left, right), (right, left)):
            if isinstance(other, form.Const):
                return equal_to_constant(self.writer, self.value(one, items), listed(other.literal))
        first, second = self.value(left, items), self.value(right, items)
        if first.kinds == {"string"} or second.kinds == {"string"}:
            text, another = (first, second) if first.kinds == {"string"} else (second, first)
            return f"({text.is_there} and {text.text} == {another.text})"
        return f"same({self.normal(first)}, {self.normal(second)})"

    def _in(self, needle: Code, haystack: form.Value, items: Items) -> str:
        if isinstance(haystack, form.Const) and isinstance(haystack.literal, list | tuple):
            return self._in_constant(needle, list(haystack.literal))

        def write() -> Code:
            found = self.value(haystack, items)
            return Code(self.writer.assign(f"identities({items_text(found)})"))

        key = ("identities", shape_of(haystack, items))
        keeps = haystack.closed and (self.settled or not self._is_any(haystack, form.Out))
        keys = self.late(key, write) if keeps and self._keys_known(key) is None else self._keys_known(key) or write()
        text = needle.text if needle.kinds == {"string"} else f"identity({needle.text})"
        return f"({needle.is_there} and {text} in {keys.text})"

    def _keys_known(self, key: Any) -> Code | None:
        found: Code | None = self.writer.block.find(key)
        return found

    def _in_constant(self, needle: Code, literals: list[Any]) -> str:
        texts = [each for each in literals if isinstance(each, str)]
        checks = []
        if texts:
            check = f"{needle.text} in {self.writer.constant(frozenset(texts))}"
            checks.append(f"{fits(self.writer, needle, frozenset({'string'}))} and {check}")
        checks += [
            equal_to_constant(self.writer, needle, listed(each)) for each in literals if not isinstance(each, str)
        ]
        return f"({' or '.join(checks)})" if checks else "False"
