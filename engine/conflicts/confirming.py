"""Whether what was decided shows a conflict. Nothing is called one without this."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from engine.conflicts.cases import Case
from engine.conflicts.telling import Teller, Told
from engine.conflicts.witness import Chapter, Code
from engine.decision import Outcome
from engine.effects import AddTag, AnyEffect, ChangeTier, IssueCoupon, MultiplyPoints, RemoveTag
from engine.events import REDEMPTION_RESERVED
from engine.index import Index
from engine.language.benefits import CouponDefinition
from engine.programme.awards import combined
from engine.values import MICROSECONDS, Instant, decimal_text, parse_instant

_MINUTE: Final = 60 * MICROSECONDS
_ENOUGH: Final = Decimal(1000)
_Moment = Sequence[tuple[int, Chapter]]


def moments(chapters: Sequence[Chapter]) -> Iterator[list[tuple[int, Chapter]]]:
    """Yield what belongs to one moment, with its places: one decision, or timers due at one instant."""

    def of(numbered: tuple[int, Chapter]) -> tuple[Instant, int]:
        place, chapter = numbered
        return chapter.event.as_of, -1 if chapter.event.kind == "timer" else place

    for _, together in groupby(enumerate(chapters), key=of):
        yield list(together)


def shows(case: Case, moment: _Moment, index: Index) -> bool:
    """Return whether a moment shows a case: by what the rules did in it, as the engine decided."""
    if any(chapter.decision.refused for _, chapter in moment):
        return False
    if case.code == "circle":
        return _comes_round(case, moment)
    one, other = (_of_rule(rule.key, moment) for rule in case.rules)
    if case.code == "claimed":
        return _fired(one) and any(outcome.reason == "claimed-already" for _, outcome in other)
    if not (_fired(one) and _fired(other)):
        return False
    if case.code == "same":
        return True
    return _DECIDED[case.code](case, list(_done(one, case, 0)), list(_done(other, case, 1)), index)


def _of_rule(key: str, moment: _Moment) -> list[tuple[int, Outcome]]:
    return [
        (place, outcome)
        for place, chapter in moment
        for outcome in chapter.decision.outcomes
        if outcome.rule == key
    ]


def _fired(outcomes: Iterable[tuple[int, Outcome]]) -> bool:
    return any(outcome.result == "fired" for _, outcome in outcomes)


_Done = list[tuple[int, AnyEffect]]


def _done(outcomes: Iterable[tuple[int, Outcome]], case: Case, side: int) -> Iterator[tuple[int, AnyEffect]]:
    """Yield what a rule's action did when it fired, with the step."""
    touch = case.touches[side]
    for place, outcome in outcomes:
        for effect in outcome.effects if outcome.result == "fired" else ():
            if touch is not None and effect.action == touch.action:
                yield place * 1000 + outcome.step, effect


def _tag(_: Case, one: _Done, other: _Done, __: Index) -> bool:
    return any(isinstance(effect, AddTag) for _, effect in one) and any(
        isinstance(effect, RemoveTag) for _, effect in other
    )


def _tag_group(_: Case, one: _Done, other: _Done, __: Index) -> bool:
    def put_on(done: _Done) -> list[AddTag]:
        return [effect for _, effect in done if isinstance(effect, AddTag)]

    return any(
        mine.tag in theirs.instead_of or theirs.tag in mine.instead_of
        for mine in put_on(one)
        for theirs in put_on(other)
    )


def _level(_: Case, one: _Done, other: _Done, __: Index) -> bool:
    def moved(done: _Done) -> list[ChangeTier]:
        return [effect for _, effect in done if isinstance(effect, ChangeTier)]

    return any(
        mine.ladder == theirs.ladder and mine.tier != theirs.tier
        for mine in moved(one)
        for theirs in moved(other)
    )


def _coupons(_: Case, one: _Done, other: _Done, __: Index) -> bool:
    return all(any(isinstance(effect, IssueCoupon) for _, effect in done) for done in (one, other))


def _factors(case: Case, one: _Done, other: _Done, index: Index) -> bool:
    """Whether both factors count in one step; of one that is outdone, whether only the higher one does."""
    unit = index.rules.catalogue.unit(case.about["unit"])
    for step, mine in one:
        for also, theirs in other:
            if step == also and isinstance(mine, MultiplyPoints) and isinstance(theirs, MultiplyPoints):
                both = [Decimal(mine.factor), Decimal(theirs.factor)]
                found = combined(unit, both)
                return found == both[0] if case.code == "outdone" else found > max(both)
    return False


_DECIDED: Final[dict[Code, Callable[[Case, _Done, _Done, Index], bool]]] = {
    "tag": _tag,
    "tag-group": _tag_group,
    "level": _level,
    "coupons": _coupons,
    "factors": _factors,
    "outdone": _factors,
}


def _comes_round(case: Case, moment: _Moment) -> bool:
    """Return whether every rule of a circle fired and one was refused as its own descendant."""
    outcomes = [outcome for _, chapter in moment for outcome in chapter.decision.outcomes]
    keys = [rule.key for rule in case.rules]
    fired = {one.rule for one in outcomes if one.result == "fired"}
    return fired.issuperset(keys) and any(
        one.rule in keys and one.reason == "own-descendant" for one in outcomes
    )


def used_together(case: Case, teller: Teller, moment: _Moment) -> bool:
    """Let the till use both coupons on one order, a minute later or as soon as both are valid.

    Returns:
        Whether it does.
    """
    codes = [
        effect.code
        for side, rule in enumerate(case.rules)
        for _, effect in list(_done(_of_rule(rule.key, moment), case, side))[:1]
        if isinstance(effect, IssueCoupon)
    ]
    catalogue = teller.index.rules.catalogue
    kinds = [catalogue.coupons[case.about[name]] for name in ("coupon", "other_coupon")]
    begins = [parse_instant(one.valid_from) for one in kinds if one.valid_from is not None]
    at = max([teller.state.as_of + _MINUTE, *begins])
    asked = {"redemption": "witness", "coupons": codes, "order": _order(kinds, catalogue.programme.currency)}
    answer = teller.happen(Told("request", REDEMPTION_RESERVED, asked, at, at)).decision.answer
    return answer.get("status") == "reserved"


def _order(kinds: Sequence[CouponDefinition], currency: str) -> dict[str, Any]:
    """Return an order that is large enough for both and holds what each of them is for."""
    least = max(
        [_ENOUGH, *(Decimal(one.minimum_spend) + 1 for one in kinds if one.minimum_spend is not None)]
    )
    items = [
        {
            "product": one.products[0] if one.products else f"product-{place}",
            "category": one.categories[0] if one.categories else "",
            "quantity": 2,
            "price": decimal_text(int(least)),
        }
        for place, one in enumerate(kinds)
    ]
    total = int(least) * 2 * len(kinds)
    named = next((one.currency for one in kinds if one.currency is not None), currency)
    return {"order_id": "order-of-witness", "total": total, "currency": named, "items": items}
