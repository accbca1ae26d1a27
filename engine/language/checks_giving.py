"""Checks of what a rule gives and takes: its names, its rates, what it multiplies, and its budget."""

from collections.abc import Container, Iterator, Sequence

from engine.language.actions import Action, OpenTaskAction
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue
from engine.language.checks_budgets import budget_findings
from engine.language.checks_conditions import event_fact, unknown_tier
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
    MultiplyPointsAction,
    SetTierAction,
    SpendPointsAction,
    StartMembershipAction,
)
from engine.language.journey import placed, started_by
from engine.language.paths import split
from engine.language.triggers import EventTrigger
from engine.values import read_decimal


def giving_findings(
    document: RuleDocument, catalogue: Catalogue, others: Sequence[RuleDocument]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with what the rule gives and takes.

    Args:
        document: The rule that is checked.
        catalogue: What it may give.
        others: The other rules that would be in force with it.
    """
    rules = [document, *(one for one in others if one.key != document.key)]
    for action, path, waited, _ in placed(document):
        yield from _names(action, path, catalogue)
        if isinstance(action, AwardPointsByAmountAction):
            yield from _by_amount(action, path, document, catalogue, waited=waited)
        if isinstance(action, AwardPointsAction | AwardPointsByAmountAction):
            yield from _claim(action, path, document, catalogue)
        if isinstance(action, MultiplyPointsAction):
            yield from _multiplied(action, path, catalogue, [] if waited else rules)
    yield from budget_findings(document, catalogue)


def _names(action: Action, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield a name that the catalogue doesn't hold."""
    named_in: dict[str, tuple[str | None, Container[str]]] = {}
    if isinstance(
        action, AwardPointsAction | AwardPointsByAmountAction | MultiplyPointsAction | SpendPointsAction
    ):
        named_in["unit"] = action.unit, catalogue.units
    elif isinstance(action, IssueCouponAction):
        named_in["coupon"] = action.coupon, catalogue.coupons
    elif isinstance(action, StartMembershipAction):
        named_in["membership"] = action.membership, catalogue.memberships
    elif isinstance(action, OpenTaskAction):
        named_in["queue"] = action.queue, catalogue.queues
    elif isinstance(action, SetTierAction):
        named_in["ladder"] = action.ladder, catalogue.ladders
    for field, (name, known) in named_in.items():
        if name is not None and name not in known:
            yield diagnostic(f"unknown-{field}", f"{path}/{field}", name=name)
    if isinstance(action, SetTierAction):
        yield from unknown_tier(action.ladder, action.tier, f"{path}/tier", catalogue)
    elif isinstance(action, DrawPrizeAction):
        yield from _wheel(action, path, catalogue)


def _wheel(action: DrawPrizeAction, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    wheel = catalogue.wheels.get(action.wheel)
    if wheel is None:
        yield diagnostic("unknown-wheel", f"{path}/wheel", name=action.wheel)
        return
    for prize in wheel.prizes:
        if prize.coupon is not None and prize.coupon not in catalogue.coupons:
            yield diagnostic(
                "prize-unknown-coupon",
                f"{path}/wheel",
                name=prize.coupon,
                **named(prize.name, "prize"),
                **named(wheel.name, "wheel"),
            )


def _by_amount(
    action: AwardPointsByAmountAction,
    path: str,
    document: RuleDocument,
    catalogue: Catalogue,
    *,
    waited: bool,
) -> Iterator[Diagnostic]:
    yield from _rates(action, path)
    yield from _read(action.fact, f"{path}/fact", "number", document, catalogue, waited=waited)
    if action.rate_by is not None:
        yield from _read(action.rate_by, f"{path}/rate_by", "text", document, catalogue, waited=waited)


def _rates(action: AwardPointsByAmountAction, path: str) -> Iterator[Diagnostic]:
    """Yield rates that are nothing, and values that have two."""
    rates = action.rates or []
    if not any(
        read_decimal(rate) for rate in (action.points_per_unit, *(one.points_per_unit for one in rates))
    ):
        yield diagnostic("no-points", f"{path}/points_per_unit")
        return
    seen: set[str] = set()
    for at, one in enumerate(rates):
        if one.value in seen:
            yield diagnostic("doubled-rate", f"{path}/rates/{at}/value", value=one.value)
        elif read_decimal(one.points_per_unit) == 0:
            yield diagnostic("zero-rate", f"{path}/rates/{at}/points_per_unit", value=one.value)
        seen.add(one.value)


def _read(
    fact_path: str, path: str, wanted: str, document: RuleDocument, catalogue: Catalogue, *, waited: bool
) -> Iterator[Diagnostic]:
    """Yield what is wrong with reading a fact of a type for an award.

    Args:
        fact_path: The fact.
        path: JSON pointer of the place that reads it.
        wanted: `number` or `text`.
        document: The rule.
        catalogue: The facts there are.
        waited: Whether a wait stands before the award.
    """
    fact = catalogue.facts.get(fact_path)
    if fact is None:
        yield diagnostic("unknown-fact", path, name=fact_path)
        return
    if fact.type != wanted:
        yield diagnostic(f"needs-{wanted}-fact", path, **named(fact.label))
    if fact.personal:
        yield diagnostic("personal-fact", path, **named(fact.label))
    event_name = started_by(document.when)
    if waited and event_name is not None and split(fact_path)[0] == "event":
        yield diagnostic("event-value-after-wait", path, **named(fact.label))
    yield from event_fact(fact, path, event_name, catalogue)


def _claim(
    action: AwardPointsAction | AwardPointsByAmountAction,
    path: str,
    document: RuleDocument,
    catalogue: Catalogue,
) -> Iterator[Diagnostic]:
    """Yield what is wrong with a property that an award is claimed by; it is read before any wait."""
    if action.once_per is None:
        return
    place, event_name = f"{path}/once_per", started_by(document.when)
    fact = catalogue.facts.get(f"event.{action.once_per}")
    if fact is None:
        event = catalogue.events.get(event_name or "")
        if event_name is None:
            yield diagnostic("no-event-value", place, name=action.once_per)
        elif event is not None:
            yield diagnostic("fact-not-in-event", place, name=action.once_per, **named(event.label, "event"))
        return
    if fact.type in {"boolean", "list"}:
        yield diagnostic("needs-text-fact", place, **named(fact.label))
    yield from event_fact(fact, place, event_name, catalogue)


def _multiplied(
    action: MultiplyPointsAction, path: str, catalogue: Catalogue, rules: Sequence[RuleDocument]
) -> Iterator[Diagnostic]:
    """Yield a multiplier beside which nothing of its unit is awarded.

    Args:
        action: The multiplier.
        path: JSON pointer of it.
        catalogue: What units are called.
        rules: Its own rule and the others; none after a wait, where nothing is multiplied.
    """
    unit = action.unit or POINTS
    definition = catalogue.units.get(unit)
    if definition is None:
        return
    event_name = rules[0].when.event if rules and isinstance(rules[0].when, EventTrigger) else None
    if not any(
        isinstance(one.when, EventTrigger) and one.when.event == event_name and _awards(one, unit)
        for one in rules
    ):
        yield diagnostic("nothing-to-multiply", path, **named(definition.name))


def _awards(document: RuleDocument, unit: str) -> bool:
    """Return whether a rule awards a unit before its first wait."""
    return any(
        isinstance(one.action, AwardPointsAction | AwardPointsByAmountAction)
        and not one.waited
        and (one.action.unit or POINTS) == unit
        for one in placed(document)
    )
