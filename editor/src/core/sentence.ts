/**
 * Rules in words. The twin of the engine's renderer: `tests/editor/wording.json` holds documents with
 * the sentences of both, and a difference fails the tests.
 */

import {
  branchOf, choicesOf, field, isGroup, isObject, labelOf, resolve, withoutNull,
  type Json, type JsonObject, type RuleCatalogue, type Schema, type Wording,
} from './schema'

/** How a group or a list of no parts reads, and what is still to be filled in. */
export const NOTHING = '…'

const PIECE = /\[([^\]]*)\]|\{([a-z_]+)\}/g
const FIELD = /\{([a-z_]+)\}/g
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/
const LEADING = /^(?:; |；|, |，)+/

export function isChinese(language: string): boolean {
  return language.startsWith('zh')
}

/** A whole rule as one sentence. */
export function sentence(rule: Json, root: Schema, catalogue: RuleCatalogue, language: string): string {
  const said = phrase(rule, root, root, catalogue, language)
  return isChinese(language) ? said : said.slice(0, 1).toUpperCase() + said.slice(1)
}

/** One part of a rule (a trigger, a condition, an action) in words; empty when it has no wording. */
export function phrase(part: Json, schema: Schema, root: Schema, catalogue: RuleCatalogue, language: string): string {
  return new Writer(root, catalogue, language).part(part, schema)
}

/** The template that a part reads by, or undefined when its kind has none. */
export function templateOf(part: JsonObject, schema: Schema): Wording | undefined {
  const by = schema['x-sentence-by']
  if (by === undefined) return schema['x-sentence']
  return schema['x-sentences']?.[String(part[by])]
}

/** A duration's unit and amount: the first unit that is set. */
export function durationOf(value: Json | undefined): {unit: string; amount: Json} | null {
  if (!isObject(value)) return null
  const set = Object.entries(value).find(([, amount]) => amount !== null)
  return set === undefined ? null : {unit: set[0], amount: set[1]}
}

class Writer {
  private readonly chinese: boolean

  constructor(
    private readonly root: Schema,
    private readonly catalogue: RuleCatalogue,
    private readonly language: string,
  ) {
    this.chinese = isChinese(language)
  }

  part(part: Json | undefined, as: Schema): string {
    const schema = branchOf(as, part, this.root)
    if (!isObject(part)) return ''
    if (schema['x-units'] !== undefined) return this.duration(part, schema)
    if (isGroup(schema)) return this.group(part, schema)
    const template = templateOf(part, schema)
    if (template === undefined) return ''
    return this.render(labelOf(template, this.language), part, schema).replace(LEADING, '')
  }

  private duration(part: JsonObject, schema: Schema): string {
    const set = durationOf(part)
    if (set === null) return ''
    const units = schema['x-units']?.[set.unit]
    const [one, many] = units?.[this.language] ?? units?.['en'] ?? [set.unit, set.unit]
    return `${String(set.amount ?? '') || NOTHING} ${set.amount === 1 ? one : many}`
  }

  private group(part: JsonObject, schema: Schema): string {
    const of = part['of']
    if (!Array.isArray(of) || of.length === 0) return NOTHING
    const item = field(schema, 'of').items ?? {}
    const parts = of.map((one) => this.inside(one, item))
    return labelOf(schema['x-prefix'], this.language) + parts.join(labelOf(schema['x-joiner'], this.language))
  }

  /** A part of a group; another group stands in brackets if it could be misread. */
  private inside(part: Json, item: Schema): string {
    const said = this.part(part, item)
    const schema = branchOf(item, part, this.root)
    if (!isObject(part) || !isGroup(schema)) return said
    const of = part['of']
    if (!Array.isArray(of) || of.length === 0) return said
    if (of.length === 1 && schema['x-prefix'] === undefined) return said
    return this.chinese ? `（${said}）` : `(${said})`
  }

  private render(template: string, part: JsonObject, schema: Schema): string {
    return template.replace(PIECE, (_, optional: string | undefined, name: string | undefined) => {
      if (optional === undefined) return this.field(name ?? '', part, schema) || NOTHING
      const missing = [...optional.matchAll(FIELD)].some((one) => this.field(one[1] ?? '', part, schema) === '')
      return missing ? '' : optional.replace(FIELD, (__, inner: string) => this.field(inner, part, schema))
    })
  }

