"""Makes diagnostics of what the rules find: at their places, sorted by severity, without repetitions.

Compiling a message and decoding a body share it. What the front end finds are diagnostics from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from compiler.engine.findings import MORE, Finding, more_findings
from compiler.json_io.issues import MAXIMUM_LISTED, more_message
from compiler.results import Diagnostic

if TYPE_CHECKING:
    from compiler.frontend.locate import Locator

_LONGEST_FEATURE = 60  # characters of a name that are quoted


def diagnostic_from_finding(
    finding: Finding,
    document: Literal["message", "options", "body"],
    path: str,
    related: tuple[str, ...],
) -> Diagnostic:
    """The diagnostic for a finding; `path` and `related` are places in the document."""
    return Diagnostic(
        "error" if finding.severity == "error" else "warning",
        finding.code,
        path,
        document,
        finding.params,
        related,
        finding.message,
        finding.hint,
        finding.rule or None,
    )


def diagnostics_of_message(findings: Iterable[Finding], locator: Locator) -> list[Diagnostic]:
    """The diagnostics for findings, rule by rule, ordered by their places in the message or its options."""
    diagnostics = [_diagnostic_of_message(finding, locator) for finding in findings]
    if len(diagnostics) > 1:
        order = {rule: index for index, rule in enumerate(dict.fromkeys(diagnostic.rule for diagnostic in diagnostics))}
        diagnostics.sort(key=lambda diagnostic: (order[diagnostic.rule], diagnostic.path))
    return diagnostics


def _diagnostic_of_message(finding: Finding, locator: Locator) -> Diagnostic:
    document, path = locator.locate_missing(finding.at) if finding.missing else locator.locate(finding.at)
    related: tuple[str, ...] = ()
    if finding.related:
        related = tuple(pointer for where, pointer in map(locator.locate, finding.related) if where == document)
    return diagnostic_from_finding(finding, document, path, related)


def unknown_features(options: Mapping[str, Any], features: frozenset[str]) -> tuple[Diagnostic, ...]:
    """A warning for each feature to ignore that no rule knows. The option is a list of strings."""
    features_to_ignore = options["ignore_unsupported_features"]
    unknown = [(index, name) for index, name in enumerate(features_to_ignore) if name not in features]
    if not unknown:
        return ()
    from compiler.json_io.suggestions import find_nearest

    known = sorted(features)
    diagnostics = []
    for index, name in unknown[:MAXIMUM_LISTED]:
        near = find_nearest(name, known)
        diagnostics.append(
            Diagnostic(
                "warning",
                "NoEffect",
                f"/ignore_unsupported_features/{index}",
                "options",
                {"reason": "unknown-feature"},
                message=f"unknown feature {name[:_LONGEST_FEATURE]!r} (available: {', '.join(known)})",
                hint="leave it out" if near is None else f"did you mean {near!r}?",
            )
        )
    if len(unknown) > MAXIMUM_LISTED:
        more = more_findings("warning", len(unknown) - MAXIMUM_LISTED)
        diagnostics.append(
            Diagnostic("warning", more.code, "", "options", more.params, message=more.message, hint=more.hint)
        )
    return tuple(diagnostics)


def by_severity(diagnostics: Iterable[Diagnostic]) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The errors and the warnings, each without repetitions."""
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    for diagnostic in diagnostics:
        (errors if diagnostic.severity == "error" else warnings).append(diagnostic)
    return deduplicate(errors), deduplicate(warnings)


def deduplicate(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics equal in code, document, path and params become one; those that count further ones become one too."""
    diagnostics = tuple(diagnostics)
    if len(diagnostics) < 2:
        return diagnostics
    distinct: list[Diagnostic] = []
    more: list[Diagnostic] = []
    seen: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for diagnostic in diagnostics:
        if diagnostic.code in MORE.values():
            more.append(diagnostic)
            continue
        params = seen.setdefault((diagnostic.code, diagnostic.document, diagnostic.path), [])
        if diagnostic.params not in params:
            params.append(diagnostic.params)
            distinct.append(diagnostic)
    return (*distinct, *_join_counts(more))


def _join_counts(more: list[Diagnostic]) -> Iterator[Diagnostic]:
    """One diagnostic for several that say how many more there are; without a count if one of them has none."""
    if len(more) < 2:
        yield from more
        return
    unknown = [diagnostic for diagnostic in more if "count" not in diagnostic.params]
    if unknown:
        yield unknown[0]
    else:
        total = sum(diagnostic.params["count"] for diagnostic in more)
        yield replace(more[0], params={"count": total}, message=more_message(more[0].severity, total))
