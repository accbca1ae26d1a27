import { blankField, field, labelOf, withoutNull, type Json, type JsonObject, type Schema } from '../../core/schema'
import { amongOf, NARROWING } from '../../core/sentence'
import { fieldsOf, retold } from '../../core/template'
import { useEditing } from '../context'
import { BooleanInput, ChoiceInput } from '../inputs/ChoiceInput'
import { DurationInput } from '../inputs/DurationInput'
import { InstantInput } from '../inputs/InstantInput'
import { KeyInput } from '../inputs/KeyInput'
import { TextInput, WholeNumberInput } from '../inputs/TextInput'
import { WordingInput } from '../inputs/WordingInput'
import { fitted, operandOf, operatorsFor, readType, ValueInput } from '../inputs/ValueInput'
import { Items } from './Items'
import { Sentence } from './Sentence'
import { refitted } from './starting'

interface FieldInputProps {
  /** Pointer of the part, not of the field. */
  pointer: string
  part: JsonObject
  schema: Schema
  name: string
}

/** The input that suits a field, by what its schema says of it. */
export function FieldInput({ pointer, part, schema, name }: FieldInputProps) {
  const { root, language, edit, catalogue } = useEditing()
  const own = field(schema, name)
  const open = withoutNull(own, root)
  const title = labelOf(own['x-title'] ?? open['x-title'], language) || name
  const at = `${pointer}/${name}`
  const value = part[name]

  /** Change a field that others depend on: which operators there are, and what value suits them. */
  const depended = (made: JsonObject): void => {
    let next = refitted(made, part, schema, catalogue)
    if (name === schema['x-sentence-by']) next = completed(retold(next, schema), schema, root)
    if (field(schema, 'op')['x-operators'] !== undefined) {
      const type = readType(next, schema, catalogue)
      const offered = operatorsFor(type, schema)
      const op = offered.includes(String(next['op'])) ? next['op'] : offered[0]
      const suits = type === readType(part, schema, catalogue) ? next['value'] : undefined
      const { value: _, ...kept } = next
      const rest: JsonObject = { ...kept, op: op ?? null }
      const fit = fitted(suits, operandOf(rest, schema), type)
      next = fit === undefined ? rest : { ...rest, value: fit }
    }
    edit(pointer, next)
  }

  if (open['x-widget'] === 'value') return <ValueInput pointer={at} part={part} schema={schema} title={title} />
  if (open['x-units'] !== undefined) return <DurationInput pointer={at} schema={open} value={value} title={title} />
  if (open.enum !== undefined) {
    const only = open['x-operators'] === undefined ? undefined : operatorsFor(readType(part, schema, catalogue), schema)
    const depends = open['x-operators'] !== undefined || name === schema['x-sentence-by'] || NARROWING.has(name)
    return <ChoiceInput pointer={at} schema={open} value={value} title={title} only={only}
      onChange={depends ? (made) => depended({ ...part, [name]: made }) : undefined} />
  }
  if (open.type === 'boolean') return <BooleanInput pointer={at} schema={own} value={value} title={title} />
  if (open['x-source'] !== undefined) {
    // `^event\.` in a pattern: only facts of the event can be counted with. `^(event|member)\.`: those of either.
    const prefixes = /^\^\(?([a-z|]+)\)?\\\./.exec(open.pattern ?? '')?.[1]?.split('|').map((prefix) => `${prefix}.`)
    const depends = name === 'fact' || NARROWING.has(name)
    return <KeyInput pointer={at} source={open['x-source']} value={value} title={title} prefixes={prefixes}
      among={amongOf(open['x-source'], part)} onChange={depends ? (made) => depended({ ...part, [name]: made }) : undefined} />
  }
  if (open['x-widget'] === 'wording') return <WordingInput pointer={at} value={value} title={title} />
  if (open['x-widget'] === 'instant') return <InstantInput pointer={at} value={value} title={title} />
  if (open['x-widget'] === 'time') return <TextInput pointer={at} value={value} title={title} placeholder="09:00" size={5} />
  if (open.type === 'integer') return <WholeNumberInput pointer={at} value={value} title={title} />
  if (open.type === 'array') return <Items pointer={at} value={value} schema={open} title={title} />
  if (open.properties !== undefined) return <Sentence pointer={at} part={asObject(value)} schema={open} inner />
  return <TextInput pointer={at} value={value} title={title} placeholder={title} size={open['x-widget'] === 'decimal' ? 6 : 12} />
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

/** Fill what the new sentence must say and that has an obvious beginning: a choice or a number. */
function completed(part: JsonObject, schema: Schema, root: Schema): JsonObject {
  const made = { ...part }
  for (const name of fieldsOf(part, schema)) {
    const own = field(schema, name)
    const open = withoutNull(own, root)
    const said = schema['x-sentences']?.[String(part[schema['x-sentence-by'] ?? ''])]?.['en'] ?? ''
    const required = said.replace(/\[[^\]]*\]/g, '').includes(`{${name}}`)
    const obvious = open.enum !== undefined || open.type === 'integer'
    if (required && obvious && made[name] === undefined && own.default === null) made[name] = blankField(own, root)
  }
  return made
}
