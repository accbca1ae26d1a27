"""What must leave, and under which secrets; and what goes from member to member."""

from sqlalchemy import Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number, rowid


class OutboxRow(SQLModel, table=True):
    """Something that must leave. Its id is the effect's, the same at every attempt."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_status_next", "status", "next_attempt_at"),
        Index("ix_outbox_sequence", "sequence", "id"),
        Index(
            "ix_outbox_untold",
            "status",
            "sequence",
            sqlite_where=text("NOT told"),
            postgresql_where=text("NOT told"),
        ),
    )

    id: str = Field(primary_key=True)
    sequence: int = Field(sa_column=number())
    member: str = Field(index=True)
    rule: str
    kind: str = Field(description="`message` or `webhook`")
    channel: str
    target: str = Field(description="Key of the template or the endpoint")
    status: str = Field(description="`pending`, `delivered`, `dead`, `suppressed`, `held`")
    attempts: int = 0
    next_attempt_at: int = Field(sa_column=number())
    last_error: str | None = None
    as_of: int = Field(sa_column=number())
    told: bool = Field(description="Whether the member's log tells what became of it; true for webhooks")


class DeliveryRow(SQLModel, table=True):
    """One attempt to deliver."""

    __tablename__ = "delivery"

    id: int | None = Field(default=None, sa_column=rowid())
    message: str = Field(index=True)
    at: int = Field(sa_column=number())
    ok: bool
    detail: str


class TellingRow(SQLModel, table=True):
    """What one member's decision tells another member, until it is in that member's log.

    Its id is the effect's, and the `messageId` of the event it becomes.
    """

    __tablename__ = "telling"
    __table_args__ = (Index("ix_telling_due_at", "due_at", "id"),)

    id: str = Field(primary_key=True)
    member: str = Field(description="The member who is told")
    event: str
    properties: str = Field(sa_column=Column(Text(), nullable=False))
    mode: str = Field(description="Mode of the entry that led to it")
    occurred_at: int = Field(sa_column=number())
    due_at: int = Field(sa_column=number(), description="When it is to be tried")


class BroadcastRow(SQLModel, table=True):
    """One message to everybody of whom a condition is true."""

    __tablename__ = "broadcast"
    __table_args__ = (Index("ix_broadcast_state_at", "state", "at"),)

    key: str = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text(), nullable=False), description="What it is called, by language")
    template: str
    channel: str
    purpose: str
    audience: str | None = Field(default=None, sa_column=Column(Text()))
    at: int = Field(sa_column=number(), description="When it is due")
    state: str = Field(description="`scheduled`, `running`, `done` or `cancelled`")
    partition: int = Field(description="With `member`: the last member that was looked at")
    member: str
    since: int = Field(sa_column=number(), description="Last global sequence of the log when it began")
    problem: str | None = Field(default=None, sa_column=Column(Text()))
    created_at: int = Field(sa_column=number())
    created_by: str
    finished_at: int | None = Field(default=None, sa_column=number(nullable=True))


class BroadcastDraftRow(SQLModel, table=True):
    """A broadcast while it is being written. It goes when it is planned."""

    __tablename__ = "broadcast_draft"

    key: str = Field(primary_key=True)
    document: str = Field(sa_column=Column(Text(), nullable=False), description="What is said of it so far")
    changed_at: int = Field(sa_column=number())
    changed_by: str


class EndpointSecretRow(SQLModel, table=True):
    """The secret that signs what is posted to an endpoint, sealed under the programme's key."""

    __tablename__ = "endpoint_secret"

    endpoint: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
