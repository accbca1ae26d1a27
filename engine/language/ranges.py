"""What several comparisons of one value leave possible together."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from engine.language.conditions import MAX_STREAK
from engine.values import Number, Scalar

Operand: TypeAlias = Scalar | list[Scalar] | None

NATURAL: Final[dict[str, tuple[int, int | None]]] = {
    "count": (0, None),
    "days_since": (0, None),
    "streak": (0, MAX_STREAK),
    "calendar.month": (1, 12),
    "calendar.day": (1, 31),
    "calendar.hour": (0, 23),
}
"""Lowest and highest value that a figure or a fact can have at all."""

_BOUNDS: Final = frozenset({"gte", "gt", "lte", "lt", "between"})


@dataclass(slots=True)
class Range:
    """The values that comparisons joined by "and" still admit.

    Attributes:
        low: Lowest number or instant, or None for no bound; `low_open` leaves it out itself.
        high: Highest, likewise.
        allowed: The only values admitted, or None for any within the bounds.
        refused: Values that are not admitted.
        known: Whether the value must be there.
        missing: Whether the value must be missing.
    """

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False
    allowed: list[Scalar] | None = None
    refused: list[Scalar] = field(default_factory=list)
    known: bool = False
    missing: bool = False

    def narrow(self, op: str, operand: Operand) -> None:
        """Take one more comparison into account.

        Args:
            op: Name of an operator; one that says nothing of bounds only asks for a value.
            operand: Its operand, typed.
        """
        if op == "is_missing":
            self.missing = True
            return
        if op == "ne_or_missing":
            return
        self.known = True
        many = operand if isinstance(operand, list) else [operand] if operand is not None else []
        if op in {"gte", "gt"}:
            self._raise(many[0], is_open=op == "gt")
        elif op in {"lte", "lt"}:
            self._lower(many[0], is_open=op == "lt")
        elif op == "between":
            self._raise(many[0], is_open=False)
            self._lower(many[1], is_open=False)
        elif op in {"eq", "in"}:
            before = self.allowed
            self.allowed = many if before is None else [one for one in before if one in many]
        elif op in {"ne", "not_in"}:
            self.refused.extend(many)

    @property
    def possible(self) -> bool:
        """Whether any value, or its absence, is left."""
        if self.missing:
            return not self.known
        if self.allowed is not None:
            return any(self._admits(one) for one in self.allowed)
        if self.low is None or self.high is None or self.low < self.high:
            return True
        return self.low == self.high and not self.low_open and not self.high_open and self._admits(self.low)

    def _admits(self, value: Scalar) -> bool:
        if value in self.refused:
            return False
        if isinstance(value, str | bool):
            return True
        too_low = self.low is not None and (value < self.low or (self.low_open and value == self.low))
        too_high = self.high is not None and (value > self.high or (self.high_open and value == self.high))
        return not too_low and not too_high

    def _raise(self, low: Scalar, *, is_open: bool) -> None:
        if isinstance(low, str):
            return
        if self.low is None or low > self.low:
            self.low, self.low_open = low, is_open
        elif low == self.low:
            self.low_open = self.low_open or is_open

    def _lower(self, high: Scalar, *, is_open: bool) -> None:
        if isinstance(high, str):
            return
        if self.high is None or high < self.high:
            self.high, self.high_open = high, is_open
        elif high == self.high:
            self.high_open = self.high_open or is_open


def natural(name: str) -> Range:
    """Return the range of everything that a figure's measure or a fact can be."""
    low, high = NATURAL.get(name, (None, None))
    return Range(low=low, high=high)


def always(name: str, op: str, operand: Operand) -> bool:
    """Whether a comparison holds for every value that a figure or fact can have.

    Only of figures and facts that are never missing.
    """
    low, high = NATURAL.get(name, (None, None))
    many = operand if isinstance(operand, list) else [operand]
    if low is None or name == "days_since" or op not in _BOUNDS or any(isinstance(one, str) for one in many):
        return False
    asked = Range()
    asked.narrow(op, operand)
    above = asked.low is None or asked.low < low or (asked.low == low and not asked.low_open)
    if high is None:
        return above and asked.high is None
    return above and (asked.high is None or asked.high > high or (asked.high == high and not asked.high_open))
