import { expect, test } from 'vitest'
import { placeOf } from './type-ahead'

const KINDS = [['添加标签', 'add_tag'], ['发放优惠券', 'issue_coupon'], ['Open task', 'open_task']]

test('a choice is found by how its name or its key begins', () => {
  expect(placeOf('发放', KINDS)).toBe(1)
  expect(placeOf('iss', KINDS)).toBe(1)
  expect(placeOf('open t', KINDS)).toBe(2)
})

test('a word within is found where no choice begins so', () => {
  expect(placeOf('coupon', KINDS)).toBe(1)
  expect(placeOf('ta', KINDS)).toBe(0)
  expect(placeOf('x', KINDS)).toBe(-1)
})
