"""The waits of two members who become one: which go on, which end, and which are over (ruling 17)."""

from typing import NamedTuple

import msgspec

from engine.index import Index
from engine.language.awaited import EXIT, GOAL
from engine.language.compiled import CompiledRule
from engine.schedule import shift
from engine.state import Enrolment, HeldMessage, MemberState
from engine.values import Instant

_replace = msgspec.structs.replace


class One(NamedTuple):
    """A wait of one of two members.

    Attributes:
        whose: The member whose it was.
        was: As it was.
        now: As it goes on; two logs may have begun one at the same place, so that one gets another number.
    """

    whose: MemberState
    was: Enrolment
    now: Enrolment


class Waits(NamedTuple):
    """What becomes of waits.

    Attributes:
        kept: Those that go on, in the order they began.
        came: Those of `kept` whose event has come already: they go on at once.
        left: Those that end.
    """

    kept: list[One]
    came: list[Enrolment]
    left: list[One]

    @property
    def ended(self) -> tuple[str, ...]:
        """Rules in which a wait ends, sorted."""
        return tuple(sorted(one.was.rule for one in self.left))

    def behind(self, whose: MemberState, held: HeldMessage) -> int:
        """Return the number of the wait that goes on behind a message held by quiet hours; 0 if none does."""
        called = (held.rule, held.enrolment)
        found = (one for one in self.kept if one.whose is whose and (one.was.rule, one.was.number) == called)
        return next((one.now.number for one in found), 0)


def waits(mine: MemberState, theirs: MemberState, index: Index) -> Waits:
    """Return what becomes of two members' waits.

    A wait ends if what ends it, or is its goal, happened to the other member since it began. One for
    an event that happened to the other since then goes on. Of two waits in one rule the one that
    began first goes on, or the one that began last where a rule starts over; both where it may be
    entered several times. Of a goal with a time only the first and the last such event are known,
    and those that a figure with a window keeps.
    """
    kept: list[One] = []
    came: list[Enrolment] = []
    left: list[One] = []
    zone = mine.zone or theirs.zone or index.rules.catalogue.programme.zone
    for whose, wait, other in _in_order(mine, theirs):
        rule = index.rules.version(wait.rule, wait.version)
        same = [one for one in kept if one.was.rule == wait.rule]
        one = One(whose, wait, _numbered(wait, [before.now.number for before in same]))
        again = rule.document.re_entry
        rivals = [before for before in same if not before.was.follows_goal and not wait.follows_goal]
        rivals = [] if again == "always" else rivals
        if _is_over(rule, wait, other, zone) or (rivals and again != "restart"):
            left.append(one)
            continue
        left += rivals
        kept = [before for before in kept if before not in rivals]
        kept.append(one)
        if _came(rule, wait, other, zone):
            came.append(one.now)
    return Waits(kept, [one.now for one in kept if one.now in came], left)


def united_messages(mine: MemberState, theirs: MemberState, index: Index) -> list[HeldMessage]:
    """Return the messages of two members that quiet hours hold.

    Each stays with the wait that goes on behind it. Those of the other came into this log by the merge.
    """
    if not mine.waiting and not theirs.waiting:
        return []
    two = waits(mine, theirs, index)
    return [
        *(_replace(held, enrolment=two.behind(mine, held)) for held in mine.waiting),
        *(
            _replace(held, enrolment=two.behind(theirs, held), origin=mine.sequence)
            for held in theirs.waiting
        ),
    ]


def _in_order(mine: MemberState, theirs: MemberState) -> list[tuple[MemberState, Enrolment, MemberState]]:
    """Return every wait, in the order they began: the member whose it is, the wait, and the other member."""
    found = [(mine, one, theirs) for one in mine.enrolments] + [
        (theirs, one, mine) for one in theirs.enrolments
    ]
    return sorted(found, key=lambda one: one[1].started_at)


def _numbered(wait: Enrolment, numbers: list[int]) -> Enrolment:
    """Return a wait under a number of its own."""
    return wait if wait.number not in numbers else _replace(wait, number=min(0, *numbers) - 1)


def _is_over(rule: CompiledRule, wait: Enrolment, other: MemberState, zone: str) -> bool:
    goal = rule.document.goal
    within = goal.within.span if goal is not None and goal.within is not None else None
    until = shift(wait.started_at, *within, zone) if within is not None else None
    return _happened(rule, GOAL, other, wait.started_at, until) or _happened(
        rule, EXIT, other, wait.started_at
    )


def _came(rule: CompiledRule, wait: Enrolment, other: MemberState, zone: str) -> bool:
    """Return whether what the member waits for happened to the other since the wait began."""
    span = rule.spans.get(wait.at)
    if span is None or wait.follows_goal:
        return False
    began = max(wait.started_at, shift(wait.due_at, -span.amount, span.unit, zone))
    return _happened(rule, str(wait.at), other, began)


def _happened(
    rule: CompiledRule, what: str, other: MemberState, after: Instant, until: Instant | None = None
) -> bool:
    """Return whether an event that those in a rule wait for is known of a member, in (after, until]."""
    figure = rule.ends.get(what)
    past = other.past.get(figure.series.key) if figure is not None else None
    if past is None:
        return False
    return any(
        at > after and (until is None or at <= until) for at in (past.last, past.first, *reversed(past.at))
    )
