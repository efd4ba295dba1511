"""The conformance suite: tests whether an integration builds the right payloads and reads replies correctly.

`python -m compiler.conformance --harness COMMAND` sends the cases of `golden/` to a program in any language. A Python
integration can test itself with `cases` and `assert_case`:

    @pytest.mark.parametrize("case", conformance.cases(ruleset="send"), ids=str)
    def test_case(case):
        conformance.assert_case(case, my_answer(case.input))

Modules: `case_files` reads cases and `selection` filters them. `protocol` encodes and decodes messages, `process` runs
a harness process and `session` talks to it. `compare` finds differences, using the schemas in `outputs`, and `judge`
turns them into verdicts. `runner` runs the cases, `expected_failures` adjusts verdicts, `mismatch` formats a failure
and `reports` the run. `manifest` lists the suite. `harness` is our own compiler as a harness, `run` compiles a case.
"""

from compiler.conformance.assertions import Mismatch, assert_case
from compiler.conformance.case_files import Case, InvalidCase, read_body
from compiler.conformance.reports.json_lines import InvalidReport, read_report
from compiler.conformance.selection import cases

__all__ = [
    "Case",
    "InvalidCase",
    "InvalidReport",
    "Mismatch",
    "assert_case",
    "cases",
    "read_body",
    "read_report",
]
