import { call } from '../../core/api'
import type { Text } from '../../core/language'

/** A figure of today, and yesterday's up to the same time of day. */
export interface Beside { today: number; yesterday: number }

export const PLAIN = ['events', 'fired', 'held_back', 'requested', 'sent', 'failed', 'suppressed', 'coupons_issued', 'coupons_redeemed'] as const
export const OF_UNITS = ['earned', 'redeemed', 'expired', 'taken_back', 'given_back'] as const
export type Plain = (typeof PLAIN)[number]
export type OfUnit = (typeof OF_UNITS)[number]

export interface Day extends Record<Plain, number> {
  date: string
  from: string
  until: string
  points: Record<OfUnit, number>
}

export interface Low {
  kind: 'budget' | 'coupon' | 'prize'
  key: string
  name: Text
  split: string
  period: string
  counts: '' | 'points' | 'money' | 'firings'
  currency: string | null
  granted: string | number
  limit: string | number
  left: string | number
  percent: number
  empty_at: string | null
}

export interface Needs {
  approvals: { count: number; items: { rule: string; name: Text; by: string; since: string; comment: string }[] }
  dead_letters: number
  put_off: { count: number; members: string[] }
  running_out: Low[]
}

export interface Today {
  date: string
  zone: string
  from: string
  now: string
  complete: boolean
  started: boolean
  figures: Record<Plain, Beside>
  units: (Record<OfUnit, Beside> & { unit: string; name: Text })[]
  rules: { rule: string; name: Text; fired: number }[]
  days: Day[]
  needs: Needs
  drafts: { rule: string; name: Text; changed_at: string }[]
}

export const today = () => call<Today>('/today')
