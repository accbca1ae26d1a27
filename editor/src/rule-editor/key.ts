import { isObject, type Json, type JsonObject } from '../core/schema'

const MOST = 64

/** A text as a key, or nothing if no letter of it can stand in one. */
function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
}

/** A part in short: its kind and the first thing that it names, such as `add-tag-vip`. */
function partSlug(part: Json | undefined): string {
  if (!isObject(part)) return ''
  const named = Object.entries(part).find(([name, value]) => name !== 'type' && typeof value === 'string' && slug(value) !== '')
  return slug(`${String(part['type'] ?? '')} ${String(named?.[1] ?? '')}`)
}

/**
 * The key of a new rule until somebody chooses one: from its name; without Latin letters in that, from what the
 * rule does, or else from what starts it. A number tells it from the keys that there are.
 */
export function keyFor(rule: JsonObject, taken: ReadonlySet<string>, unnamed: readonly string[] = []): string {
  const names = isObject(rule['name']) ? rule['name'] : {}
  const said = ['en', ...Object.keys(names)].map((language) => String(names[language] ?? ''))
  const name = said.filter((one) => !unnamed.includes(one)).map(slug).find((one) => one !== '')
  const [first] = Array.isArray(rule['then']) ? rule['then'] : []
  const base = (name || partSlug(first) || partSlug(rule['when']) || 'rule').slice(0, MOST)
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : `-${number}`
    const key = base.slice(0, MOST - end.length).replace(/-+$/, '') + end
    if (!taken.has(key)) return key
  }
}
