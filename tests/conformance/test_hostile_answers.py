"""Any response is evaluated, formatted and reported without an exception."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.conformance import cases
from compiler.conformance.case_files import Case
from compiler.conformance.judge import OUTCOMES, ComparisonMode, evaluate_answer
from compiler.conformance.mismatch import format_verdict
from compiler.conformance.protocol import Hello, ProtocolError, read_response
from compiler.conformance.reports.json_lines import JsonLinesReport
from compiler.conformance.reports.junit import format_junit
from compiler.conformance.reports.markdown import format_markdown
from compiler.conformance.reports.summary import format_summary
from compiler.conformance.reports.tap import format_tap
from compiler.conformance.runner import Run
from compiler.conformance.selection import Selection

HELLO = Hello("n\x1b", "v", "l", ("send",), ("tags",))
_WORDS = ("/to/0", "UnsupportedFeature", "=?utf-8?q?a?=", "a@b.c, d", '{"a":1e999}', "QQ==", "[1", "\x1b[2J")
_NAMES = ("code", "path", "params", "document", "To", "Headers", "Reply-To", "Mj-EventPayLoad", "Attachments", "events")
_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
_JSON = st.recursive(
    _LEAVES | st.sampled_from(_WORDS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.sampled_from(_NAMES), inner, max_size=5)
    ),
    max_leaves=15,
)
_DIAGNOSTICS = st.lists(
    st.dictionaries(st.sampled_from(("code", "path", "params", "document", "x")), _JSON), max_size=4
)
RESPONSES = st.fixed_dictionaries(
    {"seq": st.just(1), "status": st.sampled_from(("ok", "rejected", "unsupported", "internal_error"))},
    optional={
        "output": _JSON,
        "errors": _DIAGNOSTICS,
        "warnings": _DIAGNOSTICS,
        "requires": _DIAGNOSTICS,
        "capability": st.text(),
        "detail": st.text(),
    },
)
MODES = st.builds(
    ComparisonMode, st.sampled_from(("exact", "first", "code", "any")), st.sampled_from(("exact", "code", "ignore"))
)


@pytest.mark.slow
@given(RESPONSES, st.sampled_from(cases(level=())), MODES)
def test_any_response_is_evaluated_and_reported(raw_response: Any, case: Case, mode: ComparisonMode) -> None:
    try:
        response = read_response(json.dumps(raw_response).encode(), 1)
    except ProtocolError:
        return
    verdict = evaluate_answer(case, response, HELLO, mode)
    assert verdict.outcome in OUTCOMES
    assert "\x1b" not in format_verdict(verdict)
    run = Run(HELLO, (verdict,), mode, Selection(), "1.0.0", (), 1.0)
    for report in (format_junit, format_tap, format_markdown, format_summary):
        assert report(run)
    lines = JsonLinesReport(io.StringIO(), run.suite, run.selection, run.mode)
    lines.add(HELLO, verdict)
    lines.finish(run)
