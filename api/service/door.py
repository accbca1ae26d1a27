"""The door: personal values are taken out of a call before anything is written (ruling 20)."""

import re
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from api.crypto import Keyring
from api.service.calls import Call, Personal, Told
from api.service.keywords import keywords_in
from engine import canonical
from engine.language.catalogue import Catalogue, keywords_of
from engine.values import instant_text

Json: TypeAlias = Any
USER_ID: Final = "userId"
"""Under which the vault keeps a user id that is itself an e-mail address or phone number."""

_PREVIOUS_ID: Final = "previousId"
IDS: Final = frozenset((USER_ID, _PREVIOUS_ID))
"""Fields of the vault that hold ids of members; their tokens are those of what the ids are."""

_PLACES_KEPT: Final = 1_000
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63})+")
_MOBILE: Final = re.compile(r"(?:\+[1-9][0-9]{6,14}|1[3-9][0-9]{9})")
_DIALLED: Final = re.compile(r"[\s().-]*[+1]")
_PUNCTUATION: Final = re.compile(r"[\s().-]+")


_WRITTEN: Final = frozenset(
    (
        *("answer", "comment", "comments", "feedback", "freetext", "note", "notes", "remark", "remarks"),
        *("备注", "反馈", "意见", "留言", "评论"),
    )
)
"""Names of what people write freely, without case and separators. Nobody knows what they write, so it is
personal unless a definition says otherwise; numbers, yes and no are not."""

_ANSWERS: Final = "answers."
"""Where the answers to a task's questions stand; they are written freely, too."""

_KINDS: Final[Mapping[str, Literal["openid", "unionid"]]] = {"openid": "openid", "unionid": "unionid"}
"""Personal fields that are names of a member as they stand, whatever they look like."""


class Door:
    """Lets calls in, without their personal values."""

    def __init__(self, keyring: Keyring) -> None:
        """Make the door.

        Args:
            keyring: Makes the tokens.
        """
        self._keyring = keyring

    def admit(self, told: Told, source: str, catalogue: Catalogue) -> Call:
        """Return a call as it goes on to the log.

        Args:
            told: What the sender said.
            source: Who the sender is.
            catalogue: Says which fields are personal.
        """
        taking = _Taking(self._keyring, catalogue, told)
        properties = taking.out_of(told.properties, "")
        user_id = taking.id(told.user_id, USER_ID)
        previous_id = taking.id(told.previous_id, _PREVIOUS_ID)
        if told.kind == "alias":
            properties = {**properties, "previous": previous_id}
        said = {
            "anonymous": told.anonymous_id,
            "kind": told.kind,
            "name": told.name,
            "properties": properties,
            "timestamp": None if told.timestamp is None else instant_text(told.timestamp),
            "user": user_id,
            "zone": told.zone,
        }
        # What was found in a text is no part of its content: another list of words is no other message.
        if taking.searched:
            properties = properties | taking.keywords(told.properties)
        return Call(
            kind=told.kind,
            source=source,
            message_id=told.message_id or f"made-{uuid.uuid4()}",
            made_id=told.message_id is None,
            user_id=user_id,
            anonymous_id=told.anonymous_id,
            previous_id=previous_id,
            name=told.name,
            properties=properties,
            occurred_at=told.occurred_at,
            zone=told.zone,
            content=canonical.digest(said),
            personal=tuple(taking.taken.values()),
        )

    def known_as(self, user_id: str) -> str:
        """Return what stands for a member's id in log and tables: itself, or its token if it is personal."""
        identity = identity_in(user_id)
        return user_id if identity is None else token_of(self._keyring, identity, user_id)

    def looked_up(self, text: str) -> list[str]:
        """Return what a member may be known by when people search for `text`: itself, and its tokens."""
        identity = identity_in(text)
        return [text] if identity is None else [text, token_of(self._keyring, identity, text)]


def identity_in(text: str) -> Literal["email", "phone"] | None:
    """Return what a text is, if it can only be an e-mail address or a phone number.

    A phone number starts with `+`, or is a mainland mobile number; other runs of
    digits may be anybody's customer numbers.
    """
    if "@" in text:
        return "email" if _EMAIL.fullmatch(text.strip()) else None
    if not _DIALLED.match(text):
        return None
    return "phone" if _MOBILE.fullmatch(_PUNCTUATION.sub("", text)) else None


def is_written(path: str, key: str) -> bool:
    """Return whether people write freely at a place of an event: by its path and the last name in it."""
    return _plain_name(key) in _WRITTEN or path.startswith(_ANSWERS)


