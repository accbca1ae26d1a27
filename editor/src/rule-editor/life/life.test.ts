import { describe, expect, it } from 'vitest'
import type { RuleVersion } from '../../core/types'
import { startingAt, startOf } from './start'
import { listed } from './versions'

const NOW = Date.parse('2026-05-10T00:00:00Z')
const LATER = '2026-06-01T00:00:00+08:00'

describe('when a rule starts', () => {
  it('is known only while it is to come', () => {
    expect(startOf({ active: { from: LATER } }, NOW)).toBe(LATER)
    expect(startOf({ active: { from: '2026-05-01T00:00:00Z' } }, NOW)).toBe(null)
    expect(startOf({}, NOW)).toBe(null)
  })
  it('is put off, and taken back', () => {
    expect(startingAt({ key: 'a' }, LATER, NOW)).toEqual({ key: 'a', active: { from: LATER } })
    expect(startingAt({ key: 'a', active: { from: LATER } }, null, NOW)).toEqual({ key: 'a' })
    expect(startingAt({ active: { from: LATER, until: '2026-07-01T00:00:00Z' } }, null, NOW)).toEqual({ active: { until: '2026-07-01T00:00:00Z' } })
  })
  it('leaves a rule alone that starts so already', () => {
    const put = { active: { from: LATER } }
    const past = { active: { from: '2026-05-01T00:00:00Z' } }
    expect(startingAt(put, '2026-05-31T16:00:00Z', NOW)).toBe(put)
    expect(startingAt(past, null, NOW)).toBe(past)
  })
})

it('lists versions with the one before, and those that somebody went back to', () => {
  const of = (version: number, digest: string): RuleVersion => ({ version, digest, published_at: '', published_by: '', approved_by: null, document: {} })
  const found = listed([of(3, 'a'), of(2, 'b'), of(1, 'a')])
  expect(found.map((one) => [one.version.version, one.before?.version ?? null, one.as, one.older])).toEqual([[3, 2, 1, false], [2, 1, null, true], [1, null, null, false]])
})
