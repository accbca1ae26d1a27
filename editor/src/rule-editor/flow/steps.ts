/** A rule as the steps that a member goes through, in the words of its sentence. */

import { branchOf, field, isObject, kindsOf, labelOf, withoutNull, type Json, type JsonObject, type RuleCatalogue, type Schema, type Wording } from '../../core/schema'
import { NOTHING, phrase } from '../../core/sentence'

export type Tone = 'when' | 'if' | 'then' | 'wait' | 'exit' | 'goal'

export interface Step {
  /** Where it stands in the rule. */
  readonly pointer: string
  readonly tone: Tone
  readonly title: string
  readonly text: string
  /** The ways on from here, where there are several; each comes back to what follows. */
  readonly ways: readonly Way[]
  /** Whether nothing follows. */
  readonly ends: boolean
}

export interface Way {
  readonly label: string
  readonly steps: readonly Step[]
}

export interface Flow {
  readonly steps: readonly Step[]
  /** What holds beside the steps: a way to leave early, and what it is all for. */
  readonly beside: readonly Step[]
}

/** How the parts of the rule itself are called. */
export type Titles = Readonly<Record<'when' | 'if' | 'exit' | 'goal', string>>

/** What a rule does, from top to bottom. */
export function flowOf(rule: JsonObject, root: Schema, catalogue: RuleCatalogue, language: string, titles: Titles): Flow {
  const words = (part: Json, schema: Schema): string => {
    const said = phrase(part, schema, root, catalogue, language) || NOTHING
    return said.slice(0, 1).toUpperCase() + said.slice(1)
  }
  const part = (name: keyof Titles): Step[] => {
    const value = rule[name]
    if (!isObject(value)) return []
    return [{ pointer: `/${name}`, tone: name, title: titles[name], text: words(value, field(root, name)), ways: [], ends: false }]
  }
  const actions = (value: Json | undefined, item: Schema, pointer: string): Step[] =>
    (Array.isArray(value) ? value : []).flatMap((one, at) => (isObject(one) ? [action(one, item, `${pointer}/${at}`)] : []))

  function action(value: JsonObject, item: Schema, pointer: string): Step {
    const schema = branchOf(item, value, root)
    const names = waysOf(schema, root)
    const ways = names.map((name): Way => {
      const own = field(schema, name)
      return { label: labelOf(own['x-title'], language), steps: actions(value[name], withoutNull(own, root).items ?? {}, `${pointer}/${name}`) }
    })
    const icon = schema['x-icon'] ?? ''
    return {
      pointer, tone: WAITING.has(icon) ? 'wait' : names.length > 0 ? 'if' : 'then', title: labelOf(schema['x-title'], language),
      text: words(value, withoutWays(schema, names)), ends: icon === 'stop',
      ways: ways.every((one) => one.steps.length === 0) ? [] : ways,
    }
  }

  return {
    steps: [...part('when'), ...part('if'), ...actions(rule['then'], field(root, 'then').items ?? {}, '/then')],
    beside: [...part('exit'), ...part('goal')],
  }
}

/** What time passes in is drawn with a clock. */
const WAITING = new Set(['hourglass', 'clock'])

/** The fields of an action that hold actions themselves. */
function waysOf(schema: Schema, root: Schema): string[] {
  return Object.keys(schema.properties ?? {}).filter((name) => {
    const open = withoutNull(field(schema, name), root)
    return open.type === 'array' && kindsOf(open.items ?? {}, root).length > 0
  })
}

/** The schema with a sentence that leaves out what is drawn as ways of their own. */
function withoutWays(schema: Schema, ways: readonly string[]): Schema {
  const template = schema['x-sentence']
  if (template === undefined || ways.length === 0) return schema
  const told = Object.entries(template).map(([language, text]) => [language, ways.reduce(without, text)])
  return { ...schema, 'x-sentence': Object.fromEntries(told) as Wording }
}

function without(template: string, way: string): string {
  return template
    .replace(new RegExp(`\\[[^\\]]*\\{${way}\\}[^\\]]*\\]`, 'g'), '')
    .replace(new RegExp(`\\s*[(（]?\\{${way}\\}[)）]?`, 'g'), '')
}
