import { call } from '../../core/api'
import type { JsonObject } from '../../core/schema'
import type { Diagnostic, Text, TraceNode } from '../../core/types'

export type Others = 'as_they_were' | 'as_they_are' | 'none'
export type Counts = Readonly<Record<string, number>>
/** How many there are only in what happened, only in the back-test, and in both. */
export interface Compared { then: number; now: number; both: number }
export type Side = keyof Compared
export interface Seen { member: string; at: string }
export interface Sample extends Seen { event: string; sequence: number; why: TraceNode | null }
export interface Cost { points: number; coupons: number; prizes: number; messages: number; total: number }

/** What came of one rule in a back-test. */
export interface RuleFound {
  rule: string
  name: Text
  draft: boolean
  fired: number
  members: number
  held: Counts
  effects: Counts
  days: Counts
  daily: Record<string, { effects: number; channels: Counts; cost: number }>
  segments: Counts
  channels: Counts
  suppressed: Counts
  cost: Cost
  overlap: Counts
  moments: Counts
  difference: { members: Compared; effects: Compared; seen: Record<Side, Seen[]> }
  samples: Sample[]
}

/** The messages of a day, over all rules. */
export interface Load { channels: Counts; members: number; most: number; capped: number }
export interface Cap { times: number; within: Readonly<Record<string, number>>; channels: string[]; tiers: string[] }

export interface Report {
  from: string
  until: string
  checked: number
  entries: number
  members: number
  rules: RuleFound[]
  totals: { load: Record<string, Load> }
  currency: string
  policies: { key: string; name: Text; caps: Cap[] }[]
  reasons: Record<string, Text>
}

export type BacktestStatus = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'
export interface Backtest {
  id: string
  status: BacktestStatus
  by: string
  started_at: string
  finished_at: string | null
  asked: { drafts: JsonObject[]; without: string[]; others: Others; from: string; until: string }
  checked: number
  of: number
  report?: Report | null
}

export interface Asked { drafts: JsonObject[]; others: Others; from?: string; until?: string }
/** What a refusal says of a rule that isn't ready. */
export interface NotReady { diagnostics?: Diagnostic[] }

const LISTED = 100

export const backtests = {
  newest: () => call<{ items: Backtest[] }>(`/backtests?limit=${LISTED}`),
  one: (id: string) => call<Backtest>(`/backtests/${encodeURIComponent(id)}`),
  start: (asked: Asked) => call<Backtest>('/backtests', { method: 'POST', body: asked }),
  cancel: (id: string) => call<Backtest>(`/backtests/${encodeURIComponent(id)}`, { method: 'DELETE' }),
}
