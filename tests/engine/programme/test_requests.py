"""Requests of tills and people: what each leads to."""

from typing import Any

import pytest

from engine import canonical
from engine.decision import Need
from engine.effects import (
    AwardPoints,
    ChangeTier,
    CloseHold,
    EndCoupon,
    EndMembership,
    ExpirePoints,
    Hold,
    IssueCoupon,
    SpendPoints,
    StartMembership,
)
from engine.ledger.books import Account, Lot
from engine.state import Coupon, Held, Level, Membership, MemberState
from engine.values import MAX_INT, instant_text
from tests.engine.programme.shop import (
    ADJUST,
    CONFIRM,
    GRANT,
    KNOWN,
    LEVEL,
    MEMBERSHIP,
    MINUTE,
    NOW,
    ORDER,
    RELEASE,
    RESERVE,
    VOID,
    ask,
    books_after,
    catalogue,
    defined,
    member,
    shopper,
)


def test_a_reservation_sets_everything_aside() -> None:
    state = shopper()
    carried = ask(
        RESERVE,
        state,
        KNOWN,
        redemption="r-1",
        order=ORDER,
        coupons=["FREE", "SIX"],
        units={"points": 1050, "cash": 350, "pass": 1},
    )
    units = {"cash": 350, "pass": 1, "points": 1050}
    (hold,) = carried.effects
    assert hold == Hold(
        id="effect-0",
        action=0,
        hold="r-1",
        units=units,
        coupons=("FREE", "SIX"),
        order="o-1",
        until=NOW + 15 * MINUTE,
    )
    answer = carried.answer
    assert (answer["status"], answer["redemption"]) == ("reserved", "r-1")
    assert (answer["discount"], answer["paid"], answer["left_to_pay"]) == ("6", "14", "80")
    assert answer["coupons"] == [
        {"code": "FREE", "coupon": "free", "kind": "gift", "discount": "0"},
        {"code": "SIX", "coupon": "six", "kind": "amount", "discount": "6"},
    ]
    assert answer["pays"] == [
        {"unit": "cash", "units": 350, "amount": "3.5"},
        {"unit": "pass", "units": 1, "amount": "0"},
        {"unit": "points", "units": 1050, "amount": "10.5"},
    ]
    assert {(one["unit"], one["limit"]) for one in answer["limits"]} == {
        ("cash", "balance"),
        ("cash", "order"),
        ("pass", "balance"),
        ("points", "balance"),
        ("points", "order"),
        ("points", "at_most_percent"),
    }
    assert answer["until"] == "2026-06-01T10:15:00Z"
    assert canonical.encode(answer)
    books = books_after(state, carried)
    assert [books.account(key).available for key in ("points", "cash", "pass")] == [950, 150, 2]


def test_units_pay_what_coupons_and_other_units_leave() -> None:
    order = {**ORDER, "total": 16}
    said: dict[str, Any] = {"coupons": ["TEN"], "units": {"cash": 500, "points": 100}}
    carried = ask(RESERVE, shopper(), KNOWN, redemption="r-1", order=order, **said)
    assert (carried.answer["paid"], carried.answer["left_to_pay"]) == ("6", "0")


def test_it_can_be_redeemed_at_once() -> None:
    state = shopper()
    carried = ask(RESERVE, state, KNOWN, redemption="r-1", order=ORDER, units={"points": 100}, confirm=True)
    assert carried.effects[1] == CloseHold(id="effect-1", action=1, hold="r-1", how="confirmed")
    assert carried.answer["status"] == "redeemed"
    books = books_after(state, carried)
    assert books.account("points").available == 1900
    assert "r-1" not in books.holds
    assert books.orders["o-1"].used[0].lot.left == 100


def test_the_best_coupons_can_be_asked_for() -> None:
    carried = ask(RESERVE, shopper(), KNOWN, redemption="r-1", order=ORDER, best=True)
    assert carried.effects[0].coupons == ("TEN",)  # type: ignore[union-attr]
    assert carried.answer["discount"] == "10"


