import { isObject, type Json } from '../../core/schema'

export type Whom = 'everybody' | 'tag' | 'segment' | 'condition'

/** Whom a broadcast is for, as its form asks: everybody, one tag or segment, or whatever condition. */
export interface Audience {
  readonly whom: Whom
  readonly which: string
  readonly condition: Json
}

const FACTS = { tag: 'member.tags', segment: 'member.segments' } as const
/** Stands in a draft for a condition that isn't written yet; without it the draft would be for everybody. */
const UNWRITTEN: Json = { type: 'any', of: [] }

export function conditionOf({ whom, which, condition }: Audience): Json {
  if (whom === 'everybody') return null
  if (whom === 'condition') return condition ?? UNWRITTEN
  return { type: 'compare', fact: FACTS[whom], op: 'has', value: which }
}

export function audienceOf(condition: Json): Audience {
  const nothing = { which: '', condition: null }
  if (condition === null) return { ...nothing, whom: 'everybody' }
  if (isObject(condition) && condition['op'] === 'has' && typeof condition['value'] === 'string') {
    for (const whom of ['tag', 'segment'] as const) {
      if (condition['fact'] === FACTS[whom]) return { ...nothing, whom, which: condition['value'] }
    }
  }
  return { ...nothing, whom: 'condition', condition: isEmpty(condition) ? null : condition }
}

/** Whether a condition is a group with nothing in it. */
export function isEmpty(condition: Json): boolean {
  return isObject(condition) && Array.isArray(condition['of']) && condition['of'].length === 0
}
