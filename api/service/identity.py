"""Which member a call is about, and which two members it says are one (ruling 17)."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from api.service.calls import Call
from api.store import erasing, identities, merging
from api.store.connection import Connection
from api.store.errors import Moved
from api.store.identities import Identity

_VISITOR: Final = "anonymous:"
"""How the key begins of a member of whom only a device is known; the device's id follows.

Told as a user id it means that device, and so whoever it belongs to by now.
"""

_PREFIX: Final = len(_VISITOR)


class Suspected(NamedTuple):
    """Two members of whom something hints that they are one person.

    Attributes:
        one: Key of the one that was told of now.
        other: Key of the one who was known by it before.
        kind: What hints at it: `phone`, `email` or `anonymous_id`.
        token: The name that both are known by.
    """

    one: str
    other: str
    kind: str
    token: str


class Members:
    """The members that some calls are about.

    Who a call is about is known once the calls before it are decided: an alias may have made one
    member of two.
    """

    def __init__(self, connection: Connection, calls: Sequence[Call], *, match: Sequence[str] = ()) -> None:
        """Look up every identity that the calls name, all at once.

        Args:
            connection: Where to look.
            calls: The calls, in order.
            match: Kinds of names by which an id that nobody was known by yet is found to be a member's:
                `phone`, `email`, `openid`, `unionid`. By default such a name is only a hint.
        """
        self._match = match
        self._connection = connection
        self._calls = calls
        self._names = [identities_of(call) for call in calls]
        hints = [_hints_of(call) for call in calls]
        asked = dict.fromkeys(one for names in (*self._names, *hints) for one in names)
        self._stored = identities.resolve(connection, list(asked))
        self._known = dict(self._stored)
        self._gone: dict[str, str] = {}
        self._same: dict[int, str] = {}
        named = [key for call in calls for key in call.between or ()]
        self._homes = merging.homes(connection, named) if named else {}
        unknown = [_key_of(call) for call in calls] if len(self._stored) < len(asked) else []
        self._successors = erasing.successors(connection, unknown) if unknown else {}
        self._keys = [self._found(at) for at in range(len(calls))]

    @property
    def keys(self) -> list[str]:
        """Key of the member of each call, in their order, as far as is known by now."""
        return [self.home(key) for key in self._keys]

    def concerned(self, at: int) -> list[str]:
        """Return the keys of whom a call is about, or says are one, whatever was merged before."""
        return [self._keys[at], *([self._same[at]] if at in self._same else [])]

    def key(self, at: int) -> str:
        """Return the key of a call's member, now that the calls before it are decided."""
        return self.home(self._keys[at])

    def same(self, at: int) -> str | None:
        """Return the other member that a call says is the same, or None."""
        other = self._same.get(at)
        return None if other is None or self.home(other) == self.key(at) else self.home(other)

    def merged(self, absorbed: str, survivor: str) -> None:
        """Take note that a member has become a part of another."""
        self._gone[absorbed] = survivor

    def home(self, key: str) -> str:
        """Return the key of the member that somebody is a part of by now."""
        while key in self._gone:
            key = self._gone[key]
        return key

    def link(self, taken: Iterable[int]) -> list[Suspected]:
        """Remember under which ids the members of some calls are known; a taken id stays where it is.

        Returns:
            Members who may be one person, because one is told a name that the other is known by.

        Raises:
            Moved: If another process gave an id to somebody else since it was looked up: who is meant
                has to be found anew.
        """
        links: dict[Identity, str] = {}
        told: list[tuple[Identity, str]] = []
        for at in taken:
            for identity in self._names[at]:
                if identity not in self._stored:
                    links.setdefault(identity, self.home(self._known[identity]))
            told += [(hint, self.key(at)) for hint in _hints_of(self._calls[at])]
        for hint, key in told:
            if hint not in self._stored:
                links.setdefault(hint, key)
        standing = identities.link(self._connection, links) if links else {}
        self._still_theirs(standing, links)
        known = {**standing, **{name: self.home(key) for name, key in self._stored.items()}}
        return [
            Suspected(key, known[hint], hint.kind, hint.token) for hint, key in told if known[hint] != key
        ]

    def _still_theirs(self, standing: dict[Identity, str], links: dict[Identity, str]) -> None:
        """Refuse to go on if an id that was free when it was looked up is somebody else's by now."""
        ids = {name for names in self._names for name in names}
        for name, member in standing.items():
            if member != links[name] and name in ids:
                raise Moved(f"an id of {links[name]!r} became one of {member!r} in between")

    def _found(self, at: int) -> str:
        """Return the key of a call's member; a new member's is its first id."""
        call, names = self._calls[at], self._names[at]
        if call.between is not None:
            self._same[at] = self._homes[call.between[1]]
            return self._homes[call.between[0]]
        key = _key_of(call)
        if self._successors:
            key = self._successors.get(key, key)
        if call.previous_id is not None:
            key = self._of_alias(at, key)
        else:
            for identity in names[: 1 if call.user_id is not None else None]:
                if identity in self._known:
                    key = self._known[identity]
                    break
        if self._match and call.previous_id is None:
            key = self._matched(at, key)
        for identity in names:
            self._known.setdefault(identity, key)
        return key

    def _matched(self, at: int, key: str) -> str:
        """Return whom a call is about, if its first id is new and a name that it tells isn't."""
        names = [one for one in _hints_of(self._calls[at]) if one.kind in self._match]
        if self._names[at][0] not in self._known:
            key = next((self._known[one] for one in names if one in self._known), key)
        for one in names:
            self._known.setdefault(one, key)
        return key

    def _of_alias(self, at: int, key: str) -> str:
        """Return whom an alias is about: whoever is known by either id; note if that is two."""
        known = [self._known[one] for one in self._names[at] if one in self._known]
        others = [one for one in known if one != known[0]]
        if others:
            self._same[at] = others[0]
        return known[0] if known else key


