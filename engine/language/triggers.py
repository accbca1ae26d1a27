"""What starts a rule."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.language.base import Duration, EventName, Key, Part, about, labels, words
from engine.language.conditions import Condition

LocalTime = Annotated[
    str,
    Field(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        json_schema_extra=labels(
            words("Time", "时间"),
            widget="time",
            hint=words("Use 24-hour time, like 09:00", "用 24 小时制，如 09:00"),
        ),
    ),
]
ZONES = {
    "member": ("the member's time", "会员当地时间"),
    "programme": ("the programme's time", "品牌当地时间"),
}
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = {
    "mon": ("Monday", "周一"),
    "tue": ("Tuesday", "周二"),
    "wed": ("Wednesday", "周三"),
    "thu": ("Thursday", "周四"),
    "fri": ("Friday", "周五"),
    "sat": ("Saturday", "周六"),
    "sun": ("Sunday", "周日"),
}


class EventTrigger(Part):
    """An event of this name happens to the member."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Something happens", "发生事件"),
            sentence=words("at each {event}[ where {where}]", "每次{event}[（{where}）]时"),
            icon="bolt",
        )
    )

    type: Literal["event"] = "event"
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    where: Condition | None = Field(default=None, json_schema_extra=labels(words("Only when", "仅限")))


class AbsenceTrigger(Part):
    """No event of this name for so long since the last one.

    It is due exactly that long after the last such event; an event at that
    very instant prevents it. It fires at most once until such an event comes
    again (ruling 9).
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Something stops", "很久没有发生"),
            sentence=words(
                "after {for} without any {event}[{or_joining}]",
                "连续 {for}没有{event}[{or_joining}]时",
            ),
            icon="clock-off",
        )
    )

    type: Literal["absence"] = "absence"
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    for_: Duration = Field(alias="for", json_schema_extra=labels(words("For", "时长")))
    or_joining: bool = Field(
        default=False,
        json_schema_extra=labels(
            words("Members who never did it, too?", "从未发生过的会员也算吗？"),
            {
                "true": (
                    " (counted from joining for members who never had one)",
                    "（从未有过的会员从入会算起）",
                ),
                "false": ("", ""),
            },
        ),
    )


class ScheduleTrigger(Part):
    """A local time that comes round, for every member."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("On a schedule", "定时"),
            icon="clock",
            sentence_by="every",
            sentences={
                "day": words("every day at {at} ({zone})", "每天 {at}（{zone}）"),
                "week": words("every {on_weekday} at {at} ({zone})", "每{on_weekday} {at}（{zone}）"),
                "month": words(
                    "every month on day {on_day} at {at} ({zone})", "每月 {on_day} 日 {at}（{zone}）"
                ),
            },
        )
    )

    type: Literal["schedule"] = "schedule"
    every: Literal["day", "week", "month"] = Field(
        json_schema_extra=labels(
            words("Every", "每"), {"day": ("day", "天"), "week": ("week", "周"), "month": ("month", "月")}
        )
    )
    on_weekday: Weekday | None = Field(default=None, json_schema_extra=labels(words("On", "星期"), WEEKDAYS))
    on_day: int | None = Field(
        default=None,
        ge=1,
        le=31,
        json_schema_extra=labels(
            words("On day", "日期"),
            hint=words("A shorter month uses its last day", "月份较短时取月末"),
        ),
    )
    at: LocalTime
    zone: Literal["member", "programme"] = Field(
        default="member",
        json_schema_extra=labels(
            words("In whose time", "时区"),
            {
                "member": ("the member's time", "会员当地时间"),
                "programme": ("the programme's time", "品牌当地时间"),
            },
        ),
    )


class BeforeExpiryTrigger(Part):
    """So long before something of the member's runs out, once for each end."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Something runs out soon", "即将到期"),
            sentence=words("{for} before {of}[ “{unit}”] run out", "{of}[“{unit}”]到期前 {for}"),
            icon="clock-off",
        )
    )

    type: Literal["before_expiry"] = "before_expiry"
    of: Literal["points", "coupon", "membership"] = Field(
        json_schema_extra=labels(
            words("Of", "对象"),
            {
                "points": ("points", "积分"),
                "coupon": ("coupons", "优惠券"),
                "membership": ("memberships", "会籍"),
            },
        )
    )
    unit: Key | None = Field(
        default=None, json_schema_extra=labels(words("Only this one", "仅限"), source="expiring")
    )
    for_: Duration = Field(alias="for", json_schema_extra=labels(words("Before", "提前")))
