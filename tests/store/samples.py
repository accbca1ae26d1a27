"""Entries and members to write."""

from typing import Any

from api.store.log import NewEntry
from api.store.members import SavedMember
from engine.decision import Decision, Outcome
from engine.events import Event
from engine.state import MemberState

AT = 1_700_000_000_000_000


def event(member: str, number: int, **changes: Any) -> Event:
    """The entry of a member with a `member_sequence`."""
    fields: dict[str, Any] = {
        "source": "shop",
        "message_id": f"{member}-{number}",
        "kind": "track",
        "name": "Order Completed",
        "member": member,
        "occurred_at": AT + number,
        "recorded_at": AT + number,
        "as_of": AT + number,
        "properties": {"total": "19.90", "items": [{"sku": "A1", "count": 2}], "名": "茶"},
        "member_sequence": number,
        "zone": "Asia/Shanghai",
    }
    return Event(**{**fields, **changes})


def entry(member: str, number: int, **changes: Any) -> NewEntry:
    """An entry to append."""
    return NewEntry(event(member, number, **changes), 3, f"content-{number}", f"digest-{number}")


def saved(
    member: str, sequence: int = 1, *, next_due_at: int | None = None, revision: int = 1
) -> SavedMember:
    """A member to save."""
    state = MemberState(member=member, sequence=sequence, joined_at=AT, as_of=AT)
    return SavedMember(state, next_due_at, revision)


def decision(member: str, sequence: int, *outcomes: Outcome) -> Decision:
    """A decision of the empty engine with some outcomes."""
    return Decision(
        member=member, sequence=sequence, as_of=AT, revision=1, gates=("2026-11",), outcomes=outcomes
    )
