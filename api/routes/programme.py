"""What holds for the whole programme."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from api.deps import ADMINISTRATOR, PERSON, Caller, ServicesDep
from api.errors import responses
from api.wire.body import Body, body_of, documented
from engine.language.benefits import Name

router = APIRouter(prefix="/v1", tags=["programme"])


class Programme(Body):
    """What holds for the whole programme; what isn't told stays.

    Attributes:
        name: What it is called in messages, by language.
        zone: IANA zone of its clock, and of members who told none.
        currency: What amounts are in when nothing else is said.
        late_after_hours: From which delay on an event is late.
        returns_days: How long an order is remembered, so that its refund takes back what it gave.
    """

    name: Name | None = None
    zone: str | None = Field(default=None, min_length=1, max_length=64)
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    late_after_hours: int | None = Field(default=None, ge=1, le=8760)
    returns_days: int | None = Field(default=None, ge=1, le=3650)


@router.get("/settings", dependencies=[Depends(PERSON)], responses=responses("unauthenticated"))
def settings(services: ServicesDep) -> dict[str, Any]:
    """Return what holds for the whole programme: what people decide, and what the operator decided."""
    return services.settings.told()


@router.put(
    "/programme",
    openapi_extra=documented(
        Programme,
        {"name": {"en": "Corner shop", "zh-Hans": "街角小店"}, "zone": "Asia/Shanghai", "currency": "CNY"},
    ),
    responses=responses("unauthenticated", "forbidden", "cross-origin", "invalid-request"),
)
def change(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(ADMINISTRATOR)],
    said: Annotated[Programme, Depends(body_of(Programme))],
) -> dict[str, Any]:
    """Change what holds for the whole programme."""
    told = said.model_dump(mode="json", exclude_none=True)
    return services.settings.change(told, by=caller.name)
