/**
 * Places in a rule document, and the moves that a marketer makes: every operation is by path and
 * answers a new document, so that each is undone by going back to the one before.
 */

import { isObject, type Json, type Path } from './schema'

export function get(document: Json, path: Path): Json | undefined {
  let at: Json | undefined = document
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step]
    else if (isObject(at)) at = at[String(step)]
    else return undefined
  }
  return at
}

/** The document with a value put at a path; undefined takes the field away. */
export function set(document: Json, path: Path, value: Json | undefined): Json {
  const [step, ...rest] = path
  if (step === undefined) return value ?? null
  if (Array.isArray(document)) {
    const copy = [...document]
    copy[Number(step)] = set(copy[Number(step)] ?? null, rest, value)
    return copy
  }
  const copy = isObject(document) ? {...document} : {}
  if (rest.length === 0 && value === undefined) delete copy[String(step)]
  else copy[String(step)] = set(copy[String(step)] ?? null, rest, value)
  return copy
}

export function insert(document: Json, list: Path, index: number, value: Json): Json {
  const items = get(document, list)
  const old = Array.isArray(items) ? items : []
  return set(document, list, [...old.slice(0, index), value, ...old.slice(index)])
}

export function remove(document: Json, path: Path): Json {
  const items = get(document, path.slice(0, -1))
  const index = path.at(-1)
  if (!Array.isArray(items) || typeof index !== 'number') return set(document, path, undefined)
  return set(document, path.slice(0, -1), items.filter((_, at) => at !== index))
}

export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** A JSON pointer as a path of this document: a number only where there is a list. */
export function pathOf(document: Json, text: string): Path {
  const path: (string | number)[] = []
  for (const raw of text.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(get(document, path)) ? Number(step) : step)
  }
  return path
}

export interface Move {
  readonly document: Json
  /** Where what was moved stands now. */
  readonly path: Path
}

/** Whether this is a list of conditions' group. */
export function isGroupValue(value: Json | undefined): boolean {
  return isObject(value) && Array.isArray(value['of'])
}

/** One place up or down in its list; null at the end. */
export function shift(document: Json, path: Path, by: -1 | 1): Move | null {
  const index = path.at(-1)
  const list = get(document, path.slice(0, -1))
  if (typeof index !== 'number' || !Array.isArray(list)) return null
  const to = index + by
  if (to < 0 || to >= list.length) return null
  const moved = list[index]
  if (moved === undefined) return null
  const rest = list.filter((_, at) => at !== index)
  rest.splice(to, 0, moved)
  return {document: set(document, path.slice(0, -1), rest), path: [...path.slice(0, -1), to]}
}

/** Out of its group, to just after it; null in the outermost group. */
export function moveOut(document: Json, path: Path): Move | null {
  const group = path.slice(0, -2)
  const index = group.at(-1)
  const value = get(document, path)
  if (path.at(-2) !== 'of' || typeof index !== 'number' || value === undefined) return null
  if (group.at(-2) !== 'of') return null
  const list = group.slice(0, -1)
  return {document: insert(remove(document, path), list, index + 1, value), path: [...list, index + 1]}
}

/** Into the group just above it, at its end, or just below it, at its beginning. */
export function moveInto(document: Json, path: Path): Move | null {
  const index = path.at(-1)
  const list = path.slice(0, -1)
  const value = get(document, path)
  if (typeof index !== 'number' || value === undefined) return null
  const above = get(document, [...list, index - 1])
  if (isObject(above) && Array.isArray(above['of'])) {
    const to = above['of'].length
    const inner: Path = [...list, index - 1, 'of']
    return {document: insert(remove(document, path), inner, to, value), path: [...inner, to]}
  }
  if (!isGroupValue(get(document, [...list, index + 1]))) return null
  // The group below comes one place up when this leaves its list.
  const inner: Path = [...list, index, 'of']
  return {document: insert(remove(document, path), inner, 0, value), path: [...inner, 0]}
}

export function duplicate(document: Json, path: Path): Move | null {
  const index = path.at(-1)
  const value = get(document, path)
  if (typeof index !== 'number' || value === undefined) return null
  const list = path.slice(0, -1)
  return {document: insert(document, list, index + 1, structuredClone(value)), path: [...list, index + 1]}
}

/** Add to the conditions at a path: the first stands alone, a second makes a group of both. */
export function addCondition(document: Json, at: Path, value: Json): Move {
  const root = get(document, at)
  if (root === undefined || root === null) return {document: set(document, at, value), path: at}
  if (isObject(root) && Array.isArray(root['of'])) {
    const index = root['of'].length
    return {document: insert(document, [...at, 'of'], index, value), path: [...at, 'of', index]}
  }
  return {document: set(document, at, {type: 'all', of: [root, value]}), path: [...at, 'of', 1]}
}

/** Put a group's parts where the group was. */
export function ungroup(document: Json, path: Path): Json {
  const value = get(document, path)
  const index = path.at(-1)
  const list = get(document, path.slice(0, -1))
  if (!isObject(value) || !Array.isArray(value['of']) || typeof index !== 'number' || !Array.isArray(list)) return document
  return set(document, path.slice(0, -1), [...list.slice(0, index), ...value['of'], ...list.slice(index + 1)])
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, at) => same(one, b[at]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]))
}
