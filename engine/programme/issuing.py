"""Issuing coupons, and what is scarce: claims, stock, codes and budgets.

Everything that a rule needs is asked for before it fires; what is refused
holds the whole rule back, so that a member never gets half of a promise.
"""

from collections.abc import Sequence
from decimal import Decimal

from engine.decision import Need, Outcome
from engine.effects import AnyEffect, AwardPoints, DrawPrize, IssueCoupon, SpendPoints, StartMembership
from engine.language.actions import Action
from engine.language.benefits import POINTS, CouponDefinition
from engine.language.catalogue import Catalogue
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    IssueCouponAction,
    SpendPointsAction,
    StartMembershipAction,
)
from engine.language.scarce import BudgetDefinition
from engine.language.telling import TellMemberAction
from engine.programme.awards import claim
from engine.programme.memberships import not_invited
from engine.programme.money import minor_digits
from engine.programme.occasion import Occasion
from engine.programme.telling import untold
from engine.schedule import DAY, local
from engine.state import MemberState
from engine.values import Instant, parse_instant


def issue(occasion: Occasion, at: int, action: IssueCouponAction) -> IssueCoupon:
    """Return the coupon of an action; its code is empty while it is lacking."""
    definition = occasion.catalogue.coupons.get(action.coupon)
    need = code_need(occasion, at, action.coupon)
    return IssueCoupon(
        id=occasion.effect_id(at),
        action=at,
        coupon=action.coupon,
        code=occasion.grant(need) or "",
        expires_at=expiry_of(definition, occasion.event.as_of, occasion.after(at)),
    )


def code_need(occasion: Occasion, what: int | str, coupon: str) -> Need:
    """Return the need of a coupon's code."""
    definition = occasion.catalogue.coupons.get(coupon)
    pool = definition is not None and definition.codes == "pool"
    return Need(key=occasion.need_key(what), kind="code", name=coupon, pool=pool)


def expiry_of(definition: CouponDefinition | None, as_of: Instant, until: Instant | None) -> Instant | None:
    """Return the first instant at which a coupon can't be redeemed; None for never.

    Args:
        definition: What it is; None if it isn't defined any more.
        as_of: When it is issued.
        until: What the rule says, instead of the definition's days; None if it says nothing.
    """
    if definition is None:
        return until
    if until is None and definition.valid_days is not None:
        until = as_of + definition.valid_days * DAY
    if definition.valid_until is not None:
        end = parse_instant(definition.valid_until)
        until = end if until is None else min(until, end)
    return until


def short(occasion: Occasion, run: Sequence[int]) -> str:
    """Return why a rule can't give what it says up to its next wait, or nothing if it can.

    Asks the host for claims and for stock; takes nothing of the member's.

    Args:
        occasion: The rule that is true.
        run: Indices of the actions that run now.
    """
    spent: dict[str, int] = {}
    issued: dict[str, int] = {}
    actions = occasion.rule.journey.actions
    for at in run:
        action = actions[at]
        if isinstance(action, SpendPointsAction) and not action.or_what_is_there:
            unit = action.unit or POINTS
            spent[unit] = spent.get(unit, 0) + action.points
            if spent[unit] > occasion.state.books.account(unit).available:
                return "not-enough-points"
        elif isinstance(action, IssueCouponAction):
            issued[action.coupon] = issued.get(action.coupon, 0) + 1
            why = coupon_short(occasion, at, action.coupon, issued[action.coupon])
            if why:
                return why
        else:
            why = _unclaimed(occasion, at, action)
            if why:
                return why
    return ""


def _unclaimed(occasion: Occasion, at: int, action: Action) -> str:
    """Return why an action can't be carried out: it claims, needs inviting, or reaches another member."""
    if isinstance(action, TellMemberAction):
        return untold(occasion, at, action)
    if isinstance(action, StartMembershipAction):
        tag = not_invited([action.membership], occasion.state, occasion.catalogue)
        return "not-invited" if tag else ""
    if isinstance(action, AwardPointsAction | AwardPointsByAmountAction) and action.once_per is not None:
        need = claim(occasion, at, action.once_per, action.unit or POINTS)
        if need is None:
            return "nothing-to-claim"
        if occasion.grant(need) is False:
            return "claimed-already"
    return ""


