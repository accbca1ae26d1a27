"""Tags over HTTP: put on and taken off by hand, seen with who, when and why, and kept through a replay."""

from typing import Any

import pytest

from api.service.replaying import replay_log
from api.service.timers import Timers
from api.store import members
from engine.events import TAG_GRANTED
from engine.language.definitions import Definitions
from tests.api.conftest import Programme

Json = dict[str, Any]
DAY = 86_400


def known(programme: Programme, member: str) -> Any:
    client = programme.backend()
    call = {"userId": member, "event": "Signed Up", "messageId": f"s-{member}"}
    assert 200 == client.post("/v1/track", json=call).status_code
    return client


def held(client: Any, member: str) -> Json:
    found = client.get(f"/v1/members/{member}").json()["tags"]
    return {
        one["tag"]: {by["holder"]: (by["expires_at"], by["why"]) for by in one["holders"]} for one in found
    }


def tagged(client: Any, member: str, number: str, **said: Any) -> Any:
    body = {"id": number, "tag": "vip", "why": "Good friend"} | said
    return client.post(f"/v1/members/{member}/tags", json=body)


def test_a_tag_by_hand_and_by_api(programme: Programme) -> None:
    client = known(programme, "m1")
    person = programme.signed_in("marketer")
    first = tagged(client, "m1", "1").json()
    again = tagged(client, "m1", "1").json()
    other = tagged(person, "m1", "2", until="2030-01-01T00:00:00Z", why="Met her").json()

    assert first == again
    assert first["holder"].startswith("api:")
    assert other["holder"].startswith("person:")
    expected = {first["holder"]: (None, "Good friend"), other["holder"]: ("2030-01-01T00:00:00Z", "Met her")}
    assert {"vip": expected} == held(client, "m1")
    conflict = tagged(client, "m1", "1", why="Other")
    assert (409, "message-conflict") == (conflict.status_code, conflict.json()["code"])
    left = client.delete("/v1/members/m1/tags/vip", params={"id": "3", "why": "No friend any more"}).json()
    assert [other["holder"]] == left["left"]
    twice = client.delete("/v1/members/m1/tags/vip", params={"id": "4", "why": "x"}).json()
    assert "tag-not-yours" == twice["reason"]
    gone = client.delete("/v1/members/m1/tags/vip", params={"id": "5", "why": "x", "all": "true"}).json()
    assert "done" == gone["status"]
    assert {} == held(client, "m1")
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


def test_what_cannot_be_put_on(programme: Programme) -> None:
    client = known(programme, "m/1")
    assert "tag-unknown" == tagged(client, "m/1", "1", tag="nobody-defined-this").json()["reason"]
    assert 404 == tagged(client, "nobody", "2").status_code
    assert 422 == tagged(client, "m/1", "3", why="").status_code
    assert 422 == client.delete("/v1/members/m/1/tags/vip", params={"id": "4"}).status_code
    assert 403 == tagged(programme.signed_in("auditor"), "m/1", "5").status_code
    posted = client.post(
        "/v1/track",
        json={"userId": "m/1", "event": TAG_GRANTED, "messageId": "t", "properties": {"tag": "vip"}},
    )
    assert (400, "invalid-call") == (posted.status_code, posted.json()["code"])


def tag(key: str, **more: Any) -> Json:
    return {"key": key, "name": {"en": key, "zh-Hans": key}, "meaning": f"what {key} means"} | more


def adding(key: str, event: str, where: Json | None = None, *, rule: str = "") -> Json:
    return {
        "language": 1,
        "key": rule or f"add-{key}",
        "name": {"en": f"Add {key}"},
        "when": {"type": "event", "event": event},
        "then": [{"type": "add_tag", "tag": key}],
    } | ({"if": where} if where is not None else {})


def defined(programme: Programme, *tags: Json) -> Any:
    programme.services.definitions.merge(Definitions.model_validate({"tags": list(tags)}), by="test")
    return programme.backend()


def put_on(client: Any, key: str, *to: str) -> None:
    for member in to:
        said = {"id": f"{key}-{member}", "tag": key, "why": "test"}
        assert "done" == client.post(f"/v1/members/{member}/tags", json=said).json()["status"]


