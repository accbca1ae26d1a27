"""What campaigns and rules cost: points, coupons, prizes and messages, in the programme's currency."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from api.store.prizes import Drawn
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue
from engine.language.scarce import Prize
from engine.programme.money import nearest


def costs(
    catalogue: Catalogue,
    *,
    points: int,
    redeemed: Mapping[str, int],
    prizes: Sequence[Drawn],
    delivered: int,
    message_cost: str | None,
) -> dict[str, int]:
    """Return what was given, in minor units of the programme's currency, by kind and in all.

    The cost that a prize defines stands for all that it gives: its points and its coupon are then not
    charged beside it. One that defines none is charged like any other points and coupon.

    Args:
        catalogue: What is defined.
        points: How many points were awarded, those of prizes among them.
        redeemed: How many coupons were redeemed, by definition, those of prizes among them.
        prizes: Prizes that were drawn.
        delivered: How many messages were delivered.
        message_cost: What one message costs; None for nothing.
    """
    currency = catalogue.programme.currency
    coupons = dict(redeemed)
    of_prizes = 0
    for one in prizes:
        cost = _defined(catalogue, one)
        if cost is None:
            continue
        of_prizes += one.times * nearest(cost, currency)
        points -= one.points
        for key, count in one.redeemed.items():
            coupons[key] = coupons.get(key, 0) - count
    parts = {
        "points": _of_points(catalogue, points),
        "coupons": _of_coupons(catalogue, coupons),
        "prizes": of_prizes,
        "messages": delivered * nearest(message_cost, currency) if message_cost else 0,
    }
    return parts | {"total": sum(parts.values())}


def _defined(catalogue: Catalogue, drawn: Drawn) -> str | None:
    """Return the cost that a prize defines now, or None."""
    wheel = catalogue.wheels.get(drawn.wheel)
    prizes: Sequence[Prize] = wheel.prizes if wheel is not None else ()
    return next((one.cost for one in prizes if one.key == drawn.prize), None)


def _of_points(catalogue: Catalogue, points: int) -> int:
    currency = catalogue.programme.currency
    pays = catalogue.unit(POINTS).deduction
    if pays is None or pays.currency != currency:
        return 0
    return round(Decimal(points) * nearest(pays.worth, currency) / pays.units)


def _of_coupons(catalogue: Catalogue, redeemed: Mapping[str, int]) -> int:
    currency = catalogue.programme.currency
    amount = 0
    for key, count in redeemed.items():
        coupon = catalogue.coupons.get(key)
        if coupon is not None and coupon.unit_cost and (coupon.currency or currency) == currency:
            amount += count * nearest(coupon.unit_cost, currency)
    return amount
