"""Campaigns: their dates, audience, budget and hold-out hold for each of their rules."""

from typing import Any

from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.checks_definitions import definition_findings
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.language.wording import sentence
from engine.replay import replay
from tests.support.life import Life, Programme, at, rule

GOLD: dict[str, Any] = {"type": "compare", "fact": "member.grade", "op": "eq", "value": "gold"}
ATTRIBUTES = [{"name": "grade", "label": {"en": "Grade"}, "type": "text"}]


def campaign(**more: Any) -> dict[str, Any]:
    return {"key": "spring", "name": {"en": "Spring", "zh-Hans": "春季"}} | more


def programme(*documents: dict[str, Any], **definitions: Any) -> Programme:
    made = Programme({"attributes": ATTRIBUTES} | definitions)
    for document in documents:
        made.publish(document)
    return made


def member(name: str, held: Programme, kind: str = "gold") -> Life:
    life = Life(programme=held, member=name)
    life.identify("2026-01-01", grade=kind)
    return life


def test_its_dates_hold_for_its_rules() -> None:
    """From its first instant on, and not at the instant at which it ends."""
    dates = {"from": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
    life = Life(programme=programme(rule(campaign="spring"), campaigns=[campaign(**dates)]))
    for when in ("2026-02-28 23:59", "2026-03-01", "2026-03-31 23:59", "2026-04-01"):
        life.track(when)

    assert [
        ("r", "inactive", "campaign-not-begun"),
        ("r", "fired", ""),
        ("r", "fired", ""),
        ("r", "inactive", "campaign-ended"),
    ] == life.results


def test_its_audience_is_joined_to_what_the_rule_asks() -> None:
    held = programme(
        rule(
            campaign="spring", **{"if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 10}}
        ),
        campaigns=[campaign(audience=GOLD)],
    )
    gold, other = member("a", held), member("b", held, kind="plain")
    for life in (gold, other):
        life.track("2026-03-01", total=9)
        life.track("2026-03-02", total=10)

    assert ([("r", "fired", "")], []) == (gold.results, other.results)


def test_a_rule_of_the_clock_asks_for_the_audience_too() -> None:
    absent = {"type": "absence", "event": "Order Completed", "for": {"days": 1}}
    held = programme(rule(campaign="spring", when=absent), campaigns=[campaign(audience=GOLD)])
    gold, other = member("a", held), member("b", held, kind="plain")
    for life in (gold, other):
        life.track("2026-03-01")
        life.until("2026-03-05")

    assert (["award_points 10"], []) == (gold.what, other.what)


def test_a_change_of_the_campaign_holds_for_rules_that_are_in_force() -> None:
    """Its dates, its audience and what the audience reads of the history; what was decided before stays."""
    held = programme(rule(campaign="spring"), campaigns=[campaign()])
    life = Life(programme=held)
    life.track("2026-03-01")
    twice = {"type": "history", "measure": "count", "event": "Order Completed", "op": "gte", "value": 3}
    changed = Definitions.model_validate({"campaigns": [campaign(audience=twice)]})
    held.add("Definitions Changed", {"definitions": changed.model_dump(mode="json", by_alias=True)})
    life.track("2026-03-02")
    life.track("2026-03-03")
    gone = Definitions.model_validate({})
    held.add("Definitions Changed", {"definitions": gone.model_dump(mode="json", by_alias=True)})
    life.track("2026-03-04")

    assert [("r", "fired", ""), ("r", "fired", ""), ("r", "inactive", "no-campaign")] == life.results
    assert [] == list(replay(life.state.member, life.logged, held.decider).divergences)


def test_its_budget_is_drawn_on_besides_the_rules_own() -> None:
    """A firing needs room in both; a budget that both name is drawn on once."""
    budgets = [
        {"key": "own", "name": {"en": "Own"}, "counts": "firings", "amount": "5"},
        {"key": "all", "name": {"en": "All"}, "counts": "points", "amount": "30"},
    ]
    asked: list[tuple[str, int]] = []
    documents = [
        rule(key="both", campaign="spring", limits={"budget": "own"}),
        rule(key="once", campaign="spring", limits={"budget": "all"}),
    ]
    held = programme(*documents, budgets=budgets, campaigns=[campaign(budget="all")])

    def supply(need: Any) -> Any:
        asked.append((need.name, need.amount))
        return need.name != "all//"

    life = Life(programme=held, supply=supply)
    life.track("2026-03-01")

    assert [("all//", 10), ("all//", 10), ("own//", 1)] == sorted(asked)
    assert [("both", "limited", "budget"), ("once", "limited", "budget")] == life.results


def test_its_holdout_keeps_the_same_members_from_all_its_rules() -> None:
    """A member is reached by every rule of a campaign or by none; another rule's draw is its own."""
    documents = [rule(key="one", campaign="spring"), rule(key="two", campaign="spring"), rule(key="free")]
    held = programme(*documents, campaigns=[campaign(holdout_percent=30)])
    results = []
    for number in range(400):
        life = Life(programme=held, member=f"m{number}")
        life.track("2026-03-01")
        results.append({one: result for one, result, _ in life.results})

    assert all(one["one"] == one["two"] and one["free"] == "fired" for one in results)
    assert 90 <= sum(one["one"] == "held_out" for one in results) <= 150


class TestFindings:
    """What `check` says of a rule of a campaign, and of campaigns."""

    def found(self, document: dict[str, Any], **definitions: Any) -> list[tuple[str, str]]:
        catalogue = Catalogue(Definitions.model_validate({"attributes": ATTRIBUTES} | definitions))
        return [
            (one.code, one.path)
            for one in check(parse_rule(document), catalogue)
            if one.severity in {"error", "warning"}
        ]

    def test_a_sound_rule(self) -> None:
        assert [] == self.found(rule(campaign="spring"), campaigns=[campaign(audience=GOLD)])

    def test_unknown(self) -> None:
        assert [("unknown-campaign", "/campaign")] == self.found(rule(campaign="spring"))

    def test_the_audience_contradicts_the_rule(self) -> None:
        plain = GOLD | {"value": "plain"}
        said = self.found(rule(campaign="spring", **{"if": plain}), campaigns=[campaign(audience=GOLD)])
        assert [("audience-contradicts", "/campaign")] == said

    def test_never_in_force_together(self) -> None:
        active = {"from": "2026-04-01T00:00:00Z"}
        ends = campaign(until="2026-04-01T00:00:00Z")
        assert [("never-in-campaign", "/active")] == self.found(
            rule(campaign="spring", active=active), campaigns=[ends]
        )

    def test_a_budget_in_another_currency(self) -> None:
        coupon = {"key": "C", "name": {"en": "C"}, "kind": "gift", "unit_cost": "3", "currency": "USD"}
        budget = {"key": "b", "name": {"en": "B"}, "counts": "money", "currency": "CNY", "amount": "9"}
        said = self.found(
            rule(campaign="spring", then=[{"type": "issue_coupon", "coupon": "C"}]),
            coupons=[coupon],
            budgets=[budget],
            campaigns=[campaign(budget="b")],
        )
        assert [("budget-currency", "/campaign")] == said

    def test_definitions(self) -> None:
        campaigns = [
            campaign(until="soon"),
            campaign(**{"from": "2026-02-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}),
            campaign(budget="b", goal_event="Order Completed", goal_amount="order_id"),
            campaign(audience={"type": "compare", "fact": "event.total", "op": "gt", "value": 1}),
            campaign(audience={"type": "all", "of": [GOLD, GOLD | {"value": "plain"}]}),
        ]
        given = Definitions.model_validate({"attributes": ATTRIBUTES, "campaigns": campaigns})
        said = [(one.code, one.path) for one in definition_findings(Catalogue(given))]
        assert [
            ("bad-active", "/campaigns/0/until"),
            ("campaign-never", "/campaigns/1/until"),
            ("unknown-budget", "/campaigns/2/budget"),
            ("goal-without-amount", "/campaigns/2/goal_amount"),
            ("no-event-value", "/campaigns/3/audience/fact"),
            ("impossible-range", "/campaigns/4/audience/of/1"),
        ] == said


def test_the_sentence_names_the_campaign() -> None:
    catalogue = Catalogue(Definitions.model_validate({"campaigns": [campaign()]}))
    said = parse_rule(rule(campaign="spring"))
    assert sentence(said, catalogue, "en").endswith("; part of campaign “Spring”.")
    assert sentence(said, catalogue, "zh-Hans").endswith("；属于活动“春季”。")


def test_a_campaign_costs_nothing_to_rules_of_none() -> None:
    """The rule as it was compiled is the very one that decides after the definitions have changed."""
    held = programme(rule(), campaigns=[campaign(audience=GOLD)])
    before = held.index.rules.standing["r"]
    held.add("Definitions Changed", {"definitions": {}}, at("2026-01-01"))
    assert held.index.rules.standing["r"] is before
