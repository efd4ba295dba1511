"""The wire protocol: what is said to a harness, and what its answers mean. JSON, UTF-8, an object a line.

Nothing here starts a process or judges an answer; that is done in `process` and `judge`. The protocol is documented in
`golden/README.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compiler.conformance.case_files import Case, read_body
from compiler.conformance.exact_json import read_json
from compiler.conformance.outputs import OUTPUTS
from compiler.json_io.resources import BASE, schemas

PROTOCOL = 1

MAX_HELLO_BYTES = 1 << 16  # bytes
MAX_LIST_ITEMS = 10_000  # errors, warnings or requirements of one answer

_MAX_QUOTE = 120


class ProtocolError(ValueError):
    """What a harness wrote is no answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a harness says of itself."""

    name: str
    version: str
    language: str
    rulesets: tuple[str, ...]
    capabilities: tuple[str, ...]

    def lacks(self, case: Case) -> str | None:
        """What the case needs and the harness has not: a capability, a ruleset; None where it has all."""
        if case.ruleset not in self.rulesets:
            return f"ruleset {case.ruleset}"
        missing = [name for name in case.capabilities if name not in self.capabilities]
        return ", ".join(missing) or None


@dataclass(frozen=True, slots=True)
class HarnessResponse:
    """An answer to a case: its status, and the whole of what was written."""

    status: str
    content: Mapping[str, Any]


def hello_request(suite: str) -> bytes:
    """The line that begins a talk."""
    return _line({"cmd": "hello", "protocol": PROTOCOL, "suite": suite})


def case_request(case: Case, seq: int) -> bytes:
    """The line that puts a case; a body spelled as JSON goes as text."""
    given = dict(case.input)
    body = given.get("body")
    if isinstance(body, Mapping) and "json" in body:
        given["body"] = {"text": read_body(body)}
    return _line({"cmd": case.ruleset, "seq": seq, "target": case.target, "input": given})


def bye_request() -> bytes:
    """The line that ends a talk."""
    return _line({"cmd": "bye"})


def read_hello(text: bytes) -> Hello:
    """What the answer to hello says. Raises ProtocolError."""
    if len(text) > MAX_HELLO_BYTES:
        raise ProtocolError(f"hello: the answer must be at most {MAX_HELLO_BYTES:,} bytes, got {len(text):,}")
    content = _object(text)
    if content.get("protocol") != PROTOCOL:
        raise ProtocolError(f"hello: protocol is {PROTOCOL}, not {content.get('protocol')!r:.80}: {_quoted(text)}")
    about = content.get("implementation")
    if not isinstance(about, dict) or not all(isinstance(about.get(key), str) for key in ("name", "version")):
        raise ProtocolError(f"hello: implementation has name, version and language, all text: {_quoted(text)}")
    language = about.get("language", "")
    if not isinstance(language, str):
        raise ProtocolError(f"hello: the language of the implementation is text: {_quoted(text)}")
    return Hello(
        about["name"],
        about["version"],
        language,
        _read_names(content, "rulesets"),
        _read_names(content, "capabilities"),
    )


def unknown_names(hello: Hello) -> list[str]:
    """What hello names and nobody knows: mostly a slip of the pen, for which cases would be passed over silently."""
    glossary = {each["const"] for each in schemas()[f"{BASE}case.schema.json"]["$defs"]["capability"]["oneOf"]}
    unknown = [("ruleset", name) for name in hello.rulesets if name not in OUTPUTS]
    unknown += [("capability", name) for name in hello.capabilities if name not in glossary]
    return [f"hello names a {kind} that no case needs: {name}" for kind, name in unknown]


def read_answer(text: bytes, seq: int) -> HarnessResponse:
    """The answer in a line, to the request of this number. Raises ProtocolError where it is none."""
    content = _object(text)
    if content.get("seq") != seq or isinstance(content.get("seq"), bool):
        raise ProtocolError(f"the answer's seq is {content.get('seq')!r:.80}, the request's {seq}: {_quoted(text)}")
    status = content.get("status")
    if not isinstance(status, str) or status not in _REQUIRED_MEMBER:
        raise ProtocolError(f"status is one of {', '.join(_REQUIRED_MEMBER)}, not {status!r:.80}: {_quoted(text)}")
    needed, kind = _REQUIRED_MEMBER[status]
    if needed not in content or not isinstance(content[needed], kind):
        raise ProtocolError(f"an answer that is {status} has {needed}: {_quoted(text)}")
    for name in ("errors", "warnings", "requires"):
        if not _is_list_of_objects(content.get(name, [])):
            raise ProtocolError(f"{name} is a list of objects: {_quoted(text)}")
        if len(content.get(name, [])) > MAX_LIST_ITEMS:
            told = f"{name} must be at most {MAX_LIST_ITEMS:,} objects, got {len(content[name]):,}"
            raise ProtocolError(f"{told}: {_quoted(text)}")
    return HarnessResponse(status, content)


# What each status brings along, and its type.
_REQUIRED_MEMBER: Mapping[str, tuple[str, type]] = {
    "ok": ("output", object),
    "rejected": ("errors", list),
    "unsupported": ("capability", str),
    "internal_error": ("detail", str),
}


def _line(value: Any) -> bytes:
    # In ASCII, for a case may hold half a surrogate pair, which UTF-8 cannot carry.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _object(text: bytes) -> dict[str, Any]:
    try:
        content = read_json(text)
    except ValueError as error:
        raise ProtocolError(f"{error}: {_quoted(text)}") from None
    if not isinstance(content, dict):
        raise ProtocolError(f"no object: {_quoted(text)}")
    return content


def _read_names(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = content.get(name)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ProtocolError(f"hello: {name} is a list of names, not {given!r:.80}")
    return tuple(given)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _quoted(text: bytes) -> str:
    shown = text[: _MAX_QUOTE + 1].decode("utf-8", "backslashreplace").strip()
    return repr(shown if len(text) <= _MAX_QUOTE else shown[:_MAX_QUOTE] + "…")
