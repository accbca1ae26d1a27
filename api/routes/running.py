"""Is it alive, is it ready, what does it count."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.deps import ANYONE, METRICS, PERSON, ServicesDep
from api.errors import responses

router = APIRouter(tags=["running"])


@router.get("/healthz", dependencies=[Depends(ANYONE)])
async def healthz() -> dict[str, Any]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[Depends(ANYONE)], responses=responses("unavailable"))
def readyz(services: ServicesDep) -> dict[str, Any]:
    """Say whether events can be taken in: the database can be read."""
    services.people.ready()
    return {"status": "ready"}


@router.get(
    "/metrics",
    dependencies=[Depends(METRICS)],
    include_in_schema=False,
    responses=responses("unauthenticated"),
)
def metrics() -> Response:
    """Return what is counted, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/openapi.json", dependencies=[Depends(PERSON)], include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """Return the OpenAPI description, to whoever is signed in."""
    described: dict[str, Any] = request.app.openapi()
    return described
