"""The tables. Instants are microseconds since the epoch; bodies are canonical JSON.

The event table is the truth. `member` and what hangs on it are written from
decisions in the same transaction and can be built again.
"""

from api.store.tables.counted import (
    CountedMemberRow,
    MemberAttributeRow,
    MemberMeasureRow,
    ProjectionRow,
    PurchaseRow,
    TallyRow,
)
from api.store.tables.holdings import (
    CouponRow,
    HoldRow,
    LedgerEntryRow,
    LevelRow,
    MemberSegmentRow,
    MembershipRow,
)
from api.store.tables.log import (
    BacktestRow,
    ControlRow,
    DecisionRow,
    EventRow,
    ImportRow,
    OutcomeRow,
    ReplayRow,
    SnapshotRow,
)
from api.store.tables.members import (
    MemberIdentityRow,
    MemberKeyRow,
    MemberRow,
    MemberTagRow,
    PossibleDuplicateRow,
    VaultRow,
)
from api.store.tables.outgoing import (
    BroadcastDraftRow,
    BroadcastRow,
    DeliveryRow,
    EndpointSecretRow,
    OutboxRow,
    TellingRow,
)
from api.store.tables.people import ApiKeyRow, AuditRow, PrincipalRow, TaskRow
from api.store.tables.rules import RuleReviewRow, RuleRow, RuleTurnRow, RuleVersionRow
from api.store.tables.scarce import (
    ClaimRow,
    CouponPoolRow,
    DrawnPrizeRow,
    LeaseRow,
    PotRow,
    WheelSecretRow,
)
from api.store.tables.seals import AnchorRow, CheckpointRow, SealedEntryRow

__all__ = [
    "AnchorRow",
    "ApiKeyRow",
    "AuditRow",
    "BacktestRow",
    "BroadcastDraftRow",
    "BroadcastRow",
    "CheckpointRow",
    "ClaimRow",
    "ControlRow",
    "CountedMemberRow",
    "CouponPoolRow",
    "CouponRow",
    "DecisionRow",
    "DeliveryRow",
    "DrawnPrizeRow",
    "EndpointSecretRow",
    "EventRow",
    "HoldRow",
    "ImportRow",
    "LeaseRow",
    "LedgerEntryRow",
    "LevelRow",
    "MemberAttributeRow",
    "MemberIdentityRow",
    "MemberKeyRow",
    "MemberMeasureRow",
    "MemberRow",
    "MemberSegmentRow",
    "MemberTagRow",
    "MembershipRow",
    "OutboxRow",
    "OutcomeRow",
    "PossibleDuplicateRow",
    "PotRow",
    "PrincipalRow",
    "ProjectionRow",
    "PurchaseRow",
    "ReplayRow",
    "RuleReviewRow",
    "RuleRow",
    "RuleTurnRow",
    "RuleVersionRow",
    "SealedEntryRow",
    "SnapshotRow",
    "TallyRow",
    "TaskRow",
    "TellingRow",
    "VaultRow",
    "WheelSecretRow",
]
