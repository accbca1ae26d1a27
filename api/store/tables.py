"""The tables. Instants are microseconds since the epoch; bodies are canonical JSON.

The event table is the truth. `member_state` and every table below it are
written from decisions in the same transaction and can be built again.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

# SQLite numbers rows by itself only in a column of type INTEGER.
_ROWID = BigInteger().with_variant(Integer(), "sqlite")


def _number(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger(), nullable=nullable)


def _rowid() -> Column[int]:
    return Column(_ROWID, primary_key=True, autoincrement=True)


class EventRow(SQLModel, table=True):
    """One entry of the log. Rows are added, never changed."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("source", "message_id", name="uq_event_source_message"),
        UniqueConstraint("member", "member_sequence", name="uq_event_member_sequence"),
    )

    sequence: int | None = Field(default=None, sa_column=_rowid())
    source: str
    message_id: str
    member: str
    member_sequence: int = Field(sa_column=_number())
    kind: str
    name: str = Field(index=True)
    occurred_at: int = Field(sa_column=_number())
    recorded_at: int = Field(sa_column=_number())
    as_of: int = Field(sa_column=_number())
    mode: str
    zone: str | None = None
    revision: int
    properties: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    content: str = Field(description="Digest of what the sender sent, for telling duplicates from conflicts")
    digest: str = Field(description="The member's chain up to this entry")


class DecisionRow(SQLModel, table=True):
    """What an entry led to, kept when a rule fired or was held back, or something was granted."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_member_sequence", "member", "sequence"),)

    sequence: int = Field(sa_column=Column(_ROWID, primary_key=True, autoincrement=False))
    member: str
    member_sequence: int = Field(sa_column=_number())
    as_of: int = Field(sa_column=_number())
    body: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class OutcomeRow(SQLModel, table=True):
    """One rule's result in a decision, for finding decisions by rule."""

    __tablename__ = "outcome"
    __table_args__ = (Index("ix_outcome_rule_sequence", "rule", "sequence", "result"),)

    id: int | None = Field(default=None, sa_column=_rowid())
    sequence: int = Field(sa_column=_number())
    member: str
    rule: str
    version: int
    result: str


class MemberRow(SQLModel, table=True):
    """A member, and the cache of the fold over its log."""

    __tablename__ = "member"
    __table_args__ = (
        Index("ix_member_held_next_due", "held_by", "next_due_at"),
        Index("ix_member_held_revision", "held_by", "revision"),
    )

    key: str = Field(primary_key=True)
    partition: int = Field(description="crc32(key) % 64, for ever")
    joined_at: int = Field(sa_column=_number())
    sequence: int = Field(sa_column=_number())
    next_due_at: int | None = Field(default=None, sa_column=_number(nullable=True))
    revision: int = Field(description="Rule-set revision under which next_due_at was derived")
    held_by: str | None = Field(default=None, description="Import that holds the member back from live work")
    state: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class MemberIdentityRow(SQLModel, table=True):
    """A name under which a member is known: `user_id`, `anonymous_id`, `email`, `phone` and so on."""

    __tablename__ = "member_identity"
    __table_args__ = (Index("ix_member_identity_token", "token"),)

    kind: str = Field(primary_key=True)
    token: str = Field(primary_key=True, description="The id itself, or a keyed token of a personal value")
    member: str = Field(index=True)


class MemberTagRow(SQLModel, table=True):
    """One holder's grip on a member's tag."""

    __tablename__ = "member_tag"
    __table_args__ = (Index("ix_member_tag_tag", "tag", "member"),)

    member: str = Field(primary_key=True)
    tag: str = Field(primary_key=True)
    holder: str = Field(primary_key=True)
    since: int = Field(sa_column=_number())
    until: int | None = Field(default=None, sa_column=_number(nullable=True))


class LedgerEntryRow(SQLModel, table=True):
    """One transfer of points: double entry, never changed, never deleted."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_ledger_entry_amount"),
        CheckConstraint("debit <> credit", name="ck_ledger_entry_accounts"),
    )

    id: str = Field(primary_key=True)
    debit: str = Field(index=True)
    credit: str = Field(index=True)
    amount: int = Field(sa_column=_number())
    as_of: int = Field(sa_column=_number())
    sequence: int = Field(sa_column=_number())


class CouponRow(SQLModel, table=True):
    """One coupon that was issued."""

    __tablename__ = "coupon"
    __table_args__ = (Index("ix_coupon_coupon_state", "coupon", "state"),)

    code: str = Field(primary_key=True)
    coupon: str
    member: str = Field(index=True)
    state: str
    issued_at: int = Field(sa_column=_number())
    expires_at: int | None = Field(default=None, sa_column=_number(nullable=True))
    sequence: int = Field(sa_column=_number())


class OutboxRow(SQLModel, table=True):
    """Something that must leave. Its id is the effect's, the same at every attempt."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_status_next", "status", "next_attempt_at"),
        Index("ix_outbox_sequence", "sequence", "id"),
    )

    id: str = Field(primary_key=True)
    sequence: int = Field(sa_column=_number())
    member: str = Field(index=True)
    rule: str
    kind: str = Field(description="`message` or `webhook`")
    channel: str
    target: str = Field(description="Key of the template or the endpoint")
    status: str = Field(description="`pending`, `delivered`, `dead`, `suppressed`")
    attempts: int = 0
    next_attempt_at: int = Field(sa_column=_number())
    last_error: str | None = None
    as_of: int = Field(sa_column=_number())


