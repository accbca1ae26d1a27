"""Segment's calls: answered when they, and all that followed from them, are durable."""

from collections import Counter
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request

from api.deps import SENDER, Caller, Services, ServicesDep
from api.errors import problem, responses
from api.service.calls import Call, CallKind, IngestResult, Told
from api.service.metrics import CALLS, INGEST_SECONDS
from api.service.refusal import Refusal
from api.wire.answers import durable
from api.wire.body import MAX_BODY, read_body
from api.wire.segment import MAX_CALL, read_batch, read_call

router = APIRouter(prefix="/v1", tags=["events"])
Sender = Annotated[Caller, Depends(SENDER)]

_RESPONSES: Final = responses(
    "malformed-json",
    "invalid-call",
    "unauthenticated",
    "forbidden",
    "message-conflict",
    "too-large",
    "unsupported-encoding",
    "call-rejected",
    "overloaded",
    "member-held",
    "unavailable",
)
_REFUSED: Final = {"conflict": "message-conflict", "held": "member-held", "rejected": "call-rejected"}
_RETRY_SECONDS: Final = {"held": 5}
_ORDER: Final = {
    "userId": "m-1024",
    "messageId": "order-88231",
    "timestamp": "2026-11-20T21:14:03+08:00",
    "event": "Order Completed",
    "properties": {"order_id": "88231", "total": 412.5, "currency": "CNY"},
}
_PROFILE: Final = {
    "userId": "m-1024",
    "messageId": "profile-7",
    "traits": {"name": "王梅", "email": "mei@example.com", "city": "杭州"},
}


def _documented(example: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": {"type": "object"}, "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


@router.post("/track", responses=_RESPONSES, openapi_extra=_documented(_ORDER))
async def track(request: Request, services: ServicesDep, caller: Sender) -> dict[str, Any]:
    """Take in something that happened. The answer has the effects of the decision.

    Without a `messageId` the call gets an id of ours, and a retry can't be recognised.
    """
    return await _one(request, services, caller, "track")


@router.post("/identify", responses=_RESPONSES, openapi_extra=_documented(_PROFILE))
async def identify(request: Request, services: ServicesDep, caller: Sender) -> dict[str, Any]:
    """Take in what is told of a member. Personal values go to the vault."""
    return await _one(request, services, caller, "identify")


@router.post(
    "/alias",
    responses=_RESPONSES,
    openapi_extra=_documented({"userId": "m-1024", "previousId": "anon-55", "messageId": "alias-1"}),
)
async def alias(request: Request, services: ServicesDep, caller: Sender) -> dict[str, Any]:
    """Take in that two ids are one member's."""
    return await _one(request, services, caller, "alias")


@router.post(
    "/batch", responses=_RESPONSES, openapi_extra=_documented({"batch": [{"type": "track", **_ORDER}]})
)
@router.post("/import", responses=_RESPONSES, include_in_schema=False)
async def batch(request: Request, services: ServicesDep, caller: Sender) -> dict[str, Any]:
    """Take in many calls. The answer has a status for each, in order; a bad one harms no other."""
    body = await read_body(request, MAX_BODY)
    said = read_batch(body, services.clock.now())
    read = [_admitted(told, services, caller) for told in said]
    calls = [one for one in read if isinstance(one, Call)]
    results = iter(await _submitted(services, calls) if calls else [])
    items = [
        _refused(at, one) if isinstance(one, Refusal) else _item(at, one, next(results))
        for at, one in enumerate(read)
    ]
    for item, told in zip(items, said, strict=True):
        if isinstance(told, Told) and told.doubts:
            item.update(_warnings(told))
    return {"success": all("code" not in item for item in items), "items": items}


async def _one(request: Request, services: Services, caller: Caller, kind: CallKind) -> dict[str, Any]:
    body = await read_body(request, MAX_CALL)
    told = read_call(body, kind, services.clock.now())
    call = services.door.admit(told, caller.source, services.rulebook.index().rules.catalogue)
    result = (await _submitted(services, [call]))[0]
    code = _REFUSED.get(result.status)
    if code is not None:
        raise Refusal(code, _sentence(result.detail), retry_after=_RETRY_SECONDS.get(result.status))
    answer = {"success": True, **_outcome(call, result)}
    return answer | _warnings(told) if told.doubts else answer


def _admitted(told: Told | Refusal, services: Services, caller: Caller) -> Call | Refusal:
    if isinstance(told, Refusal):
        CALLS.labels("rejected").inc()
        return told
    return services.door.admit(told, caller.source, services.rulebook.index().rules.catalogue)


ENDPOINTS: Final = {
    f"{router.prefix}/track": (SENDER, track),
    f"{router.prefix}/identify": (SENDER, identify),
    f"{router.prefix}/alias": (SENDER, alias),
    f"{router.prefix}/batch": (SENDER, batch),
    f"{router.prefix}/import": (SENDER, batch),
}
"""Who may POST to an address, and who answers: as the routes above, for the shortcut past the framework."""


async def _submitted(services: Services, calls: list[Call]) -> list[IngestResult]:
    with INGEST_SECONDS.time():
        results = await durable(services.ingest.submit(calls))
    for status, count in Counter(result.status for result in results).items():
        CALLS.labels(status).inc(count)
    return results


def _outcome(call: Call, result: IngestResult) -> dict[str, Any]:
    return {
        "messageId": call.message_id,
        "status": result.status,
        "sequence": result.sequence,
        "effects": result.effects,
    }


def _item(at: int, call: Call, result: IngestResult) -> dict[str, Any]:
    code = _REFUSED.get(result.status)
    said = {} if code is None else {"code": code, "detail": _sentence(result.detail)}
    return {"index": at, **_outcome(call, result), **said}


def _refused(at: int, refusal: Refusal) -> dict[str, Any]:
    said = problem(refusal)
    return {
        "index": at,
        "status": "rejected",
        **{name: said[name] for name in ("code", "detail", "errors") if name in said},
    }


def _warnings(told: Told) -> dict[str, Any]:
    return {"warnings": [doubt._asdict() for doubt in told.doubts]}


def _sentence(detail: str) -> str:
    return detail[:1].upper() + detail[1:].rstrip(".") + "."
