import { useId, type ReactNode } from 'react'
import { Said } from '../../components/DayField'

interface Shared {
  label: string
  hint?: string
  wide?: boolean
}

function Field({ id, label, hint, wide, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className={wide ? 'field form-wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && <span id={`${id}-hint`} className="field-hint">{hint}</span>}
    </div>
  )
}

const described = (id: string, hint: string | undefined, type: string): string | undefined =>
  [hint && `${id}-hint`, type === 'datetime-local' && `${id}-said`].filter(Boolean).join(' ') || undefined

export function TextField({ value, onChange, required, disabled, type = 'text', pattern, list, ...shared }: Shared & {
  value: string
  onChange: (value: string) => void
  required?: boolean
  disabled?: boolean
  type?: 'text' | 'number' | 'url' | 'date' | 'datetime-local'
  pattern?: string
  /** Id of the list of what is offered. */
  list?: string
}) {
  const id = useId()
  return (
    <Field id={id} {...shared}>
      <input
        id={id} className="input" type={type} pattern={pattern} list={list} value={value} required={required} disabled={disabled}
        min={type === 'number' ? 1 : undefined}
        aria-describedby={described(id, shared.hint, type)}
        onChange={(event) => onChange(event.target.value)}
      />
      {type === 'datetime-local' && <Said id={`${id}-said`} value={value} />}
    </Field>
  )
}

export function LongField({ value, onChange, required, lang, ...shared }: Shared & {
  value: string
  onChange: (value: string) => void
  required?: boolean
  lang?: string
}) {
  const id = useId()
  return (
    <Field id={id} {...shared} wide>
      <textarea
        id={id} className="textarea" lang={lang} value={value} required={required}
        aria-describedby={shared.hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}

export function ChoiceField<Choice extends string>({ value, onChange, choices, ...shared }: Shared & {
  value: Choice
  onChange: (value: Choice) => void
  choices: Partial<Record<Choice, string>>
}) {
  const id = useId()
  return (
    <Field id={id} {...shared}>
      <select id={id} className="select" value={value} onChange={(event) => onChange(event.target.value as Choice)}>
        {(Object.entries(choices) as [Choice, string][]).map(([choice, name]) => <option key={choice} value={choice}>{name}</option>)}
      </select>
    </Field>
  )
}

export function CheckField({ value, onChange, label }: { value: boolean; onChange: (value: boolean) => void; label: string }) {
  return (
    <label className="check form-wide">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}
