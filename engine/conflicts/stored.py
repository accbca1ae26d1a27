"""Values of facts as they stand in a log."""

from decimal import Decimal
from typing import Any

from engine.language.operators import FactType
from engine.values import decimal_text, instant_text


def as_stored(value: Any, fact_type: FactType) -> Any:
    """Return a typed value as an event of the log tells it: a fraction and an instant as text."""
    if isinstance(value, bool) or value is None:
        return value
    if fact_type == "instant" and isinstance(value, int):
        return instant_text(value)
    return decimal_text(value) if isinstance(value, Decimal) else value
