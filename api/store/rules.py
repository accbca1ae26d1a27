"""Rules as people work on them: drafts, and the versions that were published."""

import secrets
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from api.store import approvals, turns
from api.store.approvals import Approval
from api.store.errors import Stale
from api.store.schema import RULE, RULE_VERSION
from engine.values import Instant


class StoredRule(NamedTuple):
    """A rule as it stands.

    Attributes:
        key: Its identity.
        status: `draft` until it is published, then `live` or `paused`.
        version: The version that was published last, or None.
        draft: The draft as JSON, or None.
        etag: Changes with every change of the rule.
        changed_at: When it was changed last.
        changed_by: Who did.
        approval: Where the draft's approval stands: `none`, `submitted`, `approved` or `sent_back`.
        authors: Who has changed the draft since it was begun, as a JSON list.
    """

    key: str
    status: str
    version: int | None
    draft: bytes | None
    etag: str
    changed_at: Instant
    changed_by: str
    approval: Approval
    authors: str

    @property
    def head(self) -> "RuleHead":
        """The rule without its draft."""
        return RuleHead(
            self.key,
            self.status,
            self.version,
            self.draft is not None,
            self.etag,
            self.changed_at,
            self.changed_by,
            self.approval,
        )


class RuleHead(NamedTuple):
    """A rule as it stands, without what it says: as `StoredRule`, and whether there is a draft."""

    key: str
    status: str
    version: int | None
    has_draft: bool
    etag: str
    changed_at: Instant
    changed_by: str
    approval: Approval


class StoredVersion(NamedTuple):
    """A published version; `document` is JSON, `revision` the rule set's that began with it.

    `approved_by` is who approved it, or None where nobody did.
    """

    key: str
    version: int
    digest: str
    document: bytes
    revision: int
    published_at: Instant
    published_by: str
    approved_by: str | None = None


_UNWRITTEN: Final = {"approval": "none", "authors": "[]"}
_RULE: Final = select(
    RULE.c.key,
    RULE.c.status,
    RULE.c.version,
    RULE.c.draft,
    RULE.c.etag,
    RULE.c.changed_at,
    RULE.c.changed_by,
    RULE.c.approval,
    RULE.c.authors,
)
_HEAD: Final = select(
    RULE.c.key,
    RULE.c.status,
    RULE.c.version,
    RULE.c.draft.is_not(None),
    RULE.c.etag,
    RULE.c.changed_at,
    RULE.c.changed_by,
    RULE.c.approval,
)
_CHUNK: Final = 500
_VERSION: Final = select(
    RULE_VERSION.c.key,
    RULE_VERSION.c.version,
    RULE_VERSION.c.digest,
    RULE_VERSION.c.document,
    RULE_VERSION.c.revision,
    RULE_VERSION.c.published_at,
    RULE_VERSION.c.published_by,
    RULE_VERSION.c.approved_by,
)


def read(connection: Connection, key: str) -> StoredRule | None:
    """Return a rule, or None."""
    row = connection.execute(_RULE.where(RULE.c.key == key)).one_or_none()
    return None if row is None else StoredRule(*row)


def read_all(connection: Connection) -> list[StoredRule]:
    """Return every rule, by key."""
    return [StoredRule(*row) for row in connection.execute(_RULE.order_by(RULE.c.key))]


def heads(connection: Connection, *, after: int | None = None) -> list[RuleHead]:
    """Return rules as they stand: every one, or only those that were changed after a turn."""
    query = _HEAD if after is None else _HEAD.where(RULE.c.turn > after)
    return [RuleHead(*row) for row in connection.execute(query)]


