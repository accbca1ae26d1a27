"""Columns that tables share."""

from sqlalchemy import BigInteger, Column, Integer

# SQLite numbers rows by itself only in a column of type INTEGER.
ROWID = BigInteger().with_variant(Integer(), "sqlite")


def number(*, nullable: bool = False) -> Column[int]:
    """Return a column for a whole number of 64 bits: an instant, an amount, a sequence."""
    return Column(BigInteger(), nullable=nullable)


def rowid() -> Column[int]:
    """Return a primary key that the database counts up by itself."""
    return Column(ROWID, primary_key=True, autoincrement=True)
