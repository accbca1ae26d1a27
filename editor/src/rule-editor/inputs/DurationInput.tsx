import { saidIn } from '../../core/language'
import { labelOf, type Json, type Schema } from '../../core/schema'
import { durationOf } from '../../core/sentence'
import { idOf, useDiagnostics, useEditing } from '../context'
import { useSay } from '../messages'
import { useProblem } from './problem'
import { textOf, wholeNumber } from './TextInput'

interface DurationProps {
  pointer: string
  schema: Schema
  value: Json | undefined
  title: string
}

export function DurationInput({ pointer, schema, value, title }: DurationProps) {
  const { edit, language } = useEditing()
  const say = useSay()
  const { unit, amount } = durationOf(value) ?? { unit: 'days', amount: '' }
  const whole = useProblem(pointer)
  const inner = useProblem(`${pointer}/${unit}`)
  const onUnit = useDiagnostics().some((one) => one.path === `${pointer}/${unit}`)
  const problem = onUnit ? inner : whole
  const units = schema['x-units'] ?? {}
  return (
    <span className="re-pair">
      <input id={idOf(pointer)} className="re-input re-number" type="text" inputMode="numeric" size={4} autoComplete="off"
        aria-label={say('amount', { title })} value={textOf(amount)} {...problem}
        onChange={(event) => edit(pointer, { [unit]: wholeNumber(event.target.value) })} />
      <select className="re-input" aria-label={say('unit', { title })} value={unit}
        onChange={(event) => edit(pointer, { [event.target.value]: amount })}>
        {Object.entries(units).map(([name, words]) => {
          const [one, many] = saidIn(words, language) ?? words['en'] ?? [name, name]
          return <option key={name} value={name}>{amount === 1 ? one : many}</option>
        })}
        {units[unit] === undefined && <option value={unit}>{labelOf({ en: unit }, language)}</option>}
      </select>
    </span>
  )
}
