"""What rules give and take: awards, caps, claims, budgets, draws, and what ends by itself."""

from typing import Any, ClassVar

import pytest

from engine.decision import Need
from engine.effects import AwardPoints, ChangeTier, DrawPrize, ExpirePoints, IssueCoupon, ReversePoints
from tests.support.life import ORDER, Life, Programme, at, rule

POINTS: dict[str, Any] = {"key": "points", "name": {"en": "points"}}


def points(key: str = "earn", rate: str = "1", **more: Any) -> dict[str, Any]:
    action = {"type": "award_points_by_amount", "points_per_unit": rate, "fact": "event.total"} | more
    return rule(key=key, then=[action])


def multiplier(key: str, factor: str, unit: str | None = None) -> dict[str, Any]:
    action = {"type": "multiply_points", "factor": factor} | ({"unit": unit} if unit else {})
    return rule(key=key, then=[action])


def awarded(life: Life) -> list[int]:
    return [one.points for decided in life.decided for one in _effects(decided, AwardPoints)]


def results(life: Life, key: str) -> list[tuple[str, str]]:
    return [
        (one.result, one.reason)
        for _, decided in life.decided
        for one in decided.decision.outcomes
        if one.rule == key
    ]


def _effects(decided: Any, kind: type[Any]) -> list[Any]:
    return [one for one in decided[1].decision.effects if isinstance(one, kind)]


def programme(*documents: dict[str, Any], **definitions: Any) -> Programme:
    made = Programme(definitions)
    for document in documents:
        made.publish(document)
    return made


class TestMultipliers:
    @pytest.mark.parametrize(
        ("combine", "most", "expected"),
        [("highest", 10, 300), ("multiply", 10, 600), ("add", 10, 400), ("multiply", 5, 500)],
    )
    def test_the_unit_says_how_they_combine(self, combine: str, most: int, expected: int) -> None:
        """Twice and three times: the higher, six times, or four times; never above the largest factor."""
        unit = POINTS | {"combine": combine, "at_most_factor": most}
        life = Life(
            programme=programme(points(), multiplier("two", "2"), multiplier("three", "3"), units=[unit])
        )
        life.track("2026-03-01", total=100)

        assert [expected] == awarded(life)

    def test_the_product_is_rounded_down(self) -> None:
        life = Life(programme=programme(points(), multiplier("half-more", "1.5"), units=[POINTS]))
        life.track("2026-03-01", total=33)

        assert [49] == awarded(life)

    def test_another_unit_is_left_alone(self) -> None:
        units = [POINTS, {"key": "growth", "name": {"en": "growth"}, "kind": "growth"}]
        earns = points("grow", unit="growth")
        life = Life(programme=programme(points(), earns, multiplier("two", "2"), units=units))
        life.track("2026-03-01", total=10)

        assert {"points": 20, "growth": 10} == {
            key: account.available for key, account in life.state.books.accounts.items()
        }


class TestCaps:
    def test_counts_what_comes_of_a_multiplier_in_the_members_day(self) -> None:
        """At most 50 a day: the third award of the day is cut, and the next local day begins anew."""
        earns = points("earn", at_most={"points": 50, "every": "day"})
        life = Life(programme=programme(earns, multiplier("two", "2"), programme={"zone": "Asia/Shanghai"}))
        for when in ("2026-03-01 01:00", "2026-03-01 02:00", "2026-03-01 15:59", "2026-03-01 16:00"):
            life.track(when, total=12)

        assert [24, 24, 2, 24] == awarded(life)

    def test_holds_in_a_rule_of_the_clock(self) -> None:
        daily = rule(
            key="daily",
            when={"type": "schedule", "every": "day", "at": "09:00"},
            then=[{"type": "award_points", "points": 30, "at_most": {"points": 70, "every": "month"}}],
        )
        life = Life(programme=programme(daily, programme={"zone": "UTC"}))
        life.track("2026-03-01")
        life.clock(at("2026-03-05"), inclusive=True)

        assert [30, 30, 10] == awarded(life)


