import { expect, test } from 'vitest'
import language from '../../../tests/editor/language.json'
import { diff, linesOf } from './diff'
import { fromLocal, toLocal } from './instant'
import type { Json, RuleCatalogue, Schema } from './schema'
import { fieldsOf, piecesOf, retold } from './template'

const schema = language.schema as unknown as Schema
const catalogue = language.catalogue as unknown as RuleCatalogue
const rule: Json = {
  key: 'a', name: { en: 'A', 'zh-Hans': '甲' },
  when: { type: 'absence', event: 'Order Completed', for: { days: 90 } },
  if: { type: 'any', of: [{ type: 'compare', fact: 'member.city', op: 'is_known' }] },
  then: [{ type: 'award_points', points: 5 }],
  examples: [],
}

test('a rule reads as lines', () => {
  expect(linesOf(rule, schema, catalogue, 'en')).toEqual([
    'Key: a', 'Name: A', 'after 90 days without any order', 'Any of these: ', '  city is known', '1. award 5 points'])
  expect(linesOf(rule, schema, catalogue, 'zh-Hans')[1]).toBe('名称：甲')
})

test('a changed line is taken away and put in', () => {
  expect(diff(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual([
    { mark: 'same', text: 'a' }, { mark: 'removed', text: 'b' }, { mark: 'added', text: 'x' },
    { mark: 'same', text: 'c' }, { mark: 'added', text: 'd' }])
  expect(diff([], [])).toEqual([])
})

test('a template is cut into text, fields and what may be left out', () => {
  const history = schema.$defs?.['History'] as Schema
  const part = { type: 'history', measure: 'sum', event: 'a', property: 'total', within: { days: 1 }, op: 'gt', value: 1 }
  expect(piecesOf(part, history, 'en').slice(0, 3)).toEqual([
    { kind: 'text', text: 'the sum of ' }, { kind: 'field', name: 'property' }, { kind: 'text', text: ' over every ' }])
  expect(fieldsOf({ ...part, measure: 'first' }, history).has('property')).toBe(false)
  expect(retold({ ...part, measure: 'first' }, history)).toEqual({ type: 'history', measure: 'first', event: 'a', op: 'gt', value: 1 })
})

test('instants stand on the clock of their zone', () => {
  expect(toLocal('2026-01-01T04:00:00Z', 'Asia/Shanghai')).toBe('2026-01-01T12:00:00')
  expect(fromLocal('2026-01-01T12:00', 'Asia/Shanghai')).toBe('2026-01-01T12:00:00+08:00')
  expect(fromLocal('2026-07-01T12:00:30', 'America/New_York')).toBe('2026-07-01T12:00:30-04:00')
  expect(fromLocal('2026-0', 'Asia/Shanghai')).toBeNull()
  expect(toLocal('soon', 'Asia/Shanghai')).toBeNull()
})
