"""Checks of the budget that a rule draws on."""

from collections.abc import Iterator

from engine.language.actions import Action, WaitAction
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue
from engine.language.checks_conditions import event_fact, started_by
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
)
from engine.language.scarce import BudgetDefinition, WheelDefinition

PATH = "/limits/budget"


def budget_findings(document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what is wrong with the budget that a rule names."""
    key = document.limits.budget if document.limits is not None else None
    if key is None:
        return
    budget = catalogue.budgets.get(key)
    if budget is None:
        yield diagnostic("unknown-budget", PATH, name=key)
        return
    yield from _split(budget, document, catalogue)
    if budget.counts == "money":
        yield from _money(budget, document, catalogue)
    elif budget.counts == "points" and not any(_awards(one, catalogue) for one in _at_once(document)):
        yield diagnostic("nothing-to-budget", PATH, **named(budget.name))


def _split(budget: BudgetDefinition, document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield a property that splits the budget and that the rule's event hasn't."""
    event_name = started_by(document.when)
    fact = catalogue.facts.get(f"event.{budget.by}") if budget.by is not None else None
    if fact is not None and event_name in catalogue.events:
        yield from event_fact(fact, PATH, event_name, catalogue)


def _money(budget: BudgetDefinition, document: RuleDocument, catalogue: Catalogue) -> Iterator[Diagnostic]:
    costs = [one for action in _at_once(document) for one in _costs(action, catalogue)]
    if not costs:
        yield diagnostic("nothing-to-budget", PATH, **named(budget.name))
    for said, currency in costs:
        if currency != budget.currency:
            yield diagnostic(
                "budget-currency",
                PATH,
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
    for action in document.then:
        if isinstance(action, WaitAction):
            return
        yield action
