"""What a member holds, and what the programme did by itself, in shape."""

from typing import Any

from api.service.explaining import Explained, explained
from api.service.shapes import decision_detail, entry, member_detail, outcome_summary, outcomes_of
from api.store.log import LoggedEntry
from engine.decision import Outcome
from engine.ledger.books import Account, Books, Hold, Lot
from engine.state import Coupon, Level, Membership, changed
from tests.support.life import Life, Programme, at, rule

STARS: dict[str, Any] = {
    "key": "stars",
    "name": {"en": "Stars", "zh-Hans": "星星"},
    "expires_after": {"days": 10},
    "pending_for": {"days": 2},
}
CASH: dict[str, Any] = {"key": "cash", "name": {"en": "Cash"}, "kind": "money", "currency": "CNY"}
CLUB: dict[str, Any] = {
    "key": "club",
    "name": {"en": "Club", "zh-Hans": "俱乐部"},
    "measure": "sum",
    "period": "ever",
    "tiers": [
        {"key": "silver", "name": {"en": "Silver", "zh-Hans": "银卡"}, "reached_at": "100"},
        {"key": "gold", "name": {"en": "Gold", "zh-Hans": "金卡"}, "reached_at": "300"},
    ],
}
STAFF = {**CLUB, "key": "staff", "name": {"en": "Staff"}, "of_kind": "staff"}
DEFINED: dict[str, Any] = {
    "programme": {"zone": "UTC"},
    "units": [STARS, CASH],
    "ladders": [CLUB, STAFF],
    "coupons": [{"key": "TEN", "name": {"en": "Ten off"}, "kind": "amount", "value": "10", "valid_days": 5}],
    "memberships": [{"key": "tea", "name": {"en": "Tea club", "zh-Hans": "茶会"}, "lasts": {"days": 30}}],
}
EARNING = rule(
    then=[
        {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total", "unit": "stars"},
        {"type": "issue_coupon", "coupon": "TEN"},
    ]
)


def life() -> Life:
    """A member who has spent 120.50 on 1 May and 30 on 2 May."""
    told = Life(EARNING, programme=Programme(DEFINED))
    told.track("2026-05-01", total="120.5", currency="CNY", order_id="o1")
    told.track("2026-05-02", total=30, currency="CNY", order_id="o2")
    return told


def detail(told: Life, now: str, **changes: Any) -> dict[str, Any]:
    shown: dict[str, Any] = member_detail(changed(told.state, **changes), told.programme.index, at(now))
    return shown


def balance(shown: dict[str, Any], unit: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [one for one in shown["balances"] if one["unit"] == unit]
    assert len(found) == 1
    return found[0]


def explaining(told: Life) -> Explained:
    """Return the last entry, explained."""
    event, decided = told.decided[-1]
    return explained(event, decided.decision, told.programme.index, told.state)


def test_each_unit_shows_what_can_be_spent_now_later_and_until_when() -> None:
    told = life().until("2026-05-03")  # the first lot has waited long enough, the second hasn't

    assert {
        "unit": "stars",
        "name": {"en": "Stars", "zh-Hans": "星星"},
        "kind": "points",
        "currency": None,
        "available": 120,
        "pending": 30,
        "held": 0,
        "debt": 0,
        "earned": 150,
        "expires_at": "2026-05-11T00:00:00Z",
        "expiring": 120,
    } == balance(detail(told, "2026-05-03"), "stars")


def test_units_nobody_used_are_shown_and_those_no_longer_defined_too() -> None:
    gone = Account(lots=(Lot("l", 4, None, at("2026-06-01")), Lot("m", 1, None, at("2026-06-01"))), debt=2)
    shown = detail(life(), "2026-05-03", books=Books(accounts={"gone": gone}))

    assert ["points", "stars", "cash", "gone"] == [one["unit"] for one in shown["balances"]]
    assert ("CNY", 0, None, 0) == tuple(
        balance(shown, "cash")[name] for name in ("currency", "available", "expires_at", "expiring")
    )
    assert (5, 2, "2026-06-01T00:00:00Z", 5) == tuple(
        balance(shown, "gone")[name] for name in ("available", "debt", "expires_at", "expiring")
    )
    assert {"en": "gone", "zh-Hans": "gone"} == balance(shown, "gone")["name"]


def test_what_is_set_aside_is_shown_with_its_redemption() -> None:
    parts = (("stars", Lot("l", 7)), ("stars", Lot("m", 3)), ("cash", Lot("n", 50)))
    held = Hold("o9", at("2026-05-04"), parts, ("C1",))
    coupons = {
        "C1": Coupon("TEN", at("2026-05-01"), at("2026-05-02"), held_by="r1"),
        "C2": Coupon("TEN", at("2026-05-01"), at("2026-05-03")),
        "C3": Coupon("GONE", at("2026-05-01")),
    }
    shown = detail(life(), "2026-05-03", books=Books(holds={"r1": held}), coupons=coupons)

    assert [
        {
            "redemption": "r1",
            "order_id": "o9",
            "until": "2026-05-04T00:00:00Z",
            "units": {"stars": 10, "cash": 50},
            "coupons": ["C1"],
        }
    ] == shown["holds"]
    assert (10, 50) == (balance(shown, "stars")["held"], balance(shown, "cash")["held"])
    assert [("C1", "held", "r1"), ("C2", "expired", None), ("C3", "issued", None)] == [
        (one["code"], one["state"], one["held_by"]) for one in shown["coupons"]
    ]
    assert ["Ten off", "Ten off", "GONE"] == [one["name"]["en"] for one in shown["coupons"]]


def test_a_level_says_how_much_is_missing_to_the_next() -> None:
    (club,) = detail(life(), "2026-05-03")["levels"]

    assert {"tier": "gold", "name": {"en": "Gold", "zh-Hans": "金卡"}, "missing": "149.5"} == club["next"]
    assert ("silver", "Silver", "2026-05-01T00:00:00Z", False) == (
        club["tier"],
        club["tier_name"]["en"],
        club["since"],
        club["set_by_hand"],
    )


def test_below_the_first_level_and_at_the_top() -> None:
    below = Life(programme=Programme(DEFINED))
    below.track("2026-05-01", total=1, currency="CNY")
    (club,) = detail(below, "2026-05-02")["levels"]
    assert (None, None, None, "99") == (
        club["tier"],
        club["tier_name"],
        club["since"],
        club["next"]["missing"],
    )

    top = Level("gold", at("2026-05-01"), at("2026-06-01"), set_by_hand=True, in_grace=True)
    (club,) = detail(life(), "2026-05-02", levels={"club": top})["levels"]
    assert club["next"] is None
    assert ("2026-06-01T00:00:00Z", True, True) == (club["until"], club["set_by_hand"], club["in_grace"])


def test_a_ladder_for_others_is_not_shown_unless_the_member_stands_on_it() -> None:
    level = Level("silver", at("2026-05-01"))
    shown = detail(life(), "2026-05-02", levels={"staff": level})

    assert {"club": None, "staff": "silver"} == {one["ladder"]: one["tier"] for one in shown["levels"]}
    assert ["staff"] == [
        one["ladder"]
        for one in detail(life(), "2026-05-02", attributes={"kind": "staff"}, levels={})["levels"]
    ]


def test_memberships_are_shown_by_name() -> None:
    running = {"tea": Membership(at("2026-05-01"), at("2026-06-01"))}

    assert [
        {
            "membership": "tea",
            "name": {"en": "Tea club", "zh-Hans": "茶会"},
            "since": "2026-05-01T00:00:00Z",
            "until": "2026-06-01T00:00:00Z",
        }
    ] == detail(life(), "2026-05-02", memberships=running)["memberships"]


def test_what_the_programme_does_by_itself_is_no_rule_to_look_up() -> None:
    """An end that falls due is told as an outcome of its own, without a version or a trace."""
    told = life().until("2026-05-03")
    (shown,) = outcomes_of(explaining(told))

    assert ("@clock", {"en": "Expiry", "zh-Hans": "到期"}, 0, "done", None) == tuple(
        shown[name] for name in ("rule", "name", "version", "result", "trace")
    )
    assert ["120 “Stars” can be spent from now on"] == [one["text"]["en"] for one in shown["effects"]]
    in_short = outcome_summary(told.decided[-1][1].decision.outcomes[0], told.programme.index)
    assert ({"en": "Expiry", "zh-Hans": "到期"}, "activate_points") == (
        in_short["name"],
        in_short["effects"][0]["type"],
    )


def test_a_level_reached_stands_beside_the_rule_that_fired() -> None:
    told = Life(EARNING, programme=Programme(DEFINED))
    told.track("2026-05-01", total=100, currency="CNY")
    fired, risen = outcomes_of(explaining(told))

    assert ("r", "fired", "A rule") == (fired["rule"], fired["result"], fired["name"]["en"])
    assert ("@tier", "done", "Levels") == (risen["rule"], risen["result"], risen["name"]["en"])
    assert "“Club”: from no level up to “Silver”" == risen["effects"][0]["text"]["en"]
    award = fired["effects"][0]
    assert ("2026-05-03T00:00:00Z", "2026-05-11T00:00:00Z") == (award["active_at"], award["expires_at"])


def test_an_odd_refund_says_why() -> None:
    told = life()
    told.track("2026-05-03 00:01", "Order Refunded", total=5, currency="CNY")
    (shown,) = outcomes_of(explaining(told))

    assert ("@refund", "the refund names no order") == (shown["rule"], shown["reason"]["en"])


def test_a_timer_says_what_ended() -> None:
    told = life().until("2026-05-06")
    seen = [entry(event, None, told.programme.index) for event, _ in told.decided if event.kind == "timer"]

    assert [
        {"timer": "units", "unit": "stars", "due_at": "2026-05-03T00:00:00Z"},
        {"timer": "units", "unit": "stars", "due_at": "2026-05-04T00:00:00Z"},
        {"timer": "coupons", "due_at": "2026-05-06T00:00:00Z"},
    ] == [one["properties"] for one in seen]
    assert "coupon expired" == seen[-1]["label"]["en"]


def test_a_rule_ahead_of_an_end_shows_what_it_read() -> None:
    notice = rule(
        key="notice",
        when={"type": "before_expiry", "of": "points", "unit": "stars", "for": {"days": 3}},
        **{"if": {"type": "compare", "fact": "event.points", "op": "gte", "value": 100}},
        then=[{"type": "award_points", "points": 1}],
    )
    told = Life(EARNING, notice, programme=Programme(DEFINED))
    told.track("2026-05-01", total=120, currency="CNY")
    told.until("2026-05-08")
    (shown,) = outcomes_of(explaining(told))

    assert ("notice", "fired", 120) == (shown["rule"], shown["result"], shown["trace"]["read"])
    event = entry(told.decided[-1][0], None, told.programme.index)
    assert ("notice", "something runs out soon") == (event["properties"]["rule"], event["label"]["en"])


def test_what_a_till_was_told_stands_in_the_decision() -> None:
    told = life()
    told.track("2026-05-03 10:00", "Redemption Confirmed", kind="request", redemption="r1")
    event = told.decided[-1][0]
    logged = LoggedEntry(
        sequence=9, event=event, revision=told.programme.index.rules.revision, content="", digest="d"
    )
    shown = decision_detail(explaining(told), logged)

    assert ("refused", "redemption-unknown") == (shown["answer"]["status"], shown["answer"]["reason"])
    assert "redemption confirmed" == shown["label"]["en"]
    assert ["@till"] == [one["rule"] for one in shown["outcomes"]]


def test_an_outcome_of_a_rule_that_is_gone_reads_by_its_key() -> None:
    outcome = Outcome(step=0, rule="gone", version=1, result="fired")

    assert "gone" == outcome_summary(outcome, life().programme.index)["name"]["en"]
