"""Tags that people and backends put on members, and take off."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.deps import GIVING, MARKETER, RULE, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, Why, asked
from api.wire.body import Body, body_of, documented
from engine.events import TAG_GRANTED, TAG_WITHDRAWN

router = APIRouter(prefix="/v1", tags=["tags"])
Marketer = Annotated[Caller, Depends(MARKETER)]
Giver = Annotated[Caller, Depends(GIVING)]

_READ: Final = ("unauthenticated", "forbidden", "invalid-request")
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


class Tagging(Body):
    """A tag that is put on a member.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        tag: Key of the tag.
        until: RFC 3339 instant at which it comes off; without it, as the tag's definition says.
        why: Why, for the log and the member's page.
    """

    id: ClientId
    tag: str = Field(min_length=1, max_length=64)
    until: Any = None
    why: Why


class Merging(Body):
    """The tag that takes the place of one that is merged."""

    into: str = Field(min_length=1, max_length=64)


# A member's id may hold a slash, so these stand before the address of the member itself.
@router.post(
    "/members/{key:path}/tags",
    responses=responses("malformed-json", *_TAKEN_IN),
    openapi_extra=documented(
        Tagging, {"id": "ticket-515", "tag": "sensitive-skin", "why": "Told us in the store"}
    ),
)
async def grant(
    key: str, services: ServicesDep, caller: Giver, wanted: Annotated[Tagging, Depends(body_of(Tagging))]
) -> dict[str, Any]:
    """Put a tag on a member in the caller's name. It stays on while anybody holds it."""
    properties = wanted.model_dump(exclude={"id"})
    return await asked(services, caller, TAG_GRANTED, f"tag:{wanted.id}", key, properties)


@router.delete("/members/{key:path}/tags/{tag:path}", responses=responses(*_TAKEN_IN))
async def withdraw(
    key: str,
    tag: str,
    services: ServicesDep,
    caller: Giver,
    request: Annotated[ClientId, Query(alias="id")],
    why: Annotated[Why, Query()],
    everybody: Annotated[bool, Query(alias="all")] = False,  # noqa: FBT002  a parameter of the address
) -> dict[str, Any]:
    """Let go of a tag in the caller's name; with `all=true`, take it off whoever holds it."""
    properties = {"tag": tag, "why": why, "all": True if everybody else None}
    return await asked(services, caller, TAG_WITHDRAWN, f"untag:{request}", key, properties)


@router.get("/tags/report", dependencies=[Depends(RULE)], responses=responses(*_READ))
def report(
    services: ServicesDep,
    stale_days: Annotated[int, Query(ge=1, le=3650)] = 180,
) -> dict[str, Any]:
    """Return every tag that is defined or used: who has it, what names it, and what is to be looked after."""
    return services.tags.report(stale_days)


@router.get("/tags/associations", dependencies=[Depends(RULE)], responses=responses(*_READ))
def associations(
    services: ServicesDep,
    least_members: Annotated[int, Query(ge=1, le=1_000_000)] = 20,
    least_percent: Annotated[int, Query(ge=1, le=100)] = 10,
) -> dict[str, Any]:
    """Return which tags go together: support, confidence and lift, the strongest first."""
    return services.tags.associations(least_members, least_percent)


@router.post(
    "/tags/{tag:path}/merge",
    responses=responses("malformed-json", "cross-origin", "unavailable", *_READ, "not-found"),
    openapi_extra=documented(Merging, {"into": "high-activity"}),
)
def merge(
    tag: str,
    services: ServicesDep,
    caller: Marketer,
    wanted: Annotated[Merging, Depends(body_of(Merging))],
    dry: bool = False,  # noqa: FBT001, FBT002  a parameter of the address
) -> dict[str, Any]:
    """Let a tag stand for another everywhere; with `dry=true`, tell what that would mean."""
    return services.tags.merge(tag, wanted.into, dry=dry, by=caller.name)


@router.post(
    "/tags/{tag:path}/retire", responses=responses("cross-origin", "unavailable", *_READ, "not-found")
)
def retire(
    tag: str,
    services: ServicesDep,
    caller: Marketer,
    dry: bool = False,  # noqa: FBT001, FBT002  a parameter of the address
) -> dict[str, Any]:
    """Take a tag off everybody for good; with `dry=true`, tell what that would mean."""
    return services.tags.retire(tag, dry=dry, by=caller.name)
