"""Looking at watched conditions again: what has changed, and when each may change next by the clock."""

import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.effects import BeginWhile, ChangeScore, EndWhile, EnterSegment, LeaveSegment
from engine.evaluate import evaluate
from engine.facts import Facts
from engine.state import MemberState, changed
from engine.values import Instant
from engine.watch.changes import next_change
from engine.watch.moving import Moving, moved
from engine.watch.scoring import Rated, rate, score_change
from engine.watch.watched import PARTS, Watch, Watched

Lineage = tuple[str, ...]


class Found(NamedTuple):
    """Something that has changed: the effect, and the rules whose effects led to it."""

    effect: Moving
    lineage: Lineage


class Stale:
    """Gathers what must be looked at again, each with the rules that first gave cause to."""

    def __init__(self, watch: Watch) -> None:
        """Begin with nothing to look at."""
        self.watch = watch
        self.mask = 0
        self.ever = 0
        self.causes: dict[int, Lineage] = {}

    def add(self, mask: int, lineage: Lineage = ()) -> None:
        """Add some items."""
        if not mask:
            return
        if lineage:
            for place in _places(mask & ~self.mask):
                self.causes[place] = lineage
        self.mask |= mask
        self.ever |= mask

    def heard(self, name: str, lineage: Lineage = ()) -> None:
        """Add what an event of a name may have changed."""
        self.add(self.watch.by_event.get(name, 0), lineage)

    def parts(self, before: MemberState, after: MemberState, lineage: Lineage = ()) -> None:
        """Add what reads a part of the state that is another one now."""
        mask = 0
        for name, readers in zip(PARTS, self.watch.by_part, strict=True):
            if readers and getattr(before, name) is not getattr(after, name):
                mask |= readers
        if before.zone != after.zone:
            mask |= self.watch.by_zone
        self.add(mask, lineage)

    def moved(self, effect: object, lineage: Lineage = ()) -> None:
        """Add what reads a segment or a score that an effect changes."""
        if isinstance(effect, EnterSegment | LeaveSegment):
            self.add(self.watch.readers.get(f"segment:{effect.segment}", 0), lineage)
        elif isinstance(effect, ChangeScore):
            self.add(self.watch.readers.get(f"score:{effect.score}", 0), lineage)

    def begin(self, before: MemberState, as_of: Instant) -> None:
        """Add what the clock alone may have changed by an instant; for a new member, everything."""
        if before.joined_at is None:
            self.add(self.watch.everything)
        elif before.looks and min(before.looks.values()) <= as_of:
            self.add(self.watch.due(before.looks, as_of))

    def look(self, state: MemberState, zone: str, effect_id: Callable[[int], str]) -> list[Found]:
        """Return what has changed of all that was added, and have nothing to look at any more."""
        found: list[Found] = []
        while self.mask:
            place = (self.mask & -self.mask).bit_length() - 1
            self.mask &= self.mask - 1
            lineage = self.causes.pop(place, ())
            effect = _changed(
                self.watch, place, state, state.as_of, zone, quiet=False, id_=effect_id, at=len(found)
            )
            if effect is not None:
                found.append(Found(effect, lineage))
                state = moved(state, effect).state
                self.moved(effect, lineage)
        return found


def caught_up(
    watch: Watch, state: MemberState, as_of: Instant, zone: str, effect_id: Callable[[int], str]
) -> list[Moving]:
    """Return what new and changed conditions, and those that are gone, mean for a member who was there.

    Quietly: publishing is no reason to fire, unless a `while` rule was published so.

    Args:
        watch: What is watched.
        state: The member, before the entry that is decided.
        as_of: The instant at which it is read: when they were published, or the member's last if later.
        zone: The member's IANA zone.
        effect_id: Returns the id of an effect by its place.
    """
    found: list[Moving] = []
    for effect in _gone(watch, state, effect_id):
        found.append(effect)
        state = moved(state, effect).state
    mask = watch.since_then(state.seen)
    while mask:
        place = (mask & -mask).bit_length() - 1
        mask &= mask - 1
        quiet = not watch.items[place].fires
        one = _changed(watch, place, state, as_of, zone, quiet=quiet, id_=effect_id, at=len(found))
        if one is not None:
            found.append(one)
            state = moved(state, one).state
            mask |= watch.readers.get(watch.items[place].key, 0)
    return found


