"""People, keys, and what was changed by whom."""

from sqlalchemy import Column, Text
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


class ApiKeyRow(SQLModel, table=True):
    """A key by which a backend speaks to us."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    secret: str = Field(description="SHA-256 of the secret part")
    source: str = Field(description="`source` of the events it posts; outlives a rotation of keys")
    scopes: str = Field(description="Scopes, separated by spaces")
    created_at: int = Field(sa_column=number())
    revoked_at: int | None = Field(default=None, sa_column=number(nullable=True))


class AuditRow(SQLModel, table=True):
    """What a person changed."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, sa_column=rowid())
    at: int = Field(sa_column=number())
    by: str
    action: str
    subject: str
    detail: str = Field(default="", sa_column=Column(Text(), nullable=False))
