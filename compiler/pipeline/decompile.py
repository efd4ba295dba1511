"""Turns a payload back into the messages that compile to it, by the ruleset `decompile` of a target.

    payload ──► names as documented ──► checked by the schema ──► rules ──► messages, joined

The schema of the ruleset's input says what can be read; values that it does not allow are errors at their places, and
the rest is read all the same. Its keyword `x-otherwise` names a member: a payload that has none of the others is read
as its value. That is for services that take one message, or several in a list. Nothing here knows a service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from compiler import engine
from compiler.engine.schema import OutputValidator, Schema, faulty_location
from compiler.frontend.full import parse_diagnostic
from compiler.frontend.schema_errors import describe_error
from compiler.json_io.issues import MORE_ERRORS, BoundedList, more_message
from compiler.json_io.parse import parse_json
from compiler.json_io.pointer import caseless, escape_token, format_pointer, parse_pointer
from compiler.json_io.sanitize import sanitize
from compiler.pipeline.compile import DEFAULT_TARGET
from compiler.pipeline.diagnostics import by_severity, deduplicate, diagnostic_from_finding
from compiler.pipeline.join import Joined, join_messages
from compiler.pipeline.target_schemas import build_schemas
from compiler.pipeline.targets import Target, named_target, own_target_names
from compiler.results import Diagnostic, Result

if TYPE_CHECKING:
    from compiler.documents import Message

_OTHERWISE = "x-otherwise"
_OF_A_MESSAGE = frozenset({"alternatives", "body", "extra_headers", "from_email", "merge_data", "template_id"})
_NOT_CHECKED = frozenset({"maxItems", "maxLength"})
"""Keywords for limits: what is too long can be read, and is reported when the message is compiled."""


def decompile(payload: object, target: str | Target = DEFAULT_TARGET) -> Result[list[Message]]:
    """Turns a payload of a service into the messages that compile to it.

    `payload` is a JSON object in Python, or its text (str or bytes). Names of documented properties match without
    regard to case. What no field of a message says stays in `esp_extra`; what cannot be read is an error of the
    document `body`, at its place in the payload. Messages that differ only in their recipients and the data of these
    are one message. Compiling the messages gives the payload again, or one that means the same: see "Decompiling" in
    the docs for the differences. Raises ValueError for an unknown target, and one without a ruleset `decompile`.
    """
    return hint_at_other_target(payload, target, decompile_with_trace(payload, target).result)


def hint_at_other_target(payload: object, target: str | Target, result: Result[Any]) -> Result[Any]:
    """The result of a payload; the first error says if it is a message, or a payload of another target."""
    if result.ok:
        return result
    document, _ = _read(payload)
    if isinstance(document, dict) and not _OF_A_MESSAGE.isdisjoint(document):
        first, *others = result.errors
        hint = "it looks like a message, not like a payload: compile it"
        return replace(result, errors=(replace(first, hint=hint), *others))
    own = target.name if isinstance(target, Target) else target
    for name in own_target_names():
        if name != own and decompile_with_trace(payload, name).result.output:
            first, *others = result.errors
            hint = f"it can be read as a payload of {name}; choose this target if it is one"
            return replace(result, errors=(replace(first, hint=hint), *others))
    return result


@dataclass(frozen=True, slots=True)
class Decompiled:
    """A result, and what led to it.

    `joined` are the messages with those that they were joined from; `outcome` is None if the payload could not be read.
    """

    result: Result[list[Message]]
    joined: list[Joined]
    outcome: engine.RunResult | None
    places: Places


def decompile_with_trace(payload: object, target: str | Target, *, explaining: bool = False) -> Decompiled:
    """Decompiles as `decompile` does; `explaining` requests the trace of the rules, without the inputs of constants."""
    loaded = target if isinstance(target, Target) else named_target(target)
    ruleset = loaded.ruleset("decompile")
    places = Places()
    document, errors = _read(payload)
    if errors:
        return Decompiled(Result(None, errors), [], None, places)
    document, repeated = _Normalizer(places).normalize(document, ruleset.input_schema)
    document = _wrap(document, ruleset.input_schema, places)
    invalid = list(_check(document, OutputValidator(ruleset.input_id, build_schemas(loaded)), places))
    outcome = engine.run(
        ruleset,
        document,
        [pointer for pointer, _ in invalid if pointer is not None],
        explaining=explaining,
        with_conditions=False,
    )
    diagnostics = [*repeated, *(diagnostic for _, diagnostic in invalid)]
    for finding in outcome.findings:
        at, related = places.given(finding.at), tuple(map(places.given, finding.related))
        diagnostics.append(diagnostic_from_finding(finding, "body", at, related))
    found, warnings = by_severity(diagnostics)
    if found or outcome.output is None:
        return Decompiled(Result(None, deduplicate(found), warnings), [], outcome, places)
    joined = join_messages(outcome.output.get("messages", []))
    messages: list[Any] = [each.message for each in joined]
    return Decompiled(Result(messages, (), warnings), joined, outcome, places)


def _read(payload: object) -> tuple[Any, tuple[Diagnostic, ...]]:
    """The payload as plain JSON, or the errors that prevent it."""
    if isinstance(payload, str | bytes):
        document, issues = parse_json(payload)
    else:
        document, issues, _ = sanitize(payload)
    if issues:
        return None, tuple(replace(parse_diagnostic(issue), document="body") for issue in issues)
    if not isinstance(document, dict):
        message = "a payload must be an object"
        return None, (Diagnostic("error", "InvalidMessage", "", "body", {"reason": "type"}, message=message),)
    return document, ()


# --- Names and places -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Places:
    """Where the values that the rules read are in the payload: names may be spelled otherwise there."""

    spellings: dict[str, str] = field(default_factory=dict)
    wrapper: str = ""

    def given(self, pointer: str) -> str:
        """The place in the payload of a value that the rules read at this pointer."""
        tokens = parse_pointer(pointer)
        inside = tokens[1:] if self.wrapper and tokens[:1] == (self.wrapper,) else tokens
        place, written = "", ""
        for token in inside:
            place += f"/{escape_token(token)}"
            written += f"/{escape_token(self.spellings.get(place, token))}"
        return written


class _Normalizer:
    """Spells names as the schema documents them."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._repeated: list[Diagnostic] = []

    def normalize(self, document: Any, schema: Schema) -> tuple[Any, list[Diagnostic]]:
        """The document in the documented spellings, and errors for names that then occur twice."""
        inner = schema
        otherwise = schema.get(_OTHERWISE)
        if otherwise is not None:
            names = {**schema["properties"][otherwise].get("properties", {}), **schema.get("properties", {})}
            inner = {"properties": {name: part for name, part in names.items() if name != otherwise}}
        return self._value(document, inner, ""), self._repeated

    def _value(self, value: Any, schema: Schema, place: str) -> Any:
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self._value(item, items, f"{place}/{index}") for index, item in enumerate(value)]
        properties: Mapping[str, Schema] = schema.get("properties", {})
        if not isinstance(value, dict) or not properties:
            return value
        documented = {caseless(name): name for name in properties}
        members: dict[str, Any] = {}
        written: dict[str, str] = {}
        for given, member in value.items():
            name = given if given in properties else str(documented.get(caseless(given), given))
            inner = f"{place}/{escape_token(name)}"
            if name in members:
                first, second = sorted((written[name], given))
                self._repeated.append(
                    Diagnostic(
                        "error",
                        "IncompatibleFields",
                        self._places.given(place) + f"/{escape_token(first)}",
                        "body",
                        related=(self._places.given(place) + f"/{escape_token(second)}",),
                        message="the same property twice: the names differ only in case",
                        hint="keep only one of them",
                    )
                )
                continue
            written[name] = given
            if name != given:
                self._places.spellings[inner] = given
            members[name] = self._value(member, properties.get(name, {}), inner)
        return members


