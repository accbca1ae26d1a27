"""Levels by example: what is reached over each kind of period, moving up, and what a review comes to."""

from decimal import Decimal
from typing import Any

import pytest

from engine.ledger.books import Account, Books
from engine.programme.tiers import Next, reached, review, to_next, value
from engine.state import Level, MemberState, changed
from engine.values import parse_instant
from tests.engine.programme.climbing import NEW_YORK, SHANGHAI, Climb, compiled, tiers
from tests.support.life import ORDER

YEAR, HALF = {"period": "calendar_year"}, {"period": "half_year"}
EVER, MONTH = {"period": "ever"}, {"within": {"months": 1}}


@pytest.mark.parametrize(
    ("said", "zone", "happened", "as_of", "expected"),
    [
        pytest.param({}, SHANGHAI, "2025-03-01T12:00:00Z", "2026-03-01T12:00:00Z", 0, id="365 days ago"),
        pytest.param({}, SHANGHAI, "2025-03-01T12:00:01Z", "2026-03-01T12:00:00Z", 10, id="a second less"),
        pytest.param({}, SHANGHAI, "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", 10, id="this instant"),
        # A month back from 31 March is 28 February; in New York the hour changes between them.
        pytest.param(
            MONTH, NEW_YORK, "2026-02-28T10:00:00-05:00", "2026-03-31T10:00:00-04:00", 0, id="month"
        ),
        pytest.param(
            MONTH, NEW_YORK, "2026-02-28T10:00:01-05:00", "2026-03-31T10:00:00-04:00", 10, id="month less"
        ),
        pytest.param(
            YEAR, SHANGHAI, "2025-12-31T23:59:59+08:00", "2026-01-01T00:00:00+08:00", 0, id="old year"
        ),
        pytest.param(
            YEAR, SHANGHAI, "2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00", 10, id="new year"
        ),
        pytest.param(
            YEAR, NEW_YORK, "2026-01-01T00:00:00+08:00", "2026-01-01T01:00:00-05:00", 0, id="new elsewhere"
        ),
        pytest.param(
            YEAR, NEW_YORK, "2024-01-01T00:00:00-05:00", "2024-12-31T23:59:59-05:00", 10, id="leap year"
        ),
        pytest.param(
            HALF, NEW_YORK, "2026-06-30T23:59:59-04:00", "2026-07-01T00:00:00-04:00", 0, id="first half"
        ),
        pytest.param(
            HALF, NEW_YORK, "2026-07-01T00:00:00-04:00", "2026-12-31T23:59:59-05:00", 10, id="second half"
        ),
        pytest.param(
            HALF, SHANGHAI, "2026-06-30T23:59:59+08:00", "2026-06-30T23:59:59+08:00", 10, id="half in China"
        ),
        pytest.param(EVER, SHANGHAI, "1997-01-01T00:00:00Z", "2026-03-01T12:00:00Z", 10, id="ever"),
    ],
)  # fmt: skip
def test_a_period_counts_what_lies_in_it(
    said: dict[str, Any], zone: str, happened: str, as_of: str, expected: int
) -> None:
    climb = Climb(zone, **said).spend(happened, 10)

    assert expected == value(climb.ladder, climb.state, parse_instant(as_of), zone)


@pytest.mark.parametrize(
    ("said", "zone", "when", "until"),
    [
        # Days are exact: over the change to summer time the wall clock moves on by an hour.
        ({"within": {"days": 30}}, NEW_YORK, "2026-03-01T12:00:00-05:00", "2026-03-31T13:00:00-04:00"),
        ({"hold": {"months": 6}}, NEW_YORK, "2026-01-31T02:30:00-05:00", "2026-07-31T02:30:00-04:00"),
        ({"hold": {"years": 1}}, SHANGHAI, "2024-02-29T09:00:00+08:00", "2025-02-28T09:00:00+08:00"),
        (YEAR, SHANGHAI, "2026-12-31T23:59:59+08:00", "2028-01-01T00:00:00+08:00"),
        (YEAR, SHANGHAI, "2027-01-01T00:00:00+08:00", "2029-01-01T00:00:00+08:00"),
        (YEAR, NEW_YORK, "2027-01-01T00:00:00+08:00", "2028-01-01T00:00:00-05:00"),
        (YEAR | {"hold": {"days": 10}}, SHANGHAI, "2026-05-01T00:00:00Z", "2026-05-11T00:00:00Z"),
        (HALF, NEW_YORK, "2026-06-30T23:59:59-04:00", "2027-01-01T00:00:00-05:00"),
        (HALF, NEW_YORK, "2026-07-01T00:00:00-04:00", "2027-07-01T00:00:00-04:00"),
        (HALF, SHANGHAI, "2026-12-31T23:59:59+08:00", "2027-07-01T00:00:00+08:00"),
        (EVER, SHANGHAI, "2026-05-01T00:00:00Z", None),
        (EVER | {"hold": {"days": 10}}, SHANGHAI, "2026-05-01T00:00:00Z", "2026-05-11T00:00:00Z"),
    ],
)
def test_a_level_is_held_until(said: dict[str, Any], zone: str, when: str, until: str | None) -> None:
    climb = Climb(zone, **said).spend(when, 100)

    assert ("silver", "upgraded") == (climb.level.tier, climb.changes[0].change.how)
    assert (parse_instant(until) if until is not None else None) == climb.level.until


