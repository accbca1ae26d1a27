import { describe, expect, it } from 'vitest'
import { lookingOf, memberAddress } from '../address'
import { labelsOf, readingsOf, spanText } from './readings'
import type { Check } from './types'
import { whyWords } from './words'

const telling = { words: whyWords.en.read, moment: (at: string) => `<${at}>`, rule: (key: string) => `“${key}”` }
const said = (kind: Check['kind'], read: Check['read'], state: Check['state'] = 'holds') => readingsOf({ kind, read, state }, telling)

describe('what was read of a check', () => {
  it('says the value and what it is held against', () => {
    expect(said('per_member', { fired: 1, times: 1, since: 'S' }, 'fails')).toEqual(['fired 1, at most 1', 'counted since <S>'])
    expect(said('hold_out', { percent: 10, place: 7 }, 'fails')).toEqual(['10 of 100 are kept aside: places 0 to 9; the member has place 7'])
    expect(said('hold_out', { percent: null, place: 7, campaign_percent: 20, campaign_place: 93 })).toEqual(['of the campaign 20 of 100: the member has place 93'])
    expect(said('late', { delay_seconds: 7_200, late_after_hours: 48, policy: 'ignore' })).toEqual(['told 2 h after it happened', 'late after 48 h', 'late events are ignored'])
    expect(said('group', { group: 'offers', rules: ['big'] })).toEqual(['group offers', 'rules: “big”'])
    expect(said('campaign', { campaign: 'spring', at: 'T', from: 'A', until: null })).toEqual(['campaign spring', 'from <A>'])
  })
  it('tells a trigger that never came from one that did', () => {
    expect(said('trigger', { event: 'Order Completed', last: null }, 'fails')).toEqual(['it has never happened'])
    expect(said('trigger', { event: 'Order Completed', last: 'L' })).toEqual(['last on <L>'])
    expect(said('trigger', { event: 'Order Completed', armed_at: 'A', due_at: 'D' }, 'fails')).toEqual(['waiting since <A>', 'due <D>'])
  })
  it('says what became of each message', () => {
    const messages = [{ channel: 'email', template: 'hi', suppressed: 'consent', until: null }, { channel: 'sms', template: 'yo', suppressed: null, until: 'U' }]
    expect(said('messages', { messages })).toEqual(['email hi: held back: consent', 'sms yo: waits for quiet hours to end, <U>'])
  })
  it('is nothing where the name says it all', () => {
    expect(said('condition', {})).toEqual([])
    expect(said('supply', {}, 'fails')).toEqual([])
    expect(said('published', { version: null, since: 'P' }, 'fails')).toEqual(['published only at <P>'])
  })
})

it('spans are told in their largest whole unit', () => {
  expect([0, 59, 60, 7_199, 86_400].map((one) => spanText(one, telling.words))).toEqual(['0 s', '59 s', '1 min', '1 h', '1 d'])
})

it('rules of one name are told apart by their keys', () => {
  const labels = labelsOf([{ key: 'a', label: 'Birthday' }, { key: 'b', label: 'Birthday' }, { key: 'c', label: 'Big' }])
  expect([...labels]).toEqual([['Birthday (a)', 'a'], ['Birthday (b)', 'b'], ['Big', 'c']])
})

describe('the address of a member’s page', () => {
  it('keeps what is looked at', () => {
    const looking = { why: 'big', at: '2026-11-01', asOf: '2026-11-02T10:00:00+08:00', knownAt: '' }
    const address = memberAddress('crm:1/2', looking)
    expect(address).toBe('/members/crm%3A1%2F2?why=big&at=2026-11-01&as_of=2026-11-02T10%3A00%3A00%2B08%3A00')
    expect(lookingOf(new URL(address, 'http://x').searchParams)).toEqual(looking)
  })
  it('tells asking without a rule yet from not asking, and asks about no day alone', () => {
    expect(memberAddress('m', { why: '' })).toBe('/members/m?why=')
    expect(memberAddress('m', { why: null, at: '2026-11-01' })).toBe('/members/m')
    expect(lookingOf(new URLSearchParams('')).why).toBeNull()
  })
})
