"""Members and their timelines."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.deps import MEMBERS, ServicesDep
from api.errors import responses
from engine.values import MAX_INT

router = APIRouter(prefix="/v1/members", tags=["members"], dependencies=[Depends(MEMBERS)])
AtInstant = Annotated[str | None, Query(max_length=40, description="RFC 3339 instant, not after now")]
Text = Annotated[str | None, Query(min_length=1, max_length=255)]


@router.get("", responses=responses("unauthenticated", "forbidden"))
def members(services: ServicesDep, search: Text = None, after: Text = None) -> dict[str, Any]:
    """Return members by id. `search` is an id or its beginning, an e-mail address or a phone number."""
    return services.views.members(search, after)


# An id may hold a slash, so the longer address stands first.
@router.get("/{key:path}/timeline", responses=responses("unauthenticated", "forbidden", "not-found"))
def timeline(
    key: str, services: ServicesDep, before: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None
) -> dict[str, Any]:
    """Return a member's log, newest first."""
    return services.views.timeline(key, before)


@router.get(
    "/{key:path}/explain", responses=responses("unauthenticated", "forbidden", "not-found", "invalid-request")
)
def why(
    key: str,
    services: ServicesDep,
    rule: Annotated[str, Query(min_length=1, max_length=255)],
    at: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
) -> dict[str, Any]:
    """Return why a rule did or didn't fire for a member, at an instant or on a day of the member's."""
    return services.whys.explain(key, rule, at)


@router.get(
    "/{key:path}", responses=responses("unauthenticated", "forbidden", "not-found", "invalid-request")
)
def member(
    key: str, services: ServicesDep, as_of: AtInstant = None, known_at: AtInstant = None
) -> dict[str, Any]:
    """Return a member, now or as it was at an instant, as known at another; personal values are masked."""
    if as_of is None and known_at is None:
        return services.views.member(key)
    return services.looking_back.member(key, as_of, known_at)
