import type { TagRow } from './api'

export interface Placed { row: TagRow; depth: number }

/** The tags with those below another right under it; a tag whose upper one isn't shown stands by itself. */
export function inTree(rows: readonly TagRow[]): Placed[] {
  const known = new Set(rows.map((row) => row.tag))
  const below = new Map<string, TagRow[]>()
  for (const row of rows) {
    const above = row.parent !== undefined && row.parent !== row.tag && known.has(row.parent) ? row.parent : ''
    below.set(above, [...(below.get(above) ?? []), row])
  }
  const found: Placed[] = []
  const place = (above: string, depth: number): void => {
    for (const row of below.get(above) ?? []) {
      found.push({ row, depth })
      place(row.tag, depth + 1)
    }
  }
  place('', 0)
  return found
}

/** Whether a tag is in use: neither merged nor retired. */
export const stands = (row: TagRow): boolean => row.defined && !row.retired && row.merged_into === undefined
