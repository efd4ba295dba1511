"""Defaults and message as one: which of the two gives a value, and how they combine.

As with Anymail, single values are the message's if it has one, lists are joined, the default's first, and objects are
merged one level deep, the message's members winning. Null in the message drops a default. The policy of each field is
in the table of `fields`. Nothing is checked here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from compiler.frontend.fields import FIELDS, NEUTRAL, Field, TargetPolicy, fields_for
from compiler.json_io.pointer import format_pointer

Document = Literal["message", "options"]

DEFAULTS = "/send_defaults"
"""Where the defaults are in the options."""


def apply_defaults(message: Mapping[str, Any], defaults: Any, policy: TargetPolicy = NEUTRAL) -> dict[str, Any]:
    """The message, plain JSON, combined with defaults of any content; the result shares the values of both.

    Compiled without defaults, it gives the same as the message with them. Null drops a default and otherwise means the
    same as a missing field, so it is left out; so is `$schema`, which is relative to the message's place. The message's
    `content_subtype` also applies to a body from the defaults, so it stays. `policy` is what the target asks for.
    """
    combined = {name: value for name, value in message.items() if value is not None and name != "$schema"}
    if not isinstance(defaults, Mapping):
        return combined
    for name, field in fields_for(policy).items():
        default = defaults.get(name)
        if default is None or name == "content_subtype":
            continue
        if name not in message:
            combined[name] = default
        elif name in combined:
            combined[name] = _combine(field, default, combined[name])
    return combined


def _combine(field: Field, default: Any, value: Any) -> Any:
    """The value of a field that both have; if the values do not fit the policy, the message's."""
    if field.merge == "append" and isinstance(default, list) and isinstance(value, list):
        return [*default, *value]
    if field.merge == "merge" and isinstance(default, dict) and isinstance(value, dict):
        taken = set(map(field.key_of, value))
        return {**{key: member for key, member in default.items() if field.key_of(key) not in taken}, **value}
    return value


def overridden_defaults(message: Any, defaults: Any, policy: TargetPolicy = NEUTRAL) -> Iterator[tuple[str, str]]:
    """Pointers to what the message overrides in the defaults, each with the pointer to what overrides it."""
    if not isinstance(message, dict) or not isinstance(defaults, dict):
        return
    for name, field in fields_for(policy).items():
        if name not in message or name not in defaults:
            continue
        value, default = message[name], defaults[name]
        if value is None or field.merge == "replace":
            yield f"{DEFAULTS}/{name}", f"/{name}"
        elif field.merge == "merge" and isinstance(value, dict) and isinstance(default, dict):
            keys = {field.key_of(key): key for key in value}
            for key in default:
                if field.key_of(key) in keys:
                    yield DEFAULTS + format_pointer((name, key)), format_pointer((name, keys[field.key_of(key)]))


def names_from_defaults(message: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    """Which of cc and bcc have addresses from the defaults alone. Null in the message drops them.

    None have if the message or the defaults say how it is delivered: then copies make no difference to that.
    """
    if message.get("delivery") is not None or ("delivery" not in message and defaults.get("delivery") is not None):
        return []
    return [name for name in ("cc", "bcc") if defaults.get(name) and message.get(name, []) == []]


class Layer:
    """The message or the defaults: its fields, its place, and the pointers to its refused values."""

    def __init__(
        self, fields: Mapping[str, Any], document: Document, path: str, refused: Collection[str] = frozenset()
    ) -> None:
        self.fields = fields
        self.document: Document = document
        self.path = path
        self.refused = refused

    def is_refused(self, *tokens: str | int) -> bool:
        """Whether the value at these tokens was refused."""
        return bool(self.refused) and self.path + format_pointer(tokens) in self.refused

    def refused_below(self, tokens: Sequence[str | int]) -> Iterator[str]:
        """The pointers to what was refused inside the value at these tokens, relative to it."""
        prefix = self.path + format_pointer(tokens) + "/"
        for path in self._sorted[bisect_left(self._sorted, prefix) :]:
            if not path.startswith(prefix):
                break
            yield path[len(prefix) - 1 :]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.refused)


def default_layer(options: Mapping[str, Any], refused: frozenset[str] = frozenset()) -> Layer:
    """The defaults that the options give; if they are not an object, they might have given any field."""
    if DEFAULTS in refused:
        every = dict.fromkeys(FIELDS)
        return Layer(every, "options", DEFAULTS, refused | {f"{DEFAULTS}/{name}" for name in every})
    defaults = options.get("send_defaults") or {}
    fields = {name: value for name, value in defaults.items() if name in FIELDS and name != "content_subtype"}
    return Layer(fields, "options", DEFAULTS, refused)


class LayeredMessage:
    """A message over its defaults, read as one message. Tokens are paths in that one message."""

    def __init__(self, message: Layer, defaults: Layer, policy: TargetPolicy = NEUTRAL) -> None:
        self.message = message
        self.defaults = defaults
        self.policy = policy
        self.table = fields_for(policy)
        """The table of the fields."""
        self.fields = self._combine_fields()
        """The fields as one message; what was refused is None."""

    def layers(self, name: str) -> list[Layer]:
        """Those of the two layers that have a value for a field, the defaults first; none if the message has null."""
        layers = []
        for layer in (self.defaults, self.message):
            if name in layer.fields:
                if layer.fields[name] is not None or layer.is_refused(name):
                    layers.append(layer)
                elif layer is self.message:
                    return []
        return layers

    def _combine_fields(self) -> Mapping[str, Any]:
        if not self.defaults.fields and not self.message.refused:
            return {name: value for name, value in self.message.fields.items() if value is not None and name in FIELDS}
        fields = {}
        for name in FIELDS:
            layers = self.layers(name)
            if layers:
                fields[name] = None if self.is_refused(name) else layers[-1].fields[name]
                if len(layers) > 1 and fields[name] is not None:
                    fields[name] = _combine(self.table[name], layers[0].fields[name], fields[name])
        return fields

    def find(self, tokens: Sequence[str | int]) -> tuple[Layer, tuple[str | int, ...]]:
        """The layer that gives the value at these tokens, and the tokens that lead to it there."""
        name, *rest = tokens
        layers = self.layers(str(name)) or [self.message]
        layer = layers[-1]
        if len(layers) > 1 and rest:
            merge = FIELDS[str(name)].merge
            default, value = (source.fields[str(name)] for source in layers)
            if merge == "append" and isinstance(default, list):
                index = int(rest[0]) - len(default) if str(rest[0]).isdecimal() else 0
                if isinstance(value, list) and index >= 0:
                    return layer, (name, index, *rest[1:])
                layer = layers[0]
            elif merge == "merge" and isinstance(value, dict) and rest[0] not in value:
                layer = layers[0]
        return layer, tuple(tokens)

    def is_refused(self, *tokens: str | int) -> bool:
        """Whether the value at these tokens was refused, in whichever layer gives it."""
        if not self.message.refused and not self.defaults.refused:
            return False
        # Of what both may give, and of the senders, nothing is known if either was refused.
        if len(tokens) == 1 and (tokens[0] == "from_email" or FIELDS[str(tokens[0])].merge != "replace"):
            return any(layer.is_refused(*tokens) for layer in self.layers(str(tokens[0])))
        layer, own_tokens = self.find(tokens)
        return layer.is_refused(*own_tokens)
