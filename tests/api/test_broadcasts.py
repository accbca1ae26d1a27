"""Broadcasts: to everybody of an audience exactly once, weighed like any other message."""

from typing import Any

import pytest
from sqlalchemy import select

from api.service import broadcasts as service
from api.service.replaying import replay_log
from api.service.timers import Timers
from api.store import broadcasts as stored
from api.store.schema import EVENT, OUTBOX
from engine.language.definitions import Definitions
from engine.values import instant_text
from tests.api.conftest import Programme

HANGZHOU = {"type": "compare", "fact": "member.city", "op": "eq", "value": "Hangzhou"}
SPRING: dict[str, Any] = {
    "key": "spring",
    "name": {"en": "Spring"},
    "template": "thanks",
    "channel": "sms",
    "audience": HANGZHOU,
}
ONE_A_WEEK = {"key": "calm", "name": {"en": "Calm"}, "caps": [{"times": 1, "within": {"days": 7}}]}
NIGHT = {"key": "night", "name": {"en": "Night"}, "quiet_hours": {"from": "00:00", "until": "23:00"}}


@pytest.fixture
def shop(either: Programme, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """Seven members on either database, five of them in Hangzhou; two are looked at in one go."""
    monkeypatch.setattr(service, "CHUNK", 2)
    client = either.backend()
    for at in range(7):
        traits = {"city": "Hangzhou" if at < 5 else "Beijing", "language": "en"}
        assert 200 == client.post("/v1/identify", json={"userId": f"m{at}", "traits": traits}).status_code
    return either


def plan(programme: Programme, etag: str | None = None, **more: Any) -> dict[str, Any]:
    headers = {} if etag is None else {"If-Match": etag}
    answer = programme.backend().post("/v1/broadcasts", json=SPRING | more, headers=headers)
    assert 200 == answer.status_code, answer.text
    said: dict[str, Any] = answer.json()
    return said


def pump(programme: Programme) -> None:
    while programme.services.broadcasts.work():
        pass


def read(programme: Programme, key: str = "spring") -> dict[str, Any]:
    said: dict[str, Any] = programme.backend().get(f"/v1/broadcasts/{key}").json()
    return said


def posted(programme: Programme) -> list[str]:
    with programme.database.read() as connection:
        found = connection.execute(select(EVENT.c.member).where(EVENT.c.name == "Broadcast Due"))
        return sorted(found.scalars())


def messages(programme: Programme) -> list[str]:
    with programme.database.read() as connection:
        return sorted(connection.execute(select(OUTBOX.c.member)).scalars())


def replays(programme: Programme) -> bool:
    with programme.database.read() as connection:
        return [] == replay_log(connection).divergences


FIVE = ["m0", "m1", "m2", "m3", "m4"]


def test_everybody_of_the_audience_gets_it_once(shop: Programme) -> None:
    planned = plan(shop)
    assert ("scheduled", "marketing", HANGZHOU) == (
        planned["state"],
        planned["purpose"],
        planned["audience"],
    )
    pump(shop)

    assert FIVE == posted(shop) == messages(shop)
    said = read(shop)
    assert "done" == said["state"]
    assert {"members": 5, "reached": 5, "delivered": 0, "waiting": 0, "failed": 0, "suppressed": {}} == said[
        "progress"
    ]
    assert said | {"progress": None} == plan(shop) | {"progress": None}
    pump(shop)
    assert FIVE == messages(shop)
    assert replays(shop)


def test_without_an_audience_everybody_gets_it(shop: Programme) -> None:
    plan(shop, audience=None)
    pump(shop)

    assert 7 == read(shop)["progress"]["reached"]


def test_a_crash_in_the_middle_changes_nothing(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """The events of a chunk are durable, and the place isn't: posted again, they are the same events."""
    kept, crashes = stored.advance, iter([False, True, False, True])

    def dies(*given: Any) -> None:
        if next(crashes, False):
            raise OSError("killed")
        kept(*given)

    monkeypatch.setattr(stored, "advance", dies)
    plan(shop)
    died = 0
    while read(shop)["state"] != "done":
        try:
            shop.services.broadcasts.work()
        except OSError:
            died += 1

    assert 1 <= died
    assert FIVE == posted(shop) == messages(shop)
    assert 5 == read(shop)["progress"]["reached"]
    assert replays(shop)


def test_caps_and_consent_hold_for_it(shop: Programme) -> None:
    shop.services.definitions.merge(Definitions.model_validate({"contact": [ONE_A_WEEK]}), by="test")
    withdrawn = {"userId": "m0", "event": "Consent Withdrawn", "properties": {"channel": "sms"}}
    assert 200 == shop.backend().post("/v1/track", json=withdrawn).status_code
    plan(shop)
    pump(shop)
    assert (4, {"no-consent": 1}) == (
        read(shop)["progress"]["reached"],
        read(shop)["progress"]["suppressed"],
    )
    plan(shop, key="again", audience=None)
    pump(shop)
    again = read(shop, "again")["progress"]

    assert (7, 2, {"no-consent": 1, "frequency-cap": 4}) == (
        again["members"],
        again["reached"],
        again["suppressed"],
    )
    assert 4 == read(shop)["progress"]["reached"]
    assert replays(shop)


def test_quiet_hours_hold_it_until_they_end(shop: Programme) -> None:
    shop.services.definitions.merge(Definitions.model_validate({"contact": [NIGHT]}), by="test")
    plan(shop)
    pump(shop)
    assert (0, 5) == (read(shop)["progress"]["reached"], read(shop)["progress"]["waiting"])
    shop.clock.advance(86_400 // 2)
    timers = Timers(shop.services.rulebook, shop.sources, shop.clock)
    for _ in FIVE:  # on a busy machine a slice may be over after the first of them
        shop.run(timers.tick)

    assert (5, 0) == (read(shop)["progress"]["reached"], read(shop)["progress"]["waiting"])
    assert FIVE == messages(shop)
    assert replays(shop)


def test_it_waits_for_its_instant_and_asks_who_is_meant_only_then(shop: Programme) -> None:
    plan(shop, at=instant_text(shop.clock.now() + 60_000_000))
    pump(shop)
    assert ("scheduled", []) == (read(shop)["state"], posted(shop))
    moved = {"userId": "m6", "traits": {"city": "Hangzhou"}}
    assert 200 == shop.backend().post("/v1/identify", json=moved).status_code
    shop.clock.advance(60)
    pump(shop)

    assert [*FIVE, "m6"] == posted(shop)


def test_what_is_a_day_late_is_not_sent(shop: Programme) -> None:
    plan(shop)
    shop.clock.advance(86_401)
    pump(shop)
    said = read(shop)

    assert ("cancelled", "It was due more than 24 hours ago.") == (said["state"], said["problem"])
    assert [] == posted(shop)


def test_cancelled_it_goes_no_further(shop: Programme) -> None:
    plan(shop)
    broadcasts = shop.services.broadcasts
    while not posted(shop):
        broadcasts.work()
    client = shop.signed_in("marketer")
    assert "cancelled" == client.post("/v1/broadcasts/spring/cancel").json()["state"]
    before = posted(shop)
    pump(shop)

    assert before == posted(shop)
    assert 200 == client.post("/v1/broadcasts/spring/cancel").status_code
    assert 404 == client.post("/v1/broadcasts/nothing/cancel").status_code
    plan(shop, key="other")
    pump(shop)
    assert 409 == client.post("/v1/broadcasts/other/cancel").status_code
    assert ["other", "spring"] == sorted(one["key"] for one in client.get("/v1/broadcasts").json()["items"])


@pytest.mark.parametrize(
    ("more", "status", "path"),
    [
        ({"template": "nothing"}, 422, "/template"),
        ({"channel": "pigeon"}, 422, "/channel"),
        ({"at": "tomorrow"}, 422, "/at"),
        ({"at": "2020-01-01T00:00:00Z"}, 422, "/at"),
        ({"audience": HANGZHOU | {"fact": "member.ctiy"}}, 422, "/fact"),
        ({"key": "a b"}, 422, "/key"),
    ],
)
def test_what_is_wrong_is_named(programme: Programme, more: dict[str, Any], status: int, path: str) -> None:
    answer = programme.backend().post("/v1/broadcasts", json=SPRING | more)

    assert (status, [path]) == (answer.status_code, [one["path"] for one in answer.json()["errors"]])


def test_a_key_names_one_broadcast(shop: Programme) -> None:
    plan(shop)
    answer = shop.backend().post("/v1/broadcasts", json=SPRING | {"channel": "email"})

    assert (409, "message-conflict") == (answer.status_code, answer.json()["code"])


def test_a_preview_counts_and_shows_some(shop: Programme) -> None:
    said: dict[str, Any] = {"exact": None}
    while said["exact"] is None:
        said = shop.backend().post("/v1/broadcasts/preview", json={"audience": HANGZHOU}).json()

    assert 5 == said["exact"]["members"]
    assert said["sample"]
    assert set(said["sample"]) <= set(FIVE)
    assert [] == posted(shop)


def save(programme: Programme, key: str = "spring", etag: str | None = None, **said: Any) -> Any:
    headers = {} if etag is None else {"If-Match": etag}
    return programme.backend().put(f"/v1/broadcasts/{key}/draft", json=said, headers=headers)


def listed(programme: Programme) -> list[tuple[str, str]]:
    items = programme.signed_in("auditor").get("/v1/broadcasts").json()["items"]
    return [(one["key"], one["state"]) for one in items]


def test_a_draft_is_kept_changed_and_used_up(shop: Programme) -> None:
    half = {"type": "compare", "fact": "member.city", "op": "eq", "value": ""}
    begun = save(shop, name={"en": "Spring"}, audience=half).json()["etag"]
    written: dict[str, Any] = {
        "name": {"en": "Spring"},
        "template": "thanks",
        "channel": "sms",
        "audience": HANGZHOU,
        "at": None,
    }
    said = save(shop, etag=begun, **written).json()
    assert {**written, "key": "spring", "state": "draft"}.items() <= said.items()
    assert said["audience_text"].keys() == {"en", "zh-Hans"}
    assert "Hangzhou" in said["audience_text"]["en"]
    assert said | {"progress": None} == read(shop)
    assert [("spring", "draft")] == listed(shop)
    pump(shop)
    assert [] == posted(shop)

    planned = plan(shop, etag=said["etag"])
    assert [("spring", "scheduled")] == listed(shop)
    assert said["audience_text"] == planned["audience_text"]
    assert (409, "wrong-status") == (save(shop).status_code, save(shop).json()["code"])
    pump(shop)
    assert FIVE == posted(shop)


def test_a_draft_is_thrown_away(shop: Programme) -> None:
    etag = save(shop).json()["etag"]
    client = shop.backend()
    assert 428 == client.delete("/v1/broadcasts/spring/draft").status_code
    assert 204 == client.delete("/v1/broadcasts/spring/draft", headers={"If-Match": etag}).status_code
    assert 404 == client.delete("/v1/broadcasts/spring/draft").status_code
    assert 404 == client.get("/v1/broadcasts/spring").status_code


def test_nothing_of_a_draft_is_lost_when_two_write_it(shop: Programme) -> None:
    """Whoever saves, plans or throws away what has changed since they looked is told so."""
    begun = save(shop, template="thanks").json()["etag"]
    hers = save(shop, etag=begun, template="thanks", name={"en": "Hers"}).json()
    client, late = shop.backend(), {"If-Match": f'"{begun}"'}
    wanted = {"key": "spring", "name": {"en": "His"}, "template": "thanks", "channel": "sms"}

    answers = [
        save(shop, etag=begun, name={"en": "His"}),
        client.post("/v1/broadcasts", json=wanted, headers=late),
        client.delete("/v1/broadcasts/spring/draft", headers=late),
    ]
    assert [(412, "draft-changed")] * 3 == [(one.status_code, one.json()["code"]) for one in answers]
    unread = [save(shop, name={"en": "His"}), client.post("/v1/broadcasts", json=wanted)]
    assert [(428, "if-match-required")] * 2 == [(one.status_code, one.json()["code"]) for one in unread]
    assert hers | {"progress": None} == read(shop)

    assert 204 == client.delete("/v1/broadcasts/spring/draft", headers={"If-Match": hers["etag"]}).status_code
    gone = save(shop, etag=hers["etag"], name={"en": "His"})
    assert (412, "draft-changed") == (gone.status_code, gone.json()["code"])
    assert 200 == save(shop, name={"en": "His"}).status_code


@pytest.mark.parametrize(
    ("key", "said", "path"),
    [
        ("spring", {"at": "tomorrow"}, "/at"),
        ("spring", {"channel": "pigeon"}, "/channel"),
        ("spring", {"audience": []}, "/audience"),
        ("spring", {"who": "all"}, "/who"),
        ("A b", {}, "/path/key"),
    ],
)
def test_what_is_wrong_with_a_draft_is_named(
    programme: Programme, key: str, said: dict[str, Any], path: str
) -> None:
    answer = save(programme, key, **said)

    assert (422, [path]) == (answer.status_code, [one["path"] for one in answer.json()["errors"]])


def test_an_auditor_writes_no_broadcast(programme: Programme) -> None:
    client = programme.signed_in("auditor")

    assert 403 == client.put("/v1/broadcasts/spring/draft", json={}).status_code
    assert 403 == client.delete("/v1/broadcasts/spring/draft").status_code
