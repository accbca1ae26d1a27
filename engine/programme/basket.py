"""An order as a till tells it, read into a value that can be relied on."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from engine.programme.money import known, major, minor
from engine.programme.reasons import Refusal, Refused
from engine.values import Number, read_decimal

MAX_ITEMS: Final = 1000
MAX_QUANTITY: Final = 10_000
_MAX_NAME: Final = 256


class Item(msgspec.Struct, frozen=True):
    """One line of an order.

    Attributes:
        product: Key of the product.
        category: Its category, or empty.
        quantity: How many, at least 1.
        price: Of one, in minor units of the order's currency.
    """

    product: str
    category: str
    quantity: int
    price: int


class Basket(msgspec.Struct, frozen=True):
    """An order that something is to be redeemed on.

    Attributes:
        order_id: Order number, or empty while it has none.
        minor_total: What it comes to, in minor units, before anything is redeemed.
        currency: ISO 4217 code.
        items: Its lines; empty if the till tells none.
        channel: Where it is bought, or empty.
        store: In which store, or empty.
    """

    order_id: str
    minor_total: int
    currency: str
    items: tuple[Item, ...] = ()
    channel: str = ""
    store: str = ""

    @property
    def total(self) -> Number:
        """What it comes to, in its currency."""
        return major(self.minor_total, self.currency)


def read_basket(order: Any, currency: str, path: str = "/order") -> Basket | Refused:
    """Return an order that was told as JSON, or why it can't be read.

    Args:
        order: `order_id`, `total`, `currency`, `items` (each `product`, `category`, `quantity`, `price`),
            `channel` and `store`, as they stand in the log: fractions are canonical decimal text. Only
            `total` is required, and of an item `product` and `price`. Other properties are left alone.
        currency: What amounts are in when the order names no currency.
        path: JSON pointer of the order, for the refusal.
    """
    try:
        return basket_of(order, currency, path)
    except Refusal as refusal:
        return refusal.refused


def basket_of(order: Any, currency: str, path: str = "/order") -> Basket:
    """Return an order that was told as JSON, as `read_basket` does.

    Raises:
        Refusal: If it can't be read.
    """
    if not isinstance(order, Mapping):
        raise Refusal("bad-order", path=path)
    named = _name(order, "currency", path) or currency
    if not known(named):
        raise Refusal("currency-unknown", path=f"{path}/currency")
    items = order.get("items")
    if items is not None and (not isinstance(items, list | tuple) or len(items) > MAX_ITEMS):
        raise Refusal("bad-order", path=f"{path}/items")
    return Basket(
        order_id=_name(order, "order_id", path),
        minor_total=_money(order.get("total"), named, f"{path}/total"),
        currency=named,
        items=tuple(_item(one, named, f"{path}/items/{at}") for at, one in enumerate(items or ())),
        channel=_name(order, "channel", path),
        store=_name(order, "store", path),
    )


def _item(told: Any, currency: str, path: str) -> Item:
    if not isinstance(told, Mapping):
        raise Refusal("bad-order", path=path)
    product = _name(told, "product", path)
    if not product:
        raise Refusal("bad-order", path=f"{path}/product")
    quantity = told.get("quantity", 1)
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 1 <= quantity <= MAX_QUANTITY:
        raise Refusal("bad-order", path=f"{path}/quantity")
    price = _money(told.get("price"), currency, f"{path}/price")
    return Item(product, _name(told, "category", path), quantity, price)


def _name(told: Mapping[str, Any], name: str, path: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _MAX_NAME:
        raise Refusal("bad-order", path=f"{path}/{name}")
    return value


def _money(value: Any, currency: str, path: str) -> int:
    number = read_decimal(value) if isinstance(value, str) else value
    if number is None or not isinstance(value, int | str) or isinstance(value, bool):
        raise Refusal("bad-order", path=path)
    if number < 0:
        raise Refusal("amount-negative", path=path)
    try:
        return minor(number, currency)
    except Refusal as refusal:
        raise Refusal(refusal.refused.reason, path=path) from refusal
