"""Generated code against the interpreter: on every golden case, and on messages that hypothesis makes."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import traceback
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from textwrap import indent
from typing import Any, Literal
from unittest import mock

import pytest
from hypothesis import given

import compiler
from compiler import engine
from compiler.conformance.case_files import Case, read_cases
from compiler.conformance.run import run_case
from compiler.engine import Ruleset, RunResult, run
from compiler.engine.codegen.generate import generate
from compiler.frontend.full import canonicalize
from compiler.generated import rulesets as modules
from compiler.json_io import resources
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline.targets import BACKEND_VARIABLE, named_target, requested_backend
from tests.backends import assert_agreement, generated_code, generated_code_for, has_errors
from tests.engine.helpers import ANYTHING, FUNCTIONS, INPUT, OUTPUT, get, rule, rule_file
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS, SENDABLE

TARGET = named_target("mailjet-v3")
SEND = TARGET.ruleset("send")
UNKNOWN = r"unknown PAYLOAD_COMPILER_BACKEND 'x' \(available: generated, interpreter\)"

# Where a part is that is found by what it refers to, only the interpreter can tell.
GIVEN_UP = {
    f"mailjet-v3/inbound/malformed/{name}"
    for name in (
        "base64-variants",
        "names-of-parts",
        "no-base64",
        "no-base64-at-root",
        "no-base64-of-part-and-root",
    )
}


@pytest.mark.slow
@pytest.mark.parametrize("case", tuple(read_cases()), ids=lambda case: case.id)
def test_generated_code_agrees_on_every_golden_case(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = []

    def both(
        ruleset: Ruleset,
        document: Any,
        invalid: Collection[str] = (),
        ignored: bool | Collection[str] | None = False,
        **asked: Any,
    ) -> RunResult:
        outcome = run(ruleset, document, invalid, ignored, **asked)
        if not invalid and ignored is not None:
            agreed = assert_agreement(ruleset, document, ignored, outcome, generated_code(ruleset.name))
            given_up.append(not agreed and not has_errors(outcome))
            if ruleset.name == "send":  # its documents are the front end's, and so fit
                for present in (None, frozenset(document)):
                    code = generated_code_for("send", present)
                    assert assert_agreement(ruleset, document, ignored, outcome, code) == agreed
        return outcome

    monkeypatch.setattr(engine, "run", both)
    run_case(case, TARGET)
    assert any(given_up) == (case.id in GIVEN_UP)


@given(SENDABLE)
def test_generated_code_agrees_on_messages_that_mostly_compile(pair: tuple[Any, Any]) -> None:
    agree(*pair)


@pytest.mark.slow
@given(ANY_MESSAGES, ANY_OPTIONS)
def test_generated_code_agrees_on_whatever_is_valid_of_any_message(message: Any, options: Any) -> None:
    agree(message, options)


def agree(message: Any, options: Any) -> None:
    prepared = canonicalize(message, options)
    if not prepared.poisoned and prepared.ignored is not None:
        outcome = run(SEND, prepared.document, (), prepared.ignored)
        for code in (
            generated_code("send"),
            generated_code_for("send", None),
            generated_code_for("send", frozenset(prepared.document)),
        ):
            agreed = assert_agreement(SEND, prepared.document, prepared.ignored, outcome, code)
            assert agreed != has_errors(outcome)


def test_a_traceback_shows_the_line_of_generated_code() -> None:
    def broken(_: Any) -> Any:
        raise ZeroDivisionError

    functions = {
        **FUNCTIONS,
        "upper": engine.Function("upper", FUNCTIONS["upper"].parameters, {"type": "string"}, broken),
    }
    rules = rule_file(rule("label", put="/label", value={"call": "upper", "with": [get("/name")]}))
    text = json.dumps(rules)
    ruleset = engine.load_ruleset(text, "parcel.json", {INPUT: ANYTHING, OUTPUT: ANYTHING}, functions)
    code = generate(ruleset)
    with pytest.raises(ZeroDivisionError) as raised:
        code.run({"name": "Ada"}, (), lambda value: value)
    frames = traceback.extract_tb(raised.value.__traceback__)
    assert frames[-2].filename.startswith("<generated ")
    assert frames[-2].line in {line.strip() for line in code.source.splitlines()}


@pytest.mark.parametrize("name", sorted(TARGET.rulesets))
def test_source_is_the_same_each_time_and_holds_no_text_of_the_rules_but_as_literals(name: str) -> None:
    assert generate(TARGET.ruleset(name)).source == generate(TARGET.ruleset(name)).source == generated_code(name).source


@pytest.mark.parametrize("name", modules.MODULES)
def test_precompiled_code_is_what_is_generated_at_run_time(name: str) -> None:
    source = Path(modules.__file__).with_name(f"{name}.py").read_text("utf-8")
    assert indent(generated_code_for(name.rpartition("_")[2], None).source, "    ") in source


def assert_same_text(message: Any, options: Any) -> None:
    """By both ways a message gives the same result, also the order of members and of what is said."""
    quick = compiler.compile(message, options=options)
    with mock.patch.object(pipeline_compile, "_try_fast_path", return_value=None):
        long = compiler.compile(message, options=options)
    assert json.dumps(quick.to_dict()) == json.dumps(long.to_dict())


@given(SENDABLE)
def test_both_ways_give_the_same_text(pair: tuple[Any, Any]) -> None:
    assert_same_text(*pair)


@given(ANY_MESSAGES, ANY_OPTIONS.filter(lambda each: isinstance(each, dict)))
def test_both_ways_give_the_same_text_for_whatever_there_is(message: Any, options: Any) -> None:
    assert_same_text(message, options)


@pytest.mark.slow
def test_both_ways_give_the_same_text_for_every_case() -> None:
    for case in read_cases():
        if case.ruleset == "send" and "message" in case.input:
            assert_same_text(case.input["message"], case.input.get("options"))


@given(SENDABLE)
def test_nothing_in_a_result_stands_in_two_places(pair: tuple[Any, Any]) -> None:
    def containers(value: Any) -> list[int]:
        inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        own = [id(value)] if isinstance(value, dict | list) else []
        return [*own, *(each for part in inner for each in containers(part))]

    message, options = pair
    output = compiler.compile(message, options=options).output
    given_values = [message, options]
    found = containers(output)
    assert len(found) == len(set(found))
    assert not set(found) & set(containers(given_values))


def test_an_unknown_backend_is_an_error() -> None:
    with pytest.raises(ValueError, match=UNKNOWN):
        requested_backend({BACKEND_VARIABLE: "x"})


def test_the_library_does_not_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BACKEND_VARIABLE, "x")
    target = compiler.load_target(Path(resources.TARGETS) / "mailjet_v3")
    assert compiler.compile({}, target).errors


@pytest.mark.parametrize("choice", ["generated", "interpreter"])
def test_a_target_runs_on_the_backend_that_is_chosen(choice: Literal["generated", "interpreter"]) -> None:
    target = replace(named_target("mailjet-v3"), choice=choice)
    assert (target.backend("events").select([]) is None) == (choice == "interpreter")
    assert pickle.loads(pickle.dumps(target)).choice == choice  # noqa: S301 - our own


@pytest.mark.parametrize("choice", ["", "generated", "interpreter"])
def test_an_empty_choice_counts_as_none(choice: str) -> None:
    assert requested_backend({BACKEND_VARIABLE: choice}) == (choice or None)


@pytest.mark.parametrize(
    "command",
    [
        ("compiler", "-"),
        ("compiler", "-", "--jobs", "2", "--output", "-"),
        ("compiler", "-", "--as", "events"),
        ("compiler.conformance", "--area", "tags"),
        ("compiler.conformance.harness",),
    ],
    ids=" ".join,
)
def test_on_the_command_line_it_is_a_usage_error(command: tuple[str, ...]) -> None:
    environment = {**os.environ, BACKEND_VARIABLE: "x"}
    ran = subprocess.run([sys.executable, "-m", *command], input="{}", capture_output=True, text=True, env=environment)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert re.search(UNKNOWN, ran.stderr)
    assert "Traceback" not in ran.stderr
