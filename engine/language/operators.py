"""The operator table: one row gives types, function and wording.

The evaluator, the matcher's compiler, the type check, the JSON Schema and the
editor all read this table, so that none of them can drift from the others.
A function is only ever called with values of the row's types: a comparison
with a missing fact, or with a value of another type, is false before any
function is reached (also for "is not").
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from engine.language.base import Text, words
from engine.values import MISSING, MaybeValue, Scalar

FactType = Literal["text", "number", "boolean", "instant", "list"]
Operand = Literal["same", "pair", "many", "text", "none"]
"""What stands on the right: one value of the fact's type (`same`), two
(`pair`), one to 200 (`many`), one text (`text`), or nothing (`none`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One row of the table.

    Attributes:
        name: How it is written in a rule document.
        types: The fact types it can be asked of.
        operand: What stands on its right.
        test: Whether it holds, of the fact's value and the operand.
        wording: How it reads, by language.
        of_missing: What it says of a missing fact.
    """

    name: str
    types: tuple[FactType, ...]
    operand: Operand
    test: Callable[[Any, Any], bool]
    wording: Text
    of_missing: bool = False


def is_type(value: MaybeValue, fact_type: FactType) -> bool:
    """Return whether a value is of a fact type. A boolean is never a number."""
    if fact_type == "text":
        return isinstance(value, str)
    if fact_type in {"number", "instant"}:
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if fact_type == "boolean":
        return isinstance(value, bool)
    return isinstance(value, list)


def _same(left: Scalar, right: Scalar) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _among(left: Scalar, right: list[Scalar]) -> bool:
    return any(_same(left, one) for one in right)


_ORDERED: Final[tuple[FactType, ...]] = ("number", "instant")
_PLAIN: Final[tuple[FactType, ...]] = ("text", "number", "boolean", "instant")
_ALL: Final[tuple[FactType, ...]] = ("text", "number", "boolean", "instant", "list")

OPERATORS: Final[dict[str, Operator]] = {
    row.name: row
    for row in (
        Operator(name="eq", types=_PLAIN, operand="same", test=_same, wording=words("is", "是")),
        Operator(
            name="ne",
            types=_PLAIN,
            operand="same",
            test=lambda left, right: not _same(left, right),
            wording=words("is not", "不是"),
        ),
        Operator(
            name="ne_or_missing",
            types=_PLAIN,
            operand="same",
            test=lambda left, right: not _same(left, right),
            wording=words("is missing or is not", "缺失或不是"),
            of_missing=True,
        ),
        Operator(
            name="gte",
            types=_ORDERED,
            operand="same",
            test=lambda left, right: left >= right,
            wording=words("is at least", "不低于"),
        ),
        Operator(
            name="gt",
            types=_ORDERED,
            operand="same",
            test=lambda left, right: left > right,
            wording=words("is more than", "大于"),
        ),
        Operator(
            name="lte",
            types=_ORDERED,
            operand="same",
            test=lambda left, right: left <= right,
            wording=words("is at most", "不高于"),
        ),
        Operator(
            name="lt",
            types=_ORDERED,
            operand="same",
            test=lambda left, right: left < right,
            wording=words("is less than", "小于"),
        ),
        Operator(
            name="between",
            types=_ORDERED,
            operand="pair",
            test=lambda left, right: right[0] <= left <= right[1],
            wording=words("is between", "介于"),
        ),
        Operator(
            name="in",
            types=("text", "number"),
            operand="many",
            test=_among,
            wording=words("is one of", "属于"),
        ),
        Operator(
            name="not_in",
            types=("text", "number"),
            operand="many",
            test=lambda left, right: not _among(left, right),
            wording=words("is none of", "不属于"),
        ),
        Operator(
            name="contains",
            types=("text",),
            operand="text",
            test=lambda left, right: right in left,
            wording=words("contains", "包含"),
        ),
        Operator(
            name="not_contains",
            types=("text",),
            operand="text",
            test=lambda left, right: right not in left,
            wording=words("does not contain", "不包含"),
        ),
        Operator(
            name="starts_with",
            types=("text",),
            operand="text",
            test=lambda left, right: left.startswith(right),
            wording=words("starts with", "开头是"),
        ),
        Operator(
            name="ends_with",
            types=("text",),
            operand="text",
            test=lambda left, right: left.endswith(right),
            wording=words("ends with", "结尾是"),
        ),
        Operator(
            name="has",
            types=("list",),
            operand="text",
            test=lambda left, right: right in left,
            wording=words("include", "包含"),
        ),
        Operator(
            name="has_not",
            types=("list",),
            operand="text",
            test=lambda left, right: right not in left,
            wording=words("do not include", "不包含"),
        ),
        Operator(
            name="has_any",
            types=("list",),
            operand="many",
            test=lambda left, right: any(one in left for one in right),
            wording=words("include any of", "包含任一"),
        ),
        Operator(
            name="has_all",
            types=("list",),
            operand="many",
            test=lambda left, right: all(one in left for one in right),
            wording=words("include all of", "包含全部"),
        ),
        Operator(
            name="has_none",
            types=("list",),
            operand="many",
            test=lambda left, right: not any(one in left for one in right),
            wording=words("include none of", "不含任一"),
        ),
        Operator(
            name="is_known",
            types=_ALL,
            operand="none",
            test=lambda _left, _right: True,
            wording=words("is known", "已知"),
        ),
        Operator(
            name="is_missing",
            types=_ALL,
            operand="none",
            test=lambda _left, _right: False,
            wording=words("is missing", "缺失"),
            of_missing=True,
        ),
    )
}


def holds(operator: Operator, fact_type: FactType, value: MaybeValue, operand: Any) -> bool:
    """Return whether a comparison is true.

    A value that isn't of the declared type counts as missing: nothing is
    coerced and nothing is "truthy".

    Args:
        operator: A row of the table that admits `fact_type`.
        fact_type: The declared type of the fact.
        value: What the fact holds, or MISSING.
        operand: The right side, already read as `fact_type`.
    """
    if value is MISSING or not is_type(value, fact_type):
        return operator.of_missing
    return operator.test(value, operand)
