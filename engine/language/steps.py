"""The steps of a rule that take time, or end it."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.language.base import Duration, Part, about, labels, words
from engine.language.triggers import WEEKDAYS, ZONES, LocalTime, Weekday

DayOfYear = Annotated[
    str,
    Field(
        pattern=r"^(0[13578]-(0[1-9]|[12][0-9]|3[01])|1[02]-(0[1-9]|[12][0-9]|3[01])"
        r"|0[469]-(0[1-9]|[12][0-9]|30)|11-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))$"
    ),
]
"""A day that comes round every year, `MM-DD`; 29 February is 28 February where there is none."""


StepId = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\"'\\]{1,64}$")]
STEP_NAME = labels(
    words("Step name", "步骤名称"),
    hint=words(
        "In a later version, members who wait here are found again by it, wherever the step stands then",
        "发布新版本时，等待中的会员据此找到对应步骤，位置可变",
    ),
)


class WaitAction(Part):
    """Go on with the next action later. The `if` is not read again."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Wait", "等待"),
            sentence=words("wait {for}[ (step “{id}”)]", "等待 {for}[（步骤“{id}”）]"),
            icon="hourglass",
        )
    )

    type: Literal["wait"] = "wait"
    for_: Duration = Field(alias="for", json_schema_extra=labels(words("For", "时长")))
    id: StepId | None = Field(default=None, json_schema_extra=STEP_NAME)


class WaitUntilAction(Part):
    """Go on at the next local time of this kind, strictly after now.

    Without a day it is the next time the clock shows it. At most one of a
    weekday, a day of the month and a day of the year may be said.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Wait until", "等到"),
            sentence=words(
                "wait until {at}[ on the next {on_weekday}][ on the next day {on_day} of a month]"
                "[ on the next {date}] ({zone})[ (step “{id}”)]",
                "等到[下一个{on_weekday}][下一个 {on_day} 日][下一个 {date}] {at}（{zone}）[（步骤“{id}”）]",
            ),
            icon="clock",
        )
    )

    type: Literal["wait_until"] = "wait_until"
    at: LocalTime
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
    date: DayOfYear | None = Field(
        default=None,
        json_schema_extra=labels(
            words("On the day of the year", "每年的日期"),
            hint=words("Month and day, like 11-11", "月-日，如 11-11"),
        ),
    )
    zone: Literal["member", "programme"] = Field(
        default="member", json_schema_extra=labels(words("In whose time", "时区"), ZONES)
    )
    id: StepId | None = Field(default=None, json_schema_extra=STEP_NAME)


class StopAction(Part):
    """End the rule here, for this member."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Stop here", "到此结束"), sentence=words("stop", "到此结束"), icon="stop"
        )
    )

    type: Literal["stop"] = "stop"
