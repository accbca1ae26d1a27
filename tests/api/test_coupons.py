"""Coupons over HTTP: valid or why not, withdrawn, issued to many, and taken from pools."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.service import issuing
from api.store import views
from api.store.grants import new_code
from tests.api.conftest import Programme
from tests.api.shop import ORDER, Json, coupons_of, given, refused, stocked, told

V = "/v1/coupons/validate"
CSV = {"Content-Type": "text/csv"}
POOL = "/v1/coupons/POOLED/pool"


def issue(batch: str = "b-1", coupon: str = "FIVE", **more: object) -> Json:
    return {"coupon": coupon, "batch": batch, "why": "test", **more}


def swapped(code: str) -> str:
    """Return a code with its first two characters that differ swapped."""
    at = next(place for place in range(len(code) - 2) if code[place] != code[place + 1])
    return code[:at] + code[at + 1] + code[at] + code[at + 2 :]


def test_a_valid_coupon(programme: Programme) -> None:
    client = stocked(programme, "m1")
    (code,) = given(client, "FIVE", "m1")

    alone = told(client, V, {"code": code})
    on_order = told(client, V, {"code": f" {code.lower()} ", "userId": "m1", "order": ORDER})

    assert (True, code, "FIVE", "amount") == tuple(alone[key] for key in ("valid", "code", "coupon", "kind"))
    assert (True, code, "5") == tuple(on_order[key] for key in ("valid", "code", "discount"))
    assert alone["expires_at"] == on_order["expires_at"]


def test_why_a_coupon_is_not_valid(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2")
    mine, used, voided, old = (given(client, "FIVE", "m1", batch=f"b{at}")[0] for at in range(4))
    (big,) = given(client, "BIG", "m1")
    codes = {one["code"] for one in coupons_of(client, "m1") if one["coupon"] == "FIVE"}
    mine, used, voided, old = sorted(codes)
    spent = {"userId": "m1", "order": ORDER, "confirm": True}
    told(client, "/v1/redemptions", {"redemption": "r-1", "coupons": [used], **spent})
    told(client, f"/v1/coupons/{voided}/void", {"userId": "m1", "why": "test"})
    told(client, "/v1/redemptions", {**spent, "redemption": "r-2", "coupons": [old], "confirm": False})

    def why(**asked: object) -> str:
        said = told(client, V, asked)
        assert (False, {"en", "zh-Hans"}) == (said["valid"], set(said["text"]))
        return str(said["reason"])

    assert "coupon-unknown" == why(code="NOPE")
    assert "coupon-unknown" == why(code=new_code())
    assert "coupon-mistyped" == why(code=swapped(mine))
    assert "coupon-not-yours" == why(code=mine, userId="m2")
    assert "coupon-not-yours" == why(code=mine, userId="nobody")
    assert "coupon-used" == why(code=used)
    assert "coupon-voided" == why(code=voided, userId="m1")
    assert "coupon-held" == why(code=old)
    assert "coupon-held" == why(code=old, order=ORDER)
    assert "coupon-below-minimum" == why(code=big, order=ORDER)
    assert "coupon-currency" == why(code=big, order={"total": 500, "currency": "JPY"})
    assert "bad-order" == why(code=mine, order={})
    programme.clock.advance(31 * 86_400)
    assert "coupon-expired" == why(code=mine)
    assert "coupon-expired" == why(code=mine, order=ORDER)


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 65}, {"code": "A", "order": 1}])
def test_bad_questions(programme: Programme, body: Json) -> None:
    assert (422, "invalid-request") == refused(programme.backend(), V, body)


def test_withdrawing(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2")
    (code,) = given(client, "FIVE", "m1")
    path, why = f"/v1/coupons/{code}/void", {"userId": "m1", "why": "test"}
    held = {"redemption": "r-1", "userId": "m1", "order": ORDER, "coupons": [code]}
    told(client, "/v1/redemptions", held)

    assert "coupon-held" == told(client, path, why)["reason"]
    assert "coupon-unknown" == told(client, path, {**why, "userId": "m2"})["reason"]
    told(client, "/v1/redemptions/r-1/release", {"userId": "m1"})
    done = told(client, path, why)

    assert ("done", code, "FIVE") == tuple(done[key] for key in ("status", "code", "coupon"))
    assert done == told(client, path, why)
    assert (409, "message-conflict") == refused(client, path, {**why, "why": "another"})
    assert (404, "not-found") == refused(client, "/v1/coupons/x/void", {**why, "userId": "nobody"})
    assert (422, "invalid-request") == refused(client, path, {"userId": "m1"})
    assert "voided" == coupons_of(client, "m1")[0]["state"]


def test_issuing_to_a_list_is_idempotent(programme: Programme) -> None:
    members = [f"m{at}" for at in range(5)]
    client = stocked(programme, *members, points=0)
    body = issue(userIds=[*members, "m0", "nobody"])

    first = told(client, "/v1/coupons/issue", body)
    again = told(client, "/v1/coupons/issue", body)

    assert (5, 0, {"member-unknown": 1}) == (first["issued"], first["repeated"], first["refused"])
    assert [("nobody", "member-unknown")] == [(one["userId"], one["reason"]) for one in first["failures"]]
    assert (5, 5) == (again["issued"], again["repeated"])
    assert [1] * 5 == [len(coupons_of(client, member)) for member in members]
    other = told(client, "/v1/coupons/issue", {**body, "coupon": "BIG", "userIds": ["m0"]})
    assert {"message-conflict": 1} == other["refused"]


def test_issuing_stops_when_the_stock_is_used_up(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "_CHUNK", 2)
    members = [f"m{at}" for at in range(7)]
    client = stocked(programme, *members, points=0)

    said = told(client, "/v1/coupons/issue", issue(coupon="RARE", userIds=members))

    assert (3, {"coupon-stock": 1}, 3) == (said["issued"], said["refused"], said["not_tried"])
    (stock,) = [
        one for one in programme.signed_in("auditor").get("/v1/budgets").json()["stock"]
        if one["pot"] == "coupon/RARE"
    ]  # fmt: skip
    assert (3, 3, 0) == (stock["granted"], stock["limit"], stock["left"])


def test_the_last_coupon_of_a_stock_is_issued_once(programme: Programme) -> None:
    members = [f"m{at}" for at in range(12)]
    client = stocked(programme, *members, points=0)

    def once(member: str) -> int:
        said = told(programme.backend(), "/v1/coupons/issue", issue(coupon="RARE", userIds=[member]))
        return int(said["issued"])

    with ThreadPoolExecutor(6) as pool:
        assert 3 == sum(pool.map(once, members))
    assert 3 == sum(len(coupons_of(client, member)) for member in members)


def test_a_limit_per_member_is_kept(programme: Programme) -> None:
    client = stocked(programme, "m1", points=0)
    told(client, "/v1/coupons/issue", issue("b-1", "ONCE", userIds=["m1"]))
    second = told(client, "/v1/coupons/issue", issue("b-2", "ONCE", userIds=["m1"]))

    assert {"coupon-per-member": 1} == second["refused"]


def test_issuing_to_the_holders_of_a_tag(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "PAGE", 2)
    members = [f"m{at}" for at in range(5)]
    client = stocked(programme, *members, "outsider", points=0)
    programme.publish()
    for member in members:
        order = {"userId": member, "event": "Order Completed", "properties": {"total": 120}}
        told(client, "/v1/track", order)

    pages: list[Json] = []
    after: str | None = None
    while not pages or after is not None:
        body = issue(tag="vip", **({"after": after} if after else {}))
        pages.append(told(client, "/v1/coupons/issue", body))
        after = pages[-1]["next"]

    assert [2, 2, 1] == [one["issued"] for one in pages]
    owners = [sum(one["coupon"] == "FIVE" for one in coupons_of(client, member)) for member in members]
    assert [1] * 5 == owners
    assert [] == coupons_of(client, "outsider")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"coupon": "NOPE"}, (404, "not-found")),
        ({"userIds": None, "tag": "nope"}, (404, "not-found")),
        ({"userIds": None}, (422, "invalid-request")),
        ({"tag": "vip"}, (422, "invalid-request")),
        ({"after": "m1"}, (422, "invalid-request")),
        ({"userIds": []}, (422, "invalid-request")),
        ({"userIds": ["m"] * 10_001}, (422, "invalid-request")),
        ({"batch": "a:b"}, (422, "invalid-request")),
        ({"why": ""}, (422, "invalid-request")),
    ],
)
def test_bad_batches(programme: Programme, change: Json, expected: tuple[int, str]) -> None:
    client = stocked(programme, "m1", points=0)
    body = {key: value for key, value in {**issue(userIds=["m1"]), **change}.items() if value is not None}

    assert expected == refused(client, "/v1/coupons/issue", body)


def test_a_pool_of_codes(programme: Programme) -> None:
    client = stocked(programme, "m1", "m2", "m3", points=0)

    first = client.post(POOL, content='\ufeffcode,note\r\nA-1,x\r\n"B,2"\r\n\r\nA-1\r\n', headers=CSV).json()
    jsonl = {"Content-Type": "application/jsonl"}
    second = client.post(
        POOL, content='"A-1"\n{"code": "C 3"}\n{"code": "D-4"}\nnull\n{', headers=jsonl
    ).json()

    assert (2, 1, 0) == tuple(first[key] for key in ("added", "duplicates", "invalid"))
    assert (1, 1, 3) == tuple(second[key] for key in ("added", "duplicates", "invalid"))
    assert [2, 4, 5] == [one["line"] for one in second["errors"]]
    assert 3 == programme.signed_in("auditor").get(POOL).json()["left"]
    codes = given(client, "POOLED", "m1", "m2", "m3")
    assert {"A-1", "B,2", "D-4"} == set(codes)
    assert (True, "POOLED") == tuple(told(client, V, {"code": "B,2"})[key] for key in ("valid", "coupon"))
    empty = told(client, "/v1/coupons/issue", issue("b-2", "POOLED", userIds=["m1"]))
    assert {"coupon-codes": 1} == empty["refused"]
    again = client.post(POOL, content="A-1\n", headers=CSV).json()
    assert (0, 1) == (again["added"], again["duplicates"])


def test_a_pool_is_streamed_beyond_the_size_of_a_body(programme: Programme) -> None:
    client = stocked(programme, "m1", points=0)
    codes = (b"".join(b"CODE-%012d\n" % (part * 1_000 + at) for at in range(1_000)) for part in range(120))

    answer = client.post(POOL, content=codes, headers=CSV)

    assert (200, 120_000) == (answer.status_code, answer.json()["added"])
    with programme.database.read() as connection:
        assert views.coupon(connection, "CODE-000000000000") is None


@pytest.mark.parametrize(
    ("path", "headers", "body", "expected"),
    [
        ("/v1/coupons/NOPE/pool", CSV, b"A\n", (404, "not-found")),
        ("/v1/coupons/FIVE/pool", CSV, b"A\n", (422, "invalid-request")),
        (POOL, {"Content-Type": "image/png"}, b"A\n", (422, "invalid-request")),
        (POOL, {**CSV, "Content-Encoding": "gzip"}, b"A\n", (415, "unsupported-encoding")),
        (POOL, CSV, b"A" * 5_000, (413, "too-large")),
    ],
)
def test_bad_pools(
    programme: Programme, path: str, headers: dict[str, str], body: bytes, expected: tuple[int, str]
) -> None:
    client = stocked(programme, "m1", points=0)
    answer = client.post(path, content=body, headers=headers)

    assert expected == (answer.status_code, answer.json()["code"])
