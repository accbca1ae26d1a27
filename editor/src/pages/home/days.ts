import { localeOf } from '../../core/amounts'
import { query } from '../../core/api'
import type { Beside, Day } from './answers'

export const SERIES = ['fired', 'events', 'sent', 'coupons_issued', 'points'] as const
export type Series = (typeof SERIES)[number]

/** What a chart draws: the days by their place, and how much there was on each. */
export interface Drawn { places: number[]; values: number[] }

export function valueOf(day: Day, series: Series): number {
  return series === 'points' ? day.points.earned : day[series]
}

export function drawn(days: readonly Day[], series: Series): Drawn {
  return { places: days.map((_, place) => place), values: days.map((day) => valueOf(day, series)) }
}

/** The day with most of it, the newest of several; none where nothing was. */
export function most(days: readonly Day[], series: Series): Day | null {
  return days.reduce<Day | null>((best, day) => (valueOf(day, series) > 0 && (best === null || valueOf(day, series) >= valueOf(best, series)) ? day : best), null)
}

const MANY_TIMES = 10

/** By how much today differs from yesterday, as people read it; null where there was next to nothing to compare with. */
export function changeText({ today, yesterday }: Beside, language: string): string | null {
  if (yesterday <= 0) return null
  const share = (today - yesterday) / yesterday
  if (share >= MANY_TIMES) return null
  const format = new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  return format.format(share)
}

/** A day of the calendar, in few letters. */
export function dayText(date: string, language: string, weekday = false): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC', ...(weekday ? { weekday: 'short' } : {}) }
  return new Intl.DateTimeFormat(localeOf(language), options).format(new Date(`${date}T00:00:00Z`))
}

type Span = Pick<Day, 'from' | 'until'>

/** Where the decisions of a day are, of a rule or with an outcome if it is told. */
export function decisionsOf({ from, until }: Span, more: { outcome?: string; rule?: string } = {}): string {
  return `/decisions${query({ from, until, ...more })}`
}
