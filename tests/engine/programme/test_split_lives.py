"""One person's events under three names, merged on the way, come to the same as under one name."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ledger.postings import Posting, balances
from engine.reading import count_within
from engine.schedule import DAY, start_of
from engine.state import MemberState, pack
from tests.engine.programme.people import CAP, People
from tests.support.life import ORDER, Life


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[tuple[int, int, str, int]], list[tuple[int, int, int]]]:
    """Events as (hours, identity, name, total), and two merges as (hours, who stays, who ends)."""
    hours = sorted(draw(st.lists(st.integers(0, 3000), min_size=2, max_size=14)))
    events = [
        (
            hour,
            draw(st.integers(0, 2)),
            draw(st.sampled_from([ORDER, ORDER, "Product Viewed"])),
            draw(st.integers(0, 200)),
        )
        for hour in hours
    ]
    order = draw(st.permutations([0, 1, 2]))
    first, second = sorted(draw(st.tuples(st.integers(0, 3100), st.integers(0, 3100))))
    chained = draw(st.booleans())
    merges = [
        (first, order[0], order[1]),
        (second, *((order[2], order[0]) if chained else (order[0], order[2]))),
    ]
    return events, merges


def moment(hours: int) -> str:
    return f"2026-{1 + hours // 24 // 28:02}-{1 + hours // 24 % 28:02} {hours % 24:02}:00"


class Split:
    """One person's events over three identities, merged on the way, beside the same events of one member."""

    def __init__(self, events: list[tuple[int, int, str, int]], merges: list[tuple[int, int, int]]) -> None:
        self.people = People()
        self.whole = self.people.join("whole")
        self.parts = [self.people.join(f"p{number}") for number in range(3)]
        self.goes_on = list(range(3))
        self.merged_at = ""
        waiting = list(merges)
        for hour, who, name, total in events:
            while waiting and waiting[0][0] <= hour:
                self.merge(*waiting.pop(0))
            when = moment(hour)
            self.whole.track(when, name, total=total)
            self.parts[self.goes_on[who]].track(when, name, total=total)
        for one in waiting:
            self.merge(max(one[0], events[-1][0]), *one[1:])
        self.end = moment(3200)
        self.whole.until(self.end)
        self.one.until(self.end)

    def merge(self, hour: int, stays: int, ends: int) -> None:
        stays, ends = self.goes_on[stays], self.goes_on[ends]
        mine, theirs = self.parts[stays], self.parts[ends]
        if theirs.state.sequence and not mine.state.sequence:
            stays, ends, mine, theirs = ends, stays, theirs, mine
        if theirs.state.sequence:
            mine.merge(moment(hour), theirs)
        self.goes_on = [stays if one == ends else one for one in self.goes_on]

    @property
    def one(self) -> Life:
        return self.parts[self.goes_on[0]]

    def outcomes(self) -> list[tuple[str, str, int, Any]]:
        """Every outcome of every part that fired, as (part, rule, when, effects)."""
        return [
            (part.state.member, outcome.rule, event.as_of, outcome.effects)
            for part in self.parts
            for event, decided in part.decided
            for outcome in decided.decision.outcomes
            if outcome.result in {"fired", "resumed"}
        ]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives())
def test_split_and_merged_is_the_same_person(
    life: tuple[list[tuple[int, int, str, int]], list[tuple[int, int, int]]],
) -> None:
    """History and earning equal the unsplit run, limits hold, and all adds up."""
    split = Split(*life)
    whole, one = split.whole.state, split.one.state

    assert 1 == len(set(split.goes_on))
    _same_history(whole, one)
    _same_earning(split)
    _nothing_lost_or_doubled(split)
    _limits_hold(split)
    assert [] == split.one.replayed().divergences
    assert pack(one) == pack(split.one.replayed().state)


def _same_history(whole: MemberState, one: MemberState) -> None:
    names = [key for key in whole.past if key in {ORDER, "Product Viewed", "Member Joined"} or len(key) == 16]
    for name in names:
        mine, theirs = whole.past[name], one.past[name]
        assert (mine.count, mine.total, mine.first, mine.last) == (
            theirs.count,
            theirs.total,
            theirs.first,
            theirs.last,
        )
        after = whole.as_of - 60 * DAY
        assert count_within(mine.at, after, whole.as_of) == count_within(theirs.at, after, whole.as_of)
    assert whole.joined_at == one.joined_at


def _same_earning(split: Split) -> None:
    earned = sum(
        effect.points for _, rule, _, effects in split.outcomes() for effect in effects if rule == "earn"
    )
    alone = [
        outcome.effects[0].points  # type: ignore[union-attr]
        for _, decided in split.whole.decided
        for outcome in decided.decision.outcomes
        if outcome.rule == "earn" and outcome.effects
    ]
    assert sum(alone) == earned


def _nothing_lost_or_doubled(split: Split) -> None:
    effects = [effect for _, _, _, effects in split.outcomes() for effect in effects]
    codes = sorted(effect.code for effect in effects if hasattr(effect, "code"))
    points = sum(effect.points for effect in effects if hasattr(effect, "points"))
    one = split.one.state
    assert codes == sorted(one.coupons)
    assert {"TEN": len(codes)} == one.issued or not codes
    assert points == one.points
    assert {effect.tag for effect in effects if hasattr(effect, "tag")} == set(one.tags)
    postings = [
        record
        for part in split.parts
        for _, decided in part.decided
        for record in decided.records
        if isinstance(record, Posting)
    ]
    assert len(postings) == len({posting.id for posting in postings})
    found = balances(postings)
    assert 0 == sum(found.values())
    assert points == found.get(f"member:{one.member}:points", 0)
    others = [f"member:{part.state.member}:points" for part in split.parts if part is not split.one]
    assert not any(found.get(account) for account in others)


def _limits_hold(split: Split) -> None:
    merged_at = max(
        (event.as_of for part in split.parts for event, _ in part.decided if event.kind == "merge"), default=0
    )
    fired = sorted(when for _, rule, when, _ in split.outcomes() if rule == "coupon")
    for when in fired:
        if when > merged_at:
            assert count_within(fired, when - 60 * DAY, when) <= 2
    given_on: Counter[int] = Counter()
    for _, rule, when, effects in sorted(split.outcomes(), key=lambda one: one[2]):
        if rule == "daily":
            day = start_of(when, "day", "Asia/Shanghai")
            given_on[day] += sum(effect.points for effect in effects)
            assert when <= merged_at or given_on[day] <= CAP or not effects
