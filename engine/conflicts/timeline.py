"""The entries of a witness's log that bring wished facts about."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from engine import events
from engine.conflicts.finale import Asked, asked_for, can_be_told
from engine.conflicts.history import Remembered
from engine.conflicts.plan import OWN, Plan
from engine.conflicts.stored import as_stored
from engine.conflicts.telling import Told
from engine.language.benefits import POINTS
from engine.language.compiled import CompiledRule
from engine.language.paths import ladder_of
from engine.rules import RuleSet
from engine.schedule import DAY, local, shift
from engine.values import MICROSECONDS, Instant, MaybeValue

_MINUTE: Final = 60 * MICROSECONDS
_IMPORTED: Final = 120 * _MINUTE
_IDENTIFIED: Final = 90 * _MINUTE
_ASKED: Final = 60 * _MINUTE
_MOST_ASKED: Final = 55
_SOMEBODY: Final = "somebody"


class CannotBe(Exception):
    """A wished fact can't be brought about by what is told here."""


def timeline(plan: Plan, rules: RuleSet) -> list[Told]:
    """Return what is to be told of a member so that facts come out as wished.

    What was before the rules (past events, what is known of the member) is taken in as an import of
    facts two hours ahead; what people do by hand follows from an hour ahead on. Where the rules look at
    what becomes true of the member, all of it is live, after a beginning that tells nothing.

    Args:
        plan: What is wished.
        rules: The definitions in force.

    Raises:
        CannotBe: If a fact can't be wished.
    """
    return _Line(plan, rules).told()


