import { expect, test } from 'vitest'
import language from '../../../tests/editor/language.json'
import { changes, diff, linesOf } from './diff'
import { fromLocal, momentText, toLocal } from './instant'
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

const read = (one: Json, name: string, tongue = 'en') => linesOf(one, name, schema, catalogue, tongue)

test('each field reads as lines', () => {
  expect(read(rule, 'name')).toEqual(['A', '甲'])
  expect(read(rule, 'when', 'zh-Hans')).toEqual(['连续 90 天没有下单时'])
  expect(read(rule, 'if')).toEqual(['Any of these: ', '  city is known'])
  expect(read(rule, 'then')).toEqual(['1. award 5 points'])
  expect(read({ late: { policy: 'fire_within', within: { days: 2 } } }, 'late')).toEqual(['Late events: fire on events up to this late', 'Up to: 2 days'])
  const inZone = { ...catalogue, programme: { zone: 'Asia/Shanghai' } }
  expect(linesOf({ active: { from: '2026-01-01T00:00:00+08:00' } }, 'active', schema, inZone, 'en')).toEqual(['From: 1 Jan 2026, 00:00'])
})

test('only what reads otherwise is a change', () => {
  const before: Json = { ...rule, note: 'Kept', covers: ['J4'], priority: 50 }
  const after: Json = { ...rule, note: 'Kept', covers: ['J4'], then: [{ type: 'award_points', points: 9 }] }
  expect(changes(before, before, schema, catalogue, 'en')).toEqual([])
  expect(changes(before, after, schema, catalogue, 'en')).toEqual([{
    field: 'then', lines: [{ mark: 'removed', text: '1. award 5 points' }, { mark: 'added', text: '1. award 9 points' }],
  }])
  expect(changes(null, rule, schema, catalogue, 'en').map((one) => one.field)).toEqual(['key', 'name', 'when', 'if', 'then'])
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
    { kind: 'text', text: 'the ' }, { kind: 'field', name: 'measure' }, { kind: 'text', text: ' ' }])
  expect(fieldsOf({ ...part, measure: 'first' }, history).has('property')).toBe(false)
  expect(retold({ ...part, measure: 'first' }, history)).toEqual({ type: 'history', measure: 'first', event: 'a', op: 'gt', value: 1 })
})

test('a word follows its number, and another stands where nothing is said', () => {
  const award = schema.$defs?.['AwardPointsAction'] as Schema
  const one = piecesOf({ type: 'award_points', points: 1 }, award, 'en')
  expect(one.slice(0, 2)).toEqual([{ kind: 'text', text: 'award ' }, { kind: 'field', name: 'points' }])
  expect(one[3]).toMatchObject({ kind: 'optional', names: ['unit'], otherwise: [{ kind: 'text', text: 'point' }] })
  expect(piecesOf({ type: 'award_points', points: 2 }, award, 'en')[3])
    .toMatchObject({ otherwise: [{ kind: 'text', text: 'points' }] })
  expect([...fieldsOf({ type: 'award_points', points: 1 }, award)]).toEqual(['points', 'unit', 'at_most', 'once_per'])
})

test('instants stand on the clock of their zone', () => {
  expect(toLocal('2026-01-01T04:00:00Z', 'Asia/Shanghai')).toBe('2026-01-01T12:00:00')
  expect(fromLocal('2026-01-01T12:00', 'Asia/Shanghai')).toBe('2026-01-01T12:00:00+08:00')
  expect(fromLocal('2026-07-01T12:00:30', 'America/New_York')).toBe('2026-07-01T12:00:30-04:00')
  expect(fromLocal('2026-0', 'Asia/Shanghai')).toBeNull()
  expect(toLocal('soon', 'Asia/Shanghai')).toBeNull()
  expect(momentText('2026-01-01T04:00:00Z', 'en', 'Asia/Shanghai')).toBe('1 Jan 2026, 12:00')
  expect(momentText('2026-01-01T04:00:00Z', 'zh-Hans', 'Asia/Shanghai')).toBe('2026年1月1日 12:00')
  expect(momentText('soon', 'en', 'Asia/Shanghai')).toBe('soon')
})
