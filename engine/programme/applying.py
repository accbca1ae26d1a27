"""What an effect does to the member: the mechanical half of the fold.

Nothing is decided here. Each effect says everything concretely; the books tell
which lots it moves.
"""

from typing import Any

import msgspec

from engine.effects import (
    AbsorbMember,
    AddTag,
    AnyEffect,
    ChangeTier,
    CloseHold,
    DrawPrize,
    EndCoupon,
    EndMembership,
    EraseMember,
    IssueCoupon,
    ReleaseTag,
    RemoveTag,
    RestoreCoupon,
    SendMessage,
    StartMembership,
    StartWait,
)
from engine.events import (
    COUPON_EXPIRED,
    COUPON_ISSUED,
    COUPON_REDEEMED,
    COUPON_RESTORED,
    COUPON_VOIDED,
    MEMBERSHIP_EXPIRED,
    MEMBERSHIP_RENEWED,
    MEMBERSHIP_STARTED,
    MESSAGE_REQUESTED,
    POINTS_REDEEMED,
    PRIZE_DRAWN,
    TAG_ADDED,
    TAG_REMOVED,
    TIER_DOWNGRADED,
    TIER_RETAINED,
    TIER_SET,
    TIER_UPGRADED,
)
from engine.ledger import moving
from engine.ledger.books import Books, Order, Redeemed, with_order
from engine.ledger.moving import Poster
from engine.ledger.postings import Record
from engine.programme.bookkeeping import (
    Applied,
    Cause,
    Heard,
    coupon_move,
    kept,
    remembered,
    told,
    with_books,
)
from engine.programme.contacting import waiting
from engine.programme.erasing import forgotten
from engine.programme.merging import absorbing
from engine.programme.partners import charge_of, charged, given_back
from engine.programme.tiers import level_after
from engine.state import Coupon, Enrolment, Held, Membership, MemberState, changed
from engine.watch.moving import Moving, moved

_replace = msgspec.structs.replace
_ENDED = {"redeemed": COUPON_REDEEMED, "expired": COUPON_EXPIRED, "voided": COUPON_VOIDED}
_MOVED = {
    "upgraded": TIER_UPGRADED,
    "downgraded": TIER_DOWNGRADED,
    "retained": TIER_RETAINED,
    "set": TIER_SET,
}


def applied(state: MemberState, effect: AnyEffect, cause: Cause) -> Applied:
    """Return what an effect leads to."""
    if isinstance(effect, AddTag | ReleaseTag | RemoveTag):
        return _tags(state, effect)
    if isinstance(effect, IssueCoupon | EndCoupon | RestoreCoupon):
        return _coupons(state, effect, cause)
    if isinstance(effect, Moving):
        after, heard = moved(state, effect)
        return Applied(after, heard, [])
    if isinstance(effect, ChangeTier | StartMembership | EndMembership):
        return _standing(state, effect, cause)
    if isinstance(effect, SendMessage):
        return _message(state, effect, cause)
    if isinstance(effect, StartWait):
        return Applied(_waiting(state, effect, cause), [], [])
    if isinstance(effect, DrawPrize):
        return Applied(state, [(PRIZE_DRAWN, {"wheel": effect.wheel, "prize": effect.prize})], [])
    if isinstance(effect, CloseHold):
        return _closed(state, effect, cause)
    if isinstance(effect, AbsorbMember | EraseMember):
        return (
            absorbing(state, effect, cause) if isinstance(effect, AbsorbMember) else forgotten(state, effect)
        )
    return kept(state, effect, cause)


def _tags(state: MemberState, effect: AddTag | ReleaseTag | RemoveTag) -> Applied:
    if isinstance(effect, AddTag):
        return _put_on(state, effect)
    holders = state.tags.get(effect.tag)
    if holders is None:
        return Applied(state, [], [])
    if isinstance(effect, ReleaseTag):
        left = {key: held for key, held in holders.items() if key != effect.holder}
        if left:
            return Applied(changed(state, tags={**state.tags, effect.tag: left}), [], [])
    tags = {tag: holders for tag, holders in state.tags.items() if tag != effect.tag}
    return Applied(changed(state, tags=tags), [(TAG_REMOVED, {"tag": effect.tag})], [])


def _message(state: MemberState, effect: SendMessage, cause: Cause) -> Applied:
    """A message counts when it is requested: neither while quiet hours hold it, nor if it is suppressed."""
    if effect.suppressed is not None:
        left = [one for one in state.waiting if one.id != effect.waited] if effect.waited else state.waiting
        return Applied(state if left == state.waiting else changed(state, waiting=left), [], [])
    if effect.until is not None:
        return Applied(changed(state, waiting=waiting(state, effect, cause.outcome, cause.event)), [], [])
    told = {
        "channel": effect.channel,
        "template": effect.template,
        "purpose": effect.purpose,
        "rule": cause.outcome.rule,
    }
    return Applied(state, [(MESSAGE_REQUESTED, told)], [])


def _put_on(state: MemberState, effect: AddTag) -> Applied:
    holders = state.tags.get(effect.tag)
    held = Held(state.as_of, effect.expires_at, effect.why)
    gone = [tag for tag in effect.instead_of if tag in state.tags]
    tags = {tag: holders for tag, holders in state.tags.items() if tag not in gone}
    tags[effect.tag] = {**(holders or {}), effect.holder: held}
    heard: list[Heard] = [(TAG_REMOVED, {"tag": tag}) for tag in gone]
    if not holders:
        heard.append((TAG_ADDED, {"tag": effect.tag}))
    return Applied(changed(state, tags=tags), heard, [])


