"""What there was in each quarter of an hour, over the whole programme: rows that follow the log.

A quarter of an hour is never on two days, in whatever zone days are told: so the zone can be another one
tomorrow, and nothing is counted anew. Nothing here is written while events are taken in.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from api.store.dialects import RowInsert
from api.store.schema import DECISION, EVENT, LEDGER, TALLY
from engine.values import MICROSECONDS, Instant

FOLLOWER: Final = "tallies"
QUARTER: Final[Instant] = 900 * MICROSECONDS
_CHUNK: Final = 500


class Tally(NamedTuple):
    """One row; the fields are those of the table."""

    figure: str
    at: Instant
    key: str


class Decided(NamedTuple):
    """An entry of the log with what was decided on it.

    Attributes:
        sequence: Its place in the log.
        source: Who sent it.
        member: Whose it is.
        kind: Of what kind it is.
        name: What happened.
        as_of: The instant at which it was decided.
        body: The decision as canonical JSON; None where nothing was noteworthy.
    """

    sequence: int
    source: str
    member: str
    kind: str
    name: str
    as_of: Instant
    body: bytes | None


class Moved(NamedTuple):
    """Units that moved between two accounts; the fields are those of the ledger."""

    unit: str
    kind: str
    debit: str
    credit: str
    amount: int
    as_of: Instant


_ADD: Final = RowInsert(TALLY, [*Tally._fields, "count"], keys=["figure", "at", "key"], adds=["count"])
_DECIDED: Final = (
    select(*(EVENT.c[name] for name in Decided._fields[:-1]), DECISION.c.body)
    .outerjoin(DECISION, DECISION.c.sequence == EVENT.c.sequence)
    .order_by(EVENT.c.sequence)
)


def quarter_of(instant: Instant) -> Instant:
    """Return when the quarter of an hour began that an instant is in."""
    return instant - instant % QUARTER


def decided_between(connection: Connection, after: int, upto: int, limit: int) -> list[Decided]:
    """Return entries behind a place in the log and up to another, in order, with what was decided."""
    found = _DECIDED.where(EVENT.c.sequence > after, EVENT.c.sequence <= upto).limit(limit)
    return [Decided._make(row) for row in connection.execute(found)]


def moved_between(connection: Connection, members: Sequence[str], after: int, upto: int) -> Iterator[Moved]:
    """Yield what the ledger has of some members' entries behind a place in the log and up to another."""
    query = select(*(LEDGER.c[name] for name in Moved._fields))
    for start in range(0, len(members), _CHUNK):
        own = LEDGER.c.member.in_(members[start : start + _CHUNK])
        found = query.where(own, LEDGER.c.sequence > after, LEDGER.c.sequence <= upto)
        yield from (Moved(*row) for row in connection.execute(found))


def add(connection: Connection, counts: Mapping[Tally, int]) -> None:
    """Add to what is counted."""
    _ADD.execute(connection, [(*one, count) for one, count in sorted(counts.items())])


def sums(connection: Connection, since: Instant, until: Instant) -> dict[str, dict[str, int]]:
    """Return how much there was from a quarter of an hour on and before another, by figure and key."""
    query = (
        select(TALLY.c.figure, TALLY.c.key, func.sum(TALLY.c.count))
        .where(TALLY.c.figure.in_(ALL), TALLY.c.at >= since, TALLY.c.at < until)
        .group_by(TALLY.c.figure, TALLY.c.key)
    )
    found: dict[str, dict[str, int]] = {name: {} for name in ALL}
    for figure, key, count in connection.execute(query):
        found[figure][key] = int(count)
    return found


def by_rule(connection: Connection, since: Instant, until: Instant, limit: int) -> dict[str, int]:
    """Return the rules that fired most from a quarter of an hour on and before another, with how often."""
    times = func.sum(TALLY.c.count)
    query = (
        select(TALLY.c.key, times)
        .where(TALLY.c.figure == BY_RULE, TALLY.c.at >= since, TALLY.c.at < until)
        .group_by(TALLY.c.key)
        .order_by(times.desc(), TALLY.c.key)
        .limit(limit)
    )
    return {key: int(count) for key, count in connection.execute(query)}


EVENTS: Final = "events"
"""Events that were taken in from outside."""
FIRED: Final = "fired"
"""Firings of rules; `rule` has them by rule."""
BY_RULE: Final = "rule"
HELD_BACK: Final = "held_back"
REQUESTED: Final = "requested"
SENT: Final = "sent"
FAILED: Final = "failed"
SUPPRESSED: Final = "suppressed"
COUPONS_ISSUED: Final = "coupons_issued"
"""By definition, as it tells how fast the stock goes."""
COUPONS_REDEEMED: Final = "coupons_redeemed"
EARNED: Final = "earned"
REDEEMED: Final = "redeemed"
EXPIRED: Final = "expired"
TAKEN_BACK: Final = "taken_back"
GIVEN_BACK: Final = "given_back"
OF_UNITS: Final = (EARNED, REDEEMED, EXPIRED, TAKEN_BACK, GIVEN_BACK)
"""Figures by unit of account."""
ALL: Final = (
    EVENTS,
    FIRED,
    HELD_BACK,
    REQUESTED,
    SENT,
    FAILED,
    SUPPRESSED,
    COUPONS_ISSUED,
    COUPONS_REDEEMED,
    *OF_UNITS,
)
"""Every figure but those by rule."""
