"""Sealed values: members' personal data under a key each, and endpoints' secrets.

Only bytes pass here; what they mean is known to whoever has the programme's key.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select

from api.store.dialects import ListQuery, RowInsert
from api.store.schema import ENDPOINT_SECRET, IDENTITY, MEMBER_KEY, VAULT


class SealedValue(NamedTuple):
    """A personal value of a member, encrypted under the member's key."""

    member: str
    field: str
    sealed: bytes


_KEYS: Final = ListQuery("SELECT member, wrapped FROM member_key WHERE member IN {list}")
_ADD_KEY: Final = RowInsert(MEMBER_KEY, ["member", "wrapped"], keys=["member"])
_KEEP: Final = RowInsert(VAULT, SealedValue._fields, keys=["member", "field"], changes=["sealed"])
_KEEP_SECRET: Final = RowInsert(
    ENDPOINT_SECRET, ["endpoint", "sealed"], keys=["endpoint"], changes=["sealed"]
)


def keys(connection: Connection, members: Iterable[str]) -> dict[str, bytes]:
    """Return members' wrapped keys; a member who has none isn't there."""
    return dict(_KEYS.execute(connection, sorted(set(members))))


def add_keys(connection: Connection, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give members a wrapped key each, unless they have one.

    Returns:
        The keys that stand now: of two processes that add one, the first wins,
        and the second must seal under the first's.
    """
    _ADD_KEY.execute(connection, sorted(wrapped.items()))
    return keys(connection, wrapped)


def keep(connection: Connection, values: Iterable[SealedValue]) -> None:
    """Keep sealed values; of two of one member and field, the later stands."""
    newest = {(value.member, value.field): value for value in values}
    _KEEP.execute(connection, [newest[key] for key in sorted(newest)])


def values(connection: Connection, member: str) -> dict[str, bytes]:
    """Return a member's sealed values, by field."""
    rows = connection.execute(select(VAULT.c.field, VAULT.c.sealed).where(VAULT.c.member == member))
    return {row.field: row.sealed for row in rows}


def forget(connection: Connection, member: str) -> None:
    """Delete the values and the key of a member whose values are sealed under another's now."""
    connection.execute(delete(VAULT).where(VAULT.c.member == member))
    connection.execute(delete(MEMBER_KEY).where(MEMBER_KEY.c.member == member))


def erase(connection: Connection, member: str) -> None:
    """Delete a member's values, key and names for good; the log keeps tokens that mean nothing now."""
    forget(connection, member)
    connection.execute(delete(IDENTITY).where(IDENTITY.c.member == member))


def keep_endpoint_secret(connection: Connection, endpoint: str, sealed: bytes) -> None:
    """Keep the sealed secret that signs what is posted to an endpoint, in place of any other."""
    _KEEP_SECRET.execute(connection, [(endpoint, sealed)])


def endpoint_secret(connection: Connection, endpoint: str) -> bytes | None:
    """Return an endpoint's sealed secret, or None."""
    query = select(ENDPOINT_SECRET.c.sealed).where(ENDPOINT_SECRET.c.endpoint == endpoint)
    return connection.execute(query).scalar_one_or_none()
