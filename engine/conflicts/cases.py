"""What is worth a look: rules whose effects touch each other and that may come together."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any, Final, NamedTuple

from engine import canonical
from engine.conflicts.implying import always_first, implies
from engine.conflicts.plan import Meeting
from engine.conflicts.touches import Touch, touches
from engine.conflicts.witness import Code
from engine.events import SEGMENT_ENTERED, SEGMENT_EXITED
from engine.language.catalogue import Catalogue
from engine.language.checks_loops import circle_of, followers
from engine.language.compiled import CompiledRule
from engine.programme.together import together

_OF_SEGMENTS: Final = frozenset((SEGMENT_ENTERED, SEGMENT_EXITED))
_Side = tuple[CompiledRule, Touch]


class Case(NamedTuple):
    """Rules that may get in each other's way.

    Attributes:
        code: How.
        rules: The rules, as `Conflict.rules` has them.
        touches: What each does; None for the rule as a whole.
        about: What it is about.
        meetings: How they may come together, each of which is tried.
    """

    code: Code
    rules: tuple[CompiledRule, ...]
    touches: tuple[Touch | None, ...]
    about: dict[str, str]
    meetings: tuple[Meeting, ...]


def cases(rules: Sequence[CompiledRule], catalogue: Catalogue) -> Iterator[Case]:
    """Yield every case that is worth a look: by what is touched, never every pair.

    Args:
        rules: The rules, in order of priority and key.
        catalogue: The definitions in force.
    """
    led = followers((one.document for one in rules), catalogue)
    twins: set[tuple[str, str]] = set()
    for rule, twin in _twins(rules):
        twins.add((rule.key, twin.key))
        yield _case("same", (rule, None), (twin, None), {}, led)
    for code, one, other, about in _touching(rules, catalogue):
        if (one[0].key, other[0].key) in twins or one[0].key == other[0].key:
            continue
        found = _case(code, one, other, about, led)
        if found.meetings:
            yield found
    yield from _circles(rules, led)


def _case(
    code: Code,
    one: tuple[CompiledRule, Touch | None],
    other: tuple[CompiledRule, Touch | None],
    about: dict[str, str],
    led: Mapping[str, Sequence[str]],
) -> Case:
    pair = (one[0], other[0])
    return Case(code, pair, (one[1], other[1]), about, tuple(_meetings(code, *pair, led)))


def _twins(rules: Sequence[CompiledRule]) -> Iterator[tuple[CompiledRule, CompiledRule]]:
    """Yield rules that start alike, ask the same and do the same."""
    alike: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        said = rule.document.plain()
        what = [said.get(name) for name in ("when", "if", "then", "exit", "goal", "campaign")]
        alike.setdefault(canonical.digest(what), []).append(rule)
    for many in alike.values():
        yield from combinations(many, 2)


def _touching(
    rules: Sequence[CompiledRule], catalogue: Catalogue
) -> Iterator[tuple[Code, _Side, _Side, dict[str, str]]]:
    by_kind: dict[str, dict[str, list[_Side]]] = {}
    for rule in rules:
        for touch in touches(rule, catalogue.taxonomy):
            by_kind.setdefault(touch.kind, {}).setdefault(touch.of, []).append((rule, touch))
    yield from _tags(by_kind.get("add_tag", {}), by_kind.get("remove_tag", {}), catalogue)
    yield from _coupons(by_kind.get("coupon", {}), catalogue)
    for kind, found in (("level", _levels), ("factor", _factors), ("claim", _claims)):
        for of, many in by_kind.get(kind, {}).items():
            for one, other in combinations(many, 2):
                yield from found(of, one, other, catalogue)


def _levels(
    ladder: str, one: _Side, other: _Side, _: Catalogue
) -> Iterator[tuple[Code, _Side, _Side, dict[str, str]]]:
    if one[1].value != other[1].value:
        yield "level", one, other, {"ladder": ladder, "tier": one[1].value, "other_tier": other[1].value}


def _claims(
    claim: str, one: _Side, other: _Side, catalogue: Catalogue
) -> Iterator[tuple[Code, _Side, _Side, dict[str, str]]]:
    unit, _, name = claim.partition("/")
    if not one[1].guards and always_first(one[0], other[0]) and implies(other[0], one[0], catalogue):
        yield "claimed", one, other, {"unit": unit, "property": name}


def _tags(
    added: Mapping[str, Sequence[_Side]], removed: Mapping[str, Sequence[_Side]], catalogue: Catalogue
) -> Iterator[tuple[Code, _Side, _Side, dict[str, str]]]:
    for tag, many in added.items():
        for one in many:
            for other in removed.get(tag, ()):
                yield "tag", one, other, {"tag": tag}
            for rival in catalogue.taxonomy.displaced_by(tag):
                for other in added.get(rival, ()):
                    if tag < rival or tag not in catalogue.taxonomy.displaced_by(rival):
                        yield "tag-group", one, other, {"tag": tag, "other_tag": rival}


def _coupons(
    given: Mapping[str, Sequence[_Side]], catalogue: Catalogue
) -> Iterator[tuple[Code, _Side, _Side, dict[str, str]]]:
    kinds = {key: catalogue.coupons[key] for key in given if key in catalogue.coupons}
    discounts = [key for key, one in kinds.items() if one.kind != "gift"]
    for place, key in enumerate(discounts):
        for other_key in discounts[place:]:
            if together(kinds[key], kinds[other_key]):
                about = {"coupon": key, "other_coupon": other_key}
                same = combinations(given[key], 2)
                apart = ((one, other) for one in given[key] for other in given[other_key])
                for one, other in same if key == other_key else apart:
                    yield "coupons", one, other, about


def _factors(
    unit: str, one: _Side, other: _Side, catalogue: Catalogue
) -> Iterator[tuple[Code, _Side, _Side, dict[str, str]]]:
    about = {"unit": unit}
    if catalogue.unit(unit).combine != "highest":
        yield "factors", one, other, about
        return
    for winner, loser in ((one, other), (other, one)):
        higher = Decimal(winner[1].value) - Decimal(loser[1].value)
        sure = not winner[1].guards and always_first(winner[0], loser[0], in_order=False)
        if higher >= 0 and sure and implies(loser[0], winner[0], catalogue):
            yield "outdone", winner, loser, about
            return


def _meetings(
    code: Code, one: CompiledRule, other: CompiledRule, led: Mapping[str, Sequence[str]]
) -> Iterator[Meeting]:
    """Yield how two rules may come together in one decision, or by clocks that are due at one instant."""
    if one.exclusive_group is not None and one.exclusive_group == other.exclusive_group:
        return
    watch = [_watches(rule) for rule in (one, other)]
    if all(watch):
        yield Meeting("change", "", (0, 1))
    elif any(watch):
        name = other.trigger if watch[0] else one.trigger
        if name is not None:
            yield Meeting("change", name, (1, 0) if watch[0] else (0, 1))
    elif one.trigger is not None and one.trigger == other.trigger:
        yield Meeting("event", one.trigger, (0, 1))
    elif one.trigger is None and other.trigger is None and _clock(one) == _clock(other):
        yield Meeting("clock", "", (0, 1))
    if code in {"same", "claimed", "outdone", "factors"}:
        return
    for place, (first, second) in enumerate(((one, other), (other, one))):
        if second.key in led[first.key]:
            yield _begun(first, (place, 1 - place))


def _begun(first: CompiledRule, order: tuple[int, ...]) -> Meeting:
    """Return how rules come together of which the first sets off the next."""
    if _watches(first):
        return Meeting("change", "", order, follows=True)
    if first.trigger is None:
        return Meeting("clock", "", order, follows=True)
    return Meeting("event", first.trigger, order, follows=True)


def _watches(rule: CompiledRule) -> bool:
    return rule.lasting or rule.trigger in _OF_SEGMENTS


def _clock(rule: CompiledRule) -> Any:
    """Return by what a clock goes, the same for rules that are due at the same instants of a member."""
    said = rule.document.when.model_dump(mode="json", by_alias=True)
    said.pop("or_joining", None)
    return {**said, "on_day": None, "on_weekday": None, "every": None} if rule.schedule is not None else said


def _circles(rules: Sequence[CompiledRule], led: Mapping[str, Sequence[str]]) -> Iterator[Case]:
    by_key = {rule.key: rule for rule in rules}
    seen: set[tuple[str, ...]] = set()
    for rule in rules:
        circle = circle_of(rule.key, led.__getitem__)
        if not circle or tuple(sorted(circle[1:])) in seen:
            continue
        seen.add(tuple(sorted(circle[1:])))
        around = tuple(by_key[key] for key in circle[:-1])
        places = range(len(around))
        turns = [(*places[begin:], *places[:begin], begin) for begin in places]
        meetings = tuple(_begun(around[turn[0]], turn) for turn in turns)
        yield Case("circle", around, (None,) * len(around), {}, meetings)
