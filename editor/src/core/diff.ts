/** What changed between two versions of a rule, as lines in words. */

import { momentText } from './instant'
import { choicesOf, field, isObject, labelOf, withoutNull, type Json, type RuleCatalogue, type Schema } from './schema'
import { isChinese, phrase } from './sentence'
import { same } from './tree'

export interface Line {
  readonly mark: 'same' | 'added' | 'removed'
  readonly text: string
}

/** What changed in one field of the rule. */
export interface Change {
  readonly field: string
  readonly lines: readonly Line[]
}

/** What is not told apart from the field it belongs to: stories are for the tests, the rest is not read by people. */
const UNTOLD = new Set(['language', 'examples'])

/** The fields that read otherwise than before, each with the lines that went and those that came. */
export function changes(before: Json, after: Json, root: Schema, catalogue: RuleCatalogue, language: string): Change[] {
  return Object.keys(root.properties ?? {}).filter((name) => !UNTOLD.has(name)).flatMap((name) => {
    const lines = diff(linesOf(before, name, root, catalogue, language), linesOf(after, name, root, catalogue, language))
      .filter((one) => one.mark !== 'same')
    return lines.length === 0 ? [] : [{ field: name, lines }]
  })
}

/** One field of a rule as lines: a line for each condition, each action, each name. */
export function linesOf(rule: Json, name: string, root: Schema, catalogue: RuleCatalogue, language: string): string[] {
  const own = field(root, name)
  const value = isObject(rule) ? rule[name] : undefined
  if (value === undefined || value === null || same(value, own.default)) return []
  const colon = isChinese(language) ? '：' : ': '
  const items = own.items
  if (Array.isArray(value)) {
    if (items !== undefined && own['x-joiner'] !== undefined) return value.map((one, at) => `${at + 1}. ${say(one, items)}`)
    return value.length === 0 ? [] : [value.join(', ')]
  }
  if (!isObject(value)) return [String(value)]
  if (Array.isArray(value['of'])) return conditions(value, own, 0)
  const said = say(value, own)
  if (said !== '') return [said]
  return Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [part(one, field(withoutNull(own, root), key))]))

  /** A part of a field that has no sentence of its own, such as when the rule is in force. */
  function part(one: Json, schema: Schema): string {
    const open = withoutNull(schema, root)
    const title = labelOf(open['x-title'], language)
    const text = isObject(one) ? say(one, open) || JSON.stringify(one)
      : open['x-widget'] === 'instant' ? momentText(String(one), language, catalogue.programme?.zone)
        : choicesOf(open, language)[String(one)] ?? String(one)
    return title === '' ? text : `${title}${colon}${text}`
  }

  function say(one: Json, schema: Schema): string {
    return phrase(one, schema, root, catalogue, language)
  }

  function conditions(node: Json, schema: Schema, depth: number): string[] {
    const indent = '  '.repeat(depth)
    if (!isObject(node) || !Array.isArray(node['of'])) return [`${indent}${say(node, schema)}`]
    const definition = Object.values(root.$defs ?? {}).find((one) => field(one, 'type').const === node['type'])
    const title = labelOf(definition?.['x-title'], language)
    return [`${indent}${title}${colon}`, ...node['of'].flatMap((one) => conditions(one, schema, depth + 1))]
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
