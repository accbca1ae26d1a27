"""The rules in force at a revision, made ready.

What is common to all members stands in the log as control entries. A rule set
is a fold over them: the same entries give the same rule set on any machine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

import msgspec

from engine import canonical
from engine.errors import UnknownVersion
from engine.events import POINTS_EARNED, POINTS_REVERSED
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule, compile_rule
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.ladders import Ladder, compile_ladders
from engine.language.operators import FactType
from engine.language.predicates import Figure, Series, facts
from engine.reading import Reading
from engine.schedule import longest
from engine.values import MICROSECONDS, Instant

GATES: tuple[str, ...] = ("2026-11",)
"""Numbered behaviours of this engine, oldest first; a decision names those it was made under."""

LAYOUT = "2:"
"""How a state is laid out; one of another layout is made anew from its log."""

SETTLE = 60 * MICROSECONDS
"""How long a live absence waits past its due instant for events that are on their way."""

OVERDUE = 24 * 3_600 * MICROSECONDS
"""A message later than this past its due instant is suppressed."""

ControlName = Literal["Rule Published", "Rule Paused", "Rule Resumed", "Definitions Changed"]


class Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One control entry: something that changes for everybody.

    Attributes:
        revision: 1 for the first, without gaps. An event is decided under the
            revision that was the newest when it was taken in.
        name: What changed.
        at: When, by our clock.
        by: Who.
        body: `Rule Published`: `document`, `version`, `past`, `spread_seconds`;
            `Rule Paused` / `Rule Resumed`: `key`; `Definitions Changed`: `definitions`, whole.
        previous: Digest of the entry before it; empty for the first.
    """

    revision: int
    name: ControlName
    at: Instant
    by: str
    body: dict[str, Any]
    previous: str = ""

    def digest(self) -> str:
        """Return the digest that the next entry names."""
        return canonical.digest(msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a rule stands at a revision.

    Attributes:
        rule: The version in force.
        since_revision: Revision at which it was first published, or last resumed.
        since: When that was. Clocks that ran out before it are not fired
            for members who were there already, unless `past` says so.
        past: What to do with those: `skip`, or `fire`, spread over a time.
        spread: Microseconds over which `fire` is spread.
        paused: Whether triggers are suppressed.
    """

    rule: CompiledRule
    since_revision: int
    since: Instant
    past: Literal["skip", "fire"] = "skip"
    spread: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force at one revision, and the definitions they speak of.

    Attributes:
        revision: 0 for the empty rule set.
        catalogue: Definitions in force.
        standing: Rules by key.
        versions: Every version ever published, by (key, version): waits finish on theirs.
        series: Every series that any version ever published reads, by key.
        windowed: Series of which single instants are kept, by key, and for how long back.
        ladders: Levels, made ready, by key of the ladder.
        head: Digest of the newest control entry.
    """

    revision: int = 0
    catalogue: Catalogue = field(default_factory=Catalogue)
    standing: dict[str, Standing] = field(default_factory=dict)
    versions: dict[tuple[str, int], CompiledRule] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    windowed: dict[str, Instant] = field(default_factory=dict)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    head: str = ""

    def version(self, key: str, version: int) -> CompiledRule:
        """Return a version that was published at some time.

        Raises:
            UnknownVersion: If there is none.
        """
        try:
            return self.versions[(key, version)]
        except KeyError as error:
            raise UnknownVersion(f"rule {key!r} has no version {version}") from error


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
        self.clock = [one for one in self.standing if one.rule.trigger is None and not one.paused]
        self.leaving = _leaving(rules)
        self.moving = _moving(rules)
        self._tracking: dict[str, Index] = {}
        self._reads: dict[str, Reading] = {}
        self._readings: dict[tuple[str, int], Reading] = {}

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
            known = self._reads[topic] = Reading(wanted, figures.values())
        return known

    def reading_of(self, rule: CompiledRule) -> Reading:
        """Return what one rule of the clock reads, made ready."""
        known = self._readings.get((rule.key, rule.version))
        if known is None:
            known = Reading(facts(rule.condition), rule.figures.values())
            self._readings[(rule.key, rule.version)] = known
        return known

    def listens(self, name: str) -> bool:
        """Return whether a rule may follow from an internal event of this name."""
        return name in self.by_topic or name in self.leaving

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
    def kept_of(self) -> dict[str, list[Kept]]:
        """Series that an event enters, by event name; the plain series of the name is implied."""
        found: dict[str, list[Kept]] = {}
        for series in self.rules.series.values():
            if series.key != series.event:
                reading = Reading(facts(series.where), ()) if series.where is not None else None
                found.setdefault(series.event, []).append(Kept(series, reading))
        return found

    @cached_property
    def tracked(self) -> str:
        """Identity of the set of series that a state must hold under this rule set."""
        kept = sorted(self.rules.series)
        return LAYOUT + canonical.digest([kept, self.rules.windowed])[:12]


def _moving(rules: RuleSet) -> frozenset[str]:
    """Return the names of events after which a member may stand higher on a ladder."""
    counted = {figure.series.event for one in rules.ladders.values() for figure in one.figures}
    if any(one.definition.measure == "unit" for one in rules.ladders.values()):
        counted |= {POINTS_EARNED, POINTS_REVERSED}
    return frozenset(counted)


def _leaving(rules: RuleSet) -> frozenset[str]:
    """Return the names of events that may end a wait under any version."""
    return frozenset(
        one.document.exit.event for one in rules.versions.values() if one.document.exit is not None
    )


def fold(controls: Sequence[Control], base: RuleSet | None = None) -> RuleSet:
    """Return the rule set after some control entries.

    Args:
        controls: Entries that follow `base`, in order.
        base: Where to start; the empty rule set by default.

    Raises:
        InvalidRule: If a published document can't be compiled.
    """
    rules = base or RuleSet()
    if not controls:
        return rules
    standing, versions = dict(rules.standing), dict(rules.versions)
    series, windowed = dict(rules.series), dict(rules.windowed)
    catalogue, ladders = rules.catalogue, rules.ladders
    for control in controls:
        if control.name == "Definitions Changed":
            catalogue = Catalogue(Definitions.model_validate(control.body["definitions"]))
            ladders = compile_ladders(catalogue)
            for ladder in ladders.values():
                _measure(ladder.figures, series, windowed)
        elif control.name == "Rule Published":
            document = RuleDocument.model_validate(control.body["document"])
            rule = compile_rule(document, control.body["version"], catalogue)
            versions[(rule.key, rule.version)] = rule
            standing[rule.key] = _published(standing.get(rule.key), rule, control)
            _measure(rule.figures.values(), series, windowed)
        else:
            before = standing[control.body["key"]]
            paused = control.name == "Rule Paused"
            standing[before.rule.key] = Standing(
                rule=before.rule,
                since_revision=before.since_revision if paused else control.revision,
                since=before.since if paused else control.at,
                paused=paused,
            )
    return RuleSet(
        revision=controls[-1].revision,
        catalogue=catalogue,
        standing=standing,
        versions=versions,
        series=series,
        windowed=windowed,
        ladders=ladders,
        head=controls[-1].digest(),
    )


def _published(before: Standing | None, rule: CompiledRule, control: Control) -> Standing:
    """Return how a rule stands once published; an edit that keeps its clock keeps its past."""
    same_clock = before is not None and not before.paused and before.rule.document.when == rule.document.when
    if before is not None and same_clock:
        return Standing(
            rule=rule,
            since_revision=before.since_revision,
            since=before.since,
            past=before.past,
            spread=before.spread,
        )
    return Standing(
        rule=rule,
        since_revision=control.revision,
        since=control.at,
        past=control.body.get("past", "skip"),
        spread=control.body.get("spread_seconds", 0) * MICROSECONDS,
    )


def _measure(figures: Iterable[Figure], series: dict[str, Series], windowed: dict[str, Instant]) -> None:
    """Add what a version or a ladder reads of the history."""
    for figure in figures:
        key = figure.series.key
        series[key] = figure.series
        if figure.within is not None:
            reach = longest(figure.within.amount, figure.within.unit)
            windowed[key] = max(reach, windowed.get(key, 0))
