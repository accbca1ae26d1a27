import { expect, test } from 'vitest'
import { keyFor } from './key'

const NONE: ReadonlySet<string> = new Set()
const when = { type: 'absence', event: 'Order Completed', for: { days: 90 } }
const tag = { type: 'add_tag', tag: 'vip' }

test('a key is made of the name', () => {
  expect(keyFor({ name: { en: 'Win back: 90 days!' }, when, then: [tag] }, NONE)).toBe('win-back-90-days')
  expect(keyFor({ name: { 'zh-Hans': 'VIP 升级礼' }, when, then: [tag] }, NONE)).toBe('vip')
  expect(keyFor({ name: { en: 'a'.repeat(70) } }, NONE)).toHaveLength(64)
})

test('a name without Latin letters leaves the key to what the rule does', () => {
  expect(keyFor({ name: { 'zh-Hans': '流失挽回' }, when, then: [tag] }, NONE)).toBe('add-tag-vip')
  expect(keyFor({ name: { 'zh-Hans': '积分' }, when, then: [{ type: 'award_points', points: 5 }] }, NONE)).toBe('award-points')
  expect(keyFor({ name: { 'zh-Hans': '流失挽回' }, when, then: [] }, NONE)).toBe('absence-order-completed')
  expect(keyFor({ name: { en: 'New rule' }, when, then: [] }, NONE, ['New rule'])).toBe('absence-order-completed')
  expect(keyFor({}, NONE)).toBe('rule')
})

test('a key is not taken twice', () => {
  expect(keyFor({ name: { en: 'A' } }, new Set(['a', 'a-2']))).toBe('a-3')
  const long = 'a'.repeat(64)
  expect(keyFor({ name: { en: long } }, new Set([long]))).toBe(`${'a'.repeat(62)}-2`)
})
