import { isObject, type Json, type JsonObject } from '../../core/schema'
import type { TrackCall } from '../../core/types'

/** An event of an invented member, as somebody types it. */
export interface Told {
  readonly id: number
  readonly type: string
  readonly event: string
  readonly timestamp: string
  readonly properties: readonly (readonly [string, string])[]
}

export interface Story {
  readonly events: readonly Told[]
  readonly until: string
}

let last = 0

export function told(type: string, event: string, timestamp: string, properties: Told['properties'] = []): Told {
  last += 1
  return { id: last, type, event, timestamp, properties }
}

/** The stories that the rule itself tells as its examples. */
export function examplesOf(rule: JsonObject): { name: string; story: Story }[] {
  const examples = rule['examples']
  if (!Array.isArray(examples)) return []
  return examples.filter(isObject).map((one) => {
    const given = (Array.isArray(one['given']) ? one['given'] : []).filter(isObject)
    const events = given.map((call) => {
      const said = call['type'] === 'identify' ? call['traits'] : call['properties']
      return told(textOf(call['type']), textOf(call['event']), textOf(call['timestamp']), pairsOf(said))
    })
    return { name: textOf(one['name']), story: { events, until: textOf(one['until']) } }
  })
}

/** A beginning for a rule without examples: the event that it is about, a year that ends in the future of it. */
export function storyOf(rule: JsonObject): Story {
  const when = isObject(rule['when']) ? rule['when'] : {}
  const event = textOf(when['event']) || 'Order Completed'
  return { events: [told('track', event, '2026-01-01T04:00:00Z', [['total', '100'], ['currency', 'CNY']])], until: '2026-12-31T00:00:00Z' }
}

export function callsOf(story: Story): TrackCall[] {
  return story.events.map((one) => {
    const said: JsonObject = Object.fromEntries(one.properties.filter(([name]) => name !== '').map(([name, value]) => [name, valueOf(value)]))
    return one.type === 'identify'
      ? { type: 'identify', timestamp: one.timestamp, traits: said }
      : { type: 'track', event: one.event, timestamp: one.timestamp, properties: said }
  })
}

/** A property as it was meant: a number or yes/no where it reads so, else text. */
export function valueOf(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(text) ? Number(text) : text
}

function pairsOf(value: Json | undefined): [string, string][] {
  return isObject(value) ? Object.entries(value).map(([name, one]) => [name, textOf(one)]) : []
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
