"""Levels over random histories, against a computation in plain Python that shares no code with them."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.values import MICROSECONDS, parse_instant
from tests.engine.programme.climbing import NEW_YORK, SHANGHAI, Climb, tiers

START = parse_instant("2025-11-15T00:00:00Z")
HOUR = 3600 * MICROSECONDS
DAYS = 24
LEVELS = [None, "silver", "gold"]

# Hours since the one before, how many hours late it is told, cents, and whether it is a refund.
Told = tuple[int, int, int, bool]
HISTORIES = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 90 * DAYS), st.sampled_from([0, 365 * DAYS])),
        st.one_of(st.just(0), st.integers(0, 400 * DAYS)),
        st.integers(1, 250_00),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=30,
)


@dataclass
class Plain:
    """Silver at 100.00 and gold at 300.00 within 365 days, held for 365 days; in hours and cents."""

    downgrade: str
    grace: int | None
    level: int = 0
    until: int | None = None
    in_grace: bool = False
    seen: list[tuple[int, int]] = field(default_factory=list)
    log: list[tuple[int, str, str | None]] = field(default_factory=list)

    def reached(self, hour: int) -> int:
        spent = sum(cents for when, cents in self.seen if hour - 365 * DAYS < when <= hour)
        return 2 if spent >= 300_00 else 1 if spent >= 100_00 else 0

    def goes(self, hour: int, how: str, level: int) -> None:
        self.level, self.in_grace = level, False
        self.until = hour + 365 * DAYS if level > 0 else None
        self.log.append((hour, how, LEVELS[level]))

    def pass_time(self, before: int) -> None:
        while self.until is not None and self.until < before:
            hour, now = self.until, self.reached(self.until)
            if now > self.level:  # a refund told of late has left the window before its order
                self.goes(hour, "upgraded", now)
            elif now == self.level or self.downgrade == "never":
                self.goes(hour, "retained", self.level)
            elif self.grace is not None and not self.in_grace:
                self.until, self.in_grace = hour + self.grace * DAYS, True
                self.log.append((hour, "grace", LEVELS[self.level]))
            elif self.downgrade == "one_level":
                self.goes(hour, "downgraded", max(now, self.level - 1))
            else:
                self.goes(hour, "downgraded", now)

    def buys(self, hour: int, when: int, cents: int) -> None:
        self.pass_time(hour)
        self.seen.append((when, cents))
        if self.reached(hour) > self.level:
            self.goes(hour, "upgraded", self.reached(hour))


@given(HISTORIES, st.sampled_from(["requalify", "one_level", "never"]), st.sampled_from([None, 60]))
def test_levels_are_those_of_a_plain_computation(
    history: list[Told], downgrade: str, grace: int | None
) -> None:
    plain = Plain(downgrade, grace)
    climb = Climb(
        NEW_YORK,
        downgrade=downgrade,
        hold={"days": 365},
        grace={"days": grace} if grace is not None else None,
        tiers=tiers(silver="100.00", gold="300.00"),
    )
    hour = 0
    for gap, late, cents, refund in history:
        hour += gap
        total = f"{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".")
        plain.buys(hour, hour - late, -cents if refund else cents)
        climb.take(
            START + hour * HOUR,
            "Order Refunded" if refund else "Order Completed",
            START + (hour - late) * HOUR,
            total=int(total) if "." not in total else total,
        )
    plain.pass_time(hour + 1200 * DAYS)
    climb.clock(START + (hour + 1200 * DAYS) * HOUR - 1)

    assert plain.log == [((one.at - START) // HOUR, one.change.how, one.change.tier) for one in climb.changes]


PERIODS: list[dict[str, Any]] = [
    {"within": {"days": 365}},
    {"within": {"months": 3}, "hold": {"days": 10}},
    {"period": "calendar_year"},
    {"period": "half_year"},
    {"period": "half_year", "hold": {"days": 100}},
    {"period": "ever", "hold": {"days": 100}},
]


@given(
    HISTORIES,
    st.sampled_from(PERIODS),
    st.sampled_from([SHANGHAI, NEW_YORK]),
    st.sampled_from(["requalify", "one_level", "never"]),
    st.sampled_from([None, {"days": 60}, {"months": 18}]),
)
def test_no_level_outlives_its_review(
    history: list[Told], period: dict[str, Any], zone: str, downgrade: str, grace: dict[str, int] | None
) -> None:
    """Over any period, every level has a review ahead of it, and what follows comes no later than that."""
    climb = Climb(zone, downgrade=downgrade, grace=grace, **period)
    hour = 0
    for gap, late, cents, refund in history:
        hour += gap
        name = "Order Refunded" if refund else "Order Completed"
        climb.take(START + hour * HOUR, name, START + (hour - late) * HOUR, total=cents // 50)
    climb.clock(START + (hour + 1500 * DAYS) * HOUR)

    for at, change in climb.changes:
        assert (change.until is None) == (change.tier is None)
        assert change.until is None or change.until > at
    for before, after in pairwise(climb.changes):
        assert before.change.until is None or after.at <= before.change.until
        down = climb.ladder.rank(before.change.tier) - climb.ladder.rank(after.change.tier)
        assert down <= {"requalify": 3, "one_level": 1, "never": 0}[downgrade]
        # Nobody loses a level but at its review, and with a grace not at the first one.
        assert down <= 0 or after.at == before.change.until
        assert down <= 0 or grace is None or before.change.how == "grace"
