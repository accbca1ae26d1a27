"""Findings on definitions, each by one that has it and its neighbour that hasn't."""

import pytest

from engine.language.catalogue import Catalogue
from engine.language.checks_definitions import definition_findings
from engine.language.definitions import Definitions
from engine.language.messages import MESSAGES
from engine.language.messages_definitions import DEFINITION_MESSAGES
from engine.programme.beaten import always_beaten
from tests.support.documents import Json, JsonObject


def named(key: str, **more: Json) -> JsonObject:
    return {"key": key, "name": {"en": f"The {key}", "zh-Hans": f"这个{key}"}, **more}


def unit(**said: Json) -> JsonObject:
    return {"units": [named("stars", **said)]}


def coupon(**said: Json) -> JsonObject:
    return {"coupons": [named("TEN", **{"kind": "amount", "value": "10", **said})]}


def wheel(*coupons: JsonObject, key: str = "TEN") -> JsonObject:
    nothing = named("none", weight=1, gives="nothing")
    gift = named("gift", weight=1, gives="coupon", coupon=key)
    return {"coupons": list(coupons), "wheels": [named("spin", prizes=[nothing, gift], fallback="gift")]}


def pays(currency: str = "CNY", *steps: str) -> JsonObject:
    said = [{"order_from": one, "at_most": "5"} for one in steps]
    return {"units": 100, "worth": "1", "currency": currency, "steps": said}


def found(definitions: JsonObject) -> dict[tuple[str, str], str]:
    """Return the findings: severity by code and path."""
    catalogue = Catalogue(Definitions.model_validate(definitions))
    beaten = always_beaten(catalogue.definitions.coupons)
    return {(one.code, one.path): one.severity for one in definition_findings(catalogue, beaten)}


TEN = named("TEN", kind="amount", value="10")
IN_A = {"type": "compare", "fact": "member.segments", "op": "has", "value": "a"}


def calm(tier: str) -> JsonObject:
    tiers = [named(key, reached_at=str(at)) for at, key in enumerate("abc", start=1)]
    cap = {"times": 1, "within": {"days": 7}, "tiers": [tier]}
    return {
        "contact": [named("calm", caps=[cap])],
        "ladders": [named("tier", measure="count", period="ever", tiers=tiers)],
    }


