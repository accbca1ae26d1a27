"""The approval of drafts by a second person, and whether publishing needs it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path
from pydantic import Field

from api.deps import ADMINISTRATOR, APPROVER, MARKETER, Caller, ServicesDep
from api.errors import responses
from api.wire.body import Body, body_of, documented, etag_of

router = APIRouter(tags=["rules"])
Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
IfMatch = Annotated[str | None, Header(description="The `etag` of the draft that was looked at")]

_STEP = ("unauthenticated", "forbidden", "cross-origin", "no-draft", "wrong-status", "draft-changed")
_ANSWER = responses(*_STEP, "own-draft", "invalid-request", "if-match-required")


class Comment(Body):
    """What somebody says about a draft."""

    comment: str = Field(default="", max_length=2_000)


class Approval(Body):
    """Whether publishing a rule needs the approval of a second person."""

    approval: Literal["required", "optional"]


Said = Annotated[Comment, Depends(body_of(Comment))]


@router.post(
    "/v1/rules/{key}/submit",
    responses=responses(*_STEP, "rule-not-ready", "invalid-request", "if-match-required"),
    openapi_extra=documented(Comment, {"comment": "Ready for the member day."}),
)
def submit(
    key: Key,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(MARKETER)],
    said: Said,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Ask for the draft to be approved."""
    return services.approvals.submit(key, etag=etag_of(if_match), comment=said.comment, by=caller.name)


@router.post(
    "/v1/rules/{key}/approve",
    responses=_ANSWER,
    openapi_extra=documented(Comment, {"comment": "Good."}),
)
def approve(
    key: Key,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(APPROVER)],
    said: Said,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Approve the draft, which somebody else has written."""
    return services.approvals.approve(key, etag=etag_of(if_match), comment=said.comment, by=caller.name)


@router.post(
    "/v1/rules/{key}/send-back",
    responses=_ANSWER,
    openapi_extra=documented(Comment, {"comment": "Twenty points are too many."}),
)
def send_back(
    key: Key,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(APPROVER)],
    said: Said,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Send the draft back to who wrote it, and say why."""
    return services.approvals.send_back(key, etag=etag_of(if_match), comment=said.comment, by=caller.name)


@router.put(
    "/v1/programme/approval",
    responses=responses("unauthenticated", "forbidden", "cross-origin", "invalid-request"),
    openapi_extra=documented(Approval, {"approval": "required"}),
)
def demand(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(ADMINISTRATOR)],
    said: Annotated[Approval, Depends(body_of(Approval))],
) -> dict[str, Any]:
    """Say whether a rule is published only when a second person has approved it."""
    services.definitions.demand_approval(said.approval, by=caller.name)
    return said.model_dump()
