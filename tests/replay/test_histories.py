"""Recorded histories replay under this engine to the same bytes; what is forged is found, nothing else."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from api.service.recalling import rebuilt
from api.service.rulebook import Rulebook
from api.store import controls
from api.store.database import Database
from engine.decide import Evaluating, fold
from engine.diverging import Divergence
from engine.gates import BEGINNING, FINE_SPREAD
from engine.replay import noteworthy
from engine.timers import Due, fired_event
from tests.support.histories import Json, put, read, replayed
from tests.support.life import ORDER

HISTORIES: Final = Path(__file__).parent / "histories"
DIGESTS: Final = {
    "0.1.0-books": "f9dd6fdab821452c632598c6236158a638484ca867a582daa0a6839eef611d3f",
    "0.1.0-gates": "2323629bc5dde8bcf8eda295946ecd16c1c36cb132f34a7bc96274966fd6e4e5",
    "0.1.0-journeys": "d7e12478add976f43b377a215d3822d4aef148265441ef1bcf7ec774d9bc262b",
    "0.1.0-merges": "caec9f53976d491236134f2aa1bf13eb172a6add82b423c01169dc9ce07fde8d",
}
"""What each came to when it was recorded: never to be changed."""

Found = list[tuple[int, str]]


def history(name: str) -> list[Json]:
    return read(HISTORIES / f"{name}.jsonl.gz")


@pytest.mark.parametrize("name", DIGESTS)
def test_what_was_recorded_is_decided_again_to_the_same(name: str, sqlite_database: str) -> None:
    rows = history(name)
    with Database.open(sqlite_database) as database:
        report = replayed(rows, database)

    assert ([], True) == (report.divergences, report.clean)
    assert sum(one["table"] == "event" for one in rows) == report.checked == report.of
    assert DIGESTS[name] == report.digest


def test_every_history_is_asserted() -> None:
    assert set(DIGESTS) == {one.name.removesuffix(".jsonl.gz") for one in HISTORIES.iterdir()}


def test_one_of_them_was_begun_under_the_first_gates() -> None:
    """Its decisions name those that were in force: before it was taken over, and since."""
    named = [one["body"]["gates"] for one in history("0.1.0-gates") if one["table"] == "decision"]

    assert [BEGINNING] == named[0]
    assert [BEGINNING, FINE_SPREAD] == named[-1]


def of(rows: list[Json], table: str) -> list[Json]:
    return [one for one in rows if one["table"] == table]


def logs(rows: list[Json]) -> list[list[Json]]:
    """Return the log of each member."""
    found: dict[str, list[Json]] = {}
    for one in of(rows, "event"):
        found.setdefault(one["member"], []).append(one)
    return [sorted(log, key=lambda one: one["member_sequence"]) for log in found.values()]


def giving(rows: list[Json], name: str) -> tuple[Json, int, int]:
    """Return the first decision with an effect that has a part of this name, and the effect's place."""
    return next(
        (one, at, place)
        for one in of(rows, "decision")
        for at, outcome in enumerate(one["body"].get("outcomes", ()))
        for place, effect in enumerate(outcome.get("effects", ()))
        if name in effect
    )


def changed_outcome(rows: list[Json]) -> Found:
    decision, at, place = giving(rows, "points")
    decision["body"]["outcomes"][at]["effects"][place]["points"] += 1
    return [(decision["sequence"], f"decision/outcomes/{at}/effects/{place}/points")]


def missing_decision(rows: list[Json]) -> Found:
    decision = next(one for one in of(rows, "decision") if "grants" not in one["body"])
    rows.remove(decision)
    return [(decision["sequence"], "decision")]


def missing_timer(rows: list[Json]) -> Found:
    timer, behind = next(
        (one, other)
        for log in logs(rows)
        for one, other in pairwise(log)
        if one["kind"] == "timer" and one["as_of"] < other["as_of"]
    )
    return _without(rows, timer, [(behind["sequence"], "timer")])


def missing_event(rows: list[Json]) -> Found:
    event, behind = next(
        (one, other)
        for log in logs(rows)
        for one, other in pairwise(log)
        if one["kind"] == "track" and one["member_sequence"] > 1 and other["as_of"] == one["as_of"]
    )
    return _without(rows, event, [(behind["sequence"], "sequence")])


def _without(rows: list[Json], entry: Json, found: Found) -> Found:
    for one in [one for one in rows if one.get("sequence") == entry["sequence"]]:
        rows.remove(one)
    return found


