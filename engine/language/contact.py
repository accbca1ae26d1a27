"""Definitions of contact: how often, at which hours and with whose consent members are written to."""

from typing import Final, Literal

from pydantic import Field, model_validator

from engine.language.base import Duration, Key, Part, labels, words
from engine.language.benefits import KEY, Name

Channel = Literal["email", "sms", "push", "wecom", "console"]
CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms", "push", "wecom", "console")
CHANNEL_NAMES: Final = {
    "email": ("e-mail", "邮件"),
    "sms": ("SMS", "短信"),
    "push": ("app push", "应用推送"),
    "wecom": ("WeCom", "企业微信"),
    "console": ("console", "控制台"),
}
Purpose = Literal["marketing", "service"]
_CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_CHANNELS = labels(words("Only by", "限渠道"), CHANNEL_NAMES)


class QuietHours(Part):
    """Hours of the member's own clock at which no marketing message leaves.

    Attributes:
        from_: Local time `HH:MM` at which they begin.
        until: Local time at which they end; before `from_` it is that of the next day.
        then: `hold` a message until they end, or `drop` it.
        channels: Only these channels; empty for all.
    """

    from_: str = Field(
        alias="from", pattern=_CLOCK, json_schema_extra=labels(words("From", "开始"), widget="clock")
    )
    until: str = Field(pattern=_CLOCK, json_schema_extra=labels(words("Until", "结束"), widget="clock"))
    then: Literal["hold", "drop"] = Field(
        default="hold",
        json_schema_extra=labels(
            words("A message meanwhile", "期间的消息"),
            {"hold": ("waits until they end", "等到结束后发送"), "drop": ("is not sent", "不发送")},
        ),
    )
    channels: list[Channel] = Field(default=[], max_length=5, json_schema_extra=_CHANNELS)

    @model_validator(mode="after")
    def _leave_some_of_the_day(self) -> "QuietHours":
        if self.from_ == self.until:
            raise ValueError("quiet hours end at another time than they begin at")
        return self


class FrequencyCap(Part):
    """So many marketing messages in any such time, whichever rules and campaigns ask for them.

    Attributes:
        times: How many at most.
        within: The time, back from each message.
        channels: Only messages of these channels count, and are held back; empty for all.
        tiers: Only members of these levels of the ladder `tier`; empty for everybody.
    """

    times: int = Field(ge=0, le=1_000, json_schema_extra=labels(words("At most", "最多")))
    within: Duration = Field(json_schema_extra=labels(words("In any", "任意时段")))
    channels: list[Channel] = Field(default=[], max_length=5, json_schema_extra=_CHANNELS)
    tiers: list[Key] = Field(
        default=[], max_length=20, json_schema_extra=labels(words("Only members of level", "限会员等级"))
    )


class ContactPolicy(Part):
    """What keeps members from being written to too often or too late. Every policy holds.

    Messages of service (`purpose` of their template) are never held back by one.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    quiet_hours: QuietHours | None = Field(
        default=None, json_schema_extra=labels(words("Quiet hours", "免打扰时段"))
    )
    caps: list[FrequencyCap] = Field(
        default=[], max_length=20, json_schema_extra=labels(words("Frequency caps", "频次上限"))
    )


class ChannelSetting(Part):
    """How a channel is used.

    Attributes:
        key: The channel.
        consent: `opt_in`: marketing only to members who agreed; `opt_out`: to all who didn't object.
        endpoint: Key of the endpoint that takes its messages as signed webhooks; None for the
            operator's own way out (`REGULARS_MESSAGE_CHANNELS`).
    """

    key: Channel = Field(json_schema_extra=labels(words("Channel", "渠道"), CHANNEL_NAMES))
    name: Name
    consent: Literal["opt_in", "opt_out"] = Field(
        default="opt_out",
        json_schema_extra=labels(
            words("Marketing goes to", "营销消息发送给"),
            {
                "opt_in": ("members who agreed", "已同意的会员"),
                "opt_out": ("members who didn't object", "未拒绝的会员"),
            },
        ),
    )
    endpoint: Key | None = Field(
        default=None, json_schema_extra=labels(words("Gateway", "发送网关"), source="endpoints")
    )
