"""The wording check finds each phrase in texts and in comments and strings of code, and ignores names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import check_wording
from tools.check_wording import PHRASES, find_phrases, in_code

EXAMPLES = {
    "anew": "It is written anew.",
    "at once": "All are sent at once.",
    "go on|goes on": "The loop goes on.",
    "half (?:of )?a surrogate(?: pair)?": "It has half of a surrogate pair.",
    "is (?:not )?the business of|no business of": "That is not the business of the parser.",
    "(?<!there )is no (?!such\\b|longer\\b|more\\b|different\\b|larger\\b|smaller\\b|other\\b)": "This is no list.",
    "(?<!there )are no (?!longer\\b|more\\b)": "These are no lists.",
    "it is told|is told|are told|was told|were told|be told": "An error is told.",
    "is said of|is said|was said|were said|be said": "A warning was said.",
    "likewise": "The other one likewise.",
    "no base64": "Text that has no base64 in it.",
    "no JSON(?! (?:object|text|value|number))": "With no JSON at all.",
    "no UTF-8": "Bytes with no UTF-8.",
    "nobody|somebody": "For that nobody calls it.",
    "slip of the pen": "Perhaps a slip of the pen.",
    "strictness": "With this strictness.",
    "there is no telling": "Here there is no telling.",
    "there stands|there it stands": "In it there stands a list.",
    "whoever": "This is for whoever calls.",
    "whole numbers?": "These are whole numbers.",
}
CLEAN = "A plain sentence, which there is no reason to change, and that is no longer long."
JSON_TEXT = '{{\n  "title": "Message",\n  "description": "{}"\n}}\n'
CODE = 'VALUE = 1\n# {0}\n\n\ndef run() -> str:\n    """{0}"""\n    return f"{0}"\n'


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def findings(root: Path) -> list[tuple[str, int, str]]:
    return [(finding.file, finding.line, finding.instead) for finding in find_phrases(root)]


def test_every_phrase_has_an_example() -> None:
    assert set(EXAMPLES) == set(PHRASES)


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_found_in_markdown_and_json_with_its_line(phrase: str, tmp_path: Path) -> None:
    write(tmp_path, "README.md", f"# Title\n\n{CLEAN}\n{EXAMPLES[phrase]}\n")
    write(tmp_path, "schemas/message.schema.json", JSON_TEXT.format(EXAMPLES[phrase]))
    write(tmp_path, "compiler/targets/shop/send.json", JSON_TEXT.format(EXAMPLES[phrase]))
    assert findings(tmp_path) == [
        ("README.md", 4, PHRASES[phrase]),
        ("compiler/targets/shop/send.json", 3, PHRASES[phrase]),
        ("schemas/message.schema.json", 3, PHRASES[phrase]),
    ]


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_found_in_comments_and_strings_with_its_line(phrase: str, tmp_path: Path) -> None:
    write(tmp_path, "compiler/mail/names.py", CODE.format(EXAMPLES[phrase]))
    assert findings(tmp_path) == [("compiler/mail/names.py", line, PHRASES[phrase]) for line in (2, 6, 7)]


def test_a_phrase_may_be_broken_over_lines_and_in_any_case() -> None:
    source = '"""A text.\n\nThere STANDS a list,\nwhich is\nsaid of it.\n"""\n'
    assert [(finding.line, finding.phrase) for finding in in_code("a.py", source)] == [
        (3, "There STANDS"),
        (4, "is said of"),
    ]


def test_names_and_strings_of_one_word_are_ignored(tmp_path: Path) -> None:
    source = 'anew = {"likewise": 1, "nobody": 2}\nstrictness = whoever("anew", f"nobody")\n'
    write(tmp_path, "tools/names.py", source)
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        "There is no list, and there are no lists.",
        "It is no larger and no more; they are no longer there.",
        "Canew and likewises are other words.",
        "There is no JSON object and no JSON text.",
    ],
)
def test_other_text_is_not_found(text: str, tmp_path: Path) -> None:
    write(tmp_path, "docs/glossary.md", text)
    assert findings(tmp_path) == []


def test_generated_rulesets_and_documents_are_omitted(tmp_path: Path) -> None:
    for name in ("compiler/documents.py", "compiler/generated/rulesets/shop_send.py", "tests/test_names.py"):
        write(tmp_path, name, "# It is written anew.\n")
    assert findings(tmp_path) == []


def test_the_command_prints_findings_and_returns_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "README.md", f"{CLEAN}\nIt is written anew.\n")
    monkeypatch.setattr(check_wording, "find_phrases", lambda: find_phrases(tmp_path))
    assert check_wording.main() == 1
    assert capsys.readouterr().out == f"README.md:2: 'anew': write {PHRASES['anew']!r} or the like\n"


def test_the_command_prints_nothing_and_returns_0_without_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "README.md", CLEAN)
    monkeypatch.setattr(check_wording, "find_phrases", lambda: find_phrases(tmp_path))
    assert check_wording.main() == 0
    assert capsys.readouterr().out == ""
