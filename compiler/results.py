"""Results and diagnostics: what the public functions return. These are plain values without logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, cast

if TYPE_CHECKING:  # `Result` alone means `Result[Any]`; before Python 3.13, defaults are for type checkers only
    from typing_extensions import TypeVar

    OutputT_co = TypeVar("OutputT_co", covariant=True, default=Any)
else:
    from typing import TypeVar

    OutputT_co = TypeVar("OutputT_co", covariant=True)

DOCUMENTATION = "https://payload-compiler.example/"
"""The address of the documentation."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning about a document.

    `severity` is `error` or `warning`. `code`, `document`, `path` (a JSON Pointer) and `params` are stable across minor
    versions; the codes and their params are registered in `schemas/diagnostic.schema.json`. `message` and `hint` are
    for people. `rule` is the id of the rule that reports it, None for the front end. Equality ignores
    `message`, `hint` and `rule`.
    """

    severity: Literal["error", "warning"]
    code: str
    path: str
    document: Literal["message", "options", "body"] = "message"
    params: Mapping[str, Any] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    message: str = field(default="", compare=False)
    hint: str | None = field(default=None, compare=False)
    rule: str | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        return hash((self.severity, self.code, self.document, self.path))

    def __str__(self) -> str:
        where = f"{self.document} {self.path or '(as a whole)'}"
        return f"{self.severity}: {self.code} at {where}: {self.message}" + (f" ({self.hint})" if self.hint else "")

    @property
    def url(self) -> str:
        """The address of the documentation of its code: what it means, an example, and how to mend it."""
        return f"{DOCUMENTATION}diagnostics/#{self.code.lower()}"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready copy, of the shape of `schemas/diagnostic.schema.json`."""
        return {
            "severity": self.severity,
            "code": self.code,
            "document": self.document,
            "path": self.path,
            "related": list(self.related),
            "params": dict(self.params),
            "message": self.message,
            "hint": self.hint,
            "rule": self.rule,
            "url": self.url,
        }


class CompileError(Exception):
    """Raised if there is no payload that may be sent: the message has errors, or a requirement is unmet.

    `diagnostics` are the errors; `requires` the unmet requirements, such as
    `{"kind": "template_sender", "template_id": 176375}`.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...], requires: tuple[Mapping[str, Any], ...] = ()) -> None:
        super().__init__(diagnostics, requires)
        self.diagnostics = diagnostics
        self.requires = requires

    def __str__(self) -> str:
        needed = [f"the payload still needs: {requirement.get('kind')}" for requirement in self.requires]
        return "\n".join([*map(str, self.diagnostics), *needed])


@dataclass(frozen=True)  # no slots: before Python 3.13, Result[Payload](...) would fail with them
class Result(Generic[OutputT_co]):
    """The result of compiling or decoding a document. It shares nothing mutable with the input.

    `output` is the payload, or what the document decodes to, and None if there are errors. Its type is that of the
    function: `compile` returns a `Result[Payload]`, `decode_events` a `Result[TrackingEvents]`. For a target that is
    not one of the package, `compile` returns a `Result[Any]`.
    """

    output: OutputT_co | None
    errors: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    requires: tuple[Mapping[str, Any], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error. A requirement may still be unmet."""
        return not self.errors

    @property
    def payload(self) -> OutputT_co | None:
        """The payload as a dict, or None if there are errors; the same as `output`."""
        return self.output

    def unwrap(self) -> OutputT_co:
        """The output, which is never None. Raises CompileError if there are errors, or a requirement is unmet."""
        if self.errors or self.requires:
            raise CompileError(self.errors, self.requires)
        return cast("OutputT_co", self.output)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict, of the shape of `schemas/result.schema.json`."""
        return {
            "ok": self.ok,
            "output": self.output,
            "errors": [error.to_dict() for error in self.errors],
            "warnings": [warning.to_dict() for warning in self.warnings],
            "requires": [dict(requirement) for requirement in self.requires],
        }


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the input: the document, and a JSON Pointer into it."""

    document: Literal["message", "options", "body"]
    path: str

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready copy."""
        return {"document": self.document, "path": self.path}
