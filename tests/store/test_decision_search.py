"""Decisions are found by rule, member, instant and outcome: the right ones, in order, from an index."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Connection, event, text

from api.store import decisions
from api.store.database import Database
from api.store.decisions import NewDecision, Sought
from engine.decision import Decision, Outcome, Result, body
from tests.store.samples import AT

RESULTS: list[Result] = ["fired", "held_out", "limited", "exited"]


class Kept(NamedTuple):
    """A decision that is in the log, as a search sees it."""

    sequence: int
    member: str
    as_of: int
    parts: list[tuple[str, Result]]


def made(count: int) -> list[Kept]:
    """Decisions whose instants go up and down, as those of imports do, but never back for a member."""
    random = Random(20_261_123)  # noqa: S311
    latest: dict[str, int] = {}
    found = []
    for sequence in range(1, count + 1):
        member = f"m{random.randrange(8)}"
        latest[member] = latest.get(member, 0) + random.randrange(6)
        parts = [(random.choice("ab"), random.choice(RESULTS[: random.randrange(1, 4)])) for _ in range(4)]
        found.append(Kept(sequence * 2, member, AT + latest[member], parts))
    return found


def kept(connection: Connection, rows: Sequence[Kept]) -> None:
    new = []
    for number, row in enumerate(rows, start=1):
        outcomes = tuple(Outcome(step=0, rule=rule, version=1, result=result) for rule, result in row.parts)
        one = Decision(
            member=row.member, sequence=number, as_of=row.as_of, revision=1, gates=(), outcomes=outcomes
        )
        new.append(NewDecision(row.sequence, one, body(one)))
    decisions.append(connection, new)


def wanted(rows: Sequence[Kept], sought: Sought) -> list[int]:
    def fits(row: Kept) -> bool:
        results = sought.results
        part = any(
            sought.rule in (None, rule) and (results is None or result in results)
            for rule, result in row.parts
        )
        return (
            ((sought.rule is None and results is None) or part)
            and sought.member in (None, row.member)
            and (sought.since is None or row.as_of >= sought.since)
            and (sought.until is None or row.as_of < sought.until)
        )

    return [
        row.sequence
        for row in sorted(rows, key=lambda row: (row.as_of, row.sequence), reverse=True)
        if fits(row)
    ]


FILTERS = [
    Sought(rule, member, since, until, results)
    for rule in (None, "a", "nobody")
    for member in (None, "m1")
    for since, until in ((None, None), (AT + 10, None), (None, AT + 30), (AT + 12, AT + 25))
    for results in (None, ("fired",), ("held_out", "limited"))
]


def test_pages_hold_what_is_sought_and_follow_each_other(database: Database) -> None:
    """A rule that had two parts in a decision finds it once; a page begins where the one before ended."""
    rows = made(120)
    with database.write() as connection:
        kept(connection, rows)

    with database.read() as connection:
        for sought in FILTERS:
            found: list[int] = []
            right = wanted(rows, sought)
            while page := decisions.page(connection, sought, before=found[-1] if found else None, limit=7):
                found += [one.sequence for one in page]
                assert right[: len(found)] == found, sought
                assert len(page) == 7 or found == right, sought
            assert right == found, sought


def test_a_page_may_begin_behind_what_is_no_decision(database: Database) -> None:
    with database.write() as connection:
        kept(connection, made(6))

    with database.read() as connection:
        assert [] == decisions.page(connection, Sought(), before=1, limit=9)
        found = decisions.page(connection, Sought(member="m1"), before=MAX, limit=9)
        assert found == decisions.page(connection, Sought(member="m1"), limit=9)


MAX = 2**53


@contextmanager
def planning(connection: Connection) -> Iterator[list[str]]:
    """Collect the plan of every statement."""
    sqlite = connection.dialect.name == "sqlite"
    plans: list[str] = []

    def explain(asking: Connection, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        cursor = asking.connection.cursor()
        if sqlite:
            plans.append(
                "\n".join(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given))
            )
        else:
            cursor.execute(f"EXPLAIN {statement}", given)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))

    event.listen(connection, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(connection, "before_cursor_execute", explain)


def test_a_page_is_read_from_an_index(database: Database) -> None:
    """Whatever is sought, no table is scanned and nothing is sorted, however long the log is."""
    with database.read() as connection:
        if connection.dialect.name == "postgresql":
            # A small table is scanned whatever there is; what it would cost to do without is what tells.
            for one in ("seqscan", "sort", "bitmapscan"):
                connection.execute(text(f"SET LOCAL enable_{one} = off"))
        for sought in FILTERS:
            with planning(connection) as plans:
                decisions.page(connection, sought, before=9, limit=50)
            assert plans
            for plan in plans:
                bad = [one for one in ("SCAN", "TEMP B-TREE", "Seq Scan", "Sort") if one in plan]
                assert not bad, f"{sought}\n{plan}"
