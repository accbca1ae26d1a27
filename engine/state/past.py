"""A member's history: series of past events, and the orders among its figures."""

from bisect import bisect_right, insort

import msgspec

from engine.values import Instant, Number


class Past(msgspec.Struct, array_like=True):
    """Past events of one series.

    Attributes:
        count: How many.
        first: `occurred_at` of the earliest.
        last: `occurred_at` of the latest.
        revision: Rule-set revision under which the latest was taken in.
        total: Sum of the kept property.
        at: Each `occurred_at` that may lie in a window yet, sorted; empty when no figure has one.
        values: The kept property of each, in the order of `at`.
    """

    count: int
    first: Instant
    last: Instant
    revision: int
    total: Number = 0
    at: list[Instant] = []
    values: list[Number] = []


class EarlyRefund(msgspec.Struct, frozen=True, array_like=True):
    """A refund that was told before its order.

    Attributes:
        id: The sender's id of it, or empty.
        at: When it happened.
        amount: How much was refunded; None for the whole order.
    """

    id: str
    at: Instant
    amount: Number | None


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """An order among the figures that are net of refunds.

    Attributes:
        series: Keys of the series that it stands in.
        refunded_at: When the last refund was that was told of it.
        early: Refunds that were told before it, until it comes.
    """

    series: tuple[str, ...] = ()
    refunded_at: Instant = 0
    early: tuple[EarlyRefund, ...] = ()


def remembered(
    past: Past | None,
    occurred_at: Instant,
    revision: int,
    value: Number | None,
    *,
    keep_after: Instant | None,
) -> Past:
    """Return a series with one more event in it.

    Args:
        past: The series so far, or None.
        occurred_at: When the event happened; late ones find their place.
        revision: Rule-set revision under which it is taken in.
        value: The kept property, or None if the series keeps none.
        keep_after: Single instants after it are kept, for figures with a window;
            older ones can't lie in one any more. None keeps none.
    """
    kept = value if value is not None else 0
    if past is None:
        past = Past(0, occurred_at, occurred_at, revision)
    at, values = past.at, past.values
    if keep_after is not None:
        gone = bisect_right(at, keep_after)
        if occurred_at > keep_after:
            place = bisect_right(at, occurred_at)
            at = [*at[gone:place], occurred_at, *at[place:]]
            values = [*values[gone:place], kept, *values[place:]] if value is not None else values
        elif gone:
            at, values = at[gone:], values[gone:]
    newest = occurred_at >= past.last
    return Past(
        past.count + 1,
        min(past.first, occurred_at),
        max(past.last, occurred_at),
        revision if newest else past.revision,
        past.total + kept,
        at,
        values,
    )


def with_firing(fired: list[Instant], instant: Instant, keep_after: Instant | None) -> list[Instant]:
    """Return the firings with one more, without those at or before `keep_after`."""
    kept = [one for one in fired if keep_after is None or one > keep_after]
    insort(kept, instant)
    return kept
