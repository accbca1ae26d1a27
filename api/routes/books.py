"""The books: a member's ledger and coupons, what is given by hand, the programme's accounts and pots."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query

from api.deps import GIVING, MEMBERS, PERSON, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, Why, asked
from api.wire.body import Body, body_of, documented
from engine.events import LEVEL_SET, MEMBERSHIP_SET, POINTS_ADJUSTED

router = APIRouter(prefix="/v1", tags=["books"])
Giver = Annotated[Caller, Depends(GIVING)]
Key = Annotated[str | None, Query(min_length=1, max_length=64)]

_READ: Final = responses("unauthenticated", "forbidden", "not-found", "invalid-request")
_WRITE: Final = responses(
    "malformed-json",
    "unauthenticated",
    "forbidden",
    "cross-origin",
    "not-found",
    "message-conflict",
    "invalid-request",
    "call-rejected",
    "overloaded",
    "member-held",
    "unavailable",
)


class Adjustment(Body):
    """Units that are given to a member, or taken.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        unit: Key of the unit.
        amount: How many: above 0 to give, below 0 to take.
        why: Why, for the log.
    """

    id: ClientId
    unit: str
    amount: Any
    why: Why


class Placing(Body):
    """A level that a member is put on.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        ladder: Key of the ladder.
        tier: Key of the level; null for below the first.
        until: RFC 3339 instant at which it ends; without it, it stands.
        why: Why, for the log.
    """

    id: ClientId
    ladder: str
    tier: str | None
    until: Any = None
    why: Why


class Standing(Body):
    """A membership that is given, renewed or ended.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        membership: Key of its definition.
        until: RFC 3339 instant at which it ends; without it, it lasts as defined.
        end: Whether it ends now.
        why: Why, for the log.
    """

    id: ClientId
    membership: str
    until: Any = None
    end: bool | None = None
    why: Why


# A member's id may hold a slash, so these stand before the address of the member itself.
@router.get("/members/{key:path}/ledger", dependencies=[Depends(MEMBERS)], responses=_READ)
def ledger(
    key: str,
    services: ServicesDep,
    unit: Key = None,
    before: Annotated[str | None, Query(max_length=80)] = None,
    as_of: Annotated[str | None, Query(max_length=40)] = None,
) -> dict[str, Any]:
    """Return a member's postings, newest first, and balances, now or as of any instant."""
    return services.books.ledger(key, unit, before, as_of)


@router.get("/members/{key:path}/coupons", dependencies=[Depends(MEMBERS)], responses=_READ)
def coupons(key: str, services: ServicesDep) -> dict[str, Any]:
    """Return every coupon that a member was ever given, newest first."""
    return services.books.coupons(key)


@router.post(
    "/members/{key:path}/adjust",
    responses=_WRITE,
    openapi_extra=documented(
        Adjustment, {"id": "ticket-512", "unit": "points", "amount": 200, "why": "The parcel came late"}
    ),
)
async def adjust(
    key: str,
    services: ServicesDep,
    caller: Giver,
    wanted: Annotated[Adjustment, Depends(body_of(Adjustment))],
) -> dict[str, Any]:
    """Give a member units, or take some; what is given can be spent at once."""
    properties = wanted.model_dump(exclude={"id"})
    return await asked(services, caller, POINTS_ADJUSTED, f"adjust:{wanted.id}", key, properties)


@router.post(
    "/members/{key:path}/level",
    responses=_WRITE,
    openapi_extra=documented(
        Placing, {"id": "ticket-513", "ladder": "tier", "tier": "gold", "why": "Friend of the house"}
    ),
)
async def level(
    key: str, services: ServicesDep, caller: Giver, wanted: Annotated[Placing, Depends(body_of(Placing))]
) -> dict[str, Any]:
    """Put a member on a level; once it ends, the member is where its own record puts it."""
    properties = wanted.model_dump(exclude={"id"})
    return await asked(services, caller, LEVEL_SET, f"level:{wanted.id}", key, properties)


@router.post(
    "/members/{key:path}/membership",
    responses=_WRITE,
    openapi_extra=documented(
        Standing, {"id": "ticket-514", "membership": "club", "why": "Paid at the counter"}
    ),
)
async def membership(
    key: str, services: ServicesDep, caller: Giver, wanted: Annotated[Standing, Depends(body_of(Standing))]
) -> dict[str, Any]:
    """Give, renew or end a membership."""
    properties = wanted.model_dump(exclude={"id"})
    return await asked(services, caller, MEMBERSHIP_SET, f"membership:{wanted.id}", key, properties)


@router.get("/ledger/accounts", dependencies=[Depends(PERSON)], responses=_READ)
def accounts(services: ServicesDep, unit: Key = None) -> dict[str, Any]:
    """Return what was issued, redeemed, expired, and is held by members, by unit; each `sum` is 0."""
    return services.books.accounts(unit)


@router.get("/budgets", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "forbidden"))
def budgets(services: ServicesDep) -> dict[str, Any]:
    """Return what is granted and left of each budget, coupon stock and prize."""
    return services.books.budgets()


@router.get("/wheels/{key}/fairness", dependencies=[Depends(MEMBERS)], responses=_READ)
def fairness(key: str, services: ServicesDep) -> dict[str, Any]:
    """Return what a wheel's draws can be checked with: commitments, and secrets once their day is over."""
    return services.wheels.fairness(key)