def test_coupons_never_take_off_more_than_the_order() -> None:
    order = {**ORDER, "total": "5.5"}
    carried = ask(
        RESERVE, shopper(), KNOWN, redemption="r-1", order=order, coupons=["SIX"], units={"pass": 1}
    )
    assert (carried.answer["discount"], carried.answer["left_to_pay"]) == ("5.5", "0")
    assert carried.answer["limits"][0] == {"code": "SIX", "limit": "order", "amount": "5.5"}
    both = catalogue(*(defined(key, "amount", "4", with_others=True) for key in "ab"))
    state = member({"A": Coupon("a", NOW), "B": Coupon("b", NOW)})
    carried = ask(RESERVE, state, both, redemption="r-1", order=order, coupons=["A", "B"])
    assert [one["discount"] for one in carried.answer["coupons"]] == ["4", "1.5"]
    assert carried.answer["limits"] == [{"code": "B", "limit": "order", "amount": "1.5"}]


@pytest.mark.parametrize(
    ("minutes", "ok"), [(1, True), (1440, True), (0, False), (1441, False), (True, False)]
)
def test_how_long_it_holds(minutes: int, ok: bool) -> None:
    carried = ask(
        RESERVE, shopper(), KNOWN, redemption="r", order=ORDER, units={"points": 100}, hold_minutes=minutes
    )
    if ok:
        assert carried.effects[0].until == NOW + minutes * MINUTE  # type: ignore[union-attr]
    else:
        assert carried == (
            (),
            {"status": "refused", "reason": "bad-request", "path": "/hold_minutes"} | {"redemption": "r"},
        )


def test_a_debt_is_repaid_first() -> None:
    state = member(units={"points": Account((Lot("l", 5),), 3)})
    for carried in (
        ask(RESERVE, state, KNOWN, redemption="r", order=ORDER, units={"points": 5}),
        ask(ADJUST, state, KNOWN, unit="points", amount=-5, why="w"),
    ):
        assert (carried.answer["reason"], carried.answer["debt"], carried.effects) == ("in-debt", 3, ())


def test_what_expires_at_this_instant_is_not_spent() -> None:
    state = member(units={"points": Account((Lot("a", 100, None, NOW), Lot("b", 200, None, NOW + 1)))})
    refused = ask(RESERVE, state, KNOWN, redemption="r", order=ORDER, units={"points": 201})
    assert refused.answer["reason"] == "not-enough"
    carried = ask(RESERVE, state, KNOWN, redemption="r", order=ORDER, units={"points": 200})
    assert carried.effects[0] == ExpirePoints(id="effect-0", action=0, unit="points", points=100)
    books = books_after(state, carried)
    assert [part.id for _, part in books.holds["r"].parts] == ["b"]
    taken = ask(ADJUST, state, KNOWN, unit="points", amount=-200, why="w")
    assert books_after(state, taken).account("points") == Account(())


@pytest.mark.parametrize(
    ("name", "how", "status"), [(CONFIRM, "confirmed", "redeemed"), (RELEASE, "released", "released")]
)
def test_a_redemption_is_closed(name: str, how: Any, status: str) -> None:
    carried = ask(name, shopper(), KNOWN, redemption="r-0")
    assert carried.effects == (CloseHold(id="effect-0", action=0, hold="r-0", how=how),)
    assert carried.answer == {
        "status": status,
        "redemption": "r-0",
        "order_id": "o-0",
        "units": {"points": 7},
        "coupons": ["HELD"],
    }


def test_a_coupon_is_voided() -> None:
    carried = ask(VOID, shopper(), KNOWN, code="TEN", why="printed twice")
    assert carried.effects == (EndCoupon(id="effect-0", action=0, code="TEN", coupon="ten", how="voided"),)


def test_a_coupon_is_granted_once_everything_is_there() -> None:
    asked: list[Need] = []

    def grant(answers: dict[str, Any]) -> Any:
        def given(need: Need) -> Any:
            asked.append(need)
            return answers.get(need.kind)

        return given

    said: dict[str, Any] = {"coupon": "rare", "why": "sorry"}
    assert ask(GRANT, shopper(), KNOWN, grant({}), **said) == ((), {})
    assert [(one.kind, one.name, one.limit) for one in asked] == [("stock", "coupon/rare", 3)]
    assert ask(GRANT, shopper(), KNOWN, grant({"stock": True}), **said) == ((), {})
    assert (asked[-1].kind, asked[-1].name, asked[-1].pool) == ("code", "rare", True)
    for answers, reason in (
        ({"stock": False}, "coupon-stock"),
        ({"stock": True, "code": False}, "coupon-codes"),
    ):
        assert ask(GRANT, shopper(), KNOWN, grant(answers), **said).answer["reason"] == reason
    carried = ask(GRANT, shopper(), KNOWN, grant({"stock": True, "code": "R-1"}), **said)
    expires_at = NOW + 30 * 1440 * MINUTE
    assert carried.effects == (
        IssueCoupon(id="effect-0", action=0, coupon="rare", code="R-1", expires_at=expires_at),
    )
    had = ask(GRANT, shopper(issued={"rare": 1}), KNOWN, grant({"stock": True, "code": "R-1"}), **said)
    assert had.answer["reason"] == "coupon-per-member"