@pytest.mark.parametrize(
    ("spent", "tier"),
    [(-5, None), ("99.99", None), (100, "silver"), ("299.99", "silver"), (300, "gold"), (10**9, "black")],
)
def test_a_level_is_reached_at_its_threshold(spent: int | str, tier: str | None) -> None:
    assert tier == reached(compiled(), Decimal(spent))


def test_going_up_is_at_once_and_may_skip_a_level() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", "99.99").spend("2026-01-02T00:00:00Z", "900.01")

    assert [("2026-01-02T00:00:00Z", "upgraded", "black")] == climb.told


def test_the_same_level_again_changes_nothing_before_its_review() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", 100).spend("2026-06-01T00:00:00Z", 150)

    assert parse_instant("2027-01-01T00:00:00Z") == climb.level.until
    climb.until("2027-01-01T00:00:00Z")
    assert ("2027-01-01T00:00:00Z", "retained", "silver") == climb.told[-1]
    assert parse_instant("2028-01-01T00:00:00Z") == climb.level.until
    assert parse_instant("2026-01-01T00:00:00Z") == climb.level.since


def test_an_event_at_the_instant_of_the_review_counts_in_it() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", 100).spend("2027-01-01T00:00:00Z", 100)

    assert ["upgraded", "retained"] == [how for _, how, _ in climb.until("2027-01-01T00:00:00Z").told]


@pytest.mark.parametrize(
    ("downgrade", "spent", "expected"),
    [
        ("requalify", 0, ("downgraded", None)),
        ("requalify", 100, ("downgraded", "silver")),
        ("requalify", 1000, ("retained", "black")),
        ("one_level", 0, ("downgraded", "gold")),
        ("one_level", 300, ("downgraded", "gold")),
        ("one_level", 1000, ("retained", "black")),
        ("never", 0, ("retained", "black")),
    ],
)
def test_a_review_of_the_highest_level(downgrade: str, spent: int, expected: tuple[str, str | None]) -> None:
    climb = Climb(downgrade=downgrade).spend("2026-01-01T00:00:00Z", 1000)
    climb.spend("2026-12-01T00:00:00Z", spent).until("2027-01-01T00:00:00Z")

    assert expected == climb.told[-1][1:]
    assert (expected[1] is None) == (climb.level.until is None)


def test_one_level_at_a_time_leads_down_to_none() -> None:
    climb = Climb(downgrade="one_level").spend("2026-01-01T00:00:00Z", 300).until("2030-01-01T00:00:00Z")

    assert [
        ("2026-01-01T00:00:00Z", "upgraded", "gold"),
        ("2027-01-01T00:00:00Z", "downgraded", "silver"),
        ("2028-01-01T00:00:00Z", "downgraded", None),
    ] == climb.told


def test_a_calendar_year_is_reviewed_as_a_whole_once_it_is_over() -> None:
    """Gold of 2026 is held through 2027; what 2027 came to then holds through 2028."""
    climb = Climb(NEW_YORK, **YEAR).spend("2026-05-01T00:00:00Z", 300)
    climb.spend("2027-01-01T00:00:00-05:00", 60).spend("2027-12-31T23:59:59-05:00", 40)
    climb.spend("2028-01-01T00:00:00-05:00", 200).until("2028-12-31T00:00:00Z")

    assert ("2028-01-01T05:00:00Z", "downgraded", "silver") == climb.told[-1]
    assert parse_instant("2028-01-01T05:00:00Z") == climb.level.since
    assert parse_instant("2029-01-01T00:00:00-05:00") == climb.level.until


