"""What partners owe for coupons whose cost they share."""

from api.service.replaying import replay_log
from api.store import balances as ledger
from engine.values import instant_text
from tests.api.conftest import Programme
from tests.api.shop import GOODS, ORDER, Json, assert_books_are_sound, balances, given, stocked, told

SETTLEMENT = "/v1/partners/settlement"
SUMS = {"used": 2, "returned": 0, "charged": "30.26", "given_back": "0", "owed": "30.26"}


def settled(programme: Programme, **query: str) -> list[Json]:
    programme.clock.advance(1)
    client = programme.signed_in("auditor")
    answer = client.get(SETTLEMENT, params=query)
    assert 200 == answer.status_code, answer.text
    items: list[Json] = answer.json()["items"]
    return items


def test_a_partner_owes_its_share_of_what_is_used(programme: Programme) -> None:
    """Half of 30.25 is 15.125, charged as 15.13; what is only issued costs the partner nothing."""
    client = stocked(programme, "m1", "m2", "m3")
    first, second, _ = given(client, "FILM", "m1", "m2", "m3")
    spent = {"order": ORDER, "confirm": True}
    told(client, "/v1/redemptions", {"redemption": "r-1", "userId": "m1", "coupons": [first], **spent})
    held = {"redemption": "r-2", "userId": "m2", "coupons": [second], "order": {**ORDER, "order_id": "o-2"}}
    told(client, "/v1/redemptions", held)
    told(client, "/v1/redemptions/r-2/confirm", {"userId": "m2"})

    assert [
        {
            "partner": "cinema",
            "currency": "CNY",
            **SUMS,
            "coupons": [{"coupon": "FILM", "name": {"en": "Film", "zh-Hans": "Film"}, **SUMS}],
        }
    ] == settled(programme)
    table = programme.signed_in("auditor").get(f"{SETTLEMENT}.csv")
    assert "text/csv; charset=utf-8" == table.headers["content-type"]
    head, line = table.text.splitlines()
    assert "partner,currency,coupon,name,used,returned,charged,given_back,owed,from,until" == head
    assert line.startswith("cinema,CNY,FILM,Film,2,0,30.26,0,30.26,")


def test_a_name_is_no_formula_in_the_table(programme: Programme) -> None:
    client = stocked(programme, "m1")
    (code,) = given(client, "FILM", "m1")
    spent = {"userId": "m1", "order": ORDER, "confirm": True}
    told(client, "/v1/redemptions", {"redemption": "r-1", "coupons": [code], **spent})
    (coupon,) = (one for one in GOODS["coupons"] if one["key"] == "FILM")
    person = programme.signed_in("marketer")
    named = {**coupon, "name": {"en": "=HYPERLINK(1)"}}
    assert 200 == person.put("/v1/definitions/coupons/FILM", json=named).status_code
    programme.clock.advance(1)

    assert ",'=HYPERLINK(1)," in person.get(f"{SETTLEMENT}.csv").text


def test_a_partner_owes_of_all_its_coupons_together(programme: Programme) -> None:
    """In one sum, and each by itself; a key is no formula in the table either."""
    client = stocked(programme, "m1")
    (coupon,) = (one for one in GOODS["coupons"] if one["key"] == "FILM")
    person = programme.signed_in("marketer")
    snack = {**coupon, "key": "=SNACK"}
    assert 200 == person.put("/v1/definitions/coupons/=SNACK", json=snack).status_code
    for number, key in enumerate(("FILM", "=SNACK")):
        gift = {"coupon": key, "batch": f"b-{number}", "userIds": ["m1"], "why": "test"}
        told(client, "/v1/coupons/issue", gift)
        held = client.get("/v1/members/m1/coupons").json()["items"]
        (code,) = (one["code"] for one in held if one["coupon"] == key)
        order = {**ORDER, "order_id": f"o-{number}"}
        spent = {"redemption": f"r-{number}", "userId": "m1", "order": order, "confirm": True}
        told(client, "/v1/redemptions", {**spent, "coupons": [code]})

    (row,) = settled(programme)
    assert (2, "30.26", "30.26") == tuple(row[one] for one in ("used", "charged", "owed"))
    assert [("=SNACK", "15.13"), ("FILM", "15.13")] == [
        (one["coupon"], one["owed"]) for one in row["coupons"]
    ]
    assert ",'=SNACK," in programme.signed_in("auditor").get(f"{SETTLEMENT}.csv").text


