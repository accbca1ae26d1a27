"""Rules that start on a day of the year: anniversaries and holidays, once for each, in the right zone."""

from typing import Any

import pytest

from api.service.calendar import calendar_body
from engine.lunisolar import read
from engine.replay import replay
from tests.support.life import Life, Programme, rule

GIFT = [{"type": "award_points", "points": 88}]
SHANGHAI = {"programme": {"zone": "Asia/Shanghai"}}


def birthday(**said: Any) -> dict[str, Any]:
    """Return a rule that gives on the birthday at nine."""
    return rule(when={"type": "anniversary", "of": "birthday", "at": "09:00", **said}, then=GIFT)


def holiday(**said: Any) -> dict[str, Any]:
    """Return a rule that gives on a holiday at ten."""
    return rule(when={"type": "holiday", "at": "10:00", **said}, then=GIFT)


def programme(*documents: dict[str, Any]) -> Programme:
    """Return a programme in Shanghai with the table of the Chinese calendar."""
    made = Programme(SHANGHAI)
    made.add("Calendar Changed", calendar_body())
    for document in documents:
        made.publish(document)
    return made


def given(life: Life) -> list[str]:
    """Return when the gift was given, once the log has been decided again and gave the same."""
    assert [] == replay(life.state.member, life.logged, life.programme.decider).divergences
    return [instant for instant, _ in life.effects]