def _key_of(call: Call) -> str:
    """Return the key of a member that a call makes, if nobody is known by its ids."""
    return call.user_id or f"{_VISITOR}{call.anonymous_id}"


def home_of(connection: Connection, name: str) -> str:
    """Return the key of the member whom a key, or a sender's id, stands for by now; of nobody's, itself."""
    known = identities.resolve(connection, [Identity("user_id", name)])
    key = next(iter(known.values()), name)
    return merging.homes(connection, [key])[key]


def members_of(connection: Connection, names: Sequence[Identity]) -> list[str]:
    """Return the members behind some names; of an id that nobody is known by, the key of a new member.

    A name of kind `previous` is an alias's other id, of whichever kind; it makes no member.
    """
    kinds = {"previous": ("user_id", "anonymous_id")}
    visitors = [one.kind == "user_id" and one.token[:_PREFIX] == _VISITOR for one in names]
    names = [
        _device(one.token[_PREFIX:]) if visits else one for one, visits in zip(names, visitors, strict=True)
    ]
    asked = [Identity(kind, one.token) for one in names for kind in kinds.get(one.kind, (one.kind,))]
    known = identities.resolve(connection, asked)
    new = [
        one.token if one.kind == "user_id" else f"{_VISITOR}{one.token}"
        for one in names
        if one.kind in {"user_id", "anonymous_id"} and one not in known
    ]
    later = erasing.successors(connection, new)
    return sorted({*known.values(), *(later.get(key, key) for key in new)})


def identities_of(call: Call) -> list[Identity]:
    """Return the ids that a call names its member by, the strongest first."""
    named: list[Identity] = []
    for told in (call.user_id, call.previous_id):
        if told is None:
            continue
        if told[:_PREFIX] == _VISITOR:
            named.append(_device(told[_PREFIX:]))
        else:
            named.append(Identity("user_id", told))
    if call.previous_id is not None:
        named.append(_device(call.previous_id))
    elif call.anonymous_id is not None:
        named.append(_device(call.anonymous_id))
    return named


def _device(anonymous_id: str) -> Identity:
    return Identity("anonymous_id", anonymous_id)


def _hints_of(call: Call) -> list[Identity]:
    """Return the names that a call tells of its member, which others may share."""
    told = [Identity(one.identity, one.token) for one in call.personal if one.identity is not None]
    if call.kind == "identify" and call.user_id is not None and call.anonymous_id is not None:
        told.append(_device(call.anonymous_id))
    return told
