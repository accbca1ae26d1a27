import { describe, expect, it } from 'vitest'
import { forget, keep, keptAt, placeOf, type Kept, type Shelf } from './kept'
import { pauseAfter, savesItself } from './use-autosave'
import type { RuleDetail } from '../../core/types'

function shelf(): Shelf {
  const lies = new Map<string, string>()
  return { getItem: (at) => lies.get(at) ?? null, setItem: (at, text) => void lies.set(at, text), removeItem: (at) => void lies.delete(at) }
}

const TEXT: Kept = { rule: { key: 'vip', then: [] }, etag: '"7"', at: '2026-05-01T08:00:00Z' }

describe('what was typed', () => {
  it('is found again by who typed it, and by nobody else', () => {
    const own = shelf()
    expect(keep(own, placeOf('mia', 'vip'), TEXT)).toBe(true)
    expect(keptAt(own, placeOf('mia', 'vip'))).toEqual(TEXT)
    expect(keptAt(own, placeOf('ann', 'vip'))).toBeNull()
    expect(keptAt(own, placeOf('mia', null))).toBeNull()
    forget(own, placeOf('mia', 'vip'))
    expect(keptAt(own, placeOf('mia', 'vip'))).toBeNull()
  })

  it('says so where it cannot be kept', () => {
    const full: Shelf = { ...shelf(), setItem: () => { throw new Error('full') } }
    expect(keep(full, 'place', TEXT)).toBe(false)
    expect(keep(null, 'place', TEXT)).toBe(false)
  })

  it('is not made of anything else that lies there', () => {
    const own = shelf()
    for (const text of ['', 'no JSON', '[]', '{"rule": []}', '{"rule": {}}', '{"rule": {}, "at": 7}']) {
      own.setItem('place', text)
      expect(keptAt(own, 'place')).toBeNull()
    }
  })
})

describe('a draft that saves itself', () => {
  const detail = (told: Partial<RuleDetail>) => ({ draft: {}, approval: 'none', authors: ['mia'], ...told }) as RuleDetail
  it('is there already, is by the person who types, and waits for nobody', () => {
    expect(savesItself(detail({}), 'mia')).toBe(true)
    expect(savesItself(null, 'mia')).toBe(false)
    expect(savesItself(detail({ draft: null }), 'mia')).toBe(false)
    expect(savesItself(detail({}), 'ann')).toBe(false)
    for (const approval of ['submitted', 'approved', 'sent_back'] as const) expect(savesItself(detail({ approval }), 'mia')).toBe(false)
  })

  it('is tried again after pauses that grow, up to a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 5000].map(pauseAfter)).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })
})
