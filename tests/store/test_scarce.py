"""A name is claimed once, a code issued once, and a wheel has one secret a day."""

from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from api.store import claims, consequences, pool, wheels
from api.store.consequences import NewCoupon
from api.store.database import Database
from api.store.pool import Added
from api.store.wheels import WheelSecret
from tests.store.samples import AT
from tests.store.test_members import in_threads


@pytest.fixture
def postgres(postgres_database: str) -> Iterator[Database]:
    with Database.open(postgres_database) as opened:
        yield opened


class TestClaims:
    def test_a_name_is_claimed_once(self, database: Database) -> None:
        with database.write() as connection:
            first = [claims.claim(connection, name, "e1", AT) for name in ("o1", "o2", "o1")]
        with database.write() as connection:
            second = [claims.claim(connection, name, "e2", AT) for name in ("o1", "o3")]

        assert [True, True, False] == first
        assert [False, True] == second

    def test_a_rollback_frees_the_name(self, database: Database) -> None:
        with suppress(ZeroDivisionError), database.write() as connection:
            assert claims.claim(connection, "o1", "e1", AT)
            raise ZeroDivisionError

        with database.write() as connection:
            assert claims.claim(connection, "o1", "e2", AT)

    def test_it_can_be_given_back(self, database: Database) -> None:
        with database.write() as connection:
            assert claims.claim(connection, "o1", "e1", AT)
            claims.give_back(connection, "o1")
            assert claims.claim(connection, "o1", "e2", AT)

    @pytest.mark.parametrize("undone", [True, False])
    def test_the_second_waits_for_the_first(self, postgres: Database, *, undone: bool) -> None:
        """And gets the name only if the first one's transaction is undone."""
        began, answers = Event(), []

        def second() -> None:
            with postgres.write() as connection:
                began.set()
                answers.append(claims.claim(connection, "o1", "e2", AT))

        thread = Thread(target=second)
        with suppress(ZeroDivisionError), postgres.write() as connection:
            assert claims.claim(connection, "o1", "e1", AT)
            thread.start()
            assert began.wait(10)
            thread.join(0.3)
            assert thread.is_alive()
            if undone:
                raise ZeroDivisionError
        thread.join(10)

        assert [undone] == answers

    def test_of_many_exactly_one_gets_it(self, database: Database) -> None:
        answers: list[bool] = []

        def work(number: int) -> None:
            with database.write() as connection:
                answers.append(claims.claim(connection, "o1", f"e{number}", AT))

        in_threads(8, work)
        assert [False] * 7 + [True] == sorted(answers)


class TestPool:
    def test_codes_are_counted_and_taken_once(self, database: Database) -> None:
        with database.write() as connection:
            consequences.write(connection, coupons=[NewCoupon("C0", "TEN", "m1", AT, None, 1)])
            assert Added(3, 2) == pool.add(connection, "TEN", ["C1", "C2", "C1", "C0", "C3"])
            assert Added(1, 1) == pool.add(connection, "FIVE", ["C3", "D1"])
            assert (3, 1, 0) == tuple(pool.left(connection, key) for key in ("TEN", "FIVE", "NONE"))
            taken = [pool.take(connection, "TEN") for _ in range(4)]

        assert taken.pop() is None
        assert {"C1", "C2", "C3"} == set(taken)
        with database.write() as connection:
            assert [None, "D1"] == [pool.take(connection, key) for key in ("TEN", "FIVE")]

    def test_what_is_not_issued_can_be_taken_again(self, database: Database) -> None:
        with database.write() as connection:
            pool.add(connection, "TEN", ["C1"])
            assert "C1" == pool.take(connection, "TEN")
            pool.give_back(connection, "C1")
        with suppress(ZeroDivisionError), database.write() as connection:
            assert "C1" == pool.take(connection, "TEN")
            raise ZeroDivisionError

        with database.write() as connection:
            assert "C1" == pool.take(connection, "TEN")
            assert 0 == pool.left(connection, "TEN")

    @pytest.mark.parametrize(("codes", "each"), [(20_000, 250), (600, 250)])
    def test_eight_take_without_duplicates(self, database: Database, codes: int, each: int) -> None:
        """From a big pool, and from one that is soon empty; some of what they take is undone."""
        with database.write() as connection:
            assert Added(codes, 0) == pool.add(connection, "TEN", (f"K{at:06}" for at in range(codes)))
        taken: list[list[str]] = [[] for _ in range(8)]

        def work(number: int) -> None:
            for turn in range(each // 10):
                with suppress(ZeroDivisionError), database.write() as connection:
                    batch = [pool.take(connection, "TEN") for _ in range(10)]
                    if turn % 7 == 6:
                        raise ZeroDivisionError
                if turn % 7 != 6:
                    taken[number] += [code for code in batch if code is not None]

        in_threads(8, work)
        with database.write() as connection:
            rest = pool.left(connection, "TEN")
            last = [pool.take(connection, "TEN") for _ in range(min(rest, 600))]
        found = [code for one in taken for code in one]
        assert len(found) == len(set(found)) == codes - rest
        assert None not in last
        assert len(set(found) | set(last)) == len(found) + len(last)

    def test_a_free_code_is_found_in_an_index(self, postgres: Database) -> None:
        """Although most are taken and the statistics say so."""
        plans: list[str] = []

        def explain(
            connection: Connection, _cursor: object, statement: str, given: Any, *_rest: object
        ) -> None:
            if statement.startswith("UPDATE coupon_pool"):
                found = connection.connection.cursor().execute(f"EXPLAIN {statement}", given)
                plans.append("\n".join(row[0] for row in found))

        with postgres.write() as connection:
            rows = "SELECT 'c' || n, 'TEN', n < 19000 FROM generate_series(1, 20000) n"
            connection.execute(text(f"INSERT INTO coupon_pool (code, coupon, taken) {rows}"))
            connection.execute(text("ANALYZE coupon_pool"))
            event.listen(connection, "before_cursor_execute", explain)
            assert "c19000" == pool.take(connection, "TEN")

        assert 1 == len(plans)
        assert "Seq Scan" not in plans[0]
        assert "Sort" not in plans[0]


class TestWheels:
    def test_the_first_secret_of_a_day_stands(self, database: Database) -> None:
        one = WheelSecret("w", "2026-11-22", "c1", b"s1")
        with database.write() as connection:
            assert one == wheels.add(connection, one)
            assert one == wheels.add(connection, one._replace(commitment="c2", sealed=b"s2"))
            wheels.add(connection, WheelSecret("w", "2026-11-23", "c3", b"s3"))
            wheels.add(connection, WheelSecret("v", "2026-11-23", "c4", b"s4"))
            wheels.mark_revealed(connection, "w", "2026-11-22", AT)
            wheels.mark_revealed(connection, "w", "2026-11-22", AT + 1)
            found = wheels.newest(connection, "w", 9)
            assert wheels.read(connection, "w", "2026-11-24") is None

        assert [("2026-11-23", None), ("2026-11-22", AT)] == [(x.period, x.revealed_at) for x in found]
