"""Everything that may start a rule."""

from typing import Annotated

from pydantic import Field

from engine.language.days import AnniversaryTrigger, HolidayTrigger
from engine.language.triggers import AbsenceTrigger, BeforeExpiryTrigger, EventTrigger, ScheduleTrigger
from engine.language.triggers_standing import EnteredTrigger, LeftTrigger, WhileTrigger

Trigger = Annotated[
    EventTrigger
    | AbsenceTrigger
    | ScheduleTrigger
    | AnniversaryTrigger
    | HolidayTrigger
    | BeforeExpiryTrigger
    | EnteredTrigger
    | LeftTrigger
    | WhileTrigger,
    Field(discriminator="type"),
]
