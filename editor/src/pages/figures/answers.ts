import { call, query } from '../../core/api'
import type { Text } from '../../core/language'

export interface Campaign {
  key: string
  name: Text
  from?: string
  until?: string
  owner?: string
  state: 'planned' | 'running' | 'ended'
  rules: string[]
  members: number
}

export interface Messages { requested: number; pending: number; delivered: number; dead: number; suppressed: number; opened?: number }

export interface Report {
  campaign: Omit<Campaign, 'rules' | 'members' | 'state'>
  state: Campaign['state']
  currency: string
  complete: boolean
  funnel: {
    reached: number
    firings: number
    messages: Messages
    coupons: { issued: number; redeemed: number; members: number }
    orders: number
    revenue: string
  }
  goal: { event: string; days: number; members: number; times: number; revenue: string }
  cost: { points: string; coupons: string; prizes: string; messages: string; total: string }
  roi: string | null
  budget: { key: string; name: Text; limit: string | number; currency?: string; pots: { split: string; period: string; left: string | number }[] } | null
  rules: { key: string; name: Text; status: 'live' | 'paused'; reached: number; points: number; results: Record<string, number>; messages: Messages }[]
  uplift: {
    verdict: 'works' | 'harms' | 'open' | 'too-few'
    text: Text
    reached: { members: number; converted: number }
    aside: { members: number; converted: number }
    conversion: Interval | null
    margin: Interval | null
  }
  counted: Text[]
  not_counted: Text[]
}

export interface Interval { value: string; low: string; high: string }

export interface Figure { key: string; name: Text; meaning: Text; kind: 'count' | 'share' | 'money'; value: string | number | null }
export interface Figures { from: string; until: string; currency: string; complete: boolean; without_amount: number; items: Figure[] }

/** Sums of coupons that a partner shares the cost of; amounts are decimal text in the currency. */
export interface Settled { currency: string; used: number; returned: number; charged: string; given_back: string; owed: string }
export interface Settlement {
  from: string
  until: string
  items: (Settled & { partner: string; coupons: (Omit<Settled, 'currency'> & { coupon: string; name: Text })[] })[]
}

export const campaigns = () => call<{ items: Campaign[] }>('/campaigns')
export const reportOf = (key: string) => call<Report>(`/campaigns/${encodeURIComponent(key)}/report`)
export const figures = (search: { from?: string; until?: string; segment?: string; tag?: string; tier?: string }) => call<Figures>(`/figures${query(search)}`)

type Period = { from?: string; until?: string }
export const settlement = (period: Period) => call<Settlement>(`/partners/settlement${query(period)}`)
export const settlementAddress = (period: Period): string => `/v1/partners/settlement.csv${query(period)}`
