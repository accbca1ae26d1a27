"""The books over HTTP: ledger at any instant, what is given by hand, pots, fairness, tasks, impact."""

import hashlib
from typing import Any

import pytest

from api.store import log
from engine.values import instant_text
from tests.api.conftest import Programme
from tests.api.shop import (
    DEDUCTION,
    GOODS,
    ORDER,
    Json,
    adjusted,
    assert_books_are_sound,
    balances,
    named,
    refused,
    stocked,
    told,
)


def put(programme: Programme, kind: str, key: str, body: Json) -> Any:
    return programme.backend().put(f"/v1/definitions/{kind}/{key}", json=body)


def test_the_balance_at_any_instant(programme: Programme) -> None:
    client = stocked(programme, "m1", points=100)
    start = programme.clock.now()
    programme.clock.advance(10)
    adjusted(client, "m1", -30, "a-1")
    middle = programme.clock.now()
    programme.clock.advance(10)
    adjusted(client, "m1", 5, "a-2")

    assert (100, 0, 0, 0) == balances(client, "m1", as_of=instant_text(start))
    assert (70, 0, 0, 0) == balances(client, "m1", as_of=instant_text(middle))
    assert (0, 0, 0, 0) == balances(client, "m1", as_of=instant_text(start - 1))
    assert (75, 0, 0, 0) == balances(client, "m1")
    page = client.get("/v1/members/m1/ledger", params={"as_of": instant_text(middle)}).json()
    assert [("redeem", 30), ("award", 100)] == [(one["kind"], one["amount"]) for one in page["items"]]
    assert_books_are_sound(client, programme)


def test_the_ledger_goes_on_page_by_page(programme: Programme) -> None:
    client = stocked(programme, "m1", points=0)
    for at in range(60):
        adjusted(client, "m1", at + 1, f"a-{at}")
    first = client.get("/v1/members/m1/ledger?unit=points").json()
    second = client.get("/v1/members/m1/ledger", params={"before": first["next"]}).json()

    assert list(range(60, 0, -1)) == [one["amount"] for one in first["items"] + second["items"]]
    assert second["next"] is None
    assert 1830 == first["balances"][0]["available"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/members/nobody/ledger", (404, "not-found")),
        ("/v1/members/nobody/coupons", (404, "not-found")),
        ("/v1/members/m1/ledger?as_of=yesterday", (422, "invalid-request")),
        ("/v1/members/m1/ledger?before=x", (422, "invalid-request")),
        ("/v1/members/m1/ledger?unit=", (422, "invalid-request")),
        ("/v1/wheels/none/fairness", (404, "not-found")),
        ("/v1/tasks?status=lost", (422, "invalid-request")),
        ("/v1/tasks?after=x", (422, "invalid-request")),
    ],
)
def test_bad_questions(programme: Programme, path: str, expected: tuple[int, str]) -> None:
    answer = stocked(programme, "m1", points=0).get(path)

    assert expected == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (0, "amount-zero"),
        (1.5, "amount-not-whole"),
        ("5", "amount-not-whole"),
        (True, "bad-request"),
        (None, "bad-request"),
        (-101, "not-enough"),
        (9007199254740992, "amount-too-large"),
    ],
)
def test_bad_amounts_change_nothing(programme: Programme, amount: object, reason: str) -> None:
    client = stocked(programme, "m1", points=100)
    answer = adjusted(client, "m1", amount, "a-1")

    assert ("refused", reason) == (answer["status"], answer["reason"])
    assert (100, 0, 0, 0) == balances(client, "m1")