def unaffordable(state: MemberState, outcome: Outcome, catalogue: Catalogue) -> str:
    """Return why an outcome can't be carried out any more after those before it in its step, or nothing."""
    spent: dict[str, int] = {}
    issued: dict[str, int] = {}
    for effect in outcome.effects:
        if isinstance(effect, SpendPoints):
            spent[effect.unit] = spent.get(effect.unit, 0) + effect.points
        elif isinstance(effect, IssueCoupon):
            issued[effect.coupon] = issued.get(effect.coupon, 0) + 1
    if any(points > state.books.account(unit).available for unit, points in spent.items()):
        return "not-enough-points"
    begun = [one.membership for one in outcome.effects if isinstance(one, StartMembership)]
    if begun and not_invited(begun, state, catalogue):
        return "not-invited"
    for coupon, count in issued.items():
        definition = catalogue.coupons.get(coupon)
        limit = definition.per_member if definition is not None else None
        if limit is not None and state.issued.get(coupon, 0) + count > limit:
            return "coupon-per-member"
    return ""


def over_budget(occasion: Occasion, effects: Sequence[AnyEffect]) -> bool:
    """Return whether a budget of the rule, or of its campaign, has too little left; asks the host.

    Where both name the same budget it is drawn on once.
    """
    document = occasion.rule.document
    campaign = occasion.catalogue.campaigns.get(document.campaign) if document.campaign else None
    own = document.limits.budget if document.limits is not None else None
    shared = campaign.budget if campaign is not None and campaign.budget != own else None
    return _overdrawn(occasion, own, "budget", effects) or _overdrawn(
        occasion, shared, "campaign-budget", effects
    )


def _overdrawn(occasion: Occasion, key: str | None, what: str, effects: Sequence[AnyEffect]) -> bool:
    budget = occasion.catalogue.budgets.get(key) if key is not None else None
    if budget is None:
        return False
    amount = cost_of(occasion, budget, effects)
    if amount < 1:
        return False
    need = Need(
        key=occasion.need_key(what),
        kind="budget",
        name=pot_name(occasion, budget),
        limit=_whole(Decimal(budget.amount), budget),
        amount=amount,
    )
    return occasion.grant(need) is False


def cost_of(occasion: Occasion, budget: BudgetDefinition, effects: Sequence[AnyEffect]) -> int:
    """Return what effects cost a budget: points, the cost of coupons and prizes in minor units, or 1.

    A prize that says its cost has told that of the coupon that it gives, too.
    """
    if budget.counts == "firings":
        return 1
    if budget.counts == "points":
        return sum(one.points for one in effects if isinstance(one, AwardPoints) and one.unit == POINTS)
    catalogue = occasion.catalogue
    cost = Decimal(0)
    drawn: dict[int, bool] = {}
    for effect in effects:
        if isinstance(effect, DrawPrize):
            prize = next(one for one in catalogue.wheels[effect.wheel].prizes if one.key == effect.prize)
            drawn[effect.action] = prize.cost is not None
            cost += Decimal(prize.cost or 0)
        elif isinstance(effect, IssueCoupon) and not drawn.get(effect.action, False):
            coupon = catalogue.coupons.get(effect.coupon)
            cost += Decimal(coupon.unit_cost or 0) if coupon is not None else 0
    return _whole(cost, budget)


def pot_name(occasion: Occasion, budget: BudgetDefinition) -> str:
    """Return the name of the pot that is drawn on: the budget, its split, and its period."""
    told = occasion.properties.get(budget.by) if budget.by is not None else None
    split = told if isinstance(told, str) else ""
    moment = local(occasion.event.as_of, occasion.catalogue.programme.zone)
    period = {"total": "", "month": f"{moment:%Y-%m}", "day": f"{moment:%Y-%m-%d}"}[budget.period]
    return f"{budget.key}/{split}/{period}"


def _whole(amount: Decimal, budget: BudgetDefinition) -> int:
    return int(amount.scaleb(minor_digits(budget.currency))) if budget.currency is not None else int(amount)


def coupon_short(occasion: Occasion, what: int | str, coupon: str, wanted: int) -> str:
    """Return why so many more coupons can't be issued to the member, or nothing; asks the host.

    Args:
        occasion: The rule that is true.
        what: What names the need of the code.
        coupon: Key of the definition.
        wanted: How many the member would get by this rule, this one among them.
    """
    definition = occasion.catalogue.coupons.get(coupon)
    if definition is None:
        return ""
    had = occasion.state.issued.get(coupon, 0)
    if definition.per_member is not None and had + wanted > definition.per_member:
        return "coupon-per-member"
    if definition.total is not None:
        key = occasion.need_key(f"{what}-stock")
        need = Need(key=key, kind="stock", name=f"coupon/{coupon}", limit=definition.total)
        if occasion.grant(need) is False:
            return "coupon-stock"
    if definition.codes == "pool" and occasion.grant(code_need(occasion, what, coupon)) is False:
        return "coupon-codes"
    return ""
