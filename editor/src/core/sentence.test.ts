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