def crowd(programme: Programme, count: int) -> list[str]:
    client = programme.backend()
    batch = [
        {"type": "track", "userId": f"c{at}", "event": "Signed Up", "messageId": f"c{at}"}
        for at in range(count)
    ]
    assert 200 == client.post("/v1/batch", json={"batch": batch}).status_code
    return [f"c{at}" for at in range(count)]


def found_of(report: Json) -> dict[str, set[str]]:
    rows = {row["tag"]: {one["code"] for one in row["findings"]} for row in report["tags"]}
    return {key: codes for key, codes in rows.items() if codes}


def test_the_report_names_what_is_to_be_looked_after(programme: Programme) -> None:
    people = crowd(programme, 40)
    owned = {"owner": "Li"}
    has = {"type": "compare", "fact": "member.tags", "op": "has", "value": "asked-for"}
    client = defined(
        programme,
        tag("vip", **owned),
        tag("idle", **owned),
        tag("stuck", **owned),
        tag("asked-for", **owned),
        tag("one", **owned),
        tag("two", **owned),
        tag("most", **owned),
        tag("old", **owned),
        tag("gender", kind="static", **owned),
        tag("alias", name={"en": " VIP", "zh-Hans": "别名"}, **owned),
        tag("orphan"),
        tag("gone", retired=True),
    )
    marketer = programme.signed_in("marketer")
    for rule in (adding("stuck", "Never"), adding("vip", "Signed Up", has, rule="asks")):
        assert 200 == marketer.put(f"/v1/rules/{rule['key']}/draft", json=rule).status_code
        assert 200 == marketer.post(f"/v1/rules/{rule['key']}/publish", json={"past": "skip"}).status_code
    put_on(client, "old", *people[:3])
    put_on(client, "gender", *people[:3])
    programme.clock.advance(180 * DAY)
    put_on(client, "one", *people[:20])
    put_on(client, "two", *people[:21])
    put_on(client, "most", *people)
    put_on(client, "orphan", *people[:2])
    put_on(client, "alias", people[0])

    report = client.get("/v1/tags/report").json()
    assert {
        "idle": {"unused"},
        "stuck": {"never-matching"},
        "asked-for": {"nothing-puts-it-on"},
        "one": {"overlapping"},
        "two": {"overlapping"},
        "old": {"stale"},
        "orphan": {"without-owner"},
        "alias": {"same-name"},
        "vip": {"same-name", "never-matching"},
    } == found_of(report)
    rows = {row["tag"]: row for row in report["tags"]}
    assert (20, {"rule": 0, "person": 0, "api": 20}) == (rows["one"]["members"], rows["one"]["holders"])
    (overlapping,) = rows["one"]["findings"]
    assert ("two", 95) == (overlapping["other"], overlapping["percent"])
    assert "95 %" in overlapping["text"]["en"]
    assert [("asks", ["reads"])] == [(one["key"], one["how"]) for one in rows["asked-for"]["used_by"]]
    assert "stale" not in str(found_of(client.get("/v1/tags/report?stale_days=181").json()))
    assert 422 == client.get("/v1/tags/report?stale_days=0").status_code


def test_a_tag_that_is_used_and_not_defined_is_found(programme: Programme) -> None:
    people = crowd(programme, 2)
    client = defined(programme, tag("lost"))
    put_on(client, "lost", *people)
    programme.services.definitions.replace(Definitions(), by="test")

    (row,) = client.get("/v1/tags/report").json()["tags"]
    assert ("lost", False, 2) == (row["tag"], row["defined"], row["members"])
    assert ["undefined"] == [one["code"] for one in row["findings"]]


def let_the_clock_run(programme: Programme) -> None:
    timers = Timers(programme.services.rulebook, programme.sources, programme.clock)
    for _ in range(100):
        wake = programme.run(timers.tick)
        if wake is None or wake > programme.clock.now():
            return


