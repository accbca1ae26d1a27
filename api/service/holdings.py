"""What a member holds, as shapes: balances, coupons, levels, memberships, and what is set aside."""

from typing import Any

from api.service.naming import named, tier_name
from engine.index import Index
from engine.language.catalogue import Catalogue
from engine.ledger.books import Account
from engine.programme.tiers import applies, to_next
from engine.state import Coupon, MemberState
from engine.timers import zone_of
from engine.values import Instant, decimal_text, instant_text

Json = dict[str, Any]


def holdings(state: MemberState, index: Index, now: Instant) -> Json:
    """Return the part of a MemberDetail that the programme gave.

    Args:
        state: The member.
        index: The rules in force, for names and ladders.
        now: The instant at which coupons are valid or not, and levels are measured.
    """
    catalogue = index.rules.catalogue
    return {
        "points": state.points,
        "balances": _balances(state, catalogue),
        "coupons": [_coupon(code, one, catalogue, now) for code, one in state.coupons.items()],
        "levels": _levels(state, index, now),
        "memberships": [
            {
                "membership": key,
                "name": named("memberships", key, catalogue),
                "since": instant_text(one.since),
                "until": instant_text(one.until),
            }
            for key, one in sorted(state.memberships.items())
        ],
        "segments": [
            {"segment": key, "name": named("segments", key, catalogue), "since": instant_text(since)}
            for key, since in sorted(state.segments.items())
        ],
        "holds": _holds(state),
    }


def _balances(state: MemberState, catalogue: Catalogue) -> list[Json]:
    """Return every unit that is defined, then those that the member still has of what isn't any more."""
    gone = sorted(unit for unit in state.books.accounts if unit not in catalogue.units)
    return [_balance(unit, state, catalogue) for unit in (*catalogue.units, *gone)]


def _balance(unit: str, state: MemberState, catalogue: Catalogue) -> Json:
    account, definition = state.books.account(unit), catalogue.unit(unit)
    end, amount = _soonest(account)
    held = sum(part.left for hold in state.books.holds.values() for of, part in hold.parts if of == unit)
    return {
        "unit": unit,
        "name": named("units", unit, catalogue),
        "kind": definition.kind,
        "currency": definition.currency,
        "available": account.available,
        "pending": account.pending,
        "held": held,
        "debt": account.debt,
        "earned": account.earned,
        "expires_at": maybe(end),
        "expiring": amount,
    }


def _soonest(account: Account) -> tuple[Instant | None, int]:
    """Return when something of an account expires next, and how much then; None and 0 for never."""
    ends = [lot.expires_at for lot in account.lots if lot.expires_at is not None]
    if not ends:
        return None, 0
    end = min(ends)
    return end, sum(lot.left for lot in account.lots if lot.expires_at == end)


def _coupon(code: str, one: Coupon, catalogue: Catalogue, now: Instant) -> Json:
    expired = one.expires_at is not None and one.expires_at <= now
    return {
        "code": code,
        "coupon": one.coupon,
        "name": named("coupons", one.coupon, catalogue),
        "state": "held" if one.held_by else "expired" if expired else "issued",
        "issued_at": instant_text(one.issued_at),
        "expires_at": maybe(one.expires_at),
        "held_by": one.held_by or None,
    }


def _levels(state: MemberState, index: Index, now: Instant) -> list[Json]:
    """Return where the member stands on each ladder that is for it, and on each it was put on."""
    catalogue, zone = index.rules.catalogue, zone_of(state, index)
    found: list[Json] = []
    for key, ladder in index.rules.ladders.items():
        level = state.levels.get(key)
        if level is None and not applies(ladder, state):
            continue
        tier = level.tier if level is not None else None
        ahead = to_next(ladder, state, now, zone)
        found.append(
            {
                "ladder": key,
                "name": named("ladders", key, catalogue),
                "tier": tier,
                "tier_name": tier_name(key, tier, catalogue) if tier is not None else None,
                "since": maybe(level.since) if level is not None else None,
                "until": maybe(level.until) if level is not None else None,
                "set_by_hand": level is not None and level.set_by_hand,
                "in_grace": level is not None and level.in_grace,
                "next": None
                if ahead is None
                else {
                    "tier": ahead.tier,
                    "name": tier_name(key, ahead.tier, catalogue),
                    "missing": decimal_text(ahead.missing),
                },
            }
        )
    return found


def _holds(state: MemberState) -> list[Json]:
    found: list[Json] = []
    for key, hold in sorted(state.books.holds.items()):
        units: dict[str, int] = {}
        for unit, part in hold.parts:
            units[unit] = units.get(unit, 0) + part.left
        found.append(
            {
                "redemption": key,
                "order_id": hold.order or None,
                "until": instant_text(hold.until),
                "units": units,
                "coupons": list(hold.coupons),
            }
        )
    return found


def maybe(instant: Instant | None) -> str | None:
    """Return an instant as RFC 3339 text; None for none."""
    return None if instant is None else instant_text(instant)
