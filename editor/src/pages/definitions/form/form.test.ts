import { describe, expect, it } from 'vitest'
import type { JsonObject, Schema } from '../../../core/schema'
import { wrongIn } from './problems'
import { fieldsFor, relevant } from './relevance'

const NAME: Schema = { type: 'object', 'x-widget': 'names' }
const LADDER: Schema = {
  title: 'LadderDefinition', type: 'object', required: ['key', 'name', 'measure', 'tiers'],
  properties: {
    key: { type: 'string', pattern: '^\\S{1,64}$', 'x-widget': 'key' }, name: NAME,
    measure: { type: 'string', enum: ['unit', 'sum', 'count'] },
    unit: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
    within: { anyOf: [{ $ref: '#/$defs/Duration' }, { type: 'null' }], default: null },
    tiers: { type: 'array', minItems: 1, items: { $ref: '#/$defs/Tier' } },
  },
  $defs: {
    Duration: {
      type: 'object', 'x-units': { days: {} }, properties: { days: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] } },
    },
    Tier: {
      type: 'object', required: ['key', 'reached_at'],
      properties: { key: { type: 'string', pattern: '^\\S{1,64}$', 'x-widget': 'key' }, reached_at: { type: 'string', pattern: '^\\d+$', 'x-widget': 'decimal' } },
    },
  },
}
const GOOD: JsonObject = {
  key: 'tier', name: { en: 'level' }, measure: 'sum', within: { days: 365 },
  tiers: [{ key: 'silver', reached_at: '100' }, { key: 'gold', reached_at: '300' }],
}
const wrong = (changes: JsonObject): string[] => wrongIn({ ...GOOD, ...changes }, LADDER, LADDER).map((one) => `${one.path} ${one.what}`)

describe('mistakes', () => {
  it('there is none in a definition that is complete', () => expect(wrong({})).toEqual([]))
  it('what must be said is missing', () => {
    expect(wrong({ key: '', name: { en: '' } })).toEqual(['/key blank', '/name blank'])
    expect(wrong({ tiers: [] })).toEqual(['/tiers few'])
    expect(wrong({ tiers: [{ key: '', reached_at: 'much' }] })).toEqual(['/tiers/0/key blank', '/tiers/0/reached_at decimal'])
  })
  it('what was said cannot be', () => {
    expect(wrong({ key: 'two words' })).toEqual(['/key key'])
    expect(wrong({ within: { days: 0 } })).toEqual(['/within/days number'])
  })
  it('what may be left out is no mistake', () => expect(wrong({ within: { days: '' } })).toEqual([]))
})

describe('fields that matter', () => {
  it('the unit only matters to a ladder by a unit', () => {
    expect(fieldsFor({ measure: 'sum' }, LADDER)).not.toContain('unit')
    expect(fieldsFor({ measure: 'unit' }, LADDER)).toContain('unit')
  })
  it('what no longer matters is not sent, and what the schema does not know stays', () => {
    const draft: JsonObject = { ...GOOD, unit: 'growth', later: 1 }
    expect(relevant(draft, LADDER, LADDER)).toEqual({ ...GOOD, later: 1 })
    expect(relevant({ ...draft, measure: 'unit' }, LADDER, LADDER)).toEqual({ ...draft, measure: 'unit' })
  })
})
