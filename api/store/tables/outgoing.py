"""What must leave, and under which secrets."""

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number, rowid


class OutboxRow(SQLModel, table=True):
    """Something that must leave. Its id is the effect's, the same at every attempt."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_status_next", "status", "next_attempt_at"),
        Index("ix_outbox_sequence", "sequence", "id"),
    )

    id: str = Field(primary_key=True)
    sequence: int = Field(sa_column=number())
    member: str = Field(index=True)
    rule: str
    kind: str = Field(description="`message` or `webhook`")
    channel: str
    target: str = Field(description="Key of the template or the endpoint")
    status: str = Field(description="`pending`, `delivered`, `dead`, `suppressed`")
    attempts: int = 0
    next_attempt_at: int = Field(sa_column=number())
    last_error: str | None = None
    as_of: int = Field(sa_column=number())


class DeliveryRow(SQLModel, table=True):
    """One attempt to deliver."""

    __tablename__ = "delivery"

    id: int | None = Field(default=None, sa_column=rowid())
    message: str = Field(index=True)
    at: int = Field(sa_column=number())
    ok: bool
    detail: str


class EndpointSecretRow(SQLModel, table=True):
    """The secret that signs what is posted to an endpoint, sealed under the programme's key."""

    __tablename__ = "endpoint_secret"

    endpoint: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
