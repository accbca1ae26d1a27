"""How many members a condition is true of, while it is being written."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends

from api.deps import RULE, ServicesDep
from api.errors import responses
from api.wire.body import Body, body_of, documented, json_body
from api.wire.exact import Json

router = APIRouter(prefix="/v1/audience", tags=["rules"])


class Asked(Body):
    """A condition about members; none is everybody."""

    condition: dict[str, Any] | None = None


_EXAMPLE: Final = {"condition": {"type": "compare", "fact": "member.city", "op": "eq", "value": "Hangzhou"}}


@router.post(
    "",
    dependencies=[Depends(RULE)],
    openapi_extra=documented(Asked, _EXAMPLE),
    responses=responses("unauthenticated", "forbidden", "invalid-request"),
)
def audience(services: ServicesDep, asked: Annotated[Asked, Depends(body_of(Asked))]) -> dict[str, Any]:
    """Return about how many members there are, at once, and exactly how many as soon as that is counted.

    Ask again until `exact` is there; it is counted once for everybody who asks the same.
    """
    return services.audiences.ask(asked.condition)


@router.post(
    "/check",
    dependencies=[Depends(RULE)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {}, "example": _EXAMPLE["condition"]}},
        }
    },
    responses=responses("unauthenticated", "forbidden", "malformed-json", "too-large"),
)
def check(services: ServicesDep, said: Annotated[Json, Depends(json_body)]) -> dict[str, Any]:
    """Return what is wrong with a condition about members, and how it reads. A bad one is no error here."""
    return services.audiences.check(said)
