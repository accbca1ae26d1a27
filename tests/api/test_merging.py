"""Two members become one over HTTP (ruling 17): names, tables, replay, and who said so."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select, update

from api.service.calls import Told
from api.service.counting import Counting
from api.service.identity import Members
from api.service.replay_report import Asked
from api.service.replaying import replay_log
from api.service.unit import Unit
from api.store import identities, merging
from api.store.database import was_taken_back
from api.store.errors import Moved
from api.store.identities import Identity
from api.store.schema import COUNTED, COUPON, EVENT, LEDGER, MEASURE, MEMBER, OUTBOX, PURCHASE, TASK
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.ledger.postings import member_account
from tests.api.conftest import Programme
from tests.api.loyal import DEFINITIONS, RULES, Lives

Json = dict[str, Any]


def order(programme: Programme, user: str, total: int = 120, **more: Any) -> Json:
    sent = {
        "userId": user,
        "event": "Order Completed",
        "properties": {"total": total, "order_id": f"{user}-{total}"},
    }
    answer: Json = programme.backend().post("/v1/track", json=sent | more).json()
    return answer


def alias(programme: Programme, user: str, previous: str, **more: Any) -> Any:
    return programme.backend().post("/v1/alias", json={"userId": user, "previousId": previous, **more})


def member(programme: Programme, key: str) -> Json:
    found: Json = programme.backend().get(f"/v1/members/{key}").json()
    return found


def replayed(programme: Programme, key: str | None = None) -> list[Any]:
    with programme.database.read() as connection:
        return replay_log(connection, Asked(member=key)).divergences


def test_two_histories_become_one(either: Programme) -> None:
    """Coupons, tags and orders of both are the older one's, under every id, and replay agrees."""
    either.publish()
    order(either, "ann")
    either.clock.advance(60)
    order(either, "bob", 130)
    answer = alias(either, "bob", "ann", messageId="alias-1")
    order(either, "bob", 140)

    assert 200 == answer.status_code, answer.text
    ann = member(either, "ann")
    assert 3 == len(ann["coupons"])
    assert 3 == ann["events"]
    assert 3 == next(one["count"] for one in ann["figures"] if one["event"] == "Order Completed")
    assert ann == member(either, "bob") | {"asked_for": "ann"}
    assert ("bob", "ann", "shop") == tuple(ann["merged"][0][key] for key in ("member", "into", "by"))
    assert ["ann"] == [one["id"] for one in either.backend().get("/v1/members").json()["items"]]
    assert 3 == len(either.backend().get("/v1/members/bob/coupons").json()["items"])
    for key in (None, "ann", "bob"):
        assert [] == replayed(either, key)
    again = alias(either, "bob", "ann", messageId="alias-1").json()
    assert "duplicate" == again["status"]
    assert answer.json()["sequence"] == again["sequence"]
    assert "accepted" == alias(either, "ann", "bob").json()["status"]
    assert 1 == len(member(either, "ann")["merged"])
    assert [] == replayed(either)


def test_everything_that_is_kept_of_a_member_goes_over(either: Programme) -> None:
    """Coupons, messages and tasks move in the same transaction; the log and the ledger stay."""
    either.publish()
    order(either, "ann")
    either.clock.advance(60)
    order(either, "bob", 130)
    alias(either, "ann", "bob")
    with either.database.read() as connection:
        owners = {
            table.name: sorted(connection.execute(select(table.c.member)).scalars())
            for table in (COUPON, OUTBOX, TASK)
        }
        logged = Counter(connection.execute(select(EVENT.c.member)).scalars())
        parts = merging.parts(connection, "ann")

    assert {"coupon": ["ann", "ann"], "outbox_message": ["ann", "ann"], "task": []} == owners
    assert {"ann": 2, "bob": 1} == logged
    assert ["bob"] == parts


def test_an_unknown_id_is_one_more_name(programme: Programme) -> None:
    """Who was never heard of has no history to merge: the id is one more name of the other."""
    order(programme, "ann")

    assert "accepted" == alias(programme, "new-1", "ann").json()["status"]
    assert "accepted" == alias(programme, "ann", "old-1").json()["status"]
    order(programme, "new-1", 130)
    order(programme, "old-1", 140)
    for name in ("ann", "new-1", "old-1"):
        found = member(programme, name)
        assert ("ann", name, 5) == (found["id"], found["asked_for"], found["events"])
        assert 200 == programme.backend().get(f"/v1/members/{name}/coupons").status_code
    assert [] == member(programme, "ann")["merged"]
    assert "accepted" == alias(programme, "ann", "ann").json()["status"]


