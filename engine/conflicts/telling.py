"""An invented member's log, decided entry by entry as a live one would be."""

from typing import Any, Final, NamedTuple

from engine import canonical
from engine.conflicts.witness import Chapter
from engine.decide import Evaluating, fold
from engine.decision import Need
from engine.events import Event, Kind, Mode
from engine.index import Index
from engine.state import MemberState
from engine.timers import due, fired_event
from engine.values import Instant

_SOURCE: Final = "regulars:witness"
_MOST_TIMERS: Final = 64


class Told(NamedTuple):
    """Something that is told of the member.

    Attributes:
        kind: What kind of entry it is.
        name: What happened, or what is asked for.
        properties: What is told of it, as it stands in a log.
        at: When it happened.
        recorded_at: When it is taken in.
        mode: `live`, or `facts-only` for history from before the rules.
    """

    kind: Kind
    name: str
    properties: dict[str, Any]
    at: Instant
    recorded_at: Instant
    mode: Mode = "live"


class Teller:
    """Decides what is told of a member who begins with nothing."""

    def __init__(self, member: str, index: Index) -> None:
        """Begin with an empty member under some rules."""
        self.state = MemberState(member=member)
        self.chapters: list[Chapter] = []
        self.index = index
        self._matching = Evaluating(index)
        self._pots: dict[str, int] = {}
        self._codes = 0
        self._timers = 0

    def happen(self, told: Told) -> Chapter:
        """Take in what is told, after the timers that are ripe before it."""
        if told.mode == "live":
            self.clock(told.recorded_at, inclusive=False)
        state = self.state
        event = Event(
            source=_SOURCE,
            message_id=f"witness-{state.sequence + 1}",
            kind=told.kind,
            name=told.name,
            member=state.member,
            occurred_at=told.at,
            recorded_at=told.recorded_at,
            as_of=max(told.recorded_at, state.as_of),
            mode=told.mode,
            properties=told.properties,
            member_sequence=state.sequence + 1,
        )
        return self._take(event)

    def clock(self, until: Instant, *, inclusive: bool) -> None:
        """Let the timers fire that are ripe before an instant, or at it; at most 64 in all."""
        while self._timers < _MOST_TIMERS:
            pending = due(self.state, self.index)
            if not pending or pending[0].ripe_at > until or (pending[0].ripe_at == until and not inclusive):
                return
            self._timers += 1
            one = pending[0]
            self._take(fired_event(self.state, one, recorded_at=one.ripe_at, mode="live"))

    def _take(self, event: Event) -> Chapter:
        before = self.state
        decided = fold(before, event, self.index, self._matching, self._supply)
        self.state = decided.state
        chapter = Chapter(event, before, decided.decision)
        self.chapters.append(chapter)
        return chapter

    def _supply(self, need: Need) -> Any:
        """Supply as a host would: codes that are no real ones, pots that begin full, an even draw."""
        if need.kind == "code":
            self._codes += 1
            return f"CODE-{self._codes}"
        if need.kind == "draw":
            number = canonical.digest(need.seed)
            return {"number": number, "commitment": number}
        if need.kind == "member":
            return need.name
        pot = f"{need.kind}/{need.name}"
        taken = self._pots.get(pot, 0) + need.amount
        if taken > (need.limit if need.kind != "once" else 1):
            return False
        self._pots[pot] = taken
        return True
