"""One member's decision reaches another: stored at once, decided a moment later, exactly once."""

from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.service.refusal import Refusal
from api.service.replaying import replay_log
from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from api.store import tellings
from api.store.connection import Connection
from api.store.schema import EVENT, TELLING
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from tests.api.conftest import Programme

INVITED: dict[str, Any] = {
    "language": 1,
    "key": "invited",
    "name": {"en": "Invited", "zh-Hans": "受邀"},
    "when": {"type": "event", "event": "Order Completed"},
    "then": [
        {"type": "award_points", "points": 50},
        {"type": "tell_member", "member": "member.referrer_id", "event": "Referral Succeeded"},
    ],
    "limits": {"per_member": {"times": 1}},
}
REWARD: dict[str, Any] = {
    "language": 1,
    "key": "reward",
    "name": {"en": "Reward", "zh-Hans": "奖励"},
    "when": {"type": "event", "event": "Referral Succeeded"},
    "then": [{"type": "award_points", "points": 100}],
    "limits": {"per_member": {"times": 2, "within": {"months": 1}}},
}
DEFINED = {
    "events": [{"name": "Referral Succeeded", "label": {"en": "referral succeeded"}}],
    "attributes": [{"name": "referrer_id", "label": {"en": "referred by"}, "type": "text"}],
}


@pytest.fixture
def shop(either: Programme) -> TestClient:
    """A programme with referrals, on either database, and a backend."""
    either.services.definitions.merge(Definitions.model_validate(DEFINED), by="test")
    either.services.publish.publish_documents([parse_rule(INVITED), parse_rule(REWARD)], by="test")
    return either.backend()


def refer(client: TestClient, friend: str, referrer: str) -> Any:
    """Let somebody join who was referred, and order."""
    client.post("/v1/identify", json={"userId": friend, "traits": {"referrer_id": referrer}})
    told = {"userId": friend, "event": "Order Completed", "messageId": f"o-{friend}", "properties": {}}
    return client.post("/v1/track", json=told)


def points(client: TestClient, member: str) -> int:
    return int(client.get(f"/v1/members/{member}").json()["points"])


def run(programme: Programme) -> None:
    """Let the writer's own work run until nothing waits."""
    clock, book, sources = programme.clock, programme.services.rulebook, programme.sources
    ticking = Ticking(Timers(book, sources, clock), Tellings(book, sources, clock), clock)
    for _ in range(20):
        wake = programme.run(ticking.tick)
        if wake is None or wake > clock.now():
            return


def waiting(programme: Programme) -> int:
    with programme.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(TELLING)).scalar_one())


def test_both_are_rewarded_each_in_their_own_log(either: Programme, shop: TestClient) -> None:
    """Until it is decided it stands in the database; sent again, nothing happens twice."""
    shop.post("/v1/identify", json={"userId": "anna", "traits": {}})
    effects = refer(shop, "ben", "anna").json()["effects"]

    assert ["award_points", "tell_member"] == [one["type"] for one in effects]
    assert (50, 0, 1) == (points(shop, "ben"), points(shop, "anna"), waiting(either))
    run(either)
    assert (50, 100, 0) == (points(shop, "ben"), points(shop, "anna"), waiting(either))
    assert "duplicate" == refer(shop, "ben", "anna").json()["status"]
    run(either)
    assert 100 == points(shop, "anna")
    with either.database.read() as connection:
        said = connection.execute(
            select(EVENT.c.name, EVENT.c.message_id).where(EVENT.c.source == "regulars:member")
        ).all()
        assert [] == replay_log(connection).divergences
    assert [("Referral Succeeded", effects[1]["id"])] == [tuple(one) for one in said]


def test_the_cap_of_who_is_told_holds_and_a_stranger_is_refused(either: Programme, shop: TestClient) -> None:
    shop.post("/v1/identify", json={"userId": "anna", "traits": {}})
    for number in range(4):
        refer(shop, f"friend-{number}", "anna")
    refer(shop, "zoe", "nobody-knows")
    run(either)

    assert 200 == points(shop, "anna")
    assert 0 == points(shop, "zoe")
    with either.database.read() as connection:
        assert [] == replay_log(connection).divergences


def test_what_was_not_committed_is_told_after_a_crash(
    either: Programme, shop: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row goes in the transaction that writes the event: if that is undone, both are as before."""
    shop.post("/v1/identify", json={"userId": "anna", "traits": {}})
    refer(shop, "ben", "anna")
    work = Tellings(either.services.rulebook, either.sources, either.clock)

    def dies(connection: Connection) -> None:
        work.work(connection)
        raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError):
        either.run(dies)
    assert (0, 1) == (points(shop, "anna"), waiting(either))
    run(either)
    assert (100, 0) == (points(shop, "anna"), waiting(either))


def test_one_that_cannot_be_decided_does_not_hold_up_the_others(
    either: Programme, shop: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put off, and tried again five minutes later."""
    for member in ("anna", "cora"):
        shop.post("/v1/identify", json={"userId": member, "traits": {}})
    refer(shop, "ben", "anna")
    refer(shop, "dora", "cora")
    done = tellings.done

    def fails(connection: Connection, ids: list[str]) -> None:
        said = connection.execute(select(TELLING.c.member).where(TELLING.c.id.in_(ids))).scalars().all()
        if "anna" in said:
            raise ValueError("something in anna's log can't be read")
        done(connection, ids)

    monkeypatch.setattr(tellings, "done", fails)
    run(either)
    assert (0, 100, 1) == (points(shop, "anna"), points(shop, "cora"), waiting(either))
    monkeypatch.setattr(tellings, "done", done)
    run(either)
    assert 0 == points(shop, "anna")
    either.clock.advance(300)
    run(either)
    assert (100, 0) == (points(shop, "anna"), waiting(either))


def test_nobody_else_may_speak_in_our_name(programme: Programme) -> None:
    """An event's source says whose it is; sources of ours can't be had."""
    with pytest.raises(Refusal, match="regulars:"):
        programme.services.keys.create("regulars:member", ["events:write"])
