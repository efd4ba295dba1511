"""Cuts a message for too many recipients into messages that each fit the target's limits.

    message, options ──► compile the whole ──► fits ─► the message, defaults folded in
                                          └──► too large ─► find how many recipients fit, cut, compile every part

No limit and no service is known here: the errors of compiling tell what is too large, and by how much. A limit is
*cured* by splitting if the message for one recipient alone keeps it. For how defaults become part of a message, see
`compiler.frontend.defaults`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from compiler.frontend.defaults import apply_defaults
from compiler.frontend.full import canonicalize
from compiler.json_io.sanitize import sanitize
from compiler.mail.addresses import ascii_domain
from compiler.mail.encoded_words import build_message_address
from compiler.pipeline import compile as pipeline_compile
from compiler.pipeline.targets import Target, named_target
from compiler.results import Diagnostic, Result

if TYPE_CHECKING:
    from compiler.documents import Message

_LIMIT = "LimitExceeded"
_RECIPIENT_FIELDS = ("to", "cc", "bcc", "delivery")
_RECIPIENT_DATA = ("merge_data", "merge_metadata")


def split(
    message: object,
    target: str | Target = pipeline_compile.DEFAULT_TARGET,
    options: pipeline_compile.Options | Mapping[str, Any] | None = None,
) -> Result[list[Message]]:
    """Cuts a message into messages that each fit the target's limits.

    The result's `output` is a list of messages (`schemas/message.schema.json`), the defaults folded in: compile each
    with the same options but without `send_defaults`, and together they send what the whole would have sent, to the
    same recipients in the same order. Each has the `merge_data` and `merge_metadata` of its own recipients; data for no
    recipient is left out. A message that fits is not cut: the list has only it. A shared one (with cc, with bcc, or
    with that `delivery`) cannot be cut, nor one whose recipients are replaced in `esp_extra`. The errors are those that
    splitting does not cure, the warnings those of the whole message; both point into the input.

    Raises ValueError and TypeError as `compile` does.
    """
    uncut = pipeline_compile.compile(message, target, options)
    if not uncut.ok and not _has_limit(uncut.errors):
        return uncut
    without_defaults = options.to_dict() if isinstance(options, pipeline_compile.Options) else dict(options or ())
    defaults = sanitize(without_defaults.pop("send_defaults", None))[0]
    backend = (target if isinstance(target, Target) else named_target(target)).backend("send")
    one: Any = apply_defaults(sanitize(message)[0], defaults, backend.policy)
    if uncut.ok:
        return Result([one], (), uncut.warnings)
    canonical = canonicalize({name: one[name] for name in _RECIPIENT_FIELDS if name in one}, {}).document
    recipients = [recipient for recipient in canonical.get("to") or () if recipient is not None]
    if not recipients or canonical["delivery"] != "individual":
        return uncut
    parts = _Parts(one, target, without_defaults)
    not_cured = _errors_not_cured(uncut.errors, parts.compile_for(recipients[:1]).errors)
    if not not_cured and parts.recipients_depend_on_to():
        return _cut(recipients, uncut, parts)
    return Result(None, not_cured or uncut.errors, uncut.warnings)


@dataclass(frozen=True)
class _Parts:
    """Messages for some of the recipients of a message, and the results of compiling them."""

    message: Mapping[str, Any]
    target: str | Target
    options: Mapping[str, Any]

    def message_for(self, recipients: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """The message for these recipients. It shares its values with the others."""
        recipient_data = {name: self._data_of(name, keys, recipients) for name, keys in self._keys.items()}
        return {
            **self.message,
            "to": [build_message_address(each["email"], each.get("name")) for each in recipients],
            **recipient_data,
        }

    def compile_for(self, recipients: Sequence[Mapping[str, str]]) -> Result:
        """The result of compiling the message for these recipients."""
        return pipeline_compile.compile(self.message_for(recipients), self.target, self.options)

    def recipients_depend_on_to(self) -> bool:
        """Whether the message is sent to the addresses in `to`.

        If esp_extra replaces them, each part would go to all. Which member does so depends on the target; but then the
        output is the same for any recipients in `to`.
        """
        one, another = (self.compile_for([{"email": f"{name}@split.invalid"}]) for name in ("here", "there"))
        return one.ok and another.ok and one.output != another.output

    @cached_property
    def _keys(self) -> Mapping[str, Mapping[str, str]]:
        """For each field with data of recipients, its keys by their canonical addresses."""
        names = (name for name in _RECIPIENT_DATA if isinstance(self.message.get(name), dict))
        return {name: {ascii_domain(key): key for key in self.message[name]} for name in names}

    def _data_of(self, name: str, keys: Mapping[str, str], recipients: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """The data of these recipients. If none of them has any, the field stays, empty, because it can have a meaning.

        Merge data, even if empty, requests a separate message for each recipient; empty metadata has no effect.
        """
        own_keys = (keys[recipient["email"]] for recipient in recipients if recipient["email"] in keys)
        return {key: self.message[name][key] for key in own_keys}


def _cut(recipients: Sequence[Mapping[str, str]], uncut: Result, parts: _Parts) -> Result:
    """The message cut into parts, from its first recipient to its last; each part is compiled before it is accepted.

    The limits give the expected number of recipients; if that is too many, fewer are tried. The first number that fits
    is tried first from then on, so that equal parts are compiled once.
    """
    messages: list[Any] = []
    start, usual = 0, 0
    size = _next_part_size(len(recipients), uncut.errors)
    while start < len(recipients):
        chosen = recipients[start : start + size]
        tried = parts.compile_for(chosen)
        if tried.ok:
            messages.append(sanitize(parts.message_for(chosen))[0])
            start += len(chosen)
            usual = size = usual or size
        elif len(chosen) > 1 and all(error.code == _LIMIT for error in tried.errors):
            size = _next_part_size(len(chosen), tried.errors)
        else:
            return Result(None, _errors_not_cured(uncut.errors, tried.errors) or uncut.errors, uncut.warnings)
    return Result(messages, (), uncut.warnings)


def _next_part_size(count: int, errors: Sequence[Diagnostic]) -> int:
    """How many of `count` recipients might keep these limits, if the limited size grows with their number."""
    sizes = [count - 1]
    for error in errors:
        limit, actual = error.params.get("limit"), error.params.get("actual")
        if isinstance(limit, int) and isinstance(actual, int) and actual > limit:
            sizes.append(count * limit // actual)
        else:
            sizes.append(count // 2)
    return max(1, min(sizes))


def _errors_not_cured(errors: Sequence[Diagnostic], of_part: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The errors of the whole that a part has as well, or would have: all but the limits that the part keeps."""
    exceeded = {error.rule for error in of_part if error.code == _LIMIT}
    return tuple(error for error in errors if error.code != _LIMIT or error.rule in exceeded)


def _has_limit(errors: Sequence[Diagnostic]) -> bool:
    return any(error.code == _LIMIT for error in errors)
