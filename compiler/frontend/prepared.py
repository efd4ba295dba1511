"""The whole of the front end: from a message and options to a `Prepared`, with every place and every fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.frontend import guard
from compiler.frontend.canonical import canonical
from compiler.frontend.draft import Place
from compiler.frontend.given import Fields, Source
from compiler.generated.validators import guard_of
from compiler.json_io import parse
from compiler.json_io.fault import MORE_ERRORS, Document, Fault

_OPTIONS = ("ignore_unsupported_features", "send_defaults", "template_sender")
_ORDER = {name: index for index, name in enumerate(guard.FIELDS)}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the front end makes of a message and its options.

    document: the canonical message. invalid: pointers into it, to values that are faults already. ignored: the features
    to do without; None where the option is invalid. readable: whether the message is an object at all; where it is not,
    the document is made of the defaults alone, and only the faults mean something.
    """

    document: Mapping[str, Any]
    invalid: frozenset[str]
    faults: tuple[Fault, ...]
    ignored: bool | frozenset[str] | None
    readable: bool
    _places: Mapping[str, Place]

    def missing_place(self, pointer: str) -> tuple[Document, str]:
        """Where in the message a value should stand whose canonical place is this."""
        return "message", {"/text": "/body"}.get(pointer, pointer)

    def place(self, pointer: str) -> tuple[Document, str]:
        """Where in the message or the options a canonical value came from, or would stand."""
        above, below = pointer, ""
        while above:
            place = self._places.get(above)
            if place is not None:
                return place.document, place.path if place.whole else place.path + below
            above, _, last = above.rpartition("/")
            below = f"/{last}{below}"
        return "message", pointer


def prepare(message: object, options: object) -> Prepared:
    """The canonical message for a message and options of any content. Raises nothing."""
    copied, faults, invalid = _checked(message, "message.schema.json", "message")
    options_copied, options_faults, options_invalid = _checked(options, "options.schema.json", "options")
    if not isinstance(options_copied, dict) or "" in options_invalid:  # nothing in it was checked: it may hold anything
        options_copied = dict.fromkeys(_OPTIONS)
        options_invalid |= {f"/{name}" for name in _OPTIONS}
    ignored = None
    if not any(path.startswith("/ignore_unsupported_features") for path in options_invalid):
        ignored = _ignored(options_copied.get("ignore_unsupported_features"))
    readable = isinstance(copied, dict) and "" not in invalid
    source = Source(_known(copied, guard.FIELDS) if readable else {}, "message", "", invalid)
    sender = Source(options_copied, "options", "", options_invalid)
    given = sender.given("template_sender") if "template_sender" in options_copied else None
    if given is not None and given.value is None and not given.invalid:
        given = None
    draft = canonical(Fields(source, _defaults(options_copied, options_invalid)), given)
    found = _in_order([*faults, *options_faults, *draft.faults])
    return Prepared(draft.document, frozenset(draft.invalid), found, ignored, readable, draft.places)


def _known(fields: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def _checked(document: object, schema: str, kind: Document) -> tuple[Any, list[Fault], frozenset[str]]:
    """A plain copy, its faults, and the pointers to its invalid values; unknown fields are left out."""
    copied, found, invalid = parse.plain_copy(document)
    faults = [Fault(each.code, each.path, each.reason, each.message, each.hint, kind) for each in found]
    accepts = guard_of(schema)
    checked = () if accepts is not None and accepts(copied) else tuple(guard.check(copied, schema, invalid, kind))
    # Where not all faults are known, no value is known to be valid.
    refused = {each.path for each in checked if each.code in ("InvalidMessage", MORE_ERRORS)}
    return copied, [*faults, *checked], invalid | refused


def _defaults(options: dict[str, Any], invalid: frozenset[str]) -> Source:
    """The defaults; where they are no object, anything might have come from them."""
    defaults = options.get("send_defaults")
    if "/send_defaults" in invalid:
        every = dict.fromkeys(guard.FIELDS)
        return Source(every, "options", "/send_defaults", invalid | {f"/send_defaults/{name}" for name in every})
    if defaults is None:
        return Source({}, "options", "/send_defaults", invalid)
    names = (name for name in guard.FIELDS if name != "content_subtype")
    return Source(_known(defaults, names), "options", "/send_defaults", invalid)


def _ignored(given: Any) -> bool | frozenset[str]:
    if isinstance(given, list):
        return frozenset(name for name in given if isinstance(name, str))
    return given is True


def _in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """Each fault once: by document, then by field in the order of the table of fields, then by code point."""

    def key(fault: Fault) -> tuple[Any, ...]:
        names = fault.path.removeprefix("/send_defaults").split("/")
        field = _ORDER.get(names[1], len(_ORDER)) if len(names) > 1 else -1
        return fault.document, field, fault.path, fault.code, fault.reason or ""

    once = {(each.code, each.document, each.path, each.reason, each.feature): each for each in reversed(faults)}
    return tuple(sorted(once.values(), key=key))
