"""Who may do what, and what they did: people, API keys, audit entries."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from api.store.actions import Action
from api.store.schema import API_KEY, AUDIT, PRINCIPAL
from engine import canonical
from engine.values import MICROSECONDS, Instant


class Principal(NamedTuple):
    """A person who signs in.

    Attributes:
        name: By which they sign in.
        role: `marketer`, `approver`, `auditor` or `administrator`.
        password: Argon2id hash.
        created_at: When the account was made.
        session_epoch: A session made under a lower one has ended.
        seen_at: When the person was here last, to the minute; None for never.
        disabled_at: Since when the person may not sign in; None for one who may.
        temporary: Whether the password was given by somebody else and must be changed first.
    """

    name: str
    role: str
    password: str
    created_at: Instant
    session_epoch: int = 0
    seen_at: Instant | None = None
    disabled_at: Instant | None = None
    temporary: bool = False


class ApiKey(NamedTuple):
    """A key by which a backend speaks to us.

    Attributes:
        id: The part of the key that may be shown.
        secret: SHA-256 of the other part.
        source: `source` of the events it posts.
        scopes: Scopes, separated by spaces.
        created_at: When it was made.
        revoked_at: When it ceased to be good, or None.
        owner: The person who answers for what it does; None if nobody was told.
        used_at: When it was used last, to the minute; None for never.
    """

    id: str
    secret: str
    source: str
    scopes: str
    created_at: Instant
    revoked_at: Instant | None = None
    owner: str | None = None
    used_at: Instant | None = None


class AuditEntry(NamedTuple):
    """What a person changed.

    Attributes:
        at: When.
        by: Who.
        action: What was done.
        subject: To what: the key of a rule, `tags/vip` …
        detail: More of it, in short.
        id: Its number; 0 before it has one.
        old: What it was before, as JSON data; None for nothing. Never a secret.
        new: What it became, as JSON data; None for nothing. Of either, where it is of more than 64 KiB,
            only `digest` and `bytes` are kept.
    """

    at: Instant
    by: str
    action: Action
    subject: str
    detail: str = ""
    id: int = 0
    old: Any = None
    new: Any = None


class Chosen(NamedTuple):
    """Which audit entries are asked for; None is all.

    Attributes:
        by: Who did it.
        action: What was done.
        subject: To what; also whatever is below it, as `tags/vip` is below `tags`.
        since: At or after this instant.
        until: Before this instant.
    """

    by: str | None = None
    action: str | None = None
    subject: str | None = None
    since: Instant | None = None
    until: Instant | None = None


EVERY_CHANGE: Final = Chosen()
_LARGE: Final = 64 * 1024
_TOGETHER: Final = 600 * MICROSECONDS
_NEWEST: Final = 100
_PRINCIPAL: Final = select(*(PRINCIPAL.c[name] for name in Principal._fields))
_API_KEY: Final = select(*(API_KEY.c[name] for name in ApiKey._fields))


def principal(connection: Connection, name: str) -> Principal | None:
    """Return a person, or None."""
    row = connection.execute(_PRINCIPAL.where(PRINCIPAL.c.name == name)).one_or_none()
    return None if row is None else Principal(*row)


def principals(connection: Connection) -> list[Principal]:
    """Return every person, by name."""
    return [Principal(*row) for row in connection.execute(_PRINCIPAL.order_by(PRINCIPAL.c.name))]


def administrators(connection: Connection) -> list[str]:
    """Return the administrators who may sign in, by name; until the transaction ends, nobody changes one."""
    may = (PRINCIPAL.c.role == "administrator") & PRINCIPAL.c.disabled_at.is_(None)
    query = select(PRINCIPAL.c.name).where(may).order_by(PRINCIPAL.c.name).with_for_update()
    return list(connection.execute(query).scalars())


def save_principal(
    connection: Connection, name: str, *, role: str, password: str, at: Instant, temporary: bool = False
) -> None:
    """Add a person, or let one in again with a role and a password, which ends every session of theirs.

    Args:
        connection: A write transaction.
        name: By which they sign in.
        role: `marketer`, `approver`, `auditor` or `administrator`.
        password: Argon2id hash.
        at: When; kept for a new person.
        temporary: Whether they must change the password first.
    """
    change = {"role": role, "password": password, "temporary": temporary, "disabled_at": None}
    if not change_principal(connection, name, change):
        person = Principal(name, role, password, at, temporary=temporary)
        connection.execute(insert(PRINCIPAL), person._asdict())


def change_principal(connection: Connection, name: str, change: Mapping[str, Any]) -> bool:
    """Change what is kept of a person, which ends every session of theirs; tell whether there is one."""
    told = {**change, "session_epoch": PRINCIPAL.c.session_epoch + 1}
    return connection.execute(update(PRINCIPAL).where(PRINCIPAL.c.name == name).values(told)).rowcount == 1


def seen(connection: Connection, name: str, at: Instant) -> None:
    """Note that a person was here."""
    connection.execute(update(PRINCIPAL).where(PRINCIPAL.c.name == name).values(seen_at=at))


def api_key(connection: Connection, key_id: str) -> ApiKey | None:
    """Return a key by its id, revoked or not; or None."""
    row = connection.execute(_API_KEY.where(API_KEY.c.id == key_id)).one_or_none()
    return None if row is None else ApiKey(*row)


def api_keys(connection: Connection) -> list[ApiKey]:
    """Return every key, oldest first."""
    query = _API_KEY.order_by(API_KEY.c.created_at, API_KEY.c.id)
    return [ApiKey(*row) for row in connection.execute(query)]


def add_api_key(
    connection: Connection,
    key_id: str,
    *,
    secret: str,
    source: str,
    scopes: str,
    at: Instant,
    owner: str | None = None,
) -> None:
    """Add a key; see `ApiKey` for what each part means.

    Raises:
        sqlalchemy.exc.IntegrityError: If the id is taken.
    """
    connection.execute(insert(API_KEY), ApiKey(key_id, secret, source, scopes, at, owner=owner)._asdict())


def owners(connection: Connection, keys: Sequence[str]) -> list[str]:
    """Return the people who answer for some keys, as far as they were told."""
    query = select(API_KEY.c.owner).where(API_KEY.c.id.in_(keys), API_KEY.c.owner.is_not(None))
    return list(connection.execute(query).scalars())


def revoke_api_key(connection: Connection, key_id: str, *, at: Instant) -> bool:
    """Let a key be good no longer; tell whether it was until now."""
    good = (API_KEY.c.id == key_id) & API_KEY.c.revoked_at.is_(None)
    return connection.execute(update(API_KEY).where(good).values(revoked_at=at)).rowcount == 1


def used(connection: Connection, key_id: str, at: Instant) -> None:
    """Note that a key was used."""
    connection.execute(update(API_KEY).where(API_KEY.c.id == key_id).values(used_at=at))


def note(connection: Connection, entry: AuditEntry) -> None:
    """Write down what a person did, in the transaction that does it."""
    row = entry._asdict() | {"old": _kept(entry.old), "new": _kept(entry.new)}
    del row["id"]
    connection.execute(insert(AUDIT), row)


def note_again(connection: Connection, entry: AuditEntry) -> None:
    """Write down what a person does over and over, such as saving while they type.

    The entry takes the place of one of the same minutes, by the same person, of the same thing done to the
    same subject, if nothing else was noted of the subject since; then it tells what was before that one.
    It is looked for, by the primary key, among the newest entries only.
    """
    newest = connection.execute(
        select(AUDIT.c.id, AUDIT.c.at, AUDIT.c.by, AUDIT.c.action, AUDIT.c.subject)
        .order_by(AUDIT.c.id.desc())
        .limit(_NEWEST)
    )
    last = next((one for one in newest if one.subject == entry.subject), None)
    if (
        last is None
        or (last.by, last.action) != (entry.by, entry.action)
        or last.at // _TOGETHER != entry.at // _TOGETHER
    ):
        note(connection, entry)
        return
    first = connection.execute(select(AUDIT.c.old).where(AUDIT.c.id == last.id)).scalar_one()
    connection.execute(delete(AUDIT).where(AUDIT.c.id == last.id))
    note(connection, entry._replace(old=_said(first)))


def audit_page(
    connection: Connection, *, before: int | None, limit: int, chosen: Chosen = EVERY_CHANGE
) -> list[AuditEntry]:
    """Return audit entries, newest first; `before` is the id that the page must stay below."""
    query = select(*(AUDIT.c[name] for name in AuditEntry._fields)).where(*_asked(chosen))
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    rows = connection.execute(query.order_by(AUDIT.c.id.desc()).limit(limit))
    return [AuditEntry(*row)._replace(old=_said(row.old), new=_said(row.new)) for row in rows]


def _asked(chosen: Chosen) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    for column, value in ((AUDIT.c.by, chosen.by), (AUDIT.c.action, chosen.action)):
        asked += [] if value is None else [column == value]
    if chosen.subject is not None:
        below = AUDIT.c.subject.startswith(f"{chosen.subject}/", autoescape=True)
        asked.append((AUDIT.c.subject == chosen.subject) | below)
    asked += [] if chosen.since is None else [AUDIT.c.at >= chosen.since]
    asked += [] if chosen.until is None else [AUDIT.c.at < chosen.until]
    return asked


def _kept(value: object) -> str | None:
    """Return JSON data as text, or in its place, where it is large, its digest and size."""
    if value is None:
        return None
    said = canonical.encode(value)
    if len(said) > _LARGE:
        said = canonical.encode({"digest": canonical.digest(value), "bytes": len(said)})
    return said.decode()


def _said(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
