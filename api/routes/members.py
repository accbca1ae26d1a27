"""Members and their timelines."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.deps import MEMBERS, ServicesDep
from api.errors import responses
from engine.values import MAX_INT

router = APIRouter(prefix="/v1/members", tags=["members"], dependencies=[Depends(MEMBERS)])
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


@router.get("/{key:path}", responses=responses("unauthenticated", "forbidden", "not-found"))
def member(key: str, services: ServicesDep) -> dict[str, Any]:
    """Return a member; personal values are masked."""
    return services.views.member(key)
