"""A call as it passes from the door to the log, and what came of it."""

from typing import Any, Literal

import msgspec

from api.service.refusal import Finding
from engine.values import Instant

CallKind = Literal["track", "identify", "alias", "request", "erase"]
"""Segment's types of calls, what a till or a person asks for, and that a member is to be erased."""
IngestStatus = Literal["accepted", "duplicate", "conflict", "held", "rejected", "unknown", "answered"]


class Personal(msgspec.Struct, frozen=True):
    """A personal value that was taken out of a call; it goes to the vault, and nowhere else.

    Attributes:
        field: Under which name the vault keeps it: an attribute's name for what
            was told of the member, else the token, so that no value hides another.
        value: The value in the clear, as it was sent.
        token: What stands for it in log and state.
        identity: Kind of name, when the member can be looked up by it.
    """

    field: str
    value: str
    token: str
    identity: Literal["email", "phone", "openid", "unionid"] | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One Segment call, checked, exact, and without personal values.

    Attributes:
        kind: Segment's type of the call, `request` or `erase`.
        source: Who sent it; with `message_id` it identifies the event for ever.
        message_id: The sender's id of it, or one of ours (`made_id`).
        made_id: Whether the sender gave no id, so that a retry can't be recognised.
        user_id: The sender's id of the member, or a token where it is an e-mail
            address or phone number; None when only `anonymous_id` is told.
        anonymous_id: The sender's id of the visitor, or None.
        previous_id: `alias`: the id that is the same member's; otherwise None.
        between: `alias`: keys of two members that somebody says are one; None where ids are told.
        name: Name of the event.
        properties: Properties or traits: fractions are canonical decimal text,
            personal values are tokens.
        occurred_at: When it happened, by the sender, corrected for the skew of
            the sender's clock; None when not told, then it is `recorded_at`.
        zone: IANA zone in which the sender saw the member, or None.
        content: Digest of what was told, the same for every retry.
        personal: What was taken out.
    """

    kind: CallKind
    source: str
    message_id: str
    made_id: bool = False
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    between: tuple[str, str] | None = None
    name: str
    properties: dict[str, Any] = {}
    occurred_at: Instant | None = None
    zone: str | None = None
    content: str
    personal: tuple[Personal, ...] = ()


class IngestResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one call.

    Attributes:
        status: `accepted`: it is durable with all that followed; `duplicate`: it
            was before, and this is the original result; `conflict`: its id was
            used for other content; `held`: an import holds the member back, try
            again; `rejected`: it can't be taken in, `detail` says why; `unknown`: it
            asks something for a member that isn't there; `answered`: it was refused
            and left no entry, so that it can be asked again.
        sequence: Place in the log, for `accepted` and `duplicate`.
        effects: What its decision asked for, as JSON data, in order.
        detail: Why it was not taken in, or empty.
        answer: What a request is told; empty for other calls.
    """

    status: IngestStatus
    sequence: int | None = None
    effects: list[dict[str, Any]] = []
    detail: str = ""
    answer: dict[str, Any] = {}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One Segment call as it was told: checked and exact, personal values still in it.

    Attributes:
        kind: Segment's type of the call.
        message_id: The sender's id, or None.
        user_id: The sender's id of the member, or None.
        anonymous_id: The sender's id of the visitor, or None.
        previous_id: `alias`: the other id, otherwise None.
        name: Name of the event.
        properties: Properties or traits.
        timestamp: When it happened by the sender's clock, or None.
        occurred_at: The same, corrected for the clock's skew, or None.
        zone: IANA zone, or None.
        doubts: What of it was left out because it can't be read; the rest is good.
    """

    kind: CallKind
    message_id: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    name: str
    properties: dict[str, Any] = {}
    timestamp: Instant | None = None
    occurred_at: Instant | None = None
    zone: str | None = None
    doubts: tuple[Finding, ...] = ()
