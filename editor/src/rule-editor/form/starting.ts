import { blank, field, isOptional, type Json, type JsonObject, type RuleCatalogue, type Schema } from '../../core/schema'
import { amongOf } from '../../core/sentence'
import { choicesOf } from '../inputs/KeyInput'
import { fitted, operandOf, operatorsFor, readType } from '../inputs/ValueInput'

/**
 * A new part that can be read at once: where a key must be chosen, the first of the catalogue stands there
 * until somebody chooses another, so that a new row isn't born with complaints.
 */
export function startingWith(schema: Schema, root: Schema, catalogue: RuleCatalogue, prefix = 'member.'): JsonObject {
  const made = blank(schema, root)
  for (const name of schema.required ?? []) {
    const own = field(schema, name)
    const source = own['x-source']
    if (source === undefined) continue
    const offered = choicesOf(catalogue, source, 'en', (message) => message, amongOf(source, made))
    const suits = source === 'facts' ? facts(own, catalogue, prefix) : offered.map((one) => one.key)
    made[name] = suits[0] ?? ''
  }
  if (field(schema, 'op')['x-operators'] === undefined) return made
  const type = readType(made, schema, catalogue)
  const op = operatorsFor(type, schema).find((one) => type !== 'number' || one === 'gte')
  const operand = operandOf({ ...made, op: op ?? 'eq' }, schema)
  const value: Json | undefined = type === 'number' ? 1 : fitted(undefined, operand, type)
  return { ...made, op: op ?? 'eq', ...(value === undefined ? {} : { value }) }
}

function facts(own: Schema, catalogue: RuleCatalogue, prefix: string): string[] {
  const onlyEvent = own.pattern?.startsWith('^event') ?? false
  const wanted = onlyEvent ? 'event.' : prefix
  const able = catalogue.facts.filter((one) => one.personal !== true && one.path.startsWith(wanted))
  const numbers = able.filter((one) => one.type === 'number')
  return (wanted === 'event.' ? [...numbers, ...able] : able).map((one) => one.path)
}

/** The part after a field that narrows look-ups was changed: a key that is no longer among its choices gives way. */
export function refitted(next: JsonObject, before: JsonObject, schema: Schema, catalogue: RuleCatalogue): JsonObject {
  const made = { ...next }
  for (const [name, own] of Object.entries(schema.properties ?? {})) {
    const source = own['x-source']
    const among = amongOf(source, next)
    if (source === undefined || made[name] === undefined || among === amongOf(source, before)) continue
    const keys = choicesOf(catalogue, source, 'en', (message) => message, among).map((one) => one.key)
    if (keys.includes(String(made[name]))) continue
    if (isOptional(own)) delete made[name]
    else made[name] = keys[0] ?? ''
  }
  return made
}
