"""What a coupon takes off an order, or why it can't be used on it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.language.benefits import CouponDefinition
from engine.programme.basket import Basket, Item
from engine.programme.money import at_least, at_most, divided_half_up, major, nearest, scaled, text
from engine.programme.reasons import Refused
from engine.state import Coupon
from engine.values import Instant, instant_text, parse_instant

_PERCENT: Final = 1_000_000
"""One hundred percent, in the ten-thousandths in which definitions are read."""


class Taken(NamedTuple):
    """What a coupon takes off.

    Attributes:
        minor: How much, in minor units.
        limits: The limits that made it less than the coupon's value, as JSON.
    """

    minor: int
    limits: tuple[dict[str, Any], ...] = ()


def discount(
    definition: CouponDefinition,
    coupon: Coupon,
    basket: Basket,
    as_of: Instant,
    *,
    currency: str = "CNY",
    redemption: str = "",
) -> Decimal | Refused:
    """Return what a coupon takes off an order, or why it can't be used on it.

    A percentage is taken of the items the coupon is for, or of the order's
    total where it is for all. The result is rounded half up to the minor unit,
    once, and is never more than those items or the order. A gift takes off 0.

    Args:
        definition: What kind of coupon it is.
        coupon: The coupon in the member's hands.
        basket: The order.
        as_of: When; a validity is half-open, so its end is too late.
        currency: The programme's, for a definition that names none.
        redemption: Id of the redemption it is asked for; a coupon that is held for another can't be used.
    """
    taken = take(definition, coupon, basket, as_of, currency=currency, redemption=redemption)
    return taken if isinstance(taken, Refused) else major(taken.minor, basket.currency)


def take(
    definition: CouponDefinition,
    coupon: Coupon,
    basket: Basket,
    as_of: Instant,
    *,
    currency: str = "CNY",
    redemption: str = "",
) -> Taken | Refused:
    """Return what a coupon takes off with the limits that applied, as `discount` does."""
    refused = at_this_time(definition, coupon, as_of, redemption) or _on_this_order(
        definition, basket, currency
    )
    if refused is not None:
        return refused
    limited = bool(definition.categories or definition.products)
    items = [one for one in basket.items if counts(definition, one)]
    pieces = sum(one.quantity for one in items)
    wanted = 2 if definition.kind == "second_item" else 1 if limited else 0
    if pieces < wanted:
        return Refused("coupon-no-items", {"lacking_items": wanted - pieces})
    if definition.kind == "gift":
        return Taken(0)
    return _amount(definition, basket, items, limited=limited)


def counts(definition: CouponDefinition, item: Item) -> bool:
    """Return whether an item is one that a coupon is for: in its categories and among its products."""
    return (not definition.categories or item.category in definition.categories) and (
        not definition.products or item.product in definition.products
    )


def end_of(definition: CouponDefinition, coupon: Coupon) -> Instant | None:
    """Return the first instant at which a coupon can't be redeemed; None for never."""
    until = parse_instant(definition.valid_until) if definition.valid_until is not None else None
    if until is None or coupon.expires_at is None:
        return coupon.expires_at if until is None else until
    return min(until, coupon.expires_at)


def names_money(definition: CouponDefinition) -> bool:
    """Return whether a definition says an amount of money, so that its currency matters."""
    said = (definition.minimum_spend, definition.at_most, definition.currency)
    return definition.kind in {"amount", "price"} or any(one is not None for one in said)


def at_this_time(
    definition: CouponDefinition, coupon: Coupon, as_of: Instant, redemption: str = ""
) -> Refused | None:
    """Return why a coupon can't be used on any order now, or None if it can be on some."""
    end = end_of(definition, coupon)
    if end is not None and as_of >= end:
        return Refused("coupon-expired", {"expires_at": instant_text(end)})
    if definition.valid_from is not None and as_of < parse_instant(definition.valid_from):
        return Refused("coupon-not-yet-valid", {"valid_from": definition.valid_from})
    if coupon.held_by and coupon.held_by != redemption:
        return Refused("coupon-held", {"held_by": coupon.held_by})
    return None


def _on_this_order(definition: CouponDefinition, basket: Basket, currency: str) -> Refused | None:
    own = definition.currency or currency
    if names_money(definition) and own != basket.currency:
        return Refused("coupon-currency", {"currency": own})
    if definition.minimum_spend is None:
        return None
    least = (
        at_most(definition.minimum_spend, own) + 1
        if definition.above
        else at_least(definition.minimum_spend, own)
    )
    if basket.minor_total >= least:
        return None
    more: dict[str, Any] = {
        "minimum": definition.minimum_spend,
        "more_than": definition.above,
        "lacking": text(least - basket.minor_total, own),
    }
    return Refused("coupon-below-minimum", more)


def _amount(
    definition: CouponDefinition, basket: Basket, items: Sequence[Item], *, limited: bool
) -> Taken | Refused:
    currency = basket.currency
    worth = sum(one.quantity * one.price for one in items) if limited else basket.minor_total
    base = min(worth, basket.minor_total)
    value = definition.value or "0"
    if definition.kind == "percent":
        wanted = divided_half_up(base * scaled(value), _PERCENT)
    elif definition.kind == "price":
        wanted = max(0, base - nearest(value, currency))
    elif definition.kind == "second_item":
        wanted = divided_half_up(_cheaper_of_pairs(items) * scaled(value), _PERCENT)
    else:
        wanted = nearest(value, currency)
    limits: list[dict[str, Any]] = []
    taken = wanted
    if wanted > base:
        taken = base
        name = "items" if limited and worth < basket.minor_total else "order"
        limits.append({"limit": name, "amount": text(base, currency)})
    if definition.at_most is not None and at_most(definition.at_most, currency) < wanted:
        taken = min(taken, at_most(definition.at_most, currency))
        limits.append({"limit": "at_most", "amount": text(at_most(definition.at_most, currency), currency)})
    return Taken(taken, tuple(limits)) if taken else Refused("coupon-no-gain")


def _cheaper_of_pairs(items: Sequence[Item]) -> int:
    """Return what every second piece comes to, from the dearest down: the cheaper of each pair."""
    total = before = 0
    for item in sorted(items, key=lambda one: -one.price):
        after = before + item.quantity
        total += item.price * (after // 2 - before // 2)
        before = after
    return total
