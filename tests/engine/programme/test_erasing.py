"""A member is erased: its books are at 0, nothing of it stays in force, and its log is closed."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from engine.effects import EraseMember
from engine.errors import StateMismatch
from engine.events import MEMBER_ERASED, REDEMPTION_RESERVED
from engine.ledger.books import with_account
from engine.ledger.postings import Posting
from engine.programme.erasing import forgotten
from engine.project import project
from engine.state import MemberState, changed
from engine.timers import due
from tests.support.life import Life, Programme, at, rule

DEFINITIONS = {
    "programme": {"currency": "CNY"},
    "units": [
        {
            "key": "points",
            "name": {"en": "points"},
            "expires_after": {"days": 30},
            "deduction": {"units": 10, "worth": "1", "currency": "CNY"},
        }
    ],
    "tags": [{"key": "vip", "name": {"en": "VIP"}, "meaning": "Buys"}],
    "coupons": [
        {"key": "TEN", "name": {"en": "Ten"}, "kind": "percent", "value": "10", "valid_days": 9},
    ],
    "segments": [
        {
            "key": "new",
            "name": {"en": "New"},
            "meaning": "Ordered less than five times",
            "condition": {
                "type": "history",
                "measure": "count",
                "event": "Order Completed",
                "op": "lt",
                "value": 5,
            },
        }
    ],
}
GIVING = rule(
    then=[
        {"type": "add_tag", "tag": "vip", "expires_after": {"days": 3}},
        {"type": "award_points", "points": 100},
        {"type": "issue_coupon", "coupon": "TEN"},
        {"type": "wait", "for": {"days": 2}},
        {"type": "award_points", "points": 1},
    ]
)
LISTENING = rule(key="on-erasure", when={"type": "event", "event": MEMBER_ERASED})


@pytest.fixture
def life() -> Life:
    """A member that holds and waits for whatever there is."""
    found = Life(GIVING, LISTENING, programme=Programme(DEFINITIONS))
    found.identify("2026-01-01", city="Lyon")
    found.track("2026-01-02", total=10)
    found.track("2026-01-02 10:00", "Consent Given", channel="email")
    order = {"order_id": "o1", "total": 50, "currency": "CNY"}
    asked: dict[str, Any] = {"redemption": "r1", "order": order, "units": {"points": 40}}
    found.track("2026-01-03", REDEMPTION_RESERVED, kind="request", **asked)
    assert found.state.books.holds
    assert found.state.segments
    return found


def erased(life: Life) -> MemberState:
    life.track("2026-01-03 10:00", MEMBER_ERASED, kind="erase", by="test", why="asked for it")
    return life.state


def test_only_the_end_of_the_log_is_left(life: Life) -> None:
    after = erased(life)

    kept = {"member", "sequence", "as_of", "joined_at", "joined_revision", "chain", "tracked", "erased_at"}
    plain = MemberState(member=after.member)
    assert set() == {
        name
        for name in MemberState.__struct_fields__
        if name not in kept and getattr(after, name) != getattr(plain, name)
    }
    assert (len(life.logged), at("2026-01-03 10:00")) == (after.sequence, after.erased_at)
    assert [] == due(after, life.programme.index)
    assert [] == life.replayed().divergences


def test_no_rule_hears_of_it(life: Life) -> None:
    erased(life)
    _, decided = life.decided[-1]
    assert [("@person", "done")] == [(one.rule, one.result) for one in decided.decision.outcomes]
    assert {"status": "erased", "member": "m1"} == decided.decision.answer


def test_the_books_are_at_nought(life: Life) -> None:
    erased(life)
    sums: Counter[str] = Counter()
    for _, decided in life.decided:
        for one in decided.records:
            if isinstance(one, Posting):
                sums[one.debit] -= one.amount
                sums[one.credit] += one.amount
    assert {"programme:points": -100, "programme:points:expired": 100} == {
        account: left for account, left in sums.items() if left
    }
    coupons = [one.status for one in life.decided[-1][1].records if not isinstance(one, Posting)]
    assert ["voided"] == coupons


def test_a_debt_is_written_off() -> None:
    state = MemberState(member="m1", joined_at=0)
    account = msgspec.structs.replace(state.books.account("points"), debt=7)
    owing = changed(state, books=with_account(state.books, "points", account))
    (posting,) = forgotten(owing, EraseMember(id="e", action=0)).records

    assert isinstance(posting, Posting)
    assert ("programme:points:expired", 7) == (posting.debit, posting.amount)
    assert posting.credit.endswith("debt")


def test_projecting_the_record_gives_the_same(life: Life) -> None:
    before = life.state
    after = erased(life)
    event, decided = life.decided[-1]
    index = life.programme.index
    assert after == project(before, event, decided.decision, index, chain=after.chain)


def test_nothing_follows(life: Life) -> None:
    erased(life)
    with pytest.raises(StateMismatch, match="'m1' was erased"):
        life.track("2026-01-04", total=10)
    assert life.state == life.until("2027-01-01").state
