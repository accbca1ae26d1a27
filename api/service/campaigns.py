"""How campaigns go: whom they reached, what came of it, what it cost, and whether it worked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.clock import Clock
from api.service.bookkeeping import budget_told
from api.service.campaign_costs import costs
from api.service.counting import Counting
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.uplift import told
from api.store import campaigns as stored
from api.store import prizes
from api.store.campaigns import Bought, Reached
from api.store.connection import Connection
from api.store.database import Database
from api.store.pots import pots
from engine.events import ORDER_COMPLETED
from engine.language.base import words
from engine.language.campaigns import CampaignDefinition
from engine.language.catalogue import Catalogue
from engine.programme.money import text
from engine.rules import RuleSet
from engine.schedule import DAY

Json = dict[str, Any]
_POTS: Final = 50
_GOAL_DAYS: Final = 30

COUNTED: Final = [
    words(
        "Reached: members for whom a rule fired. Messages: as the outbox has them; delivered is what a "
        "channel took over.",
        "触达：规则已触发的会员。消息：以发件箱为准，“已送达”指渠道已接收。",
    ),
    words(
        "Orders and revenue of coupons: orders on which a coupon of these rules was used. Revenue here and "
        "of the goal: what these orders came to, less whatever was refunded of them since.",
        "优惠券带来的订单与收入：使用了这些规则所发优惠券的订单。此处及目标的收入均为这些订单的金额，"
        "减去此后对这些订单的退款。",
    ),
    words(
        "Goal: from the moment a member was first reached, for the days that are said.",
        "目标：自会员首次被触达起，在所设天数内。",
    ),
    words(
        "Comparison: whoever a rule was true of is in one of the two groups, also whom a limit or a spent "
        "budget left without; so the two are alike.",
        "对比：凡满足规则条件的会员都计入两组之一，包括因限额或预算用尽而未得到的会员，因此两组可比。",
    ),
    words(
        "Cost: points at what they pay at the till; redeemed coupons, drawn prizes and delivered messages at "
        "the cost that is defined. A prize's cost stands for the points or the coupon that it gives.",
        "成本：积分按收银抵扣价值计；已核销优惠券、已抽中奖品和已发消息按定义的成本计。"
        "奖品的成本已包含其所发的积分或优惠券。",
    ),
]
NOT_COUNTED: Final = [
    words(
        "Orders in other currencies, or that name none, count without an amount.",
        "其他币种或未注明币种的订单只计单数，不计金额。",
    ),
    words(
        "Coupons and prizes without a defined cost, staff's time and webhooks cost nothing here.",
        "未定义成本的优惠券、奖品，以及人工和 Webhook 不计成本。",
    ),
    words(
        "Part of what members did after they were reached would have come anyway: what the rules changed is "
        "told by the hold-out.",
        "被触达会员的目标订单中，有一部分本来也会发生；规则的真实作用由对照组说明。",
    ),
]


class Campaigns:
    """Reports on campaigns and on single rules."""

    def __init__(self, database: Database, rulebook: Rulebook, counting: Counting, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._counting = counting
        self._clock = clock

    def campaigns(self) -> list[Json]:
        """Return every campaign: its definition, whether it is on, and whom it reached."""
        rules = self._rulebook.index().rules
        with self._database.read() as connection:
            return [
                {
                    **one.model_dump(mode="json", by_alias=True, exclude_none=True),
                    "state": self._state(rules, one.key),
                    "rules": sorted({rule for rule, _ in _versions(rules, one.key)}),
                    "members": stored.members_reached(connection, _versions(rules, one.key)),
                }
                for one in rules.catalogue.campaigns.values()
            ]

    def report(self, key: str) -> Json:
        """Return how a campaign goes, as JSON data.

        Raises:
            Refusal: `not-found`.
        """
        rules = self._rulebook.index().rules
        campaign = rules.catalogue.campaigns.get(key)
        if campaign is None:
            raise Refusal("not-found", "There is no such campaign.")
        told_of = self._told(rules, _versions(rules, key), campaign)
        return {
            "campaign": campaign.model_dump(mode="json", by_alias=True, exclude_none=True),
            "state": self._state(rules, key),
            **told_of,
        }

    def of_rule(self, key: str) -> Json:
        """Return how a single rule goes, over all its versions, as JSON data.

        Raises:
            Refusal: `not-found`.
        """
        rules = self._rulebook.index().rules
        versions = [one for one in rules.versions if one[0] == key]
        if not versions:
            raise Refusal("not-found", "There is no such rule in force.")
        of = rules.standing[key].rule.document.campaign
        return {"rule": key, **self._told(rules, versions, rules.catalogue.campaigns.get(of or ""))}

    def _told(
        self, rules: RuleSet, versions: Sequence[tuple[str, int]], campaign: CampaignDefinition | None
    ) -> Json:
        complete = self._counting.catch_up(most=40)
        catalogue = rules.catalogue
        currency = catalogue.programme.currency
        goal, days = _goal(campaign)
        with self._database.read() as connection:
            reached = stored.reached(connection, versions)
            members = stored.members_reached(connection, versions)
            messages = stored.messages(connection, versions)
            opened = stored.opened(connection, versions)
            redeemed = stored.redeemed(connection, versions, currency)
            groups = stored.groups(
                connection,
                versions,
                limited=any("limited" in one.results for one in reached.values()),
                goal=goal,
                within=days * DAY,
                currency=currency,
                orders=goal == ORDER_COMPLETED,
            )
            drawn = prizes.drawn(connection, versions)
            budget = self._budget(connection, campaign, catalogue)
        sent = _added(messages.values())
        cost = costs(
            catalogue,
            points=sum(one.points for one in reached.values()),
            redeemed=redeemed.redeemed,
            prizes=drawn,
            delivered=sent["delivered"],
            message_cost=campaign.message_cost if campaign is not None else None,
        )
        done = groups["reached"]
        return {
            "currency": currency,
            "complete": complete,
            "funnel": {
                "reached": members,
                "firings": sum(one.results.get("fired", 0) for one in reached.values()),
                "messages": {"requested": sum(sent.values()), **sent, "opened": opened},
                "coupons": {
                    "issued": sum(redeemed.issued.values()),
                    "redeemed": sum(redeemed.redeemed.values()),
                    "members": redeemed.members,
                },
                "orders": redeemed.orders,
                "revenue": text(redeemed.revenue, currency),
            },
            "goal": {
                "event": goal,
                "days": days,
                "members": done.converted,
                "times": done.events,
                "revenue": text(done.amount, currency),
            },
            "cost": {name: text(amount, currency) for name, amount in cost.items()},
            "roi": _return(redeemed.revenue, cost["total"]),
            "budget": budget,
            "rules": [_rule(key, one, messages.get(key, {}), rules) for key, one in sorted(reached.items())],
            "uplift": _uplift(groups, cost["total"], campaign, currency),
            "counted": COUNTED,
            "not_counted": NOT_COUNTED,
        }

    def _state(self, rules: RuleSet, key: str) -> str:
        campaign = rules.campaigns[key]
        now = self._clock.now()
        if campaign.active_from is not None and now < campaign.active_from:
            return "planned"
        return "ended" if campaign.active_until is not None and now >= campaign.active_until else "running"

    @staticmethod
    def _budget(
        connection: Connection, campaign: CampaignDefinition | None, catalogue: Catalogue
    ) -> Json | None:
        budget = catalogue.budgets.get(campaign.budget or "") if campaign is not None else None
        if budget is None:
            return None
        return budget_told(budget, pots(connection, f"budget/{budget.key}/", _POTS))


def _versions(rules: RuleSet, campaign: str) -> list[tuple[str, int]]:
    """Return every version that was ever published as a part of a campaign."""
    return [key for key, rule in rules.versions.items() if rule.document.campaign == campaign]


def _goal(campaign: CampaignDefinition | None) -> tuple[str, int]:
    if campaign is None:
        return ORDER_COMPLETED, _GOAL_DAYS
    return campaign.goal_event or ORDER_COMPLETED, campaign.goal_days


def _added(many: Any) -> dict[str, int]:
    found = dict.fromkeys(("pending", "delivered", "dead", "suppressed"), 0)
    for one in many:
        for state, count in one.items():
            found[state] = found.get(state, 0) + count
    return found


def _return(revenue: int, cost: int) -> str | None:
    """Return (revenue - cost) / cost of what was redeemed, as decimal text; None where nothing was spent."""
    return None if cost <= 0 else f"{(revenue - cost) / cost:.2f}"


def _rule(key: str, one: Reached, sent: Mapping[str, int], rules: RuleSet) -> Json:
    standing = rules.standing.get(key)
    return {
        "key": key,
        "name": standing.rule.document.name if standing is not None else {"en": key},
        "status": "paused" if standing is not None and standing.paused else "live",
        "reached": one.members,
        "results": one.results,
        "points": one.points,
        "messages": _added([sent]),
    }


def _uplift(
    groups: Mapping[str, Bought], cost: int, campaign: CampaignDefinition | None, currency: str
) -> Json:
    percent = campaign.margin_percent if campaign is not None else 100
    limited = groups["chosen"].members - groups["reached"].members
    found = told(groups["chosen"], groups["aside"], cost=cost, margin_percent=percent, limited=limited)
    if found["margin"] is not None:
        found["margin"] = {name: text(one, currency) for name, one in found["margin"].items()}
    return found
