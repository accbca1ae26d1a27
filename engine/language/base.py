"""What every part of a rule document shares."""

from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator

LANGUAGES = ("en", "zh-Hans")

Key = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\"'\\]{1,64}$", json_schema_extra={"x-widget": "key"})]
"""The key of a definition: 1 to 64 characters without white space, quotes or backslash."""

EventName = Annotated[str, Field(min_length=1, max_length=128, json_schema_extra={"x-source": "events"})]

Text = dict[str, str]


def words(en: str, zh: str) -> Text:
    """Return wording in the two languages of the product."""
    return {"en": en, "zh-Hans": zh}


def about(
    title: Text, *, sentence: Text | None = None, icon: str | None = None, **more: Any
) -> dict[str, Any]:
    """Return the `x-` keywords by which the editor and the wording show a model.

    A sentence is a template: `{field}` stands for a field's own wording,
    `{field|one|many}` for the first word when the field is 1 and the second
    otherwise, `[…]` for a part that is left out when a field inside it isn't
    set, and `[…|…]` for one that reads as what follows the bar instead.
    """
    extra: dict[str, Any] = {"x-title": title}
    if sentence is not None:
        extra["x-sentence"] = sentence
    if icon is not None:
        extra["x-icon"] = icon
    extra.update({f"x-{name.replace('_', '-')}": value for name, value in more.items()})
    return extra


def labels(title: Text, choices: dict[str, tuple[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    """Return the `x-` keywords of a field: its title, and a label for each choice."""
    extra = about(title, **more)
    if choices is not None:
        extra["x-labels"] = {
            "en": {key: pair[0] for key, pair in choices.items()},
            "zh-Hans": {key: pair[1] for key, pair in choices.items()},
        }
    return extra


def _wording(said: object) -> str | Text:
    """Return wording that a person wrote: one text, or one for each language it is read in."""
    texts: dict[Any, Any] = said if isinstance(said, dict) else {LANGUAGES[0]: said}
    for language, text in texts.items():
        if language not in _SPOKEN:
            raise ValueError(f"a text is in one of the languages {', '.join(_SPOKEN)}")
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_WORDING:
            raise ValueError(f"a text has 1 to {MAX_WORDING} characters")
    if not texts:
        raise ValueError("write the text in at least one language")
    return dict(texts) if isinstance(said, dict) else str(said)


MAX_WORDING: Final = 500
_SPOKEN: Final = ("en", "zh-Hans", "zh-Hant")
_ONE_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": MAX_WORDING}
Wording = Annotated[
    str | Text,
    PlainValidator(_wording),
    WithJsonSchema(
        {
            "anyOf": [
                _ONE_TEXT,
                {
                    "type": "object",
                    "properties": dict.fromkeys(_SPOKEN, _ONE_TEXT),
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]
"""What a person wrote for people: one text whatever they speak, or one for each language."""


class Part(BaseModel):
    """A part of a rule document: immutable, and unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Span(NamedTuple):
    """So many of a unit of time: `minutes`, `hours`, `days`, `months` or `years`."""

    amount: int
    unit: str


class Duration(Part):
    """A length of time, in one unit.

    Minutes, hours and days are exact; months and years are calendar units in
    the member's zone, clamped to the month's end.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Duration", "时长"),
            widget="duration",
            units={
                "minutes": {"en": ["minute", "minutes"], "zh-Hans": ["分钟", "分钟"]},
                "hours": {"en": ["hour", "hours"], "zh-Hans": ["小时", "小时"]},
                "days": {"en": ["day", "days"], "zh-Hans": ["天", "天"]},
                "months": {"en": ["calendar month", "calendar months"], "zh-Hans": ["个自然月", "个自然月"]},
                "years": {"en": ["calendar year", "calendar years"], "zh-Hans": ["个自然年", "个自然年"]},
            },
        )
        | {"minProperties": 1, "maxProperties": 1}
    )

    minutes: int | None = Field(default=None, ge=1, le=525_600)
    hours: int | None = Field(default=None, ge=1, le=87_600)
    days: int | None = Field(default=None, ge=1, le=3_650)
    months: int | None = Field(default=None, ge=1, le=120)
    years: int | None = Field(default=None, ge=1, le=10)

    @model_validator(mode="after")
    def _one_unit(self) -> "Duration":
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError('say a duration in exactly one unit, such as {"days": 90}')
        return self

    @property
    def span(self) -> "Span":
        """The duration as a plain value, for what is done for every event."""
        ((unit, amount),) = self.model_dump(exclude_none=True).items()
        return Span(amount, unit)

    @property
    def unit(self) -> str:
        """The unit in which it is said."""
        return self.span.unit

    @property
    def amount(self) -> int:
        """How many of the unit."""
        return self.span.amount
