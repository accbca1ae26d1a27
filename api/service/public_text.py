"""The public text of a rule: what members must be told before they spend, with every limit in it.

It is made from the very document and definitions that decide, so that no limit
can be left out. What concerns only the programme, such as a hold-out, isn't said.
"""

from collections.abc import Iterator
from typing import Any

from api.service.chinese import traditional
from api.service.naming import moment_text
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.store import rules
from api.store.database import Database
from engine.errors import InvalidRule
from engine.language.base import Text, words
from engine.language.benefits import CouponDefinition, UnitDefinition
from engine.language.catalogue import Catalogue, label_of
from engine.language.document import Active, Limits, RuleDocument
from engine.language.giving import (
    AwardPointsAction,
    AwardPointsByAmountAction,
    DrawPrizeAction,
    IssueCouponAction,
)
from engine.language.parse import parse_rule
from engine.language.scarce import BudgetDefinition, WheelDefinition
from engine.language.wording import sentence
from engine.values import parse_instant

_PERIODS = {
    "total": words("in all", "总计"),
    "month": words("a month", "每月"),
    "day": words("a day", "每天"),
}


class PublicTexts:
    """Words rules for members."""

    def __init__(self, database: Database, rulebook: Rulebook) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook

    def of(self, key: str) -> dict[str, Any]:
        """Return the public text of a rule: of the version in force, or of the draft if there is none.

        Args:
            key: The rule.

        Raises:
            Refusal: `not-found`, or `rule-not-ready` if its draft can't be read.
        """
        with self._database.read() as connection:
            stored = rules.read(connection, key)
            published = rules.published(connection).get(key)
        if stored is None:
            raise Refusal("not-found", f"There is no rule {key!r}.")
        body = published.document if published is not None else stored.draft
        try:
            document = parse_rule(body or b"")
        except InvalidRule as error:
            raise Refusal("rule-not-ready", "The draft can't be read; correct it first.") from error
        lines = list(public_lines(document, self._rulebook.index().rules.catalogue))
        simplified = [one["zh-Hans"] for one in lines]
        return {
            "key": key,
            "version": published.version if published is not None else None,
            "name": dict(document.name),
            "text": {
                "en": [one["en"] for one in lines],
                "zh-Hans": simplified,
                "zh-Hant": [traditional(one) for one in simplified],
            },
        }


def public_lines(document: RuleDocument, catalogue: Catalogue) -> Iterator[Text]:
    """Yield what members must know of a rule: the rule itself, then a line for each thing that bounds it."""
    limits = document.limits
    if limits is not None:
        document = document.model_copy(
            update={
                "limits": limits.model_copy(
                    update={"holdout_percent": None, "budget": None, "exclusive_group": None}
                )
            }
        )
    yield words(*(sentence(document, catalogue, language) for language in ("en", "zh-Hans")))
    if document.active is not None:
        yield from _window(document.active, catalogue)
    if limits is not None:
        yield from _shared(limits, catalogue)
    said: set[str] = set()
    for action in document.then:
        if isinstance(action, IssueCouponAction) and action.coupon not in said:
            said.add(action.coupon)
            coupon = catalogue.coupons.get(action.coupon)
            if coupon is not None:
                yield from _coupon(coupon, own_validity=action.valid_for is not None)
        elif isinstance(action, AwardPointsAction | AwardPointsByAmountAction):
            unit = catalogue.unit(action.unit or "points")
            if unit.key not in said:
                said.add(unit.key)
                yield from _unit(unit)
        elif isinstance(action, DrawPrizeAction) and action.wheel in catalogue.wheels:
            yield _odds(catalogue.wheels[action.wheel])


def _window(active: Active, catalogue: Catalogue) -> Iterator[Text]:
    """Yield from when until when a rule is in force, by the programme's clock."""
    start, end = (
        moment_text(parse_instant(one), catalogue) if one else None for one in (active.from_, active.until)
    )
    if start is not None:
        yield words(f"In force from {start['en']} on.", f"自 {start['zh-Hans']} 起有效。")
    if end is not None:
        yield words(f"In force until {end['en']}, not beyond.", f"有效期至 {end['zh-Hans']} 止。")


def _shared(limits: Limits, catalogue: Catalogue) -> Iterator[Text]:
    """Yield what a rule shares with others: a budget, or that only one of them fires."""
    budget = catalogue.budgets.get(limits.budget or "")
    if budget is not None:
        yield _budget(budget)
    if limits.exclusive_group is not None:
        yield words("Not together with other offers of its kind.", "不与同类优惠同时享受。")


