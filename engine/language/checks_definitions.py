"""Findings on what a programme defines, before it is put in force."""

from collections.abc import Iterator, Sequence
from itertools import chain

from engine.errors import InvalidValue
from engine.language.benefits import CouponDefinition, UnitDefinition
from engine.language.catalogue import Catalogue
from engine.language.checks_campaigns import definition_of_campaign_findings
from engine.language.checks_contact import contact_findings
from engine.language.checks_ladders import ladder_findings
from engine.language.checks_standing import segment_findings
from engine.language.checks_tags import tag_findings
from engine.language.definitions import Definitions
from engine.language.diagnostics import Diagnostic, diagnostic, named
from engine.language.scarce import Prize, WheelDefinition
from engine.schedule import longest, zone_named
from engine.values import Instant, parse_instant, read_decimal

_WHOLE = 100
Beaten = tuple[CouponDefinition, CouponDefinition]
"""A coupon that another always beats, and the other."""


def definition_findings(catalogue: Catalogue, beaten: Sequence[Beaten] = ()) -> list[Diagnostic]:
    """Return what is wrong or doubtful in a programme's definitions, the gravest first.

    Each path is a JSON pointer into the definitions, such as `/coupons/3/value`.

    Args:
        catalogue: The definitions, with the product's own.
        beaten: Coupons that another always beats, each with the first that does.
    """
    given = catalogue.definitions
    ladders = ladder_findings(catalogue)
    found = chain(
        _programme(catalogue),
        (one for at, unit in enumerate(given.units) for one in _unit(unit, f"/units/{at}")),
        (one for at, coupon in enumerate(given.coupons) for one in _coupon(coupon, f"/coupons/{at}")),
        _beaten(given.coupons, beaten),
        (diagnostic(code, path, **names) for code, path, names in ladders),
        segment_findings(catalogue),
        (diagnostic(code, path, **names) for code, path, names in contact_findings(catalogue)),
        tag_findings(catalogue),
        _keywords(given),
        _memberships(catalogue),
        (one for at, wheel in enumerate(given.wheels) for one in _wheel(wheel, f"/wheels/{at}", catalogue)),
        (
            one
            for at, campaign in enumerate(given.campaigns)
            for one in definition_of_campaign_findings(campaign, f"/campaigns/{at}", catalogue)
        ),
    )
    return sorted(found, key=lambda one: ("error", "warning", "note").index(one.severity))


def _programme(catalogue: Catalogue) -> Iterator[Diagnostic]:
    zone = catalogue.programme.zone
    try:
        zone_named(zone)
    except InvalidValue:
        yield diagnostic("unknown-zone", "/programme/zone", zone=zone[:64])


def _keywords(given: Definitions) -> Iterator[Diagnostic]:
    for at, event in enumerate(given.events):
        for place, told in enumerate(event.properties):
            if told.keywords and told.type != "text":
                path = f"/events/{at}/properties/{place}/keywords"
                yield diagnostic("keywords-not-text", path, **named(told.label))


def _unit(unit: UnitDefinition, path: str) -> Iterator[Diagnostic]:
    said = named(unit.name)
    waits, lasts = unit.pending_for, unit.expires_after
    if waits is not None and lasts is not None and longest(*waits.span) >= longest(*lasts.span):
        yield diagnostic("unit-never-spendable", f"{path}/pending_for", **said)
    pays = unit.deduction
    if pays is None:
        return
    if unit.kind == "growth":
        yield diagnostic("growth-pays", f"{path}/deduction", **said)
    if unit.currency is not None and unit.currency != pays.currency:
        yield diagnostic(
            "deduction-currency",
            f"{path}/deduction/currency",
            currency=unit.currency,
            other=pays.currency,
            **said,
        )
    begins = [read_decimal(step.order_from) for step in pays.steps]
    for at, begin in enumerate(begins):
        if begin in begins[:at]:
            yield diagnostic("deduction-steps", f"{path}/deduction/steps/{at}/order_from", **said)


def _coupon(coupon: CouponDefinition, path: str) -> Iterator[Diagnostic]:
    said = named(coupon.name)
    if coupon.value is None and coupon.kind != "gift":
        yield diagnostic("coupon-without-value", f"{path}/value", **said)
    worth = read_decimal(coupon.value) if coupon.value is not None else None
    if coupon.kind in {"percent", "second_item"} and worth is not None and worth > _WHOLE:
        yield diagnostic("coupon-over-hundred", f"{path}/value", **said)
    if coupon.partner is not None and (coupon.unit_cost is None or coupon.currency is None):
        yield diagnostic("partner-without-cost", f"{path}/unit_cost", **said)
    read: list[Instant] = []
    for name, text in (("valid_from", coupon.valid_from), ("valid_until", coupon.valid_until)):
        try:
            read += [parse_instant(text)] if text is not None else []
        except InvalidValue:
            yield diagnostic("coupon-bad-instant", f"{path}/{name}")
    if len(read) == len(("from", "until")) and read[1] <= read[0]:
        yield diagnostic("coupon-never-valid", f"{path}/valid_until", **said)


def _beaten(coupons: Sequence[CouponDefinition], beaten: Sequence[Beaten]) -> Iterator[Diagnostic]:
    places = {coupon.key: at for at, coupon in enumerate(coupons)}
    for one, other in beaten:
        yield diagnostic(
            "coupon-always-beaten",
            f"/coupons/{places[one.key]}",
            **named(one.name),
            **named(other.name, "other"),
        )


def _memberships(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield invitations by a tag that isn't defined: nobody could ever be invited."""
    for at, one in enumerate(catalogue.definitions.memberships):
        if one.invitation is not None and one.invitation not in catalogue.tags:
            place = f"/memberships/{at}/invitation"
            yield diagnostic("invitation-unknown-tag", place, tag=one.invitation, **named(one.name))


def _wheel(wheel: WheelDefinition, path: str, catalogue: Catalogue) -> Iterator[Diagnostic]:
    for at, prize in enumerate(wheel.prizes):
        if prize.coupon is None:
            continue
        coupon = catalogue.coupons.get(prize.coupon)
        if coupon is None:
            yield diagnostic(
                "prize-unknown-coupon",
                f"{path}/prizes/{at}/coupon",
                name=prize.coupon,
                **named(prize.name, "prize"),
                **named(wheel.name, "wheel"),
            )
        elif _may_run_out(prize, coupon, wheel):
            yield diagnostic(
                "fallback-may-run-out", f"{path}/fallback", **named(coupon.name), **named(wheel.name, "wheel")
            )


def _may_run_out(prize: Prize, coupon: CouponDefinition, wheel: WheelDefinition) -> bool:
    return prize.key == wheel.fallback and (coupon.total is not None or coupon.codes == "pool")
