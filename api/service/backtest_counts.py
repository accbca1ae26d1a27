"""What is counted of a back-test: by rule, by day, and beside what really happened."""

from collections import Counter
from typing import Any, Final

import msgspec

from engine.effects import AnyEffect, AwardPoints, DrawPrize, IssueCoupon, SendMessage
from engine.language.benefits import POINTS
from engine.values import Instant, instant_text

SAMPLES: Final = 5
"""How many members of a kind are kept."""


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


class Seen(msgspec.Struct, order=True):
    """A member for whom a rule fired, and when it did so first."""

    member: str
    at: str


class Given(msgspec.Struct):
    """What rules gave: on one day, or in all.

    Attributes:
        effects: How many effects there are of each type.
        channels: Messages that were requested, by channel.
        suppressed: Messages that may not be sent, by reason.
        points: Points awarded.
        coupons: Coupons issued, by definition.
        prizes: Prizes drawn, by `<wheel>/<prize>`.
    """

    effects: Counter[str] = msgspec.field(default_factory=Counter)
    channels: Counter[str] = msgspec.field(default_factory=Counter)
    suppressed: Counter[str] = msgspec.field(default_factory=Counter)
    points: int = 0
    coupons: Counter[str] = msgspec.field(default_factory=Counter)
    prizes: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, effect: AnyEffect) -> None:
        """Count an effect."""
        self.effects[str(effect.__struct_config__.tag)] += 1
        match effect:
            case AwardPoints() if effect.unit == POINTS:
                self.points += effect.points
            case IssueCoupon():
                self.coupons[effect.coupon] += 1
            case DrawPrize():
                self.prizes[f"{effect.wheel}/{effect.prize}"] += 1
            case SendMessage() if effect.suppressed is not None:
                self.suppressed[effect.suppressed] += 1
            case SendMessage() if effect.until is None:
                self.channels[effect.channel] += 1
            case _:
                pass

    def join(self, other: "Given") -> None:
        """Add what was given to others."""
        self.points += other.points
        for name in ("effects", "channels", "suppressed", "coupons", "prizes"):
            getattr(self, name).update(getattr(other, name))


class Load(msgspec.Struct):
    """The messages of a day, over all rules.

    Attributes:
        channels: Messages that were requested, by channel.
        members: How many members they go to.
        most: How many go to the member who gets the most.
        capped: Messages that a frequency cap held back.
    """

    channels: Counter[str] = msgspec.field(default_factory=Counter)
    members: int = 0
    most: int = 0
    capped: int = 0

    def join(self, other: "Load") -> None:
        """Add the messages to others."""
        self.channels.update(other.channels)
        self.members += other.members
        self.most = max(self.most, other.most)
        self.capped += other.capped


class RuleTally(msgspec.Struct):
    """What came of one rule.

    Attributes:
        version: The version that was decided by last.
        fired: How often it fired.
        members: For how many members.
        held: How often it was held back, by `result` or `result:reason`.
        given: What it gave.
        days: How often it fired on each day of the programme's clock.
        daily: What it gave on each day; only of rules that are looked at closely.
        segments: How often for members in each segment; "" for members in none.
        overlap: For how many of its members another rule fired, too, by rule.
        moments: At how many instants of a member at which it fired another rule did, too, by rule.
        compared_members: Members for whom it fired, beside what happened.
        compared_effects: Its effects, beside what happened.
        samples: Some members, each with why.
        seen: Some members for whom it fired only `then`, only `now`, or in `both`.
    """

    version: int = 0
    fired: int = 0
    members: int = 0
    held: Counter[str] = msgspec.field(default_factory=Counter)
    given: Given = msgspec.field(default_factory=Given)
    days: Counter[str] = msgspec.field(default_factory=Counter)
    daily: dict[str, Given] = msgspec.field(default_factory=dict)
    segments: Counter[str] = msgspec.field(default_factory=Counter)
    overlap: Counter[str] = msgspec.field(default_factory=Counter)
    moments: Counter[str] = msgspec.field(default_factory=Counter)
    compared_members: Compared = msgspec.field(default_factory=Compared)
    compared_effects: Compared = msgspec.field(default_factory=Compared)
    samples: list[Sample] = []
    seen: dict[str, list[Seen]] = msgspec.field(default_factory=dict)

    def join(self, other: "RuleTally") -> None:
        """Add what came of it for other members."""
        self.version = max(self.version, other.version)
        self.fired += other.fired
        self.members += other.members
        self.given.join(other.given)
        for name in ("held", "days", "segments", "overlap", "moments"):
            getattr(self, name).update(getattr(other, name))
        for day, given in other.daily.items():
            self.daily.setdefault(day, Given()).join(given)
        self.compared_members.join(other.compared_members)
        self.compared_effects.join(other.compared_effects)
        self.samples = sorted([*self.samples, *other.samples], key=lambda one: (one.member, one.at))[:SAMPLES]
        for side, members in other.seen.items():
            self.seen[side] = sorted([*self.seen.get(side, []), *members])[:SAMPLES]

    def keep(self, side: str, member: str, at: Instant) -> None:
        """Keep a member as one of those who were seen on a side, while there are few."""
        kept = self.seen.setdefault(side, [])
        if len(kept) < SAMPLES:
            kept.append(Seen(member, instant_text(at)))
