"""Compares what targets make of one message: which compile it, and what each cannot express.

Each target compiles the message; one that refuses it compiles it again without the features that can be ignored, to
find what these are. Nothing here knows a service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compiler.pipeline.compile import Options, compile, normalize_options  # noqa: A004 - our own
from compiler.pipeline.targets import Target, find_target, target_names
from compiler.results import Diagnostic, Result

Outcome = Literal["compiles", "warns", "incomplete", "refuses"]
Effect = Literal["none", "needed", "warning", "dropped", "droppable", "error"]

_IGNORE = "ignore_unsupported_features"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What one target makes of the message.

    `outcome` is `compiles`, `warns` (there are warnings), `incomplete` (the payload still needs something) or
    `refuses` (there are errors). `title` is that of the target's manifest, or its name.
    """

    target: str
    title: str
    outcome: Outcome
    result: Result[Any]


@dataclass(frozen=True, slots=True)
class ComparedFinding:
    """Something that at least one target reports, and its effect with each.

    `subject` is the unsupported feature, or else the diagnostic's code, or the kind of a requirement. `effects` are by
    target: `none`, `needed` (the payload still needs it), `warning`, `dropped` (the feature is left out, as the options
    say), `droppable` (an error, unless the feature is ignored), or `error`.
    """

    subject: str
    document: str
    path: str
    message: str
    effects: Mapping[str, Effect]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What targets make of one message: the result of each, and each finding with its effects."""

    targets: tuple[TargetResult, ...]
    findings: tuple[ComparedFinding, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready copy, of the shape of `schemas/comparison.schema.json`."""
        return {
            "targets": [
                {
                    "target": each.target,
                    "title": each.title,
                    "outcome": each.outcome,
                    "result": each.result.to_dict(),
                }
                for each in self.targets
            ],
            "findings": [
                {
                    "subject": each.subject,
                    "document": each.document,
                    "path": each.path,
                    "message": each.message,
                    "effects": dict(each.effects),
                }
                for each in self.findings
            ],
        }


def compare(
    message: object,
    targets: Iterable[str | Target] | None = None,
    options: Options | Mapping[str, Any] | None = None,
) -> Comparison:
    """Compiles a message for several targets, and lists what each cannot express.

    `targets` are names, folders or targets; all installed ones if it is None. The options are those of `compile`, and
    apply to each. Raises ValueError for an unknown target, and TypeError for options of another type.
    """
    given = normalize_options(options)
    names = target_names() if targets is None else targets
    loaded = [each if isinstance(each, Target) else find_target(each) for each in names]
    loaded = [each for each in loaded if targets is not None or "send" in each.rulesets]
    results = [_compile(message, each, given) for each in loaded]
    rows: dict[tuple[str, str, str], tuple[str, dict[str, Effect]]] = {}
    for target, result in zip(loaded, results, strict=True):
        for subject, document, path, text, effect in _reported(message, target, given, result.result):
            effects = rows.setdefault((subject, document, path), (text, {}))[1]
            if _rank(effect) > _rank(effects.get(target.name, "none")):
                effects[target.name] = effect
    findings = tuple(
        ComparedFinding(subject, document, path, text, {each.name: effects.get(each.name, "none") for each in loaded})
        for (subject, document, path), (text, effects) in rows.items()
    )
    return Comparison(tuple(results), findings)


def _compile(message: object, target: Target, options: Mapping[str, Any]) -> TargetResult:
    result = compile(message, target, options)
    outcome: Outcome = "compiles"
    if not result.ok:
        outcome = "refuses"
    elif result.requires:
        outcome = "incomplete"
    elif result.warnings:
        outcome = "warns"
    return TargetResult(target.name, target.manifest.title if target.manifest else target.name, outcome, result)


def _reported(
    message: object, target: Target, options: Mapping[str, Any], result: Result[Any]
) -> Iterable[tuple[str, str, str, str, Effect]]:
    """What a target reports: the subject, the document, the path, the text and the effect."""
    droppable: frozenset[tuple[str, str, str]] = frozenset()
    if any(each.code == "UnsupportedFeature" for each in result.errors) and options.get(_IGNORE) is not True:
        relaxed = compile(message, target, {**options, _IGNORE: True})
        droppable = frozenset(_key(each) for each in relaxed.warnings if each.code == "FeatureDropped")
    for each in (*result.errors, *result.warnings):
        effect: Effect = "warning"
        if each.severity == "error":
            effect = "droppable" if _key(each) in droppable else "error"
        elif each.code == "FeatureDropped":
            effect = "dropped"
        yield *_key(each), each.message, effect
    for requirement in result.requires:
        yield requirement["kind"], "message", "", "the payload still needs this", "needed"


def _key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.params.get("feature", diagnostic.code), diagnostic.document, diagnostic.path


def _rank(effect: Effect) -> int:
    return ("none", "needed", "warning", "dropped", "droppable", "error").index(effect)
