"""Back-tests: what another rule set would have done with what happened."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.deps import MARKETER, RULE, Caller, ServicesDep
from api.errors import responses
from api.service.backtest_plan import Wanted
from api.service.refusal import Finding, Refusal
from api.wire.body import Body, body_of, documented
from engine.errors import InvalidValue
from engine.values import Instant, parse_instant

router = APIRouter(prefix="/v1/backtests", tags=["backtests"])
_Key = Annotated[str, Field(min_length=1, max_length=64)]


class Asked(Body):
    """What is to be back-tested.

    Attributes:
        drafts: Rule documents, and keys of rules whose saved draft is meant; they are in force from the
            beginning of the range, in the place of what was published.
        without: Keys of rules that are left out.
        others: What holds of all other rules.
        from_: RFC 3339 instant at which the range begins; none is the beginning of the log.
        until: RFC 3339 instant at which it ends; none is now.
    """

    drafts: list[_Key | dict[str, Any]] = Field(default=[], max_length=500)
    without: list[_Key] = Field(default=[], max_length=500)
    others: Literal["as_they_were", "as_they_are", "none"] = "as_they_were"
    from_: str | None = Field(default=None, alias="from", max_length=64)
    until: str | None = Field(default=None, max_length=64)


@router.post(
    "",
    status_code=202,
    openapi_extra=documented(Asked, {"drafts": ["win-back-90d"], "from": "2026-08-01T00:00:00+08:00"}),
    responses=responses(
        "unauthenticated", "forbidden", "cross-origin", "invalid-request", "no-draft", "rule-not-ready"
    ),
)
def start(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(MARKETER)],
    asked: Annotated[Asked, Depends(body_of(Asked))],
) -> dict[str, Any]:
    """Begin a back-test."""
    wanted = Wanted(
        asked.drafts,
        asked.without,
        asked.others,
        _instant("/from", asked.from_),
        _instant("/until", asked.until),
    )
    return services.backtests.start(wanted, by=caller.name)


@router.get("", dependencies=[Depends(RULE)], responses=responses("unauthenticated", "forbidden"))
def newest(
    services: ServicesDep, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, list[dict[str, Any]]]:
    """Return the back-tests that were asked for last, newest first, without their reports."""
    return {"items": services.backtests.newest(limit)}


@router.get(
    "/{backtest}",
    dependencies=[Depends(RULE)],
    responses=responses("unauthenticated", "forbidden", "not-found"),
)
def backtest(backtest: str, services: ServicesDep) -> dict[str, Any]:
    """Return a back-test, running or ended."""
    return services.backtests.one(backtest)


@router.delete(
    "/{backtest}",
    responses=responses("unauthenticated", "forbidden", "cross-origin", "not-found"),
)
def cancel(
    backtest: str, services: ServicesDep, caller: Annotated[Caller, Depends(MARKETER)]
) -> dict[str, Any]:
    """End a back-test that runs."""
    return services.backtests.cancel(backtest, by=caller.name)


def _instant(path: str, text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except InvalidValue as error:
        raise Refusal("invalid-request", "See errors.", [Finding(path, str(error))]) from error
