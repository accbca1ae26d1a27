"""What people changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.deps import AUDIT, ServicesDep
from api.errors import responses
from engine.values import MAX_INT

router = APIRouter(prefix="/v1/audit", tags=["audit"], dependencies=[Depends(AUDIT)])


@router.get("", responses=responses("unauthenticated", "forbidden", "invalid-request"))
def entries(
    services: ServicesDep,
    before: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """Return what people changed in rules and definitions, newest first: who, when, from what to what."""
    return services.auditing.page(before=before, limit=limit)
