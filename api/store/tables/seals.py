"""What the log is sealed by: the leaves of its tree in order, the checkpoints, and where those were sent."""

from sqlalchemy import BigInteger, Column, LargeBinary, Text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number


class SealedEntryRow(SQLModel, table=True):
    """One leaf of the tree. Rows are added, never changed."""

    __tablename__ = "sealed_entry"

    place: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    sequence: int = Field(sa_column=Column(BigInteger(), unique=True, nullable=False))
    hashes: bytes = Field(
        sa_column=Column(LargeBinary(), nullable=False),
        description="32 bytes for the leaf, then for each larger full subtree that it completes",
    )


class CheckpointRow(SQLModel, table=True):
    """One signed checkpoint. Rows are added, never changed."""

    __tablename__ = "checkpoint"

    size: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    note: str = Field(sa_column=Column(Text(), nullable=False), description="The signed note, as it is sent")


class AnchorRow(SQLModel, table=True):
    """A checkpoint that was left outside of the operator's reach. Rows are added, never changed."""

    __tablename__ = "anchor"

    size: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    target: str = Field(primary_key=True, description="`email`, `folder` or `webhook`")
    at: int = Field(sa_column=number())
