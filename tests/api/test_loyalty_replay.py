"""Everything a programme can give, lived at random: the books add up, and the log replays."""

from collections import Counter

import pytest
from sqlalchemy import select

from api.service.replaying import replay_log
from api.service.timers import Timers
from api.store import members
from api.store.schema import COUPON, EVENT, LEDGER, POT
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.ledger.postings import member_account
from tests.api.conftest import Programme
from tests.api.loyal import DAY, DEFINITIONS, RULES, Lives


@pytest.fixture
def loyal(programme: Programme) -> Programme:
    """The programme with everything defined and in force."""
    programme.services.definitions.merge(
        Definitions.model_validate(
            DEFINITIONS
            | {"endpoints": [{"key": "crm", "name": {"en": "CRM"}, "url": "http://127.0.0.1:9/x"}]}
        ),
        by="test",
    )
    programme.services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
    return programme


def finish(programme: Programme) -> None:
    """Let half a year pass, and everything end that ends by itself."""
    programme.clock.advance(180 * DAY)
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    for _ in range(200):
        wake = programme.run(timers.tick)
        if wake is None or wake > programme.clock.now():
            return


@pytest.mark.parametrize("seed", range(4))
def test_books_add_up_and_replay(loyal: Programme, seed: int) -> None:
    """After lives of every kind: sums are 0, tables say what the states say, replay finds no difference."""
    lives = Lives(loyal, seed)
    lives.live(120)
    if seed % 2:
        finish(loyal)

    with loyal.database.read() as connection:
        report = replay_log(connection)
        postings = connection.execute(select(LEDGER)).all()
        states = list(members.states(connection))
        coupons = connection.execute(select(COUPON)).all()
        pots = {row.name: row.granted for row in connection.execute(select(POT))}
        names = Counter(connection.execute(select(EVENT.c.name)).scalars())

    assert [] == report.divergences
    accounts: Counter[str] = Counter()
    for one in postings:
        accounts[one.debit] -= one.amount
        accounts[one.credit] += one.amount
    assert accounts.total() == 0
    assert not [name for name, left in accounts.items() if left < 0 and name.startswith("member:")
                and not name.endswith(":debt")]  # fmt: skip
    for state in states:
        assert state.points == accounts[member_account(state.member, "points")]
        for unit, account in state.books.accounts.items():
            assert account.available == accounts[member_account(state.member, unit)]
            assert account.pending == accounts[member_account(state.member, unit, "pending")]
            assert account.debt == -accounts[member_account(state.member, unit, "debt")]
        mine = {row.code for row in coupons if row.member == state.member and row.state in {"issued", "held"}}
        assert mine == set(state.coupons)
    assert pots.get("coupon/GIFT", 0) <= 9
    assert pots.get("prize/wheel/big", 0) <= 4
    assert all(granted <= 700 for name, granted in pots.items() if name.startswith("budget/"))
    kinds = {one.kind for one in postings}
    assert {"award", "activate", "redeem", "hold", "expire", "reverse"} <= kinds
    assert names["Timer Fired"] > 20
    assert {"reserved", "refused"} <= {str(one["status"]) for one in lives.answers}
