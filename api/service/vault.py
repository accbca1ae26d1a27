"""Personal values: sealed under a key per member, opened only to be shown or sent (ruling 20)."""

from collections.abc import Mapping, Sequence

from api.crypto import TOKEN_PREFIX, Keyring
from api.service.calls import Personal
from api.service.door import IDS, identity_in, token_of
from api.store import vault
from api.store.connection import Connection
from api.store.vault import SealedValue


class Vault:
    """Keeps the personal values of members."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal and open with the programme's keys."""
        self._keyring = keyring

    def keep(self, connection: Connection, taken: Sequence[tuple[str, tuple[Personal, ...]]]) -> None:
        """Seal what was taken out of calls, in the transaction that logs them.

        Args:
            connection: The transaction.
            taken: Members and what was told of them, in order; the later value stands.
        """
        told = [(member, one) for member, values in taken for one in values]
        if not told:
            return
        keys = vault.keys(connection, [member for member, _ in told])
        new = {member: self._keyring.new_data_key(member) for member, _ in told if member not in keys}
        if new:
            keys |= vault.add_keys(connection, new)
        sealed = [
            SealedValue(member, one.field, self._keyring.seal(keys[member], member, one.field, one.value))
            for member, one in told
        ]
        vault.keep(connection, sealed)

    def open(self, connection: Connection, member: str) -> dict[str, str]:
        """Return a member's personal values in the clear, by field; nothing after an erasure."""
        key = vault.keys(connection, [member]).get(member)
        if key is None:
            return {}
        values = vault.values(connection, member)
        return {field: self._keyring.open(key, member, field, sealed) for field, sealed in values.items()}

    def tokens(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return what each token stands for, as far as a member's values in the clear tell."""
        found: dict[str, str] = {}
        for field, value in values.items():
            if field.startswith(TOKEN_PREFIX):
                found[field] = value
            else:
                identity = identity_in(value) if field in IDS else None
                found[token_of(self._keyring, identity or field, value)] = value
        return found

    def absorb(self, connection: Connection, absorbed: str, survivor: str, told: Sequence[object]) -> None:
        """Seal a member's values under the key of the one that it became a part of.

        Args:
            connection: The transaction that merges them.
            absorbed: Key of the member that ended.
            survivor: Key of the one that goes on.
            told: Values of the survivor's attributes, tokens among them. Where both had a value of one
                field, the one stays whose token is there.
        """
        theirs = self.open(connection, absorbed)
        if not theirs:
            return
        mine = self.open(connection, survivor)
        kept = [
            Personal(field, value, "")
            for field, value in theirs.items()
            if field not in mine or token_of(self._keyring, field, value) in told
        ]
        self.keep(connection, [(survivor, tuple(kept))])
        vault.forget(connection, absorbed)