@pytest.mark.parametrize(("first", "then"), [(NEW_YORK, SHANGHAI), (SHANGHAI, NEW_YORK)])
def test_who_moves_across_the_world_keeps_the_year(first: str, then: str) -> None:
    """The year's end was told in one zone and is reviewed in another: still that year is looked at."""
    climb = Climb(first, **YEAR).spend("2026-05-01T00:00:00Z", 100).spend("2027-05-01T00:00:00Z", 100)
    climb.zone = then

    assert ("retained", "silver") == climb.until("2028-01-02T00:00:00Z").told[-1][1:]
    assert parse_instant(f"2029-01-01T00:00:00{'+08:00' if then == SHANGHAI else '-05:00'}") == (
        climb.level.until
    )


@pytest.mark.parametrize(
    ("in_january", "expected"),
    [(19, ("downgraded", None)), (20, ("retained", "silver"))],
)
def test_what_happens_in_the_grace_adds_to_the_period(
    in_january: int, expected: tuple[str, str | None]
) -> None:
    climb = Climb(**YEAR, grace={"days": 31}).spend("2026-05-01T00:00:00+08:00", 100)
    climb.spend("2027-05-01T00:00:00+08:00", 80).until("2028-01-01T00:00:00+08:00")
    assert (("grace", "silver"), True) == (climb.told[-1][1:], climb.level.in_grace)

    climb.spend("2028-01-20T00:00:00+08:00", in_january).until("2028-02-01T00:00:00+08:00")
    assert expected == climb.told[-1][1:]
    assert not climb.level.in_grace
    assert "2028-01-31T16:00:00Z" == climb.told[-1][0]
    ends = parse_instant("2029-01-01T00:00:00+08:00")
    assert (ends if expected[1] is not None else None) == climb.level.until


def test_a_grace_longer_than_the_next_period_leads_into_the_one_after() -> None:
    climb = Climb(**YEAR, grace={"months": 18}).spend("2026-05-01T00:00:00+08:00", 100)
    climb.spend("2028-03-01T00:00:00+08:00", 100).until("2029-07-01T00:00:00+08:00")

    assert ("2029-06-30T16:00:00Z", "retained", "silver") == climb.told[-1]
    assert parse_instant("2030-01-01T00:00:00+08:00") == climb.level.until


def test_a_grace_is_given_once_and_anew_after_the_level_was_reached_again() -> None:
    climb = Climb(grace={"days": 10}, hold={"days": 20}, within={"days": 20})
    climb.spend("2026-01-01T00:00:00Z", 100).spend("2026-01-25T00:00:00Z", 100).until("2026-06-01T00:00:00Z")

    assert [
        ("2026-01-01T00:00:00Z", "upgraded", "silver"),
        ("2026-01-21T00:00:00Z", "grace", "silver"),
        ("2026-01-31T00:00:00Z", "retained", "silver"),
        ("2026-02-20T00:00:00Z", "grace", "silver"),
        ("2026-03-02T00:00:00Z", "downgraded", None),
    ] == climb.told


def test_a_grace_ends_with_a_move_up() -> None:
    climb = Climb(grace={"days": 10}).spend("2026-01-01T00:00:00Z", 100).until("2027-01-01T00:00:00Z")
    climb.spend("2027-01-05T00:00:00Z", 300)

    assert ("gold", False) == (climb.level.tier, climb.level.in_grace)


def test_refunds_lower_what_was_reached_at_their_own_time() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", 120)
    climb.track("2026-02-01T00:00:00Z", "Order Refunded", total="20.5", currency="CNY")

    def at(when: str) -> object:
        return value(climb.ladder, climb.state, parse_instant(when), SHANGHAI)

    assert (120, Decimal("99.5")) == (at("2026-01-31T00:00:00Z"), at("2026-02-01T00:00:00Z"))
    # The order has left the window, the refund hasn't.
    assert Decimal("-20.5") == at("2027-01-15T00:00:00Z")
    assert "silver" == climb.level.tier
    assert ("downgraded", None) == climb.until("2027-01-01T00:00:00Z").told[-1][1:]


def test_a_sum_in_a_currency_leaves_others_out() -> None:
    climb = Climb(currency="CNY").spend("2026-01-01T00:00:00Z", 60)
    climb.track("2026-01-02T00:00:00Z", total=500, currency="USD").track("2026-01-03T00:00:00Z", total=500)
    climb.track("2026-01-04T00:00:00Z", "Order Refunded", total=50, currency="USD")

    assert 60 == value(climb.ladder, climb.state, parse_instant("2026-01-05T00:00:00Z"), SHANGHAI)


