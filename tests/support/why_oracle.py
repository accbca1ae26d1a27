"""Why a rule did or didn't fire, worked out a second time: from the rulings, the raw events and the document.

Nothing of the engine is used. One member lives under one rule; time is in minutes since the member's first
event, which is at 2026-01-01T00:00:00Z, and days are those of Asia/Shanghai.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

Json = dict[str, Any]
HOUR: Final = 60
DAY: Final = 24 * HOUR
SETTLE: Final = 1
"""Minutes that an absence waits for events on their way."""

_NINE: Final = HOUR  # 09:00 in Shanghai is 01:00 by UTC


class Raw(NamedTuple):
    """Something that was told: when it happened, when it reached us, what, and with what."""

    occurred: int
    recorded: int
    name: str
    told: Json


class Turn(NamedTuple):
    """The rule is published, paused or resumed."""

    at: int
    what: str


class Verdict(NamedTuple):
    """What an explanation must say."""

    basis: str
    fires: bool
    would_fire: bool
    blocked_by: str | None
    reason: str


class _Asked(NamedTuple):
    at: int
    reason: str


@dataclass
class Oracle:
    """What becomes of one member under one rule."""

    rule: Json
    member: str
    raw: list[Raw]
    turns: list[Turn]
    end: int
    fired: list[int] = field(default_factory=list)
    waits: list[tuple[int, int]] = field(default_factory=list)
    asked: list[_Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Live through everything, in the order of time."""
        self._told_of: dict[int, int] = {}
        moments: list[tuple[int, int, Raw | int | None]] = [(one.recorded, 1, one) for one in self.raw]
        trigger = self.rule["when"]
        if trigger["type"] == "schedule":
            moments += [(day * DAY + _NINE, 0, None) for day in range(self.end // DAY + 1)]
        if trigger["type"] == "absence":
            length = trigger["for"]["days"] * DAY
            for one in self.raw:
                ripe = one.occurred + length + SETTLE
                if one.name == trigger["event"]:  # told too late, it arms what is over already
                    moments.append((max(ripe, one.recorded), 2 if ripe <= one.recorded else 0, one.occurred))
            moments += [(length + SETTLE, 0, 0)] if trigger.get("or_joining") else []
        for at, order, what in sorted(moments, key=lambda one: one[:2]):
            if at > self.end:
                break
            if isinstance(what, Raw):
                if trigger["type"] == "event" and what.name == trigger["event"] and self.in_force(at - 1):
                    self._ask(at, what)
            elif self._is_due(at, what, at if order else at - 1):
                self._ask(at, None)

    def in_force(self, at: int) -> bool:
        """Whether the rule was published and not paused."""
        return self.how(at) in {"publish", "resume"}

    def how(self, at: int) -> str | None:
        """The last thing that was done with the rule."""
        done = [one.what for one in self.turns if one.at <= at]
        return done[-1] if done else None

    def begun(self, at: int) -> int:
        """When the rule was published or last resumed."""
        return max(one.at for one in self.turns if one.at <= at and one.what != "pause")

    def verdict(self, at: int) -> Verdict:
        """Say why the rule did or didn't fire at an instant."""
        if self.how(at) is None:
            return Verdict("supposed", False, False, "published", "not-published")
        asked = [one for one in self.asked if one.at == at]
        if asked:
            reason = asked[-1].reason
            return Verdict("entry", not reason, not reason, kind(reason), reason)
        reason = self._reason(at, self._newest(at), asking=False)
        why = "paused" if self.how(at) == "pause" else self._missing(at)
        blocked = "paused" if why == "paused" else "trigger"
        return Verdict("supposed", False, not reason, blocked, why)

    def _newest(self, at: int) -> Raw | None:
        """The event that is supposed: told now what was told last."""
        when = self.rule["when"]
        if when["type"] != "event":
            return None
        last = [one for one in self.raw if one.name == when["event"] and one.recorded <= at]
        return Raw(at, at, when["event"], last[-1].told if last else {})

    def _missing(self, at: int) -> str:
        when = self.rule["when"]
        if when["type"] == "event":
            return "no-event"
        if when["type"] == "schedule":
            return "not-due"
        armed = self._armed(at)
        if armed is None:
            return "not-armed"
        if self._told_of.get(armed, at + 1) <= at:
            return "told-already"
        due = armed + when["for"]["days"] * DAY
        return "before-publication" if due <= self.begun(at) and self._before(armed, at) else "not-due"

    def _armed(self, at: int) -> int | None:
        """The last event whose absence is told of; joining counts where the rule says so."""
        when = self.rule["when"]
        known = [one.occurred for one in self.raw if one.name == when["event"] and one.recorded <= at]
        return max(known) if known else 0 if when.get("or_joining") else None

    def _before(self, armed: int, at: int) -> bool:
        """Whether what armed it was told before the rule began."""
        when = self.rule["when"]
        told = [one.recorded for one in self.raw if one.name == when["event"] and one.occurred == armed]
        return min(told, default=0) < self.begun(at)

    def _is_due(self, at: int, armed: int | None, known: int) -> bool:
        before = at - 1  # what comes at the instant of a turn comes before it
        if not self.in_force(before):
            return False
        if armed is None:
            return at > max(self.begun(before), 0)
        if armed in self._told_of or self._armed(known) != armed:
            return False
        if at - SETTLE <= self.begun(before) and self._before(armed, before):
            return False
        self._told_of[armed] = at
        return True

    def _ask(self, at: int, event: Raw | None) -> None:
        reason = self._reason(at, event, asking=True)
        self.asked.append(_Asked(at, reason))
        if not reason:
            self.fired.append(at)
            if self.rule["then"][0]["type"] == "wait":
                if self.rule.get("re_entry") == "restart":
                    self.waits = [(start, min(end, at)) for start, end in self.waits]
                self.waits.append((at, at + self.rule["then"][0]["for"]["days"] * DAY))

    def _reason(self, at: int, event: Raw | None, *, asking: bool) -> str:
        """The first reason why it doesn't fire, if its trigger comes; empty if it does."""
        if "if" in self.rule and not self._true(self.rule["if"], at, event):
            return "not-matched"
        return self._untimely(at, event) or self._again(at, asking=asking) or self._limited(at, asking=asking)

    def _untimely(self, at: int, event: Raw | None) -> str:
        active = self.rule.get("active", {})
        if "from" in active and at < active["from"]:
            return "not-yet-active"
        if "until" in active and at >= active["until"]:
            return "no-longer-active"
        delay = event.recorded - event.occurred if event is not None else 0
        if delay <= 72 * HOUR:
            return ""
        late = self.rule.get("late", {"policy": "ignore"})
        admitted = delay <= late["within"]["days"] * DAY if "within" in late else late["policy"] == "fire"
        return "" if admitted else "event-late"

    def _again(self, at: int, *, asking: bool) -> str:
        policy = self.rule.get("re_entry")
        if policy == "once" and any(one <= at for one in self.fired):
            return "entered-before"
        inside = any(start <= at and (at < end or (asking and at == end)) for start, end in self.waits)
        return "already-enrolled" if inside and policy not in {"restart", "always"} else ""

    def _limited(self, at: int, *, asking: bool) -> str:
        limits = self.rule.get("limits", {})
        if "holdout_percent" in limits:
            seed = hashlib.sha256(f"{self.rule['key']}\n{self.member}".encode()).digest()
            if int.from_bytes(seed[:8], "big") % 100 < limits["holdout_percent"]:
                return "hold-out"
        per_member = limits.get("per_member")
        if per_member is not None:
            since = at - per_member["within"]["days"] * DAY if "within" in per_member else -1
            if sum(1 for one in self.fired if since < one <= at) >= per_member["times"]:
                return "per-member"
        if asking and "total" in limits and len(self.fired) >= limits["total"]:
            return "total"
        return "not-enough-points" if any(one["type"] == "spend_points" for one in self.rule["then"]) else ""

    def _true(self, condition: Json, at: int, event: Raw | None) -> bool:
        if condition["type"] == "all":
            return all(self._true(one, at, event) for one in condition["of"])
        if condition["type"] == "any":
            return any(self._true(one, at, event) for one in condition["of"])
        if condition["type"] == "not":
            return not any(self._true(one, at, event) for one in condition["of"])
        value = self._value(condition, at, event)
        if value is None:
            return False
        wanted = condition["value"]
        return bool(
            {"gte": lambda: value >= wanted, "lt": lambda: value < wanted, "eq": lambda: value == wanted,
             "ne": lambda: value != wanted}[condition["op"]]()
        )  # fmt: skip

    def _value(self, condition: Json, at: int, event: Raw | None) -> Any:
        if condition["type"] == "history":
            happened = [one for one in self.raw if one.name == condition["event"] and one.recorded <= at]
            if (
                event is not None
                and event.name == condition["event"]
                and not any(one is event for one in happened)
            ):
                happened.append(event)
            if "within" in condition:
                since = at - condition["within"]["days"] * DAY
                happened = [one for one in happened if since < one.occurred <= at]
            if condition["measure"] == "count":
                return len(happened)
            return sum(one.told.get("total", 0) for one in happened)
        if condition["fact"] == "event.total":
            return event.told.get("total") if event is not None else None
        told = [one for one in self.raw if one.name == "Member Identified" and one.recorded <= at]
        return told[-1].told["city"] if told else None


def kind(reason: str) -> str | None:
    """The part of the list that a reason belongs to."""
    if not reason:
        return None
    return {
        "not-matched": "condition",
        "not-yet-active": "active",
        "no-longer-active": "active",
        "event-late": "late",
        "entered-before": "re_entry",
        "already-enrolled": "re_entry",
        "hold-out": "hold_out",
        "per-member": "per_member",
        "total": "total",
        "not-enough-points": "supply",
    }[reason]
