import type { Definition, DefinitionKind, Json, JsonObject } from '../../core/types'

export const KINDS: DefinitionKind[] = [
  'tags', 'segments', 'scores', 'units', 'coupons', 'ladders', 'memberships', 'budgets', 'wheels', 'campaigns', 'contact', 'channels', 'queues', 'templates', 'endpoints', 'attributes', 'events',
]

/** Kinds whose forms were made by hand; the form of any other kind is made of its schema. */
const HAND_MADE = ['endpoints', 'attributes', 'events'] as const satisfies DefinitionKind[]
export type HandMadeKind = (typeof HAND_MADE)[number]
export type SchemaKind = Exclude<DefinitionKind, HandMadeKind | 'templates'>

export const isHandMade = (kind: DefinitionKind): kind is HandMadeKind => (HAND_MADE as readonly string[]).includes(kind)

export const isKind = (kind: string): kind is DefinitionKind => (KINDS as string[]).includes(kind)

/** The field that names a definition of each kind, and the one that holds what people call it. */
export const keyField = (kind: DefinitionKind): 'key' | 'name' => (kind === 'attributes' || kind === 'events' ? 'name' : 'key')
export const labelField = (kind: DefinitionKind): 'name' | 'label' => (kind === 'attributes' || kind === 'events' ? 'label' : 'name')

/** A definition while it is being written. */
export type Draft = JsonObject

export function keyOf(kind: DefinitionKind, definition: Definition | Draft): string {
  const key = (definition as JsonObject)[keyField(kind)]
  return typeof key === 'string' ? key : ''
}

/** What a new definition begins with that is to be like another: all but what names it. */
export function copyOf(kind: DefinitionKind, definition: Definition): Draft {
  const { [keyField(kind)]: _, ...rest } = structuredClone(definition as JsonObject)
  return rest
}

export function blank(kind: HandMadeKind): Draft {
  if (kind === 'attributes') return { type: 'text', personal: false }
  if (kind === 'events') return { properties: [] }
  return {}
}

export const textOf = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value))

export const wordsOf = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}

/**
 * The definition as it is sent: what was left empty is left out, so that the server's own defaults hold, and a
 * member's other languages that were written elsewhere are kept.
 */
export function tidy(value: Json): Json | undefined {
  if (value === null || value === '') return undefined
  if (Array.isArray(value)) return value.map((one) => tidy(one) ?? null)
  if (typeof value !== 'object') return typeof value === 'string' ? value.trim() || undefined : value
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const kept = tidy(part)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
