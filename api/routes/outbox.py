"""What leaves, with every attempt."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.deps import PERSON, RESENDING, Caller, ServicesDep
from api.errors import responses
from api.store.outbox import Status

router = APIRouter(prefix="/v1/outbox", tags=["outbox"])


@router.get("", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "invalid-request"))
def outbox(
    services: ServicesDep,
    status: Status | None = None,
    member: Annotated[str | None, Query(min_length=1, max_length=255)] = None,
    before: Annotated[str | None, Query(max_length=80)] = None,
) -> dict[str, Any]:
    """Return messages and webhooks, newest first; `status=dead` has those that were given up."""
    return services.outgoing.page(status, member, before)


@router.post(
    "/{message}/redeliver",
    responses=responses("unauthenticated", "forbidden", "cross-origin", "not-found", "wrong-status"),
)
def redeliver(
    message: str, services: ServicesDep, caller: Annotated[Caller, Depends(RESENDING)]
) -> dict[str, Any]:
    """Send something again, under the same id."""
    return services.outgoing.redeliver(message, by=caller.name)