def wrong_grant(rows: list[Json]) -> Found:
    """Another code was granted than was given: that follows from the grant, and the chain with it."""
    decision, at, place = giving(rows, "code")
    given = decision["body"]["outcomes"][at]["effects"][place]["code"]
    grants = decision["body"]["grants"]
    grants[next(key for key, value in grants.items() if value == given)] = "FORGED0000000"
    effect = f"decision/outcomes/{at}/effects/{place}/code"
    return [(decision["sequence"], effect), (decision["sequence"], "digest")]


def wrong_chain(rows: list[Json]) -> Found:
    entry = logs(rows)[0][2]
    entry["digest"] = "0" * 64
    return [(entry["sequence"], "digest")]


def wrong_event(rows: list[Json]) -> Found:
    entry = next(one for log in logs(rows) for one in log[1:] if one["kind"] == "track")
    entry["properties"]["note"] = "was never told"
    return [(entry["sequence"], "digest")]


def test_two_entries_that_have_changed_places_are_found(sqlite_database: str) -> None:
    """The one that comes too early is decided from another member; the other can't follow it."""
    rows = history("0.1.0-merges")
    one, other = next(
        pair
        for log in logs(rows)
        for pair in pairwise(log)
        if {"track"} == {entry["kind"] for entry in pair} and pair[0]["as_of"] < pair[1]["as_of"]
    )
    one["member_sequence"], other["member_sequence"] = other["member_sequence"], one["member_sequence"]
    with Database.open(sqlite_database) as database:
        *early, late = places(replayed(rows, database).divergences)

    assert (one["sequence"], "entry") == late
    assert (other["sequence"], "digest") == early[-1]
    assert {other["sequence"]} == {sequence for sequence, _ in early}


def changed_control(rows: list[Json]) -> Found:
    control = of(rows, "control")[3]
    control["by"] = "somebody else"
    return [(0, f"control/{control['revision']}")]


FORGED: Final[tuple[Callable[[list[Json]], Found], ...]] = (
    changed_outcome,
    missing_decision,
    missing_timer,
    missing_event,
    wrong_grant,
    wrong_chain,
    wrong_event,
    changed_control,
)


def places(divergences: list[Divergence]) -> Found:
    return [(one.decision, one.path) for one in divergences]


@pytest.mark.parametrize("forge", FORGED)
def test_what_was_forged_is_found_and_nothing_else(
    forge: Callable[[list[Json]], Found], sqlite_database: str
) -> None:
    """At its entry, by its kind; entries that follow are held against what is recorded, and are in order."""
    rows = history("0.1.0-merges")
    expected = forge(rows)
    with Database.open(sqlite_database) as database:
        report = replayed(rows, database)

    assert expected == places(report.divergences)


def test_a_timer_that_was_not_due_is_found(sqlite_database: str) -> None:
    """An engine that fires a clock too early, with a chain that is in order: found at that very entry."""
    rows = history("0.1.0-merges")
    with Database.open(sqlite_database) as database:
        with database.write() as connection:
            put(rows, connection)
        with database.read() as connection:
            entry, decision = _too_early(connection, rows)
        with database.write() as connection:
            put([entry, *decision], connection)
        report = replayed([], database)

    assert [(entry["sequence"], "timer")] == places(report.divergences)


def _too_early(connection: Any, rows: list[Json]) -> tuple[Json, list[Json]]:
    """Return an entry by which an absence fires at a member's last entry, and its decision, if it is kept."""
    book = Rulebook(matcher="index")
    book.learn(controls.controls_after(connection, 0))
    index = book.index()
    state = next(
        state
        for log in logs(rows)
        if (state := rebuilt(connection, book, log[0]["member"], upto=index)).past.get(ORDER)
        and not any(one["properties"].get("absorbed") == state.member for one in of(rows, "event"))
    )
    early = Due(state.as_of, state.as_of, 50, "lapse", "absence", state.past[ORDER].last)
    event = fired_event(state, early, recorded_at=state.as_of, mode="live")
    decided = fold(state, event, index, Evaluating(index), lambda _: False)
    sequence = max(one["sequence"] for one in of(rows, "event")) + 1
    entry = dict(of(rows, "event")[0]) | {
        name: getattr(event, name) for name in of(rows, "event")[0] if hasattr(event, name)
    }
    entry |= {"sequence": sequence, "revision": index.rules.revision, "content": "", "digest": decided.digest}
    kept = {"table": "decision", "sequence": sequence, "member": state.member, "as_of": event.as_of,
            "member_sequence": event.member_sequence, "body": decided.body}  # fmt: skip
    return entry, [kept] if noteworthy(decided.decision) else []
