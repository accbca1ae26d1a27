"""Two processes merge members crosswise while events for all of them arrive, on PostgreSQL (ruling 17)."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

import psycopg
import pytest

from tests.end_to_end.two_servers import CLIENTS, Json, Shop
from tests.support.commands import run_here
from tests.support.server import serving

TRIOS: Final = 6
ROUNDS: Final = 6
"""How many calls each client makes."""

NAMES: Final = ("a", "b", "c", "new")
"""Ids of one person. Nobody has heard of the last one when the race begins."""

CROSSWISE: Final = (("a", "b"), ("b", "c"), ("a", "c"), ("c", "b"), ("b", "a"), ("c", "a"), ("a", "new"))
ORDER: Final = "Order Completed"
TOLD: Final = "Friend Ordered"
DEFINITIONS: Final[Json] = {
    "events": [
        {"name": TOLD, "label": {"en": "A friend ordered"}},
        {
            "name": ORDER,
            "label": {"en": "Order"},
            "properties": [{"name": "friend", "label": {"en": "Friend"}, "type": "text"}],
        },
    ],
    "coupons": [{"key": "TEN", "name": {"en": "Ten"}, "kind": "amount", "value": "10", "currency": "CNY"}],
    "templates": [{"key": "thanks", "name": {"en": "Thanks"}, "body": {"en": "Thank you"}}],
}
RULE: Final[Json] = {
    "language": 1,
    "key": "order",
    "name": {"en": "Order"},
    "when": {"type": "event", "event": ORDER},
    "then": [
        {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"},
        {"type": "issue_coupon", "coupon": "TEN"},
        {"type": "send_message", "channel": "sms", "template": "thanks"},
        {"type": "tell_member", "member": "event.friend", "event": TOLD},
        {"type": "wait", "for": {"minutes": 1}},
        {"type": "send_message", "channel": "sms", "template": "thanks"},
    ],
    "re_entry": "always",
}
SCOPES: Final = ["events:write", "members:read"]


@pytest.fixture
def shop(postgres_database: str, tmp_path: Path) -> Iterator[Shop]:
    """Two servers, and a member behind every id but the new ones."""
    for name, said in (("definitions.json", DEFINITIONS), ("order.rule.json", RULE)):
        (tmp_path / name).write_text(json.dumps(said))
    run_here(postgres_database, "define", tmp_path / "definitions.json")
    run_here(postgres_database, "publish", tmp_path / "order.rule.json")
    scopes = [f"--scope={name}" for name in SCOPES]
    key = run_here(postgres_database, "create-key", "shop", *scopes).strip()
    with serving(postgres_database) as one, serving(postgres_database) as other:
        yield Shop((one, other), key)


def calls(number: int) -> list[list[Json]]:
    """Return what a client sends, request by request: drawn from its number, the same in every run.

    Every second client has a partner at the other server that sends the very same, as a till does whose
    answer was lost.
    """
    random = Random(f"pair {number // 4}" if number % 4 < 2 else f"{number}")  # noqa: S311
    told: list[list[Json]] = []
    for at in range(ROUNDS):
        request: list[Json] = []
        for place in range(random.choice((1, 1, 2, 5))):
            trio = random.randrange(TRIOS)
            message = {"messageId": f"{random.getrandbits(64):x}-{at}-{place}"}
            if random.random() < 0.3:
                one, other = random.choice(CROSSWISE)
                keep = random.choice(({}, {"keep": "userId"}, {"keep": "previousId"}))
                alias = {"type": "alias", "userId": f"{one}{trio}", "previousId": f"{other}{trio}"}
                request.append(message | alias | keep)
                continue
            another = (trio + random.randrange(1, TRIOS)) % TRIOS
            friend = f"{random.choice(NAMES[:3])}{another}"
            properties = {"total": random.randint(1, 9), "currency": "CNY", "friend": friend}
            who = {"userId": f"{random.choice(NAMES)}{trio}"}
            request.append(message | {"type": "track", "event": ORDER, "properties": properties} | who)
        told.append(request)
    return told


def sent(number: int, post: Callable[[str, Json], Json]) -> list[Json]:
    """Send a client's calls; return each with its answer."""
    done: list[Json] = []
    for request in calls(number):
        items = post("/v1/batch", {"batch": request})["items"]
        done += [call | {"answer": item} for call, item in zip(request, items, strict=True)]
    return done


def joined(number: int, post: Callable[[str, Json], Json]) -> list[Json]:
    ids = [f"{name}{trio}" for name in NAMES[:3] for trio in range(TRIOS)]
    return [post("/v1/identify", {"userId": one, "traits": {"city": "X"}}) for one in ids[number::CLIENTS]]


def test_ruling_17_merged_crosswise_nothing_is_lost(shop: Shop, postgres_database: str) -> None:
    """No deadlock, every event in its person's history once, every point and coupon there, replay agrees."""
    shop.everybody(joined)
    done = shop.everybody(sent)
    shop.everybody(_last_word)

    assert {"accepted", "duplicate"} == {one["answer"]["status"] for one in done}
    first = {one["messageId"]: one for one in done if one["answer"]["status"] == "accepted"}
    assert len(first) == len({one["messageId"] for one in done})
    orders = [one for one in first.values() if one["type"] == "track"]
    _settled(shop, len(orders))
    for trio in range(TRIOS):
        found = [shop.get(f"/v1/members/{name}{trio}") for name in NAMES]
        (one,) = {member["id"]: member for member in found if "id" in member}.values()
        own = [call for call in orders if call["userId"][-1] == str(trio)]
        told = [call for call in orders if call["properties"]["friend"][-1] == str(trio)]
        figures = {figure["event"]: figure["count"] for figure in one["figures"]}
        assert (len(own), len(told)) == (figures[ORDER], figures[TOLD])
        assert sum(call["properties"]["total"] for call in own) == one["points"]
        codes = [effect["code"] for call in own for effect in call["answer"]["effects"] if "code" in effect]
        assert sorted(codes) == sorted(coupon["code"] for coupon in one["coupons"])
    assert TRIOS == len(shop.get("/v1/members")["items"])
    assert 0 == deadlocks(postgres_database)
    replayed = json.loads(run_here(postgres_database, "replay", "--verify", "--json"))
    assert [] == replayed["divergences"]


def _last_word(number: int, post: Callable[[str, Json], Json]) -> list[Json]:
    """Let the last two of every trio be merged, whatever the race left."""
    pairs = [(f"a{trio}", f"{name}{trio}") for trio in range(TRIOS) for name in NAMES[1:]]
    return [post("/v1/alias", {"userId": one, "previousId": two}) for one, two in pairs[number::CLIENTS]]


def _settled(shop: Shop, orders: int) -> None:
    """Wait until everybody who was to be told of something was told."""
    end = time.monotonic() + 60
    while (told := _told(shop)) < orders and time.monotonic() < end:
        time.sleep(0.2)
    assert orders == told


def _told(shop: Shop) -> int:
    found = [shop.get(f"/v1/members/{member['id']}") for member in shop.get("/v1/members")["items"]]
    return sum(one["count"] for member in found for one in member["figures"] if one["event"] == TOLD)


def deadlocks(url: str) -> int:
    """Return how many deadlocks PostgreSQL has counted in a database."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
