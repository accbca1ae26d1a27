"""When a condition may change its truth by the clock alone (ruling 10)."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from engine.evaluate import evaluate
from engine.facts import Facts, calendar_fact
from engine.language.operators import OPERATORS, FactType, holds
from engine.language.predicates import Group, Node, Test
from engine.schedule import DAY
from engine.state import POINTS_AGE, MemberState
from engine.values import MISSING, Instant, MaybeValue, Number
from engine.watch.boundaries import next_day, next_hour
from engine.watch.windows import days_change, figure_change, soonest

_HOURS, _DAYS = 26, 366
_AGE = f"member.{POINTS_AGE}"


def next_change(node: Node, facts: Facts, state: MemberState, as_of: Instant, zone: str) -> Instant | None:
    """Return the earliest instant after another at which a condition may change its truth by itself.

    It may be too early, and is never too late. A group that is true because of
    several parts, or false for want of several, waits for the last of them.

    Args:
        node: The condition.
        facts: What it reads at the instant.
        state: The member at the instant.
        as_of: The instant.
        zone: The member's IANA zone.

    Returns:
        None if only an event can change it.
    """
    if isinstance(node, Test):
        return _of_test(node, facts, state, as_of, zone)
    deciding = node.kind == "all"
    changes = [
        (evaluate(part, facts) == deciding, next_change(part, facts, state, as_of, zone)) for part in node.of
    ]
    against = [change for same, change in changes if not same]
    if not against:
        return soonest(*(change for _, change in changes))
    return None if None in against else max(change for change in against if change is not None)


def by_clock(node: Node | None) -> bool:
    """Return whether a condition can change without an event at all."""
    if isinstance(node, Group):
        return any(by_clock(part) for part in node.of)
    if node is None:
        return False
    if node.figure is None:
        return node.fact.startswith("calendar.") or node.fact == _AGE
    return node.figure.within is not None or node.figure.measure == "days_since"


def _of_test(node: Test, facts: Facts, state: MemberState, as_of: Instant, zone: str) -> Instant | None:
    if node.figure is not None:
        past = state.past.get(node.figure.series.key)
        return figure_change(node.figure, past, as_of, zone, _answer(node), _marks(node.operand))
    if node.fact == _AGE:
        earned = [lot.earned_at for lot in state.books.account("points").lots if lot.active_at is None]
        days = (as_of - min(earned)) // DAY if earned else MISSING
        answer = _answer(node)
        return days_change(min(earned), as_of, answer, answer(days), _marks(node.operand)) if earned else None
    scope, _, name = node.fact.partition(".")
    if scope != "calendar":
        return None
    by_hour = name == "hour"
    turn = next_hour(as_of, zone) if by_hour else next_day(as_of, zone)
    operand = tuple(node.operand) if isinstance(node.operand, list) else node.operand
    now = holds(node.operator, node.fact_type, facts.get(node.fact, MISSING), node.operand)
    return _calendar_change(name, node.operator.name, node.fact_type, operand, zone, turn=turn, now=now)


def _answer(node: Test) -> Callable[[MaybeValue], bool]:
    def answer(value: MaybeValue) -> bool:
        return holds(node.operator, node.fact_type, value, node.operand)

    return answer


def _marks(operand: Any) -> list[Number]:
    many = operand if isinstance(operand, list) else [operand]
    return [one for one in many if isinstance(one, Number) and not isinstance(one, bool)]


@lru_cache(maxsize=8192)
def _calendar_change(
    name: str, operator: str, fact_type: FactType, operand: Any, zone: str, *, turn: Instant, now: bool
) -> Instant:
    """Return the first turn of the calendar from one on with another answer, within a year or a day."""
    row = OPERATORS[operator]
    right = list(operand) if isinstance(operand, tuple) else operand
    on = next_hour if name == "hour" else next_day
    for _ in range(_HOURS if name == "hour" else _DAYS):
        if holds(row, fact_type, calendar_fact(name, turn, zone), right) != now:
            return turn
        turn = on(turn, zone)
    return turn
