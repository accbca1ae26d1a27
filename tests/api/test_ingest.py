"""The ingest routes: what a backend may send, and what it is told."""

import gzip
import json
from decimal import Decimal
from typing import Any

import pytest

from api.store import log
from api.store.errors import QueueFull
from tests.api.conftest import Programme

ORDER = {
    "userId": "m1",
    "messageId": "o-1",
    "event": "Order Completed",
    "properties": {"order_id": "A1", "total": 120},
}


def body(**changes: Any) -> bytes:
    return json.dumps({**ORDER, **changes}).encode()


BAD = {
    "empty": b"",
    "not-json": b"{",
    "two-values": b"{} {}",
    "a-list": b"[]",
    "nan": b'{"userId":"m","event":"E","properties":{"x":NaN}}',
    "infinity": b'{"userId":"m","event":"E","properties":{"x":-Infinity}}',
    "huge-int": b'{"userId":"m","event":"E","properties":{"x":9007199254740993}}',
    "int-of-5000-digits": b'{"userId":"m","event":"E","properties":{"x":' + b"9" * 5_000 + b"}}",
    "int-beyond-64-bits": b'{"userId":"m","event":"E","properties":{"x":123456789012345678901234}}',
    "exponent": b'{"userId":"m","event":"E","properties":{"x":1e999}}',
    "exponent-beyond-decimal": b'{"userId":"m","event":"E","properties":{"x":1e99999999999999999999}}',
    "nul": b'{"userId":"m","event":"E","properties":{"x":"a\\u0000b"}}',
    "nul-in-key": b'{"userId":"m","event":"E","properties":{"a\\u0000":1}}',
    "nul-in-id": b'{"userId":"m\\u0000","event":"E"}',
    "lone-surrogate": b'{"userId":"m","event":"E","properties":{"x":"\\ud800"}}',
    "surrogate-bytes": b'{"userId":"m","event":"E","properties":{"x":"\xed\xa0\x80"}}',
    "not-utf-8": b'{"userId":"\xff","event":"E"}',
    "deep": b'{"userId":"m","event":"E","properties":{"x":' + b"[" * 40 + b"]" * 40 + b"}}",
    "very-deep": b"[" * 16_000 + b"]" * 16_000,
    "no-member": b'{"event":"E"}',
    "blank-member": b'{"userId":" ","event":"E"}',
    "null-member": b'{"userId":null,"event":"E"}',
    "number-as-member": b'{"userId":7,"event":"E"}',
    "long-member": b'{"userId":"' + b"m" * 256 + b'","event":"E"}',
    "no-event": b'{"userId":"m"}',
    "number-as-event": b'{"userId":"m","event":7}',
    "our-own-event": b'{"userId":"m","event":"Timer Fired"}',
    "long-message-id": b'{"userId":"m","event":"E","messageId":"' + b"x" * 256 + b'"}',
    "properties-a-list": b'{"userId":"m","event":"E","properties":[]}',
    "no-zone": b'{"userId":"m","event":"E","timestamp":"2026-01-01T00:00:00"}',
    "date-only": b'{"userId":"m","event":"E","timestamp":"2026-01-01"}',
    "number-as-time": b'{"userId":"m","event":"E","timestamp":1767225600}',
    "year-one": b'{"userId":"m","event":"E","timestamp":"0001-01-01T00:00:00+14:00"}',
    "year-9999": b'{"userId":"m","event":"E","timestamp":"9999-12-31T23:59:59Z"}',
    "bad-sent-at": b'{"userId":"m","event":"E","sentAt":"yesterday"}',
}


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD)
def test_bad_calls_are_refused_with_a_problem(programme: Programme, sent: bytes) -> None:
    answer = programme.backend().post("/v1/track", content=sent)

    assert 400 == answer.status_code, answer.text
    assert "application/problem+json" == answer.headers["content-type"]
    assert answer.json()["code"] in {"malformed-json", "invalid-call"}
    with programme.database.read() as connection:
        assert [] == list(log.all_entries(connection))


@pytest.mark.parametrize("path", ["/v1/track", "/v1/identify", "/v1/batch"])
def test_a_body_of_50_mb_is_refused(programme: Programme, path: str) -> None:
    """Also when it is streamed, so that no length is told beforehand."""
    told = programme.backend().post(path, content=b"x" * 50_000_000)
    streamed = programme.backend().post(path, content=(b"x" * 100_000 for _ in range(500)))

    assert [413, 413] == [told.status_code, streamed.status_code]
    assert "too-large" == told.json()["code"] == streamed.json()["code"]


def test_limits_of_a_call_and_a_batch(programme: Programme) -> None:
    client = programme.backend()
    long_call = {**ORDER, "properties": {"note": "x" * 33_000}}

    assert 413 == client.post("/v1/track", json=long_call).status_code
    items = client.post("/v1/batch", json={"batch": [{"type": "track", **long_call}]}).json()["items"]
    assert "too-large" == items[0]["code"]
    assert 413 == client.post("/v1/batch", json={"batch": [], "x": "y" * 600_000}).status_code


def test_what_is_durable_is_answered_with_its_effects(programme: Programme) -> None:
    programme.publish()

    answer = programme.backend().post("/v1/track", content=body()).json()

    assert ("accepted", 1) == (answer["status"], answer["sequence"])
    assert ["add_tag", "issue_coupon", "send_message"] == [one["type"] for one in answer["effects"]]


