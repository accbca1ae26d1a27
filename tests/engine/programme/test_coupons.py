"""What each kind of coupon takes off, at each of its boundaries."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.benefits import CouponDefinition
from engine.programme.basket import Basket
from engine.programme.coupons import discount
from engine.programme.reasons import Refused
from engine.state import Coupon
from engine.values import Instant, instant_text
from tests.engine.programme.shop import NOW, basket, defined

TEA = ("tea", "drinks", 1, "30")
CAKE = ("cake", "food", 1, "70.5")
ISSUED = Coupon("c", NOW)


def taken(definition: CouponDefinition, order: Basket, now: Instant = NOW, coupon: Coupon = ISSUED) -> Any:
    """Return the amount as text, or the refusal."""
    found = discount(definition, coupon, order, now)
    return found if isinstance(found, Refused) else f"{found:f}"


def why(definition: CouponDefinition, order: Basket, now: Instant = NOW, coupon: Coupon = ISSUED) -> Any:
    found = discount(definition, coupon, order, now)
    assert isinstance(found, Refused)
    return found.reason


@pytest.mark.parametrize(
    ("definition", "order", "expected"),
    [
        (defined("c", "percent", "10"), basket("99.95"), "10.00"),  # 9.995, half up
        (defined("c", "percent", "10"), basket("99.94"), "9.99"),
        (defined("c", "percent", "8.8"), basket("100"), "8.80"),
        (defined("c", "percent", "150"), basket("100"), "100.00"),
        (defined("c", "percent", "10", at_most="5"), basket("100"), "5.00"),
        (defined("c", "percent", "10", categories=["drinks"]), basket("100.5", TEA, CAKE), "3.00"),
        (defined("c", "percent", "10", products=["cake"]), basket("100.5", TEA, CAKE), "7.05"),
        (defined("c", "percent", "50", categories=["food"]), basket("20", CAKE), "10.00"),
        (defined("c", "amount", "20"), basket("100"), "20.00"),
        (defined("c", "amount", "20"), basket("12.5"), "12.50"),
        (defined("c", "amount", "50", products=["tea"]), basket("100.5", TEA, CAKE), "30.00"),
        (defined("c", "price", "9.9", products=["tea"]), basket("100.5", TEA, CAKE), "20.10"),
        (defined("c", "price", "0", products=["tea"]), basket("100.5", TEA, CAKE), "30.00"),
        (defined("c", "price", "88"), basket("100"), "12.00"),
        (defined("c", "second_item", "50"), basket("60", ("tea", "", 2, "30")), "15.00"),
        (defined("c", "second_item", "50"), basket("90", ("tea", "", 3, "30")), "15.00"),
        (defined("c", "second_item", "50"), basket("120", ("tea", "", 4, "30")), "30.00"),
        (defined("c", "second_item", "50"), basket("100.5", TEA, CAKE), "15.00"),
        (defined("c", "second_item", "100"), basket("60", ("a", "", 1, "10"), ("b", "", 2, "25")), "25.00"),
        (defined("c", "gift"), basket("100"), "0.00"),
        (defined("c", "percent", "10", currency="JPY"), basket("1005", currency="JPY"), "101"),
        (defined("c", "percent", "10"), basket("1.005", currency="KWD"), "0.101"),
    ],
)
def test_a_kind_takes_off(definition: CouponDefinition, order: Basket, expected: str) -> None:
    assert taken(definition, order) == expected


@pytest.mark.parametrize(
    ("total", "above", "lacking"),
    [
        ("148", False, None),
        ("147.99", False, "0.01"),
        ("148.01", False, None),
        ("148", True, "0.01"),
        ("148.01", True, None),
        ("100", True, "48.01"),
    ],
)
def test_at_least_and_more_than_are_different(total: str, above: bool, lacking: str | None) -> None:
    definition = defined("c", "amount", "20", minimum_spend="148", above=above)
    found = discount(definition, ISSUED, basket(total), NOW)
    if lacking is None:
        assert found == Decimal(20)
    else:
        more = {"minimum": "148", "more_than": above, "lacking": lacking}
        assert found == Refused("coupon-below-minimum", more)


def test_a_validity_is_half_open() -> None:
    start, end = NOW, NOW + 60_000_000
    definition = defined("c", "amount", "5", valid_from=instant_text(start), valid_until=instant_text(end))
    assert why(definition, basket("10"), start - 1) == "coupon-not-yet-valid"
    assert taken(definition, basket("10"), start) == "5.00"
    assert taken(definition, basket("10"), end - 1) == "5.00"
    assert why(definition, basket("10"), end) == "coupon-expired"
    sooner = Coupon("c", NOW, NOW + 5)
    assert taken(definition, basket("10"), NOW + 4, sooner) == "5.00"
    assert why(definition, basket("10"), NOW + 5, sooner) == "coupon-expired"


def test_a_coupon_that_is_held_is_kept_for_its_redemption() -> None:
    definition, held = defined("c", "amount", "5"), Coupon("c", NOW, None, "r-1")
    assert why(definition, basket("10"), NOW, held) == "coupon-held"
    assert discount(definition, held, basket("10"), NOW, redemption="r-1") == 5


def test_items_that_are_missing_are_told() -> None:
    tea = defined("c", "percent", "10", products=["tea"])
    assert discount(tea, ISSUED, basket("10", CAKE), NOW) == Refused("coupon-no-items", {"lacking_items": 1})
    assert why(tea, basket("10")) == "coupon-no-items"
    second = defined("c", "second_item", "50", products=["tea"])
    found = discount(second, ISSUED, basket("100.5", TEA, CAKE), NOW)
    assert found == Refused("coupon-no-items", {"lacking_items": 1})
    both = defined("c", "gift", categories=["drinks"], products=["cake"])
    assert why(both, basket("100.5", TEA, CAKE)) == "coupon-no-items"


def test_a_coupon_is_not_used_up_for_nothing() -> None:
    assert why(defined("c", "price", "30", products=["tea"]), basket("30", TEA)) == "coupon-no-gain"
    assert why(defined("c", "percent", "10"), basket("0")) == "coupon-no-gain"
    assert taken(defined("c", "gift"), basket("0")) == "0.00"


def test_the_currency_matters_where_money_is_said() -> None:
    dollars = basket("100", currency="USD")
    assert why(defined("c", "amount", "5"), dollars) == "coupon-currency"
    assert why(defined("c", "percent", "5", minimum_spend="1"), dollars) == "coupon-currency"
    assert why(defined("c", "percent", "5", currency="EUR"), dollars) == "coupon-currency"
    assert taken(defined("c", "percent", "5"), dollars) == "5.00"
    assert discount(defined("c", "amount", "5"), ISSUED, dollars, NOW, currency="USD") == 5


LINES = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(1, 4), st.integers(0, 5000)),
    max_size=5,
)


@given(LINES, st.integers(0, 30_000), st.integers(0, 100))
def test_every_second_piece_is_found_without_laying_the_pieces_out(
    lines: list[tuple[str, str, int, int]], total: int, percent: int
) -> None:
    order = basket("0", *((a, b, n, f"{Decimal(price) / 100}") for a, b, n, price in lines))
    order = Basket("", total, "CNY", order.items)
    pieces = sorted((price for *_, n, price in lines for _ in range(n)), reverse=True)
    exact = Decimal(sum(pieces[1::2]) * percent) / 100
    expected = min(total, int(exact.to_integral_value(rounding="ROUND_HALF_UP")))
    found = discount(defined("c", "second_item", str(percent)), ISSUED, order, NOW)
    if len(pieces) < 2:
        assert found == Refused("coupon-no-items", {"lacking_items": 2 - len(pieces)})
    else:
        assert found == (Decimal(expected) / 100 if expected else Refused("coupon-no-gain"))