def test_merging_goes_everywhere_after_a_preview(programme: Programme) -> None:
    people = crowd(programme, 8)
    client = defined(programme, tag("old"), tag("new"))
    put_on(client, "old", *people[:6])
    put_on(client, "new", *people[4:])
    programme.publish(adding("old", "Order Completed"))

    preview = client.post("/v1/tags/old/merge?dry=true", json={"into": "new"}).json()
    assert (6, 4, False) == (preview["members"], preview["gaining"], preview["done"])
    assert [("rule", "add-old", ["adds"])] == [
        (one["kind"], one["key"], one["how"]) for one in preview["rules"]
    ]
    let_the_clock_run(programme)
    assert ["old"] == list(held(client, "c0"))

    assert client.post("/v1/tags/old/merge", json={"into": "new"}).json() == preview | {"done": True}
    call = {"userId": "c7", "event": "Order Completed", "messageId": "o1"}
    assert 200 == client.post("/v1/track", json=call).status_code
    let_the_clock_run(programme)
    assert all(["new"] == list(held(client, one)) for one in people)
    rows = {row["tag"]: row for row in client.get("/v1/tags/report").json()["tags"]}
    assert (0, 8) == (rows["old"]["members"], rows["new"]["members"])
    assert "tags were merged or retired" in str(client.get("/v1/members/c0/timeline").json()["items"][0])
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences
        assert all("old" not in state.tags for state in members.states(connection))


def test_retiring_takes_a_tag_off_everybody(programme: Programme) -> None:
    people = crowd(programme, 3)
    client = defined(programme, tag("old"))
    put_on(client, "old", *people)

    assert 3 == client.post("/v1/tags/old/retire?dry=true").json()["members"]
    assert 200 == client.post("/v1/tags/old/retire").status_code
    let_the_clock_run(programme)
    assert not any(held(client, one) for one in people)
    assert "tag-retired" == tagged(client, "c0", "x", tag="old").json()["reason"]
    with programme.database.read() as connection:
        assert [] == replay_log(connection).divergences


@pytest.mark.parametrize(
    ("key", "into", "expected"),
    [
        ("old", "old", (422, "itself")),
        ("old", "nobody", (422, "no tag")),
        ("old", "gone", (422, "retired")),
        ("old", "moved", (422, "merged into")),
        ("moved", "new", (422, "already")),
        ("gone", "new", (422, "already")),
        ("nobody", "new", (404, "no such tag")),
        ("top", "below", (422, "leads back")),
    ],
)
def test_what_cannot_be_merged(programme: Programme, key: str, into: str, expected: tuple[int, str]) -> None:
    client = defined(
        programme,
        tag("old"),
        tag("new"),
        tag("gone", retired=True),
        tag("moved", merged_into="new"),
        tag("top"),
        tag("below", parent="top"),
    )
    answer = client.post(f"/v1/tags/{key}/merge", json={"into": into})

    assert expected[0] == answer.status_code
    assert expected[1] in answer.text
    assert 403 == programme.signed_in("auditor").post("/v1/tags/old/retire").status_code


def test_associations_are_what_the_books_say(programme: Programme) -> None:
    """Of 40 members 20 have A, 10 of them and 2 others have B: support 25 %, confidence 50 %, lift 5/3."""
    people = crowd(programme, 40)
    client = defined(programme, tag("a"), tag("b"), tag("few"))
    put_on(client, "a", *people[:20])
    put_on(client, "b", *people[:10], *people[20:22])
    put_on(client, "few", *people[:2])

    said = client.get("/v1/tags/associations?least_members=5").json()
    rows = {(tuple(part["tag"] for part in one["having"]), one["then"]["tag"]): one for one in said["items"]}
    assert {(("a",), "b"), (("b",), "a")} == set(rows)
    one = rows[(("a",), "b")]
    assert ("0.2500", "0.5000", "1.67", 10) == (
        one["support"],
        one["confidence"],
        one["lift"],
        one["members"],
    )
    assert "Members with “a” are 1.7 times as likely to have “b”" in one["text"]["en"]
    assert (40, 100) == (said["members"], said["percent"])
    assert [] == client.get("/v1/tags/associations?least_members=41").json()["items"]


def test_a_coupon_for_a_tag_is_for_those_below_it_too(programme: Programme) -> None:
    people = crowd(programme, 3)
    client = defined(programme, tag("top"), tag("below", parent="top"), tag("old", merged_into="top"))
    put_on(client, "top", people[0])
    put_on(client, "below", *people[:2])
    said = {"coupon": "TEN", "batch": "b1", "tag": "old", "why": "test"}

    assert 2 == client.post("/v1/coupons/issue", json=said).json()["issued"]
