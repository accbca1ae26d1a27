"""Segment's calls, read one by one, so that a bad one in a batch harms no other."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from api.service.calls import CallKind, Told
from api.service.refusal import Finding, Refusal
from api.wire.exact import Json, parse, read
from engine.errors import InvalidValue
from engine.events import MEMBER_ERASED, MEMBER_IDENTIFIED, MEMBERS_MERGED, REQUESTS, TIMER_FIRED
from engine.schedule import zone_named
from engine.values import MICROSECONDS, Instant, parse_instant

MAX_CALL: Final = 32 * 1024
MAX_BATCH: Final = 500 * 1024
MEMBER_ALIASED: Final = "Member Aliased"
_MAX_ID: Final = 255
_MAX_NAME: Final = 128
_AHEAD: Final = 300 * MICROSECONDS
_LATENCY: Final = 5 * MICROSECONDS
_OLDEST: Final = parse_instant("1900-01-01T00:00:00Z")
_SPACE: Final = 0x20
_CORRECT: Final = "Correct the places named in errors and send the call again."
_KINDS: Final[tuple[CallKind, ...]] = ("track", "identify", "alias")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Under which circumstances a call is read.

    Attributes:
        now: Our clock.
        sent_at: When the sender says it sent the call, or None. Where that
            differs from `now` by more than 5 s, the sender's clock is taken to
            be wrong by the difference.
        invented: Whether the call is a part of an invented story: it may lie in
            the future and needs no member.
        zone: Zone that the batch tells for all its calls, or None.
        doubts: What the batch tells for all its calls and can't be read.
    """

    now: Instant
    sent_at: Instant | None = None
    invented: bool = False
    zone: str | None = None
    doubts: tuple[Finding, ...] = ()


class _Envelope(msgspec.Struct, rename="camel"):
    batch: list[msgspec.Raw]
    sent_at: Any = None
    context: Any = None


_envelope = msgspec.json.Decoder(_Envelope)


def read_call(body: bytes, kind: CallKind, now: Instant) -> Told:
    """Return the one call of a body.

    Args:
        body: The JSON text.
        kind: What the address says the call is.
        now: Our clock.

    Raises:
        Refusal: `too-large`, `malformed-json`, or `invalid-call` with a finding for each place.
    """
    return _read_one(body, Reading(now=now), kind)


def read_batch(body: bytes, now: Instant) -> list[Told | Refusal]:
    """Return each call of a batch, or why it can't be taken in.

    Raises:
        Refusal: `too-large` or `malformed-json`, or `invalid-call` if there is no list of calls.
    """
    if len(body) > MAX_BATCH:
        raise Refusal("too-large", f"A batch may have at most {MAX_BATCH} bytes; send it in two.")
    try:
        envelope = parse(body, _envelope)
    except Refusal as refusal:
        if not isinstance(refusal.__cause__, msgspec.ValidationError):
            raise
        raise Refusal("invalid-call", 'Send a JSON object with a list of calls in "batch".') from refusal
    reading = _circumstances(envelope, now)
    return [_tried(bytes(raw), reading) for raw in envelope.batch]


def told_of(value: Json, reading: Reading, kind: CallKind | None = None) -> Told:
    """Return a decoded call as it was told.

    Args:
        value: What `exact.decode` gave.
        reading: The circumstances.
        kind: What the call is; None to read its `type`.

    Raises:
        Refusal: `invalid-call` or `unsupported-type`.
    """
    if not isinstance(value, dict):
        raise Refusal("invalid-call", "A call is a JSON object.")
    fields = _Fields(value)
    found = kind or _kind(fields)
    told = _told(fields, found, reading)
    if fields.findings:
        raise Refusal("invalid-call", _CORRECT, fields.findings)
    return told


def _circumstances(envelope: _Envelope, now: Instant) -> Reading:
    shared = _Fields({"sentAt": envelope.sent_at, "context": envelope.context})
    sent_at, zone = shared.instant("sentAt"), shared.zone()
    if shared.findings:
        raise Refusal("invalid-call", _CORRECT, shared.findings)
    return Reading(now=now, sent_at=sent_at, zone=zone, doubts=tuple(shared.doubts))


def _tried(body: bytes, reading: Reading) -> Told | Refusal:
    try:
        return _read_one(body, reading, None)
    except Refusal as refusal:
        return refusal


def _read_one(body: bytes, reading: Reading, kind: CallKind | None) -> Told:
    if len(body) > MAX_CALL:
        raise Refusal("too-large", f"A call may have at most {MAX_CALL} bytes.")
    value, findings = read(body)
    if findings:
        raise Refusal("invalid-call", _CORRECT, findings)
    return told_of(value, reading, kind)


