import { useId } from 'react'
import { Said } from '../../components/DayField'
import { momentText, toLocal } from '../../core/instant'
import { useEditing } from '../context'
import { useWords } from './words'

interface StartProps {
  /** The clock's reading that was chosen; empty for a time that isn't chosen yet, null for now. */
  at: string | null
  good: boolean
  /** The start that was approved, where it can't be changed any more; null for now. */
  approved?: { from: string | null }
  onChange: (at: string | null) => void
}

/** Whether a rule starts as soon as it is published, or later. */
export function Start({ at, good, approved, onChange }: StartProps) {
  const words = useWords()
  const { zone, language } = useEditing()
  const id = useId()
  if (approved !== undefined) return approved.from === null ? null : <p className="re-hint">{words.fixed(momentText(approved.from, language, zone))}</p>
  return (
    <fieldset>
      <legend>{words.start}</legend>
      <label className="re-check"><input type="radio" name="start" checked={at === null} onChange={() => onChange(null)} />{words.now}</label>
      <label className="re-check"><input type="radio" name="start" checked={at !== null} onChange={() => onChange('')} />{words.at}</label>
      {at !== null && (
        <div className="field">
          <input type="datetime-local" className="input" aria-label={words.start} value={at} min={toLocal(new Date().toISOString(), zone)?.slice(0, 16)}
            aria-invalid={(at !== '' && !good) || undefined} aria-describedby={`${id}-said ${id}-hint`} onChange={(event) => onChange(event.target.value)} />
          <Said id={`${id}-said`} value={at} />
          <span id={`${id}-hint`} className="field-hint">{good ? words.startHint(zone) : words.choose}</span>
        </div>)}
    </fieldset>
  )
}
