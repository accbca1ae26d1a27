import { describe, expect, it, test } from 'vitest'
import language from '../../../../tests/editor/language.json'
import said from '../../../../tests/editor/wording.json'
import type { JsonObject, RuleCatalogue, Schema } from '../../core/schema'
import { get, pathOf } from '../../core/tree'
import { layout, type Picture } from './layout'
import { flowOf, type Flow } from './steps'

const schema = language.schema as unknown as Schema
const catalogue = language.catalogue as unknown as RuleCatalogue
const fixtures = said as unknown as {document: JsonObject; en: string}[]
const TITLES = { when: 'When', if: 'If', exit: 'Leave early', goal: 'Goal' }

const flow = (rule: JsonObject, spoken = 'en'): Flow => flowOf(rule, schema, catalogue, spoken, TITLES)
const tag = (name: string): JsonObject => ({ type: 'add_tag', tag: name })

const JOURNEY: JsonObject = {
  when: { type: 'event', event: 'Signed Up' },
  if: { type: 'any', of: [{ type: 'compare', fact: 'member.city', op: 'eq', value: 'Paris' }, { type: 'compare', fact: 'member.tags', op: 'has', value: 'vip' }] },
  then: [
    { type: 'wait_for', event: 'Order Completed', timeout: { days: 3 }, then: [tag('buyer'), { type: 'stop' }], else: [tag('idle')] },
    { type: 'branch', if: { type: 'compare', fact: 'member.city', op: 'eq', value: 'Paris' }, then: [tag('paris')] },
    { type: 'wait', for: { days: 1 } },
  ],
  exit: { type: 'event', event: 'Order Completed' }, goal: { event: 'Order Completed', within: { days: 14 } },
}

const linesOf = (picture: Picture): string[] => picture.lines.map((one) => `${one.from} > ${one.to}${one.label === '' ? '' : ` (${one.label})`}`)

describe('the steps of a rule', () => {
  it('read as the sentence does, without the ways on', () => {
    const { steps, beside } = flow(JOURNEY)
    expect(steps.map((one) => [one.pointer, one.tone, one.text])).toEqual([
      ['/when', 'when', 'At each sign-up'],
      ['/if', 'if', "City is Paris or member's tags include vip"],
      ['/then/0', 'wait', 'Wait up to 3 days for order'],
      ['/then/1', 'if', 'If city is Paris'],
      ['/then/2', 'wait', 'Wait 1 day'],
    ])
    expect(steps[2]?.ways.map((one) => [one.label, one.steps.map((step) => step.text)])).toEqual([
      ['If it comes', ['Add tag “buyer”', 'Stop']], ['If the time is out', ['Add tag “idle”']],
    ])
    expect(beside.map((one) => [one.tone, one.title])).toEqual([['exit', 'Leave early'], ['goal', 'Goal']])
    expect(flow(JOURNEY, 'zh-Hans').steps[3]?.text).toBe('如果城市是 Paris')
  })

  it('may still be blank', () => {
    expect(flow({ when: { type: 'event' }, then: [{}] }).steps.map((one) => one.text)).toEqual(['At each …', '…'])
  })
})

describe('the picture', () => {
  it('comes back from each way, but not from where the rule stops', () => {
    expect(linesOf(layout(flow(JOURNEY)))).toEqual([
      '/when > /if', '/if > /then/0',
      '/then/0 > /then/0/then/0 (If it comes)', '/then/0/then/0 > /then/0/then/1',
      '/then/0 > /then/0/else/0 (If the time is out)',
      '/then/0/else/0 > /then/1',
      '/then/1 > /then/1/then/0 (Then)', '/then/1 > /then/1/1/nothing (Or else)',
      '/then/1/then/0 > /then/2', '/then/1/1/nothing > /then/2',
      '/then/2 > /exit', '/then/2 > /goal',
    ])
  })

  test.each(fixtures)('$en', ({ document }) => {
    for (const spoken of ['en', 'zh-Hans']) {
      const picture = layout(flow(document, spoken))
      expect(layout(flow(document, spoken))).toEqual(picture)
      const drawn = new Set(picture.nodes.map((one) => one.id))
      expect(drawn.size).toBe(picture.nodes.length)
      const place = new Map(picture.nodes.map((one) => [one.id, one]))
      for (const one of picture.nodes) {
        expect(one.step === null || get(document, pathOf(document, one.id)) !== undefined).toBe(true)
        expect(one.x >= 0 && one.x + one.width <= picture.width && one.y + one.height <= picture.height).toBe(true)
        for (const other of picture.nodes) expect(one === other || apart(one, other)).toBe(true)
      }
      for (const line of picture.lines) {
        const [from, to] = [place.get(line.from), place.get(line.to)]
        expect(from !== undefined && to !== undefined && from.y + from.height < to.y).toBe(true)
      }
    }
  })
})

interface Box { x: number; y: number; width: number; height: number }

function apart(one: Box, other: Box): boolean {
  return one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y
}
