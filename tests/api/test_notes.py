"""What a task asks for, in the language of whoever reads it."""

from typing import Any

import pytest

from api.service.replaying import replay_log
from tests.api.conftest import RULE, Programme

NOTE = {"en": "Ring back today", "zh-Hans": "今天回电"}


def rule(note: object) -> dict[str, Any]:
    return {**RULE, "key": "ring", "then": [{"type": "open_task", "queue": "care", "note": note}]}


def asked(programme: Programme, note: object) -> dict[str, Any]:
    """Let a rule open a task, and return the task."""
    programme.publish(rule(note))
    order = {"userId": "m1", "event": "Order Completed", "properties": {"order_id": "A1", "total": 120}}
    assert 200 == programme.backend().post("/v1/track", json=order).status_code
    (task,) = programme.signed_in("auditor").get("/v1/tasks").json()["items"]
    return dict(task)


@pytest.mark.parametrize(
    ("note", "text"),
    [
        (NOTE, NOTE),
        ("Ring back", {"en": "Ring back", "zh-Hans": "Ring back"}),
        ({"zh-Hans": "回电"}, {"en": "回电", "zh-Hans": "回电"}),
    ],
)
def test_a_note_is_read_in_each_language(programme: Programme, note: object, text: dict[str, str]) -> None:
    task = asked(programme, note)

    assert (text, text["en"], RULE["name"]) == (task["text"], task["note"], task["rule_name"])
    client = programme.signed_in("auditor")
    (decision,) = client.get("/v1/decisions?rule=ring").json()["items"]
    said = decision["outcomes"][0]["effects"][0]["text"]
    assert said["en"].endswith(f": {text['en']}")
    assert said["zh-Hans"].endswith(f"：{text['zh-Hans']}")
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


@pytest.mark.parametrize("note", ["", {}, {"fr": "Rappeler"}, {"en": ""}, {"en": "x" * 501}, {"en": 5}, 7])
def test_a_note_that_nobody_could_read_is_refused(programme: Programme, note: object) -> None:
    client = programme.signed_in("marketer")

    found = client.post("/v1/rules/check", json=rule(note)).json()["diagnostics"]

    assert [("/then/0/note", "error")] == [(one["path"], one["severity"]) for one in found]


def test_a_decision_names_what_its_event_names_by_keys(programme: Programme) -> None:
    """A key stays in the properties; what people call it stands beside."""
    client = programme.signed_in("marketer")
    tag = {"key": "vip", "name": {"en": "VIP", "zh-Hans": "贵宾"}, "meaning": "Good customers"}
    assert 200 == client.put("/v1/definitions/tags/vip", json=tag).status_code
    asked(programme, NOTE)
    grant = {"id": "t-1", "tag": "vip", "why": "Told us in the store"}
    client = programme.signed_in("marketer")
    assert 200 == client.post("/v1/members/m1/tags", json=grant).status_code

    newest = client.get("/v1/members/m1/timeline").json()["items"][0]

    assert ("vip", {"en": "VIP", "zh-Hans": "贵宾"}) == (newest["properties"]["tag"], newest["names"]["tag"])


def test_a_queue_is_called_by_its_name(either: Programme) -> None:
    """Those that are defined come first, with how many tasks wait; a rule may name one that isn't."""
    care = {"key": "care", "name": {"en": "Care", "zh-Hans": "关怀"}, "meaning": "Calls", "worked_by": "Ann"}
    idle = {"key": "idle", "name": {"en": "Idle"}, "meaning": "Nothing"}
    client = either.signed_in("marketer")
    for one in (idle, care):
        assert 200 == client.put(f"/v1/definitions/queues/{one['key']}", json=one).status_code
    tasks = [{"type": "open_task", "queue": queue, "note": "Call"} for queue in ("care", "care", "yard sale")]
    either.publish({**RULE, "key": "ring", "then": tasks})
    order = {"userId": "m1", "event": "Order Completed", "properties": {"order_id": "A1", "total": 120}}
    assert 200 == either.backend().post("/v1/track", json=order).status_code
    client = either.signed_in("marketer")

    def shown() -> list[tuple[str, str, str | None, int]]:
        items = client.get("/v1/tasks/queues").json()["items"]
        return [(one["queue"], one["name"]["zh-Hans"], one["worked_by"], one["open"]) for one in items]

    assert [
        ("idle", "Idle", None, 0),
        ("care", "关怀", "Ann", 2),
        ("yard sale", "yard sale", None, 1),
    ] == shown()
    page = client.get("/v1/tasks").json()["items"]
    assert {"care": "Care", "yard sale": "yard sale"} == {
        one["queue"]: one["queue_name"]["en"] for one in page
    }
    call = next(one["id"] for one in page if one["queue"] == "care")
    assert 200 == client.post(f"/v1/tasks/{call}/done", json={"answer": "Reached"}).status_code
    assert ("care", "关怀", "Ann", 1) == shown()[1]
    assert [1, 1] == [
        len(client.get("/v1/tasks", params={"queue": one}).json()["items"]) for one in ("care", "yard sale")
    ]
