"""Keeps watch while an entry is decided: which segments, scores and `while` rules have changed with it."""

from engine.decision import Outcome
from engine.effects import ReleaseTag
from engine.events import Event
from engine.index import Index
from engine.observing import Internal
from engine.outcomes import ended_wait
from engine.programme.occasion import Occasion, derived_id
from engine.project import looked_at, watching
from engine.state import MemberState
from engine.timers import zone_of
from engine.watch.looking import Lineage, Stale, caught_up
from engine.watch.moving import Moving


class Lookout:
    """What is to be looked at again while one entry is decided."""

    def __init__(self, before: MemberState, event: Event, index: Index, stale: Stale) -> None:
        """Begin; see `lookout`."""
        self._before = before
        self._event = event
        self._index = index
        self._stale = stale
        self._found = 0

    def caught_up(self) -> list[Outcome]:
        """Return what was defined or published since the member's last entry means for it."""
        watch, before = self._stale.watch, self._before
        if before.joined_at is None or before.seen >= watch.revision:
            return []
        as_of = min(self._event.as_of, max(before.as_of, watch.since))
        found = caught_up(watch, before, as_of, zone_of(before, self._index), lambda at: self._id(0, at))
        return [self._outcome(effect, 0) for effect in found]

    def look(self, state: MemberState, zone: str, step: int) -> list[tuple[Outcome, Lineage]]:
        """Return what has changed, each with the rules that led to it.

        Args:
            state: The member now.
            zone: Its IANA zone.
            step: Number of the step that is next.
        """
        if not self._stale.mask:
            return []
        found = self._stale.look(state, zone, lambda at: self._id(step, at))
        return [(self._outcome(effect, step), lineage) for effect, lineage in found]

    def applied(self, before: MemberState, after: MemberState, outcome: Outcome, lineage: Lineage) -> None:
        """Take in what an outcome has changed of the member."""
        self._stale.parts(before, after, lineage)
        for effect in outcome.effects:
            self._stale.moved(effect, lineage)

    def consumed(self, before: MemberState, after: MemberState) -> None:
        """Take in what a timer itself has changed of the member."""
        self._stale.parts(before, after)

    def heard(self, internal: Internal, lineage: Lineage) -> None:
        """Take in an internal event."""
        self._stale.heard(internal.name, lineage)

    def cut(self) -> None:
        """Take in that a chain was undone."""
        self._stale.ever = self._stale.watch.everything

    def settled(self, state: MemberState) -> MemberState:
        """Return the member with the instants at which what was looked at may change by the clock."""
        return looked_at(state, self._stale, self._index)

    def _id(self, step: int, at: int) -> str:
        return derived_id(self._event, step, "@segment", 0, self._found + at)

    def _outcome(self, effect: Moving, step: int) -> Outcome:
        self._found += 1
        return Outcome(step=step, rule="@segment", version=0, result="done", effects=(effect,))


def lookout(before: MemberState, observed: MemberState, event: Event, index: Index) -> Lookout | None:
    """Return a lookout over an entry; None where nothing is watched, or facts are only taken in.

    Args:
        before: The member before the entry.
        observed: The member with the entry taken in.
        event: The entry.
        index: The rules in force.
    """
    stale = watching(before, observed, event, index)
    return Lookout(before, event, index, stale) if stale is not None else None


def ended_while(occasion: Occasion) -> list[Outcome]:
    """Return what comes of a `while` rule whose condition is no longer true.

    Its own grips on tags are let go, and its waits end. Whatever else it gave
    (points, coupons, messages, levels, memberships) stays.
    """
    key, state = occasion.rule.key, occasion.state
    holder = f"rule:{key}"
    held = [tag for tag, holders in state.tags.items() if holder in holders]
    effects = tuple(
        ReleaseTag(id=occasion.effect_id(at, "end"), action=at, tag=tag, holder=holder)
        for at, tag in enumerate(held)
    )
    waits = [one for one in state.enrolments if one.rule == key]
    return [
        *(ended_wait(wait, occasion.step, "exited", "condition-ended") for wait in waits),
        Outcome(
            step=occasion.step,
            rule=key,
            version=occasion.rule.version,
            result="ended",
            reason="condition-ended",
            effects=effects,
        ),
    ]
