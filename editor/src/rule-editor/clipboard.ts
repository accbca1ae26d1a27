/** Rows as text: what is copied from one rule can be pasted into another, in any tab. */

import { field, isObject, kindsOf, type Json, type JsonObject, type Path, type Schema } from '../core/schema'
import { addCondition, get, insert, type Move } from '../core/tree'

export type RowKind = 'condition' | 'action'

const MARK = 'regulars'

/** What a part is by the schema, or null if no row is made of it. */
export function kindOf(part: Json | undefined, root: Schema): RowKind | null {
  const type = isObject(part) ? part['type'] : undefined
  const isAmong = (schema: Schema): boolean => kindsOf(schema, root).some((one) => one.name === type)
  if (isAmong(field(root, 'if'))) return 'condition'
  return isAmong(field(root, 'then').items ?? {}) ? 'action' : null
}

export function asText(part: Json, kind: RowKind): string {
  return JSON.stringify({ [MARK]: kind, part }, null, 2)
}

/** The row that a text holds; null if it holds something else, or a part that this language doesn't have. */
export function rowIn(text: string, root: Schema): { kind: RowKind; part: JsonObject } | null {
  try {
    const read: unknown = JSON.parse(text)
    const part = isObject(read) && read[MARK] !== undefined ? read['part'] : undefined
    const kind = kindOf(part, root)
    return isObject(part) && kind !== null && isWhole(part, root) ? { kind, part } : null
  } catch {
    return null
  }
}

/** Whether every part of a group is a condition, too: a stranger in it could not be shown. */
function isWhole(part: JsonObject, root: Schema): boolean {
  const of = part['of']
  return !Array.isArray(of) || of.every((one) => isObject(one) && kindOf(one, root) === 'condition' && isWhole(one, root))
}

/** Put a row below the one at a path; beside a lone condition it makes a group. Null where the row is of another kind. */
export function pasteBelow(rule: Json, path: Path, part: JsonObject, root: Schema): Move | null {
  if (kindOf(get(rule, path), root) !== kindOf(part, root)) return null
  const index = path.at(-1)
  if (typeof index !== 'number') return addCondition(rule, path, part)
  const list = path.slice(0, -1)
  return { document: insert(rule, list, index + 1, part), path: [...list, index + 1] }
}
