"""What was, at any past instant, and what of it was known at another (ruling 35)."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from engine.language.parse import parse_rule
from engine.values import MICROSECONDS, Instant, instant_text
from tests.api.conftest import RULE, Programme

Json = dict[str, Any]
DAY = 86_400
ORDER = "Order Completed"
EARN: Json = {
    "language": 1,
    "key": "earn",
    "name": {"en": "Earn", "zh-Hans": "积分"},
    "when": {"type": "event", "event": ORDER},
    "late": {"policy": "fire"},
    "then": [{"type": "award_points", "points": 7}],
}
AWAY: Json = {
    "language": 1,
    "key": "away",
    "name": {"en": "Away", "zh-Hans": "沉睡"},
    "when": {"type": "absence", "event": ORDER, "for": {"days": 2}},
    "then": [
        {"type": "add_tag", "tag": "vip", "expires_after": {"days": 1}},
        {"type": "wait", "for": {"days": 3}},
        {"type": "issue_coupon", "coupon": "TEN"},
    ],
    "exit": {"type": "event", "event": ORDER},
}
SPENT: Json = {
    "language": 1,
    "key": "spent",
    "name": {"en": "Spent", "zh-Hans": "消费"},
    "when": {"type": "event", "event": ORDER},
    "if": {
        "type": "history",
        "measure": "sum",
        "event": ORDER,
        "property": "total",
        "op": "gte",
        "value": 500,
    },
    "then": [{"type": "add_tag", "tag": "vip"}],
}


class Time:
    """The clock of a programme, which stops wherever something is due."""

    def __init__(self, programme: Programme) -> None:
        self.clock = programme.clock
        self._programme = programme
        book, sources = programme.services.rulebook, programme.sources
        self._ticking = Ticking(
            Timers(book, sources, self.clock), Tellings(book, sources, self.clock), self.clock
        )

    def passes(self, seconds: int) -> None:
        until = self.clock.instant + seconds * MICROSECONDS
        while (wake := self._programme.run(self._ticking.tick)) is not None and wake <= until:
            self.clock.instant = max(self.clock.instant, wake)
        self.clock.instant = until


def publish(programme: Programme, rule: Json) -> None:
    programme.services.publish.publish_documents([parse_rule(rule)], by="test")


def order(client: TestClient, member: str, total: int, at: Instant | None = None) -> None:
    said = {"userId": member, "event": ORDER, "properties": {"total": total, "currency": "CNY"}}
    stamped = {"timestamp": instant_text(at)} if at is not None else {}
    answer = client.post("/v1/track", json={**said, **stamped})
    assert 200 == answer.status_code, answer.text


def read(client: TestClient, member: str, **when: Instant) -> Any:
    return client.get(f"/v1/members/{member}", params={key: instant_text(at) for key, at in when.items()})


def figure(client: TestClient, **when: Instant) -> tuple[int, dict[str, str], str] | None:
    (found,) = [one for one in read(client, "m1", **when).json()["figures"] if one["event"] == ORDER] or [
        None
    ]
    return None if found is None else (found["count"], found["sums"], found["last_at"])


def one_step(programme: Programme, client: TestClient, person: TestClient, chance: Random) -> None:
    """Let one thing happen to one of the members."""
    member, now = chance.choice(["m1", "m2", "m3"]), programme.clock.instant
    what = chance.randrange(8)
    if what <= 3:
        late = chance.choice([None, None, now - 3_600 * MICROSECONDS, now - DAY * MICROSECONDS])
        order(client, member, chance.choice([50, 100, 300]), late)
    elif what == 4:
        client.post(
            "/v1/identify",
            json={"userId": member, "traits": {"city": str(now % 7), "email": f"a{now % 5}@b.cn"}},
        )
    elif what == 5:
        person.post(f"/v1/members/{member}/tags", json={"id": str(now), "tag": "vip", "why": "nice"})
    elif what == 6:
        client.post(
            "/v1/track", json={"userId": member, "event": "Consent Given", "properties": {"channel": "email"}}
        )
    else:
        publish(programme, {**EARN, "priority": chance.randrange(1, 90)})


def lived(programme: Programme, seed: int, steps: int) -> list[tuple[Instant, str, Json, Json]]:
    """Live at random; return what was told of each member at each instant, and its ledger, as they were."""
    client, person, time = programme.backend(), programme.signed_in("administrator"), Time(programme)
    for rule in (RULE, EARN, AWAY, SPENT):
        publish(programme, rule)
    chance = Random(seed)  # noqa: S311  a life that can be lived again
    seen: list[tuple[Instant, str, Json, Json]] = []
    for step in range(steps):
        one_step(programme, client, person, chance)
        if step in {steps // 2, steps * 3 // 4}:
            client.post(
                "/v1/alias", json={"userId": "m1", "previousId": "m2" if step == steps // 2 else "m3"}
            )
        for member in ("m1", "m2", "m3"):
            told = client.get(f"/v1/members/{member}")
            if told.status_code == 200:
                ledger = client.get(f"/v1/members/{member}/ledger").json()
                seen.append((programme.clock.instant, member, told.json(), ledger))
        time.passes(chance.choice([1, 3_600, 30_000, DAY, 3 * DAY]))
    return seen


@pytest.mark.parametrize(
    ("seed", "steps"), [(1, 14), *(pytest.param(seed, 60, marks=pytest.mark.long) for seed in range(2, 8))]
)
def test_every_instant_of_a_random_life_reads_as_it_was(either: Programme, seed: int, steps: int) -> None:
    """The programme at an instant is one that was fed up to there: it is asked then, and again at the end."""
    seen = lived(either, seed, steps)
    client = either.backend()
    assert {"m1"} < {told["id"] for *_, told, _ in seen}
    for instant, member, told, ledger in seen:
        again = read(client, member, as_of=instant).json()
        assert instant_text(instant) == again.pop("as_of")
        assert again.pop("known_at") is None
        again.pop("revision")
        for one in again["figures"]:
            one.pop("sums")
        again["personal"] = told["personal"]  # of the values in the vault the newest alone is kept
        assert told == again, (instant_text(instant), member)
        then = client.get(f"/v1/members/{member}/ledger", params={"as_of": instant_text(instant)}).json()
        held = {one["unit"]: one for one in then["balances"]}
        for balance in told["balances"]:
            named = ("available", "pending", "held", "debt")
            kept = held.get(balance["unit"], dict.fromkeys(named, 0))
            assert [balance[name] for name in named] == [kept[name] for name in named]
        assert ledger["items"] == then["items"]
        assert ledger["member"] == then["member"]


def test_a_late_order_is_there_once_it_is_known(either: Programme) -> None:
    """It occurred on the 1st and was posted on the 5th."""
    publish(either, EARN)
    publish(either, SPENT)
    client, clock = either.backend(), either.clock
    client.post("/v1/identify", json={"userId": "m1", "traits": {}})
    day = DAY * MICROSECONDS
    first = clock.instant + day
    second, fifth, sixth = first + day, first + 4 * day, first + 5 * day
    clock.instant = fifth
    order(client, "m1", 70, first)
    clock.instant = sixth + day
    order(client, "m1", 5)
    clock.instant += day

    assert figure(client, as_of=second, known_at=second) is None
    assert figure(client, as_of=second, known_at=sixth) == (1, {"total": "70"}, instant_text(first))
    assert figure(client, as_of=first - 1, known_at=sixth) is None
    assert figure(client, as_of=second) is None
    assert figure(client, as_of=sixth) == (1, {"total": "70"}, instant_text(first))
    assert figure(client, as_of=clock.instant, known_at=sixth) == (1, {"total": "70"}, instant_text(first))
    assert figure(client, known_at=clock.instant) == (2, {"total": "75"}, instant_text(sixth + day))
    # What a rule did stays where it was done: the points came on the 5th, whatever is known later.
    points = [
        read(client, "m1", as_of=at, known_at=sixth).json()["points"] for at in (second, fifth - 1, fifth)
    ]
    assert [0, 0, 7] == points
    assert 0 == read(client, "m1", as_of=sixth, known_at=second).json()["points"]


def test_instants_that_nobody_can_answer_for(programme: Programme) -> None:
    client, now = programme.backend(), programme.clock.instant
    order(client, "m1", 5)

    before = read(client, "m1", as_of=now - 1)
    assert (404, "not-found") == (before.status_code, before.json()["code"])
    assert instant_text(now) in before.json()["detail"]
    assert 404 == read(client, "nobody", as_of=now).status_code
    assert 200 == read(client, "m1", as_of=now).status_code
    for wrong in ({"as_of": now + 1}, {"known_at": now + 1}):
        to_come = read(client, "m1", **wrong)
        assert (422, f"/query/{next(iter(wrong))}") == (
            to_come.status_code,
            to_come.json()["errors"][0]["path"],
        )
    assert 422 == client.get("/v1/members/m1?as_of=yesterday").status_code


def test_a_personal_value_that_is_another_now_is_not_told_of_then(programme: Programme) -> None:
    client, clock = programme.backend(), programme.clock
    first = clock.instant
    client.post("/v1/identify", json={"userId": "m1", "traits": {"email": "ann@b.cn"}})
    assert {"email": "a***@b.cn"} == read(client, "m1", as_of=first).json()["personal"]
    clock.advance(1)
    client.post("/v1/identify", json={"userId": "m1", "traits": {"email": "bea@b.cn"}})

    assert {} == read(client, "m1", as_of=first).json()["personal"]
    assert {"email": "b***@b.cn"} == read(client, "m1", as_of=clock.instant).json()["personal"]


def test_who_was_erased_reads_as_it_was_before_and_after(programme: Programme) -> None:
    client, clock = programme.backend(), programme.clock
    client.post("/v1/identify", json={"userId": "m1", "traits": {"email": "ann@b.cn"}})
    person = programme.signed_in("administrator")
    clock.advance(5)
    answer = person.post("/v1/members/m1/erase", json={"id": "e1", "why": "asked for it"})
    assert 200 == answer.status_code, answer.text
    erased = clock.instant
    clock.advance(5)
    order(client, "m1", 5)

    before, after = read(client, "m1", as_of=erased - 1).json(), read(client, "m1", as_of=erased + 1).json()
    assert [None, "asked for it"] == [before["erased"], after["erased"]["why"]]
    assert [{}, {}] == [before["personal"], after["personal"]]
    assert "m1~2" == read(client, "m1", as_of=clock.instant).json()["id"]


def test_rules_and_definitions_in_force(either: Programme) -> None:
    clock, person = either.clock, either.signed_in("auditor")
    start = clock.instant
    moments: list[Instant] = []
    changes: list[Callable[[], None]] = [
        lambda: publish(either, RULE),
        lambda: publish(either, {**RULE, "priority": 7}),
        lambda: either.services.publish.pause("big-order", by="ann"),
        lambda: publish(either, {**EARN, "active": {"from": instant_text(clock.instant + 10**9)}}),
    ]
    for change in changes:
        clock.advance(60)
        change()
        moments.append(clock.instant)

    def told(at: Instant, path: str = "rules") -> Any:
        return person.get(f"/v1/in-force/{path}", params={"as_of": instant_text(at)})

    seen = [
        [
            (one["key"], one["version"], one["priority"], one["status"], one["in_force"])
            for one in then["items"]
        ]
        for then in (told(at).json() for at in [start, *moments])
    ]
    paused = ("big-order", 2, 7, "paused", False)
    assert [
        [],
        [("big-order", 1, 50, "live", True)],
        [("big-order", 2, 7, "live", True)],
        [paused],
        [paused, ("earn", 1, 50, "live", False)],
    ] == seen
    assert 404 == told(moments[0] - 1, "rules/big-order").status_code
    old = told(moments[1] - 1, "rules/big-order").json()
    assert (1, RULE["then"]) == (old["version"], old["document"]["then"])
    assert "vip" in str(told(start, "definitions").json()["catalogue"]["tags"])
    assert [] == told(start - 1, "definitions").json()["catalogue"]["tags"]
    assert 422 == told(clock.instant + 1).status_code
    assert 422 == person.get("/v1/in-force/rules").status_code
