/** What is typed and not saved yet, kept in the browser: it outlives the tab, the network and the session. */

import { isObject, type JsonObject } from '../../core/schema'

export interface Kept {
  readonly rule: JsonObject
  /** What it was written over; null for a rule that was never saved. */
  readonly etag: string | null
  readonly at: string
}

export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** The browser's own shelf, or null where it keeps nothing. */
export function ownShelf(): Shelf | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

/** Where a person's text of a rule lies; all new rules share a place. */
export function placeOf(person: string, key: string | null): string {
  return `regulars.typed.${encodeURIComponent(person)}/${key ?? ''}`
}

/** Keeps a text. Returns whether the browser took it. */
export function keep(shelf: Shelf | null, place: string, text: Kept): boolean {
  try {
    shelf?.setItem(place, JSON.stringify(text))
    return shelf !== null
  } catch {
    return false
  }
}

export function forget(shelf: Shelf | null, place: string): void {
  try {
    shelf?.removeItem(place)
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** What lies at a place, or null; something else than a rule is not taken for one. */
export function keptAt(shelf: Shelf | null, place: string): Kept | null {
  try {
    const read: unknown = JSON.parse(shelf?.getItem(place) ?? 'null')
    if (!isObject(read) || !isObject(read['rule']) || typeof read['at'] !== 'string') return null
    return { rule: read['rule'], etag: typeof read['etag'] === 'string' ? read['etag'] : null, at: read['at'] }
  } catch {
    return null
  }
}