def with_looks(state: MemberState, watch: Watch, mask: int, zone: str) -> MemberState:
    """Return the member with the next instants at which some conditions may change by the clock."""
    looks = dict(state.looks)
    for place in _places(mask):
        item = watch.items[place]
        looks.pop(item.key, None)
        turn = _next(watch, place, state, state.as_of, zone)
        if turn is not None:
            looks[item.key] = turn
    if any(key not in watch.keys for key in looks):
        looks = {key: turn for key, turn in looks.items() if key in watch.keys}
    return changed(state, looks=looks)


def due_at(state: MemberState, watch: Watch, zone: str) -> Instant | None:
    """Return when a member is to be looked at again though nothing happens, or None.

    A member who hasn't been looked at since something was published is due in
    its slot of the spread, if that changes anything for it.
    """
    looks = [turn for key, turn in state.looks.items() if key in watch.keys]
    if state.seen >= watch.revision:
        return min(looks, default=None)
    as_of = max(state.as_of, watch.since)
    found = caught_up(watch, state, as_of, zone, lambda _: "")
    if found:
        spread = max((one.spread for one in watch.items if one.since_revision > state.seen), default=0)
        return max(as_of, watch.since + _slot(state.member, spread))
    turns = [_next(watch, place, state, as_of, zone) for place in _places(watch.since_then(state.seen))]
    return min((turn for turn in (*turns, *looks) if turn is not None), default=None)


def _slot(member: str, spread: int) -> Instant:
    return zlib.crc32(member.encode()) * spread >> 32


def _places(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _facts(watch: Watch, place: int, state: MemberState, as_of: Instant, zone: str) -> Facts:
    return watch.readings[place].facts(properties={}, before=state.past, state=state, as_of=as_of, zone=zone)


def _next(watch: Watch, place: int, state: MemberState, as_of: Instant, zone: str) -> Instant | None:
    item = watch.items[place]
    if item.scoring is not None:
        return score_change(item.scoring, state, as_of, zone)
    if item.node is None or not item.by_clock:
        return None
    return next_change(item.node, _facts(watch, place, state, as_of, zone), state, as_of, zone)


def _changed(
    watch: Watch,
    place: int,
    state: MemberState,
    as_of: Instant,
    zone: str,
    *,
    quiet: bool,
    id_: Callable[[int], str],
    at: int,
) -> Moving | None:
    """Return the effect by which an item is brought up to date, None if it is."""
    item = watch.items[place]
    if item.scoring is not None:
        rated = rate(item.scoring, state, as_of, zone)
        return _rescored(item, state, rated, quiet=quiet, id_=id_, at=at)
    holds = evaluate(item.node, _facts(watch, place, state, as_of, zone))
    name = item.name
    if item.kind == "segment":
        if holds == (name in state.segments):
            return None
        kind = EnterSegment if holds else LeaveSegment
        return kind(id=id_(at), action=at, segment=name, quiet=quiet)
    if holds == (name in state.standing):
        return None
    if holds:
        return BeginWhile(id=id_(at), action=at, rule=name, quiet=quiet)
    return EndWhile(id=id_(at), action=at, rule=name)


def _rescored(
    item: Watched, state: MemberState, rated: Rated | None, *, quiet: bool, id_: Callable[[int], str], at: int
) -> ChangeScore | None:
    before = state.scores.get(item.name)
    if rated is None:
        if before is None:
            return None
        rated = Rated(0, 0, 0, "", "")
    elif before is not None and rated == (
        before.recency,
        before.frequency,
        before.monetary,
        before.code,
        before.band,
    ):
        return None
    return ChangeScore(id=id_(at), action=at, score=item.name, **rated._asdict(), quiet=quiet)


def _gone(watch: Watch, state: MemberState, effect_id: Callable[[int], str]) -> Iterator[Moving]:
    """Yield the end of what the member has and nobody defines any more."""
    at = 0
    for key in state.segments:
        if f"segment:{key}" not in watch.keys and key not in watch.lists:
            yield LeaveSegment(id=effect_id(at), action=at, segment=key, quiet=True)
            at += 1
    for key in state.scores:
        if f"score:{key}" not in watch.keys:
            none = Rated(0, 0, 0, "", "")._asdict()
            yield ChangeScore(id=effect_id(at), action=at, score=key, **none, quiet=True)
            at += 1
    for key in state.standing:
        if f"while:{key}" not in watch.keys and key not in watch.paused:
            yield EndWhile(id=effect_id(at), action=at, rule=key)
            at += 1
