"""Why a rule did or didn't fire for a member: at an instant, or on a day of the member's."""

import re
from datetime import date, timedelta
from typing import Any, Final

from api.clock import Clock
from api.service.identity import home_of
from api.service.moments import Moment, home_at
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.why import why
from api.service.why_wording import told
from api.store import members
from api.store.database import Database
from engine.errors import InvalidValue
from engine.schedule import at_local
from engine.timers import zone_of
from engine.values import Instant, parse_instant

Json = dict[str, Any]
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Whys:
    """Answers why."""

    def __init__(self, database: Database, rulebook: Rulebook, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._clock = clock

    def explain(self, member: str, rule: str, at: str | None) -> Json:
        """Return why a rule fired for a member, or didn't, as a Why of docs/http-api.md.

        Args:
            member: Key or id of the member, or the key of one that is a part of it by now: it answers for
                itself until then, and for the whole from then on.
            rule: Key of the rule.
            at: RFC 3339 instant, or a day `YYYY-MM-DD` of the member's zone; None for now.

        Raises:
            Refusal: `not-found`: no such member, no such rule, or nothing was known of the member then.
                `invalid-request`: `at` can't be read, or has yet to come.
        """
        with self._database.read() as connection:
            home = home_of(connection, member)
            state = members.load(connection, [home])[home].state
            if state.sequence == 0:
                raise Refusal("not-found", "There is no such member.")
            newest = self._rulebook.index()
            if rule not in newest.rules.standing:
                raise Refusal("not-found", f"No rule {rule!r} was ever published.")
            zone = zone_of(state, newest)
            since, until = _span(at, zone, self._clock.now())
            asked = home_at(connection, member, Moment(until))
            found = why(connection, self._rulebook, asked, rule, since, until)
        return told(asked, found, zone, newest)


def _span(at: str | None, zone: str, now: Instant) -> tuple[Instant, Instant]:
    """Return the first and the last instant that is asked about."""
    if at is None:
        return now, now
    try:
        if _DAY.fullmatch(at):
            day = date.fromisoformat(at)
            since, until = _midnight(day, zone), _midnight(day + timedelta(days=1), zone) - 1
        else:
            since = until = parse_instant(at)
    except (InvalidValue, ValueError, OverflowError) as error:
        raise _unread("at is a day like 2026-11-21, or an instant like 2026-11-21T10:00:00Z.") from error
    if since > now:
        raise _unread("at has yet to come; ask about the past, or leave it out for now.")
    return since, min(until, now)


def _midnight(day: date, zone: str) -> Instant:
    found = at_local(day, "00:00", zone)
    if found is None:
        raise InvalidValue(f"{day} is out of range")
    return found


def _unread(what: str) -> Refusal:
    return Refusal("invalid-request", what, [Finding("/at", what)])
