import { branchOf, field, isObject, withoutNull, type Json, type JsonObject, type Schema } from '../../../core/schema'

type Holds = (part: JsonObject) => boolean

const says = (name: string, ...values: string[]): Holds => (part) => values.includes(String(part[name] ?? ''))
const has = (...names: string[]): Holds => (part) => names.some((name) => part[name] !== undefined && part[name] !== null && part[name] !== '')
const either = (...holds: Holds[]): Holds => (part) => holds.some((one) => one(part))

/** Fields that matter only when another one says so, by model; any other field always does. */
const WHEN: Readonly<Record<string, Readonly<Record<string, Holds>>>> = {
  UnitDefinition: {
    currency: says('kind', 'money'),
    expires_at_year_end: has('expires_after'),
    combine: says('kind', '', 'points', 'growth'),
    at_most_factor: says('kind', '', 'points', 'growth'),
    deduction: says('kind', '', 'points'),
  },
  CouponDefinition: {
    value: says('kind', 'percent', 'amount', 'price', 'second_item'),
    currency: either(says('kind', 'amount', 'price'), has('minimum_spend', 'at_most', 'unit_cost')),
    above: has('minimum_spend'),
    at_most: says('kind', 'percent', 'second_item', 'price'),
  },
  Dimension: { edges: says('by', 'edges') },
  LadderDefinition: {
    unit: says('measure', 'unit'),
    event: says('measure', 'sum', 'count'),
    property: says('measure', 'sum'),
    currency: says('measure', 'sum'),
    within: says('period', '', 'rolling'),
    hold: says('downgrade', '', 'one_level', 'requalify'),
    grace: says('downgrade', '', 'one_level', 'requalify'),
  },
  SegmentDefinition: { condition: says('kind', '', 'condition') },
  MembershipDefinition: { currency: has('fee', 'cost') },
  BudgetDefinition: { currency: says('counts', 'money') },
  Prize: { amount: says('gives', 'points'), unit: says('gives', 'points'), coupon: says('gives', 'coupon') },
}

/** The fields of a part that matter as it is, in the order of its schema. */
export function fieldsFor(part: JsonObject, schema: Schema): string[] {
  const when = WHEN[schema.title ?? ''] ?? {}
  return Object.keys(schema.properties ?? {}).filter((name) => when[name]?.(part) ?? true)
}

/** The document without what doesn't matter any more; what its schema doesn't know stays. */
export function relevant(value: Json, schema: Schema, root: Schema): Json {
  const open = branchOf(withoutNull(schema, root), value, root)
  if (Array.isArray(value)) return value.map((one) => relevant(one, open.items ?? {}, root))
  if (!isObject(value) || open.properties === undefined) return value
  const names = new Set(fieldsFor(value, open))
  const kept = Object.entries(value).filter(([name]) => names.has(name) || open.properties?.[name] === undefined)
  return Object.fromEntries(kept.map(([name, one]) => [name, relevant(one, field(open, name), root)]))
}
