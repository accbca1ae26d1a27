"""Over HTTP: a life told under three names, merged on the way, comes to the same as under one (ruling 17)."""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

import orjson
import pytest
from sqlalchemy import select

from api.store import members
from api.store.schema import COUPON, DECISION, EVENT, LEDGER, OUTBOX
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.reading import count_within
from engine.schedule import DAY, start_of
from engine.state import MemberState
from tests.api.conftest import Programme
from tests.api.splitting import Lived, Person
from tests.engine.programme.people import CAP, DEFINITIONS, RULES
from tests.support.life import ORDER

Json = dict[str, Any]
MORE: Json = {
    "tags": [{"key": key, "name": {"en": key}, "meaning": "for a test"} for key in ("churn-risk", "vip")],
    "templates": [
        {"key": key, "name": {"en": key}, "body": {"en": "Thank you"}} for key in ("thanks", "gold")
    ],
}


class Fired(NamedTuple):
    """One firing of a rule, as the log tells it: where, for whom, when, and what it gave."""

    sequence: int
    member: str
    rule: str
    as_of: int
    effects: list[Json]


class Told:
    """What the database says of some lives, read once."""

    def __init__(self, lived: Lived) -> None:
        self._fired: dict[str, list[Fired]] = {}
        with lived.programme.database.read() as connection:
            self.states = {state.member: state for state in members.states(connection)}
            for row in connection.execute(select(DECISION).order_by(DECISION.c.sequence)):
                for one in orjson.loads(row.body).get("outcomes", []):
                    if one["result"] in {"fired", "resumed"}:
                        effects = one.get("effects", [])
                        fired = Fired(row.sequence, row.member, one["rule"], row.as_of, effects)
                        self._fired.setdefault(row.member, []).append(fired)
            merges = select(EVENT).where(EVENT.c.kind == "merge").order_by(EVENT.c.sequence)
            self.merges = [
                (row.sequence, row.member, orjson.loads(row.properties)["absorbed"], row.as_of)
                for row in connection.execute(merges)
            ]
            self.ledger = connection.execute(select(LEDGER)).all()
            self.coupons = connection.execute(select(COUPON.c.member, COUPON.c.code)).all()
            self.outbox = connection.execute(select(OUTBOX.c.member, OUTBOX.c.id)).all()

    def parts(self, person: Person) -> list[str]:
        """Return the keys of the members that became one, the one that is left first."""
        (one,) = (key for key in self._keys(person) if key in self.states)
        return [one, *(absorbed for _, into, absorbed, _ in self.merges if absorbed in self._keys(person))]

    def fired(self, *keys: str) -> list[Fired]:
        return sorted(chain.from_iterable(self._fired.get(key, []) for key in keys))

    def company(self, member: str, sequence: int) -> set[str]:
        """Return who a member was made of, at a place of the log."""
        found = {member}
        for at, into, absorbed, _ in reversed(self.merges):
            if at < sequence and into in found:
                found.add(absorbed)
        return found

    @staticmethod
    def _keys(person: Person) -> list[str]:
        return [*person.ids, f"anonymous:{person.ids[-1]}"]


def lived(programme: Programme, seed: int, people: int) -> Iterator[tuple[Person, Told]]:
    """Let people live; then check what is of everybody, and yield each with what is told of all."""
    services = programme.services
    services.definitions.merge(Definitions.model_validate(DEFINITIONS | MORE), by="test")
    services.publish.publish_documents([parse_rule(one) for one in RULES], by="test")
    lives = Lived(programme, seed, people)
    lives.live()
    told = Told(lives)
    assert told.merges
    _replays(programme)
    assert 0 == sum(_accounts(told).values())
    yield from ((person, told) for person in lives.people)


def _replays(programme: Programme) -> None:
    """An auditor has everything decided again, and nothing differs."""
    client = programme.signed_in("auditor")
    found = client.post("/v1/replays", json={}).json()
    while found["status"] == "running":
        time.sleep(0.1)
        found = client.get(f"/v1/replays/{found['id']}").json()
    assert ("done", [], 0) == (found["status"], found["divergences"], found["more"])
    assert found["members"] > 0


@pytest.mark.parametrize("seed", range(2))
def test_a_life_under_three_names_is_one_life(either: Programme, seed: int) -> None:
    """History and earning equal the unsplit life, all else is the parts' together, and limits hold."""
    for person, told in lived(either, seed, people=6):
        _holds(either, person, told)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 115))
