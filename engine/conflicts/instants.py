"""When rules may come together: while all are in force, on days of which their conditions can hold."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from engine.conflicts.plan import Meeting
from engine.conflicts.settling import FALSE, settled, tests
from engine.evaluate import evaluate
from engine.facts import calendar_fact
from engine.index import Index
from engine.language.compiled import CompiledRule
from engine.language.predicates import Node, Test
from engine.rules import RuleSet
from engine.schedule import at_local, local
from engine.state import MemberState
from engine.timers import due_by
from engine.values import Instant, MaybeValue

_CALENDAR: Final = "calendar."
_NOON: Final = 12
_MOST_DAYS: Final = 400
_MOST_SIGNATURES: Final = 24


def window(
    rules: Sequence[CompiledRule], base: RuleSet, at: Instant
) -> tuple[Instant, Instant | None] | None:
    """Return when rules are in force together from an instant on, the end None for ever; None if never.

    Args:
        rules: The rules.
        base: What their campaigns are.
        at: Nothing before it counts.
    """
    begins, ends = [at], list[Instant]()
    for rule in rules:
        of = [(rule.active_from, rule.active_until)]
        if rule.document.campaign is not None:
            campaign = base.campaigns.get(rule.document.campaign)
            if campaign is None:
                return None
            of.append((campaign.active_from, campaign.active_until))
        begins += [begin for begin, _ in of if begin is not None]
        ends += [end for _, end in of if end is not None]
    begin, end = max(begins), min(ends, default=None)
    return None if end is not None and end <= begin else (begin, end)


def instants(
    meeting: Meeting,
    index: Index,
    order: Sequence[CompiledRule],
    node: Node | None,
    span: tuple[Instant, Instant | None],
) -> Iterator[Instant]:
    """Yield instants at which rules may come together, one for each way in which the calendar may answer.

    Args:
        meeting: How they come together.
        index: The rules.
        order: The rules, in the order in which they are asked.
        node: What all of them ask, as far as it is known beforehand.
        span: When all of them are in force.
    """
    begin, end = span
    asked = [one for one in tests(node) if one.fact.startswith(_CALENDAR)]
    hours = list(range(24)) if any(one.fact == "calendar.hour" for one in asked) else [_NOON]
    names = dict.fromkeys(one.fact for one in asked)
    many = _occurrences(meeting, index, order, begin, hours)
    seen: list[tuple[bool, ...]] = []
    came = False
    for at in many:
        if end is not None and at >= end:
            break
        came = True
        told = _calendar(at, index, names)
        signature = tuple(evaluate(one, told) for one in asked)
        if signature in seen:
            continue
        seen.append(signature)
        if node is None or settled(node, _of_calendar, told) != FALSE:
            yield at
        if not asked or len(seen) >= _MOST_SIGNATURES:
            return
    if not came and end is not None and meeting.how != "clock":
        yield begin + (end - begin) // 2


def _of_calendar(test: Test) -> bool:
    return test.fact.startswith(_CALENDAR)


def _calendar(at: Instant, index: Index, names: Iterable[str]) -> dict[str, MaybeValue]:
    zone = index.rules.catalogue.programme.zone
    return {name: calendar_fact(name.removeprefix(_CALENDAR), at, zone) for name in names}


def _occurrences(
    meeting: Meeting, index: Index, order: Sequence[CompiledRule], begin: Instant, hours: Sequence[int]
) -> Iterator[Instant]:
    """Yield instants after another: those of clocks, or one of every local day (of every hour asked)."""
    zone, first = index.rules.catalogue.programme.zone, order[0]
    if meeting.how == "clock" and (first.schedule is not None or first.holiday is not None):
        clocks = [one for one in order if one.trigger is None and not one.lasting]
        yield from _all_due(index, clocks, begin)
        return
    at = first.anniversary.at if meeting.how == "clock" and first.anniversary is not None else None
    day = local(begin, zone).date()
    for _ in range(_MOST_DAYS):
        day += timedelta(days=1)
        for clock in [at] if at is not None else [f"{hour:02}:00" for hour in hours]:
            one = at_local(day, clock, zone)
            if one is not None and one > begin:
                yield one


def _all_due(index: Index, clocks: Sequence[CompiledRule], begin: Instant) -> Iterator[Instant]:
    """Yield the instants after another at which all of some clocks are due."""
    many = [_due(index, one, begin) for one in clocks]
    nexts = [next(one, None) for one in many]
    while True:
        known = [one for one in nexts if one is not None]
        if len(known) < len(nexts):
            return
        last = max(known)
        if min(known) == last:
            yield last
            nexts = [next(one, None) for one in many]
        else:
            nexts = [one if one == last else next(of, None) for one, of in zip(known, many, strict=True)]


def _due(index: Index, rule: CompiledRule, begin: Instant) -> Iterator[Instant]:
    standing, zone = index.rules.standing[rule.key], index.rules.catalogue.programme.zone
    at = begin
    for _ in range(_MOST_DAYS):
        state = MemberState(member="", joined_at=at, joined_revision=index.rules.revision, as_of=at)
        one = due_by(state, standing, index, zone, 0)
        if one is None:
            return
        at = one.due_at
        yield at
