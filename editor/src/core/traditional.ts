/** 繁體中文 from 简体中文: the data is loaded when it is first wanted, and by nobody who reads another language. */

let characters: ReadonlyMap<string, string> | undefined
let words = /[^]/g

/** Gets ready to convert. Until then texts stay as they are. */
export async function loadTraditional(): Promise<void> {
  const { SIMPLIFIED, TRADITIONAL, PHRASES } = await import('./traditional-data')
  const made = [...TRADITIONAL]
  const longestFirst = PHRASES.map(([one]) => one).toSorted((one, other) => other.length - one.length)
  words = new RegExp(`${longestFirst.join('|')}|[\\u4e00-\\u9fff]`, 'g')
  characters = new Map([...[...SIMPLIFIED].map((one, at) => [one, made[at] ?? one] as const), ...PHRASES])
}

const kept = new WeakMap<object, unknown>()

/** A text in traditional characters, or all texts of what is given; what a function answers is converted, too. */
export function traditional<T>(value: T): T {
  return convert(value) as T
}

function convert(value: unknown): unknown {
  if (characters === undefined) return value
  if (typeof value === 'string') return value.replace(words, (one) => characters?.get(one) ?? one)
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value
  const before = kept.get(value)
  if (before !== undefined) return before
  const made = typeof value === 'function'
    ? (...given: unknown[]) => convert((value as (...all: unknown[]) => unknown)(...given))
    : Array.isArray(value) ? value.map(convert)
      : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, convert(one)]))
  kept.set(value, made)
  return made
}
