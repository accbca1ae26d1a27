"""A total is given out to the last one and never overshot; a code is drawn, not counted (ruling 12)."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text

from api.store.database import Database
from api.store.grants import TotalGrants, new_code
from tests.store.test_members import in_threads
from tests.support.clock import FixedClock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.fixture
def totals(database: Database, clock: FixedClock) -> TotalGrants:
    return TotalGrants(database, clock)


def given_out(database: Database) -> int:
    """What is counted, without what is leased and not used."""
    with database.read() as connection:
        granted = connection.execute(text("SELECT coalesce(sum(granted), 0) FROM total")).scalar_one()
        left = connection.execute(text('SELECT coalesce(sum("left"), 0) FROM lease')).scalar_one()
    return int(granted) - int(left)


class TestTotal:
    def test_it_gives_to_the_last_one(self, database: Database, totals: TotalGrants) -> None:
        with database.write() as connection:
            answers = [totals.grant(connection, "r", 10) for _ in range(12)]

        assert [True] * 10 + [False] * 2 == answers
        assert 10 == given_out(database)

    def test_each_rule_has_its_own(self, database: Database, totals: TotalGrants) -> None:
        with database.write() as connection:
            assert [True, False] == [totals.grant(connection, "a", 1) for _ in range(2)]
            assert [True, False] == [totals.grant(connection, "b", 1) for _ in range(2)]

    def test_what_came_to_nothing_is_given_back(self, database: Database, totals: TotalGrants) -> None:
        """In the transaction that was granted it, and again in the next."""
        for _ in range(2):
            with database.write() as connection:
                assert [True, True, False] == [totals.grant(connection, "r", 2) for _ in range(3)]
                totals.give_back(connection, "r")
                totals.give_back(connection, "r")

        assert 0 == given_out(database)
        with database.write() as connection:
            assert 2 == sum(totals.grant(connection, "r", 2) for _ in range(5))

    def test_a_rollback_gives_back(self, database: Database, totals: TotalGrants) -> None:
        with suppress(ZeroDivisionError), database.write() as connection:
            assert [True] * 5 == [totals.grant(connection, "r", 10) for _ in range(5)]
            raise ZeroDivisionError

        assert 0 == given_out(database)
        with database.write() as connection:
            assert 10 == sum(totals.grant(connection, "r", 10) for _ in range(30))

    def test_closing_returns_what_is_unused(
        self, database: Database, totals: TotalGrants, clock: FixedClock
    ) -> None:
        with database.write() as connection:
            assert totals.grant(connection, "r", 1_000)
        totals.close()

        other = TotalGrants(database, clock)
        with database.write() as connection:
            assert 999 == sum(other.grant(connection, "r", 1_000) for _ in range(1_100))

    def test_eight_threads_never_overshoot(self, database: Database, clock: FixedClock) -> None:
        """Eight processes with batches of two rules, some undone; what is left unused is given out after."""
        limit, granted = 300, [0] * 8
        processes = [TotalGrants(database, clock) for _ in range(8)]

        def work(number: int) -> None:
            for turn in range(20):
                rules = ["a", "b"] if number % 2 else ["b", "a"]
                with suppress(ZeroDivisionError), database.write() as connection:
                    taken = sum(processes[number].grant(connection, rule, limit) for rule in rules * 3)
                    if turn % 5 == 4:
                        raise ZeroDivisionError
                if turn % 5 != 4:
                    granted[number] += taken

        in_threads(8, work)
        assert sum(granted) == given_out(database) <= 2 * limit

        for process in processes:
            process.close()
        last = TotalGrants(database, clock)
        with database.write() as connection:
            rest = sum(last.grant(connection, rule, limit) for rule in ("a", "b") for _ in range(limit + 1))
        assert 2 * limit == sum(granted) + rest == given_out(database)


@pytest.mark.postgres
class TestLeases:
    @pytest.fixture
    def database(self, postgres_database: str) -> Iterator[Database]:
        with Database.open(postgres_database) as opened:
            yield opened

    def test_batches_do_not_wait_for_each_other(self, database: Database, clock: FixedClock) -> None:
        """Both draw on the same total while neither has committed."""
        one, other = TotalGrants(database, clock), TotalGrants(database, clock)

        with database.write() as first, database.write() as second:
            assert [one.grant(first, "r", 100), other.grant(second, "r", 100)] == [True, True]
            assert [one.grant(first, "r", 100), other.grant(second, "r", 100)] == [True, True]

        assert 4 == given_out(database)

    def test_what_a_dead_process_left_is_given_out_later(self, database: Database, clock: FixedClock) -> None:
        """Its lease is returned once it has expired, less what it had used."""
        dead, alive = TotalGrants(database, clock), TotalGrants(database, clock)
        with database.write() as connection:
            assert dead.grant(connection, "r", 100)
        with database.write() as connection:
            before = sum(alive.grant(connection, "r", 100) for _ in range(200))
        clock.advance(61)
        with database.write() as connection:
            after = sum(alive.grant(connection, "r", 100) for _ in range(200))

        assert 0 < after
        assert 99 == before + after
        assert 100 == given_out(database)

    def test_a_lease_that_was_taken_back_is_of_no_use(self, database: Database, clock: FixedClock) -> None:
        """A process that slept too long draws on nothing that others have been given since."""
        slow, quick = TotalGrants(database, clock), TotalGrants(database, clock)
        with database.write() as connection:
            assert slow.grant(connection, "r", 100)
        clock.advance(61)
        with database.write() as connection:
            assert 99 == sum(quick.grant(connection, "r", 100) for _ in range(200))
        with database.write() as connection:
            assert not slow.grant(connection, "r", 100)


class TestCodes:
    def test_a_code_is_twelve_characters_and_their_check(self) -> None:
        """The check character is Crockford's: the number modulo 37."""
        for code in (new_code() for _ in range(500)):
            value = 0
            for character in code[:12]:
                value = value * 32 + ALPHABET.index(character)
            assert 13 == len(code)
            assert value % 37 == ALPHABET.index(code[12])

    def test_codes_differ(self) -> None:
        assert 2_000 == len({new_code() for _ in range(2_000)})
