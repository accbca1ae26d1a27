"""A member whose history were another: other things told of it, other figures, another instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from engine.counterfactual import Change
from engine.events import Event
from engine.index import Index
from engine.language.benefits import POINTS
from engine.language.compiled import CompiledRule
from engine.language.operators import FactType
from engine.language.predicates import Figure, Group, Node
from engine.ledger.books import Lot, drawn, with_account
from engine.ledger.exactly import minus, plus
from engine.schedule import shift
from engine.state import POINTS_AGE, Held, MemberState, Past, changed
from engine.timers import zone_of
from engine.values import MISSING, Instant, MaybeValue, Number, instant_text

_COMPUTED: Final = frozenset(("tier", "memberships", "segments", POINTS_AGE))
_OF_PROGRAMME: Final = ("level.", "rfm.", "consent.")
_SUPPOSED: Final = "supposed"


@dataclass(frozen=True, slots=True)
class World:
    """A member before an entry, the entry, and the rules in force."""

    state: MemberState
    event: Event
    index: Index


def moved(world: World, at: Instant, occurred: Instant | None = None) -> World:
    """Return a world whose entry comes at another instant: `occurred` is when it happened, if before."""
    as_of = max(at, world.state.as_of)
    properties = world.event.properties
    if "due_at" in properties and world.event.kind == "timer":
        properties = {**properties, "due_at": as_of}
    event = msgspec.structs.replace(
        world.event,
        occurred_at=as_of if occurred is None else occurred,
        recorded_at=as_of,
        as_of=as_of,
        properties=properties,
        member_sequence=world.state.sequence + 1,
    )
    return World(world.state, event, world.index)


def altered(
    world: World, rule: CompiledRule, changes: Iterable[Change], facts: Mapping[str, MaybeValue]
) -> World | None:
    """Return a world in which other facts are told; None where they can't be, as of what is computed.

    Args:
        world: What there is.
        rule: The rule whose condition reads the facts.
        changes: What would have to be read.
        facts: What is read as it is.
    """
    types = _types(rule.condition)
    for one in changes:
        kind, _, name = one.fact.partition(".")
        figure = rule.figures.get(one.fact)
        told = _as_told(one.after, types.get(one.fact, "text"))
        state, event = world.state, world.event
        after: MemberState | None = state
        if figure is not None:
            after = _with_figure(world, figure, facts.get(one.fact, MISSING), one.after)
        elif kind == "event" and event.kind != "timer":
            event = msgspec.structs.replace(event, properties=_put(event.properties, name, told))
        elif kind == "member":
            after = _of_member(state, name, told, event.as_of)
        else:
            return None
        if after is None or _armed(after, rule) != _armed(state, rule):
            return None
        world = World(after, event, world.index)
    return world


def _types(node: Node | None) -> dict[str, FactType]:
    if node is None:
        return {}
    if isinstance(node, Group):
        return {fact: each for part in node.of for fact, each in _types(part).items()}
    return {node.fact: node.fact_type}


def _as_told(value: MaybeValue, fact_type: FactType) -> Any:
    """Return a fact as a sender would tell it; None for a missing one."""
    if value is MISSING:
        return None
    if fact_type == "instant" and isinstance(value, int):
        return instant_text(value)
    if fact_type == "number" and not isinstance(value, int):
        return str(value)
    return value


def _put(properties: Mapping[str, Any], name: str, told: Any) -> dict[str, Any]:
    """Return properties with one of them, by its name or its path into objects, told anew or left out."""
    first, dot, rest = name.partition(".")
    inner = properties.get(first)
    if name not in properties and dot and (inner is None or isinstance(inner, Mapping)):
        return {**properties, first: _put(inner or {}, rest, told)}
    kept = {key: value for key, value in properties.items() if key != name}
    return kept if told is None else {**kept, name: told}


def _of_member(state: MemberState, name: str, told: Any, at: Instant) -> MemberState | None:
    if name in _COMPUTED or name.startswith(_OF_PROGRAMME):
        return None
    if name == "tags":
        held = {_SUPPOSED: Held(since=at)}
        return changed(state, tags={tag: state.tags.get(tag, held) for tag in told or ()})
    unit = POINTS if name == "points" else name.removeprefix("balance.") if "balance." in name else ""
    if unit:
        return _with_balance(state, unit, told, at) if isinstance(told, int) else None
    return changed(state, attributes=_put(state.attributes, name, told))


def _with_balance(state: MemberState, unit: str, wanted: int, at: Instant) -> MemberState | None:
    """Return the member with more to spend, given now, or with less, because some was spent."""
    account = state.books.account(unit)
    more = wanted - account.available
    if wanted < 0 or (more > 0 and account.debt):
        return None
    if more > 0:
        given = Lot(_SUPPOSED, more, earned_at=at)
        account = msgspec.structs.replace(account, lots=(*account.lots, given))
    elif more < 0:
        account, _ = drawn(account, -more)
    books = with_account(state.books, unit, account)
    return changed(state, books=books, points=wanted if unit == POINTS else state.points)


def _armed(state: MemberState, rule: CompiledRule) -> Instant | None:
    """Return what the rule's absence counts from: a change that moves it would change when it fires."""
    past = state.past.get(rule.absence.event) if rule.absence is not None else None
    return past.last if past is not None else None


