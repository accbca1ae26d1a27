"""Some members' way through the log of a back-test, in the order of time.

What came from outside is taken in again, as it was told. Timers, what members told each other, and what
became of messages are consequences of rules: those of the log are thrown away, and made again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from heapq import heappop, heappush
from typing import Final, NamedTuple

import msgspec

from engine.backtest.recast import Recast
from engine.backtest.supply import Supply
from engine.decide import fold_unlogged
from engine.decision import Decision
from engine.effects import SendMessage, TellMember
from engine.errors import EngineError
from engine.events import LINEAGE, TOLD_BY_MEMBER, Event, Mode
from engine.index import Index
from engine.programme.merging import ended, merge_properties
from engine.programme.requests import refused_at_once
from engine.replay import Logged
from engine.rules import SETTLE
from engine.state import MemberState, changed
from engine.timers import Due, due, fired_event
from engine.values import Instant

TOLD_BY_DELIVERY: Final = "regulars:delivery"
"""Source of the events that tell what became of messages."""

_replace = msgspec.structs.replace


class Happened(NamedTuple):
    """One entry of the back-test.

    Attributes:
        event: The entry.
        decision: What it led to.
        state: The member after it.
        in_force: The rules it was decided under.
        sequence: Place of the entry in the log; 0 for one that only the back-test has.
    """

    event: Event
    decision: Decision
    state: MemberState
    in_force: Index
    sequence: int


class _Place(msgspec.Struct):
    """Where a member is on the way.

    Attributes:
        family: Revision that the change stands behind for the member.
        revision: Recorded revision that the member has come to.
        imported: When the import ran that the member is in; 0 for none.
        since: Timers are seen to by our clock from then on: when the last import had ended.
        quiet: No timer fires before that instant: history was taken in whose rules were not asked.
        stamp: How often it was found out when the member is due next.
        owed: Messages that were requested and of which nothing has been told yet.
    """

    family: int
    revision: int
    imported: Instant = 0
    since: Instant = 0
    quiet: Instant = 0
    stamp: int = 0
    owed: Counter[tuple[str, str, str]] = msgspec.field(default_factory=Counter)

    def join(self, other: "_Place") -> None:
        """Go on as a member of which another became a part."""
        self.family = max(self.family, other.family)
        self.owed.update(other.owed)


class Course:
    """Decides the entries of some members.

    Attributes:
        states: The members so far.
        entries: How many entries were decided.
        timers: How many of those are timers.
    """

    def __init__(
        self,
        rules: Recast,
        supply: Supply,
        note: Callable[[Happened], None],
        *,
        states: MutableMapping[str, MemberState] | None = None,
        imports: Mapping[Instant, Instant],
    ) -> None:
        """Begin before the first entry.

        Args:
            rules: The rules.
            supply: Supplies what only a host can.
            note: Told of every entry of the range.
            states: Keeps the members.
            imports: Up to which instant the clock ran in an import, by when that ran.
        """
        self._rules = rules
        self._supply = supply
        self._note = note
        self.states: MutableMapping[str, MemberState] = {} if states is None else states
        self._imports = imports
        self._places: dict[str, _Place] = {}
        self._due: list[tuple[Instant, str, int, Due | None]] = []
        self.entries = self.timers = 0

    def recall(self, entry: Logged) -> None:
        """Take in an entry from before the range, as it was decided."""
        event, other = entry.event, None
        member, place = event.member, self._place(entry)
        place.family = max(place.family, entry.revision)
        if event.kind == "merge":
            other = self.states[event.properties["absorbed"]]
            place.join(self._places[other.member])
            event = _merging(event, other)
        state = self.states.get(member) or MemberState(member=member)
        index, matching = self._rules.recorded(entry.revision)
        self._supply.begin(member, entry.body)
        decision, after = fold_unlogged(state, event, index, matching, self._supply.recall, other)
        self._supply.keep(decision, recalled=True)
        self._follow(place, event, decision)
        self.states[member] = changed(after, tracked=self._rules.tracked)
        if other is not None:
            self.states[other.member] = ended(other, member)
        self.entries += 1

    def run(self, entries: Iterable[Logged], until: Instant) -> None:
        """Decide the entries of the range, and let the clock run on to its end.

        Args:
            entries: The entries, in the order of their instants and then of the log.
            until: The last instant; timers that are ripe at it fire, too.
        """
        for member in list(self._places):
            self._plan(member)
        for entry in entries:
            self._pass(entry.event.as_of - 1)
            self._take(entry)
        self._pass(until)

    def _pass(self, last: Instant) -> None:
        """Let time pass: fire what is ripe up to an instant."""
        while self._due and self._due[0][0] <= last:
            _, member, stamp, one = heappop(self._due)
            place = self._places[member]
            if place.stamp != stamp:
                continue
            if one is None:
                turn = self._rules.turn(place.family, place.revision)
                place.revision = place.revision if turn is None else turn[1]
                self._plan(member)
            else:
                self._fire(member, place, one)

    def _plan(self, member: str) -> None:
        """Find out when the member is due next, or its clocks may run otherwise."""
        place, state = self._places[member], self.states.get(member)
        place.stamp += 1
        if state is None or state.merged_into:
            return
        first = self._first(state, place, settle=0 if place.imported else SETTLE)
        if place.imported and (first is None or first.ripe_at > self._imports[place.imported]):
            place.since, place.imported = place.imported, 0
            place.revision = max(place.revision, self._rules.revision_at(place.since))
            first = self._first(state, place, settle=SETTLE)
        turn = self._rules.turn(place.family, place.revision) if not place.imported else None
        if turn is not None and (first is None or turn[0] <= first.ripe_at):
            heappush(self._due, (turn[0], member, place.stamp, None))
        elif first is not None:
            heappush(self._due, (max(first.ripe_at, place.quiet), member, place.stamp, first))

    def _first(self, state: MemberState, place: _Place, *, settle: Instant) -> Due | None:
        index, _ = self._rules.under(place.family, place.revision)
        return min(due(state, index, settle=settle), default=None)

    def _fire(self, member: str, place: _Place, one: Due) -> None:
        state = self.states[member]
        mode: Mode = "as-it-was" if place.imported else "live"
        at = place.imported or max(one.ripe_at, place.since, place.quiet)
        if not place.imported:
            place.revision = max(place.revision, self._rules.revision_at(one.ripe_at))
        self.timers += 1
        self._decide(fired_event(state, one, recorded_at=at, mode=mode), place)

    def _take(self, entry: Logged) -> None:
        """Take in what came from outside; what followed from rules is made again."""
        event = entry.event
        if event.kind == "timer" or event.source == TOLD_BY_MEMBER:
            return
        place = self._place(entry)
        if event.source == TOLD_BY_DELIVERY and not place.owed[_message_of(event)]:
            return
        place.revision = max(place.revision, entry.revision)
        state = self.states.get(event.member) or MemberState(member=event.member)
        other = None
        if event.kind == "merge":
            other = self.states.get(event.properties["absorbed"])
            if other is None or state.sequence == 0:
                return
            event = _merging(event, other)
        elif event.kind == "request" and self._turned_away(state, event, place):
            return
        at = event.recorded_at if event.mode == "live" else event.occurred_at
        as_of = max(at, state.as_of, 0 if other is None else other.as_of)
        event = _replace(event, member_sequence=state.sequence + 1, as_of=as_of)
        self._decide(event, place, other, entry)

    def _turned_away(self, state: MemberState, event: Event, place: _Place) -> bool:
        """Return whether a request leaves no entry."""
        if state.sequence == 0:
            return True
        index, _ = self._rules.under(place.family, place.revision)
        asked = _replace(event, as_of=max(event.recorded_at, state.as_of))
        return refused_at_once(state, asked, index.rules.catalogue) is not None

    def _decide(
        self, event: Event, place: _Place, other: MemberState | None = None, entry: Logged | None = None
    ) -> None:
        """Decide an entry of the range, and whatever it tells other members."""
        member = event.member
        state = self.states.get(member) or MemberState(member=member)
        index, matching = self._rules.under(place.family, place.revision)
        self._supply.begin(member, None if entry is None else entry.body)
        try:
            decision, after = fold_unlogged(state, event, index, matching, self._supply, other)
        except EngineError:  # refused live, too: what can't be decided isn't taken in
            self._supply.give_back()
            return
        self._supply.keep(decision)
        self.entries += 1
        self.states[member] = after
        if other is not None:
            self.states[other.member] = ended(other, member)
            place.join(self._places[other.member])
            self._plan(other.member)
        self._follow(place, event, decision)
        self._note(Happened(event, decision, after, index, 0 if entry is None else entry.sequence))
        self._plan(member)
        for telling in _tellings(event, decision):
            self._tell(telling)

    def _tell(self, told: Event) -> None:
        """Let a member be told what another member's decision tells."""
        home = told.member
        while (state := self.states.get(home)) is not None and state.merged_into:
            home = state.merged_into
        state = state or MemberState(member=home)
        place = self._places.get(home)
        if place is None:
            place = self._places[home] = _Place(self._rules.first, self._rules.first)
        place.revision = max(place.revision, self._rules.revision_at(told.as_of))
        self._decide(
            _replace(
                told,
                member=home,
                member_sequence=state.sequence + 1,
                as_of=max(told.as_of, state.as_of),
            ),
            place,
        )

    def _place(self, entry: Logged) -> _Place:
        """Return where a member is, with how its log goes on."""
        event = entry.event
        place = self._places.get(event.member)
        if place is None:
            first = self._rules.first
            family = first if event.mode == "live" else max(first, entry.revision)
            place = self._places[event.member] = _Place(family, family)
        place.imported = event.recorded_at if event.mode == "as-it-was" else 0
        if event.mode == "facts-only":
            place.quiet = event.recorded_at
        return place

    @staticmethod
    def _follow(place: _Place, event: Event, decision: Decision) -> None:
        """Count the messages that are owed an answer."""
        if event.source == TOLD_BY_DELIVERY:
            place.owed[_message_of(event)] -= 1
        for outcome in decision.outcomes:
            for effect in outcome.effects:
                if isinstance(effect, SendMessage) and effect.until is None:
                    place.owed[outcome.rule, effect.channel, effect.template] += 1


def _message_of(event: Event) -> tuple[str, str, str]:
    told = event.properties
    return str(told.get("rule")), str(told.get("channel")), str(told.get("template"))


def _merging(event: Event, other: MemberState) -> Event:
    """Return the entry of a merge as it names the member that ends here."""
    told = event.properties
    said = merge_properties(other, by=str(told.get("by", "")), reason=str(told.get("reason", "")))
    return _replace(event, properties=said)


def _tellings(event: Event, decision: Decision) -> Iterator[Event]:
    """Yield what a decision tells other members, as entries of their logs that have no place yet."""
    at = max(event.recorded_at, decision.as_of) if event.mode == "live" else decision.as_of
    for outcome in decision.outcomes:
        for effect in outcome.effects:
            if isinstance(effect, TellMember):
                yield Event(
                    source=TOLD_BY_MEMBER,
                    message_id=effect.id,
                    kind="track",
                    name=effect.event,
                    member=effect.member,
                    occurred_at=decision.as_of,
                    recorded_at=at if event.mode == "live" else event.recorded_at,
                    as_of=at,
                    mode=event.mode,
                    properties={
                        **effect.properties,
                        "from": decision.member,
                        "rule": outcome.rule,
                        LINEAGE: list(effect.lineage),
                    },
                )
