"""The syrupy extension for conformance cases: the snapshot of a case is the `expect` of its file.

Updating a snapshot rewrites that `expect` and sets the case to `draft`, so that the change gets reviewed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from syrupy.data import SnapshotCollections
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from compiler.conformance.case_files import Case
from compiler.conformance.compare import differences
from compiler.conformance.outputs import output_schema, output_schema_path
from compiler.engine.schema import Schema, dereference
from compiler.json_io import resources

GOLDEN = resources.golden_folder()


class CaseExtension(SingleFileSnapshotExtension):
    """Reads and writes the `expect` of the case file that the snapshot's name is the id of."""

    _write_mode = WriteMode.TEXT
    file_extension = "json"
    folder: ClassVar[Path] = GOLDEN
    schema: ClassVar[Schema | None] = dereference(
        resources.BASE + output_schema_path("mailjet-v3", "send"), resources.schemas()
    )

    def serialize(self, data: Any, **_: Any) -> str:
        return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True)

    def matches(self, *, serialized_data: Any, snapshot_data: Any) -> bool:
        return not differences(json.loads(snapshot_data), json.loads(serialized_data), self.schema)

    @classmethod
    def get_snapshot_name(cls, *, test_location: Any, index: Any = 0) -> str:
        return f"{test_location.testname}[{index}]"

    @classmethod
    def get_location(cls, *, test_location: Any, index: Any) -> str:
        return str(cls.folder / f"{index}.json")

    @classmethod
    def matches_test_location(cls, *, test_location: Any, snapshot_location: str) -> bool:
        return Path(snapshot_location).is_relative_to(cls.folder)

    def discover_snapshots(self, **_: Any) -> SnapshotCollections:
        return SnapshotCollections()  # a case without a test is not an unused snapshot

    def read_snapshot_data_from_location(
        self, *, snapshot_location: str, snapshot_name: str, session_id: str
    ) -> str | None:
        document = _read(Path(snapshot_location))
        return None if document is None else self.serialize(document["expect"])

    @classmethod
    def write_snapshot_collection(cls, *, snapshot_collection: Any, **_: Any) -> None:
        file = Path(snapshot_collection.location)
        document = _read(file)
        assert document is not None, f"{file}: write the case first, and its expectation with --snapshot-update"
        (snapshot,) = snapshot_collection
        rewritten = dict(document) | {"level": "draft", "expect": json.loads(snapshot.data)}
        file.write_text(json.dumps(rewritten, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def extension_for(case: Case) -> type[CaseExtension]:
    """The extension that compares this case by the schema of its level and ruleset."""
    return type("CaseExtension", (CaseExtension,), {"schema": output_schema(case)})


def _read(file: Path) -> Mapping[str, Any] | None:
    if not file.is_file():
        return None
    document: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document
