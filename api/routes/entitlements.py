"""Entitlements: staff ask whether what was promised is to be kept."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import Field, model_validator

from api.deps import TILL, Caller, ServicesDep
from api.errors import responses
from api.routes.asked import ClientId
from api.service.verifying import Entitlement
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/entitlements", tags=["entitlements"])
Short = Annotated[str, Field(min_length=1, max_length=255)]
_EXAMPLE: Final = {"id": "v-1", "userId": "13800000000", "entitlement": "FREEDRINK", "store": "Xuhui"}


class Question(Body):
    """What staff ask.

    Attributes:
        id: The store's own id of the question; sent again, it is answered once.
        code: Code of a coupon.
        user_id: Id, phone number or e-mail address of the member.
        entitlement: Key of a coupon, a membership or a level; needed without a code.
        store: Which store asks.
    """

    id: ClientId
    code: Short | None = None
    user_id: Short | None = Field(default=None, alias="userId")
    entitlement: Short | None = None
    store: Short | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> "Question":
        if self.code is None and (self.user_id is None or self.entitlement is None):
            raise ValueError("send a code, or a userId and an entitlement")
        return self


@router.post(
    "/verify",
    responses=responses(
        "malformed-json",
        "unauthenticated",
        "forbidden",
        "cross-origin",
        "message-conflict",
        "call-rejected",
        "invalid-request",
        "overloaded",
        "member-held",
    ),
    openapi_extra=documented(Question, _EXAMPLE),
)
def verify(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(TILL)],
    said: Annotated[Question, Depends(body_of(Question))],
) -> dict[str, Any]:
    """Return whether a member is entitled; *Entitlement Verified* or *Refused* happens to the member."""
    asked = Entitlement(said.id, said.code, said.user_id, said.entitlement, said.store)
    return services.verifying.verify(asked, source=caller.source or "studio", by=caller.name)
