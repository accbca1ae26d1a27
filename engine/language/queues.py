"""Queues in which rules put tasks for staff."""

from pydantic import Field

from engine.language.base import Key, Part, labels, words
from engine.language.benefits import KEY, Name


class QueueDefinition(Part):
    """A queue of tasks, as people know it.

    A rule may name one that isn't defined: its tasks stand under the key itself.

    Attributes:
        meaning: What its tasks are for, so that everybody uses it alike.
        worked_by: Who works it: a team, a shop, a role.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    meaning: str = Field(
        min_length=1, max_length=2000, json_schema_extra=labels(words("Meaning", "含义"), widget="long")
    )
    worked_by: str | None = Field(
        default=None, max_length=200, json_schema_extra=labels(words("Worked by", "处理人"))
    )
