"""What a person gives and takes by hand: coupons, units, levels, memberships. Each says why."""

from engine.decision import Need
from engine.effects import (
    AnyEffect,
    AwardPoints,
    ChangeTier,
    EndCoupon,
    EndMembership,
    IssueCoupon,
    SpendPoints,
    StartMembership,
)
from engine.language.ladders import compile_ladders
from engine.ledger.books import fits
from engine.programme.asked import MAX_TEXT, Asked, Carried, whole
from engine.programme.awards import lasting
from engine.programme.issuing import expiry_of
from engine.programme.memberships import not_invited, running_until
from engine.programme.paying import ripened
from engine.programme.reasons import Refusal
from engine.programme.redeeming import unknown_coupon
from engine.programme.tiers import set_level as put_on
from engine.values import instant_text


def void_coupon(asked: Asked) -> Carried:
    """Take a coupon out of the member's hands.

    Raises:
        Refusal: If it isn't there, or is set aside for a redemption.
    """
    code = asked.text("code")
    asked.text("why")
    coupon = asked.state.coupons.get(code)
    if coupon is None:
        raise unknown_coupon(asked, code)
    if coupon.held_by:
        raise Refusal("coupon-held", code=code, held_by=coupon.held_by)
    effect = EndCoupon(id=asked.effect_id(0), action=0, code=code, coupon=coupon.coupon, how="voided")
    return _done(effect, code=code, coupon=coupon.coupon)


def grant_coupon(asked: Asked) -> Carried:
    """Give the member a coupon; nothing comes of it yet while its stock or its code is lacking.

    Raises:
        Refusal: If the member may have no more of them, or none is left.
    """
    key = asked.text("coupon")
    asked.text("why")
    definition = asked.catalogue.coupons.get(key)
    if definition is None:
        raise Refusal("coupon-unknown", coupon=key)
    had = asked.state.issued.get(key, 0)
    if definition.per_member is not None and had >= definition.per_member:
        raise Refusal("coupon-per-member", coupon=key, per_member=definition.per_member)
    expires_at = expiry_of(definition, asked.as_of, None)
    if expires_at is not None and expires_at <= asked.as_of:
        raise Refusal("coupon-expired", coupon=key, expires_at=instant_text(expires_at))
    if definition.total is not None:
        stock = Need(key="0.@person.stock", kind="stock", name=f"coupon/{key}", limit=definition.total)
        granted = asked.grant(stock)
        if granted is None:
            return Carried((), {})
        if granted is False:
            raise Refusal("coupon-stock", coupon=key, total=definition.total)
    code = asked.grant(Need(key="0.@person.code", kind="code", name=key, pool=definition.codes == "pool"))
    if code is None:
        return Carried((), {})
    if code is False:
        raise Refusal("coupon-codes", coupon=key)
    effect = IssueCoupon(id=asked.effect_id(0), action=0, coupon=key, code=code, expires_at=expires_at)
    ends = instant_text(expires_at) if expires_at is not None else None
    return _done(effect, coupon=key, code=code, expires_at=ends)


def adjust_points(asked: Asked) -> Carried:
    """Give the member units, or take some; what is given by hand can be spent at once.

    Raises:
        Refusal: If there are fewer to take, or the account can't hold so many.
    """
    unit = asked.text("unit")[:MAX_TEXT]
    definition = asked.unit(unit, "/unit")
    amount = whole(asked.told("amount"), "/amount")
    asked.text("why")
    account = ripened(asked.state.books, unit, asked.as_of).account
    effects = asked.falling_due([unit])
    at = len(effects)
    if amount > 0:
        if not fits(account, amount):
            raise Refusal("amount-too-large", path="/amount")
        _, expires_at = lasting(definition, asked.as_of, asked.zone)
        effects.append(
            AwardPoints(id=asked.effect_id(at), action=at, points=amount, unit=unit, expires_at=expires_at)
        )
        balance = account.available + max(0, amount - account.debt)
    else:
        if account.debt:
            raise Refusal("in-debt", unit=unit, debt=account.debt)
        if -amount > account.available:
            lacking = -amount - account.available
            raise Refusal("not-enough", unit=unit, available=account.available, lacking=lacking)
        effects.append(SpendPoints(id=asked.effect_id(at), action=at, points=-amount, unit=unit))
        balance = account.available + amount
    return _done(*effects, unit=unit, amount=amount, balance=balance)


def set_level(asked: Asked) -> Carried:
    """Put the member on a level, or below the first for null.

    Without `until` it lasts as long as a level that was earned now would be held.

    Raises:
        Refusal: If there is no such ladder or level.
    """
    ladder = compile_ladders(asked.catalogue).get(asked.text("ladder"))
    if ladder is None:
        raise Refusal("ladder-unknown", path="/ladder")
    if "tier" not in asked.event.properties:
        raise Refusal("bad-request", path="/tier")
    tier = asked.text("tier") if asked.told("tier") is not None else None
    if tier is not None and all(one.key != tier for one in ladder.definition.tiers):
        raise Refusal("tier-unknown", path="/tier")
    asked.text("why")
    change = put_on(ladder, asked.state, tier, asked.as_of, asked.zone, asked.later("until"))
    effect = ChangeTier(id=asked.effect_id(0), action=0, **change._asdict())
    ends = instant_text(change.until) if change.until is not None else None
    return _done(effect, ladder=change.ladder, tier=tier, before=change.before, until=ends)


def set_membership(asked: Asked) -> Carried:
    """Start, renew or end a membership. Without `until` it lasts as its definition says.

    Raises:
        Refusal: If there is no such membership, or none that could end, or the member isn't invited to it.
    """
    definition = asked.catalogue.memberships.get(asked.text("membership"))
    if definition is None:
        raise Refusal("membership-unknown", path="/membership")
    key = definition.key
    asked.text("why")
    until = asked.later("until")
    if asked.flag("end"):
        if until is not None:
            raise Refusal("bad-request", path="/until")
        if key not in asked.state.memberships:
            raise Refusal("membership-not-running", membership=key)
        ended = EndMembership(id=asked.effect_id(0), action=0, membership=key)
        return _done(ended, membership=key, ended=True)
    tag = not_invited([key], asked.state, asked.catalogue)
    if tag:
        raise Refusal("not-invited", membership=key, tag=tag)
    renewed = key in asked.state.memberships
    if until is None:
        until, renewed = running_until(definition, asked.state, asked.as_of, asked.zone)
        asked.within_reach(until, "/membership")
    effect = StartMembership(id=asked.effect_id(0), action=0, membership=key, until=until, renewed=renewed)
    return _done(effect, membership=key, until=instant_text(until), renewed=renewed)


def _done(*effects: AnyEffect, **answer: object) -> Carried:
    return Carried(effects, {"status": "done", **answer})
