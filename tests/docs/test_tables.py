"""The tables and lists in the pages that people write equal the code."""

from __future__ import annotations

import re

from compiler import sender
from compiler.engine import ir
from compiler.pipeline.targets import named_target, own_target_names
from compiler.sender import errors
from compiler.sender.__main__ import exit_status
from tests.docs.pages import PAGES, ROOT, read_page
from tests.pipeline.test_decompile import DIFFERENCES

ERRORS = [name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)]


def test_the_table_of_sender_errors_is_correct() -> None:
    rows = re.findall(r"^\| `(\w+Error)` \| .* \| (yes|no) \| (\d) \|$", read_page("docs/sending.md"), re.MULTILINE)
    kinds = {name: getattr(sender, name) for name in sender.__all__ if name.endswith("Error")}
    assert [name for name, _, _ in rows] == [name for name in ERRORS if not kinds[name].__subclasses__()]
    for name, may_have_sent, status in rows:
        error = kinds[name](sender.Failure("why", may_have_sent=may_have_sent == "yes"))
        if name == "NotCompiledError":
            assert exit_status(sender.BulkSendResult(0, error=error)) == int(status)
        elif name != "SettingsError":  # which is raised before anything is sent
            assert exit_status(sender.BulkSendResult(0, (sender.Receipt({}, None, error),))) == int(status)


def test_the_list_of_ignorable_features_matches_the_rules() -> None:
    page = read_page("docs/command-line.md")
    (listed,) = re.findall(r"^Features that can be ignored: ([\s\S]*?)\.", page, re.MULTILINE)
    assert set(re.findall(r"`([\w ]+)`", listed)) == {name for name, ignorable in features().items() if ignorable}


def features() -> dict[str, bool]:
    """The unsupported features of the rules, and whether each can be ignored."""
    rules = [rule for name in own_target_names() for rule in named_target(name).ruleset("send").all_rules]
    found = [rule.unsupported for rule in rules if isinstance(rule, ir.Put | ir.UnsupportedRule)]
    return {each.feature: each.ignorable for each in found if each is not None}


def test_the_list_of_differences_after_decompiling_is_that_of_the_tests() -> None:
    listed = re.findall(r"^- (.*)$", read_page("docs/migrating.md").partition("## Decompiling")[2], re.MULTILINE)
    assert listed == list(DIFFERENCES)


def test_every_file_and_folder_named_exists() -> None:
    pattern = r"`((?:compiler|schemas|golden|examples|tests|tools|docs|\.ci|\.github)/[\w./-]*)`"
    named = {(page, name) for page in PAGES for name in re.findall(pattern, read_page(page))}
    assert len(named) > 40
    assert [(page, name) for page, name in named if not (ROOT / name).exists()] == []


def test_the_readme_is_short_and_the_page_of_the_suite_too() -> None:
    assert len(read_page("README.md").splitlines()) <= 220
    assert len(read_page("golden/README.md").encode()) <= 20_000
