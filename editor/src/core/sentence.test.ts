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

test('a half-written rule reads without failing', () => {
  expect(sentence({when: {type: 'event'}, then: []}, schema, catalogue, 'en')).toBe('At each , ….')
  expect(sentence({when: {type: 'gone'}, then: [{}]}, schema, catalogue, 'en')).not.toContain('undefined')
  expect(sentence([], schema, catalogue, 'en')).toBe('')
})
