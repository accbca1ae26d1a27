/** What changed between two versions of a rule, as lines in words. */

import { field, isObject, labelOf, type Json, type RuleCatalogue, type Schema } from './schema'
import { isChinese, phrase } from './sentence'

export interface Line {
  readonly mark: 'same' | 'added' | 'removed'
  readonly text: string
}

/** A rule as lines: its name, its trigger, each condition, each action, and what holds it back. */
export function linesOf(rule: Json, root: Schema, catalogue: RuleCatalogue, language: string): string[] {
  if (!isObject(rule)) return []
  const colon = isChinese(language) ? '：' : ': '
  const lines: string[] = []
  for (const [name, own] of Object.entries(root.properties ?? {})) {
    const value = rule[name]
    if (value === undefined || value === null || value === own.default || name === 'examples') continue
    const title = labelOf(own['x-title'], language) || name
    if (name === 'if' && isObject(value)) lines.push(...conditions(value, own, 0))
    else if (Array.isArray(value) && own['x-joiner'] !== undefined) {
      lines.push(...value.map((one, at) => `${at + 1}. ${say(one, own.items ?? {})}`))
    } else if (isObject(value) && own['x-title'] !== undefined && own.type === 'object') {
      lines.push(`${title}${colon}${labelOf(value as Record<string, string>, language)}`)
    } else if (isObject(value)) lines.push(say(value, own) || `${name}${colon}${JSON.stringify(value)}`)
    else if (own['x-title'] !== undefined) lines.push(`${title}${colon}${Array.isArray(value) ? value.join(', ') : String(value)}`)
  }
  return lines.filter((one) => one !== '')

  function say(part: Json, schema: Schema): string {
    return phrase(part, schema, root, catalogue, language)
  }

  function conditions(value: Json, schema: Schema, depth: number): string[] {
    const indent = '  '.repeat(depth)
    if (!isObject(value) || !Array.isArray(value['of'])) return [`${indent}${say(value, schema)}`]
    const definition = Object.values(root.$defs ?? {}).find((one) => field(one, 'type').const === value['type'])
    const title = labelOf(definition?.['x-title'], language)
    return [`${indent}${title}${colon}`, ...value['of'].flatMap((one) => conditions(one, schema, depth + 1))]
  }
}

/** The shortest way from one list of lines to the other. */
export function diff(before: readonly string[], after: readonly string[]): Line[] {
  const length: number[][] = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  const at = (i: number, j: number): number => length[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = length[i]
      if (row !== undefined) row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const old = before[i]
    const made = after[j]
    if (old !== undefined && old === made) {
      lines.push({ mark: 'same', text: old })
      i += 1
      j += 1
    } else if (old !== undefined && (made === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: 'removed', text: old })
      i += 1
    } else {
      lines.push({ mark: 'added', text: made ?? '' })
      j += 1
    }
  }
  return lines
}
