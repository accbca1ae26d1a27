"""What a till is told before it reserves: coupons, units, and every limit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import canonical
from engine.language.benefits import UnitDefinition
from engine.ledger.books import Account, Hold, Lot
from engine.programme.paying import exactly, most, ripened
from engine.programme.reasons import Refusal
from engine.programme.till import quote
from engine.state import Coupon
from tests.engine.programme.shop import NOW, basket, catalogue, deduction, defined, having, member, unit


def points(**more: Any) -> UnitDefinition:
    return UnitDefinition.model_validate(unit("points", deduction=deduction(100, "1", **more)))


def offered(definition: UnitDefinition, have: int, total: str, left: str | None = None) -> tuple[int, int]:
    order = basket(total)
    paid = most(definition, having(have), order, basket(left or total).minor_total)
    return paid.units, paid.minor


STEPS = [{"order_from": "200", "at_most": "30"}, {"order_from": "100", "at_most": "10"}]


@pytest.mark.parametrize(
    ("definition", "have", "total", "expected"),
    [
        (points(), 250, "100", (250, 250)),  # a few points already count
        (points(), 20_000, "100", (10_000, 10_000)),
        (points(at_most_percent=50), 20_000, "100", (5000, 5000)),
        (points(at_most_percent=50), 20_000, "0.01", (0, 0)),
        (points(at_most_percent=33), 20_000, "1", (33, 33)),
        (points(steps=STEPS), 20_000, "99.99", (0, 0)),
        (points(steps=STEPS), 20_000, "100", (1000, 1000)),
        (points(steps=STEPS), 20_000, "199.99", (1000, 1000)),
        (points(steps=STEPS), 20_000, "200", (3000, 3000)),
        (points(steps=STEPS, at_most_percent=10), 20_000, "200", (2000, 2000)),
    ],
)
def test_points_pay_up_to_every_limit(
    definition: UnitDefinition, have: int, total: str, expected: tuple[int, int]
) -> None:
    assert offered(definition, have, total) == expected


def test_units_that_pay_nothing_more_are_not_used() -> None:
    """Three points pay a cent: of 10 only 9 are used, and 2 are too few."""
    three = UnitDefinition.model_validate(unit("points", deduction=deduction(3, "0.01")))
    assert offered(three, 10, "100") == (9, 3)
    assert offered(three, 2, "100") == (0, 0)
    paid = exactly(three, having(10), basket("100"), 10_000, 10)
    assert (paid.units, paid.minor) == (9, 3)
    dear = UnitDefinition.model_validate(unit("points", deduction=deduction(1, "7")))
    assert offered(dear, 10, "20") == (2, 1400)


def test_visits_are_spent_whole() -> None:
    wash = UnitDefinition.model_validate(unit("wash", kind="visits", deduction=deduction(1, "30")))
    assert offered(wash, 5, "100") == (4, 10_000)  # the fourth pays what is left
    assert offered(wash, 2, "100") == (2, 6000)
    assert offered(UnitDefinition.model_validate(unit("pass", kind="visits")), 15, "100") == (15, 0)


def test_stored_value_pays_one_for_one() -> None:
    cash = UnitDefinition.model_validate(unit("cash", kind="money", currency="CNY"))
    assert offered(cash, 1250, "100") == (1250, 1250)
    assert offered(cash, 1250, "100", "3.5") == (350, 350)


@given(
    st.integers(1, 200), st.integers(0, 300), st.integers(0, 500), st.integers(1, 100), st.integers(0, 900)
)
def test_the_most_is_what_trying_every_number_of_units_finds(
    units: int, worth: int, total: int, percent: int, have: int
) -> None:
    said = deduction(units, f"{worth / 100:.2f}", at_most_percent=percent)
    definition = UnitDefinition.model_validate(unit("points", deduction=said))
    cap = total * percent // 100
    tried = [(-(n * worth // units), n) for n in range(have + 1) if n * worth // units <= cap]
    order = basket(f"{total / 100:.2f}")
    paid = most(definition, having(have) if have else Account(), order, total)
    assert (-paid.minor, paid.units) == min(tried)
    if paid.minor:
        again = exactly(definition, having(have), order, total, paid.units)
        assert (again.units, again.minor) == (paid.units, paid.minor)
    binding = {one["limit"] for one in paid.limits if one["binding"]}
    if percent < 100 and total and cap < have * worth // units:
        assert binding == {"at_most_percent"}


def test_what_falls_due_at_this_instant_counts() -> None:
    lots = (
        Lot("gone", 5, None, NOW),
        Lot("stays", 7, None, NOW + 1),
        Lot("now", 3, NOW),
        Lot("later", 2, NOW + 1),
    )
    books = member(units={"points": Account(lots)}).books
    ripe = ripened(books, "points", NOW)
    assert (ripe.account.available, ripe.account.pending, ripe.expired, ripe.activated) == (10, 2, 5, 3)


def test_every_limit_is_named() -> None:
    paid = most(points(at_most_percent=50, steps=STEPS), having(20_000), basket("100"), 8000)
    assert paid.limits == [
        {"limit": "balance", "unit": "points", "amount": "200", "binding": False, "units": 20_000},
        {"limit": "order", "unit": "points", "amount": "80", "binding": False},
        {"limit": "at_most_percent", "unit": "points", "amount": "50", "binding": False, "percent": 50},
        {"limit": "step", "unit": "points", "amount": "10", "binding": True, "order_from": "100"},
    ]
    owed = most(points(), having(100, debt=3), basket("100"), 8000)
    assert (owed.units, owed.limits[0]["limit"], owed.limits[0]["debt"]) == (0, "debt", 3)


@pytest.mark.parametrize(
    ("key", "asked", "reason"),
    [
        ("points", 501, "not-enough"),
        ("points", 101, "pays-too-much"),
        ("growth", 1, "unit-cannot-pay"),
        ("stars", 1, "unit-cannot-pay"),
        ("yen", 1, "unit-currency"),
        ("cash", 201, "pays-too-much"),
        ("wash", 2, "pays-too-much"),
    ],
)
def test_what_units_can_not_pay_is_refused(key: str, asked: int, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        exactly(catalogue().units[key], having(500), basket("2"), 200, asked)
    assert refused.value.refused.reason == reason


def test_a_quote_tells_everything() -> None:
    known = catalogue(
        defined("ten", "amount", "10"),
        defined("half", "percent", "50", at_most="8"),
        defined("big", "amount", "50", minimum_spend="200"),
        defined("cup", "gift"),
    )
    state = member(
        {
            "A": Coupon("ten", NOW),
            "B": Coupon("half", NOW, NOW + 1),
            "C": Coupon("big", NOW),
            "D": Coupon("cup", NOW),
            "E": Coupon("withdrawn", NOW),
            "F": Coupon("ten", NOW, NOW),
        },
        {"points": having(2000), "cash": having(9_500), "yen": having(1)},
        holds={"r": Hold("o", NOW, (("points", Lot("x", 30)),))},
    )
    said = quote(state, basket("100"), known, NOW)
    assert [(one["code"], one["discount"]) for one in said["coupons"]] == [
        ("A", "10"),
        ("B", "8"),
        ("D", "0"),
    ]
    assert said["coupons"][1]["limits"] == [{"limit": "at_most", "amount": "8"}]
    assert {one["code"]: one["reason"] for one in said["unusable"]} == {
        "C": "coupon-below-minimum",
        "E": "coupon-unknown",
        "F": "coupon-expired",
    }
    assert said["unusable"][0]["lacking"] == "100"
    assert said["best"] == {"coupons": ["A"], "discount": "10", "exact": True}
    units = {one["unit"]: one for one in said["units"]}
    assert list(units) == ["points", "pass", "wash", "cash", "yen"]
    assert (units["points"]["pays"], units["points"]["held"]) == ("20", 30)
    assert (units["cash"]["pays"], units["cash"]["with_best"]) == ("95", {"units": 9000, "pays": "90"})
    assert units["yen"]["reason"] == "unit-currency"
    assert canonical.encode(said)
