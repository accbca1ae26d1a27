import { choicesOf, isOptional, labelOf, type Json, type Schema } from '../../core/schema'
import { idOf, useEditing } from '../context'
import { useProblem } from './problem'

interface ChoiceProps {
  pointer: string
  schema: Schema
  value: Json | undefined
  title: string
  /** Only these of the schema's choices, where another field rules some out. */
  only?: readonly string[]
  onChange?: (value: string) => void
}

/** A choice that goes on with a sentence begins with what divides it from the words before; alone it doesn't. */
const standing = (label: string): string => label.replace(/^[;；,，]\s*/, '')

export function ChoiceInput({ pointer, schema, value, title, only, onChange }: ChoiceProps) {
  const { edit, language } = useEditing()
  const problem = useProblem(pointer)
  const labels = choicesOf(schema, language)
  const chosen = String(value ?? schema.default ?? '')
  const unsaid = chosen === '' ? schema['x-unsaid'] : undefined
  const all = (schema.enum ?? []).map(String).filter((one) => one !== unsaid)
  const offered = only === undefined ? all : all.filter((one) => only.includes(one) || one === chosen)
  return (
    <select id={idOf(pointer)} className="re-input" aria-label={title} value={chosen} {...problem}
      onChange={(event) => (onChange ?? ((made: string) => edit(pointer, made)))(event.target.value)}>
      {!offered.includes(chosen) && <option value={chosen}>{chosen || (unsaid && labels[unsaid]) || '…'}</option>}
      {offered.map((one) => <option key={one} value={one}>{standing(labels[one] ?? one)}</option>)}
    </select>
  )
}

export function BooleanInput({ pointer, schema, value, title }: ChoiceProps) {
  const { edit, language } = useEditing()
  const problem = useProblem(pointer)
  const on = value === true
  return (
    <label className="re-check">
      <input id={idOf(pointer)} type="checkbox" checked={on} {...problem}
        onChange={(event) => edit(pointer, event.target.checked || !isOptional(schema) && schema.default !== false ? event.target.checked : undefined)} />
      {labelOf(schema['x-title'], language) || title}
    </label>
  )
}
