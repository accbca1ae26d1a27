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
