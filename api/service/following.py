"""What follows from decisions, as rows: postings, coupons, tasks, and what must leave.

The same function gives the rows that are written live and those that replay
expects, so that neither can forget a kind of effect.
"""

from typing import NamedTuple

from api.store.consequences import CouponChange, NewCoupon, NewOutbox, NewTask
from engine.decide import Decided
from engine.effects import CallWebhook, OpenTask, SendMessage
from engine.events import Event
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
    """Return what follows from a decision on the entry with a global sequence."""
    found = Following([], [], [], [])
    decision = decided.decision
    member = decision.member
    for record in decided.records:
        if isinstance(record, Posting):
            found.postings.append((record, sequence, member))
        elif record.given:
            found.coupons.append(
                NewCoupon(record.code, record.coupon, member, record.as_of, record.expires_at, sequence)
            )
        else:
            found.changes.append(_change(record))
    for outcome in decision.outcomes:
        for effect in outcome.effects:
            if isinstance(effect, OpenTask):
                found.tasks.append(
                    NewTask(
                        id=effect.id,
                        sequence=sequence,
                        member=member,
                        rule=outcome.rule,
                        queue=effect.queue,
                        priority=effect.priority,
                        note=effect.note,
                        as_of=decision.as_of,
                    )
                )
    return found


def _change(move: CouponMove) -> CouponChange:
    return CouponChange(
        code=move.code,
        state=move.status,
        order_id=move.order or None,
        ended_at=move.as_of if move.status in _ENDED else None,
        hold=move.hold or None,
        expires_at=move.expires_at,
    )


def leaving(decided: Decided, event: Event, sequence: int) -> list[NewOutbox]:
    """Return the messages and webhooks of a decision. A row's id is the effect's, so none can double."""
    return [
        _outbox(effect, outcome.rule, event, sequence)
        for outcome in decided.decision.outcomes
        for effect in outcome.effects
        if isinstance(effect, SendMessage | CallWebhook)
    ]


def _outbox(effect: SendMessage | CallWebhook, rule: str, event: Event, sequence: int) -> NewOutbox:
    message = isinstance(effect, SendMessage)
    suppressed = effect.suppressed if isinstance(effect, SendMessage) else None
    return NewOutbox(
        id=effect.id,
        sequence=sequence,
        member=event.member,
        rule=rule,
        kind="message" if message else "webhook",
        channel=effect.channel if isinstance(effect, SendMessage) else "webhook",
        target=effect.template if isinstance(effect, SendMessage) else effect.endpoint,
        status="suppressed" if suppressed else "pending",
        next_attempt_at=event.recorded_at,
        last_error=suppressed,
        as_of=event.as_of,
    )
