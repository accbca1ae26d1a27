import type { Json, JsonObject, SmallestChange, Text, TraceNode } from '../../../core/types'

export type CheckKind =
  | 'published' | 'paused' | 'trigger' | 'condition' | 'lineage' | 'active' | 'campaign' | 'late' | 're_entry' | 'hold_out' | 'per_member' | 'group'
  | 'total' | 'supply' | 'budget' | 'chain' | 'messages'

/** One thing that decides whether a rule fires. */
export interface Check {
  kind: CheckKind
  name: Text
  state: 'holds' | 'fails' | 'not_reached'
  reason: string
  text: Text
  read: Record<string, Json>
  trace: TraceNode | null
  assumed: boolean
}

/** Why a rule fired for a member, or didn't. */
/** One thing that would have to be different; `further` of the first are those that it takes besides. */
export interface Amend { how: string; at: string | null; event: string | null; facts: SmallestChange | null; text: Text }

export interface Why {
  member: string
  rule: string
  name: Text
  at: string
  zone: string
  version: number | null
  basis: 'entry' | 'supposed'
  sequence: number | null
  asked: { sequence: number; as_of: string; version: number; result: string; text: Text; reason: Text } | null
  fires: boolean
  would_fire: boolean
  blocked_by: CheckKind | null
  checks: Check[]
  change: (Amend & { further: Amend[] }) | null
  text: Text
}

export type Read = JsonObject
