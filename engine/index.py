"""Look-ups over the rules in force at a revision."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from engine import canonical
from engine.events import CONDITION_BEGAN, CONDITION_ENDED, POINTS_EARNED, POINTS_REVERSED
from engine.gates import FINE_SPREAD
from engine.language.actions import WaitForAction
from engine.language.compiled import CompiledRule
from engine.language.document import Exit, Goal
from engine.language.operators import FactType
from engine.language.predicates import Figure, Node, Series, facts
from engine.language.predicates import figures as figures_of
from engine.reading import Reading
from engine.rules import RuleSet, Standing
from engine.watch.making import Lasting, lists_of, make_watch
from engine.watch.watched import Watch

LAYOUT = "5:"
"""How a state is laid out; one of another layout is made anew from its log."""

LASTING = frozenset((CONDITION_BEGAN, CONDITION_ENDED))
"""Internal events by which a `while` rule begins and ends for a member."""


class Kept(NamedTuple):
    """A series that an event may enter, and how to read what its `where` asks; None without one."""

    series: Series
    where: Reading | None


class Index:
    """Look-ups over a rule set that deciding needs again and again."""

    def __init__(self, rules: RuleSet) -> None:
        """Make the look-ups of a rule set."""
        self.rules = rules
        self.standing = sorted(
            rules.standing.values(), key=lambda one: (one.rule.document.priority, one.rule.key)
        )
        self.clock = [
            one
            for one in self.standing
            if one.rule.trigger is None and not one.rule.lasting and not one.paused
        ]
        self.watch = _watch(rules, self.standing)
        self.awaited = _awaited(rules)
        self.staying = any(one.stays is not None for one in rules.versions.values())
        self.moving = _moving(rules)
        self.presses = rules.pressure.presses
        self.taxonomy = rules.catalogue.taxonomy
        self.net_of = [_kept(series) for series in rules.series.values() if series.net]
        self._tracking: dict[str, Index] = {}
        self._reads: dict[str, Reading] = {}
        self._readings: dict[tuple[str, int], Reading] = {}
        self._later: dict[tuple[str, int, str], Reading] = {}

    @cached_property
    def by_topic(self) -> dict[str, list[Standing]]:
        """Rules that an event starts, by event name, in order of priority and key."""
        found: dict[str, list[Standing]] = {}
        for one in self.standing:
            if one.rule.trigger is not None:
                found.setdefault(one.rule.trigger, []).append(one)
        return found

    def reads(self, topic: str) -> Reading:
        """Return what the rules of a topic read, made ready."""
        known = self._reads.get(topic)
        if known is None:
            wanted: dict[str, FactType] = {}
            figures: dict[str, Figure] = {}
            for one in self.by_topic.get(topic, []):
                wanted |= facts(one.rule.condition)
                figures |= one.rule.figures
            known = self._reads[topic] = Reading(wanted, figures.values(), self.taxonomy)
        return known

    def reading_of(self, rule: CompiledRule) -> Reading:
        """Return what one rule of the clock reads, made ready."""
        known = self._readings.get((rule.key, rule.version))
        if known is None:
            known = Reading(facts(rule.condition), rule.figures.values(), self.taxonomy)
            self._readings[(rule.key, rule.version)] = known
        return known

    def read_later(self, rule: CompiledRule, what: str, node: Node) -> Reading:
        """Return what a condition reads that is asked after a rule has started, made ready.

        Args:
            rule: The version.
            what: JSON pointer of the condition.
            node: The condition.
        """
        known = self._later.get((rule.key, rule.version, what))
        if known is None:
            known = Reading(facts(node), figures_of(node).values(), self.taxonomy)
            self._later[(rule.key, rule.version, what)] = known
        return known

    def listens(self, name: str) -> bool:
        """Return whether a rule may follow from an internal event of this name."""
        return name in self.by_topic or name in self.awaited or name in LASTING

    def tracking(self, wider: "Index") -> "Index":
        """Return these rules, keeping the history that a later rule set reads."""
        if wider.tracked == self.tracked:
            return self
        known = self._tracking.get(wider.tracked)
        if known is None:
            rules = replace(self.rules, series=wider.rules.series, windowed=wider.rules.windowed)
            known = self._tracking[wider.tracked] = Index(rules)
        return known

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Keys of the rules in force, by the exclusive group that they name."""
        found: dict[str, list[str]] = {}
        for one in self.standing:
            if one.rule.exclusive_group is not None:
                found.setdefault(one.rule.exclusive_group, []).append(one.rule.key)
        return found

    @cached_property
    def kept_of(self) -> dict[str, list[Kept]]:
        """Series that an event enters, by event name; the plain series of the name is implied."""
        found: dict[str, list[Kept]] = {}
        for series in self.rules.series.values():
            if series.key != series.event and not series.net:
                found.setdefault(series.event, []).append(_kept(series))
        return found

    @cached_property
    def tracked(self) -> str:
        """Identity of the set of series that a state must hold under this rule set."""
        kept = sorted(self.rules.series)
        return LAYOUT + canonical.digest([kept, self.rules.windowed])[:12]


def _kept(series: Series) -> Kept:
    return Kept(series, Reading(facts(series.where), ()) if series.where is not None else None)


def _moving(rules: RuleSet) -> frozenset[str]:
    """Return the names of events after which a member may stand higher on a ladder."""
    counted = {figure.series.event for one in rules.ladders.values() for figure in one.figures}
    if any(one.definition.measure == "unit" for one in rules.ladders.values()):
        counted |= {POINTS_EARNED, POINTS_REVERSED}
    return frozenset(counted)


def _awaited(rules: RuleSet) -> frozenset[str]:
    """Return the names of events that may end a wait, or let it go on, under any version."""
    found: list[str] = []
    for one in rules.versions.values():
        document = one.document
        found += [part.event for part in (document.exit, document.goal) if isinstance(part, Exit | Goal)]
        found += [part.event for part in one.journey.actions if isinstance(part, WaitForAction)]
    return frozenset(found)


def _watch(rules: RuleSet, standing: Sequence[Standing]) -> Watch | None:
    """Return what is watched; None as long as nothing ever was."""
    if not rules.watched_revision:
        return None
    lasting = [one for one in standing if one.rule.lasting]
    return make_watch(
        rules.watched,
        [
            Lasting(one.rule, one.since_revision, one.past == "fire", one.spread)
            for one in lasting
            if not one.paused
        ],
        [one.rule.key for one in lasting if one.paused],
        lists_of(rules.catalogue),
        revision=rules.watched_revision,
        since=rules.watched_at,
        taxonomy=rules.catalogue.taxonomy,
        fine=FINE_SPREAD in rules.gates,
    )
