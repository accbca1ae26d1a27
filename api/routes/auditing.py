"""What people changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from api.deps import AUDIT, Caller, ServicesDep
from api.errors import responses
from api.service.auditing import Filters, Form
from engine.values import MAX_INT

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Text = Annotated[str | None, Query(max_length=255)]
At = Annotated[str | None, Query(max_length=40, description="RFC 3339 instant")]
_READ = responses("unauthenticated", "forbidden", "invalid-request")
_MEDIA: dict[Form, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


def filters(
    by: Text = None,
    action: Text = None,
    subject: Text = None,
    since: Annotated[str | None, Query(alias="from", max_length=40, description="RFC 3339 instant")] = None,
    until: At = None,
) -> Filters:
    """Return which entries are asked for."""
    return Filters(by, action, subject, since, until)


Wanted = Annotated[Filters, Depends(filters)]


@router.get("", dependencies=[Depends(AUDIT)], responses=_READ)
def entries(
    services: ServicesDep,
    wanted: Wanted,
    before: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """Return what people changed, newest first: who, when, what, from what to what."""
    return services.auditing.page(wanted, before=before, limit=limit)


@router.get(
    ".csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "A line for each entry"}, **_READ},
)
def table(
    services: ServicesDep, wanted: Wanted, caller: Annotated[Caller, Depends(AUDIT)]
) -> StreamingResponse:
    """Return what people changed as a table. That it was taken is written down."""
    return _file(services, wanted, "csv", caller)


@router.get(
    ".jsonl",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/jsonl": {}}, "description": "An entry on each line"}, **_READ},
)
def lines(
    services: ServicesDep, wanted: Wanted, caller: Annotated[Caller, Depends(AUDIT)]
) -> StreamingResponse:
    """Return what people changed as lines of JSON. That it was taken is written down."""
    return _file(services, wanted, "jsonl", caller)


def _file(services: ServicesDep, wanted: Filters, form: Form, caller: Caller) -> StreamingResponse:
    pieces = services.auditing.export(wanted, form, by=caller.name)
    headers = {"Content-Disposition": f'attachment; filename="audit.{form}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type=_MEDIA[form], headers=headers)
