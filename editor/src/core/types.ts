/** The shapes of docs/http-api.md. Both sides are kept in step by tests/api against that page. */

/** The languages that texts are written in; 繁體中文 is made of the second one where nobody wrote it. */
export type Written = 'en' | 'zh-Hans'
export type Language = Written | 'zh-Hant'
export type Text = Record<Written, string> & { 'zh-Hant'?: string }
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export type Role = 'marketer' | 'approver' | 'auditor' | 'administrator'
/** `temporary`: an administrator knows the password, and it must be changed first. */
export interface Session { name: string; role: Role; temporary?: boolean }

export type Severity = 'error' | 'warning' | 'note'
export interface Diagnostic {
  code: string
  path: string
  severity: Severity
  text: Text
  fix?: Text | null
}
export interface Checked { diagnostics: Diagnostic[]; sentence: Text | null }

/** A rule as the language of rules defines it; the editor reads it only through the schema. */
export type RuleDocument = JsonObject

export type RuleStatus = 'draft' | 'preparing' | 'live' | 'paused'
export interface RuleSummary {
  key: string
  name: Text
  status: RuleStatus
  version: number | null
  has_draft: boolean
  sentence: Text | null
  changed_at: string
  changed_by: string
  fired: number
  covers: string[]
  priority: number
  /** While what is published waits for its start. */
  starts_at: string | null
  /** Of its draft. */
  approval: Approval
}
export type Approval = 'none' | 'submitted' | 'approved' | 'sent_back'
export type ApprovalStep = Exclude<Approval, 'none'> | 'dropped'
export interface Review { at: string; by: string; step: ApprovalStep; comment: string }
/** A rule in the list of rules: what it is for, and the page that it stands on. */
export interface ListedRule extends RuleSummary { purpose: string }
export interface RulePage extends Page<ListedRule> {
  total: number
  /** How many rules there are of each state, and of each state of their drafts' approval. */
  statuses: Partial<Record<RuleStatus | Approval, number>>
  purposes: { key: string; title: Text; rules: number }[]
  /** Titles of the rows that the rules of the page cover. */
  rows: Record<string, Text>
}
/** What names a definition. */
export interface DefinitionUses { rules: RuleName[]; definitions: { kind: DefinitionKind; key: string; name: Text | null }[] }
export type RuleName = Pick<RuleSummary, 'key' | 'name' | 'status'>
export interface RuleDetail extends RuleSummary {
  draft: RuleDocument | null
  published: RuleDocument | null
  etag: string
  diagnostics: Diagnostic[]
  approval_needed: boolean
  /** Who has written the draft; none of them can approve it. */
  authors: string[]
  /** The steps of its approvals, newest first. */
  reviews: Review[]
}
export type InFlight = 'finish' | 'move' | 'leave'
export interface WaitingStep { version: number; path: string; text: Text; waiting: number; moves_to: string | null }
export interface Publication { past_threshold: number; in_flight: number; steps: WaitingStep[]; diagnostics: Diagnostic[] }
export interface RuleVersion {
  version: number
  digest: string
  published_at: string
  published_by: string
  approved_by: string | null
  document: RuleDocument
}

export interface Holder { holder: string; name: Text | null; since: string; expires_at: string | null; why: string | null }
export interface TagHeld { tag: string; name: Text; holders: Holder[] }
export interface CouponHeld {
  code: string
  coupon: string
  name: Text
  state: CouponState
  issued_at: string
  expires_at: string | null
}
export type CouponState = 'issued' | 'held' | 'redeemed' | 'expired' | 'voided'
/** A coupon in the list of all that a member was ever given. */
export interface CouponGiven extends CouponHeld { sequence: number; order_id: string | null; ended_at: string | null }
export interface Journey {
  rule: string
  name: Text
  version: number
  started_at: string
  next_at: string
  /** What the member waits for; `goal` once it is through. */
  waits: 'time' | 'event' | 'goal'
  step: Text | null
  then: Text | null
}
export interface Figure { event: string; label: Text; count: number; first_at: string | null; last_at: string | null }
export interface Balance {
  unit: string
  name: Text
  kind: 'points' | 'growth' | 'visits' | 'money'
  /** Amounts are in its minor units; null for other kinds than money. */
  currency: string | null
  available: number
  pending: number
  held: number
  debt: number
  expires_at: string | null
  expiring: number
}
export interface LevelHeld {
  ladder: string
  name: Text
  tier: string | null
  tier_name: Text | null
  since: string | null
  until: string | null
  set_by_hand: boolean
  in_grace: boolean
  next: { tier: string; name: Text; missing: string } | null
}
export interface MembershipHeld { membership: string; name: Text; since: string; until: string }
export type PostingKind =
  | 'award' | 'activate' | 'hold' | 'release' | 'redeem' | 'expire' | 'reverse' | 'overdraw' | 'repay' | 'restore' | 'merge'
