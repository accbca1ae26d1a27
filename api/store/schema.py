"""The tables as Core statements name them."""

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from api.store import tables


def _table(row: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]


EVENT: Final = _table(tables.EventRow)
DECISION: Final = _table(tables.DecisionRow)
OUTCOME: Final = _table(tables.OutcomeRow)
MEMBER: Final = _table(tables.MemberRow)
IDENTITY: Final = _table(tables.MemberIdentityRow)
POSSIBLE_DUPLICATE: Final = _table(tables.PossibleDuplicateRow)
TAG: Final = _table(tables.MemberTagRow)
LEDGER: Final = _table(tables.LedgerEntryRow)
COUPON: Final = _table(tables.CouponRow)
LEVEL: Final = _table(tables.LevelRow)
SEGMENT: Final = _table(tables.MemberSegmentRow)
MEMBERSHIP: Final = _table(tables.MembershipRow)
HOLD: Final = _table(tables.HoldRow)
TASK: Final = _table(tables.TaskRow)
OUTBOX: Final = _table(tables.OutboxRow)
TELLING: Final = _table(tables.TellingRow)
BROADCAST: Final = _table(tables.BroadcastRow)
BROADCAST_DRAFT: Final = _table(tables.BroadcastDraftRow)
DELIVERY: Final = _table(tables.DeliveryRow)
CONTROL: Final = _table(tables.ControlRow)
RULE: Final = _table(tables.RuleRow)
RULE_TURN: Final = _table(tables.RuleTurnRow)
RULE_REVIEW: Final = _table(tables.RuleReviewRow)
RULE_VERSION: Final = _table(tables.RuleVersionRow)
POT: Final = _table(tables.PotRow)
LEASE: Final = _table(tables.LeaseRow)
CLAIM: Final = _table(tables.ClaimRow)
PRIZE: Final = _table(tables.DrawnPrizeRow)
POOL: Final = _table(tables.CouponPoolRow)
WHEEL_SECRET: Final = _table(tables.WheelSecretRow)
IMPORT: Final = _table(tables.ImportRow)
VAULT: Final = _table(tables.VaultRow)
MEMBER_KEY: Final = _table(tables.MemberKeyRow)
PRINCIPAL: Final = _table(tables.PrincipalRow)
API_KEY: Final = _table(tables.ApiKeyRow)
ENDPOINT_SECRET: Final = _table(tables.EndpointSecretRow)
AUDIT: Final = _table(tables.AuditRow)
REPLAY: Final = _table(tables.ReplayRow)
BACKTEST: Final = _table(tables.BacktestRow)
SNAPSHOT: Final = _table(tables.SnapshotRow)
PROJECTION: Final = _table(tables.ProjectionRow)
COUNTED: Final = _table(tables.CountedMemberRow)
ATTRIBUTE: Final = _table(tables.MemberAttributeRow)
MEASURE: Final = _table(tables.MemberMeasureRow)
PURCHASE: Final = _table(tables.PurchaseRow)
TALLY: Final = _table(tables.TallyRow)
SEALED: Final = _table(tables.SealedEntryRow)
CHECKPOINT: Final = _table(tables.CheckpointRow)
ANCHOR: Final = _table(tables.AnchorRow)
