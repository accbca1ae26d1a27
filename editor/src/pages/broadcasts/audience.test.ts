import { describe, expect, it } from 'vitest'
import { audienceOf, conditionOf, isEmpty, type Audience } from './audience'

const CITY = { type: 'compare', fact: 'member.city', op: 'eq', value: 'Hangzhou' }

describe('whom a broadcast is for', () => {
  const cases: Audience[] = [
    { whom: 'everybody', which: '', condition: null },
    { whom: 'tag', which: 'vip', condition: null },
    { whom: 'tag', which: '', condition: null },
    { whom: 'segment', which: 'important-value', condition: null },
    { whom: 'condition', which: '', condition: CITY },
    { whom: 'condition', which: '', condition: null },
  ]
  it.each(cases)('comes back from a draft as it was left: $whom $which', (audience) => {
    expect(audienceOf(conditionOf(audience))).toEqual(audience)
  })
  it('is never everybody by leaving something out', () => {
    for (const audience of cases.slice(1)) expect(conditionOf(audience)).not.toBeNull()
  })
  it('knows a group with nothing in it', () => {
    expect([isEmpty({ type: 'all', of: [] }), isEmpty({ type: 'all', of: [CITY] }), isEmpty(CITY), isEmpty(null)]).toEqual([true, false, false, false])
  })
})
