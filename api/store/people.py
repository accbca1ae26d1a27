"""Who may do what, and what they did: people, API keys, audit entries."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from api.store.schema import API_KEY, AUDIT, PRINCIPAL
from engine.values import Instant


class Principal(NamedTuple):
    """A person who signs in.

    Attributes:
        name: By which they sign in.
        role: `marketer`, `approver`, `auditor` or `administrator`.
        password: Argon2id hash.
        created_at: When the account was made.
        session_epoch: A session made under a lower one has ended.
    """

    name: str
    role: str
    password: str
    created_at: Instant
    session_epoch: int = 0


class ApiKey(NamedTuple):
    """A key by which a backend speaks to us.

    Attributes:
        id: The part of the key that may be shown.
        secret: SHA-256 of the other part.
        source: `source` of the events it posts.
        scopes: Scopes, separated by spaces.
        created_at: When it was made.
        revoked_at: When it ceased to be good, or None.
    """

    id: str
    secret: str
    source: str
    scopes: str
    created_at: Instant
    revoked_at: Instant | None = None


class AuditEntry(NamedTuple):
    """What a person changed; `id` is its number, 0 before it has one."""

    at: Instant
    by: str
    action: str
    subject: str
    detail: str = ""
    id: int = 0


_PRINCIPAL: Final = select(
    PRINCIPAL.c.name,
    PRINCIPAL.c.role,
    PRINCIPAL.c.password,
    PRINCIPAL.c.created_at,
    PRINCIPAL.c.session_epoch,
)
_API_KEY: Final = select(
    API_KEY.c.id,
    API_KEY.c.secret,
    API_KEY.c.source,
    API_KEY.c.scopes,
    API_KEY.c.created_at,
    API_KEY.c.revoked_at,
)


def principal(connection: Connection, name: str) -> Principal | None:
    """Return a person, or None."""
    row = connection.execute(_PRINCIPAL.where(PRINCIPAL.c.name == name)).one_or_none()
    return None if row is None else Principal(*row)


def principals(connection: Connection) -> list[Principal]:
    """Return every person, by name."""
    return [Principal(*row) for row in connection.execute(_PRINCIPAL.order_by(PRINCIPAL.c.name))]


def save_principal(connection: Connection, name: str, *, role: str, password: str, at: Instant) -> None:
    """Add a person, or change the role and password of one, which ends every session of theirs.

    Args:
        connection: A write transaction.
        name: By which they sign in.
        role: `marketer`, `approver`, `auditor` or `administrator`.
        password: Argon2id hash.
        at: When; kept for a new person.
    """
    change = {"role": role, "password": password, "session_epoch": PRINCIPAL.c.session_epoch + 1}
    changed = connection.execute(update(PRINCIPAL).where(PRINCIPAL.c.name == name).values(change))
    if changed.rowcount == 0:
        person = Principal(name, role, password, at)
        connection.execute(insert(PRINCIPAL), person._asdict())


def api_key(connection: Connection, key_id: str) -> ApiKey | None:
    """Return a key by its id, revoked or not; or None."""
    row = connection.execute(_API_KEY.where(API_KEY.c.id == key_id)).one_or_none()
    return None if row is None else ApiKey(*row)


def api_keys(connection: Connection) -> list[ApiKey]:
    """Return every key, oldest first."""
    query = _API_KEY.order_by(API_KEY.c.created_at, API_KEY.c.id)
    return [ApiKey(*row) for row in connection.execute(query)]


def add_api_key(
    connection: Connection, key_id: str, *, secret: str, source: str, scopes: str, at: Instant
) -> None:
    """Add a key; see `ApiKey` for what each part means.

    Raises:
        sqlalchemy.exc.IntegrityError: If the id is taken.
    """
    connection.execute(insert(API_KEY), ApiKey(key_id, secret, source, scopes, at)._asdict())


def revoke_api_key(connection: Connection, key_id: str, *, at: Instant) -> bool:
    """Let a key be good no longer; tell whether it was until now."""
    good = (API_KEY.c.id == key_id) & API_KEY.c.revoked_at.is_(None)
    return connection.execute(update(API_KEY).where(good).values(revoked_at=at)).rowcount == 1


def note(connection: Connection, entry: AuditEntry) -> None:
    """Write down what a person did, in the transaction that does it."""
    row = entry._asdict()
    del row["id"]
    connection.execute(insert(AUDIT), row)


def audit_page(connection: Connection, *, before: int | None, limit: int) -> list[AuditEntry]:
    """Return audit entries, newest first; `before` is the id that the page must stay below."""
    query = select(AUDIT.c.at, AUDIT.c.by, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail, AUDIT.c.id)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    return [AuditEntry(*row) for row in connection.execute(query.order_by(AUDIT.c.id.desc()).limit(limit))]