def _wrap(document: dict[str, Any], schema: Schema, places: Places) -> dict[str, Any]:
    """The document, under the member that the schema names for one without the other documented members."""
    otherwise = schema.get(_OTHERWISE)
    if otherwise is None or any(name in document for name in schema["properties"] if name != otherwise):
        return document
    places.wrapper = otherwise
    return {otherwise: document}


def _check(
    document: dict[str, Any], validator: OutputValidator, places: Places
) -> Iterator[tuple[str | None, Diagnostic]]:
    """The invalid values: the pointer and the error of each. A pointer is None if not all are listed."""
    listed: BoundedList[tuple[str | None, Diagnostic]] = BoundedList()
    for error in validator.errors(document):
        if error.validator in _NOT_CHECKED:
            continue
        pointer = format_pointer(faulty_location(error))
        problem, hint = describe_error(error)
        diagnostic = Diagnostic(
            "error",
            "InvalidValue",
            places.given(pointer),
            "body",
            {"reason": "payload-schema"},
            message=f"the service does not accept this value: {problem}",
            hint=hint,
        )
        listed.add(pointer, (pointer, diagnostic), len(pointer))
        if not listed.is_complete:
            yield None, Diagnostic("error", MORE_ERRORS, "", "body", message=more_message("error", None))
            break
    yield from listed