def test_a_refund_gives_the_share_back(programme: Programme) -> None:
    """What was charged is given back to the cent, even if the cost has changed since."""
    client = stocked(programme, "m1")
    (code,) = given(client, "FILM", "m1")
    order = {"event": "Order Completed", "userId": "m1", "properties": ORDER}
    told(client, "/v1/track", order)
    spent = {"userId": "m1", "order": ORDER, "confirm": True}
    told(client, "/v1/redemptions", {"redemption": "r-1", "coupons": [code], **spent})
    (coupon,) = (one for one in GOODS["coupons"] if one["key"] == "FILM")
    changed = {**coupon, "unit_cost": "99"}
    person = programme.signed_in("marketer")
    assert 200 == person.put("/v1/definitions/coupons/FILM", json=changed).status_code
    told(client, "/v1/track", {**order, "event": "Order Refunded"})

    (row,) = settled(programme)

    assert (1, 1, "15.13", "15.13", "0") == tuple(
        row[key] for key in ("used", "returned", "charged", "given_back", "owed")
    )
    with programme.database.read() as connection:
        postings = ledger.ledger_of(connection, "m1", "cost:CNY")
        report = replay_log(connection)
    assert ["discharge", "charge"] == [one.posting.kind for one in postings]
    assert postings[1].posting.id == postings[0].posting.reverses
    assert [] == report.divergences


def test_members_hold_nothing_of_it(programme: Programme) -> None:
    """The member's ledger and the programme's totals don't show what lies between us and a partner."""
    client = stocked(programme, "m1")
    (code,) = given(client, "FILM", "m1")
    spent = {"userId": "m1", "order": ORDER, "confirm": True}
    told(client, "/v1/redemptions", {"redemption": "r-1", "coupons": [code], **spent})

    shown = client.get("/v1/members/m1/ledger").json()

    assert {"points"} == {one["unit"] for one in shown["items"]}
    assert (2000, 0, 0, 0) == balances(client, "m1")
    assert_books_are_sound(client, programme)


def test_only_the_period_counts(programme: Programme) -> None:
    client = stocked(programme, "m1")
    (code,) = given(client, "FILM", "m1")
    spent = {"userId": "m1", "order": ORDER, "confirm": True}
    told(client, "/v1/redemptions", {"redemption": "r-1", "coupons": [code], **spent})
    with programme.database.read() as connection:
        (charged,) = (one.posting.as_of for one in ledger.ledger_of(connection, "m1", "cost:CNY"))
    at, after = instant_text(charged), instant_text(charged + 1)
    assert [1] == [row["used"] for row in settled(programme, **{"from": at, "until": after})]
    assert [] == settled(programme, **{"from": after})
    assert [] == settled(programme, until=at)
    programme.clock.advance(31 * 86_400)

    assert [] == settled(programme)

    person = programme.browser()
    person.post("/v1/session", json={"name": "auditor", "password": "wrong"})
    assert 401 == person.get(SETTLEMENT).status_code


def test_a_share_needs_a_cost(programme: Programme) -> None:
    stocked(programme)
    person = programme.signed_in("marketer")

    answer = person.put(
        "/v1/definitions/coupons/FREE",
        json={"key": "FREE", "name": {"en": "Free"}, "kind": "gift", "partner": "cinema"},
    )

    assert (422, "/unit_cost") == (answer.status_code, answer.json()["errors"][0]["path"])
    assert "costs" in str(answer.json()["errors"][0])
