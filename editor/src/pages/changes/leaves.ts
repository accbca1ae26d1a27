/** What differs between two pieces of JSON data, value by value. */

import { isObject, type Json } from '../../core/schema'

/** One value that isn't the same; null where there was or is none. */
export interface Leaf { readonly path: string; readonly old: string | null; readonly now: string | null }

const MOST = 60

/** The values that differ, by their place; at most 60 of them. */
export function leaves(old: Json, now: Json): Leaf[] {
  return differing(old, now, []).slice(0, MOST)
}

function differing(old: Json | undefined, now: Json | undefined, at: readonly string[]): Leaf[] {
  if (JSON.stringify(old) === JSON.stringify(now)) return []
  if (isObject(old ?? now) && (isObject(old) || isEmpty(old)) && (isObject(now) || isEmpty(now))) {
    const [before, after] = [isObject(old) ? old : {}, isObject(now) ? now : {}]
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .flatMap((key) => differing(before[key], after[key], [...at, key]))
  }
  return [{ path: at.join(' / '), old: textOf(old), now: textOf(now) }]
}

const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined

function textOf(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
