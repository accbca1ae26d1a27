"""The coupon that a message tells of: issued with it, or before on the way of the same journey."""

from typing import Any, Final

from api.service.beginning import asked, began
from api.store import coupons, decisions, log
from api.store.connection import Connection
from api.store.coupons import Issued
from api.store.log import LoggedEntry
from api.store.outbox import Outgoing

_ISSUES: Final = "issue_coupon"


def coupon_behind(connection: Connection, one: Outgoing) -> Issued | None:
    """Return the coupon that goes with a message, or None.

    It is the last one that the message's own rule issues on the entry, or else any rule. A rule that
    has waited issued it earlier: then it is its last one since it began for the member.

    Args:
        connection: Where to read.
        one: The message.
    """
    entry = log.entry_at(connection, one.sequence)
    return _behind(connection, one, entry) if entry is not None else None


def _behind(connection: Connection, one: Outgoing, entry: LoggedEntry) -> Issued | None:
    told = decisions.told_of(connection, entry.sequence)
    own = [outcome for outcome in told.outcomes if outcome["rule"] == one.rule]
    issued = [*_issued(told.outcomes), *_issued(own)]
    if issued:
        return issued[-1]
    properties = entry.event.properties
    before = asked(connection, entry)
    if before is not None:
        return _behind(connection, one, before)
    resumed = [outcome for outcome in own if outcome["result"] == "resumed"]
    if not resumed:
        return None
    number = properties.get("mark") if properties.get("timer") == "wait" else resumed[-1].get("enrolment")
    beginning = began(connection, entry.event.member, number)
    since = 0 if beginning is None else beginning.sequence
    return coupons.last_issued(connection, one.member, one.rule, since=since, before=entry.sequence)


def _issued(outcomes: list[dict[str, Any]]) -> list[Issued]:
    return [
        Issued(effect["coupon"], effect["code"], effect.get("expires_at"))
        for outcome in outcomes
        for effect in outcome.get("effects", [])
        if effect["type"] == _ISSUES
    ]
