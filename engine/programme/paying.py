"""How much of an order a member's units pay, and every limit that applied."""

from typing import Any, Final, NamedTuple

from engine.language.benefits import UnitDefinition
from engine.ledger import moving
from engine.ledger.books import Account, Books
from engine.ledger.moving import Poster
from engine.programme.basket import Basket
from engine.programme.money import at_least, at_most, minor_digits, scaled, text
from engine.programme.reasons import Refusal
from engine.values import Instant

_ALL: Final = 100
"""Percent of an order."""


class Ripe(NamedTuple):
    """One unit at an instant, with what falls due at that very instant.

    A request comes before the clocks of its own instant, but what expires then
    can't be spent any more and what becomes active then already can.

    Attributes:
        account: The account as it is then.
        expired: How much expires.
        activated: How much becomes active.
    """

    account: Account
    expired: int
    activated: int


class Limit(NamedTuple):
    """Something that keeps units from paying more than so much, in minor units."""

    name: str
    minor: int
    more: dict[str, Any]


class Paid(NamedTuple):
    """What units pay.

    Attributes:
        units: How many are used.
        minor: What they pay, in minor units of the order's currency.
        limits: Every limit that applied, as JSON; `binding` marks those that leave no more.
    """

    units: int
    minor: int
    limits: list[dict[str, Any]]


def ripened(books: Books, unit: str, as_of: Instant) -> Ripe:
    """Return a unit's account at an instant, with what falls due at it."""
    account = books.account(unit)
    expired = sum(one.left for one in account.lots if one.expires_at is not None and one.expires_at <= as_of)
    if expired:
        account = moving.expire(books, Poster("", "", as_of), unit).account(unit)
    activated = sum(one.left for one in account.lots if one.active_at is not None and one.active_at <= as_of)
    if activated:
        rest = Books({unit: account}, {}, {})
        account = moving.activate(rest, Poster("", "", as_of), unit).account(unit)
    return Ripe(account, expired, activated)


def can_pay(definition: UnitDefinition) -> bool:
    """Return whether a unit can be used on orders at all."""
    return definition.kind in {"visits", "money"} or (
        definition.kind == "points" and definition.deduction is not None
    )


def most(definition: UnitDefinition, account: Account, basket: Basket, left: int) -> Paid:
    """Return the most that a unit pays of an order, by the fewest units.

    Args:
        definition: The unit.
        account: What the member has of it.
        basket: The order.
        left: What is left to pay, in minor units.

    Raises:
        Refusal: If the unit can't pay this order at all.
    """
    spendable = 0 if account.debt else account.available
    rate = _rate(definition, basket)
    if rate is None:
        return Paid(spendable, 0, _shown(definition, account, basket, [], 0))
    pays, units = rate
    limits = _limits(definition, basket, left)
    cap = min(one.minor for one in limits)
    if not pays:
        used = paid = 0
    elif definition.kind == "visits":
        used = min(spendable, -(-cap * units // pays))
        paid = min(cap, used * pays // units)
    else:
        paid = min(spendable, ((cap + 1) * units - 1) // pays) * pays // units
        used = -(-paid * units // pays)
    return Paid(used, paid, _shown(definition, account, basket, limits, spendable * pays // units))


def exactly(definition: UnitDefinition, account: Account, basket: Basket, left: int, asked: int) -> Paid:
    """Return what so many units pay of an order. Of units that pay nothing more, none is used.

    Args:
        definition: The unit.
        account: What the member has of it.
        basket: The order.
        left: What is left to pay, in minor units.
        asked: How many units, at least 1.

    Raises:
        Refusal: If there are fewer, or they pay nothing, or more than may be paid.
    """
    paid = most(definition, account, basket, left)
    unit = definition.key
    if account.debt:
        raise Refusal("in-debt", unit=unit, debt=account.debt, limits=paid.limits)
    if asked > account.available:
        available = account.available
        raise Refusal(
            "not-enough", unit=unit, available=available, lacking=asked - available, limits=paid.limits
        )
    rate = _rate(definition, basket)
    if rate is None:
        return Paid(asked, 0, paid.limits)
    pays, units = rate
    minor = asked * pays // units
    cap = min(one.minor for one in _limits(definition, basket, left))
    whole = definition.kind == "visits"
    if asked > paid.units if whole and pays else minor > cap:
        raise Refusal("pays-too-much", unit=unit, at_most=paid.units, limits=paid.limits)
    if not minor:
        raise Refusal("pays-nothing", unit=unit, limits=paid.limits)
    used = asked if whole else -(-minor * units // pays)
    return Paid(used, min(cap, minor), paid.limits)


def _rate(definition: UnitDefinition, basket: Basket) -> tuple[int, int] | None:
    """Return how many minor units so many units pay; None for visits that pay by themselves."""
    if not can_pay(definition):
        raise Refusal("unit-cannot-pay", unit=definition.key)
    currency = definition.currency if definition.kind == "money" else None
    deduction = definition.deduction
    if deduction is not None and currency is None:
        currency = deduction.currency
    if currency is not None and currency != basket.currency:
        raise Refusal("unit-currency", unit=definition.key, currency=currency)
    if definition.kind == "money":
        return 1, 1
    if deduction is None:
        return None
    return scaled(deduction.worth) * 10 ** minor_digits(basket.currency), deduction.units * 10_000


def _limits(definition: UnitDefinition, basket: Basket, left: int) -> list[Limit]:
    limits = [Limit("order", left, {})]
    deduction = definition.deduction
    if deduction is None:
        return limits
    if deduction.at_most_percent < _ALL:
        share = basket.minor_total * deduction.at_most_percent // _ALL
        limits.append(Limit("at_most_percent", share, {"percent": deduction.at_most_percent}))
    steps = sorted(deduction.steps, key=lambda one: scaled(one.order_from))
    reached = [one for one in steps if at_least(one.order_from, basket.currency) <= basket.minor_total]
    if reached:
        step = reached[-1]
        limits.append(Limit("step", at_most(step.at_most, basket.currency), {"order_from": step.order_from}))
    elif steps:
        limits.append(Limit("step", 0, {"order_from": steps[0].order_from}))
    return limits


def _shown(
    definition: UnitDefinition, account: Account, basket: Basket, limits: list[Limit], worth: int
) -> list[dict[str, Any]]:
    """Return limits as JSON, the balance and a debt among them."""
    balance = Limit("balance", worth, {"units": account.available})
    every = [balance, *limits]
    if account.debt:
        every.insert(0, Limit("debt", 0, {"debt": account.debt}))
    least = min(one.minor for one in every)
    return [
        {
            "limit": one.name,
            "unit": definition.key,
            "amount": text(one.minor, basket.currency),
            "binding": one.minor == least,
            **one.more,
        }
        for one in every
    ]
