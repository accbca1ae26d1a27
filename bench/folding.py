"""Rules in force and members in memory, to decide without a server or a database."""

from collections.abc import Iterable
from typing import Any, Final

from bench import workload
from engine.decide import fold
from engine.decision import Need
from engine.enacting import fold as rules_of
from engine.events import MEMBER_IDENTIFIED, Event, Kind
from engine.index import Index
from engine.matching import MATCHINGS, MatcherName
from engine.rules import Control, RuleSet
from engine.state import MemberState
from engine.values import MICROSECONDS, Instant

EPOCH: Final[Instant] = 1_790_000_000 * MICROSECONDS
"""When the members of these benches join."""


def index_of(count: int) -> Index:
    """Return so many rules of the workload in force."""
    bodies: list[tuple[Any, workload.Json]] = [
        ("Definitions Changed", {"definitions": workload.definitions()})
    ]
    bodies += [("Rule Published", {"document": one, "version": 1}) for one in workload.documents(count)]
    controls = [
        Control(revision=at, name=name, at=0, by="bench", body=body)
        for at, (name, body) in enumerate(bodies, start=1)
    ]
    return Index(rules_of(controls, RuleSet()))


def profile_of(number: int, at: Instant) -> Event:
    """Return a member's first entry, which tells of its city and grade."""
    return _entry(number, 1, at, "identify", MEMBER_IDENTIFIED, workload.attributes(number))


def story(events: int, members: int, at: Instant) -> list[Event]:
    """Return entries that follow the members' first, one a second, each member's in its own order."""
    places = [1] * members
    found: list[Event] = []
    for second, one in enumerate(workload.happenings(events, members), start=1):
        places[one.member] += 1
        instant = at + second * MICROSECONDS
        found.append(_entry(one.member, places[one.member], instant, "track", one.name, one.properties))
    return found


def _entry(number: int, place: int, at: Instant, kind: Kind, name: str, told: workload.Json) -> Event:
    member = workload.member(number)
    return Event(
        source="bench",
        message_id=f"{member}-{place}",
        kind=kind,
        name=name,
        member=member,
        occurred_at=at,
        recorded_at=at,
        as_of=at,
        properties=told,
        member_sequence=place,
    )


class Book:
    """Some rules, and what matches them."""

    def __init__(self, rules: int, matcher: MatcherName) -> None:
        """Bring rules of the workload into force."""
        self.index = index_of(rules)
        self.matching = MATCHINGS[matcher](self.index)
        self._codes = 0

    def joined(self, members: int, at: Instant) -> dict[str, MemberState]:
        """Return the states of members whose first entry, a profile, has been decided."""
        states = {workload.member(one): MemberState(member=workload.member(one)) for one in range(members)}
        self.fold([profile_of(one, at) for one in range(members)], states)
        return states

    def fold(self, events: Iterable[Event], states: dict[str, MemberState]) -> int:
        """Decide events, and put the members' new states in place; return how many had an effect."""
        effects = 0
        for event in events:
            state = states[event.member]
            decided = fold(state, event, self.index, self.matching, self._supplied, event.message_id)
            states[event.member] = decided.state
            effects += bool(decided.decision.effects)
        return effects

    def close(self) -> None:
        """Free what the matcher holds."""
        self.matching.close()

    def _supplied(self, need: Need) -> Any:
        """Return a coupon's code, or that one more firing is free."""
        self._codes += 1
        return f"{self._codes:013}" if need.kind == "code" else True