def _kind(fields: "_Fields") -> CallKind:
    name = fields.members.get("type")
    for kind in _KINDS:
        if name == kind:
            return kind
    if name in {"page", "screen", "group"}:
        raise Refusal("unsupported-type", f"{name} calls aren't kept; send a track call of what happened.")
    raise Refusal("invalid-call", _CORRECT, [Finding("/type", "must be track, identify or alias")])


def _told(fields: "_Fields", kind: CallKind, reading: Reading) -> Told:
    user_id, anonymous_id = fields.text("userId", _MAX_ID), fields.text("anonymousId", _MAX_ID)
    if user_id is None and anonymous_id is None and not reading.invented:
        fields.note("/userId", "tell who it is: userId, or anonymousId before sign-up")
    previous_id = fields.text("previousId", _MAX_ID) if kind == "alias" else None
    if kind == "alias" and (previous_id is None or user_id is None):
        fields.note("/previousId", "an alias call needs previousId and userId")
    timestamp = fields.instant("timestamp")
    sent_at = fields.instant("sentAt") or reading.sent_at
    return Told(
        kind=kind,
        message_id=fields.text("messageId", _MAX_ID),
        user_id=user_id,
        anonymous_id=anonymous_id,
        previous_id=previous_id,
        name=_name(fields, kind),
        properties=_properties(fields, kind, previous_id),
        timestamp=timestamp,
        occurred_at=_occurred_at(fields, timestamp, sent_at, reading),
        zone=fields.zone() or reading.zone,
        doubts=(*reading.doubts, *fields.doubts),
    )


def _name(fields: "_Fields", kind: CallKind) -> str:
    if kind == "identify":
        return MEMBER_IDENTIFIED
    if kind == "alias":
        return MEMBER_ALIASED
    name = fields.text("event", _MAX_NAME)
    if name is None:
        fields.note("/event", "a track call needs the name of what happened, such as Order Completed")
    elif name in {TIMER_FIRED, MEMBERS_MERGED, MEMBER_ERASED} or name in REQUESTS:
        fields.note("/event", f"{name} is ours alone; see the addresses for redemptions and staff")
    return name or ""


def _properties(fields: "_Fields", kind: CallKind, previous_id: str | None) -> dict[str, Any]:
    if kind == "alias":
        return {"previous": previous_id} | _kept(fields)
    return fields.object("traits" if kind == "identify" else "properties")


def _kept(fields: "_Fields") -> dict[str, Any]:
    """Return which of the two ids of an alias names the member that goes on, if the sender says so."""
    keep = fields.members.get("keep")
    if keep not in {None, "userId", "previousId"}:
        fields.note("/keep", "must be userId or previousId")
    return {"keep": keep} if keep is not None else {}


def _occurred_at(
    fields: "_Fields", timestamp: Instant | None, sent_at: Instant | None, reading: Reading
) -> Instant | None:
    if timestamp is None:
        return None
    skew = 0 if sent_at is None else reading.now - sent_at
    occurred_at = timestamp + skew if abs(skew) > _LATENCY else timestamp
    if occurred_at < _OLDEST:
        fields.note("/timestamp", "must not lie before 1900")
    elif occurred_at > reading.now + _AHEAD and not reading.invented:
        fields.note("/timestamp", "lies more than 5 minutes ahead of our clock; set yours, or send sentAt")
    return occurred_at


def _one_line(value: str) -> bool:
    return all(ord(one) >= _SPACE for one in value)


class _Fields:
    """Reads a call's members and notes what is wrong with them."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members
        self.findings: list[Finding] = []
        self.doubts: list[Finding] = []

    def note(self, path: str, text: str) -> None:
        self.findings.append(Finding(path, text))

    def text(self, name: str, limit: int) -> str | None:
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(f"/{name}", "must be text")
            return None
        if not value.strip() or len(value) > limit or not (value.isprintable() or _one_line(value)):
            self.note(
                f"/{name}", f"must have 1 to {limit} characters, not all blank, without control characters"
            )
        return value

    def instant(self, name: str) -> Instant | None:
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(f"/{name}", "must be an RFC 3339 instant as text")
            return None
        try:
            return parse_instant(value)
        except (InvalidValue, OverflowError) as error:
            self.note(f"/{name}", str(error))
            return None

    def object(self, name: str) -> dict[str, Any]:
        value = self.members.get(name)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.note(f"/{name}", "must be an object")
        return {}

    def zone(self) -> str | None:
        """Return `context.timezone`; one that isn't an IANA zone is as if it weren't told, and a doubt.

        It is the member's device that tells it: an order isn't turned away for a clock set oddly.
        """
        zone = self.object("context").get("timezone")
        try:
            return zone_named(zone).key if isinstance(zone, str) else None
        except InvalidValue as error:
            self.doubts.append(Finding("/context/timezone", f"{error}; the call was taken in without it"))
            return None
