"""The full driver: builds the canonical message of any message, and reports everything that is wrong with it.

It sanitizes message and options, checks them by their schemas, and reads the fields with the readers of the fast
driver, but item by item. What cannot be used becomes a diagnostic and is poisoned: it keeps its place in the canonical
message, as null, and no rule reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.frontend.defaults import DEFAULTS, Document, Layer, LayeredMessage, default_layer, names_from_defaults
from compiler.frontend.fields import FIELDS, NEUTRAL, Field, TargetPolicy, address_reader
from compiler.frontend.locate import Locator
from compiler.frontend.readers import (
    ATTACHMENT_MEMBERS,
    AddressReader,
    Invalid,
    Issue,
    assign_parts,
    check_senders,
    decide_delivery,
    header_member,
    read_part,
)
from compiler.frontend.schema_errors import check_schema
from compiler.json_io.issues import MORE_ERRORS, MORE_HINT, BoundedList, ParseIssue, more_message
from compiler.json_io.pointer import escape_token, format_pointer
from compiler.json_io.sanitize import sanitize
from compiler.results import Diagnostic

_OPTIONS = ("ignore_unsupported_features", "send_defaults", "template_sender")


@dataclass(frozen=True, slots=True)
class CanonicalResult:
    """What the front end makes of a message and its options.

    document: the canonical message. poisoned: pointers into it, to values that were reported already. diagnostics: all
    errors of the front end. ignored: the features to ignore; None if the option is invalid. is_readable: whether the
    message is an object at all; if not, the document is made of the defaults alone, and only the diagnostics count.
    locator: finds where canonical values came from.
    """

    document: Mapping[str, Any]
    poisoned: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    ignored: bool | frozenset[str] | None
    is_readable: bool
    locator: Locator


def canonicalize(message: object, options: object, policy: TargetPolicy = NEUTRAL) -> CanonicalResult:
    """The canonical message for a message and options of any content. Raises nothing.

    `policy` is what the target asks for.
    """
    copy, diagnostics, refused = _check(message, "message.schema.json", "message")
    options_copy, options_diagnostics, options_refused = _check(options, "options.schema.json", "options")
    if not isinstance(options_copy, dict) or "" in options_refused:  # nothing in it was checked
        options_copy = dict.fromkeys(_OPTIONS)
        options_refused |= {f"/{name}" for name in _OPTIONS}
    ignored = None
    if not any(path.startswith("/ignore_unsupported_features") for path in options_refused):
        ignored = _ignored_features(options_copy.get("ignore_unsupported_features"))
    is_readable = isinstance(copy, dict) and "" not in refused
    layered = LayeredMessage(
        Layer(copy if is_readable else {}, "message", "", refused),
        default_layer(options_copy, options_refused),
        policy,
    )
    sender = options_copy.get("template_sender")
    reader = _FullReader(layered, address_reader(policy))
    reader.read_fields()
    reader.read_template_sender(sender, options_refused)
    return CanonicalResult(
        reader.document,
        frozenset(reader.poisoned),
        sort_diagnostics([*diagnostics, *options_diagnostics, *reader.diagnostics()]),
        ignored,
        is_readable,
        Locator(layered, sender),
    )


def parse_diagnostic(issue: ParseIssue, document: Document = "message") -> Diagnostic:
    """The diagnostic for what is wrong with a text or a Python value."""
    params: dict[str, Any] = {} if issue.reason is None else {"reason": issue.reason}
    if issue.more is not None:
        params["count"] = issue.more
    return Diagnostic("error", issue.code, issue.path, document, params, message=issue.message, hint=issue.hint)


def _check(document: object, schema: str, kind: Document) -> tuple[Any, list[Diagnostic], frozenset[str]]:
    """A plain copy, what is wrong with it, and the pointers to its values that are refused."""
    copy, issues, refused = sanitize(document)
    checked = tuple(check_schema(copy, schema, refused, kind))
    # If not every error is listed, no value is known to be valid.
    also_refused = {error.path for error in checked if error.code in ("InvalidMessage", MORE_ERRORS)}
    return copy, [*(parse_diagnostic(issue, kind) for issue in issues), *checked], refused | also_refused


def _ignored_features(option: Any) -> bool | frozenset[str]:
    if isinstance(option, list):
        return frozenset(name for name in option if isinstance(name, str))
    return option is True


class _FullReader:
    """One canonical message that is being built, with its poisoned values and the errors."""

    def __init__(self, layered: LayeredMessage, addresses: AddressReader) -> None:
        self._layered = layered
        self._addresses = addresses
        self._message = layered.fields
        self._issues: BoundedList[Diagnostic] = BoundedList()
        self.document: dict[str, Any] = {}
        self.poisoned: set[str] = set()
        self._has_from_header = True  # unless its value was refused before it could be read as an address

    def diagnostics(self) -> Sequence[Diagnostic]:
        """All errors that were found."""
        listed = list(self._issues)
        if not self._issues.is_complete:
            count = self._issues.more
            params = {} if count is None else {"count": count}
            message = more_message("error", count)
            listed.append(Diagnostic("error", MORE_ERRORS, "", params=params, message=message, hint=MORE_HINT))
        return listed

    def read_fields(self) -> None:
        """Reads every field, item by item."""
        for name, field in self._layered.table.items():
            if name not in self._message or self._is_part(name):
                continue
            if self._layered.is_refused(name):
                self._has_from_header &= name != "extra_headers"
                if name in ("tags", "attachments"):  # what one layer gives is checked if the other was refused
                    for layer in self._layered.layers(name):
                        self._collect_items(field, () if layer.is_refused(name) else layer.fields[name])
                self._poison(*(field.canonical or (name,)))
            else:
                self._collect(field)
        self._read_parts()
        if self._has_from_header:
            try:
                check_senders(self.document)
            except Invalid as error:
                self._report(("from_email",), error)
                self._poison("from_email")
        self._decide_delivery()
        names = names_from_defaults(self._layered.message.fields, self._layered.defaults.fields)
        known = [name for name in names if not self._has_refused_items(name)]
        if known:
            self.document["from_defaults"] = known

    def _decide_delivery(self) -> None:
        """Whether the message is shared; unknown if it is unknown whether there are copies."""
        known_copies = any(self.document.get(name) for name in ("cc", "bcc"))
        if "/delivery" in self.poisoned or (not known_copies and {"/cc", "/bcc"} & self.poisoned):
            self._poison("delivery")
            return
        try:
            decide_delivery(self.document)
        except Invalid as error:
            self._report(("delivery",), error)
            self._poison("delivery")

    def read_template_sender(self, sender: Any, refused: frozenset[str]) -> None:
        """Reads the sender that the options give for a template."""
        path = "/template_sender"
        if path in refused:
            self._poison("template_sender")
        elif sender is not None:
            try:
                members = [key for key in ("email", "name") if f"{path}/{key}" in refused]
                self.document["template_sender"] = self._addresses.read_one_address(sender, members)
            except Invalid as error:
                for issue in error.issues:
                    self._list(issue, "options", path + format_pointer(issue.subpath))
                self._poison("template_sender")

    def _has_refused_items(self, name: str) -> bool:
        if self._message[name] is None:
            return True
        return any(self._layered.is_refused(name, index) for index in range(len(self._message[name])))

    def _is_part(self, name: str) -> bool:
        return name in ("body", "alternatives") or (name == "content_subtype" and "body" in self._message)

    def _collect(self, field: Field) -> None:
        name, value = field.name, self._message[field.name]
        if name == "extra_headers":
            self._collect_headers(value)
        elif field.merge == "append":
            self._collect_items(field, value)
        elif field.merge == "merge":
            self._collect_members(field, value)
        elif name == "from_email":
            self._collect_addresses(field)
        else:
            read = self._read((name,), value, field.read_item, self._refused_members((name,), value))
            if read is None:
                self._poison(name)
            else:
                self.document[name] = read

    # --- One value ----------------------------------------------------------------------------------------------------

    def _read(self, tokens: Sequence[str | int], value: Any, read: Callable[..., Any], *more: Any) -> Any:
        """What a reader makes of a value; None if that is invalid, or was refused before."""
        if self._layered.is_refused(*tokens):
            return None
        try:
            return read(value, *more)
        except Invalid as error:
            self._report(tokens, error)
            return None

    def _refused_members(self, tokens: Sequence[str | int], value: Any) -> list[str]:
        """The members of an object that were refused."""
        if not isinstance(value, dict):
            return []
        return [key for key in value if self._layered.is_refused(*tokens, key)]

    def _report(self, tokens: Sequence[str | int], error: Invalid) -> bool:
        """Lists the issues of a value; true if there is any that was not refused before."""
        is_new = False
        for issue in error.issues:
            subpath = (*tokens, *issue.subpath)
            if not self._issues.has_room(sum(len(str(token)) + 1 for token in subpath)):
                is_new = True
                continue
            layer, own_tokens = self._layered.find(subpath)
            if not issue.subpath or not layer.is_refused(*own_tokens):
                is_new = True
                self._list(issue, layer.document, layer.path + format_pointer(own_tokens))
        return is_new

    def _list(self, issue: Issue, document: Document, path: str, related: tuple[str, ...] = ()) -> None:
        params = {"reason": issue.reason, "feature": issue.feature}
        diagnostic = Diagnostic(
            "error",
            issue.code,
            path,
            document,
            {name: value for name, value in params.items() if value is not None},
            related,
            issue.message,
            issue.hint,
        )
        key = document, issue.code, path, issue.reason, issue.feature
        self._issues.add(key, diagnostic, len(path))

    def _poison(self, *names: str) -> None:
        for name in names:
            self.document[name] = None
            self.poisoned.add(f"/{name}")

    # --- Lists and objects --------------------------------------------------------------------------------------------

    def _collect_items(self, field: Field, items: Sequence[Any]) -> None:
        canonical_items: list[Any] = []
        self.document[field.name] = canonical_items
        for index, item in enumerate(items):
            refused = self._refused_members((field.name, index), item)
            if field.name == "attachments":
                refused = [key for key in refused if key in ATTACHMENT_MEMBERS]
            read = self._read((field.name, index), item, field.read_item, refused)
            if read is None:
                self.poisoned.add(f"/{field.name}/{len(canonical_items)}")
            canonical_items += read if isinstance(read, list) else [read]

    def _collect_addresses(self, field: Field) -> None:
        value = self._message[field.name]
        read = self._read((field.name,), value, field.read_item, self._refused_members((field.name,), value))
        self.document[field.name] = [None] if read is None else read
        if read is None:
            self.poisoned.add(f"/{field.name}/0")

    def _collect_members(self, field: Field, value: Mapping[str, Any]) -> None:
        members: dict[str, Any] = {}
        self.document[field.name] = members
        for shared, spelling, is_single in self._members(field, value):
            tokens = (field.name, spelling)
            key = spelling if field.spells_keys else shared
            pointer = format_pointer((field.name, key))
            members[key] = value[spelling]
            if not is_single or self._layered.is_refused(*tokens):
                self.poisoned.add(pointer)
                continue
            try:
                members[key] = field.read_item(value[spelling])
            except Invalid as error:
                if self._report(tokens, error):
                    self.poisoned.add(pointer)
                    continue
            layer, own_tokens = self._layered.find(tokens)
            self.poisoned.update(pointer + refused_pointer for refused_pointer in layer.refused_below(own_tokens))

    def _members(self, field: Field, value: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
        """The members of an object: what their names share, their first spelling, and whether it is the only one."""
        groups: dict[str, list[str]] = {}
        for spelling in sorted(value):
            groups.setdefault(field.key_of(spelling), []).append(spelling)
        for spellings in groups.values():
            if len(spellings) > 1:
                (layer, first), *others = (self._layered.find((field.name, spelling)) for spelling in spellings)
                message = f"{', '.join(map(repr, spellings))} mean the same here"
                issue = Issue("IncompatibleFields", None, message, "keep one of them")
                related = tuple(other.path + format_pointer(tokens) for other, tokens in others)
                self._list(issue, layer.document, layer.path + format_pointer(first), related)
        return [(shared, spellings[0], len(spellings) == 1) for shared, spellings in groups.items()]

    def _collect_headers(self, value: Mapping[str, Any]) -> None:
        headers: dict[str, Any] = {}
        field = self._layered.table["extra_headers"]
        for _, name, is_single in self._members(field, value):
            tokens = (field.name, name)
            member, read, is_read, is_address = header_member(name), None, False, False
            if is_single and not self._layered.is_refused(*tokens):
                try:
                    read, is_read = field.read_item(name, value[name]), True
                except Invalid as error:
                    error.issues = list(error.issues)
                    is_address = all(issue.code != "InvalidValue" for issue in error.issues)
                    self._report(tokens, error)
            if member is None:
                headers[name] = read
                if not is_read:
                    self.poisoned.add(f"/headers/{escape_token(name)}")
            elif not is_read:
                self._poison(member)
                self._has_from_header &= member != "header_from" or is_address
            elif read is not None:
                self.document[member] = read
        if headers:
            self.document["headers"] = headers

    # --- Bodies -------------------------------------------------------------------------------------------------------

    def _read_parts(self) -> None:
        """The body and the alternatives, which become text, HTML and other parts."""
        if self._layered.is_refused("content_subtype") and "body" in self._message:
            self._poison("text", "html")
        parts: dict[str, list[Any]] = {"text": [], "html": [], "other_parts": []}
        for kind, source, is_known in assign_parts(self._message, self._layered.is_refused):
            if not is_known and f"/{kind}" not in self.poisoned:
                self.poisoned.add(f"/{kind}" if kind == "text" else f"/{kind}/{len(parts[kind])}")
            parts[kind].append(read_part(self._message, kind, source) if is_known else None)
        if self._layered.is_refused("alternatives"):
            self._poison("html", "other_parts")
        for kind, values in parts.items():
            if values and f"/{kind}" not in self.poisoned:
                self.document[kind] = values[0] if kind == "text" else values
        if "/text" in self.poisoned:
            self.document["text"] = None


def sort_diagnostics(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once: by document, then by field in the order of the table of fields, then by code point."""
    order = {name: index for index, name in enumerate(FIELDS)}

    def key(diagnostic: Diagnostic) -> tuple[Any, ...]:
        tokens = diagnostic.path.removeprefix(DEFAULTS).split("/")
        field = order.get(tokens[1], len(order)) if len(tokens) > 1 else -1
        return diagnostic.document, field, diagnostic.path, diagnostic.code, diagnostic.params.get("reason") or ""

    def identity(diagnostic: Diagnostic) -> tuple[Any, ...]:
        return diagnostic.code, diagnostic.document, diagnostic.path, tuple(diagnostic.params.items())

    distinct = {identity(diagnostic): diagnostic for diagnostic in reversed(diagnostics)}
    return tuple(sorted(distinct.values(), key=key))
