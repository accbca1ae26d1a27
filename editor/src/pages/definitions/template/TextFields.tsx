import { useId, useRef, type ChangeEvent } from 'react'
import { useLanguage } from '../../../core/language'
import { withPlace, fallbackOf, LANGUAGES, type Fault, type Field, type Spoken, type Texts, type Variable } from './api'
import { useTemplateWords } from './words'

interface TextFieldsProps {
  texts: Texts
  faults: readonly Fault[]
  variables: readonly Variable[]
  shown: Spoken
  onShow: (language: Spoken) => void
  onChange: (field: Field, language: Spoken, text: string) => void
}

const GROUPS = ['member', 'balance', 'coupon', 'event'] as const

/** The texts of a template in one language at a time, with what is wrong beside each, and values to put in. */
export function TextFields({ texts, faults, variables, shown, onShow, onChange }: TextFieldsProps) {
  const words = useTemplateWords()
  const last = useRef<Field | null>(null)
  const whole = useRef<HTMLDivElement>(null)
  const fallback = fallbackOf(shown, texts.body)
  const state = (language: Spoken): string => {
    if (faults.some((one) => one.path.endsWith(`/${language}`))) return ` – ${words.faulty}`
    return (texts.body[language] ?? '').trim() === '' ? ` – ${words.notWritten}` : ''
  }
  const insert = (name: string): void => {
    const field = last.current ?? 'body'
    const input = whole.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[data-field="${field}"]`)
    const before = texts[field][shown] ?? ''
    // A field that lost the focus keeps its caret; one that never had it gets the value at its end.
    const made = withPlace(before, last.current === null ? before.length : input?.selectionStart ?? before.length, name)
    onChange(field, shown, made.text)
    requestAnimationFrame(() => {
      input?.focus()
      input?.setSelectionRange(made.caret, made.caret)
    })
  }
  const own = (field: Field) => ({
    field, lang: shown, text: texts[field][shown] ?? '',
    faults: faults.filter((one) => one.path === `/${field}/${shown}`),
    onChange: (text: string) => onChange(field, shown, text),
    onFocus: () => {
      last.current = field
    },
  })
  return (
    <fieldset className="form-wide stack">
      <legend className="field-label">{words.texts}</legend>
      <div className="segments tp-languages" role="group" aria-label={words.texts}>
        {LANGUAGES.map((one) => (
          <button key={one} type="button" aria-pressed={one === shown} onClick={() => onShow(one)}>
            <span lang={one}>{words.languages[one]}</span>{state(one)}
          </button>
        ))}
      </div>
      <div ref={whole} className="stack">
        <Text {...own('subject')} label={words.subject} />
        <Text {...own('body')} label={words.body} rows={4} hint={fallback && !texts.body[shown] ? words.fallback(words.languages[fallback]) : undefined} />
        <Text {...own('html')} label={words.html} rows={2} hint={words.htmlHint} />
      </div>
      <Insert variables={variables} onInsert={insert} />
    </fieldset>
  )
}

function Text({ field, lang, text, faults, onChange, onFocus, label, hint, rows }: {
  field: Field
  lang: Spoken
  text: string
  faults: readonly Fault[]
  onChange: (text: string) => void
  onFocus: () => void
  label: string
  hint?: string
  rows?: number
}) {
  const id = useId()
  const { pick } = useLanguage()
  const shared = {
    id, lang, value: text, 'data-field': field, 'aria-invalid': faults.length > 0 || undefined,
    'aria-describedby': faults.length > 0 || hint ? `${id}-note` : undefined,
    onFocus,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows === undefined ? <input type="text" className="input" {...shared} /> : <textarea className="textarea" rows={rows} {...shared} />}
      <div id={`${id}-note`}>
        {faults.map((one, at) => <p key={at} className="tp-fault">{pick(one.text)}</p>)}
        {faults.length === 0 && hint && <span className="field-hint">{hint}</span>}
      </div>
    </div>
  )
}

/** Values to choose by the names that people know. */
function Insert({ variables, onInsert }: { variables: readonly Variable[]; onInsert: (name: string) => void }) {
  const id = useId()
  const words = useTemplateWords()
  const { pick } = useLanguage()
  const groupOf = (name: string) => GROUPS.find((one) => name.startsWith(`${one}.`)) ?? 'other'
  return (
    <div className="field">
      <label htmlFor={id}>{words.insert}</label>
      <select id={id} className="select" value="" aria-describedby={`${id}-hint`} onChange={(event) => onInsert(event.target.value)}>
        <option value="" disabled>{words.choose}</option>
        {(['member', 'balance', 'coupon', 'event', 'other'] as const).map((group) => (
          <optgroup key={group} label={words.groups[group]}>
            {variables.filter((one) => groupOf(one.name) === group).map((one) => (
              <option key={one.name} value={one.name}>{pick(one.label)} ({one.name})</option>
            ))}
          </optgroup>))}
      </select>
      <span id={`${id}-hint`} className="field-hint">{words.insertHint}</span>
    </div>
  )
}
