import { field, isObject, isOptional, withoutNull, type Json, type Schema } from '../../../core/schema'
import { fieldsFor } from './relevance'

/** What is wrong with a place: `blank`, `few` (with how many are needed), or by the widget of the field. */
export interface Wrong {
  readonly path: string
  readonly what: 'blank' | 'few' | 'key' | 'decimal' | 'currency' | 'number' | 'other'
  readonly least?: number
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (isObject(value) && Object.values(value).every(isEmpty))

/** The mistakes of a definition that its schema can tell; the server tells the others. */
export function wrongIn(value: Json | undefined, schema: Schema, root: Schema, path = ''): Wrong[] {
  const open = withoutNull(schema, root)
  if (Array.isArray(value)) {
    const least = open.minItems ?? 0
    const few: Wrong[] = value.length < least ? [{ path, what: 'few', least }] : []
    return [...few, ...value.flatMap((one, at) => required(one, open.items ?? {}, root, `${path}/${at}`))]
  }
  if (isObject(value)) {
    if (open['x-units'] !== undefined) return Object.entries(value).flatMap(([name, one]) => required(one, field(open, name), root, `${path}/${name}`))
    if (open.properties === undefined) return []
    return fieldsFor(value, open).flatMap((name) => {
      const own = field(open, name)
      const must = (open.required ?? []).includes(name)
      if (isEmpty(value[name]) && !Array.isArray(value[name])) return must ? [{ path: `${path}/${name}`, what: 'blank' } as const] : []
      return wrongIn(value[name], own, root, `${path}/${name}`)
    })
  }
  return fits(value, open) ? [] : [{ path, what: kindOf(open) }]
}

function required(value: Json | undefined, schema: Schema, root: Schema, path: string): Wrong[] {
  return isEmpty(value) && !isOptional(schema) || value === '' ? [{ path, what: 'blank' }] : wrongIn(value, schema, root, path)
}

function kindOf(schema: Schema): Wrong['what'] {
  const widget = schema['x-widget']
  if (widget === 'key' || widget === 'decimal' || widget === 'currency') return widget
  return schema.type === 'integer' ? 'number' : 'other'
}

function fits(value: Json | undefined, schema: Schema): boolean {
  if (schema.type === 'integer') {
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value)
  }
  if (schema.type === 'boolean') return typeof value === 'boolean'
  if (typeof value !== 'string') return schema.type === undefined
  if (schema.enum !== undefined) return schema.enum.includes(value)
  const length = [...value].length
  return length >= (schema.minLength ?? 0) && length <= (schema.maxLength ?? length)
    && (schema.pattern === undefined || new RegExp(schema.pattern).test(value))
}
