"""Which member a call is about."""

from collections.abc import Iterable, Sequence

from api.service.calls import Call
from api.store import identities
from api.store.connection import Connection
from api.store.identities import Identity


class Members:
    """The members that some calls are about.

    Attributes:
        keys: Key of the member of each call, in their order.
    """

    def __init__(self, connection: Connection, calls: Sequence[Call]) -> None:
        """Look up every identity that the calls name, all at once."""
        self._connection = connection
        self._calls = calls
        self._names = [identities_of(call) for call in calls]
        asked = dict.fromkeys(identity for names in self._names for identity in names)
        self._stored = identities.resolve(connection, list(asked))
        self._known = dict(self._stored)
        self.keys = [self._found(call, names) for call, names in zip(calls, self._names, strict=True)]

    def refusal(self, at: int) -> str | None:
        """Return why a call can't be taken in, if it says that two members with a history are one."""
        key = self.keys[at]
        if self._calls[at].kind == "alias" and any(self._known[one] != key for one in self._names[at]):
            return "both ids have a history of their own; joining two histories is not offered yet"
        return None

    def link(self, taken: Iterable[int]) -> None:
        """Remember under which ids the members of some calls are known; a taken id stays where it is."""
        links: dict[Identity, str] = {}
        for at in taken:
            for identity in self._names[at]:
                if identity not in self._stored:
                    links.setdefault(identity, self._known[identity])
            for one in self._calls[at].personal:
                if one.identity is not None:
                    links.setdefault(Identity(one.identity, one.token), self.keys[at])
        if links:
            identities.link(self._connection, links)

    def _found(self, call: Call, names: list[Identity]) -> str:
        """Return the key of a call's member; a new member's is its first id."""
        key = call.user_id or f"anonymous:{call.anonymous_id}"
        for identity in names[: 1 if call.user_id is not None else None]:
            if identity in self._known:
                key = self._known[identity]
                break
        for identity in names:
            self._known.setdefault(identity, key)
        return key


def identities_of(call: Call) -> list[Identity]:
    """Return the ids that a call names its member by, the strongest first."""
    named: list[Identity] = []
    if call.user_id is not None:
        named.append(Identity("user_id", call.user_id))
    if call.anonymous_id is not None:
        named.append(Identity("anonymous_id", call.anonymous_id))
    if call.previous_id is not None:
        named.append(Identity("user_id", call.previous_id))
    return named
