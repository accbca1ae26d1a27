"""What a back-test found, added up: by rule, and beside what really happened."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import orjson

from api.service.backtest_counts import SAMPLES, Given, Load, RuleTally, Sample
from api.service.wording import trace_node
from engine import canonical
from engine.backtest import Happened
from engine.decision import BY_ITSELF, Outcome
from engine.effects import SendMessage
from engine.evaluate import explain
from engine.schedule import local
from engine.values import Instant, instant_text

Json = dict[str, Any]
_CAPPED: Final = "frequency-cap"
_MATCHED: Final = ("fired", "done")
_UNLIKE: Final = ("id", "code", "number", "commitment", "waited", "enrolment", "since")
"""What of an effect depends on its place in the log, or on chance."""


class _Member(msgspec.Struct):
    """What is known of one member while it is on its way.

    Attributes:
        at: The instant that is being compared.
        pending: Effects at that instant: how many more there are in the back-test than happened.
        moment: Rules that fired at it in the back-test.
        now: Rules that fired in the back-test, and when they did so first.
        then: Rules that really fired, likewise.
        day: The day of the newest message.
        sent: How many messages there are on that day.
    """

    at: Instant = 0
    pending: Counter[tuple[str, bytes]] = msgspec.field(default_factory=Counter)
    moment: list[str] = msgspec.field(default_factory=list)
    now: dict[str, Instant] = msgspec.field(default_factory=dict)
    then: dict[str, Instant] = msgspec.field(default_factory=dict)
    day: str = ""
    sent: int = 0


class Tally:
    """Adds up what happened, and what would have.

    Attributes:
        rules: By rule; what the programme does by itself stands under its own names.
        load: The messages of each day of the programme's clock.
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
        self.load: dict[str, Load] = {}
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
                found.then.setdefault(rule, as_of)
            for effect in outcome.get("effects", ()):
                self._compare(found, rule, effect, -1)

    def now(self, happened: Happened) -> None:
        """Count what the back-test decided on an entry."""
        self.entries += 1
        outcomes = happened.decision.outcomes
        if not outcomes:
            self._known(happened.event.member)
            return
        as_of = happened.decision.as_of
        found = self._member(happened.event.member, as_of)
        day = local(as_of, self._zone).date().isoformat()
        for outcome in outcomes:
            tally = self._rule(outcome.rule)
            tally.version = max(tally.version, outcome.version)
            if outcome.result in _MATCHED:
                found.now.setdefault(outcome.rule, as_of)
                found.moment.append(outcome.rule)
                tally.days[day] += 1
                self._matched(tally, happened, outcome)
            elif outcome.result not in {"resumed", "exited", "ended", "reached", "moved"}:
                tally.held[outcome.result + (f":{outcome.reason}" if outcome.reason else "")] += 1
            for effect in outcome.effects:
                tally.given.add(effect)
                if self._is_sampled(outcome.rule):
                    tally.daily.setdefault(day, Given()).add(effect)
                if isinstance(effect, SendMessage):
                    self._load(found, day, effect)
                said = msgspec.to_builtins(effect, builtin_types=(Decimal,))
                self._compare(found, outcome.rule, said, 1)

    def close(self) -> None:
        """Finish all members who are on their way; they don't come again."""
        for member, found in self._members.items():
            self._settle(found)
            for rule in sorted({*found.now, *found.then}):
                self._beside(rule, member, found.now.get(rule), found.then.get(rule))
            for rule in sorted(found.now):
                tally = self._rule(rule)
                tally.members += 1
                if self._is_sampled(rule):
                    tally.overlap.update(one for one in found.now if one != rule and one not in BY_ITSELF)
        self.members += len(self._members)
        self._members = {}

    def _beside(self, rule: str, member: str, now: Instant | None, then: Instant | None) -> None:
        """Compare when a rule first fired for a member with when it really did; None for never."""
        tally = self._rule(rule)
        side = "both" if now is not None and then is not None else "then" if now is None else "now"
        compared = tally.compared_members
        setattr(compared, side, getattr(compared, side) + 1)
        if self._is_sampled(rule):
            tally.keep(side, member, (now if now is not None else then) or 0)

    def join(self, other: "Tally") -> None:
        """Add what was found of other members."""
        self.entries += other.entries
        self.members += other.members
        for rule, tally in other.rules.items():
            self._rule(rule).join(tally)
        for day, load in other.load.items():
            self.load.setdefault(day, Load()).join(load)

    def _matched(self, tally: RuleTally, happened: Happened, outcome: Outcome) -> None:
        event = happened.event
        tally.fired += 1
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

    def _load(self, found: _Member, day: str, message: SendMessage) -> None:
        """Count a message of a member's day; one that waits is counted when it is requested."""
        load = self.load.setdefault(day, Load())
        load.capped += message.suppressed == _CAPPED
        if message.suppressed is not None or message.until is not None:
            return
        load.channels[message.channel] += 1
        if found.day != day:
            found.day, found.sent = day, 0
            load.members += 1
        found.sent += 1
        load.most = max(load.most, found.sent)

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
        fired, found.moment = found.moment, []
        if not fired[1:]:
            return
        for rule in sorted(set(fired)):
            if self._is_sampled(rule):
                others = {one for one in fired if one != rule and one not in BY_ITSELF}
                self._rule(rule).moments.update(others)


def _why(happened: Happened, outcome: Outcome) -> Any:
    rule = happened.in_force.rules.version(outcome.rule, outcome.version)
    if rule.condition is None:
        return None
    facts = happened.decision.steps[outcome.step].facts
    return trace_node(explain(rule.condition, facts), rule.document, happened.in_force.rules.catalogue)
