"""What a till may know before it reserves: a quote, and whether a coupon is valid. Nothing is written."""

from typing import Any, Final, NamedTuple

from api.clock import Clock
from api.service.asking import Request, call_of, worded
from api.service.door import Door
from api.service.identity import Members
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.standing import Standing, standing
from api.store import views
from api.store.connection import Connection
from api.store.database import Database
from api.store.grants import is_mistyped
from api.store.views import StoredCoupon
from engine.events import REDEMPTION_RESERVED, Event
from engine.language.catalogue import Catalogue
from engine.programme.basket import read_basket
from engine.programme.coupons import at_this_time, end_of
from engine.programme.reasons import Refused
from engine.programme.requests import carry_out, lacking
from engine.programme.till import quote, usable_coupon
from engine.state import MemberState
from engine.values import instant_text

Json = dict[str, Any]
_QUOTE: Final = "quote"
_ENDED: Final = {"redeemed": "coupon-used", "expired": "coupon-expired", "voided": "coupon-voided"}


class Wish(NamedTuple):
    """What a till thinks of redeeming.

    Attributes:
        units: How much of which unit, or None.
        coupons: Codes, or None.
    """

    units: dict[str, Any] | None
    coupons: list[str] | None


class Redemptions:
    """Answers tills that ask before they reserve."""

    def __init__(self, database: Database, rulebook: Rulebook, door: Door, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._door = door
        self._clock = clock

    def quote(self, user: str, order: Json, wish: Wish) -> Json:
        """Return everything that a member can redeem on an order, and what would come of a wish.

        Args:
            user: The member, by the id that its sender knows it by.
            order: The order as told, with fractions as decimal text.
            wish: What the till thinks of redeeming; `asked` in the answer says what reserving it
                would be answered now.

        Raises:
            Refusal: `not-found` if there is no such member.
        """
        catalogue = self._rulebook.index().rules.catalogue
        with self._database.read() as connection:
            member = self._member(connection, user)
            found = standing(connection, self._rulebook, member, self._clock.now())
        if found.state.sequence == 0:
            raise Refusal("not-found", "There is no such member.")
        basket = read_basket(order, catalogue.programme.currency)
        if isinstance(basket, Refused):
            return _refused(basket)
        said = {"status": "quoted", **quote(found.state, basket, catalogue, found.as_of)}
        said["unusable"] = [worded(one) for one in said["unusable"]]
        said["units"] = [worded(one) for one in said["units"]]
        if wish.units or wish.coupons:
            said["asked"] = worded(_reserved(found, order, wish, catalogue))
        return said

    def validate(self, code: str, user: str | None, order: Json | None) -> Json:
        """Return whether a coupon can be used now, and what it takes off; or why it can't.

        Args:
            code: As it was typed or scanned.
            user: Who shows it, by the id that its sender knows it by; None if that isn't known.
            order: The order it is to be used on, or None.
        """
        catalogue = self._rulebook.index().rules.catalogue
        code = code.strip()
        with self._database.read() as connection:
            stored = views.coupon(connection, code) or views.coupon(connection, code.upper())
            if stored is None:
                return _invalid(
                    code, Refused("coupon-mistyped" if is_mistyped(code.upper()) else "coupon-unknown")
                )
            if user is not None and self._member(connection, user) != stored.member:
                return _invalid(stored.code, Refused("coupon-not-yours"))
            found = standing(connection, self._rulebook, stored.member, self._clock.now())
        reason = _of_ended(stored, found.state)
        if reason is not None:
            return _invalid(stored.code, reason)
        return _valid(stored, found, order, catalogue)

    def _member(self, connection: Connection, user: str) -> str:
        asked = Request(_QUOTE, _QUOTE, REDEMPTION_RESERVED, user, {})
        return Members(connection, [call_of(asked, self._door, self._rulebook)]).keys[0]


def _of_ended(stored: StoredCoupon, state: MemberState) -> Refused | None:
    """Return why a coupon is no longer in the hands of its member, or None if it is."""
    if stored.code in state.coupons:
        return None
    if stored.state == "redeemed" and stored.order_id is not None:
        return Refused("coupon-used", {"order_id": stored.order_id})
    return Refused(_ENDED.get(stored.state, "coupon-expired"))


def _valid(stored: StoredCoupon, found: Standing, order: Json | None, catalogue: Catalogue) -> Json:
    code, coupon = stored.code, found.state.coupons[stored.code]
    if order is not None:
        basket = read_basket(order, catalogue.programme.currency)
        if isinstance(basket, Refused):
            return _invalid(code, basket)
        usable = usable_coupon(code, coupon, basket, catalogue, found.as_of)
        return _invalid(code, usable) if isinstance(usable, Refused) else {"valid": True, **usable[1]}
    definition = catalogue.coupons.get(coupon.coupon)
    if definition is None:
        return _invalid(code, Refused("coupon-unknown"))
    refused = at_this_time(definition, coupon, found.as_of)
    if refused is not None:
        return _invalid(code, refused)
    end = end_of(definition, coupon)
    return {
        "valid": True,
        "code": code,
        "coupon": coupon.coupon,
        "kind": definition.kind,
        "expires_at": instant_text(end) if end is not None else None,
    }


def _invalid(code: str, why: Refused) -> Json:
    return worded({"valid": False, "code": code, "reason": why.reason, **why.more})


def _refused(why: Refused) -> Json:
    return worded({"status": "refused", "reason": why.reason, **why.more})


def _reserved(found: Standing, order: Json, wish: Wish, catalogue: Catalogue) -> Json:
    """Return what reserving a wish would be answered now."""
    asked = {"redemption": _QUOTE, "order": {"order_id": _QUOTE, **order}}
    wished = {key: value for key, value in wish._asdict().items() if value is not None}
    event = Event(
        source=_QUOTE,
        message_id=_QUOTE,
        kind="request",
        name=REDEMPTION_RESERVED,
        member=found.state.member,
        occurred_at=found.as_of,
        recorded_at=found.as_of,
        as_of=found.as_of,
        properties={**asked, **wished},
    )
    answer = carry_out(found.state, event, catalogue, str, lacking).answer
    return {key: value for key, value in answer.items() if key not in {"redemption", "until"}}
