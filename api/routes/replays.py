"""Replays: decide again, and compare."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import Field

from api.deps import AUDIT, Caller, ServicesDep
from api.errors import responses
from api.service.refusal import Finding, Refusal
from api.service.replay_report import Asked
from api.wire.body import Body, body_of, documented
from engine.errors import InvalidValue
from engine.values import Instant, parse_instant

router = APIRouter(prefix="/v1/replays", tags=["replays"])

_MOST: Final = 2**63 - 1
_EMPTY: Final = {
    "en": "The range is empty: give an end behind its beginning.",
    "zh-Hans": "范围为空：请把结束放在开始之后。",
}
_EXAMPLE: Final = {
    "member": "m-1024",
    "from": "2026-03-01T00:00:00+08:00",
    "until": "2026-03-02T00:00:00+08:00",
}


class Wanted(Body):
    """What is to be decided again: everything, or what every bound that is given admits.

    Attributes:
        member: The log of one member.
        since: RFC 3339 instant: entries that were decided then or after it.
        until: RFC 3339 instant: entries that were decided before it.
        first: Entries from this `sequence` on.
        last: Entries up to this `sequence`.
        strict: Whether to stop at the first difference; all are collected otherwise.
    """

    member: str | None = Field(default=None, min_length=1, max_length=255)
    since: str | None = Field(default=None, alias="from", max_length=40)
    until: str | None = Field(default=None, max_length=40)
    first: int | None = Field(default=None, ge=1, le=_MOST)
    last: int | None = Field(default=None, ge=1, le=_MOST)
    strict: bool = False


@router.post(
    "",
    openapi_extra=documented(Wanted, _EXAMPLE),
    responses=responses("unauthenticated", "forbidden", "cross-origin", "invalid-request"),
)
def start(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(AUDIT)],
    wanted: Annotated[Wanted, Depends(body_of(Wanted))],
) -> dict[str, Any]:
    """Begin a replay."""
    return services.replays.start(_asked(wanted), by=caller.name)


@router.get(
    "/{replay}",
    dependencies=[Depends(AUDIT)],
    responses=responses("unauthenticated", "forbidden", "not-found"),
)
def replay(replay: str, services: ServicesDep) -> dict[str, Any]:
    """Return a replay, running or done."""
    return _found(services.replays.get(replay))


@router.post(
    "/{replay}/cancel",
    responses=responses("unauthenticated", "forbidden", "cross-origin", "not-found", "wrong-status"),
)
def cancel(replay: str, services: ServicesDep, caller: Annotated[Caller, Depends(AUDIT)]) -> dict[str, Any]:
    """End a replay before it is through; what it has found until then is kept."""
    return _found(services.replays.cancel(replay, by=caller.name))


def _found(one: dict[str, Any] | None) -> dict[str, Any]:
    if one is None:
        raise Refusal("not-found", "There is no such replay.")
    return one


def _asked(wanted: Wanted) -> Asked:
    since, until = _instant(wanted.since, "/from"), _instant(wanted.until, "/until")
    if since is not None and until is not None and since >= until:
        raise Refusal("invalid-request", "See errors.", [Finding("/until", _EMPTY)])
    if wanted.first is not None and wanted.last is not None and wanted.first > wanted.last:
        raise Refusal("invalid-request", "See errors.", [Finding("/last", _EMPTY)])
    return Asked(
        member=wanted.member,
        since=since,
        until=until,
        first=wanted.first,
        last=wanted.last,
        strict=wanted.strict,
    )


def _instant(text: str | None, path: str) -> Instant | None:
    try:
        return None if text is None else parse_instant(text)
    except InvalidValue as error:
        raise Refusal("invalid-request", "See errors.", [Finding(path, str(error))]) from error