class _Line:
    def __init__(self, plan: Plan, rules: RuleSet) -> None:
        self._plan = plan
        self._catalogue = rules.catalogue
        self._zone = rules.catalogue.programme.zone
        self._live = plan.meeting.how == "change"
        self._attributes: dict[str, Any] = {}
        self._consents: list[tuple[str, str]] = []
        self._asked: list[Asked] = []
        self._early: list[tuple[Instant, Asked]] = []
        self._units: dict[str, int] = {}
        self._joined: Instant | None = None

    def told(self) -> list[Told]:
        plan = self._plan
        own = plan.told("event.")
        for name, value in plan.told("member.").items():
            self._member(name, value)
        bound = [path.removeprefix("event.") for path in (*plan.facts, *plan.lists)]
        past = Remembered(plan.moment, self._zone, plan.meeting.event, own, bound)
        if plan.meeting.how == "clock":
            self._clock(plan.rules[0], past)
        if not past.wish(plan.figures.values()):
            raise CannotBe("history")
        for unit, amount in self._units.items():
            self._ask(events.POINTS_ADJUSTED, unit=unit, amount=amount)
        before = [
            self._fact("track", one.name, self._stored(one.properties), one.at)
            for one in sorted(past.events, key=lambda event: event.at)
        ]
        if any(one.at >= plan.at for one in before):
            raise CannotBe("history")
        return self._in_order(before, self._stored(past.own))

    def _in_order(self, before: list[Told], own: dict[str, Any]) -> list[Told]:
        plan, at = self._plan, self._plan.at
        if plan.meeting.event == events.MEMBER_JOINED:
            if before or self._asked or self._early or self._consents:
                raise CannotBe("joining")
            return [self._said("identify", events.MEMBER_IDENTIFIED, own | self._attributes, at)]
        known = self._known(at - (_IDENTIFIED if self._live else _IMPORTED))
        asked = list(self._asked)
        finale = self._finale(own, asked)
        if len(asked) > _MOST_ASKED:
            raise CannotBe("requests")
        first = [self._neutral(min([at, *(one.at for one in before)]) - DAY)] if self._live else []
        by_hand = [
            self._said("request", *one, at - _ASKED + place * _MINUTE) for place, one in enumerate(asked)
        ]
        early = [self._said("request", *one, when) for when, one in self._early]
        line = [*first, *before, *known, *early, *by_hand, *finale]
        return sorted(line, key=lambda one: one.recorded_at)

    def _finale(self, own: dict[str, Any], asked: list[Asked]) -> list[Told]:
        """Return what sets the rules off; what it needs goes to what is asked for before."""
        plan, name = self._plan, self._plan.meeting.event
        if plan.meeting.how == "clock":
            return []
        if not name:
            return [self._neutral(plan.at)]
        if not can_be_told(name):
            raise CannotBe(name)
        leads = asked_for(name, own, self._catalogue, OWN)
        if leads is None:
            kind = "identify" if name == events.MEMBER_IDENTIFIED else "track"
            return [self._said(kind, name, own, plan.at)]
        if not leads:
            raise CannotBe(name)
        asked += leads[:-1]
        return [self._said("request", *leads[-1], plan.at)]

    def _known(self, at: Instant) -> list[Told]:
        """Return what is known of the member from before, and when it joined."""
        found: list[Told] = []
        if self._joined is not None or self._plan.meeting.how == "clock":
            found.append(self._fact("identify", events.MEMBER_IDENTIFIED, {}, self._joined or at))
        if self._attributes:
            found.append(self._fact("identify", events.MEMBER_IDENTIFIED, self._attributes, at))
        found += [self._fact("track", name, {"channel": channel}, at) for name, channel in self._consents]
        return found

    def _member(self, name: str, value: MaybeValue) -> None:
        kind, _, key = name.partition(".")
        ladder = ladder_of(f"member.{name}")
        if ladder is not None and ladder in self._catalogue.ladders:
            self._ask(events.LEVEL_SET, ladder=ladder, tier=value)
        elif name in {"tags", "segments", "memberships"}:
            for one in value if isinstance(value, list) else ():
                self._element(name, str(one))
        elif name == "points" or kind == "balance":
            if not isinstance(value, int) or value < 0:
                raise CannotBe(name)
            if value:
                self._units[key or POINTS] = value
        elif kind == "consent":
            self._consents.append((events.CONSENT_GIVEN if value else events.CONSENT_WITHDRAWN, key))
        elif name == "points_age_days" and isinstance(value, int) and value >= 0:
            given = (events.POINTS_ADJUSTED, {"unit": POINTS, "amount": 1, "why": OWN})
            self._early.append((self._plan.moment - value * DAY - _ASKED, given))
        elif kind in {"rfm", "level", "points_age_days"}:
            raise CannotBe(name)
        else:
            self._attributes[name] = as_stored(
                _SOMEBODY if value == "" else value, self._catalogue.attributes[name].type
            )

    def _element(self, name: str, one: str) -> None:
        if name == "tags":
            if one not in self._catalogue.tags:
                raise CannotBe(one)
            self._ask(events.TAG_GRANTED, tag=one)
        elif name == "memberships":
            definition = self._catalogue.memberships.get(one)
            if definition is None:
                raise CannotBe(one)
            if definition.invitation is not None:
                self._element("tags", definition.invitation)
            self._ask(events.MEMBERSHIP_SET, membership=one)
        else:
            self._ask(events.SEGMENT_LISTED, segment=one)

    def _clock(self, rule: CompiledRule, past: Remembered) -> None:
        """Bring about what a rule of the clock counts from."""
        at = self._plan.at
        if rule.absence is not None and rule.waits is not None:
            past.happened(rule.absence.event, shift(at, -rule.waits.amount, rule.waits.unit, self._zone))
        elif rule.anniversary is not None:
            when = rule.anniversary
            days = (when.before.days if when.before else 0) - (when.after.days if when.after else 0)
            day = local(at, self._zone).date() + timedelta(days=days)
            if when.of == "joining":
                self._joined = shift(at + days * DAY, -1, "years", self._zone)
            else:
                name = "birthday" if when.of == "birthday" else (when.attribute or "").removeprefix("member.")
                self._attributes[name] = f"{day:%m-%d}"
        elif rule.before_expiry is not None:
            self._ending(rule.before_expiry.of, rule.before_expiry.unit)

    def _ending(self, of: str, unit: str | None) -> None:
        if of == "points":
            self._units.setdefault(unit or POINTS, 1)
        elif of == "coupon":
            key = unit or next(iter(self._catalogue.coupons), "")
            self._ask(events.COUPON_GRANTED, coupon=key)
        else:
            self._element("memberships", unit or next(iter(self._catalogue.memberships), ""))

    def _ask(self, name: str, **said: Any) -> None:
        one: Asked = (name, {**said, "why": OWN})
        if one not in self._asked:
            self._asked.append(one)

    def _stored(self, told: Mapping[str, Any]) -> dict[str, Any]:
        facts = self._catalogue.facts
        return {
            name: as_stored(value, facts[f"event.{name}"].type if f"event.{name}" in facts else "text")
            for name, value in told.items()
        }

    def _neutral(self, at: Instant) -> Told:
        return self._said("identify", events.MEMBER_IDENTIFIED, {}, at)

    def _fact(self, kind: Any, name: str, properties: dict[str, Any], at: Instant) -> Told:
        """Return something from before the rules; told live where they look at what becomes true."""
        if self._live:
            return Told(kind, name, properties, at, at)
        return Told(kind, name, properties, min(at, self._plan.at - _IMPORTED), self._imported, "facts-only")

    @property
    def _imported(self) -> Instant:
        earliest = min([self._plan.at - _ASKED, *(when for when, _ in self._early)])
        return earliest - _ASKED

    @staticmethod
    def _said(kind: Any, name: str, properties: dict[str, Any], at: Instant) -> Told:
        return Told(kind, name, properties, at, at)
