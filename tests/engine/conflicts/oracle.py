"""Tells whether a witness shows a conflict: its log is decided once more, apart from the search."""

from decimal import Decimal
from typing import Any

import msgspec

from engine.conflicts import Conflict
from engine.decide import Evaluating, fold
from engine.decision import Decision, Need, Outcome
from engine.effects import AddTag, ChangeTier, IssueCoupon, MultiplyPoints, RemoveTag
from engine.events import Event
from engine.replay import Logged, noteworthy, replay
from engine.state import MemberState
from tests.support.life import Programme

Json = dict[str, Any]


def shown(conflict: Conflict, documents: list[Json], definitions: Json) -> bool:
    """Return whether the witness's log, from an empty member under the rules, shows what is said of it.

    The log must also be one that a running programme could have: replay finds every timer due.
    """
    programme = Programme(definitions)
    for document in documents:
        if document["key"] in conflict.rules:
            programme.publish(document)
    index = programme.index
    witness = conflict.witness
    state, decisions, logged = MemberState(member=witness.member), list[Decision](), list[Logged]()
    pots = _Pots()
    for place, chapter in enumerate(witness.chapters):
        event = msgspec.json.decode(msgspec.json.encode(chapter.event), type=Event)
        decided = fold(state, event, index, Evaluating(index), pots, "content")
        state = decided.state
        decisions.append(decided.decision)
        body = decided.body if noteworthy(decided.decision) else None
        logged.append(
            Logged(
                sequence=place + 1,
                event=event,
                revision=index.rules.revision,
                content="content",
                digest=decided.digest,
                body=body,
            )
        )
    report = replay(witness.member, logged, programme.decider, upto=index)
    assert report.divergences == []
    moment = [decisions[place] for place in witness.moment]
    assert {one.as_of for one in moment} == {witness.at}
    return _shows(conflict, moment, decisions)


class _Pots:
    """A host whose pots begin full."""

    def __init__(self) -> None:
        self._left: dict[str, int] = {}
        self._codes = 0

    def __call__(self, need: Need) -> Any:
        if need.kind == "code":
            self._codes += 1
            return f"CODE-{self._codes}"
        if need.kind == "member":
            return need.name
        self._left.setdefault(need.name, need.limit or 1)
        if self._left[need.name] < need.amount:
            return False
        self._left[need.name] -= need.amount
        return True


def _shows(conflict: Conflict, moment: list[Decision], log: list[Decision]) -> bool:
    by = {
        key: [one for decision in moment for one in decision.outcomes if one.rule == key]
        for key in conflict.rules
    }
    if any(not outcomes for outcomes in by.values()):
        return False
    first, second = (by[conflict.rules[at]] for at in (0, min(1, len(by) - 1)))
    one, other = _effects(first), _effects(second)
    about = conflict.about
    match conflict.code:
        case "tag":
            tag = about["tag"]
            return any(isinstance(e, AddTag) and e.tag == tag for e in one) and any(
                isinstance(e, RemoveTag) and e.tag == tag for e in other
            )
        case "tag-group":
            return [e.tag for e in one if isinstance(e, AddTag) and e.tag == about["tag"]] != [] and [
                e.tag for e in other if isinstance(e, AddTag) and e.tag == about["other_tag"]
            ] != []
        case "level":
            tiers = [{e.tier for e in effects if isinstance(e, ChangeTier)} for effects in (one, other)]
            return bool(tiers[0] and tiers[1] and tiers[0].isdisjoint(tiers[1]))
        case "coupons":
            given = [{e.code for e in effects if isinstance(e, IssueCoupon)} for effects in (one, other)]
            used = [one["code"] for one in log[-1].answer["coupons"]]
            return (
                log[-1].answer["status"] == "reserved"
                and bool(given[0].intersection(used))
                and bool(given[1].intersection(used))
            )
        case "factors" | "outdone":
            factors = [
                Decimal(e.factor)
                for effects in (one, other)
                for e in effects
                if isinstance(e, MultiplyPoints)
            ]
            return len(factors) > 1 and factors[0] >= factors[-1]
        case "claimed":
            return first[0].result == "fired" and second[0].reason == "claimed-already"
        case "same":
            return [type(e) for e in one] == [type(e) for e in other]
        case "circle":
            outcomes = [outcome for outcomes in by.values() for outcome in outcomes]
            return all(_effects(outcomes) for outcomes in by.values()) and any(
                outcome.reason == "own-descendant" for outcome in outcomes
            )


def _effects(outcomes: list[Outcome]) -> list[Any]:
    return [effect for one in outcomes if one.result == "fired" for effect in one.effects]
