import { expect, test } from 'vitest'
import { leaves } from './leaves'

test('only what differs is told, at its place', () => {
  const old = { tags: { vip: { name: { en: 'VIP' }, meaning: 'a' } } }
  const now = { tags: { vip: { name: { en: 'Very' }, meaning: 'a' } }, coupons: { TEN: { value: '10' } } }
  expect(leaves(old, now)).toEqual([
    { path: 'tags / vip / name / en', old: 'VIP', now: 'Very' },
    { path: 'coupons / TEN / value', old: null, now: '10' },
  ])
})

test('what is new or gone is told whole', () => {
  expect(leaves(null, { role: 'auditor', scopes: ['redeem'] })).toEqual([
    { path: 'role', old: null, now: 'auditor' }, { path: 'scopes', old: null, now: '["redeem"]' }])
  expect(leaves({ status: 'live' }, null)).toEqual([{ path: 'status', old: 'live', now: null }])
  expect(leaves({ a: 1 }, { a: 1 })).toEqual([])
})
