"""An order as a till tells it, and money in minor units."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.programme.basket import Basket, Item, read_basket
from engine.programme.money import major, minor
from engine.programme.reasons import Refusal, Refused
from engine.values import MAX_INT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["0.5", "-1", "CNY"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("order_id total currency items product category quantity price channel".split()),
            inner,
        )
    ),
    max_leaves=12,
)


def order(**more: Any) -> dict[str, Any]:
    return {"order_id": "o-1", "total": "99.5", "currency": "CNY", **more}


def test_an_order_is_read() -> None:
    line = {"product": "tea", "category": "drinks", "quantity": 2, "price": "9.9"}
    told = order(items=[line, {"product": "cake", "price": 5}], channel="app", store="s1", other={"x": 1})
    items = (Item("tea", "drinks", 2, 990), Item("cake", "", 1, 500))
    found = read_basket(told, "USD")
    assert found == Basket("o-1", 9950, "CNY", items, "app", "s1")
    assert isinstance(found, Basket)
    assert found.total == Decimal("99.5")
    assert read_basket({"total": 5}, "JPY") == Basket("", 5, "JPY")


@pytest.mark.parametrize(
    ("told", "reason", "path"),
    [
        (None, "bad-order", "/order"),
        ([], "bad-order", "/order"),
        ({}, "bad-order", "/order/total"),
        (order(total=True), "bad-order", "/order/total"),
        (order(total="12,5"), "bad-order", "/order/total"),
        (order(total=[]), "bad-order", "/order/total"),
        (order(total=-1), "amount-negative", "/order/total"),
        (order(total="-0.01"), "amount-negative", "/order/total"),
        (order(total="0.001"), "amount-too-fine", "/order/total"),
        (order(total="99.5", currency="JPY"), "amount-too-fine", "/order/total"),
        (order(total=MAX_INT), "amount-too-large", "/order/total"),
        (order(currency="XXX"), "currency-unknown", "/order/currency"),
        (order(currency="cny"), "currency-unknown", "/order/currency"),
        (order(currency=7), "bad-order", "/order/currency"),
        (order(order_id=7), "bad-order", "/order/order_id"),
        (order(store="s" * 257), "bad-order", "/order/store"),
        (order(items={}), "bad-order", "/order/items"),
        (order(items=[{}] * 1001), "bad-order", "/order/items"),
        (order(items=[7]), "bad-order", "/order/items/0"),
        (order(items=[{"price": 1}]), "bad-order", "/order/items/0/product"),
        (order(items=[{"product": "a", "price": 1}, {"product": "a"}]), "bad-order", "/order/items/1/price"),
        (order(items=[{"product": "a", "price": "-1"}]), "amount-negative", "/order/items/0/price"),
        (order(items=[{"product": "a", "price": 1, "quantity": 0}]), "bad-order", "/order/items/0/quantity"),
        (
            order(items=[{"product": "a", "price": 1, "quantity": True}]),
            "bad-order",
            "/order/items/0/quantity",
        ),
        (order(items=[{"product": "a", "price": 1, "category": 1}]), "bad-order", "/order/items/0/category"),
    ],
)
def test_a_bad_order_is_refused_with_its_place(told: Any, reason: str, path: str) -> None:
    assert read_basket(told, "CNY") == Refused(reason, {"path": path})


@given(JSON)
def test_whatever_is_told_is_read_or_refused(told: Any) -> None:
    found = read_basket(told, "CNY")
    assert isinstance(found, Basket | Refused)
    if isinstance(found, Basket):
        assert 0 <= found.minor_total <= MAX_INT


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("CNY", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("BHD", 3), ("KWD", 3), ("CLF", 4)],
)
def test_each_currency_has_its_minor_unit(currency: str, digits: int) -> None:
    smallest = Decimal(1).scaleb(-digits)
    assert minor(smallest, currency) == 1
    assert major(1, currency) == smallest
    with pytest.raises(Refusal, match="amount-too-fine"):
        minor(smallest / 10, currency)


def test_no_digit_of_an_amount_is_lost() -> None:
    """34 digits, the last of which is beyond what the usual arithmetic context keeps."""
    with pytest.raises(Refusal, match="amount-too-fine"):
        minor(Decimal("1." + "0" * 32 + "1"), "CNY")
    assert minor(Decimal(MAX_INT) / 100, "CNY") == MAX_INT
