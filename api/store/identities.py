"""The names under which members are known."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from api.store.dialects import ListQuery, RowInsert
from api.store.schema import IDENTITY


class Identity(NamedTuple):
    """A name of a member: its kind (`user_id`, `email` …) and the id itself, or its token."""

    kind: str
    token: str


KINDS: Final = ("user_id", "phone", "email", "unionid", "openid", "anonymous_id")
"""Kinds of names, the strongest first."""

_BY_TOKEN: Final = ListQuery(
    "SELECT token, member FROM member_identity WHERE kind = {value} AND token IN {list}"
)
_LINK: Final = RowInsert(IDENTITY, ["kind", "token", "member"], keys=["kind", "token"])


def resolve(connection: Connection, identities: Sequence[Identity]) -> dict[Identity, str]:
    """Return the members behind some names; a name of nobody isn't there."""
    by_kind: dict[str, list[str]] = {}
    for kind, token in identities:
        by_kind.setdefault(kind, []).append(token)
    found: dict[Identity, str] = {}
    for kind, tokens in by_kind.items():
        for token, member in _BY_TOKEN.execute(connection, kind, tokens):
            found[Identity(kind, token)] = member
    return found


def member_of(connection: Connection, token: str) -> str | None:
    """Return the member who is known by an id or its token, of whichever kind; None if nobody is."""
    for kind in KINDS:
        found = resolve(connection, [Identity(kind, token)])
        if found:
            return next(iter(found.values()))
    return None


def names_of(connection: Connection, member: str) -> list[Identity]:
    """Return the names under which a member is known, by kind."""
    query = select(IDENTITY.c.kind, IDENTITY.c.token).where(IDENTITY.c.member == member)
    return [Identity(*row) for row in connection.execute(query.order_by(IDENTITY.c.kind, IDENTITY.c.token))]


def link(connection: Connection, links: dict[Identity, str]) -> dict[Identity, str]:
    """Let members be known under names that are still free.

    Args:
        connection: A write transaction.
        links: The member by name.

    Returns:
        The member that each name stands for now: the one it stood for before,
        where the name wasn't free.
    """
    # In one order for everybody, so that two processes with the same names can't deadlock.
    _LINK.execute(connection, [(*name, links[name]) for name in sorted(links)])
    return resolve(connection, list(links))