def test_units_are_adjusted_both_ways() -> None:
    state = shopper()
    more = ask(ADJUST, state, KNOWN, unit="points", amount=5, why="w")
    assert more.effects == (AwardPoints(id="effect-0", action=0, points=5, unit="points"),)
    less = ask(ADJUST, state, KNOWN, unit="points", amount=-2000, why="w")
    assert less.effects == (SpendPoints(id="effect-0", action=0, points=2000, unit="points"),)
    for carried in (more, less):
        left = books_after(state, carried).account("points").available
        assert carried.answer["balance"] == left
    most = ask(ADJUST, state, KNOWN, unit="points", amount=MAX_INT - 2000, why="w")
    assert most.answer["status"] == "done"
    owing = member(units={"points": Account((), 8)})
    repaid = ask(ADJUST, owing, KNOWN, unit="points", amount=10, why="w")
    assert repaid.answer["balance"] == books_after(owing, repaid).account("points").available == 2


def test_a_level_is_set() -> None:
    state = shopper(levels={"tier": Level("silver", NOW)})
    carried = ask(LEVEL, state, KNOWN, ladder="tier", tier="gold", why="w", until="2026-07-01T00:00:00+08:00")
    (effect,) = carried.effects
    assert isinstance(effect, ChangeTier)
    assert (effect.tier, effect.before, effect.how) == ("gold", "silver", "set")
    assert carried.answer["until"] == instant_text(effect.until or 0) == "2026-06-30T16:00:00Z"
    (below,) = ask(LEVEL, state, KNOWN, ladder="tier", tier=None, why="w").effects
    assert isinstance(below, ChangeTier)
    assert (below.tier, below.until) == (None, None)
    assert carried.answer["tier"] == "gold"


def test_an_invitation_opens_a_membership_and_ending_it_needs_none() -> None:
    invited = shopper(tags={"invited": {"person:mei": Held(0)}})
    refused = ask(MEMBERSHIP, shopper(), KNOWN, membership="cellar", why="w")
    opened = ask(MEMBERSHIP, invited, KNOWN, membership="cellar", why="w")
    running = {"cellar": Membership(0, NOW + MINUTE)}
    ended = ask(MEMBERSHIP, shopper(memberships=running), KNOWN, membership="cellar", why="w", end=True)
    renewed = ask(MEMBERSHIP, shopper(memberships=running), KNOWN, membership="cellar", why="w")

    assert ("not-invited", "cellar", "invited") == tuple(
        refused.answer[key] for key in ("reason", "membership", "tag")
    )
    assert ("done", "done") == (opened.answer["status"], ended.answer["status"])
    assert "not-invited" == renewed.answer["reason"]


def test_a_membership_is_given_renewed_and_ended() -> None:
    def given(state: MemberState, **more: Any) -> tuple[str, bool]:
        (effect,) = ask(MEMBERSHIP, state, KNOWN, membership="club", why="w", **more).effects
        assert isinstance(effect, StartMembership)
        return instant_text(effect.until), effect.renewed

    running = shopper(memberships={"club": Membership(0, NOW + MINUTE)})
    assert given(shopper()) == ("2027-06-01T10:00:00Z", False)
    assert given(running) == ("2027-06-01T10:01:00Z", True)
    assert given(running, until="2026-07-01T00:00:00Z") == ("2026-07-01T00:00:00Z", True)
    ended = ask(MEMBERSHIP, running, KNOWN, membership="club", why="w", end=True)
    assert ended.effects == (EndMembership(id="effect-0", action=0, membership="club"),)
    century = shopper(memberships={"club": Membership(0, NOW + 36_525 * 1440 * MINUTE)})
    assert ask(MEMBERSHIP, century, KNOWN, membership="club", why="w").answer["reason"] == "instant-too-far"