@pytest.mark.parametrize("period", [{"within": {"days": 365}}, YEAR, EVER])
def test_a_ladder_by_number_of_events(period: dict[str, Any]) -> None:
    climb = Climb(measure="count", event="Checked In", tiers=tiers(one="1", two="2"), **period)
    climb.track("2026-05-01T00:00:00Z", "Checked In").track("2026-05-02T00:00:00Z", ORDER, total=9)
    assert "one" == climb.level.tier
    assert "two" == climb.track("2026-05-03T00:00:00Z", "Checked In").level.tier


def test_a_ladder_by_a_unit_over_a_period_counts_what_was_earned_less_what_was_taken_back() -> None:
    climb = Climb(measure="unit", unit="growth")
    climb.track("2026-05-01T00:00:00Z", "Points Earned", points=90, unit="growth")
    climb.track("2026-05-02T00:00:00Z", "Points Earned", points=500, unit="points")
    climb.track("2026-05-03T00:00:00Z", "Points Reversed", points=30, unit="growth")
    climb.track("2026-05-04T00:00:00Z", "Points Reversed", points=30, unit="points")

    assert 60 == value(climb.ladder, climb.state, parse_instant("2026-05-04T00:00:00Z"), SHANGHAI)
    assert (
        "silver" == climb.track("2026-05-05T00:00:00Z", "Points Earned", points=40, unit="growth").level.tier
    )


def test_a_ladder_by_a_unit_over_all_time_reads_the_books() -> None:
    ladder = compiled(measure="unit", unit="growth", period="ever")
    state = MemberState(member="m1", books=Books({"growth": Account(earned=250)}))

    assert () == ladder.figures
    assert 250 == value(ladder, state, 0, SHANGHAI)
    assert Next("silver", Decimal(100)) == to_next(ladder, MemberState(member="m2"), 0, SHANGHAI)


def test_what_is_missing_to_the_next_level() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", "120.5")

    def missing(when: str) -> Next | None:
        return to_next(climb.ladder, climb.state, parse_instant(when), SHANGHAI)

    assert Next("gold", Decimal("179.5")) == missing("2026-01-01T00:00:00Z")
    # Silver is held still, though nothing of the window is left: what counts is the way to gold.
    assert Next("gold", Decimal(300)) == missing("2027-01-01T00:00:00Z")
    climb.spend("2026-02-01T00:00:00Z", 1000)
    assert missing("2026-02-01T00:00:00Z") is None


def test_a_level_that_everybody_has_is_never_reviewed() -> None:
    climb = Climb(tiers=tiers(basic="0", silver="100", gold="300"))
    climb.spend("2026-01-01T00:00:00Z", 1)
    assert ("basic", None) == (climb.level.tier, climb.level.until)

    climb.spend("2026-01-02T00:00:00Z", 100).until("2030-01-01T00:00:00Z")
    assert [("upgraded", "basic"), ("upgraded", "silver"), ("downgraded", "basic")] == [
        one[1:] for one in climb.told
    ]


def test_a_ladder_is_for_members_of_its_kind() -> None:
    staff = Climb(of_kind="staff").named(kind="staff").spend("2026-01-01T00:00:00Z", 100)
    assert "silver" == staff.level.tier
    assert Climb(of_kind="staff").spend("2026-01-01T00:00:00Z", 100).level.tier is None
    assert Climb().named(kind="staff").spend("2026-01-01T00:00:00Z", 100).level.tier is None

    staff.named(kind="retired").spend("2026-02-01T00:00:00Z", 1000)
    assert to_next(staff.ladder, staff.state, parse_instant("2026-02-01T00:00:00Z"), SHANGHAI) is None
    assert ("retained", "silver") == staff.until("2027-03-01T00:00:00Z").told[-1][1:]


def test_a_level_that_is_no_longer_defined_is_lost_at_its_review() -> None:
    climb = Climb().spend("2026-01-01T00:00:00Z", 100)
    state = changed(climb.state, levels={"tier": Level("bronze", 0, 1)})

    change = review(climb.ladder, state, parse_instant("2027-06-01T00:00:00Z"), SHANGHAI)
    assert ("bronze", None, "downgraded", None) == (change.before, change.tier, change.how, change.until)
