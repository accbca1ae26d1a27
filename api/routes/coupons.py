"""Coupons: whether one is valid, withdrawing one, issuing many, and pools of imported codes."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import Field, model_validator
from starlette.concurrency import run_in_threadpool

from api.deps import GIVING, MARKETER, PERSON, QUOTES, Caller, Services, ServicesDep
from api.errors import responses
from api.routes.asked import MemberId, Why, asked, source_of
from api.service.issuing import PAGE, Issue
from api.service.pools import Form
from api.service.refusal import Refusal
from api.wire.answers import read_apart
from api.wire.body import Body, body_of, documented
from engine.events import COUPON_VOIDING

router = APIRouter(prefix="/v1/coupons", tags=["coupons"])
Giver = Annotated[Caller, Depends(GIVING)]
MAX_POOL: Final = 128_000_000
"""Bytes of codes that one request may bring; they are never in memory all at once."""

_FORMS: Final[dict[str, Form]] = {
    "text/csv": "csv",
    "text/plain": "csv",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}
_READ: Final = ("unauthenticated", "forbidden", "not-found", "invalid-request")
_WRITE: Final = ("malformed-json", "unauthenticated", "forbidden", "cross-origin", "invalid-request")
_TAKEN_IN: Final = (
    "not-found",
    "message-conflict",
    "call-rejected",
    "overloaded",
    "member-held",
    "unavailable",
)
_CODES: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "code\nSPRING-7K2Q\nSPRING-9XM4\n"},
            "application/jsonl": {"schema": {"type": "string"}, "example": '"SPRING-7K2Q"\n"SPRING-9XM4"\n'},
        },
    }
}


class Shown(Body):
    """A coupon that somebody shows.

    Attributes:
        code: Its code.
        user_id: Who shows it, if that is known.
        order: The order it is to be used on, if that is known.
    """

    code: str = Field(min_length=1, max_length=64)
    user_id: MemberId | None = Field(default=None, alias="userId")
    order: dict[str, Any] | None = None


class Voiding(Body):
    """Whose coupon is withdrawn, and why."""

    user_id: MemberId = Field(alias="userId")
    why: Why


class Issuance(Body):
    """A coupon for many members.

    Attributes:
        coupon: Key of the definition.
        batch: The client's own id of it. Each member gets one coupon for it, however often it is sent.
        user_ids: The members, up to 10,000; or
        tag: the tag that they have on.
        after: With `tag`: `next` of the answer before.
        why: Why, for the log.
    """

    coupon: str = Field(min_length=1, max_length=64)
    batch: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
    user_ids: list[MemberId] | None = Field(default=None, alias="userIds", min_length=1, max_length=PAGE)
    tag: str | None = Field(default=None, min_length=1, max_length=64)
    after: str | None = Field(default=None, min_length=1, max_length=255)
    why: Why

    @model_validator(mode="after")
    def _to_some(self) -> "Issuance":
        if (self.user_ids is None) == (self.tag is None):
            raise ValueError("send either userIds or tag")
        if self.after is not None and self.tag is None:
            raise ValueError("after goes with tag")
        return self


@router.post(
    "/validate",
    dependencies=[Depends(QUOTES)],
    responses=responses("malformed-json", "unauthenticated", "forbidden", "invalid-request"),
    openapi_extra=documented(
        Shown,
        {"code": "8ZK4M0Q1TW3RA", "userId": "m-1024", "order": {"total": 412.5, "currency": "CNY"}},
    ),
)
async def validate(services: ServicesDep, shown: Annotated[Shown, Depends(body_of(Shown))]) -> dict[str, Any]:
    """Return whether a coupon can be used, and what it takes off; or why it can't. Nothing is written."""
    return await read_apart(services.redemptions.validate, shown.code, shown.user_id, shown.order)


@router.post(
    "/issue",
    responses=responses(*_WRITE, "not-found", "too-large", "overloaded", "unavailable"),
    openapi_extra=documented(
        Issuance,
        {"coupon": "SPRING", "batch": "spring-2026", "userIds": ["m-1024", "m-1025"], "why": "Spring"},
    ),
)
def issue(
    services: ServicesDep, caller: Giver, wanted: Annotated[Issuance, Depends(body_of(Issuance))]
) -> dict[str, Any]:
    """Issue a coupon to up to 10,000 members at once. Sent again, nobody gets a second one."""
    what = Issue(wanted.coupon, wanted.batch, wanted.why, source_of(caller))
    if wanted.tag is not None:
        return services.issuing.to_holders(what, wanted.tag, wanted.after)
    return services.issuing.to_members(what, wanted.user_ids or [])


@router.post(
    "/{code:path}/void",
    responses=responses(*_WRITE, *_TAKEN_IN),
    openapi_extra=documented(Voiding, {"userId": "m-1024", "why": "Issued by mistake"}),
)
async def void(
    code: str, services: ServicesDep, caller: Giver, voiding: Annotated[Voiding, Depends(body_of(Voiding))]
) -> dict[str, Any]:
    """Withdraw a coupon. One that is set aside or was used isn't withdrawn."""
    properties = {"code": code, "why": voiding.why}
    return await asked(services, caller, COUPON_VOIDING, f"void:{code}", voiding.user_id, properties)


@router.post(
    "/{coupon}/pool",
    responses=responses(*_READ, "cross-origin", "too-large", "unsupported-encoding", "unavailable"),
    openapi_extra=_CODES,
)
async def add_to_pool(
    coupon: str,
    request: Request,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(MARKETER)],
) -> dict[str, Any]:
    """Add codes that were made elsewhere to a coupon's pool, one on each line, as many as you like.

    They are added as they arrive. If it breaks off, send it again: known codes are passed over.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal("unsupported-encoding", "Send the codes as they are.")
    told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = _FORMS.get(told)
    if form is None:
        raise Refusal("invalid-request", f"Send one code on each line, as one of {', '.join(_FORMS)}.")
    importing = await run_in_threadpool(services.pools.importing, coupon, form, by=caller.name)
    async for part in request.stream():
        await run_in_threadpool(importing.feed, part)
    return await run_in_threadpool(importing.finish)


@router.get("/{coupon}/pool", dependencies=[Depends(PERSON)], responses=responses(*_READ))
def pool(coupon: str, services: ServicesDep) -> dict[str, Any]:
    """Return how many codes of a coupon's pool can still be issued."""
    return services.pools.left(coupon)


_shown = body_of(Shown)


async def _validate(request: Request, services: Services, _caller: Caller) -> dict[str, Any]:
    return await validate(services, await _shown(request))


ENDPOINTS: Final = {f"{router.prefix}/validate": (QUOTES, _validate)}
"""Who may POST to an address, and who answers: as the routes above, for the shortcut past the framework."""
