"""Back-tests over HTTP: what is asked, what comes back, who may, and how they end (ruling 30)."""

import threading
import time
from typing import Any

import pytest

from api.service import backtests, heartbeat
from api.service import replays as replaying
from api.service.backtest_apart import Stopped
from api.service.replay_report import Asked, Report
from api.store import backtests as store
from api.store import replays
from api.store.backtests import StoredBacktest
from engine.values import MICROSECONDS, instant_text
from tests.api.conftest import RULE, Programme, running

Json = dict[str, Any]
DAY = 86_400
LOWER: Json = RULE | {"if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 50}}


def ordered(programme: Programme, *totals: int) -> None:
    """Let members m0, m1 … order, a day apart."""
    for number, total in enumerate(totals):
        programme.clock.advance(DAY)
        call = {"userId": f"m{number % 3}", "messageId": f"o{total}-{programme.clock.now()}",
                "event": "Order Completed", "properties": {"total": total}}  # fmt: skip
        assert 200 == programme.backend().post("/v1/track", json=call).status_code


@pytest.fixture
def shop(programme: Programme) -> Programme:
    """A shop whose rule fired for one of three members."""
    return opened(programme)


def opened(programme: Programme) -> Programme:
    programme.publish()
    ordered(programme, 150, 60, 20)
    return programme


def asked(programme: Programme, **said: Any) -> Json:
    """Ask for a back-test and wait for its end."""
    client = programme.signed_in("marketer")
    answer = client.post("/v1/backtests", json=said)
    assert 202 == answer.status_code, answer.text
    for _ in range(200):
        found: Json = client.get(f"/v1/backtests/{answer.json()['id']}").json()
        if found["status"] != "running":
            return found
        time.sleep(0.02)
    raise AssertionError("the back-test doesn't end")


def by_rule(found: Json) -> dict[str, Json]:
    return {one["rule"]: one for one in found["report"]["rules"]}


def test_draft_beside_what_its_published_version_did(either: Programme) -> None:
    """A lower threshold reaches a second member, and nothing of it is written."""
    shop = opened(either)
    with shop.database.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM decision").scalar_one()
    found = asked(shop, drafts=[LOWER])
    one = by_rule(found)["big-order"]
    with shop.database.read() as connection:
        after = connection.exec_driver_sql("SELECT count(*) FROM decision").scalar_one()

    assert ("done", before) == (found["status"], after)
    assert (2, 2, True, 2) == (one["fired"], one["members"], one["draft"], one["version"])
    assert {"then": 0, "now": 1, "both": 1} == one["difference"]["members"]
    assert {"then": 0, "now": 3, "both": 3} == one["difference"]["effects"]
    assert {"add_tag": 2, "issue_coupon": 2, "send_message": 2} == one["effects"]
    assert ({"TEN": 2}, {"email": 2}, {"": 2}) == (one["coupons"], one["channels"], one["segments"])
    assert [1, 1] == list(one["days"].values())
    assert ["m0", "m1"] == [sample["member"] for sample in one["samples"]]
    assert one["samples"][0]["why"]["holds"]
    assert found["of"] == found["report"]["checked"] == 3


def test_what_is_in_force_makes_no_difference(shop: Programme) -> None:
    """Nothing changed: all that happened is found again."""
    report = asked(shop)["report"]

    assert {"then": 0, "now": 0, "both": 3} == report["totals"]["difference"]["effects"]
    assert 1 == report["totals"]["fired"]


def test_left_out_rule_is_missed(shop: Programme) -> None:
    one = by_rule(asked(shop, without=["big-order"]))["big-order"]

    assert (0, {"then": 1, "now": 0, "both": 0}) == (one["fired"], one["difference"]["members"])


def test_range(shop: Programme) -> None:
    """Only what was decided in it counts; the draft knows the history before it."""
    third = {"type": "history", "measure": "count", "event": "Order Completed", "op": "gte", "value": 2}
    ordered(shop, 30, 30, 30)
    begin = shop.clock.instant - 2 * DAY * MICROSECONDS - 1
    said = {"from": instant_text(begin), "drafts": [RULE | {"key": "second", "if": third}]}
    found = asked(shop, **said)
    one = by_rule(found)["second"]

    assert (3, 3) == (one["fired"], one["members"])
    assert (6, 3) == (found["report"]["checked"], found["report"]["entries"])


def test_saved_draft_by_its_key(shop: Programme) -> None:
    client = shop.signed_in("marketer")
    etag = client.get("/v1/rules/big-order").json()["etag"]
    saved = client.put("/v1/rules/big-order/draft", json=LOWER, headers={"If-Match": etag})
    assert 200 == saved.status_code, saved.text

    assert 2 == by_rule(asked(shop, drafts=["big-order"]))["big-order"]["fired"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"drafts": ["nobody"]}, "no-draft"),
        ({"drafts": [{"key": "x"}]}, "rule-not-ready"),
        ({"drafts": [RULE | {"then": [{"type": "add_tag", "tag": "unheard-of"}]}]}, "rule-not-ready"),
        ({"drafts": [RULE, RULE]}, "invalid-request"),
        ({"without": ["nobody"]}, "invalid-request"),
        ({"from": "yesterday"}, "invalid-request"),
        ({"from": "2030-01-01T00:00:00Z", "until": "2029-01-01T00:00:00Z"}, "invalid-request"),
        ({"others": "some"}, "invalid-request"),
    ],
)
def test_what_cannot_be_asked(programme: Programme, said: Json, code: str) -> None:
    programme.publish()
    answer = programme.signed_in("marketer").post("/v1/backtests", json=said)

    assert code == answer.json()["type"].rpartition("/")[2].rpartition("#")[2]


