"""What control entries make of a rule set: rules in force, definitions, statistics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from engine.gates import known
from engine.language.catalogue import Catalogue
from engine.language.compiled import CompiledRule, compile_campaigns, compile_rule, with_campaign
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.journey import found_again
from engine.language.ladders import compile_ladders
from engine.language.predicates import Figure
from engine.language.pressure import compile_pressure
from engine.language.tags import FROM_LOG
from engine.lunisolar import read as lunisolar_table
from engine.rules import Control, RuleSet, Standing, Transfer
from engine.schedule import longest
from engine.values import MICROSECONDS
from engine.watch.making import Watching, asks_of


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
    draft = _Draft(rules)
    for control in controls:
        draft.take(control)
    return draft.made(controls[-1])


class _Draft:
    """A rule set that is being made of another."""

    def __init__(self, rules: RuleSet) -> None:
        self._standing, self._versions = dict(rules.standing), dict(rules.versions)
        self._series, self._windowed = dict(rules.series), dict(rules.windowed)
        self._transfers = dict(rules.transfers)
        self._catalogue, self._moved_at = rules.catalogue, rules.moved_at
        self._lunisolar = rules.lunisolar
        self._ladders, self._campaigns, self._pressure = rules.ladders, rules.campaigns, rules.pressure
        self._gates = rules.gates
        self._watching = Watching(
            rules.catalogue, rules.watched, rules.statistics, rules.watched_revision, rules.watched_at
        )

    def take(self, control: Control) -> None:
        """Take in the next entry."""
        if "gates" in control.body:
            self._gates = known(control.body["gates"], control.body["release"])
        if control.name == "Definitions Changed":
            self._define(control)
        elif control.name == "Statistics Published":
            edges = control.body["edges"]
            self._measure(self._watching.learn(edges, self._catalogue, control.revision, control.at))
        elif control.name == "Calendar Changed":
            self._lunisolar = lunisolar_table(control.body["lunar"], control.body["digest"])
        elif control.name == "Rule Published":
            self._publish(control)
        elif control.name != "Engine Changed":
            held = self._standing[control.body["key"]]
            self._standing[held.rule.key] = _switched(held, control)
            self._watching.note(control.revision, control.at, held.rule)

    def made(self, last: Control) -> RuleSet:
        """Return the rule set after the last entry."""
        return RuleSet(
            revision=last.revision,
            catalogue=self._catalogue,
            standing=self._standing,
            versions=self._versions,
            transfers=self._transfers,
            series=self._series,
            windowed=self._windowed,
            ladders=self._ladders,
            watched=self._watching.watched,
            statistics=self._watching.statistics,
            watched_revision=self._watching.revision,
            watched_at=self._watching.at,
            lunisolar=self._lunisolar,
            pressure=self._pressure,
            campaigns=self._campaigns,
            head=last.digest(),
            moved_at=self._moved_at,
            gates=self._gates,
        )

    def _define(self, control: Control) -> None:
        before, said = self._catalogue.taxonomy, control.body["definitions"]
        catalogue = self._catalogue = Catalogue(Definitions.model_validate(said, context=FROM_LOG))
        if catalogue.taxonomy.moved != before.moved:
            self._moved_at = control.at
            _speak_anew(self._standing, self._versions, catalogue)
            for rule in self._versions.values():
                self._measure(rule.measured)
        self._ladders = compile_ladders(catalogue)
        self._pressure = compile_pressure(catalogue)
        held_to = chain.from_iterable(one.figures for one in self._ladders.values())
        self._measure(chain(held_to, self._pressure.figures))
        self._campaigns = compile_campaigns(catalogue)
        for rule in _in_campaigns(self._standing, self._versions, catalogue, control):
            self._measure(rule.measured)
        shifted = catalogue.taxonomy.shifted(before)
        _begin_anew(self._standing, shifted, control)
        anew = [one.rule for one in self._standing.values() if one.since_revision == control.revision]
        self._measure(self._watching.make(catalogue, control.revision, control.at, shifted, *anew))

    def _publish(self, control: Control) -> None:
        document = RuleDocument.model_validate(control.body["document"])
        rule = compile_rule(document, control.body["version"], self._catalogue)
        before = self._standing.get(rule.key)
        self._versions[(rule.key, rule.version)] = rule
        replaced = [before.rule] if before is not None else []
        self._watching.note(control.revision, control.at, rule, *replaced)
        self._standing[rule.key] = _published(before, rule, control)
        self._transfers |= _transfers(rule, control, self._versions, self._transfers)
        self._measure(rule.measured)

    def _measure(self, figures: Iterable[Figure]) -> None:
        """Add what a version or a ladder reads of the history."""
        for figure in figures:
            key = figure.series.key
            self._series[key] = figure.series
            if figure.within is not None:
                reach = longest(figure.within.amount, figure.within.unit)
                self._windowed[key] = max(reach, self._windowed.get(key, 0))


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


def _begin_anew(standing: dict[str, Standing], shifted: frozenset[str], control: Control) -> None:
    """Let `while` rules begin anew that ask of tags which others count as now, or no longer do."""
    for key, one in standing.items():
        if one.rule.lasting and asks_of(one.rule.condition, shifted):
            standing[key] = replace(one, since_revision=control.revision, since=control.at, past="skip")


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
