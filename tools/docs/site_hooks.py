"""Hooks of MkDocs: adds what stands outside `docs/` to the site.

`golden/` becomes `suite/`, and `schemas/` keeps its name, so that the `$id` of a schema is its address on the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent.parent
_FOLDERS = {"golden": "suite", "schemas": "schemas"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the files to those of the site."""
    for source, place in added_files():
        files.append(File.generated(config, place, abs_src_path=str(source)))
    return files


def added_files() -> Iterator[tuple[Path, str]]:
    """Each added file, and its place among the pages."""
    for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY"):
        yield ROOT / f"{name}.md", f"{name.lower()}.md"
    for folder, place in _FOLDERS.items():
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".json", ".md"):
                yield file, f"{place}/{file.relative_to(ROOT / folder).as_posix()}"
