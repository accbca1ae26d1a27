"""Conditions: a tree of groups, comparisons and looks into the member's history."""

from typing import Annotated, Final, Literal, Union

from pydantic import ConfigDict, Field

from engine.events import ORDER_COMPLETED
from engine.language.base import Duration, EventName, Part, about, labels, words
from engine.language.operators import OPERATORS, FactType

Operand = str | int | bool | list[str | int | bool] | None
"""The right side. A fraction is decimal text ("99.5"), an instant RFC 3339 text."""

FactPath = Annotated[
    str,
    Field(
        pattern=r"^(event|member|calendar)\.[^\s\x00-\x1f\"'\\]{1,128}$",
        json_schema_extra=labels(words("Fact", "事实"), source="facts"),
    ),
]

_COMPARE_OPS = Literal[
    "eq", "ne", "ne_or_missing", "gte", "gt", "lte", "lt", "between", "in", "not_in", "contains",
    "not_contains", "starts_with", "ends_with", "has", "has_not", "has_any", "has_all", "has_none",
    "is_known", "is_missing",
]  # fmt: skip
_OP_LABELS = {name: (row.wording["en"], row.wording["zh-Hans"]) for name, row in OPERATORS.items()}
MEASURE_TYPES: Final[dict[str, FactType]] = {
    "count": "number",
    "sum": "number",
    "first": "instant",
    "last": "instant",
    "days_since": "number",
    "streak": "number",
}
"""The type of each figure that a history gives."""

MEASURE_LABELS: Final = {
    "count": ("count", "次数"),
    "sum": ("sum of", "合计"),
    "first": ("time of the first", "首次"),
    "last": ("time of the last", "上次"),
    "days_since": ("number of days since the last", "距上次"),
    "streak": ("number of days in a row with", "连续"),
}
"""What stands for each figure within its sentence."""

NET_EVENT: Final = ORDER_COMPLETED
"""The event whose figures can be net of refunds."""

NET_PROPERTY: Final = "total"
"""What of it a refund takes off."""

MAX_STREAK: Final = 400
"""Days that a streak is followed back, at most."""

_HISTORY_OPS = ("eq", "ne", "gte", "gt", "lte", "lt", "between", "is_known", "is_missing")


class Compare(Part):
    """One fact compared with a value. With a missing fact it is false, also for "is not"."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Fact", "事实"),
            sentence=words("{fact} {op}[ {value}]", "{fact}{op}[ {value}]"),
            icon="person",
        )
    )

    type: Literal["compare"] = "compare"
    fact: FactPath
    op: _COMPARE_OPS = Field(json_schema_extra=labels(words("Comparison", "比较"), _OP_LABELS))
    value: Operand = Field(default=None, json_schema_extra=labels(words("Value", "值"), widget="value"))


class History(Part):
    """A figure over the member's past events of one name, compared with a value."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("History", "历史行为"),
            icon="activity",
            sentence_by="measure",
            sentences={
                "count": words(
                    "the {event} {measure}{net}[ in the last {within}][ (where {where})][ ({counting})] {op}"
                    "[ {value}]",
                    "[近 {within}内]{event}[（{where}）]{measure}{net}[（{counting}）]{op}[ {value}]",
                ),
                "sum": words(
                    "the {measure} {property} over every {event}{net}[ in the last {within}]"
                    "[ (where {where})][ ({counting})] {op}[ {value}]",
                    "[近 {within}内]{event}[（{where}）]的{property}{measure}{net}[（{counting}）]{op}"
                    "[ {value}]",
                ),
                "first": words(
                    "the {measure} {event}[ (where {where})][ ({counting})] {op}[ {value}]",
                    "{measure}{event}[（{where}）]的时间[（{counting}）]{op}[ {value}]",
                ),
                "last": words(
                    "the {measure} {event}[ (where {where})][ ({counting})] {op}[ {value}]",
                    "{measure}{event}[（{where}）]的时间[（{counting}）]{op}[ {value}]",
                ),
                "days_since": words(
                    "the {measure} {event}[ (where {where})][ ({counting})] {op}[ {value}]",
                    "{measure}{event}[（{where}）]的天数[（{counting}）]{op}[ {value}]",
                ),
                "streak": words(
                    "the {measure} {event}[ (where {where})][ ({counting})] {op}[ {value}]",
                    "{measure}{event}[（{where}）]的天数[（{counting}）]{op}[ {value}]",
                ),
            },
        )
    )

    type: Literal["history"] = "history"
    measure: Literal["count", "sum", "first", "last", "days_since", "streak"] = Field(
        json_schema_extra=labels(words("Figure", "指标"), MEASURE_LABELS)
    )
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    property_: str | None = Field(
        default=None,
        alias="property",
        min_length=1,
        max_length=128,
        json_schema_extra=labels(words("Property", "属性"), source="properties"),
    )
    within: Duration | None = Field(default=None, json_schema_extra=labels(words("In the last", "时间范围")))
    where: "Condition | None" = Field(
        default=None, json_schema_extra=labels(words("Only those where", "仅限"))
    )
    net: bool = Field(
        default=False,
        exclude_if=lambda net: not net,  # what was published before there was a choice reads as it did
        json_schema_extra=labels(
            words("Take refunds off?", "扣除退款吗？"),
            {"true": (" net of refunds", "（扣除退款）"), "false": ("", "")},
        ),
    )
    counting: Literal["with_this_event", "before_this_event"] | None = Field(
        default=None,
        json_schema_extra=labels(
            words("This event", "本次事件"),
            {
                "with_this_event": ("this one included", "含本次"),
                "before_this_event": ("before this one", "不含本次"),
            },
        ),
    )
    op: Literal["eq", "ne", "gte", "gt", "lte", "lt", "between", "is_known", "is_missing"] = Field(
        json_schema_extra=labels(words("Comparison", "比较"), {op: _OP_LABELS[op] for op in _HISTORY_OPS})
    )
    value: str | int | list[str | int] | None = Field(
        default=None, json_schema_extra=labels(words("Value", "值"), widget="value")
    )

    @property
    def counts_this_event(self) -> bool:
        """Whether the triggering event is in the figure (ruling 2)."""
        if self.counting is None:
            return self.measure not in {"last", "days_since"}
        return self.counting == "with_this_event"


class All(Part):
    """True when every part is true."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("All of these", "满足全部"), icon="group", joiner=words(" and ", "，并且")
        )
    )

    type: Literal["all"] = "all"
    of: list["Condition"] = Field(max_length=200)


class AnyOf(Part):
    """True when at least one part is true."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Any of these", "满足任一"), icon="group", joiner=words(" or ", "，或者")
        )
    )

    type: Literal["any"] = "any"
    of: list["Condition"] = Field(max_length=200)


class Not(Part):
    """True when no part is true: "none of these"."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("None of these", "均不满足"),
            icon="group",
            joiner=words(" or ", "，或者"),
            prefix=words("none of these holds: ", "以下均不成立："),
        )
    )

    type: Literal["not"] = "not"
    of: list["Condition"] = Field(max_length=200)


Condition = Annotated[Union[All, AnyOf, Not, Compare, History], Field(discriminator="type")]  # noqa: UP007  a forward reference needs Union

History.model_rebuild()
All.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()
