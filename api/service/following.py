"""What follows from decisions, as rows: postings, coupons, tasks, and what must leave.

The same function gives the rows that are written live and those that replay
expects, so that neither can forget a kind of effect.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from api.store.consequences import CouponChange, NewCoupon, NewOutbox, NewTask, Released
from api.store.tellings import Telling
from engine import canonical
from engine.decide import Decided
from engine.decision import BY_ITSELF, Decision, Outcome
from engine.effects import CallWebhook, IssueCoupon, OpenTask, SendMessage, TellMember
from engine.events import LINEAGE, Event
from engine.language.base import LANGUAGES
from engine.language.catalogue import label_of
from engine.ledger.postings import CouponMove, Posting

_ENDED = frozenset(("redeemed", "expired", "voided"))


class Following(NamedTuple):
    """The rows that follow from one decision.

    Attributes:
        postings: Each with the global sequence of the entry, and the member.
        coupons: Coupons that were given out.
        changes: What became of coupons since, in order.
        tasks: Tasks for staff.
    """

    postings: list[tuple[Posting, int, str]]
    coupons: list[NewCoupon]
    changes: list[CouponChange]
    tasks: list[NewTask]

    def take(self, more: "Following") -> None:
        """Add the rows of another decision."""
        self.postings.extend(more.postings)
        self.coupons.extend(more.coupons)
        self.changes.extend(more.changes)
        self.tasks.extend(more.tasks)


def following(decided: Decided, sequence: int) -> Following:
    """Return what follows from a decision on an entry with a global sequence."""
    found = Following([], [], [], [])
    decision = decided.decision
    member = decision.member
    for record in decided.records:
        if isinstance(record, Posting):
            found.postings.append((record, sequence, member))
        elif record.given:
            found.coupons.append(
                NewCoupon(
                    record.code,
                    record.coupon,
                    member,
                    record.as_of,
                    record.expires_at,
                    sequence,
                    _issuer(record.code, decision.outcomes),
                )
            )
        else:
            found.changes.append(_change(record))
    for outcome in decision.outcomes:
        for effect in outcome.effects:
            if isinstance(effect, OpenTask):
                found.tasks.append(_task(effect, outcome.rule, decision, sequence))
    return found


def _task(effect: OpenTask, rule: str, decision: Decision, sequence: int) -> NewTask:
    by_language = effect.note if isinstance(effect.note, dict) else None
    return NewTask(
        id=effect.id,
        sequence=sequence,
        member=decision.member,
        rule=rule,
        queue=effect.queue,
        priority=effect.priority,
        note=effect.note if isinstance(effect.note, str) else label_of(effect.note, LANGUAGES[0]),
        as_of=decision.as_of,
        words=canonical.encode(by_language).decode() if by_language is not None else None,
    )


def _issuer(code: str, outcomes: Sequence[Outcome]) -> str | None:
    """Return the rule that issued a coupon; None for what the programme does by itself."""
    for outcome in outcomes:
        if outcome.rule in BY_ITSELF:
            continue
        if any(isinstance(one, IssueCoupon) and one.code == code for one in outcome.effects):
            return outcome.rule
    return None


def _change(move: CouponMove) -> CouponChange:
    return CouponChange(
        code=move.code,
        state=move.status,
        order_id=move.order or None,
        ended_at=move.as_of if move.status in _ENDED else None,
        hold=move.hold or None,
        expires_at=move.expires_at,
    )


def leaving(decided: Decided, event: Event, sequence: int) -> Iterator[NewOutbox | Released]:
    """Yield the messages and webhooks of a decision. A row's id is the effect's, so none can double.

    A message that waited for quiet hours keeps the row it got when it was asked for.
    """
    for outcome in decided.decision.outcomes:
        for effect in outcome.effects:
            if isinstance(effect, SendMessage):
                yield _message(effect, outcome.rule, event, sequence)
            elif isinstance(effect, CallWebhook):
                yield NewOutbox(
                    id=effect.id,
                    sequence=sequence,
                    member=event.member,
                    rule=outcome.rule,
                    kind="webhook",
                    channel="webhook",
                    target=effect.endpoint,
                    status="pending",
                    next_attempt_at=event.recorded_at,
                    last_error=None,
                    as_of=event.as_of,
                    told=True,
                )


def _message(effect: SendMessage, rule: str, event: Event, sequence: int) -> NewOutbox | Released:
    status, why, at = "pending", effect.suppressed, event.recorded_at
    if effect.suppressed is not None:
        status = "suppressed"
    elif effect.until is not None:
        status, why, at = "held", "quiet-hours", effect.until
    if effect.waited:
        return Released(status, at, why, effect.waited)
    return NewOutbox(
        id=effect.id,
        sequence=sequence,
        member=event.member,
        rule=rule,
        kind="message",
        channel=effect.channel,
        target=effect.template,
        status=status,
        next_attempt_at=at,
        last_error=why,
        as_of=event.as_of,
    )


def tellings(decided: Decided, event: Event) -> list[Telling]:
    """Return what a decision tells other members. A row's id is the effect's, so none can double."""
    decision = decided.decision
    return [
        Telling(
            id=effect.id,
            member=effect.member,
            event=effect.event,
            properties={
                **effect.properties,
                "from": decision.member,
                "rule": outcome.rule,
                LINEAGE: list(effect.lineage),
            },
            mode=event.mode,
            occurred_at=decision.as_of,
            due_at=decision.as_of,
        )
        for outcome in decision.outcomes
        for effect in outcome.effects
        if isinstance(effect, TellMember)
    ]
