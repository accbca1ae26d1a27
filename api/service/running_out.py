"""Which budgets and stocks are running out, and when they will at the pace so far."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from api.store import attention
from api.store.connection import Connection
from engine.language.catalogue import Catalogue
from engine.language.scarce import BudgetDefinition
from engine.programme.money import minor_digits, text
from engine.schedule import DAY, local, shift, start_of
from engine.values import Instant, instant_text

Json = dict[str, Any]
LOW_PERCENT: Final = 80
AHEAD: Final[Instant] = 7 * DAY
_POTS: Final = 50


class Level(NamedTuple):
    """How full of grants a pot is.

    Attributes:
        granted: What was given out.
        limit: What it holds in all.
        pace: What is given out in `over`.
        over: How long that took; 0 where no pace is known.
        until: When it is filled anew, or None.
    """

    granted: int
    limit: int
    pace: int
    over: Instant
    until: Instant | None

    def empty_at(self, now: Instant) -> Instant | None:
        """Return when it is empty at this pace, if it isn't and that is before it is filled anew."""
        left = self.limit - self.granted
        if left <= 0 or self.pace <= 0 or self.over <= 0:
            return None
        at = now + left * self.over // self.pace
        return None if self.until is not None and at >= self.until else at

    def is_low(self, now: Instant) -> bool:
        """Return whether people should know: 80 % are gone, or all will be within 7 days."""
        empty = self.empty_at(now)
        return self.granted * 100 >= self.limit * LOW_PERCENT or (empty is not None and empty <= now + AHEAD)


def running_out(
    connection: Connection, catalogue: Catalogue, now: Instant, issued: Mapping[str, int]
) -> list[Json]:
    """Return what runs out, what is nearest to its end first, as JSON data.

    Args:
        connection: Where to read.
        catalogue: What is defined.
        now: The present instant.
        issued: How many coupons of each definition were issued in the last 7 days.
    """
    found = [*_budgets(connection, catalogue, now), *_stock(connection, catalogue, now, issued)]
    return [told for _, told in sorted(found, key=lambda one: (-one[0], one[1]["kind"], one[1]["key"]))]


def _budgets(connection: Connection, catalogue: Catalogue, now: Instant) -> Iterator[tuple[int, Json]]:
    zone = catalogue.programme.zone
    for one in catalogue.budgets.values():
        began, until, period = _period(one, now, zone)
        limit = _limit(one)
        for pot in attention.fullest(connection, f"budget/{one.key}/", f"/{period}", _POTS):
            over = now - began if began is not None else 0
            level = Level(pot.granted, limit, pot.granted, over, until)
            split = pot.name.removeprefix(f"budget/{one.key}/").rpartition("/")[0]
            if level.is_low(now):
                said = {"kind": "budget", "key": one.key, "name": dict(one.name), "split": split}
                more = {"period": period, "counts": one.counts, "currency": one.currency}
                yield _told(said | more, level, now, one.currency)


def _stock(
    connection: Connection, catalogue: Catalogue, now: Instant, issued: Mapping[str, int]
) -> Iterator[tuple[int, Json]]:
    granted = {
        pot.name: pot.granted
        for prefix in ("coupon/", "prize/")
        for pot in attention.fullest(connection, prefix, "", 1_000)
    }
    for key, coupon in catalogue.coupons.items():
        if coupon.total is not None:
            level = Level(granted.get(f"coupon/{key}", 0), coupon.total, issued.get(key, 0), AHEAD, None)
            if level.is_low(now):
                yield _told({"kind": "coupon", "key": key, "name": dict(coupon.name)}, level, now)
    for key, wheel in catalogue.wheels.items():
        for prize in wheel.prizes:
            level = Level(granted.get(f"prize/{key}/{prize.key}", 0), prize.stock or 0, 0, 0, None)
            if prize.stock is not None and level.is_low(now):
                said = {"kind": "prize", "key": key, "name": dict(prize.name), "split": prize.key}
                yield _told(said, level, now)


def _period(budget: BudgetDefinition, now: Instant, zone: str) -> tuple[Instant | None, Instant | None, str]:
    """Return when a budget's present period began and ends, and what its pots call it."""
    if budget.period == "total":
        return None, None, ""
    began = start_of(now, budget.period, zone)
    until = start_of(
        shift(began, 36 if budget.period == "day" else 32 * 24, "hours", zone), budget.period, zone
    )
    moment = local(now, zone)
    return began, until, f"{moment:%Y-%m}" if budget.period == "month" else f"{moment:%Y-%m-%d}"


def _limit(budget: BudgetDefinition) -> int:
    digits = minor_digits(budget.currency) if budget.currency is not None else 0
    whole, _, fraction = budget.amount.partition(".")
    return int(whole + fraction.ljust(digits, "0")[:digits])


def _told(said: Json, level: Level, now: Instant, currency: str | None = None) -> tuple[int, Json]:
    """Return how much of a pot is gone, in percent, and what is told of it."""

    def amount(value: int) -> int | str:
        return value if currency is None else text(value, currency)

    percent = min(100, level.granted * 100 // level.limit)
    empty = level.empty_at(now)
    figures = {
        "granted": amount(level.granted),
        "limit": amount(level.limit),
        "left": amount(max(0, level.limit - level.granted)),
        "percent": percent,
        "empty_at": None if empty is None else instant_text(empty),
    }
    return percent, {"split": "", "period": "", "counts": "", "currency": None} | said | figures
