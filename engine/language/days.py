"""What starts a rule on a day of the year: a member's anniversary, a holiday."""

from typing import Literal

from pydantic import ConfigDict, Field

from engine.language.base import Part, about, labels, words
from engine.language.triggers import ZONES, LocalTime

MOST_DAYS = 180


class Days(Part):
    """So many days of the calendar."""

    model_config = ConfigDict(
        json_schema_extra=about(words("Days", "天数"), sentence=words("{days} {days|day|days}", "{days} 天"))
    )

    days: int = Field(ge=1, le=MOST_DAYS, json_schema_extra=labels(words("Days", "天")))


class AnniversaryTrigger(Part):
    """A day of the member's own comes round: its birthday, the day it joined, or a day told of it.

    It fires once for each anniversary. A day that is told, or comes nearer
    because the member moves to another zone, counts on the day itself even
    after the time; a day that is told anew doesn't bring a second one in the
    same year.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("A member's day", "会员纪念日"),
            sentence=words(
                "each time {of}[ “{attribute}”] comes round[, {before} before][, {after} after], at {at}"
                " ({zone})[{leap_day}]",
                "每年{of}[“{attribute}”][前 {before}][后 {after}]的 {at}（{zone}）[{leap_day}]",
            ),
            icon="cake",
        )
    )

    type: Literal["anniversary"] = "anniversary"
    of: Literal["birthday", "joining", "attribute"] = Field(
        json_schema_extra=labels(
            words("Of", "对象"),
            {
                "birthday": ("the member's birthday", "会员生日"),
                "joining": ("the day the member joined", "入会纪念日"),
                "attribute": ("the day", "日期"),
            },
        )
    )
    attribute: str | None = Field(
        default=None,
        pattern=r"^member\.[^\s\x00-\x1f\"'\\]{1,128}$",
        json_schema_extra=labels(
            words("The day in", "日期属性"),
            source="facts",
            hint=words("An attribute that holds MM-DD or YYYY-MM-DD", "内容为 MM-DD 或 YYYY-MM-DD 的属性"),
        ),
    )
    before: Days | None = Field(default=None, json_schema_extra=labels(words("Before", "提前")))
    after: Days | None = Field(default=None, json_schema_extra=labels(words("After", "之后")))
    at: LocalTime
    zone: Literal["member", "programme"] = Field(
        default="member", json_schema_extra=labels(words("In whose time", "时区"), ZONES)
    )
    leap_day: Literal["28_february", "1_march"] | None = Field(
        default=None,
        json_schema_extra=labels(
            words("29 February", "2 月 29 日"),
            {
                "28_february": (
                    "; 29 February is 28 February in other years",
                    "；2 月 29 日在平年按 2 月 28 日",
                ),
                "1_march": ("; 29 February is 1 March in other years", "；2 月 29 日在平年按 3 月 1 日"),
            },
        ),
    )


class HolidayTrigger(Part):
    """A day of the year comes round, for every member; by our calendar or by the Chinese one.

    Where a lunar month has 29 days, its day 30 is its last day. A leap month
    comes only in the years that have it.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("A holiday", "节日"),
            sentence=words(
                "every year[, {before} before][, {after} after] day {day} of [{leap}]month {month}{calendar},"
                " at {at} ({zone})",
                "每年{calendar}[{leap}]{month} 月 {day} 日[前 {before}][后 {after}]的 {at}（{zone}）",
            ),
            icon="lantern",
        )
    )

    type: Literal["holiday"] = "holiday"
    calendar: Literal["gregorian", "lunar"] = Field(
        default="gregorian",
        json_schema_extra=labels(
            words("Calendar", "历法"),
            {
                "gregorian": (" of the Gregorian calendar", "公历 "),
                "lunar": (" of the lunar calendar", "农历 "),
            },
        ),
    )
    month: int = Field(ge=1, le=12, json_schema_extra=labels(words("Month", "月")))
    day: int = Field(ge=1, le=31, json_schema_extra=labels(words("Day", "日")))
    leap: bool = Field(
        default=False,
        json_schema_extra=labels(
            words("The leap month?", "闰月？"), {"true": ("leap ", "闰 "), "false": ("", "")}
        ),
    )
    before: Days | None = Field(default=None, json_schema_extra=labels(words("Before", "提前")))
    after: Days | None = Field(default=None, json_schema_extra=labels(words("After", "之后")))
    at: LocalTime
    zone: Literal["member", "programme"] = Field(
        default="member", json_schema_extra=labels(words("In whose time", "时区"), ZONES)
    )
