"""People, keys, what they did; and what is sealed for members."""

import pytest
from sqlalchemy.exc import IntegrityError

from api.store import identities, people, vault
from api.store.database import Database
from api.store.identities import Identity
from api.store.people import ApiKey, AuditEntry, Principal
from api.store.vault import SealedValue
from tests.store.samples import AT


class TestPeople:
    def test_a_change_ends_every_session(self, database: Database) -> None:
        with database.write() as connection:
            people.save_principal(connection, "ann", role="marketer", password="h1", at=AT)
            people.save_principal(connection, "ann", role="auditor", password="h2", at=AT + 1)
            people.save_principal(connection, "bob", role="marketer", password="h3", at=AT + 2)

        with database.read() as connection:
            ann, bob = Principal("ann", "auditor", "h2", AT, 1), Principal("bob", "marketer", "h3", AT + 2, 0)
            assert ann == people.principal(connection, "ann")
            assert [ann, bob] == people.principals(connection)
            assert people.principal(connection, "eve") is None

    def test_a_key_is_revoked_once(self, database: Database) -> None:
        with database.write() as connection:
            people.add_api_key(connection, "k1", secret="s1", source="shop", scopes="events:write", at=AT)
            assert people.revoke_api_key(connection, "k1", at=AT + 5)
            assert not people.revoke_api_key(connection, "k1", at=AT + 6)
            assert not people.revoke_api_key(connection, "k2", at=AT + 6)

        with database.read() as connection:
            key = ApiKey("k1", "s1", "shop", "events:write", AT, AT + 5)
            assert key == people.api_key(connection, "k1")
            assert [key] == people.api_keys(connection)
            assert people.api_key(connection, "k2") is None

    def test_a_key_s_id_is_taken_once(self, database: Database) -> None:
        with database.write() as connection:
            people.add_api_key(connection, "k1", secret="s1", source="shop", scopes="", at=AT)

        with pytest.raises(IntegrityError), database.write() as connection:
            people.add_api_key(connection, "k1", secret="s2", source="shop", scopes="", at=AT)

    def test_what_was_done_is_read_newest_first(self, database: Database) -> None:
        with database.write() as connection:
            for number in range(4):
                people.note(
                    connection, AuditEntry(AT + number, "ann", "rule-published", f"rule:{number}", "v1")
                )

        with database.read() as connection:
            first = people.audit_page(connection, before=None, limit=3)
            rest = people.audit_page(connection, before=first[-1].id, limit=3)
        assert AuditEntry(AT + 3, "ann", "rule-published", "rule:3", "v1", 4) == first[0]
        assert [AT + 3, AT + 2, AT + 1, AT] == [one.at for one in first + rest]


class TestVault:
    def test_the_newest_value_stands(self, database: Database) -> None:
        with database.write() as connection:
            vault.keep(connection, [SealedValue("m1", "email", b"1"), SealedValue("m1", "email", b"2")])
            vault.keep(connection, [SealedValue("m1", "phone", b"3"), SealedValue("m2", "email", b"4")])
            vault.keep(connection, [SealedValue("m1", "phone", b"5")])

        with database.read() as connection:
            assert {"email": b"2", "phone": b"5"} == vault.values(connection, "m1")

    def test_of_two_keys_the_first_stands(self, database: Database) -> None:
        """Two processes may meet a new member at once; values must be sealed under one key."""
        with database.write() as connection:
            assert {"m1": b"a"} == vault.add_keys(connection, {"m1": b"a"})
            assert {"m1": b"a", "m2": b"c"} == vault.add_keys(connection, {"m2": b"c", "m1": b"b"})
            assert {"m2": b"c"} == vault.keys(connection, ["m2", "m3"])

    def test_erasing_leaves_nothing(self, database: Database) -> None:
        """Ruling 20: values, key and names are gone; other members keep theirs."""
        names = {Identity("email", f"t-{member}"): member for member in ("m1", "m2")}
        with database.write() as connection:
            for member in ("m1", "m2"):
                vault.add_keys(connection, {member: b"k"})
                vault.keep(connection, [SealedValue(member, "email", b"v")])
            identities.link(connection, names)
            vault.erase(connection, "m1")

        with database.read() as connection:
            assert {} == vault.values(connection, "m1")
            assert {"m2": b"k"} == vault.keys(connection, ["m1", "m2"])
            assert {Identity("email", "t-m2"): "m2"} == identities.resolve(connection, list(names))

    def test_an_endpoint_has_one_secret(self, database: Database) -> None:
        with database.write() as connection:
            vault.keep_endpoint_secret(connection, "erp", b"1")
            vault.keep_endpoint_secret(connection, "erp", b"2")

        with database.read() as connection:
            assert b"2" == vault.endpoint_secret(connection, "erp")
            assert vault.endpoint_secret(connection, "crm") is None
