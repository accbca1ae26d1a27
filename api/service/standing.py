"""Where a member stands this moment: the stored state, with what has fallen due since then dealt with."""

from typing import NamedTuple

from api.service.recalling import rebuilt
from api.service.rulebook import Rulebook
from api.service.story import Teller
from api.store import members
from api.store.connection import Connection
from engine.rules import SETTLE
from engine.state import MemberState, changed
from engine.values import Instant


class Standing(NamedTuple):
    """A member this moment.

    Attributes:
        state: The member; at sequence 0 if there is none.
        as_of: The instant it is read at; never before the member's last entry.
    """

    state: MemberState
    as_of: Instant


def standing(connection: Connection, rulebook: Rulebook, member: str, now: Instant) -> Standing:
    """Return where a member stands; nothing is written.

    Coupons that its timers would issue aren't there: they have no code yet.
    """
    index = rulebook.index()
    loaded = members.load(connection, [member])[member]
    state = loaded.state
    as_of = max(now, state.as_of)
    due = loaded.revision != index.rules.revision or (
        loaded.next_due_at is not None and loaded.next_due_at < as_of
    )
    if state.sequence == 0 or not due:
        return Standing(state, as_of)
    if state.tracked != index.tracked:
        state = rebuilt(connection, rulebook, member, upto=index)
    teller = Teller(state, index, mode="live", settle=SETTLE)
    teller.clock(as_of, inclusive=False)
    real = {code: one for code, one in teller.state.coupons.items() if code in state.coupons}
    return Standing(changed(teller.state, coupons=real), as_of)
