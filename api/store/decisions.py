"""Decisions: the canonical bodies, and which rules had a part in each."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, get_args

import orjson
from sqlalchemy import ColumnElement, Connection, Table, select, tuple_

from api.store.dialects import RowInsert
from api.store.schema import DECISION, OUTCOME, PRIZE
from engine.decision import Decision, Outcome, Result
from engine.effects import AwardPoints, DrawPrize, IssueCoupon
from engine.language.benefits import POINTS
from engine.values import Instant


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


class Sought(NamedTuple):
    """Which decisions are asked for; None is all.

    Attributes:
        rule: Those in which this rule had a part.
        member: Those about this member.
        since: Those at this instant or after it.
        until: Those before this instant.
        results: Those in which one of these came of a rule; of `rule`, if one is given.
    """

    rule: str | None = None
    member: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    results: Sequence[Result] | None = None


_CHUNK: Final = 1_000
_INSERT: Final = RowInsert(DECISION, StoredDecision._fields)
_RESULTS: Final[tuple[Result, ...]] = get_args(Result)
_INSERT_OUTCOME: Final = RowInsert(
    OUTCOME, ["sequence", "as_of", "member", "rule", "version", "result", "points"]
)
_INSERT_PRIZE: Final = RowInsert(PRIZE, ["id", "rule", "version", "wheel", "prize", "points", "code"])
_STORED: Final = select(
    DECISION.c.sequence, DECISION.c.member, DECISION.c.member_sequence, DECISION.c.as_of, DECISION.c.body
)


def append(connection: Connection, decisions: Sequence[NewDecision]) -> None:
    """Keep decisions, the part of each rule in them, and the prizes that were drawn."""
    _INSERT.execute(connection, [_row(new) for new in decisions])
    outcomes = [_part(new, outcome) for new in decisions for outcome in new.decision.outcomes]
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
    connection: Connection, sought: Sought, *, before: int | None = None, limit: int
) -> list[StoredDecision]:
    """Return decisions, the last `as_of` first, and of one instant the last entry first.

    Each of the indexes stands in this order, so a page is read from where it begins and no further: the
    decisions of a member by theirs, those of results by one walk for each result, and all by the third.

    Args:
        connection: Where to read.
        sought: Which decisions.
        before: Global sequence of the decision that the page must stay behind; None for the first page.
        limit: How many at most.
    """
    place = _place(connection, before) if before is not None else None
    if sought.member is not None:
        return _of_member(connection, sought, before, limit)
    if sought.rule is None and sought.results is None:
        query = _STORED.where(*_between(DECISION, sought, place))
        ordered = query.order_by(DECISION.c.as_of.desc(), DECISION.c.sequence.desc())
        return [StoredDecision(*row) for row in connection.execute(ordered.limit(limit))]
    places = {one for result in _asked(sought) for one in _walk(connection, sought, result, place, limit)}
    chosen = [sequence for _, sequence in sorted(places, reverse=True)[:limit]]
    found = read_many(connection, chosen)
    return [found[sequence] for sequence in chosen]


def _place(connection: Connection, before: int) -> tuple[Instant, int]:
    """Return where a decision stands in the order of pages."""
    last = select(DECISION.c.as_of).where(DECISION.c.sequence <= before)
    as_of = connection.execute(last.order_by(DECISION.c.sequence.desc()).limit(1)).scalar_one_or_none()
    return (as_of or 0), before


def _asked(sought: Sought) -> Sequence[Result]:
    return _RESULTS if sought.results is None else sought.results


def _between(table: Table, sought: Sought, place: tuple[Instant, int] | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.since is not None:
        found.append(table.c.as_of >= sought.since)
    # Of two ends only one can be looked up in an index, and it must be the nearer.
    if place is not None and (sought.until is None or place[0] < sought.until):
        found.append(tuple_(table.c.as_of, table.c.sequence) < place)
    elif sought.until is not None:
        found.append(table.c.as_of < sought.until)
    return found


def _walk(
    connection: Connection, sought: Sought, result: Result, place: tuple[Instant, int] | None, limit: int
) -> list[tuple[Instant, int]]:
    """Return the places of the decisions in which one result came of a rule, or of any."""
    query = select(OUTCOME.c.as_of, OUTCOME.c.sequence).distinct().where(OUTCOME.c.result == result)
    if sought.rule is not None:
        query = query.where(OUTCOME.c.rule == sought.rule)
    query = query.where(*_between(OUTCOME, sought, place))
    rows = connection.execute(query.order_by(OUTCOME.c.as_of.desc(), OUTCOME.c.sequence.desc()).limit(limit))
    return [(as_of, sequence) for as_of, sequence in rows]


def _of_member(
    connection: Connection, sought: Sought, before: int | None, limit: int
) -> list[StoredDecision]:
    """Return decisions about a member, whose instants never go back."""
    query = _STORED.where(DECISION.c.member == sought.member, *_between(DECISION, sought, None))
    if before is not None:
        query = query.where(DECISION.c.sequence < before)
    if sought.rule is not None or sought.results is not None:
        part = select(OUTCOME.c.sequence).where(
            OUTCOME.c.result.in_(_asked(sought)),
            OUTCOME.c.as_of == DECISION.c.as_of,
            OUTCOME.c.sequence == DECISION.c.sequence,
        )
        part = part if sought.rule is None else part.where(OUTCOME.c.rule == sought.rule)
        query = query.where(part.exists())
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


def _part(new: NewDecision, outcome: Outcome) -> tuple[Any, ...]:
    decision, points = new.decision, _points(outcome)
    part = (decision.as_of, decision.member, outcome.rule, outcome.version, outcome.result, points)
    return new.sequence, *part


def _points(outcome: Outcome) -> int:
    """Return what an outcome awards of the unit `points`."""
    return sum(one.points for one in outcome.effects if isinstance(one, AwardPoints) and one.unit == POINTS)


def _prize(outcome: Outcome, drawn: DrawPrize) -> tuple[Any, ...]:
    """Return the row of a prize: what else the same action did is what it gave."""
    given = [one for one in outcome.effects if one.action == drawn.action]
    points = sum(one.points for one in given if isinstance(one, AwardPoints) and one.unit == POINTS)
    code = next((one.code for one in given if isinstance(one, IssueCoupon)), None)
    return drawn.id, outcome.rule, outcome.version, drawn.wheel, drawn.prize, points, code
