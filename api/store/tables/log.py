"""The log, what was decided on it, and what is common to all members."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import ROWID, number, rowid


class EventRow(SQLModel, table=True):
    """One entry of the log. Rows are added, never changed."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("source", "message_id", name="uq_event_source_message"),
        UniqueConstraint("member", "member_sequence", name="uq_event_member_sequence"),
    )

    sequence: int | None = Field(default=None, sa_column=rowid())
    source: str
    message_id: str
    member: str
    member_sequence: int = Field(sa_column=number())
    kind: str
    name: str
    occurred_at: int = Field(sa_column=number())
    recorded_at: int = Field(sa_column=number())
    as_of: int = Field(sa_column=number())
    mode: str
    zone: str | None = None
    revision: int
    properties: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    content: str = Field(description="Digest of what the sender sent, for telling duplicates from conflicts")
    digest: str = Field(description="The member's chain up to this entry")


class DecisionRow(SQLModel, table=True):
    """What an entry led to, kept when a rule fired or was held back, or something was granted."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_member_sequence", "member", "sequence"),
        Index("ix_decision_as_of", "as_of", "sequence"),
    )

    sequence: int = Field(sa_column=Column(ROWID, primary_key=True, autoincrement=False))
    member: str
    member_sequence: int = Field(sa_column=number())
    as_of: int = Field(sa_column=number())
    body: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class OutcomeRow(SQLModel, table=True):
    """One rule's result in a decision, for finding decisions by rule."""

    __tablename__ = "outcome"
    __table_args__ = (
        Index("ix_outcome_rule_result", "rule", "result", "as_of", "sequence"),
        Index("ix_outcome_result", "result", "as_of", "sequence"),
    )

    id: int | None = Field(default=None, sa_column=rowid())
    sequence: int = Field(sa_column=number())
    as_of: int = Field(sa_column=Column(BigInteger(), nullable=False, server_default="0"))
    member: str
    rule: str
    version: int
    result: str
    points: int = Field(
        default=0,
        sa_column=Column(BigInteger(), nullable=False, server_default="0"),
        description="What it awarded of the unit `points`",
    )


class ControlRow(SQLModel, table=True):
    """One control entry: rule versions and definitions, in the order they came into force."""

    __tablename__ = "control"

    revision: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    name: str
    at: int = Field(sa_column=number())
    by: str
    body: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    previous: str
    digest: str


class SnapshotRow(SQLModel, table=True):
    """A member's state as it was after an entry, so that looking back needn't begin at the first."""

    __tablename__ = "snapshot"

    member: str = Field(primary_key=True)
    member_sequence: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    state: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class ImportRow(SQLModel, table=True):
    """An import and how far it has come."""

    __tablename__ = "import_job"

    id: str = Field(primary_key=True, description="Digest of the file")
    mode: str
    status: str = Field(description="`running` or `done`")
    cursor: int = Field(sa_column=number())
    started_at: int = Field(sa_column=number())
    finished_at: int | None = Field(default=None, sa_column=number(nullable=True))


class ReplayRow(SQLModel, table=True):
    """A replay that somebody asked for, and what it found."""

    __tablename__ = "replay"

    id: str = Field(primary_key=True)
    status: str
    started_at: int = Field(sa_column=number())
    finished_at: int | None = Field(default=None, sa_column=number(nullable=True))
    by: str
    report: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    beat_at: int = Field(
        sa_column=Column(BigInteger(), nullable=False, server_default="0"),
        description="When whoever runs it was heard of last",
    )


class BacktestRow(SQLModel, table=True):
    """A back-test that somebody asked for, how far it has come, and what it found."""

    __tablename__ = "backtest"

    id: str = Field(primary_key=True)
    status: str = Field(description="`running`, `done`, `failed`, `cancelled` or `interrupted`")
    started_at: int = Field(sa_column=number())
    finished_at: int | None = Field(default=None, sa_column=number(nullable=True))
    by: str
    asked: bytes = Field(sa_column=Column(LargeBinary(), nullable=False), description="What, as JSON")
    checked: int = Field(sa_column=number(), description="Entries that were decided so far")
    entries: int = Field(sa_column=number(), description="Entries of the log when it began")
    report: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    beat_at: int = Field(
        sa_column=Column(BigInteger(), nullable=False, server_default="0"),
        description="When whoever runs it was heard of last",
    )