class TestScarce:
    def test_a_claim_counts_once_for_everybody(self) -> None:
        """An order number that another rule, or another member, has claimed gives nothing any more."""
        claimed: list[str] = []

        def supply(need: Need) -> bool:
            claimed.append(need.name)
            return claimed.count(need.name) == 1

        earns, claims = points("earn", once_per="order_id"), points("claim", once_per="order_id")
        life = Life(programme=programme(earns, claims), supply=supply)
        life.track("2026-03-01", total=10, order_id="o1")
        life.track("2026-03-02", total=10, order_id="o2")
        life.track("2026-03-03", total=10)

        assert [10, 10] == awarded(life)
        assert [("limited", "claimed-already")] * 2 + [("limited", "nothing-to-claim")] == results(
            life, "earn"
        )

    def test_a_budget_is_asked_for_what_it_costs_after_multipliers(self) -> None:
        asked: list[tuple[str, int, int]] = []

        def supply(need: Need) -> bool:
            asked.append((need.name, need.limit, need.amount))
            return need.amount <= 100

        budget = {"key": "spring", "name": {"en": "Spring"}, "counts": "points", "amount": "500"}
        spends = points("earn") | {"limits": {"budget": "spring"}}
        made = programme(spends, multiplier("two", "2"), budgets=[budget | {"period": "month"}])
        life = Life(programme=made, supply=supply)
        life.track("2026-03-01", total=50)
        life.track("2026-03-02", total=51)

        assert [("spring//2026-03", 500, 100), ("spring//2026-03", 500, 102)] == asked
        assert [100] == awarded(life)
        assert [("fired", ""), ("limited", "budget")] == results(life, "earn")

    def test_two_rules_of_a_step_can_not_spend_the_same_points(self) -> None:
        """Both see 100 points; the first by priority takes 70, the second gets nothing and says why."""
        takes = [{"type": "spend_points", "points": 70}]
        first, second = (
            rule(key=key, when={"type": "event", "event": "Exchange"}, then=takes, priority=priority)
            for key, priority in (("a", 2), ("b", 1))
        )
        life = Life(programme=programme(points(), first, second))
        life.track("2026-03-01", total=100)
        life.track("2026-03-02", "Exchange")

        assert [("fired", "")] == results(life, "b")
        assert [("limited", "not-enough-points")] == results(life, "a")
        assert 30 == life.state.points

    def test_a_prize_out_of_stock_gives_the_fallback(self) -> None:
        wheel = {
            "key": "w",
            "name": {"en": "Wheel"},
            "fallback": "none",
            "prizes": [
                {"key": "none", "name": {"en": "None"}, "weight": 0, "gives": "nothing"},
                {
                    "key": "car",
                    "name": {"en": "Car"},
                    "weight": 1,
                    "gives": "points",
                    "amount": 9,
                    "stock": 1,
                },
            ],
        }

        def supply(need: Need) -> Any:
            return {"number": "0" * 63 + "7", "commitment": "c"} if need.kind == "draw" else stock.pop()

        stock = [False, True]
        spins = rule(key="spin", then=[{"type": "draw_prize", "wheel": "w"}])
        life = Life(programme=programme(spins, wheels=[wheel]), supply=supply)
        life.track("2026-03-01")
        life.track("2026-03-02")

        told = [_effects(one, DrawPrize)[0] for one in life.decided]
        assert [("car", ""), ("none", "car")] == [(one.prize, one.drawn) for one in told]
        assert [9] == awarded(life)

    def test_a_coupon_per_member(self) -> None:
        coupon = {"key": "C", "name": {"en": "C"}, "kind": "gift", "per_member": 2}
        gives = rule(key="give", then=[{"type": "issue_coupon", "coupon": "C"}])
        life = Life(programme=programme(gives, coupons=[coupon]))
        for day in (1, 2, 3):
            life.track(f"2026-03-0{day}")

        assert 2 == sum(len(_effects(one, IssueCoupon)) for one in life.decided)
        assert ("limited", "coupon-per-member") == results(life, "give")[-1]


