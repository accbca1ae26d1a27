import { localeOf } from '../../core/amounts'
import type { Language } from '../../core/types'

const UNITS = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]] as const

/** How much time passes from one instant to another: its two largest units in words; empty for less than a second. */
export function passing(from: string, to: string, language: Language): string {
  let left = Date.parse(to) - Date.parse(from)
  const parts: string[] = []
  for (const [unit, long] of UNITS) {
    const count = Math.floor(left / long)
    if (count <= 0) continue
    left -= count * long
    parts.push(new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(count))
    if (parts.length === 2) break
  }
  return parts.join(' ')
}

/** Rows that stand below the title of their purpose. */
export function byPurpose<T extends { purpose: { key: string } }>(items: readonly T[]): { purpose: T['purpose']; items: T[] }[] {
  const groups: { purpose: T['purpose']; items: T[] }[] = []
  for (const one of items) {
    const last = groups.at(-1)
    if (last?.purpose.key === one.purpose.key) last.items.push(one)
    else groups.push({ purpose: one.purpose, items: [one] })
  }
  return groups
}
