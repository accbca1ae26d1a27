"""Rules: drafts, what people said of them, and versions as they were published."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number, rowid

SUBMITTED: Final = text("approval = 'submitted'")
DRAFTED: Final = text("draft IS NOT NULL")
"""Few rules are, at any time: so whoever asks for them needn't look through all."""


class RuleRow(SQLModel, table=True):
    """A rule as it stands: its draft, and which version is in force."""

    __tablename__ = "rule"
    __table_args__ = (
        Index("ix_rule_submitted", "key", sqlite_where=SUBMITTED, postgresql_where=SUBMITTED),
        Index("ix_rule_drafted", "changed_by", "changed_at", sqlite_where=DRAFTED, postgresql_where=DRAFTED),
    )

    key: str = Field(primary_key=True)
    status: str = Field(description="`draft`, `live`, `paused`")
    version: int | None = None
    draft: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    etag: str
    changed_at: int = Field(sa_column=number())
    changed_by: str
    approval: str = Field(
        default="none",
        description="Of the draft: `none`, `submitted`, `approved`, `sent_back`",
        sa_column_kwargs={"server_default": "none"},
    )
    authors: str = Field(default="[]", sa_column=Column(Text(), nullable=False, server_default="[]"))
    turn: int = Field(
        default=0, sa_column=Column(BigInteger(), nullable=False, server_default="0", index=True)
    )


class RuleTurnRow(SQLModel, table=True):
    """How often rules were changed: the one row says whether any has changed since somebody looked."""

    __tablename__ = "rule_turn"

    id: int = Field(primary_key=True)
    last: int = Field(sa_column=number())
    removed: int = Field(sa_column=number())


class RuleVersionRow(SQLModel, table=True):
    """A published version. Rows are added, never changed."""

    __tablename__ = "rule_version"

    key: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    digest: str
    document: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    revision: int
    published_at: int = Field(sa_column=number())
    published_by: str
    approved_by: str | None = None


class RuleReviewRow(SQLModel, table=True):
    """A step of a draft's approval. Rows are added, never changed."""

    __tablename__ = "rule_review"
    __table_args__ = (Index("ix_rule_review_key", "key", "id"),)

    id: int | None = Field(default=None, sa_column=rowid())
    key: str
    at: int = Field(sa_column=number())
    by: str
    step: str = Field(description="`submitted`, `approved`, `sent_back`, `dropped`")
    digest: str = Field(description="Of the draft as it stood")
    comment: str = Field(default="", sa_column=Column(Text(), nullable=False))
