"""What a decision is granted, and what goes back when a rule doesn't use it (ruling 12)."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.crypto import Keyring
from api.service.draws import Draws
from api.service.granting import Sources, Supply
from api.service.refusal import Refusal
from api.store import claims, pool, wheels
from api.store.connection import Connection
from api.store.database import Database
from api.store.grants import Pots
from engine.decision import Decision, Need, Outcome, Result
from engine.effects import AnyEffect, DrawPrize
from engine.values import parse_instant
from tests.support.clock import FixedClock

ZONE = "Asia/Shanghai"
EVENING = parse_instant("2026-11-22T23:00:00+08:00")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database.open(url) as opened:
        yield opened


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


@pytest.fixture
def draws(clock: FixedClock) -> Draws:
    return Draws(Keyring(b"k" * 32), clock, lambda: ZONE)


@pytest.fixture
def sources(database: Database, clock: FixedClock, draws: Draws) -> Sources:
    return Sources(Pots(database, clock), draws, clock)


NEEDS = (
    Need(key="0.r.total", kind="total", name="r", limit=5),
    Need(key="0.r.budget", kind="budget", name="b//2026-11", limit=1_000, amount=300),
    Need(key="0.r.0-stock", kind="stock", name="coupon/TEN", limit=2),
    Need(key="0.r.1-once", kind="once", name="points/order_id/o1"),
    Need(key="0.r.2", kind="code", name="TEN", pool=True),
    Need(key="0.r.3-draw", kind="draw", name="wheel", seed="m1\n1"),
    Need(key="0.r.4", kind="code", name="FREE"),
)


def decided(
    grants: dict[str, Any],
    *outcomes: tuple[int, str, Result],
    refused: str = "",
    effects: tuple[AnyEffect, ...] = (),
) -> Decision:
    return Decision(
        member="m1",
        sequence=1,
        as_of=EVENING,
        revision=1,
        gates=(),
        outcomes=tuple(
            Outcome(step=step, rule=rule, version=1, result=result, effects=effects)
            for step, rule, result in outcomes
        ),
        grants=grants,
        refused=refused,
    )


def given_out(connection: Connection) -> dict[str, int]:
    """What is taken of everything scarce, without what is leased and not used."""
    counted = connection.execute(text("SELECT name, granted FROM pot"))
    pots: dict[str, int] = {row.name: row.granted for row in counted}
    for name, left in connection.execute(text('SELECT name, "left" FROM lease')):
        pots[name] -= left
    taken = {name: count for name, count in pots.items() if count}
    taken |= dict.fromkeys(connection.execute(text("SELECT name FROM claim")).scalars(), 1)
    return taken | dict.fromkeys(
        connection.execute(text("SELECT code FROM coupon_pool WHERE taken")).scalars(), 1
    )


ALL = {
    "total/r": 1,
    "budget/b//2026-11": 300,
    "coupon/TEN": 1,
    "points/order_id/o1": 1,
    "C1": 1,
}


class TestSupply:
    def grants(self, supply: Supply) -> dict[str, Any]:
        return {need.key: supply(need) for need in NEEDS}

    @pytest.fixture
    def filled(self, database: Database) -> Database:
        with database.write() as connection:
            pool.add(connection, "TEN", ["C1"])
        return database

    @pytest.mark.parametrize("result", ["fired", "resumed", "done"])
    def test_a_rule_that_fires_keeps_what_it_got(
        self, filled: Database, sources: Sources, result: Result
    ) -> None:
        with filled.write() as connection:
            supply = Supply(connection, sources)
            grants = self.grants(supply)
            supply.keep(decided(grants, (0, "r", result)))
            supply.give_back()
            assert given_out(connection) == ALL

        assert [True] * 4 == [grants[need.key] for need in NEEDS[:4]]
        assert "C1" == grants["0.r.2"]
        assert {"number", "commitment"} == set(grants["0.r.3-draw"])
        assert 13 == len(grants["0.r.4"])

    @pytest.mark.parametrize(
        ("outcomes", "refused"),
        [
            ([(0, "r", "limited")], ""),
            ([(1, "r", "fired"), (0, "r-2", "fired")], ""),
            ([], ""),
            ([(0, "@till", "done"), (0, "r", "refused")], "chain-too-deep"),
        ],
    )
    def test_whatever_came_to_nothing_goes_back(
        self, filled: Database, sources: Sources, outcomes: list[tuple[int, str, Result]], refused: str
    ) -> None:
        """Although it is recorded: the rule was held back for another reason, or fired in another step."""
        with filled.write() as connection:
            supply = Supply(connection, sources)
            supply.keep(decided(self.grants(supply), *outcomes, refused=refused))
            assert {} == given_out(connection)
        # And it can be had again.
        with filled.write() as connection:
            supply = Supply(connection, sources)
            supply.keep(decided(self.grants(supply), (0, "r", "fired")))
            assert given_out(connection) == ALL

    def test_what_stands_of_a_chain_that_was_cut_keeps_what_it_got(
        self, filled: Database, sources: Sources
    ) -> None:
        """What the programme did by itself, before any rule."""
        own = Need(key="0.@till.once", kind="once", name="hold/h1")
        with filled.write() as connection:
            supply = Supply(connection, sources)
            grants = {own.key: supply(own), **self.grants(supply)}
            cut: list[tuple[int, str, Result]] = [(0, "@till", "done"), (0, "r", "refused")]
            supply.keep(decided(grants, *cut, refused="chain-too-deep"))
            assert {"hold/h1": 1} == given_out(connection)

    def test_what_the_decision_did_not_read_goes_back(self, filled: Database, sources: Sources) -> None:
        with filled.write() as connection:
            supply = Supply(connection, sources)
            grants = self.grants(supply)
            del grants["0.r.budget"], grants["0.r.2"]
            supply.keep(decided(grants, (0, "r", "fired")))
            taken = given_out(connection)

        assert {"total/r": 1, "coupon/TEN": 1, "points/order_id/o1": 1} == taken

    def test_the_stock_of_a_prize_that_could_not_be_given_goes_back(
        self, filled: Database, sources: Sources
    ) -> None:
        """The drawn prize's coupon had no code left, so the fallback was given: nothing was used up."""
        stock = Need(key="0.r.0-stock", kind="stock", name="prize/wheel/car", limit=2)
        coupon = Need(key="0.r.0-code-stock", kind="stock", name="coupon/CAR", limit=2)
        other = Need(key="0.r.1-stock", kind="stock", name="coupon/TEN", limit=2)
        for fell_to_the_fallback in (True, False):
            with filled.write() as connection:
                supply = Supply(connection, sources)
                grants = {need.key: supply(need) for need in (stock, coupon, other)}
                drawn = DrawPrize(
                    id="1",
                    action=0,
                    wheel="wheel",
                    prize="tea" if fell_to_the_fallback else "car",
                    drawn="car" if fell_to_the_fallback else "",
                    number="0" * 64,
                    commitment="c",
                )
                supply.keep(decided(grants, (0, "r", "fired"), effects=(drawn,)))
                taken = given_out(connection)

            expected = {"coupon/TEN": 1} if fell_to_the_fallback else {"prize/wheel/car": 1, "coupon/CAR": 1}
            assert expected.items() <= taken.items()
            assert fell_to_the_fallback == ("prize/wheel/car" not in taken)

    def test_what_is_used_up_is_refused_and_not_given_back(self, filled: Database, sources: Sources) -> None:
        with filled.write() as connection:
            claims.claim(connection, "points/order_id/o1", "other", EVENING)
            assert "C1" == pool.take(connection, "TEN")
            for need in (NEEDS[1],) * 3:
                assert sources.pots.grant(connection, "budget/b//2026-11", need.limit, need.amount)
            before = given_out(connection)
            supply = Supply(connection, sources)
            answers = [supply(NEEDS[at]) for at in (1, 3, 4)]
            supply.give_back()
            after = given_out(connection)

        assert [False, False, False] == answers
        assert before == after


