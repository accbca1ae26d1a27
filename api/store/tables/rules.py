"""Rules: drafts, and versions as they were published."""

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number


class RuleRow(SQLModel, table=True):
    """A rule as it stands: its draft, and which version is in force."""

    __tablename__ = "rule"

    key: str = Field(primary_key=True)
    status: str = Field(description="`draft`, `live`, `paused`")
    version: int | None = None
    draft: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    etag: str
    changed_at: int = Field(sa_column=number())
    changed_by: str


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
