"""A second person approves what is published."""

import copy
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.refusal import Refusal
from api.service.replaying import replay_log
from api.store import controls
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from tests.api.conftest import PASSWORD, RULE, Programme

PATH = "/v1/rules/big-order"
OTHER = {**RULE, "priority": 7}


class Team:
    """A marketer, an approver and an administrator at work on one rule, whose draft the marketer wrote."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.mia = programme.signed_in("marketer")
        self.ann = programme.signed_in("approver")
        self.admin = programme.signed_in("administrator")
        assert 200 == self.mia.put(f"{PATH}/draft", json=RULE).status_code

    def detail(self) -> dict[str, Any]:
        said: dict[str, Any] = self.mia.get(PATH).json()
        return said

    def take(self, who: TestClient, step: str, comment: str = "", etag: str | None = None) -> Any:
        etag = self.detail()["etag"] if etag is None else etag
        return who.post(f"{PATH}/{step}", json={"comment": comment}, headers={"If-Match": etag})

    def save(self, who: TestClient, rule: dict[str, Any]) -> Any:
        return who.put(f"{PATH}/draft", json=rule, headers={"If-Match": self.detail()["etag"]})

    def publish(self, who: TestClient) -> Any:
        return who.post(f"{PATH}/publish", json={"past": "skip"})

    def demand(self, approval: str = "required") -> None:
        assert 200 == self.admin.put("/v1/programme/approval", json={"approval": approval}).status_code


@pytest.fixture
def team(either: Programme) -> Team:
    """The team over a database of either kind."""
    return Team(either)


@pytest.fixture
def quick(programme: Programme) -> Team:
    """The team over SQLite, for what the database has no part in."""
    return Team(programme)


def steps(detail: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["step"], one["by"], one["comment"]) for one in detail["reviews"]]


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_one_writes_another_approves(team: Team) -> None:
    team.demand()
    assert (409, "approval-required") == refused(team.publish(team.mia))
    assert ("none", True, ["marketer"]) == tuple(
        team.detail()[name] for name in ("approval", "approval_needed", "authors")
    )

    assert 200 == team.take(team.mia, "submit", "For the member day").status_code
    assert (409, "approval-required") == refused(team.publish(team.mia))
    waiting = team.mia.get("/v1/rules?status=submitted").json()
    assert [("big-order", "submitted")] == [(one["key"], one["approval"]) for one in waiting["items"]]
    assert {"draft": 1, "submitted": 1} == waiting["statuses"]
    approved = team.take(team.ann, "approve", "Good").json()
    assert 0 == team.mia.get("/v1/rules?status=submitted").json()["total"]
    assert "approved" == approved["approval"]
    live = team.publish(team.mia).json()

    assert ("live", 1, "none", []) == tuple(
        live[name] for name in ("status", "version", "approval", "authors")
    )
    assert [("approved", "approver", "Good"), ("submitted", "marketer", "For the member day")] == steps(live)
    (version,) = team.mia.get(f"{PATH}/versions").json()["items"]
    assert ("marketer", "approver", RULE["if"]) == (
        version["published_by"],
        version["approved_by"],
        version["document"]["if"],
    )
    team.save(team.mia, OTHER)
    assert (409, "approval-required") == refused(team.publish(team.mia))  # the next draft needs its own


def test_what_was_approved_is_replayed(team: Team) -> None:
    """Who approved a version stands in the log, under its digest."""
    team.take(team.mia, "submit")
    team.take(team.ann, "approve")
    team.publish(team.mia)
    order = {"userId": "m1", "event": "Order Completed", "properties": {"total": 150, "currency": "CNY"}}
    assert 200 == team.programme.backend().post("/v1/track", json=order).status_code
    with team.programme.database.read() as connection:
        *_, control = controls.controls_after(connection, 0)
        report = replay_log(connection)

    assert ("Rule Published", "approver") == (control.name, control.body["approved_by"])
    assert (1, []) == (report.checked, report.divergences)


def test_sent_back_it_is_changed_and_submitted_again(team: Team) -> None:
    team.demand()
    team.take(team.mia, "submit")
    assert (422, "invalid-request") == refused(team.take(team.ann, "send-back", "  "))
    back = team.take(team.ann, "send-back", "Too many points").json()
    assert ("sent_back", ("sent_back", "approver", "Too many points")) == (back["approval"], steps(back)[0])
    assert (409, "wrong-status") == refused(team.take(team.ann, "approve"))
    assert (409, "approval-required") == refused(team.publish(team.mia))

    team.save(team.mia, OTHER)
    assert "none" == team.detail()["approval"]
    team.take(team.mia, "submit")
    team.take(team.ann, "approve")
    assert 200 == team.publish(team.ann).status_code
    assert 7 == team.detail()["published"]["priority"]


def test_what_was_approved_can_be_sent_back_until_it_is_published(team: Team) -> None:
    team.demand()
    team.take(team.mia, "submit")
    team.take(team.ann, "approve")
    team.take(team.admin, "send-back", "Wait")

    assert (409, "approval-required") == refused(team.publish(team.mia))


def test_a_change_drops_the_approval(team: Team) -> None:
    """What was approved is exactly what is published."""
    team.demand()
    team.take(team.mia, "submit")
    team.take(team.ann, "approve")
    team.save(team.admin, OTHER)

    assert ("none", ("dropped", "administrator", "")) == (team.detail()["approval"], steps(team.detail())[0])
    assert (409, "approval-required") == refused(team.publish(team.mia))
    team.save(team.mia, RULE)  # as it was approved, yet nobody has approved it since
    assert (409, "approval-required") == refused(team.publish(team.mia))


def test_saving_the_same_again_changes_nothing(team: Team) -> None:
    team.demand()
    team.take(team.mia, "submit")
    team.take(team.ann, "approve")
    team.save(team.admin, RULE)

    assert ("approved", ["marketer"]) == (team.detail()["approval"], team.detail()["authors"])
    assert 200 == team.publish(team.mia).status_code


def test_nobody_approves_what_their_own_key_wrote(team: Team) -> None:
    """Whoever answers for a key has written what it wrote; a key that nobody answers for is nobody's."""
    keys = team.programme.services.keys
    key = keys.create("robot", ["rules:write"], owner="approver")
    team.save(team.programme.backend(key), OTHER)
    team.take(team.mia, "submit")
    assert (403, "own-draft") == refused(team.take(team.ann, "approve"))
    assert (403, "own-draft") == refused(team.take(team.ann, "send-back", "No"))
    assert 200 == team.take(team.admin, "approve").status_code

    team.save(team.programme.backend(keys.create("other", ["rules:write"])), RULE)
    team.take(team.mia, "submit")
    assert (403, "own-draft") == refused(team.take(team.ann, "approve"))  # of what she wrote before
    with pytest.raises(Refusal, match="no person 'nobody'"):
        keys.create("lost", ["rules:write"], owner="nobody")


