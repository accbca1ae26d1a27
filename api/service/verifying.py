"""Kept in the store too: whether a member is entitled to what was promised, asked by code, id or phone.

Every answer about a member is an event of that member, so that a refusal can be followed up by a rule.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, NamedTuple

from api.clock import Clock
from api.service.asking import answer_of, worded
from api.service.calls import Call, IngestResult, Told
from api.service.door import Door
from api.service.redemptions import Redemptions
from api.service.rulebook import Rulebook
from api.service.standing import standing
from api.store import erasing, identities, views
from api.store.connection import Connection
from api.store.database import Database
from engine.language.catalogue import Catalogue
from engine.state import MemberState

Json = dict[str, Any]
ENTITLEMENT_VERIFIED: Final = "Entitlement Verified"
ENTITLEMENT_REFUSED: Final = "Entitlement Refused"


class Entitlement(NamedTuple):
    """What staff ask about.

    Attributes:
        request: The store's own id of the question.
        code: Code of a coupon, or None.
        user: Id, phone number or e-mail address of the member, or None.
        entitlement: Key of a coupon, of a membership, or of a level; None for the coupon of the code.
        store: Which store asks, or None.
    """

    request: str
    code: str | None
    user: str | None
    entitlement: str | None
    store: str | None


class Verifying:
    """Answers whether a member is entitled to something, and logs the answer."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        door: Door,
        redemptions: Redemptions,
        submit: Callable[[list[Call]], Future[list[IngestResult]]],
        clock: Clock,
    ) -> None:
        """Make the use case of its parts; `submit` takes calls in."""
        self._database = database
        self._rulebook = rulebook
        self._door = door
        self._redemptions = redemptions
        self._submit = submit
        self._clock = clock

    def verify(self, asked: Entitlement, *, source: str, by: str) -> Json:
        """Return whether the member is entitled; `reason` and `text` say why not.

        Asked again under the same id, the answer is the same and stands in the log once.

        Args:
            asked: What is asked about.
            source: Who asks.
            by: Which person or key asked.

        Raises:
            Refusal: `message-conflict` if the answer under this id was another one, or `member-held`.
        """
        with self._database.read() as connection:
            member, named = self._member(connection, asked)
            if member is None:
                return worded({"verified": False, "reason": named})
            state = standing(connection, self._rulebook, member, self._clock.now()).state
        reason = named or self._reason(asked, state)
        said = {"verified": not reason, "entitlement": self._name(asked, member), "member": member}
        told = Told(
            kind="track",
            message_id=f"verify:{asked.request}",
            user_id=member,
            name=ENTITLEMENT_REFUSED if reason else ENTITLEMENT_VERIFIED,
            properties={
                "entitlement": said["entitlement"],
                "by": by,
                **({"reason": reason} if reason else {}),
                **({"store": asked.store} if asked.store is not None else {}),
            },
        )
        call = self._door.admit(told, source, self._rulebook.index().rules.catalogue)
        kept = answer_of(self._submit([call]).result()[0])
        return worded(said | ({"reason": reason} if reason else {})) | kept

    def _member(self, connection: Connection, asked: Entitlement) -> tuple[str | None, str]:
        """Return whom it is about, and what speaks against it already; or None, and why nobody is found."""
        found: str | None = None
        if asked.user is not None:
            for token in self._door.looked_up(asked.user):
                found = found or identities.member_of(connection, token)
            if found is None:
                return None, "member-unknown"
        if asked.code is None:
            return found, ""
        code = asked.code.strip()
        stored = views.coupon(connection, code) or views.coupon(connection, code.upper())
        if stored is None:
            return found, "coupon-unknown"
        if erasing.erased(connection, [stored.member]):
            return None, "member-unknown"
        if found is not None and found != stored.member:
            return found, "coupon-not-yours"
        return stored.member, ""

    def _reason(self, asked: Entitlement, state: MemberState) -> str:
        """Return why the member isn't entitled, or nothing."""
        if asked.code is not None:
            valid = self._redemptions.validate(asked.code, None, None)
            return "" if valid["valid"] else str(valid["reason"])
        key = asked.entitlement or ""
        held = any(one.coupon == key and not one.held_by for one in state.coupons.values())
        catalogue = self._rulebook.index().rules.catalogue
        entitled = held or key in state.memberships or _reached(key, state, catalogue)
        return "" if entitled else "not-entitled"

    def _name(self, asked: Entitlement, member: str) -> str:
        """Return what it is about, by its key; for a code nobody was given, the code."""
        if asked.code is None:
            return asked.entitlement or ""
        with self._database.read() as connection:
            found = next(
                (
                    one
                    for one in views.coupons_of(connection, member)
                    if one.code == asked.code.strip().upper()
                ),
                None,
            )
        return found.coupon if found is not None else asked.entitlement or "unknown"


def _reached(key: str, state: MemberState, catalogue: Catalogue) -> bool:
    """Return whether the member stands on a level of this key, or above it, on any ladder."""
    for ladder in catalogue.ladders.values():
        order = [one.key for one in ladder.tiers]
        level = state.levels.get(ladder.key)
        if key in order and level is not None and level.tier in order:
            return order.index(level.tier) >= order.index(key)
    return False
