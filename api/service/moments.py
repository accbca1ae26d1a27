"""The instant that a question about the past names, and the one at which its answer was known."""

from collections.abc import Iterator
from typing import NamedTuple

from api.service.identity import home_of
from api.service.refusal import Finding, Refusal
from api.store import members, merging, moments
from api.store.connection import Connection
from api.store.log import LoggedEntry
from engine.errors import InvalidValue
from engine.language.base import words
from engine.values import Instant, instant_text, parse_instant


class Moment(NamedTuple):
    """A past instant.

    Attributes:
        as_of: The instant; what happened at it counts.
        known_at: Up to when what was recorded counts; None for whatever was decided as of `as_of`.
    """

    as_of: Instant
    known_at: Instant | None = None


def moment_of(as_of: str | None, known_at: str | None, now: Instant) -> Moment:
    """Return the instant that somebody asks for.

    Args:
        as_of: RFC 3339 text; None for now.
        known_at: RFC 3339 text, or None.
        now: Our clock; nothing after it can be asked for.

    Raises:
        Refusal: `invalid-request` if a text is no instant, or one to come.
    """
    return Moment(
        now if as_of is None else _past(as_of, "as_of", now),
        None if known_at is None else _past(known_at, "known_at", now),
    )


def instant_said(said: str, name: str) -> Instant:
    """Return an instant that a parameter tells.

    Raises:
        Refusal: `invalid-request` if the text is none.
    """
    try:
        return parse_instant(said)
    except (InvalidValue, OverflowError) as error:
        finding = Finding(f"/query/{name}", str(error))
        raise Refusal("invalid-request", "Correct the parameters named in errors.", [finding]) from error


def home_at(connection: Connection, key: str, moment: Moment) -> str:
    """Return the key of the member whom a key or an id stood for at an instant.

    A member that became a part of another later is itself. Which part a sender's id was known for
    before a merge isn't kept: it stands for the member that went on.
    """
    home = _named(connection, key, moment)
    while (whole := merging.into(connection, [home]).get(home)) is not None:
        merged = next(
            one for one in merging.merges(connection, whole) if one.event.properties["absorbed"] == home
        )
        if not _happened(merged, moment):
            break
        home = whole
    return home


def _named(connection: Connection, key: str, moment: Moment) -> str:
    """Return the member that had a key; once it was erased, the new one that is known by it."""
    state = members.load(connection, [key])[key].state
    if state.sequence > 0 and (state.erased_at is None or state.erased_at > moment.as_of):
        return key
    found = home_of(connection, key)
    begun = moments.place_at(connection, found, moment.as_of, moment.known_at) > 0
    return found if begun or state.sequence == 0 else key


def absorbed_by(connection: Connection, member: str, moment: Moment) -> Iterator[LoggedEntry]:
    """Yield the merges by which others had become a part of a member, and of those, by an instant."""
    for one in merging.merges(connection, member):
        if _happened(one, moment):
            yield one
            yield from absorbed_by(connection, one.event.properties["absorbed"], moment)


def _past(said: str, name: str, now: Instant) -> Instant:
    instant = instant_said(said, name)
    if instant > now:
        text = words(
            f"is to come; ask for an instant up to now, {instant_text(now)}",
            f"是未来的时间，请选择不晚于现在（{instant_text(now)}）的时间",
        )
        finding = Finding(f"/query/{name}", text)
        raise Refusal("invalid-request", "Correct the parameters named in errors.", [finding])
    return instant


def _happened(entry: LoggedEntry, moment: Moment) -> bool:
    known = moment.known_at is None or entry.event.recorded_at <= moment.known_at
    return known and entry.event.as_of <= moment.as_of