export interface Posting {
  id: string
  sequence: number
  as_of: string
  kind: PostingKind
  unit: string
  amount: number
  debit: string
  credit: string
}
/** What somebody is told who asked for something: with a `reason`, and its `text`, if it was refused. */
export interface Told { reason?: string; text?: Text; failures?: { reason: string; text?: Text }[]; [more: string]: unknown }
export interface Task {
  id: string
  sequence: number
  member: string
  rule: string
  queue: string
  queue_name: Text
  priority: 'normal' | 'high'
  note: string
  /** The note in the reader's language. */
  text: Text
  rule_name: Text
  status: 'open' | 'done'
  as_of: string
  done_at: string | null
  done_by: string | null
}
/** A queue that is defined, or one that only rules name: then nothing but its key is known. */
export interface TaskQueue { queue: string; name: Text; meaning: string | null; worked_by: string | null; open: number }
export interface MemberSummary { id: string; joined_at: string | null; tags: string[]; points: number; erased: boolean }
export interface MemberDetail {
  id: string
  joined_at: string | null
  zone: string
  attributes: JsonObject
  personal: Record<string, string>
  tags: TagHeld[]
  points: number
  balances: Balance[]
  coupons: CouponHeld[]
  levels: LevelHeld[]
  memberships: MembershipHeld[]
  segments: { segment: string; name: Text; since: string }[]
  journeys: Journey[]
  figures: Figure[]
  events: number
  /** The id in the address; another than `id` for one that became a part of this member. */
  asked_for: string
  /** When each attribute was last told, and by which source. */
  told: Record<string, { at: string; source: string }>
  consent: Consent[]
  waiting: HeldMessage[]
  merged: { member: string; into: string; at: string; by: string; reason: string; sequence: number }[]
  /** When it was erased, by whom and why; null while it is there. */
  erased: { at: string; by: string; why: string; sequence: number } | null
  /** The instant that the member is shown as of, and up to when what was recorded counts; not there for the member of now. */
  as_of?: string
  known_at?: string | null
}
/** Whether marketing may be sent by a channel: as the member said, or else as the channel's policy has it. */
export interface Consent {
  channel: string
  name: Text
  policy: 'opt_in' | 'opt_out'
  allowed: boolean
  said: { given: boolean; at: string; source: string; why: string | null } | null
}
/** A message that waits for quiet hours to end. */
export interface HeldMessage {
  id: string
  rule: string
  rule_name: Text
  channel: string
  channel_name: Text
  template: string
  template_name: Text
  until: string
}
/** Two members who may be one person, and what they share. */
export interface Duplicate { member: string; other: string; kind: string; found_at: string }

export type Result =
  | 'fired' | 'not_matched' | 'held_out' | 'limited' | 'late'
  | 'inactive' | 'waiting' | 'resumed' | 'exited' | 'ended' | 'reached' | 'moved' | 'refused' | 'done'
