"""Turns a payload of one target into payloads of another: decompiles it, translates `esp_extra`, and compiles.

    payload ──► decompile ──► messages ──► esp_extra translated ──► compile, or split ──► payloads

The target has a ruleset for the `esp_extra` of each target that it is known to follow, such as `from_mailjet_v3`. What
the compiler reports of a message is reported at the place in the payload that it came from. Nothing here knows a
service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from compiler import engine
from compiler.json_io.pointer import Tokens, format_pointer, parse_pointer
from compiler.pipeline.compile import Options, compile, normalize_options  # noqa: A004 - our own
from compiler.pipeline.decompile import decompile_with_trace, hint_at_other_target
from compiler.pipeline.diagnostics import by_severity, deduplicate, diagnostic_from_finding, unknown_features
from compiler.pipeline.join import Joined
from compiler.pipeline.split import split
from compiler.pipeline.targets import Target, named_target
from compiler.results import Diagnostic, Result

_EXTRA = "esp_extra"
_IGNORE = "ignore_unsupported_features"


def migrate(
    payload: object,
    source: str | Target = "mailjet-v3",
    target: str | Target = "mailjet-v3.1",
    options: Options | Mapping[str, Any] | None = None,
) -> Result[list[Any]]:
    """Turns a payload of one target into payloads of another that mean the same, or into what prevents it.

    `payload` is a JSON object in Python, or its text. The output is a list: one payload for each message that the
    payload has, or more if the target takes fewer recipients in a call. Everything that the target cannot express is an
    error of the document `body`, at its place in the payload; `ignore_unsupported_features` in the options lifts those
    that can be ignored. Raises ValueError for an unknown target, and TypeError for options of another type.
    """
    return migrate_with_hits(payload, source, target, options)[0]


def migrate_with_hits(
    payload: object,
    source: str | Target,
    target: str | Target,
    options: Options | Mapping[str, Any] | None,
) -> tuple[Result[list[Any]], frozenset[str]]:
    """Migrates as `migrate` does; also returns the coverage points that the rules for `esp_extra` reach."""
    step = _Step(source, target, normalize_options(options))
    decompiled = decompile_with_trace(payload, source)
    if not decompiled.result.ok:
        return hint_at_other_target(payload, source, replace(decompiled.result, output=None)), frozenset()
    places = _PayloadPlaces(payload, source)
    payloads: list[Any] = []
    requires: list[Mapping[str, Any]] = []
    diagnostics: list[Diagnostic] = [*decompiled.result.warnings, *step.unknown_features]
    hits: frozenset[str] = frozenset()
    for joined in decompiled.joined:
        for each in step.migrate(joined):
            diagnostics += (places.relocated(found, each.joined) for found in each.diagnostics)
            payloads += each.payloads
            requires += each.requires
            hits |= each.hits
    errors, warnings = by_severity(deduplicate(diagnostics))
    if errors:
        return Result(None, errors, warnings), hits
    return Result(payloads, (), warnings, tuple(requires)), hits


def translation_ruleset(source: str) -> str:
    """The name of the ruleset in which other targets translate `esp_extra` of this one."""
    return "from_" + re.sub("[^a-z0-9]", "_", source.lower())


class _Migrated(NamedTuple):
    """What a message becomes: its payloads, and what is found in it, at places in the message."""

    joined: Joined
    payloads: list[Any]
    diagnostics: list[Diagnostic]
    requires: tuple[Mapping[str, Any], ...]
    hits: frozenset[str]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return all(each.severity != "error" for each in self.diagnostics)


class _Step:
    """From a message of one target to payloads of another."""

    def __init__(self, source: str | Target, target: str | Target, options: Mapping[str, Any]) -> None:
        self._source = source.name if isinstance(source, Target) else source
        self._target = target if isinstance(target, Target) else named_target(target)
        self._rules = self._target.rulesets.get(translation_ruleset(self._source))
        self._options = dict(options)
        self._translation_features: bool | frozenset[str] = options.get(_IGNORE) is True
        self.unknown_features: tuple[Diagnostic, ...] = ()
        """The warnings for features to ignore that no rule of the target knows."""
        ignored = options.get(_IGNORE)
        if isinstance(ignored, list | tuple | set | frozenset) and all(isinstance(each, str) for each in ignored):
            of_messages = self._target.ruleset("send").features
            of_extra = frozenset() if self._rules is None else self._rules.features
            self._translation_features = frozenset(ignored)
            self._options[_IGNORE] = [each for each in ignored if each in of_messages]
            self.unknown_features = unknown_features({_IGNORE: list(ignored)}, of_messages | of_extra)

    def migrate(self, joined: Joined) -> list[_Migrated]:
        """The payloads of a message; those of its parts if the target only takes these alone."""
        migrated = self._migrate(joined)
        if not migrated.ok and len(joined.parts) > 1:
            alone = [self._migrate(part) for part in joined.separate()]
            if all(each.ok for each in alone):
                return alone
        return [migrated]

    def _migrate(self, joined: Joined) -> _Migrated:
        translated, found, hits = self._translate_extra(joined.message)
        compiled = self._compile(translated)
        # What could not be translated is missing in the message.
        lacks = any(each.severity == "error" for each in found)
        errors = [each for each in compiled.errors if not (lacks and each.code == "MissingField")]
        return _Migrated(joined, compiled.output or [], [*found, *errors, *compiled.warnings], compiled.requires, hits)

    def _compile(self, message: Any) -> Result[list[Any]]:
        """The payloads of a message: one, or several if the target takes fewer recipients in a call."""
        result = compile(message, self._target, self._options)
        if result.ok:
            return Result([result.output], (), result.warnings, result.requires)
        parts = split(message, self._target, self._options)
        if not parts.ok:
            return Result(None, parts.errors, parts.warnings)
        # The parts have the defaults already.
        results = [compile(part, self._target, {**self._options, "send_defaults": None}) for part in parts.unwrap()]
        requires = tuple(requirement for each in results for requirement in each.requires)
        return Result([each.output for each in results], (), parts.warnings, requires)

    def _translate_extra(self, message: Mapping[str, Any]) -> tuple[dict[str, Any], list[Diagnostic], frozenset[str]]:
        """The message with its `esp_extra` in properties of the target, what is found in it, and the points reached."""
        translated = dict(message)
        extra = translated.pop(_EXTRA, None)
        if extra is None or self._source == self._target.name:
            return dict(message), [], frozenset()
        if self._rules is None:
            text = f"{self._target.name} has no rules for esp_extra of {self._source}"
            unknown = Diagnostic("error", "UnsupportedFeature", f"/{_EXTRA}", params={"feature": _EXTRA}, message=text)
            return translated, [unknown], frozenset()
        outcome = engine.run(self._rules, extra, (), self._translation_features)
        found = [
            diagnostic_from_finding(finding, "message", f"/{_EXTRA}{finding.at}", ()) for finding in outcome.findings
        ]
        if outcome.output:
            translated[_EXTRA] = outcome.output
        return translated, found, outcome.hits


class _PayloadPlaces:
    """Where in a payload the values of its messages are."""

    def __init__(self, payload: object, source: str | Target) -> None:
        self._payload = payload
        self._source = source

    @cached_property
    def _traced(self) -> tuple[Callable[[str], str], dict[str, tuple[str, ...]]]:
        """How places are spelled in the payload, and the inputs of each value of the messages: made if needed."""
        decompiled = decompile_with_trace(self._payload, self._source, explaining=True)
        trace = None if decompiled.outcome is None else decompiled.outcome.trace
        return decompiled.places.given, {value.pointer: value.inputs for value in trace.written} if trace else {}

    def relocated(self, diagnostic: Diagnostic, joined: Joined) -> Diagnostic:
        """The diagnostic of a message at its places in the payload; one of the options is unchanged."""
        if diagnostic.document != "message":
            return diagnostic
        path = self._place(diagnostic.path, joined)
        related = tuple(self._place(each, joined) for each in diagnostic.related)
        return replace(diagnostic, document="body", path=path, related=related)

    def _place(self, path: str, joined: Joined) -> str:
        given, inputs_of = self._traced
        tokens: Tokens = ("messages", *joined.origin(parse_pointer(path)))
        message = _common_ancestor(inputs_of.get(format_pointer(tokens[:2]), ("",)))
        while tokens:
            inputs = inputs_of.get(format_pointer(tokens))
            if inputs:
                ancestor = _common_ancestor(inputs)
                if len(tokens) > 2 and tokens[2] != _EXTRA and len(ancestor) <= len(message):
                    # The field is made of several properties of the message: the first one.
                    ancestor = parse_pointer(inputs[0])
                return given(format_pointer(_up_to_name(tokens, ancestor)))
            tokens = tokens[:-1]
        return ""


def _up_to_name(tokens: Tokens, inputs: Tokens) -> Tokens:
    """The place of what `esp_extra` has under the name of the payload: not what is in it, if that is one value."""
    if _EXTRA in tokens[:-1] and tokens[-1] in inputs:
        return inputs[: len(inputs) - inputs[::-1].index(tokens[-1])]
    return inputs


def _common_ancestor(pointers: Sequence[str]) -> Tokens:
    """The deepest pointer that is the same as, or above, each of these, as tokens."""
    first, *others = map(parse_pointer, pointers)
    depth = next(
        (depth for depth in range(len(first), 0, -1) if all(each[:depth] == first[:depth] for each in others)), 0
    )
    return first[:depth]
