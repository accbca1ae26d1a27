"""Members: the cached fold, who they are, and their tags."""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number

MERGED: Final = text("merged_into IS NOT NULL")
"""Few are in it. An index of everybody would be used to find the others, and each page of them sorted."""


class MemberRow(SQLModel, table=True):
    """A member, and the cache of the fold over its log."""

    __tablename__ = "member"
    __table_args__ = (
        Index("ix_member_held_next_due", "held_by", "next_due_at"),
        Index("ix_member_held_revision", "held_by", "revision"),
        Index("ix_member_merged_into", "merged_into", sqlite_where=MERGED, postgresql_where=MERGED),
    )

    key: str = Field(primary_key=True)
    partition: int = Field(description="crc32(key) % 64, for ever")
    joined_at: int = Field(sa_column=number())
    sequence: int = Field(sa_column=number())
    next_due_at: int | None = Field(default=None, sa_column=number(nullable=True))
    revision: int = Field(
        description="Rule-set revision under which next_due_at was derived; negative if put off"
    )
    held_by: str | None = Field(default=None, description="Import that holds the member back from live work")
    state: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    merged_into: str | None = Field(default=None, description="Member that this one became a part of")
    erased_at: int | None = Field(
        default=None, sa_column=number(nullable=True), description="When it was erased, with all its parts"
    )


class PossibleDuplicateRow(SQLModel, table=True):
    """Two members who may be one person, because both were told the same phone number, device or the like."""

    __tablename__ = "possible_duplicate"

    member: str = Field(primary_key=True, description="The one whose key sorts first")
    other: str = Field(primary_key=True)
    kind: str = Field(description="What they share first of all: `phone`, `email`, `openid`, `anonymous_id`")
    found_at: int = Field(sa_column=number())
    dismissed_by: str | None = Field(default=None, description="Who said that they are two, or None")
    dismissed_at: int | None = Field(default=None, sa_column=number(nullable=True))


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
    since: int = Field(sa_column=number())
    until: int | None = Field(default=None, sa_column=number(nullable=True))


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
