"""Generated regions of pages."""

from __future__ import annotations

import pytest

from tools.docs.regions import fill_regions, format_table

PAGE = "# Page\n\n<!-- a -->\nold\n<!-- /a -->\n\ntext\n\n<!-- b-c -->\n<!-- /b-c -->\n"


def test_regions_are_filled_and_the_rest_stays() -> None:
    filled = fill_regions(PAGE, {"a": "new\n", "b-c": r"\1" + "\n"})
    assert filled == "# Page\n\n<!-- a -->\nnew\n<!-- /a -->\n\ntext\n\n<!-- b-c -->\n\\1\n<!-- /b-c -->\n"
    assert fill_regions(filled, {"a": "new\n", "b-c": r"\1" + "\n"}) == filled


@pytest.mark.parametrize("texts", [{"a": ""}, {"a": "", "b-c": "", "d": ""}])
def test_every_text_needs_a_region_and_every_region_a_text(texts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="the regions of the page must be"):
        fill_regions(PAGE, texts)


def test_a_bar_in_a_cell_is_escaped() -> None:
    assert format_table(("a", "b"), [("x|y", "z")]) == "| a | b |\n| --- | --- |\n| x\\|y | z |\n"