class TestDraws:
    def test_a_number_follows_from_the_secret_that_was_committed_to(
        self, database: Database, draws: Draws, clock: FixedClock
    ) -> None:
        """What anybody can check once the day is over, with SHA-256 and HMAC alone."""
        with database.write() as connection:
            today, tomorrow = draws.commit(connection, "w")
        with database.write() as connection:
            drawn = {seed: draws.draw(connection, "w", seed, clock.now()) for seed in ("a", "b", "a\n1")}
            other = draws.draw(connection, "v", "a", clock.now())
        clock.advance(2 * 3_600)
        with database.write() as connection:
            told = draws.reveal(connection, "w", "2026-11-22")
            next_day = draws.draw(connection, "w", "a", clock.now())

        assert ("2026-11-22", "2026-11-23") == (today.period, tomorrow.period)
        assert today.secret is None
        assert told.secret is not None
        secret = bytes.fromhex(told.secret)
        assert 32 == len(secret)
        assert today.commitment == told.commitment == hashlib.sha256(secret).hexdigest()
        for seed, one in drawn.items():
            number = hmac.new(secret, seed.encode(), hashlib.sha256).hexdigest()
            assert {"number": number, "commitment": today.commitment} == one
        assert other["commitment"] != today.commitment
        assert tomorrow.commitment == next_day["commitment"]
        assert next_day["number"] != drawn["a"]["number"]

    def test_a_secret_is_told_once_its_day_is_over(
        self, database: Database, draws: Draws, clock: FixedClock
    ) -> None:
        """The programme's day, not the server's: at 23:00 in Shanghai it is still the 22nd."""
        with database.write() as connection:
            draws.commit(connection, "w")
            for period in ("2026-11-22", "2026-11-23"):
                with pytest.raises(Refusal, match="not-over"):
                    draws.reveal(connection, "w", period)
            with pytest.raises(Refusal, match="not-found"):
                draws.reveal(connection, "w", "2026-11-21")
            before = draws.fairness(connection, "w")
            clock.advance(3_600)
            draws.reveal(connection, "w", "2026-11-22")
            after = draws.fairness(connection, "w")

        assert ["2026-11-23", "2026-11-22"] == [one.period for one in before]
        assert [None, None] == [one.secret for one in before]
        assert [one.commitment for one in before] == [one.commitment for one in after]
        assert after[0].secret is None
        assert after[1].secret is not None

    def test_a_secret_that_is_told_is_never_drawn_with(
        self, database: Database, draws: Draws, clock: FixedClock
    ) -> None:
        """Not even by a process whose clock is behind: the draw belongs to the next day."""
        with database.write() as connection:
            today, tomorrow = draws.commit(connection, "w")
            clock.advance(3_600)
            draws.reveal(connection, "w", today.period)
            drawn = draws.draw(connection, "w", "a", EVENING)

        assert tomorrow.commitment == drawn["commitment"]

    def test_a_stored_secret_is_sealed(self, database: Database, draws: Draws, clock: FixedClock) -> None:
        """Whoever reads the database can't foretell a draw, nor put another day's secret in its place."""
        with database.write() as connection:
            today, tomorrow = draws.commit(connection, "w")
            kept = [wheels.read(connection, "w", one.period) for one in (today, tomorrow)]
            clock.advance(3_600)
            told = draws.reveal(connection, "w", today.period)

        assert kept[0] is not None
        assert told.secret is not None
        assert bytes.fromhex(told.secret) not in kept[0].sealed
        assert told.secret.encode() not in kept[0].sealed
