"""Where the log of a member stood at an instant."""

from sqlalchemy import Connection, func, select

from api.store import log
from api.store.schema import EVENT
from engine.values import Instant


def place_at(connection: Connection, member: str, as_of: Instant, known_at: Instant | None = None) -> int:
    """Return the place of the last entry of a member that was decided as of an instant or before.

    Args:
        connection: A read transaction.
        member: Key of the member.
        as_of: The instant; what was decided as of it counts.
        known_at: If given, the log is read no further than to the first entry recorded after it.

    Returns:
        `member_sequence` of the entry; 0 if there is none.
    """
    place = log.place_at(connection, member, as_of)
    if known_at is None:
        return place
    unknown = select(func.min(EVENT.c.member_sequence))
    first = connection.execute(
        unknown.where(EVENT.c.member == member, EVENT.c.recorded_at > known_at)
    ).scalar_one()
    return place if first is None else min(place, int(first) - 1)
