"""What a partner bears of a coupon's cost: charged when it is used, given back when its order is refunded."""

from engine.language.benefits import CouponDefinition
from engine.ledger.books import Charge
from engine.ledger.postings import Posting, cost_unit, costs_account, partner_account
from engine.programme.money import divided_half_up, nearest
from engine.values import Instant


def charge_of(definition: CouponDefinition | None, effect: str, code: str) -> Charge | None:
    """Return what the use of a coupon charges to its partner, or None if that is nothing.

    The share is rounded half up to the currency's minor unit.

    Args:
        definition: The coupon's definition in force.
        effect: Id of the effect that uses it.
        code: The coupon.
    """
    if definition is None or definition.partner is None:
        return None
    if definition.unit_cost is None or definition.currency is None:
        return None
    cost = nearest(definition.unit_cost, definition.currency)
    share = divided_half_up(cost * definition.partner_percent, 100)
    if not share:
        return None
    return Charge(f"{effect}.{code}", definition.partner, definition.currency, share)


def charged(charge: Charge, code: str, as_of: Instant) -> Posting:
    """Return the posting by which a partner owes its share of a coupon that was used."""
    return Posting(
        id=charge.posting,
        kind="charge",
        unit=cost_unit(charge.currency),
        debit=costs_account(charge.currency),
        credit=partner_account(charge.partner, charge.currency),
        amount=charge.amount,
        lot=code,
        as_of=as_of,
    )


def given_back(charge: Charge, code: str, effect: str, as_of: Instant) -> Posting:
    """Return the posting that takes a charge back.

    Args:
        charge: What was charged.
        code: The coupon.
        effect: Id of the effect that gives the coupon back.
        as_of: When.
    """
    return Posting(
        id=f"{effect}.{code}",
        kind="discharge",
        unit=cost_unit(charge.currency),
        debit=partner_account(charge.partner, charge.currency),
        credit=costs_account(charge.currency),
        amount=charge.amount,
        lot=code,
        reverses=charge.posting,
        as_of=as_of,
    )
