"""A byte that is changed in what is stored, wherever it stands, is found; where none is, nothing is."""

import random
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.service.proof.integrity import check
from api.store.connection import Connection
from tests.api.conftest import Programme
from tests.proof.conftest import unguard
from tests.proof.test_sealing import PUBLIC, checked

COLUMNS: Final = {
    "event": (
        "properties properties properties digest digest content source message_id member member_sequence "
        "kind name occurred_at recorded_at as_of mode revision"
    ).split(),
    "decision": "body body body body member member_sequence as_of".split(),
    "control": "body digest previous name by at".split(),
    "sealed_entry": "hashes hashes hashes sequence place".split(),
    "checkpoint": "note note note size".split(),
}
KEYS: Final = {
    "event": "sequence",
    "decision": "sequence",
    "control": "revision",
    "sealed_entry": "place",
    "checkpoint": "size",
}
FLIPS = [100, pytest.param(1_000, marks=pytest.mark.long)]


class Undone(Exception):
    """Ends a transaction that must leave nothing behind."""


def changed(value: Any, dice: random.Random) -> Any:
    """The value with one byte, one character or one bit another."""
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(20))
    if isinstance(value, str):
        place = dice.randrange(len(value))
        other = dice.choice([one for one in map(chr, range(33, 127)) if one != value[place]])
        return value[:place] + other + value[place + 1 :]
    place, bits = dice.randrange(len(value)), dice.randrange(1, 256)
    return value[:place] + bytes([value[place] ^ bits]) + value[place + 1 :]


def tamper(connection: Connection, dice: random.Random) -> str:
    """Change one byte somewhere and say where."""
    while True:
        table = dice.choice(sorted(COLUMNS))
        column, key = dice.choice(COLUMNS[table]), KEYS[table]
        rows = connection.execute(text(f'SELECT {key}, "{column}" FROM {table} ORDER BY {key}')).all()  # noqa: S608
        at, value = dice.choice(rows)
        if value in ("", None):
            continue
        value = bytes(value) if isinstance(value, memoryview) else value
        change = {"new": changed(value, dice), "at": at}
        try:
            with connection.begin_nested():
                connection.execute(text(f'UPDATE {table} SET "{column}" = :new WHERE {key} = :at'), change)  # noqa: S608
        except IntegrityError:
            continue  # the database itself refuses a key that is taken
        return f"{table}.{column} at {at}: {value!r} became {change['new']!r}"


@pytest.mark.parametrize("flips", FLIPS)
def test_a_byte_changed_anywhere_in_the_rows_is_found(sealed: Programme, flips: int) -> None:
    dice = random.Random(2_000)  # noqa: S311
    missed = []
    for number in range(flips):
        try:
            with sealed.database.write() as connection:
                unguard(sealed.database, connection)
                where = tamper(connection, dice)
                if not check(connection, PUBLIC).wrong:
                    missed.append(where)
                raise Undone
        except Undone:
            pass
        if number % 20 == 0:
            assert [] == checked(sealed).wrong

    assert [] == missed
    assert [] == checked(sealed).wrong