def test_nobody_approves_what_they_wrote(team: Team) -> None:
    """Also not who wrote a part of it that others have changed since."""
    team.save(team.admin, OTHER)
    team.save(team.mia, RULE)
    team.take(team.mia, "submit")

    assert ["marketer", "administrator"] == team.detail()["authors"]
    assert (403, "own-draft") == refused(team.take(team.admin, "approve"))
    assert (403, "own-draft") == refused(team.take(team.admin, "send-back", "No"))
    assert "approved" == team.take(team.ann, "approve").json()["approval"]


def test_a_new_draft_has_new_authors(team: Team) -> None:
    team.publish(team.mia)
    team.save(team.admin, OTHER)
    assert ["administrator"] == team.detail()["authors"]
    team.mia.delete(f"{PATH}/draft")
    team.save(team.mia, OTHER)

    assert ["marketer"] == team.detail()["authors"]


def test_what_somebody_changed_meanwhile_is_not_approved(team: Team) -> None:
    team.take(team.mia, "submit")
    seen = team.detail()["etag"]
    team.save(team.mia, OTHER)
    team.take(team.mia, "submit")

    assert (412, "draft-changed") == refused(team.take(team.ann, "approve", etag=seen))
    assert (428, "if-match-required") == refused(team.ann.post(f"{PATH}/approve", json={}))
    assert 200 == team.take(team.ann, "approve").status_code


def test_an_approval_leaves_the_author_s_draft_alone(team: Team) -> None:
    """Somebody who goes on writing is not told that somebody else has saved."""
    team.take(team.mia, "submit")
    seen = team.detail()["etag"]
    team.take(team.ann, "approve")

    assert seen == team.detail()["etag"]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("marketer", {"submit", "publish"}),
        ("approver", {"approve", "send-back", "publish"}),
        ("auditor", set()),
        ("administrator", {"submit", "approve", "send-back", "publish", "demand"}),
        ("backend", {"submit", "publish"}),
    ],
)
def test_who_may_do_what(quick: Team, role: Any, may: set[str]) -> None:
    client = {"marketer": quick.mia, "approver": quick.ann, "administrator": quick.admin}.get(role)
    if client is None:
        client = quick.programme.backend() if role == "backend" else quick.programme.signed_in(role)
    answers = {step: quick.take(client, step) for step in ("submit", "approve", "send-back")}
    answers["publish"] = quick.publish(client)
    answers["demand"] = client.put("/v1/programme/approval", json={"approval": "required"})

    assert may == {step for step, answer in answers.items() if answer.status_code != 403}


