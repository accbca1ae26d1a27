import { expect, test } from 'vitest'
import language from '../../../tests/editor/language.json'
import said from '../../../tests/editor/wording.json'
import type { Json, RuleCatalogue, Schema } from './schema'
import { sentence } from './sentence'

const schema = language.schema as unknown as Schema
const catalogue = language.catalogue as unknown as RuleCatalogue
const fixtures = said as unknown as {document: Json; en: string; 'zh-Hans': string}[]

test.each(fixtures)('$en', (one) => {
  expect(sentence(one.document, schema, catalogue, 'en')).toBe(one.en)
  expect(sentence(one.document, schema, catalogue, 'zh-Hans')).toBe(one['zh-Hans'])
})

test('what is still to be filled in is seen', () => {
  const rule: Json = {
    when: {type: 'absence', event: '', for: {days: ''}}, if: {type: 'compare', fact: 'member.city', op: 'eq'},
    then: [{type: 'award_points', points: ''}],
  }
  expect(sentence(rule, schema, catalogue, 'en')).toBe('After … days without any …, if city is …, then award … points.')
  expect(sentence(rule, schema, catalogue, 'zh-Hans')).toBe('连续 … 天没有…时，如果城市是 …，则奖励 … 积分。')
})

test('a half-written rule reads without failing', () => {
  expect(sentence({when: {type: 'event'}, then: []}, schema, catalogue, 'en')).toBe('At each …, ….')
  expect(sentence({when: {type: 'gone'}, then: [{}]}, schema, catalogue, 'en')).not.toContain('undefined')
  expect(sentence([], schema, catalogue, 'en')).toBe('')
})

test('a level reads by its name on the ladder that is asked about', () => {
  const named = {
    ...catalogue, ladders: [{key: 'tier', name: {en: 'Levels'}, tiers: [{key: 'gold', name: {en: 'Gold card', 'zh-Hans': '金卡'}}]}],
  }
  const rule = (fact: string): Json => ({
    when: {type: 'event', event: 'Signed Up'}, if: {type: 'compare', fact, op: 'eq', value: 'gold'}, then: [],
  })
  expect(sentence(rule('member.tier'), schema, named, 'en')).toBe('At each sign-up, if tier is Gold card, then ….')
  expect(sentence(rule('member.tier'), schema, named, 'zh-Hans')).toBe('每次注册时，如果会员等级是 金卡，则…。')
  expect(sentence(rule('member.city'), schema, named, 'en')).toBe('At each sign-up, if city is gold, then ….')
})
