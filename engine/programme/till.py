"""What a member can redeem on an order: the answer to a till that asks before it reserves."""

from typing import Any

from engine.language.benefits import UnitDefinition
from engine.language.catalogue import Catalogue
from engine.programme.basket import Basket
from engine.programme.coupons import end_of, take
from engine.programme.money import divided_half_up, text
from engine.programme.paying import can_pay, most, ripened
from engine.programme.reasons import Refusal, Refused
from engine.programme.together import Best, Usable, best
from engine.state import Coupon, MemberState
from engine.values import Instant, instant_text


def quote(state: MemberState, basket: Basket, catalogue: Catalogue, as_of: Instant) -> dict[str, Any]:
    """Return everything a member can redeem on an order, and why the rest can't be, as JSON.

    Amounts are canonical decimal text in the order's currency, units are whole.

    Args:
        state: The member.
        basket: The order.
        catalogue: The definitions in force.
        as_of: When.

    Returns:
        `coupons` that can be used, what takes off most first, each with `discount` and `limits`;
        `unusable` ones with their `reason` and what is lacking; `best`, the best coupons together;
        `member_price`, what the member's level makes of the total, or None;
        `units` that can pay, each with what it pays of the whole order and `with_best` of what the
        best coupons leave, and with every limit that applied.
    """
    usable: list[tuple[Usable, dict[str, Any]]] = []
    unusable: list[dict[str, Any]] = []
    for code in sorted(state.coupons):
        coupon = state.coupons[code]
        found = usable_coupon(code, coupon, basket, catalogue, as_of)
        if isinstance(found, Refused):
            named = {"code": code, "coupon": coupon.coupon, "reason": found.reason}
            unusable.append(named | found.more)
        else:
            usable.append(found)
    usable.sort(key=lambda one: (-one[0].minor, one[0].code))
    chosen = best([one for one, _ in usable], basket.minor_total)
    return {
        "order_id": basket.order_id,
        "total": text(basket.minor_total, basket.currency),
        "currency": basket.currency,
        "coupons": [said for _, said in usable],
        "unusable": unusable,
        "best": {
            "coupons": [one.code for one in chosen.coupons],
            "discount": text(chosen.minor, basket.currency),
            "exact": chosen.exact,
        },
        "member_price": _member_price(state, basket, catalogue),
        "units": [
            _unit(state, definition, basket, chosen, as_of)
            for definition in catalogue.units.values()
            if can_pay(definition)
        ],
    }


def _member_price(state: MemberState, basket: Basket, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the best price that a level gives, and why; None without one. The till takes it off itself."""
    found: list[tuple[int, str, str]] = []
    for key, level in state.levels.items():
        ladder = catalogue.ladders.get(key)
        found += [
            (tier.discount_percent, key, tier.key)
            for tier in (ladder.tiers if ladder is not None else [])
            if tier.key == level.tier and tier.discount_percent
        ]
    if not found:
        return None
    percent, ladder_key, tier_key = max(found)
    off = divided_half_up(basket.minor_total * percent, 100)
    return {
        "percent": percent,
        "price": text(basket.minor_total - off, basket.currency),
        "ladder": ladder_key,
        "tier": tier_key,
    }


def usable_coupon(
    code: str, coupon: Coupon, basket: Basket, catalogue: Catalogue, as_of: Instant
) -> tuple[Usable, dict[str, Any]] | Refused:
    """Return a coupon that can be used on an order and what a till is told of it, or why it can't be.

    Args:
        code: The coupon.
        coupon: What the member's state says of it.
        basket: The order.
        catalogue: The definitions in force.
        as_of: When.
    """
    definition = catalogue.coupons.get(coupon.coupon)
    if definition is None:
        return Refused("coupon-unknown")
    taken = take(definition, coupon, basket, as_of, currency=catalogue.programme.currency)
    if isinstance(taken, Refused):
        return taken
    end = end_of(definition, coupon)
    said = {
        "code": code,
        "coupon": coupon.coupon,
        "kind": definition.kind,
        "discount": text(taken.minor, basket.currency),
        "expires_at": instant_text(end) if end is not None else None,
        "limits": list(taken.limits),
    }
    return Usable(code, definition, taken.minor, end), said


def _unit(
    state: MemberState, definition: UnitDefinition, basket: Basket, chosen: Best, as_of: Instant
) -> dict[str, Any]:
    unit = definition.key
    account = ripened(state.books, unit, as_of).account
    held = sum(part.left for hold in state.books.holds.values() for name, part in hold.parts if name == unit)
    said: dict[str, Any] = {
        "unit": unit,
        "kind": definition.kind,
        "balance": account.available,
        "pending": account.pending,
        "held": held,
        "debt": account.debt,
    }
    try:
        whole = most(definition, account, basket, basket.minor_total)
        rest = most(definition, account, basket, basket.minor_total - chosen.minor)
    except Refusal as refusal:
        return said | {"units": 0, "pays": "0", "limits": [], "reason": refusal.refused.reason}
    with_best = {"units": rest.units, "pays": text(rest.minor, basket.currency)}
    return said | {
        "units": whole.units,
        "pays": text(whole.minor, basket.currency),
        "limits": whole.limits,
        "with_best": with_best,
    }
