import { describe, expect, it } from 'vitest'
import { byPurpose, passing } from './passing'

describe('passing', () => {
  it('tells the two largest units', () => {
    expect(passing('2026-01-01T04:00:00Z', '2026-04-01T04:00:00Z', 'en')).toBe('90 days')
    expect(passing('2026-01-01T04:00:00Z', '2026-04-01T03:59:59Z', 'en')).toBe('89 days 23 hours')
    expect(passing('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', 'en')).toBe('1 second')
  })
  it('speaks Chinese', () => expect(passing('2026-01-01T00:00:00Z', '2026-01-02T01:00:00Z', 'zh-Hans')).toBe('1天 1小时'))
  it('is silent at one instant and backwards', () => {
    expect(passing('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'en')).toBe('')
    expect(passing('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', 'en')).toBe('')
  })
})

describe('byPurpose', () => {
  it('keeps the order and begins anew where the purpose changes', () => {
    const rule = (key: string, purpose: string) => ({ key, purpose: { key: purpose } })
    const groups = byPurpose([rule('a', 'x'), rule('b', 'x'), rule('c', 'y')])
    expect(groups.map((one) => [one.purpose.key, one.items.map(({ key }) => key)])).toEqual([['x', ['a', 'b']], ['y', ['c']]])
  })
})
