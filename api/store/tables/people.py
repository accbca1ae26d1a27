"""People and keys, what was changed by whom, and what is to be done."""

from sqlalchemy import Boolean, Column, Index, Text, false
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number, rowid


class PrincipalRow(SQLModel, table=True):
    """A person who signs in."""

    __tablename__ = "principal"

    name: str = Field(primary_key=True)
    role: str
    password: str = Field(description="Argon2id hash")
    created_at: int = Field(sa_column=number())
    session_epoch: int = Field(default=0, description="Raised to end every session of the person")
    seen_at: int | None = Field(default=None, sa_column=number(nullable=True), description="To the minute")
    disabled_at: int | None = Field(default=None, sa_column=number(nullable=True))
    temporary: bool = Field(
        default=False,
        sa_column=Column(Boolean(), nullable=False, server_default=false()),
        description="Whether the password must be changed first",
    )


class ApiKeyRow(SQLModel, table=True):
    """A key by which a backend speaks to us."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    secret: str = Field(description="SHA-256 of the secret part")
    source: str = Field(description="`source` of the events it posts; outlives a rotation of keys")
    scopes: str = Field(description="Scopes, separated by spaces")
    created_at: int = Field(sa_column=number())
    revoked_at: int | None = Field(default=None, sa_column=number(nullable=True))
    owner: str | None = Field(default=None, description="Person who answers for what it does, if told")
    used_at: int | None = Field(default=None, sa_column=number(nullable=True), description="To the minute")


class AuditRow(SQLModel, table=True):
    """What a person changed."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, sa_column=rowid())
    at: int = Field(sa_column=number())
    by: str
    action: str
    subject: str
    detail: str = Field(default="", sa_column=Column(Text(), nullable=False))
    old: str | None = Field(default=None, sa_column=Column(Text()), description="What it was, as JSON")
    new: str | None = Field(default=None, sa_column=Column(Text()), description="What it became, as JSON")


class TaskRow(SQLModel, table=True):
    """Something that a rule asks staff to do. Its id is the effect's."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_status_queue", "status", "queue", "as_of"),)

    id: str = Field(primary_key=True)
    sequence: int = Field(sa_column=number())
    member: str = Field(index=True)
    rule: str
    queue: str
    priority: str = Field(description="`normal` or `high`")
    note: str = Field(sa_column=Column(Text(), nullable=False))
    status: str = Field(description="`open` or `done`")
    as_of: int = Field(sa_column=number())
    done_at: int | None = Field(default=None, sa_column=number(nullable=True))
    done_by: str | None = None
    words: str | None = Field(
        default=None, sa_column=Column(Text()), description="The note by language, as JSON; null for one text"
    )
