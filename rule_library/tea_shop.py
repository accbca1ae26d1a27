"""A year of an invented tea shop, so that every page has something true to show.

The same seed gives the same shop: members join through four channels, order as
often as their kind does, some refund, some lapse and a few come back. Beside that
they play: they check in, read, answer quizzes, join the tea club, buy passes, top
up, exchange points and spin the wheel.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

SEED: Final = 20_261_122
_CHANNELS: Final = ("store", "mini-program", "live-stream", "wechat-moments")
_STORES: Final = ("Xuhui", "Jing'an", "Pudong", "Hongqiao")
_CITIES: Final = ("上海", "杭州", "苏州", "南京")
_SURNAMES: Final = "王李张刘陈杨赵黄周吴"
_GIVEN: Final = ("芳", "娜", "敏", "静", "伟", "强", "磊", "洋", "秀英", "建国", "婷", "雪")
_TEAS: Final = (
    ("Jasmine green", "green tea", 28),
    ("Oolong latte", "milk tea", 32),
    ("Strawberry cheese", "fruit tea", 36),
    ("Longjing tin", "loose leaf", 188),
    ("Pu'er cake", "loose leaf", 268),
    ("Gift box", "gift", 399),
)


_GONE: Final = 0.8
"""How likely a member who lapses never comes back."""

_REFUNDS: Final = 0.04

_DAYS_OF_PLAY: Final = 21
"""How long a member who plays does so, from joining on."""


class _Kind(NamedTuple):
    """A kind of member: how many days lie between two orders, and how likely one is the last."""

    share: int
    days: float
    lapses: float


_KINDS: Final = (_Kind(2, 6, 0.01), _Kind(4, 18, 0.05), _Kind(3, 45, 0.15), _Kind(3, 70, 0.45))


def history(members: int, end: datetime) -> Iterator[bytes]:
    """Yield the shop's year as JSON lines of Segment calls.

    Args:
        members: How many members join.
        end: The instant at which the year ends, in UTC; nothing happens after it.
    """
    random = Random(SEED)  # noqa: S311  an invented shop needs no secrets
    for number in range(1, members + 1):
        joined = end - timedelta(days=random.uniform(1, 365))
        user = f"m{1000 + number}"
        playing = Random(f"{SEED} {user}")  # noqa: S311
        for call in (*_member(random, user, joined, end), *_plays(playing, user, joined, end)):
            yield json.dumps(call, ensure_ascii=False).encode() + b"\n"


def _member(random: Random, user: str, joined: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    channel = random.choice(_CHANNELS)
    kind = random.choices(_KINDS, weights=[one.share for one in _KINDS])[0]
    traits = {
        "name": random.choice(_SURNAMES) + random.choice(_GIVEN),
        "phone": f"138{random.randrange(10**8):08}",
        "email": f"{user}@example.com",
        "gender": random.choice(("f", "m")),
        "city": random.choice(_CITIES),
        "birthday": f"{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        "channel": channel,
    }
    yield {"type": "identify", "userId": user, "traits": traits, **_at(joined)}
    yield _track(user, "Signed Up", joined + timedelta(seconds=30), {"channel": channel})
    moment, order = joined + timedelta(minutes=random.uniform(3, 9000)), 0
    while moment < end:
        order += 1
        yield from _visit(random, user, order, moment, end, channel)
        if random.random() < kind.lapses and random.random() < _GONE:
            return
        pause = random.expovariate(1 / kind.days)
        moment += timedelta(days=pause if random.random() > kind.lapses / 4 else pause + 110)


def _visit(
    random: Random, user: str, order: int, moment: datetime, end: datetime, channel: str
) -> Iterator[dict[str, Any]]:
    name, category, price = random.choice(_TEAS)
    quantity = random.choice((1, 1, 1, 2, 2, 3))
    discount = random.choice((0, 0, 0, 0.1))
    total = round(price * quantity * (1 - discount), 2)
    told = {
        "order_id": f"{user}-{order}",
        "total": total,
        "currency": "CNY",
        "quantity": quantity,
        "category": category,
        "channel": channel if order == 1 else random.choice(_CHANNELS),
        "store": random.choice(_STORES),
    }
    viewed = moment - timedelta(minutes=8)
    yield _track(user, "Product Viewed", viewed, {"product_id": name, "category": category, "price": price})
    yield _track(user, "Order Completed", moment, told)
    refunded = moment + timedelta(days=random.uniform(1, 6))
    if random.random() < _REFUNDS and refunded < end:
        yield _track(user, "Order Refunded", refunded, {**told, "discount": 0})


def _plays(random: Random, user: str, joined: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """Yield what a member does beside ordering, as far as it lies before the end."""
    deeds = [*_daily(random), *_bought(random, user)]
    if random.random() < 1 / 2:
        traits = {"taste": random.choice(_TEAS)[1]}
        yield {
            "type": "identify",
            "userId": user,
            "traits": traits,
            **_at(min(joined + timedelta(hours=2), end)),
        }
    for days, event, properties in deeds:
        moment = joined + timedelta(days=days)
        if moment < end:
            yield _track(user, event, moment, properties)


_Deed = tuple[float, str, dict[str, Any]]
"""Days after joining, the event, and what is told of it."""


def _daily(random: Random) -> Iterator[_Deed]:
    """Yield check-ins, reading and quizzes: some members play for three weeks, most don't."""
    if random.random() > 1 / 4:
        return
    for day in range(_DAYS_OF_PLAY):
        if random.random() < 1 / 20:
            continue
        yield day + 0.1, "Checked In", {"channel": "mini-program"}
        if day % 3 == 0:
            yield day + 0.11, "Article Read", {"article_id": f"a{day}", "minutes": random.randint(0, 6)}
        if day % 4 == 0:
            yield day + 0.12, "Quiz Answered", {"quiz_id": f"q{day}", "correct": random.random() < 2 / 3}
    yield _DAYS_OF_PLAY, "Live Subscribed", {"room": "spring-tea"}


def _bought(random: Random, user: str) -> Iterator[_Deed]:
    """Yield what a few members each buy besides tea, and how they use their points."""
    paid = {"currency": "CNY", "store": random.choice(_STORES)}
    if random.random() < 1 / 6:
        fee = {"order_id": f"{user}-club", "total": 199, "category": "membership", "channel": "store", **paid}
        yield 5, "Order Completed", fee
    if random.random() < 1 / 8:
        yield 9, "Card Purchased", {"order_id": f"{user}-pass", "total": 200, "card": "tea-pass", **paid}
    if random.random() < 1 / 8:
        told = {"order_id": f"{user}-balance", "total": random.choice((100, 300, 500, 1000)), **paid}
        yield 12, "Balance Topped Up", told
    if random.random() < 1 / 5:
        told = {"order_id": f"tmall-{user}", "total": random.randint(30, 300), "currency": "CNY"}
        yield 14, "Order Claimed", {**told, "channel": "marketplace"}
    if random.random() < 1 / 3:
        yield 40, "Exchange Requested", {"reward": "tea5"}
    for spin in range(random.choice((0, 0, 1, 3))):
        yield 50 + spin / 100, "Wheel Spun", {"wheel": "lucky-wheel"}
    if random.random() < 1 / 10:
        yield 60, "Service Requested", {"topic": "delivery"}


def _track(user: str, event: str, moment: datetime, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": event, "properties": properties, **_at(moment)}


def _at(moment: datetime) -> dict[str, str]:
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return {"timestamp": whole.isoformat().replace("+00:00", "Z")}
