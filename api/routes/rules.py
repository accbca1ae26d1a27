"""Rules: drafts, findings, publication."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.deps import APPROVER, MARKETER, PERSON, PUBLISHER, RULE, Caller, ServicesDep
from api.errors import responses
from api.service.publish import Choice
from api.service.rule_list import Wanted
from api.wire.body import Body, body_of, documented, etag_of, json_body, read_body
from api.wire.exact import Json

router = APIRouter(prefix="/v1/rules", tags=["rules"])
names_router = APIRouter(prefix="/v1/rule-names", tags=["rules"])
Marketer = Annotated[Caller, Depends(MARKETER)]
Publisher = Annotated[Caller, Depends(PUBLISHER)]
Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]

_READ: Final = responses("unauthenticated", "not-found")
_WRITE: Final = ("unauthenticated", "forbidden", "cross-origin", "not-found")
_RULE: Final[dict[str, Any]] = {
    "language": 1,
    "key": "points-per-order",
    "name": {"en": "Points for an order", "zh-Hans": "下单积分"},
    "when": {"type": "event", "event": "Order Completed"},
    "if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 100},
    "then": [{"type": "award_points", "points": 10}],
}
_DOCUMENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "example": _RULE}},
    }
}


class Publication(Body):
    """How a draft is to be published.

    Attributes:
        past: What becomes of members who are past its threshold already.
        per_hour: With `fire`, how many of them an hour.
        in_flight: What becomes of members who wait in an older version.
    """

    past: Literal["skip", "fire"]
    per_hour: int | None = Field(default=None, ge=1, le=10_000_000)
    in_flight: Literal["finish", "move", "leave"] = "finish"


class RollBack(Publication):
    """Which version is to be in force again, and how.

    Attributes:
        version: Its number.
    """

    version: int = Field(ge=1, le=2**31 - 1)
    past: Literal["skip", "fire"] = "skip"


@router.get("", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "invalid-request"))
def rules(
    services: ServicesDep,
    search: Annotated[str, Query(max_length=200)] = "",
    status: Literal["", "draft", "preparing", "live", "paused", "submitted"] = "",
    purpose: Annotated[str, Query(max_length=64)] = "",
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Return a page of rules, by purpose, and how many there are of each state and for each purpose."""
    return services.rule_list.page(Wanted(search, status, purpose), after, limit)


@names_router.get("", dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
def rule_names(
    services: ServicesDep,
    search: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> dict[str, Any]:
    """Return key, name and state of the rules that are looked for, by key."""
    return services.rule_list.names(search, after, limit)


@router.post(
    "/check",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "malformed-json", "invalid-request", "too-large"),
    openapi_extra=_DOCUMENT,
)
def check(services: ServicesDep, said: Annotated[Json, Depends(json_body)]) -> dict[str, Any]:
    """Return what is wrong with a rule, and how it reads. A bad rule is no error here."""
    return services.rules.check(said)


@router.get("/{key}", dependencies=[Depends(RULE)], responses=_READ)
def rule(key: Key, services: ServicesDep) -> dict[str, Any]:
    """Return a rule with its draft and the version in force."""
    return services.rules.detail(key)


@router.put(
    "/{key}/draft",
    responses=responses(*_WRITE, "draft-changed", "if-match-required", "invalid-request"),
    openapi_extra=_DOCUMENT,
)
async def save_draft(
    key: Key,
    request: Request,
    services: ServicesDep,
    caller: Marketer,
    if_match: Annotated[
        str | None, Header(description="The `etag` of what is replaced; none to begin a rule")
    ] = None,
) -> dict[str, Any]:
    """Keep a draft. It may have errors; only publishing needs a rule without any."""
    body = await read_body(request)
    return await run_in_threadpool(
        services.rules.save_draft, key, body, etag=etag_of(if_match), by=caller.name
    )


@router.delete("/{key}/draft", responses={204: {"description": "Nothing is left"}, **responses(*_WRITE)})
def delete_draft(key: Key, services: ServicesDep, caller: Marketer) -> Json:
    """Throw a draft away."""
    left = services.rules.delete_draft(key, by=caller.name)
    return Response(status_code=204) if left is None else left


@router.get("/{key}/publication", dependencies=[Depends(PUBLISHER)], responses=responses(*_WRITE, "no-draft"))
def publication(
    key: Key,
    services: ServicesDep,
    version: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Going back to it, in place of the draft")
    ] = None,
) -> dict[str, Any]:
    """Return what publishing the draft would mean, or going back to a version."""
    return services.publish.publication(key, version)


@router.post(
    "/{key}/publish",
    responses=responses(*_WRITE, "no-draft", "draft-changed", "approval-required", "rule-not-ready"),
    openapi_extra=documented(Publication, {"past": "skip"}),
)
def publish(
    key: Key,
    services: ServicesDep,
    caller: Publisher,
    how: Annotated[Publication, Depends(body_of(Publication))],
) -> dict[str, Any]:
    """Bring the draft into force."""
    services.publish.publish(
        key, past=how.past, per_hour=how.per_hour, in_flight=how.in_flight, by=caller.name
    )
    return services.rules.detail(key)


@router.post(
    "/{key}/roll-back",
    responses=responses(*_WRITE, "wrong-status", "approval-required", "rule-not-ready", "invalid-request"),
    openapi_extra=documented(RollBack, {"version": 2}),
)
def roll_back(
    key: Key,
    services: ServicesDep,
    caller: Publisher,
    how: Annotated[RollBack, Depends(body_of(RollBack))],
) -> dict[str, Any]:
    """Bring what an older version says into force again, as a new version."""
    choice = Choice(how.past, how.per_hour, how.in_flight)
    approves = caller.role in APPROVER.roles
    services.publish.roll_back(key, how.version, choice, by=caller.name, approves=approves)
    return services.rules.detail(key)


@router.post("/{key}/pause", responses=responses(*_WRITE, "wrong-status"))
def pause(key: Key, services: ServicesDep, caller: Publisher) -> dict[str, Any]:
    """Suppress the rule's triggers; waits that run go on."""
    services.publish.pause(key, by=caller.name)
    return services.rules.detail(key)


@router.post("/{key}/resume", responses=responses(*_WRITE, "wrong-status"))
def resume(key: Key, services: ServicesDep, caller: Publisher) -> dict[str, Any]:
    """Let a paused rule go on."""
    services.publish.resume(key, by=caller.name)
    return services.rules.detail(key)


@router.get("/{key}/versions", dependencies=[Depends(PERSON)], responses=_READ)
def versions(key: Key, services: ServicesDep) -> dict[str, Any]:
    """Return every published version, newest first."""
    return {"items": services.rules.versions(key)}
