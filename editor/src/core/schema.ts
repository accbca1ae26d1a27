/** A rule's JSON Schema as the engine publishes it: plain look-ups, and nothing that knows a kind of part. */

import { saidIn } from './language'

export type Json = null | boolean | number | string | Json[] | {[name: string]: Json}
export type JsonObject = {[name: string]: Json}
export type Path = readonly (string | number)[]

/** Wording by language; one that has no text in a language falls back to English. */
export type Wording = Readonly<Record<string, string>>

export interface OperatorShape {
  readonly types: readonly string[]
  readonly operand: 'same' | 'pair' | 'many' | 'text' | 'none'
}

export interface Schema {
  readonly $ref?: string
  readonly title?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string
  readonly const?: Json
  readonly enum?: readonly Json[]
  readonly default?: Json
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly discriminator?: {readonly propertyName: string; readonly mapping: Readonly<Record<string, string>>}
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly 'x-title'?: Wording
  readonly 'x-hint'?: Wording
  readonly 'x-icon'?: string
  readonly 'x-source'?: string
  readonly 'x-widget'?: string
  readonly 'x-joiner'?: Wording
  readonly 'x-prefix'?: Wording
  readonly 'x-labels'?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The choice that holds where none is told. */
  readonly 'x-unsaid'?: string
  readonly 'x-units'?: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>>
  readonly 'x-sentence'?: Wording
  readonly 'x-sentence-by'?: string
  readonly 'x-sentences'?: Readonly<Record<string, Wording>>
  readonly 'x-operators'?: Readonly<Record<string, OperatorShape>>
  readonly 'x-types'?: Readonly<Record<string, string>>
}

export interface CatalogueFact {
  readonly path: string
  readonly label: Wording
  readonly type: string
  readonly events?: readonly string[] | null
  readonly personal?: boolean
  readonly source?: string | null
}

export interface CatalogueEvent {
  readonly name: string
  readonly label: Wording
  readonly properties: readonly {readonly name: string; readonly label: Wording; readonly type: string}[]
}

export interface CatalogueEntry {
  readonly key: string
  readonly name: Wording
  /** Of a tag: nobody can have it any more. */
  readonly retired?: boolean
  /** Of a tag: the one that it means since they were merged. */
  readonly merged_into?: string
}

/** Whether something can still be chosen: a tag that was merged or retired can't be. */
export const isInUse = (one: CatalogueEntry): boolean => one.retired !== true && (one.merged_into ?? null) === null

export interface CatalogueLadder extends CatalogueEntry {
  readonly tiers: readonly CatalogueEntry[]
}

/** What rules may speak of, as `GET /v1/catalogue` answers. */
export interface RuleCatalogue {
  readonly events: readonly CatalogueEvent[]
  readonly facts: readonly CatalogueFact[]
  readonly tags: readonly CatalogueEntry[]
  readonly coupons: readonly CatalogueEntry[]
  readonly templates: readonly CatalogueEntry[]
  readonly endpoints: readonly CatalogueEntry[]
  readonly units?: readonly CatalogueEntry[]
  readonly ladders?: readonly CatalogueLadder[]
  readonly memberships?: readonly CatalogueEntry[]
  readonly budgets?: readonly CatalogueEntry[]
  readonly wheels?: readonly CatalogueEntry[]
  readonly campaigns?: readonly CatalogueEntry[]
  readonly queues?: readonly CatalogueEntry[]
  readonly contact?: readonly CatalogueEntry[]
  readonly channels?: readonly CatalogueEntry[]
  readonly segments?: readonly CatalogueEntry[]
  readonly programme?: {readonly zone?: string; readonly approval?: string}
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function labelOf(wording: Wording | undefined, language: string): string {
  if (wording === undefined) return ''
  return saidIn(wording, language) || wording['en'] || Object.values(wording)[0] || ''
}

/** A document in the order in which people read it: these fields first, and of each part what it is. */
export function inOrder(value: Json, first: readonly string[] = ['type']): Json {
  if (Array.isArray(value)) return value.map((one) => inOrder(one))
  if (!isObject(value)) return value
  const names = [...first.filter((name) => name in value), ...Object.keys(value).filter((name) => !first.includes(name))]
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name] ?? null)]))
}

