/**
 * Checks a document by its schema without generating code, which the content security policy forbids.
 *
 * A schema that picks a branch by a `type` would report the mistakes of every branch; it is rewritten
 * first so that only the branch named by the document is read.
 */

import { Validator } from '@cfworker/json-schema'
import type { Json, Schema } from './schema'

export interface ShapeProblem {
  readonly path: string
  readonly text: string
}

type Loose = Record<string, unknown>

/** `oneOf` with a discriminator as `if its type is this, then read it so`. */
export function byDiscriminator(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(byDiscriminator)
  if (typeof schema !== 'object' || schema === null) return schema
  const { discriminator, oneOf, ...rest } = schema as Loose
  const plain: Loose = Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, byDiscriminator(one)]))
  // Python escapes quotes in patterns; in a Unicode pattern of JavaScript that is a mistake.
  if (typeof plain['pattern'] === 'string') plain['pattern'] = plain['pattern'].replaceAll('\\"', '"').replaceAll("\\'", "'")
  if (discriminator === undefined || typeof discriminator !== 'object' || discriminator === null) {
    return oneOf === undefined ? plain : { ...plain, oneOf: byDiscriminator(oneOf) }
  }
  const { propertyName, mapping } = discriminator as { propertyName: string; mapping: Record<string, string> }
  const picked = (name: string): Loose => ({
    type: 'object', properties: { [propertyName]: { const: name } }, required: [propertyName],
  })
  return {
    ...plain,
    type: 'object',
    required: [propertyName],
    properties: { [propertyName]: { enum: Object.keys(mapping) } },
    allOf: Object.entries(mapping).map(([name, $ref]) => ({ if: picked(name), then: { $ref } })),
  }
}

/** A nullable branch as a branch that is skipped for null, so that its own mistakes are the ones reported. */
function byPresence(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(byPresence)
  if (typeof schema !== 'object' || schema === null) return schema
  const made = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, byPresence(one)])) as Loose
  const branches = made['anyOf']
  if (!Array.isArray(branches) || branches.length !== 2) return made
  const open = branches.find((one: Loose) => one['type'] !== 'null') as unknown
  if (open === undefined || !branches.some((one: Loose) => one['type'] === 'null')) return made
  const { anyOf: _, ...rest } = made
  return { ...rest, if: { not: { type: 'null' } }, then: open }
}

const CONTAINERS = new Set(['properties', 'items', '$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'not'])
const compiled = new WeakMap<object, Validator>()

function compile(schema: Schema): Validator {
  let validator = compiled.get(schema)
  if (validator === undefined) {
    validator = new Validator(byPresence(byDiscriminator(schema)) as ConstructorParameters<typeof Validator>[0], '2020-12', false)
    compiled.set(schema, validator)
  }
  return validator
}

/** The mistakes of a document, the innermost for each place. */
export function problemsOf(schema: Schema, document: Json | undefined): ShapeProblem[] {
  const { errors } = compile(schema).validate(document)
  const found = new Map<string, string>()
  for (const one of errors) {
    const path = decodeURIComponent(one.instanceLocation.replace(/^#/, ''))
    if (!CONTAINERS.has(one.keyword) && !found.has(path)) found.set(path, one.error)
  }
  return [...found].map(([path, text]) => ({ path, text }))
}

export function isValid(schema: Schema, document: Json | undefined): boolean {
  return compile(schema).validate(document).valid
}
