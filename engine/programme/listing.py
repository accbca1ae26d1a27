"""Puts a member on a list, or takes it off: the segments that people and systems keep."""

from engine.effects import AnyEffect, EnterSegment, LeaveSegment
from engine.programme.asked import Asked, Carried
from engine.programme.reasons import Refusal


def list_member(asked: Asked) -> Carried:
    """Put the member on a list. One who is on it already stays, since when it was.

    Raises:
        Refusal: If there is no such segment, or it is computed.
    """
    key = _listed(asked)
    there = key in asked.state.segments
    effect = EnterSegment(id=asked.effect_id(0), action=0, segment=key)
    return _done([] if there else [effect], key, listed=True, changed=not there)


def unlist_member(asked: Asked) -> Carried:
    """Take the member off a list.

    Raises:
        Refusal: If there is no such segment, or it is computed.
    """
    key = _listed(asked)
    there = key in asked.state.segments
    effect = LeaveSegment(id=asked.effect_id(0), action=0, segment=key)
    return _done([effect] if there else [], key, listed=False, changed=there)


def _listed(asked: Asked) -> str:
    definition = asked.catalogue.segments.get(asked.text("segment"))
    if definition is None:
        raise Refusal("segment-unknown", path="/segment")
    if definition.kind != "list":
        raise Refusal("segment-computed", path="/segment")
    asked.text("why")
    return definition.key


def _done(effects: list[AnyEffect], segment: str, *, listed: bool, changed: bool) -> Carried:
    return Carried(
        tuple(effects), {"status": "done", "segment": segment, "listed": listed, "changed": changed}
    )
