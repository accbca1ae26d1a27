import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import { isObject, withoutNull, type Schema } from '../../core/schema'

/** Which card a field of the rule stands in; one that isn't named here stands among the settings. */
export const CARDS = ['when', 'if', 'then', 'exit', 'limits'] as const

/** Fields that are edited elsewhere (name and key in the header), or not by hand. */
const ELSEWHERE = new Set(['language', 'key', 'name', 'covers', 'examples', 'guide'])
const LEAVES = new Set(['string', 'integer', 'number', 'boolean'])

export interface Outline {
  readonly schema: RJSFSchema
  readonly uiSchema: UiSchema
}

/**
 * The schema as the form library is given it: leaves as they are, and each field with parts as one field of
 * ours, opaque to it. Walking a tree of a hundred conditions on each key would be too slow.
 */
export function outlineOf(root: Schema): Outline {
  const properties: Record<string, RJSFSchema> = {}
  const uiSchema: UiSchema = { 'ui:submitButtonOptions': { norender: true } }
  for (const [name, own] of Object.entries(root.properties ?? {})) {
    if (ELSEWHERE.has(name)) continue
    const open = withoutNull(own, root)
    if (open.type !== undefined && LEAVES.has(open.type) && open.enum === undefined && open['x-source'] === undefined) {
      properties[name] = open as RJSFSchema
      uiSchema[name] = isLongText(open) ? { 'ui:widget': 'textarea' } : {}
    } else {
      properties[name] = { title: name }
      uiSchema[name] = { 'ui:field': 'part' }
    }
  }
  return { schema: { type: 'object', properties, additionalProperties: false }, uiSchema }
}

/** Text of more than a line, which comes last among the settings. */
export function isLongText(schema: unknown): boolean {
  return isObject(schema) && typeof schema['maxLength'] === 'number' && schema['maxLength'] > 500
}
