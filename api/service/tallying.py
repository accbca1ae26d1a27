"""Counts what there was in each quarter of an hour, a slice of the log at a time, off the path of events."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec

from api.service.counting import settled_end
from api.service.people import OURS
from api.service.reporting import SOURCE as DELIVERY
from api.service.running import Run
from api.store import counted, log, tallies
from api.store.connection import Connection
from api.store.tallies import Decided, Moved, Tally, quarter_of
from engine.events import MESSAGE_FAILED, MESSAGE_SENT, MESSAGE_SUPPRESSED
from engine.ledger.postings import programme_account
from engine.values import Instant

_SLICE: Final = 1_000
_SENT_TO_US: Final = frozenset({"track", "identify", "alias"})
_HELD_BACK: Final = frozenset({"held_out", "limited", "late", "inactive", "waiting", "refused"})
_BY_ITSELF: Final = "@"
_REPORTED: Final = {
    MESSAGE_SENT: tallies.SENT,
    MESSAGE_FAILED: tallies.FAILED,
    MESSAGE_SUPPRESSED: tallies.SUPPRESSED,
}
_POSTED: Final = {
    "award": tallies.EARNED,
    "redeem": tallies.REDEEMED,
    "reverse": tallies.TAKEN_BACK,
    "overdraw": tallies.TAKEN_BACK,
    "restore": tallies.GIVEN_BACK,
}


class _Effect(msgspec.Struct):
    type: str
    coupon: str = ""
    how: str = ""
    suppressed: str | None = None
    until: Instant | None = None


class _Outcome(msgspec.Struct):
    rule: str
    result: str
    effects: list[_Effect] = []


class _Answer(msgspec.Struct):
    coupons: list[Any] = []


class _Body(msgspec.Struct):
    """What is counted of a decision's body."""

    outcomes: list[_Outcome] = []
    answer: _Answer = msgspec.field(default_factory=_Answer)


_READ: Final = msgspec.json.Decoder(_Body)


class Tallying:
    """Follows the log for those who tell of days."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]], run: Run) -> None:
        """Make the use case.

        Args:
            read: Opens a read transaction.
            run: Runs work in a write transaction and returns its result.
        """
        self._read = read
        self._run = run

    def work(self) -> int:
        """Count one slice if a whole one is waiting; return how many entries it had.

        What is less waits for somebody who asks, so that a quiet programme isn't written to all day.
        """
        with self._read() as connection:
            waiting = log.last_sequence(connection) - counted.taken_in(connection, follower=tallies.FOLLOWER)
        if waiting < _SLICE:
            return 0
        self.catch_up(most=1)
        return _SLICE

    def catch_up(self, *, most: int | None = None) -> bool:
        """Count everything that was committed before the call.

        Args:
            most: How many slices at most; None for all there are.

        Returns:
            Whether everything is counted.
        """
        end = self._run(settled_end)
        with self._read() as connection:
            reached = counted.taken_in(connection, follower=tallies.FOLLOWER)
        done = 0
        while (most is None or done < most) and reached < end:
            reached = self._run(lambda connection: _slice(connection, end))
            done += 1
        return reached >= end


def _slice(connection: Connection, end: int) -> int:
    after = counted.taken_in(connection, locked=True, follower=tallies.FOLLOWER)
    entries = tallies.decided_between(connection, after, end, _SLICE)
    reached = entries[-1].sequence if len(entries) == _SLICE else max(after, end)
    whose = list(dict.fromkeys(one.member for one in entries))
    found: Counter[Tally] = Counter()
    for one in entries:
        at = quarter_of(one.as_of)
        found.update(Tally(figure, at, key) for figure, key in figures_of(one))
    for moved in tallies.moved_between(connection, whose, after, reached):
        figure, amount = figure_of(moved)
        if figure:
            found[Tally(figure, quarter_of(moved.as_of), moved.unit)] += amount
    tallies.add(connection, found)
    counted.advance(connection, reached, follower=tallies.FOLLOWER)
    return reached


def figures_of(entry: Decided) -> Iterator[tuple[str, str]]:
    """Yield each figure that an entry and its decision count once in, with the key that it is kept under."""
    if entry.kind in _SENT_TO_US and not entry.source.startswith(OURS):
        yield tallies.EVENTS, ""
    if entry.source == DELIVERY and entry.name in _REPORTED:
        yield _REPORTED[entry.name], ""
    if entry.body is None:
        return
    said = _READ.decode(entry.body)
    for one in said.outcomes:
        if one.result in _HELD_BACK:
            yield tallies.HELD_BACK, ""
        elif one.result == "fired" and not one.rule.startswith(_BY_ITSELF):
            yield tallies.FIRED, ""
            yield tallies.BY_RULE, one.rule
        for effect in one.effects:
            yield from _of_effect(effect, said.answer)


def _of_effect(effect: _Effect, answer: _Answer) -> Iterator[tuple[str, str]]:
    """Yield what an effect counts in. What a till redeems stands in what it is answered."""
    if effect.type == "issue_coupon":
        yield tallies.COUPONS_ISSUED, effect.coupon
    elif effect.type == "send_message" and effect.suppressed is None and effect.until is None:
        yield tallies.REQUESTED, ""
    elif effect.type == "close_hold" and effect.how == "confirmed":
        yield from [(tallies.COUPONS_REDEEMED, "")] * len(answer.coupons)


def figure_of(moved: Moved) -> tuple[str, int]:
    """Return the figure that a posting counts in and with how much; none for what moves within a member.

    What had expired and then makes up for a debt isn't expired any more.
    """
    if moved.kind != "expire":
        return _POSTED.get(moved.kind, ""), moved.amount
    back = moved.debit == programme_account(moved.unit, "expired")
    return tallies.EXPIRED, -moved.amount if back else moved.amount
