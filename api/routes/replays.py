"""Replays: decide again, and compare."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from api.deps import AUDIT, Caller, ServicesDep
from api.errors import responses
from api.service.refusal import Refusal
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/replays", tags=["replays"])


class Wanted(Body):
    """What is to be replayed: one member's log, or everything."""

    member: str | None = Field(default=None, min_length=1, max_length=255)


@router.post(
    "",
    openapi_extra=documented(Wanted, {"member": "m-1024"}),
    responses=responses("unauthenticated", "forbidden", "cross-origin", "invalid-request"),
)
def start(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(AUDIT)],
    wanted: Annotated[Wanted, Depends(body_of(Wanted))],
) -> dict[str, Any]:
    """Begin a replay."""
    return services.replays.start(wanted.member, by=caller.name)


@router.get(
    "/{replay}",
    dependencies=[Depends(AUDIT)],
    responses=responses("unauthenticated", "forbidden", "not-found"),
)
def replay(replay: str, services: ServicesDep) -> dict[str, Any]:
    """Return a replay, running or done."""
    found = services.replays.get(replay)
    if found is None:
        raise Refusal("not-found", "There is no such replay.")
    return found
