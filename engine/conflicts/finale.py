"""The entry that sets rules off: the event itself, or what somebody asks for that leads to it."""

from collections.abc import Mapping
from typing import Any, Final

from engine import events
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue

_HIDDEN: Final = frozenset(
    (
        events.TIMER_FIRED,
        events.MEMBERS_MERGED,
        events.COUPON_REDEEMED,
        events.COUPON_EXPIRED,
        events.COUPON_VOIDED,
        events.COUPON_RESTORED,
        events.POINTS_ACTIVATED,
        events.POINTS_EXPIRED,
        events.POINTS_REVERSED,
        events.POINTS_RESTORED,
        events.TIER_UPGRADED,
        events.TIER_DOWNGRADED,
        events.TIER_RETAINED,
        events.MEMBERSHIP_RENEWED,
        events.MEMBERSHIP_EXPIRED,
        events.PRIZE_DRAWN,
        events.SCORE_CHANGED,
        events.CONDITION_BEGAN,
        events.CONDITION_ENDED,
        events.MESSAGE_REQUESTED,
    )
)
"""Events of the programme's own that nothing that is told here leads to."""

Asked = tuple[str, dict[str, Any]]
"""A request: what is asked for, and what is said of it."""


def can_be_told(name: str) -> bool:
    """Return whether an event can be brought about by something that is told of a member."""
    return name not in _HIDDEN and name not in events.REQUESTS


def asked_for(name: str, told: Mapping[str, Any], catalogue: Catalogue, why: str) -> list[Asked] | None:
    """Return the requests that lead to one of the programme's own events; None if it is an event of its own.

    Args:
        name: Name of the event.
        told: What is wished of its properties.
        catalogue: The definitions in force.
        why: The reason that is given.

    Returns:
        What is asked for, in order; the last one leads to the event. Empty if nothing that is asked for does.
    """
    said: dict[str, Any] = {"why": why}
    if name in {events.TAG_ADDED, events.TAG_REMOVED}:
        tag = told.get("tag", next(iter(catalogue.tags), ""))
        if tag not in catalogue.tags:
            return []
        put_on: Asked = (events.TAG_GRANTED, {"tag": tag, **said})
        taken_off: Asked = (events.TAG_WITHDRAWN, {"tag": tag, "all": True, **said})
        return [put_on] if name == events.TAG_ADDED else [put_on, taken_off]
    if name in {events.POINTS_EARNED, events.POINTS_REDEEMED}:
        unit, amount = told.get("unit", POINTS), told.get("points", 1)
        if unit not in catalogue.units or not isinstance(amount, int) or amount < 1:
            return []
        given: Asked = (events.POINTS_ADJUSTED, {"unit": unit, "amount": amount, **said})
        spent: Asked = (events.POINTS_ADJUSTED, {"unit": unit, "amount": -amount, **said})
        return [given] if name == events.POINTS_EARNED else [given, spent]
    if name == events.COUPON_ISSUED:
        coupon = told.get("coupon", next(iter(catalogue.coupons), ""))
        return [(events.COUPON_GRANTED, {"coupon": coupon, **said})] if coupon in catalogue.coupons else []
    if name == events.TIER_SET:
        return _level(told, catalogue, said)
    if name == events.MEMBERSHIP_STARTED:
        key = told.get("membership", next(iter(catalogue.memberships), ""))
        begun: Asked = (events.MEMBERSHIP_SET, {"membership": key, **said})
        return [begun] if key in catalogue.memberships else []
    return None


def _level(told: Mapping[str, Any], catalogue: Catalogue, said: dict[str, Any]) -> list[Asked]:
    ladder = catalogue.ladders.get(told.get("ladder", next(iter(catalogue.ladders), "")))
    if ladder is None:
        return []
    tier = told.get("tier", ladder.tiers[-1].key)
    if all(one.key != tier for one in ladder.tiers):
        return []
    return [(events.LEVEL_SET, {"ladder": ladder.key, "tier": tier, **said})]
