"""The format of diagnostics and explanations: carets, cut lines, escapes."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler import Diagnostic, Explanation, LeafStatus, Location, Provenance, Result, RuleReference
from compiler.cli.diagnostics import Source, Sources, format_diagnostics, format_requirement, format_source_line
from compiler.cli.explanation import format_explanation
from compiler.cli.source_text import SourceText, TextSpan
from tests.strategies.messages import ANY_MESSAGES, ANY_OPTIONS

SUBJECT = RuleReference("subject", "The subject is a property.", "the guide")
RECIPIENTS = RuleReference("recipients", "Each recipient has an entry.", "the guide")
OTHERS = RuleReference("others", "Some more is written here.", "the handbook")


def build_sources(message: str | bytes, defaults: str | None = None, sender: str | None = None) -> Sources:
    return Sources(
        Source("message.json", SourceText(message)),
        None if defaults is None else Source("shop.json", SourceText(defaults)),
        None if sender is None else Source("--template-sender", SourceText(sender), is_flag=True),
    )


def format_one(
    document_text: str | bytes,
    code: str,
    path: str,
    *,
    color: bool = False,
    defaults: str | None = None,
    sender: str | None = None,
    **more: Any,
) -> list[str]:
    severity = more.pop("severity", "error")
    diagnostic = Diagnostic(severity, code, path, **{"message": "what is wrong", **more})
    (text,) = format_diagnostics([diagnostic], build_sources(document_text, defaults, sender), color=color)
    *lines, link = text.split("\n")
    assert re.sub(r"\x1b\[[0-9;]*m", "", link) == f"    = see: {diagnostic.url}"
    return lines


def locate_carets(message: str | bytes, code: str, path: str, **more: Any) -> tuple[str, str]:
    """The position in the headline, and the text above the carets."""
    headline, line, carets, *_ = format_one(message, code, path, **more)
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert carets[start:end] == "^" * (end - start)
    return headline.removeprefix("message.json:").split(": ")[0], line[start:end]


def test_a_diagnostic_shows_the_line_and_a_hint() -> None:
    text = '{\n  "tags": ["welcome", "spring"],\n  "cc": ["a@b.c"]\n}'
    assert format_one(text, "UnsupportedFeature", "/tags/1", hint="keep one", related=("/cc", "/bcc")) == [
        "message.json:2:23: error: UnsupportedFeature at /tags/1: what is wrong",
        '  2 |   "tags": ["welcome", "spring"],',
        "    |                       ^^^^^^^^",
        "    = hint: keep one",
        "    = also: message.json:3:9 (/cc)",
        "    = also: message.json:1:1 (/bcc)",
    ]


@pytest.mark.parametrize(
    ("code", "path", "params", "what"),
    [
        ("UnknownField", "/tpo", {}, '"tpo"'),
        ("UnknownProperty", "/esp_extra/Mj-New", {}, '"Mj-New"'),
        ("UnusedData", "/merge_data/a@b.c", {}, '"a@b.c"'),
        ("CaseMismatch", "/merge_data/a@b.c", {}, '"a@b.c"'),
        ("ReservedHeader", "/extra_headers/X-MJ-Y", {}, '"X-MJ-Y"'),
        ("InvalidValue", "/esp_extra/Mj-New", {"reason": "v3.1-property"}, '"Mj-New"'),
        ("InvalidValue", "/esp_extra/Mj-New", {"reason": "payload-schema"}, "2"),
        ("InvalidValue", "/extra_headers/X-MJ-Y", {"reason": "line-break"}, '"3"'),
        ("InvalidValue", "/extra_headers/a\nb", {"reason": "line-break"}, r'"a\nb"'),
        ("InvalidMessage", "/extra_headers/a:b", {}, '"a:b"'),
        ("InvalidMessage", "/extra_headers", {}, '{"X-MJ-Y": "3", "a\\nb": "4", "a:b": "5"}'),
        ("IncompatibleFields", "/esp_extra/Mj-New", {}, "2"),
    ],
)
def test_a_diagnostic_points_at_a_key_or_a_value(code: str, path: str, params: dict[str, str], what: str) -> None:
    text = (
        '{"tpo": 1,\n"esp_extra": {"Mj-New": 2},\n"extra_headers": {"X-MJ-Y": "3", "a\\nb": "4", "a:b": "5"},\n'
        '"merge_data": {"a@b.c": {"x": 1}}}'
    )
    assert locate_carets(text, code, path, params=params)[1] == what


@pytest.mark.parametrize(
    ("text", "path", "position", "what"),
    [
        ('\n {"to": []}', "/from_email", "2:2", "{"),
        ('{"attachments": [{"content": ""}]}', "/attachments/0/content_id", "1:18", "{"),
        ('{"merge_data": {"a": 1}}', "/merge_data/b", "1:2", '"merge_data"'),
        ('{"from_email": null}', "/from_email", "1:16", "null"),
        ("[]", "", "1:1", "[]"),
    ],
)
def test_a_missing_value_is_located_in_its_container(text: str, path: str, position: str, what: str) -> None:
    assert locate_carets(text, "MissingField", path) == (position, what)


@pytest.mark.parametrize(
    ("content", "path", "reason", "position", "what"),
    [
        ('{"a": 1,\n "a": 2}', "", "duplicate-key", "2:2", '"a"'),
        ('{"x": {"a": 1,\n "a": 2}}', "/x", "duplicate-key", "2:2", '"a"'),
        ('{"x": 1,\n "y": NaN}', "", "non-finite", "2:7", "NaN"),
        ('{"x": 1,\n "y": tru}', "", "syntax", "2:7", "t"),
        ("\ufeff{}", "", "encoding", "1:1", r"\ufeff"),
        (b'{\n"\xff": 1}', "", "encoding", "2:2", "\ufffd"),
        ("[" * 101, "", "too-deep", "1:101", "["),
    ],
)
def test_invalid_json_is_shown_at_the_error(
    content: str | bytes, path: str, reason: str, position: str, what: str
) -> None:
    assert locate_carets(content, "InvalidJSON", path, params={"reason": reason}) == (position, what)


def test_an_error_at_the_end_points_behind_the_text() -> None:
    assert format_one('{"a": 1', "InvalidJSON", "", params={"reason": "syntax"})[1:] == [
        '  1 | {"a": 1',
        "    |        ^",
    ]
    assert format_one("", "InvalidJSON", "", params={"reason": "syntax"})[1:] == ["  1 |", "    | ^"]


def format_body_diagnostic(body: str | bytes, path: str, message: str | None = None) -> list[str]:
    all_sources = Sources(
        None if message is None else Source("message.json", SourceText(message)),
        body=Source("body.json", SourceText(body)),
    )
    diagnostic = Diagnostic("error", "InvalidBody", path, "body", message="what is wrong")
    (text,) = format_diagnostics([diagnostic], all_sources, color=False)
    return text.split("\n")


@pytest.mark.parametrize(
    ("body", "path", "position", "what"),
    [
        ('[{"a": 1}]', "/0/a", "1:8", "1"),
        ("[1,\n2]", "", "1:1", "[1,"),
        ("[1,\n }]", "", "2:2", "}"),
        ('{"a": NaN}', "", "1:7", "NaN"),
        (b'{"a":\n"\xff"}', "", "2:2", "\ufffd"),
        ('{"a": 1, "a": 2}', "", "1:1", '{"a": 1, "a": 2}'),  # a body may contain duplicate keys
        ("[" * 101 + "]" * 101, "/0", "1:2", "[" * 99),
    ],
)
def test_an_invalid_body_is_shown_at_the_error(body: str | bytes, path: str, position: str, what: str) -> None:
    for message in (None, "{}"):
        headline, line, carets, *_ = format_body_diagnostic(body, path, message)
        assert headline.startswith(f"body.json:{position}: error: InvalidBody")
        assert line[carets.index("^") : carets.rindex("^") + 1] == what


def test_a_position_is_not_repeated_in_the_message() -> None:
    text = '{"a": "x'
    message = "Unterminated string starting at: line 1, column 7"
    headline, *_ = format_one(text, "InvalidJSON", "", params={"reason": "syntax"}, message=message)
    assert headline == "message.json:1:7: error: InvalidJSON: Unterminated string"


def test_a_multiline_value_is_underlined_on_its_first_line() -> None:
    assert format_one('{\r\n "to": [ \r\n  5\r\n ]\r\n}\r\n', "InvalidMessage", "/to")[1:] == [
        '  2 |  "to": [',
        "    |        ^^",
    ]


def test_large_line_numbers_widen_the_margin() -> None:
    assert format_one("\n" * 12344 + '{"to": 5}', "InvalidMessage", "/to")[1:] == [
        '12345 | {"to": 5}',
        "      |        ^",
    ]


def test_diagnostics_of_options_name_their_source() -> None:
    headline, *lines = format_one(
        "{}", "InvalidMessage", "/send_defaults/to", document="options", defaults='{\n "to": 5}', sender="x"
    )
    assert headline == "shop.json:2:8: error: InvalidMessage at /to: what is wrong"
    assert lines == ['  2 |  "to": 5}', "    |        ^"]
    assert format_one("{}", "InvalidAddress", "/template_sender", document="options", sender="Shop, x") == [
        "--template-sender: error: InvalidAddress: what is wrong",
        "    | Shop, x",
        "    | ^^^^^^^",
    ]
    assert format_one("{}", "UnknownField", "/typo", document="options") == [
        "options: error: UnknownField at /typo: what is wrong"
    ]


def test_carets_align_with_tabs_wide_and_combining_characters() -> None:
    assert format_one('{\t"日本e\u0301": "x"}', "InvalidMessage", "/日本e\u0301")[1:] == [
        '  1 | {    "日本e\u0301": "x"}',
        "    | " + " " * 14 + "^^^",
    ]


def test_control_characters_are_escaped() -> None:
    text = '{"a\u202e\x1b[31m": "\x07\u2028\u00a0", "\\ud800": 1}'
    lines = format_one(text, "UnknownField", "/a\u202e\x1b[31m", message="a\x1b]0;title\x07", hint="\x9b31m\r")
    assert all(line.isprintable() for line in lines)
    assert r'"a\u202e\x1b[31m": "\x07\u2028\xa0"' in lines[1]
    assert lines[2].count("^") == len(r'"a\u202e\x1b[31m"')


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_colors_do_not_change_the_text(severity: str) -> None:
    text = '{"to": 5, "cc": 6}'
    arguments: dict[str, Any] = {"severity": severity, "hint": "mend it", "related": ("/cc",)}
    plain = "\n".join(format_one(text, "InvalidMessage", "/to", **arguments))
    colored = "\n".join(format_one(text, "InvalidMessage", "/to", color=True, **arguments))
    assert "\x1b" not in plain
    number = {"error": "31", "warning": "33"}[severity]
    assert f"\x1b[1;{number}m{severity}:\x1b[0m" in colored
    assert f"\x1b[1;{number}m^\x1b[0m" in colored
    stripped = colored
    for style in ("1;31", "1;33", "1;34", "1", "0"):
        stripped = stripped.replace(f"\x1b[{style}m", "")
    assert stripped == plain


def test_a_long_line_is_cut_to_a_window_around_the_value() -> None:
    text = json.dumps({"to": [f"r{number}@example.com" for number in range(1000)]})
    lines = format_one(text, "InvalidAddress", "/to/500")
    assert lines[1].startswith("  1 | …")
    assert lines[1].endswith("…")
    assert len(lines[1]) == len("  1 | ……") + 100
    assert locate_carets(text, "InvalidAddress", "/to/500")[1] == '"r500@example.com"'
    assert locate_carets(text, "InvalidAddress", "/to/0")[1] == '"r0@example.com"'
    assert locate_carets(text, "InvalidAddress", "/to/999")[1] == '"r999@example.com"'


def test_a_value_longer_than_the_window_is_underlined_to_its_end() -> None:
    _, line, carets = format_one(json.dumps({"subject": "x" * 100_000, "body": "y"}), "InvalidValue", "/subject")
    assert line.endswith("x…")
    assert len(carets) == len(line) - 1


def columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.category(each) in ("Mn", "Me") for each in text)


@given(st.text(st.characters() | st.sampled_from("日\t\u0301x\n"), max_size=300), st.data())
def test_any_line_is_cut_to_a_printable_window(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    line, carets = format_source_line(SourceText(text), TextSpan(start, data.draw(st.integers(start, len(text)))))
    assert line.isprintable()
    assert columns(line) <= 102
    assert carets.strip(" ") == "^" * carets.count("^") != ""
    assert len(carets) <= max(columns(line), 1) + 1


@given(ANY_MESSAGES, ANY_OPTIONS)
def test_all_diagnostics_are_printable_and_located(message: Any, options: Any) -> None:
    text = json.dumps(message, indent=1)
    result = compiler.compile_text(text, options=options)
    defaults = json.dumps(options.get("send_defaults"))
    all_sources = build_sources(text, defaults, "x")
    for diagnostic, lines in zip(
        (*result.errors, *result.warnings),
        format_diagnostics((*result.errors, *result.warnings), all_sources, color=False),
        strict=True,
    ):
        assert all(line.isprintable() for line in lines.split("\n"))
        name = lines.split(":")[0]
        assert name in ("message.json", "shop.json", "--template-sender", "options")
        assert (diagnostic.document == "message") == (name == "message.json")
        assert lines.count("^") > 0 or name == "options"
    explanation = compiler.explain(message, options=options)
    text = format_explanation(explanation, all_sources, color=False)
    assert all(line.isprintable() for line in text.split("\n"))
    for fate in explanation.statuses:
        assert fate.status == "written" or "Not written:" in text


def test_an_unmet_requirement_has_a_hint() -> None:
    requirement = {"kind": "template_sender", "template_id": 7}
    assert format_requirement(requirement, build_sources("{}"), color=False).split("\n") == [
        "message.json: the payload still needs: template_sender (template_id 7)",
        "    = hint: pass --template-sender ADDRESS, or set from_email",
    ]


def message(path: str) -> Location:
    return Location("message", path)


def test_an_explanation_shows_each_property_with_its_reasons() -> None:
    written = Provenance(
        "/Subject", "Hello\x1b", (SUBJECT, OTHERS), (message("/subject"), message("/esp_extra/subject"))
    )
    default = Provenance("/Text-part", "x", (SUBJECT,), (Location("options", "/send_defaults/body"),))
    constant = Provenance("/Flag", True, (SUBJECT,), ())
    explanation: Explanation = Explanation(Result({}), (written, default, constant), ())
    assert format_explanation(explanation, build_sources("{}", "{}"), color=False).split("\n") == [
        '/Subject: "Hello\\u001b"',
        "  rule    subject",
        "  why     The subject is a property.",
        "  source  the guide",
        "  rule    others",
        "  why     Some more is written here.",
        "  source  the handbook",
        "  from    /subject",
        "          /esp_extra/subject",
        "",
        '/Text-part: "x"',
        "  rule    subject",
        "  why     The subject is a property.",
        "  source  the guide",
        "  from    shop.json /body",
        "",
        "/Flag: true",
        "  rule    subject",
        "  why     The subject is a property.",
        "  source  the guide",
        "  from    no input: the rule always writes it",
        "",
        "All inputs are written.",
    ]


def test_a_container_written_by_one_rule_is_shown_once() -> None:
    count = 100
    rows = [{"Email": f"r{number}@example.com"} for number in range(count)]
    inputs = tuple(message(f"/to/{number}") for number in range(count))
    payload = [Provenance("/Recipients", rows, (RECIPIENTS,), inputs)]
    for number, row in enumerate(rows):
        payload.append(Provenance(f"/Recipients/{number}", row, (RECIPIENTS,), (inputs[number],)))
        payload.append(Provenance(f"/Recipients/{number}/Email", row["Email"], (RECIPIENTS,), (inputs[number],)))
    payload.append(Provenance("/RecipientsX", 1, (SUBJECT,), ()))
    lines = format_explanation(Explanation(Result({}), tuple(payload), ()), build_sources("{}"), color=False).split(
        "\n"
    )
    assert lines[0].startswith('/Recipients: [{"Email": "r0@example.com"}')
    assert lines[0].endswith("… (100 items)")
    assert lines[4] == "  from    /to/0 … /to/99 (100 values)"
    assert lines[6] == "/RecipientsX: 1"
    assert len(lines) == 13


def test_items_written_by_two_rules_are_grouped_by_rule() -> None:
    both = (RECIPIENTS, OTHERS)
    payload = [Provenance("/Recipients", [{}] * 50, both, ())]
    for number in range(50):
        payload.append(Provenance(f"/Recipients/{number}", {"Email": "a", "Vars": {"x": 1}}, both, ()))
        payload.append(Provenance(f"/Recipients/{number}/Email", "a", (RECIPIENTS,), (message(f"/to/{number}"),)))
        payload.append(
            Provenance(f"/Recipients/{number}/Vars", {"x": 1}, (OTHERS,), (message(f"/merge_data/{number}"),))
        )
        payload.append(Provenance(f"/Recipients/{number}/Vars/x", 1, (OTHERS,), (message(f"/merge_data/{number}"),)))
    text = format_explanation(Explanation(Result({}), tuple(payload), ()), build_sources("{}"), color=False)
    headlines = [line for line in text.split("\n") if line.startswith("/")]
    assert headlines == ['/Recipients/*/Email: "a" … (50 values)', '/Recipients/*/Vars: {"x": 1} … (50 values)']
    assert "/merge_data/0 … /merge_data/49 (50 values)" in text


def test_an_explanation_shows_the_status_of_unused_inputs() -> None:
    error = Diagnostic("error", "UnsupportedFeature", "/tags/1")
    fates = (
        LeafStatus(message("/subject"), "written", ("/Subject",)),
        LeafStatus(message("/$schema"), "nothing"),
        LeafStatus(message("/body"), "overridden", by=(message("/esp_extra/Text-part"),)),
        *(LeafStatus(message(f"/tags/{number}"), "diagnosed", diagnostics=(error,)) for number in range(1, 6)),
        LeafStatus(message("/template_id"), "undecided"),
        LeafStatus(Location("options", "/send_defaults/subject"), "overridden", by=(message("/subject"),)),
    )
    explanation = Explanation(Result(None, (error,)), (), fates)
    assert format_explanation(explanation, build_sources("{}", "{}"), color=False).split("\n") == [
        "There is no payload: the message has errors.",
        "",
        "Not written:",
        "  /$schema: nothing to write",
        "  /body: overridden by /esp_extra/Text-part",
        "  /tags/1 … /tags/5 (5 values): not written: UnsupportedFeature",
        "  /template_id: unknown, because of the errors",
        "  shop.json /subject: overridden by /subject",
        "",
        "See:",
        "  UnsupportedFeature  https://payload-compiler.example/diagnostics/#unsupportedfeature",
    ]


def test_the_first_diagnostic_of_each_code_links_to_its_documentation() -> None:
    diagnostics = [Diagnostic("error", code, "") for code in ("InvalidValue", "NoEffect", "InvalidValue")]
    texts = format_diagnostics(diagnostics, build_sources("{}"), color=False)
    assert [text.partition(" = see: ")[2].rpartition("/")[2] for text in texts] == ["#invalidvalue", "#noeffect", ""]
