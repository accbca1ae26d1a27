"""Members are locked, loaded, saved; and found when they are due."""

import threading
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from api.store import identities, log, members
from api.store.database import Database
from api.store.identities import Identity
from api.store.members import LoadedMember, SavedMember
from engine.state import Held, MemberState, changed
from tests.store.samples import AT, entry, saved


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run work in so many threads at once; fail with the first error of any."""
    errors: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(10)
            work(number)
        except BaseException as error:  # noqa: BLE001 - carried over to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a thread still waits"
    if errors:
        raise errors[0]


class TestState:
    def test_a_member_comes_back_as_it_was_saved(self, database: Database) -> None:
        state = MemberState(
            member="m1", sequence=4, joined_at=AT, tags={"vip": {"rule:r": Held(AT)}}, points=12
        )
        with database.write() as connection:
            members.save(connection, [SavedMember(state, AT + 5, 2)])
            members.save(connection, [SavedMember(changed(state, sequence=5), None, 3)])

        with database.write() as connection:
            loaded = members.lock_and_load(connection, ["m1", "new", "m1"])

        assert {
            "m1": LoadedMember(changed(state, sequence=5), None, 3, None),
            "new": LoadedMember(MemberState(member="new"), None, 0, None),
        } == loaded

    def test_locking_makes_no_member(self, database: Database) -> None:
        """A new member that was locked, but had no entry, is still new afterwards."""
        for _ in range(2):
            with database.write() as connection:
                loaded = members.lock_and_load(connection, ["new"])
            assert LoadedMember(MemberState(member="new"), None, 0, None) == loaded["new"]

    def test_a_partition_is_for_ever(self) -> None:
        assert [47, 4, 0] == [members.partition_of(key) for key in ("m1", "会员", "")]

    def test_nothing_is_loaded_for_nobody(self, database: Database) -> None:
        with database.write() as connection:
            assert {} == members.lock_and_load(connection, [])
            members.save(connection, [])


class TestDue:
    def test_the_soonest_come_first(self, database: Database) -> None:
        wanted = [saved(f"m{number}", next_due_at=AT + number) for number in (5, 1, 3, 9)]
        with database.write() as connection:
            members.save(connection, [*wanted, saved("never")])

        with database.write() as connection:
            assert ["m1", "m3", "m5"] == members.due(connection, AT + 5, 10)
            assert ["m1"] == members.due(connection, AT + 5, 1)
            assert [] == members.due(connection, AT, 10)
            assert AT + 1 == members.next_wake(connection)

    def test_held_members_are_the_import_s(self, database: Database) -> None:
        """Ruling 22: an import holds its members back from live work, new ones among them."""
        with database.write() as connection:
            members.save(connection, [saved("m1", next_due_at=AT), saved("m2", next_due_at=AT)])
            assert [] == members.hold(connection, ["m2", "new"], "file-1")
            assert ["m2"] == members.hold(connection, ["m2", "m3"], "file-2")
            members.save(connection, [saved("m2", next_due_at=AT + 1)])

        with database.write() as connection:
            held = {
                key: one.held_by for key, one in members.load(connection, ["m1", "m2", "m3", "new"]).items()
            }
            assert {"m1": None, "m2": "file-1", "m3": "file-2", "new": "file-1"} == held
            assert ["m1"] == members.due(connection, AT + 9, 10)
            assert ["m2"] == members.due(connection, AT + 9, 10, held_by="file-1")
            members.release(connection, "file-1")
            assert ["m1", "m2"] == members.due(connection, AT + 9, 10)

    def test_members_of_older_rules_are_found(self, database: Database) -> None:
        with database.write() as connection:
            members.save(connection, [saved("old", revision=1), saved("newer", revision=3)])
            members.save(connection, [saved("held", revision=1)])
            members.hold(connection, ["held", "new"], "file-1")

            assert ["old"] == members.outdated(connection, 3, 10)
            assert ["old", "newer"] == members.outdated(connection, 4, 10)

    @pytest.mark.parametrize(
        ("query", "index"),
        [
            ("due", "ix_member_held_next_due"),
            ("next_wake", "ix_member_held_next_due"),
            ("outdated", "ix_member_held_revision"),
        ],
    )
    def test_the_worker_never_scans_the_members(self, sqlite_database: str, query: str, index: str) -> None:
        """What runs every second reads an index; PostgreSQL rightly scans a table this small."""
        statements: list[str] = []
        with Database.open(sqlite_database) as database, database.write() as connection:
            ask: dict[str, Callable[[], object]] = {
                "due": lambda: members.due(connection, AT, 5),
                "next_wake": lambda: members.next_wake(connection),
                "outdated": lambda: members.outdated(connection, 5, 5),
            }
            raw: Any = connection.connection.dbapi_connection
            raw.set_trace_callback(statements.append)
            ask[query]()
            raw.set_trace_callback(None)
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[-1]}").all()

        assert any(index in row.detail for row in plan), plan


class TestConcurrency:
    """Several processes on PostgreSQL, several threads on SQLite: the same promises."""

    def test_sequences_have_no_gap_and_nobody_deadlocks(self, database: Database) -> None:
        """Eight writers on overlapping, partly new members, in any order (ruling 5)."""
        keys = [f"m{number}" for number in range(12)]

        def work(number: int) -> None:
            random = Random(number)  # noqa: S311 - repeatable is what is wanted
            for turn in range(25):
                wanted = random.sample(keys, 5)
                with database.write() as connection:
                    loaded = members.lock_and_load(connection, wanted)
                    states = [
                        changed(loaded[key].state, sequence=loaded[key].state.sequence + 1) for key in wanted
                    ]
                    log.append(
                        connection,
                        [entry(one.member, one.sequence, source=f"{number}-{turn}") for one in states],
                    )
                    members.save(connection, [SavedMember(one, None, 1) for one in states])

        in_threads(8, work)

        with database.read() as connection:
            gaps = connection.execute(
                text("SELECT member FROM event GROUP BY member HAVING max(member_sequence) <> count(*)")
            ).all()
            total = connection.execute(text("SELECT count(*) FROM event")).scalar_one()
            states = [one.state.sequence for one in members.load(connection, keys).values()]
        assert [] == gaps
        assert 8 * 25 * 5 == total == sum(states)

    @pytest.mark.postgres
    def test_a_locked_member_waits_for_the_commit(self, postgres_database: str) -> None:
        """Two processes that meet the same new member: the second sees what the first wrote."""
        with Database.open(postgres_database) as first, Database.open(postgres_database) as second:
            seen: list[int] = []

            def later() -> None:
                with second.write() as connection:
                    seen.append(members.lock_and_load(connection, ["new"])["new"].state.sequence)

            thread = threading.Thread(target=later, daemon=True)
            with first.write() as connection:
                members.lock_and_load(connection, ["new"])
                thread.start()
                thread.join(0.3)
                assert thread.is_alive()
                members.save(connection, [saved("new", 1)])
            thread.join(10)

        assert [1] == seen

    @pytest.mark.postgres
    def test_two_workers_share_what_is_due(self, postgres_database: str) -> None:
        with Database.open(postgres_database) as database:
            with database.write() as connection:
                members.save(
                    connection, [saved(f"m{number}", next_due_at=AT + number) for number in range(4)]
                )
            with database.write() as one, database.write() as other:
                assert ["m0", "m1"] == members.due(one, AT + 9, 2)
                assert ["m2", "m3"] == members.due(other, AT + 9, 4)


class TestIdentities:
    def test_the_first_link_stands(self, database: Database) -> None:
        user, visitor, phone = (
            Identity("user_id", "u1"),
            Identity("anonymous_id", "a1"),
            Identity("phone", "t1"),
        )
        with database.write() as connection:
            assert {user: "m1", visitor: "m1"} == identities.link(connection, {user: "m1", visitor: "m1"})
            assert {visitor: "m1", phone: "m2"} == identities.link(connection, {visitor: "m2", phone: "m2"})

        with database.read() as connection:
            names = [phone, user, Identity("user_id", "t1"), visitor]
            assert {phone: "m2", user: "m1", visitor: "m1"} == identities.resolve(connection, names)

    def test_links_in_any_order_do_not_deadlock(self, database: Database) -> None:
        names = [Identity("user_id", f"u{number}") for number in range(20)]

        def work(number: int) -> None:
            random = Random(number)  # noqa: S311 - repeatable is what is wanted
            with database.write() as connection:
                identities.link(connection, dict.fromkeys(random.sample(names, 20), f"m{number}"))

        in_threads(6, work)

        with database.read() as connection:
            assert 1 == len(set(identities.resolve(connection, names).values()))