def test_many_lives_under_three_names(either: Programme, seed: int) -> None:
    """The same of many more people, who all live at once."""
    for person, told in lived(either, seed, people=25):
        _holds(either, person, told)


def _holds(programme: Programme, person: Person, told: Told) -> None:
    parts = told.parts(person)
    whole, one = told.states[person.whole], told.states[parts[0]]
    _every_name_leads_there(programme, person, one.member)
    _same_history(programme, whole, one)
    _same_earning(told, person, parts)
    _union(told, parts)
    _no_further_firing(told, parts)


def _every_name_leads_there(programme: Programme, person: Person, one: str) -> None:
    client = programme.backend()
    for name in (*person.ids[:2], f"anonymous:{person.ids[2]}"):
        found = client.get(f"/v1/members/{name}")
        if name == f"anonymous:{person.ids[2]}" and found.status_code == 404:
            continue  # a device that only an alias told of never was a member of its own
        assert one == found.json()["id"]


def _same_history(programme: Programme, whole: MemberState, one: MemberState) -> None:
    names = [key for key in whole.past if key in {ORDER, "Product Viewed"} or len(key) == 16]
    assert names
    for name in names:
        mine, theirs = whole.past[name], one.past[name]
        assert (mine.count, mine.total, mine.first, mine.last) == (
            theirs.count,
            theirs.total,
            theirs.first,
            theirs.last,
        )
        for days in (7, 60, 90):
            after = whole.as_of - days * DAY
            assert count_within(mine.at, after, whole.as_of) == count_within(theirs.at, after, whole.as_of)
    assert whole.joined_at == one.joined_at
    shown = [programme.backend().get(f"/v1/members/{key}").json() for key in (whole.member, one.member)]
    events = [
        [figure for figure in member["figures"] if figure["event"] in {ORDER, "Product Viewed"}]
        for member in shown
    ]
    assert events[0] == events[1]
    assert shown[0]["joined_at"] == shown[1]["joined_at"]


def _same_earning(told: Told, person: Person, parts: list[str]) -> None:
    """What knows no threshold is earned to the point, in the decisions and in the books."""
    earned = [
        sum(_points(fired) for fired in told.fired(*keys) if fired.rule == "earn")
        for keys in ([person.whole], parts)
    ]
    assert earned[0] == earned[1]


def _union(told: Told, parts: list[str]) -> None:
    """The one who is left has what all parts were given: nothing is lost, nothing doubled."""
    one = told.states[parts[0]]
    effects = [effect for fired in told.fired(*parts) for effect in fired.effects]
    codes = sorted(effect["code"] for effect in effects if "code" in effect)
    assert codes == sorted(one.coupons)
    assert codes == sorted(row.code for row in told.coupons if row.member == one.member)
    assert {effect["tag"] for effect in effects if "tag" in effect} == set(one.tags)
    assert sorted(effect["id"] for effect in effects if effect["type"] == "send_message") == sorted(
        row.id for row in told.outbox if row.member == one.member
    )
    points = sum(_points(fired) for fired in told.fired(*parts))
    accounts = _accounts(told)
    assert points == one.points == accounts[f"member:{one.member}:points"]
    for key in parts[1:]:
        assert 0 == accounts[f"member:{key}:points"]
        assert key not in {row.member for row in (*told.coupons, *told.outbox)}


def _no_further_firing(told: Told, parts: list[str]) -> None:
    """Whoever fires has room for it, counting what everybody was given whom it was made of by then."""
    fired = told.fired(*parts)
    for one in fired:
        company = told.company(one.member, one.sequence)
        before = [
            other
            for other in fired
            if other.rule == one.rule and other.sequence < one.sequence and other.member in company
        ]
        if one.rule == "coupon":
            instants = sorted(other.as_of for other in before)
            assert count_within(instants, one.as_of - 60 * DAY, one.as_of) < 2
        if one.rule == "daily" and _points(one):
            today = start_of(one.as_of, "day", "Asia/Shanghai")
            given = sum(
                _points(other) for other in before if start_of(other.as_of, "day", "Asia/Shanghai") == today
            )
            assert given + _points(one) <= CAP


def _points(fired: Fired) -> int:
    return sum(effect["points"] for effect in fired.effects if effect["type"] == "award_points")


def _accounts(told: Told) -> Counter[str]:
    accounts: Counter[str] = Counter()
    for row in told.ledger:
        accounts[row.debit] -= row.amount
        accounts[row.credit] += row.amount
    return accounts
