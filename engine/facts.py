"""Reading values: a property by its path, a value by its declared type."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.errors import InvalidValue
from engine.schedule import WEEKDAYS, local
from engine.values import MISSING, Instant, MaybeValue, parse_instant, read_decimal

Facts = Mapping[str, MaybeValue]
"""A frozen snapshot: values by fact key. A key that isn't there is missing."""


def property_of(properties: Mapping[str, Any], name: str) -> Any:
    """Return a property by its name, or by its dotted path into objects; None if it isn't there."""
    if name in properties:
        return properties[name]
    value: Any = properties
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def typed(value: Any, fact_type: str) -> MaybeValue:
    """Read a stored value as its declared type.

    A fraction is stored as canonical decimal text and an instant as RFC 3339
    text; both are read back here. Null, an object, and a value of another type
    are missing: nothing is coerced.
    """
    return AS_TYPED[fact_type](value)


def _number(value: Any) -> MaybeValue:
    if isinstance(value, str):
        number = read_decimal(value)
        return MISSING if number is None else number
    return value if isinstance(value, int) and not isinstance(value, bool) else MISSING


def _instant(value: Any) -> MaybeValue:
    try:
        return parse_instant(value) if isinstance(value, str) else MISSING
    except InvalidValue:
        return MISSING


def _text(value: Any) -> MaybeValue:
    return value if isinstance(value, str) else MISSING


def _boolean(value: Any) -> MaybeValue:
    return value if isinstance(value, bool) else MISSING


def _list(value: Any) -> MaybeValue:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else MISSING


AS_TYPED: Final[dict[str, Callable[[Any], MaybeValue]]] = {
    "number": _number,
    "instant": _instant,
    "text": _text,
    "boolean": _boolean,
    "list": _list,
}
"""Reads a stored value as each declared type, as `typed` does."""


def calendar_fact(name: str, as_of: Instant, zone: str) -> MaybeValue:
    """Return what the calendar says at an instant in the member's zone.

    Args:
        name: `weekday` (`mon` … `sun`), `month`, `day`, `hour` or `month_day` (`MM-DD`).
        as_of: The instant.
        zone: IANA zone.
    """
    moment = local(as_of, zone)
    if name == "weekday":
        return WEEKDAYS[moment.weekday()]
    if name == "month_day":
        return f"{moment.month:02}-{moment.day:02}"
    return {"month": moment.month, "day": moment.day, "hour": moment.hour}.get(name, MISSING)
