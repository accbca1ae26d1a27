"""Benefit research, and the public text of rules."""

from typing import Any

from fastapi import APIRouter, Depends

from api.deps import PERSON, RULE, ServicesDep
from api.errors import responses
from api.routes.rules import Key

router = APIRouter(prefix="/v1", tags=["rules"])


@router.get(
    "/benefits/ranking", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "forbidden")
)
def ranking(services: ServicesDep) -> dict[str, Any]:
    """Return the benefits that members rated, the most valued first."""
    return services.research.ranking()


@router.get(
    "/rules/{key}/public-text",
    dependencies=[Depends(RULE)],
    responses=responses("unauthenticated", "forbidden", "not-found", "rule-not-ready"),
)
def public_text(key: Key, services: ServicesDep) -> dict[str, Any]:
    """Return what members must be told of a rule, with every limit, in three languages."""
    return services.public_texts.of(key)