def wheel_of(coupon: str) -> dict[str, Any]:
    """A wheel of which the one prize is a coupon, once, and the fallback another coupon."""
    return {
        "key": "w",
        "name": {"en": "Wheel"},
        "fallback": "tea",
        "prizes": [
            {"key": "tea", "name": {"en": "Tea"}, "weight": 0, "gives": "coupon", "coupon": "TEA"},
            {
                "key": "car",
                "name": {"en": "Car"},
                "weight": 1,
                "gives": "coupon",
                "coupon": coupon,
                "stock": 1,
            },
        ],
    }


def test_a_fallback_gets_a_code_of_its_own() -> None:
    """Not the refusal that the drawn prize's pool gave."""
    coupons = [
        {"key": "CAR", "name": {"en": "Car"}, "kind": "gift", "codes": "pool"},
        {"key": "TEA", "name": {"en": "Tea"}, "kind": "gift"},
    ]

    def supply(need: Need) -> Any:
        if need.kind == "draw":
            return {"number": "0" * 64, "commitment": "c"}
        return need.kind != "code" or (False if need.pool else "T1")

    spins = rule(key="spin", then=[{"type": "draw_prize", "wheel": "w"}])
    life = Life(programme=programme(spins, wheels=[wheel_of("CAR")], coupons=coupons), supply=supply)
    life.track("2026-03-01")

    (issued,) = _effects(life.decided[0], IssueCoupon)
    assert ("TEA", "T1") == (issued.coupon, issued.code)


class TestEnds:
    def test_lots_wait_and_expire_by_the_clock(self) -> None:
        """Spendable a week after the award, gone after 30 days, to the microsecond."""
        unit = POINTS | {"pending_for": {"days": 7}, "expires_after": {"days": 30}}
        life = Life(programme=programme(points(), units=[unit]))
        life.track("2026-03-01", total=40)
        account = life.state.books.account("points")
        assert (0, 40) == (account.available, account.pending)
        life.clock(at("2026-03-08") - 1, inclusive=True)
        assert 0 == life.state.points
        life.clock(at("2026-03-08"), inclusive=True)
        assert 40 == life.state.points
        life.clock(at("2026-03-31") - 1, inclusive=True)
        assert 40 == life.state.points
        life.clock(at("2026-03-31"), inclusive=True)

        assert 0 == life.state.points
        assert [40] == [one.points for decided in life.decided for one in _effects(decided, ExpirePoints)]

    def test_a_notice_runs_ahead_of_each_end_once(self) -> None:
        unit = POINTS | {"expires_after": {"days": 30}}
        warns = rule(
            key="warn",
            when={"type": "before_expiry", "of": "points", "for": {"days": 7}},
            then=[{"type": "award_points", "points": 1, "unit": "warned"}],
            **{"if": {"type": "compare", "fact": "event.points", "op": "gte", "value": 20}},
        )
        other = {"key": "warned", "name": {"en": "warned"}}
        life = Life(programme=programme(points(), warns, units=[unit, other]))
        life.track("2026-03-01", total=40)
        life.track("2026-03-03", total=10)
        life.clock(at("2026-05-01"), inclusive=True)

        fired = [event.as_of for event, one in life.decided for outcome in one.decision.outcomes
                 if outcome.rule == "warn" and outcome.result == "fired"]  # fmt: skip
        assert [at("2026-03-24")] == fired
        notices = [event.properties["mark"] for event, _ in life.decided
                   if event.properties.get("timer") == "before_expiry"]  # fmt: skip
        assert [at("2026-03-31"), at("2026-04-02")] == notices


