"""Proofs: signed checkpoints of the log, and that an entry is under one."""

import shutil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.deps import AUDIT, Caller, ServicesDep
from api.errors import responses
from api.service.refusal import Refusal
from engine.errors import InvalidValue
from engine.values import Instant, parse_instant

router = APIRouter(prefix="/v1", tags=["proofs"])
_GUARDED = [Depends(AUDIT)]
_GREATEST = 2**63 - 1
_Size = Annotated[int | None, Query(ge=1, le=_GREATEST)]
_ASKED = ("unauthenticated", "forbidden", "invalid-request")


@router.get("/checkpoints", dependencies=_GUARDED, responses=responses(*_ASKED))
def checkpoints(
    services: ServicesDep, before: _Size = None, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> dict[str, Any]:
    """Return signed checkpoints, newest first."""
    return services.proving.checkpoints(before=before, limit=limit)


@router.get("/checkpoints/latest", dependencies=_GUARDED, responses=responses(*_ASKED, "not-found"))
def latest(services: ServicesDep, since: _Size = None) -> dict[str, Any]:
    """Return the newest checkpoint, and that the tree of the size `since` is its beginning."""
    return services.proving.latest(since)


@router.post(
    "/verification",
    dependencies=_GUARDED,
    responses=responses("unauthenticated", "forbidden", "cross-origin"),
)
def verify(services: ServicesDep) -> dict[str, Any]:
    """Begin to check that nothing stored was changed since it was sealed; one check runs at a time."""
    return services.verification.start()


@router.get("/verification", dependencies=_GUARDED, responses=responses("unauthenticated", "forbidden"))
def verification(services: ServicesDep) -> dict[str, Any]:
    """Return where the last check stands, and what it found."""
    return services.verification.standing()


@router.get("/proofs/{sequence}", dependencies=_GUARDED, responses=responses(*_ASKED, "not-found"))
def proof(sequence: Annotated[int, Path(ge=1, le=_GREATEST)], services: ServicesDep) -> dict[str, Any]:
    """Return what shows that an entry is under the newest checkpoint."""
    return services.proving.proof(sequence)


@router.get(
    "/proofs",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/zip": {}}, "description": "The proof"},
        **responses(*_ASKED, "not-found"),
    },
)
def export(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(AUDIT)],
    member: Annotated[str | None, Query(min_length=1, max_length=255)] = None,
    since: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
) -> FileResponse:
    """Return a proof of entries as a zip file that checks itself."""
    file = services.proving.export(member, _instant(since, "from"), _instant(until, "until"))
    asked = {"member": member, "from": since, "until": until}
    services.auditing.note(
        "proof-exported", "proof", by=caller.name, new={name: one for name, one in asked.items() if one}
    )
    return FileResponse(
        file,
        media_type="application/zip",
        filename="proof.zip",
        background=BackgroundTask(shutil.rmtree, file.parent),
    )


def _instant(text: str | None, name: str) -> Instant | None:
    try:
        return None if text is None else parse_instant(text)
    except InvalidValue as error:
        raise Refusal("invalid-request", f"`{name}`: {error}") from error
