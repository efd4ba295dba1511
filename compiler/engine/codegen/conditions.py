"""Translates the test operators to Python conditions.

There is one branch for each operator, as in `compiler.engine.evaluator`; no value is invalid, so no test is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.code import Code, Items, equal_to_constant, has_type, items_text, tuples_to_lists
from compiler.engine.codegen.emitter import Block
from compiler.engine.codegen.expressions import ExpressionWriter
from compiler.engine.codegen.value_numbering import structural_key
from compiler.engine.schema import Schema, allowed_types

_OPPOSITE = {"True": "False", "False": "True"}


class ConditionWriter(ExpressionWriter):
    """Translates the values and tests of one ruleset."""

    def test(self, test: ir.Test, items: Items) -> str:
        """Emits what the test needs; returns a condition."""
        match test:
            case ir.AllOf(tests=tests):
                return self._combine(tests, items, "and", "if {}:")
            case ir.AnyOf(tests=tests):
                return self._combine(tests, items, "or", "if not {}:")
            case ir.Not(test=inner):
                condition = self.test(inner, items)
                if condition in _OPPOSITE:
                    return _OPPOSITE[condition]
                return (
                    f"not {condition}"
                    if condition.isidentifier() or condition.startswith("(")
                    else f"not ({condition})"
                )
            case ir.Equals(pair=pair):
                return self._equal(pair, items)
            case ir.OneOf(pair=(needle, haystack)):
                return self._in(self.value(needle, items), haystack, items)
            case ir.Present(of=of):
                return self.value(of, items).is_present
            case ir.Nonempty(of=of):
                code = self.value(of, items)
                if not code.kinds:
                    return "False"
                if code.absent is None and code.kinds <= {"number", "boolean"}:
                    return "True"
                # Of the falsy values, only numbers and false are present and not empty.
                return f"({code.text} or {code.text} == 0)" if code.kinds & {"number", "boolean"} else code.text
            case ir.Matches(of=of, pattern=pattern):
                code = self.value(of, items)
                check = f"{self.emitter.constant(pattern)}.fullmatch({code.text}) is not None"
                return self._string_check(code, check)
            case ir.Contains(of=of, texts=texts):
                code = self.value(of, items)
                check = f"contains_in_sequence({self.emitter.constant(texts)}, {code.text})"
                first = f"{self.emitter.literal(texts[0])} in {code.text} and " if texts else ""
                return self._string_check(code, f"{first}{check}")
            case ir.Type(of=of, kinds=kinds):
                fitted = has_type(self.emitter, self.value(of, items), frozenset(kinds))
                return fitted if fitted in _OPPOSITE else f"({fitted})"
            case ir.Between(of=of, least=least, most=most):
                code = self.value(of, items)
                is_number = has_type(self.emitter, code, frozenset({"number"}))
                if is_number in ("True", "False"):
                    return is_number if is_number == "False" else f"({least} <= {code.text} <= {most})"
                return f"({is_number} and {least} <= {code.text} <= {most})"
        raise AssertionError(f"unknown test: {test}")

    def constant_fold_test(self, test: ir.Test, items: Items) -> str | None:
        """Constant-folds a test to "True" or "False"; None if it is not constant. Emits nothing."""
        keeps = test.item_independent and not self._contains_operator(test, ir.Out)
        if keeps and id(test) in self._folded_tests:
            return self._folded_tests[id(test)]
        with self.emitter.at(Block(self.emitter.block, self.emitter.block.depth)):
            text = self.test(test, items)
        folded = text if text in _OPPOSITE else None
        if keeps:
            self._folded_tests[id(test)] = folded
        return folded

    def _string_check(self, code: Code, check: str) -> str:
        is_text = has_type(self.emitter, code, frozenset({"string"}))
        return is_text if is_text == "False" else f"({check})" if is_text == "True" else f"({is_text} and {check})"

    def _combine(self, tests: tuple[ir.Test, ...], items: Items, word: str, header: str) -> str:
        """The conjunction or disjunction of tests: one expression as long as no statements are needed between them."""
        neutral = "True" if word == "and" else "False"
        known = [self.constant_fold_test(test, items) for test in tests]
        if _OPPOSITE[neutral] in known:
            return _OPPOSITE[neutral]
        tests = tuple(test for test, text in zip(tests, known, strict=True) if text != neutral)
        texts: list[str] = []
        for index, test in enumerate(tests):
            block = Block(self.emitter.block, self.emitter.block.depth)
            with self.emitter.at(block):
                text = self.test(test, items)
            if block.is_empty or not texts:
                self.emitter.block.parts.append(block)
                self.emitter.block.known.update(block.known)
                texts.append(text)
                continue
            condition = self.emitter.assign(f" {word} ".join(texts))
            with self.emitter.inside(header.format(condition)):
                text = self._combine(tests[index:], items, word, header)
                self.emitter.line(f"{condition} = {text}")
            return condition
        if not texts:
            return neutral
        return texts[0] if len(texts) == 1 else f"({f' {word} '.join(texts)})"

    def _equal(self, pair: tuple[ir.Value, ir.Value], items: Items) -> str:
        left, right = pair
        for one, other in ((left, right), (right, left)):
            if isinstance(other, ir.Const):
                return equal_to_constant(self.emitter, self.value(one, items), tuples_to_lists(other.literal))
        first, second = self.value(left, items), self.value(right, items)
        if not first.kinds & second.kinds:
            return "False"
        if first.kinds == {"string"} or second.kinds == {"string"}:
            text, another = (first, second) if first.kinds == {"string"} else (second, first)
            return f"({text.is_present} and {text.text} == {another.text})"
        return f"same({self.absent_as_sentinel(first)}, {self.absent_as_sentinel(second)})"

    def _in(self, needle: Code, haystack: ir.Value, items: Items) -> str:
        if isinstance(haystack, ir.Const) and isinstance(haystack.literal, list | tuple):
            return self._in_constant(needle, list(haystack.literal))

        if not needle.kinds or not self._may_have_items(haystack, items):
            return "False"
        keys = self.item_keys(haystack, items)
        text = needle.text if needle.kinds == {"string"} else f"identity({needle.text})"
        return (
            f"({text} in {keys.text})" if needle.absent is None else f"({needle.is_present} and {text} in {keys.text})"
        )

    def item_keys(self, haystack: ir.Value, items: Items) -> Code:
        """Emits the set of identities of the items of a value; hoisted if it is loop-invariant."""

        def write() -> Code:
            haystack_code = self.value(haystack, items)
            are_texts = haystack_code.schema is not None and allowed_types(_items_of(haystack_code.schema)) == {
                "string"
            }
            gather = "set" if are_texts and haystack_code.kinds == {"array"} else "identities"
            return Code(self.emitter.assign(f"{gather}({items_text(haystack_code)})"))

        key = ("identities", structural_key(haystack, items))
        keeps = haystack.item_independent and (self.output_is_final or not self._contains_operator(haystack, ir.Out))
        return self.hoist(key, write) if keeps and self._known_keys(key) is None else self._known_keys(key) or write()

    def _may_have_items(self, value: ir.Value, items: Items) -> bool:
        """Whether a value may have items. Emits nothing."""
        with self.emitter.at(Block(self.emitter.block, self.emitter.block.depth)):
            return bool(self.value(value, items).kinds & {"array", "object"})

    def _known_keys(self, key: Any) -> Code | None:
        known: Code | None = self.emitter.block.find(key)
        return known

    def _in_constant(self, needle: Code, literals: list[Any]) -> str:
        texts = [literal for literal in literals if isinstance(literal, str)]
        checks = []
        if texts:
            check = f"{needle.text} in {self.emitter.constant(frozenset(texts))}"
            is_text = has_type(self.emitter, needle, frozenset({"string"}))
            checks += [] if is_text == "False" else [check if is_text == "True" else f"{is_text} and {check}"]
        others = [literal for literal in literals if not isinstance(literal, str)]
        checks += [equal_to_constant(self.emitter, needle, tuples_to_lists(literal)) for literal in others]
        checks = [check for check in checks if check != "False"]
        return f"({' or '.join(checks)})" if checks else "False"


def _items_of(schema: Schema) -> Schema:
    items = schema.get("items")
    return items if isinstance(items, Mapping) else {}
