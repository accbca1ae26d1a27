"""What a rule teaches whoever takes it over: what it is for, when to use it, and what to adapt."""

from typing import Annotated

from pydantic import ConfigDict, Field

from engine.language.base import Part, about, labels, words
from engine.language.benefits import Name

_POINTER = r"^(/[^/\s]{1,64}){1,12}$"


class Parameter(Part):
    """A place in a rule that each programme sets for itself.

    Attributes:
        at: JSON pointer of the place in the document, such as `/when/for`.
        label: What it is, in words.
    """

    at: Annotated[str, Field(pattern=_POINTER)]
    label: Name


class Guide(Part):
    """How a rule is to be used: beside `note`, which is whoever composed it speaking to colleagues.

    Attributes:
        description: What the rule does, and what to know about it.
        when_to_use: In which situation it is the right rule.
        parameters: What to adapt before it is published.
    """

    model_config = ConfigDict(json_schema_extra=about(words("Guide", "使用说明")))

    description: Name = Field(json_schema_extra=labels(words("Description", "说明")))
    when_to_use: Name = Field(json_schema_extra=labels(words("When to use", "适用场景")))
    parameters: list[Parameter] = Field(
        default=[], max_length=20, json_schema_extra=labels(words("To adapt", "可调整"))
    )
