"""What people said of a draft on its way to publication, and where its approval stands."""

from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, insert, select, update

from api.store import turns
from api.store.errors import Stale
from api.store.people import AuditEntry, note
from api.store.schema import RULE, RULE_REVIEW
from engine.values import Instant

Approval = Literal["none", "submitted", "approved", "sent_back"]
Step = Literal["submitted", "approved", "sent_back", "dropped"]


class Review(NamedTuple):
    """A step of a draft's approval.

    Attributes:
        key: The rule.
        at: When.
        by: Who.
        step: What was done; `dropped` when the draft changed, or went, after it had been submitted.
        digest: Digest of the draft as it stood.
        comment: What was said about it; may be empty.
    """

    key: str
    at: Instant
    by: str
    step: Step
    digest: str
    comment: str


_REVIEW: Final = select(*(RULE_REVIEW.c[name] for name in Review._fields))


def add(connection: Connection, review: Review) -> None:
    """Write a step down, in the transaction that does it."""
    connection.execute(insert(RULE_REVIEW), review._asdict())


def move(connection: Connection, key: str, *, etag: str, before: Approval, after: Approval) -> None:
    """Say where the approval of a draft stands; its etag stays, as the draft does.

    Args:
        connection: A write transaction.
        key: The rule.
        etag: Of the draft that was looked at.
        before: Where it stood when it was looked at.
        after: Where it stands now.

    Raises:
        Stale: If the rule is no longer what was looked at.
    """
    chosen = (RULE.c.key == key) & (RULE.c.etag == etag) & (RULE.c.approval == before)
    told = {"approval": after, "turn": turns.take(connection)}
    if connection.execute(update(RULE).where(chosen).values(told)).rowcount != 1:
        raise Stale(f"rule {key!r} was changed in between")


def drop(connection: Connection, key: str, before: Approval, *, at: Instant, by: str) -> None:
    """Write down that what was submitted isn't the draft any more, in the transaction that changes it.

    Args:
        connection: A write transaction.
        key: The rule.
        before: Where the approval stood.
        at: When the draft was changed.
        by: Who changed it.
    """
    if before == "none":
        return
    digest = reviews(connection, key, 1)[0].digest
    add(connection, Review(key, at, by, "dropped", digest, ""))
    detail = f"{before} -> none; draft {digest[:16]}"
    old, new = {"approval": before}, {"approval": "none"}
    note(connection, AuditEntry(at, by, "approval-dropped", key, detail, old=old, new=new))


def reviews(connection: Connection, key: str, limit: int) -> list[Review]:
    """Return the steps of a rule's approvals, newest first."""
    query = _REVIEW.where(RULE_REVIEW.c.key == key).order_by(RULE_REVIEW.c.id.desc()).limit(limit)
    return [Review(*row) for row in connection.execute(query)]


def approver(connection: Connection, key: str, digest: str) -> str | None:
    """Return who approved a draft as it stands, or None.

    Args:
        connection: Where to read.
        key: The rule.
        digest: Digest of what is to be published; an approval of anything else is none.
    """
    newest = reviews(connection, key, 1)
    stands = newest and (newest[0].step, newest[0].digest) == ("approved", digest)
    return newest[0].by if stands else None
