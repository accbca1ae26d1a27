"""Control entries in their order, and rules that two people can't change at once."""

import threading

import pytest
from sqlalchemy.exc import IntegrityError

from api.store import controls, rules
from api.store.database import Database
from api.store.errors import Stale
from api.store.rules import StoredVersion
from engine.rules import Control
from tests.store.samples import AT


def control(revision: int, previous: str = "") -> Control:
    body = {"document": {"key": "r", "priority": 5, "名": "茶"}, "version": 1}
    return Control(revision=revision, name="Rule Published", at=AT, by="ann", body=body, previous=previous)


def etag_of(database: Database, key: str) -> str:
    with database.read() as connection:
        stored = rules.read(connection, key)
    assert stored is not None
    return stored.etag


class TestControls:
    def test_they_come_back_with_the_same_digest(self, database: Database) -> None:
        first = control(1)
        second = control(2, first.digest())
        with database.write() as connection:
            assert 0 == controls.head(connection, exclusive=True)
            controls.append_control(connection, first)
            controls.append_control(connection, second)
            assert 2 == controls.head(connection, exclusive=False)

        with database.read() as connection:
            assert [first, second] == list(controls.controls_after(connection, 0))
            assert [second] == list(controls.controls_after(connection, 1))
            assert [(first, first.digest()), (second, second.digest())] == list(
                controls.with_digests(connection)
            )

    def test_a_revision_exists_once(self, database: Database) -> None:
        with database.write() as connection:
            controls.append_control(connection, control(1))

        with pytest.raises(IntegrityError), database.write() as connection:
            controls.append_control(connection, control(1))

    @pytest.mark.postgres
    def test_publishing_waits_for_batches_and_they_for_it(self, postgres_database: str) -> None:
        """Ruling 4: batches go side by side, publishing goes alone."""
        order: list[str] = []

        def publish() -> None:
            with database.write() as connection:
                controls.head(connection, exclusive=True)
                controls.append_control(connection, control(1))
                order.append("published")

        with Database.open(postgres_database) as database:
            publishing = threading.Thread(target=publish, daemon=True)
            with database.write() as one, database.write() as other:
                assert [0, 0] == [controls.head(batch, exclusive=False) for batch in (one, other)]
                publishing.start()
                publishing.join(0.3)
                order.append("decided")
            publishing.join(10)
            with database.write() as connection:
                assert 1 == controls.head(connection, exclusive=False)

        assert ["decided", "published"] == order


class TestDrafts:
    def test_a_draft_is_kept_and_changed(self, database: Database) -> None:
        with database.write() as connection:
            rules.save_draft(connection, "r", b"1", expected=None, at=AT, by="ann")
        first = etag_of(database, "r")
        with database.write() as connection:
            rules.save_draft(connection, "r", b"2", expected=first, at=AT + 1, by="bob")

        with database.read() as connection:
            stored = rules.read(connection, "r")
            assert stored is not None
            assert ("draft", None, b"2", AT + 1, "bob") == (
                stored.status,
                stored.version,
                stored.draft,
                stored.changed_at,
                stored.changed_by,
            )
            assert [stored] == rules.read_all(connection)
            assert rules.read(connection, "s") is None
        assert first != stored.etag

    def test_of_two_authors_one_is_told(self, database: Database) -> None:
        with database.write() as connection:
            rules.save_draft(connection, "r", b"1", expected=None, at=AT, by="ann")
        seen = etag_of(database, "r")
        with database.write() as connection:
            rules.save_draft(connection, "r", b"2", expected=seen, at=AT, by="ann")

        with pytest.raises(Stale), database.write() as connection:
            rules.save_draft(connection, "r", b"3", expected=seen, at=AT, by="bob")
        with pytest.raises(Stale), database.write() as connection:
            rules.save_draft(connection, "r", b"3", expected=None, at=AT, by="bob")
        with pytest.raises(Stale), database.write() as connection:
            rules.delete_draft(connection, "r", expected=seen, at=AT, by="bob")
        with database.read() as connection:
            stored = rules.read(connection, "r")
        assert stored is not None
        assert b"2" == stored.draft

    def test_a_rule_that_was_never_published_goes_with_its_draft(self, database: Database) -> None:
        with database.write() as connection:
            rules.save_draft(connection, "r", b"1", expected=None, at=AT, by="ann")
        with database.write() as connection:
            rules.delete_draft(connection, "r", expected=etag_of(database, "r"), at=AT, by="ann")

        with database.read() as connection:
            assert rules.read(connection, "r") is None


class TestVersions:
    def publish(self, database: Database, number: int) -> StoredVersion:
        version = StoredVersion("r", number, f"d{number}", b"{}", number, AT + number, "ann")
        expected = etag_of(database, "r")
        with database.write() as connection:
            assert number == rules.next_version(connection, "r")
            rules.publish(connection, version, expected=expected)
        return version

    def test_they_are_numbered_and_kept(self, database: Database) -> None:
        with database.write() as connection:
            rules.save_draft(connection, "r", b"1", expected=None, at=AT, by="ann")
            rules.save_draft(connection, "s", b"1", expected=None, at=AT, by="ann")
        first, second = self.publish(database, 1), self.publish(database, 2)

        with database.read() as connection:
            assert [second, first] == rules.versions(connection, "r")
            assert {"r": second} == rules.published(connection)
            stored = rules.read(connection, "r")
        assert stored is not None
        assert ("live", 2, None) == (stored.status, stored.version, stored.draft)

    def test_a_published_rule_outlives_its_draft(self, database: Database) -> None:
        with database.write() as connection:
            rules.save_draft(connection, "r", b"1", expected=None, at=AT, by="ann")
        self.publish(database, 1)
        with database.write() as connection:
            rules.delete_draft(connection, "r", expected=etag_of(database, "r"), at=AT, by="ann")
            rules.set_status(connection, "r", "paused", at=AT, by="ann")

        with database.read() as connection:
            stored = rules.read(connection, "r")
        assert stored is not None
        assert ("paused", 1) == (stored.status, stored.version)

    def test_nothing_is_published_that_somebody_changed(self, database: Database) -> None:
        with database.write() as connection:
            rules.save_draft(connection, "r", b"1", expected=None, at=AT, by="ann")

        with pytest.raises(Stale), database.write() as connection:
            rules.publish(connection, StoredVersion("r", 1, "d", b"{}", 1, AT, "ann"), expected="seen before")
        with database.read() as connection:
            assert [] == rules.versions(connection, "r")
