"""The documentation as a site: it builds without a warning, and a reader finds things."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

import compiler
from compiler.json_io import resources
from compiler.results import DOCUMENTATION, Diagnostic
from tests.docs.pages import PAGES, ROOT, read_page
from tools.docs.diagnostics_page import registry

pytestmark = pytest.mark.slow

GOALS = {
    "send through Django": "django/#install-it",
    "read a webhook": "receiving/#tracking-events",
    "understand CaseMismatch": "diagnostics/#casemismatch",
    "write a rule": "writing-a-target/#a-ruleset",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    assert process.returncode == 0, process.stderr
    assert [line for line in process.stderr.splitlines() if not line.startswith("INFO ")] == []
    return folder


def read(site: Path, address: str) -> str:
    """The HTML at an address below that of the site."""
    return (site / urldefrag(address).url / "index.html").read_text(encoding="utf-8")


def links(site: Path, address: str) -> set[str]:
    """The addresses, below that of the site, that a page links to."""
    found = re.findall(r'<a[^>]* href="([^"]+)"', read(site, address))
    absolute = (urljoin(f"{DOCUMENTATION}{address}", link) for link in found)
    return {link.removeprefix(DOCUMENTATION) for link in absolute if link.startswith(DOCUMENTATION)}


def exists(site: Path, address: str) -> bool:
    """Whether there is a page at an address, and the anchor in it."""
    path, anchor = urldefrag(address)
    if (site / path).is_file():
        return True
    return (site / path / "index.html").is_file() and (not anchor or f'id="{anchor}"' in read(site, path))


@pytest.mark.parametrize("goal", GOALS)
def test_a_newcomer_finds_it_within_two_clicks(site: Path, goal: str) -> None:
    assert exists(site, GOALS[goal])
    first = links(site, "")
    pages = {urldefrag(address).url for address in first}
    second = {address for page in pages if (site / page / "index.html").is_file() for address in links(site, page)}
    assert GOALS[goal] in first | second


def test_every_code_has_the_entry_that_diagnostics_link_to(site: Path) -> None:
    for code in registry():
        assert exists(site, Diagnostic("error", code, "").url.removeprefix(DOCUMENTATION)), code


def test_the_links_in_the_repository_lead_to_pages_of_the_site(site: Path) -> None:
    texts = [read_page(name) for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "pyproject.toml")]
    texts += [file.read_text(encoding="utf-8") for file in (ROOT / ".github").rglob("*.yml")]
    addresses = {each for text in texts for each in re.findall(rf'{re.escape(DOCUMENTATION)}([^\s)"]*)', text)}
    assert len(addresses) > 15
    assert [address for address in addresses if not exists(site, address)] == []
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):  # they are read on the package index, too
        assert re.findall(r"\]\((?!https://)[^)]*\)", read_page(page)) == []


def test_the_address_of_the_site_is_that_of_the_links() -> None:
    assert f"site_url: {DOCUMENTATION}\n" in read_page("mkdocs.yml")


def test_a_schema_is_at_the_address_that_it_names(site: Path) -> None:
    assert resources.BASE.startswith(DOCUMENTATION)
    for schema_id in resources.schemas():
        assert exists(site, schema_id.removeprefix(DOCUMENTATION)), schema_id


def test_the_reference_has_every_public_name(site: Path) -> None:
    page = read(site, "python/")
    values = set(compiler.__all__) - {"__version__"}
    assert [name for name in sorted(values) if f'id="compiler.{name}"' not in page] == []


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    for file in html_files(site):
        text = file.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe|link)[^>]* (?:src|href)="(https?://[^"]*)"', text)
        assert [address for address in loaded if not address.startswith(DOCUMENTATION)] == [], file


def test_every_page_includes_what_it_names(site: Path) -> None:
    for file in html_files(site):
        text = file.read_text(encoding="utf-8")
        assert "8&lt;--" not in text, file
        assert re.findall(r"<code>[^<]*\\\|[^<]*</code>", text) == [], file
    assert "FastAPI" in read(site, "receiving/")
    assert len(PAGES) > 15


def html_files(site: Path) -> Iterator[Path]:
    return site.rglob("*.html")
