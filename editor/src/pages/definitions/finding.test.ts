import { expect, test } from 'vitest'
import type { Definition } from '../../core/types'
import { fitting } from './finding'

const TAGS = [
  { key: 'vip', name: { en: 'Best customers', 'zh-Hans': '贵宾' }, meaning: 'Buys a lot' },
  { key: 'lapse', name: { en: 'Might leave', 'zh-Hans': '流失风险' }, meaning: 'Quiet for long' },
] as unknown as Definition[]

const found = (typed: string): unknown[] => fitting('tags', TAGS, typed).map((one) => (one as unknown as { key: string }).key)

test('every word is found in the key, a name or the meaning', () => {
  expect(found('')).toEqual(['vip', 'lapse'])
  expect(found('VIP lot')).toEqual(['vip'])
  expect(found(' 流失 ')).toEqual(['lapse'])
  expect(found('vip quiet')).toEqual([])
})

test('properties and events are named otherwise', () => {
  const event = { name: 'Order Completed', label: { en: 'Order', 'zh-Hans': '下单' }, properties: [] } as unknown as Definition
  expect(fitting('events', [event], 'completed 下单')).toEqual([event])
})
