"""Going back to an older version: a new one says what it does, decided and replayed like any other."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.replaying import replay_log
from tests.api.conftest import PASSWORD, RULE, Programme

PATH = "/v1/rules/big-order"
TAG: dict[str, Any] = {**RULE, "then": [{"type": "add_tag", "tag": "vip"}]}
POINTS: dict[str, Any] = {**RULE, "then": [{"type": "award_points", "points": 5}]}


def saved(client: TestClient, rule: dict[str, Any]) -> None:
    etag = client.get(PATH).json()["etag"]
    assert 200 == client.put(f"{PATH}/draft", json=rule, headers={"If-Match": etag}).status_code


def two_versions(programme: Programme) -> TestClient:
    """Publish the rule with a tag, then with points, and return who did."""
    programme.publish(TAG)
    client = programme.browser()
    client.post("/v1/session", json={"name": "marketer", "password": PASSWORD})
    saved(client, POINTS)
    assert 200 == client.post(f"{PATH}/publish", json={"past": "skip"}).status_code
    return client


def given(programme: Programme, member: str) -> list[str]:
    """Let a member order, and return what was decided."""
    call = {"userId": member, "messageId": member, "event": "Order Completed", "properties": {"total": 150}}
    assert 200 == programme.backend().post("/v1/track", json=call).status_code
    (found,) = programme.backend().get(f"/v1/decisions?member={member}").json()["items"]
    return [effect["type"] for outcome in found["outcomes"] for effect in outcome["effects"]]


def test_what_an_older_version_says_is_decided_again(either: Programme) -> None:
    """It is the third version; the draft stays, and all three replay."""
    client = two_versions(either)
    saved(client, {**POINTS, "priority": 9})
    meant = client.get(f"{PATH}/publication?version=1").json()
    before = given(either, "m1")
    answer = client.post(f"{PATH}/roll-back", json={"version": 1})
    after = given(either, "m2")

    assert 200 == answer.status_code, answer.text
    assert (0, []) == (
        meant["in_flight"],
        [one for one in meant["diagnostics"] if one["severity"] == "error"],
    )
    detail = answer.json()
    assert (3, "live", 9) == (detail["version"], detail["status"], detail["draft"]["priority"])
    assert TAG["then"] == detail["published"]["then"]
    assert (["award_points"], ["add_tag"]) == (before, after)
    newest, _, oldest = client.get(f"{PATH}/versions").json()["items"]
    assert (3, oldest["digest"], "marketer") == (newest["version"], newest["digest"], newest["published_by"])
    with either.database.read() as connection:
        assert [] == replay_log(connection).divergences
    (entry,) = either.signed_in("auditor").get("/v1/audit?action=rule-rolled-back").json()["items"]
    assert "version 2 -> 3, as version 1" == entry["detail"]
    assert (POINTS["then"], TAG["then"]) == (entry["old"]["then"], entry["new"]["then"])


@pytest.mark.parametrize(
    ("said", "status"),
    [({"version": 2}, 409), ({"version": 7}, 404), ({"version": 0}, 422), ({}, 422)],
)
def test_what_one_cannot_go_back_to(programme: Programme, said: dict[str, Any], status: int) -> None:
    client = two_versions(programme)

    assert status == client.post(f"{PATH}/roll-back", json=said).status_code
    assert 403 == programme.signed_in("auditor").post(f"{PATH}/roll-back", json={"version": 1}).status_code
    assert 2 == client.get(PATH).json()["version"]


def test_what_no_longer_suits_what_is_defined(programme: Programme) -> None:
    """The tag was retired since: going back says so, and changes nothing."""
    client = two_versions(programme)
    retired = client.post("/v1/tags/vip/retire", json={})
    assert 200 == retired.status_code, retired.text
    answer = client.post(f"{PATH}/roll-back", json={"version": 1})

    assert (422, "rule-not-ready") == (answer.status_code, answer.json()["code"])
    assert answer.json()["diagnostics"]


def test_approvers_go_back_at_once_to_what_was_approved(programme: Programme) -> None:
    """Where approval is demanded: nobody else does, and to nothing that nobody approved."""
    mia, ann = two_versions(programme), programme.signed_in("approver")
    admin = programme.signed_in("administrator")
    assert 200 == admin.put("/v1/programme/approval", json={"approval": "required"}).status_code
    for rule in ({**TAG, "priority": 3}, {**POINTS, "priority": 4}):
        saved(mia, rule)
        for who, step in ((mia, "submit"), (ann, "approve")):
            headers = {"If-Match": who.get(PATH).json()["etag"]}
            assert 200 == who.post(f"{PATH}/{step}", json={"comment": ""}, headers=headers).status_code
        assert 200 == mia.post(f"{PATH}/publish", json={"past": "skip"}).status_code

    def codes(who: TestClient, version: int) -> tuple[int, str | None]:
        answer = who.post(f"{PATH}/roll-back", json={"version": version})
        return answer.status_code, answer.json().get("code")

    assert (409, "approval-required") == codes(mia, 3)
    assert (409, "approval-required") == codes(ann, 1)
    assert (200, None) == codes(ann, 3)
    newest = ann.get(f"{PATH}/versions").json()["items"][0]
    assert (5, "approver", "approver") == (newest["version"], newest["published_by"], newest["approved_by"])
