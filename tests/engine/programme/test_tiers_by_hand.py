"""Levels set by hand hold until their end, and are never a floor."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from engine.programme.tiers import reached, value
from engine.schedule import DAY
from engine.values import instant_text, parse_instant
from tests.engine.programme.climbing import NEW_YORK, SHANGHAI, Climb

START = parse_instant("2026-01-01T00:00:00Z")


def test_at_its_end_the_level_is_what_is_reached_then() -> None:
    """No grace and no “one level down at most”: both would keep what was only lent."""
    climb = Climb(downgrade="one_level", grace={"days": 30}).spend("2026-01-01T00:00:00Z", 100)
    climb.put("2026-02-01T00:00:00Z", "black", "2026-05-01T00:00:00Z")
    assert ("black", True, "silver") == (climb.level.tier, climb.level.set_by_hand, climb.level.earned)

    climb.until("2026-05-01T00:00:00Z")
    assert ("2026-05-01T00:00:00Z", "downgraded", "silver") == climb.told[-1]
    assert not climb.level.set_by_hand
    assert parse_instant("2027-05-01T00:00:00Z") == climb.level.until


def test_never_down_is_not_said_of_a_level_that_was_set() -> None:
    climb = Climb(downgrade="never").put("2026-02-01T00:00:00Z", "gold", "2026-05-01T00:00:00Z")

    assert ("downgraded", None) == climb.until("2026-05-01T00:00:00Z").told[-1][1:]


def test_what_was_reached_meanwhile_is_kept_as_earned() -> None:
    climb = Climb().put("2026-02-01T00:00:00Z", "gold", "2026-05-01T00:00:00Z")
    climb.spend("2026-03-01T00:00:00Z", 300)
    assert ("gold", True) == (climb.level.tier, climb.level.set_by_hand)

    climb.until("2026-05-01T00:00:00Z")
    assert ("retained", "gold") == climb.told[-1][1:]
    assert not climb.level.set_by_hand


def test_a_higher_level_is_earned_while_one_is_set() -> None:
    climb = Climb().put("2026-02-01T00:00:00Z", "gold", "2026-05-01T00:00:00Z")
    climb.spend("2026-03-01T00:00:00Z", 1000)

    assert ("upgraded", "black") == climb.told[-1][1:]
    assert (False, None) == (climb.level.set_by_hand, climb.level.earned)
    assert parse_instant("2027-03-01T00:00:00Z") == climb.level.until


def test_a_level_set_lower_than_earned_stays_until_more_is_earned() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", 300).put("2026-02-01T00:00:00Z", "silver")
    climb.spend("2026-02-02T00:00:00Z", 1)
    assert "silver" == climb.level.tier

    assert "black" == climb.spend("2026-02-03T00:00:00Z", 699).level.tier


def test_set_without_an_end_it_is_held_like_one_that_was_earned() -> None:
    rolling = Climb(hold={"days": 30}).put("2026-02-01T00:00:00Z", "gold")
    assert parse_instant("2026-03-03T00:00:00Z") == rolling.level.until
    year = Climb(NEW_YORK, period="calendar_year").put("2026-02-01T00:00:00Z", "gold")
    assert parse_instant("2028-01-01T00:00:00-05:00") == year.level.until
    assert Climb(period="ever").put("2026-02-01T00:00:00Z", "gold").level.until is None


def test_set_to_the_year_s_end_that_year_counts() -> None:
    climb = Climb(period="calendar_year").spend("2026-06-01T00:00:00Z", 100)
    climb.put("2026-07-01T00:00:00Z", "black", "2027-01-01T00:00:00+08:00").until("2027-01-01T00:00:00Z")

    assert ("downgraded", "silver") == climb.told[-1][1:]
    assert parse_instant("2028-01-01T00:00:00+08:00") == climb.level.until


def test_it_ends_even_where_the_ladder_no_longer_applies() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", 100)
    climb.put("2026-02-01T00:00:00Z", "gold", "2026-05-01T00:00:00Z").named(kind="staff")

    assert ("downgraded", None) == climb.until("2026-05-01T00:00:00Z").told[-1][1:]


@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 400)), max_size=12),
    st.tuples(st.integers(0, 400), st.integers(1, 400)),
    st.sampled_from([None, "silver", "gold", "black"]),
    st.sampled_from(["requalify", "one_level", "never"]),
    st.sampled_from([None, {"days": 45}]),
)
def test_it_is_never_a_floor(
    bought: list[tuple[int, int]],
    set_: tuple[int, int],
    tier: str | None,
    downgrade: str,
    grace: dict[str, int] | None,
) -> None:
    """Whatever was bought before and meanwhile, its end leaves what is reached then, and nothing more."""
    climb = Climb(downgrade=downgrade, grace=grace)
    start, end = START + set_[0] * DAY, START + sum(set_) * DAY
    days = accumulate(gap for gap, _ in bought)
    told = [(START + day * DAY, total) for day, (_, total) in zip(days, bought, strict=True)]
    for at, total in told:
        if at < start:
            climb.take(at, total=total)
    climb.put(instant_text(start), tier, instant_text(end))
    for at, total in told:
        if start <= at <= end:
            climb.take(at, total=total)
    if climb.level.set_by_hand:
        climb.clock(end)
        now = reached(climb.ladder, value(climb.ladder, climb.state, end, SHANGHAI))
        assert (now, False) == (climb.level.tier, climb.level.set_by_hand)
    else:
        assert "upgraded" == climb.told[-1][1]
        assert climb.ladder.rank(climb.level.tier) > climb.ladder.rank(tier)
