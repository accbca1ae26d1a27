"""The member's history: which series an event enters, and what two members' come to as one."""

from collections.abc import Iterable, Mapping
from heapq import merge as interleaved
from operator import itemgetter
from typing import Any

from engine.evaluate import evaluate
from engine.events import MEMBER_JOINED, Event
from engine.facts import property_of, typed
from engine.index import Index, Kept
from engine.ledger.exactly import plus
from engine.state import MemberState, Past, remembered
from engine.values import Instant, Number


def remember(state: MemberState, event: Event, index: Index) -> dict[str, Past]:
    """Return the history with an entry of the log; its plain series is always kept."""
    past = {**state.past}
    add(past, event.name, event.occurred_at, None, event.as_of, index)
    kept = index.kept_of.get(event.name)
    if kept:
        enter(past, kept, event.properties, event.occurred_at, event.as_of, index)
    return past


def overheard(state: MemberState, name: str, properties: Mapping[str, Any], index: Index) -> dict[str, Past]:
    """Return the history with an internal event; the same one if no figure reads it."""
    plain = name in index.rules.series
    if not plain and name not in index.kept_of:
        return state.past
    past = {**state.past}
    if plain:
        add(past, name, state.as_of, None, state.as_of, index)
    enter(past, index.kept_of.get(name, ()), properties, state.as_of, state.as_of, index)
    return past


def together(mine: Mapping[str, Past], theirs: Mapping[str, Past], index: Index) -> dict[str, Past]:
    """Return two histories as one; a member joined only once, and that is when the first of them did."""
    found = {**mine}
    for key, past in theirs.items():
        ours = mine.get(key)
        if ours is None:
            found[key] = past
            continue
        series = index.rules.series.get(key)
        if (series.event if series is not None else key) == MEMBER_JOINED:
            found[key] = min(ours, past, key=lambda one: one.first)
        else:
            found[key] = _one_series(ours, past)
    return found


def _one_series(mine: Past, theirs: Past) -> Past:
    at, values = mine.at, mine.values
    if theirs.at:
        kept = mine.values or theirs.values
        pairs = [
            [(when, value) for when, value in zip(one.at, one.values or [0] * len(one.at), strict=True)]
            for one in (mine, theirs)
        ]
        both = list(interleaved(*pairs, key=itemgetter(0)))
        at, values = [when for when, _ in both], [value for _, value in both] if kept else []
    newest = mine if mine.last >= theirs.last else theirs
    return Past(
        mine.count + theirs.count,
        min(mine.first, theirs.first),
        newest.last,
        newest.revision,
        plus(mine.total, theirs.total),
        at,
        values,
    )


def enter(
    past: dict[str, Past],
    kept: Iterable[Kept],
    properties: Mapping[str, Any],
    at: Instant,
    as_of: Instant,
    index: Index,
) -> list[str]:
    """Enter an event into the series that count it, of a history that is being made; return their keys."""
    numbers: dict[str, Number | None] = {}
    counted: list[str] = []
    for series, where in kept:
        if where is not None and not evaluate(series.where, where.of_event(properties)):
            continue
        name = series.property
        value: Number | None = 1 if series.net else None
        if name is not None:
            if name not in numbers:
                numbers[name] = _number(properties, name)
            value = numbers[name]
            if value is None:
                continue
        add(past, series.key, at, value, as_of, index)
        counted.append(series.key)
    return counted


def add(
    past: dict[str, Past], key: str, at: Instant, value: Number | None, as_of: Instant, index: Index
) -> None:
    """Enter one event into one series of a history that is being made.

    Args:
        past: The history.
        key: Key of the series.
        at: When it happened.
        value: The number that is kept of it; None for none.
        as_of: The instant of the entry.
        index: The rules in force, which say how far back instants are kept.
    """
    window = index.rules.windowed.get(key)
    keep_after = None if window is None else as_of - window
    past[key] = remembered(past.get(key), at, index.rules.revision, value, keep_after=keep_after)


def _number(properties: Mapping[str, Any], name: str) -> Number | None:
    """Return the number that a property holds, or None."""
    value = typed(property_of(properties, name), "number")
    return value if isinstance(value, Number) else None
