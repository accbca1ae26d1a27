"""Key figures: exact on a fixture counted by hand, equal to plain Python on drawn and real purchases."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from api.service.key_figures import MEANINGS, figures_of
from api.store import counted
from api.store.counted import Purchase
from api.store.database import Database
from api.store.key_figures import Counts, Group, Period, counts
from api.store.members import partition_of
from api.store.schema import COUNTED, LEVEL, SEGMENT, TAG
from engine.language.definitions import Definitions
from engine.schedule import DAY
from engine.values import Instant, parse_instant
from tests.api.conftest import Programme

START: Instant = 1_000 * DAY
PERIOD = Period(START, START + 30 * DAY)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database.open(url) as opened:
        yield opened


def fill(database: Database, joined: dict[str, Instant], purchases: Sequence[Purchase]) -> None:
    rows = [
        {"partition": partition_of(one), "member": one, "joined_at": at, "tracked": ""}
        for one, at in joined.items()
    ]
    with database.write() as connection:
        connection.execute(insert(COUNTED), rows)
        counted.write_purchases(connection, purchases)


def bought(sequence: int, member: str, day: float, minor: int, *, currency: str = "CNY") -> Purchase:
    at = START + round(day * DAY)
    return Purchase(sequence, member, at, f"o{sequence}", currency, minor, refund=minor < 0)


HAND = [
    bought(1, "a", -20, 1000),  # before
    bought(2, "a", 0, 5000),  # the very first instant counts
    bought(3, "a", 10, 3000),
    bought(4, "b", -1, 700),  # bought before, not now: lost
    bought(5, "c", 5, 2000),  # first purchase
    bought(6, "c", 6, -500),  # refunded in part
    bought(7, "d", 29.999, 100, currency="USD"),  # another currency: an order without an amount
    bought(8, "e", 30, 9999),  # the end is not in it
    bought(9, "a", -40, 100),  # before the period before
]
JOINED = {"a": START - 50 * DAY, "b": START - 50 * DAY, "c": START, "d": START + DAY, "e": START + 2 * DAY,
          "f": START + 30 * DAY}  # fmt: skip


def test_counted_by_hand(database: Database) -> None:
    fill(database, JOINED, HAND)
    with database.read() as connection:
        found = counts(connection, PERIOD, "CNY")
    assert Counts(
        members=5, joined=3, activated=2, buyers=3, again=1, orders=4, amount=9500, counted=3,
        first=2, first_amount=2000, buyers_before=2, lost=1, lifetime=11300, top=8000,
    ) == found  # fmt: skip
    values = {key: one["value"] for key, one in figures_of(found, 4, "CNY").items()}
    assert {
        "members": 5, "joined": 3, "activation": "66.7", "buyers": 3, "churn": "50.0", "repurchase": "33.3",
        "orders": 4, "share": "100.0", "amount": "95", "average": "31.67", "first": 2, "first_amount": "20",
        "first_average": "10", "lifetime": "22.6", "top": "84.2",
    } == values  # fmt: skip
    assert list(values) == list(MEANINGS)


def test_of_a_group_and_its_share_of_all(database: Database) -> None:
    fill(database, JOINED, HAND)
    with database.write() as connection:
        held = [{"member": one, "tag": "vip", "holder": "p", "since": 1} for one in ("c", "d")]
        connection.execute(insert(TAG), held)
    with database.read() as connection:
        found = counts(connection, PERIOD, "CNY", Group(tag="vip"))
    share = figures_of(found, 4, "CNY")["share"]["value"]
    assert (2, 2, 2, 1500, "50.0") == (found.members, found.buyers, found.orders, found.amount, share)


def test_of_nobody(database: Database) -> None:
    with database.read() as connection:
        found = counts(connection, PERIOD, "CNY")
    assert Counts(*[0] * 14) == found
    assert all(one["value"] in {None, 0, "0"} for one in figures_of(found, 0, "CNY").values())


def plain(joined: dict[str, Instant], purchases: Sequence[Purchase], period: Period, currency: str) -> Counts:
    """Return the same counts, member by member."""
    members = [one for one, at in joined.items() if at < period.until]
    orders: dict[str, list[Purchase]] = defaultdict(list)
    for one in sorted(purchases, key=lambda one: (one.at, one.sequence)):
        if one.at < period.until:
            orders[one.member].append(one)
    amounts, now, before, firsts = {}, {}, {}, []
    for member, own in orders.items():
        real = [one for one in own if not one.refund]
        now[member] = [one for one in real if one.at >= period.since]
        before[member] = [one for one in real if period.before.since <= one.at < period.since]
        amounts[member] = sum(one.minor for one in own if one.at >= period.since and one.currency == currency)
        firsts += [one for one in real[:1] if one.at >= period.since]
    buyers = [one for one in orders if now[one]]
    best = sorted((amounts[one] for one in buyers), reverse=True)
    new = [one for one in members if joined[one] >= period.since]
    return Counts(
        members=len(members),
        joined=len(new),
        activated=sum(any(not own.refund for own in orders.get(one, [])) for one in new),
        buyers=len(buyers),
        again=sum(len(now[one]) > 1 for one in buyers),
        orders=sum(map(len, now.values())),
        amount=sum(amounts.values()),
        counted=sum(one.currency == currency for own in now.values() for one in own),
        first=len(firsts),
        first_amount=sum(one.minor for one in firsts if one.currency == currency),
        buyers_before=sum(bool(one) for one in before.values()),
        lost=sum(bool(one) and not now[member] for member, one in before.items()),
        lifetime=sum(one.minor for own in orders.values() for one in own if one.currency == currency),
        top=sum(best[: -(-len(best) // 5)]),
    )


def invented(chance: Random) -> tuple[dict[str, Instant], list[Purchase]]:
    """Return when eighty members joined, and what they bought and gave back."""
    joined = {f"m{number}": START + chance.randrange(-60, 40) * DAY for number in range(80)}
    purchases: list[Purchase] = []
    for sequence in range(1, 300):
        member = f"m{chance.randrange(80)}"
        currency = chance.choice(["CNY", "CNY", "USD"])
        own = [one for one in purchases if one.member == member and not one.refund]
        if own and chance.random() < 0.2:
            order = chance.choice(own)
            day = (order.at - START) / DAY + chance.randrange(9)
            purchases.append(bought(sequence, member, day, -chance.randint(1, 50), currency=order.currency))
        else:
            day = chance.choice([0, 30, -30, chance.uniform(-70, 40)])
            purchases.append(bought(sequence, member, day, chance.randint(0, 9999), currency=currency))
    return joined, purchases


@pytest.mark.parametrize("seed", range(6))
def test_drawn_purchases_equal_plain_python(database: Database, seed: int) -> None:
    joined, purchases = invented(Random(seed))  # noqa: S311  invented members
    fill(database, joined, purchases)
    with database.read() as connection:
        assert plain(joined, purchases, PERIOD, "CNY") == counts(connection, PERIOD, "CNY")


@pytest.mark.parametrize("seed", range(3))
def test_each_segment_and_period_equal_plain_python(database: Database, seed: int) -> None:
    """Beside tags and levels, and together with them."""
    chance = Random(seed)  # noqa: S311  invented members
    joined, purchases = invented(chance)
    fill(database, joined, purchases)
    groups = {
        name: set(chance.sample(sorted(joined), size))
        for name, size in (("vip", 40), ("gold", 50), ("regular", 30), ("lapsed", 9))
    }
    with database.write() as connection:
        tagged = [{"member": one, "tag": "vip", "holder": "p", "since": 1} for one in sorted(groups["vip"])]
        connection.execute(insert(TAG), tagged)
        level = {"ladder": "tier", "tier": "gold", "since": 1, "until": None}
        connection.execute(insert(LEVEL), [{"member": one, **level} for one in sorted(groups["gold"])])
        other = [{"member": one, **level, "ladder": "club"} for one in sorted(joined)]
        connection.execute(insert(LEVEL), other)  # a level of the same key, of another ladder
        entered = [
            {"member": one, "segment": segment, "since": 1}
            for segment in ("regular", "lapsed")
            for one in sorted(groups[segment])
        ]
        connection.execute(insert(SEGMENT), entered)
    asked = {
        Group(segment="regular"): groups["regular"],
        Group(segment="lapsed"): groups["lapsed"],
        Group(segment="nobody"): set[str](),
        Group(segment="regular", tag="vip"): groups["regular"] & groups["vip"],
        Group(segment="regular", tag="vip", tier="gold"): groups["regular"] & groups["vip"] & groups["gold"],
    }
    for group, members in asked.items():
        own = {one: at for one, at in joined.items() if one in members}
        theirs = [one for one in purchases if one.member in members]
        for period in (PERIOD, PERIOD.before, Period(START + DAY, START + 8 * DAY)):
            with database.read() as connection:
                assert plain(own, theirs, period, "CNY") == counts(connection, period, "CNY", group), group


def test_real_purchases_equal_plain_python(sqlite_database: str, cdnow_path: Path) -> None:
    """A tenth of the CDNOW customers, quarter by quarter."""
    purchases: list[Purchase] = []
    joined: dict[str, Instant] = {}
    for sequence, line in enumerate(cdnow_path.read_text().splitlines(), 1):
        customer, day, _, amount = line.split()
        if int(customer) % 10:
            continue
        at = parse_instant(f"{day[:4]}-{day[4:6]}-{day[6:]}T12:00:00Z")
        dollars, _, cents = amount.partition(".")
        minor = int(dollars) * 100 + int(cents.ljust(2, "0"))
        joined[customer] = min(at, joined.get(customer, at))
        purchases.append(Purchase(sequence, customer, at, None, "USD", minor, refund=False))
    with Database.open(sqlite_database) as database:
        fill(database, joined, purchases)
        for begin, end in (("1997-01", "1997-04"), ("1997-04", "1997-07"), ("1998-04", "1998-07")):
            period = Period(parse_instant(f"{begin}-01T00:00:00Z"), parse_instant(f"{end}-01T00:00:00Z"))
            with database.read() as connection:
                assert plain(joined, purchases, period, "USD") == counts(connection, period, "USD")


def test_over_http(programme: Programme) -> None:
    client = programme.signed_in("marketer")
    year = {"from": "2020-01-01T00:00:00Z", "until": "2021-01-01T00:00:00Z"}
    answer = client.get("/v1/figures", params=year)
    said = answer.json()
    assert (200, list(MEANINGS), True) == (
        answer.status_code,
        [one["key"] for one in said["items"]],
        said["complete"],
    )
    for wrong in ({"until": "soon"}, {"until": "2019-01-01T00:00:00Z"}, {"segment": "nobody"}):
        assert 422 == client.get("/v1/figures", params=year | wrong).status_code


def test_a_refund_counts_once_its_order_is_there(either: Programme) -> None:
    """Whichever comes first, also over a merge; at most the order's total, each refund once (ruling 16)."""
    client, person = either.backend(), either.signed_in("marketer")

    def track(event: str, member: str = "ann", **told: Any) -> None:
        body = {"userId": member, "event": event, "properties": {"currency": "CNY"} | told}
        assert 200 == client.post("/v1/track", json=body).status_code

    def figures() -> dict[str, Any]:
        either.clock.advance(1)
        said = person.get("/v1/figures").json()
        return {one["key"]: one["value"] for one in said["items"]}

    track("Order Refunded", order_id="o1", total=30)
    track("Order Refunded", order_id="o2", total=5)
    track("Order Refunded", order_id="o3", total=500)
    track("Order Refunded", order_id="o4")
    track("Order Refunded", order_id="o5", total=1, currency="USD")
    found = figures()
    assert (0, 0, "0", "0.0") == tuple(found[one] for one in ("buyers", "orders", "amount", "activation"))

    track("Order Completed", order_id="o1", total=100)
    assert ("70", 1) == tuple(figures()[one] for one in ("amount", "orders"))
    track("Order Completed", order_id="o3", total=40)
    track("Order Completed", order_id="o4", total=60)
    track("Order Completed", order_id="o5", total=10)
    found = figures()
    assert ("80", "80", 4, "100.0") == tuple(
        found[one] for one in ("amount", "lifetime", "orders", "activation")
    )
    for _ in range(2):
        track("Order Refunded", order_id="o1", total=20, refund_id="r1")
    assert "60" == figures()["amount"]

    track("Order Completed", "bob", order_id="o2", total=9)
    track("Order Refunded", "bob", order_id="o6", total=3)
    track("Order Completed", order_id="o6", total=11)
    assert "80" == figures()["amount"]
    assert 200 == client.post("/v1/alias", json={"userId": "ann", "previousId": "bob"}).status_code
    assert "72" == figures()["amount"]  # o2 is 4, and o6 8


def test_of_a_segment_over_http(either: Programme) -> None:
    """Who is in the segment by what was bought counts in it, and nobody else."""
    ordered = {"type": "history", "measure": "count", "event": "Order Completed", "op": "gte", "value": 2}
    regular = {"key": "regular", "name": {"en": "Regulars"}, "meaning": "Buys again", "condition": ordered}
    either.services.definitions.merge(Definitions.model_validate({"segments": [regular]}), by="test")
    client = either.backend()
    for number, member in enumerate(("ann", "ann", "bob", "cid", "cid", "cid")):
        order = {"order_id": f"o{number}", "total": 10 * (number + 1), "currency": "CNY"}
        body = {"userId": member, "event": "Order Completed", "properties": order}
        assert 200 == client.post("/v1/track", json=body).status_code
    either.clock.advance(1)
    person = either.signed_in("marketer")
    said = person.get("/v1/figures", params={"segment": "regular"}).json()
    values = {one["key"]: one["value"] for one in said["items"]}
    assert ("regular", 2, 5, "83.3", "180") == (
        said["segment"],
        values["buyers"],
        values["orders"],
        values["share"],
        values["amount"],
    )
    assert 3 == person.get("/v1/figures", params={"segment": ""}).json()["items"][0]["value"]
