"""What a back-test found, added up: by rule, and beside what really happened."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import orjson

from api.service.wording import trace_node
from engine import canonical
from engine.backtest import Happened
from engine.decision import BY_ITSELF, Outcome
from engine.effects import AnyEffect, AwardPoints, DrawPrize, IssueCoupon, SendMessage
from engine.evaluate import explain
from engine.language.benefits import POINTS
from engine.schedule import local
from engine.values import Instant, instant_text

Json = dict[str, Any]
SAMPLES: Final = 5
_MATCHED: Final = ("fired", "done")
_UNLIKE: Final = ("id", "code", "number", "commitment", "waited", "enrolment", "since")
"""What of an effect depends on its place in the log, or on chance."""


class Compared(msgspec.Struct):
    """How many there are only in what happened, only in the back-test, and in both."""

    then: int = 0
    now: int = 0
    both: int = 0

    def join(self, other: "Compared") -> None:
        """Add others."""
        self.then += other.then
        self.now += other.now
        self.both += other.both


class Sample(msgspec.Struct, order=True):
    """A member for whom a rule fired.

    Attributes:
        member: Key of the member.
        at: When.
        event: What set it off.
        sequence: Place of that in the log; 0 if only the back-test has it.
        why: The condition with what it read; None for a rule without one.
    """

    member: str
    at: str
    event: str
    sequence: int
    why: Any = None


class RuleTally(msgspec.Struct):
    """What came of one rule.

    Attributes:
        version: The version that was decided by last.
        fired: How often it fired.
        members: For how many members.
        held: How often it was held back, by `result` or `result:reason`.
        effects: How many effects there are of each type.
        days: How often it fired on each day of the programme's clock.
        segments: How often for members in each segment; "" for members in none.
        channels: Messages that were requested, by channel.
        suppressed: Messages that may not be sent, by reason.
        points: Points awarded.
        coupons: Coupons issued, by definition.
        prizes: Prizes drawn, by `<wheel>/<prize>`.
        overlap: For how many of its members another rule fired, too, by rule.
        compared_members: Members for whom it fired, beside what happened.
        compared_effects: Its effects, beside what happened.
        samples: Some members.
    """

    version: int = 0
    fired: int = 0
    members: int = 0
    held: Counter[str] = msgspec.field(default_factory=Counter)
    effects: Counter[str] = msgspec.field(default_factory=Counter)
    days: Counter[str] = msgspec.field(default_factory=Counter)
    segments: Counter[str] = msgspec.field(default_factory=Counter)
    channels: Counter[str] = msgspec.field(default_factory=Counter)
    suppressed: Counter[str] = msgspec.field(default_factory=Counter)
    points: int = 0
    coupons: Counter[str] = msgspec.field(default_factory=Counter)
    prizes: Counter[str] = msgspec.field(default_factory=Counter)
    overlap: Counter[str] = msgspec.field(default_factory=Counter)
    compared_members: Compared = msgspec.field(default_factory=Compared)
    compared_effects: Compared = msgspec.field(default_factory=Compared)
    samples: list[Sample] = []

    def join(self, other: "RuleTally") -> None:
        """Add what came of it for other members."""
        self.version = max(self.version, other.version)
        self.fired += other.fired
        self.members += other.members
        self.points += other.points
        for name in (
            "held",
            "effects",
            "days",
            "segments",
            "channels",
            "suppressed",
            "coupons",
            "prizes",
            "overlap",
        ):
            getattr(self, name).update(getattr(other, name))
        self.compared_members.join(other.compared_members)
        self.compared_effects.join(other.compared_effects)
        self.samples = sorted([*self.samples, *other.samples], key=lambda one: (one.member, one.at))[:SAMPLES]


class _Member(msgspec.Struct):
    """What is known of one member while it is on its way.

    Attributes:
        at: The instant that is being compared.
        pending: Effects at that instant: how many more there are in the back-test than happened.
        now: Rules that fired in the back-test.
        then: Rules that really fired.
    """

    at: Instant = 0
    pending: Counter[tuple[str, bytes]] = msgspec.field(default_factory=Counter)
    now: set[str] = msgspec.field(default_factory=set)
    then: set[str] = msgspec.field(default_factory=set)


class Tally:
    """Adds up what happened, and what would have.

    Attributes:
        rules: By rule; what the programme does by itself stands under its own names.
        entries: How many entries were decided in the range.
        members: How many members they belong to.
    """

    def __init__(self, sampled: frozenset[str], *, zone: str) -> None:
        """Begin with nothing.

        Args:
            sampled: Rules of which members are kept as samples, and overlaps counted; empty for all.
            zone: IANA zone of the programme.
        """
        self.rules: dict[str, RuleTally] = {}
        self.entries = self.members = 0
        self._sampled = sampled
        self._zone = zone
        self._members: dict[str, _Member] = {}

    def then(self, member: str, as_of: Instant, body: bytes) -> None:
        """Count what was really decided on an entry."""
        found = self._member(member, as_of)
        for outcome in orjson.loads(body).get("outcomes", ()):
            rule = outcome["rule"]
            if outcome["result"] in _MATCHED:
                found.then.add(rule)
            for effect in outcome.get("effects", ()):
                self._compare(found, rule, effect, -1)

    def now(self, happened: Happened) -> None:
        """Count what the back-test decided on an entry."""
        self.entries += 1
        outcomes = happened.decision.outcomes
        if not outcomes:
            self._known(happened.event.member)
            return
        found = self._member(happened.event.member, happened.decision.as_of)
        for outcome in outcomes:
            tally = self._rule(outcome.rule)
            tally.version = max(tally.version, outcome.version)
            if outcome.result in _MATCHED:
                found.now.add(outcome.rule)
                self._matched(tally, happened, outcome)
            elif outcome.result not in {"resumed", "exited", "ended", "reached", "moved"}:
                tally.held[outcome.result + (f":{outcome.reason}" if outcome.reason else "")] += 1
            for effect in outcome.effects:
                _given(tally, effect)
                said = msgspec.to_builtins(effect, builtin_types=(Decimal,))
                self._compare(found, outcome.rule, said, 1)

    def close(self) -> None:
        """Finish all members who are on their way; they don't come again."""
        for found in self._members.values():
            self._settle(found)
            for rule in sorted(found.now | found.then):
                compared = self._rule(rule).compared_members
                compared.both += rule in found.now and rule in found.then
                compared.now += rule not in found.then
                compared.then += rule not in found.now
            for rule in sorted(found.now):
                tally = self._rule(rule)
                tally.members += 1
                if self._is_sampled(rule):
                    tally.overlap.update(one for one in found.now if one != rule and one not in BY_ITSELF)
        self.members += len(self._members)
        self._members = {}

    def join(self, other: "Tally") -> None:
        """Add what was found of other members."""
        self.entries += other.entries
        self.members += other.members
        for rule, tally in other.rules.items():
            self._rule(rule).join(tally)

    def _matched(self, tally: RuleTally, happened: Happened, outcome: Outcome) -> None:
        event = happened.event
        tally.fired += 1
        tally.days[local(event.as_of, self._zone).date().isoformat()] += 1
        tally.segments.update(sorted(happened.state.segments) or [""])
        if self._is_sampled(outcome.rule) and len(tally.samples) < SAMPLES:
            tally.samples.append(
                Sample(
                    event.member,
                    instant_text(event.as_of),
                    event.name,
                    happened.sequence,
                    _why(happened, outcome),
                )
            )

    def _is_sampled(self, rule: str) -> bool:
        return rule not in BY_ITSELF and (not self._sampled or rule in self._sampled)

    def _rule(self, rule: str) -> RuleTally:
        tally = self.rules.get(rule)
        if tally is None:
            tally = self.rules[rule] = RuleTally()
        return tally

    def _known(self, member: str) -> _Member:
        found = self._members.get(member)
        if found is None:
            found = self._members[member] = _Member()
        return found

    def _member(self, member: str, as_of: Instant) -> _Member:
        """Return a member at an instant; what was compared before is over."""
        found = self._known(member)
        if as_of > found.at:
            self._settle(found)
            found.at = as_of
        return found

    def _compare(self, found: _Member, rule: str, effect: Mapping[str, Any], more: int) -> None:
        said = canonical.encode({name: one for name, one in effect.items() if name not in _UNLIKE})
        before = found.pending[rule, said]
        if before * more < 0:
            self._rule(rule).compared_effects.both += 1
        found.pending[rule, said] = before + more

    def _settle(self, found: _Member) -> None:
        for (rule, _), more in found.pending.items():
            compared = self._rule(rule).compared_effects
            compared.now += max(0, more)
            compared.then += max(0, -more)
        found.pending.clear()


def _given(tally: RuleTally, effect: AnyEffect) -> None:
    tally.effects[str(effect.__struct_config__.tag)] += 1
    match effect:
        case AwardPoints() if effect.unit == POINTS:
            tally.points += effect.points
        case IssueCoupon():
            tally.coupons[effect.coupon] += 1
        case DrawPrize():
            tally.prizes[f"{effect.wheel}/{effect.prize}"] += 1
        case SendMessage() if effect.suppressed is not None:
            tally.suppressed[effect.suppressed] += 1
        case SendMessage() if effect.until is None:
            tally.channels[effect.channel] += 1
        case _:
            pass


def _why(happened: Happened, outcome: Outcome) -> Any:
    rule = happened.in_force.rules.version(outcome.rule, outcome.version)
    if rule.condition is None:
        return None
    facts = happened.decision.steps[outcome.step].facts
    return trace_node(explain(rule.condition, facts), rule.document, happened.in_force.rules.catalogue)
