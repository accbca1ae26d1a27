import type { Definition, DefinitionKind, Json, JsonObject } from '../../core/types'

export const KINDS: DefinitionKind[] = ['tags', 'coupons', 'templates', 'endpoints', 'attributes', 'events']

export const isKind = (kind: string): kind is DefinitionKind => (KINDS as string[]).includes(kind)

/** The field that names a definition of each kind, and the one that holds what people call it. */
export const KEY_FIELD: Record<DefinitionKind, 'key' | 'name'> = {
  tags: 'key', coupons: 'key', templates: 'key', endpoints: 'key', attributes: 'name', events: 'name',
}
export const LABEL_FIELD: Record<DefinitionKind, 'name' | 'label'> = {
  tags: 'name', coupons: 'name', templates: 'name', endpoints: 'name', attributes: 'label', events: 'label',
}

/** A definition while it is being written. */
export type Draft = JsonObject

export function keyOf(kind: DefinitionKind, definition: Definition | Draft): string {
  const key = (definition as JsonObject)[KEY_FIELD[kind]]
  return typeof key === 'string' ? key : ''
}

export function blank(kind: DefinitionKind): Draft {
  if (kind === 'coupons') return { kind: 'percent' }
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