def _waiting(state: MemberState, effect: StartWait, cause: Cause) -> MemberState:
    outcome, number = cause.outcome, effect.number or cause.event.member_sequence
    since = effect.since or state.as_of
    wait = Enrolment(
        outcome.rule, outcome.version, number, effect.resume, effect.due_at, since, effect.action
    )
    return changed(state, enrolments=[*state.enrolments, wait])


def _coupons(state: MemberState, effect: IssueCoupon | EndCoupon | RestoreCoupon, cause: Cause) -> Applied:
    if isinstance(effect, IssueCoupon):
        coupon = Coupon(effect.coupon, state.as_of, effect.expires_at)
        issued = {**state.issued, effect.coupon: state.issued.get(effect.coupon, 0) + 1}
        coupons = {**state.coupons, effect.code: coupon}
        move = coupon_move(effect.code, coupon, "issued", state.as_of, given=True)
        heard = (COUPON_ISSUED, {"coupon": effect.coupon})
        return Applied(changed(state, coupons=coupons, issued=issued), [heard], [move])
    told = {"coupon": effect.coupon}
    if effect.order:
        told["order_id"] = effect.order
    return (
        _restored(state, effect, told)
        if isinstance(effect, RestoreCoupon)
        else _ended(state, effect, told, cause)
    )


def _restored(state: MemberState, effect: RestoreCoupon, told: dict[str, Any]) -> Applied:
    coupon = Coupon(effect.coupon, state.as_of, effect.expires_at)
    order = state.books.orders[effect.order]
    used = next(one for one in order.coupons if one.code == effect.code)
    rest = tuple(one for one in order.coupons if one is not used)
    books = with_order(state.books, effect.order, _replace(order, coupons=rest))
    coupons = {**state.coupons, effect.code: coupon}
    records: list[Record] = [coupon_move(effect.code, coupon, "issued", state.as_of)]
    if used.charge is not None:
        records.append(given_back(used.charge, effect.code, effect.id, state.as_of))
    return Applied(changed(state, coupons=coupons, books=books), [(COUPON_RESTORED, told)], records)


def _ended(state: MemberState, effect: EndCoupon, told: dict[str, Any], cause: Cause) -> Applied:
    held = state.coupons[effect.code]
    coupons = {code: one for code, one in state.coupons.items() if code != effect.code}
    state = changed(state, coupons=coupons)
    records: list[Record] = [coupon_move(effect.code, held, effect.how, state.as_of, order=effect.order)]
    if effect.how == "redeemed":
        definition = cause.in_force.rules.catalogue.coupons.get(effect.coupon)
        charge = charge_of(definition, effect.id, effect.code)
        if charge is not None:
            records.append(charged(charge, effect.code, state.as_of))
        if effect.order:
            used = Redeemed(effect.code, effect.coupon, held.expires_at, charge)
            state = changed(state, books=_with_coupon(state.books, effect.order, used, cause))
    return Applied(state, [(_ENDED[effect.how], told)], records)


def _with_coupon(books: Books, key: str, used: Redeemed, cause: Cause) -> Books:
    order = books.orders.get(key) or Order(cause.event.as_of)
    coupons = (*order.coupons, used)
    return with_order(remembered(books, cause), key, _replace(order, coupons=coupons))


def _standing(
    state: MemberState, effect: ChangeTier | StartMembership | EndMembership, cause: Cause
) -> Applied:
    if isinstance(effect, ChangeTier):
        ladder = cause.in_force.rules.ladders.get(effect.ladder)
        levels = {key: one for key, one in state.levels.items() if key != effect.ladder}
        if ladder is not None:
            levels[effect.ladder] = level_after(effect, state, state.as_of, ladder, cause.zone)
        state = changed(state, levels=levels)
        name = _MOVED.get(effect.how)
        told = {
            key: said
            for key, said in (("ladder", effect.ladder), ("tier", effect.tier), ("before", effect.before))
            if said is not None
        }
        return Applied(state, [(name, told)] if name is not None else [], [])
    key = effect.membership
    if isinstance(effect, StartMembership):
        running = state.memberships.get(key)
        since = running.since if running is not None else state.as_of
        memberships = {**state.memberships, key: Membership(since, effect.until)}
        name = MEMBERSHIP_RENEWED if effect.renewed else MEMBERSHIP_STARTED
    else:
        memberships = {one: kept for one, kept in state.memberships.items() if one != key}
        name = MEMBERSHIP_EXPIRED
    return Applied(changed(state, memberships=memberships), [(name, {"membership": key})], [])


def _closed(state: MemberState, effect: CloseHold, cause: Cause) -> Applied:
    poster = Poster(effect.id, state.member, state.as_of)
    held = state.books.holds[effect.hold]
    codes = [code for code in held.coupons if code in state.coupons]
    heard: list[Heard] = []
    if effect.how != "confirmed":
        state = with_books(state, moving.release(state.books, poster, effect.hold))
        free = {code: _replace(state.coupons[code], held_by="") for code in codes}
        moves = [coupon_move(code, one, "issued", state.as_of) for code, one in free.items()]
        state = changed(state, coupons={**state.coupons, **free})
        return Applied(state, heard, [*poster.postings, *moves])
    units: dict[str, int] = {}
    for unit, part in held.parts:
        units[unit] = units.get(unit, 0) + part.left
    state = with_books(state, moving.confirm(state.books, poster, effect.hold))
    heard += [(POINTS_REDEEMED, told(unit, points, held.order)) for unit, points in units.items()]
    records: list[Record] = [*poster.postings]
    for code in codes:
        ended = EndCoupon(
            id=effect.id,
            action=effect.action,
            code=code,
            coupon=state.coupons[code].coupon,
            how="redeemed",
            order=held.order,
        )
        state, more, made = _coupons(state, ended, cause)
        heard += more
        records += made
    return Applied(state, heard, records)
