"""Generates the reference in `docs/rule-language.md`: semantics, operators with examples, and functions.

The semantics are the docstring of `compiler.engine`, the operators the classes of `compiler.engine.ir`, and the results
of the examples in `operators.toml` are what the engine gives.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING
from functools import cache
from pathlib import Path
from typing import Any

from compiler import engine
from compiler.engine import RunResult, ir, load_ruleset
from compiler.functions.registry import all_functions
from tools.docs.regions import fill_regions, format_table

DATA = Path(__file__).parent / "operators.toml"
_INPUT, _OUTPUT = "https://service.example/input.json", "https://service.example/output.json"
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    _INPUT: {},
    _OUTPUT: {"properties": {"Subject": {"type": "string"}, "To": {"type": "string"}}},
}
_WHY = {"doc": "…", "source": "…"}
_KINDS = {
    "value": "a value",
    "values": "a list of values",
    "inner value": "a value, in which `@` is the item",
    "members": "an object of values",
    "value or text": "a value, or text",
    "test": "a test",
    "tests": "a list of tests",
    "inner test": "a test, in which `@` is the item",
    "pair": "two values",
    "branches": "a list of `{when, value}`",
    "reference": "a pointer into the input, or the item (`@`)",
    "pointer": "a JSON Pointer",
    "pointers": "a list of JSON Pointers",
    "literal": "any JSON",
    "table": "a list of pairs",
    "text": "text",
    "texts": "a list of texts",
    "pattern": "a regular expression",
    "kinds": "a list of JSON types",
    "count": "an integer",
    "flag": "true or false",
    "function": "a function's name",
    "unsupported": "an object, see [Parts](#parts)",
    "fallback": "`keep`, `drop` or a value",
    "invalid when": "an object, see [Parts](#parts)",
    "report spec": "the keys of a report, see [Parts](#parts)",
    "inner rules": "a list of rules, in which `@` is the item",
    "rule branches": "a list of `{when, rules}`",
    "otherwise rules": "a list of rules",
}


@cache
def examples() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The examples by group and by operator."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def fill_rule_language(page: str) -> str:
    """`docs/rule-language.md` with its generated regions."""
    semantics = (engine.__doc__ or "").partition("\n\n")[2].partition("The operators, each")[0].strip()
    return fill_regions(
        page,
        {
            "semantics": f"{semantics}\n",
            "rules": "\n".join(_format_operator("rules", operator) for operator in ir.RULES),
            "parts": "\n".join(_format_part(part) for part in (ir.Unsupported, ir.InvalidWhen, ir.ReportSpec)),
            "values": "\n".join(_format_operator("values", operator) for operator in ir.VALUES),
            "tests": "\n".join(_format_operator("tests", operator) for operator in ir.TESTS),
            "functions": _functions_table(),
        },
    )


def _format_operator(group: str, operator: type[Any]) -> str:
    name = ir.keys(operator)[0].metadata["name"]
    example = examples()[group][name]
    heading = f"### {name}"
    run = _FORMATTERS[group]
    return f"{heading}\n\n{_doc(operator)}\n\n{_keys_table(operator)}\n{run(example)}"


def _format_part(part: type[Any]) -> str:
    return f"### {_words(part.__name__)}\n\n{_doc(part)}\n\n{_keys_table(part)}"


def _words(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip().capitalize()


def _doc(operator: type[Any]) -> str:
    return " ".join((operator.__doc__ or "").split())


def _keys_table(operator: type[Any]) -> str:
    return format_table(("key", "content", "default"), _key_rows(operator))


def _key_rows(operator: type[Any]) -> Iterator[tuple[str, str, str]]:
    for argument in ir.keys(operator):
        name, kind = argument.metadata["name"], argument.metadata["kind"]
        if not name:  # the keys of a report are the rule's own
            yield from _key_rows(ir.ReportSpec)
            continue
        content = " or ".join(f"`{choice}`" for choice in argument.metadata["choices"]) or _KINDS[kind]
        default = "" if argument.default is MISSING else _default_text(argument.default)
        yield f"`{name}`", content, "required" if argument.default is MISSING else default


def _default_text(default: Any) -> str:
    if isinstance(default, ir.Drop):
        return "`drop`"
    return "" if default in (None, ()) else f"`{json.dumps(default)}`"


def _format_value(example: Mapping[str, str]) -> str:
    result = run_example(example, {"id": "example", **_WHY, "put": "/result", "value": _parse(example["expression"])})
    output = result.output or {}
    shown = f"`{_compact(output['result'])}`" if "result" in output else "absent"
    return _format_expression(example, shown)


def _format_test(example: Mapping[str, str]) -> str:
    chosen = {"choose": [{"when": _parse(example["expression"]), "value": {"const": True}}]}
    value = {**chosen, "otherwise": {"const": False}}
    result = run_example(example, {"id": "example", **_WHY, "put": "/result", "value": value})
    return _format_expression(example, "holds" if (result.output or {})["result"] else "does not hold")


def _format_expression(example: Mapping[str, str], result: str) -> str:
    before = [("after the rule", f"`{example['before']}`")] if "before" in example else []
    rows = [("example", f"`{example['expression']}`"), *before, ("reads", f"`{example['reads']}`"), ("result", result)]
    return format_table(("", ""), rows)


def _format_rule(example: Mapping[str, str]) -> str:
    result = run_example(example, _parse(example["expression"]))
    before = [("after the rule", f"`{example['before']}`")] if "before" in example else []
    output = result.output if result.output is not None else result.partial_output
    rows = [*before, ("reads", f"`{example['reads']}`"), ("writes", f"`{_compact(output)}`" if output else "nothing")]
    for finding in result.findings:
        hint = f" (hint: {finding.hint})" if finding.hint else ""
        rows.append((finding.severity, f"`{finding.code}` at `{finding.at}`: {finding.message}{hint}"))
    rows += [("requires", f"`{_compact(requirement)}`") for requirement in result.requires]
    return f"```json\n{example['expression'].strip()}\n```\n\n{format_table(('', ''), rows)}"


_FORMATTERS = {"values": _format_value, "tests": _format_test, "rules": _format_rule}


def run_example(example: Mapping[str, str], rule: Mapping[str, Any]) -> RunResult:
    """Runs a rule on what the example reads, in the phase to which rules of its kind belong."""
    before = [_parse(example["before"])] if "before" in example else []
    phase = next((phase for key, phase in _PHASES.items() if key in rule), "build")
    document = {
        "target": "service",
        "ruleset": "example",
        "doc": "…",
        "input": _INPUT,
        "output": _OUTPUT,
        "build": before,
        "verify": [],
        "override": [],
    }
    document[phase] = [*document[phase], rule]
    ruleset = load_ruleset(json.dumps(document), "example.json", _SCHEMAS, all_functions())
    return engine.run(ruleset, _parse(example["reads"]))


_PHASES = {"merge_into": "override", "limit": "verify", "require": "verify", "conform": "verify"}


def _parse(text: str) -> Any:
    return json.loads(text)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _functions_table() -> str:
    rows = (
        (f"`{name}`", ", ".join(map(_type, function.parameters)), _type(function.result), function.doc)
        for name, function in sorted(all_functions().items())
    )
    return format_table(("function", "takes", "returns", "result"), rows)


def _type(schema: Mapping[str, Any]) -> str:
    kind, items = schema.get("type", "any"), schema.get("items")
    if kind != "array":
        return str(kind)
    if items is None:
        return "list"
    inner, of, rest = _type(items).partition(" of ")
    return f"list of {inner}s{of}{rest}"
