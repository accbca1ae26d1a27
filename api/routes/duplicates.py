"""Members who may be one person, and merging two by hand."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends

from api.deps import GIVING, MEMBERS, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, MemberId, Why, source_of
from api.service.asking import answer_of
from api.service.metrics import CALLS
from api.wire.answers import durable
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1", tags=["members"])
Giver = Annotated[Caller, Depends(GIVING)]

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


class Merging(Body):
    """Another member that is the same person.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        other: Key of the other member.
        keep: Who goes on, `this` or `other`; without it, whoever joined first.
        why: Why, for the log and the member's page.
    """

    id: ClientId
    other: MemberId
    keep: Literal["this", "other"] | None = None
    why: Why


class Pair(Body):
    """Two members who are not one person."""

    member: MemberId
    other: MemberId


# A member's id may hold a slash, so this stands before the address of the member itself.
@router.post(
    "/members/{key:path}/merge",
    responses=_WRITE,
    openapi_extra=documented(
        Merging, {"id": "ticket-516", "other": "m-2048", "why": "One person: showed both cards"}
    ),
)
async def merge(
    key: str, services: ServicesDep, caller: Giver, wanted: Annotated[Merging, Depends(body_of(Merging))]
) -> dict[str, Any]:
    """Make one member of two. It can't be undone."""
    keep = {"this": "userId", "other": "previousId"}.get(wanted.keep or "")
    told = {
        "by": caller.name if caller.role is not None else caller.source,
        "reason": wanted.why,
        "keep": keep,
    }
    call = services.duplicates.call(
        (key, wanted.other), told, source=source_of(caller), message_id=f"merge:{wanted.id}"
    )
    (result,) = await durable(services.ingest.submit([call]))
    CALLS.labels(result.status).inc()
    return answer_of(result)


@router.get(
    "/duplicates", dependencies=[Depends(MEMBERS)], responses=responses("unauthenticated", "forbidden")
)
def pending(services: ServicesDep) -> dict[str, Any]:
    """Return pairs of members that share a phone number, an address, an open id or a device."""
    return services.duplicates.pending()


@router.post(
    "/duplicates/dismiss",
    responses=_WRITE,
    openapi_extra=documented(Pair, {"member": "m-1024", "other": "m-2048"}),
)
def dismiss(
    services: ServicesDep, caller: Giver, wanted: Annotated[Pair, Depends(body_of(Pair))]
) -> dict[str, Any]:
    """Take down that two members are two people, such as a couple with one phone number."""
    return services.duplicates.dismiss(wanted.member, wanted.other, by=caller.name)
