"""Reading conditions: fact paths, the nodes of a tree, and typed operands."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from engine.errors import InvalidRule, InvalidValue
from engine.language.conditions import All, AnyOf, Compare, Condition, History, Not
from engine.language.operators import FactType, Operator
from engine.values import MAX_INT, MAX_TEXT, Scalar, parse_instant, read_decimal

TypedOperand: TypeAlias = Scalar | list[Scalar] | None
"""A right side of a fact's type: an instant is an int of microseconds, a fraction a `Decimal`."""

MAX_MANY: Final = 200
_PAIR: Final = 2
_LEVEL: Final = "member.level."


def split(path: str) -> tuple[str, str]:
    """Return the scope of a fact path and the name in it: `event.total` is (`event`, `total`).

    A name may hold dots itself: `event.cart.total` is (`event`, `cart.total`).
    """
    scope, _, name = path.partition(".")
    return scope, name


def ladder_of(path: str) -> str | None:
    """Return the key of the ladder whose level a fact is, or None for another fact.

    `member.level.staff` is the level on `staff`; `member.tier` is the one on the ladder `tier`.
    """
    if path == "member.tier":
        return "tier"
    return path.removeprefix(_LEVEL) if path.startswith(_LEVEL) else None


def walk(condition: Condition, path: str) -> Iterator[tuple[str, Condition]]:
    """Yield every node of a condition with its JSON pointer, parents first.

    The `where` of a history is another tree, about other events: it isn't entered.

    Args:
        condition: The tree.
        path: JSON pointer of the tree in its document, such as `/if`.
    """
    yield path, condition
    if isinstance(condition, All | AnyOf | Not):
        for at, part in enumerate(condition.of):
            yield from walk(part, f"{path}/of/{at}")


def depth(condition: Condition) -> int:
    """Return how many conditions are nested in each other, a history's `where` included."""
    if isinstance(condition, Compare):
        return 1
    if isinstance(condition, History):
        return 1 + (depth(condition.where) if condition.where is not None else 0)
    return 1 + max((depth(part) for part in condition.of), default=0)


def operand_value(operator: Operator, fact_type: FactType, value: object) -> TypedOperand:
    """Return an operand as the value that the operator's function takes.

    Args:
        operator: A row of the operator table.
        fact_type: The declared type of the fact on the left.
        value: What the document says: JSON data.

    Returns:
        A scalar, a list for `pair` and `many`, or None for `none`.

    Raises:
        InvalidRule: If the operand isn't of the fact's type, or isn't as many values as the
            operator takes. The message says what is accepted.
    """
    if operator.operand == "none":
        if value is not None:
            raise InvalidRule(f"{operator.name!r} takes no value")
        return None
    one_type: FactType = "text" if operator.operand == "text" or fact_type == "list" else fact_type
    if operator.operand in {"same", "text"}:
        return _scalar(one_type, value)
    if not isinstance(value, list):
        raise InvalidRule(f"{operator.name!r} takes a list of values")
    if operator.operand == "pair" and len(value) != _PAIR:
        raise InvalidRule(f"{operator.name!r} takes two values, the lower and the upper, not {len(value)}")
    if not 1 <= len(value) <= MAX_MANY:
        raise InvalidRule(f"{operator.name!r} takes 1 to {MAX_MANY} values, not {len(value)}")
    return [_scalar(one_type, one) for one in value]


def _scalar(fact_type: FactType, value: object) -> Scalar:
    if fact_type == "boolean" and isinstance(value, bool):
        return value
    if fact_type == "number":
        return _number(value)
    if fact_type == "text" and isinstance(value, str) and len(value) <= MAX_TEXT:
        return value
    if fact_type == "instant" and isinstance(value, str):
        try:
            return parse_instant(value)
        except InvalidValue as error:
            raise InvalidRule(str(error)) from error
    raise InvalidRule(f"{str(value)[:40]!r} is not {_ACCEPTED[fact_type]}")


def _number(value: object) -> Scalar:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INT:
        return value
    read = read_decimal(value) if isinstance(value, str) else None
    if read is None:
        raise InvalidRule(f"{str(value)[:40]!r} is not {_ACCEPTED['number']}")
    return read


_ACCEPTED: Final[dict[FactType, str]] = {
    "text": f"text of at most {MAX_TEXT} characters",
    "number": 'a number: whole as 100, with a fraction as text, "99.5"',
    "boolean": "true or false",
    "instant": "an RFC 3339 instant",
    "list": "a list",
}
