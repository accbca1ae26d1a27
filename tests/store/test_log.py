"""The log gives back exactly what was appended, in each member's order."""

import pytest
from sqlalchemy.exc import IntegrityError

from api.store import log
from api.store.database import Database
from api.store.log import KnownEntry, LoggedEntry
from tests.store.samples import entry


def test_an_entry_comes_back_whole(database: Database) -> None:
    new = entry("m1", 1)
    with database.write() as connection:
        sequences = log.append(connection, [new])

    with database.read() as connection:
        assert [LoggedEntry(new.event, new.revision, new.content, new.digest, sequences[0])] == list(
            log.entries(connection, "m1")
        )
        assert LoggedEntry(new.event, new.revision, new.content, new.digest, sequences[0]) == log.entry_at(
            connection, sequences[0]
        )
        assert log.entry_at(connection, sequences[0] + 1) is None


def test_sequences_follow_each_other_over_transactions(database: Database) -> None:
    with database.write() as connection:
        first = log.append(connection, [entry("m1", 1), entry("m2", 1)])
    with database.write() as connection:
        second = log.append(connection, [entry("m1", 2), entry("m3", 1)])
        assert [] == log.append(connection, [])

    assert [1, 2, 3, 4] == first + second


def test_a_read_starts_behind_any_entry(database: Database) -> None:
    with database.write() as connection:
        log.append(connection, [entry("m1", number) for number in range(1, 6)])

    with database.read() as connection:
        numbers = [one.event.member_sequence for one in log.entries(connection, "m1", after=3)]
        page = [one.event.member_sequence for one in log.newest(connection, "m1", before=None, limit=2)]
        older = [one.event.member_sequence for one in log.newest(connection, "m1", before=4, limit=9)]

    assert [4, 5] == numbers
    assert [5, 4] == page
    assert [3, 2, 1] == older


def test_a_long_log_is_read_in_chunks(database: Database) -> None:
    """More entries and members than one chunk holds come in order, none twice, none lost."""
    wanted = [(f"m{member:04}", number) for member in range(700) for number in (1, 2, 3, 4)]
    with database.write() as connection:
        log.append(connection, [entry(*one) for one in reversed(wanted)])
        log.append(connection, [entry("long", number) for number in range(1, 2_502)])

    with database.read() as connection:
        everything = [(one.event.member, one.event.member_sequence) for one in log.all_entries(connection)]
        assert [("long", number) for number in range(1, 2_502)] + wanted == everything
        assert list(range(1, 2_502)) == [one.event.member_sequence for one in log.entries(connection, "long")]


class TestDuplicates:
    """Ruling 21: `source` and `message_id` identify an event for ever."""

    def test_known_messages_are_found(self, database: Database) -> None:
        with database.write() as connection:
            log.append(connection, [entry("m1", 1), entry("m1", 2), entry("m2", 1, source="till")])

        asked = [("shop", "m1-2"), ("till", "m2-1"), ("till", "m1-2"), ("shop", "m9-9")]
        with database.read() as connection:
            found = log.find_duplicates(connection, asked)

        assert {
            ("shop", "m1-2"): KnownEntry(2, "content-2", "m1", 2),
            ("till", "m2-1"): KnownEntry(3, "content-1", "m2", 1),
        } == found

    def test_thousands_are_looked_up_at_once(self, database: Database) -> None:
        with database.write() as connection:
            log.append(connection, [entry("m1", 1)])
            asked = [("shop", f"m1-{number}") for number in range(5_000)]
            assert [("shop", "m1-1")] == list(log.find_duplicates(connection, asked))

    def test_a_message_is_never_appended_twice(self, database: Database) -> None:
        with database.write() as connection:
            log.append(connection, [entry("m1", 1)])

        with pytest.raises(IntegrityError), database.write() as connection:
            log.append(connection, [entry("m1", 2, message_id="m1-1")])

    def test_a_place_is_never_taken_twice(self, database: Database) -> None:
        with database.write() as connection:
            log.append(connection, [entry("m1", 1)])

        with pytest.raises(IntegrityError), database.write() as connection:
            log.append(connection, [entry("m1", 1, message_id="other")])
