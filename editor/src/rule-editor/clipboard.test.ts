import { describe, expect, it } from 'vitest'
import language from '../../../tests/editor/language.json'
import type { JsonObject, Schema } from '../core/schema'
import { asText, kindOf, pasteBelow, rowIn } from './clipboard'

const root = language.schema as unknown as Schema
const city: JsonObject = { type: 'compare', fact: 'member.city', op: 'eq', value: 'Paris' }
const tag: JsonObject = { type: 'add_tag', tag: 'vip' }
const group: JsonObject = { type: 'any', of: [city, city] }

describe('rows as text', () => {
  it('come back as what they were', () => {
    for (const part of [city, group, tag]) {
      const kind = kindOf(part, root)
      expect(kind).toBe(part === tag ? 'action' : 'condition')
      expect(rowIn(asText(part, kind ?? 'action'), root)).toEqual({ kind, part })
    }
  })

  it('are not made of anything else', () => {
    const strange = [
      '', 'Paris', '{}', '[]', JSON.stringify(city), JSON.stringify({ regulars: 'condition' }),
      asText({ type: 'event', event: 'Signed Up' }, 'condition'), asText({ type: 'all', of: [city, tag] }, 'condition'),
      asText({ type: 'all', of: [{ type: 'any', of: ['city'] }] }, 'condition'),
    ]
    for (const text of strange) expect(rowIn(text, root)).toBeNull()
  })
})

describe('pasting', () => {
  it('puts a row below one of its kind', () => {
    const rule = { if: { type: 'all', of: [city, group] }, then: [tag] }
    expect(pasteBelow(rule, ['if', 'of', 0], group, root)).toEqual({
      document: { ...rule, if: { type: 'all', of: [city, group, group] } }, path: ['if', 'of', 1],
    })
    expect(pasteBelow(rule, ['then', 0], tag, root)?.document).toEqual({ ...rule, then: [tag, tag] })
    expect(pasteBelow({ if: city }, ['if'], group, root)).toEqual({ document: { if: { type: 'all', of: [city, group] } }, path: ['if', 'of', 1] })
  })

  it('refuses a row of another kind', () => {
    expect(pasteBelow({ if: city, then: [tag] }, ['then', 0], city, root)).toBeNull()
    expect(pasteBelow({ if: city, then: [tag] }, ['if'], tag, root)).toBeNull()
  })
})