class TestRuling16Refunds:
    """A refund takes back exactly what the order gave."""

    def test_in_cumulative_proportion_with_the_remainder_last(self) -> None:
        life = Life(programme=programme(points()))
        life.track("2026-03-01", total=100, order_id="o1", currency="CNY")
        for day, part in ((2, "33.33"), (3, "33.33"), (4, "33.34")):
            life.track(f"2026-03-0{day}", "Order Refunded", total=part, order_id="o1", currency="CNY")

        taken = [one.points for decided in life.decided for one in _effects(decided, ReversePoints)]
        assert [33, 33, 34] == taken
        assert 0 == life.state.points

    def test_an_order_that_earned_nothing_is_known_all_the_same(self) -> None:
        """Its refund leaves nothing to say, as long as it can be refunded; then it is forgotten."""
        life = Life(programme=programme(programme={"returns_days": 10}))
        life.track("2026-03-01", total=100, order_id="o1", currency="CNY")
        life.track("2026-03-01", occurred="2026-02-01", total=100, order_id="late", currency="CNY")
        life.track("2026-03-02", "Order Refunded", total=40, order_id="o1", currency="CNY")
        assert [] == results(life, "@refund")
        life.track("2026-03-03", "Order Refunded", total=70, order_id="o1", currency="CNY")
        life.track("2026-03-04", "Order Refunded", total=1, order_id="o2", currency="CNY")
        life.track("2026-03-05", "Order Refunded", total=1, order_id="late", currency="CNY")

        odd = ["refund-exceeds-order", "order-unknown", "order-unknown"]
        assert [("done", one) for one in odd] == results(life, "@refund")
        assert ["o1", "o2", "late"] == list(life.state.books.orders)
        life.track("2026-03-11", total=1, order_id="o3", currency="CNY")
        assert ["o1", "o2", "late", "o3"] == list(life.state.books.orders)
        life.track("2026-03-11T00:00:00.000001Z", total=1, order_id=["odd"], currency="CNY")
        assert ["o2", "late", "o3"] == list(life.state.books.orders)

    def test_a_refund_that_comes_before_its_order(self) -> None:
        """It is kept and said to be odd; when the order comes, it earns and is taken back at once."""
        life = Life(programme=programme(points()))
        life.track("2026-03-01", "Order Refunded", total=40, order_id="o1", currency="CNY")
        assert [("done", "order-unknown")] == results(life, "@refund")
        life.track("2026-03-02", total=100, order_id="o1", currency="CNY")

        assert 60 == life.state.points
        assert [100] == awarded(life)

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            ({"total": 500}, "refund-exceeds-order"),
            ({"total": -1}, "refund-not-positive"),
            ({"total": 5, "currency": "USD"}, "refund-currency"),
            ({"order_id": ""}, "refund-without-order"),
        ],
    )
    def test_an_odd_one_is_named(self, more: dict[str, Any], reason: str) -> None:
        life = Life(programme=programme(points()))
        life.track("2026-03-01", total=100, order_id="o1", currency="CNY")
        life.track("2026-03-02", "Order Refunded", **({"order_id": "o1", "currency": "CNY"} | more))

        assert [("done", reason)] == results(life, "@refund")
        assert life.state.points == (0 if reason == "refund-exceeds-order" else 100)

    def test_the_same_refund_told_twice_counts_once(self) -> None:
        life = Life(programme=programme(points()))
        life.track("2026-03-01", total=100, order_id="o1")
        for day in (2, 3):
            life.track(f"2026-03-0{day}", "Order Refunded", total=30, order_id="o1", refund_id="r1")

        assert 70 == life.state.points
        assert ("done", "refund-repeated") == results(life, "@refund")[-1]


class TestLevels:
    LADDER: ClassVar[dict[str, Any]] = {
        "key": "tier",
        "name": {"en": "Level"},
        "measure": "sum",
        "period": "rolling",
        "within": {"days": 365},
        "tiers": [
            {"key": "silver", "name": {"en": "Silver"}, "reached_at": "100"},
            {"key": "gold", "name": {"en": "Gold"}, "reached_at": "300"},
        ],
    }

    def test_a_member_rises_at_once_and_falls_at_the_review(self) -> None:
        gift = rule(
            key="gift",
            when={"type": "event", "event": "Tier Upgraded"},
            then=[{"type": "award_points", "points": 5}],
        )
        life = Life(programme=programme(gift, ladders=[self.LADDER]))
        life.track("2026-03-01", total=120)
        life.track("2026-03-02", total=200)
        life.track("2026-06-01", total=150)
        assert 10 == life.state.points
        life.clock(at("2027-03-02"), inclusive=True)

        moves = [
            (one.before, one.tier, one.how)
            for decided in life.decided
            for one in _effects(decided, ChangeTier)
        ]
        assert [
            (None, "silver", "upgraded"),
            ("silver", "gold", "upgraded"),
            ("gold", "silver", "downgraded"),
        ] == moves

    def test_rules_read_the_level_before_the_order_that_raised_it(self) -> None:
        """The order that makes gold is still a silver order; the next one earns double."""
        double = multiplier("double", "2") | {
            "if": {"type": "compare", "fact": "member.tier", "op": "eq", "value": "gold"}
        }
        life = Life(programme=programme(points(), double, ladders=[self.LADDER]))
        life.track("2026-03-01", total=300)
        life.track("2026-03-02", total=10)

        assert [300, 20] == awarded(life)


