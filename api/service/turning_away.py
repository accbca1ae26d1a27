"""Requests that are answered without an entry in the log, because nothing can come of them."""

from typing import Any, Final

from api.service.calls import IngestResult
from engine.decision import Need
from engine.events import COUPON_VOIDING, REDEMPTION_CONFIRMED, REDEMPTION_RELEASED, Event
from engine.language.catalogue import Catalogue
from engine.programme.requests import carry_out
from engine.state import MemberState

_OF_THE_THING: Final = frozenset((REDEMPTION_CONFIRMED, REDEMPTION_RELEASED, COUPON_VOIDING))
"""Requests whose id is made from the thing that they are about. Were a refusal kept, it would be the
answer for ever, also to a till that merely came too early."""


def turned_away(state: MemberState, event: Event, catalogue: Catalogue) -> IngestResult | None:
    """Return the answer to a request that leaves no entry, or None if it is to be decided.

    Args:
        state: The member, caught up.
        event: The request.
        catalogue: The definitions in force.
    """
    if state.sequence == 0:
        return IngestResult(status="unknown", detail="there is no such member")
    if event.name not in _OF_THE_THING:
        return None
    answer = carry_out(state, event, catalogue, str, lacking).answer
    return IngestResult(status="answered", answer=answer) if answer.get("status") == "refused" else None


def lacking(_need: Need) -> Any:
    """Supply nothing: what would be needed is lacking."""
    return None
