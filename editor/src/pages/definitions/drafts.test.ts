import { expect, it } from 'vitest'
import { blank, keyOf, tidy } from './drafts'

it('leaves out what was left empty and keeps what was said', () => {
  const draft = { key: ' vip ', name: { en: 'VIP', 'zh-Hans': '' }, subject: { en: '' }, valid_days: 3, personal: false, owner: null }
  expect(tidy(draft)).toEqual({ key: 'vip', name: { en: 'VIP' }, valid_days: 3, personal: false })
})

it('keeps an empty list, which says that there are none', () => {
  expect(tidy({ name: 'Visited', properties: [] })).toEqual({ name: 'Visited', properties: [] })
})

it('names a definition by the field of its kind', () => {
  expect(keyOf('tags', { key: 'vip', name: { en: 'VIP' } })).toBe('vip')
  expect(keyOf('events', { name: 'Visited' })).toBe('Visited')
  expect(keyOf('endpoints', blank('endpoints'))).toBe('')
})
