"""Coupons that another always beats: whoever has both will never use them."""

from collections.abc import Sequence

from engine.language.benefits import CouponDefinition
from engine.programme.coupons import names_money
from engine.programme.money import scaled
from engine.programme.together import together
from engine.values import parse_instant

_PERCENT = 1_000_000


def always_beaten(
    definitions: Sequence[CouponDefinition], currency: str = "CNY"
) -> list[tuple[CouponDefinition, CouponDefinition]]:
    """Return each coupon that another always beats, with the first that does.

    The other can be used wherever it can, not beside it, and never takes off
    less. Of two that beat each other (they are the same) the later is named.
    What can't be compared for every order, such as gifts, is left out.

    Args:
        definitions: Coupons that one member may have together.
        currency: The programme's, for a definition that names none.
    """
    found: list[tuple[CouponDefinition, CouponDefinition]] = []
    for at, one in enumerate(definitions):
        for place, other in enumerate(definitions):
            if place == at or not beats(other, one, currency):
                continue
            if place < at or not beats(one, other, currency):
                found.append((one, other))
                break
    return found


def beats(other: CouponDefinition, one: CouponDefinition, currency: str = "CNY") -> bool:
    """Return whether a coupon (the first) can be used wherever another can, and never takes off less."""
    return (
        not together(other, one)
        and _goes_wherever(other, one)
        and _lasts_as_long(other, one)
        and _asks_no_more(other, one, currency)
        and _gives_no_less(other, one)
    )


def _goes_wherever(other: CouponDefinition, one: CouponDefinition) -> bool:
    """Return whether no third coupon and no item keeps the other from going where this one goes."""
    beside = other.with_others or not one.with_others
    group = not one.with_others or other.group is None or other.group == one.group
    categories = not other.categories or (
        bool(one.categories) and all(key in other.categories for key in one.categories)
    )
    products = not other.products or (
        bool(one.products) and all(key in other.products for key in one.products)
    )
    return beside and group and categories and products


def _lasts_as_long(other: CouponDefinition, one: CouponDefinition) -> bool:
    if other.valid_days is not None and (one.valid_days is None or one.valid_days > other.valid_days):
        return False
    if other.valid_from is not None and (
        one.valid_from is None or parse_instant(one.valid_from) < parse_instant(other.valid_from)
    ):
        return False
    return other.valid_until is None or (
        one.valid_until is not None and parse_instant(one.valid_until) <= parse_instant(other.valid_until)
    )


def _asks_no_more(other: CouponDefinition, one: CouponDefinition, currency: str) -> bool:
    if names_money(other) and (
        not names_money(one) or (one.currency or currency) != (other.currency or currency)
    ):
        return False
    if other.minimum_spend is None:
        return True
    return one.minimum_spend is not None and (
        (scaled(other.minimum_spend), other.above) <= (scaled(one.minimum_spend), one.above)
    )


def _gives_no_less(other: CouponDefinition, one: CouponDefinition) -> bool:
    """Return whether the other never takes off less, given that it counts every item this one counts."""
    if "gift" in (one.kind, other.kind):
        return False
    value, worth = scaled(one.value or "0"), scaled(other.value or "0")
    most = _most(one)
    if other.at_most is not None and (most is None or scaled(other.at_most) < most):
        return False
    if other.kind == "amount" and most is not None:
        return worth >= most
    if other.kind == "price":
        return one.kind == "price" and worth <= value
    if other.kind == one.kind:
        return worth >= value
    if other.kind == "percent" and worth >= _PERCENT:
        return True
    return other.kind == "percent" and most is not None and _least(other, one) * worth >= most * _PERCENT


def _most(one: CouponDefinition) -> int | None:
    """Return what a coupon takes off at most, in ten-thousandths; None if only the order limits it."""
    amounts = [scaled(one.at_most)] if one.at_most is not None else []
    if one.kind == "amount":
        amounts.append(scaled(one.value or "0"))
    return min(amounts, default=None)


def _least(other: CouponDefinition, one: CouponDefinition) -> int:
    """Return what the other counts at least of an order that this one can be used on."""
    limited = bool(other.categories or other.products)
    return 0 if limited or one.minimum_spend is None else scaled(one.minimum_spend)
