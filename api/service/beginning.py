"""Where what is carried out now began: the entry of a member's log that a message after a wait speaks of."""

from api.store import log, merging
from api.store.connection import Connection
from api.store.log import LoggedEntry


def began(connection: Connection, member: str, number: int | None) -> LoggedEntry | None:
    """Return the entry with which a rule began for a member; None where it may be another log's.

    Args:
        connection: Where to read.
        member: Whose log it is.
        number: The enrolment's number: the place of that entry in the log.
    """
    if not number or number < 0 or merging.parts(connection, member):
        return None
    return log.entry_in(connection, member, number)


def asked(connection: Connection, entry: LoggedEntry) -> LoggedEntry | None:
    """Return the entry at which a message was asked for that quiet hours held until an entry, or None."""
    properties = entry.event.properties
    if properties.get("timer") != "message":
        return None
    found = log.entry_in(connection, entry.event.member, properties["mark"])
    return None if found is None or found.event.kind == "merge" else found


def trigger(connection: Connection, entry: LoggedEntry) -> LoggedEntry:
    """Return the entry that whatever is carried out on an entry speaks of.

    The end of a wait, or of quiet hours, tells nothing by itself: what is meant is the event
    with which the rule began. An event that was waited for is meant itself.
    """
    entry = asked(connection, entry) or entry
    if entry.event.properties.get("timer") != "wait":
        return entry
    return began(connection, entry.event.member, entry.event.properties.get("mark")) or entry
