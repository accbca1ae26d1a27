"""Checks of rules that run ahead of an end: what they wait for is there, and does end."""

from collections.abc import Iterator, Sequence

from engine.language.benefits import POINTS, CouponDefinition, UnitDefinition
from engine.language.catalogue import Catalogue
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.document import RuleDocument
from engine.language.giving import IssueCouponAction
from engine.language.journey import each
from engine.language.triggers import BeforeExpiryTrigger

PATH = "/when/unit"


def end_findings(
    document: RuleDocument, catalogue: Catalogue, others: Sequence[RuleDocument]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with what a rule runs ahead of.

    Args:
        document: The rule that is checked.
        catalogue: What may run out.
        others: The other rules that would be in force with it; one of them may give a coupon its end.
    """
    when = document.when
    if not isinstance(when, BeforeExpiryTrigger):
        return
    if when.of == "points":
        key = when.unit or POINTS
        unit = catalogue.units.get(key)
        if unit is None:
            yield diagnostic("unknown-unit", PATH, name=key)
        elif not _lot_ends(unit):
            yield diagnostic("never-expires", PATH if when.unit else "/when/of", **named(unit.name))
    elif when.unit is None:
        return
    elif when.of == "membership":
        if when.unit not in catalogue.memberships:
            yield diagnostic("unknown-membership", PATH, name=when.unit)
    else:
        coupon = catalogue.coupons.get(when.unit)
        if coupon is None:
            yield diagnostic("unknown-coupon", PATH, name=when.unit)
        elif not _coupon_ends(coupon, [document, *(one for one in others if one.key != document.key)]):
            yield diagnostic("never-expires", PATH, **named(coupon.name))


def _lot_ends(unit: UnitDefinition) -> bool:
    return unit.expires_after is not None or unit.expires_at_year_end


def _coupon_ends(coupon: CouponDefinition, rules: Sequence[RuleDocument]) -> bool:
    """Return whether a coupon's definition, or a rule that issues it, says how long it lasts."""
    if coupon.valid_days is not None or coupon.valid_until is not None:
        return True
    return any(
        isinstance(action, IssueCouponAction) and action.coupon == coupon.key and action.valid_for is not None
        for rule in rules
        for action in each(rule.then)
    )
