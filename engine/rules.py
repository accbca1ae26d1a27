"""The rules in force at a revision, made ready.

What is common to all members stands in the log as control entries. A rule set
is a fold over them: the same entries give the same rule set on any machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Literal, NamedTuple

import msgspec

from engine import canonical
from engine.errors import UnknownVersion
from engine.language.catalogue import Catalogue
from engine.language.compiled import Campaign, CompiledRule, compile_campaigns, compile_rule, with_campaign
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.journey import found_again
from engine.language.ladders import Ladder, compile_ladders
from engine.language.predicates import Figure, Series
from engine.language.pressure import Pressure, compile_pressure
from engine.language.tags import FROM_LOG
from engine.lunisolar import Lunisolar
from engine.lunisolar import read as lunisolar_table
from engine.schedule import longest
from engine.values import MICROSECONDS, Instant
from engine.watch.making import Statistics, Watching
from engine.watch.watched import Watched

GATES: tuple[str, ...] = ("2026-11",)
"""Numbered behaviours of this engine, oldest first; a decision names those it was made under."""

SETTLE = 60 * MICROSECONDS
"""How long a live absence waits past its due instant for events that are on their way."""

OVERDUE = 24 * 3_600 * MICROSECONDS
"""A message later than this past its due instant is suppressed."""

ControlName = Literal[
    "Rule Published",
    "Rule Paused",
    "Rule Resumed",
    "Definitions Changed",
    "Calendar Changed",
    "Statistics Published",
]


class Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One control entry: something that changes for everybody.

    Attributes:
        revision: 1 for the first, without gaps. An event is decided under the
            revision that was the newest when it was taken in.
        name: What changed.
        at: When, by our clock.
        by: Who.
        body: `Rule Published`: `document`, `version`, `past`, `spread_seconds`, `in_flight`;
            `Rule Paused` / `Rule Resumed`: `key`; `Definitions Changed`: `definitions`, whole;
            `Calendar Changed`: `lunar` (the table), its `digest`, and the version of the zone data.
            `Statistics Published`: `edges`, by score and dimension, decimal text.
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


class Transfer(NamedTuple):
    """What becomes of members who wait in a version that another has replaced.

    Attributes:
        version: The version that they go to; None if they leave.
        places: Where they wait then, and what follows, by index of the wait; who waits elsewhere leaves.
    """

    version: int | None
    places: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force at one revision, and the definitions they speak of.

    Attributes:
        revision: 0 for the empty rule set.
        catalogue: Definitions in force.
        standing: Rules by key.
        versions: Every version ever published, by (key, version): waits finish on theirs.
        transfers: What becomes of those who wait in a version, by (key, version), if they don't finish.
        series: Every series that any version ever published reads, by key.
        windowed: Series of which single instants are kept, by key, and for how long back.
        ladders: Levels, made ready, by key of the ladder.
        watched: Scores and segments, made ready, in the order in which they are looked at.
        statistics: Edges of scores, by score and dimension, as published last.
        watched_revision: Revision at which a score, a segment or a `while` rule last changed; 0 for never.
        watched_at: When that was.
        lunisolar: Months of the Chinese calendar.
        pressure: Contact policies, made ready.
        moved_at: When a tag was last merged or retired.
        campaigns: Campaigns, made ready, by key.
        head: Digest of the newest control entry.
    """

    revision: int = 0
    catalogue: Catalogue = field(default_factory=Catalogue)
    standing: dict[str, Standing] = field(default_factory=dict)
    versions: dict[tuple[str, int], CompiledRule] = field(default_factory=dict)
    transfers: dict[tuple[str, int], Transfer] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    windowed: dict[str, Instant] = field(default_factory=dict)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    watched: dict[str, Watched] = field(default_factory=dict)
    statistics: Statistics = field(default_factory=dict)
    watched_revision: int = 0
    watched_at: Instant = 0
    lunisolar: Lunisolar = field(default_factory=Lunisolar)
    pressure: Pressure = field(default_factory=Pressure)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    head: str = ""
    moved_at: Instant = 0

    def version(self, key: str, version: int) -> CompiledRule:
        """Return a version that was published at some time.

        Raises:
            UnknownVersion: If there is none.
        """
        try:
            return self.versions[(key, version)]
        except KeyError as error:
            raise UnknownVersion(f"rule {key!r} has no version {version}") from error


