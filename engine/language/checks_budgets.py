"""Checks of the budget that a rule draws on."""

from collections.abc import Iterator

from engine.language.actions import Action
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue
from engine.language.checks_conditions import event_fact
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
)
from engine.language.journey import placed, started_by
from engine.language.scarce import BudgetDefinition, WheelDefinition

PATH = "/limits/budget"
CAMPAIGN_PATH = "/campaign"


def budget_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the budget that a rule names, and with that of its campaign."""
    key = document.limits.budget if document.limits is not None else None
    budget = catalogue.budgets.get(key) if key is not None else None
    if key is not None and budget is None:
        yield diagnostic("unknown-budget", PATH, name=key)
    elif budget is not None:
        yield from _split(budget, PATH, document, catalogue)
        if budget.counts == "money":
            yield from _money(budget, PATH, document, catalogue)
        if not _may_cost(budget, document, catalogue):
            yield diagnostic("nothing-to-budget", PATH, **named(budget.name))
    campaign = catalogue.campaigns.get(document.campaign) if document.campaign is not None else None
    shared = catalogue.budgets.get(campaign.budget) if campaign is not None and campaign.budget else None
    if shared is not None and shared is not budget:
        yield from _split(shared, CAMPAIGN_PATH, document, catalogue)
        if shared.counts == "money":
            yield from _money(shared, CAMPAIGN_PATH, document, catalogue)


def _may_cost(budget: BudgetDefinition, document: RuleDocument, catalogue: Catalogue) -> bool:
    """Return whether a rule may give anything that a budget counts."""
    if budget.counts == "money":
        return any(True for action in _at_once(document) for _ in _costs(action, catalogue))
    return budget.counts == "firings" or any(_awards(one, catalogue) for one in _at_once(document))


def _split(
    budget: BudgetDefinition, path: str, document: RuleDocument, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """Yield a property that splits the budget and that the rule's event hasn't."""
    event_name = started_by(document.when)
    fact = catalogue.facts.get(f"event.{budget.by}") if budget.by is not None else None
    if fact is not None and event_name in catalogue.events:
        yield from event_fact(fact, path, event_name, catalogue)


def _money(
    budget: BudgetDefinition, path: str, document: RuleDocument, catalogue: Catalogue
) -> Iterator[Diagnostic]:
    """Yield what costs money in another currency than the budget's."""
    costs = [one for action in _at_once(document) for one in _costs(action, catalogue)]
    for said, currency in costs:
        if currency != budget.currency:
            yield diagnostic(
                "budget-currency",
                path,
                currency=budget.currency,
                other=currency,
                **named(budget.name),
                **said,
            )


def _costs(action: Action, catalogue: Catalogue) -> Iterator[tuple[dict[str, str], str]]:
    """Yield what an action may give that costs money: its name, and the currency of its cost."""
    own = catalogue.programme.currency
    if isinstance(action, IssueCouponAction):
        coupon = catalogue.coupons.get(action.coupon)
        if coupon is not None and coupon.unit_cost is not None:
            yield named(coupon.name, "cost"), coupon.currency or own
    wheel = _wheel(action, catalogue)
    for prize in wheel.prizes if wheel is not None else []:
        if prize.cost is not None:
            yield named(prize.name, "cost"), own


def _awards(action: Action, catalogue: Catalogue) -> bool:
    """Return whether an action may award points."""
    if isinstance(action, AwardPointsAction | AwardPointsByAmountAction):
        return action.unit in {None, POINTS}
    wheel = _wheel(action, catalogue)
    return wheel is not None and any(one.gives == "points" for one in wheel.prizes)


def _wheel(action: Action, catalogue: Catalogue) -> WheelDefinition | None:
    return catalogue.wheels.get(action.wheel) if isinstance(action, DrawPrizeAction) else None


def _at_once(document: RuleDocument) -> Iterator[Action]:
    """Yield the actions before the first wait: only they draw on the budget."""
    for one in placed(document):
        if not one.waited:
            yield one.action
