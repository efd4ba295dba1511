"""The front end: it knows mail, and nothing of any service.

    message, options ──► plain copy ─► schema guard ─► defaults ─► canonical message

`prepare` takes a message and options as they come and gives the canonical message, with a place in the originals for
each of its values, and every fault on the way (`prepared`). Modules: `json_values` reads JSON and copies what Python
hands in; `guard` holds it against the schema; `given` combines it with the defaults; `canonical`, with `parts` and
`header_fields`, fills in the `draft` of the canonical message, with the help of `addresses`, `encoded_words`,
`attachments` and `headers`; `fault` is what all of them find wrong. `quick`, with `quick_json`, is the short way for
what is as usual. `fates` tells what became of defaults, `folded` writes them into the message, and `content_ids` and
`json_text` are tools for rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.frontend.draft import Place
    from compiler.frontend.fates import (
        DEFAULTS,
        are_few_leaves,
        decided_by,
        leaves,
        overridden_defaults,
        says_nothing,
    )
    from compiler.frontend.prepared import Prepared, prepare
    from compiler.json_io.fault import Document, Fault

__all__ = [
    "DEFAULTS",
    "Document",
    "Fault",
    "Place",
    "Prepared",
    "are_few_leaves",
    "decided_by",
    "leaves",
    "overridden_defaults",
    "prepare",
    "says_nothing",
]

# Each is imported when it is first asked for: where nothing is wrong, `quick` needs next to none of it.
_LATER = {
    "draft": ("Place",),
    "fates": ("DEFAULTS", "are_few_leaves", "decided_by", "leaves", "overridden_defaults", "says_nothing"),
    "..json_io.fault": ("Document", "Fault"),
    "prepared": ("Prepared", "prepare"),
}


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            from importlib import import_module

            found = globals()[name] = getattr(import_module(f".{module}", __name__), name)
            return found
    raise AttributeError(f"module 'compiler.frontend' has no attribute {name!r}")
