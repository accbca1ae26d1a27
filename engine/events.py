"""What has happened, as it stands in the log.

An event is an input: something sent to us, or an instant that fell due. What
follows from it (tags added, coupons issued) is in the decision, not in the log.
"""

from typing import Any, Literal

import msgspec

from engine.values import Instant

Kind = Literal["track", "identify", "alias", "merge", "timer", "request", "erase"]
Mode = Literal["live", "as-it-was", "facts-only"]

TIMER_FIRED = "Timer Fired"
MEMBER_JOINED = "Member Joined"
MEMBER_IDENTIFIED = "Member Identified"
MEMBERS_MERGED = "Members Merged"
MEMBER_ERASED = "Member Erased"
TAG_ADDED = "Tag Added"
TAG_REMOVED = "Tag Removed"
POINTS_EARNED = "Points Earned"
COUPON_ISSUED = "Coupon Issued"
COUPON_REDEEMED = "Coupon Redeemed"
COUPON_EXPIRED = "Coupon Expired"
COUPON_VOIDED = "Coupon Voided"
COUPON_RESTORED = "Coupon Restored"
POINTS_ACTIVATED = "Points Activated"
POINTS_REDEEMED = "Points Redeemed"
POINTS_EXPIRED = "Points Expired"
POINTS_REVERSED = "Points Reversed"
POINTS_RESTORED = "Points Restored"
TIER_UPGRADED = "Tier Upgraded"
TIER_DOWNGRADED = "Tier Downgraded"
TIER_RETAINED = "Tier Retained"
TIER_SET = "Tier Set"
MEMBERSHIP_STARTED = "Membership Started"
MEMBERSHIP_RENEWED = "Membership Renewed"
MEMBERSHIP_EXPIRED = "Membership Expired"
PRIZE_DRAWN = "Prize Drawn"
SEGMENT_ENTERED = "Segment Entered"
SEGMENT_EXITED = "Segment Exited"
SCORE_CHANGED = "Score Changed"
CONDITION_BEGAN = "Condition Began"
CONDITION_ENDED = "Condition Ended"
MESSAGE_REQUESTED = "Message Requested"
MESSAGE_SENT = "Message Sent"
MESSAGE_FAILED = "Message Failed"
MESSAGE_SUPPRESSED = "Message Suppressed"
CONSENT_GIVEN = "Consent Given"
CONSENT_WITHDRAWN = "Consent Withdrawn"
ORDER_COMPLETED = "Order Completed"
ORDER_REFUNDED = "Order Refunded"
ORDER_CANCELLED = "Order Cancelled"

TOLD_BY_MEMBER = "regulars:member"
"""Source of an event by which one member's decision reaches another member (ruling 6)."""

LINEAGE = "lineage"
"""Property of such an event: the rules that led to it, oldest first."""

REDEMPTION_RESERVED = "Redemption Reserved"
REDEMPTION_CONFIRMED = "Redemption Confirmed"
REDEMPTION_RELEASED = "Redemption Released"
COUPON_VOIDING = "Coupon Voiding"
COUPON_GRANTED = "Coupon Granted"
POINTS_ADJUSTED = "Points Adjusted"
LEVEL_SET = "Level Set"
MEMBERSHIP_SET = "Membership Set"
SEGMENT_LISTED = "Segment Listed"
SEGMENT_UNLISTED = "Segment Unlisted"
TAG_GRANTED = "Tag Granted"
TAG_WITHDRAWN = "Tag Withdrawn"
BROADCAST_DUE = "Broadcast Due"
AT_THE_TILL = frozenset((REDEMPTION_RESERVED, REDEMPTION_CONFIRMED, REDEMPTION_RELEASED))
"""What a till asks for; the others come from a person or a backend, *Broadcast Due* from a broadcast."""

REQUESTS = AT_THE_TILL | frozenset(
    (
        COUPON_VOIDING,
        COUPON_GRANTED,
        POINTS_ADJUSTED,
        LEVEL_SET,
        MEMBERSHIP_SET,
        SEGMENT_LISTED,
        SEGMENT_UNLISTED,
        TAG_GRANTED,
        TAG_WITHDRAWN,
        BROADCAST_DUE,
    )
)
"""What a till, a person or a broadcast asks of the programme; `POST /v1/track` never takes these in."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a member's log.

    Attributes:
        source: Who sent it; with `message_id` it identifies the event for ever.
        message_id: The sender's id of it.
        kind: `track` (something happened), `identify` (attributes were told),
            `alias` (an identity is one more name of the member), `merge` (another member,
            with its history, is this one), `timer` (an instant fell due),
            `request` (a till or a person asked for something, see `REQUESTS`), `erase` (the member
            and all its parts are no more; nothing follows it in this log).
        name: What happened, in Segment's words: "Order Completed".
        member: The member's key.
        occurred_at: When it happened, by the sender.
        recorded_at: When we took it in.
        as_of: The instant at which it is decided; never decreases for a member.
        mode: `live`; `as-it-was`: imported with the clock following the events;
            `facts-only`: imported to build state, no rule looks at it.
        properties: What is told of it. Fractions are canonical decimal text,
            personal values are tokens.
        member_sequence: 1 for the member's first entry, without gaps.
        zone: IANA zone in which the sender saw the member, if told.
    """

    source: str
    message_id: str
    kind: Kind
    name: str
    member: str
    occurred_at: Instant
    recorded_at: Instant
    as_of: Instant
    mode: Mode = "live"
    properties: dict[str, Any] = {}
    member_sequence: int = 0
    zone: str | None = None