export interface Effect { type: string; text: Text; [more: string]: unknown }
export interface OutcomeBrief { rule: string; name: Text; version?: number; result: Result; effects: Effect[] }
/** A decision is named by the number of its entry in the log. */
export type DecisionId = string | number
export type Mode = 'live' | 'as-it-was' | 'facts-only'
export interface Entry {
  sequence: number
  member_sequence: number
  kind: string
  name: string
  label: Text
  occurred_at: string
  recorded_at: string
  as_of: string
  mode: Mode
  properties: JsonObject
  /** What people call those values that are keys. */
  names?: Record<string, Text>
  decision: { id: DecisionId; outcomes: OutcomeBrief[] } | null
}
export interface TraceNode {
  type: 'all' | 'any' | 'not' | 'compare' | 'history'
  holds: boolean
  text: Text
  path: string
  fact?: string | null
  read?: Json
  missing?: boolean
  compared?: Json
  /** What people call those of the values read that are keys. */
  names?: Record<string, Text>
  of?: TraceNode[]
}
/** What would have to be different for a rule to match; `proven`: and nothing smaller. */
export interface SmallestChange {
  proven: boolean
  changes: { fact: string; before: Json; after: Json; text: Text; names?: Record<string, Text> }[]
}
export interface Outcome extends OutcomeBrief {
  version: number
  step?: number | null
  reason: Text
  trace: TraceNode | null
  change: SmallestChange | null
}
export interface DecisionSummary {
  id: DecisionId
  sequence: number
  member: string
  as_of: string
  name: string
  label: Text
  outcomes: OutcomeBrief[]
}
export interface DecisionDetail extends Omit<DecisionSummary, 'outcomes'> {
  event: Entry
  revision: number | string
  digest: string
  previous_digest: string | null
  explanation: Record<Language, string[]>
  outcomes: Outcome[]
}

export interface TrackCall {
  type: string
  userId?: string
  event?: string
  timestamp?: string
  properties?: JsonObject
  traits?: JsonObject
}
export type Evaluate = { call: TrackCall } | { rules: RuleDocument[]; given: TrackCall[]; until?: string }
export interface EvaluatedDecision { as_of: string; event: Entry; outcomes: Outcome[] }
export interface Evaluated { decisions: EvaluatedDecision[]; member: MemberDetail }

export interface WitnessEntry extends Entry { shows: boolean; outcomes: (OutcomeBrief & { reason: string | null })[] }
/** Rules that get in each other's way, with an invented member who shows it. */
export interface Conflict {
  id: string
  kind: 'stack' | 'contradict' | 'shadow' | 'loop'
  code: string
  text: Text
  fix: Text
  rules: { key: string; name: Text; action: string | null }[]
  about: Record<string, string>
  witness: { member: MemberDetail; at: string; timeline: WitnessEntry[] }
}

export interface Divergence { member?: string; decision: DecisionId; path: string; recorded: Json; replayed: Json }
export interface Replay {
  id: string
  status: 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed' | 'interrupted'
  asked: { member: string | null; from: string | null; until: string | null; first: number | null; last: number | null; strict: boolean }
  /** How many entries there are to check. */
  of: number
  checked: number
  members: number
  divergences: Divergence[]
  started_at: string
  finished_at: string | null
  digest?: string | null
  /** How many divergences there are beyond those listed. */
  more?: number
  /** Members whose log could not be decided to its end. */
  cut: number
  /** Behaviours that this release has not, and the release that has them. */
  lacking: { gate: string; release: string }[]
  /** Whether it came to its end; a strict one stops at the first divergence. */
  complete: boolean
}

export const OUTBOX_STATUSES = ['pending', 'delivered', 'dead', 'suppressed', 'held'] as const
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number]
export interface OutboxItem {
  id: string
  sequence: number
  member: string
  rule: string
  kind: string
  channel: string
  /** Key of the template or the endpoint. */
  target: string
  status: OutboxStatus
  attempts: number
  next_attempt_at: string | null
  last_error: string | null
  /** Why it did not leave, or has not yet. */
  reason: Text | null
  rule_name: Text
  channel_name: Text
  target_name: Text
  as_of: string
  deliveries?: { at: string; ok: boolean; detail: string }[]
}

export type DefinitionKind =
  | 'tags' | 'segments' | 'scores' | 'coupons' | 'templates' | 'endpoints' | 'attributes' | 'events'
  | 'units' | 'ladders' | 'memberships' | 'budgets' | 'wheels' | 'campaigns' | 'contact' | 'channels' | 'queues'
export interface Definition { key: string; name?: Text; label?: Text; [more: string]: unknown }

export interface Page<T> { items: T[]; next: string | number | null }
export interface SchemaAnswer { schema: JsonObject; operators: Json; messages: Json }
/** Read by the editor (src/core/schema.ts), which narrows it to what it uses. */
export type CatalogueAnswer = JsonObject