def test_list_and_cancel(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that runs is ended by whoever asks; its report never comes."""

    def endless(*_given: object, stopped: Any, progress: Any, **_more: object) -> None:
        progress(5_000)
        while not stopped():
            time.sleep(0.01)
        raise Stopped

    monkeypatch.setattr(backtests, "backtest", endless)
    client = shop.signed_in("marketer")
    begun = client.post("/v1/backtests", json={}).json()
    ended = client.delete(f"/v1/backtests/{begun['id']}").json()
    (listed,) = client.get("/v1/backtests").json()["items"]

    assert ("cancelled", None) == (ended["status"], ended["report"])
    assert (begun["id"], "cancelled") == (listed["id"], listed["status"])
    assert 404 == client.delete("/v1/backtests/nothing").status_code
    assert "cancelled" == client.get(f"/v1/backtests/{begun['id']}").json()["status"]


def test_what_a_day_brings(shop: Programme) -> None:
    """Cost, effects and messages by day; what other rules do at the same moments; whom it gains."""
    other = RULE | {
        "key": "other",
        "then": [{"type": "send_message", "channel": "email", "template": "thanks"}],
    }
    report = asked(shop, drafts=[LOWER, other])["report"]
    one = next(one for one in report["rules"] if one["rule"] == "big-order")
    days = sorted(one["days"])

    assert [{"effects": 3, "channels": {"email": 1}, "cost": 0}] * 2 == [one["daily"][day] for day in days]
    assert ({"other": 1}, {"other": 1}) == (one["overlap"], one["moments"])
    assert {"channels": {"email": 2}, "members": 1, "most": 2, "capped": 0} == report["totals"]["load"][
        days[0]
    ]
    assert {"channels": {"email": 1}, "members": 1, "most": 1, "capped": 0} == report["totals"]["load"][
        days[1]
    ]
    seen = {side: [sample["member"] for sample in some] for side, some in one["difference"]["seen"].items()}
    assert {"then": [], "now": ["m1"], "both": ["m0"]} == seen


def test_load_beside_the_policy(shop: Programme) -> None:
    """What a cap holds back is told by day, with the cap and the reason in words."""
    contact = {"key": "calm", "name": {"en": "Calm"}, "caps": [{"times": 1, "within": {"days": 7}}]}
    answer = shop.signed_in("marketer").put("/v1/definitions/contact/calm", json=contact)
    assert 200 == answer.status_code, answer.text
    ordered(shop, 150, 150, 150, 160)
    since = {"from": instant_text(shop.clock.instant - 4 * DAY * MICROSECONDS + 1)}
    report = asked(shop, **since)["report"]

    assert [("calm", 1)] == [(one["key"], one["caps"][0]["times"]) for one in report["policies"]]
    assert [1, 0, 0, 1] == [one["capped"] for one in report["totals"]["load"].values()]
    assert "as many messages" in report["reasons"]["frequency-cap"]["en"]


def test_auditors_read_and_authors_start(shop: Programme) -> None:
    begun = asked(shop)
    auditor = shop.signed_in("auditor")

    assert 403 == auditor.post("/v1/backtests", json={}).status_code
    assert 403 == auditor.delete(f"/v1/backtests/{begun['id']}").status_code
    assert [begun["id"]] == [one["id"] for one in auditor.get("/v1/backtests").json()["items"]]
    assert begun["report"] == auditor.get(f"/v1/backtests/{begun['id']}").json()["report"]


def test_what_nobody_works_on_any_more_is_interrupted(either: Programme) -> None:
    """The server stopped: back-test and replay say so, once the lease is over, and end like that."""
    now = either.clock.now()
    either.run(
        lambda one: store.begin(one, StoredBacktest("b", "running", now, "mia", b"{}", 9, beat_at=now))
    )
    either.run(lambda one: replays.begin(one, "r", report=b"", at=now, by="mia"))
    client = either.signed_in("administrator")
    statuses = [client.get(path).json()["status"] for path in ("/v1/backtests/b", "/v1/replays/r")]
    assert ["running", "running"] == statuses

    either.clock.advance(91)
    (listed,) = client.get("/v1/backtests").json()["items"]
    replayed = client.get("/v1/replays/r").json()
    assert ("interrupted", "interrupted") == (listed["status"], replayed["status"])
    assert listed["finished_at"] == replayed["finished_at"] == instant_text(either.clock.now())
    assert not either.run(lambda one: store.advance(one, "b", 5))
    either.run(lambda one: replays.finish(one, "r", status="done", report=b"", at=0))
    assert "interrupted" == client.get("/v1/replays/r").json()["status"]
    assert 409 == client.post("/v1/replays/r/cancel").status_code


def test_one_that_is_worked_on_stays(shop: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes: its process says again and again that it goes on."""
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)

    def endless(*_given: object, stopped: Any, **_more: object) -> None:
        while not stopped():
            time.sleep(0.01)
        raise Stopped

    monkeypatch.setattr(backtests, "backtest", endless)
    client = shop.signed_in("marketer")
    path = f"/v1/backtests/{client.post('/v1/backtests', json={}).json()['id']}"
    for _ in range(3):
        shop.clock.advance(80)
        time.sleep(0.2)
        assert "running" == client.get(path).json()["status"]
    client.delete(path)


def test_a_server_that_stops_meanwhile(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can't say any more how it ended ends quietly, and is told as interrupted afterwards."""
    goes_on = threading.Event()

    def slow(*_given: object, **_more: object) -> None:
        goes_on.wait(10)
        raise Stopped

    def replayed(*_given: object, **_more: object) -> Report:
        goes_on.wait(10)
        return Report(asked=Asked())

    monkeypatch.setattr(backtests, "backtest", slow)
    monkeypatch.setattr(replaying, "replay_log", replayed)
    failed: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    with running(sqlite_database) as programme:
        client = programme.signed_in("administrator")
        begun = [client.post(f"/v1/{kind}", json={}).json()["id"] for kind in ("backtests", "replays")]
        workers = [one for one in threading.enumerate() if one.name in {"backtest", "replay"}]
        assert len(begun) == len(workers)
    goes_on.set()
    for one in workers:
        one.join(10)
    assert [] == failed

    with running(sqlite_database) as programme:
        programme.clock.advance(91)
        client = programme.signed_in("administrator")
        ended = [
            client.get(f"/v1/{kind}/{one}") for kind, one in zip(("backtests", "replays"), begun, strict=True)
        ]
        assert ["interrupted"] * 2 == [one.json()["status"] for one in ended]
