"""The canonical message while it is made: the document, the places of its values, and the faults found on the way.

What the fields have in common lives here: writing with a place, poisoning, addresses, one-line strings, the members of
objects. What each field needs of its own stands in `canonical`, `parts` and `header_fields`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.frontend.given import Fields, Given
from compiler.json_io.fault import Document, Fault, FaultList
from compiler.json_io.parse import pointer, token
from compiler.mail.addresses import (
    Address,
    AddressError,
    checked_name,
    find_line_break,
    parse_addr_spec,
    parse_address_list,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a canonical value came from. A `whole` one has no parts in the document: what is below it points to it."""

    document: Document
    path: str
    whole: bool


_NOT_AN_ADDRESS = (
    "write it as local@domain, with a name as Name <local@domain>; a name with a comma needs quotation marks"
)
LINE_BREAK = "a line break or NUL would let the value run into the next header"


class Draft:
    """A canonical message in the making."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.document: dict[str, Any] = {}
        self.places: dict[str, Place] = {}
        self.invalid: set[str] = set()
        self.faults = FaultList()
        self._sorted_refused = {source.document: sorted(source.invalid) for source in (fields.message, fields.defaults)}

    def place(self, pointer: str, given: Given, *, whole: bool = False) -> None:
        """Says where the canonical value at this pointer came from."""
        self.places[pointer] = Place(given.document, given.path, whole)

    def put(self, name: str, value: Any, given: Given, *, whole: bool = False) -> None:
        """Writes a member of the canonical message."""
        self.document[name] = value
        self.place(f"/{name}", given, whole=whole)

    def poison(self, name: str, given: Given) -> None:
        """Writes a member that nobody may read."""
        self.put(name, None, given)
        self.invalid.add(f"/{name}")

    def fault(self, code: str, given: Given, reason: str | None, message: str, hint: str | None = None) -> None:
        """Notes a fault of what was given."""
        self.faults.add(Fault(code, given.path, reason, message, hint, given.document))

    def fault_below(
        self, given: Given, tokens: Sequence[str | int], code: str, reason: str, message: str, hint: str
    ) -> bool:
        """Notes a fault of a value below what was given; whether it is one that was not refused already.

        The path is written only where the fault is listed.
        """
        if not self.faults.has_room(len(given.path) + sum(len(str(each)) + 1 for each in tokens)):
            return True
        below = Given(None, given.document, given.path + pointer(tokens))
        if below.path in self._refused(given):
            return False
        self.fault(code, below, reason, message, hint)
        return True

    def rows(self, name: str, rows: list[tuple[Any, Given, bool]]) -> None:
        """Writes a list whose rows are a value, where it came from, and whether it is invalid."""
        above = self.fields.single(name)
        if above is None:
            return
        if self.fields.is_invalid(name):
            self.poison(name, above)
            return
        self.put(name, [value for value, _, _ in rows], above)
        for index, (_, given, invalid) in enumerate(rows):
            pointer = f"/{name}/{index}"
            self.place(pointer, given)
            if invalid:
                self.invalid.add(pointer)

    def addresses(self, given: Given) -> tuple[Address, ...] | None:
        """The addresses in an address string or object; None where it is, or becomes, a fault."""
        if given.invalid:
            return None
        if not isinstance(given.value, dict):
            readable, found = self._read(given, parse_address_list)
            return found if readable else None
        has_email, email = self._read(self._part(given, "email"), parse_addr_spec)
        has_name, name = self._read(self._part(given, "name"), checked_name)
        return (Address(email, name),) if has_email and has_name else None

    def _part(self, given: Given, key: str) -> Given:
        path = f"{given.path}/{key}"
        return Given(given.value.get(key), given.document, path, path in self._refused(given))

    def _read(self, given: Given, read: Callable[[str], Any]) -> tuple[bool, Any]:
        """Whether it can be read, and what is read; null reads as null."""
        if given.invalid or given.value is None:
            return not given.invalid, None
        try:
            return True, read(given.value)
        except AddressError as error:
            self._address_fault(given, error)
            return False, None

    def _refused(self, given: Given) -> Collection[str]:
        """The pointers to what was refused in the document that gave this."""
        return (self.fields.defaults if given.from_defaults else self.fields.message).invalid

    def _address_fault(self, given: Given, error: AddressError) -> None:
        if error.reason == "line-break":
            self.fault("InvalidValue", given, "line-break", error.message, LINE_BREAK)
        elif error.reason == "local-part":
            hint = "such an address cannot be delivered to; ask for one in ASCII"
            feature = "non-ascii local part"
            self.faults.add(
                Fault("UnsupportedFeature", given.path, None, error.message, hint, given.document, feature=feature)
            )
        else:
            self.fault("InvalidAddress", given, None, error.message, _NOT_AN_ADDRESS)

    def address(self, pointer: str, address: Address, given: Given) -> dict[str, str]:
        """The canonical form of an address; a fault in it will point at its string, or into its object."""
        whole = isinstance(given.value, str)
        self.place(pointer, given, whole=whole)
        return {"email": address.email} if address.name is None else {"email": address.email, "name": address.name}

    def one_address(self, name: str, given: Given | None, what: str = "one address is expected here") -> None:
        """Writes the one address that is given; several are a fault."""
        if given is None:
            return
        addresses = self.addresses(given)
        if addresses is None:
            self.poison(name, given)
        elif len(addresses) > 1:
            self.fault("InvalidAddress", given, None, f"{what}, and this is {len(addresses)}")
            self.poison(name, given)
        else:
            self.document[name] = self.address(f"/{name}", addresses[0], given)

    def is_one_line(self, given: Given) -> bool:
        """Whether a string holds no line break, hidden ones included; one that does is a fault."""
        problem = find_line_break(given.value) if isinstance(given.value, str) else None
        if problem is None:
            return True
        self.fault("InvalidValue", given, "line-break", f"the value must be one line, got {problem}", LINE_BREAK)
        return False

    def copy(self, name: str, *, one_line: bool = False, convert: Callable[[Any], Any] | None = None) -> None:
        """Copies a single value as it is given, or converted."""
        given = self.fields.single(name)
        if given is None:
            return
        if given.invalid or (one_line and not self.is_one_line(given)):
            self.poison(name, given)
        else:
            self.put(name, given.value if convert is None else convert(given.value), given)

    def is_invalid_within(self, given: Given, *members: str) -> bool:
        """Whether an object, or one of these members of it, was refused already."""
        paths = (given.path, *(f"{given.path}/{member}" for member in members))
        return given.invalid or not isinstance(given.value, dict) or any(path in self._refused(given) for path in paths)

    def members(self, name: str, key_of: Callable[[str], str] = str) -> Iterator[tuple[str, str, Given]]:
        """The members of an object: the key to keep, its spelling, and what is given.

        Keys that mean the same are a fault.
        """
        above = self.fields.single(name)
        if above is None:
            return
        merged, invalid = self.fields.members(name, key_of)
        if invalid:
            self.poison(name, above)
            return
        self.put(name, {}, above)
        for key, group in merged.items():
            spelling, given = group[0]
            if len(group) > 1:
                others = tuple(other.path for _, other in group[1:])
                message = f"{', '.join(repr(each) for each, _ in group)} mean the same here"
                hint = "keep one of them"
                self.faults.add(
                    Fault("IncompatibleFields", given.path, None, message, hint, given.document, related=others)
                )
                given = Given(given.value, given.document, given.path, invalid=True)
            yield key, spelling, given

    def member(self, name: str, key: str, value: Any, given: Given, *, invalid: bool) -> None:
        """Writes a member of an object that was begun by `members`."""
        there = f"/{name}/{token(key)}"
        self.document[name][key] = value
        self.place(there, given)
        if invalid:
            self.invalid.add(there)
        elif isinstance(value, dict | list):
            self._invalid_below(there, given)

    def _invalid_below(self, pointer: str, given: Given) -> None:
        """Poisons what was refused already deep in a value that is copied whole."""
        refused = self._sorted_refused[given.document]
        below = f"{given.path}/"
        for path in refused[bisect_left(refused, below) :]:
            if not path.startswith(below):
                break
            self.invalid.add(pointer + path.removeprefix(given.path))