def test_a_device_is_named_by_an_alias(programme: Programme) -> None:
    """What an anonymous visitor did belongs to the member once an alias says so."""
    client = programme.backend()
    client.post("/v1/track", json={"anonymousId": "device-1", "event": "Product Viewed"})
    programme.clock.advance(60)
    order(programme, "ann")
    alias(programme, "ann", "device-1", keep="userId")

    assert "ann" == member(programme, "anonymous:device-1")["id"]
    client.post("/v1/track", json={"anonymousId": "device-1", "event": "Product Viewed"})
    assert 2 == next(
        one["count"] for one in member(programme, "ann")["figures"] if one["event"] == "Product Viewed"
    )


def test_a_chain_of_merges(either: Programme) -> None:
    """A into B into C: every id leads to the one that is left, also in one batch."""
    either.publish()
    for key in ("cat", "bob", "ann"):
        order(either, key)
        either.clock.advance(60)
    batch = [
        {"type": "alias", "userId": "bob", "previousId": "ann", "messageId": "b1"},
        {"type": "track", "userId": "ann", "event": "Checked In", "messageId": "b2"},
        {"type": "alias", "userId": "ann", "previousId": "cat", "messageId": "b3"},
        {"type": "track", "userId": "bob", "event": "Checked In", "messageId": "b4"},
        {"type": "alias", "userId": "ann", "previousId": "bob", "messageId": "b5"},
    ]
    items = either.backend().post("/v1/batch", json={"batch": batch}).json()["items"]

    assert ["accepted"] * 5 == [one["status"] for one in items]
    cat = member(either, "cat")
    assert [("bob", "cat"), ("ann", "bob")] == [(one["member"], one["into"]) for one in cat["merged"]]
    assert 2 == next(one["count"] for one in cat["figures"] if one["event"] == "Checked In")
    assert 3 == len(cat["coupons"])
    for key in ("ann", "bob"):
        assert "cat" == member(either, key)["id"]
    for whose in (None, "ann", "bob", "cat"):
        assert [] == replayed(either, whose)


def test_the_call_may_say_who_goes_on(programme: Programme) -> None:
    """`keep` names the id whose member goes on, whoever is older."""
    order(programme, "old")
    programme.clock.advance(60)
    order(programme, "new")
    refused = alias(programme, "new", "old", keep="me")
    alias(programme, "new", "old", keep="userId")

    assert 400 == refused.status_code
    assert "new" == member(programme, "old")["id"]


def test_personal_values_are_sealed_under_the_survivors_key(either: Programme) -> None:
    """The vault follows what was told last; nothing is left under the key of the member that ended."""
    client = either.backend()
    for user, traits in (
        ("ann", {"phone": "13800138000", "name": "Ann"}),
        ("bob", {"phone": "13900139000", "email": "bob@example.com"}),
    ):
        client.post("/v1/identify", json={"userId": user, "traits": traits})
        either.clock.advance(60)
    alias(either, "ann", "bob")

    shown = member(either, "ann")["personal"]
    assert {"phone": "***9000", "name": "A***", "email": "b***@example.com"} == shown
    found = either.backend().get("/v1/members", params={"search": "13900139000"}).json()["items"]
    assert ["ann"] == [one["id"] for one in found]


def test_a_forged_merge_is_found(either: Programme) -> None:
    """Who claims that a member is in its own right, or a part of another, is contradicted by the log."""
    order(either, "ann")
    either.clock.advance(60)
    order(either, "bob")
    order(either, "cat")
    alias(either, "ann", "bob")
    with either.database.write() as connection:
        connection.execute(update(MEMBER).where(MEMBER.c.key == "bob").values(merged_into="cat"))
    assert {"merged_into", "state/merged_into"} & {one.path for one in replayed(either, "bob")}
    with either.database.write() as connection:
        connection.execute(update(MEMBER).where(MEMBER.c.key == "bob").values(merged_into=None))
    assert "merged_into" not in {one.path for one in replayed(either, "ann")}
    assert "state/merged_into" in {one.path for one in replayed(either, "bob")}


def test_whoever_looked_before_a_merge_looks_again(either: Programme) -> None:
    """A transaction that meets a member that has ended in between is taken back, to be tried again."""
    order(either, "ann")
    order(either, "bob")
    alias(either, "ann", "bob")

    with either.database.write() as connection:
        unit = Unit(connection, either.services.rulebook, either.services.rulebook.network(), None)  # type: ignore[arg-type]
        with pytest.raises(Moved, match="'bob' became a part of 'ann'") as raised:
            unit.load(["bob"])
    assert was_taken_back(raised.value)


