"""Writes modules: generated code as a file, with an expression for each constant that it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import indent
from typing import Any

from compiler.engine import ir
from compiler.engine.codegen.generate import RUNTIME_NAMES, emit_function
from compiler.engine.codegen.rules import RuleWriter

_NAME = re.compile(r"\b[A-Za-z_]\w*\b")


def build_module(ruleset: ir.Ruleset, guards: Mapping[str, str]) -> str:
    """The source of a module whose `link` gives the function that runs a ruleset on documents of its input schema.

    `link` takes the registered functions, for the module imports nothing but the engine; `FUNCTIONS` are the names of
    those it needs. `guards` are the modules of the guards for what the rules conform to, by the keywords exempt, joined
    by commas.
    """
    rules = RuleWriter(ruleset, assume_valid=True)
    lines = emit_function(rules)
    used = set(_NAME.findall(lines))
    names = {id(function.apply): f"functions[{name!r}].apply" for name, function in ruleset.functions.items()}
    needed = sorted(rules.emitter.namespace.items(), key=lambda each: int(each[0][1:]))
    needed = [(key, value) for key, value in needed if key in used]
    constants = "".join(
        f"{key} = {constant_expression(value, names)}\n" for key, value in needed if id(value) not in names
    )
    linked = "".join(f"{key} = {names[id(value)]}\n" for key, value in needed if id(value) in names)
    called = sorted(name for name, function in ruleset.functions.items() if f"functions[{name!r}]" in linked)
    imports = ["import re\n\n"] if "re.compile(" in constants else []
    imports += [
        f"from {value.__module__} import {value.__name__} as {name}\n"
        if hasattr(value, "__module__") and hasattr(value, "__name__")
        else f"from compiler.engine.codegen.runtime import {name}\n"
        for name, value in sorted(RUNTIME_NAMES.items())
        if name in used and name != "EMPTY_TYPES"
    ]
    if "EMPTY_TYPES" in used:
        constants = "EMPTY_TYPES = frozenset({tuple, list, dict})\n" + constants
    if "accepts" in used:
        [(_, guard)] = guards.items()
        constants += (
            "\n\ndef accepts(document, exempt):  # its guard is imported where it is asked\n"
            f"    from {guard} import accepts\n\n    return accepts(document)\n"
        )
    return (
        f'"""The ruleset {ruleset.name!r} of {ruleset.target} as Python.\n\n'
        f"Written by `python -m compiler.engine show {ruleset.target} {ruleset.name} --module`; "
        'not to be changed by hand.\n"""\n\n'
        f"# fmt: off\n# ruff: noqa\n# mypy: ignore-errors\n\n{''.join(imports)}\n"
        f"FUNCTIONS = {tuple(called)!r}\n{constants}\n\n"
        f"def link(functions):\n{indent(linked, '    ')}\n{indent(lines, '    ')}\n    return run\n"
    )


def constant_expression(value: Any, names: Mapping[int, str]) -> str:
    """An expression for a constant; `names` are the expressions for registered functions, by identity."""
    if id(value) in names:
        return names[id(value)]
    if isinstance(value, re.Pattern):
        return f"re.compile({value.pattern!r}, {int(value.flags)})"
    if isinstance(value, frozenset):
        return (
            f"frozenset({{{', '.join(sorted(constant_expression(each, names) for each in value))}}})"
            if value
            else "frozenset()"
        )
    if isinstance(value, type):
        return "type(None)" if value is type(None) else value.__name__
    if isinstance(value, str | int | float | bool | None):
        return repr(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{constant_expression(key, names)}: {constant_expression(each, names)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(constant_expression(each, names) for each in value)}]"
    if isinstance(value, tuple):
        return f"({''.join(f'{constant_expression(each, names)}, ' for each in value)})"
    raise TypeError(f"there is no expression for a {type(value).__name__}")
