"""Carries out what a till, a person or a broadcast asks: all of it, or nothing with the reason."""

from collections.abc import Callable
from typing import Any, Final

from engine.decision import Need
from engine.events import (
    BROADCAST_DUE,
    COUPON_GRANTED,
    COUPON_VOIDING,
    LEVEL_SET,
    MEMBERSHIP_SET,
    POINTS_ADJUSTED,
    REDEMPTION_CONFIRMED,
    REDEMPTION_RELEASED,
    REDEMPTION_RESERVED,
    SEGMENT_LISTED,
    SEGMENT_UNLISTED,
    TAG_GRANTED,
    TAG_WITHDRAWN,
    Event,
)
from engine.language.catalogue import Catalogue
from engine.programme import broadcasting, granting, listing, redeeming, tagging
from engine.programme.asked import MAX_TEXT, Asked, Carried
from engine.programme.reasons import Refusal
from engine.state import MemberState

_BY_NAME: Final[dict[str, Callable[[Asked], Carried]]] = {
    REDEMPTION_RESERVED: redeeming.reserve,
    REDEMPTION_CONFIRMED: redeeming.confirm,
    REDEMPTION_RELEASED: redeeming.release,
    COUPON_VOIDING: granting.void_coupon,
    COUPON_GRANTED: granting.grant_coupon,
    POINTS_ADJUSTED: granting.adjust_points,
    LEVEL_SET: granting.set_level,
    MEMBERSHIP_SET: granting.set_membership,
    SEGMENT_LISTED: listing.list_member,
    SEGMENT_UNLISTED: listing.unlist_member,
    TAG_GRANTED: tagging.grant_tag,
    TAG_WITHDRAWN: tagging.withdraw_tag,
    BROADCAST_DUE: broadcasting.send,
}
_OF_THE_THING: Final = frozenset((REDEMPTION_CONFIRMED, REDEMPTION_RELEASED, COUPON_VOIDING))
"""Requests whose id is made from the thing that they are about. Were a refusal kept, it would be the
answer for ever, also to a till that merely came too early."""


def carry_out(
    state: MemberState,
    event: Event,
    catalogue: Catalogue,
    effect_id: Callable[[int], str],
    grant: Callable[[Need], Any],
) -> Carried:
    """Return what comes of a request.

    A refusal is an answer, never an error: `status` is `refused`, `reason` a
    code of `engine.programme.reasons.REASONS`, and what helps to mend it stands beside it.

    Args:
        state: The member, with every clock that ran out before this instant dealt with.
        event: The request: its name is one of `engine.events.REQUESTS`.
        catalogue: The definitions in force.
        effect_id: Returns the id of an effect by its place, from 0 on.
        grant: Asks the host for something; None while it is lacking.
    """
    asked = Asked(state, event, catalogue, effect_id, grant)
    try:
        return _BY_NAME[event.name](asked)
    except Refusal as refusal:
        refused = refusal.refused
        answer = {"status": "refused", "reason": refused.reason, **refused.more}
        redemption = event.properties.get("redemption")
        if isinstance(redemption, str):
            answer["redemption"] = redemption[:MAX_TEXT]
        return Carried((), answer)


def refused_at_once(state: MemberState, event: Event, catalogue: Catalogue) -> dict[str, Any] | None:
    """Return the answer to a request that is refused and leaves no entry; None if it is to be decided.

    Args:
        state: The member, caught up.
        event: The request.
        catalogue: The definitions in force.
    """
    if event.name not in _OF_THE_THING:
        return None
    answer = carry_out(state, event, catalogue, str, lacking).answer
    return answer if answer.get("status") == "refused" else None


def lacking(_need: Need) -> Any:
    """Supply nothing: what would be needed is lacking."""
    return None
