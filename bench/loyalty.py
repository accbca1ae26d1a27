"""What the benches of the loyalty half share: definitions, rules, and members who hold something."""

import time
from collections.abc import Iterator
from typing import Final

import orjson

from bench import workload
from engine.values import Instant, instant_text

SCOPES: Final = ("events:write", "members:read", "members:write", "redeem", "rules:write")
"""What the key of these benches may do: everything that a backend may ask for here."""

TILL: Final = "TILL10"
BULK: Final = "BULK"
POOL: Final = "POOL"
TAG: Final = "everybody"
STAMPS: Final = "stamps"
"""A unit whose lots last a day."""

EARNED: Final = "Game Won"
SPENT: Final = "Gift Chosen"
POINTS: Final = 100
"""Points that an order earns."""


def definitions() -> workload.Json:
    """Return the workload's definitions with what these benches give."""
    named = workload.definitions()
    named["coupons"] += [
        {"key": TILL, "name": {"en": "Ten off"}, "kind": "amount", "value": "10", "currency": "CNY",
         "minimum_spend": "50", "valid_days": 365},
        {"key": BULK, "name": {"en": "A tenth off"}, "kind": "percent", "value": "10", "valid_days": 365},
        {"key": POOL, "name": {"en": "Of partners"}, "kind": "gift", "valid_days": 365, "codes": "pool"},
    ]  # fmt: skip
    named["tags"].append({"key": TAG, "name": {"en": "Everybody"}, "meaning": "Has ordered."})
    named["units"].append({"key": STAMPS, "name": {"en": "stamps"}, "expires_after": {"days": 1}})
    named["events"] += [{"name": name, "label": {"en": name}, "properties": []} for name in (EARNED, SPENT)]
    return named


def rule(key: str, event: str, *then: workload.Json) -> workload.Json:
    """Return a rule that does something on every event of a name."""
    return {
        "language": 1,
        "key": key,
        "name": {"en": key},
        "when": {"type": "event", "event": event},
        "then": list(then),
    }


def orders(members: int, each: int, first: Instant, last: Instant) -> Iterator[bytes]:
    """Yield lines of history: orders of 100.00 by so many members, evenly between two instants."""
    count = members * each
    for number in range(count):
        line = {
            "type": "track",
            "userId": workload.member(number % members),
            "event": "Order Completed",
            "timestamp": instant_text(first + (last - first) * number // count),
            "properties": {"order_id": f"before-{number}", "total": 100, "currency": "CNY"},
        }
        yield orjson.dumps(line) + b"\n"


def now() -> Instant:
    """Return the time."""
    return time.time_ns() // 1000