def statuses(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """Return how some rules stand, by key; found by the primary key."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _CHUNK):
        some = select(RULE.c.key, RULE.c.status).where(RULE.c.key.in_(keys[start : start + _CHUNK]))
        found.update((row.key, row.status) for row in connection.execute(some))
    return found


def documents(connection: Connection, keys: Sequence[str]) -> dict[str, bytes]:
    """Return what some rules say, by key: the newest version as JSON, or the draft of one that has none."""
    newest = (RULE.c.key == RULE_VERSION.c.key) & (RULE.c.version == RULE_VERSION.c.version)
    said = func.coalesce(RULE_VERSION.c.document, RULE.c.draft).label("said")
    query = select(RULE.c.key, said).outerjoin(RULE_VERSION, newest).where(said.is_not(None))
    found: dict[str, bytes] = {}
    for start in range(0, len(keys), _CHUNK):
        some = query.where(RULE.c.key.in_(keys[start : start + _CHUNK]))
        found.update((row.key, row.said) for row in connection.execute(some))
    return found


def save_draft(
    connection: Connection, key: str, draft: bytes, *, expected: str | None, at: Instant, by: str
) -> None:
    """Keep a draft; a rule that doesn't exist yet begins with it.

    A draft that changes has one more author, and nobody's approval any more.

    Args:
        connection: A write transaction.
        key: Key of the rule.
        draft: The document as JSON.
        expected: The etag that the author saw; None to begin a rule.
        at: When.
        by: Who.

    Raises:
        Stale: If the rule is no longer what the author saw.
    """
    before = read(connection, key)
    change: dict[str, Any] = {"draft": draft, "changed_at": at, "changed_by": by}
    if before is None or before.draft != draft:
        change |= {"approval": "none", "authors": _with_author(before, by)}
    if expected is not None:
        _change(connection, key, expected, change)
        if before is not None and "approval" in change:
            approvals.drop(connection, key, before.approval, at=at, by=by)
        return
    if before is not None:
        raise Stale(f"rule {key!r} exists already")
    new = {"key": key, "status": "draft", "etag": _new_etag(), "turn": turns.take(connection)}
    connection.execute(insert(RULE), {**new, **change})


def delete_draft(connection: Connection, key: str, *, expected: str, at: Instant, by: str) -> None:
    """Throw a draft away, and the rule with it if it was never published.

    Raises:
        Stale: If the rule is no longer what the author saw.
    """
    before = read(connection, key)
    _change(connection, key, expected, {"draft": None, "changed_at": at, "changed_by": by, **_UNWRITTEN})
    if before is not None:
        approvals.drop(connection, key, before.approval, at=at, by=by)
    gone = connection.execute(delete(RULE).where(RULE.c.key == key, RULE.c.version.is_(None)))
    if gone.rowcount:
        turns.take(connection, removing=True)


def publish(connection: Connection, version: StoredVersion, *, expected: str) -> None:
    """Keep a version for ever and put it in force; the draft is used up by it.

    Args:
        connection: The transaction that appends the control entry.
        version: The version, numbered by `next_version`.
        expected: The etag of the rule whose draft it is.

    Raises:
        Stale: If the rule is no longer what the author saw, or no longer approved by who approved it.
    """
    change = {
        "status": "live",
        "version": version.version,
        "draft": None,
        "changed_at": version.published_at,
        "changed_by": version.published_by,
        **_UNWRITTEN,
    }
    approval = None if version.approved_by is None else "approved"
    _change(connection, version.key, expected, change, approval=approval)
    connection.execute(insert(RULE_VERSION), version._asdict())


def publish_again(connection: Connection, version: StoredVersion) -> None:
    """Keep a version that says what an older one does, and put it in force; a draft stays as it is."""
    change = {
        "status": "live",
        "version": version.version,
        "changed_at": version.published_at,
        "changed_by": version.published_by,
        "etag": _new_etag(),
    }
    connection.execute(update(RULE).where(RULE.c.key == version.key).values(change))
    connection.execute(insert(RULE_VERSION), version._asdict())


def set_status(connection: Connection, key: str, status: str, *, at: Instant, by: str) -> None:
    """Say that a published rule is `live` or `paused`, in the transaction of the control entry."""
    change: dict[str, Any] = {"status": status, "changed_at": at, "changed_by": by, "etag": _new_etag()}
    change["turn"] = turns.take(connection)
    connection.execute(update(RULE).where(RULE.c.key == key).values(change))


def next_version(connection: Connection, key: str) -> int:
    """Return the number that the next version of a rule gets: 1 for its first."""
    query = select(func.coalesce(func.max(RULE_VERSION.c.version), 0)).where(RULE_VERSION.c.key == key)
    return int(connection.execute(query).scalar_one()) + 1


def version(connection: Connection, key: str, number: int) -> StoredVersion | None:
    """Return a published version of a rule, or None."""
    chosen = _VERSION.where(RULE_VERSION.c.key == key, RULE_VERSION.c.version == number)
    row = connection.execute(chosen).one_or_none()
    return None if row is None else StoredVersion(*row)


def versions(connection: Connection, key: str) -> list[StoredVersion]:
    """Return every published version of a rule, newest first."""
    query = _VERSION.where(RULE_VERSION.c.key == key).order_by(RULE_VERSION.c.version.desc())
    return [StoredVersion(*row) for row in connection.execute(query)]


def published(connection: Connection) -> dict[str, StoredVersion]:
    """Return the newest version of every rule that has one, by key."""
    newest = (RULE.c.key == RULE_VERSION.c.key) & (RULE.c.version == RULE_VERSION.c.version)
    rows = connection.execute(_VERSION.join(RULE, newest))
    return {row.key: StoredVersion(*row) for row in rows}


def _with_author(before: StoredRule | None, by: str) -> str:
    known: list[str] = [] if before is None else orjson.loads(before.authors)
    return orjson.dumps(known if by in known else [*known, by]).decode()


def _change(
    connection: Connection, key: str, expected: str, change: dict[str, Any], *, approval: str | None = None
) -> None:
    """Compare and set, in one statement, so that of two people only one succeeds."""
    chosen = (RULE.c.key == key) & (RULE.c.etag == expected)
    if approval is not None:
        chosen &= RULE.c.approval == approval
    told = {**change, "etag": _new_etag(), "turn": turns.take(connection)}
    done = connection.execute(update(RULE).where(chosen).values(told))
    if done.rowcount != 1:
        raise Stale(f"rule {key!r} was changed in between")


def _new_etag() -> str:
    return secrets.token_hex(8)
