"""What the law asks for of personal data: erasing a member, and everything about one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.deps import ERASING, EXPORTING, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId, Why, source_of
from api.service.asking import answer_of
from api.service.metrics import CALLS
from api.wire.answers import durable
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/members", tags=["members"])


class Erasure(Body):
    """That a member is to be erased.

    Attributes:
        id: The client's own id of it. Sent again, it gets the original answer.
        why: Why. It stays in the log, so it mustn't name the person: the number of the request serves.
    """

    id: ClientId
    why: Why


# A member's id may hold a slash, so this stands before the address of the member itself.
@router.post(
    "/{key:path}/erase",
    responses=responses(
        "malformed-json",
        "unauthenticated",
        "forbidden",
        "cross-origin",
        "not-found",
        "message-conflict",
        "invalid-request",
        "overloaded",
        "member-held",
        "unavailable",
    ),
    openapi_extra=documented(Erasure, {"id": "request-81", "why": "Asked for in writing, request 81"}),
)
async def erase(
    key: str,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(ERASING)],
    wanted: Annotated[Erasure, Depends(body_of(Erasure))],
) -> dict[str, Any]:
    """Erase a member and all its parts: personal values, keys and names are deleted. It can't be undone."""
    call = await run_in_threadpool(
        services.erasing.call,
        key,
        {"by": _name(caller), "why": wanted.why},
        source=source_of(caller),
        message_id=f"erase:{wanted.id}",
    )
    (result,) = await durable(services.ingest.submit([call]))
    CALLS.labels(result.status).inc()
    answer = answer_of(result)
    return {**answer, "clean": await run_in_threadpool(services.erasing.clean)}


@router.get(
    "/{key:path}/export",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/json": {}}, "description": "Everything about the member"},
        **responses("unauthenticated", "forbidden", "not-found", "unavailable"),
    },
)
def export(
    key: str, services: ServicesDep, caller: Annotated[Caller, Depends(EXPORTING)]
) -> StreamingResponse:
    """Return everything that is kept about a member, personal values in the clear. It is noted who asked."""
    pieces = services.exports.export(key, by=_name(caller))
    headers = {"Content-Disposition": 'attachment; filename="member.json"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type="application/json", headers=headers)


def _name(caller: Caller) -> str:
    return caller.name if caller.role is not None else caller.source
