"""A journey published anew while members wait in it: told before, carried out, and replayed."""

from typing import Any

import pytest
from sqlalchemy import text

from api.service.replaying import replay_log
from api.service.timers import Timers
from api.store import controls
from tests.api.conftest import PASSWORD, RULE, Programme

PATH = "/v1/rules/big-order"
DAY = 86_400
WAIT = {"type": "wait", "for": {"days": 2}, "id": "pause"}
TAG = {"type": "add_tag", "tag": "vip"}
OLD: dict[str, Any] = {**RULE, "then": [WAIT, TAG]}
NEW = {
    **RULE,
    "then": [{"type": "award_points", "points": 1}, WAIT, {"type": "issue_coupon", "coupon": "TEN"}],
}


@pytest.mark.parametrize(
    ("in_flight", "what"), [(None, ["add_tag"]), ("move", ["issue_coupon"]), ("leave", [])]
)
def test_members_who_wait_finish_move_or_leave(
    programme: Programme, in_flight: str | None, what: list[str]
) -> None:
    """The step says who waits where; what was chosen stands in the log, and replays."""
    programme.publish(OLD)
    for member in ("m1", "m2"):
        call = {
            "userId": member,
            "messageId": member,
            "event": "Order Completed",
            "properties": {"total": 100, "currency": "CNY"},
        }
        assert 200 == programme.backend().post("/v1/track", json=call).status_code
    client = programme.browser()
    client.post("/v1/session", json={"name": "marketer", "password": PASSWORD})
    etag = client.get(PATH).json()["etag"]
    client.put(f"{PATH}/draft", json=NEW, headers={"If-Match": etag})
    meaning = client.get(f"{PATH}/publication").json()
    body = {"past": "skip"} | ({"in_flight": in_flight} if in_flight else {})
    assert 200 == client.post(f"{PATH}/publish", json=body).status_code
    programme.clock.advance(3 * DAY)
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    while (wake := programme.run(timers.tick)) is not None and wake <= programme.clock.now():
        pass

    assert 2 == meaning["in_flight"]
    (step,) = meaning["steps"]
    assert (1, "/then/0", 2, "/then/1") == (step["version"], step["path"], step["waiting"], step["moves_to"])
    assert "wait 2 days (step “pause”)" == step["text"]["en"]
    with programme.database.read() as connection:
        report = replay_log(connection)
        entry = list(controls.controls_after(connection, 0))[-1]
    assert [] == report.divergences
    assert (in_flight or "finish") == entry.body["in_flight"]

    def has(connection: Any) -> list[str]:
        tagged = connection.execute(text("SELECT 'add_tag' FROM member_tag WHERE member = 'm1'")).scalars()
        given = connection.execute(text("SELECT 'issue_coupon' FROM coupon WHERE member = 'm1'")).scalars()
        return [*tagged, *given]

    assert what == programme.run(has)