CASES: list[tuple[str, str, JsonObject, JsonObject]] = [
    (
        "unit-never-spendable",
        "/units/0/pending_for",
        unit(pending_for={"days": 30}, expires_after={"days": 30}),
        unit(pending_for={"days": 29}, expires_after={"days": 30}),
    ),
    (
        "growth-pays",
        "/units/0/deduction",
        unit(kind="growth", deduction=pays()),
        unit(kind="points", deduction=pays()),
    ),
    (
        "deduction-currency",
        "/units/0/deduction/currency",
        unit(kind="money", currency="CNY", deduction=pays("USD")),
        unit(kind="money", currency="CNY", deduction=pays("CNY")),
    ),
    (
        "deduction-steps",
        "/units/0/deduction/steps/2/order_from",
        unit(deduction=pays("CNY", "100", "200", "100.0")),
        unit(deduction=pays("CNY", "100", "200", "300")),
    ),
    ("coupon-without-value", "/coupons/0/value", coupon(value=None), coupon(kind="gift", value=None)),
    (
        "coupon-over-hundred",
        "/coupons/0/value",
        coupon(kind="percent", value="100.5"),
        coupon(kind="percent", value="100"),
    ),
    ("coupon-over-hundred", "/coupons/0/value", coupon(kind="second_item", value="101"), coupon(value="101")),
    (
        "coupon-never-valid",
        "/coupons/0/valid_until",
        coupon(valid_from="2026-06-01T00:00:00Z", valid_until="2026-06-01T08:00:00+08:00"),
        coupon(valid_from="2026-06-01T00:00:00Z", valid_until="2026-06-02T00:00:00Z"),
    ),
    (
        "coupon-bad-instant",
        "/coupons/0/valid_from",
        coupon(valid_from="2026-06-01"),
        coupon(valid_from="2026-06-01T00:00:00Z"),
    ),
    (
        "partner-without-cost",
        "/coupons/0/unit_cost",
        coupon(partner="cafe", currency="CNY"),
        coupon(partner="cafe", currency="CNY", unit_cost="3"),
    ),
    (
        "coupon-always-beaten",
        "/coupons/1",
        {"coupons": [TEN, named("NINE", kind="amount", value="9")]},
        {"coupons": [TEN, named("NINE", kind="amount", value="9", with_others=True)]},
    ),
    (
        "invitation-unknown-tag",
        "/memberships/0/invitation",
        {"memberships": [named("club", lasts={"years": 1}, invitation="invited")]},
        {
            "memberships": [named("club", lasts={"years": 1}, invitation="invited")],
            "tags": [named("invited", meaning="for a test")],
        },
    ),
    (
        "fallback-may-run-out",
        "/wheels/0/fallback",
        wheel({**TEN, "total": 5}),
        wheel(TEN),
    ),
    ("fallback-may-run-out", "/wheels/0/fallback", wheel({**TEN, "codes": "pool"}), wheel(TEN)),
    ("prize-unknown-coupon", "/wheels/0/prizes/1/coupon", wheel(TEN, key="GONE"), wheel(TEN)),
    ("cap-unknown-tier", "/contact/0/caps/0/tiers/0", calm("black"), calm("a")),
    (
        "channel-unknown-endpoint",
        "/channels/0/endpoint",
        {"channels": [named("sms", endpoint="gone")]},
        {"channels": [named("sms")]},
    ),
    (
        "unknown-zone",
        "/programme/zone",
        {"programme": {"zone": "Mars/Olympus"}},
        {"programme": {"zone": "UTC"}},
    ),
    (
        "segment-circle",
        "/segments/0/condition",
        {"segments": [named("a", meaning="for a test", condition=IN_A)]},
        {
            "segments": [
                named("b", meaning="for a test", condition=IN_A),
                named("a", meaning="for a test", kind="list"),
            ]
        },
    ),
    (
        "score-unknown-event",
        "/scores/0/event",
        {"scores": [named("rfm", within={"days": 365}, event="Order Complete")]},
        {"scores": [named("rfm", within={"days": 365})]},
    ),
    (
        "score-needs-number",
        "/scores/0/property",
        {"scores": [named("rfm", within={"days": 365}, property="channel")]},
        {"scores": [named("rfm", within={"days": 365}, property="revenue")]},
    ),
    (
        "ladder-few-levels",
        "/ladders/0/tiers",
        {
            "ladders": [
                named("club", measure="count", period="ever", tiers=[named("a", reached_at="1")]),
            ]
        },
        {
            "ladders": [
                named(
                    "club",
                    measure="count",
                    period="ever",
                    tiers=[named(key, reached_at=str(at)) for at, key in enumerate("abc", start=1)],
                ),
            ]
        },
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "bad", "good"), CASES, ids=[f"{at}-{case[0]}" for at, case in enumerate(CASES)]
)
def test_finds_what_is_wrong_and_only_that(code: str, path: str, bad: JsonObject, good: JsonObject) -> None:
    assert MESSAGES[code].severity == found(bad).get((code, path))
    assert {} == found(good)


def test_every_code_has_a_case() -> None:
    assert set(DEFINITION_MESSAGES) <= {case[0] for case in CASES}


def test_errors_come_first_and_both_coupons_are_named() -> None:
    said = {"coupons": [TEN, named("NINE", kind="amount", value="9"), named("NONE", kind="percent")]}
    catalogue = Catalogue(Definitions.model_validate(said))
    ten, nine, _ = catalogue.definitions.coupons
    first, second = definition_findings(catalogue, [(nine, ten)])

    assert ("coupon-without-value", "coupon-always-beaten") == (first.code, second.code)
    assert second.text["en"].startswith("Whoever has “The TEN” never has a use for “The NINE”")


def test_the_products_own_definitions_are_sound() -> None:
    assert {} == found({})
