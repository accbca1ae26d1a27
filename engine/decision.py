"""The record of a decision: what was decided, from what, and why."""

from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from engine import canonical
from engine.effects import AnyEffect
from engine.events import Event
from engine.values import Instant

Result = Literal[
    "fired",
    "done",
    "resumed",
    "exited",
    "ended",
    "reached",
    "moved",
    "held_out",
    "limited",
    "late",
    "inactive",
    "waiting",
    "refused",
    "not_matched",
]
NeedKind = Literal["code", "total", "budget", "stock", "once", "draw", "member"]
_KEPT = (Decimal,)

RULE_CHANGED: Final = "rule-changed"
"""Why a member who waits in a version that was replaced goes to the new one, or leaves."""

BY_ITSELF: Final = ("@till", "@clock", "@refund", "@tier", "@person", "@merge", "@segment", "@broadcast")
"""What the programme does without a rule: carries out a till's or a person's request, lets things expire,
takes back what a refunded order earned, moves members between levels, makes one member of two, moves
members in and out of segments, and sends to all of an audience at once."""


class Need(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that only the host can supply (ruling 12).

    Attributes:
        key: `<step>.<rule>.<what>`; within the entry it names the need.
        kind: `code`: a coupon code, or False when the pool is empty. `total`, `budget`, `stock`:
            `amount` out of a pot that holds `limit`, True or False. `once`: whether nobody has claimed
            `name` before. `draw`: a number and the commitment of the secret it is made from. `member`:
            key of the member who is known by the id `name`, or False when nobody is.
        name: Key of the coupon definition, of the rule, of the pot, of the claim, or of the wheel; or
            an id of a member.
        limit: What the pot holds in all.
        amount: How much of the pot is asked for.
        seed: For `draw`: what the number is a function of, besides the secret.
        pool: For `code`: whether it comes from an imported pool.
    """

    key: str
    kind: NeedKind
    name: str
    limit: int = 0
    amount: int = 1
    seed: str = ""
    pool: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one rule in one step.

    Attributes:
        step: 0 for the entry itself, then its internal events in order.
        rule: Key of the rule; `@…` for what the programme does by itself (`BY_ITSELF`), with version 0.
        version: Version that was asked.
        result: What came of it.
        reason: Why it was held back; a code, empty when it fired.
        effects: What it asks for, in order.
        enrolment: Number of the wait that this ends, 0 for none; one that ran out is ended already.
    """

    step: int
    rule: str
    version: int
    result: Result
    reason: str = ""
    effects: tuple[AnyEffect, ...] = ()
    enrolment: int = 0


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stimulus of a decision and the facts that its rules read.

    Attributes:
        name: Name of the event, or of the internal event.
        properties: Properties of an internal event; empty for step 0, which reads the entry's own.
        lineage: Rules whose effects led here; none of them may fire on it.
        facts: The snapshot that was read, by fact key.
    """

    name: str
    properties: dict[str, Any] = {}
    lineage: tuple[str, ...] = ()
    facts: dict[str, Any] = {}


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one log entry led to.

    Attributes:
        member: Key of the member.
        sequence: `member_sequence` of the entry.
        as_of: The instant it was decided at.
        revision: Rule-set revision it was decided under.
        gates: Behaviours of the engine it was decided under.
        steps: The entry and the internal events that followed.
        outcomes: Rules that fired or were held back, in order. Rules that
            didn't match are found again by deciding again.
        grants: What the host supplied, by need.
        needs: What is lacking; a decision is complete only without any.
        refused: Why the chain was cut, or empty. Then no rule's effect is applied.
        answer: What a till or a person who asked for something is told; empty for other entries.
    """

    member: str
    sequence: int
    as_of: Instant
    revision: int
    gates: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    grants: dict[str, Any] = {}
    needs: tuple[Need, ...] = ()
    refused: str = ""
    answer: dict[str, Any] = {}

    @property
    def effects(self) -> list[AnyEffect]:
        """Every effect that is asked for, in order."""
        return [effect for outcome in self.outcomes for effect in outcome.effects]


def body(decision: Decision) -> bytes:
    """Return the canonical bytes under which a decision is stored and chained."""
    said: dict[str, Any] = {
        "member": decision.member,
        "sequence": decision.sequence,
        "as_of": decision.as_of,
        "revision": decision.revision,
        "gates": decision.gates,
    }
    if decision.steps:
        said["steps"] = [_said_of(step) for step in decision.steps]
    if decision.outcomes:
        said["outcomes"] = msgspec.to_builtins(decision.outcomes, builtin_types=_KEPT)
    if decision.grants:
        said["grants"] = decision.grants
    if decision.needs:
        said["needs"] = msgspec.to_builtins(decision.needs)
    if decision.refused:
        said["refused"] = decision.refused
    if decision.answer:
        said["answer"] = msgspec.to_builtins(decision.answer, builtin_types=_KEPT)
    return canonical.encode(said)


def _said_of(step: Step) -> dict[str, Any]:
    said: dict[str, Any] = {"name": step.name}
    if step.properties:
        said["properties"] = step.properties
    if step.lineage:
        said["lineage"] = step.lineage
    if step.facts:
        said["facts"] = step.facts
    return said


def link(previous: str, event: Event, content: str, decided: bytes) -> str:
    """Return the digest that chains an entry to the member's last one.

    Args:
        previous: Digest of the member's entry before it; empty for the first.
        event: The entry as logged.
        content: Digest of what the sender sent; empty for a timer.
        decided: `body` of its decision.
    """
    logged = canonical.encode(msgspec.structs.asdict(event))
    return canonical.digest_bytes(b"\n".join((previous.encode(), logged, content.encode(), decided)))
