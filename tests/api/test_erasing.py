"""A member is erased over HTTP (ruling 20): what goes, what stays, and who comes back."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.service.calls import Told
from api.service.erasing import Erasing
from api.service.proof.integrity import check
from api.service.replaying import replay_log
from api.store.schema import COUPON, IDENTITY, MEMBER_KEY, OUTBOX, POSSIBLE_DUPLICATE, TASK, VAULT
from tests.api.conftest import RULE, Programme
from tests.proof.test_sealing import PUBLIC

Json = dict[str, Any]
TASKS = {
    **RULE,
    "then": [
        *RULE["then"],  # type: ignore[misc]
        {"type": "award_points", "points": 30},
        {"type": "open_task", "queue": "care", "note": {"en": "Call"}},
        {"type": "wait", "for": {"days": 3}},
        {"type": "award_points", "points": 1},
    ],
}


def told(programme: Programme, user: str, **traits: str) -> None:
    said = programme.backend().post("/v1/identify", json={"userId": user, "traits": traits})
    assert 200 == said.status_code, said.text


def order(programme: Programme, user: str, total: int = 120, **more: Any) -> Json:
    properties = {"total": total, "order_id": f"o-{total}"} | more.pop("told", {})
    said = {"userId": user, "event": "Order Completed", "properties": properties, **more}
    answer: Json = programme.backend().post("/v1/track", json=said).json()
    return answer


def erase(programme: Programme, key: str, request: str = "r1", code: int = 200) -> Json:
    client = programme.signed_in("administrator")
    answer = client.post(f"/v1/members/{key}/erase", json={"id": request, "why": "asked for it"})
    assert code == answer.status_code, answer.text
    said: Json = answer.json()
    return said


def member(programme: Programme, key: str) -> Json:
    found: Json = programme.backend().get(f"/v1/members/{key}").json()
    return found


def sound(programme: Programme) -> int:
    """Check that log, tables and chain agree; return how many members are erased."""
    with programme.database.read() as connection:
        replayed, verified = replay_log(connection), check(connection, PUBLIC)
    assert ([], []) == (replayed.divergences, verified.wrong)
    assert verified.erased == replayed.erased
    return replayed.erased


def rows(programme: Programme, *tables: Any) -> list[int]:
    with programme.database.read() as connection:
        return [len(connection.execute(select(table)).all()) for table in tables]


def lived(programme: Programme) -> Programme:
    """Let two members have all there is: names, coupons, points, a task, a wait, and a message that waits."""
    programme.publish(TASKS)
    for user in ("ann", "bob"):
        told(programme, user, email=f"{user}@example.com", phone="+8613800138000", name=f"Name of {user}")
        order(programme, user)
    return programme


@pytest.fixture
def known(either: Programme) -> Programme:
    """Two members, over a database of either kind."""
    return lived(either)


@pytest.fixture
def here(programme: Programme) -> Programme:
    """Two members, where it makes no difference what they are stored in."""
    return lived(programme)


def test_everything_that_tells_who_it_was_is_gone(known: Programme) -> None:
    before = rows(known, VAULT, MEMBER_KEY, IDENTITY)
    answer = erase(known, "ann")

    assert ("erased", "ann", True) == (answer["status"], answer["member"], answer["clean"])
    assert [6, 2, 5] == before
    assert [3, 1, 2] == rows(known, VAULT, MEMBER_KEY, IDENTITY)
    assert [0] == rows(known, POSSIBLE_DUPLICATE)
    shown = member(known, "ann")
    assert ("administrator", "asked for it") == (shown["erased"]["by"], shown["erased"]["why"])
    assert ({}, {}, [], [], []) == tuple(
        shown[name] for name in ("personal", "attributes", "tags", "coupons", "journeys")
    )
    with known.database.read() as connection:
        of_ann = [table.c.member == "ann" for table in (OUTBOX, TASK, COUPON)]
        assert ["suppressed"] == list(connection.execute(select(OUTBOX.c.status).where(of_ann[0])).scalars())
        assert ["done"] == list(connection.execute(select(TASK.c.status).where(of_ann[1])).scalars())
        assert ["voided"] == list(connection.execute(select(COUPON.c.state).where(of_ann[2])).scalars())
    ledger = known.backend().get("/v1/members/ann/ledger").json()
    assert [] == ledger["balances"], ledger
    assert 1 == sound(known)
    assert {"ann": True, "bob": False} == {
        one["id"]: one["erased"]
        for search in ("ann", "bob")
        for one in known.backend().get("/v1/members", params={"search": search}).json()["items"]
    }
    assert ["bob"] == [one["id"] for one in known.backend().get("/v1/members").json()["items"]]
    assert 404 == erase(known, "ann", "r2", 404)["status"]
    again = erase(known, "ann")
    assert answer["sequence"] == again["sequence"]


def test_who_comes_back_is_new(known: Programme) -> None:
    erase(known, "ann")
    assert "accepted" == order(known, "ann", 140)["status"]
    told(known, "ann", email="ann@example.com")

    shown = member(known, "ann")
    assert ("ann~2", 2, None) == (shown["id"], shown["events"], shown["erased"])
    assert {"email": "a***@example.com"} == shown["personal"]
    assert 409 == erase(known, "ann", code=409)["status"]
    erase(known, "ann", "r3")
    order(known, "ann", 160)
    assert "ann~3" == member(known, "ann")["id"]
    assert 2 == sound(known)


def test_all_parts_of_a_merged_member_are_erased(known: Programme) -> None:
    alias = known.backend().post("/v1/alias", json={"userId": "ann", "previousId": "bob"})
    assert 200 == alias.status_code, alias.text
    erase(known, "bob")

    assert [0, 0, 0] == rows(known, VAULT, MEMBER_KEY, IDENTITY)
    assert "ann" == member(known, "bob")["id"]
    for user in ("ann", "bob"):
        order(known, user, 150)
        assert f"{user}~2" == member(known, user)["id"]
    assert 1 == sound(known)


def test_what_comes_in_the_same_moment_is_told_to_come_again(here: Programme) -> None:
    erasing = here.services.erasing.call("ann", {"by": "x", "why": "y"}, source="s", message_id="m")
    said = Told(kind="track", message_id="next", user_id="ann", name="Checked In")
    call = here.services.door.admit(said, "shop", here.services.rulebook.index().rules.catalogue)
    results = here.services.ingest.submit([erasing, call]).result()

    assert ["accepted", "held"] == [one.status for one in results]
    assert ["accepted"] == [one.status for one in here.services.ingest.submit([call]).result()]
    assert 1 == sound(here)


def test_nobody_is_merged_with_an_erased_member(here: Programme) -> None:
    erase(here, "ann")
    client = here.signed_in("administrator")
    said = {"id": "m1", "other": "ann", "why": "the same"}
    assert 404 == client.post("/v1/members/bob/merge", json=said).status_code
    assert 200 == here.backend().post("/v1/alias", json={"userId": "bob", "previousId": "ann"}).status_code
    assert ("bob", 3) == (member(here, "ann")["id"], member(here, "ann")["events"])
    assert 1 == sound(here)


def test_what_is_still_addressed_to_it_finds_nobody(here: Programme) -> None:
    """Tasks, links to unsubscribe, consent told to staff and coupons make no member of an erased one."""
    coupon = member(here, "ann")["coupons"][0]["code"]
    with here.database.read() as connection:
        (task,) = connection.execute(select(TASK.c.id).where(TASK.c.member == "ann")).scalars()
    erase(here, "ann")
    client = here.signed_in("administrator")

    assert 404 == client.post(f"/v1/tasks/{task}/done", json={"answer": "reached"}).status_code
    said = {"id": "c1", "channel": "sms", "given": True, "why": "on the phone"}
    assert 404 == client.post("/v1/members/ann/consent", json=said).status_code
    keyring = here.composer._keyring
    link = keyring.sign_unsubscribing("ann", "email")
    assert 200 == here.browser().post(f"/unsubscribe/{link}").status_code
    asked = {"id": "v1", "code": coupon}
    answer = here.backend().post("/v1/entitlements/verify", json=asked).json()
    assert "member-unknown" == answer.get("reason"), answer
    given = client.post("/v1/members/ann/tags", json={"id": "t1", "tag": "vip", "why": "x"})
    assert 404 == given.status_code
    here.clock.advance(5 * 86_400)
    assert ["bob"] == [one["id"] for one in here.backend().get("/v1/members").json()["items"]]
    assert 1 == sound(here)


def test_only_administrators_and_keys_for_it_may(here: Programme) -> None:
    said = {"id": "r1", "why": "asked"}
    for role in ("marketer", "approver", "auditor"):
        assert 403 == here.signed_in(role).post("/v1/members/ann/erase", json=said).status_code
    assert 403 == here.backend().post("/v1/members/ann/erase", json=said).status_code
    key = here.services.keys.create("crm", ["members:erase"])
    assert 200 == here.backend(key).post("/v1/members/ann/erase", json=said).status_code
    entries = here.signed_in("auditor").get("/v1/audit?action=erase-member").json()["items"]
    assert ("crm", "erase-member", "ann") == tuple(entries[0][name] for name in ("by", "action", "subject"))
    assert 404 == erase(here, "nobody", "r9", 404)["status"]


def test_a_reader_of_an_older_state_keeps_the_files_from_being_cleaned(programme: Programme) -> None:
    programme.publish(TASKS)
    told(programme, "ann", email="ann@example.com")
    erasing = Erasing(programme.database)
    wal = Path(f"{programme.database.url.database}-wal")
    with programme.database.read() as connection:
        connection.execute(select(VAULT)).all()
        told(programme, "ann", email="ann@example.org")
        assert not erasing.clean()
        erasing.work()
        assert 0 < wal.stat().st_size
    erasing.work()
    assert 0 == wal.stat().st_size