def _before(standing: Mapping[str, Standing], key: str) -> list[CompiledRule]:
    return [standing[key].rule] if key in standing else []


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
    lunisolar, transfers = rules.lunisolar, dict(rules.transfers)
    catalogue, ladders, campaigns = rules.catalogue, rules.ladders, rules.campaigns
    pressure = rules.pressure
    moved, moved_at = catalogue.taxonomy.moved, rules.moved_at
    watching = Watching(
        rules.catalogue, rules.watched, rules.statistics, rules.watched_revision, rules.watched_at
    )
    for control in controls:
        if control.name == "Definitions Changed":
            catalogue = Catalogue(Definitions.model_validate(control.body["definitions"], context=FROM_LOG))
            if catalogue.taxonomy.moved != moved:
                moved, moved_at = catalogue.taxonomy.moved, control.at
                _speak_anew(standing, versions, catalogue)
                for rule in versions.values():
                    _measure(rule.measured, series, windowed)
            ladders = compile_ladders(catalogue)
            pressure = compile_pressure(catalogue)
            held_to = chain.from_iterable(one.figures for one in ladders.values())
            _measure(chain(held_to, pressure.figures), series, windowed)
            campaigns = compile_campaigns(catalogue)
            for rule in _in_campaigns(standing, versions, catalogue, control):
                _measure(rule.measured, series, windowed)
            anew = [one.rule for one in standing.values() if one.since_revision == control.revision]
            _measure(watching.make(catalogue, control.revision, control.at, *anew), series, windowed)
        elif control.name == "Statistics Published":
            _measure(
                watching.learn(control.body["edges"], catalogue, control.revision, control.at),
                series,
                windowed,
            )
        elif control.name == "Calendar Changed":
            lunisolar = lunisolar_table(control.body["lunar"], control.body["digest"])
        elif control.name == "Rule Published":
            document = RuleDocument.model_validate(control.body["document"])
            rule = compile_rule(document, control.body["version"], catalogue)
            versions[(rule.key, rule.version)] = rule
            watching.note(control.revision, control.at, rule, *_before(standing, rule.key))
            standing[rule.key] = _published(standing.get(rule.key), rule, control)
            transfers |= _transfers(rule, control, versions, transfers)
            _measure(rule.measured, series, windowed)
        else:
            held = standing[control.body["key"]]
            standing[held.rule.key] = _switched(held, control)
            watching.note(control.revision, control.at, held.rule)
    return RuleSet(
        revision=controls[-1].revision,
        catalogue=catalogue,
        standing=standing,
        versions=versions,
        transfers=transfers,
        series=series,
        windowed=windowed,
        ladders=ladders,
        watched=watching.watched,
        statistics=watching.statistics,
        watched_revision=watching.revision,
        watched_at=watching.at,
        lunisolar=lunisolar,
        pressure=pressure,
        campaigns=campaigns,
        head=controls[-1].digest(),
        moved_at=moved_at,
    )


def _in_campaigns(
    standing: dict[str, Standing],
    versions: dict[tuple[str, int], CompiledRule],
    catalogue: Catalogue,
    control: Control,
) -> list[CompiledRule]:
    """Make the rules of campaigns ready again and return them; a `while` rule of others begins anew."""
    found: list[CompiledRule] = []
    for key, one in standing.items():
        if one.rule.document.campaign is not None:
            rule = with_campaign(one.rule, catalogue)
            versions[(key, rule.version)] = rule
            standing[key] = replace(one, rule=rule)
            if rule.lasting and rule.condition != one.rule.condition:
                standing[key] = replace(
                    one, rule=rule, since_revision=control.revision, since=control.at, past="skip"
                )
            found.append(rule)
    return found


def _speak_anew(
    standing: dict[str, Standing], versions: dict[tuple[str, int], CompiledRule], catalogue: Catalogue
) -> None:
    """Make every version ready again, now that the names of tags mean others than before."""
    for place, rule in versions.items():
        versions[place] = compile_rule(rule.published, rule.version, catalogue)
    for key, one in standing.items():
        standing[key] = replace(one, rule=versions[(key, one.rule.version)])


def _transfers(
    rule: CompiledRule,
    control: Control,
    versions: Mapping[tuple[str, int], CompiledRule],
    known: Mapping[tuple[str, int], Transfer],
) -> dict[tuple[str, int], Transfer]:
    """Return what becomes of members who wait in the versions before; those sent on already go that way."""
    choice = control.body.get("in_flight", "finish")
    found: dict[tuple[str, int], Transfer] = {}
    if choice == "finish":
        return found
    for place, old in versions.items():
        if place[0] != rule.key or place[1] == rule.version or place in known:
            continue
        places = found_again(old.journey, rule.journey) if choice == "move" else {}
        goal = rule.document.goal
        if choice == "move" and goal is not None and goal.within is not None:
            end = len(rule.journey.actions)
            places[len(old.journey.actions)] = (end, end)
        found[place] = Transfer(rule.version if choice == "move" else None, places)
    return found


def _switched(before: Standing, control: Control) -> Standing:
    """Return how a rule stands once paused or resumed."""
    paused = control.name == "Rule Paused"
    return Standing(
        rule=before.rule,
        since_revision=before.since_revision if paused else control.revision,
        since=before.since if paused else control.at,
        paused=paused,
    )


def _published(before: Standing | None, rule: CompiledRule, control: Control) -> Standing:
    """Return how a rule stands once published; an edit that keeps its clock keeps its past."""
    same_clock = before is not None and not before.paused and before.rule.document.when == rule.document.when
    if before is not None and rule.lasting:
        same_clock = same_clock and before.rule.document.if_ == rule.document.if_
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
