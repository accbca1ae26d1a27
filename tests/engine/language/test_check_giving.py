"""Findings on what rules give, take and run ahead of, each by a rule that has it and one that hasn't."""

import pytest

from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.definitions import Definitions
from engine.language.messages import MESSAGES
from engine.language.messages_giving import GIVING_MESSAGES
from engine.language.parse import parse_rule
from tests.support.documents import Json, JsonObject


def named(key: str, **more: Json) -> JsonObject:
    return {"key": key, "name": {"en": f"The {key}", "zh-Hans": f"这个{key}"}, **more}


def prize(key: str, gives: str, **more: Json) -> JsonObject:
    return named(key, weight=1, gives=gives, **more)


CATALOGUE = Catalogue(
    Definitions.model_validate(
        {
            "units": [
                named("stars", expires_after={"days": 30}),
                named("growth", kind="growth"),
                named("yearly", expires_at_year_end=True),
            ],
            "coupons": [
                named("TEN", kind="amount", value="10", valid_days=30),
                named("UNTIL", kind="amount", value="10", valid_until="2027-01-01T00:00:00Z"),
                named("EVER", kind="amount", value="10"),
                named("COSTLY", kind="amount", value="10", unit_cost="3"),
                named("DOLLAR", kind="amount", value="10", unit_cost="3", currency="USD"),
            ],
            "ladders": [
                named(
                    "club",
                    measure="count",
                    period="ever",
                    tiers=[named("silver", reached_at="1"), named("gold", reached_at="2")],
                )
            ],
            "memberships": [named("tea", lasts={"years": 1})],
            "queues": [named("desk", meaning="Calls")],
            "wheels": [
                named(
                    "spin", prizes=[prize("none", "nothing"), prize("p", "points", amount=5)], fallback="none"
                ),
                named(
                    "paid",
                    prizes=[prize("none", "nothing"), prize("car", "nothing", cost="900")],
                    fallback="none",
                ),
                named(
                    "torn",
                    prizes=[prize("none", "nothing"), prize("c", "coupon", coupon="GONE")],
                    fallback="none",
                ),
            ],
            "budgets": [
                named("money", counts="money", currency="CNY", amount="100"),
                named("points", counts="points", amount="100"),
                named("firings", counts="firings", amount="100"),
                named("stores", counts="firings", amount="100", by="store"),
            ],
        }
    )
)
ORDER = {"type": "event", "event": "Order Completed"}
VIEW = {"type": "event", "event": "Product Viewed"}
DAILY = {"type": "schedule", "every": "day", "at": "10:00"}
POINTS = {"type": "award_points", "points": 10}
WAIT = {"type": "wait", "for": {"days": 1}}
BY_TOTAL = {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"}
TWICE = {"type": "multiply_points", "factor": "2"}


def rule(*then: JsonObject, **parts: Json) -> JsonObject:
    name = {"en": "A rule", "zh-Hans": "一条规则"}
    said = {"key": "a-rule", "name": name, "when": ORDER, "then": list(then) or [POINTS], **parts}
    return {part.rstrip("_"): value for part, value in said.items()}


def rates(*pairs: tuple[str, str], base: str = "1", by: str = "event.channel") -> JsonObject:
    said = [{"value": value, "points_per_unit": rate} for value, rate in pairs]
    return rule({**BY_TOTAL, "points_per_unit": base, "rate_by": by, "rates": said})


def giving(kind: str, **said: Json) -> JsonObject:
    return rule({"type": kind, **said})


def spending(budget: str, *then: JsonObject, **parts: Json) -> JsonObject:
    return rule(*then, limits={"budget": budget}, **parts)


def ahead(of: str, unit: str | None = None, *then: JsonObject, **parts: Json) -> JsonObject:
    when = {"type": "before_expiry", "of": of, "unit": unit, "for": {"days": 7}}
    return rule(*then, when=when, **parts)


def coupon(key: str, **more: Json) -> JsonObject:
    return {"type": "issue_coupon", "coupon": key, **more}


def compare(fact: str, op: str, value: Json) -> JsonObject:
    return {"type": "compare", "fact": fact, "op": op, "value": value}


def found(document: JsonObject, *others: JsonObject) -> dict[tuple[str, str], str]:
    """Return the findings: severity by code and path."""
    parsed = [parse_rule(one) for one in others]
    return {(one.code, one.path): one.severity for one in check(parse_rule(document), CATALOGUE, parsed)}


CASES: list[tuple[str, str, JsonObject, JsonObject]] = [
    # code, path, a rule that has it, its neighbour that hasn't
    *(
        (
            "unknown-unit",
            "/then/0/unit",
            rule({**one, "unit": "gone"}),
            rule(POINTS, {**one, "unit": "points"}),
        )
        for one in (POINTS, BY_TOTAL, TWICE, {"type": "spend_points", "points": 1})
    ),
    (
        "unknown-coupon",
        "/then/0/coupon",
        rule(coupon("GONE")),
        rule(coupon("TEN")),
    ),
    (
        "unknown-queue",
        "/then/0/queue",
        giving("open_task", queue="yard", note="Call"),
        giving("open_task", queue="desk", note="Call"),
    ),
    (
        "unknown-wheel",
        "/then/0/wheel",
        giving("draw_prize", wheel="gone"),
        giving("draw_prize", wheel="spin"),
    ),
    (
        "prize-unknown-coupon",
        "/then/0/wheel",
        giving("draw_prize", wheel="torn"),
        giving("draw_prize", wheel="spin"),
    ),
    (
        "unknown-ladder",
        "/then/0/ladder",
        giving("set_tier", ladder="gone", tier="gold"),
        giving("set_tier", ladder="club", tier="gold"),
    ),
    (
        "unknown-tier",
        "/then/0/tier",
        giving("set_tier", ladder="club", tier="black"),
        giving("set_tier", ladder="club", tier="silver"),
    ),
    (
        "unknown-tier",
        "/if/value/1",
        rule(if_=compare("member.level.club", "in", ["gold", "black"])),
        rule(if_=compare("member.level.club", "in", ["gold", "silver"])),
    ),
    (
        "unknown-tier",
        "/if/value",
        rule(if_=compare("member.level.club", "eq", "go")),
        rule(if_=compare("member.level.club", "starts_with", "go")),
    ),
    (
        "unknown-membership",
        "/then/0/membership",
        giving("start_membership", membership="gone"),
        giving("start_membership", membership="tea"),
    ),
    (
        "unknown-membership",
        "/if/value",
        rule(if_=compare("member.memberships", "has", "gone")),
        rule(if_=compare("member.memberships", "has", "tea")),
    ),
    ("unknown-budget", "/limits/budget", spending("gone"), spending("points")),
    # awards
    ("no-points", "/then/0/points_per_unit", rule({**BY_TOTAL, "points_per_unit": "0"}), rule(BY_TOTAL)),
    (
        "no-points",
        "/then/0/points_per_unit",
        rates(("app", "0"), base="0"),
        rates(("app", "1"), base="0"),
    ),
    (
        "zero-rate",
        "/then/0/rates/1/points_per_unit",
        rates(("app", "2"), ("shop", "0.0")),
        rates(("app", "2"), ("shop", "0.1")),
    ),
    (
        "doubled-rate",
        "/then/0/rates/1/value",
        rates(("app", "2"), ("app", "3")),
        rates(("app", "2"), ("App", "3")),
    ),
    ("unknown-fact", "/then/0/rate_by", rates(("a", "2"), by="event.gone"), rates(("a", "2"))),
    ("needs-text-fact", "/then/0/rate_by", rates(("a", "2"), by="event.quantity"), rates(("a", "2"))),
    ("needs-text-fact", "/then/0/rate_by", rates(("a", "2"), by="member.tags"), rates(("a", "2"))),
    (
        "personal-fact",
        "/then/0/rate_by",
        rates(("a", "2"), by="member.phone"),
        rates(("a", "2"), by="member.city"),
    ),
    ("fact-not-in-event", "/then/0/rate_by", rates(("a", "2"), by="event.tag"), rates(("a", "2"))),
    (
        "needs-number-fact",
        "/then/0/fact",
        rule({**BY_TOTAL, "fact": "event.channel"}),
        rule(BY_TOTAL),
    ),
    ("event-value-after-wait", "/then/1/fact", rule(WAIT, BY_TOTAL), rule(BY_TOTAL, WAIT, POINTS)),
    (
        "event-value-after-wait",
        "/then/1/rate_by",
        rule(
            WAIT, {**BY_TOTAL, "rate_by": "event.channel", "rates": [{"value": "a", "points_per_unit": "2"}]}
        ),
        rule(BY_TOTAL),
    ),
    # claims
    (
        "fact-not-in-event",
        "/then/0/once_per",
        rule({**POINTS, "once_per": "tag"}),
        rule({**POINTS, "once_per": "order_id"}),
    ),
    (
        "fact-not-in-event",
        "/then/0/once_per",
        rule({**POINTS, "once_per": "unheard_of"}),
        rule({**BY_TOTAL, "once_per": "order_id"}),
    ),
    (
        "no-event-value",
        "/then/0/once_per",
        rule({**POINTS, "once_per": "order_id"}, when=DAILY),
        rule({**POINTS, "once_per": "order_id"}),
    ),
    (
        "no-event-value",
        "/then/0/once_per",
        rule({**POINTS, "once_per": "unheard_of"}, when=DAILY),
        rule(POINTS, when=DAILY),
    ),
    # multipliers
    ("nothing-to-multiply", "/then/0", rule(TWICE), rule(TWICE, POINTS)),
    (
        "nothing-to-multiply",
        "/then/1",
        rule(POINTS, {**TWICE, "unit": "stars"}),
        rule({**POINTS, "unit": "stars"}, {**TWICE, "unit": "stars"}),
    ),
    ("nothing-to-multiply", "/then/0", rule(TWICE, WAIT, POINTS), rule(TWICE, POINTS, WAIT, POINTS)),
    ("nothing-to-multiply", "/then/2", rule(POINTS, WAIT, TWICE), rule(POINTS, TWICE)),
    ("nothing-to-multiply", "/then/1", rule(POINTS, TWICE, when=DAILY), rule(POINTS, TWICE)),
    # budgets
    (
        "nothing-to-budget",
        "/limits/budget",
        spending("money", coupon("TEN")),
        spending("money", coupon("COSTLY")),
    ),
    (
        "nothing-to-budget",
        "/limits/budget",
        spending("money", WAIT, coupon("COSTLY")),
        spending("money", {"type": "draw_prize", "wheel": "paid"}),
    ),
    (
        "nothing-to-budget",
        "/limits/budget",
        spending("points", {**POINTS, "unit": "stars"}),
        spending("points", {"type": "draw_prize", "wheel": "spin"}),
    ),
    (
        "nothing-to-budget",
        "/limits/budget",
        spending("points", coupon("TEN")),
        spending("firings", coupon("TEN")),
    ),
    (
        "budget-currency",
        "/limits/budget",
        spending("money", coupon("DOLLAR")),
        spending("money", coupon("COSTLY")),
    ),
    ("fact-not-in-event", "/limits/budget", spending("stores", when=VIEW), spending("stores")),
    # ends
    ("unknown-unit", "/when/unit", ahead("points", "gone"), ahead("points", "stars")),
    ("unknown-unit", "/when/unit", ahead("points", "TEN"), ahead("points", "yearly")),
    ("unknown-coupon", "/when/unit", ahead("coupon", "stars"), ahead("coupon", "TEN")),
    ("unknown-membership", "/when/unit", ahead("membership", "gone"), ahead("membership", "tea")),
    ("never-expires", "/when/of", ahead("points"), ahead("points", "stars")),
    ("never-expires", "/when/unit", ahead("points", "growth"), ahead("points", "yearly")),
    ("never-expires", "/when/unit", ahead("coupon", "EVER"), ahead("coupon", "UNTIL")),
    ("never-expires", "/when/unit", ahead("coupon", "EVER"), ahead("coupon")),
    (
        "never-expires",
        "/when/unit",
        ahead("coupon", "EVER", coupon("EVER")),
        ahead("coupon", "EVER", coupon("EVER", valid_for={"days": 1})),
    ),
    (
        "no-event-value",
        "/if/fact",
        ahead("points", "stars", if_=compare("event.total", "gte", 1)),
        ahead("points", "stars", if_=compare("event.points", "gte", 1)),
    ),
    (
        "no-event-value",
        "/if/fact",
        rule(when=DAILY, if_=compare("event.points", "gte", 1)),
        ahead("coupon", if_=compare("event.expires_at", "gt", "2026-01-01T00:00:00Z")),
    ),
    (
        "no-event-value",
        "/then/0/fact",
        ahead("points", "stars", BY_TOTAL),
        ahead("points", "stars", {**BY_TOTAL, "fact": "event.points"}),
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "bad", "good"), CASES, ids=[f"{at}-{case[0]}" for at, case in enumerate(CASES)]
)
def test_finds_what_is_wrong_and_only_that(code: str, path: str, bad: JsonObject, good: JsonObject) -> None:
    assert MESSAGES[code].severity == found(bad).get((code, path))
    assert code not in [name for name, _ in found(good)]
    assert "error" not in found(good).values()


def test_every_code_has_a_case() -> None:
    assert set(GIVING_MESSAGES) <= {case[0] for case in CASES}


def test_another_rule_may_award_what_is_multiplied() -> None:
    """Only on the same event, of the same unit, at once, and not by an older version of this rule."""
    double = rule(TWICE)
    other = {"key": "other"}

    assert {} == found(double, rule(POINTS, **other))
    for lonely in (
        rule(POINTS, when=VIEW, **other),
        rule({**POINTS, "unit": "stars"}, **other),
        rule(WAIT, POINTS, **other),
        rule(POINTS),
    ):
        assert [("nothing-to-multiply", "/then/0")] == list(found(double, lonely))


def test_another_rule_may_give_a_coupon_its_end() -> None:
    document = ahead("coupon", "EVER")

    assert {} == found(document, rule(coupon("EVER", valid_for={"days": 1}), key="other"))
    assert found(document, rule(coupon("EVER"), key="other"))
    assert found(document, rule(coupon("TEN", valid_for={"days": 1}), key="other"))
    assert found(document, rule(coupon("EVER", valid_for={"days": 1})))  # an older version of this rule


def test_growth_visits_and_money_may_be_awarded_by_amount() -> None:
    assert {} == found(rule({**BY_TOTAL, "unit": "growth"}))


def test_names_are_told_in_the_readers_language() -> None:
    (finding,) = check(parse_rule(giving("set_tier", ladder="club", tier="black")), CATALOGUE)

    assert "“The club” has no level “black”." == finding.text["en"]
    assert "“这个club”没有等级“black”。" == finding.text["zh-Hans"]


@pytest.mark.parametrize(
    ("action", "event", "where", "is_loop"),
    [
        ({"type": "spend_points", "points": 1}, "Points Redeemed", None, True),
        (POINTS, "Points Earned", compare("event.unit", "eq", "points"), True),
        (POINTS, "Points Earned", compare("event.unit", "eq", "stars"), False),
        ({"type": "set_tier", "ladder": "club", "tier": "gold"}, "Tier Set", None, True),
        (
            {"type": "set_tier", "ladder": "club", "tier": "gold"},
            "Tier Set",
            compare("event.tier", "eq", "silver"),
            False,
        ),
        ({"type": "start_membership", "membership": "tea"}, "Membership Started", None, True),
        ({"type": "start_membership", "membership": "tea"}, "Membership Renewed", None, True),
        ({"type": "draw_prize", "wheel": "spin"}, "Prize Drawn", None, True),
        ({"type": "draw_prize", "wheel": "spin"}, "Prize Drawn", compare("event.wheel", "eq", "x"), False),
        ({"type": "draw_prize", "wheel": "spin"}, "Points Earned", None, True),
        ({"type": "draw_prize", "wheel": "paid"}, "Points Earned", None, False),
        ({"type": "draw_prize", "wheel": "torn"}, "Coupon Issued", None, True),
        (TWICE, "Points Earned", None, False),
    ],
)
def test_circles(action: JsonObject, event: str, where: Json, *, is_loop: bool) -> None:
    """What a rule gives may set it off again."""
    document = rule(action, when={"type": "event", "event": event, "where": where})

    assert is_loop == ("tag-loop" in [code for code, _ in found(document)])
