import { clockText } from '../core/instant'
import { useLanguage } from '../core/language'

interface DayProps {
  id: string
  label: string
  value: string
  min?: string
  max?: string
  onChange: (value: string) => void
}

/** A day to choose. The browser writes it in its own way; below it stands in the page's language. */
export function DayField({ id, label, value, onChange, ...bounds }: DayProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" className="input" value={value} {...bounds} aria-describedby={`${id}-said`} onChange={(event) => onChange(event.target.value)} />
      <Said id={`${id}-said`} value={value} />
    </div>
  )
}

/** What was chosen, in the page's language. */
export function Said({ id, value }: { id: string; value: string }) {
  const { language } = useLanguage()
  return <span id={id} className="field-hint">{clockText(value, language)}</span>
}
