"""Tags that are put on and taken off: by rules, by people, and when a tag is merged or retired."""

from collections.abc import Mapping

from engine.effects import AddTag, AnyEffect, ReleaseTag, RemoveTag
from engine.language.tags import Taxonomy
from engine.programme.asked import MAX_TEXT, Asked, Carried
from engine.programme.occasion import Occasion
from engine.programme.reasons import Refusal
from engine.schedule import shift
from engine.state import Held
from engine.values import Instant, instant_text

Tags = dict[str, dict[str, Held]]
"""Holders by tag, then by holder."""


def put_on(occasion: Occasion, at: int, tag: str) -> AddTag | None:
    """Return how a rule's action puts a tag on; None if the tag is retired."""
    catalogue = occasion.catalogue
    stands = catalogue.taxonomy.standing(tag)
    if stands is None:
        return None
    expires_at = occasion.after(at)
    definition = catalogue.tags.get(stands)
    if expires_at is None and definition is not None and definition.expires_after is not None:
        expires_at = shift(occasion.event.as_of, *definition.expires_after.span, occasion.zone)
    return AddTag(
        id=occasion.effect_id(at),
        action=at,
        tag=stands,
        holder=f"rule:{occasion.rule.key}",
        expires_at=expires_at,
        instead_of=catalogue.taxonomy.displaced_by(stands),
    )


def grant_tag(asked: Asked) -> Carried:
    """Put a tag on in the name of whoever asks; asked again, it lasts as the later request says.

    Raises:
        Refusal: If the tag isn't defined, or is retired.
    """
    tag, why, until = asked.text("tag"), asked.text("why"), asked.later("until")
    definition = asked.catalogue.tags.get(tag)
    if definition is None:
        raise Refusal("tag-unknown", tag=tag, path="/tag")
    taxonomy = asked.catalogue.taxonomy
    stands = taxonomy.standing(tag)
    if stands is None:
        raise Refusal("tag-retired", tag=tag, path="/tag")
    lasts = asked.catalogue.tags[stands].expires_after if stands in asked.catalogue.tags else None
    if until is None and lasts is not None:
        until = shift(asked.as_of, *lasts.span, asked.zone)
    rivals = taxonomy.displaced_by(stands)
    effect = AddTag(
        id=asked.effect_id(0),
        action=0,
        tag=stands,
        holder=_holder(asked),
        expires_at=until,
        why=why,
        instead_of=rivals,
    )
    gone = [one for one in rivals if one in asked.state.tags]
    ends = instant_text(until) if until is not None else None
    return _done(effect, tag=stands, holder=effect.holder, until=ends, instead_of=gone)


def withdraw_tag(asked: Asked) -> Carried:
    """Let go of a tag in the name of whoever asks, or take it off whoever holds it.

    Raises:
        Refusal: If the member doesn't have the tag, or others hold it and only one's own grip is meant.
    """
    named = asked.text("tag")
    asked.text("why")
    tag = asked.catalogue.taxonomy.standing(named) or named
    holders = asked.state.tags.get(tag)
    if holders is None:
        raise Refusal("tag-not-on", tag=tag)
    if asked.flag("all"):
        return _done(RemoveTag(id=asked.effect_id(0), action=0, tag=tag), tag=tag, left=[])
    holder = _holder(asked)
    if holder not in holders:
        raise Refusal("tag-not-yours", tag=tag, holders=sorted(holders))
    left = sorted(one for one in holders if one != holder)
    return _done(ReleaseTag(id=asked.effect_id(0), action=0, tag=tag, holder=holder), tag=tag, left=left)


def settled(tags: Tags, taxonomy: Taxonomy) -> Tags:
    """Return a member's tags with those that were merged or retired since; the same ones if none was.

    Holders are kept: of two grips of one holder, the earlier begin and the
    later end. Where a tag so comes to a member who has another of its group,
    the one that was put on later stays.
    """
    moved = taxonomy.moved
    if moved.keys().isdisjoint(tags):
        return tags
    found: Tags = {tag: holders for tag, holders in tags.items() if tag not in moved}
    arrived = []
    for tag in sorted(one for one in tags if one in moved):
        stands = moved[tag]
        if stands is not None:
            arrived += [stands] if stands not in tags else []
            found[stands] = _united(found.get(stands, {}), tags[tag])
    for tag in dict.fromkeys(arrived):
        rivals = [one for one in taxonomy.displaced_by(tag) if one in found]
        if any(_newest(found[one]) > _newest(found[tag]) for one in rivals):
            rivals = [tag]
        found = {one: holders for one, holders in found.items() if one not in rivals}
    return found


def united_tags(mine: Tags, theirs: Tags, taxonomy: Taxonomy) -> Tags:
    """Return the tags of two members that become one, as if they had been put on one after the other.

    Holders are kept: of two grips of one holder, the earlier begin and the
    later end. A tag that the other brings ends where the survivor has one that
    the same group forbids beside it and that was put on later, or at the same
    instant; otherwise that one of the survivor ends.

    Args:
        mine: The tags of the member that goes on.
        theirs: Those of the member that ends.
        taxonomy: Which tags there are, and their groups.
    """
    found = {**mine, **{tag: _united(mine.get(tag, {}), holders) for tag, holders in theirs.items()}}
    ended: set[str] = set()
    for tag in theirs:
        for rival in taxonomy.displaced_by(tag) if tag not in mine else ():
            if rival in mine:
                ended.add(tag if _newest(found[rival]) >= _newest(found[tag]) else rival)
    return {tag: holders for tag, holders in found.items() if tag not in ended}


def _united(one: Mapping[str, Held], other: Mapping[str, Held]) -> dict[str, Held]:
    found = dict(one)
    for holder, held in other.items():
        known = found.get(holder)
        found[holder] = held if known is None else _longer(known, held)
    return found


def _longer(one: Held, other: Held) -> Held:
    until = None if one.until is None or other.until is None else max(one.until, other.until)
    return Held(min(one.since, other.since), until, one.why or other.why)


def _newest(holders: Mapping[str, Held]) -> Instant:
    return max(held.since for held in holders.values())


def _holder(asked: Asked) -> str:
    source = asked.event.source
    return source[:MAX_TEXT] if source.startswith("person:") else f"api:{source}"[:MAX_TEXT]


def _done(effect: AnyEffect, **told: object) -> Carried:
    return Carried((effect,), {"status": "done", **told})