/** What people call each choice of a field. */
export function choicesOf(schema: Schema, language: string): Readonly<Record<string, string>> {
  return saidIn(schema['x-labels'], language) ?? schema['x-labels']?.['en'] ?? {}
}

/** Follow a `$ref`. Keywords beside it, such as a field's own title, win over those it points to. */
export function resolve(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema
  const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')]
  if (target === undefined) return schema
  const {$ref: _, ...own} = schema
  return {...resolve(target, root), ...own}
}

/** The schema of what may be there besides null; the field's own keywords stay. */
export function withoutNull(schema: Schema, root: Schema): Schema {
  const branches = schema.anyOf?.filter((one) => one.type !== 'null')
  if (branches === undefined || branches.length !== 1 || branches[0] === undefined) return resolve(schema, root)
  const {anyOf: _, ...own} = schema
  return {...resolve(branches[0], root), ...own}
}

export function isOptional(schema: Schema): boolean {
  return schema.anyOf?.some((one) => one.type === 'null') ?? false
}

/** The schema that a value is read by: where it is one of several kinds, that of its own `type`. */
export function branchOf(schema: Schema, value: Json | undefined, root: Schema): Schema {
  const open = withoutNull(schema, root)
  if (open.discriminator === undefined) return open
  const kind = isObject(value) ? value[open.discriminator.propertyName] : undefined
  const reference = typeof kind === 'string' ? open.discriminator.mapping[kind] : undefined
  return reference === undefined ? open : resolve({$ref: reference}, root)
}

export interface Kind {
  readonly name: string
  readonly schema: Schema
}

/** The kinds that a field offers (of trigger, condition, action), in the order of the schema. */
export function kindsOf(schema: Schema, root: Schema): Kind[] {
  const open = withoutNull(schema, root)
  const mapping = open.discriminator?.mapping ?? {}
  return (open.oneOf ?? []).flatMap((one) => {
    const name = Object.keys(mapping).find((key) => mapping[key] === one.$ref)
    return name === undefined ? [] : [{name, schema: resolve(one, root)}]
  })
}

export function field(schema: Schema, name: string): Schema {
  return schema.properties?.[name] ?? {}
}

/** Whether a kind holds other conditions instead of having a sentence of its own. */
export function isGroup(schema: Schema): boolean {
  return schema['x-joiner'] !== undefined && schema.properties?.['of'] !== undefined
}

/** A new part of this kind: what must be there, as empty as it can be and still be shown. */
export function blank(schema: Schema, root: Schema): JsonObject {
  const made: JsonObject = {}
  const kind = field(schema, 'type').const
  if (kind !== undefined) made['type'] = kind
  for (const name of schema.required ?? []) made[name] = blankField(field(schema, name), root)
  return made
}

export function blankField(schema: Schema, root: Schema): Json {
  const open = withoutNull(schema, root)
  if (open['x-widget'] === 'duration') return {days: 1}
  if (open['x-widget'] === 'time') return '09:00'
  if (open.default !== undefined && open.default !== null) return open.default
  if (open.enum !== undefined) return open.enum[0] ?? ''
  if (open.type === 'array') {
    const item = open.items ?? {}
    return Array.from({length: open.minItems ?? 0}, () => blankField(item, root))
  }
  if (open.type === 'integer') return open.minimum ?? 0
  if (open.type === 'boolean') return true
  if (open.type === 'object') return blank(open, root)
  if (open.discriminator !== undefined) {
    const first = kindsOf(open, root)[0]
    return first === undefined ? {} : blank(first.schema, root)
  }
  return ''
}
