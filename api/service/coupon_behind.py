"""The coupon that a message tells of: issued with it, or before on the way of the same journey."""

from typing import Any, Final

from api.store import coupons, decisions, log, merging
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
    if properties.get("timer") == "message":  # it was asked for before quiet hours held it
        asked = log.entry_in(connection, entry.event.member, properties["mark"])
        if asked is not None and asked.event.kind != "merge":
            return _behind(connection, one, asked)
    resumed = [outcome for outcome in own if outcome["result"] == "resumed"]
    if not resumed:
        return None
    number = properties.get("mark") if properties.get("timer") == "wait" else resumed[-1].get("enrolment")
    since = _began(connection, entry.event.member, number)
    return coupons.last_issued(connection, one.member, one.rule, since=since, before=entry.sequence)


def _issued(outcomes: list[dict[str, Any]]) -> list[Issued]:
    return [
        Issued(effect["coupon"], effect["code"], effect.get("expires_at"))
        for outcome in outcomes
        for effect in outcome.get("effects", [])
        if effect["type"] == _ISSUES
    ]


def _began(connection: Connection, member: str, number: int | None) -> int:
    """Return the global sequence of the entry with which a rule began; 0 where it may be another log's."""
    if not number or number < 0 or merging.parts(connection, member):
        return 0
    began = log.entry_in(connection, member, number)
    return began.sequence if began is not None else 0
