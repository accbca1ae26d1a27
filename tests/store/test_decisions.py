"""Decisions and what follows from them, as pages and figures read it."""

import pytest

from api.store import consequences, decisions, figures, identities, log, members, views
from api.store.consequences import NewCoupon, NewOutbox
from api.store.database import Database
from api.store.decisions import NewDecision, StoredDecision
from api.store.figures import Figures
from api.store.holdings import StateChange
from api.store.identities import Identity
from api.store.views import MemberLine, StoredCoupon
from engine.decision import Outcome, body
from engine.effects import AwardPoints
from engine.state import Held, MemberState
from tests.store.samples import AT, decision, entry, saved
from tests.store.samples_ledger import awarded

EFFECT = {"type": "award_points", "id": "e1", "action": 0, "points": 5}


def fired(rule: str, step: int = 0) -> Outcome:
    effects = (AwardPoints(id="e1", action=0, points=5),)
    return Outcome(step=step, rule=rule, version=2, result="fired", effects=effects)


def held_out(rule: str) -> Outcome:
    return Outcome(step=0, rule=rule, version=1, result="held_out")


def tagged(member: str, tags: dict[str, dict[str, Held]]) -> StateChange:
    return StateChange(MemberState(member=member), MemberState(member=member, tags=tags))


def new(sequence: int, member: str, *outcomes: Outcome) -> NewDecision:
    decided = decision(member, 1, *outcomes)
    return NewDecision(sequence, decided, body(decided))


class TestDecisions:
    def test_a_decision_comes_back_to_the_byte(self, database: Database) -> None:
        kept = new(7, "m1", fired("r"))
        with database.write() as connection:
            decisions.append(connection, [kept])
            decisions.append(connection, [])

        with database.read() as connection:
            assert StoredDecision(7, "m1", 1, AT, kept.body) == decisions.read(connection, 7)
            assert decisions.read(connection, 8) is None
            assert {7: kept.body} == decisions.bodies_of(connection, "m1")
            assert {} == decisions.bodies_of(connection, "m2")

    def test_effects_are_answered_again(self, database: Database) -> None:
        """Ruling 21: a duplicate gets the original result, and a request its answer."""
        refused = decision("m1", 2, held_out("r"))
        told = b'"answer":{"status":"refused"},"revision"'
        asked = NewDecision(8, refused, body(refused).replace(b'"revision"', told))
        with database.write() as connection:
            decisions.append(connection, [new(7, "m1", fired("r"), held_out("s")), asked])

        with database.read() as connection:
            assert [EFFECT] == decisions.told_of(connection, 7).effects
            assert {"status": "refused"} == decisions.told_of(connection, 8).answer
            assert [] == decisions.told_of(connection, 9).effects

    def test_many_are_read_at_once(self, database: Database) -> None:
        with database.write() as connection:
            decisions.append(connection, [new(number, "m1", fired("a")) for number in range(1, 1_503)])

        with database.read() as connection:
            assert set(range(2, 1_502)) == set(decisions.read_many(connection, range(2, 1_502)))


class TestMembers:
    @pytest.fixture
    def filled(self, database: Database) -> Database:
        with database.write() as connection:
            members.save(connection, [saved(key) for key in ("ann", "anna", "Bob", "a_b", "a%b", "会员1")])
            members.hold(connection, ["annex"], "file")
            identities.link(
                connection, {Identity("phone", "token-1"): "Bob", Identity("user_id", "ann"): "ann"}
            )
            consequences.write(
                connection,
                states=[
                    tagged("ann", {"vip": {"rule:a": Held(1), "rule:b": Held(1)}, "new": {"api:x": Held(1)}})
                ],
                postings=[(awarded("e1", "ann", 5), 1, "ann")],
            )
        return database

    @pytest.mark.parametrize(
        ("search", "wanted"),
        [
            (["ann"], {"ann", "anna"}),
            (["an"], {"ann", "anna"}),
            (["AN"], set()),
            (["a_"], {"a_b"}),
            (["a%"], {"a%b"}),
            (["会"], {"会员1"}),
            (["13800000000", "token-1"], {"Bob"}),
            (["annex"], set()),
            ([], {"ann", "anna", "Bob", "a_b", "a%b", "会员1"}),
        ],
    )
    def test_they_are_found_by_beginning_or_name(
        self, filled: Database, search: list[str], wanted: set[str]
    ) -> None:
        """Whoever is only held for an import is no member yet."""
        with filled.read() as connection:
            found = views.find_members(connection, search=search, limit=50)

        assert wanted == {one.key for one in found}

    def test_a_line_says_what_a_list_shows(self, filled: Database) -> None:
        with filled.read() as connection:
            found = {one.key: one for one in views.find_members(connection, limit=50)}

        assert MemberLine("ann", AT, 1, ["new", "vip"], 5, erased=False) == found["ann"]
        assert MemberLine("Bob", AT, 1, [], 0, erased=False) == found["Bob"]

    def test_pages_follow_each_other(self, filled: Database) -> None:
        with filled.read() as connection:
            whole = [one.key for one in views.find_members(connection, limit=50)]
            first = [one.key for one in views.find_members(connection, limit=4)]
            rest = [one.key for one in views.find_members(connection, after=first[-1], limit=4)]

        assert whole == first + rest


def test_everything_is_counted(database: Database) -> None:
    coupons = [NewCoupon("C1", "TEN", "m1", AT, AT + 9, 1), NewCoupon("C2", "TEN", "m2", AT, None, 2)]
    message = NewOutbox("e5", 1, "m1", "a", "message", "sms", "hi", "pending", AT, None, AT)
    with database.write() as connection:
        log.append(connection, [entry("m1", 1), entry("m1", 2, kind="timer"), entry("m2", 1)])
        members.save(connection, [saved("m1", 2), saved("m2")])
        members.hold(connection, ["nobody"], "file")
        decisions.append(
            connection, [new(1, "m1", fired("a"), fired("b")), new(3, "m2", fired("a"), held_out("c"))]
        )
        consequences.write(
            connection,
            states=[
                tagged("m1", {"vip": {"rule:a": Held(1), "rule:b": Held(1)}}),
                tagged("m2", {"vip": {"rule:a": Held(1)}}),
            ],
            postings=[(awarded("e1", "m1", 5), 1, "m1")],
            coupons=coupons,
            outbox=[message],
        )

    with database.read() as connection:
        assert Figures(
            events=2,
            timers=1,
            members=2,
            decisions=2,
            firings={"a": 2, "b": 1},
            members_per_tag={"vip": 2},
            coupons={"TEN": {"issued": 2}},
            accounts={"points": {"issued": 5, "redeemed": 0, "expired": 0, "members": 5}},
            members_per_tier={},
        ) == figures.figures(connection)
        assert [StoredCoupon("C1", "TEN", "m1", "issued", AT, AT + 9, 1)] == views.coupons_of(
            connection, "m1"
        )
