import { describe, expect, it } from 'vitest'
import type { Backtest, Load } from './api'
import { busiestDay, channelLoads, costOf, daysOf, daysTold, documentOf, everyDay, ofRule, rangeOf } from './figures'

const NOW = Date.parse('2026-05-10T20:00:00Z')
const load = (channels: Record<string, number>, more: Partial<Load> = {}): Load => ({ channels, members: 1, most: 1, capped: 0, ...more })

describe('the period of a back-test', () => {
  it('begins with a day of the programme’s clock, today among the days', () => {
    expect(rangeOf({ days: 7 }, 'Asia/Shanghai', NOW)).toEqual({ from: '2026-05-05T00:00:00+08:00' })
    expect(rangeOf({ days: 7 }, 'UTC', NOW)).toEqual({ from: '2026-05-04T00:00:00+00:00' })
  })
  it('has both of its days, in their order', () => {
    expect(rangeOf({ from: '2026-05-01', to: '2026-05-01' }, 'UTC')).toEqual({ from: '2026-05-01T00:00:00+00:00', until: '2026-05-01T23:59:59+00:00' })
    expect(rangeOf({ from: '2026-05-02', to: '2026-05-01' }, 'UTC')).toBe(null)
    expect(rangeOf({ from: '', to: '2026-05-01' }, 'UTC')).toBe(null)
  })
  it('is as long as the days it has a part of', () => {
    expect(daysOf('2026-05-04T00:00:00Z', '2026-05-10T20:00:00Z', 'UTC')).toBe(7)
    expect(daysOf('2026-05-04T23:00:00Z', '2026-05-05T01:00:00Z', 'UTC')).toBe(2)
  })
})

describe('what came of it', () => {
  it('is told by day, with empty days for the chart only', () => {
    const days = daysTold({ days: { '2026-05-03': 2 }, daily: { '2026-05-01': { effects: 1, channels: {}, cost: 5 } } })
    expect(days).toEqual([{ day: '2026-05-01', fired: 0, effects: 1, cost: 5 }, { day: '2026-05-03', fired: 2, effects: 0, cost: 0 }])
    expect(everyDay(days).map((one) => one.day)).toEqual(['2026-05-01', '2026-05-02', '2026-05-03'])
    expect(everyDay([])).toEqual([])
  })
  it('costs by kind', () => {
    const cost = { points: 1, coupons: 2, prizes: 3, messages: 4, total: 10 }
    expect([costOf('issue_coupon', cost), costOf('send_message', cost), costOf('add_tag', cost)]).toEqual([2, 4, null])
  })
  it('loads channels: its own share beside everybody’s', () => {
    const all = { '2026-05-01': load({ sms: 5, email: 1 }), '2026-05-02': load({ sms: 9 }, { most: 3 }) }
    const found = { channels: { sms: 4 }, daily: { '2026-05-02': { effects: 4, channels: { sms: 3 }, cost: 0 } } }
    expect(channelLoads(found, all)).toEqual([{ channel: 'sms', own: 4, all: 14, busiest: { day: '2026-05-02', all: 9, own: 3 } }])
    expect(busiestDay(all)).toMatchObject({ day: '2026-05-02', messages: 9, most: 3 })
    expect(busiestDay({})).toBe(null)
  })
})

it('sends the document without its stories, and finds its own back-tests again', () => {
  expect(documentOf({ key: 'a', examples: [] })).toEqual({ key: 'a' })
  const items = [{ id: '1', asked: { drafts: [{ key: 'b' }] } }, { id: '2', asked: { drafts: [{ key: 'a' }] } }] as unknown as Backtest[]
  expect(ofRule(items, 'a').map((one) => one.id)).toEqual(['2'])
})