def _with_figure(world: World, figure: Figure, before: MaybeValue, after: MaybeValue) -> MemberState | None:
    """Return the member with more or less of a series; None for other measures than counts and sums."""
    if figure.measure not in {"count", "sum"}:
        return None
    if not isinstance(before, int | Decimal) or not isinstance(after, int | Decimal):
        return None
    state, as_of, window = world.state, world.event.as_of, figure.within
    start = 0
    if window is not None:
        start = shift(as_of, -window.amount, window.unit, zone_of(state, world.index)) + 1
    past = state.past.get(figure.series.key)
    delta = minus(after, before)
    if delta > 0:
        entered = max(start, state.joined_at or 0)
        times = int(delta) if figure.measure == "count" else 1
        value = None if figure.measure == "count" else delta
        made: Past | None = _more(past, times, value, min(entered, as_of), world.index, figure.series.key)
    else:
        made = _less(past, figure.measure, -delta, start)
    if made is None:
        return None
    others = {key: one for key, one in state.past.items() if key != figure.series.key}
    return changed(state, past={**others, figure.series.key: made} if made.count else others)


def _more(past: Past | None, times: int, value: Number | None, at: Instant, index: Index, key: str) -> Past:
    """Return a series with so many more entries at an instant, each of a value."""
    old = past or Past(0, at, at, index.rules.revision)
    kept = [*zip(old.at, old.values or [0] * len(old.at), strict=True)]
    if key in index.rules.windowed:
        kept = sorted([*kept, *[(at, value or 0)] * times], key=lambda one: one[0])
    series = index.rules.series.get(key)
    valued = series is not None and (series.property is not None or series.net)
    return Past(
        old.count + times,
        min(old.first, at),
        max(old.last, at),
        old.revision,
        plus(old.total, value or 0),
        [when for when, _ in kept],
        [each for _, each in kept] if valued else [],
    )


def _less(past: Past | None, measure: str, by: Number, start: Instant) -> Past | None:
    """Return a series with so many entries less, the newest first, or with so much less in them."""
    if past is None:
        return None
    if measure == "count":
        return _fewer(past, int(by), start)
    values, left = [*past.values], by
    for place in reversed(range(len(past.at))):
        if past.at[place] < start or not left:
            break
        taken = min(left, max(values[place], 0))
        values[place], left = minus(values[place], taken), minus(left, taken)
    if left and (values or past.total < left):
        return None
    return msgspec.structs.replace(past, values=values, total=minus(past.total, by))


def _fewer(past: Past, times: int, start: Instant) -> Past | None:
    """Return a series without its oldest entries of a window; the newest stays, unless none does."""
    if times > past.count:
        return None
    if not past.at:
        return msgspec.structs.replace(past, count=past.count - times)
    low = next((place for place, at in enumerate(past.at) if at >= start), len(past.at))
    if len(past.at) - low < times:
        return None
    gone = past.values[low : low + times]
    total = past.total
    for value in gone:
        total = minus(total, value)
    return msgspec.structs.replace(
        past,
        count=past.count - times,
        at=past.at[:low] + past.at[low + times :],
        values=past.values[:low] + past.values[low + times :],
        total=total,
    )