class TestBirthday:
    def test_is_given_once_a_year_in_the_members_zone(self) -> None:
        """Nine o'clock where the member is, each year."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01", birthday="05-10", zone="America/New_York")
        life.until("2028-01-01")

        assert ["2026-05-10T13:00:00Z", "2027-05-10T13:00:00Z"] == given(life)

    def test_in_the_programmes_zone(self) -> None:
        """The programme's clock can be meant."""
        life = Life(programme=programme(birthday(zone="programme")))
        life.identify("2026-01-01", birthday="1990-05-10", zone="America/New_York")
        life.until("2027-01-01")

        assert ["2026-05-10T01:00:00Z"] == given(life)

    @pytest.mark.parametrize(
        ("said", "days"),
        [
            ({}, ["2027-02-28", "2028-02-29"]),
            ({"leap_day": "28_february"}, ["2027-02-28", "2028-02-29"]),
            ({"leap_day": "1_march"}, ["2027-03-01", "2028-02-29"]),
        ],
    )
    def test_29_february(self, said: dict[str, Any], days: list[str]) -> None:
        """In other years it is the day that the rule says, 28 February where it says none."""
        life = Life(programme=programme(birthday(**said)))
        life.identify("2026-06-01", birthday="1992-02-29")
        life.until("2028-12-31")

        assert days == [instant[:10] for instant in given(life)]

    @pytest.mark.parametrize(
        ("said", "days"),
        [
            ({"before": {"days": 7}}, ["2026-12-27", "2027-12-27"]),
            ({"after": {"days": 3}}, ["2027-01-06"]),
        ],
    )
    def test_days_before_and_after(self, said: dict[str, Any], days: list[str]) -> None:
        """The year is that of the day itself, also where the rule starts in another."""
        life = Life(programme=programme(birthday(**said)))
        life.identify("2026-02-01", birthday="01-03")
        life.until("2027-12-31")

        assert days == [instant[:10] for instant in given(life)]

    def test_told_anew_after_the_gift_brings_no_second_one(self) -> None:
        """One gift a year, whatever is told of the birthday later."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01", birthday="05-10")
        life.identify("2026-06-01", birthday="12-20")
        life.until("2027-12-31")

        assert ["2026-05-10", "2027-12-20"] == [instant[:10] for instant in given(life)]

    def test_told_after_the_day_waits_for_next_year(self) -> None:
        """What is over isn't made up for."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01")
        life.identify("2026-06-01", birthday="05-10")
        life.until("2027-12-31")

        assert ["2027-05-10"] == [instant[:10] for instant in given(life)]

    def test_told_on_the_day_after_the_time_is_given_at_once(self) -> None:
        """While the day lasts, it isn't over."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01")
        life.identify("2026-05-10T15:59:59Z", birthday="05-10")
        life.until("2026-12-31")

        assert ["2026-05-10T15:59:59Z"] == given(life)

    def test_moving_east_on_the_day_loses_nothing(self) -> None:
        """Who moves to where nine o'clock has passed gets it at once; who moves back, not again."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01", birthday="05-10", zone="America/Los_Angeles")
        life.identify("2026-05-10T07:30:00Z", zone="Asia/Shanghai")
        life.identify("2026-05-10T08:00:00Z", zone="America/Los_Angeles")
        life.until("2026-12-31")

        assert ["2026-05-10T07:30:00Z"] == given(life)

    def test_moving_where_the_day_is_over_misses_it(self) -> None:
        """It is stated: where the member's day is over before its time came, it isn't given."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01", birthday="05-10", zone="Pacific/Honolulu")
        life.identify("2026-05-10T18:59:59Z", zone="Pacific/Kiritimati")
        life.until("2027-01-01")

        assert [] == given(life)

    @pytest.mark.parametrize("told", ["10.5.", "02-30", "13-01", "1990-5-10", "", "tok_x", "19900-05-10"])
    def test_what_is_no_day_is_never_due(self, told: str) -> None:
        """Text that holds no day is passed by."""
        life = Life(programme=programme(birthday()))
        life.identify("2026-01-01", birthday=told)
        life.until("2028-01-01")

        assert [] == given(life)

    def test_rule_published_on_the_day_does_not_reach_back(self) -> None:
        """Publishing after the time waits for the next year."""
        made = programme()
        life = Life(programme=made)
        life.identify("2026-01-01", birthday="05-10")
        made.publish(birthday(), when=life.state.as_of + 129 * 86_400_000_000 + 3 * 3_600_000_000)
        life.until("2027-12-31")

        assert ["2027-05-10"] == [instant[:10] for instant in given(life)]


def test_joining_day_counts_from_the_first_year_on() -> None:
    """The day of joining itself is no anniversary."""
    life = Life(
        programme=programme(rule(when={"type": "anniversary", "of": "joining", "at": "09:00"}, then=GIFT))
    )
    life.track("2024-02-29")
    life.until("2028-12-31")

    assert ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"] == [one[:10] for one in given(life)]


def test_day_in_an_attribute() -> None:
    """Any attribute can hold the day."""
    when = {"type": "anniversary", "of": "attribute", "attribute": "member.wedding", "at": "09:00"}
    life = Life(programme=programme(rule(when=when, then=GIFT)))
    life.identify("2026-01-01", wedding="2020-10-01")
    life.until("2026-12-31")

    assert ["2026-10-01T01:00:00Z"] == given(life)


class TestHoliday:
    @pytest.mark.parametrize(
        ("said", "days"),
        [
            ({"month": 11, "day": 11}, ["2026-11-11", "2027-11-11"]),
            ({"month": 6, "day": 18, "before": {"days": 3}}, ["2026-06-15", "2027-06-15"]),
            ({"calendar": "lunar", "month": 8, "day": 15}, ["2026-09-25", "2027-09-15"]),
            ({"calendar": "lunar", "month": 1, "day": 1}, ["2026-02-17", "2027-02-06"]),
            ({"calendar": "lunar", "month": 12, "day": 30}, ["2026-02-16", "2027-02-05"]),
            ({"calendar": "lunar", "month": 5, "day": 5}, ["2026-06-19", "2027-06-09"]),
        ],
    )
    def test_comes_round_every_year(self, said: dict[str, Any], days: list[str]) -> None:
        """Singles' Day, 618, Mid-Autumn, Spring Festival, New Year's Eve, Dragon Boat."""
        life = Life(programme=programme(holiday(**said)))
        life.track("2026-01-01")
        life.until("2027-12-31")

        assert days == [instant[:10] for instant in given(life)]

    def test_leap_month_comes_only_in_its_years(self) -> None:
        """The leap sixth month is in 2025 and 2036, and the plain one each year."""
        leaping = Life(programme=programme(holiday(calendar="lunar", month=6, day=1, leap=True)))
        leaping.track("2025-01-01")
        leaping.until("2037-01-01")
        plain = Life(programme=programme(holiday(calendar="lunar", month=7, day=7)))
        plain.track("2025-01-01")
        plain.until("2025-12-31")

        assert ["2025-07-25", "2036-07-23"] == [instant[:10] for instant in given(leaping)]
        assert ["2025-08-29"] == [instant[:10] for instant in given(plain)]

    def test_without_the_table_nothing_is_due(self) -> None:
        """A lunar day can't be told before the table is in the log."""
        life = Life(holiday(calendar="lunar", month=8, day=15))
        life.track("2026-01-01")
        life.until("2030-01-01")

        assert [] == given(life)

    def test_moving_round_the_world_brings_no_second_one(self) -> None:
        """Who has had it in Shanghai doesn't have it again in New York."""
        life = Life(programme=programme(holiday(month=11, day=11)))
        life.track("2026-01-01")
        life.track("2026-11-11T03:00:00Z", zone="America/New_York")
        life.until("2027-01-01")

        assert ["2026-11-11T02:00:00Z"] == given(life)

    def test_facts_alone_set_nothing_off(self) -> None:
        """What has passed while only facts were taken in is dealt with."""
        life = Life(programme=programme(holiday(month=11, day=11), birthday() | {"key": "b"}))
        life.track("2026-11-11T02:00:00.000001Z", mode="facts-only", birthday="11-11")
        life.until("2027-11-01")

        assert [] == given(life)


def test_table_is_what_the_observatory_publishes() -> None:
    """New years and leap months of the table, against dates of the Hong Kong Observatory."""
    body = calendar_body()
    table = read(body["lunar"], body["digest"])
    new_years = {
        1900: "1900-01-31",
        1985: "1985-02-20",
        2000: "2000-02-05",
        2033: "2033-01-31",
        2100: "2100-02-09",
    }

    for year, day in new_years.items():
        assert day == str(table.day(year, 1, 1))
    assert [11] == [table.years[2033].leap]
    assert [2] == [table.years[2023].leap]
    assert table.day(2101, 1, 1) is None
    assert table.day(2026, 6, 1, leap=True) is None
    assert len(body["lunar"]) == 201
