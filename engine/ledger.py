"""Points by double entry: every posting credits one account and debits another.

The programme's account stands against the members': what members hold, the
programme owes. The sum over all accounts is always 0, and a balance is the sum
of an account's entries, never a number that is edited.
"""

import msgspec

from engine.values import Instant

PROGRAMME_ACCOUNT = "programme:points"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One immutable transfer of whole points.

    Attributes:
        id: The id of the effect that asked for it; at most one entry has it.
        debit: Account that gives.
        credit: Account that receives.
        amount: Points, at least 1.
        as_of: When.
    """

    id: str
    debit: str
    credit: str
    amount: int
    as_of: Instant


def member_account(member: str) -> str:
    """Return the name of a member's points account."""
    return f"member:{member}:points"


def award(*, effect_id: str, member: str, points: int, as_of: Instant) -> Entry:
    """Return the entry by which the programme gives a member points."""
    return Entry(
        id=effect_id, debit=PROGRAMME_ACCOUNT, credit=member_account(member), amount=points, as_of=as_of
    )
