"""Redemption at a till: quote, then reserve, then confirm or release."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field

from api.deps import QUOTES, RELEASE, TILL, Caller, Services, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, MemberId, asked
from api.service.redemptions import Wish
from api.wire.answers import read_apart
from api.wire.body import Body, body_of, documented
from api.wire.ids import CLIENT_ID, MAX_CLIENT_ID
from engine.events import REDEMPTION_CONFIRMED, REDEMPTION_RELEASED, REDEMPTION_RESERVED

router = APIRouter(prefix="/v1/redemptions", tags=["redemptions"])
Till = Annotated[Caller, Depends(TILL)]
Redemption = Annotated[str, Path(min_length=1, max_length=MAX_CLIENT_ID, pattern=CLIENT_ID)]

_RESPONSES: Final = responses(
    "malformed-json",
    "unauthenticated",
    "forbidden",
    "not-found",
    "message-conflict",
    "too-large",
    "invalid-request",
    "call-rejected",
    "overloaded",
    "member-held",
    "unavailable",
)
_ORDER: Final = {
    "order_id": "88231",
    "total": 412.5,
    "currency": "CNY",
    "items": [{"product": "latte", "category": "coffee", "quantity": 2, "price": 33}],
}


class Asking(Body):
    """What a till asks before it reserves.

    Attributes:
        user_id: The member.
        order: The order: `total`, and where it is known `order_id`, `currency`, `items`, `channel`, `store`.
        units: How much of which unit the member thinks of using.
        coupons: Codes that the member thinks of using.
    """

    user_id: MemberId = Field(alias="userId")
    order: dict[str, Any]
    units: dict[str, Any] | None = None
    coupons: list[str] | None = None


class Reservation(Body):
    """What is to be set aside.

    Attributes:
        redemption: The till's own id of it. Sent again, it gets the original answer.
        user_id: The member.
        order: The order; `order_id` and `total` are required.
        units: How much of which unit.
        coupons: Codes.
        best: Whether the coupons that take off most together are to be chosen.
        confirm: Whether it is to be spent at once.
        hold_minutes: How long it is held, 1 to 1440; 15 by default.
    """

    redemption: ClientId
    user_id: MemberId = Field(alias="userId")
    order: dict[str, Any]
    units: dict[str, Any] | None = None
    coupons: list[Any] | None = None
    best: bool | None = None
    confirm: bool | None = None
    hold_minutes: Any = None


class Whose(Body):
    """Whose redemption it is."""

    user_id: MemberId = Field(alias="userId")


@router.post(
    "/quote",
    dependencies=[Depends(QUOTES)],
    responses=responses("malformed-json", "unauthenticated", "forbidden", "not-found", "invalid-request"),
    openapi_extra=documented(Asking, {"userId": "m-1024", "order": _ORDER, "units": {"points": 1000}}),
)
async def quote(services: ServicesDep, wanted: Annotated[Asking, Depends(body_of(Asking))]) -> dict[str, Any]:
    """Return all that a member can redeem on an order, and why not the rest. Nothing is written."""
    wish = Wish(wanted.units, wanted.coupons)
    return await read_apart(services.redemptions.quote, wanted.user_id, wanted.order, wish)


@router.post(
    "",
    responses=_RESPONSES,
    openapi_extra=documented(
        Reservation,
        {"redemption": "till-7-0231", "userId": "m-1024", "order": _ORDER, "units": {"points": 1000}},
    ),
)
async def reserve(
    services: ServicesDep, caller: Till, wanted: Annotated[Reservation, Depends(body_of(Reservation))]
) -> dict[str, Any]:
    """Set units and coupons aside for an order: all or nothing. A refusal is an answer, with its reason."""
    properties = wanted.model_dump(exclude={"user_id"})
    message_id = f"reserve:{wanted.redemption}"
    return await asked(services, caller, REDEMPTION_RESERVED, message_id, wanted.user_id, properties)


@router.post(
    "/{redemption}/confirm", responses=_RESPONSES, openapi_extra=documented(Whose, {"userId": "m-1024"})
)
async def confirm(
    redemption: Redemption,
    services: ServicesDep,
    caller: Till,
    whose: Annotated[Whose, Depends(body_of(Whose))],
) -> dict[str, Any]:
    """Spend what was set aside. Confirmed again, it gets the original answer."""
    properties = {"redemption": redemption}
    message_id = f"confirm:{redemption}"
    return await asked(services, caller, REDEMPTION_CONFIRMED, message_id, whose.user_id, properties)


@router.post(
    "/{redemption}/release", responses=_RESPONSES, openapi_extra=documented(Whose, {"userId": "m-1024"})
)
async def release(
    redemption: Redemption,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(RELEASE)],
    whose: Annotated[Whose, Depends(body_of(Whose))],
) -> dict[str, Any]:
    """Give back what was set aside. Released again, it gets the original answer."""
    properties = {"redemption": redemption}
    message_id = f"release:{redemption}"
    return await asked(services, caller, REDEMPTION_RELEASED, message_id, whose.user_id, properties)


_asking, _reservation, _whose = body_of(Asking), body_of(Reservation), body_of(Whose)


async def _quote(request: Request, services: Services, _caller: Caller) -> dict[str, Any]:
    return await quote(services, await _asking(request))


async def _reserve(request: Request, services: Services, caller: Caller) -> dict[str, Any]:
    return await reserve(services, caller, await _reservation(request))


async def _confirm(request: Request, services: Services, caller: Caller) -> dict[str, Any]:
    return await confirm(request.path_params["id"], services, caller, await _whose(request))


async def _release(request: Request, services: Services, caller: Caller) -> dict[str, Any]:
    return await release(request.path_params["id"], services, caller, await _whose(request))


ENDPOINTS: Final = {
    f"{router.prefix}/quote": (QUOTES, _quote),
    router.prefix: (TILL, _reserve),
    f"{router.prefix}/{{id}}/confirm": (TILL, _confirm),
    f"{router.prefix}/{{id}}/release": (RELEASE, _release),
}
"""Who may POST to an address, and who answers: as the routes above, for the shortcut past the framework."""
