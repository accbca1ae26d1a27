"""Which coupons can be used on one order together, and which are best."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from engine.language.benefits import CouponDefinition
from engine.values import Instant

EXACT_UP_TO: Final = 12
"""With more coupons than this, not every combination is tried."""


class Usable(NamedTuple):
    """A coupon that can be used on an order.

    Attributes:
        code: The coupon.
        definition: What kind it is.
        minor: What it takes off by itself, in minor units.
        expires_at: First instant at which it can't be redeemed; None for never.
    """

    code: str
    definition: CouponDefinition
    minor: int
    expires_at: Instant | None


class Best(NamedTuple):
    """The best coupons for an order.

    Attributes:
        coupons: Those to use, what takes off most first.
        minor: What they take off together, in minor units; never more than the order.
        exact: Whether every combination was tried. Otherwise none takes off more, but fewer
            coupons might take off as much.
    """

    coupons: tuple[Usable, ...]
    minor: int
    exact: bool


def together(one: CouponDefinition, other: CouponDefinition) -> bool:
    """Return whether two coupons can be used on one order."""
    return one.with_others and other.with_others and (one.group is None or one.group != other.group)


def apart(definitions: Sequence[tuple[str, CouponDefinition]]) -> tuple[str, str] | None:
    """Return the first two codes whose coupons can't be used together, or None if all can."""
    for (code, one), (another, other) in combinations(definitions, 2):
        if not together(one, other):
            return code, another
    return None


def best(usable: Sequence[Usable], minor_total: int) -> Best:
    """Return the coupons that take off most together.

    Where several combinations take off as much, the one with fewer coupons is
    best, then the one that expires first, then the one whose codes come first.
    A coupon that takes nothing off, such as a gift, is never used up this way.

    Args:
        usable: Coupons that can be used on the order, each by itself.
        minor_total: What the order comes to, in minor units.
    """
    gaining = sorted((one for one in usable if one.minor), key=lambda one: (-one.minor, *_first(one)))
    exact = len(gaining) <= EXACT_UP_TO
    tried = _every(gaining) if exact else _promising(gaining, minor_total)
    chosen = min(tried, key=lambda many: _rank(many, minor_total))
    return Best(chosen, min(minor_total, sum(one.minor for one in chosen)), exact)


def _every(coupons: Sequence[Usable]) -> list[tuple[Usable, ...]]:
    found: list[tuple[Usable, ...]] = [()]
    for one in coupons:
        found += [
            (*many, one)
            for many in found
            if all(together(one.definition, other.definition) for other in many)
        ]
    return found


def _promising(coupons: Sequence[Usable], minor_total: int) -> Iterator[tuple[Usable, ...]]:
    """Yield each coupon alone, and the dearest ones that go together until the order is paid."""
    many: tuple[Usable, ...] = ()
    for one in coupons:
        yield (one,)
        paid = sum(other.minor for other in many) >= minor_total
        fits = all(together(one.definition, other.definition) for other in many)
        if one.definition.with_others and fits and not paid:
            many = (*many, one)
    yield many


_Rank = tuple[int, int, list[tuple[bool, Instant, str]]]


def _rank(many: tuple[Usable, ...], minor_total: int) -> _Rank:
    taken = min(minor_total, sum(one.minor for one in many))
    return -taken, len(many), sorted(_first(one) for one in many)


def _first(one: Usable) -> tuple[bool, Instant, str]:
    return one.expires_at is None, one.expires_at or 0, one.code