def _budget(budget: BudgetDefinition) -> Text:
    unit = {
        "money": words(f" {budget.currency}", f" {budget.currency}"),
        "points": words(" points", " 积分"),
        "firings": words(" times", " 份"),
    }[budget.counts]
    period = _PERIODS[budget.period]
    each = words(" for each store or part", "（按门店等分别计）") if budget.by is not None else words("", "")
    return words(
        f"While it lasts: {budget.amount}{unit['en']} {period['en']}{each['en']}.",
        f"先到先得：{period['zh-Hans']}{budget.amount}{unit['zh-Hans']}{each['zh-Hans']}，用完即止。",
    )


def _coupon(coupon: CouponDefinition, *, own_validity: bool) -> Iterator[Text]:
    """Yield a coupon's terms, each as a line of its own that names it."""
    english, chinese = label_of(coupon.name, "en"), label_of(coupon.name, "zh-Hans")
    for term in _terms(coupon, own_validity=own_validity):
        yield words(f"“{english}”: {term['en']}.", f"“{chinese}”：{term['zh-Hans']}。")


def _terms(coupon: CouponDefinition, *, own_validity: bool) -> Iterator[Text]:
    currency = coupon.currency or ""
    if coupon.minimum_spend is not None:
        least = f"{coupon.minimum_spend} {currency}".strip()
        yield (
            words(f"for orders of more than {least}", f"订单须超过 {least}（不含等于）")
            if coupon.above
            else words(f"for orders of at least {least}", f"订单须满 {least}")
        )
    if coupon.at_most is not None:
        most = f"{coupon.at_most} {currency}".strip()
        yield words(f"at most {most} off per order", f"每单最多优惠 {most}")
    goods = [*coupon.categories, *coupon.products]
    if goods:
        yield words(f"only for {', '.join(goods)}", f"仅限{'、'.join(goods)}")
    if coupon.valid_days is not None and not own_validity:
        days = coupon.valid_days
        noun = "day" if days == 1 else "days"
        yield words(f"valid for {days} {noun} from issue", f"自发放起 {days} 天内有效")
    if coupon.valid_from is not None:
        yield words(f"not before {coupon.valid_from}", f"{coupon.valid_from} 起可用")
    if coupon.valid_until is not None:
        yield words(f"not from {coupon.valid_until} on", f"{coupon.valid_until} 前有效")
    if coupon.per_member is not None:
        yield words(f"at most {coupon.per_member} per member", f"每位会员最多 {coupon.per_member} 张")
    if coupon.total is not None:
        yield words(f"{coupon.total} in all", f"共 {coupon.total} 张，发完即止")
    if not coupon.with_others:
        yield words("not together with other coupons", "不可与其他优惠券同时使用")


def _unit(unit: UnitDefinition) -> Iterator[Text]:
    english, chinese = label_of(unit.name, "en"), label_of(unit.name, "zh-Hans")
    lasts = unit.expires_after
    if lasts is not None:
        yield words(
            f"“{english}” expire {lasts.amount} {lasts.unit} after they are earned"
            + (", at the end of that year." if unit.expires_at_year_end else "."),
            f"“{chinese}”自获得起 {lasts.amount} {_UNITS[lasts.unit]}后到期"
            + ("，当年年底清零。" if unit.expires_at_year_end else "。"),
        )
    deduction = unit.deduction
    if deduction is not None and deduction.at_most_percent is not None:
        percent = deduction.at_most_percent
        yield words(
            f"“{english}” pay for at most {percent}% of an order.", f"“{chinese}”最多抵扣订单的 {percent}%。"
        )


_UNITS = {"minutes": "分钟", "hours": "小时", "days": "天", "months": "个自然月", "years": "个自然年"}


def _odds(wheel: WheelDefinition) -> Text:
    """Return the chance of each prize, which members must be told before they draw."""
    whole = sum(one.weight for one in wheel.prizes) or 1
    english, chinese = [], []
    for one in wheel.prizes:
        percent = f"{one.weight * 10_000 // whole / 100:.2f}%"
        stock = one.stock
        english.append(
            f"{label_of(one.name, 'en')} {percent}" + (f" ({stock} in all)" if stock is not None else "")
        )
        chinese.append(
            f"{label_of(one.name, 'zh-Hans')} {percent}" + (f"（共 {stock} 份）" if stock is not None else "")
        )
    return words(f"Chances: {', '.join(english)}.", f"中奖概率：{'，'.join(chinese)}。")
