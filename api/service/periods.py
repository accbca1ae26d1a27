"""The period that somebody asks about."""

from typing import Final

from api.service.refusal import Finding, Refusal
from api.store.key_figures import Period
from engine.errors import InvalidValue
from engine.schedule import DAY
from engine.values import Instant, parse_instant

_DAYS: Final = 30


def asked_period(since: str | None, until: str | None, now: Instant) -> Period:
    """Return the period of a request.

    Args:
        since: RFC 3339 instant at which it begins; None for 30 days before its end.
        until: RFC 3339 instant that it ends before; None for now.
        now: The present instant.

    Raises:
        Refusal: `invalid-request`.
    """
    end = _instant("until", until) if until else now
    begin = _instant("from", since) if since else end - _DAYS * DAY
    if begin >= end:
        raise Refusal("invalid-request", "See errors.", [Finding("/query/from", "must be before until")])
    return Period(begin, end)


def _instant(name: str, said: str) -> Instant:
    try:
        return parse_instant(said)
    except (InvalidValue, OverflowError) as error:
        raise Refusal("invalid-request", "See errors.", [Finding(f"/query/{name}", str(error))]) from error
