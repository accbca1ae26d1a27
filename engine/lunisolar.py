"""The months of the Chinese calendar, as a table that the host hands in.

Nothing is computed from the sky here. The table comes from a pinned package,
stands whole in a control entry, and a replay reads it from there (ruling 23).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.errors import InvalidValue

SHORT, LONG = 29, 30


@dataclass(frozen=True, slots=True)
class LunarYear:
    """One year.

    Attributes:
        first: Day of the new year, as Python's ordinal.
        leap: Month after which the leap month comes, 0 for none.
        lengths: Days of each month in their order, the leap month among them.
    """

    first: int
    leap: int
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lunisolar:
    """The table.

    Attributes:
        years: Years by number, the one in which the new year falls.
        digest: Digest of the table; empty for none.
    """

    years: dict[int, LunarYear] = field(default_factory=dict)
    digest: str = ""

    def day(self, year: int, month: int, day: int, *, leap: bool = False) -> date | None:
        """Return the day of our calendar that a lunar day falls on.

        Args:
            year: The lunar year.
            month: 1 to 12.
            day: 1 to 30; the last day of the month where it has only 29.
            leap: Whether the leap month of that number is meant.

        Returns:
            None in a year that the table hasn't, or that has no such leap month.
        """
        known = self.years.get(year)
        if known is None or (leap and known.leap != month):
            return None
        place = month if leap or 0 < known.leap < month else month - 1
        ordinal = known.first + sum(known.lengths[:place]) + min(day, known.lengths[place]) - 1
        return date.fromordinal(ordinal)

    def leap_years(self, month: int) -> list[int]:
        """Return the years in which the leap month of a number comes."""
        return [year for year, known in sorted(self.years.items()) if known.leap == month]


def read(rows: Sequence[Any], digest: str) -> Lunisolar:
    """Read a table.

    Args:
        rows: For each year its number, the day of its new year (`YYYY-MM-DD`), the month after which
            the leap month comes or 0, and the days of each month.
        digest: Digest of the rows.

    Raises:
        InvalidValue: If the years don't follow each other day by day.
    """
    years: dict[int, LunarYear] = {}
    expected = 0
    for year, first, leap, lengths in rows:
        known = LunarYear(date.fromisoformat(first).toordinal(), leap, tuple(lengths))
        months = 13 if leap else 12
        if len(known.lengths) != months or any(one not in {SHORT, LONG} for one in known.lengths):
            raise InvalidValue(f"lunar year {year} doesn't have {months} months of 29 or 30 days")
        if expected not in {0, known.first}:
            raise InvalidValue(
                f"lunar year {year} begins on {first}, not the day after the year before it ends"
            )
        expected = known.first + sum(known.lengths)
        years[year] = known
    return Lunisolar(years, digest)
