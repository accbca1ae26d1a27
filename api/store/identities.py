"""The names under which members are known."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from api.store.dialects import RowInsert
from api.store.schema import IDENTITY

_CHUNK: Final = 1_000


class Identity(NamedTuple):
    """A name of a member: its kind (`user_id`, `email` …) and the id itself, or its token."""

    kind: str
    token: str


_BY_TOKEN: Final = select(IDENTITY.c.token, IDENTITY.c.member).where(
    IDENTITY.c.kind == bindparam("of_kind"), IDENTITY.c.token.in_(bindparam("tokens", expanding=True))
)
_LINK: Final = RowInsert(IDENTITY, ["kind", "token", "member"], keys=["kind", "token"])


def resolve(connection: Connection, identities: Sequence[Identity]) -> dict[Identity, str]:
    """Return the members behind some names; a name of nobody isn't there."""
    by_kind: dict[str, list[str]] = {}
    for kind, token in identities:
        by_kind.setdefault(kind, []).append(token)
    found: dict[Identity, str] = {}
    for kind, tokens in by_kind.items():
        for start in range(0, len(tokens), _CHUNK):
            asked: dict[str, Any] = {"of_kind": kind, "tokens": tokens[start : start + _CHUNK]}
            for token, member in connection.execute(_BY_TOKEN, asked):
                found[Identity(kind, token)] = member
    return found


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
    rows = [{"kind": name.kind, "token": name.token, "member": links[name]} for name in sorted(links)]
    _LINK.execute(connection, rows)
    return resolve(connection, list(links))
