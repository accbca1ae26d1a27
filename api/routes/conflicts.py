"""Rules that get in each other's way."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query

from api.deps import PERSON, ServicesDep
from api.errors import responses
from api.wire.body import Body, body_of, documented

router = APIRouter(prefix="/v1/rule-conflicts", tags=["rules"])
check_router = APIRouter(prefix="/v1/rules/check-conflicts", tags=["rules"])

_EXAMPLE: Final[dict[str, Any]] = {
    "document": {
        "language": 1,
        "key": "no-newcomer",
        "name": {"en": "No newcomer any more", "zh-Hans": "不再是新人"},
        "when": {"type": "event", "event": "Order Completed"},
        "then": [{"type": "remove_tag", "tag": "newcomer"}],
    }
}


class Draft(Body):
    """A rule that isn't in force yet.

    Attributes:
        document: The rule document.
    """

    document: dict[str, Any]


@router.get("", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "invalid-request"))
def conflicts(
    services: ServicesDep,
    after: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Return a page of the conflicts between all rules in force, each with who shows it."""
    return services.conflicts.page(after, limit)


@check_router.post(
    "",
    dependencies=[Depends(PERSON)],
    responses=responses(
        "unauthenticated", "malformed-json", "invalid-request", "too-large", "rule-not-ready"
    ),
    openapi_extra=documented(Draft, _EXAMPLE),
)
def check_conflicts(services: ServicesDep, said: Annotated[Draft, Depends(body_of(Draft))]) -> dict[str, Any]:
    """Return the conflicts that a draft would have with the rules in force."""
    return services.conflicts.of_draft(said.document)
