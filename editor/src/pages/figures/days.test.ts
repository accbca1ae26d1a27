import { describe, expect, it } from 'vitest'
import { dayOf, lengthOf, startOf } from './days'

describe('days on the clock of a zone', () => {
  it('begin there, not here', () => {
    const late = Date.parse('2026-03-31T17:00:00Z')
    expect([dayOf('Asia/Shanghai', 0, late), dayOf('America/New_York', 0, late)]).toEqual(['2026-04-01', '2026-03-31'])
    expect(dayOf('Asia/Shanghai', -31, late)).toBe('2026-03-01')
    expect(startOf('2026-04-01', 'Asia/Shanghai')).toBe('2026-04-01T00:00:00+08:00')
    expect(startOf('2026-03-29', 'Europe/Berlin', 1)).toBe('2026-03-30T00:00:00+02:00')
    expect(startOf('', 'UTC')).toBeUndefined()
  })
  it('are counted with both ends', () => {
    expect([lengthOf('2026-02-27', '2026-03-02'), lengthOf('2026-03-01', '2026-03-01'), lengthOf('', '2026-03-01')]).toEqual([4, 1, 0])
  })
})