def test_ruling_21_duplicates_and_conflicts(programme: Programme) -> None:
    client = programme.backend()
    first = client.post("/v1/track", content=body()).json()
    again = client.post("/v1/track", content=body(sentAt="2026-01-01T00:00:00Z"))
    other = client.post("/v1/track", content=body(properties={"total": 121}))

    assert (200, "duplicate", first["sequence"]) == (
        again.status_code,
        again.json()["status"],
        again.json()["sequence"],
    )
    assert (409, "message-conflict") == (other.status_code, other.json()["code"])


def test_without_message_id_two_calls_are_two(programme: Programme) -> None:
    client = programme.backend()
    answers = [client.post("/v1/track", content=body(messageId=None)).json() for _ in range(2)]

    assert ["accepted", "accepted"] == [one["status"] for one in answers]
    assert answers[0]["messageId"] != answers[1]["messageId"]


def test_unknown_events_and_members_are_taken_in(programme: Programme) -> None:
    client = programme.backend()
    answer = client.post("/v1/track", json={"userId": "new", "event": "Coffee Spilled", "anonymousId": "a"})

    assert 200 == answer.status_code
    assert "new" == client.get("/v1/members/new").json()["id"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0.1", "0.1"),
        ("1.10", "1.1"),
        ("100.00", 100),
        ("1e2", 100),
        ("-0.0", 0),
        ("19.999999999999999999999", "19.999999999999999999999"),
        ("9007199254740992", 9007199254740992),
    ],
)
def test_ruling_15_numbers_are_exactly_their_text(programme: Programme, text: str, kept: object) -> None:
    sent = b'{"userId":"m1","event":"E","properties":{"total":%s}}' % text.encode()
    assert 200 == programme.backend().post("/v1/track", content=sent).status_code

    with programme.database.read() as connection:
        (entry,) = log.all_entries(connection)
    assert kept == entry.event.properties["total"]
    assert Decimal(text) == Decimal(entry.event.properties["total"])


def test_a_clock_that_is_wrong_is_corrected(programme: Programme) -> None:
    """An hour ahead by both stamps is an hour of skew, not of time."""
    ahead = "2036-01-01T00:00:00Z"
    refused = programme.backend().post("/v1/track", content=body(timestamp=ahead))
    corrected = programme.backend().post("/v1/track", content=body(timestamp=ahead, sentAt=ahead))

    assert (400, "/timestamp") == (refused.status_code, refused.json()["errors"][0]["path"])
    assert 200 == corrected.status_code
    with programme.database.read() as connection:
        (entry,) = log.all_entries(connection)
    assert programme.clock.now() == entry.event.occurred_at


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/import"])
def test_a_bad_call_in_a_batch_harms_no_other(programme: Programme, path: str) -> None:
    calls = [
        {"type": "track", **ORDER},
        {"type": "track", "event": "E"},
        {"type": "page", "userId": "m1"},
        {"type": "identify", "userId": "m1", "messageId": "i-1", "traits": {"city": "杭州"}},
        "no object",
        {"type": "track", **ORDER, "properties": {}},
        {"type": "track", "userId": "m1", "event": "E", "properties": {"x": 2**60}},
    ]
    answer = programme.backend().post(path, json={"batch": calls, "writeKey": "ignored"})

    assert 200 == answer.status_code
    items = answer.json()["items"]
    assert ["accepted", "rejected", "rejected", "accepted", "rejected", "conflict", "rejected"] == [
        one["status"] for one in items
    ]
    assert [
        None,
        "invalid-call",
        "unsupported-type",
        None,
        "invalid-call",
        "message-conflict",
        "invalid-call",
    ] == [one.get("code") for one in items]
    assert "/properties/x" == items[6]["errors"][0]["path"]
    assert answer.json()["success"] is False


@pytest.mark.parametrize(
    "sent", [b"{", b"[]", b"{}", b'{"batch":{}}', b'{"batch":[],"sentAt":7}', b'{"batch":[{"x":"\\ud800"}]}']
)
def test_a_batch_that_is_none(programme: Programme, sent: bytes) -> None:
    assert 400 == programme.backend().post("/v1/batch", content=sent).status_code


def test_gzip(programme: Programme) -> None:
    client = programme.backend()
    headers = {"Content-Encoding": "gzip"}
    packed = gzip.compress(body())

    assert 200 == client.post("/v1/track", content=packed, headers=headers).status_code
    for broken in (b"no gzip", packed[:-4], packed + b"more"):
        assert "malformed-json" == client.post("/v1/track", content=broken, headers=headers).json()["code"]
    bomb = gzip.compress(b" " * 50_000_000)
    assert 413 == client.post("/v1/batch", content=bomb, headers=headers).status_code
    other = client.post("/v1/track", content=packed, headers={"Content-Encoding": "br"})
    assert (415, "unsupported-encoding") == (other.status_code, other.json()["code"])


def test_a_full_queue_is_told(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise QueueFull("too many")

    monkeypatch.setattr(type(programme.services.ingest), "submit", full)
    answer = programme.backend().post("/v1/track", content=body())

    assert (429, "overloaded", "1") == (
        answer.status_code,
        answer.json()["code"],
        answer.headers["retry-after"],
    )


def test_an_alias_names_the_member_from_then_on(programme: Programme) -> None:
    client = programme.backend()
    client.post("/v1/track", json={"anonymousId": "a1", "event": "Product Viewed"})
    answer = client.post("/v1/alias", json={"userId": "m9", "previousId": "old-9"})
    client.post("/v1/track", json={"userId": "old-9", "event": "E"})

    assert 200 == answer.status_code
    assert 2 == client.get("/v1/members/m9").json()["events"]
    assert 400 == client.post("/v1/alias", json={"userId": "m9"}).status_code
