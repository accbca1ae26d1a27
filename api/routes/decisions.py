"""Decisions, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from api.deps import DECISIONS, ServicesDep
from api.errors import responses
from api.service.decision_search import Filters, Outcomes
from engine.values import MAX_INT

router = APIRouter(prefix="/v1/decisions", tags=["decisions"], dependencies=[Depends(DECISIONS)])
Text = Annotated[str | None, Query(min_length=1, max_length=255)]
At = Annotated[str | None, Query(max_length=40, description="RFC 3339 instant")]


def filters(
    rule: Text = None,
    member: Text = None,
    since: Annotated[str | None, Query(alias="from", max_length=40, description="RFC 3339 instant")] = None,
    until: At = None,
    outcome: Outcomes | None = None,
) -> Filters:
    """Return which decisions are asked for."""
    return Filters(rule, member, since, until, outcome)


@router.get("", responses=responses("unauthenticated", "forbidden", "invalid-request"))
def decisions(
    services: ServicesDep,
    wanted: Annotated[Filters, Depends(filters)],
    before: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None,
) -> dict[str, Any]:
    """Return decisions by rule, member, instant and what came of them, newest first."""
    return services.views.decisions(wanted, before)


@router.get("/{sequence}", responses=responses("unauthenticated", "forbidden", "not-found"))
def decision(sequence: Annotated[int, Path(ge=1, le=MAX_INT)], services: ServicesDep) -> dict[str, Any]:
    """Return a decision, made again from the log, with every condition and what it read."""
    return services.views.decision(sequence)
