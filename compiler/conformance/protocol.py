"""The wire protocol between runner and harness: JSON in UTF-8, one object per line. See `golden/README.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compiler.conformance.case_files import Case, read_body
from compiler.conformance.outputs import OUTPUTS
from compiler.json_io.parse import EXACT, require_json
from compiler.json_io.resources import BASE, schemas

PROTOCOL = 1

MAX_HELLO_BYTES = 1 << 16  # bytes
MAX_LIST_ITEMS = 10_000  # errors, warnings or requirements per response

_MAX_QUOTE = 120


class ProtocolError(ValueError):
    """A response violates the protocol; the message says why."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The response to hello: what the harness is, and what it supports."""

    name: str
    version: str
    language: str
    rulesets: tuple[str, ...]
    capabilities: tuple[str, ...]

    def lacks(self, case: Case) -> str | None:
        """The ruleset or the capabilities that the case needs and the harness lacks; None if it lacks nothing."""
        if case.ruleset not in self.rulesets:
            return f"ruleset {case.ruleset}"
        missing = [name for name in case.capabilities if name not in self.capabilities]
        return ", ".join(missing) or None


@dataclass(frozen=True, slots=True)
class HarnessResponse:
    """A response to a case: its status, and the complete object."""

    status: str
    content: Mapping[str, Any]


def hello_request(suite: str) -> bytes:
    """The line that opens a session."""
    return _format_line({"cmd": "hello", "protocol": PROTOCOL, "suite": suite})


def case_request(case: Case, seq: int) -> bytes:
    """The line that sends a case; a JSON body is sent as text."""
    case_input = dict(case.input)
    body = case_input.get("body")
    if isinstance(body, Mapping) and "json" in body:
        case_input["body"] = {"text": read_body(body)}
    return _format_line({"cmd": case.ruleset, "seq": seq, "target": case.target, "input": case_input})


def bye_request() -> bytes:
    """The line that closes a session."""
    return _format_line({"cmd": "bye"})


def read_hello(text: bytes) -> Hello:
    """Reads the response to hello. Raises ProtocolError."""
    if len(text) > MAX_HELLO_BYTES:
        raise ProtocolError(f"hello: the response must be at most {MAX_HELLO_BYTES:,} bytes, got {len(text):,}")
    content = _parse_object(text)
    if content.get("protocol") != PROTOCOL:
        raise ProtocolError(f"hello: protocol must be {PROTOCOL}, got {content.get('protocol')!r:.80}: {_quote(text)}")
    about = content.get("implementation")
    if not isinstance(about, dict) or not all(isinstance(about.get(key), str) for key in ("name", "version")):
        raise ProtocolError(f"hello: implementation must have the strings name, version and language: {_quote(text)}")
    language = about.get("language", "")
    if not isinstance(language, str):
        raise ProtocolError(f"hello: the language of the implementation must be a string: {_quote(text)}")
    return Hello(
        about["name"],
        about["version"],
        language,
        _read_names(content, "rulesets"),
        _read_names(content, "capabilities"),
    )


def unknown_names(hello: Hello) -> list[str]:
    """Names in hello that the suite does not define, usually typos; without this check their cases would be skipped."""
    glossary = {entry["const"] for entry in schemas()[f"{BASE}case.schema.json"]["$defs"]["capability"]["oneOf"]}
    unknown = [("ruleset", name) for name in hello.rulesets if name not in OUTPUTS]
    unknown += [("capability", name) for name in hello.capabilities if name not in glossary]
    return [f"hello names an unknown {kind}: {name}" for kind, name in unknown]


def read_response(text: bytes, seq: int) -> HarnessResponse:
    """Reads the response to the request with this number. Raises ProtocolError."""
    content = _parse_object(text)
    if content.get("seq") != seq or isinstance(content.get("seq"), bool):
        raise ProtocolError(f"seq must be {seq}, got {content.get('seq')!r:.80}: {_quote(text)}")
    status = content.get("status")
    if not isinstance(status, str) or status not in _REQUIRED_MEMBER:
        raise ProtocolError(f"status must be one of {', '.join(_REQUIRED_MEMBER)}, got {status!r:.80}: {_quote(text)}")
    member, member_type = _REQUIRED_MEMBER[status]
    if member not in content or not isinstance(content[member], member_type):
        raise ProtocolError(f"a response with status {status} must have a valid {member}: {_quote(text)}")
    for name in ("errors", "warnings", "requires"):
        if not _is_list_of_objects(content.get(name, [])):
            raise ProtocolError(f"{name} must be a list of objects: {_quote(text)}")
        if len(content.get(name, [])) > MAX_LIST_ITEMS:
            raise ProtocolError(
                f"{name} must be at most {MAX_LIST_ITEMS:,} objects, got {len(content[name]):,}: {_quote(text)}"
            )
    return HarnessResponse(status, content)


# The required member of each status, and its type.
_REQUIRED_MEMBER: Mapping[str, tuple[str, type]] = {
    "ok": ("output", object),
    "rejected": ("errors", list),
    "unsupported": ("capability", str),
    "internal_error": ("detail", str),
}


def _format_line(value: Any) -> bytes:
    # In ASCII, because a case may contain a lone surrogate, which UTF-8 cannot encode.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _parse_object(text: bytes) -> dict[str, Any]:
    try:
        content = require_json(text, EXACT)
    except ValueError as error:
        raise ProtocolError(f"{error}: {_quote(text)}") from None
    if not isinstance(content, dict):
        raise ProtocolError(f"must be an object: {_quote(text)}")
    return content


def _read_names(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    names = content.get(name)
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise ProtocolError(f"hello: {name} must be a list of strings, got {names!r:.80}")
    return tuple(names)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _quote(text: bytes) -> str:
    excerpt = text[: _MAX_QUOTE + 1].decode("utf-8", "backslashreplace").strip()
    return repr(excerpt if len(text) <= _MAX_QUOTE else excerpt[:_MAX_QUOTE] + "…")