def test_adjusting_is_idempotent(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2", points=100)
    first = adjusted(client, "m1", 7, "a-1")
    body = {"id": "a-1", "unit": "points", "amount": 7, "why": "test"}

    assert ("done", 107) == (first["status"], first["balance"])
    assert first == adjusted(client, "m1", 7, "a-1")
    assert (107, 0, 0, 0) == balances(client, "m1")
    assert (409, "message-conflict") == refused(client, "/v1/members/m1/adjust", {**body, "amount": 8})
    assert (409, "message-conflict") == refused(client, "/v1/members/m2/adjust", body)
    assert (404, "not-found") == refused(client, "/v1/members/nobody/adjust", {**body, "id": "a-2"})
    assert (422, "invalid-request") == refused(client, "/v1/members/m1/adjust", {**body, "id": ""})
    assert (422, "invalid-request") == refused(client, "/v1/members/m1/adjust", {**body, "why": ""})
    assert "unit-unknown" == adjusted(client, "m1", 1, "a-3", "dust")["reason"]


def test_a_person_gives_levels_and_memberships(programme: Programme) -> None:
    stocked(programme, "m1", points=0)
    client = programme.signed_in("marketer")
    until = instant_text(programme.clock.now() + 86_400_000_000)
    gold = {"id": "l-1", "ladder": "tier", "tier": "gold", "until": until, "why": "test"}
    club = {"id": "c-1", "membership": "club", "why": "test"}

    level = told(client, "/v1/members/m1/level", gold)
    joined = told(client, "/v1/members/m1/membership", club)

    assert ("done", "gold", None, until) == tuple(level[key] for key in ("status", "tier", "before", "until"))
    assert level == told(client, "/v1/members/m1/level", gold)
    assert ("done", "club", False) == tuple(joined[key] for key in ("status", "membership", "renewed"))
    assert told(client, "/v1/members/m1/membership", {**club, "id": "c-2"})["renewed"] is True
    assert told(client, "/v1/members/m1/membership", {**club, "id": "c-3", "end": True})["ended"] is True
    again = {**club, "id": "c-4", "end": True}
    assert "membership-not-running" == told(client, "/v1/members/m1/membership", again)["reason"]
    for at, (change, reason) in enumerate(
        [
            ({"ladder": "none"}, "ladder-unknown"),
            ({"tier": "tin"}, "tier-unknown"),
            ({"until": "soon"}, "bad-instant"),
            ({"until": "2000-01-01T00:00:00Z"}, "instant-past"),
        ]
    ):
        body = {**gold, "id": f"bad-{at}", **change}
        assert reason == told(client, "/v1/members/m1/level", body)["reason"]
    unknown = {**club, "id": "bad", "membership": "none"}
    assert "membership-unknown" == told(client, "/v1/members/m1/membership", unknown)["reason"]
    assert (422, "invalid-request") == refused(client, "/v1/members/m1/level", {"id": "x", "why": "test"})


def test_budgets_say_what_is_granted_and_left(programme: Programme) -> None:
    client = stocked(programme, "m1", points=0)
    programme.publish(
        {
            "language": 1,
            "key": "few-a-day",
            "name": {"en": "Few a day"},
            "when": {"type": "event", "event": "Order Completed"},
            "then": [{"type": "add_tag", "tag": "vip"}],
            "limits": {"budget": "daily"},
        }
    )
    for at in range(3):
        order = {
            "userId": "m1",
            "event": "Order Completed",
            "properties": {"order_id": str(at), "store": "s1"},
        }
        told(client, "/v1/track", order)

    items = {one["key"]: one for one in programme.signed_in("auditor").get("/v1/budgets").json()["items"]}

    assert ("100.5", []) == (items["spring"]["limit"], items["spring"]["pots"])
    (pot,) = items["daily"]["pots"]
    assert ("s1", 2, 2, 0) == tuple(pot[key] for key in ("split", "granted", "limit", "left"))


def test_accounts_of_the_programme(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2", points=100)
    adjusted(client, "m1", -40, "a-1")
    people = programme.signed_in("auditor")

    (points,) = people.get("/v1/ledger/accounts?unit=points").json()["items"]

    assert (200, 40, 0, 160, 0) == tuple(
        points[key] for key in ("issued", "redeemed", "expired", "members", "sum")
    )
    assert [] == people.get("/v1/ledger/accounts?unit=growth").json()["items"]
    assert 404 == people.get("/v1/ledger/accounts?unit=dust").status_code


def test_a_wheel_tells_its_secret_once_the_day_is_over(programme: Programme) -> None:
    client = stocked(programme, "m1", points=0)
    before = client.get("/v1/wheels/lucky/fairness").json()
    programme.clock.advance(86_400)
    after = client.get("/v1/wheels/lucky/fairness").json()

    assert [None, None] == [one["secret"] for one in before["days"]]
    told_of = {one["period"]: one for one in after["days"]}
    over = before["days"][-1]
    assert 3 == len(told_of)
    assert [over["period"]] == [period for period, one in told_of.items() if one["secret"] is not None]
    opened = told_of[over["period"]]
    assert over["commitment"] == hashlib.sha256(bytes.fromhex(opened["secret"])).hexdigest()
    assert {"en", "zh-Hans"} == set(after["check"])


def test_a_task_is_done_once(programme: Programme) -> None:
    client = stocked(programme, "m1", points=0)
    programme.publish(
        {
            "language": 1,
            "key": "call-back",
            "name": {"en": "Call back"},
            "when": {"type": "event", "event": "Order Completed"},
            "then": [{"type": "open_task", "queue": "care", "priority": "high", "note": "Call the member"}],
        }
    )
    told(client, "/v1/track", {"userId": "m1", "event": "Order Completed", "properties": {"total": 1}})
    (task,) = client.get("/v1/tasks?queue=care").json()["items"]
    path = f"/v1/tasks/{task['id']}/done"

    done = told(client, path, {"answer": "Called"})

    assert ("done", "Call the member") == (done["status"], done["note"])
    assert done == told(client, path, {"answer": "Called"})
    assert (409, "message-conflict") == refused(client, path, {"answer": "Never"})
    assert (404, "not-found") == refused(client, "/v1/tasks/none/done", {"answer": "x"})
    assert (422, "invalid-request") == refused(client, path, {"answer": ""})
    assert [] == client.get("/v1/tasks").json()["items"]
    assert [task["id"]] == [one["id"] for one in client.get("/v1/tasks?status=done").json()["items"]]
    with programme.database.read() as connection:
        *_, newest = log.all_entries(connection)
    assert ("Task Done", "m1") == (newest.event.name, newest.event.member)
    assert newest.event.properties["answer"].startswith("tok_")  # what people write may be personal
    timeline = client.get("/v1/members/m1/timeline").json()["items"]
    assert "Called" == timeline[0]["properties"]["answer"]


def test_whom_a_changed_expiry_concerns(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2", points=100)
    adjusted(client, "m1", 50, "a-1")
    told(
        client,
        "/v1/redemptions",
        {"redemption": "r", "userId": "m2", "order": ORDER, "units": {"points": 100}},
    )
    people = programme.signed_in("marketer")
    would_be = named("points", deduction=DEDUCTION, expires_after={"days": 30})
    path = "/v1/definitions/units/points/impact"

    said = told(people, path, would_be)

    assert {"expires_after"} == set(said["changes"])
    assert (2, 3, 250, 0) == tuple(said[key] for key in ("members", "lots", "units", "without_end"))
    assert {"en", "zh-Hans"} == set(said["existing"])
    assert (404, "not-found") == refused(people, "/v1/definitions/units/none/impact", would_be)
    assert (422, "invalid-request") == refused(people, path, {"key": "points"})
    assert (422, "invalid-request") == refused(people, path, {**would_be, "key": "other"})
    before = balances(client, "m1")
    assert 200 == put(programme, "units", "points", would_be).status_code
    programme.clock.advance(40 * 86_400)
    adjusted(client, "m1", 1, "a-2")
    assert before[0] + 1 == balances(client, "m1")[0]


@pytest.mark.parametrize("kind", ["units", "ladders", "memberships", "budgets", "wheels"])
def test_every_kind_can_be_defined(programme: Programme, kind: str) -> None:
    stocked(programme, points=0)
    body = GOODS[kind][0]

    assert 200 == put(programme, kind, body["key"], body).status_code
    items = programme.signed_in("auditor").get(f"/v1/definitions/{kind}").json()["items"]
    assert body["key"] in [one["key"] for one in items]
    assert 422 == put(programme, kind, body["key"], {**body, "nonsense": 1}).status_code
    assert 422 == put(programme, kind, "other", body).status_code


def test_what_is_doubtful_about_a_definition_is_told(programme: Programme) -> None:
    stocked(programme, points=0)
    few = put(programme, "ladders", "tier", GOODS["ladders"][0]).json()
    nine = put(programme, "coupons", "NINE", named("NINE", kind="amount", value="9")).json()
    four = put(programme, "coupons", "FOUR", named("FOUR", kind="amount", value="4")).json()

    assert [("ladder-few-levels", "/tiers")] == [(one["code"], one["path"]) for one in few["findings"]]
    assert "findings" not in nine
    assert [("coupon-always-beaten", "")] == [(one["code"], one["path"]) for one in four["findings"]]
