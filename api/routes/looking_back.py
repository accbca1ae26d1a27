"""Rules and definitions as they were in force at a past instant."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from api.deps import PERSON, ServicesDep
from api.errors import responses

router = APIRouter(prefix="/v1/in-force", tags=["rules"], dependencies=[Depends(PERSON)])
AsOf = Annotated[str, Query(max_length=40, description="RFC 3339 instant, not after now")]
Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


@router.get("/rules", responses=responses("unauthenticated", "invalid-request"))
def rules(services: ServicesDep, as_of: AsOf) -> dict[str, Any]:
    """Return the rules that were in force at an instant."""
    return services.looking_back.rules(as_of)


@router.get("/rules/{key}", responses=responses("unauthenticated", "invalid-request", "not-found"))
def rule(key: Key, services: ServicesDep, as_of: AsOf) -> dict[str, Any]:
    """Return the version of a rule that was in force at an instant."""
    return services.looking_back.rule(key, as_of)


@router.get("/definitions", responses=responses("unauthenticated", "invalid-request"))
def definitions(services: ServicesDep, as_of: AsOf) -> dict[str, Any]:
    """Return what rules could speak of at an instant."""
    return services.looking_back.definitions(as_of)
