"""Memberships that are bought or given for a time."""

from collections.abc import Sequence

from engine.effects import StartMembership
from engine.language.catalogue import Catalogue
from engine.language.giving import StartMembershipAction
from engine.language.levels import MembershipDefinition
from engine.programme.occasion import Occasion
from engine.schedule import shift
from engine.state import MemberState
from engine.values import Instant


def started(occasion: Occasion, at: int, action: StartMembershipAction) -> StartMembership | None:
    """Return the start or the renewal of a membership; None if it isn't defined any more."""
    definition = occasion.catalogue.memberships.get(action.membership)
    if definition is None:
        return None
    until, renewed = running_until(definition, occasion.state, occasion.event.as_of, occasion.zone)
    return StartMembership(
        id=occasion.effect_id(at), action=at, membership=definition.key, until=until, renewed=renewed
    )


def not_invited(keys: Sequence[str], state: MemberState, catalogue: Catalogue) -> str:
    """Return the tag that would invite the member to the first of some memberships that asks for one.

    Args:
        keys: Keys of memberships that are to be started.
        state: The member.
        catalogue: The definitions in force.

    Returns:
        Empty if the member may have them all.
    """
    on = catalogue.taxonomy.on
    tags = (catalogue.memberships[key].invitation for key in keys if key in catalogue.memberships)
    return next((tag for tag in tags if tag is not None and not on(tag, state.tags)), "")


def running_until(
    definition: MembershipDefinition, state: MemberState, as_of: Instant, zone: str
) -> tuple[Instant, bool]:
    """Return when a membership that is started now ends, and whether that is a renewal."""
    running = state.memberships.get(definition.key)
    start = running.until if running is not None else as_of
    return shift(start, *definition.lasts.span, zone), running is not None
