"""Everything that is kept about a member, in one document: complete, in the clear, and noted."""

import json
from typing import Any

import pytest

from tests.api.conftest import Programme
from tests.api.test_erasing import TASKS, erase, order, told


def exported(programme: Programme, key: str, code: int = 200) -> dict[str, Any]:
    answer = programme.signed_in("administrator").get(f"/v1/members/{key}/export")
    assert code == answer.status_code, answer.text
    return dict(json.loads(answer.content))


@pytest.fixture
def known(programme: Programme) -> Programme:
    """A member of two parts, under an e-mail address and a number."""
    programme.publish(TASKS)
    told(programme, "mei@example.com", phone="+8613800138000", name="王小梅")
    order(programme, "mei@example.com", told={"gift": {"to": "ann", "email": "ann@example.com"}})
    told(programme, "m-2", name="Mei")
    order(programme, "m-2", 150)
    said = {"userId": "m-2", "previousId": "mei@example.com"}
    assert 200 == programme.backend().post("/v1/alias", json=said).status_code
    return programme


def test_all_of_it_is_there_in_the_clear(known: Programme) -> None:
    found = exported(known, "m-2")

    assert {"phone": "+8613800138000", "userId": "mei@example.com"}.items() <= found["member"][
        "personal"
    ].items()
    assert {"mei@example.com", "m-2", "+8613800138000"} == {one["name"] for one in found["identities"]}
    names = [one["name"] for one in found["events"]]
    assert ["Member Identified", "Order Completed", "Members Merged"] == names[:3]
    assert 5 == len(names)
    assert 1 == len(found["parts"])
    (first, *_) = (one for one in found["events"] if one["decision"])
    texts = [effect["text"]["en"] for outcome in first["decision"] for effect in outcome["effects"]]
    assert any("VIP" in text for text in texts)
    assert ["issued", "issued"] == [one["state"] for one in found["coupons"]]
    assert 30 * 2 == sum(one["amount"] for one in found["ledger"] if one["kind"] == "award")
    assert ["email", "email"] == [one["channel"] for one in found["messages"]]
    assert ["care", "care"] == [one["queue"] for one in found["tasks"]]
    assert "tok_" not in json.dumps([found["identities"], found["member"]["personal"]])


def test_it_is_noted_who_asked(known: Programme) -> None:
    key = known.services.keys.create("crm", ["members:export"])
    assert 200 == known.backend(key).get("/v1/members/m-2/export").status_code
    entry = known.signed_in("auditor").get("/v1/audit?action=export-member").json()["items"][0]
    assert ("crm", "export-member") == (entry["by"], entry["action"])
    assert 403 == known.backend().get("/v1/members/m-2/export").status_code
    for role in ("marketer", "approver", "auditor"):
        assert 403 == known.signed_in(role).get("/v1/members/m-2/export").status_code
    exported(known, "nobody", 404)


def test_of_an_erased_member_only_tokens_are_left(known: Programme) -> None:
    erase(known, "m-2")
    client = known.signed_in("administrator")
    answer = client.get("/v1/members/m-2/export")
    assert 200 == answer.status_code
    assert "example.com" not in answer.text
    assert "138001" not in answer.text
    assert [] == answer.json()["identities"]
