import { describe, expect, it } from 'vitest'
import type { RuleCatalogue } from '../../core/schema'
import { shown } from './GuideTab'

const catalogue = {
  events: [{ name: 'Order Completed', label: { en: 'order', 'zh-Hans': '下单' }, properties: [] }],
  facts: [], tags: [{ key: 'vip', name: { en: 'VIP', 'zh-Hans': '贵宾' } }], coupons: [], templates: [], endpoints: [],
} as RuleCatalogue

describe('what a guide says of a place of the rule', () => {
  it('names what keys stand for', () => {
    expect([shown('vip', catalogue, 'zh-Hans'), shown('Order Completed', catalogue, 'en'), shown('other', catalogue, 'en')])
      .toEqual(['贵宾', 'order', 'other'])
    expect(shown(['vip', 'gold'], catalogue, 'zh-Hans')).toBe('贵宾、gold')
  })
  it('words lengths of time, and numbers', () => {
    expect([shown({ days: 1 }, catalogue, 'en'), shown({ days: 90 }, catalogue, 'en'), shown({ months: 3 }, catalogue, 'zh-Hans')])
      .toEqual(['1 day', '90 days', '3 个月'])
    expect([shown(12000, catalogue, 'en'), shown(undefined, catalogue, 'en')]).toEqual(['12,000', '–'])
  })
})
