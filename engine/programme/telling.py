"""Telling another member of something: who that is, and what is told."""

from typing import Any, Final

from engine.decision import Need
from engine.effects import TellMember
from engine.facts import property_of
from engine.language.paths import split
from engine.language.telling import TellMemberAction
from engine.programme.occasion import Occasion

MAX_HOPS: Final = 8
"""How many rules may have led to one that tells another member; with that many it is refused."""


def untold(occasion: Occasion, at: int, action: TellMemberAction) -> str:
    """Return why an action can't reach another member, or nothing if it can; asks the host who that is."""
    if len(occasion.lineage) >= MAX_HOPS:
        return "told-too-far"
    asked = _need(occasion, at, action)
    if asked is None:
        return "member-not-told"
    member = occasion.grant(asked)
    if member is False:
        return "member-unknown"
    return "member-oneself" if member == occasion.state.member else ""


def tell(occasion: Occasion, at: int, action: TellMemberAction) -> TellMember | None:
    """Return the effect of an action; None while it isn't known who the other member is."""
    asked = _need(occasion, at, action)
    member = occasion.grant(asked) if asked is not None else None
    if not member:
        return None
    named = [one.name for one in action.properties or []]
    found = {name: property_of(occasion.properties, name) for name in named}
    return TellMember(
        id=occasion.effect_id(at),
        action=at,
        member=member,
        event=action.event,
        properties={name: value for name, value in found.items() if value is not None},
        lineage=(*occasion.lineage, occasion.rule.key),
    )


def _need(occasion: Occasion, at: int, action: TellMemberAction) -> Need | None:
    """Return the need by which the host looks the other member up; None if no id is told."""
    scope, name = split(action.member)
    told: Any = occasion.state.fact(name) if scope == "member" else property_of(occasion.properties, name)
    if not isinstance(told, str) or not told:
        return None
    return Need(key=occasion.need_key(f"{at}-member"), kind="member", name=told)
