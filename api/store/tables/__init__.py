"""The tables. Instants are microseconds since the epoch; bodies are canonical JSON.

The event table is the truth. `member` and what hangs on it are written from
decisions in the same transaction and can be built again.
"""

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
    CouponRow,
    LedgerEntryRow,
    MemberIdentityRow,
    MemberKeyRow,
    MemberRow,
    MemberTagRow,
    VaultRow,
)
from api.store.tables.outgoing import DeliveryRow, EndpointSecretRow, OutboxRow
from api.store.tables.people import ApiKeyRow, AuditRow, PrincipalRow
from api.store.tables.rules import LeaseRow, RuleRow, RuleVersionRow, TotalRow

__all__ = [
    "ApiKeyRow",
    "AuditRow",
    "ControlRow",
    "CouponRow",
    "DecisionRow",
    "DeliveryRow",
    "EndpointSecretRow",
    "EventRow",
    "ImportRow",
    "LeaseRow",
    "LedgerEntryRow",
    "MemberIdentityRow",
    "MemberKeyRow",
    "MemberRow",
    "MemberTagRow",
    "OutboxRow",
    "OutcomeRow",
    "PrincipalRow",
    "ReplayRow",
    "RuleRow",
    "RuleVersionRow",
    "SnapshotRow",
    "TotalRow",
    "VaultRow",
]
