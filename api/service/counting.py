"""Brings what is counted of members and orders up to the log, a slice at a time (ruling 24)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from api.service.running import Run
from api.store import controls, counted, log, members
from api.store.connection import Connection
from api.store.counted import Purchase
from api.store.log import LoggedEntry
from engine.events import ORDER_CANCELLED, ORDER_COMPLETED, ORDER_REFUNDED, Event
from engine.facts import property_of, typed
from engine.programme.money import known, minor
from engine.programme.reasons import Refusal as Refused

_SLICE: Final = 500


class Counting:
    """Follows the log for those who count."""

    def __init__(self, run: Run) -> None:
        """Make the use case.

        Args:
            run: Runs work in a write transaction and returns its result.
        """
        self._run = run

    def catch_up(self, *, most: int | None = None) -> bool:
        """Take in everything that was committed before the call.

        Args:
            most: How many slices at most; None for all there are.

        Returns:
            Whether everything is taken in.
        """
        end = self._run(settled_end)
        reached, done = 0, 0
        while (most is None or done < most) and reached < end:
            reached = self._run(lambda connection: _slice(connection, end))
            done += 1
        return reached >= end


def settled_end(connection: Connection) -> int:
    """Return the newest entry below which none is still on its way.

    Batches that are under way hold the head of the rule set shared, and number
    their entries before they commit; so whoever holds it alone sees them all.
    """
    controls.head(connection, exclusive=True)
    return log.last_sequence(connection)


def _slice(connection: Connection, end: int) -> int:
    after = counted.taken_in(connection, locked=True)
    entries = counted.entries_between(connection, after, end, _SLICE)
    reached = entries[-1].sequence if len(entries) == _SLICE else max(after, end)
    keys = dict.fromkeys(one.event.member for one in entries)
    keys |= dict.fromkeys(one.event.properties["absorbed"] for one in entries if one.event.kind == "merge")
    counted.write_members(connection, [one.state for one in members.load(connection, keys).values()])
    _keep_purchases(connection, entries)
    counted.advance(connection, reached)
    return reached


def _keep_purchases(connection: Connection, entries: Iterable[LoggedEntry]) -> None:
    new: list[Purchase] = []
    for one in entries:
        event = one.event
        if event.kind == "merge":
            counted.write_purchases(connection, new)
            counted.move_purchases(connection, event.properties["absorbed"], event.member)
            new = []
        if event.kind != "track":
            continue
        if event.name == ORDER_COMPLETED:
            new += _ordered(event, one.sequence)
        elif event.name in {ORDER_REFUNDED, ORDER_CANCELLED}:
            counted.write_purchases(connection, new)
            counted.write_purchases(connection, _refunded(connection, event, one.sequence))
            new = []
    counted.write_purchases(connection, new)


def _ordered(event: Event, sequence: int) -> list[Purchase]:
    """Return an order, if it says what it came to; one in a currency that isn't known has no amount."""
    order_id = event.properties.get("order_id")
    amount = amount_of(event, "total")
    currency = currency_of(event)
    counted_as = 0 if amount is None else amount
    named = order_id if isinstance(order_id, str) else None
    return [Purchase(sequence, event.member, event.occurred_at, named, currency, counted_as, refund=False)]


def _refunded(connection: Connection, event: Event, sequence: int) -> list[Purchase]:
    """Return what is refunded of an order that is known, at most what isn't refunded yet."""
    order_id = event.properties.get("order_id")
    found = counted.unrefunded(connection, event.member, order_id) if isinstance(order_id, str) else None
    if found is None or found[1] <= 0 or not isinstance(order_id, str):
        return []
    currency, left = found
    told = amount_of(event, "total") if event.name == ORDER_REFUNDED else None
    if currency_of(event) not in {"", currency} or (told is not None and told <= 0):
        return []
    taken = left if told is None else min(told, left)
    return [Purchase(sequence, event.member, event.occurred_at, order_id, currency, -taken, refund=True)]


def currency_of(event: Event) -> str:
    """Return the currency that an event names, or nothing."""
    currency = event.properties.get("currency")
    return currency if isinstance(currency, str) and known(currency) else ""


def amount_of(event: Event, name: str) -> int | None:
    """Return an amount that an event tells, in minor units of its currency; None if it tells none.

    Without a currency it is read in hundredths.
    """
    value = typed(property_of(event.properties, name), "number")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    try:
        return minor(value, currency_of(event) or "XXX")
    except Refused:
        return None
