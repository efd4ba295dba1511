"""The places of a ruleset, as parsed JSON, at which something stands that a mutation can change.

What stands where is read off the vocabulary (`compiler.engine.ir`), so a new word of the rule language is walked
without a line here. Texts for people (`doc`, `message`, `hint` and the like), `related`, which no case compares, and
what only the checker reads (`consumes`, `overrides`) are passed over. What is done at a place stands in `mutants`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.engine import ir
from compiler.json_io.pointer import escape

Path = tuple[str | int, ...]

INFORMATIVE = frozenset(
    ("$schema", "id", "doc", "source", "message", "hint", "related", "consumes", "overrides", "target", "ruleset")
)
"""Keys whose values no case can see, and names."""

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
_ORDERING = (ir.Duplicates, ir.IndexBy)  # what is the first of several counts, wherever they stand


@dataclass(frozen=True, slots=True)
class Site:
    """Something in a ruleset: where it stands, of what kind it is, and of what it is a part.

    `within` is the operator whose key it stands under, None for items of lists. `rule` is the innermost rule around it,
    whose own path is the first `depth` steps; `expression` is the path of the innermost value or test around it.
    `is_ordered` is false in what a report goes over or `in` looks among, as far as no order counts there.
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
        """Its name: the rule's id, and the pointer from there on."""
        return self.rule + "".join(f"/{escape(str(step))}" for step in self.path[self.depth :])

    @property
    def reached(self) -> str:
        """What has to be evaluated (or applied, a rule) for this to matter, as the engine names it."""
        if self.expression is None:
            return "" if self.kind == "phase" else self.rule
        return f"{self.rule}#" + "".join(f"/{escape(str(step))}" for step in self.expression[self.depth :])

    def below(self, key: str | int, kind: str, within: type[Any] | None = None) -> Site:
        """What stands under a key of it."""
        return replace(self, path=(*self.path, key), kind=kind, value=self.value[key], within=within)


def sites(document: Mapping[str, Any]) -> Iterator[Site]:
    """All sites of a ruleset, a whole before its parts."""
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


def operator_of(given: Mapping[str, Any], operators: tuple[type[Any], ...]) -> type[Any]:
    """The operator that an object is an application of."""
    if len(operators) == 1:
        return operators[0]
    return next(each for each in operators if ir.keys(each)[0].metadata["name"] in given)


def _kinds(operator: type[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in ir.keys(operator):
        name, kind = each.metadata["name"], each.metadata["kind"]
        if name == "":
            found |= _kinds(ir.ReportSpec)
        else:
            found[name] = kind
    return found
