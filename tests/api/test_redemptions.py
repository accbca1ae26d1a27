"""Redemption at a till, over HTTP: quote, reserve, confirm, release, and every refusal."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.store import log
from tests.api.conftest import Programme
from tests.api.shop import (
    ORDER,
    Json,
    adjusted,
    assert_books_are_sound,
    balances,
    coupons_of,
    given,
    refused,
    stocked,
    told,
)

R = "/v1/redemptions"


def wanted(redemption: str = "r-1", member: str = "m1", **more: Any) -> Json:
    return {"redemption": redemption, "userId": member, "order": ORDER, "units": {"points": 1000}, **more}


def test_reserve_then_confirm(programme: Programme) -> None:
    client = stocked(programme, "m1")
    (code,) = given(client, "FIVE", "m1")

    reserved = told(client, R, wanted(coupons=[code]))

    assert ("reserved", "5", "10", "85") == tuple(
        reserved[key] for key in ("status", "discount", "paid", "left_to_pay")
    )
    assert {"balance", "order", "at_most_percent"} == {one["limit"] for one in reserved["limits"]}
    assert (1000, 0, 1000, 0) == balances(client, "m1")
    assert "held" == coupons_of(client, "m1")[0]["state"]

    confirmed = told(client, f"{R}/r-1/confirm", {"userId": "m1"})

    assert ("redeemed", {"points": 1000}, [code]) == (
        confirmed["status"],
        confirmed["units"],
        confirmed["coupons"],
    )
    assert (1000, 0, 0, 0) == balances(client, "m1")
    assert ("redeemed", "o-1") == tuple(coupons_of(client, "m1")[0][key] for key in ("state", "order_id"))
    assert_books_are_sound(client, programme)


def test_release_gives_everything_back(programme: Programme) -> None:
    client = stocked(programme, "m1")
    (code,) = given(client, "FIVE", "m1")
    told(client, R, wanted(coupons=[code]))

    released = told(client, f"{R}/r-1/release", {"userId": "m1"})

    assert "released" == released["status"]
    assert (2000, 0, 0, 0) == balances(client, "m1")
    assert "issued" == coupons_of(client, "m1")[0]["state"]
    assert released == told(client, f"{R}/r-1/release", {"userId": "m1"})


def test_spent_at_once(programme: Programme) -> None:
    client = stocked(programme, "m1")

    assert "redeemed" == told(client, R, wanted(confirm=True))["status"]
    assert (1000, 0, 0, 0) == balances(client, "m1")


def test_the_best_coupons_are_chosen(programme: Programme) -> None:
    client = stocked(programme, "m1")
    given(client, "FIVE", "m1")
    (ten,) = given(client, "TEN", "m1")

    answer = told(client, R, wanted(units=None, best=True))

    assert ([ten], "10") == ([one["code"] for one in answer["coupons"]], answer["discount"])


def test_ruling_21_a_retry_gets_the_original_answer(programme: Programme) -> None:
    client = stocked(programme, "m1")
    first = told(client, R, wanted())
    confirmed = told(client, f"{R}/r-1/confirm", {"userId": "m1"})
    adjusted(client, "m1", 500, "later")

    assert first == told(client, R, wanted())
    assert confirmed == told(client, f"{R}/r-1/confirm", {"userId": "m1"})
    assert (1500, 0, 0, 0) == balances(client, "m1")
    assert (409, "message-conflict") == refused(client, R, wanted(units={"points": 999}))
    assert (409, "message-conflict") == refused(client, f"{R}/r-1/confirm", {"userId": "m2"})


def test_a_refused_reservation_is_answered_and_repeated(programme: Programme) -> None:
    client = stocked(programme, "m1", points=10)
    answer = told(client, R, wanted())
    adjusted(client, "m1", 5000, "later")

    assert ("refused", "not-enough", 990) == tuple(answer[key] for key in ("status", "reason", "lacking"))
    assert {"en", "zh-Hans"} == set(answer["text"])
    assert answer == told(client, R, wanted())
    assert "reserved" == told(client, R, wanted("r-2"))["status"]


def test_a_confirm_that_comes_too_early_leaves_no_entry(programme: Programme) -> None:
    """Were it kept, the till could never confirm that redemption."""
    client = stocked(programme, "m1")
    with programme.database.read() as connection:
        before = len(list(log.all_entries(connection)))
    early = told(client, f"{R}/r-1/confirm", {"userId": "m1"})
    with programme.database.read() as connection:
        assert before == len(list(log.all_entries(connection)))

    told(client, R, wanted())

    assert ("refused", "redemption-unknown") == (early["status"], early["reason"])
    assert "sequence" not in early
    assert "redeemed" == told(client, f"{R}/r-1/confirm", {"userId": "m1"})["status"]
    assert "redemption-unknown" == told(client, f"{R}/r-1/release", {"userId": "m1"})["reason"]


def test_a_reservation_times_out(programme: Programme) -> None:
    client = stocked(programme, "m1")
    told(client, R, wanted(hold_minutes=1))
    programme.clock.advance(61)

    quoted = told(client, f"{R}/quote", {"userId": "m1", "order": ORDER})
    late = told(client, f"{R}/r-1/confirm", {"userId": "m1"})

    assert (2000, 0) == tuple(quoted["units"][0][key] for key in ("balance", "held"))
    assert "redemption-unknown" == late["reason"]
    assert (2000, 0, 0, 0) == balances(client, "m1")


def test_a_quote_writes_nothing(programme: Programme) -> None:
    client = stocked(programme, "m1")
    (code,) = given(client, "FIVE", "m1")
    (big,) = given(client, "BIG", "m1")
    with programme.database.read() as connection:
        before = list(log.all_entries(connection))

    body = {"userId": "m1", "order": ORDER, "units": {"points": 100}, "coupons": [code]}
    quoted = told(client, f"{R}/quote", body)

    assert ("quoted", [code], [code]) == (
        quoted["status"],
        [one["code"] for one in quoted["coupons"]],
        quoted["best"]["coupons"],
    )
    (unusable,) = quoted["unusable"]
    assert (big, "coupon-below-minimum", "100") == tuple(
        unusable[key] for key in ("code", "reason", "lacking")
    )
    assert {"en", "zh-Hans"} == set(unusable["text"])
    assert ("reserved", "94") == (quoted["asked"]["status"], quoted["asked"]["left_to_pay"])
    with programme.database.read() as connection:
        assert before == list(log.all_entries(connection))


def test_a_quote_says_what_would_be_refused(programme: Programme) -> None:
    client = stocked(programme, "m1")
    quoted = told(client, f"{R}/quote", {"userId": "m1", "order": ORDER, "units": {"points": 9999}})
    bad = told(client, f"{R}/quote", {"userId": "m1", "order": {"total": -1}})

    assert ("refused", "not-enough") == (quoted["asked"]["status"], quoted["asked"]["reason"])
    assert ("refused", "amount-negative", "/order/total") == tuple(
        bad[key] for key in ("status", "reason", "path")
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"units": {"points": 0}}, "amount-zero"),
        ({"units": {"points": -1}}, "amount-negative"),
        ({"units": {"points": 1.5}}, "amount-not-whole"),
        ({"units": {"points": "many"}}, "bad-request"),
        ({"units": {"points": 9007199254740992}}, "not-enough"),
        ({"units": {"points": 2001}}, "not-enough"),
        ({"units": {"growth": 1}}, "unit-cannot-pay"),
        ({"units": {"dust": 1}}, "unit-unknown"),
        ({"order": {**ORDER, "currency": "XXX"}}, "currency-unknown"),
        ({"order": {**ORDER, "currency": "JPY"}}, "unit-currency"),
        ({"order": {**ORDER, "total": 10.001}}, "amount-too-fine"),
        ({"order": {**ORDER, "total": -5}}, "amount-negative"),
        ({"order": {"total": 5}}, "bad-order"),
        ({"order": {**ORDER, "total": 15}}, "pays-too-much"),
        ({"units": None}, "nothing-to-redeem"),
        ({"coupons": ["NOPE"]}, "coupon-unknown"),
        ({"coupons": [7]}, "bad-request"),
        ({"coupons": ["A"], "best": True}, "bad-request"),
        ({"hold_minutes": 0}, "bad-request"),
        ({"hold_minutes": 1441}, "bad-request"),
    ],
)
def test_bad_input_is_refused_with_a_reason(programme: Programme, change: Json, reason: str) -> None:
    client = stocked(programme, "m1")
    answer = told(client, R, wanted(**change))

    assert ("refused", reason) == (answer["status"], answer.get("reason")), answer
    assert (2000, 0, 0, 0) == balances(client, "m1")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid-request"),
        ([], "invalid-request"),
        (wanted(redemption=""), "invalid-request"),
        (wanted(redemption="a/b"), "invalid-request"),
        (wanted(redemption="x" * 129), "invalid-request"),
        ({**wanted(), "redemption": 7}, "invalid-request"),
        (wanted(member=" "), "invalid-request"),
        (wanted(member="a\nb"), "invalid-request"),
        (wanted(order="o-1"), "invalid-request"),
        (wanted(units=[1]), "invalid-request"),
        (wanted(typo=1), "invalid-request"),
        (wanted(units={"points": 9007199254740993}), "invalid-request"),
    ],
)
def test_bad_bodies_are_problems(programme: Programme, body: object, code: str) -> None:
    client = stocked(programme, "m1")

    assert (422, code) == refused(client, R, body)


@pytest.mark.parametrize("path", [R, f"{R}/quote", f"{R}/r-1/confirm", f"{R}/r-1/release"])
def test_unknown_members_are_not_found(programme: Programme, path: str) -> None:
    client = stocked(programme, "m1")
    bodies = {R: wanted(member="nobody"), f"{R}/quote": {"userId": "nobody", "order": ORDER}}

    assert (404, "not-found") == refused(client, path, bodies.get(path, {"userId": "nobody"}))
    assert 404 == client.get("/v1/members/nobody").status_code


def test_a_redemption_of_that_id_is_open(programme: Programme) -> None:
    """Another till's id may be the same; the member's open one is not replaced."""
    client = stocked(programme, "m1")
    other = programme.backend(programme.services.keys.create("kiosk", ["redeem"]))
    told(client, R, wanted())

    assert "redemption-exists" == told(other, R, wanted())["reason"]


def test_foreign_used_and_expired_coupons(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2")
    mine, other = given(client, "FIVE", "m1", "m2")

    assert "coupon-unknown" == told(client, R, wanted("r-1", coupons=[other]))["reason"]
    told(client, R, wanted("r-2", coupons=[mine], units=None, confirm=True))
    used = told(client, R, wanted("r-3", coupons=[mine], units=None))
    programme.clock.advance(31 * 86_400)
    late = told(client, R, wanted("r-4", "m2", coupons=[other], units=None))

    assert ("coupon-used", "o-1") == (used["reason"], used["order_id"])
    assert late["reason"] in {"coupon-expired", "coupon-unknown"}


def test_racing_tills_never_spend_a_unit_twice(programme: Programme) -> None:
    client = stocked(programme, "m1", points=1000)
    (code,) = given(client, "FIVE", "m1")

    def once(at: int) -> Json:
        coupons = [code] if at % 2 else None
        return told(programme.backend(), R, wanted(f"r-{at}", units={"points": 400}, coupons=coupons))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(24)))

    reserved = [one for one in answers if one["status"] == "reserved"]
    assert 2 == len(reserved), answers
    assert sum(len(one["coupons"]) for one in reserved) <= 1
    assert (200, 0, 800, 0) == balances(client, "m1")
    assert_books_are_sound(client, programme)


def test_racing_confirms_get_one_answer(programme: Programme) -> None:
    client = stocked(programme, "m1")
    told(client, R, wanted())

    def once(_at: int) -> Json:
        return told(programme.backend(), f"{R}/r-1/confirm", {"userId": "m1"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(16)))

    assert all(one == answers[0] for one in answers)
    assert "redeemed" == answers[0]["status"]
    assert (1000, 0, 0, 0) == balances(client, "m1")


def test_a_confirm_and_a_release_race_and_one_wins(programme: Programme) -> None:
    client = stocked(programme, "m1")
    told(client, R, wanted())

    def once(what: str) -> Json:
        return told(programme.backend(), f"{R}/r-1/{what}", {"userId": "m1"})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(once, ["confirm", "release"]))

    (won,) = [one["status"] for one in answers if one["status"] != "refused"]
    assert (1000 if won == "redeemed" else 2000, 0, 0, 0) == balances(client, "m1")


def test_requests_come_in_by_their_own_addresses_only(programme: Programme) -> None:
    client = stocked(programme, "m1")
    body = {"userId": "m1", "event": "Points Adjusted", "properties": {"unit": "points", "amount": 1}}

    assert (400, "invalid-call") == refused(client, "/v1/track", body)
