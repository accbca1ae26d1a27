"""Decisions: the canonical bodies, and which rules had a part in each."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, select

from api.store.dialects import RowInsert
from api.store.schema import DECISION, OUTCOME, PRIZE
from engine.decision import Decision, Outcome
from engine.effects import AwardPoints, DrawPrize, IssueCoupon
from engine.language.benefits import POINTS


class NewDecision(NamedTuple):
    """A decision to be kept.

    Attributes:
        sequence: Global sequence of the entry that it decides.
        decision: The decision.
        body: Its canonical bytes, as they were chained.
    """

    sequence: int
    decision: Decision
    body: bytes


class StoredDecision(NamedTuple):
    """A decision as it was kept; `body` is canonical JSON."""

    sequence: int
    member: str
    member_sequence: int
    as_of: int
    body: bytes


_CHUNK: Final = 1_000
_INSERT: Final = RowInsert(DECISION, StoredDecision._fields)
_INSERT_OUTCOME: Final = RowInsert(OUTCOME, ["sequence", "member", "rule", "version", "result", "points"])
_INSERT_PRIZE: Final = RowInsert(PRIZE, ["id", "rule", "version", "wheel", "prize", "points", "code"])
_STORED: Final = select(
    DECISION.c.sequence, DECISION.c.member, DECISION.c.member_sequence, DECISION.c.as_of, DECISION.c.body
)


def append(connection: Connection, decisions: Sequence[NewDecision]) -> None:
    """Keep decisions, the part of each rule in them, and the prizes that were drawn."""
    _INSERT.execute(connection, [_row(new) for new in decisions])
    outcomes = [
        (new.sequence, new.decision.member, outcome.rule, outcome.version, outcome.result, _points(outcome))
        for new in decisions
        for outcome in new.decision.outcomes
    ]
    _INSERT_OUTCOME.execute(connection, outcomes)
    drawn = [
        _prize(outcome, effect)
        for new in decisions
        for outcome in new.decision.outcomes
        for effect in outcome.effects
        if isinstance(effect, DrawPrize)
    ]
    if drawn:
        _INSERT_PRIZE.execute(connection, drawn)


def read(connection: Connection, sequence: int) -> StoredDecision | None:
    """Return the decision on an entry; None if nothing was noteworthy, or there is no such entry."""
    row = connection.execute(_STORED.where(DECISION.c.sequence == sequence)).one_or_none()
    return None if row is None else StoredDecision(*row)


def read_many(connection: Connection, sequences: Sequence[int]) -> dict[int, StoredDecision]:
    """Return the decisions on some entries, by sequence."""
    found: dict[int, StoredDecision] = {}
    for start in range(0, len(sequences), _CHUNK):
        chosen = DECISION.c.sequence.in_(sequences[start : start + _CHUNK])
        for row in connection.execute(_STORED.where(chosen)):
            found[row.sequence] = StoredDecision(*row)
    return found


def page(
    connection: Connection,
    *,
    rule: str | None = None,
    member: str | None = None,
    before: int | None = None,
    limit: int,
) -> list[StoredDecision]:
    """Return decisions, newest first.

    Args:
        connection: Where to read.
        rule: Only those in which this rule had a part.
        member: Only those of this member.
        before: Global sequence that the page must stay below; None for the first page.
        limit: How many at most.
    """
    query = _STORED
    if rule is not None:
        parts = select(OUTCOME.c.sequence).where(OUTCOME.c.rule == rule)
        parts = parts if before is None else parts.where(OUTCOME.c.sequence < before)
        if member is None:
            parts = parts.distinct().order_by(OUTCOME.c.sequence.desc()).limit(limit)
        query = query.where(DECISION.c.sequence.in_(parts))
    if member is not None:
        query = query.where(DECISION.c.member == member)
    if before is not None:
        query = query.where(DECISION.c.sequence < before)
    rows = connection.execute(query.order_by(DECISION.c.sequence.desc()).limit(limit))
    return [StoredDecision(*row) for row in rows]


def bodies_of(connection: Connection, member: str, *, after: int = 0) -> dict[int, bytes]:
    """Return the body of each decision about a member behind one of its places, by global sequence."""
    query = select(DECISION.c.sequence, DECISION.c.body).where(
        DECISION.c.member == member, DECISION.c.member_sequence > after
    )
    return {row.sequence: row.body for row in connection.execute(query)}


class Told(NamedTuple):
    """What can be told of an entry's decision, as JSON data.

    Attributes:
        outcomes: What came of each rule, in order, with its effects.
        answer: The answer to a request; empty for other entries.
        noticed: What a timer ahead of an end told of it; empty for other entries.
    """

    outcomes: list[dict[str, Any]]
    answer: dict[str, Any]
    noticed: dict[str, Any]

    @property
    def effects(self) -> list[dict[str, Any]]:
        """What was asked for, in order."""
        return [effect for outcome in self.outcomes for effect in outcome.get("effects", [])]


def told_of(connection: Connection, sequence: int) -> Told:
    """Return what can be told of the decision on an entry."""
    stored = read(connection, sequence)
    if stored is None:
        return Told([], {}, {})
    body = orjson.loads(stored.body)
    first: dict[str, Any] = next(iter(body.get("steps", [])), {})
    return Told(body.get("outcomes", []), body.get("answer", {}), first.get("properties", {}))


def _row(new: NewDecision) -> StoredDecision:
    decision = new.decision
    return StoredDecision(new.sequence, decision.member, decision.sequence, decision.as_of, new.body)


def _points(outcome: Outcome) -> int:
    """Return what an outcome awards of the unit `points`."""
    return sum(one.points for one in outcome.effects if isinstance(one, AwardPoints) and one.unit == POINTS)


def _prize(outcome: Outcome, drawn: DrawPrize) -> tuple[Any, ...]:
    """Return the row of a prize: what else the same action did is what it gave."""
    given = [one for one in outcome.effects if one.action == drawn.action]
    points = sum(one.points for one in given if isinstance(one, AwardPoints) and one.unit == POINTS)
    code = next((one.code for one in given if isinstance(one, IssueCoupon)), None)
    return drawn.id, outcome.rule, outcome.version, drawn.wheel, drawn.prize, points, code
