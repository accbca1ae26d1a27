"""Key figures of the programme, each with what it means in words (row D3 of what a programme needs)."""

from typing import Any, Final

from api.clock import Clock
from api.service.counting import Counting
from api.service.periods import asked_period
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.store.database import Database
from api.store.key_figures import Counts, Group, counts
from engine.language.base import Text, words
from engine.programme.money import divided_half_up, text
from engine.values import instant_text

Json = dict[str, Any]

MEANINGS: Final[dict[str, tuple[Text, Text]]] = {
    "members": (
        words("Members", "会员数"),
        words("Who had joined by the end of the period.", "截至期末已入会的会员。"),
    ),
    "joined": (words("New members", "新会员"), words("Who joined in the period.", "期内入会的会员。")),
    "activation": (
        words("Activation", "激活率"),
        words(
            "Of those who joined in the period, the share that placed an order by its end.",
            "期内入会的会员中，截至期末已下单的比例。",
        ),
    ),
    "buyers": (
        words("Buyers", "购买会员数"),
        words("Members with an order in the period.", "期内有订单的会员。"),
    ),
    "churn": (
        words("Churn", "流失率"),
        words(
            "Of those who bought in the period of the same length before, the share that bought nothing "
            "in this one.",
            "上一个等长周期内购买过的会员中，本期未购买的比例。",
        ),
    ),
    "repurchase": (
        words("Repurchase rate", "复购率"),
        words(
            "Of those who bought in the period, the share with two orders or more in it.",
            "期内购买的会员中，期内订单达到两单及以上的比例。",
        ),
    ),
    "orders": (
        words("Orders", "订单数"),
        words("Completed orders in the period, refunded ones among them.", "期内完成的订单，含后来退款的。"),
    ),
    "share": (
        words("Share of transactions", "交易占比"),
        words(
            "This group's part of all members' orders in the period.",
            "所选会员的订单占期内全部会员订单的比例。",
        ),
    ),
    "amount": (
        words("Amount", "消费金额"),
        words(
            "What those orders came to, refunds of the period taken off.", "期内订单金额，已扣除期内退款。"
        ),
    ),
    "average": (
        words("Average order", "客单价"),
        words("Amount by orders that have one in this currency.", "金额除以有该币种金额的订单数。"),
    ),
    "first": (
        words("First purchases", "首购会员数"),
        words("Members whose first order ever lies in the period.", "首单落在期内的会员。"),
    ),
    "first_amount": (
        words("Amount of first purchases", "首购金额"),
        words("What these first orders came to, before refunds.", "这些首单的金额，未扣退款。"),
    ),
    "first_average": (
        words("Average first purchase", "首购客单价"),
        words("Amount of first purchases by their number.", "首购金额除以首购会员数。"),
    ),
    "lifetime": (
        words("Lifetime value", "会员生命周期价值"),
        words(
            "What all orders up to the end of the period came to, refunds taken off, by member; members who "
            "never bought count, too.",
            "截至期末全部订单金额（已扣退款）除以会员数，含从未购买的会员。",
        ),
    ),
    "top": (
        words("Share of the top 20 %", "前 20% 会员贡献"),
        words(
            "The part of the amount that comes from the best fifth of the buyers, rounded up.",
            "购买会员中金额最高的五分之一（向上取整）贡献的金额比例。",
        ),
    ),
}
"""What each figure is called, and what it means."""


class KeyFigures:
    """Tells the key figures."""

    def __init__(self, database: Database, rulebook: Rulebook, counting: Counting, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._counting = counting
        self._clock = clock

    def of(self, since: str | None, until: str | None, group: Group) -> Json:
        """Return the figures of a period, as JSON data.

        Args:
            since: RFC 3339 instant at which it begins; None for 30 days before its end.
            until: RFC 3339 instant that it ends before; None for now.
            group: Whose figures they are.

        Raises:
            Refusal: `invalid-request`; also if there is no such segment.
        """
        period = asked_period(since, until, self._clock.now())
        catalogue = self._rulebook.index().rules.catalogue
        if group.segment is not None and group.segment not in catalogue.segments:
            finding = Finding("/query/segment", f"there is no segment {group.segment!r}; define it first")
            raise Refusal("invalid-request", "See errors.", [finding])
        complete = self._counting.catch_up(most=40)
        currency = catalogue.programme.currency
        with self._database.read() as connection:
            own = counts(connection, period, currency, group)
            everybody = own if group.is_everybody else counts(connection, period, currency)
        values = figures_of(own, everybody.orders, currency)
        return {
            "from": instant_text(period.since),
            "until": instant_text(period.until),
            "tag": group.tag,
            "tier": group.tier,
            "segment": group.segment,
            "currency": currency,
            "complete": complete,
            "without_amount": own.orders - own.counted,
            "items": [
                {"key": key, "name": name, "meaning": meaning, **values[key]}
                for key, (name, meaning) in MEANINGS.items()
            ],
        }


def figures_of(own: Counts, all_orders: int, currency: str) -> dict[str, Json]:
    """Return each figure with its `kind` (`count`, `share` in percent, `money`) and its `value`.

    A share or an average of nothing is None.

    Args:
        own: What the group did.
        all_orders: Orders of everybody in the period.
        currency: Of the amounts.
    """
    return {
        "members": _count(own.members),
        "joined": _count(own.joined),
        "activation": _share(own.activated, own.joined),
        "buyers": _count(own.buyers),
        "churn": _share(own.lost, own.buyers_before),
        "repurchase": _share(own.again, own.buyers),
        "orders": _count(own.orders),
        "share": _share(own.orders, all_orders),
        "amount": _money(own.amount, currency),
        "average": _average(own.amount, own.counted, currency),
        "first": _count(own.first),
        "first_amount": _money(own.first_amount, currency),
        "first_average": _average(own.first_amount, own.first, currency),
        "lifetime": _average(own.lifetime, own.members, currency),
        "top": _share(own.top, own.amount),
    }


def _count(number: int) -> Json:
    return {"kind": "count", "value": number}


def _share(part: int, whole: int) -> Json:
    """Return a share in percent, to one place, rounded half up."""
    if whole <= 0:
        return {"kind": "share", "value": None}
    tenths = divided_half_up(max(0, part) * 1000, whole)
    return {"kind": "share", "value": f"{tenths // 10}.{tenths % 10}"}


def _money(amount: int, currency: str) -> Json:
    return {"kind": "money", "value": text(amount, currency)}


def _average(amount: int, by: int, currency: str) -> Json:
    if by <= 0:
        return {"kind": "money", "value": None}
    sign = -1 if amount < 0 else 1
    return {"kind": "money", "value": text(sign * divided_half_up(abs(amount), by), currency)}
