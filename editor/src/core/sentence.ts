/**
 * Rules in words. The twin of the engine's renderer: `tests/editor/wording.json` holds documents with
 * the sentences of both, and a difference fails the tests.
 */

import { saidIn } from './language'
import {
  branchOf, choicesOf, field, isGroup, isObject, labelOf, resolve, withoutNull,
  type CatalogueEntry, type CatalogueFact, type Json, type JsonObject, type RuleCatalogue, type Schema, type Wording,
} from './schema'

/** How a group or a list of no parts reads, and what is still to be filled in. */
export const NOTHING = '…'

const PIECE = /\[((?:[^\]{}|]|\{[^}]*\})*)(?:\|([^\]]*))?\]|\{([a-z_]+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g
const FIELD = /\{([a-z_]+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g
const EXPIRING: Readonly<Record<string, string>> = {points: 'units', coupon: 'coupons', membership: 'memberships'}
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
    const [one, many] = saidIn(units, this.language) ?? units?.['en'] ?? [set.unit, set.unit]
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
    const said = (name: string, one: string | undefined, many: string | undefined): string =>
      one === undefined ? this.field(name, part, schema) : plural(part[name], one, many ?? '')
    const filled = (text: string): string => text.replace(FIELD,
      (_, name: string, one?: string, many?: string) => said(name, one, many))
    return template.replace(PIECE, (
      _, optional?: string, otherwise?: string, name?: string, one?: string, many?: string,
    ) => {
      if (optional === undefined) return said(name ?? '', one, many) || (one !== undefined || this.unspoken(name ?? '', part, schema) ? '' : NOTHING)
      const missing = [...optional.matchAll(FIELD)].some((found) =>
        found[2] === undefined && this.field(found[1] ?? '', part, schema) === '')
      return filled(missing ? otherwise ?? '' : optional)
    })
  }

  /** Whether a field is told, by a choice that has no words. */
  private unspoken(name: string, part: JsonObject, schema: Schema): boolean {
    const own = field(schema, name)
    const value = part[name] ?? own.default ?? null
    return value !== null && choicesOf(withoutNull(own, this.root), this.language)[String(value)] === ''
  }

  private field(name: string, part: JsonObject, schema: Schema): string {
    const own = field(schema, name)
    const value = part[name] ?? (own.default as Json | undefined) ?? null
    if (value === null || value === '') return this.wantsValue(own, part, schema) ? NOTHING : ''
    if (own['x-widget'] === 'value') return this.compared(value, part, schema)
    if (own['x-widget'] === 'wording' && isObject(value)) return labelOf(value as Wording, this.language)
    if (isObject(value)) return this.part(value, own)
    const open = withoutNull(own, this.root)
    if (Array.isArray(value)) {
      const joiner = labelOf(open['x-joiner'], this.language)
      return value.map((one) => this.part(one, open.items ?? {})).join(joiner) || NOTHING
    }
    if (open['x-labels'] !== undefined) return choicesOf(open, this.language)[String(value)] ?? String(value)
    const source = open['x-source']
    return nameOf(this.root, this.catalogue, source, String(value), this.language, amongOf(source, part))
  }

  /** Whether this is a value to compare with and its comparison takes one. */
  private wantsValue(own: Schema, part: JsonObject, schema: Schema): boolean {
    return own['x-widget'] === 'value' && field(schema, 'op')['x-operators']?.[String(part['op'])]?.operand !== 'none'
  }

  private compared(value: Json, part: JsonObject, schema: Schema): string {
    // Only a comparison names a fact; a figure over the past has no names to look up.
    const fact = this.catalogue.facts.find((one) => one.path === part['fact'])
    const {source, among: ladder} = lookUpOf(fact)
    if (!Array.isArray(value)) return this.scalar(value, source, ladder)
    const operator = typeof part['op'] === 'string' ? part['op'] : 'in'
    const shape = field(schema, 'op')['x-operators']?.[operator]
    return this.list(value.map((one) => this.scalar(one, source, ladder)), operator, shape?.operand ?? 'many')
  }

  private list(values: string[], operator: string, operand: string): string {
    if (operand === 'pair') return values.join(this.chinese ? ' 和 ' : ' and ')
    if (this.chinese) return values.join('、')
    if (values.length < 2) return values.join('')
    return `${values.slice(0, -1).join(', ')}${operator === 'has_all' ? ' and ' : ' or '}${values.at(-1) ?? ''}`
  }

  private scalar(value: Json, source: string | null | undefined, among: string | undefined): string {
    if (typeof value === 'boolean') {
      if (this.chinese) return value ? '是' : '否'
      return value ? 'yes' : 'no'
    }
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value).replace(INSTANT, clockText)
    return nameOf(this.root, this.catalogue, source, text, this.language, among)
  }
}

/** The word for one, or for any other number. */
export function plural(value: Json | undefined, one: string, many: string): string {
  return String(value) === '1' ? one : many
}

/** The ladder whose level a fact is: `member.tier` is the level on `tier`. */
export function ladderOf(path: string | undefined): string | undefined {
  if (path === 'member.tier') return 'tier'
  return path?.startsWith('member.level.') === true ? path.slice('member.level.'.length) : undefined
}

/** Where the values of a fact are looked up: a level on its ladder, anything else where the catalogue says. */
export function lookUpOf(fact: CatalogueFact | undefined): {source: string | null; among?: string} {
  const among = ladderOf(fact?.path)
  return among === undefined ? {source: fact?.source ?? null} : {source: 'tiers', among}
}

/** Fields that narrow the look-up of another one. */
export const NARROWING: ReadonlySet<string> = new Set(['ladder', 'of'])

/** What narrows a look-up: the ladder of a level, the kind of what runs out. */
export function amongOf(source: string | undefined, part: JsonObject): string | undefined {
  if (source === 'tiers') return typeof part['ladder'] === 'string' ? part['ladder'] : undefined
  return source === 'expiring' ? EXPIRING[String(part['of'])] : undefined
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

/** What people call a key, or the key itself if the catalogue doesn't know it; `among` is what `amongOf` gives. */
export function nameOf(
  root: Schema, catalogue: RuleCatalogue, source: string | null | undefined, key: string, language: string, among?: string,
): string {
  if (source === undefined || source === null) return key
  if (source === 'weekdays') return choicesOf(weekdays(root), language)[key] ?? key
  return labelOf(labelIn(catalogue, source, key, among), language) || key
}

function labelIn(catalogue: RuleCatalogue, source: string, key: string, among: string | undefined): Wording | undefined {
  switch (source) {
    case 'facts': return catalogue.facts.find((one) => one.path === key)?.label
    case 'properties': return catalogue.facts.find((one) => one.path === `event.${key}`)?.label
    case 'events': return catalogue.events.find((one) => one.name === key)?.label
    case 'tiers': return catalogue.ladders?.find((one) => one.key === among)?.tiers.find((one) => one.key === key)?.name
    case 'expiring': return among === undefined ? undefined : entriesOf(catalogue, among).find((one) => one.key === key)?.name
    default: return entriesOf(catalogue, source).find((one) => one.key === key)?.name
  }
}

/** The definitions of a kind that have a key and a name; none for a kind that isn't known. */
export function entriesOf(catalogue: RuleCatalogue, kind: string): readonly CatalogueEntry[] {
  switch (kind) {
    case 'tags': return catalogue.tags
    case 'coupons': return catalogue.coupons
    case 'templates': return catalogue.templates
    case 'endpoints': return catalogue.endpoints
    case 'units': return catalogue.units ?? []
    case 'ladders': return catalogue.ladders ?? []
    case 'memberships': return catalogue.memberships ?? []
    case 'budgets': return catalogue.budgets ?? []
    case 'wheels': return catalogue.wheels ?? []
    case 'campaigns': return catalogue.campaigns ?? []
    case 'queues': return catalogue.queues ?? []
    default: return []
  }
}