def test_an_id_that_changes_hands_is_looked_up_again(either: Programme) -> None:
    """Between looking an id up and writing it down, another process may give it to somebody else."""
    services = either.services
    order(either, "ann")
    told = Told(kind="track", message_id="t1", user_id="new", name="Checked In", properties={})
    call = services.door.admit(told, "shop", services.rulebook.index().rules.catalogue)
    with either.database.write() as connection:
        looked_up = Members(connection, [call])
        identities.link(connection, {Identity("user_id", "new"): "ann"})
        with pytest.raises(Moved, match="an id of 'new' became one of 'ann'") as raised:
            looked_up.link([0])
        assert "ann" == Members(connection, [call]).key(0)
    assert was_taken_back(raised.value)


def test_every_table_says_what_a_merge_does_to_it() -> None:
    """A new table with members' rows must be moved by a merge, follow the state, or be told to stay."""
    follows = {"member_tag", "member_segment", "level", "membership", "hold"}
    stays = {"event", "decision", "outcome", "ledger_entry", "snapshot", "possible_duplicate"}
    stays |= {"telling"}  # looked up again when it is told
    cursors = {"broadcast"}  # a place in the order of keys, which nobody needs to be at
    resealed = {"vault", "member_key"}
    counted = {"counted_member", "member_attribute", "member_measure", "purchase"}
    with_members = {table.name for table in MEMBER.metadata.tables.values() if "member" in table.c}

    assert with_members == {table.name for table in merging.MOVED} | (
        follows | stays | cursors | resealed | counted
    )


@pytest.mark.parametrize("seed", range(3))
def test_lives_that_merge_add_up_and_replay(either: Programme, seed: int) -> None:
    """Everything the programme gives, lived by five who turn out to be two: it adds up, and replays."""
    crm = {"endpoints": [{"key": "crm", "name": {"en": "CRM"}, "url": "http://127.0.0.1:9/x"}]}
    either.services.definitions.merge(Definitions.model_validate(DEFINITIONS | crm), by="test")
    either.services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
    lives = Lives(either, seed, members=5)
    for one, other in (("m0", "m1"), ("m2", "m3"), ("m1", "m3")):
        lives.live(30)
        answer = alias(either, one, other)
        assert 200 == answer.status_code, answer.text
    lives.live(30)

    assert [] == replayed(either)
    assert 3 == len(member(either, "m3")["merged"])
    with either.database.read() as connection:
        accounts: Counter[str] = Counter()
        for posted in connection.execute(select(LEDGER)).all():
            accounts[posted.debit] -= posted.amount
            accounts[posted.credit] += posted.amount
        ended = merging.into(connection, [f"m{number}" for number in range(5)])
    assert 0 == accounts.total()
    assert 3 == len(ended)
    for key in ended:
        parts = ("", "pending", "held", "debt")
        assert not any(accounts[member_account(key, "points", part)] for part in parts)  # type: ignore[arg-type]
    balance = next(one for one in member(either, "m0")["balances"] if one["unit"] == "points")
    survivor = member(either, "m0")["id"]
    assert balance["available"] == accounts[member_account(survivor, "points")]


def test_a_shared_phone_number_is_only_a_hint(either: Programme) -> None:
    """Two members with one number are listed for a person, who says that they are two, or one."""
    client = either.backend()
    for user in ("ann", "bob", "cat"):
        client.post("/v1/identify", json={"userId": user, "traits": {"phone": "138 0013 8000"}})
        either.clock.advance(60)
    pairs = client.get("/v1/duplicates").json()["items"]

    assert [("ann", "cat", "phone"), ("ann", "bob", "phone")] == [
        (one["member"], one["other"], one["kind"]) for one in pairs
    ]
    dismissed = client.post("/v1/duplicates/dismiss", json={"member": "cat", "other": "ann"})
    assert 200 == dismissed.status_code, dismissed.text
    unheard = client.post("/v1/duplicates/dismiss", json={"member": "cat", "other": "eve"})
    assert 404 == unheard.status_code
    merged = client.post(
        "/v1/members/bob/merge", json={"id": "t1", "other": "ann", "why": "One person with two cards"}
    )
    assert ("merged", "ann", "bob") == tuple(merged.json()[key] for key in ("status", "member", "absorbed"))
    assert [] == client.get("/v1/duplicates").json()["items"]
    assert "One person with two cards" == member(either, "bob")["merged"][0]["reason"]
    assert [] == replayed(either)


def test_a_device_that_two_use_is_only_a_hint(programme: Programme) -> None:
    """Signing in on a device that another member uses merges nothing by itself."""
    client = programme.backend()
    for user in ("ann", "bob"):
        client.post(
            "/v1/identify", json={"userId": user, "anonymousId": "kiosk", "traits": {"city": "Wuhan"}}
        )
        programme.clock.advance(60)
    (pair,) = client.get("/v1/duplicates").json()["items"]

    assert ("ann", "bob", "anonymous_id") == (pair["member"], pair["other"], pair["kind"])


