"""Entries become leaves in their order; the tree never forks, whoever seals, and however often."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.crypto import Keyring, master_key
from api.service.proof.integrity import Report, check
from api.service.proof.note import Checkpoint, Key, NoteError, key_of, read, signed, verified
from api.service.proof.record import event_bytes, leaf_bytes
from api.service.proof.sealing import Sealing
from api.store import log, seals
from engine import canonical
from tests.api.conftest import SECRET, Programme, running
from tests.proof.conftest import ENTRIES, take_in, unguard

KEYRING = Keyring(master_key(SECRET, None))
PUBLIC = KEYRING.sealing_key
PUBLISHED = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def checked(programme: Programme, *held: str) -> Report:
    with programme.database.read() as connection:
        return check(connection, PUBLIC, held=held)


def change(programme: Programme, statement: str, **values: object) -> None:
    with programme.database.write() as connection:
        unguard(programme.database, connection)
        done = connection.execute(text(statement), values)
        assert 0 < done.rowcount, statement


class TestSealing:
    def test_everything_is_a_leaf_once_in_the_order_of_the_log(self, sealed: Programme) -> None:
        with sealed.database.read() as connection:
            found = connection.execute(text("SELECT place, sequence FROM sealed_entry ORDER BY place")).all()
            numbers = connection.execute(text("SELECT sequence FROM event ORDER BY sequence")).scalars().all()
        assert list(range(len(numbers))) == [one.place for one in found]
        assert list(numbers) == [one.sequence for one in found]
        assert ENTRIES <= len(found)

    def test_sealing_again_adds_nothing(self, sealed: Programme) -> None:
        before = checked(sealed)
        made, note = sealed.services.sealing.seal()

        assert 0 == made
        assert note is not None
        assert before.root == read(note).root.hex()
        assert before == checked(sealed)

    def test_two_who_seal_at_once_make_one_tree(self, sealed: Programme) -> None:
        """Each has its own connection; on PostgreSQL they are as two processes."""
        take_in(sealed, 1000, 900)

        def run(work):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            with sealed.database.write() as connection:
                return work(connection)

        sealings = [
            Sealing(run, KEYRING, sealed.clock, origin="localhost/regulars", every=1) for _ in range(2)
        ]
        with ThreadPoolExecutor(2) as pool:
            made = [one.result()[0] for one in [pool.submit(one.seal) for one in sealings]]

        report = checked(sealed)
        assert [] == report.wrong
        assert report.entries == report.sealed == report.size
        assert 900 <= sum(made)

    def test_it_goes_on_where_it_was_cut_off(
        self, sealed: Programme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Leaves without a checkpoint are signed with the next; nothing is sealed twice."""
        take_in(sealed, 1000, 30)
        with monkeypatch.context() as patched:
            patched.setattr(Sealing, "_sign", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                sealed.services.sealing.seal()
        assert checked(sealed).size < checked(sealed).sealed
        made, _ = sealed.services.sealing.seal()

        report = checked(sealed)
        assert 0 == made
        assert (report.sealed, []) == (report.size, report.wrong)

    def test_the_background_work_waits_between_two_looks(self, sealed: Programme) -> None:
        assert 0 == sealed.services.sealing.work()
        take_in(sealed, 1000, 1)
        assert 0 == sealed.services.sealing.work()
        sealed.clock.advance(11)
        assert 1 <= sealed.services.sealing.work()
        assert checked(sealed).size == checked(sealed).entries

    def test_rows_are_written_once(self, sealed: Programme) -> None:
        for statement in (
            "UPDATE sealed_entry SET sequence = 9",
            "DELETE FROM sealed_entry",
            "UPDATE checkpoint SET note = 'x'",
            "DELETE FROM checkpoint",
        ):
            with (
                pytest.raises(DBAPIError, match="are never changed"),
                sealed.database.write() as connection,
            ):
                connection.execute(text(statement))

    def test_leaves_are_canonical_and_bind_what_is_chained(self, sealed: Programme) -> None:
        with sealed.database.read() as connection:
            for stored in seals.entries_upto(connection, 2**62):
                entry = log.entry_at(connection, stored.sequence)
                assert entry is not None
                event = event_bytes(stored)
                plain = {name: getattr(entry.event, name) for name in entry.event.__struct_fields__}
                assert canonical.encode(plain) == event
                leaf = leaf_bytes(stored, event)
                assert "茶" not in leaf.decode()
                assert stored.member.encode() not in leaf


class TestVerifying:
    def test_untouched(self, sealed: Programme) -> None:
        report = checked(sealed)

        assert [] == report.wrong
        assert report.entries == report.sealed == report.size
        assert 2 == report.checkpoints

    @pytest.mark.parametrize(
        ("statement", "row"),
        [
            ("UPDATE event SET source = 'shap' WHERE sequence = 9", "event 9"),
            ("UPDATE event SET member_sequence = 999 WHERE sequence = 9", "event 9"),
            ("UPDATE event SET revision = 1 WHERE sequence = 9", "event 9"),
            ("DELETE FROM decision WHERE sequence = (SELECT min(sequence) FROM decision)", "event "),
            ("DELETE FROM event WHERE sequence = 9", "sealed_entry 8"),
            ("UPDATE decision SET as_of = as_of + 1", "decision "),
            ("DELETE FROM sealed_entry WHERE place = 8", "event 9"),
            ("UPDATE checkpoint SET size = size + 1 WHERE size > 30", "checkpoint "),
            ("UPDATE control SET \"by\" = 'eve' WHERE revision = 1", "control 1"),
        ],
    )
    def test_a_change_is_named(self, sealed: Programme, statement: str, row: str) -> None:
        change(sealed, statement)

        assert any(one.row.startswith(row) for one in checked(sealed).wrong)

    def test_every_wrong_row_is_named_and_no_other(self, sealed: Programme) -> None:
        """Content isn't part of the next entry's leaf, so only the changed rows are wrong."""
        change(sealed, "UPDATE event SET content = 'other' WHERE sequence IN (5, 9, 31)")

        assert ["event 5", "event 9", "event 31"] == [one.row for one in checked(sealed).wrong]

    def test_an_entry_put_in_behind_is_found(self, sealed: Programme) -> None:
        """A row that was never sealed, below rows that are."""
        change(
            sealed,
            "UPDATE sealed_entry SET sequence = 100000 + place WHERE place = 3",
        )

        assert {"event 4", "sealed_entry 3"} <= {one.row for one in checked(sealed).wrong}

    def test_a_log_that_was_cut_off_is_found_by_a_checkpoint_kept_elsewhere(self, sealed: Programme) -> None:
        with sealed.database.read() as connection:
            (before, first), (size, last) = seals.all_checkpoints(connection)
        with sealed.database.write() as connection:
            unguard(sealed.database, connection)
            for table in ("event", "decision", "sealed_entry"):
                connection.execute(
                    text(
                        f"DELETE FROM {table} WHERE sequence > "  # noqa: S608 - our own names
                        "(SELECT sequence FROM sealed_entry WHERE place = :last)"
                    ),
                    {"last": before - 1},
                )
            connection.execute(text("DELETE FROM checkpoint WHERE size = :size"), {"size": size})

        assert [] == checked(sealed, first).wrong
        (wrong,) = checked(sealed, last).wrong
        assert "entries were taken away" in wrong.reason

    def test_a_tree_made_again_is_found_by_a_checkpoint_kept_elsewhere(self, sealed: Programme) -> None:
        """Whoever has the database and the key can seal anew, but not what others hold."""
        with sealed.database.read() as connection:
            kept = seals.checkpoint(connection)
        assert kept is not None
        with sealed.database.write() as connection:
            unguard(sealed.database, connection)
            connection.execute(text("UPDATE event SET content = 'other' WHERE sequence = 3"))
            for table in ("sealed_entry", "checkpoint"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
        sealed.services.sealing.seal()

        assert ["the checkpoint that you hold"] == [one.row for one in checked(sealed, kept).wrong]

    def test_another_key_is_told(self, sealed: Programme) -> None:
        other = Keyring(master_key("t" * 32, None)).sealing_key
        with sealed.database.read() as connection:
            report = check(connection, other)

        assert ["checkpoint", "checkpoint"] == [one.row.split()[0] for one in report.wrong]
        assert all("REGULARS_SECRET" in one.reason for one in report.wrong)

    def test_text_that_cannot_be_read_is_named(self, sqlite_database: str) -> None:
        """SQLite gives back whatever stands in the file."""
        with running(sqlite_database) as programme:
            take_in(programme, 0, 3)
            change(programme, "UPDATE event SET name = CAST(x'ff' AS TEXT) WHERE sequence = 2")
            (wrong,) = checked(programme).wrong

        assert "behind 0 can't be read" in wrong.reason


class TestNotes:
    NOTE = signed(Checkpoint("example.com/log", 7, b"\7" * 32, 1_700_000_000_000_000), KEYRING)

    def test_form(self) -> None:
        lines = self.NOTE.split("\n")

        assert ["example.com/log", "7", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="] == lines[:3]
        assert lines[3].startswith("time 2023-11-14T22:13:20")
        assert lines[5].startswith("— example.com/log ")
        assert Checkpoint("example.com/log", 7, b"\7" * 32, 1_700_000_000_000_000) == verified(
            self.NOTE, PUBLIC
        )

    def test_no_byte_of_it_can_be_another(self) -> None:
        raw = self.NOTE.encode()
        for place in range(len(raw)):
            for flip in (1, 2, 32):
                changed = raw[:place] + bytes([raw[place] ^ flip]) + raw[place + 1 :]
                with pytest.raises((NoteError, UnicodeDecodeError)):
                    verified(changed.decode(), PUBLIC)

    def test_published_key(self) -> None:
        """The key of Go's checksum database, as C2SP's signed-note writes keys: its id follows from it."""
        assert key_of(PUBLISHED).text == PUBLISHED

    @pytest.mark.parametrize("given", ["", "x", "a+00000000+AAAA", PUBLISHED.replace("0ae", "0af")])
    def test_what_is_no_key(self, given: str) -> None:
        with pytest.raises(NoteError, match="is not a key"):
            key_of(given)

    def test_our_key_reads_back(self) -> None:
        key = Key("example.com/log", PUBLIC)

        assert key == key_of(f"{key.text}\n")