def test_an_approver_writes_nothing(quick: Team) -> None:
    assert (403, "forbidden") == refused(quick.save(quick.ann, OTHER))
    assert (403, "forbidden") == refused(quick.ann.delete(f"{PATH}/draft"))
    tag = {"key": "x", "name": {"en": "X"}, "meaning": "m"}
    assert (403, "forbidden") == refused(quick.ann.put("/v1/definitions/tags/x", json=tag))


def test_one_person_alone_can_work_where_no_approval_is_demanded(quick: Team) -> None:
    assert not quick.detail()["approval_needed"]
    quick.take(quick.mia, "submit")
    assert 200 == quick.publish(quick.mia).status_code
    (version,) = quick.mia.get(f"{PATH}/versions").json()["items"]

    assert version["approved_by"] is None


def test_the_command_line_is_no_way_around_it(quick: Team) -> None:
    document = parse_rule(RULE)
    quick.demand()
    with pytest.raises(Refusal, match="approval-required"):
        quick.programme.services.publish.publish_documents([document], by="operator")
    quick.take(quick.mia, "submit")
    quick.take(quick.ann, "approve")

    assert ["big-order"] == quick.programme.services.publish.publish_documents([document], by="operator")


def test_a_file_that_says_nothing_of_it_does_not_loosen_it(quick: Team) -> None:
    quick.demand()
    merge = quick.programme.services.definitions.merge
    merge(Definitions.model_validate({"programme": {"currency": "EUR"}}), by="test")
    assert {"EUR", "required"} <= set(quick.mia.get("/v1/catalogue").json()["programme"].values())

    merge(Definitions.model_validate({"programme": {"approval": "optional"}}), by="test")
    assert "optional" == quick.mia.get("/v1/catalogue").json()["programme"]["approval"]


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"comment": 1}, "/comment"),
        ({"comment": "x" * 2_001}, "/comment"),
        ({"word": "x"}, "/word"),
        ([], ""),
    ],
)
def test_what_is_wrong_with_a_comment_is_named(quick: Team, sent: Any, path: str) -> None:
    answer = quick.mia.post(f"{PATH}/submit", json=sent, headers={"If-Match": "x"})

    assert (422, [path]) == (answer.status_code, [one["path"] for one in answer.json()["errors"]])


def test_only_a_sound_draft_that_is_there_is_submitted(quick: Team) -> None:
    bad = copy.deepcopy(RULE)
    bad["then"] = [{"type": "add_tag", "tag": "undefined"}]
    quick.save(quick.mia, bad)
    answer = quick.take(quick.mia, "submit")
    assert (422, "rule-not-ready") == refused(answer)
    assert "unknown-tag" in [one["code"] for one in answer.json()["diagnostics"]]

    quick.save(quick.mia, RULE)
    quick.take(quick.mia, "submit")
    assert (409, "wrong-status") == refused(quick.take(quick.mia, "submit"))
    quick.publish(quick.mia)
    assert (409, "no-draft") == refused(quick.take(quick.mia, "submit"))
    assert (422, "invalid-request") == refused(
        quick.admin.put("/v1/programme/approval", json={"approval": "never"})
    )


def test_every_step_is_audited(team: Team) -> None:
    team.demand()
    team.take(team.mia, "submit", "Please")
    team.take(team.ann, "approve")
    team.save(team.mia, OTHER)
    team.take(team.mia, "submit")
    team.take(team.ann, "send-back", "No")
    team.programme.services.people.create_person("audrey", "auditor", PASSWORD)
    first = team.admin.get("/v1/audit?limit=3").json()
    rest = team.admin.get(f"/v1/audit?before={first['next']}").json()
    told = [
        (one["action"], one["by"], one["detail"])
        for one in reversed(first["items"] + rest["items"])
        if one["action"]
        not in {"draft-saved", "definitions-changed", "person-added", "person-changed", "key-made"}
    ]
    digests = [parse_rule(rule).digest()[:16] for rule in (RULE, OTHER)]

    assert [
        ("approval-demanded", "administrator", "optional -> required"),
        ("draft-submitted", "marketer", f"none -> submitted; draft {digests[0]}; Please"),
        ("draft-approved", "approver", f"submitted -> approved; draft {digests[0]}"),
        ("approval-dropped", "marketer", f"approved -> none; draft {digests[0]}"),
        ("draft-submitted", "marketer", f"none -> submitted; draft {digests[1]}"),
        ("draft-sent-back", "approver", f"submitted -> sent_back; draft {digests[1]}; No"),
    ] == told
    assert rest["next"] is None
    assert {"audit": 403} == {"audit": team.mia.get("/v1/audit").status_code}
