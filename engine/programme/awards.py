"""What a rule awards: the rate, the cap, how long it lasts, and how multipliers combine."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

import msgspec

from engine.decision import Need, Outcome
from engine.effects import AnyEffect, AwardPoints, MultiplyPoints
from engine.facts import property_of, typed
from engine.language.benefits import POINTS, UnitDefinition
from engine.language.giving import AwardCap, AwardPointsAction, AwardPointsByAmountAction, Rate
from engine.language.paths import split
from engine.programme.occasion import Occasion
from engine.rules import RuleSet
from engine.schedule import shift, start_of, year_end
from engine.state import MemberState
from engine.values import Instant, decimal_text

_ONE = Decimal(1)
_AWARDS = (AwardPointsAction, AwardPointsByAmountAction)
_replace = msgspec.structs.replace


def award(
    occasion: Occasion, at: int, action: AwardPointsAction | AwardPointsByAmountAction
) -> AwardPoints | None:
    """Return the award of an action, or None if it comes to nothing."""
    unit = action.unit or POINTS
    amount = action.points if isinstance(action, AwardPointsAction) else _by_amount(occasion, at, action)
    if amount < 1:
        return None
    active_at, expires_at = lasting(occasion.catalogue.unit(unit), occasion.event.as_of, occasion.zone)
    order = occasion.properties.get("order_id")
    return AwardPoints(
        id=occasion.effect_id(at),
        action=at,
        points=amount,
        unit=unit,
        active_at=active_at,
        expires_at=expires_at,
        order=order if isinstance(order, str) else "",
    )


def lasting(unit: UnitDefinition, as_of: Instant, zone: str) -> tuple[Instant | None, Instant | None]:
    """Return from when on a new lot can be spent (None at once), and when it ends (None never)."""
    active_at = shift(as_of, *unit.pending_for.span, zone) if unit.pending_for is not None else None
    expires_at = shift(as_of, *unit.expires_after.span, zone) if unit.expires_after is not None else None
    if unit.expires_at_year_end:
        expires_at = year_end(as_of if expires_at is None else expires_at, zone)
    return active_at, expires_at


def claim(occasion: Occasion, at: int, name: str, unit: str) -> Need | None:
    """Return the need by which an award is claimed once for a property's value; None without a value."""
    value = property_of(occasion.properties, name)
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        return None
    return Need(key=occasion.need_key(f"{at}-once"), kind="once", name=f"{unit}/{name}/{value}")


def multiplied(outcomes: Sequence[Outcome], rules: RuleSet, state: MemberState, zone: str) -> list[Outcome]:
    """Return a step's outcomes with their awards multiplied and capped.

    The rules of the same step say the factors. How several work together, and
    the largest, is stated by the unit; the product is rounded down. A cap
    counts what comes of it. Prizes are not multiplied.

    Args:
        outcomes: What the rules of the step ask for.
        rules: The rules in force.
        state: The member at the beginning of the step.
        zone: The member's IANA zone.
    """
    factors = _factors(outcomes, rules)
    found: list[Outcome] = []
    for outcome in outcomes:
        if not any(isinstance(effect, AwardPoints) for effect in outcome.effects):
            found.append(outcome)
            continue
        actions = rules.version(outcome.rule, outcome.version).journey.actions
        effects: list[AnyEffect] = []
        for effect in outcome.effects:
            action = actions[effect.action] if isinstance(effect, AwardPoints) else None
            if not isinstance(effect, AwardPoints) or not isinstance(action, _AWARDS):
                effects.append(effect)
                continue
            made = _times(effect, factors.get(effect.unit, _ONE))
            if action.at_most is not None:
                left = left_of(state, f"{outcome.rule}.{effect.action}", action.at_most, zone)
                made = _replace(made, points=min(made.points, left))
            effects += [made] if made.points >= 1 else []
        found.append(_replace(outcome, effects=tuple(effects)))
    return found


def _factors(outcomes: Sequence[Outcome], rules: RuleSet) -> dict[str, Decimal]:
    said: dict[str, list[Decimal]] = {}
    for outcome in outcomes:
        for effect in outcome.effects:
            if isinstance(effect, MultiplyPoints):
                said.setdefault(effect.unit, []).append(Decimal(effect.factor))
    return {unit: combined(rules.catalogue.unit(unit), many) for unit, many in said.items()}


def _times(effect: AwardPoints, factor: Decimal) -> AwardPoints:
    if factor == 1:
        return effect
    points = int((effect.points * factor).to_integral_value(rounding=ROUND_FLOOR))
    return _replace(effect, points=points, factor=decimal_text(factor.normalize()))


def left_of(state: MemberState, key: str, cap: AwardCap, zone: str) -> int:
    """Return how much an action may still award in this day, week or month of the member's calendar."""
    done = state.awarded.get(key)
    start = start_of(state.as_of, cap.every, zone)
    return max(0, cap.points - (done.amount if done is not None and done.start == start else 0))


def combined(unit: UnitDefinition, factors: Sequence[Decimal]) -> Decimal:
    """Return the one factor that several come to: their product, the highest, or 1 and all their extras."""
    if unit.combine == "multiply":
        whole = Decimal(1)
        for one in factors:
            whole *= one
    elif unit.combine == "add":
        whole = 1 + sum((one - 1 for one in factors), Decimal(0))
    else:
        whole = max(factors)
    return min(whole, Decimal(unit.at_most_factor))


def _by_amount(occasion: Occasion, at: int, action: AwardPointsByAmountAction) -> int:
    amount = occasion.facts.get(action.fact)
    if amount is None:
        amount = typed(property_of(occasion.properties, split(action.fact)[1]), "number")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return 0
    product = Decimal(amount) * Decimal(_rate(occasion, at, action))
    return int(product.to_integral_value(rounding=ROUND_FLOOR))


def _rate(occasion: Occasion, at: int, action: AwardPointsByAmountAction) -> Decimal:
    if action.rate_by is not None and action.rates is not None:
        value = _said(occasion, action.rate_by)
        chosen: Rate | None = next((one for one in action.rates if one.value == value), None)
        if chosen is not None:
            return Decimal(chosen.points_per_unit)
    return Decimal(occasion.rule.rates[at])


def _said(occasion: Occasion, path: str) -> str | None:
    scope, name = split(path)
    value = property_of(occasion.properties, name) if scope == "event" else occasion.state.fact(name)
    return value if isinstance(value, str) else None
