"""In which proportion a refunded order's awards and uses are undone (ruling 16)."""

from engine.ledger.books import Order


def share(order: Order, whole: int) -> int:
    """Return which part of a whole number the refunds so far come to, rounded down."""
    if order.total is None or not (order.refunded or order.whole):
        return 0
    if order.whole:
        return whole
    above, below = order.refunded.as_integer_ratio()
    total, parts = order.total.as_integer_ratio()
    return whole * above * parts // (below * total)


def dues_of(order: Order, parts: list[tuple[int, int]]) -> list[int]:
    """Return how much is due of each part, given what it comes to and what is done of it."""
    rest = max(0, share(order, sum(whole for whole, _ in parts)) - sum(done for _, done in parts))
    dues: list[int] = []
    for whole, done in parts:
        dues.append(min(rest, max(0, share(order, whole) - done)))
        rest -= dues[-1]
    for place, (whole, done) in enumerate(parts):
        more = min(rest, whole - done - dues[place])
        dues[place] += more
        rest -= more
    return dues


def given(order: Order, unit: str) -> list[tuple[int, int]]:
    """Return how much each award gave of a unit, and how much of it is taken."""
    return [(one.given, one.taken) if one.unit == unit else (0, 0) for one in order.awards]


def spent(order: Order, unit: str) -> list[tuple[int, int]]:
    """Return how much of each lot was spent, and how much of it is given back."""
    return [(one.lot.left, one.restored) if one.unit == unit else (0, 0) for one in order.used]
