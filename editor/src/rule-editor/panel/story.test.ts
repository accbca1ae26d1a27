import { expect, test } from 'vitest'
import type { Json } from '../../core/schema'
import { callsOf, examplesOf, storyOf, valueOf } from './story'

test('a property is what it reads as', () => {
  expect([valueOf('12'), valueOf('99.5'), valueOf('true'), valueOf('007'), valueOf('store'), valueOf('')])
    .toEqual([12, 99.5, true, '007', 'store', ''])
})

test('an example becomes a story, and a story the same calls again', () => {
  const given: Json[] = [
    { type: 'identify', timestamp: '2026-01-01T00:00:00Z', traits: { city: 'Shanghai' } },
    { type: 'track', event: 'Order Completed', timestamp: '2026-01-02T00:00:00Z', properties: { total: 100 } },
  ]
  const [first] = examplesOf({ examples: [{ name: 'A', given, until: '2026-02-01T00:00:00Z', expect: [] }] })
  expect(first?.name).toBe('A')
  expect(first?.story.until).toBe('2026-02-01T00:00:00Z')
  expect(first === undefined ? [] : callsOf(first.story)).toEqual(given)
})

test('a rule without examples still has a beginning', () => {
  expect(examplesOf({})).toEqual([])
  expect(storyOf({ when: { type: 'event', event: 'Signed Up' } }).events[0]?.event).toBe('Signed Up')
})
