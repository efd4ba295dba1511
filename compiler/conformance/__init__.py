"""The conformance suite: whether an integration turns messages into the right payloads, and reads what comes back.

`python -m compiler.conformance --harness COMMAND` puts the cases of `golden/` to a program in any language. A Python
integration can test itself with `cases` and `assert_case`:

    @pytest.mark.parametrize("case", conformance.cases(ruleset="send"), ids=str)
    def test_case(case):
        conformance.assert_case(case, my_answer(case.input))

Modules: `case_files` reads cases and `selection` chooses them; `protocol` is the wire, `process` a harness's process
and `session` a talk with it; `compare` finds differences, with the schemas of `outputs`, and `judge` says what they
amount to; `runner` runs, with `expected_failures`; `mismatch` shows a failure and `reports` the whole; `manifest` lists
the suite. `harness` is our own compiler as a harness, `run` what it gives for a case.
"""

from compiler.conformance.assertions import Mismatch, assert_case
from compiler.conformance.case_files import Case, InvalidCase, read_body
from compiler.conformance.reports.json_lines import InvalidReport, read_report
from compiler.conformance.selection import cases

__all__ = ["Case", "InvalidCase", "InvalidReport", "Mismatch", "assert_case", "cases", "read_body", "read_report"]
