"""A pot is given out to the last unit and never overshot; a code is drawn, not counted (ruling 12)."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text

from api.store.database import Database
from api.store.grants import Pots, new_code
from tests.store.test_members import in_threads
from tests.support.clock import FixedClock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.fixture
def pots(database: Database, clock: FixedClock) -> Pots:
    return Pots(database, clock)


def given_out(database: Database) -> int:
    """What is counted, without what is leased and not used."""
    with database.read() as connection:
        granted = connection.execute(text("SELECT coalesce(sum(granted), 0) FROM pot")).scalar_one()
        left = connection.execute(text('SELECT coalesce(sum("left"), 0) FROM lease')).scalar_one()
    return int(granted) - int(left)


def left_unused(database: Database, which: str = "true") -> int:
    """What is leased and not used; `drawn`: without what a batch has just leased to draw on."""
    with database.read() as connection:
        query = text(f'SELECT coalesce(sum("left"), 0) FROM lease WHERE {which}')  # noqa: S608 - our own words
        return int(connection.execute(query).scalar_one())


class TestPots:
    def test_it_gives_to_the_last_one(self, database: Database, pots: Pots) -> None:
        with database.write() as connection:
            answers = [pots.grant(connection, "r", 10) for _ in range(12)]

        assert [True] * 10 + [False] * 2 == answers
        assert 10 == given_out(database)

    def test_each_pot_is_counted_by_itself(self, database: Database, pots: Pots) -> None:
        with database.write() as connection:
            assert [True, False] == [pots.grant(connection, "a", 1) for _ in range(2)]
            assert [True, False] == [pots.grant(connection, "b", 1) for _ in range(2)]

    def test_what_came_to_nothing_is_given_back(self, database: Database, pots: Pots) -> None:
        """In the transaction that was granted it, and again in the next."""
        for _ in range(2):
            with database.write() as connection:
                assert [True, True, False] == [pots.grant(connection, "r", 2) for _ in range(3)]
                pots.give_back(connection, "r")
                pots.give_back(connection, "r")

        assert 0 == given_out(database)
        with database.write() as connection:
            assert 2 == sum(pots.grant(connection, "r", 2) for _ in range(5))

    def test_a_rollback_gives_back(self, database: Database, pots: Pots) -> None:
        with suppress(ZeroDivisionError), database.write() as connection:
            assert [True] * 5 == [pots.grant(connection, "r", 10) for _ in range(5)]
            raise ZeroDivisionError

        assert 0 == given_out(database)
        with database.write() as connection:
            assert 10 == sum(pots.grant(connection, "r", 10) for _ in range(30))

    def test_amounts_are_granted_whole(self, database: Database, pots: Pots) -> None:
        """What is too much is refused and takes nothing; less can still be had, to the last unit."""
        with database.write() as connection:
            answers = [
                pots.grant(connection, "budget/b//", 1_000, amount)
                for amount in (600, 1_001, 500, 300, 100, 1)
            ]
            pots.give_back(connection, "budget/b//", 300)
            answers += [pots.grant(connection, "budget/b//", 1_000, amount) for amount in (301, 300, 1)]

        assert [True, False, False, True, True, False, False, True, False] == answers
        assert 1_000 == given_out(database)

    @pytest.mark.parametrize("amount", [0, -1])
    def test_nothing_is_no_amount(self, database: Database, pots: Pots, amount: int) -> None:
        with database.write() as connection, pytest.raises(ValueError, match="at least 1"):
            pots.grant(connection, "r", 10, amount)

    def test_closing_returns_what_is_unused(self, database: Database, pots: Pots, clock: FixedClock) -> None:
        with database.write() as connection:
            assert pots.grant(connection, "r", 1_000)
        pots.close()

        other = Pots(database, clock)
        with database.write() as connection:
            assert 999 == sum(other.grant(connection, "r", 1_000) for _ in range(1_100))

    def test_eight_threads_never_overshoot(self, database: Database, clock: FixedClock) -> None:
        """Eight processes with batches of two pots, some undone; what is left unused is given out after."""
        limit, granted = 300, [0] * 8
        processes = [Pots(database, clock) for _ in range(8)]

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
        last = Pots(database, clock)
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
        one, other = Pots(database, clock), Pots(database, clock)

        with database.write() as first, database.write() as second:
            assert [one.grant(first, "r", 100), other.grant(second, "r", 100)] == [True, True]
            assert [one.grant(first, "r", 100), other.grant(second, "r", 100)] == [True, True]

        assert 4 == given_out(database)

    def test_what_a_dead_process_left_is_given_out(self, database: Database, clock: FixedClock) -> None:
        """Less what it had used; nobody has to wait for its lease to end."""
        dead, alive = Pots(database, clock), Pots(database, clock)
        with database.write() as connection:
            assert dead.grant(connection, "r", 1_000)
        assert 9 == left_unused(database)
        with database.write() as connection:
            assert 999 == sum(alive.grant(connection, "r", 1_000) for _ in range(1_100))

        assert 1_000 == given_out(database)

    def test_a_block_that_nobody_drew_on_is_given_out_later(
        self, database: Database, clock: FixedClock
    ) -> None:
        """Its process may be about to draw on it, so it is left alone until its lease has expired."""
        dead, alive = Pots(database, clock), Pots(database, clock)
        with suppress(ZeroDivisionError), database.write() as connection:
            assert dead.grant(connection, "r", 300)
            raise ZeroDivisionError
        with database.write() as connection:
            before = sum(alive.grant(connection, "r", 300) for _ in range(320))
        clock.advance(11)
        with database.write() as connection:
            after = sum(alive.grant(connection, "r", 300) for _ in range(320))

        assert (297, 3) == (before, after)

    def test_a_lease_that_was_taken_over_is_of_no_use(self, database: Database, clock: FixedClock) -> None:
        """A process that slept draws on nothing that others have been given since."""
        slow, quick = Pots(database, clock), Pots(database, clock)
        with database.write() as connection:
            assert slow.grant(connection, "r", 1_000)
        with database.write() as connection:
            assert 999 == sum(quick.grant(connection, "r", 1_000) for _ in range(1_100))
        with database.write() as connection:
            assert not slow.grant(connection, "r", 1_000)

    def test_what_lies_in_several_blocks_is_put_together(self, database: Database, clock: FixedClock) -> None:
        """What is left in a block of one's own, and what is free."""
        pots, other = Pots(database, clock), Pots(database, clock)
        with database.write() as connection:
            assert pots.grant(connection, "b", 1_000, 4)
        with database.write() as connection:
            assert pots.grant(connection, "b", 1_000, 9)
            assert other.grant(connection, "b", 1_000, 977)
        # Of 10 that are left one is leased, and the rest is free.
        assert (990, 1) == (given_out(database), left_unused(database))

        with database.write() as connection:
            assert not pots.grant(connection, "b", 1_000, 11)
            assert pots.grant(connection, "b", 1_000, 10)
            assert not other.grant(connection, "b", 1_000, 1)
        assert 1_000 == given_out(database)

    @pytest.mark.parametrize("limit", [40, 500])
    def test_sixteen_race_for_the_last(self, database: Database, clock: FixedClock, limit: int) -> None:
        """All of it is granted and not one more; of what they hold meanwhile at most 1 % lies unused."""
        granted, stranded = [0] * 16, [0]
        processes = [Pots(database, clock) for _ in range(16)]

        def work(number: int) -> None:
            for turn in range(limit):
                count = 1 + number % 7
                with database.write() as connection:
                    taken = sum(processes[number].grant(connection, "r", limit) for _ in range(count))
                granted[number] += taken
                if turn % 5 == 0:
                    stranded.append(left_unused(database, "drawn"))
                if not taken:
                    return

        in_threads(16, work)
        assert limit == sum(granted) == given_out(database)
        assert 0 == left_unused(database)
        assert max(stranded) <= limit // 100
        for process in processes:
            process.close()
        with database.read() as connection:
            assert limit == connection.execute(text("SELECT granted FROM pot")).scalar_one()

    def test_what_is_held_when_all_stop_is_at_most_one_percent(
        self, database: Database, clock: FixedClock
    ) -> None:
        """Processes that stop before the pot is empty keep little from the others, and nothing in the end."""
        processes = [Pots(database, clock) for _ in range(8)]

        def work(number: int) -> None:
            for _ in range(10):
                with database.write() as connection:
                    assert processes[number].grant(connection, "r", 10_000, 3)

        in_threads(8, work)
        assert 0 < left_unused(database) <= 100
        for process in processes:
            process.close()
        assert (0, 240) == (left_unused(database), given_out(database))


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