def test_merging_by_hand_answers_clearly(either: Programme) -> None:
    """A retry gets the original answer; what is one already says so; who isn't there is not found."""
    order(either, "ann")
    either.clock.advance(60)
    order(either, "bob")
    client = either.signed_in("marketer")

    def merging_by_hand(key: str, other: str, request: str, **more: Any) -> Any:
        body = {"id": request, "other": other, "why": "The same person", **more}
        return client.post(f"/v1/members/{key}/merge", json=body)

    assert 404 == merging_by_hand("ann", "nobody", "t0").status_code
    first = merging_by_hand("ann", "bob", "t1", keep="other")
    assert {"status": "merged", "member": "bob", "absorbed": "ann"} == {
        key: value for key, value in first.json().items() if key != "sequence"
    }
    assert first.json() == merging_by_hand("ann", "bob", "t1", keep="other").json()
    assert 409 == merging_by_hand("ann", "bob", "t1").status_code
    assert {"status": "same", "member": "bob"} == merging_by_hand("ann", "bob", "t2").json()
    assert {"status": "same", "member": "bob"} == merging_by_hand("bob", "bob", "t3").json()
    (merge,) = member(either, "ann")["merged"]
    assert ("ann", "bob", "marketer", "The same person") == tuple(
        merge[key] for key in ("member", "into", "by", "reason")
    )
    detail = either.backend().get(f"/v1/decisions/{merge['sequence']}").json()
    assert {"absorbed": "ann", "by": "marketer", "reason": "The same person"} == detail["event"]["properties"]
    assert "took in member ann" == detail["outcomes"][0]["effects"][0]["text"]["en"]
    assert [] == replayed(either)


def test_an_attribute_says_when_and_by_whom_it_was_told(programme: Programme) -> None:
    """A profile grows step by step (D2): each answer has its own time and source, a personal one, too."""
    client = programme.backend()

    def tell(day: int, **traits: str | None) -> None:
        told = {"userId": "ann", "traits": traits, "timestamp": f"2026-01-0{day}T10:00:00Z"}
        client.post("/v1/identify", json=told)

    tell(1, city="Wuhan", phone="13800138000")
    tell(2, city="Xi'an")
    shown = member(programme, "ann")["told"]
    tell(3, city=None)

    assert {
        "city": {"at": "2026-01-02T10:00:00Z", "source": "shop"},
        "phone": {"at": "2026-01-01T10:00:00Z", "source": "shop"},
    } == shown
    assert ["phone"] == list(member(programme, "ann")["told"])
    assert [] == replayed(programme)


def test_a_visitors_key_means_the_member_whose_device_it_is(either: Programme) -> None:
    """`anonymous:` and the device, told as a userId: before a merge the visitor, afterwards the member."""
    client = either.backend()

    def view(**who: str) -> None:
        assert 200 == client.post("/v1/track", json={"event": "Product Viewed", **who}).status_code

    view(anonymousId="device-1")
    view(userId="anonymous:device-1")
    assert 2 == member(either, "anonymous:device-1")["events"]
    order(either, "ann")
    alias(either, "ann", "device-1")
    view(userId="anonymous:device-1")
    view(anonymousId="device-1")
    view(userId="anonymous:device-2")
    alias(either, "ann", "anonymous:device-2")
    view(anonymousId="device-2")

    assert "ann" == member(either, "anonymous:device-1")["id"] == member(either, "anonymous:device-2")["id"]
    with either.database.read() as connection:
        views = connection.execute(select(EVENT.c.member).where(EVENT.c.name == "Product Viewed"))
        assert ["anonymous:device-1"] * 2 + ["ann"] * 2 + ["anonymous:device-2", "ann"] == list(
            views.scalars()
        )
    assert [] == replayed(either)


def test_who_merged_is_counted_once(either: Programme) -> None:
    """Counting follows the log: one member is left, with the figures and the orders of both."""
    counting = Counting(either.run)
    order(either, "ann")
    either.clock.advance(60)
    order(either, "bob", 130)
    counting.catch_up()
    alias(either, "ann", "bob")
    order(either, "bob", 140)
    counting.catch_up()

    with either.database.read() as connection:
        roster = list(connection.execute(select(COUNTED.c.member)).scalars())
        buyers = list(connection.execute(select(PURCHASE.c.member)).scalars())
        orders = connection.execute(
            select(MEASURE.c.member, MEASURE.c.count).where(MEASURE.c.series == "Order Completed")
        ).all()
    assert (["ann"], ["ann"] * 3, [("ann", 3)]) == (roster, buyers, [tuple(row) for row in orders])
