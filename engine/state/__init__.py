"""What a member is, by everything that has happened so far.

A `MemberState` is a cache of the fold over the member's log: it can be thrown
away and built again. It is a value: nothing changes one in place; `project`
and the functions here return new ones that share what didn't change.
"""

from engine.state.held import (
    Awarded,
    Consent,
    Coupon,
    Enrolment,
    Held,
    HeldMessage,
    Level,
    Membership,
    Score,
    Told,
)
from engine.state.member import POINTS_AGE, MemberState, changed, pack, unpack
from engine.state.past import Counted, EarlyRefund, Past, remembered, with_firing

__all__ = [
    "POINTS_AGE",
    "Awarded",
    "Consent",
    "Counted",
    "Coupon",
    "EarlyRefund",
    "Enrolment",
    "Held",
    "HeldMessage",
    "Level",
    "MemberState",
    "Membership",
    "Past",
    "Score",
    "Told",
    "changed",
    "pack",
    "remembered",
    "unpack",
    "with_firing",
]