  private field(name: string, part: JsonObject, schema: Schema): string {
    const own = field(schema, name)
    const value = part[name] ?? (own.default as Json | undefined) ?? null
    if (value === null || value === '') return this.wantsValue(own, part, schema) ? NOTHING : ''
    if (own['x-widget'] === 'value') return this.compared(value, part, schema)
    if (isObject(value)) return this.part(value, own)
    const open = withoutNull(own, this.root)
    if (Array.isArray(value)) {
      const joiner = labelOf(open['x-joiner'], this.language)
      return value.map((one) => this.part(one, open.items ?? {})).join(joiner) || NOTHING
    }
    if (open['x-labels'] !== undefined) return choicesOf(open, this.language)[String(value)] ?? String(value)
    return nameOf(this.root, this.catalogue, open['x-source'], String(value), this.language)
  }

  /** Whether this is a value to compare with and its comparison takes one. */
  private wantsValue(own: Schema, part: JsonObject, schema: Schema): boolean {
    return own['x-widget'] === 'value' && field(schema, 'op')['x-operators']?.[String(part['op'])]?.operand !== 'none'
  }

  private compared(value: Json, part: JsonObject, schema: Schema): string {
    // Only a comparison names a fact; a figure over the past has no names to look up.
    const fact = this.catalogue.facts.find((one) => one.path === part['fact'])
    if (!Array.isArray(value)) return this.scalar(value, fact?.source)
    const operator = typeof part['op'] === 'string' ? part['op'] : 'in'
    const shape = field(schema, 'op')['x-operators']?.[operator]
    return this.list(value.map((one) => this.scalar(one, fact?.source)), operator, shape?.operand ?? 'many')
  }

  private list(values: string[], operator: string, operand: string): string {
    if (operand === 'pair') return values.join(this.chinese ? ' 和 ' : ' and ')
    if (this.chinese) return values.join('、')
    if (values.length < 2) return values.join('')
    return `${values.slice(0, -1).join(', ')}${operator === 'has_all' ? ' and ' : ' or '}${values.at(-1) ?? ''}`
  }

  private scalar(value: Json, source: string | null | undefined): string {
    if (typeof value === 'boolean') {
      if (this.chinese) return value ? '是' : '否'
      return value ? 'yes' : 'no'
    }
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value).replace(INSTANT, clockText)
    return nameOf(this.root, this.catalogue, source, text, this.language)
  }
}

/** An instant as a clock shows it where it was written, with that clock's distance from UTC. */
function clockText(_: string, day: string, minute: string, second: string | undefined, offset: string): string {
  const seconds = second === undefined || second === '00' ? '' : `:${second}`
  return `${day} ${minute}${seconds} (UTC${offset === 'Z' ? '' : offset})`
}

/** The choices that weekdays read as: those of whichever trigger has the field `on_weekday`. */
export function weekdays(root: Schema): Schema {
  const owner = Object.values(root.$defs ?? {}).find((one) => one.properties?.['on_weekday'] !== undefined)
  return owner === undefined ? {} : withoutNull(resolve(field(owner, 'on_weekday'), root), root)
}

/** What people call a key, or the key itself if the catalogue doesn't know it. */
export function nameOf(
  root: Schema, catalogue: RuleCatalogue, source: string | null | undefined, key: string, language: string,
): string {
  if (source === undefined || source === null) return key
  if (source === 'weekdays') return choicesOf(weekdays(root), language)[key] ?? key
  return labelOf(labelIn(catalogue, source, key), language) || key
}

function labelIn(catalogue: RuleCatalogue, source: string, key: string): Wording | undefined {
  switch (source) {
    case 'facts': return catalogue.facts.find((one) => one.path === key)?.label
    case 'properties': return catalogue.facts.find((one) => one.path === `event.${key}`)?.label
    case 'events': return catalogue.events.find((one) => one.name === key)?.label
    case 'tags': return catalogue.tags.find((one) => one.key === key)?.name
    case 'coupons': return catalogue.coupons.find((one) => one.key === key)?.name
    case 'templates': return catalogue.templates.find((one) => one.key === key)?.name
    case 'endpoints': return catalogue.endpoints.find((one) => one.key === key)?.name
    default: return undefined
  }
}
