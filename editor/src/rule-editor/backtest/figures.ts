/** What a back-test's report says, put together as it is shown. */

import { fromLocal } from '../../core/instant'
import type { JsonObject } from '../../core/schema'
import { dayOf, startOf } from '../../pages/figures/days'
import type { Backtest, Cost, Counts, Load, Report, RuleFound } from './api'

export const PERIODS = [7, 30, 90, 365] as const
/** A number of days up to now, or two days that were chosen; both ends are in it. */
export type Period = { days: number } | { from: string; to: string }

/** The instants of a period on a zone's clock; null while a day is missing, or they stand the wrong way round. */
export function rangeOf(period: Period, zone: string, now = Date.now()): { from?: string; until?: string } | null {
  if ('days' in period) return { from: startOf(dayOf(zone, 1 - period.days, now), zone) }
  const { from, to } = period
  const until = fromLocal(`${to}T23:59:59`, zone)
  const since = startOf(from, zone)
  return since === undefined || until === null || from > to ? null : { from: since, until }
}

/** How many days of a zone's clock the range of a back-test has a part of. */
export function daysOf(from: string, until: string, zone: string): number {
  const day = (at: string): number => Date.parse(dayOf(zone, 0, Date.parse(at)))
  return (day(until) - day(from)) / 86_400_000 + 1
}

/** What is sent of a rule: everything that is decided by, and not the stories that come with it. */
export function documentOf(rule: JsonObject): JsonObject {
  const { examples: _, ...said } = rule
  return said
}

/** The back-tests of a rule, in the order in which they came. */
export function ofRule(items: readonly Backtest[], key: string): Backtest[] {
  return items.filter((one) => one.asked.drafts.some((draft) => draft['key'] === key))
}

export interface Day { day: string; fired: number; effects: number; cost: number }

/** A row for each day on which something came of the rule. */
export function daysTold(found: Pick<RuleFound, 'days' | 'daily'>): Day[] {
  const days = [...new Set([...Object.keys(found.days), ...Object.keys(found.daily)])].sort()
  return days.map((day) => ({ day, fired: found.days[day] ?? 0, effects: found.daily[day]?.effects ?? 0, cost: found.daily[day]?.cost ?? 0 }))
}

/** The same with a row for every day between the first and the last, as a chart needs it. */
export function everyDay(days: readonly Day[]): Day[] {
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) return []
  const known = new Map(days.map((one) => [one.day, one]))
  const many = (Date.parse(last.day) - Date.parse(first.day)) / 86_400_000 + 1
  return Array.from({ length: many }, (_, at) => {
    const day = new Date(Date.parse(first.day) + at * 86_400_000).toISOString().slice(0, 10)
    return known.get(day) ?? { day, fired: 0, effects: 0, cost: 0 }
  })
}

const COST_OF: Readonly<Record<string, keyof Cost>> = {
  award_points: 'points', issue_coupon: 'coupons', draw_prize: 'prizes', send_message: 'messages',
}

/** What effects of a kind cost; null for a kind that costs nothing by itself. */
export function costOf(effect: string, cost: Cost): number | null {
  const part = COST_OF[effect]
  return part === undefined ? null : cost[part]
}

export interface ChannelLoad { channel: string; own: number; all: number; busiest: { day: string; all: number; own: number } }

/** For each channel that the rule uses: its messages and everybody's, and those of its busiest day. */
export function channelLoads(found: Pick<RuleFound, 'channels' | 'daily'>, load: Report['totals']['load']): ChannelLoad[] {
  return Object.keys(found.channels).map((channel) => {
    let busiest = { day: '', all: 0, own: 0 }
    let all = 0
    for (const [day, one] of Object.entries(load)) {
      const sent = one.channels[channel] ?? 0
      all += sent
      if (sent > busiest.all) busiest = { day, all: sent, own: found.daily[day]?.channels[channel] ?? 0 }
    }
    return { channel, own: found.channels[channel] ?? 0, all, busiest }
  })
}

/** The day with the most messages, over all channels. */
export function busiestDay(load: Report['totals']['load']): (Load & { day: string; messages: number }) | null {
  let found: (Load & { day: string; messages: number }) | null = null
  for (const [day, one] of Object.entries(load)) {
    const messages = Object.values(one.channels).reduce((sum, count) => sum + count, 0)
    if (messages > (found?.messages ?? 0)) found = { ...one, day, messages }
  }
  return found
}

/** What was counted, the most first. */
export function ranked(counts: Counts): [string, number][] {
  return Object.entries(counts).sort(([, one], [, other]) => other - one)
}
