"""How the programme is today, how campaigns and rules go, key figures, and what partners owe."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.deps import PERSON, Caller, ServicesDep
from api.errors import responses
from api.store.key_figures import Group

router = APIRouter(prefix="/v1", tags=["figures"])


@router.get("/today", responses=responses("unauthenticated", "forbidden"))
def today(services: ServicesDep, caller: Annotated[Caller, Depends(PERSON)]) -> dict[str, Any]:
    """Return how the programme is today, beside yesterday and the last 30 days, and what needs somebody."""
    return services.today.told(caller.name)


@router.get("/campaigns", dependencies=[Depends(PERSON)], responses=responses("unauthenticated", "forbidden"))
def campaigns(services: ServicesDep) -> dict[str, Any]:
    """Return every campaign with whom it reached."""
    return {"items": services.campaigns.campaigns()}


@router.get(
    "/campaigns/{key}/report",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "forbidden", "not-found"),
)
def report(key: str, services: ServicesDep) -> dict[str, Any]:
    """Return how a campaign goes: reached, delivered, redeemed, revenue, cost, and whether it worked."""
    return services.campaigns.report(key)


@router.get(
    "/rules/{key}/report",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "forbidden", "not-found"),
)
def report_of_rule(key: str, services: ServicesDep) -> dict[str, Any]:
    """Return how one rule goes, over all its versions."""
    return services.campaigns.of_rule(key)


@router.get(
    "/partners/settlement",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "forbidden", "invalid-request"),
)
def settlement(
    services: ServicesDep,
    since: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
) -> dict[str, Any]:
    """Return what each partner owes of a period for the coupons whose cost it shares."""
    return services.partners.settlement(since, until)


@router.get(
    "/partners/settlement.csv",
    dependencies=[Depends(PERSON)],
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The table."},
        **responses("unauthenticated", "forbidden", "invalid-request"),
    },
    response_class=Response,
)
def settlement_table(
    services: ServicesDep,
    since: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Return what each partner owes of a period as a table, a line for each coupon."""
    return Response(
        services.partners.settlement_csv(since, until),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="settlement.csv"'},
    )


@router.get(
    "/figures",
    dependencies=[Depends(PERSON)],
    responses=responses("unauthenticated", "forbidden", "invalid-request"),
)
def figures(
    services: ServicesDep,
    since: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
    tag: Annotated[str | None, Query(max_length=64)] = None,
    tier: Annotated[str | None, Query(max_length=64)] = None,
    segment: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Return the key figures of a period: of everybody, or of those with a tag, on a level, in a segment."""
    return services.key_figures.of(
        since, until, Group(tag=tag or None, tier=tier or None, segment=segment or None)
    )
