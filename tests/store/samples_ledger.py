"""Postings to write."""

from typing import Any

from engine.ledger.postings import Posting, member_account, programme_account
from tests.store.samples import AT


def awarded(number: str, member: str, amount: int, **changes: Any) -> Posting:
    """A posting that gives units to a member, as a lot of their own."""
    unit = changes.get("unit", "points")
    fields: dict[str, Any] = {
        "id": number,
        "kind": "award",
        "unit": unit,
        "debit": programme_account(unit),
        "credit": member_account(member, unit),
        "amount": amount,
        "lot": number,
        "as_of": AT,
    }
    return Posting(**{**fields, **changes})
