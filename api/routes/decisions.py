"""Decisions, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from api.deps import DECISIONS, ServicesDep
from api.errors import responses
from engine.values import MAX_INT

router = APIRouter(prefix="/v1/decisions", tags=["decisions"], dependencies=[Depends(DECISIONS)])
Text = Annotated[str | None, Query(min_length=1, max_length=255)]


@router.get("", responses=responses("unauthenticated", "forbidden"))
def decisions(
    services: ServicesDep,
    rule: Text = None,
    member: Text = None,
    before: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None,
) -> dict[str, Any]:
    """Return decisions in which a rule had a part, newest first."""
    return services.views.decisions(rule, member, before)


@router.get("/{sequence}", responses=responses("unauthenticated", "forbidden", "not-found"))
def decision(sequence: Annotated[int, Path(ge=1, le=MAX_INT)], services: ServicesDep) -> dict[str, Any]:
    """Return a decision, made again from the log, with every condition and what it read."""
    return services.views.decision(sequence)