class TestRuling7Refusal:
    def test_a_chain_that_is_cut_keeps_what_the_entry_itself_led_to(self) -> None:
        """The refund stands, and so do its postings; what rules made of it goes."""
        rules = [points()] + [
            rule(
                key=f"loop-{number}",
                when={"type": "event", "event": "Tag Added" if number else "Points Reversed"},
                then=[{"type": "add_tag", "tag": f"t{number}"}],
                **({"if": {"type": "compare", "fact": "event.tag", "op": "eq", "value": f"t{number - 1}"}}
                   if number else {}),
            )
            for number in range(12)
        ]  # fmt: skip
        life = Life(programme=programme(*rules))
        life.track("2026-03-01", total=100, order_id="o1", currency="CNY")
        decided = life.track("2026-03-02", "Order Refunded", total=100, order_id="o1", currency="CNY")

        assert "chain-too-deep" == decided.decision.refused
        assert 0 == life.state.points
        assert {} == life.state.tags
        assert ["reverse"] == [one.kind for one in decided.records]  # type: ignore[union-attr]


def test_nothing_happens_without_definitions() -> None:
    """Tags, orders and points work in a programme that has defined nothing."""
    life = Life(points())
    life.track("2026-03-01", ORDER, total=5)

    assert 5 == life.state.points


class TestStreaks:
    """A streak counts local days in a row, up to the day of the decision."""

    @pytest.mark.parametrize(
        ("days", "zone", "expected"),
        [
            (["01 09:00", "02 09:00", "03 09:00"], "UTC", 3),
            (["01 09:00", "01 10:00", "02 09:00"], "UTC", 2),
            (["01 09:00", "03 09:00"], "UTC", 1),
            (["01 15:59", "01 16:00"], "Asia/Shanghai", 2),
            (["08 04:59", "08 05:00", "09 03:59"], "America/New_York", 2),
        ],
    )
    def test_days_in_a_row(self, days: list[str], zone: str, expected: int) -> None:
        asked = {"type": "history", "measure": "streak", "event": "Checked In", "op": "gte", "value": 1}
        pays = [
            rule(
                key=f"day-{number}",
                when={"type": "event", "event": "Checked In"},
                then=[{"type": "award_points", "points": 1, "unit": f"u{number}"}],
                **{"if": asked | {"op": "eq", "value": number}},
            )
            for number in range(1, 5)
        ]
        units = [{"key": f"u{number}", "name": {"en": "u"}} for number in range(1, 5)]
        life = Life(programme=programme(*pays, units=units, programme={"zone": zone}))
        for day in days:
            life.track(f"2026-03-{day}", "Checked In")

        (last,) = _effects(life.decided[-1], AwardPoints)
        assert f"u{expected}" == last.unit

    def test_a_day_without_ends_it_for_the_clock(self) -> None:
        """A rule of the clock on a day that has none yet reads 0."""
        asked = {"type": "history", "measure": "streak", "event": "Checked In", "op": "eq", "value": 0}
        nightly = rule(
            key="nightly", when={"type": "schedule", "every": "day", "at": "23:00"}, **{"if": asked}
        )
        life = Life(programme=programme(nightly, programme={"zone": "UTC"}))
        life.track("2026-03-01 09:00", "Checked In")
        life.clock(at("2026-03-02 23:00"), inclusive=True)

        assert ["award_points 10"] == life.what
        assert ("2026-03-02T23:00:00Z", "award_points 10") == life.effects[0]
