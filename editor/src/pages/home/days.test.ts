import { describe, expect, it } from 'vitest'
import { OF_UNITS, PLAIN, type Day } from './answers'
import { changeText, dayText, decisionsOf, drawn, most } from './days'

const none = <K extends string>(names: readonly K[]) => Object.fromEntries(names.map((one) => [one, 0])) as Record<K, number>

function day(date: string, more: Partial<Record<(typeof PLAIN)[number], number>>, earned = 0): Day {
  const span = { from: `${date}T00:00:00Z`, until: `${date}T24:00:00Z` }
  return { date, ...span, ...none(PLAIN), ...more, points: { ...none(OF_UNITS), earned } }
}

const DAYS = [day('2026-11-20', { fired: 4 }, 90), day('2026-11-21', { fired: 4, events: 9 }), day('2026-11-22', { fired: 1 }, 7)]

describe('the days of a chart', () => {
  it('are drawn by their place, points by what was earned', () => {
    expect(drawn(DAYS, 'fired')).toEqual({ places: [0, 1, 2], values: [4, 4, 1] })
    expect(drawn(DAYS, 'points').values).toEqual([90, 0, 7])
  })
  it('know the one with most, the newest of several', () => {
    expect(most(DAYS, 'fired')?.date).toBe('2026-11-21')
    expect(most(DAYS, 'coupons_issued')).toBeNull()
  })
  it('are told as people tell them, whatever zone the browser is in', () => {
    expect(dayText('2026-11-01', 'en')).toBe('1 Nov')
    expect(dayText('2026-11-01', 'zh-Hans')).toBe('11月1日')
  })
  it('lead to their decisions', () => {
    const [first] = DAYS as [Day]
    expect(decisionsOf(first, { outcome: 'fired' })).toBe('/decisions?from=2026-11-20T00%3A00%3A00Z&until=2026-11-20T24%3A00%3A00Z&outcome=fired')
    expect(new URLSearchParams(decisionsOf(first, { rule: 'a&b' }).split('?')[1]).get('rule')).toBe('a&b')
  })
})

describe('a change against yesterday', () => {
  it('has its sign, in whole percent', () => {
    expect(changeText({ today: 15, yesterday: 10 }, 'en')).toBe('+50%')
    expect(changeText({ today: 2, yesterday: 3 }, 'en')).toBe('-33%')
    expect(changeText({ today: 3, yesterday: 3 }, 'en')).toBe('0%')
  })
  it('is none where there was nothing to compare with', () => {
    expect(changeText({ today: 3, yesterday: 0 }, 'en')).toBeNull()
    expect(changeText({ today: 275, yesterday: 1 }, 'en')).toBeNull()
  })
})
