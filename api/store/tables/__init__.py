"""The tables. Instants are microseconds since the epoch; bodies are canonical JSON.

The event table is the truth. `member` and what hangs on it are written from
decisions in the same transaction and can be built again.
"""

from api.store.tables.holdings import CouponRow, HoldRow, LedgerEntryRow, LevelRow, MembershipRow
from api.store.tables.log import (
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
    VaultRow,
)
from api.store.tables.outgoing import DeliveryRow, EndpointSecretRow, OutboxRow
from api.store.tables.people import ApiKeyRow, AuditRow, PrincipalRow, TaskRow
from api.store.tables.rules import RuleRow, RuleVersionRow
from api.store.tables.scarce import ClaimRow, CouponPoolRow, LeaseRow, PotRow, WheelSecretRow

__all__ = [
    "ApiKeyRow",
    "AuditRow",
    "ClaimRow",
    "ControlRow",
    "CouponPoolRow",
    "CouponRow",
    "DecisionRow",
    "DeliveryRow",
    "EndpointSecretRow",
    "EventRow",
    "HoldRow",
    "ImportRow",
    "LeaseRow",
    "LedgerEntryRow",
    "LevelRow",
    "MemberIdentityRow",
    "MemberKeyRow",
    "MemberRow",
    "MemberTagRow",
    "MembershipRow",
    "OutboxRow",
    "OutcomeRow",
    "PotRow",
    "PrincipalRow",
    "ReplayRow",
    "RuleRow",
    "RuleVersionRow",
    "SnapshotRow",
    "TaskRow",
    "VaultRow",
    "WheelSecretRow",
]
