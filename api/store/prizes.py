"""Prizes that were drawn: how many of each, and what they gave."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select, tuple_

from api.store.schema import COUPON, PRIZE


class Drawn(NamedTuple):
    """What came of one prize.

    Attributes:
        wheel: Key of the wheel.
        prize: Key of the prize.
        times: How often it was given.
        points: How many points it gave in all.
        redeemed: How many of the coupons that it gave were redeemed, by definition.
    """

    wheel: str
    prize: str
    times: int
    points: int
    redeemed: dict[str, int]


def drawn(connection: Connection, versions: Sequence[tuple[str, int]]) -> list[Drawn]:
    """Return what came of each prize that some rules, each in a version, gave."""
    own = tuple_(PRIZE.c.rule, PRIZE.c.version).in_(list(versions))
    place = PRIZE.c.wheel, PRIZE.c.prize
    used: dict[tuple[str, str], dict[str, int]] = {}
    coupons = select(*place, COUPON.c.coupon, func.count()).join(COUPON, COUPON.c.code == PRIZE.c.code)
    of_each = coupons.where(own, COUPON.c.state == "redeemed").group_by(*place, COUPON.c.coupon)
    for wheel, prize, coupon, count in connection.execute(of_each):
        used.setdefault((wheel, prize), {})[coupon] = int(count)
    counted = select(*place, func.count(), func.sum(PRIZE.c.points)).where(own).group_by(*place)
    return [
        Drawn(wheel, prize, int(count), int(points), used.get((wheel, prize), {}))
        for wheel, prize, count, points in connection.execute(counted.order_by(*place))
    ]
