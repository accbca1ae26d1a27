"""What a decision asks for, with every value concrete.

The template it was made from is an action (`engine.language.actions`). Each
effect has an `id` derived from its place in the log, so that carrying it out
twice can be noticed.
"""

from engine.effects.acts import CallWebhook, OpenTask, SendMessage, StartWait, TakeBranch, TellMember
from engine.effects.base import Effect, OfUnit
from engine.effects.coupons import DrawPrize, EndCoupon, IssueCoupon, RestoreCoupon
from engine.effects.standing import (
    AbsorbMember,
    BeginWhile,
    ChangeScore,
    ChangeTier,
    EndMembership,
    EndWhile,
    EnterSegment,
    EraseMember,
    LeaveSegment,
    StartMembership,
)
from engine.effects.tags import AddTag, ReleaseTag, RemoveTag
from engine.effects.units import (
    ActivatePoints,
    AwardPoints,
    CloseHold,
    ExpirePoints,
    Hold,
    MultiplyPoints,
    RestorePoints,
    ReversePoints,
    SpendPoints,
)

__all__ = [
    "AbsorbMember",
    "ActivatePoints",
    "AddTag",
    "AnyEffect",
    "AwardPoints",
    "BeginWhile",
    "CallWebhook",
    "ChangeScore",
    "ChangeTier",
    "CloseHold",
    "DrawPrize",
    "Effect",
    "EndCoupon",
    "EndMembership",
    "EndWhile",
    "EnterSegment",
    "EraseMember",
    "ExpirePoints",
    "Hold",
    "IssueCoupon",
    "LeaveSegment",
    "MultiplyPoints",
    "OfUnit",
    "OpenTask",
    "ReleaseTag",
    "RemoveTag",
    "RestoreCoupon",
    "RestorePoints",
    "ReversePoints",
    "SendMessage",
    "SpendPoints",
    "StartMembership",
    "StartWait",
    "TakeBranch",
    "TellMember",
]

AnyEffect = (
    AddTag
    | ReleaseTag
    | RemoveTag
    | AwardPoints
    | MultiplyPoints
    | SpendPoints
    | Hold
    | CloseHold
    | ActivatePoints
    | ExpirePoints
    | ReversePoints
    | RestorePoints
    | IssueCoupon
    | EndCoupon
    | RestoreCoupon
    | ChangeTier
    | StartMembership
    | EndMembership
    | DrawPrize
    | OpenTask
    | TellMember
    | SendMessage
    | CallWebhook
    | StartWait
    | EnterSegment
    | LeaveSegment
    | ChangeScore
    | BeginWhile
    | EndWhile
    | AbsorbMember
    | EraseMember
    | TakeBranch
)
