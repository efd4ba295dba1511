"""The sites of a ruleset, as parsed JSON, that a mutation can change. See `mutants` for the mutations.

The kinds of sites are derived from the vocabulary (`compiler.engine.ir`), so a new operator of the rule language needs
no change here. Skipped are texts for people (`doc`, `message`, `hint`), `related`, which no case compares, and the keys
that only the checker reads (`consumes`, `overrides`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.engine import ir
from compiler.json_io.pointer import escape_token

Path = tuple[str | int, ...]

INFORMATIVE = frozenset(
    ("$schema", "id", "doc", "source", "message", "hint", "related", "consumes", "overrides", "target", "ruleset")
)
"""Names, and keys whose values no case can observe."""

_ITEMS = {
    "values": "value",
    "tests": "test",
    "pair": "value",
    "branches": "branch",
    "rule branches": "rule branch",
    "inner rules": "rule",
    "otherwise rules": "rule",
}
_SHAPES: Mapping[str, tuple[type[Any], ...]] = {
    "rule": ir.RULES,
    "value": ir.VALUES,
    "inner value": ir.VALUES,
    "test": ir.TESTS,
    "inner test": ir.TESTS,
    "unsupported": (ir.Unsupported,),
    "invalid when": (ir.InvalidWhen,),
    "report spec": (ir.ReportSpec,),
}
EXPRESSIONS = frozenset(("value", "inner value", "test", "inner test"))
_ORDERING = (ir.Duplicates, ir.IndexBy)  # the order of the items matters to these


@dataclass(frozen=True, slots=True)
class Site:
    """A part of a ruleset that can be changed.

    `within` is the operator whose key holds it, None for items of lists. `rule` is the innermost rule around it,
    whose own path is the first `depth` steps; `expression` is the path of the innermost value or test around it.
    `is_ordered` is false where the order of items does not matter: in the `over` of a report and the list of `in`.
    """

    path: Path
    kind: str
    value: Any
    within: type[Any] | None
    rule: str
    depth: int
    expression: Path | None
    is_ordered: bool = True

    @property
    def place(self) -> str:
        """Its name: the rule's id, and the pointer within the rule."""
        return self.rule + "".join(f"/{escape_token(str(step))}" for step in self.path[self.depth :])

    @property
    def reached(self) -> str:
        """The place that must be evaluated, or the rule that must be applied, for this site to matter."""
        if self.expression is None:
            return "" if self.kind == "phase" else self.rule
        return f"{self.rule}#" + "".join(f"/{escape_token(str(step))}" for step in self.expression[self.depth :])

    def below(self, key: str | int, kind: str, within: type[Any] | None = None) -> Site:
        """The site at one of its keys."""
        return replace(self, path=(*self.path, key), kind=kind, value=self.value[key], within=within)


def sites(document: Mapping[str, Any]) -> Iterator[Site]:
    """All sites of a ruleset, containers before their parts."""
    for phase in ir.PHASES:
        rules = document.get(phase, ())
        yield Site((phase,), "phase", rules, None, phase, 1, None)
        for index, rule in enumerate(rules):
            path = (phase, index)
            yield from _within(Site(path, "rule", rule, None, rule["id"], len(path), None))


def _within(site: Site) -> Iterator[Site]:
    if site.kind == "rule":
        site = replace(site, rule=site.value["id"], depth=len(site.path), expression=None)
    elif site.kind in EXPRESSIONS or (site.kind == "fallback" and isinstance(site.value, dict)):
        site = replace(site, expression=site.path)
    yield site
    for part in _parts(site):
        yield from _within(part)


def _parts(site: Site) -> Iterator[Site]:
    if site.kind in _ITEMS:
        for index in range(len(site.value)):
            part = site.below(index, _ITEMS[site.kind])
            yield replace(part, is_ordered=site.is_ordered and not (site.path[-1] == "in" and index == 1))
    elif site.kind in ("branch", "rule branch"):
        yield site.below("when", "test", ir.Branch)
        yield site.below(*(("value", "value") if site.kind == "branch" else ("rules", "inner rules")))
    elif site.kind == "members":
        for name in site.value:
            yield site.below(name, "value")
    elif site.kind == "fallback" and isinstance(site.value, dict):
        yield from _parts(replace(site, kind="value"))
    elif site.kind in _SHAPES:
        operator = operator_of(site.value, _SHAPES[site.kind])
        kinds = _kinds(operator) | ({"when": "test"} if site.kind == "rule" else {})
        for name in site.value:
            if name in kinds and name not in INFORMATIVE:
                part = site.below(name, kinds[name], operator)
                unordered = operator is ir.Report and name == "over"
                ordered = operator in _ORDERING or "take" in site.value
                yield replace(part, is_ordered=ordered or (site.is_ordered and not unordered))


def operator_of(raw: Mapping[str, Any], operators: tuple[type[Any], ...]) -> type[Any]:
    """The operator that an object applies."""
    if len(operators) == 1:
        return operators[0]
    return next(operator for operator in operators if ir.keys(operator)[0].metadata["name"] in raw)


def _kinds(operator: type[Any]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for argument in ir.keys(operator):
        name, kind = argument.metadata["name"], argument.metadata["kind"]
        if name == "":
            kinds |= _kinds(ir.ReportSpec)
        else:
            kinds[name] = kind
    return kinds
