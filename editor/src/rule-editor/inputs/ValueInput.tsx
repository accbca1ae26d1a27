import { field, labelOf, type Json, type JsonObject, type OperatorShape, type RuleCatalogue, type Schema } from '../../core/schema'
import { lookUpOf, nameOf, weekdays } from '../../core/sentence'
import { useEditing } from '../context'
import { useSay } from '../messages'
import { InstantInput } from './InstantInput'
import { choicesOf, KeyInput, type Choice } from './KeyInput'
import { ListInput, TextInput, textOf, wholeNumber, WholeNumberInput } from './TextInput'

/** The type of what a comparison reads: that of its fact, or that which its figure has; undefined if nobody knows. */
export function readType(part: JsonObject, schema: Schema, catalogue: RuleCatalogue): string | undefined {
  const types = field(schema, 'measure')['x-types']
  if (types !== undefined) return types[textOf(part['measure'])]
  return catalogue.facts.find((one) => one.path === part['fact'])?.type
}

/** The operators that can be asked of a type. */
export function operatorsFor(type: string | undefined, schema: Schema): string[] {
  return Object.entries(field(schema, 'op')['x-operators'] ?? {})
    .filter(([, shape]) => type === undefined || shape.types.includes(type))
    .map(([name]) => name)
}

export function operandOf(part: JsonObject, schema: Schema): OperatorShape['operand'] {
  return field(schema, 'op')['x-operators']?.[textOf(part['op'])]?.operand ?? 'same'
}

/** A value that suits the operator just chosen; what was typed is kept where it can be. */
export function fitted(value: Json | undefined, operand: OperatorShape['operand'], type: string | undefined): Json | undefined {
  const items = Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value]
  switch (operand) {
    case 'none': return undefined
    case 'many': return items
    case 'pair': return [items[0] ?? '', items[1] ?? '']
    default: {
      if (type === 'boolean') return typeof items[0] === 'boolean' ? items[0] : true
      return items[0]
    }
  }
}

/** Whole numbers are numbers; others are decimal text, exact to the last digit. */
function numberOf(text: string): Json {
  return wholeNumber(text.trim())
}

interface ValueProps {
  pointer: string
  part: JsonObject
  schema: Schema
  title: string
}

export function ValueInput({ pointer, part, schema, title }: ValueProps) {
  const { catalogue } = useEditing()
  const say = useSay()
  const operand = operandOf(part, schema)
  const type = readType(part, schema, catalogue)
  const { source, among } = lookUpOf(catalogue.facts.find((one) => one.path === part['fact']))
  const value = part['value']
  if (operand === 'none') return null
  if (operand === 'pair') {
    const [low, high] = Array.isArray(value) ? value : []
    return (
      <span className="re-pair">
        <One pointer={`${pointer}/0`} value={low} type={type} source={source} among={among} title={`${title}: ${say('least')}`} />
        {say('between')}
        <One pointer={`${pointer}/1`} value={high} type={type} source={source} among={among} title={`${title}: ${say('most')}`} />
      </span>
    )
  }
  if (operand === 'many') {
    if (source !== null) return <Chips pointer={pointer} value={value} source={source} among={among} title={title} />
    return <ListInput pointer={pointer} value={value} title={title} placeholder={say('commas')} read={type === 'number' ? numberOf : String} />
  }
  return <One pointer={pointer} value={value} type={operand === 'text' ? 'text' : type} source={source} among={among} title={title} lone />
}

interface OneProps {
  pointer: string
  value: Json | undefined
  type: string | undefined
  source: string | null
  among: string | undefined
  title: string
  /** Not one of a pair: when emptied it is taken away, so that the server says that it is missing. */
  lone?: boolean
}

function One({ pointer, value, type, source, among, title, lone = false }: OneProps) {
  const { edit, root, language } = useEditing()
  const say = useSay()
  if (source === 'weekdays') {
    const days = weekdays(root)
    return (
      <select className="re-input" aria-label={title} value={textOf(value)} onChange={(event) => edit(pointer, event.target.value)}>
        {value === '' && <option value="">{say('choose')}</option>}
        {(days.enum ?? []).map(String).map((day) => (
          <option key={day} value={day}>{labelOf({ en: day, ...pickLabel(days, day) }, language)}</option>))}
      </select>
    )
  }
  if (source !== null) return <KeyInput pointer={pointer} source={source} value={value} title={title} among={among} />
  if (type === 'boolean' || typeof value === 'boolean') {
    return (
      <select className="re-input" aria-label={title} value={String(value)} onChange={(event) => edit(pointer, event.target.value === 'true')}>
        {typeof value !== 'boolean' && <option value={String(value)}>{say('choose')}</option>}
        <option value="true">{say('yes')}</option>
        <option value="false">{say('no')}</option>
      </select>
    )
  }
  if (type === 'instant') return <InstantInput pointer={pointer} value={value} title={title} />
  if (type === 'number') return <WholeNumberInput pointer={pointer} value={value} title={title} size={7} />
  return <TextInput pointer={pointer} value={value} title={title} mayGo={lone} />
}

function pickLabel(days: Schema, day: string): Record<string, string> {
  return Object.fromEntries(Object.entries(days['x-labels'] ?? {}).map(([language, labels]) => [language, labels[day] ?? day]))
}

interface ChipsProps {
  pointer: string
  value: Json | undefined
  source: string
  among: string | undefined
  title: string
}

/** Several of what the catalogue (or the week) has: each is on or off. */
function Chips({ pointer, value, source, among, title }: ChipsProps) {
  const { edit, root, catalogue, language } = useEditing()
  const say = useSay()
  const chosen = (Array.isArray(value) ? value : []).map(textOf)
  const named = (key: string): Choice => ({ key, label: nameOf(root, catalogue, source, key, language, among) })
  const known = source === 'weekdays'
    ? (weekdays(root).enum ?? []).map(String).map(named)
    : choicesOf(catalogue, source, language, say, among, chosen)
  const offered = [...known, ...chosen.filter((key) => !known.some((one) => one.key === key)).map(named)]
  return (
    <span className="re-chips" role="group" aria-label={title}>
      {offered.map(({ key, label }) => (
        <button key={key} type="button" className="re-chip" aria-pressed={chosen.includes(key)}
          onClick={() => edit(pointer, chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key])}>
          {label}
        </button>))}
    </span>
  )
}
