import { describe, expect, it } from 'vitest'
import { blankField, type JsonObject, type RuleCatalogue, type Schema } from '../../core/schema'
import { amongOf, lookUpOf } from '../../core/sentence'
import { choicesOf } from '../inputs/KeyInput'
import { refitted } from './starting'

const name = (en: string) => ({ en })
const CATALOGUE: RuleCatalogue = {
  events: [], facts: [], tags: [], coupons: [{ key: 'tea', name: name('a tea') }], templates: [], endpoints: [],
  units: [{ key: 'points', name: name('points') }],
  memberships: [{ key: 'club', name: name('the club') }],
  ladders: [
    { key: 'tier', name: name('member level'), tiers: [{ key: 'silver', name: name('Silver') }, { key: 'gold', name: name('Gold') }] },
    { key: 'staff', name: name('staff grade'), tiers: [{ key: 'first', name: name('First') }] },
  ],
}
const keys = (source: string, among?: string) => choicesOf(CATALOGUE, source, 'en', (message) => message, among).map((one) => one.key)

describe('what can be chosen', () => {
  it('levels are those of the ladder, or of all by their ladder', () => {
    expect(keys('tiers', 'staff')).toEqual(['first'])
    expect(keys('tiers')).toEqual(['silver', 'gold', 'first'])
    expect(choicesOf(CATALOGUE, 'tiers', 'en', (message) => message)[2]).toEqual({ key: 'first', label: 'First', group: 'staff grade' })
  })

  it('what runs out is of the kind that the part names', () => {
    expect(keys('expiring', amongOf('expiring', { of: 'coupon' }))).toEqual(['tea'])
    expect(keys('expiring', amongOf('expiring', { of: 'membership' }))).toEqual(['club'])
    expect(keys('expiring', amongOf('expiring', {}))).toEqual([])
  })

  it('a level as a fact is looked up on its ladder', () => {
    const fact = { path: 'member.level.staff', label: name('staff grade'), type: 'text', source: 'tiers' }
    expect(lookUpOf(fact)).toEqual({ source: 'tiers', among: 'staff' })
    expect(lookUpOf({ ...fact, path: 'member.tags', source: 'tags' })).toEqual({ source: 'tags' })
  })
})

describe('a part whose look-up has changed', () => {
  const own = (source: string, optional: boolean): Schema =>
    ({ 'x-source': source, ...(optional ? { anyOf: [{ type: 'string' }, { type: 'null' }] } : { type: 'string' }) })

  it('takes the first level of the new ladder', () => {
    const schema: Schema = { properties: { ladder: own('ladders', false), tier: own('tiers', false) } }
    const before: JsonObject = { ladder: 'tier', tier: 'gold' }
    expect(refitted({ ...before, ladder: 'staff' }, before, schema, CATALOGUE)).toEqual({ ladder: 'staff', tier: 'first' })
    expect(refitted({ ...before }, before, schema, CATALOGUE)).toEqual(before)
  })

  it('drops what may be left out', () => {
    const schema: Schema = { properties: { of: { type: 'string' }, unit: own('expiring', true) } }
    const before: JsonObject = { of: 'points', unit: 'points' }
    expect(refitted({ of: 'coupon', unit: 'points' }, before, schema, CATALOGUE)).toEqual({ of: 'coupon' })
  })
})

it('a new list has as many parts as it needs', () => {
  const part: Schema = { type: 'object', required: ['value'], properties: { value: { type: 'string' } } }
  expect(blankField({ type: 'array', minItems: 2, items: part }, {})).toEqual([{ value: '' }, { value: '' }])
})
