"""A few rules in force alone, with the programme's definitions: what a witness lives under."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from engine.conflicts.settling import FALSE, TRUE
from engine.conflicts.touches import Touch, guarding
from engine.counterfactual import by_elements
from engine.events import SCORE_CHANGED, SEGMENT_ENTERED, SEGMENT_EXITED
from engine.index import Index
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule
from engine.language.operators import OPERATORS
from engine.language.predicates import Figure, Group, Node, facts, figures, prepare, together
from engine.rules import RuleSet, Standing
from engine.schedule import longest

_NEVER_MISSING = frozenset(("member.tags", "member.memberships", "member.segments"))
_WATCHED_EVENTS = frozenset((SEGMENT_ENTERED, SEGMENT_EXITED, SCORE_CHANGED))


def bare(rules: RuleSet) -> RuleSet:
    """Return what is common to all members, without any rule: definitions, levels, segments, statistics."""
    alone = replace(rules, standing={}, versions={}, transfers={}, series={}, windowed={})
    held_to = chain.from_iterable(one.figures for one in rules.ladders.values())
    return _measuring(alone, chain(held_to, rules.pressure.figures))


def in_force(base: RuleSet, rules: Sequence[CompiledRule]) -> Index:
    """Return some rules in force from before a member's first entry on.

    What is watched is left out where none of the rules reads it.

    Args:
        base: What `bare` returned.
        rules: The rules.
    """
    revision = base.revision + 1
    watching = any(map(_watches, rules))
    watched = base.watched if watching else {}
    own = replace(
        base,
        revision=revision,
        standing={one.key: Standing(rule=one, since_revision=revision, since=0) for one in rules},
        versions={(one.key, one.version): one for one in rules},
        watched=watched,
        watched_revision=revision if watching else 0,
        watched_at=0,
    )
    read = chain.from_iterable(one.measured for one in rules)
    looked_at = chain.from_iterable(one.figures for one in watched.values())
    return Index(_measuring(own, chain(read, looked_at)))


def asking(rule: CompiledRule, touch: Touch | None, catalogue: Catalogue) -> CompiledRule:
    """Return a rule that asks in plain words what must be true for one of its actions to run.

    Branches on the way to the action are asked at once, lists element by element, and a computed
    segment by its own condition.

    Args:
        rule: The rule.
        touch: What it does; None for the rule as a whole.
        catalogue: The definitions in force.
    """
    guards = guarding(rule, touch.guards) if touch is not None else []
    node = together(rule.condition, *guards, path="")
    if node is None:
        return rule
    plain = _unfolded(by_elements(_entering(rule, node)), catalogue)
    return rule if plain == rule.condition else replace(rule, condition=plain, figures=figures(plain))


def _entering(rule: CompiledRule, node: Node) -> Node:
    """Return a condition that asks whether the member is in a segment, not which one it has entered."""
    if rule.trigger != SEGMENT_ENTERED:
        return node
    if isinstance(node, Group):
        return replace(node, of=tuple(_entering(rule, part) for part in node.of))
    if node.fact != "event.segment" or node.operator.name != "eq":
        return node
    return replace(node, fact="member.segments", fact_type="list", operator=OPERATORS["has"])


def _unfolded(node: Node, catalogue: Catalogue) -> Node:
    if isinstance(node, Group):
        return replace(node, of=tuple(_unfolded(part, catalogue) for part in node.of))
    if node.fact in _NEVER_MISSING and node.operator.name in {"is_known", "is_missing"}:
        return TRUE if node.operator.name == "is_known" else FALSE
    if node.fact in _NEVER_MISSING and node.operator.name == "has_not":
        return Group("not", (_unfolded(replace(node, operator=OPERATORS["has"]), catalogue),), node.path)
    if node.fact != "member.segments" or node.operator.name != "has":
        return node
    segment = catalogue.segments.get(str(node.operand))
    if segment is None or segment.condition is None:
        return node
    return _unfolded(by_elements(prepare(segment.condition, catalogue, node.path)), catalogue)


def _watches(rule: CompiledRule) -> bool:
    if rule.lasting or rule.trigger in _WATCHED_EVENTS:
        return True
    asked = [rule.condition, rule.leave, rule.stays, rule.reached, *rule.tests.values()]
    read = [fact for node in asked for fact in facts(node)]
    return any(one == "member.segments" or one.startswith("member.rfm.") for one in read)


def _measuring(rules: RuleSet, measured: Iterable[Figure]) -> RuleSet:
    """Return rules that keep of the history what some figures read, too."""
    series, windowed = dict(rules.series), dict(rules.windowed)
    for figure in measured:
        key = figure.series.key
        series[key] = figure.series
        if figure.within is not None:
            reach = longest(figure.within.amount, figure.within.unit)
            windowed[key] = max(reach, windowed.get(key, 0))
    return replace(rules, series=series, windowed=windowed)
