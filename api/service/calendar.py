"""The months of the Chinese calendar, as the pinned package computes them, for a control entry."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from engine import canonical
from engine.language.days import HolidayTrigger
from engine.language.document import RuleDocument

FIRST, LAST = 1900, 2100
_JULIAN_DAY_OF_ORDINAL_0 = 1_721_425


@cache
def calendar_body() -> dict[str, Any]:
    """Return what a `Calendar Changed` entry holds: the table, its digest, and the version of zone data."""
    package = import_module("lunar_python")  # large, and few programmes need it
    rows = [_row(year, package.LunarYear.fromYear(year).getMonthsInYear()) for year in range(FIRST, LAST + 1)]
    return {"lunar": rows, "digest": canonical.digest(rows), "zones": version("tzdata")}


def reads_lunar(documents: Iterable[RuleDocument]) -> bool:
    """Return whether one of these rules asks for a day of the Chinese calendar."""
    return any(isinstance(one.when, HolidayTrigger) and one.when.calendar == "lunar" for one in documents)


def _row(year: int, months: list[Any]) -> list[Any]:
    """Return a year: its number, the day of its new year, its leap month or 0, and the days of each month."""
    first = date.fromordinal(round(months[0].getFirstJulianDay()) - _JULIAN_DAY_OF_ORDINAL_0)
    leap = next((-one.getMonth() for one in months if one.getMonth() < 0), 0)
    return [year, first.isoformat(), leap, [one.getDayCount() for one in months]]