class DeliveryRow(SQLModel, table=True):
    """One attempt to deliver."""

    __tablename__ = "delivery"

    id: int | None = Field(default=None, sa_column=_rowid())
    message: str = Field(index=True)
    at: int = Field(sa_column=_number())
    ok: bool
    detail: str


class ControlRow(SQLModel, table=True):
    """One control entry: rule versions and definitions, in the order they came into force."""

    __tablename__ = "control"

    revision: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    name: str
    at: int = Field(sa_column=_number())
    by: str
    body: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    previous: str
    digest: str


class RuleRow(SQLModel, table=True):
    """A rule as it stands: its draft, and which version is in force."""

    __tablename__ = "rule"

    key: str = Field(primary_key=True)
    status: str = Field(description="`draft`, `live`, `paused`")
    version: int | None = None
    draft: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    etag: str
    changed_at: int = Field(sa_column=_number())
    changed_by: str


class RuleVersionRow(SQLModel, table=True):
    """A published version. Rows are added, never changed."""

    __tablename__ = "rule_version"

    key: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    digest: str
    document: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    revision: int
    published_at: int = Field(sa_column=_number())
    published_by: str


class TotalRow(SQLModel, table=True):
    """How many of a rule's firings in all are given out."""

    __tablename__ = "total"

    rule: str = Field(primary_key=True)
    granted: int = Field(sa_column=_number())


class LeaseRow(SQLModel, table=True):
    """A block of a rule's firings that one process may give out until it expires."""

    __tablename__ = "lease"

    rule: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    left: int = Field(sa_column=_number())
    expires_at: int = Field(sa_column=_number())


class ImportRow(SQLModel, table=True):
    """An import and how far it has come."""

    __tablename__ = "import_job"

    id: str = Field(primary_key=True, description="Digest of the file")
    mode: str
    status: str = Field(description="`running` or `done`")
    cursor: int = Field(sa_column=_number())
    started_at: int = Field(sa_column=_number())
    finished_at: int | None = Field(default=None, sa_column=_number(nullable=True))


class VaultRow(SQLModel, table=True):
    """A personal value, encrypted under its member's key."""

    __tablename__ = "vault"

    member: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class MemberKeyRow(SQLModel, table=True):
    """A member's data key, wrapped under the programme's. Deleting it erases the member's vault."""

    __tablename__ = "member_key"

    member: str = Field(primary_key=True)
    wrapped: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class PrincipalRow(SQLModel, table=True):
    """A person who signs in."""

    __tablename__ = "principal"

    name: str = Field(primary_key=True)
    role: str
    password: str = Field(description="Argon2id hash")
    created_at: int = Field(sa_column=_number())
    session_epoch: int = Field(default=0, description="Raised to end every session of the person")


class ApiKeyRow(SQLModel, table=True):
    """A key by which a backend speaks to us."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    secret: str = Field(description="SHA-256 of the secret part")
    source: str = Field(description="`source` of the events it posts; outlives a rotation of keys")
    scopes: str = Field(description="Scopes, separated by spaces")
    created_at: int = Field(sa_column=_number())
    revoked_at: int | None = Field(default=None, sa_column=_number(nullable=True))


class EndpointSecretRow(SQLModel, table=True):
    """The secret that signs what is posted to an endpoint, sealed under the programme's key."""

    __tablename__ = "endpoint_secret"

    endpoint: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class AuditRow(SQLModel, table=True):
    """What a person changed."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, sa_column=_rowid())
    at: int = Field(sa_column=_number())
    by: str
    action: str
    subject: str
    detail: str = Field(default="", sa_column=Column(Text(), nullable=False))


class ReplayRow(SQLModel, table=True):
    """A replay that somebody asked for, and what it found."""

    __tablename__ = "replay"

    id: str = Field(primary_key=True)
    status: str
    started_at: int = Field(sa_column=_number())
    finished_at: int | None = Field(default=None, sa_column=_number(nullable=True))
    by: str
    report: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