def token_of(keyring: Keyring, field: str, value: str) -> str:
    """Return the token of a personal value; an address is the same in any case, a number in any spacing."""
    if field == "email":
        return keyring.token(field, value.strip().casefold())
    if field == "phone":
        digits = _PUNCTUATION.sub("", value)
        return keyring.token(field, f"+86{digits}" if re.fullmatch(r"1[3-9][0-9]{9}", digits) else digits)
    return keyring.token(field, value.strip())


@lru_cache(maxsize=4_096)
def _plain_name(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


@lru_cache(maxsize=8)
def _personal_names(catalogue: Catalogue) -> dict[str, str]:
    """Return the attributes whose values are personal, by their name without case and separators."""
    return {_plain_name(name): name for name, one in catalogue.attributes.items() if one.personal}


class _Place(NamedTuple):
    """What is known of a place in the properties of an event, or in what is told of a member.

    Attributes:
        declared: Whether the catalogue names it.
        field: Name under which its value is personal; None if the value isn't.
        written: Whether a number there is not, because it is what people write freely that is personal.
    """

    declared: bool
    field: str | None
    written: bool = False


class _Places:
    """The places of one kind of call.

    Attributes:
        known: What was found out of a place, by its path.
    """

    def __init__(self, catalogue: Catalogue, kind: str, name: str) -> None:
        self._names = _personal_names(catalogue)
        self._free = kind in {"track", "identify"}
        event = catalogue.events.get(name) if kind == "track" else None
        self._declared = {one.name: one.personal for one in event.properties} if event else {}
        if kind == "identify":
            self._declared = {one: told.personal for one, told in catalogue.attributes.items()}
        declared = event.properties if event is not None else ()
        self.searched = [(one.name, tuple(one.keywords)) for one in declared if one.keywords]
        self.known: dict[str, _Place] = {}

    def place(self, path: str, key: str) -> _Place:
        """Find out of a place that isn't known yet; it is kept unless there are too many."""
        personal = self._declared.get(path)
        name = self._names.get(_plain_name(key))
        written = personal is None and name is None and self._free and is_written(path, key)
        is_personal = personal or written or (name is not None and personal is None)
        found = _Place(personal is not None, name or key if is_personal else None, written)
        if len(self.known) < _PLACES_KEPT:
            self.known[path] = found
        return found


_places = lru_cache(maxsize=512)(_Places)


class _Taking:
    """Takes the personal values out of one call."""

    def __init__(self, keyring: Keyring, catalogue: Catalogue, told: Told) -> None:
        self.taken: dict[str, Personal] = {}
        self._keyring = keyring
        self._places = _places(catalogue, told.kind, told.name)
        self._of_member = told.kind == "identify"
        self.searched = self._places.searched

    def keywords(self, told: dict[str, Any]) -> dict[str, list[str]]:
        """Return which of the declared words each text has, under the names that rules read them by."""
        return {
            keywords_of(name): keywords_in(told[name], words)
            for name, words in self.searched
            if isinstance(told.get(name), str)
        }

    def out_of(self, members: dict[str, Any], path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known = self._places.known
        for key, value in members.items():
            place = known.get(path + key) or self._places.place(path + key, key)
            field = place.field
            if field is not None and value is not None and not (place.written and isinstance(value, int)):
                kept = field if self._of_member and not path else None
                found[key] = self._take(_text(value), field, kept)
            elif isinstance(value, int) or (isinstance(value, str) and "@" not in value):
                found[key] = value
            else:
                found[key] = self._inside(value, path + key, declared=place.declared)
        return found

    def id(self, value: str | None, field: str) -> str | None:
        identity = None if value is None else identity_in(value)
        return value if value is None or identity is None else self._take(value, identity, field)

    def _inside(self, value: Json, path: str, *, declared: bool) -> Json:
        if isinstance(value, str):
            if "@" in value and not declared and _EMAIL.fullmatch(value.strip()):
                return self._take(value, "email", None)
            return value
        if isinstance(value, dict):
            return self.out_of(value, f"{path}.")
        if isinstance(value, list):
            return [self._inside(one, path, declared=declared) for one in value]
        return value

    def _take(self, value: str, name: str, field: str | None) -> str:
        token = token_of(self._keyring, name, value)
        kept = field or token
        identity = _KINDS.get(name) or identity_in(value) if field is not None else None
        self.taken[kept] = Personal(kept, value, token, identity)
        return token


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical.encode(value).decode()
