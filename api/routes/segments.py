"""Segments: how many are in them and who, and lists that people and backends keep."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.deps import GIVING, RULE, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, Why, asked
from api.wire.body import Body, body_of, documented
from engine.events import SEGMENT_LISTED, SEGMENT_UNLISTED

router = APIRouter(prefix="/v1", tags=["segments"])
Giver = Annotated[Caller, Depends(GIVING)]

_TAKEN_IN: Final = (
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


class Listing(Body):
    """A list that a member is put on.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        segment: Key of a segment that is a list.
        why: Why, for the log and the member's page.
    """

    id: ClientId
    segment: str = Field(min_length=1, max_length=64)
    why: Why


# A member's id may hold a slash, so these stand before the address of the member itself.
@router.post(
    "/members/{key:path}/segments",
    responses=responses("malformed-json", *_TAKEN_IN),
    openapi_extra=documented(
        Listing, {"id": "evening-7-ann", "segment": "tasting-evening", "why": "Signed up in the store"}
    ),
)
async def put_on(
    key: str, services: ServicesDep, caller: Giver, wanted: Annotated[Listing, Depends(body_of(Listing))]
) -> dict[str, Any]:
    """Put a member on a list. One who is on it already stays, since when it was."""
    properties = wanted.model_dump(exclude={"id"})
    return await asked(services, caller, SEGMENT_LISTED, f"list:{wanted.id}", key, properties)


@router.delete("/members/{key:path}/segments/{segment}", responses=responses(*_TAKEN_IN))
async def take_off(
    key: str,
    segment: str,
    services: ServicesDep,
    caller: Giver,
    request: Annotated[ClientId, Query(alias="id")],
    why: Annotated[Why, Query()],
) -> dict[str, Any]:
    """Take a member off a list."""
    properties = {"segment": segment, "why": why}
    return await asked(services, caller, SEGMENT_UNLISTED, f"unlist:{request}", key, properties)


@router.get("/segments", dependencies=[Depends(RULE)], responses=responses("unauthenticated", "forbidden"))
def segments(services: ServicesDep) -> dict[str, Any]:
    """Return every segment with what it means and how many members are in it."""
    return services.segments.listing()


@router.get(
    "/segments/{segment}/members",
    dependencies=[Depends(RULE)],
    responses=responses("unauthenticated", "forbidden", "invalid-request", "not-found"),
)
def members(
    segment: str,
    services: ServicesDep,
    after: Annotated[str, Query(max_length=255)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Return who is in a segment, by key, each with since when."""
    return services.segments.members(segment, after, limit)
